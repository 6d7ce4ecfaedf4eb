"""Whatever is sent to a route, the answer is one that docs/openapi.json describes, and no fault.

Requests are generated from the description: such as it allows, and such as it does not. What
their paths name exists about every other time. `make fuzz` sends many more, others each time.
"""

import json
import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api_description.documents import OPENAPI
from api_description.operations import Operation
from api_description.routes import OPERATIONS
from local.service import LocalService
from local.settings import REPOSITORY, Store
from tests.support.api_world import Known, new_world
from tests.support.http import bearer
from tests.support.local_service import in_memory

SEED: Final = int(os.environ.get("FUZZ_SEED", "1"))
EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "4"))
"""Requests of each kind to each route."""

MODES: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
"""Requests as the description allows them, and as it does not; of a public route only the
first, for it takes nothing that could be wrong."""

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def service(dynoxide_endpoint: str) -> Iterator[LocalService]:
    """The service on an emulator that is fast, and as strict as DynamoDB."""
    with in_memory(store=Store.DYNOXIDE) as service:
        yield service


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    """One connection for all requests."""
    with requests.Session() as session:
        yield session


@pytest.fixture(scope="module")
def openapi() -> BaseSchema:
    """The description as programs read it."""
    document = json.loads((REPOSITORY / OPENAPI).read_text(encoding="utf-8"))
    return schemathesis.openapi.from_dict(document)


@pytest.mark.parametrize("told", OPERATIONS, ids=lambda told: told.route)
def test_every_answer_is_described(
    told: Operation, openapi: BaseSchema, service: LocalService, session: requests.Session
) -> None:
    operation: APIOperation[Any, Any, Any, Any] = openapi[told.path][told.method]
    world, token = new_world(service), bearer(service.token("demo"))
    for mode in (GenerationMode.POSITIVE,) if told.public else MODES:

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES,
            derandomize=False,
            phases=[Phase.generate],  # the world changes with each: nothing could be shrunk
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode), data=st.data())
        def answers(case: Case[Any], data: st.DataObject) -> None:
            case.path_parameters = {
                name: data.draw(known_or(generated, name, world), name)
                for name, generated in case.path_parameters.items()
            }
            headers = {**case.headers, **token}
            case.call_and_validate(service.url, session, headers, checks=CHECKS)

        answers()


def known_or(generated: str, name: str, world: Known) -> st.SearchStrategy[str]:
    """The generated value of a path's parameter, or about as often one that leads somewhere."""
    known = world.get(name, ())
    return st.sampled_from([*([generated] * max(len(known), 1)), *known])
