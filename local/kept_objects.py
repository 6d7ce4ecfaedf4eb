"""Keeps the objects of a bucket in a folder: moto forgets them when its process ends."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from local.whole_files import UNFINISHED, write_whole

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""An application as WSGI (PEP 3333) has it."""

_CHANGING: Final = frozenset({"PUT", "DELETE"})


class KeptObjects:
    """Copies what is put into buckets to files, and back at the next start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._s3: Any = None

    def around(self, application: Application) -> Application:
        """The application, whose answers to changes come when the file is written."""

        def kept(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            answer = list(application(environ, start_response))
            bucket, _, key = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
            if environ["REQUEST_METHOD"] in _CHANGING and self._s3 is not None and key:
                self._keep(bucket, key)
            return answer

        return kept

    def restore(self, s3: Any, buckets: Iterable[str]) -> None:
        """Put the kept objects into these buckets, and keep what is put there from now on."""
        for bucket in buckets:
            folder = self._folder / bucket
            folder.mkdir(parents=True, exist_ok=True)
            for file in _files(folder):
                s3.put_object(Bucket=bucket, Key=unquote(file.name), Body=file.read_bytes())
        self._s3 = s3

    def _keep(self, bucket: str, key: str) -> None:
        if not (self._folder / bucket).is_dir():
            return  # another service's path, which looks like a bucket's
        file = self._folder / bucket / quote(key, safe="")
        try:
            content = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            file.unlink(missing_ok=True)
            return
        write_whole(file, content)


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.iterdir()):
        if file.name.endswith(UNFINISHED):
            file.unlink()  # a write that a kill interrupted, and whose answer nobody got
        else:
            yield file
