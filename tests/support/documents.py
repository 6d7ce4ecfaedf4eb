"""Tables of the documents, for tests that hold them to what is so."""

from pathlib import Path


def table_of(page: Path, start: str, end: str) -> list[list[str]]:
    """The cells of the rows of a Markdown table between two texts of the page, without its head."""
    part = page.read_text(encoding="utf-8").partition(start)[2].partition(end)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
