"""Delivers the table's stream to its readers, as Lambda does. Batches come in order, each until it
is done: a batch is repeated from the record that the function reports as failed, a batch that
crashes is halved, and after the last try, or when a record is too old, the failure queue gets a
message and the stream goes on.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Event, Thread
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.console import report, say
from local.deployment import StreamMapping
from local.invocation import FunctionFailed, Invoker
from local.table_stream import Record

_POLL_SECONDS: Final = 1.0
_REST_SECONDS: Final = 0.2
"""Between two looks at the stream: callers in a hurry, who wake it all the time, come first."""
_LONGEST_PAUSE_SECONDS: Final = 5.0

Matches = Callable[[Record], bool]


class StreamDriver:
    """Reads a stream and invokes a mapping's function with its records."""

    def __init__(
        self,
        mapping: StreamMapping,
        unread: Callable[[], Iterable[list[Record]]],
        invoker: Invoker,
        *,
        matches: Matches,
        on_failure: Callable[[Mapping[str, Any]], None],
        pause: Callable[[float], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`pause` waits for some seconds and returns whether the service ends."""
        self._mapping = mapping
        self._unread = unread
        self._invoker = invoker
        self._matches = matches
        self._on_failure = on_failure
        self._pause = pause
        self._clock = clock
        self.has_broken_off = False
        """Whether the service ended before everything that was read was delivered."""

    def deliver(self) -> int:
        """Deliver the records in the stream; returns their number."""
        delivered = 0
        for page in self._unread():
            wanted = [record for record in page if self._matches(record)]
            size = self._mapping.batch_size
            for start in range(0, len(wanted), size):
                self._deliver_batch(wanted[start : start + size])
            delivered += len(wanted)
        return delivered

    def _deliver_batch(self, batch: list[Record]) -> None:
        attempt = 1
        while batch:
            failed_from = self._first_failure(batch)
            if failed_from is None:
                return
            if failed_from > 0:
                batch = batch[failed_from:]
            elif attempt >= self._mapping.attempts or self._age(batch) > self._mapping.longest_age:
                self._give_up(batch)
                return
            elif self._mapping.bisects and len(batch) > 1:
                middle = len(batch) // 2
                self._deliver_batch(batch[:middle])
                batch = batch[middle:]
            elif self._pause(min(0.1 * attempt**2, _LONGEST_PAUSE_SECONDS)):
                self.has_broken_off = True
                return
            attempt += 1

    def _age(self, batch: list[Record]) -> float:
        """The age of the oldest of these changes, in seconds."""
        return self._clock() - float(batch[0]["dynamodb"]["ApproximateCreationDateTime"])

    def _first_failure(self, batch: list[Record]) -> int | None:
        """Where in the batch the function failed first; None when it did not."""
        function = self._mapping.function
        try:
            answer = self._invoker.invoke(function, {"Records": batch}, function.timeout + 1)
        except FunctionFailed as failure:
            report(failure)
            return 0
        if not isinstance(answer, dict) or not answer.get("batchItemFailures"):
            return None
        failed = {each.get("itemIdentifier") for each in answer["batchItemFailures"]}
        places = (
            place
            for place, record in enumerate(batch)
            if record["dynamodb"]["SequenceNumber"] in failed
        )
        # A report that names nothing of the batch means that all of it failed.
        return next(places, 0)

    def _give_up(self, batch: list[Record]) -> None:
        function = self._mapping.function
        sequence = [record["dynamodb"]["SequenceNumber"] for record in batch]
        say(f"{function.name}: gave up on {len(batch)} record(s) from {sequence[0]} on")
        self._on_failure(
            {
                "version": "1.0",
                "requestContext": {
                    "functionArn": function.name,
                    "condition": "RetryAttemptsExhausted",
                    "approximateInvokeCount": self._mapping.attempts,
                },
                "DDBStreamBatchInfo": {
                    "startSequenceNumber": sequence[0],
                    "endSequenceNumber": sequence[-1],
                    "batchSize": len(batch),
                    "streamArn": batch[0]["eventSourceARN"],
                },
            }
        )


def matcher(patterns: Iterable[Mapping[str, Any]]) -> Matches:
    """Whether a record passes an event source mapping's filters: any of them, or there are none."""
    from moto.events.models import EventPattern  # the rules are EventBridge's; moto knows them

    compiled: list[Any] = [EventPattern(json.dumps(each), dict(each)) for each in patterns]
    return lambda record: not compiled or any(each.matches_event(record) for each in compiled)


class Background:
    """Calls `deliver` in a thread: soon after each `wake`, and every second."""

    def __init__(self, deliver: Callable[[], object]) -> None:
        self._deliver = deliver
        self._woken = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Something was probably written."""
        self._woken.set()

    def pause(self, seconds: float) -> bool:
        """Wait, at most until the stop; whether it has come."""
        return self._stopping.wait(seconds)

    def stop(self) -> None:
        """Deliver what is left and end."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout=_LONGEST_PAUSE_SECONDS)

    def _run(self) -> None:
        last = False
        rested = 0.0
        while not last:
            self._woken.wait(_POLL_SECONDS)
            self.pause(max(0.0, rested - time.monotonic()))
            self._woken.clear()
            last = self._stopping.is_set()
            try:
                self._deliver()
            except (ClientError, BotoCoreError) as problem:
                say(f"the table's stream cannot be read: {problem}")
                self.pause(_LONGEST_PAUSE_SECONDS)
            rested = time.monotonic() + _REST_SECONDS
