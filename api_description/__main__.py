"""`make docs`: write docs/api.md, docs/openapi.json and docs/schemas."""

from api_description.documents import documents
from local.settings import REPOSITORY


def main() -> None:
    """Write all files anew."""
    for path, text in documents(REPOSITORY).items():
        (REPOSITORY / path).parent.mkdir(exist_ok=True)
        (REPOSITORY / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
