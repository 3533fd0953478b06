"""A policy engine that follows the store: built anew when a notice or the day changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Protocol

from core.ports import Clock
from core.values import Reply, Topic


class Policies(Protocol):
    """What actions ask of the policy engine."""

    def ask(
        self, question: str, *, topic: Topic | None = None, kind: str | None = None
    ) -> Reply: ...

    def detail(self, topic: Topic) -> Reply: ...

    def neighbour(self, topic: Topic, step: int) -> Reply: ...


class FollowingPolicies:
    """`Policies` over whatever is in force: no restart for a new notice."""

    def __init__(
        self, revision: Callable[[], int], build: Callable[[date], Policies], clock: Clock
    ) -> None:
        self._revision = revision
        self._build = build
        self._clock = clock
        self._lock = threading.Lock()
        self._built: tuple[tuple[int, date], Policies] | None = None

    def ask(self, question: str, *, topic: Topic | None = None, kind: str | None = None) -> Reply:
        return self._current().ask(question, topic=topic, kind=kind)

    def detail(self, topic: Topic) -> Reply:
        return self._current().detail(topic)

    def neighbour(self, topic: Topic, step: int) -> Reply:
        return self._current().neighbour(topic, step)

    def _current(self) -> Policies:
        today = self._clock.now().date()
        key = (self._revision(), today)
        with self._lock:
            if self._built is None or self._built[0] != key:
                self._built = (key, self._build(today))
            return self._built[1]
