"""Sections of a page that different benchmarks write, each between marks of its own."""

import re
from pathlib import Path


def write_section(page: Path, name: str, text: str) -> None:
    """Put the text into the page's section of that name, at the end when it has none yet."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    content = page.read_text(encoding="utf-8")
    section = f"{start}\n\n{text}\n\n{end}"
    found = re.compile(f"{start}.*{end}", re.DOTALL)
    if found.search(content):
        content = found.sub(lambda _: section, content)
    else:
        content = f"{content.rstrip()}\n\n{section}\n"
    page.write_text(content, encoding="utf-8")


def sections_of(page: Path) -> str:
    """All sections with marks, for whoever writes the rest of the page anew."""
    content = page.read_text(encoding="utf-8") if page.exists() else ""
    whole = re.finditer(r"<!-- (\w+) -->\n.*?<!-- /\1 -->", content, re.DOTALL)
    return "".join(f"\n{each[0]}\n" for each in whole)
