"""Brings the database to the newest schema, once, however many processes start together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from core.errors import StoreUnavailable
from store.database import read, writing

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
LOCK_S = 60.0
"""Seconds to wait for another process that migrates."""
_ADVISORY = 730_600


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Raises StoreUnavailable where another process holds the lock for too long."""
    with _alone(engine), writing(engine) as connection:
        command.upgrade(config_for(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Back to a revision, or `base`: newer columns and tables go with what they hold."""
    with _alone(engine), writing(engine) as connection:
        command.downgrade(config_for(connection), revision)


def current_revision(engine: Engine) -> str | None:
    """What the database has been migrated to. Raises StoreUnavailable."""
    return read(engine, lambda c: MigrationContext.configure(c).get_current_revision())


def head_revision() -> str:
    head = ScriptDirectory.from_config(config_for(None)).get_current_head()
    if head is None:
        raise LookupError(f"no migrations in {MIGRATIONS}")
    return str(head)


def alone(engine: Engine, work: Callable[[], None]) -> None:
    """Runs `work` while no other process migrates or fills the store."""
    with _alone(engine):
        work()


def config_for(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _ADVISORY})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _ADVISORY})
                connection.execute(text("RESET lock_timeout"))
                connection.commit()  # type: ignore[attr-defined]
        return
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    try:
        with FileLock(f"{database}.migrating", timeout=LOCK_S):
            yield
    except Timeout:
        raise StoreUnavailable("another process is setting the database up") from None
