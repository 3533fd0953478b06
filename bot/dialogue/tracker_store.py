"""Rasa's SQL tracker store, without reading a conversation anew at every turn.

Rasa rebuilds the whole conversation from its events before each turn and counts them again before
each save. Here the tracker that was saved last stays in memory, and is used again only when the
conversation's newest row is still the one that was written with it. So several dialogue servers
may share a database, and what was erased from it is gone. On a shared database (PostgreSQL) a turn
that another server has overtaken is refused, and a database that restarts is waited for.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.deliveries import refuse_handled
from bot.wiring import (
    EVENT_COLUMNS,
    Newest,
    append_events,
    database_may_return,
    newest_event,
    prepare_tracker,
    tracker_engine,
)
from runtime import metrics

KEPT = 500
"""Conversations in memory; the one unused for longest goes first."""
PATIENCE_S = 8.0
"""Seconds that a shared database may be away before the turn fails."""
_ASK_AGAIN_S = 0.2

T = TypeVar("T")


class TurnOvertaken(Exception):
    """Another server wrote to the conversation since this turn began."""


@dataclass(frozen=True)
class _Known:
    """A conversation as it stands in the database; no tracker and no row: as yet empty."""

    tracker: DialogueStateTracker | None
    events: int
    newest: Newest | None


class KeepingTrackerStore(SQLTrackerStore):
    """SQLTrackerStore with the same tables, contract and settings."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._shared = self.engine.dialect.name != "sqlite"
        url = self.engine.url
        self.engine.dispose()
        self.engine = tracker_engine(url)
        self.sessionmaker.configure(bind=self.engine)
        prepare_tracker(self.engine)
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._lent: OrderedDict[str, _Known] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session's tracker, or None. A turn that fails never saves: its tracker is
        lent, not kept, and the next turn reads the database. Raises AnsweredBefore.
        """
        with metrics.timed("tracker"):
            tracker = await self._lend(sender_id)
        if tracker is not None:
            refuse_handled(tracker)
        return tracker

    async def _lend(self, sender_id: str) -> DialogueStateTracker | None:
        self._lent.pop(sender_id, None)
        known = self._kept.pop(sender_id, None)
        newest = await self._patiently(lambda: newest_event(self.engine, sender_id))
        if known is None or newest != known.newest:
            events = await self._patiently(lambda: self._read(sender_id)) if newest else []
            known = self._told_of(sender_id, events, newest)
        self._remember(self._lent, sender_id, known)
        return known.tracker

    def _told_of(
        self, sender_id: str, events: Sequence[dict[str, Any]], newest: Newest | None
    ) -> _Known:
        tracker = None
        if self.domain and events:
            tracker = DialogueStateTracker.from_dict(sender_id, list(events), self.domain.slots)
        return _Known(tracker, len(events), newest)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the events that the database does not hold yet. Raises TurnOvertaken."""
        await self.stream_events(tracker)
        with metrics.timed("tracker"):
            await self._save(tracker)

    async def _save(self, tracker: DialogueStateTracker) -> None:
        sender_id = tracker.sender_id
        kept = self._kept.pop(sender_id, None)
        known = self._lent.pop(sender_id, None) or kept
        if known is not None and known.tracker is not None and known.tracker is not tracker:
            known = None
        if known is not None:
            fresh = list(itertools.islice(tracker.events, known.events, None))
        else:
            fresh = await self._patiently(lambda: self._uncounted(tracker))
        rows = [_row(sender_id, event) for event in fresh]
        if known is not None and not rows:
            # Lent again: a new conversation's tracker is saved before anything is said.
            where = self._kept if known.newest else self._lent
            self._remember(where, sender_id, _Known(tracker, known.events, known.newest))
            return
        newest = await self._patiently(lambda: self._append(sender_id, rows, known))
        if newest:
            self._remember(self._kept, sender_id, self._after(tracker, rows, newest))

    def _after(
        self, tracker: DialogueStateTracker, rows: Sequence[dict[str, Any]], newest: Newest
    ) -> _Known:
        """What the next turn begins with: a new session has a tracker of its own, as with Rasa."""
        starts = [n for n, row in enumerate(rows) if row["type_name"] == SessionStarted.type_name]
        if not starts:
            return _Known(tracker, len(tracker.events), newest)
        events = [json.loads(row["data"]) for row in rows[starts[-1] :]]
        return self._told_of(tracker.sender_id, events, newest)

    def _uncounted(self, tracker: DialogueStateTracker) -> list[Any]:
        with self.session_scope() as session:
            return list(self._additional_events(session, tracker))

    def _append(
        self, sender_id: str, rows: Sequence[dict[str, Any]], known: _Known | None
    ) -> Newest | None:
        """Raises TurnOvertaken, where other servers write too."""
        if not rows:
            return newest_event(self.engine, sender_id)
        after: Newest | Literal["any", "nothing"] = "any"
        if self._shared and known is not None:
            after = known.newest or "nothing"
        values = [[row[column] for column in EVENT_COLUMNS] for row in rows]
        made = append_events(self.engine, sender_id, values, after)
        last_moment = rows[-1]["timestamp"]
        if made is not None:
            return made, last_moment
        newest = newest_event(self.engine, sender_id)
        if newest and newest[1] == last_moment:
            # An earlier try was committed, only its receipt was lost.
            return newest
        raise TurnOvertaken("another server wrote to this conversation")

    def _read(self, sender_id: str) -> list[dict[str, Any]]:
        with self.session_scope() as session:
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions=False)
            return [json.loads(event.data) for event in query.all()]

    def _event_query(
        self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> Any:
        """As Rasa's, but a session begins at a row and not at a moment: clocks are set back, and
        those of two machines differ."""
        event = self.SQLEvent
        mine = session.query(event).filter(event.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            starts = session.query(event.id).filter(
                event.sender_id == sender_id, event.type_name == SessionStarted.type_name
            )
            latest = starts.order_by(event.id.desc()).first()
            if latest is not None:
                mine = mine.filter(event.id >= latest[0])
        return mine.order_by(event.id)

    async def _patiently(self, work: Callable[[], T]) -> T:
        """Not in the loop's thread where the database is a server, and again while it restarts."""
        if not self._shared:
            return work()
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                return await asyncio.to_thread(work)
            except Exception as error:
                if not database_may_return(error) or time.monotonic() > give_up:
                    raise
            await asyncio.sleep(_ASK_AGAIN_S)

    @staticmethod
    def _remember(where: OrderedDict[str, _Known], sender_id: str, known: _Known) -> None:
        where[sender_id] = known
        while len(where) > KEPT:
            where.popitem(last=False)


def _row(sender_id: str, event: Any) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
