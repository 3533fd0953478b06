"""What the dialogue server keeps of conversations: erased with the person who led them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool

from core.errors import StoreUnavailable
from store.database import BUSY_S


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


def forget_dialogues(file: Path, conversations: Sequence[str]) -> int:
    """Deletes the events of these conversations from Rasa's SQLite tracker store; how many.

    A file or table that does not exist yet holds nothing. Raises StoreUnavailable.
    """
    if not file.exists():
        return 0
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_S)) as connection, connection:
            # Deleted text is overwritten, not only unlinked.
            connection.execute("PRAGMA secure_delete=ON")
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'")
            if known.fetchone() is None:
                return 0
            rows = [(conversation,) for conversation in conversations]
            gone = connection.executemany("DELETE FROM events WHERE sender_id = ?", rows)
            connection.commit()
            # What stood in the log is overwritten too.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return max(gone.rowcount, 0)
    except sqlite3.Error as error:
        raise StoreUnavailable("the dialogue server's memory cannot be written now") from error
