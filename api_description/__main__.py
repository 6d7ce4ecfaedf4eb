"""`make docs`: write docs/api.md and docs/openapi.json."""

from api_description.documents import documents
from local.settings import REPOSITORY


def main() -> None:
    """Write both files anew."""
    for path, text in documents(REPOSITORY).items():
        (REPOSITORY / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
