"""Keys: none that the table would refuse, none that two things share."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from taskdock.adapters.dynamodb import keys
from taskdock.domain.query.read_specs import OPEN_SHARDS, EndedTasks, Inbox, Index, Partition
from taskdock.domain.tasks.task import TaskId

from tests.support.builders import CREATED, a_task

LONGEST_PARTITION_KEY = 2048
LONGEST_SORT_KEY = 1024

# Half surrogate pairs too: JSON can write them, the table cannot.
names = st.text(st.characters(exclude_categories=())) | st.text(min_size=240, max_size=300)

PRIMARY_KEYS: dict[str, Callable[[str], keys.Key]] = {
    "task": lambda name: keys.task_key(TaskId(name)),
    "comment": lambda name: keys.record_key(TaskId("t1"), "comment", name),
    "attachment": lambda name: keys.record_key(TaskId("t1"), "attachment", name),
    "receipt of an owner": lambda name: keys.receipt_key(name, "k"),
    "receipt under a key": lambda name: keys.receipt_key("mary", name),
    "service": keys.service_key,
}

PARTITIONS: dict[str, tuple[Index, Callable[[str], Partition]]] = {
    "assignee": (Index.ASSIGNEE, lambda name: name),
    "service": (Index.SERVICE, lambda name: name),
    "ended tasks": (Index.SERVICE, EndedTasks),
    "group": (Index.CANDIDATE, lambda name: Inbox("group", name, assigned=False)),
    "user": (Index.CANDIDATE, lambda name: Inbox("user", name, assigned=False)),
    "group of assigned": (Index.CANDIDATE, lambda name: Inbox("group", name, assigned=True)),
}


@pytest.mark.parametrize("key", PRIMARY_KEYS.values(), ids=PRIMARY_KEYS)
@given(name=names)
@example(name="")
@example(name="\ud800")
@example(name="\U0001f600" * 64)
@example(name="\U0001f600" * 65)
def test_a_primary_key_is_one_the_table_takes(key: Callable[[str], keys.Key], name: str) -> None:
    found = key(name)

    assert 0 < len(found["PK"].encode()) <= LONGEST_PARTITION_KEY
    assert 0 < len(found["SK"].encode()) <= LONGEST_SORT_KEY


@pytest.mark.parametrize(("index", "partition"), PARTITIONS.values(), ids=PARTITIONS)
@given(name=names)
@example(name="")
@example(name="\ud800")
def test_an_index_key_is_one_the_table_takes(
    index: Index, partition: Callable[[str], Partition], name: str
) -> None:
    for tenant in (None, name):
        found = keys.partition_key(index, tenant, partition(name))
        assert 0 < len(found.encode()) <= LONGEST_PARTITION_KEY


@pytest.mark.parametrize("key", PRIMARY_KEYS.values(), ids=PRIMARY_KEYS)
@given(pair=st.lists(names, min_size=2, max_size=2, unique=True))
@example(pair=["x" * 5000, "x" * 5001])
@example(pair=["\ud800", "\ud801"])
@example(pair=["", "="])
def test_no_two_things_share_a_primary_key(key: Callable[[str], keys.Key], pair: list[str]) -> None:
    one, other = pair

    assert key(one) != key(other)


def test_no_two_partitions_of_an_index_share_a_key() -> None:
    long = "x" * 5000
    odd = ["", "a", "#", "=", "~", "|", "a|b", "GROUP#a", "OPEN#a", long, "\ud800"]
    digests = [keys.partition_key(Index.ASSIGNEE, None, name)[1:] for name in (long, "\ud800", "~")]
    names = (*odd, *digests)
    by_index: dict[Index, list[str]] = {}
    for index, partition in PARTITIONS.values():
        for tenant in (None, *names):
            found = [keys.partition_key(index, tenant, partition(name)) for name in names]
            by_index.setdefault(index, []).extend(found)

    assert all(len(found) == len(set(found)) for found in by_index.values())


def test_every_key_of_an_index_starts_with_the_tenant() -> None:
    task = a_task(
        users=["mary"], groups=["sales"], assignee="a", due=CREATED, service="s", tenantId="t1"
    )
    entries = [keys.index_keys(task), *keys.queue_keys(task)]
    attributes = {index.partition_key for index in Index}
    found = [str(each[name]) for each in entries for name in attributes if name in each]

    assert len(found) == 6
    assert all(key.startswith("t1|") for key in found)


def test_an_owner_and_a_key_are_not_read_across_each_other() -> None:
    assert keys.receipt_key("ab", "c") != keys.receipt_key("a", "bc")
    assert keys.receipt_key('a","b', "c") != keys.receipt_key("a", 'b","c')


def test_records_of_a_kind_are_in_order_of_their_ids() -> None:
    ids = ["2026-01-01T00:00:00.000+0000#0000000001", "2026-01-01T00:00:00.000+0000#0000000002"]
    found = [keys.record_key(TaskId("t1"), "comment", each)["SK"] for each in ids]

    assert found == sorted(found)
    assert all(key.startswith(keys.record_prefix("comment")) for key in found)


def test_tasks_are_spread_evenly_over_the_shards() -> None:
    shards = Counter(keys.shard_of(TaskId(f"task-{number}")) for number in range(1600))

    assert sorted(shards) == list(range(OPEN_SHARDS))
    assert max(shards.values()) < 2 * min(shards.values())


@pytest.mark.parametrize("kind", ["", "comments", "COMMENT", "LINK"])
def test_only_known_kinds_of_records_have_keys(kind: str) -> None:
    with pytest.raises(ValueError, match="RecordKind"):
        keys.record_key(TaskId("t1"), kind, "1")


def test_the_first_inbox_is_the_tasks_own_and_the_others_are_queue_entries() -> None:
    task = a_task(users=["mary"], groups=["sales", "support", "sales"])

    assert keys.index_keys(task)["candidate"] == "|UNASSIGNED#GROUP#sales"
    assert [entry["candidate"] for entry in keys.queue_keys(task)] == [
        "|UNASSIGNED#GROUP#support",
        "|UNASSIGNED#USER#mary",
    ]


def test_a_task_without_candidates_is_in_no_inbox() -> None:
    assert "candidate" not in keys.index_keys(a_task())
    assert keys.queue_keys(a_task()) == []


def test_an_ended_task_is_in_partitions_of_ended_tasks() -> None:
    fields = {"assignee": "mary", "processInstanceId": "p1", "service": "printer"}
    ended = a_task(ended=CREATED + 9, groups=["a", "b"], due=CREATED, **fields)
    by_value = {"assignee": "|ENDED#mary", "processInstance": "|ENDED#p1"}
    shard = f"|{keys.shard_of(ended['id'])}"
    always = {"created": CREATED, "ended": CREATED + 9, "endedShard": shard}

    assert keys.queue_keys(ended) == []
    assert keys.index_keys(ended) == {**always, **by_value, "service": "|ENDED#printer"}
    assert keys.index_keys({**ended, "deleted": True}) == {**always, **by_value}
    assert keys.index_keys(a_task(ended=CREATED + 9)) == always
