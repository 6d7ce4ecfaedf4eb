"""The table of the template is the table that `adapters/dynamodb/keys.py` builds keys for."""

from collections.abc import Mapping
from typing import Any

import pytest
from taskdock.adapters.dynamodb import keys
from taskdock.domain.query.read_specs import Index

from local.template import Template
from tests.support.permissions import resources, statements


@pytest.fixture(scope="module")
def table(template: Template) -> Mapping[str, Any]:
    """The properties of the one table there is."""
    [properties] = template.resources("AWS::DynamoDB::Table").values()
    return properties


def key_attributes(schema: list[dict[str, str]]) -> dict[str, str]:
    """`HASH` and `RANGE` -> name of the attribute."""
    return {element["KeyType"]: element["AttributeName"] for element in schema}


def test_every_index_exists_with_its_keys_and_no_other_does(table: Mapping[str, Any]) -> None:
    declared = {
        index["IndexName"]: key_attributes(index["KeySchema"])
        for index in table["GlobalSecondaryIndexes"]
    }

    assert declared == {
        index.value: {"HASH": index.partition_key, "RANGE": index.sort_key} for index in Index
    }


def test_every_index_carries_what_a_query_reads(table: Mapping[str, Any]) -> None:
    for index in table["GlobalSecondaryIndexes"]:
        assert index["Projection"] == {
            "ProjectionType": "INCLUDE",
            "NonKeyAttributes": list(keys.PROJECTED),
        }


def test_the_attributes_have_the_types_that_keys_are_built_with(table: Mapping[str, Any]) -> None:
    declared = {
        attribute["AttributeName"]: attribute["AttributeType"]
        for attribute in table["AttributeDefinitions"]
    }
    of_indexes = {name for index in Index for name in (index.partition_key, index.sort_key)}

    assert key_attributes(table["KeySchema"]) == {"HASH": "PK", "RANGE": "SK"}
    assert declared == {
        name: "N" if name in keys.NUMBERS else "S" for name in {"PK", "SK", *of_indexes}
    }


def test_tasks_outlive_the_deployment(template: Template, table: Mapping[str, Any]) -> None:
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    for name in ("TaskTable", "UserPool"):
        resource = template.section("Resources")[name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_only_queries_that_indexes_answer_are_allowed(template: Template) -> None:
    """A scan is allowed to none, and a function that answers queries may read every index."""
    actions = [action for _, statement in statements(template) for action in statement["Action"]]

    assert "dynamodb:Scan" not in actions
    for answering in ("QueryTasksRole", "ManageTaskRole"):
        assert {
            resource["Fn::Sub"].rpartition("/")[2]
            for role, statement in statements(template)
            if role == answering and statement["Action"] == ["dynamodb:Query"]
            for resource in resources(statement)
        } == {index.value for index in Index}
