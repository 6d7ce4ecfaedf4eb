"""A template is read as CloudFormation reads it: parameters, conditions, intrinsic functions."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from local.settings import CannotStart
from local.template import Template

TEMPLATE = """
Parameters:
  Name: {Type: String, Default: tasks}
  Count: {Type: Number, Default: 3}
  Origins: {Type: CommaDelimitedList, Default: "a, b"}
Mappings:
  Sizes: {small: {memory: 128}}
Conditions:
  IsTasks: !Equals [!Ref Name, tasks]
  IsOther: !Not [Condition: IsTasks]
  Both: !And [!Condition IsTasks, !Condition IsOther]
  Either: !Or [!Condition IsTasks, !Condition IsOther]
Resources:
  Table: {Type: T, Properties: {x: 1}}
  Never: {Type: T, Condition: IsOther, Properties: {x: 2}}
"""


def template(tmp_path: Path, extra: str = "") -> Template:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE + dedent(extra), encoding="utf-8")
    return Template.load(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!Ref Name", "tasks"),
        ("{Ref: Name}", "tasks"),
        ("!Ref Count", "3"),
        ("!Ref Origins", ["a", "b"]),
        ("!Ref AWS::Region", "eu-central-1"),
        ("!Ref Table", "the-table"),
        ("!GetAtt Table.Arn", "arn:table"),
        ("{Fn::GetAtt: [Table, Arn]}", "arn:table"),
        (
            "!Sub '${Name}-${AWS::Region}-${Table.Arn}-${!Name}'",
            "tasks-eu-central-1-arn:table-${Name}",
        ),
        ("!Sub ['${Name}/${X}', {X: !Ref Count}]", "tasks/3"),
        ("!Join ['-', [a, !Ref Name]]", "a-tasks"),
        ("!Select [1, !Split ['/', '/base/']]", "base"),
        ("!If [IsTasks, 1, 2]", 1),
        ("!If [IsOther, 1, 2]", 2),
        ("!If [Both, 1, 2]", 2),
        ("!If [Either, 1, 2]", 1),
        ("[1, !Ref AWS::NoValue, 2]", [1, 2]),
        ("{a: !If [IsOther, 1, !Ref AWS::NoValue], b: 2}", {"b": 2}),
        ("!FindInMap [Sizes, small, memory]", 128),
        ("{deep: [{er: !Ref Name}]}", {"deep": [{"er": "tasks"}]}),
    ],
)
def test_a_value_is_resolved(tmp_path: Path, written: str, value: Any) -> None:
    read = template(tmp_path, f"Outputs: {{it: {written}}}")
    read.learn("Table", "the-table", Arn="arn:table")

    assert read.resolve(read.section("Outputs")["it"]) == value


def test_a_parameter_can_be_given_another_value(tmp_path: Path) -> None:
    read = template(tmp_path)

    read.set_parameters({"Name": "others", "Origins": "x,y"})

    assert read.resolve([{"Ref": "Name"}, {"Ref": "Origins"}]) == ["others", ["x", "y"]]
    assert list(read.resources("T")) == ["Table", "Never"]


def test_a_resource_whose_condition_does_not_hold_does_not_exist(tmp_path: Path) -> None:
    assert template(tmp_path).resources("T") == {"Table": {"x": 1}}


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        ({"Ref": "Nobody"}, "refers to Nobody"),
        ({"Fn::GetAtt": ["Table", "Name"]}, "refers to Table.Name"),
        ({"Fn::Transform": {}}, "uses Fn::Transform"),
    ],
)
def test_what_has_no_value_here_is_named(tmp_path: Path, node: Any, reason: str) -> None:
    with pytest.raises(CannotStart, match=reason):
        template(tmp_path).resolve(node)


@pytest.mark.parametrize(
    ("text", "reason"), [("a: [", "is no YAML"), ("a: 1", "has no Resources"), ("", "is no templ")]
)
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CannotStart, match=reason):
        Template.load(path)
