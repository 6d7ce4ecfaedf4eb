"""Moves changes from the table's stream to the bus, to the console and to the workers' queues."""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any, Final

from local.cloud import Cloud
from local.console import say
from local.deployment import QueueMapping, StreamMapping
from local.event_bus import line_for
from local.invocation import Invoker
from local.queue_driver import QueueDriver
from local.stream_driver import Background, StreamDriver, matcher

_REMEMBERED: Final = 1000


class EventFlow:
    """Delivers the stream and the queues in the background, and shows and keeps the bus's
    events."""

    def __init__(
        self,
        cloud: Cloud,
        streams: Iterable[StreamMapping],
        queues: Iterable[QueueMapping],
        invoker: Invoker,
    ) -> None:
        self._cloud = cloud
        self._lock = Lock()
        self._heard: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED)
        self._is_saved = True
        self._background = Background(self._deliver)
        self._streams = [self._driver(mapping, invoker) for mapping in streams]
        self._queues = [
            QueueDriver(mapping, cloud.queues[mapping.queue], cloud.sqs, invoker)
            for mapping in queues
        ]

    def start(self) -> None:
        """Begin to deliver."""
        self._cloud.positions.save()  # what is written from now on is delivered, by a later start
        self._background.start()

    def wake(self) -> None:
        """Look for new records now."""
        self._background.wake()

    def stop(self) -> None:
        """Deliver the rest and end."""
        self._background.stop()

    def heard(self) -> list[dict[str, Any]]:
        """The bus' events since the last call (at most the last thousand).

        Before that it delivers all events, and those that workers cause.
        """
        self._deliver()
        with self._lock:
            heard = list(self._heard)
            self._heard.clear()
        return heard

    def _deliver(self) -> None:
        """Deliver until nothing is left: workers write too, which causes new events."""
        with self._lock:
            delivered = True
            while delivered:
                delivered = sum(driver.deliver() for driver in self._streams) > 0
                self._show()
                delivered |= sum(driver.deliver() for driver in self._queues) > 0
                self._is_saved &= not delivered
            if not self._is_saved:
                self._keep_positions()

    def _keep_positions(self) -> None:
        """What the next start need not deliver again: all of it, once the queues are empty too."""
        everything = not any(driver.has_broken_off for driver in self._streams)
        if everything and all(driver.is_empty() for driver in self._queues):
            self._cloud.positions.save()
            self._is_saved = True

    def _show(self) -> None:
        for listener in self._cloud.listeners:
            for event in listener.heard():
                self._heard.append(event)
                say(line_for(event))

    def _driver(self, mapping: StreamMapping, invoker: Invoker) -> StreamDriver:
        def tell_failure_queue(failure: Mapping[str, Any]) -> None:
            url = self._cloud.queues.get(mapping.failure_queue or "")
            if url is not None:
                self._cloud.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(failure))

        return StreamDriver(
            mapping,
            self._cloud.open_stream(mapping.function.name).unread,
            invoker,
            matches=matcher(mapping.patterns),
            on_failure=tell_failure_queue,
            pause=self._background.pause,
        )
