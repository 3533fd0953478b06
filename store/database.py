"""The engine and its transactions: SQLite in WAL mode by default, PostgreSQL by a URL."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, MetaData, create_engine, event, func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeMeta, registry
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from core.errors import StoreUnavailable

log = logging.getLogger(__name__)

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ZONE = ZoneInfo("Asia/Shanghai")
BUSY_S = 5.0
"""Seconds that one statement waits for another writer."""
PATIENCE_S = 12.0
"""Seconds after which a person gets an answer instead of one more try."""
COLLISIONS = 3
"""How often a unique rule may refuse one piece of work before it is a fault of ours."""
_KEPT_OPEN: dict[str, Any] = {
    "poolclass": QueuePool,
    "pool_size": 4,
    "max_overflow": 8,
    "pool_timeout": BUSY_S,
}
_RETRIED_SQLSTATES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}

mapper_registry = registry(metadata=MetaData(naming_convention=NAMING))
T = TypeVar("T")


class Base(metaclass=DeclarativeMeta):
    """Declarative base of every table; files of tables are imported by `store.tables`."""

    __abstract__ = True
    registry = mapper_registry
    metadata = mapper_registry.metadata
    __init__ = mapper_registry.constructor


class Moment(TypeDecorator[datetime]):
    """An aware time. Stored in UTC, read in Asia/Shanghai; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        moment = value.astimezone(timezone.utc)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        moment = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value
        return moment.astimezone(ZONE)


def make_engine(url: str, *, durable: bool = True) -> Engine:
    """An engine whose every acknowledged commit is on the disk, and that waits within bounds.

    Not `durable`: SQLite does not wait for the disk, and a power cut may take the last commits
    along; a process that is killed loses none.
    """
    if url.startswith("postgres://"):
        url = url.replace("postgres://", "postgresql://", 1)
    if url.startswith("sqlite"):
        engine: Engine = create_engine(
            url,
            future=True,
            hide_parameters=True,
            connect_args={"timeout": BUSY_S, "check_same_thread": False},
            # Opening a file and its settings cost more than most reads.
            **({} if ":memory:" in url or url == "sqlite://" else _KEPT_OPEN),
        )
        event.listen(engine, "connect", _configure_sqlite if durable else _configure_swift)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    waits = f"-c lock_timeout={int(BUSY_S * 1000)} -c statement_timeout=15000"
    return create_engine(
        url,
        future=True,
        # Parameters are names and phones: they stand in no message and no traceback.
        hide_parameters=True,
        pool_size=4,
        max_overflow=8,
        pool_timeout=BUSY_S,
        connect_args={
            "options": f"{waits} -c idle_in_transaction_session_timeout=30000",
            "connect_timeout": int(BUSY_S),
            "application_name": "minglu",
        },
    )


def read(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Runs `work`, which only reads. Raises StoreUnavailable after bounded waiting.

    SQLite gives one view of all statements; PostgreSQL one of each, as READ COMMITTED does anyway,
    and so without a transaction's two further round trips.
    """
    return _attempt(engine, partial(_by_statement, work))


def database_clock(engine: Engine) -> datetime:
    """What the database's machine takes for the present. Raises StoreUnavailable."""
    moment: datetime = read(engine, lambda c: c.execute(select(func.now())).scalar_one())
    return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def write_at_once(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Runs `work`, a single execution that is a transaction by itself (PostgreSQL).

    Like `write`, it may run more than once. Raises StoreUnavailable after bounded waiting.
    """
    return _attempt(engine, partial(_by_statement, work))


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Runs `work` in one transaction: all of it or nothing.

    `work` may run more than once (deadlock, lost connection) and so must be safe to repeat. On
    SQLite the write lock is taken at once, so what was read still holds when it is written.
    Raises StoreUnavailable after bounded waiting.
    """
    return _attempt(engine.execution_options(minglu_writes=True), work)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction without a second try. Raises StoreUnavailable."""
    try:
        with engine.execution_options(minglu_writes=True).begin() as connection:
            yield connection
    except (DBAPIError, PoolTimeout) as error:
        if _is_outage(error):
            raise StoreUnavailable("the database cannot be written now") from error
        raise


def _by_statement(work: Callable[[Connection], T], connection: Connection) -> T:
    if connection.dialect.name != "postgresql":
        return work(connection)
    # The driver's own switch: an isolation level of SQLAlchemy's would cost round trips.
    driver: Any = connection.connection.dbapi_connection
    driver.autocommit = True
    try:
        return work(connection)
    finally:
        if not driver.closed:
            driver.autocommit = False


def _attempt(engine: Engine, work: Callable[[Connection], T]) -> T:
    give_up = time.monotonic() + PATIENCE_S
    pause = 0.02
    collisions = 0
    while True:
        try:
            with engine.begin() as connection:
                return work(connection)
        except IntegrityError:
            # Two made the same key, or drew the same reference; the second run sees the first.
            collisions += 1
            if collisions > COLLISIONS:
                raise
        except (DBAPIError, PoolTimeout) as error:
            if not _is_outage(error):
                raise
            # A wait for the lock has used its time already; only what is over soon is retried.
            if not is_transient(error) or time.monotonic() + pause > give_up:
                log.warning("store unavailable: %s", type(getattr(error, "orig", error)).__name__)
                raise StoreUnavailable("the database is locked, full or away") from error
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries, no secret
        pause = min(pause * 2, 1.0)


def _sqlstate(error: BaseException) -> str:
    return str(getattr(getattr(error, "orig", None), "pgcode", "") or "")


def _is_outage(error: BaseException) -> bool:
    """Locked, full, away or read-only; a broken rule (IntegrityError) is none."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) or _sqlstate(error)[:2] in {"40", "53", "57"}


def is_transient(error: BaseException) -> bool:
    """Whether the same statement may work soon: a deadlock, a lock, a server that restarts."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = _sqlstate(error)
    if state:
        return state in _RETRIED_SQLSTATES
    text = str(getattr(error, "orig", error))
    # libpq names no state when it cannot connect, as while the server restarts.
    return "could not connect" in text or "connection to server" in text or "server closed" in text


def _configure_swift(connection: Any, record: Any) -> None:
    _configure_sqlite(connection, record)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins transactions itself (see _begin_sqlite); the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={int(BUSY_S * 1000)}",
        "foreign_keys=ON",
        "journal_mode=WAL",
        # FULL: a confirmed booking survives the power going off, not only the process.
        "synchronous=FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("minglu_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
