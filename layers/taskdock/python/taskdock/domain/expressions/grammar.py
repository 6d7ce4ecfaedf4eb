"""The grammar: from text to nodes, refusing whatever can be known to be wrong without values.

expression := { text | '${' choice '}' | '#{' choice '}' }
choice     := operation [ '?' choice ':' choice ]
operation  := prefixed { infix-operator prefixed }    (which binds tighter: precedence.py)
prefixed   := { '-' | '!' | 'empty' } access
access     := primary { '.' name [ arguments ] | '[' choice ']' }
arguments  := '(' [ choice { ',' choice } ] ')'
primary    := constant | name arguments | '(' choice ')'
"""

import math
import re
from typing import Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.expression import Expression
from taskdock.domain.expressions.functions import FUNCTIONS
from taskdock.domain.expressions.methods import METHOD_ARITIES, PROPERTY_NAMES
from taskdock.domain.expressions.nodes import (
    Choice,
    Element,
    FunctionCall,
    Literal,
    MethodCall,
    Node,
    Operator,
    Prefixed,
    Property,
    PropertyAccess,
)
from taskdock.domain.expressions.operators import PREFIX
from taskdock.domain.expressions.precedence import INFIX, grouped
from taskdock.domain.expressions.refusals import MAX_LENGTH, refusal
from taskdock.domain.expressions.tokens import Kind, Token, scan

MAX_DEPTH: Final = 32
"""Nesting of parentheses, brackets, arguments and choices; it keeps the parser's stack short."""

_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_LONGEST_INTEGER: Final = (1 << 63) - 1
_ESCAPE: Final = re.compile(r"\\(.)")


def parse(text: str) -> Expression:
    """The expression that `text` writes
    (docs/camunda-behaviour.md, Grammar; docs/api.md, D12, D13).

    Raises `InvalidRequest`, showing the text and the position, for a syntax error, an unknown
    function, method or property, a wrong number of arguments, and for what is too long or too
    deep.
    """
    if len(text) > MAX_LENGTH:
        reason = f"{len(text)} characters are too long, {MAX_LENGTH} are allowed"
        raise refusal(text, MAX_LENGTH, reason)
    return Expression(text, _Parser(text).parts())


class _Parser:
    """Recursive descent over the tokens of one text, with one token of foresight."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = scan(text)
        self._taken = 0
        self._depth = 0

    def parts(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        while (token := self._take()).kind is not Kind.END:
            if token.kind is Kind.TEXT:
                parts.append(Literal(token.position, token.text))
            else:
                parts.append(self._choice())
                self._expect("}")
        return tuple(parts)

    def _choice(self) -> Node:
        start = self._next
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refusal(start, f"nested deeper than {MAX_DEPTH}")
        node = self._operation()
        if self._skip("?"):
            then = self._choice()
            self._expect(":")
            node = Choice(start.position, node, then, self._choice())
        self._depth -= 1
        return node

    def _operation(self) -> Node:
        operands = [self._prefixed()]
        operators: list[Operator] = []
        while self._next.kind is Kind.SYMBOL and self._next.text in INFIX:
            token = self._take()
            operators.append(Operator(token.position, token.text))
            operands.append(self._prefixed())
        return grouped(operands, operators)

    def _prefixed(self) -> Node:
        start = self._next
        operators: list[Operator] = []
        while self._next.kind is Kind.SYMBOL and self._next.text in PREFIX:
            token = self._take()
            operators.append(Operator(token.position, token.text))
        operand = self._access()
        return Prefixed(start.position, tuple(operators), operand) if operators else operand

    def _access(self) -> Node:
        target = self._primary()
        members: list[MethodCall | Property | Element] = []
        while True:
            if self._skip("."):
                members.append(self._member())
            elif self._skip("["):
                members.append(Element(self._next.position, self._choice()))
                self._expect("]")
            else:
                break
        return PropertyAccess(target.position, target, tuple(members)) if members else target

    def _member(self) -> MethodCall | Property:
        name = self._take()
        if name.kind is not Kind.NAME:
            raise self._refusal(name, f"expected the name of a method, found {name}")
        if not self._skip("("):
            if name.text not in PROPERTY_NAMES:
                raise self._refusal(name, f"unknown property {name}")
            return Property(name.position, name.text)
        arities = METHOD_ARITIES.get(name.text)
        if arities is None:
            raise self._refusal(name, f"unknown method {name}")
        arguments = self._arguments()
        if len(arguments) not in arities:
            wanted = " or ".join(map(str, sorted(arities)))
            reason = f"wrong number of arguments for {name}: {len(arguments)}, expected {wanted}"
            raise self._refusal(name, reason)
        return MethodCall(name.position, name.text, arguments)

    def _arguments(self) -> tuple[Node, ...]:
        """What is between parentheses; the opening one is taken already."""
        if self._skip(")"):
            return ()
        arguments = [self._choice()]
        while self._skip(","):
            arguments.append(self._choice())
        self._expect(")")
        return tuple(arguments)

    def _primary(self) -> Node:
        token = self._take()
        if token.kind is Kind.NAME:
            return self._function_call(token)
        if token.kind is Kind.SYMBOL and token.text == "(":
            node = self._choice()
            self._expect(")")
            return node
        return Literal(token.position, self._constant(token))

    def _function_call(self, name: Token) -> Node:
        if name.text not in FUNCTIONS or not self._skip("("):
            known = ", ".join(f"{function}()" for function in FUNCTIONS)
            raise self._refusal(name, f"unknown name {name}, known are {known}")
        if self._arguments():
            raise self._refusal(name, f"function {name} takes no arguments")
        return FunctionCall(name.position, name.text)

    def _constant(self, token: Token) -> str | int | float | bool | None:
        match token.kind:
            case Kind.STRING:
                return _ESCAPE.sub(r"\1", token.text[1:-1])
            case Kind.INTEGER if (integer := int(token.text)) <= _LONGEST_INTEGER:
                return integer
            case Kind.FLOAT if math.isfinite(number := float(token.text)):
                return number
            case Kind.INTEGER | Kind.FLOAT:
                raise self._refusal(token, "the number is too large")
            case Kind.CONSTANT:
                return _CONSTANTS[token.text]
            case _:
                raise self._refusal(token, f"expected a value, found {token}")

    @property
    def _next(self) -> Token:
        return self._tokens[self._taken]

    def _take(self) -> Token:
        token = self._next
        if token.kind is not Kind.END:
            self._taken += 1
        return token

    def _skip(self, symbol: str) -> bool:
        """Take the next token if it is that symbol; whether it was."""
        found = self._next.kind is Kind.SYMBOL and self._next.text == symbol
        if found:
            self._take()
        return found

    def _expect(self, symbol: str) -> None:
        if not self._skip(symbol):
            raise self._refusal(self._next, f"expected '{symbol}', found {self._next}")

    def _refusal(self, token: Token, reason: str) -> InvalidRequest:
        return refusal(self._text, token.position, reason)
