"""Lists and counts over odd documents and bad connections, through the function's own client."""

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import packed
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.api.answers.tasks import task_json
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import Changes, Put

from functions.query_tasks.handler import create_app
from tests.support.builders import CREATED, a_task
from tests.support.faults import Fault, breaking, refused
from tests.support.http_events import Context, Reply, http_event, reply
from tests.support.tables import Table

MANY: Final = 300
"""So many tasks that the faster decoder and the faster writer are used."""

PLAIN: Final = {"id": "x", "priority": 1, "created": CREATED, "state": "created"}

ODD: Final[dict[str, str]] = {
    "half a surrogate pair": r'"description":"\ud800"',
    "both halves the wrong way round": r'"description":"\udc00\ud800"',
    "half a pair that is not shown": r'"unknown":"\ud800"',
    "a number beyond a double": '"unknown":1e400',
    "no number": '"variables":{"v":{"type":"Double","value":NaN}}',
    "infinity": '"unknown":[-Infinity]',
    "an integer beyond 64 bits": '"priority":1180591620717411303424',
    "a long integer that is not shown": '"unknown":-9223372036854775809',
    "an escaped name": r'"descr\u0069ption":"escaped"',
    "a name twice": '"description":"first","description":"second"',
}


OLDEST_FIRST: Final = {"sorting": [{"sortBy": "created", "sortOrder": "asc"}]}


@pytest.fixture
def wiring(dynoxide_table: Table, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wiring]:
    """The function's dependencies, with the client that is deployed."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    wiring = Wiring(
        Settings(table_name=dynoxide_table.name, dynamodb_endpoint=dynoxide_table.endpoint)
    )
    yield wiring
    wiring._dynamodb.close()


def asked(wiring: Wiring, body: dict[str, Any], route: str = "POST /task") -> Reply:
    app = create_app(lambda: wiring)
    return reply(app(http_event(route, body=json.dumps(body)), Context()))


def fill(wiring: Wiring, number: int = MANY) -> None:
    for place in range(number):
        task = a_task(f"t{place:03}", description="usual", created=CREATED + place)
        wiring.store.commit(Changes([Put(task)]))


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("body", [{}, {"descriptionLike": "%"}], ids=["all", "filtered"])
def test_an_odd_document_among_many_is_shown_as_decoding_all_of_it_shows_it(
    dynoxide_table: Table, wiring: Wiring, odd: str, body: dict[str, Any]
) -> None:
    fill(wiring)
    text = json.dumps({**PLAIN, "id": "odd"}, separators=(",", ":"))[:-1] + f",{odd}}}"
    item = attributes({**keys.task_key("odd"), **keys.index_keys(PLAIN | {"id": "odd"})})  # type: ignore[arg-type]
    dynoxide_table.client.put_item(
        TableName=dynoxide_table.name,
        Item={**item, "version": {"N": "1"}, "doc": packed(text)},
    )
    whole = json.loads(text)
    is_found = not body or "description" in whole

    found = asked(wiring, body)
    counted = asked(wiring, body, "POST /task/count")

    assert found.status == 200
    shown = [task for task in json.loads(found.text) if task["id"] == "odd"]
    assert repr(shown) == repr([json.loads(json.dumps(task_json(whole)))] if is_found else [])
    assert json.loads(counted.text) == {"count": MANY + is_found}


def test_documents_in_plain_text_are_read_among_many(dynoxide_table: Table, wiring: Wiring) -> None:
    fill(wiring)
    old = a_task("old", created=CREATED - 1, description="old form", assignee="demo")
    item = attributes({**keys.task_key(old["id"]), **keys.index_keys(old), "version": 1})
    dynoxide_table.client.put_item(
        TableName=dynoxide_table.name, Item={**item, "doc": {"S": json.dumps(old)}}
    )

    found = asked(wiring, OLDEST_FIRST)

    assert [json.loads(found.text)[0]["id"], len(json.loads(found.text))] == ["old", MANY + 1]
    assert json.loads(asked(wiring, {"assignee": "demo"}).text)[0]["description"] == "old form"


def changed_answer(change: Callable[[bytes], bytes]) -> Fault:
    """The answer comes with a checksum, but its body was changed on the way."""

    def fault(request: AWSPreparedRequest) -> AWSResponse:
        answer = URLLib3Session().send(request)
        content = answer.content
        answer.headers["x-amz-crc32"] = str(zlib.crc32(content))
        answer._content = change(content)  # type: ignore[attr-defined]
        return answer

    return fault


PASSING: Final[dict[str, Fault]] = {
    "a body cut short": changed_answer(lambda content: content[: len(content) // 2]),
    "an empty body": changed_answer(lambda _: b""),
    "a wrong checksum": changed_answer(lambda content: content.replace(b"Count", b"count")),
    "throttled": refused("ProvisionedThroughputExceededException"),
    "failing": refused("InternalServerError", 500),
}


@pytest.mark.parametrize("call", [1, 3, 8])
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_passing_fault_in_the_middle_of_pages_changes_no_answer(
    wiring: Wiring, fault: Fault, call: int
) -> None:
    fill(wiring, 40)
    with breaking(wiring._dynamodb, fault, call=1_000) as usual:
        expected = asked(wiring, OLDEST_FIRST)

    with breaking(wiring._dynamodb, fault, call=call) as sent:
        found = asked(wiring, OLDEST_FIRST)

    assert (found.status, found.text) == (200, expected.text)
    assert sent.count("Query") == len(usual) + 1


def test_a_table_that_stays_throttled_is_a_503_and_the_other_readers_stop(
    wiring: Wiring,
) -> None:
    fill(wiring, 40)
    requests = []

    def throttled(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        requests.append(request)
        return refused("ProvisionedThroughputExceededException")(request)

    handler = cast(Callable[..., None], throttled)
    wiring._dynamodb.meta.events.register("before-send.dynamodb", handler)
    found = asked(wiring, {}, "POST /task/count")

    assert found.status == 503
    assert "retry-after" in found.headers
    # Eight partitions are read at once, three times each at the most.
    assert len(requests) <= 8 * 3
