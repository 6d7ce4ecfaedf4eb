"""The conditions under which the table is written, each with a name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


class Condition(TypedDict, total=False):
    """A condition on the stored item; a refusal returns that item."""

    ConditionExpression: str
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: Mapping[str, "AttributeValueTypeDef"]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD"]


ALWAYS: Final[Condition] = {}

IS_NEW: Final[Condition] = {
    "ConditionExpression": "attribute_not_exists(PK)",
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}

EXISTS: Final[Condition] = {
    "ConditionExpression": "attribute_exists(PK)",
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}


def has_version(version: int) -> Condition:
    """The task still has the version that was read."""
    return {
        "ConditionExpression": "#version = :version",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def is_free(now: Instant) -> Condition:
    """There is no receipt, or one that has expired but is not yet deleted."""
    return {
        "ConditionExpression": "attribute_not_exists(PK) OR #until <= :now",
        "ExpressionAttributeNames": {"#until": "until"},
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
