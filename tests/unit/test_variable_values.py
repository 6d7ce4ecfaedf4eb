"""Variable values: typing, conversion, refusal, and the way back."""

import json

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import Variable
from taskdock.domain.variables.values import from_api, from_json, plain, to_api

MAX_LONG = 2**63 - 1
DATE = "2026-01-02T03:04:05.678+0000"
DATE_MS = 1767323045678


def a_variable(type_name: str, value: object) -> Variable:
    return {"type": type_name, "value": value}


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (5, "Integer"),
        (2**31 - 1, "Integer"),
        (-(2**31), "Integer"),
        (2**31, "Long"),
        (-(2**31) - 1, "Long"),
        (MAX_LONG, "Long"),
        (-(2**63), "Long"),
        (1.5, "Double"),
        (5.0, "Double"),
        (True, "Boolean"),
        (False, "Boolean"),
        ("", "String"),
        ("null", "String"),
        (DATE, "String"),
        (None, "Null"),
    ],
)
def test_a_plain_value_has_a_type_and_is_returned_unchanged(value: object, type_name: str) -> None:
    variable = from_json(value)
    assert variable == a_variable(type_name, value)
    assert plain(variable) == value
    assert type(plain(variable)) is type(value)


@pytest.mark.parametrize("value", [{"a": [1, {"ü": None}]}, [], {}, [1.5, "x"], 2**63, -(2**70)])
def test_what_no_scalar_holds_becomes_json_text_and_comes_back(value: object) -> None:
    variable = from_json(value)
    assert variable["type"] == "Json"
    assert variable["value"] == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert plain(variable) == value


@pytest.mark.parametrize("value", [float("inf"), float("nan"), [float("-inf")]])
def test_a_number_that_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(InvalidRequest, match="too large"):
        from_json(value)


@pytest.mark.parametrize(
    ("type_name", "value", "stored"),
    [
        ("String", "text", "text"),
        ("String", "", ""),
        ("String", "null", "null"),
        ("String", 5, "5"),
        ("String", True, "true"),
        ("Integer", 5, 5),
        ("Integer", "5", 5),
        ("Integer", " -7 ", -7),
        ("Integer", "+7", 7),
        ("integer", "12", 12),
        ("Integer", "", None),
        ("Integer", " ", None),
        ("Integer", "null", None),
        ("Short", 32767, 32767),
        ("Short", "-32768", -32768),
        ("Long", 5000000000, 5000000000),
        ("Long", str(MAX_LONG), MAX_LONG),
        ("Double", 2.5, 2.5),
        ("Double", 2, 2.0),
        ("Double", "1e3", 1000.0),
        ("Double", "-.5", -0.5),
        ("Boolean", True, True),
        ("boolean", "false", False),
        ("Boolean", "TRUE", True),
        ("Date", DATE, DATE_MS),
        ("Date", "2026-01-02T03:04:05.678Z", DATE_MS),
        ("Date", "2026-01-02T05:04:05.678+02:00", DATE_MS),
        ("Date", DATE_MS, DATE_MS),
        ("Date", "", None),
        ("Bytes", "AQID", "AQID"),
        ("Bytes", "", ""),
        ("Json", '{"a": 1}', '{"a": 1}'),
        ("Xml", "<a/>", "<a/>"),
        ("Object", "rO0AB", "rO0AB"),
        *((name, None, None) for name in ("String", "Integer", "Date", "Bytes", "Null", "Json")),
    ],
)
def test_a_value_is_converted_to_the_type_it_was_sent_as(
    type_name: str, value: object, stored: object
) -> None:
    variable = from_api({"value": value, "type": type_name}, "x")
    assert variable == a_variable(type_name[:1].upper() + type_name[1:], stored)
    assert type(variable["value"]) is type(stored)


def test_without_a_type_the_value_decides() -> None:
    assert from_api({"value": 5000000000}, "x") == a_variable("Long", 5000000000)
    assert from_api({"value": 2**64}, "x") == a_variable("Json", str(2**64))
    assert from_api({}, "x") == a_variable("Null", None)


@pytest.mark.parametrize(
    ("type_name", "value", "java_type"),
    [
        ("Integer", "abc", "java.lang.Integer"),
        ("Integer", "1_000", "java.lang.Integer"),
        ("Integer", "٣", "java.lang.Integer"),
        ("Integer", "5.0", "java.lang.Integer"),
        ("Integer", "2147483648", "java.lang.Integer"),
        ("Integer", "9" * 30, "java.lang.Integer"),
        ("Short", "32768", "java.lang.Short"),
        ("Long", "9223372036854775808", "java.lang.Long"),
        ("Double", "abc", "java.lang.Double"),
        ("Double", "NaN", "java.lang.Double"),
        ("Double", "1e999", "java.lang.Double"),
        ("Boolean", "yes", "java.lang.Boolean"),
        ("Date", "tomorrow", "java.util.Date"),
        ("Date", "2026-01-02T03:04:05.678", "java.util.Date"),
        ("Date", "2026-13-02T03:04:05.678Z", "java.util.Date"),
        ("Bytes", "no base64!", "[B"),
    ],
)
def test_a_text_that_is_none_of_its_type_is_refused_in_the_words_of_the_reference(
    type_name: str, value: str, java_type: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        from_api({"value": value, "type": type_name}, "Cannot put task variable bad")
    assert refused.value.message == (
        f"Cannot put task variable bad: Cannot convert value '{value}' of type '{type_name}'"
        f" to java type {java_type}"
    )


@pytest.mark.parametrize(
    ("type_name", "value", "shown"),
    [
        ("Integer", 5.5, "5.5"),
        ("Integer", 2147483648, "2147483648"),
        ("Integer", True, "true"),
        ("Integer", {"a": 1}, "{…}"),
        ("Double", [1.5], "[…]"),
        ("Double", False, "false"),
        ("Double", 10**400, f"{10**400}"[:200]),
        ("Boolean", 1, "1"),
        ("Date", 1.5, "1.5"),
        ("Date", True, "true"),
        ("Date", 10**15, f"{10**15}"),
        ("String", ["a"], "[…]"),
        ("Bytes", 5, "5"),
        ("Json", {"a": 1}, "{…}"),
        ("Json", "{", "{"),
        ("Json", "[1e999]", "[1e999]"),
        ("Json", "[" * 200_000, "["),
        ("Xml", 5, "5"),
        ("Object", {}, "{…}"),
        ("Null", "x", "x"),
    ],
)
def test_a_value_of_another_kind_is_refused(type_name: str, value: object, shown: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        from_api({"value": value, "type": type_name}, "x")
    assert refused.value.message.startswith(f"x: Cannot convert value '{shown}")
    assert f" of type '{type_name}'" in refused.value.message


@pytest.mark.parametrize("name", ["Nonsense", "INTEGER", "Number", "", "bool"])
def test_an_unknown_type_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        from_api({"value": 1, "type": name}, "Cannot put task variable bad")
    assert refused.value.message == f"Cannot put task variable bad: Unsupported value type '{name}'"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("x", "w: expected an object with value and type"),
        (None, "w: expected an object with value and type"),
        ({"value": 1, "type": 5}, "w: type: expected a string"),
        ({"value": "", "type": "Bytes", "valueInfo": []}, "w: valueInfo: expected an object"),
        ({"value": "AQID", "type": "File"}, "w: valueInfo.filename: a file needs a name"),
        (
            {"value": "AQID", "type": "File", "valueInfo": {"filename": 5}},
            "w: valueInfo.filename: expected a string",
        ),
        ({"value": float("inf")}, "w: a number is too large to be stored"),
    ],
)
def test_a_malformed_variable_is_refused(entry: object, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        from_api(entry, "w")
    assert refused.value.message == message


def test_only_what_a_type_knows_is_kept_of_a_value_info() -> None:
    info = {"filename": "a.txt", "mimeType": "text/plain", "encoding": None, "transient": True}
    assert from_api({"value": "YQ==", "type": "file", "valueInfo": info}, "x") == Variable(
        type="File", value="YQ==", valueInfo={"filename": "a.txt", "mimeType": "text/plain"}
    )
    number = from_api({"value": 1, "type": "Integer", "valueInfo": info}, "x")
    assert number == a_variable("Integer", 1)


@pytest.mark.parametrize(
    ("variable", "shown"),
    [
        ({"type": "Integer", "value": 5}, 5),
        ({"type": "String", "value": None}, None),
        ({"type": "Date", "value": DATE_MS}, DATE),
        ({"type": "Date", "value": None}, None),
        ({"type": "Bytes", "value": "AQID"}, "AQID"),
        ({"type": "Json", "value": "[1]"}, "[1]"),
    ],
)
def test_the_api_shows_type_value_and_an_empty_value_info(
    variable: Variable, shown: object
) -> None:
    assert to_api(variable) == {"type": variable["type"], "value": shown, "valueInfo": {}}


def test_a_files_content_is_not_shown_but_its_name_is() -> None:
    file: Variable = {"type": "File", "value": "YQ==", "valueInfo": {"filename": "a.txt"}}
    assert to_api(file) == {"type": "File", "value": None, "valueInfo": {"filename": "a.txt"}}
    assert plain(file) is None


def test_a_plain_date_is_its_text_and_a_null_json_is_null() -> None:
    assert plain({"type": "Date", "value": DATE_MS}) == DATE
    assert plain({"type": "Json", "value": None}) is None


@pytest.mark.parametrize(
    ("value", "text", "java_type"),
    [
        ({"a": 1, "b": [None]}, '{"a":1,"b":[null]}', "java.util.LinkedHashMap"),
        ([1, "x"], '[1,"x"]', "java.util.ArrayList"),
    ],
)
def test_an_object_without_a_type_is_kept_as_json_and_shown_as_it_was_sent(
    value: object, text: str, java_type: str
) -> None:
    variable = from_api({"value": value}, "x")

    assert variable["type"] == "Object"
    assert to_api(variable)["value"] == value
    assert to_api(variable, deserialized=False) == {
        "type": "Object",
        "value": text,
        "valueInfo": {"objectTypeName": java_type, "serializationDataFormat": "application/json"},
    }


@pytest.mark.parametrize("text", ["{", "[" * 200_000, "1e999", "\ud800", ""])
def test_an_object_whose_text_is_no_json_is_shown_by_its_text(text: str) -> None:
    info = {"serializationDataFormat": "application/json"}

    assert to_api({"type": "Object", "value": text, "valueInfo": info})["value"] == text


def test_objects_of_other_formats_and_nulls_are_shown_as_they_are() -> None:
    java = {"serializationDataFormat": "application/x-java-serialized-object"}
    json_info = {"serializationDataFormat": "application/json"}

    assert to_api({"type": "Object", "value": "[1]", "valueInfo": java})["value"] == "[1]"
    assert to_api({"type": "Object", "value": None, "valueInfo": json_info})["value"] is None
    assert to_api({"type": "Json", "value": "[1]"})["value"] == "[1]"
