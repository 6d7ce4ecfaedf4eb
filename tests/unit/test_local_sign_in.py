"""Signing in to the local service as a page does: a code, tokens for it, renewal, sign-out."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from local.http_messages import Answer, Request
from local.settings import User
from local.sign_in import CODE_LIFETIME
from local.token_endpoint import TokenEndpoint
from local.tokens import RENEWABLE, SIGNED_IN
from local.user_pool import AppClient, UserPool

VERIFIER: Final = "a-verifier-that-only-the-page-knows-and-nobody-guesses"
PAGE: Final = "http://127.0.0.1:3008/inbox/signed-in"
READ: Final = "taskdock/tasks.read"
PEOPLE: Final = AppClient("people", None, ("code",), ("openid", READ))
PROGRAMS: Final = AppClient("programs", "secret", ("client_credentials",), (READ,))
MARY: Final = User(
    groups=("sales",), tenants=("t1",), first_name="Mary", last_name="<b>", email="mary@example.org"
)


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


ASKED: Final = {
    "client_id": "people",
    "response_type": "code",
    "redirect_uri": PAGE,
    "scope": f"openid {READ}",
    "state": "s&1",
    "nonce": "n1",
    "code_challenge": challenge(VERIFIER),
    "code_challenge_method": "S256",
}


class Browser:
    """A browser that keeps the cookie, and the service that it talks to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.cookie: str | None = None
        users = {"mary": MARY, "bob": User()}
        pool = UserPool("pool", (PROGRAMS, PEOPLE), users, (READ,))
        issuer = "https://pool.example"
        self._endpoint = TokenEndpoint(pool, issuer, {}, "http://127.0.0.1:3008", lambda: self.now)

    def send(
        self, method: str, path: str, query: str = "", body: bytes = b"", **headers: str
    ) -> Answer:
        cookies = {} if self.cookie is None else {"cookie": f"other=1; {self.cookie}"}
        sent = tuple({**cookies, **headers}.items())
        answer = self._endpoint.answer(Request(method, f"/local/{path}", query, sent, body))
        for name, value in answer.headers:
            if name == "set-cookie":
                self.cookie = value.partition(";")[0]
        return answer

    def authorize(self, method: str = "GET", body: bytes = b"", **asked: str | None) -> Answer:
        fields = {name: value for name, value in {**ASKED, **asked}.items() if value is not None}
        return self.send(method, "oauth2/authorize", urlencode(fields), body)

    def choose(self, user: str = "mary", **asked: str | None) -> str:
        return told(self.authorize("POST", f"user={user}".encode(), **asked))["code"]

    def tokens(self, code: str, **changed: str) -> Answer:
        form = {
            "grant_type": "authorization_code",
            "client_id": "people",
            "redirect_uri": PAGE,
            "code": code,
            "code_verifier": VERIFIER,
        }
        return self.send("POST", "oauth2/token", body=urlencode({**form, **changed}).encode())

    def renew(self, refresh_token: str, client_id: str = "people") -> Answer:
        form = {"grant_type": "refresh_token", "client_id": client_id}
        body = urlencode({**form, "refresh_token": refresh_token}).encode()
        return self.send("POST", "oauth2/token", body=body)


@pytest.fixture
def browser() -> Browser:
    """A browser that nobody has signed in with."""
    return Browser()


def header(answer: Answer, name: str) -> str:
    return dict(answer.headers)[name]


def told(answer: Answer) -> dict[str, str]:
    """What a redirect to the page tells it."""
    assert answer.status == 302
    address, _, query = header(answer, "location").partition("?")
    assert address == PAGE
    return {name: values[-1] for name, values in parse_qs(query).items()}


def content(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    read: dict[str, Any] = json.loads(answer.body)
    return read


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["error"]


def claims(token: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return read


def test_one_chooses_among_the_users_of_the_pool(browser: Browser) -> None:
    page = browser.authorize()
    html = page.body.decode()

    assert page.status == 200
    assert re.findall(r'name="user" value="(\w+)"', html) == ["bob", "mary"]
    assert "Mary &lt;b&gt; (mary)" in html
    assert "<script" not in html


def test_the_page_runs_nothing_and_leads_to_nobody_else(browser: Browser) -> None:
    page = browser.authorize(redirect_uri="http://localhost:5173/back")
    policy = header(page, "content-security-policy")
    [style] = re.findall("<style>(.*)</style>", page.body.decode(), re.DOTALL)
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{fingerprint}'" in policy
    assert "form-action 'self' http://localhost:5173;" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_page_gets_tokens_for_its_code(browser: Browser) -> None:
    back = told(browser.authorize("POST", b"user=mary"))
    tokens = content(browser.tokens(back["code"]))

    assert back["state"] == "s&1"
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", SIGNED_IN)
    access, person = claims(tokens["access_token"]), claims(tokens["id_token"])
    assert (access["username"], access["client_id"]) == ("mary", "people")
    assert access["scope"] == f"openid {READ}"
    assert access["cognito:groups"] == ["sales", "tenant:t1"]
    assert access["exp"] == browser.now + SIGNED_IN
    assert (person["aud"], person["nonce"]) == ("people", "n1")
    assert person["cognito:username"] == "mary"
    assert (person["given_name"], person["email"]) == ("Mary", "mary@example.org")
    assert person["sub"] == access["sub"]


def test_a_second_tab_needs_no_second_choice(browser: Browser) -> None:
    browser.choose("mary")

    tokens = content(browser.tokens(told(browser.authorize())["code"]))

    assert claims(tokens["access_token"])["username"] == "mary"


@pytest.mark.parametrize("prompt", ["login", "select_account"])
def test_a_page_may_have_the_choice_made_again(browser: Browser, prompt: str) -> None:
    browser.choose("mary")

    assert browser.authorize(prompt=prompt).status == 200
    again = browser.choose("bob", prompt=prompt)
    assert claims(content(browser.tokens(again))["access_token"])["username"] == "bob"


def test_a_page_may_ask_for_nothing_to_be_shown(browser: Browser) -> None:
    assert told(browser.authorize(prompt="none"))["error"] == "login_required"
    browser.choose("mary")
    assert "code" in told(browser.authorize(prompt="none"))


def test_a_session_ends(browser: Browser) -> None:
    browser.choose("mary")
    browser.now += 12 * 60 * 60 + 1

    assert told(browser.authorize(prompt="none"))["error"] == "login_required"


def test_a_token_is_no_session(browser: Browser) -> None:
    access = content(browser.tokens(browser.choose("mary")))["access_token"]
    browser.cookie = f"taskdock-local-session={access}"

    assert browser.authorize().status == 200


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "https://evil.example/",
        "http://127.0.0.1:3008@evil.example/",
        "http://evil.example\\@127.0.0.1/",
        "http://127.0.0.1.evil.example/",
        "//evil.example/",
        "/inbox/",
        "javascript:alert(1)",
        "http://127.0.0.1:3008/#part",
        "http://127.0.0.1:3008/\r\nset-cookie: a=b",
        "http://127.0.0.1:port/",
        "http://[::1/",
        "http://user@localhost/",
    ],
)
def test_nobody_is_sent_to_another_machine(browser: Browser, address: str | None) -> None:
    for method, body in (("GET", b""), ("POST", b"user=mary")):
        answer = browser.authorize(method, body, redirect_uri=address)

        assert answer.status == 400
        assert b"redirect_uri is no address on this machine" in answer.body
        assert not {"location", "set-cookie"} & dict(answer.headers).keys()
    leaving = urlencode({"client_id": "people", "logout_uri": address or ""})
    assert browser.send("GET", "logout", leaving).status == 400


@pytest.mark.parametrize(
    "address", ["http://localhost:5173/x?a=b", "https://127.0.0.1/", "http://[::1]:8080/back"]
)
def test_a_program_on_this_machine_is_answered(browser: Browser, address: str) -> None:
    answer = browser.authorize("POST", b"user=mary", redirect_uri=address)

    assert header(answer, "location").startswith(address)
    assert "code" in parse_qs(urlsplit(header(answer, "location")).query)


@pytest.mark.parametrize("client_id", [None, "nobody", "programs"])
def test_a_client_that_is_not_for_people_is_refused(
    browser: Browser, client_id: str | None
) -> None:
    assert browser.authorize(client_id=client_id).status == 400


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "openid taskdock/admin"}, "invalid_scope"),
    ],
)
def test_a_page_is_told_what_is_wrong(
    browser: Browser, asked: dict[str, str | None], error: str
) -> None:
    assert told(browser.authorize("GET", b"", **asked)) == {"error": error, "state": "s&1"}


def test_an_unknown_user_is_nobody(browser: Browser) -> None:
    assert browser.authorize("POST", b"user=root").status == 400
    assert browser.authorize("POST", b"\xff\xfe").status == 400
    assert browser.cookie is None


def test_a_code_is_good_for_the_page_that_asked_and_once(browser: Browser) -> None:
    refused = (400, "invalid_grant")

    assert refusal(browser.tokens("guessed")) == refused
    for wrong in (
        {"code_verifier": "another"},
        {"client_id": "programs"},
        {"redirect_uri": "http://127.0.0.1:3008/elsewhere"},
    ):
        code = browser.choose()
        assert refusal(browser.tokens(code, **wrong)) == refused
        assert refusal(browser.tokens(code)) == refused, "it was used, if in vain"
    code = browser.choose()
    assert browser.tokens(code).status == 200
    assert refusal(browser.tokens(code)) == refused


def test_a_code_that_waits_too_long_is_good_for_nothing(browser: Browser) -> None:
    in_time, late = browser.choose(), browser.choose()
    browser.now += CODE_LIFETIME
    assert browser.tokens(in_time).status == 200
    browser.now += 1

    assert refusal(browser.tokens(late)) == (400, "invalid_grant")


def test_tokens_are_renewed_until_the_day_is_over(browser: Browser) -> None:
    first = content(browser.tokens(browser.choose("mary")))
    browser.now += RENEWABLE - 1
    renewed = content(browser.renew(first["refresh_token"]))

    assert renewed.keys() == {"access_token", "id_token", "token_type", "expires_in"}
    assert claims(renewed["access_token"])["exp"] == browser.now + SIGNED_IN
    assert claims(renewed["access_token"])["scope"] == f"openid {READ}"
    assert "nonce" not in claims(renewed["id_token"])
    for kind in ("access_token", "id_token"):
        # The moment of the sign-in: a program refuses tokens that change it (OpenID Connect, 12.2).
        assert claims(renewed[kind])["auth_time"] == claims(first[kind])["auth_time"]
    browser.now += 1
    assert refusal(browser.renew(first["refresh_token"])) == (400, "invalid_grant")


def test_only_a_refresh_token_of_that_page_renews(browser: Browser) -> None:
    tokens = content(browser.tokens(browser.choose()))

    for token in (tokens["access_token"], tokens["id_token"], "", "a.b.c", f"{browser.cookie}"):
        assert refusal(browser.renew(token)) == (400, "invalid_grant")
    assert refusal(browser.renew(tokens["refresh_token"], "programs")) == (400, "invalid_grant")


def test_a_revoked_token_renews_nothing(browser: Browser) -> None:
    refresh = content(browser.tokens(browser.choose()))["refresh_token"]

    def revoke(client_id: str) -> Answer:
        form = urlencode({"token": refresh, "client_id": client_id}).encode()
        return browser.send("POST", "oauth2/revoke", body=form)

    assert refusal(revoke("programs")) == (400, "invalid_client")
    assert browser.renew(refresh).status == 200
    assert revoke("people").status == revoke("people").status == 200
    assert refusal(browser.renew(refresh)) == (400, "invalid_grant")


def test_who_signs_out_is_asked_again(browser: Browser) -> None:
    browser.choose("mary")
    leaving = urlencode({"client_id": "people", "logout_uri": PAGE})

    assert header(browser.send("GET", "logout", leaving), "location") == PAGE
    assert browser.authorize().status == 200


def test_without_the_scope_openid_there_is_no_id_token(browser: Browser) -> None:
    tokens = content(browser.tokens(browser.choose(scope=READ)))

    assert claims(tokens["access_token"])["scope"] == READ
    assert "id_token" not in tokens


def test_without_scopes_a_page_gets_what_its_client_may_have(browser: Browser) -> None:
    tokens = content(browser.tokens(browser.choose(scope=None)))

    assert claims(tokens["access_token"])["scope"] == f"openid {READ}"


def test_a_page_on_another_port_may_read_its_tokens_and_another_site_not(browser: Browser) -> None:
    def reader(origin: str) -> str | None:
        answer = browser.send("POST", "oauth2/token", body=b"grant_type=x", origin=origin)
        return dict(answer.headers).get("access-control-allow-origin")

    assert reader("http://localhost:5173") == "http://localhost:5173"
    assert reader("https://evil.example") is None
    assert reader("null") is None


def test_a_form_in_no_known_writing_is_refused(browser: Browser) -> None:
    answer = browser.send("POST", "oauth2/token", body=b"grant_type=\xff")

    assert refusal(answer) == (400, "unsupported_grant_type")
