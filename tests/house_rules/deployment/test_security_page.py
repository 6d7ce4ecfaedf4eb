"""docs/security.md says what is so: modules, tests, days."""

import re
from typing import Final

from local.settings import REPOSITORY
from local.template import Template
from tests.support.deployed_routes import deployed_routes
from tests.support.documents import table_of

PACKAGE: Final = REPOSITORY / "layers" / "taskdock" / "python" / "taskdock"
PAGE: Final = REPOSITORY / "docs" / "security.md"


def paths(cell: str) -> list[str]:
    """Files and folders that a cell names."""
    return [name for name in re.findall(r"`([^`]+)`", cell) if "/" in name or "." in name]


def test_every_threat_is_stopped_somewhere_and_shown_by_a_test() -> None:
    threats = table_of(PAGE, "## What is checked where", "Left to you")

    assert len(threats) >= 15
    for threat, _, where, shown in threats:
        assert paths(where), threat
        assert paths(shown), threat
        for name in paths(where):
            assert (PACKAGE / name).is_file() or (REPOSITORY / name).is_file(), name
        for name in paths(shown):
            assert name.startswith("tests/"), name
            assert (REPOSITORY / name).exists(), name


STRANGER: Final = table_of(PAGE, "<!-- stranger -->", "<!-- /stranger -->")


def test_the_page_has_every_kind_of_request_of_a_stranger() -> None:
    asked = {row[0].strip("`").split(" ")[0] for row in STRANGER}
    opened = {route.key for route in deployed_routes() if not route.secured}

    assert asked >= {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
    assert {row[0].strip("`") for row in STRANGER if row[1] == "200"} == opened


def test_what_remains_is_kept_as_long_as_the_template_says() -> None:
    template = Template.load(REPOSITORY / "template.yaml")
    kept = {row[1]: row[2] for row in table_of(PAGE, "## What remains", "To forget")}
    parameters = template.section("Parameters")
    bucket = template.resources("AWS::S3::Bucket")["AttachmentBucket"]
    [days] = {
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "NoncurrentVersionExpiration" in rule
    }
    [seconds] = {
        queue["MessageRetentionPeriod"]
        for name, queue in template.resources("AWS::SQS::Queue").items()
        if name.endswith("FailureQueue")
    }

    assert f"`EndedTaskDays` ({parameters['EndedTaskDays']['Default']})" in kept["the table"]
    assert f"`LogRetentionDays` ({parameters['LogRetentionDays']['Default']})" in kept["logs"]
    assert kept["old versions in the bucket"] == f"{days} days"
    assert kept["point-in-time recovery"] == f"{days} days"
    assert kept["failure queues"] == f"{seconds // 86400} days"


def test_there_is_a_place_for_the_figures_of_the_attack() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.search(r"## The attack, repeated\n\n<!-- attack -->\n.*<!-- /attack -->", text, re.S)
