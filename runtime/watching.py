"""Watches the ports of core from outside: the same calls, counted, timed and logged by key."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from core.errors import DialogueUnavailable, MingluError
from core.values import BookingStatus, Reply, Utterance
from runtime import metrics
from runtime.turns import TURN, turn_of

T = TypeVar("T")
log = logging.getLogger(__name__)
store_log = logging.getLogger("minglu.store")

WRITES = frozenset(
    {"book", "join_waitlist", "cancel", "reschedule", "amend", "hold", "confirm", "find", "open"}
)
"""Calls of the store that change what somebody has, or prove it."""


class DialogueServers(Protocol):
    async def send(self, utterance: Utterance) -> list[Reply]: ...
    async def ready(self) -> bool: ...
    async def close(self) -> None: ...


class WatchedDialogue:
    """`core.ports.Dialogue` that gives each turn its id and counts what came of it."""

    def __init__(self, servers: DialogueServers) -> None:
        self._servers = servers

    async def send(self, utterance: Utterance) -> list[Reply]:
        """Raises DialogueUnavailable as the servers do."""
        with turn_of(utterance.conversation, utterance.metadata.get(TURN)) as mark:
            marked = replace(utterance, metadata={**utterance.metadata, TURN: mark.turn})
            began = time.perf_counter()
            try:
                replies = await self._servers.send(marked)
            except DialogueUnavailable as error:
                _tell(utterance.channel, "unavailable", began, error=error.code)
                raise
            for reply in replies:
                metrics.count_reply(utterance.channel, reply)
            kinds = ",".join(reply.kind.value if reply.kind else "-" for reply in replies)
            _tell(utterance.channel, "answered" if replies else "silent", began, kinds=kinds)
            return replies

    async def ready(self) -> bool:
        return await self._servers.ready()

    async def close(self) -> None:
        await self._servers.close()


def _tell(channel: str, outcome: str, began: float, **facts: str) -> None:
    seconds = time.perf_counter() - began
    metrics.count_turn(channel, outcome)
    metrics.observe("dialogue", seconds)
    shown = {"channel": metrics.among(channel, metrics.CHANNELS), "outcome": outcome}
    log.info("turn ended", extra={**shown, "ms": _ms(seconds), **facts})


class Watched:
    """Anything with methods, each timed as one stage; what it changes is counted and logged."""

    def __init__(self, inner: Any, stage: str, writes: frozenset[str] = frozenset()) -> None:
        self._inner = inner
        self._stage = stage
        self._writes = writes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found
        watched = _watched(found, name, self._stage, name in self._writes)
        # The next call finds it at once.
        self.__dict__[name] = watched
        return watched


def _watched(call: Callable[..., T], name: str, stage: str, writes: bool) -> Callable[..., T]:
    def watched(*arguments: Any, **named: Any) -> T:
        began, outcome = time.perf_counter(), "unexpected"
        try:
            result = call(*arguments, **named)
            outcome = _outcome(result)
            return result
        except MingluError as error:
            outcome = error.code
            raise
        finally:
            seconds = time.perf_counter() - began
            metrics.observe(stage, seconds)
            if writes:
                metrics.BOOKINGS.labels(name, outcome).inc()
                facts = {"operation": name, "outcome": outcome, "ms": _ms(seconds)}
                store_log.info("store changed", extra=facts)

    return watched


def _outcome(result: object) -> str:
    """What a booking became, or done."""
    status = getattr(result, "status", None)
    return status.value if isinstance(status, BookingStatus) else "done"


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
