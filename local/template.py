"""Reading a CloudFormation template: its YAML, its parameters and its intrinsic functions."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import yaml

from local.for_each import written_out
from local.settings import CannotStart

Node = Any
"""A piece of the document: what YAML can say. Typed reading is `local/deployment.py`'s."""

_PSEUDO_PARAMETERS: Final[Mapping[str, str]] = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::StackName": "taskdock-local",
    "AWS::URLSuffix": "amazonaws.com",
}
REGION: Final = _PSEUDO_PARAMETERS["AWS::Region"]
ACCOUNT: Final = _PSEUDO_PARAMETERS["AWS::AccountId"]
_NO_VALUE: Final = object()
_SUBSTITUTION: Final = re.compile(r"\$\{(!?)([^}]+)\}")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short tags; the C parser where PyYAML has it."""


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Node:
    value: Node
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(cast(yaml.MappingNode, node), deep=True)
    if suffix in {"Ref", "Condition"}:
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


class Template:
    """A template with values for its parameters, and for those of its resources that exist."""

    def __init__(self, document: Mapping[str, Node], folder: Path) -> None:
        self._document = document
        self.folder = folder
        self._known: dict[str, Node] = dict(_PSEUDO_PARAMETERS)
        self._known["AWS::NoValue"] = _NO_VALUE
        for name, parameter in self.section("Parameters").items():
            if "Default" in parameter:
                self._set_parameter(name, str(parameter["Default"]))

    @classmethod
    def load(cls, path: Path) -> "Template":
        """The template in that file; raises `CannotStart` when there is none to read."""
        try:
            document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506
        except OSError as problem:
            raise CannotStart(f"{path}: {problem.strerror}") from None
        except yaml.YAMLError as problem:
            raise CannotStart(f"{path} is no YAML: {' '.join(str(problem).split())}") from None
        if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict):
            raise CannotStart(f"{path} is no template: it has no Resources")
        return cls(written_out(document), path.resolve().parent)

    def section(self, name: str) -> Mapping[str, Node]:
        """A top-level section, unresolved; empty when there is none."""
        return cast(Mapping[str, Node], self._document.get(name) or {})

    def resources(self, kind: str) -> Mapping[str, Mapping[str, Node]]:
        """Logical id -> properties (unresolved) of the resources of a type that will exist."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.section("Resources").items()
            if resource["Type"] == kind and self._holds(resource.get("Condition"))
        }

    def set_parameters(self, values: Mapping[str, str]) -> None:
        """Give parameters other values than their defaults."""
        for name, value in values.items():
            self._set_parameter(name, value)

    def physical_name(self, logical_id: str) -> str:
        """What CloudFormation would call a resource that the template gives no name."""
        return f"{self._known['AWS::StackName']}-{logical_id}"

    def learn(self, name: str, value: str, **attributes: str) -> None:
        """From now on `!Ref name` is `value`, and `!GetAtt name.X` the attribute X."""
        self._known[name] = value
        for attribute, attribute_value in attributes.items():
            self._known[f"{name}.{attribute}"] = attribute_value

    def resolve(self, node: Node) -> Node:
        """`node` with every intrinsic function replaced by its value.

        Raises `CannotStart` for a reference to something that has no value here, and for a
        function that is not understood.
        """
        resolved = self._resolve(node)
        return None if resolved is _NO_VALUE else resolved

    def _set_parameter(self, name: str, value: str) -> None:
        kind = self.section("Parameters")[name]["Type"]
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        self._known[name] = [part.strip() for part in value.split(",")] if is_list else value

    def _holds(self, condition: str | None) -> bool:
        return condition is None or self._truth(self.section("Conditions")[condition])

    def _truth(self, node: Node) -> bool:
        if isinstance(node, dict) and set(node) == {"Condition"}:
            return self._holds(node["Condition"])
        return self._resolve(node) in {True, "true"}

    def _resolve(self, node: Node) -> Node:
        if isinstance(node, list):
            return [value for each in node if (value := self._resolve(each)) is not _NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(name, argument)] = node.items()
            if name == "Ref":
                return self._lookup(argument)
            if isinstance(name, str) and name.startswith("Fn::"):
                return self._function(name)(argument)
        pairs = ((key, self._resolve(each)) for key, each in node.items())
        return {key: value for key, value in pairs if value is not _NO_VALUE}

    def _function(self, name: str) -> Callable[[Node], Node]:
        functions: Mapping[str, Callable[[Node], Node]] = {
            "Fn::GetAtt": lambda path: self._lookup(".".join(path)),
            "Fn::Sub": self._substitute,
            "Fn::Join": lambda pair: self._resolve(pair[0]).join(self._resolve(pair[1])),
            "Fn::Split": lambda pair: self._resolve(pair[1]).split(self._resolve(pair[0])),
            "Fn::Select": lambda pair: self._resolve(pair[1])[int(self._resolve(pair[0]))],
            "Fn::If": lambda three: self._resolve(three[1 if self._holds(three[0]) else 2]),
            "Fn::Equals": lambda pair: self._resolve(pair[0]) == self._resolve(pair[1]),
            "Fn::Not": lambda one: not self._truth(one[0]),
            "Fn::And": lambda several: all(self._truth(each) for each in several),
            "Fn::Or": lambda several: any(self._truth(each) for each in several),
            "Fn::FindInMap": self._find_in_map,
        }
        if name not in functions:
            raise CannotStart(f"the template uses {name}, which the local service does not know")
        return functions[name]

    def _lookup(self, name: str) -> Node:
        try:
            return self._known[name]
        except KeyError:
            raise CannotStart(f"the template refers to {name}, which has no value here") from None

    def _substitute(self, argument: Node) -> str:
        text, variables = argument if isinstance(argument, list) else (argument, {})

        def value(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            return str(self._resolve(variables[name]) if name in variables else self._lookup(name))

        return _SUBSTITUTION.sub(value, text)

    def _find_in_map(self, argument: Node) -> Node:
        name, first, second = (self._resolve(each) for each in argument)
        return self.section("Mappings")[name][first][second]
