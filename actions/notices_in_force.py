"""A policy engine that follows the store: built anew when a notice or the day changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from core.ports import Clock
from core.values import Reply, Topic
from runtime.following import Following


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
        self._following = Following(revision, build, clock)

    def ask(self, question: str, *, topic: Topic | None = None, kind: str | None = None) -> Reply:
        return self._following.current().ask(question, topic=topic, kind=kind)

    def detail(self, topic: Topic) -> Reply:
        return self._following.current().detail(topic)

    def neighbour(self, topic: Topic, step: int) -> Reply:
        return self._following.current().neighbour(topic, step)
