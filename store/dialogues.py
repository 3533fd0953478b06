"""What the dialogue server keeps of conversations: given out, and erased, with who led them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool

from core.errors import StoreUnavailable
from store.database import BUSY_S

DIALOGUES_KEPT = timedelta(days=30)
"""A conversation in which nothing was said for so long is erased, bookings apart."""

Found = TypeVar("Found")


def tracker_engine(url: Any) -> Engine:
    """One connection to Rasa's SQLite tracker store, for a server of one thread.

    SQLite appends to its log and waits for the disk at checkpoints alone: a power cut may cost the
    last words of a conversation, never a booking, which has a store of its own.
    """
    engine = create_engine(
        url, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": BUSY_S}
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
    return engine


def read_dialogues(file: Path, conversations: Sequence[str]) -> list[dict[str, str]]:
    """What was said in these conversations, in order: `at` (ISO 8601, UTC), `by` (person or
    assistant) and `text`. Raises StoreUnavailable.
    """

    def work(connection: sqlite3.Connection) -> list[dict[str, str]]:
        said = []
        for conversation in conversations:
            rows = connection.execute(
                "SELECT type_name, timestamp, data FROM events WHERE sender_id = ? "
                "AND type_name IN ('user', 'bot') ORDER BY id",
                (conversation,),
            )
            for kind, moment, data in rows:
                text = json.loads(data).get("text")
                if text:
                    at = datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="seconds")
                    by = "person" if kind == "user" else "assistant"
                    said.append({"at": at, "by": by, "text": text})
        return said

    return _in_tracker(file, work, [])


def forget_dialogues(file: Path, conversations: Sequence[str]) -> int:
    """Deletes the events of these conversations from Rasa's SQLite tracker store; how many.

    A file or table that does not exist yet holds nothing. Raises StoreUnavailable.
    """
    return _in_tracker(file, lambda connection: _delete(connection, conversations), 0)


def forget_idle_dialogues(file: Path, now: datetime) -> int:
    """Deletes the conversations in which nothing was said for DIALOGUES_KEPT; how many events.

    Raises StoreUnavailable.
    """

    def work(connection: sqlite3.Connection) -> int:
        idle = connection.execute(
            "SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < ?",
            ((now - DIALOGUES_KEPT).timestamp(),),
        )
        return _delete(connection, [row[0] for row in idle.fetchall()])

    return _in_tracker(file, work, 0)


def _delete(connection: sqlite3.Connection, conversations: Sequence[str]) -> int:
    if not conversations:
        return 0
    rows = [(conversation,) for conversation in conversations]
    gone = connection.executemany("DELETE FROM events WHERE sender_id = ?", rows)
    connection.commit()
    # What stood in the log is overwritten too.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(gone.rowcount, 0)


def _in_tracker(file: Path, work: Callable[[sqlite3.Connection], Found], nothing: Found) -> Found:
    if not file.exists():
        return nothing
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_S)) as connection, connection:
            # Deleted text is overwritten, not only unlinked.
            connection.execute("PRAGMA secure_delete=ON")
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'")
            return work(connection) if known.fetchone() else nothing
    except sqlite3.Error as error:
        raise StoreUnavailable("the dialogue server's memory cannot be reached now") from error
