"""The page's files in its bucket."""

from pathlib import Path
from typing import Any, Final

from local.console import say
from local.inbox_files import cache_control, content_type

_FOLDER: Final = "inbox/"
"""What the keys in the bucket start with, as the paths do."""


def upload(s3: Any, page: Path, bucket: str) -> None:
    """Put every file of the page into the bucket, the assets first: a page that somebody opens
    meanwhile finds what it names. Assets of before stay for those who have an older page open.
    """
    files = sorted(path for path in page.rglob("*") if path.is_file())
    names = {path.relative_to(page).as_posix(): path for path in files}
    for name in sorted(names, key=lambda each: (not each.startswith("assets/"), each)):
        s3.put_object(
            Bucket=bucket,
            Key=f"{_FOLDER}{name}",
            Body=names[name].read_bytes(),
            ContentType=content_type(names[name]),
            CacheControl=cache_control(name),
        )
    say(f"{len(names)} files of the inbox are in {bucket}")
