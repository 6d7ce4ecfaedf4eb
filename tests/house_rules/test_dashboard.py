"""The dashboard: no linter reads its body, so a broken one would deploy as an empty page."""

import json
import re
from typing import Any

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.query.planning import plan
from taskdock.runtime.explanations import measured
from taskdock.use_cases.query.plan_search import QueryStatistics
from taskdock.use_cases.query.read_budget import ReadCost

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template

NAMESPACE = "taskdock/${Stage}/${AWS::StackName}"

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
    assert named <= {*_template().section("Resources"), *_template().section("Parameters")}


def test_the_metrics_of_queries_on_the_dashboard_are_those_that_queries_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured(QueryStatistics(plan(read_body({})), ReadCost(1, 1, 0.5), 1), 1, 2.0, NAMESPACE)
    logged = json.loads(capsys.readouterr().out)
    [directive] = logged["_aws"]["CloudWatchMetrics"]
    names = {metric["Name"] for metric in directive["Metrics"]}
    text, _ = _body()
    shown = re.findall(rf'"{re.escape(NAMESPACE)}", "(\w+)", "service", "taskdock"', text)
    assert set(shown) == names
    assert text.count('["taskdock') == len(shown)
    assert (directive["Namespace"], directive["Dimensions"]) == (NAMESPACE, [["service"]])
    assert logged["service"] == "taskdock"


def test_the_metrics_of_a_deployment_are_in_a_namespace_of_stage_and_stack() -> None:
    template = _template()
    variables = template.section("Globals")["Function"]["Environment"]["Variables"]
    named = [variables["METRICS_NAMESPACE"]] + [
        transformation["MetricNamespace"]
        for counted in template.resources("AWS::Logs::MetricFilter").values()
        for transformation in counted["MetricTransformations"]
    ]
    assert len(named) == 3
    assert all(each == {"Fn::Sub": NAMESPACE} for each in named)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"assignee": "ann"},
        {"candidateGroup": "a-group-of-the-caller", "dueBefore": "2026-03-15T12:00:00.000+0000"},
        {"taskVariables": [{"name": "a-name-of-the-caller", "operator": "eq", "value": 1}]},
    ],
)
def test_no_caller_makes_new_metrics(
    body: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is asked, names and dimensions are the same, and so is the number that is paid."""
    measured(QueryStatistics(plan(read_body(body)), ReadCost(1, 1, 0.5), 1), 1, 2.0, NAMESPACE)
    logged = json.loads(capsys.readouterr().out)
    [directive] = logged.pop("_aws")["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["service"]]
    assert logged.pop("service") == "taskdock"
    assert set(logged) == {"itemsRead", "matched", "readUnits", "queryMilliseconds"}
