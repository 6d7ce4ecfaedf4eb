"""`make deploy`: the passes, what SAM is given, and what is in the bucket afterwards."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from deployment.__main__ import _escaped
from deployment.passes import NOT_KNOWN_YET, CannotDeploy, deploy
from deployment.stages import Stage, stage_in
from deployment.upload import upload
from local.settings import REPOSITORY
from tests.house_rules.deployment.test_parameters import refusals
from tests.support.object_stores import a_bucket, s3_client

URL: Final = "https://d111111abcdef8.cloudfront.net/inbox/"


class Cloud:
    """A stack whose outputs depend on what it was deployed with, as the template's do."""

    def __init__(self) -> None:
        self.passes: list[Mapping[str, str]] = []
        self.uploads: list[tuple[Path, str]] = []

    def outputs(self) -> Mapping[str, str]:
        if not self.passes:
            return {}
        if self.passes[-1].get("WithInbox") != "true":
            return {"ApiUrl": "https://api"}
        return {"ApiUrl": "https://api", "InboxUrl": URL, "InboxBucketName": "bucket"}

    def deploy(self, page: Path | None = Path("dist"), **parameters: str) -> Mapping[str, str]:
        return deploy(
            Stage("dev", "taskdock-dev", {"Stage": "dev", **parameters}),
            page,
            deploy_stack=self.passes.append,
            outputs_of=self.outputs,
            upload=lambda page, bucket: self.uploads.append((page, bucket)),
        )


def test_a_stage_without_the_inbox_is_deployed_once() -> None:
    cloud = Cloud()

    assert cloud.deploy(page=None) == {"ApiUrl": "https://api"}
    assert (cloud.passes, cloud.uploads) == ([{"Stage": "dev"}], [])


def test_an_inbox_is_deployed_again_with_its_address_and_then_once() -> None:
    cloud = Cloud()

    assert cloud.deploy(WithInbox="true")["InboxUrl"] == URL
    assert [each["InboxUrl"] for each in cloud.passes] == [NOT_KNOWN_YET, URL]
    cloud.deploy(WithInbox="true")
    assert [each["InboxUrl"] for each in cloud.passes[2:]] == [URL]
    assert cloud.uploads == [(Path("dist"), "bucket")] * 2
    assert {each["Stage"] for each in cloud.passes} == {"dev"}


def test_an_address_of_ones_own_is_taken_as_it_is() -> None:
    cloud = Cloud()
    own = "https://tasks.example/inbox/"

    cloud.deploy(WithInbox="true", InboxUrl=own)

    assert [each["InboxUrl"] for each in cloud.passes] == [own]


def test_nothing_is_deployed_without_the_page_that_belongs_to_it() -> None:
    cloud = Cloud()

    with pytest.raises(CannotDeploy, match="not built"):
        cloud.deploy(page=None, WithInbox="true")
    assert cloud.passes == []


def test_the_template_takes_what_every_pass_gives() -> None:
    for url in (NOT_KNOWN_YET, URL):
        assert refusals({"LocalSignIn": "false", "WithInbox": "true", "InboxUrl": url}) == []


def test_the_stages_are_those_of_the_settings() -> None:
    dev = stage_in(REPOSITORY / "samconfig.toml", "dev")

    assert (dev.name, dev.stack, dev.parameters["Stage"]) == ("dev", "taskdock-dev", "dev")
    with pytest.raises(CannotDeploy, match="has no stage 'other'; it has dev, prod"):
        stage_in(REPOSITORY / "samconfig.toml", "other")


def test_a_value_stays_one_value_on_sams_command_line() -> None:
    assert _escaped('a "b" \\ c') == 'a \\"b\\" \\\\ c'


def test_the_files_are_kept_by_browsers_for_as_long_as_they_may_be(
    moto_endpoint: str, tmp_path: Path
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("page", encoding="utf-8")
    (tmp_path / "assets" / "a-1f.js").write_text("code", encoding="utf-8")
    s3: Any = s3_client(moto_endpoint)
    bucket = a_bucket(s3)
    put: list[str] = []
    s3.meta.events.register(
        "before-parameter-build.s3.PutObject", lambda params, **_: put.append(params["Key"])
    )

    upload(s3, tmp_path, bucket)

    assert put == ["inbox/assets/a-1f.js", "inbox/index.html"]
    found = {key: s3.get_object(Bucket=bucket, Key=key) for key in put}
    shown = {
        key: (each["Body"].read(), each["ContentType"], each["CacheControl"])
        for key, each in found.items()
    }
    assert shown == {
        "inbox/index.html": (b"page", "text/html; charset=utf-8", "no-cache"),
        "inbox/assets/a-1f.js": (
            b"code",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
    }
