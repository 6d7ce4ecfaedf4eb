"""The local service follows the template's parameters, and refuses what the template refuses."""

from collections.abc import Iterator

import pytest

from local.service import LocalService
from local.settings import CannotStart, User
from tests.support.http import bearer, call
from tests.support.local_service import in_memory

USERS = {"root": User(admin=True), "mary": User()}
SERVICE = b'{"name": "Scanner", "description": ""}'


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    """A deployment whose scopes start with `two`."""
    with in_memory(users=USERS, shell={"SCOPE_PREFIX": "two"}) as service:
        yield service


def registering(service: LocalService, token: str) -> int:
    headers = {**bearer(token), "Content-Type": "application/json"}
    return call("PUT", f"{service.url}/v1/services/scanner", SERVICE, headers).status


def test_scopes_start_as_the_parameter_says(service: LocalService) -> None:
    client, secret = service.machine_client
    asked = f"grant_type=client_credentials&client_id={client}&client_secret={secret}"
    tokens = f"{service.url}/local/oauth2/token"

    assert call("GET", f"{service.url}/task", headers=bearer(service.token("mary"))).status == 200
    assert call("POST", tokens, f"{asked}&scope=two/tasks.read".encode()).status == 200
    assert call("POST", tokens, f"{asked}&scope=taskdock/tasks.read".encode()).status == 400


def test_administrating_takes_the_scope_of_that_name(service: LocalService) -> None:
    assert registering(service, service.token("mary")) == 403
    assert registering(service, service.token("root")) == 201
    assert registering(service, service.program_token()) == 200


def test_the_clients_that_programs_use_by_default_do_not_administer(service: LocalService) -> None:
    client, secret = service.machine_client
    body = f"grant_type=client_credentials&client_id={client}&client_secret={secret}".encode()
    token = call("POST", f"{service.url}/local/oauth2/token", body).json()["access_token"]

    assert registering(service, token) == 403


@pytest.mark.parametrize("path", ["/task", "/v1", "/engine", "/local", "engine-rest"])
def test_a_context_path_that_the_template_refuses_is_refused_here(path: str) -> None:
    with pytest.raises(CannotStart, match="BASE_PATH is"), in_memory(shell={"BASE_PATH": path}):
        pass
