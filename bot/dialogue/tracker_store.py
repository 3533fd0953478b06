"""Rasa's SQL tracker store, without reading a conversation anew at every turn.

Rasa rebuilds the whole conversation from its events before each turn and counts them again before
each save. Here the tracker that was saved last stays in memory, and is used again only when the
conversation's newest row is still the one that was written with it. So several dialogue servers
may share a database, and what was erased from it is gone.
"""

from __future__ import annotations

import itertools
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.wiring import tracker_engine
from runtime import metrics

KEPT = 500
"""Conversations in memory; the one unused for longest goes first."""


@dataclass(frozen=True)
class _Saved:
    """A conversation as it stands in the database."""

    tracker: DialogueStateTracker
    events: int
    newest_row: tuple[int, float]
    """Its id and the moment that it tells."""


class KeepingTrackerStore(SQLTrackerStore):
    """SQLTrackerStore with the same tables, contract and settings."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        if self.engine.dialect.name == "sqlite":
            self.engine = tracker_engine(self.engine.url)
            self.sessionmaker.configure(bind=self.engine)
        self._kept: OrderedDict[str, _Saved] = OrderedDict()
        self._lent: OrderedDict[str, _Saved] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session's tracker, or None. A turn that fails never saves: its tracker is
        lent, not kept, and the next turn reads the database."""
        with metrics.timed("tracker"):
            self._lent.pop(sender_id, None)
            saved = self._kept.pop(sender_id, None)
            if saved is not None and self._newest_row(sender_id) == saved.newest_row:
                self._remember(self._lent, sender_id, saved)
                return saved.tracker
            return await super().retrieve(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the events that the database does not hold yet."""
        await self.stream_events(tracker)
        with metrics.timed("tracker"):
            self._save(tracker)

    def _save(self, tracker: DialogueStateTracker) -> None:
        sender_id = tracker.sender_id
        lent = self._lent.pop(sender_id, None)
        self._kept.pop(sender_id, None)
        with self.session_scope() as session:
            if lent is not None and lent.tracker is tracker:
                fresh = list(itertools.islice(tracker.events, lent.events, None))
            else:
                fresh = list(self._additional_events(session, tracker))
            session.bulk_insert_mappings(self.SQLEvent, [_row(sender_id, event) for event in fresh])
            session.commit()
        # A new session starts a tracker of its own at the next turn, as Rasa has it.
        if not any(isinstance(event, SessionStarted) for event in fresh):
            newest_row = self._newest_row(sender_id)
            if newest_row is not None:
                saved = _Saved(tracker, len(tracker.events), newest_row)
                self._remember(self._kept, sender_id, saved)

    def _newest_row(self, sender_id: str) -> tuple[int, float] | None:
        with self.session_scope() as session:
            event = self.SQLEvent
            rows = session.query(event.id, event.timestamp).filter(event.sender_id == sender_id)
            newest = rows.order_by(event.id.desc()).first()
            return (newest[0], newest[1]) if newest else None

    @staticmethod
    def _remember(where: OrderedDict[str, _Saved], sender_id: str, saved: _Saved) -> None:
        where[sender_id] = saved
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
