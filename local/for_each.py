"""The loops of a template: `Fn::ForEach`, written out as CloudFormation does it.

Only a key of a mapping can be a loop. A loop's parts are its variable, its values
and a mapping in whose keys and texts `${Variable}` is replaced.
"""

from collections.abc import Mapping
from typing import Any, Final

Node = Any

_LOOP: Final = "Fn::ForEach::"


def written_out(node: Node) -> Node:
    """The node without loops: each is replaced by its body, once for each of its values."""
    if isinstance(node, list):
        return [written_out(each) for each in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, Node] = {}
    for key, value in node.items():
        if not key.startswith(_LOOP):
            result[key] = written_out(value)
            continue
        variable, values, body = value
        for each in values:
            result |= written_out(_replaced(body, f"${{{variable}}}", each))
    return result


def _replaced(node: Node, variable: str, value: str) -> Node:
    """The node with the variable's value in place of its name.

    A text that names nothing else afterwards is no longer a substitution: `!GetAtt` and `!Ref`
    take plain names alone.
    """
    if isinstance(node, str):
        return node.replace(variable, value)
    if isinstance(node, list):
        return [_replaced(each, variable, value) for each in node]
    if not isinstance(node, Mapping):
        return node
    replaced = {
        _replaced(key, variable, value): _replaced(each, variable, value)
        for key, each in node.items()
    }
    text = replaced.get("Fn::Sub")
    if len(replaced) == 1 and isinstance(text, str) and "${" not in text:
        return text
    return replaced
