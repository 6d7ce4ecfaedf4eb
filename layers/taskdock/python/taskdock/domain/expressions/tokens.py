"""The tokens of an expression: literal text, and what is between `${` or `#{` and `}`.

One pass from left to right; no pattern here can backtrack, so reading takes linear time.
"""

import re
from enum import Enum, auto
from typing import Final, NamedTuple

from taskdock.domain.expressions.refusals import refusal


class Kind(Enum):
    """What a token is."""

    TEXT = auto()
    """Literal text outside of `${…}`, unescaped."""
    OPENING = auto()
    """`${` or `#{`, which mean the same."""
    STRING = auto()
    INTEGER = auto()
    FLOAT = auto()
    NAME = auto()
    CONSTANT = auto()
    """`true`, `false` or `null`."""
    SYMBOL = auto()
    """An operator (the words `and`, `eq`, … come as their symbols) or a mark."""
    END = auto()


class Token(NamedTuple):
    """A token and where it starts."""

    kind: Kind
    text: str
    position: int

    def __str__(self) -> str:
        return "the end" if self.kind is Kind.END else f"'{self.text}'"


_OPENINGS: Final = ("${", "#{")
_CONSTANTS: Final = frozenset({"true", "false", "null"})
_OPERATOR_WORDS: Final = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "div": "/",
    "mod": "%",
    "empty": "empty",
}

_TEXT: Final = re.compile(r"(?:[^\\$#]++|\\[$#]\{|(?![$#]\{).)++", re.DOTALL)
_ESCAPED_OPENING: Final = re.compile(r"\\([$#]\{)")
_BLANKS: Final = re.compile(r"[ \t\n\v\f\r]*+")
_TOKEN: Final = re.compile(
    r"""
      (?P<FLOAT> \d++\.\d*+(?:[eE][+-]?\d++)? | \.\d++(?:[eE][+-]?\d++)? | \d++[eE][+-]?\d++ )
    | (?P<INTEGER> \d++ )
    | (?P<STRING> '(?:[^'\\]|\\['\\])*+' | "(?:[^"\\]|\\["\\])*+" )
    | (?P<NAME> [A-Za-z_$][\w$]*+ )
    | (?P<SYMBOL> == | != | <= | >= | && | \|\| | [-+*/%<>!?:.,()\[\]}] )
    """,
    re.VERBOSE | re.ASCII,
)


def scan(text: str) -> list[Token]:
    """All tokens in order, the last of them an END.

    Raises `InvalidRequest` at the first character that begins no token.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text.startswith(_OPENINGS, position):
            tokens.append(Token(Kind.OPENING, text[position : position + 2], position))
            position = _scan_inside(text, position + 2, tokens)
        else:
            position = _scan_text(text, position, tokens)
    tokens.append(Token(Kind.END, "", len(text)))
    return tokens


def _scan_text(text: str, position: int, tokens: list[Token]) -> int:
    r"""Literal text up to the next opening; `\${` stands for the two characters themselves."""
    match = _TEXT.match(text, position)
    end = len(text) if match is None else match.end()
    tokens.append(
        Token(Kind.TEXT, _ESCAPED_OPENING.sub(r"\1", text[position:end]), position),
    )
    return end


def _scan_inside(text: str, position: int, tokens: list[Token]) -> int:
    """The tokens up to and including the closing brace, or to the end without one."""
    while (position := _after_blanks(text, position)) < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise refusal(text, position, _unreadable(text[position]))
        token = _token(Kind[str(match.lastgroup)], match.group(), position)
        tokens.append(token)
        position = match.end()
        if token.text == "}":
            break
    return position


def _after_blanks(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return position if match is None else match.end()


def _token(kind: Kind, word: str, position: int) -> Token:
    if kind is Kind.NAME and word in _CONSTANTS:
        return Token(Kind.CONSTANT, word, position)
    if kind is Kind.NAME and word in _OPERATOR_WORDS:
        return Token(Kind.SYMBOL, _OPERATOR_WORDS[word], position)
    return Token(kind, word, position)


def _unreadable(character: str) -> str:
    if character in "'\"":
        return f"the string does not end, or escapes something other than {character} and \\"
    return f"unexpected character '{character}'"
