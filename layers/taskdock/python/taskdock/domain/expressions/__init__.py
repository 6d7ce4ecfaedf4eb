"""The expression language of task queries: parsed by a closed grammar, never run as code.

`grammar.parse` reads a property's text once; `evaluation` evaluates it in a `Scope` as what the
property needs. Both raise nothing but `InvalidRequest`
(docs/api.md, D12, D13; docs/camunda-behaviour.md, Grammar, Results).
"""
