"""One look at the store for everybody who waits for news, however many they are."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass

from core.errors import StoreUnavailable
from core.handovers import HandOvers
from core.ports import Tickets

log = logging.getLogger("minglu.desk")


@dataclass(frozen=True)
class News:
    revision: str
    """Another one whenever something changed."""
    waiting: int
    """Wishes for a person that nobody looks after."""
    urgent: int
    """Of these, how many are about a danger."""

    def event(self) -> str:
        """As server-sent event."""
        return f"data: {json.dumps(asdict(self))}\n\n"


class Pulse:
    """Looks every second while somebody listens, and never otherwise."""

    def __init__(self, handovers: HandOvers, tickets: Tickets, every_s: float = 1.0) -> None:
        self._handovers = handovers
        self._tickets = tickets
        self._every_s = every_s
        self._news: News | None = None
        self._changed = asyncio.Event()
        self._listeners = 0
        self._looking: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def _listening(self):  # type: ignore[no-untyped-def]
        self._listeners += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._listeners -= 1

    async def listen(self, patience_s: float = 15.0) -> AsyncIterator[News | None]:
        """The news as it is now and at each change; None where nothing came for a while."""
        told: News | None = None
        with self._listening():
            while True:
                changed = self._changed
                if self._news is not None and self._news != told:
                    told = self._news
                    yield told
                    continue
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(changed.wait(), patience_s)
                    continue
                yield None

    async def _look(self) -> None:
        while self._listeners:
            try:
                news = await asyncio.to_thread(self._read)
            except StoreUnavailable:
                log.warning("whether somebody waits for a person is not known now")
            else:
                if news != self._news:
                    self._news = news
                    self._changed.set()
                    self._changed = asyncio.Event()
            await asyncio.sleep(self._every_s)

    def _read(self) -> News:
        revision = self._handovers.revision()
        if self._news is not None and self._news.revision == revision:
            return self._news
        alone = [ticket for ticket in self._tickets.waiting() if ticket.status == "open"]
        return News(revision, len(alone), sum(ticket.urgent for ticket in alone))
