"""Links, citations and numbers of decisions lead to something that exists."""

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
    """The files that may cite a document."""
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


def words(path: Path) -> str:
    """A file's text in one line, without the marks of comments: citations run over lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return " ".join(" ".join(line.strip().removeprefix("# ") for line in lines).split())


def citable(path: Path) -> list[str]:
    """What a document has to be cited: its headings, and the rows of the differences.

    The longest come first, so that "Variable sorts" is not taken for "Variable".
    """
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"^#+ (.+)$|^\| (D\d+) \|", text, re.MULTILINE)
    return sorted((heading or row for heading, row in found), key=len, reverse=True)


def uncited(text: str, place: re.Match[str]) -> str | None:
    """The citation at `place` where it names a document or a heading that does not exist."""
    document = REPOSITORY / place[1]
    if not document.exists():
        return place[0]
    rest = text[place.end() :]
    separator = re.match(r", (?=[A-Z])", rest)
    while separator:
        rest = rest[separator.end() :]
        cited = next((each for each in citable(document) if starts_with(rest, each)), None)
        if cited is None:
            return f"{place[0]}, {rest[:40]}"
        rest = rest[len(cited) :]
        separator = re.match(r"(?:, | and | to )(?=[A-Z])", rest)
    return None


def starts_with(text: str, words: str) -> bool:
    """Whether the text starts with these whole words."""
    return re.match(rf"{re.escape(words)}(?!\w)", text) is not None


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("(docs/api.md, D7)", False),
        ("as docs/api.md, D9 to D11, say", False),
        ("docs/camunda-behaviour.md, JSON bodies, Query strings).", False),
        ("docs/camunda-behaviour.md lists them.", False),
        ("(docs/api.md, D99)", True),
        ("(docs/api.md, D7, D99)", True),
        ("(docs/camunda-behaviour.md, Sort)", True),
        ("(docs/camunda-behaviour.md, Sorting, Nonsense)", True),
        ("(docs/nothing.md)", True),
    ],
)
def test_a_wrong_citation_is_found(text: str, is_wrong: bool) -> None:
    place = re.search(CITATION, text)

    assert place
    assert (uncited(text, place) is not None) is is_wrong


CITATION = r"(?<![\w/])((?:docs|local)/[\w/-]+\.md)"


@pytest.mark.parametrize(
    "path", sorted(sources()), ids=lambda path: path.relative_to(REPOSITORY).as_posix()
)
def test_citations_name_documents_and_headings_that_exist(path: Path) -> None:
    if path == Path(__file__):
        return  # Its examples are wrong on purpose.
    text = words(path)

    assert [wrong for each in re.finditer(CITATION, text) if (wrong := uncited(text, each))] == []
    assert "\N{SECTION SIGN}" not in text, "cite a heading, or write section"
    assert not re.search(r"\b[Tt]he reference\b(?! to\b)", text), "write Camunda 7"
