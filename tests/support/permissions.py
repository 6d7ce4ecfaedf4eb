"""The permissions of the template's functions."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template import Template

Statement = Mapping[str, Any]


def statements(template: Template) -> Iterator[tuple[str, Statement]]:
    """Every permission, with the logical id of the role that has it."""
    for role, properties in template.resources("AWS::IAM::Role").items():
        for policy in properties["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, _present(statement)
    for properties in template.resources("AWS::IAM::RolePolicy").values():
        for statement in properties["PolicyDocument"]["Statement"]:
            yield properties["RoleName"]["Ref"], _present(statement)


def _present(statement: Statement) -> Statement:
    """The statement itself; of one that depends on a condition, what there is if that holds."""
    present: Statement = statement["Fn::If"][1] if "Fn::If" in statement else statement
    return present


def resources(statement: Statement) -> list[Any]:
    """What the statement is about, one or several in the template's writing."""
    resource = statement["Resource"]
    return resource if isinstance(resource, list) else [resource]
