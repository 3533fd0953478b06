"""Backups that can be trusted: made while the assistant runs, checked, and restored whole.

SQLite gives a database file (its online backup). PostgreSQL gives one compressed file of JSON
lines, which restores into either. Names and phones stay sealed: the keys are kept apart.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sqlite3
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import DateTime, MetaData, Table, func, select, text
from sqlalchemy.engine import Connection, Engine

from core.errors import BadImport, StoreUnavailable
from store.database import writing
from store.migrate import config_for, current_revision, upgrade

FORMAT = "minglu-backup-1"
LAST = "last-backup"
"""File of the data folder that tells when the last backup was made."""
_SQLITE_MAGIC = b"SQLite format 3\x00"
_VERSIONS = "alembic_version"


def back_up(engine: Engine, target: Path, *, logical: bool = False) -> int:
    """Writes a backup to `target` (mode 0600) and checks it; bytes written.

    `logical`: JSON lines from SQLite too, for moving to PostgreSQL. The target appears only when
    it is whole. Raises StoreUnavailable.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.close(handle)
    try:
        if engine.dialect.name == "sqlite" and not logical:
            _copy_sqlite(engine, draft)
        else:
            _dump(engine, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"the backup could not be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def note_backup(data_dir: Path, at: datetime) -> None:
    """For `minglu doctor`; a folder that cannot be written takes nothing from the backup."""
    with contextlib.suppress(OSError):
        (data_dir / LAST).write_text(at.isoformat() + "\n", encoding="utf-8")


def last_backup(data_dir: Path) -> datetime | None:
    """When the last one was made from this folder; None where none is known."""
    try:
        return datetime.fromisoformat((data_dir / LAST).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def restore(engine: Engine, source: Path) -> str:
    """Replaces all that is stored by a backup, then migrates it; the backup's revision.

    All or nothing. Raises BadImport where `source` is no whole backup; nothing was changed then.
    """
    with source.open("rb") as file:
        magic = file.read(16)
    if magic == _SQLITE_MAGIC:
        revision = _restore_sqlite(engine, source)
    elif magic[:2] == b"\x1f\x8b":
        revision = _load(engine, source)
    else:
        raise BadImport(f"{source.name} is not a backup of ours", problems=[])
    upgrade(engine)
    return revision


def _copy_sqlite(engine: Engine, target: Path) -> None:
    with closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(target)) as copy:
        pooled.driver_connection.backup(copy)  # type: ignore[attr-defined]
        # A copy of a WAL database would want its log beside it; a backup is one file.
        copy.execute("PRAGMA journal_mode=DELETE")
        _check_sqlite(copy)


def _check_sqlite(connection: sqlite3.Connection) -> str:
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadImport(f"not a whole backup: {error}", problems=[]) from None
    if whole != "ok" or orphans is not None or revision is None:
        raise BadImport(f"the backup is damaged: {whole}", problems=[])
    return str(revision[0])


def _restore_sqlite(engine: Engine, source: Path) -> str:
    if engine.dialect.name != "sqlite":
        raise BadImport("that is a SQLite file; make the backup with --logical", problems=[])
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as backup:
        revision = _check_sqlite(backup)
        with closing(engine.raw_connection()) as pooled:
            # Page by page inside one transaction: a reader sees the old or the new, never both.
            backup.backup(pooled.driver_connection)  # type: ignore[attr-defined]
    return revision


def _dump(engine: Engine, target: Path) -> None:
    revision = current_revision(engine)
    with engine.connect() as connection, gzip.open(target, "wt", encoding="utf-8") as file:
        if connection.dialect.name == "postgresql":
            # Every table as of one moment.
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        metadata = MetaData()
        metadata.reflect(connection)
        file.write(json.dumps({"format": FORMAT, "revision": revision}) + "\n")
        rows = 0
        for table in metadata.sorted_tables:
            if table.name == _VERSIONS:
                continue
            for row in connection.execute(select(table)).mappings():
                values = {name: _packed(value) for name, value in row.items()}
                file.write(json.dumps([table.name, values], ensure_ascii=False) + "\n")
                rows += 1
        file.write(json.dumps({"rows": rows}) + "\n")


def _load(engine: Engine, source: Path) -> str:
    lines = _lines(source)
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadImport(f"{source.name} is not a backup of ours", problems=[])
    # Its end is looked at before anything here is removed.
    last = deque(lines, maxlen=1)
    if not last or not isinstance(last[0], dict) or "rows" not in last[0]:
        raise BadImport(f"{source.name} is cut short", problems=[])
    with writing(engine) as connection:
        command.downgrade(config_for(connection), "base")
        command.upgrade(config_for(connection), str(head["revision"]))
        rows = _insert(connection, source)
        if rows != last[0]["rows"]:
            raise BadImport(f"{source.name} lacks rows", problems=[])
        _restart_sequences(connection)
    return str(head["revision"])


def _insert(connection: Connection, source: Path) -> int:
    metadata = MetaData()
    metadata.reflect(connection)
    rows = 0
    for line in _lines(source):
        if isinstance(line, dict):
            continue
        name, values = line
        table = metadata.tables[name]
        connection.execute(
            table.insert().values({c: _unpacked(table, c, v) for c, v in values.items()})
        )
        rows += 1
    return rows


def _restart_sequences(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name}
            ).scalar()
            if sequence:
                top = connection.execute(select(func.max(column))).scalar()
                connection.execute(
                    text("SELECT setval(CAST(:s AS regclass), :n, :used)"),
                    {"s": sequence, "n": top or 1, "used": top is not None},
                )


def _lines(source: Path) -> Iterator[Any]:
    try:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BadImport(f"{source.name} is damaged: {error}", problems=[]) from None


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value
        return {"t": aware.astimezone(timezone.utc).isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"b": b64encode(bytes(value)).decode()}
    return value


def _unpacked(table: Table, column: str, value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"t"}:
        moment = datetime.fromisoformat(value["t"])
        kind = table.c[column].type
        aware = isinstance(kind, DateTime) and kind.timezone
        return moment if aware else moment.replace(tzinfo=None)
    if isinstance(value, dict) and set(value) == {"b"}:
        return b64decode(value["b"])
    if isinstance(value, int) and table.c[column].type.python_type is bool:
        return bool(value)
    return value
