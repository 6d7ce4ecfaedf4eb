"""HTTP apps: which route an event finds, and what becomes of errors."""

import json
from io import StringIO
from typing import Any

import pytest
from taskdock.domain.errors import BadUserRequest, NotFound, TemporarilyUnavailable
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.logging import logger
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Action, Routes
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from tests.support.http_events import Context, Reply, http_event, reply

SHOW = "GET /task/{id}"


def show_path(request: Request, _: Wiring) -> Answer:
    return Answer(200, dict(request.path))


def an_app(action: Action = show_path, settings: Settings | None = None, **options: Any) -> HttpApp:
    wiring = Wiring(settings or Settings())
    routes = Routes()
    for path in ("/task/{id}", "/task/{id}/comment/{cid}"):
        routes.get(path, **options)(action)
    return HttpApp(lambda: wiring, routes)


def ask(app: HttpApp, event: dict[str, Any]) -> Reply:
    return reply(app(event, Context()))


@pytest.mark.parametrize(
    "value",
    ["a", "a b", "50%", "%41", "ä", "😀", "€?", 'a"b', "a#b", "a\\b\n", "a.b:c_d-e", "'(~)'*!"],
)
def test_a_path_value_arrives_as_the_gateway_decoded_it(value: str) -> None:
    assert ask(an_app(), http_event(SHOW, {"id": value})).json == {"id": value}


def test_several_values_keep_their_names() -> None:
    event = http_event("GET /task/{id}/comment/{cid}", {"id": "t1", "cid": "c1"})

    assert ask(an_app(), event).json == {"id": "t1", "cid": "c1"}


@pytest.mark.parametrize("path", ["/engine-rest/task/t1", "/task/t1"])
def test_the_context_path_is_no_part_of_a_route(path: str) -> None:
    app = an_app(settings=Settings(base_path="/engine-rest"))
    event = http_event(SHOW, {"id": "t1"}) | {"rawPath": path}

    assert ask(app, event).status == 200


def test_the_stage_is_no_part_of_a_route() -> None:
    event = http_event(SHOW, {"id": "t1"}) | {"rawPath": "/live/task/t1"}
    event["requestContext"]["stage"] = "live"

    assert ask(an_app(), event).json == {"id": "t1"}


def test_a_context_path_that_is_called_as_a_route_is_taken_off_once() -> None:
    event = http_event(SHOW, {"id": "t1"}) | {"rawPath": "/task/task/t1"}
    event["requestContext"]["stage"] = "task"

    assert ask(an_app(settings=Settings(base_path="/task")), event).json == {"id": "t1"}


def test_a_stage_that_the_path_does_not_show_takes_nothing_from_it() -> None:
    event = http_event(SHOW, {"id": "t1"})
    event["requestContext"]["stage"] = "live"

    assert ask(an_app(), event).json == {"id": "t1"}


@pytest.mark.parametrize("route", ["GET /nothing", "OPTIONS /nothing", "GET /task/{id}/more"])
def test_what_is_no_route_is_a_404_in_the_usual_shape(route: str) -> None:
    answer = ask(an_app(), http_event(route, {"id": "t1"}))

    assert answer.status == 404
    assert answer.json["type"] == "NotFoundException"
    assert answer.json.keys() == {"type", "message", "code"}


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST"])
def test_a_path_that_is_there_for_other_methods_is_a_405_that_names_them(method: str) -> None:
    answer = ask(an_app(), http_event(f"{method} /task/{{id}}", {"id": "t1"}))

    assert (answer.status, answer.json["type"]) == (405, "NotAllowedException")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_says_which_methods_there_are() -> None:
    answer = ask(an_app(), http_event("OPTIONS /task/{id}", {"id": "t1"}))

    assert (answer.status, answer.text) == (200, "")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_paths_of_other_functions_are_known_without_being_answered() -> None:
    routes = Routes()
    routes.delete("/filter/{id}")(show_path)
    app = HttpApp(lambda: Wiring(Settings()), elsewhere=lambda: [routes])

    answer = ask(app, http_event("GET /filter/{id}", {"id": "f1"}))

    assert (answer.status, answer.headers["allow"]) == (405, "DELETE, OPTIONS")


def test_an_error_is_answered_in_the_usual_shape() -> None:
    def refuse(_request: Request, _wiring: Wiring) -> Answer:
        raise BadUserRequest("no")

    answer = ask(an_app(refuse), http_event(SHOW, {"id": "t1"}))

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"type": "BadUserRequestException", "message": "no", "code": None}


def test_an_answer_too_large_becomes_an_error_with_its_own_words() -> None:
    def talk(_request: Request, _wiring: Wiring) -> Answer:
        return Answer(200, "x" * 7_000_000, too_large="ask for less")

    answer = ask(an_app(talk), http_event(SHOW, {"id": "t1"}))

    assert (answer.status, answer.json["type"]) == (422, "ResponseTooLargeException")
    assert answer.json["message"] == "ask for less"


def test_a_fault_of_ours_fails_the_invocation() -> None:
    def fail(_request: Request, _wiring: Wiring) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        an_app(fail)(http_event(SHOW, {"id": "t1"}), Context())


def test_strangers_are_turned_away_before_anything_is_looked_at() -> None:
    answer = ask(an_app(), http_event(SHOW, {"id": "t1"}, claims=None, headers={"accept": "x/y"}))

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_public_route_is_for_strangers_too() -> None:
    assert ask(an_app(public=True), http_event(SHOW, {"id": "t1"}, claims=None)).status == 200


def test_what_a_caller_cannot_read_is_not_even_tried() -> None:
    def fail(_request: Request, _wiring: Wiring) -> Answer:
        raise AssertionError

    event = http_event(SHOW, {"id": "t1"}, headers={"accept": "text/html"})

    assert ask(an_app(fail), event).status == 406


def test_an_answer_without_body_suits_everyone() -> None:
    event = http_event(SHOW, {"id": "t1"}, headers={"accept": "text/html"})

    answer = ask(an_app(lambda _request, _wiring: NO_CONTENT, produces=()), event)

    assert (answer.status, answer.text) == (204, "")
    assert "content-type" not in answer.headers


def test_what_is_only_read_is_not_to_be_shown_again_unasked() -> None:
    routes = Routes()
    routes.post("/task/{id}")(show_path)
    routes.get("/task/{id}")(show_path)
    app = HttpApp(lambda: Wiring(Settings()), routes)

    assert ask(app, http_event(SHOW, {"id": "t1"})).headers["cache-control"] == "no-cache"
    changed = ask(app, http_event("POST /task/{id}", {"id": "t1"}))
    assert "cache-control" not in changed.headers


def test_a_large_answer_is_gzipped() -> None:
    def talk(_request: Request, _wiring: Wiring) -> Answer:
        return Answer(200, ["ä"] * 2000)

    event = http_event(SHOW, {"id": "t1"}, headers={"accept-encoding": "gzip"})

    answer = ask(an_app(talk), event)

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json == ["ä"] * 2000


@pytest.mark.parametrize(
    "path", ["/task/t1/", "/engine/default/task/t1", "/engine/default/task/t1/"]
)
def test_a_last_slash_and_the_engines_name_change_nothing(path: str) -> None:
    event = http_event(SHOW, {"id": "t1"}) | {"rawPath": path}

    assert ask(an_app(), event).json == {"id": "t1"}


def test_an_engine_of_another_name_is_a_404() -> None:
    event = http_event(SHOW, {"id": "t1"}) | {"rawPath": "/engine/other/task/t1"}

    assert ask(an_app(), event).status == 404


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        ("/task/", "", "/task"),
        ("/live/task/count/", "name=a%20b", "/live/task/count?name=a%20b"),
        ("/a b/ä/", "", "/a%20b/%C3%A4"),
        ("/a?b/", "", "/a%3Fb"),
    ],
)
def test_a_path_of_another_function_with_a_last_slash_is_redirected(
    path: str, query: str, target: str
) -> None:
    answer = ask(an_app(), http_event(f"POST {path}", query=query))

    assert (answer.status, answer.headers["location"], answer.text) == (308, target, "")


@pytest.mark.parametrize("path", ["//evil.example/", "/task//t1/", "/task/t1//", "/"])
def test_an_empty_segment_is_a_404_and_no_redirect(path: str) -> None:
    answer = ask(an_app(), http_event(f"GET {path}"))

    assert (answer.status, answer.json["type"]) == (404, "NotFoundException")


def test_head_is_get_without_the_body() -> None:
    shown, asked = (ask(an_app(), http_event(f"{m} /task/t1")) for m in ("GET", "HEAD"))

    assert (asked.status, asked.text, asked.headers) == (200, "", shown.headers)
    assert shown.text


def test_head_of_bytes_says_nothing_of_base64() -> None:
    app = an_app(lambda _request, _wiring: Answer(200, b"abc", media_type="a/b"), produces=())

    assert app(http_event("HEAD /task/t1"), Context())["isBase64Encoded"] is False


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What is logged."""
    written = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", written)
    return written


def test_a_request_is_one_line_of_ids_and_figures(log: StringIO) -> None:
    def show(_request: Request, _wiring: Wiring) -> Answer:
        return Answer(200, {"name": "Fire Mary"}, facts={"readUnits": 0.5})

    event = http_event(
        "GET /task/{id}/comment/{cid}", {"id": "t1", "cid": "Mary's secret"}, query="name=Mary"
    )
    event["headers"]["authorization"] = "Bearer secret"
    an_app(show)(event, Context())

    lines = log.getvalue().splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert line.pop("milliseconds") >= 0
    line.pop("timestamp")
    assert line == {
        "level": "INFO",
        "message": "answered",
        "service": "taskdock",
        "route": "GET /task/{id}/comment/{cid}",
        "requestId": "Jp1w0request=",
        "invocationId": "e3a1c5b0-invocation",
        "caller": "demo",
        "ids": {"id": "t1"},
        "status": 200,
        "readUnits": 0.5,
    }


def test_an_outage_is_logged_with_its_cause(log: StringIO) -> None:
    def fail(_request: Request, _wiring: Wiring) -> Answer:
        raise TemporarilyUnavailable("later") from OSError("no route")

    answer = ask(an_app(fail), http_event(SHOW, {"id": "t1"}))

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    line = json.loads(log.getvalue())
    assert line["cause"] == "OSError('no route')"
    assert line["error"] == "TemporarilyUnavailableException"


def test_rare_routes_are_loaded_for_what_no_other_route_matches() -> None:
    loaded: list[str] = []

    def rare() -> tuple[Routes, ...]:
        loaded.append("rare")
        routes = Routes()
        routes.get("/reports/{id}")(show_path)
        return (routes,)

    common = Routes()
    common.get("/task/{id}")(show_path)
    app = HttpApp(lambda: Wiring(Settings()), common, rare=rare)

    assert ask(app, http_event(SHOW, {"id": "t1"})).status == 200
    assert loaded == []
    assert ask(app, http_event("GET /reports/{id}", {"id": "r1"})).json == {"id": "r1"}
    assert ask(app, http_event("GET /nothing")).status == 404
    assert loaded == ["rare"]


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/task/count"), ("GET", "/task/count/")])
def test_rare_routes_come_first_for_head_and_a_last_slash(method: str, path: str) -> None:
    """API Gateway sends them to the function of `/task/{proxy+}`, whatever they are for."""
    rare, common = Routes(), Routes()
    rare.get("/task/count")(lambda _request, _wiring: Answer(200, {"count": 3}))
    common.get("/task/{id}")(show_path)
    app = HttpApp(lambda: Wiring(Settings()), common, rare=lambda: (rare,))

    answer = ask(app, http_event(f"{method} {path}"))

    assert (answer.status, answer.text) == (200, "" if method == "HEAD" else '{"count":3}')


def test_an_action_that_finds_nothing_is_called_once() -> None:
    calls: list[str] = []

    def find(request: Request, _: Wiring) -> Answer:
        calls.append(request.path["id"])
        raise NotFound("no")

    routes = Routes()
    routes.get("/task/{id}")(find)
    app = HttpApp(lambda: Wiring(Settings()), routes, rare=tuple)

    assert ask(app, http_event(SHOW, {"id": "t1"})).status == 404
    assert calls == ["t1"]
