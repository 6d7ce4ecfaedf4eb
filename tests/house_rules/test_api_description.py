"""The API is described as it is: docs/api.md, docs/openapi.json, the template and the code."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from taskdock.api.answers.errors import TABLE
from taskdock.api.queries.reading import PROPERTY_NAMES

from api_description.documents import API, OPENAPI, SCHEMAS, documents
from api_description.routes import OPERATIONS, Disagreement, described, routes_of
from local.settings import REPOSITORY
from local.template import Template

Document = Mapping[str, Any]


@pytest.fixture(scope="module")
def written() -> Mapping[str, str]:
    """Both files as they are."""
    return {path.name: (REPOSITORY / path).read_text(encoding="utf-8") for path in (API, OPENAPI)}


@pytest.fixture(scope="module")
def openapi(written: Mapping[str, str]) -> Document:
    document: Document = json.loads(written[OPENAPI.name])
    return document


def operations(openapi: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """`GET /task` and so on, each with what is said of it."""
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_files_are_what_make_docs_would_write() -> None:
    for path, text in documents(REPOSITORY).items():
        assert (REPOSITORY / path).read_text(encoding="utf-8") == text, path
    schemas = {path.relative_to(REPOSITORY) for path in (REPOSITORY / SCHEMAS).iterdir()}
    assert schemas <= documents(REPOSITORY).keys()


def test_the_description_is_valid_openapi(openapi: Document) -> None:
    assert openapi["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(openapi).iter_errors()) == []


def bare_objects(part: Any, place: str = "") -> Iterator[str]:
    """Where the document shows an object of which it does not say what may be in it: generators
    of types take that for an empty one.
    """
    if isinstance(part, dict):
        kind = part.get("type", "")
        if "object" in ([kind] if isinstance(kind, str) else kind) and not (
            {"properties", "additionalProperties"} & part.keys()
        ):
            yield place
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    for key, each in inner:
        if isinstance(each, dict | list):
            yield from bare_objects(each, f"{place}/{key}")


def test_every_object_says_what_may_be_in_it(openapi: Document) -> None:
    assert list(bare_objects(openapi)) == []
    assert list(bare_objects({"a": {"type": ["object", "null"]}})) == ["/a"]


def test_an_action_without_a_description_is_named(template: Template) -> None:
    left_out = [each for each in OPERATIONS if each.route != "GET /task/{id}"]

    with pytest.raises(Disagreement, match=re.escape("not described: GET /task/{id}; not served")):
        described(routes_of(template), left_out)


def test_a_description_that_its_function_does_not_answer_is_named(template: Template) -> None:
    """Without its own route the operation falls to the function for unknown paths."""
    routes = [each for each in routes_of(template) if each.key != "GET /v1/tasks"]

    with pytest.raises(Disagreement, match=re.escape("not served: GET /v1/tasks")):
        described(routes)


def test_no_route_is_described_twice() -> None:
    told = [operation.route for operation in OPERATIONS]

    assert len(told) == len(set(told))


def test_every_property_of_the_query_is_described_in_both_forms(openapi: Document) -> None:
    parameters = openapi["components"]["parameters"]
    query = openapi["paths"]["/task"]["get"]["parameters"]
    on_get = {parameters[each["$ref"].rpartition("/")[2]]["name"] for each in query}

    assert openapi["components"]["schemas"]["TaskQuery"]["properties"].keys() == PROPERTY_NAMES
    assert on_get >= PROPERTY_NAMES


def test_every_property_of_the_query_and_every_error_is_in_the_handbook(
    written: Mapping[str, str],
) -> None:
    words = set(re.findall(r"\w+", written[API.name]))

    assert words >= PROPERTY_NAMES
    assert words >= {row.type for row in TABLE.values()}


def test_every_difference_from_the_reference_has_a_row(written: Mapping[str, str]) -> None:
    rows = re.findall(r"^\| D(\d+) \|", written[API.name], re.MULTILINE)

    assert rows == [str(number) for number in range(1, 30)]
    assert set(re.findall(r"\bD(\d+)\b", written[API.name])) == set(rows)


def test_links_of_the_handbook_lead_somewhere(written: Mapping[str, str]) -> None:
    text = written[API.name]
    headings = {
        re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }

    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, heading = target.partition("#")
        assert (REPOSITORY / API).parent.joinpath(file or API.name).is_file(), target
        assert not heading or heading in headings, target
