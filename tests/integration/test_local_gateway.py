"""The gateway checks, translates and fails as API Gateway does."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import pytest

from local.gateway import LARGEST_BODY, LARGEST_HEAD
from local.service import LocalService
from local.settings import User
from local.tokens import TokenIssuer
from tests.support.http import Answered, bearer, call, connected
from tests.support.local_service import SMALL_TEMPLATE, in_memory

USERS: Final = {
    "mary": User(groups=("sales", "accounting"), tenants=("t1",)),
    "root": User(admin=True),
}


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    with in_memory(template=SMALL_TEMPLATE, users=USERS) as service:
        yield service


def get(service: LocalService, target: str, **headers: str) -> Answered:
    return call("GET", service.url + target, headers=headers)


def echoed(service: LocalService, target: str, **headers: str) -> dict[str, Any]:
    """The event that the function saw, mary asking."""
    answer = get(service, target, **bearer(service.token("mary")), **headers)
    assert answer.status == 200, answer.body
    event: dict[str, Any] = answer.json()["event"]
    return event


def posted(service: LocalService, body: bytes, content_type: str | None) -> dict[str, Any]:
    headers = bearer(service.token("mary"))
    if content_type is not None:
        headers["Content-Type"] = content_type
    event: dict[str, Any] = call("POST", service.url + "/echo", body, headers).json()["event"]
    return event


def trouble(service: LocalService, kind: str) -> Answered:
    return call("POST", f"{service.url}/trouble/{kind}", b"")


def signed(service: LocalService, **claims: Any) -> str:
    """mary's token with other claims, by the pool's key; a claim that is None is left out."""
    mary = jwt.decode(service.token("mary"), options={"verify_signature": False})
    changed = {name: value for name, value in {**mary, **claims}.items() if value is not None}
    return TokenIssuer(mary["iss"]).sign(changed)


class TestTokens:
    def test_no_token_is_a_401_in_the_gateways_words(self, service: LocalService) -> None:
        answer = get(service, "/echo")

        assert (answer.status, answer.json()) == (401, {"message": "Unauthorized"})
        assert answer.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        ("claims", "fault"),
        [
            ({"exp": 1_000_000_000}, "the token has expired"),
            ({"nbf": 9_000_000_000}, "the token is not valid yet"),
            ({"iss": "https://elsewhere.example"}, "the token does not have a valid issuer"),
            ({"client_id": "another"}, "the token does not have a valid audience"),
            ({"client_id": None}, "the token does not have a valid audience"),
            ({"aud": ["another"]}, "the token does not have a valid audience"),
            ({"exp": None}, "the token lacks a claim"),
        ],
    )
    def test_a_bad_token_is_a_401_that_says_why(
        self, service: LocalService, claims: dict[str, Any], fault: str
    ) -> None:
        answer = get(service, "/echo", **bearer(signed(service, **claims)))

        assert (answer.status, answer.json()) == (401, {"message": "Unauthorized"})
        assert f'error_description="{fault}"' in answer.headers["www-authenticate"]

    def test_a_tampered_token_is_a_401(self, service: LocalService) -> None:
        head, body, signature = service.token("mary").split(".")
        forged = jwt.utils.base64url_encode(
            jwt.utils.base64url_decode(body).replace(b'"mary"', b'"root"')
        ).decode()

        assert get(service, "/echo", **bearer(f"{head}.{forged}.{signature}")).status == 401

    def test_an_unsigned_token_is_a_401(self, service: LocalService) -> None:
        claims = jwt.decode(service.token("mary"), options={"verify_signature": False})
        unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "dummy"})

        assert get(service, "/echo", **bearer(unsigned)).status == 401

    @pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic bWFyeTptYXJ5", "x.y.z"])
    def test_junk_is_a_401(self, service: LocalService, header: str) -> None:
        assert get(service, "/echo", Authorization=header).status == 401

    def test_an_audience_counts_before_the_client_id(self, service: LocalService) -> None:
        [client] = [each.id for each in service.cloud.pool.clients if "code" in each.flows]

        token = signed(service, aud=client, client_id="another")

        assert get(service, "/echo", **bearer(token)).status == 200

    def test_the_word_bearer_may_be_left_out(self, service: LocalService) -> None:
        assert get(service, "/echo", Authorization=service.token("mary")).status == 200

    def test_a_token_without_the_routes_scope_is_a_403(self, service: LocalService) -> None:
        answer = get(service, "/admin", **bearer(service.token("mary")))

        assert (answer.status, answer.json()) == (403, {"message": "Forbidden"})
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]

    def test_an_admins_token_has_the_admin_scope(self, service: LocalService) -> None:
        assert get(service, "/admin", **bearer(service.token("root"))).status == 200

    def test_a_route_without_authorizer_sees_no_claims(self, service: LocalService) -> None:
        event = get(service, "/open", **bearer(service.token("mary"))).json()["event"]

        assert "authorizer" not in event["requestContext"]

    def test_claims_arrive_as_text(self, service: LocalService) -> None:
        jwt_context = echoed(service, "/echo")["requestContext"]["authorizer"]["jwt"]

        assert jwt_context["claims"]["cognito:groups"] == "[sales accounting tenant:t1]"
        assert jwt_context["claims"]["username"] == "mary"
        assert jwt_context["claims"]["scope"] == "openid taskdock/tasks.read"
        assert int(jwt_context["claims"]["exp"]) > time.time()
        assert jwt_context["scopes"] == ["taskdock/tasks.read"]


class TestRoutes:
    @pytest.mark.parametrize("target", ["/", "/nothing", "/echo//", "/echo/a/b", "/Echo"])
    def test_an_unknown_path_is_a_404_before_any_token(
        self, service: LocalService, target: str
    ) -> None:
        answer = get(service, target)

        assert (answer.status, answer.json()) == (404, {"message": "Not Found"})

    def test_a_last_slash_is_overlooked(self, service: LocalService) -> None:
        assert echoed(service, "/echo/")["routeKey"] == "GET /echo"
        assert echoed(service, "/echo/count/")["rawPath"] == "/echo/count/"

    def test_another_method_is_a_404(self, service: LocalService) -> None:
        assert call("DELETE", service.url + "/echo").status == 404
        assert call("HEAD", service.url + "/echo").status == 404

    def test_a_fixed_segment_comes_before_a_parameter(self, service: LocalService) -> None:
        assert echoed(service, "/echo/count")["routeKey"] == "GET /echo/count"
        assert echoed(service, "/echo/counts")["routeKey"] == "GET /echo/{id}"

    def test_path_parameters_and_the_path_arrive_decoded(self, service: LocalService) -> None:
        event = echoed(service, "/echo/a%20b%2Fc%C3%BC+d")

        assert event["pathParameters"] == {"id": "a b/cü+d"}
        assert event["rawPath"] == "/echo/a b/cü+d"

    def test_the_context_path_is_the_apis_stage(self) -> None:
        shell = {"BASE_PATH": "/engine-rest"}
        with in_memory(template=SMALL_TEMPLATE, users=USERS, shell=shell) as service:
            assert get(service, "/open").status == 404
            event = get(service, "/engine-rest/open").json()["event"]

        assert event["rawPath"] == "/engine-rest/open"
        assert event["requestContext"]["stage"] == "engine-rest"


class TestEvents:
    def test_the_query_arrives_raw_and_read(self, service: LocalService) -> None:
        event = echoed(service, "/echo?a=1&b=x%20y&a=2&empty=&plus=x+y")

        assert event["rawQueryString"] == "a=1&b=x%20y&a=2&empty=&plus=x+y"
        assert event["queryStringParameters"] == {
            "a": "1,2",
            "b": "x y",
            "empty": "",
            "plus": "x y",
        }

    def test_without_a_query_there_are_no_parameters(self, service: LocalService) -> None:
        event = echoed(service, "/echo")

        assert event["rawQueryString"] == ""
        assert not event.keys() & {"queryStringParameters", "pathParameters", "cookies", "body"}

    def test_headers_are_lower_case_and_joined(self, service: LocalService) -> None:
        connection = connected(service.url)
        connection.putrequest("GET", "/open")
        for name, value in (("X-One", "1"), ("x-one", "2"), ("Cookie", "a=1; b=2")):
            connection.putheader(name, value)
        connection.endheaders()
        event = json.loads(connection.getresponse().read())["event"]
        connection.close()

        assert event["headers"]["x-one"] == "1,2"
        assert "cookie" not in event["headers"]
        assert event["cookies"] == ["a=1", "b=2"]

    @pytest.mark.parametrize(
        "content_type", ["application/json", "application/json; charset=utf-8", "text/csv"]
    )
    def test_text_arrives_as_text(self, service: LocalService, content_type: str) -> None:
        event = posted(service, '{"name": "ü"}'.encode(), content_type)

        assert (event["body"], event["isBase64Encoded"]) == ('{"name": "ü"}', False)

    @pytest.mark.parametrize("content_type", ["application/octet-stream", "image/png", None])
    def test_anything_else_arrives_in_base64(
        self, service: LocalService, content_type: str | None
    ) -> None:
        event = posted(service, b"\x00\x01\xff", content_type)

        assert (event["body"], event["isBase64Encoded"]) == ("AAH/", True)

    def test_the_request_context_says_what_api_gateway_says(self, service: LocalService) -> None:
        context = echoed(service, "/echo", **{"User-Agent": "probe"})["requestContext"]

        assert context["http"] == {
            "method": "GET",
            "path": "/echo",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "probe",
        }
        assert (context["routeKey"], context["stage"]) == ("GET /echo", "$default")
        moment = time.strptime(context["time"], "%d/%b/%Y:%H:%M:%S +0000")
        assert int(context["timeEpoch"]) // 1000 == int(time.mktime(moment)) - time.timezone

    def test_the_context_is_the_functions(self, service: LocalService) -> None:
        context = get(service, "/open").json()["context"]

        assert (context["function"], context["memory"]) == ("echo", 256)
        assert context["arn"].endswith(":function:echo")
        assert 0 < context["remaining"] <= 20_000

    def test_variables_are_the_templates_resolved_here(self, service: LocalService) -> None:
        variables = get(service, "/open").json()["variables"]

        assert variables["TABLE_NAME"] == f"{service.settings.stack}-Things"
        assert variables["GREETING"] == "hello"
        assert variables["ISSUER"].endswith(f"/{service.cloud.pool.id}")

    def test_the_shell_sets_parameters(self) -> None:
        with in_memory(template=SMALL_TEMPLATE, shell={"GREETING": "ahoy"}) as service:
            assert get(service, "/open").json()["variables"]["GREETING"] == "ahoy"


class TestAnswers:
    def test_status_headers_cookies_and_bytes_go_out(self, service: LocalService) -> None:
        answer = trouble(service, "bytes")

        assert (answer.status, answer.body) == (201, b"\x00\x01\xff")
        assert answer.headers["etag"] == '"1"'
        assert answer.headers.get_all("set-cookie") == ["a=1; Path=/", "b=2"]

    def test_a_204_has_no_body_and_no_length(self, service: LocalService) -> None:
        answer = trouble(service, "empty")

        assert (answer.status, answer.body) == (204, b"")
        assert "content-length" not in answer.headers

    def test_what_utf8_cannot_say_becomes_a_question_mark(self, service: LocalService) -> None:
        answer = trouble(service, "half-a-character")

        assert (answer.status, answer.body) == (200, b"a?b")

    def test_an_answer_without_status_is_a_200_in_json(self, service: LocalService) -> None:
        answer = trouble(service, "no-status")

        assert (answer.status, answer.json()) == (200, {"tasks": []})
        assert answer.headers["content-type"] == "application/json"

    @pytest.mark.parametrize(
        "kind",
        [
            "crash",
            "exit",
            "unsayable",
            "huge",
            "bad-status",
            "no-text",
            "split-header",
            "no-base64",
        ],
    )
    def test_a_failure_is_a_500_and_its_reason_stays_on_the_console(
        self, service: LocalService, kind: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        answer = trouble(service, kind)

        assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
        assert capfd.readouterr().out

    def test_the_stack_of_a_crash_is_on_the_console(
        self, service: LocalService, capfd: pytest.CaptureFixture[str]
    ) -> None:
        trouble(service, "crash")

        console = capfd.readouterr()
        assert "RuntimeError: a secret of the function" in console.err
        assert 'raise RuntimeError("a secret' in console.err

    def test_each_request_is_one_line(
        self, service: LocalService, capfd: pytest.CaptureFixture[str]
    ) -> None:
        get(service, "/echo?name=secret", **bearer(service.token("mary")))

        [line] = capfd.readouterr().out.splitlines()
        assert line.startswith("GET /echo 200 ")
        assert line.endswith(" ms echo mary")


class TestConnections:
    def test_a_connection_serves_several_requests(self, service: LocalService) -> None:
        connection = connected(service.url)
        for target in ("/open", "/nothing", "/echo", "/open"):
            connection.request("GET", target)
            connection.getresponse().read()
            socket_used = connection.sock
        connection.request("GET", "/open")

        assert connection.sock is socket_used
        assert connection.getresponse().status == 200
        connection.close()

    def test_a_body_in_chunks_is_read(self, service: LocalService) -> None:
        headers = {**bearer(service.token("mary")), "Content-Type": "application/json"}
        connection = connected(service.url)
        connection.request("POST", "/echo", iter([b'{"a"', b": 1}"]), headers, encode_chunked=True)
        event = json.loads(connection.getresponse().read())["event"]
        connection.close()

        assert event["body"] == '{"a": 1}'

    def test_a_body_over_ten_megabytes_is_a_413(self, service: LocalService) -> None:
        answer = call("POST", service.url + "/echo", b"x" * (LARGEST_BODY + 1))

        assert (answer.status, answer.json()) == (413, {"message": "Request Entity Too Large"})

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"x" * 5_000_000, "application/octet-stream"),  # 6.7 MB in base64
            (b"x" * 7_000_000, "application/json"),
            (b'"' * 3_500_000, "application/json"),  # each takes two bytes in the event
            ("\u20ac".encode() * 2_200_000, "text/plain"),
        ],
    )
    def test_a_body_whose_event_is_over_lambdas_limit_is_a_413(
        self, service: LocalService, body: bytes, content_type: str
    ) -> None:
        headers = {**bearer(service.token("mary")), "Content-Type": content_type}
        answer = call("POST", service.url + "/echo", body, headers)

        assert (answer.status, answer.json()) == (413, {"message": "Request Entity Too Large"})

    def test_a_body_just_under_lambdas_limit_is_passed_on(self, service: LocalService) -> None:
        body = b"x" * (4_500_000)
        headers = {**bearer(service.token("mary")), "Content-Type": "application/octet-stream"}
        answer = call("POST", f"{service.url}/trouble/none", body, headers)

        assert answer.status != 413

    def test_request_line_and_headers_over_10240_bytes_together_are_a_431(
        self, service: LocalService
    ) -> None:
        def asked(surplus: int) -> Answered:
            fixed = len("GET /open?x= HTTP/1.1") + len("identity") + len(host) + surplus
            query, header = "a" * 5_000, "b" * (LARGEST_HEAD - fixed - 5_000 + 2 * surplus)
            return get(service, f"/open?x={query}", **{"X-Long": header})

        host = urlsplit(service.url).netloc
        assert asked(0).status == 200
        refused = asked(1)
        assert refused.status == 431
        assert refused.json() == {"message": "Request Header Fields Too Large"}

    def test_a_chunked_body_over_ten_megabytes_is_a_413(self, service: LocalService) -> None:
        chunks = iter([b"x" * 1_048_576] * 11)
        connection = connected(service.url)
        connection.request("POST", "/echo", chunks, encode_chunked=True)
        status = connection.getresponse().status
        connection.close()

        assert status == 413

    @pytest.mark.parametrize(
        "request_bytes",
        [
            b"POST /open HTTP/1.1\r\nContent-Length: many\r\n\r\n",
            b"POST /open HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n",
            b"POST /open HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        ],
    )
    def test_a_request_that_cannot_be_read_is_a_400(
        self, service: LocalService, request_bytes: bytes
    ) -> None:
        parts = urlsplit(service.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as client:
            client.sendall(request_bytes)
            answer = b"".join(iter(lambda: client.recv(4096), b""))

        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.endswith(b'{"message":"Bad Request"}')


class TestBrowsers:
    def test_a_preflight_is_answered_without_a_token(self, service: LocalService) -> None:
        answer = call("OPTIONS", service.url + "/echo", headers={"Origin": "https://one.example"})

        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == "https://one.example"
        assert answer.headers["access-control-allow-methods"] == "GET,POST"
        assert answer.headers["access-control-allow-headers"] == "authorization"
        assert answer.headers["access-control-max-age"] == "60"

    def test_an_allowed_page_may_read_answers_of_every_kind(self, service: LocalService) -> None:
        for target in ("/open", "/echo", "/nothing"):
            answer = get(service, target, Origin="https://two.example")

            assert answer.headers["access-control-allow-origin"] == "https://two.example"
            assert answer.headers["access-control-expose-headers"] == "etag"

    def test_another_page_may_not(self, service: LocalService) -> None:
        for method in ("OPTIONS", "GET"):
            answer = call(method, service.url + "/open", headers={"Origin": "https://none.example"})

            assert "access-control-allow-origin" not in answer.headers
