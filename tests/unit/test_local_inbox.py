"""The page's files as the local service serves them, and when it builds them."""

import gzip
import os
from pathlib import Path
from typing import Final

import pytest

from local import inbox_build
from local.http_messages import Answer, Request
from local.inbox_build import built_inbox
from local.inbox_files import POLICY, InboxFiles
from local.settings import REPOSITORY, LocalSettings

URL: Final = "http://127.0.0.1:3008"
INDEX: Final = "<!doctype html><title>inbox</title>"


@pytest.fixture
def files(tmp_path: Path) -> InboxFiles:
    """A page of some files, beside something that is nobody's business."""
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(INDEX, encoding="utf-8")
    (built / "assets" / "a-1f.js").write_text("let a = 1;" * 100, encoding="utf-8")
    (built / "docs").mkdir()
    (built / "docs" / "index.html").write_text("the API", encoding="utf-8")
    (built / "assets" / "worker.mjs").write_text("let b", encoding="utf-8")
    (built / "assets" / "a.woff2").write_bytes(b"font")
    for name in ("brand.css", "icon.svg"):
        (built / name).write_text("ours", encoding="utf-8")
    (built / "link.txt").symlink_to(tmp_path / "secret.txt")
    return InboxFiles(built, URL, "")


def ask(files: InboxFiles, path: str, method: str = "GET", **headers: str) -> Answer | None:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return files.answer(Request(method, path, headers=(("host", "127.0.0.1:3008"), *named)))


def got(files: InboxFiles, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    answer = ask(files, path, **headers)
    assert answer is not None
    return answer.status, dict(answer.headers), answer.body


@pytest.mark.parametrize(
    "path", ["/inbox/", "/inbox/tasks/t1", "/inbox/index.html", "/inbox/a.b/c"]
)
def test_every_path_of_the_page_is_its_index(files: InboxFiles, path: str) -> None:
    status, headers, body = got(files, path)

    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert headers["cache-control"] == "no-cache"
    assert body == INDEX.encode()


def test_whatever_is_served_may_load_nothing_from_elsewhere(files: InboxFiles) -> None:
    for path in ("/inbox/", "/inbox/assets/a-1f.js", "/inbox/assets/a.woff2"):
        _, headers, _ = got(files, path)
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


def test_brand_and_icon_are_shown_at_once_and_asked_for_again(files: InboxFiles) -> None:
    for path in ("/inbox/brand.css", "/inbox/icon.svg"):
        kept = got(files, path)[1]["cache-control"]
        assert kept == "public, max-age=0, stale-while-revalidate=604800"


def test_what_has_a_hash_in_its_name_is_kept(files: InboxFiles) -> None:
    status, headers, _ = got(files, "/inbox/assets/a-1f.js")

    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got(files, "/inbox/assets/a.woff2")[1]["content-type"] == "font/woff2"
    worker = got(files, "/inbox/assets/worker.mjs")[1]["content-type"]
    assert worker == "text/javascript; charset=utf-8"


def test_text_is_sent_packed_to_those_who_take_it(files: InboxFiles) -> None:
    _, plain_headers, plain = got(files, "/inbox/assets/a-1f.js")
    _, headers, packed = got(files, "/inbox/assets/a-1f.js", accept_encoding="br, gzip")
    _, font, _ = got(files, "/inbox/assets/a.woff2", accept_encoding="gzip")

    assert (headers["content-encoding"], gzip.decompress(packed)) == ("gzip", plain)
    assert headers["vary"] == plain_headers["vary"] == "accept-encoding"
    assert "content-encoding" not in {**plain_headers, **font}


def test_what_the_browser_has_is_not_sent_again(files: InboxFiles) -> None:
    _, headers, _ = got(files, "/inbox/")

    assert got(files, "/inbox/", if_none_match=headers["etag"])[::2] == (304, b"")
    assert got(files, "/inbox/", if_none_match='"other"')[0] == 200


def test_a_page_that_was_built_again_is_served_as_it_is_now(
    files: InboxFiles, tmp_path: Path
) -> None:
    before = got(files, "/inbox/")[1]["etag"]
    index = tmp_path / "dist" / "index.html"
    index.write_text("new", encoding="utf-8")
    os.utime(index, (1, 1))

    assert got(files, "/inbox/")[2] == b"new"
    assert got(files, "/inbox/")[1]["etag"] != before


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/missing.js",
        "/inbox/../secret.txt",
        "/inbox/%2e%2e/secret.txt",
        "/inbox/assets/..%2f..%2fsecret.txt",
        "/inbox/link.txt",
        "/inbox//etc/host.conf",
        "/inbox/%00.js",
    ],
)
def test_nothing_else_is_served(files: InboxFiles, path: str) -> None:
    assert got(files, path)[0] == 404


def test_a_browser_is_led_to_the_page_and_a_program_is_not(files: InboxFiles) -> None:
    status, headers, _ = got(files, "/", accept="text/html,*/*")

    assert (status, headers["location"]) == (302, "/inbox/")
    assert got(files, "/inbox")[1]["location"] == "/inbox/"
    assert ask(files, "/", accept="application/json") is None
    assert ask(files, "/") is None


def test_the_page_is_below_the_context_path_where_it_finds_the_api(
    files: InboxFiles, tmp_path: Path
) -> None:
    below = InboxFiles(tmp_path / "dist", URL, "/engine-rest")

    for path in ("/", "/inbox/", "/inbox", "/engine-rest/inbox"):
        assert got(below, path, accept="text/html")[1]["location"] == "/engine-rest/inbox/", path
    back = below.answer(Request("GET", "/inbox/", "code=a&state=b"))
    assert back is not None
    assert dict(back.headers)["location"] == "/engine-rest/inbox/?code=a&state=b"
    assert got(below, "/engine-rest/inbox/")[2] == INDEX.encode()
    assert got(below, "/inbox/assets/a-1f.js")[0] == 200
    assert ask(below, "/engine-rest/task") is None
    assert ask(files, "/engine-rest/inbox/") is None


def test_the_api_to_try_has_a_page_of_its_own(files: InboxFiles, tmp_path: Path) -> None:
    below = InboxFiles(tmp_path / "dist", URL, "/engine-rest")

    assert got(files, "/inbox/docs/")[2] == got(files, "/inbox/docs/index.html")[2] == b"the API"
    assert got(files, "/inbox/docs")[1]["location"] == "/inbox/docs/"
    assert got(files, "/docs", accept="text/html")[1]["location"] == "/inbox/docs/"
    assert ask(files, "/docs", accept="application/json") is None
    assert got(files, "/inbox/docs/more")[2] == INDEX.encode()
    assert got(below, "/engine-rest/inbox/docs/")[2] == b"the API"
    assert got(below, "/engine-rest/inbox/docs")[1]["location"] == "/engine-rest/inbox/docs/"
    assert got(below, "/docs", accept="text/html")[1]["location"] == "/engine-rest/inbox/docs/"


def test_requests_to_the_api_are_left_to_it(files: InboxFiles) -> None:
    for path in ("/task", "/v1/auth", "/inboxes", "/engine-rest/task"):
        assert ask(files, path, accept="text/html") is None
    assert ask(files, "/inbox/", method="POST") is None


def test_under_another_name_the_page_is_sent_to_the_one_it_may_call(files: InboxFiles) -> None:
    request = Request("GET", "/inbox/tasks", "a=b", (("host", "localhost:3008"),))
    answer = files.answer(request)

    assert answer is not None
    assert dict(answer.headers)["location"] == f"{URL}/inbox/tasks?a=b"


class TestBuilding:
    """With a program in place of npm that writes down how it was called."""

    @pytest.fixture
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        project = tmp_path / "inbox"
        (project / "src").mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "src/main.ts"):
            (project / name).write_text("{}", encoding="utf-8")
        monkeypatch.setattr(inbox_build, "_DESCRIPTION", project / "package.json")
        return project

    def npm(self, project: Path, monkeypatch: pytest.MonkeyPatch, build: str) -> Path:
        """The folder of a program named npm, whose `run build` is this."""
        folder = project.parent / "bin"
        folder.mkdir()
        program = folder / "npm"
        program.write_text(
            "#!/bin/sh\n"
            'echo "$*" >>../calls\n'
            'if [ "$1" = ci ]; then mkdir -p node_modules; touch node_modules/.package-lock.json\n'
            f"else {build}\nfi\n",
            encoding="utf-8",
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return folder

    def calls(self, project: Path) -> list[str]:
        calls = project.parent / "calls"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []

    def test_it_is_built_once_and_again_when_a_source_is_newer(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.npm(project, monkeypatch, "mkdir -p dist; touch dist/index.html")
        install = "ci --ignore-scripts --no-audit --no-fund --loglevel=error"

        assert built_inbox(project) == built_inbox(project) == project / "dist"
        assert self.calls(project) == [install, "run build"]
        os.utime(project / "dist" / "index.html", (1, 1))
        assert built_inbox(project) == project / "dist"
        assert self.calls(project) == [install, "run build", "run build"]
        os.utime(project / "node_modules" / ".package-lock.json", (1, 1))
        os.utime(project / "dist" / "index.html", (1, 1))
        built_inbox(project)
        assert self.calls(project)[3:] == [install, "run build"]

    def test_without_npm_a_line_says_that_the_api_runs_alone(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PATH", str(project))

        assert built_inbox(project) is None
        assert capsys.readouterr().out == (
            "there is no npm to build the inbox with: the API runs alone\n"
        )

    def test_a_build_that_fails_says_why_and_leaves_the_last_one(
        self, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.npm(project, monkeypatch, "echo a; echo main.ts: no such type; exit 2")

        assert built_inbox(project) is None
        why = "the inbox cannot be built (npm run: main.ts: no such type)"
        assert capsys.readouterr().out.splitlines()[-1] == f"{why}: the API runs alone"
        (project / "dist").mkdir()
        (project / "dist" / "index.html").touch()
        os.utime(project / "dist" / "index.html", (1, 1))
        assert built_inbox(project) == project / "dist"
        said = capsys.readouterr().out.splitlines()[-1]
        assert said == f"{why}: the API runs with the inbox of before"

    def test_where_there_is_no_page_nothing_is_said(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert built_inbox(tmp_path / "inbox") is None
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("environ", "project"),
    [
        ({}, REPOSITORY / "inbox"),
        ({"INBOX": "/srv/page"}, Path("/srv/page")),
        ({"INBOX": "0"}, None),
        ({"INBOX": ""}, None),
    ],
)
def test_a_variable_names_the_page(environ: dict[str, str], project: Path | None) -> None:
    assert LocalSettings.of(environ).inbox == project
