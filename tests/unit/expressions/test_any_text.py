"""Whatever a caller sends is evaluated or refused; nothing else can happen."""

from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st
from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.evaluation import evaluate_instant, evaluate_text, evaluate_texts
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.expressions.functions import FUNCTIONS
from taskdock.domain.expressions.grammar import parse
from taskdock.domain.expressions.methods import METHOD_ARITIES
from taskdock.domain.expressions.operators import BINARY

from tests.unit.expressions.evaluated import scope

NAMES = st.text(max_size=20) | st.from_regex(r"[+-]?[0-9]{1,30}(\.[0-9]+)?", fullmatch=True)
SCOPES = st.builds(
    Scope,
    st.integers(instants.EARLIEST, instants.LATEST).map(instants.Instant)
    | st.integers().map(instants.Instant),
    st.none() | NAMES,
    st.lists(NAMES, max_size=4).map(tuple),
)

WORDS = st.sampled_from(
    [
        *(
            "${",
            "#{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ".",
            ",",
            "?",
            ":",
            "'",
            '"',
            "\\",
            "\\${",
            " ",
            "$",
        ),
        *BINARY,
        *("&&", "||", "!", "and", "or", "not", "empty", "div", "mod", "eq", "ne", "lt", "ge"),
        *("=", ";", "{", "->", "+=", "&", "|", "instanceof"),
        *(f"{name}()" for name in FUNCTIONS),
        *(f".{name}(" for name in METHOD_ARITIES),
        *(".time", "time", "x", "__class__"),
        *("0", "1", "9223372036854775807", "1.5", "1e308", ".5", "1e", "true", "false", "null"),
        *("'a'", '"b"', "''", "'1'", "'\\''", "'\\n'", "text", "%", "ä", "😀", "\x00", "\ud800"),
    ]
)
SOUP = st.lists(WORDS, max_size=25).map("".join)
WRAPPED_SOUP = SOUP.map(lambda soup: f"${{{soup}}}")

LEAVES = st.sampled_from(
    [
        *(f"{name}()" for name in FUNCTIONS),
        *("0", "1", "2", "-1", "2147483648", "9223372036854775807", "1.5", "1e308", "0.0"),
        *("'a'", "'1'", "'2.5'", "''", "'ß'", "true", "false", "null", "'\\\\'"),
    ]
)


def composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Every form of the grammar around smaller expressions."""
    calls = st.sampled_from(
        [(name, arity) for name, arities in METHOD_ARITIES.items() for arity in sorted(arities)]
    ).flatmap(
        lambda call: st.builds(
            lambda target, arguments: f"({target}).{call[0]}({', '.join(arguments)})",
            inner,
            st.lists(inner, min_size=call[1], max_size=call[1]),
        )
    )
    operators = st.sampled_from([*BINARY, "&&", "||"])
    return (
        calls
        | st.builds("{} {} {}".format, inner, operators, inner)
        | st.builds("({} {} {})".format, inner, operators, inner)
        | st.builds("{} ({})".format, st.sampled_from(["-", "!", "empty"]), inner)
        | st.builds("({} ? {} : {})".format, inner, inner, inner)
        | st.builds("({})[{}]".format, inner, inner)
        | st.builds("({}).time".format, inner)
    )


EXPRESSIONS = st.recursive(LEAVES, composed, max_leaves=12)
WHOLE = st.builds("{}${{{}}}{}".format, st.sampled_from(["", "%"]), EXPRESSIONS, st.just(""))


def evaluate_in_every_way(text: str, within: Scope) -> None:
    """Parse and evaluate; only `InvalidRequest` may come, and only what was asked for."""
    try:
        expression = parse(text)
    except InvalidRequest as refusal:
        assert " at position " in refusal.message
        return
    assert expression.text == text
    answers: list[object] = []
    for evaluate in (evaluate_text, evaluate_instant, evaluate_texts):
        try:
            answers.append(evaluate(expression, within))
        except InvalidRequest as refusal:
            assert refusal.message.startswith(f"Expression '{text}' at position ")
    assert len(answers) <= 1
    for answer in answers:
        if isinstance(answer, tuple):
            assert answer
            assert all(isinstance(element, str) for element in answer)
        else:
            assert isinstance(answer, str | int)
            assert not isinstance(answer, bool)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), SCOPES)
@example("\ud800${'\udfff'}", scope())
def test_any_text_is_evaluated_or_refused(text: str, within: Scope) -> None:
    evaluate_in_every_way(text, within)


@settings(deadline=None, max_examples=250)
@given(SOUP | WRAPPED_SOUP, SCOPES)
def test_any_row_of_words_is_evaluated_or_refused(text: str, within: Scope) -> None:
    evaluate_in_every_way(text, within)


@settings(deadline=None, max_examples=250)
@given(WHOLE, SCOPES)
def test_any_well_formed_expression_is_evaluated_or_refused(text: str, within: Scope) -> None:
    evaluate_in_every_way(text, within)


class Typed(NamedTuple):
    """Expressions by what they yield; all of them are sure to yield it."""

    text: st.SearchStrategy[str]
    number: st.SearchStrategy[str]
    flag: st.SearchStrategy[str]
    date: st.SearchStrategy[str]

    def grown(self) -> "Typed":
        """The same, one level larger."""
        text, number, flag, date = self
        return Typed(
            text=text
            | st.builds("({}).concat({})".format, text, st.one_of(self))
            | st.builds("{}.trim().toUpperCase()".format, text)
            | st.builds("({} ? {} : {})".format, flag, text, text),
            number=number
            | st.builds("({} {} {})".format, number, st.sampled_from("+-"), number)
            | st.builds("{}.length()".format, text),
            flag=flag
            | st.builds("(not {})".format, flag)
            | st.builds("({} and {} or {})".format, flag, flag, flag)
            | st.builds("({} <= {})".format, number, number)
            | st.builds("({} gt {})".format, date, date)
            | st.builds("{}.contains({})".format, text, text)
            | st.builds("(empty {})".format, st.one_of(self)),
            date=date
            | st.builds("{}.plusDays({})".format, date, number)
            | st.builds("{}.minusMonths({})".format, date, number)
            | st.builds("{}.dayOfWeek().withMaximumValue()".format, date)
            | st.builds("({} ? {} : {})".format, flag, date, date),
        )


SMALLEST = Typed(
    text=st.sampled_from(["currentUser()", "currentUserGroups()[0]", "'%'", '"a b"']),
    number=st.integers(0, 99).map(str) | st.just("currentUserGroups().size()"),
    flag=st.sampled_from(["true", "false"]),
    date=st.just("dateTime()"),
)
TYPED = SMALLEST.grown().grown().grown()


@settings(deadline=None)
@given(TYPED.text, TYPED.date)
def test_a_well_typed_expression_yields_what_it_says(text: str, date: str) -> None:
    assert isinstance(evaluate_text(parse(f"${{{text}}}"), scope()), str)
    assert isinstance(evaluate_instant(parse(f"#{{{date}.toDate()}}"), scope()), int)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_what_the_grammar_describes_is_parsed(inside: str) -> None:
    assert parse(f"${{{inside}}}").parts


@settings(deadline=None)
@given(st.text(max_size=100).filter(lambda text: "${" not in text and "#{" not in text))
def test_plain_text_is_a_literal(text: str) -> None:
    assert evaluate_text(parse(text), scope()) == text


@settings(deadline=None)
@given(st.text(max_size=100), st.sampled_from("'\""))
def test_any_string_can_be_quoted(text: str, quote: str) -> None:
    quoted = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    assert evaluate_text(parse(f"${{{quote}{quoted}{quote}}}"), scope()) == text


NUMBERS = st.integers(-50, 50)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["+", "-", "*"]), NUMBERS), max_size=8), NUMBERS)
def test_products_are_made_before_sums(rest: list[tuple[str, int]], first: int) -> None:
    terms = [first]
    for operator, number in rest:
        if operator == "*":
            terms[-1] *= number
        else:
            terms.append(number if operator == "+" else -number)
    row = str(first) + "".join(f" {operator} {number}" for operator, number in rest)
    assert evaluate_text(parse(f"=${{{row}}}"), scope()) == f"={sum(terms)}"
