"""The expression language of task queries: parsed by a closed grammar, never run as code.

`parse` a property's text once, then evaluate it in a `Scope` as what the property needs. Both
raise nothing but `InvalidRequest`
(docs/api.md, D12, D13; docs/camunda-behaviour.md, Grammar, Results).
"""

from taskdock.domain.expressions.evaluation import (
    evaluate_instant,
    evaluate_text,
    evaluate_texts,
)
from taskdock.domain.expressions.functions import Scope
from taskdock.domain.expressions.grammar import parse
from taskdock.domain.expressions.nodes import Expression

__all__ = [
    "Expression",
    "Scope",
    "evaluate_instant",
    "evaluate_text",
    "evaluate_texts",
    "parse",
]
