"""What the documents and the code refer to is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.settings import REPOSITORY

DOCUMENTS = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for path in (
        *REPOSITORY.glob("*.md"),
        *(REPOSITORY / "docs").rglob("*.md"),
        REPOSITORY / "local" / "README.md",
    )
)


def headings(path: Path) -> set[str]:
    """The names by which a page's headings are linked to."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w-]", "", each.lower().replace(" ", "-")) for each in found}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_of_a_document_lead_somewhere(document: str) -> None:
    path = REPOSITORY / document
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https:"):
            continue
        file, _, heading = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), target
        assert not heading or heading in headings(linked), target


def sources() -> Iterator[Path]:
    """The files that may cite a decision."""
    for folder in ("functions", "layers", "local", "tests", "benchmarks", "api_description"):
        yield from (REPOSITORY / folder).rglob("*.py")
    yield from (REPOSITORY / "docs").rglob("*.md")
    yield REPOSITORY / "template.yaml"


def test_decisions_are_numbered_without_gaps_and_cited_by_numbers_that_exist() -> None:
    pages = sorted(path.stem for path in (REPOSITORY / "docs" / "decisions").glob("*.md"))
    numbers = [page[:4] for page in pages]
    cited = {
        number
        for path in sources()
        for number in re.findall(r"decisions?[/ ](\d{4})", path.read_text(encoding="utf-8"))
    }

    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert cited <= set(numbers)
