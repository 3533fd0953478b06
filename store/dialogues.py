"""What the dialogue servers keep of conversations: given out, and erased, with who led them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import bindparam, create_engine, inspect, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from core.errors import StoreUnavailable
from store.database import BUSY_S, is_transient

DIALOGUES_KEPT = timedelta(days=30)
"""A conversation in which nothing was said for so long is erased, bookings apart."""
EVENT_COLUMNS = "sender_id type_name timestamp intent_name action_name data".split()
_NEWEST = "SELECT id, timestamp FROM events WHERE sender_id = %s ORDER BY id DESC LIMIT 1"
_ANY_ROW = "true"
_NO_ROW = f"NOT EXISTS ({_NEWEST})"
_THIS_ROW = f"(CAST(%s AS bigint), CAST(%s AS double precision)) = ({_NEWEST})"
_MOST_AT_ONCE = 500
_ADVISORY = 730_601

Found = TypeVar("Found")
Newest = tuple[int, float]
"""Id of a conversation's newest row and the moment that it tells."""


def tracker_engine(url: Any) -> Engine:
    """To Rasa's tracker store.

    SQLite: one connection, for a server of one thread. It appends to its log and waits for the
    disk at checkpoints alone: a power cut may cost the last words of a conversation, never a
    booking, which has a store of its own.
    """
    if make_url(url).get_backend_name() != "sqlite":
        waits = f"-c lock_timeout={int(BUSY_S * 1000)} -c statement_timeout=10000"
        return create_engine(
            url,
            pool_size=8,
            max_overflow=24,
            pool_timeout=BUSY_S,
            # Parameters are what people said: they stand in no message and no traceback.
            hide_parameters=True,
            connect_args={
                "options": f"{waits} -c idle_in_transaction_session_timeout=30000",
                "connect_timeout": int(BUSY_S),
                "application_name": "minglu-dialogue",
            },
        )
    engine = create_engine(
        url, poolclass=StaticPool, connect_args={"check_same_thread": False, "timeout": BUSY_S}
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
    return engine


def prepare_tracker(engine: Engine) -> None:
    """Makes Rasa's table fit for a province: ids that outlast two billion events, and an index
    that finds a conversation's newest event at once. PostgreSQL; safe to repeat.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY})")
        kind = connection.exec_driver_sql(
            "SELECT data_type FROM information_schema.columns WHERE table_name = 'events' "
            "AND column_name = 'id' AND table_schema = current_schema()"
        ).scalar()
        if kind == "integer":
            connection.exec_driver_sql("ALTER TABLE events ALTER COLUMN id TYPE bigint")
        if kind is not None:
            connection.exec_driver_sql(
                "CREATE INDEX IF NOT EXISTS ix_events_conversation ON events (sender_id, id)"
            )


def newest_event(engine: Engine, conversation: str) -> Newest | None:
    """The conversation's newest row, in one round trip."""
    rows = _at_once(engine, _NEWEST, (conversation,))
    return (int(rows[0][0]), float(rows[0][1])) if rows else None


def append_events(
    engine: Engine,
    conversation: str,
    rows: Sequence[Sequence[Any]],
    after: Newest | Literal["any", "nothing"],
) -> int | None:
    """Adds rows of EVENT_COLUMNS, alone in the conversation and in one round trip.

    Returns the newest one's id. None, and nothing was written, where by then another row than
    `after` is the newest.
    """
    one = f"({', '.join(['%s'] * len(EVENT_COLUMNS))})"
    values = tuple(value for row in rows for value in row)
    may, known = _ANY_ROW, ()  # type: tuple[str, tuple[Any, ...]]
    if after == "nothing":
        may, known = _NO_ROW, (conversation,)
    elif after != "any":
        may, known = _THIS_ROW, (*after, conversation)
    insert = (
        f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) "  # noqa: S608 - our own names
        f"SELECT * FROM (VALUES {', '.join([one] * len(rows))}) AS fresh WHERE {may} RETURNING id"
    )
    lock: tuple[Any, ...] = ()
    if engine.dialect.name == "postgresql":
        # Two statements of one transaction that ends with them: the second sees what was written
        # before the lock was had. SQLite lets but one write at a time.
        insert, lock = (
            f"SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)); {insert}",
            (conversation,),
        )
    made = _at_once(engine, insert, (*lock, *values, *known))
    return max((int(row[0]) for row in made), default=None)


def _at_once(engine: Engine, statements: str, values: tuple[Any, ...]) -> Sequence[Any]:
    """Rows of the last statement, which ends the transaction."""
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            # SQLAlchemy would commit before the rows are read, which SQLite refuses.
            found: Sequence[Any] = driver.execute(statements.replace("%s", "?"), values).fetchall()
            driver.commit()
            return found
        # The driver's own switch: BEGIN and COMMIT would be round trips of their own.
        driver.autocommit = True
        try:
            found = connection.exec_driver_sql(statements, values).fetchall()
            return found
        finally:
            if not driver.closed:
                driver.autocommit = False


def database_may_return(error: BaseException) -> bool:
    """Whether a statement failed because the server is restarting or busy, not because of it."""
    return isinstance(error, (DBAPIError, PoolTimeout)) and is_transient(error)


def read_dialogues(url: str, conversations: Sequence[str]) -> list[dict[str, str]]:
    """What was said in these conversations, in order: `at` (ISO 8601, UTC), `by` (person or
    assistant) and `text`. Raises StoreUnavailable.
    """

    def work(connection: Connection) -> list[dict[str, str]]:
        said = []
        query = text(
            "SELECT type_name, timestamp, data FROM events WHERE sender_id = :sender "
            "AND type_name IN ('user', 'bot') ORDER BY id"
        )
        for conversation in conversations:
            for kind, moment, data in connection.execute(query, {"sender": conversation}):
                words = json.loads(data).get("text")
                if words:
                    at = datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="seconds")
                    by = "person" if kind == "user" else "assistant"
                    said.append({"at": at, "by": by, "text": words})
        return said

    return _in_tracker(url, work, [])


def forget_dialogues(url: str, conversations: Sequence[str]) -> int:
    """Deletes the events of these conversations from Rasa's tracker store; how many.

    A file or table that does not exist yet holds nothing. Raises StoreUnavailable.
    """
    return _in_tracker(url, lambda connection: _delete(connection, conversations), 0)


def forget_idle_dialogues(url: str, now: datetime) -> int:
    """Deletes the conversations in which nothing was said for DIALOGUES_KEPT; how many events.

    Raises StoreUnavailable.
    """

    def work(connection: Connection) -> int:
        idle = connection.execute(
            text("SELECT sender_id FROM events GROUP BY sender_id HAVING max(timestamp) < :then"),
            {"then": (now - DIALOGUES_KEPT).timestamp()},
        )
        return _delete(connection, [row[0] for row in idle])

    return _in_tracker(url, work, 0)


def _delete(connection: Connection, conversations: Sequence[str]) -> int:
    query = text("DELETE FROM events WHERE sender_id IN :senders").bindparams(
        bindparam("senders", expanding=True)
    )
    gone = 0
    for start in range(0, len(conversations), _MOST_AT_ONCE):
        some = list(conversations[start : start + _MOST_AT_ONCE])
        gone += max(connection.execute(query, {"senders": some}).rowcount, 0)
    return gone


def _in_tracker(url: str, work: Callable[[Connection], Found], nothing: Found) -> Found:
    place = make_url(url)
    on_file = place.get_backend_name() == "sqlite"
    if on_file and not Path(place.database or "").exists():
        return nothing
    engine = create_engine(url, hide_parameters=True, connect_args=_patience(on_file))
    try:
        with engine.connect() as connection:
            if on_file:
                # Deleted text is overwritten, not only unlinked.
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            if not inspect(connection).has_table("events"):
                return nothing
            with connection.begin():
                found = work(connection)
            if on_file:
                # What stood in the log is overwritten too.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return found
    except DBAPIError as error:
        raise StoreUnavailable("the dialogue servers' memory cannot be reached now") from error
    finally:
        engine.dispose()


def _patience(on_file: bool) -> dict[str, Any]:
    return {"timeout": BUSY_S} if on_file else {"connect_timeout": int(BUSY_S)}
