"""The dashboard: no linter reads its body, so a broken one would deploy as an empty page."""

import json
import re
from typing import Any

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.query.planning import plan
from taskdock.runtime.explanations import measured
from taskdock.use_cases.query.query_tasks import QueryStatistics
from taskdock.use_cases.query.read_budget import ReadCost

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template

_REFERENCE = re.compile(r"\$\{([^}]+)\}")


def _template() -> Template:
    return load_with_every_part(REPOSITORY / "template.yaml")


def _body() -> tuple[str, dict[str, Any]]:
    [dashboard] = _template().resources("AWS::CloudWatch::Dashboard").values()
    written: Any = dashboard["DashboardBody"]
    text = next(iter(written.values())) if isinstance(written, dict) else str(written)
    return str(text), json.loads(_REFERENCE.sub("x", str(text)))


def test_the_dashboard_is_json_whose_widgets_do_not_overlap() -> None:
    _, body = _body()
    places = [(widget["x"], widget["y"]) for widget in body["widgets"]]
    assert len(set(places)) == len(places) >= 6
    assert all(widget["x"] + widget["width"] <= 24 for widget in body["widgets"])


def test_what_the_dashboard_names_is_in_the_template() -> None:
    text, _ = _body()
    named = {name for name in _REFERENCE.findall(text) if not name.startswith("AWS::")}
    assert named
    assert named <= set(_template().section("Resources"))


def test_the_metrics_of_queries_on_the_dashboard_are_those_that_queries_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured(QueryStatistics(plan(read_body({})), ReadCost(1, 1, 0.5), 1), 1, 2.0)
    logged = json.loads(capsys.readouterr().out)
    [directive] = logged["_aws"]["CloudWatchMetrics"]
    names = {metric["Name"] for metric in directive["Metrics"]}
    text, _ = _body()
    shown = re.findall(r'"taskdock", "(\w+)", "service", "taskdock"', text)
    assert set(shown) == names
    assert text.count('["taskdock", "') == len(shown)
    assert (directive["Namespace"], directive["Dimensions"]) == ("taskdock", [["service"]])
    assert logged["service"] == "taskdock"
