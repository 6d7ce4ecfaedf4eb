"""Sections of a page that commands write, each between marks of its own."""

from pathlib import Path

from api_description.documents import MARKED, marked


def write_section(page: Path, name: str, text: str) -> None:
    """Put the text into the page's section of that name, at the end when it has none yet."""
    content = page.read_text(encoding="utf-8")
    section = marked(name, text)
    found = next((each for each in MARKED.finditer(content) if each[1] == name), None)
    if found is None:
        content = f"{content.rstrip()}\n\n{section}\n"
    else:
        content = f"{content[: found.start()]}{section}{content[found.end() :]}"
    page.write_text(content, encoding="utf-8")


def sections_of(page: Path) -> str:
    """All sections with marks, to be kept where the rest of the page is written anew."""
    content = page.read_text(encoding="utf-8") if page.exists() else ""
    return "".join(f"\n{each[0]}\n" for each in MARKED.finditer(content))
