"""The local service as a whole: the real template, functions, table, stream and bus."""

import base64
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from local.command_line import greeting
from local.console import say
from local.service import LocalService
from local.settings import (
    BUILT_IN_USERS,
    REPOSITORY,
    CannotStart,
    LocalSettings,
    Store,
    User,
    users_in,
)
from tests.support.http import Answered, bearer, call
from tests.support.local_service import SMALL_TEMPLATE, in_memory

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module", params=[Store.MOTO, Store.DYNOXIDE])
def service(request: pytest.FixtureRequest) -> Iterator[LocalService]:
    """The service on either emulator."""
    if request.param is Store.DYNOXIDE:
        request.getfixturevalue("dynoxide_endpoint")  # skips where it cannot be had
    with in_memory(store=request.param) as service:
        yield service


@pytest.fixture(scope="module")
def small() -> Iterator[LocalService]:
    """A service of the small template, with an admin and another user."""
    users = {"mary": User(groups=("sales",)), "root": User(admin=True)}
    with in_memory(template=SMALL_TEMPLATE, users=users) as service:
        yield service


def post(service: LocalService, path: str, body: Any, user: str = "demo") -> Answered:
    headers = {**bearer(service.token(user)), **JSON}
    return call("POST", service.url + path, json.dumps(body).encode(), headers)


def create(service: LocalService, name: str, **more: Any) -> dict[str, Any]:
    answer = post(service, "/v1/services/operator-p4/tasks", {"name": name, **more})
    assert answer.status == 201, answer.body
    task: dict[str, Any] = answer.json()
    return task


def test_a_task_that_is_created_is_found(service: LocalService) -> None:
    task = create(service, "found")

    found = post(service, "/task", {"taskId": task["tid"]}).json()

    assert [each["name"] for each in found] == ["found"]


def test_a_created_task_is_published(service: LocalService) -> None:
    service.events()

    task = create(service, "announced", candidateGroups=["sales"])

    [event] = service.events()
    assert event["source"] == "taskdock"
    assert event["detail-type"] == "TaskCreated"
    assert event["detail"]["tid"] == task["tid"]


def test_an_event_is_one_line_on_the_console(
    service: LocalService, capfd: pytest.CaptureFixture[str]
) -> None:
    task = create(service, "a name nobody should read in a log")
    service.events()

    console = capfd.readouterr().out
    assert f"event TaskCreated operator-p4 {task['tid']} 1" in console.splitlines()
    assert "nobody should read" not in console


def test_concurrent_callers_are_kept_apart(service: LocalService) -> None:
    users = [*BUILT_IN_USERS] * 6

    def ask(user: str) -> str:
        answer = call(
            "GET", f"{service.url}/task?candidateUser=x", headers=bearer(service.token(user))
        )
        assert answer.status == 200, answer.body
        owner = post(service, "/v1/services/operator-p4/tasks", {"name": "mine"}, user).json()
        return str(owner["owner"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, users)) == users


def test_the_identity_provider_leads_to_the_token_endpoint(service: LocalService) -> None:
    url = call("GET", f"{service.url}/v1/auth").json()["url"]
    configuration = call("GET", f"{url}/.well-known/openid-configuration").json()
    client, secret = service.machine_client
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}

    answer = call("POST", configuration["token_endpoint"], urlencode(form).encode())

    assert answer.json()["token_type"] == "Bearer"
    tasks = call("GET", f"{service.url}/task", headers=bearer(answer.json()["access_token"]))
    assert tasks.status == 200
    assert call("GET", configuration["jwks_uri"]).json()["keys"]


def test_a_page_signs_somebody_in_with_what_it_is_told(service: LocalService) -> None:
    told = call("GET", f"{service.url}/v1/auth").json()
    verifier, page = "v" * 43, f"{service.url}/inbox/signed-in"
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": told["clientId"],
        "redirect_uri": page,
        "scope": " ".join(told["scopes"]),
        "code_challenge": digest.decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    address = f"{told['authorizeUrl']}?{urlencode(asked)}"
    assert b'value="mary"' in call("GET", address).body

    chosen = call("POST", address, b"user=mary")
    [code] = parse_qs(urlsplit(chosen.headers["location"]).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "client_id": told["clientId"],
        "redirect_uri": page,
        "code": code,
        "code_verifier": verifier,
    }
    tokens = call("POST", told["tokenUrl"], urlencode(form).encode()).json()

    assert chosen.headers["location"].startswith(f"{page}?")
    tasks = call("GET", f"{service.url}/task", headers=bearer(tokens["access_token"]))
    assert tasks.status == 200
    person = call("GET", f"{service.url}/task", headers=bearer(tokens["id_token"]))
    assert person.status == 403
    renewal = call("GET", f"{service.url}/task", headers=bearer(tokens["refresh_token"]))
    assert renewal.status == 401
    leaving = urlencode({"client_id": told["clientId"], "logout_uri": page})
    gone = call("GET", f"{told['signOutUrl']}?{leaving}")
    assert (gone.status, gone.headers["location"]) == (302, page)


def test_a_built_page_is_served_beside_the_api(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    built.mkdir()
    (built / "index.html").write_text("the inbox", encoding="utf-8")
    with in_memory(template=SMALL_TEMPLATE, inbox=tmp_path) as service:
        assert service.inbox_url == f"{service.url}/inbox/"
        assert call("GET", service.inbox_url).body == b"the inbox"
        assert call("HEAD", service.inbox_url).body == b""
        assert call("GET", f"{service.url}/open").status == 200
        led = call("GET", f"{service.url}/", headers={"Accept": "text/html"})
        assert (led.status, led.headers["location"]) == (302, "/inbox/")
        assert greeting(service, "demo", 1).startswith(f"inbox: {service.url}/inbox/\n")
    with in_memory(template=SMALL_TEMPLATE) as service:
        assert service.inbox_url is None
        assert call("GET", f"{service.url}/inbox/").status == 404
        assert greeting(service, "demo", 1).startswith("table: ")


class TestTokens:
    def client_token(self, small: LocalService, **form: str) -> Answered:
        return call("POST", f"{small.url}/local/oauth2/token", urlencode(form).encode())

    def test_a_user_gets_a_token_that_works(self, small: LocalService) -> None:
        answer = call("GET", f"{small.url}/local/token?user=mary")

        token = answer.json()["access_token"]
        assert call("GET", f"{small.url}/echo", headers=bearer(token)).status == 200

    @pytest.mark.parametrize("query", ["?user=nobody", "?user=", ""])
    def test_an_unknown_user_is_a_404_that_names_the_known(
        self, small: LocalService, query: str
    ) -> None:
        answer = call("GET", f"{small.url}/local/token{query}")

        assert answer.status == 404
        assert "mary, root" in answer.json()["message"]

    @pytest.mark.parametrize(
        ("form", "error"),
        [
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"grant_type": "client_credentials"}, "invalid_client"),
            ({"client_secret": "guessed"}, "invalid_client"),
            ({"scope": "taskdock/tasks.read everything"}, "invalid_scope"),
        ],
    )
    def test_a_bad_request_for_a_program_is_refused_as_cognito_does(
        self, small: LocalService, form: dict[str, str], error: str
    ) -> None:
        client, secret = small.machine_client
        good = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        wanted = form if "grant_type" in form else {**good, **form}

        answer = self.client_token(small, **wanted)

        assert (answer.status, answer.json()) == (400, {"error": error})

    def test_a_program_may_ask_for_less(self, small: LocalService) -> None:
        client, secret = small.machine_client
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}

        token = self.client_token(small, **form, scope="taskdock/tasks.read").json()

        headers = bearer(token["access_token"])
        assert call("GET", f"{small.url}/echo", headers=headers).status == 200
        assert call("GET", f"{small.url}/admin", headers=headers).status == 403

    def test_nothing_else_is_under_local(self, small: LocalService) -> None:
        assert call("GET", f"{small.url}/local/secrets").status == 404
        assert call("POST", f"{small.url}/local/token?user=mary").status == 404


class TestFile:
    @pytest.mark.usefixtures("dynoxide_endpoint")  # skips where it cannot be had
    def test_tasks_survive_a_restart(self, tmp_path: Path) -> None:
        (tmp_path / "dynoxide-1.2.1").symlink_to(REPOSITORY / ".local" / "dynoxide-1.2.1")
        settings = LocalSettings(port=0, store=Store.DYNOXIDE, folder=tmp_path)
        with LocalService(settings) as before:
            task = create(before, "survivor")
            token = before.token("demo")
        with LocalService(settings) as after:
            found = call("GET", f"{after.url}/task/{task['tid']}", headers=bearer(token))

        assert (found.status, found.json()["name"]) == (200, "survivor")

    def test_a_file_of_another_template_is_refused(
        self, tmp_path: Path, dynoxide_endpoint: str
    ) -> None:
        changed = tmp_path / "template.yaml"
        original = SMALL_TEMPLATE.read_text(encoding="utf-8")
        changed.write_text(original.replace("PK", "ID"), encoding="utf-8")
        both = {"port": 0, "dynamodb_endpoint": dynoxide_endpoint, "stack": "twice"}
        with LocalService(LocalSettings(template=SMALL_TEMPLATE, **both)):  # type: ignore[arg-type]
            pass

        with (
            pytest.raises(CannotStart, match="other keys or indexes"),
            LocalService(LocalSettings(template=changed, **both)),  # type: ignore[arg-type]
        ):
            pass


class TestRefusals:
    def test_a_port_in_use_is_named(self) -> None:
        with in_memory(template=SMALL_TEMPLATE) as service:
            port = int(service.url.rpartition(":")[2])
            second = LocalService(LocalSettings(port=port, template=SMALL_TEMPLATE))

            with pytest.raises(CannotStart, match=f"port {port}: Address already in use"), second:
                pass

    @pytest.mark.parametrize(
        ("environ", "reason"),
        [
            ({"PORT": "many"}, "PORT is 'many'"),
            ({"PORT": "70000"}, "ports end at 65535"),
            ({"STORE": "redis"}, "dynoxide or moto"),
            ({"LOCAL_NOW": "now"}, "LOCAL_NOW is 'now'"),
            ({"LOCAL_USERS": "/nowhere/users.json"}, "No such file"),
        ],
    )
    def test_a_bad_variable_is_named(self, environ: dict[str, str], reason: str) -> None:
        with pytest.raises(CannotStart, match=reason):
            LocalSettings.of(environ)

    @pytest.mark.parametrize(
        ("name", "value", "reason"),
        [
            ("MAX_READ_UNITS", "lots", "must be a number"),
            ("EXPRESSIONS_ENABLED", "maybe", "true or false"),
            ("BASE_PATH", "no-slash", "must match"),
        ],
    )
    def test_a_value_that_the_template_does_not_allow_is_named(
        self, name: str, value: str, reason: str
    ) -> None:
        with (
            pytest.raises(CannotStart, match=f"{name} is .*{reason}"),
            in_memory(shell={name: value}),
        ):
            pass

    def test_a_missing_template_is_named(self, tmp_path: Path) -> None:
        with (
            pytest.raises(CannotStart, match="No such file"),
            in_memory(template=tmp_path / "template.yaml"),
        ):
            pass


class TestUsers:
    def test_a_file_replaces_the_built_in_users(self, tmp_path: Path) -> None:
        file = tmp_path / "users.json"
        file.write_text(
            '{"ann": {"groups": ["a"], "tenants": ["t"], "admin": true}, "bob": {}}',
            encoding="utf-8",
        )

        settings = LocalSettings.of({"LOCAL_USERS": str(file)})

        assert settings.users == {"ann": User(("a",), ("t",), admin=True), "bob": User()}
        assert settings.users["ann"].memberships == ("a", "tenant:t")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("{", "is no JSON"),
            ("[]", "must be an object"),
            ('{"ann": []}', "ann must be an object"),
            ('{"ann": {"groups": "a"}}', "ann.groups must be a list"),
            ('{"ann": {"tenants": [1]}}', "ann.tenants must be a list"),
            ('{"ann": {"admin": "yes"}}', "ann.admin must be true or false"),
            ('{"ann": {"firstName": 1}}', "ann.firstName must be a string"),
        ],
    )
    def test_a_file_that_says_something_else_is_refused(
        self, tmp_path: Path, text: str, reason: str
    ) -> None:
        file = tmp_path / "users.json"
        file.write_text(text, encoding="utf-8")

        with pytest.raises(CannotStart, match=reason):
            users_in(file)

    def test_a_file_gives_users_names(self, tmp_path: Path) -> None:
        file = tmp_path / "users.json"
        names = {"firstName": "Ann", "lastName": "Lee", "email": "ann@example.org"}
        file.write_text(json.dumps({"ann": names, "bob": {"email": ""}}), encoding="utf-8")

        with in_memory(users=users_in(file)) as service:
            url, token = service.url, bearer(service.token("ann"))
            ann, bob = (
                call("GET", f"{url}/user/{user}/profile", headers=token).json()
                for user in ("ann", "bob")
            )

        assert ann == {"id": "ann", **names}
        assert bob == {"id": "bob", "firstName": None, "lastName": None, "email": None}

    def test_cognito_knows_the_groups(self, service: LocalService) -> None:
        from local.clients import Clients

        cognito = Clients().client("cognito-idp", service.cloud.endpoint)

        answer = cognito.admin_list_groups_for_user(
            UserPoolId=service.cloud.pool.id, Username="mary"
        )

        names = {group["GroupName"] for group in answer["Groups"]}
        assert names == {"sales", "support", "tenant:t1"}


def test_the_clock_can_be_stopped() -> None:
    with in_memory(now=1_000_000_000_000) as service:
        create(service, "late", due="2001-09-09T01:46:40.000+0000")
        found = post(service, "/task", {"dueDateExpression": "${now()}"}).json()

    assert [task["name"] for task in found] == ["late"]
    assert [task["created"] for task in found] == ["2001-09-09T01:46:40.000+0000"]


def test_https_is_spoken_on_request(tmp_path: Path) -> None:
    with in_memory(template=SMALL_TEMPLATE, tls=True, folder=tmp_path) as service:
        first = (tmp_path / "certificate.pem").read_bytes()
        answer = call("GET", f"{service.url}/open")
    with in_memory(template=SMALL_TEMPLATE, tls=True, folder=tmp_path):
        again = (tmp_path / "certificate.pem").read_bytes()

    assert service.url.startswith("https://")
    assert answer.json()["event"]["headers"]["x-forwarded-proto"] == "https"
    assert first == again
    assert (tmp_path / "certificate.pem").stat().st_mode & 0o077 == 0


def test_say_prints_whole_lines(capfd: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(say, ["a" * 500] * 200))

    assert set(capfd.readouterr().out.splitlines()) == {"a" * 500}
