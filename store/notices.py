"""Notices kept with every version; a snapshot of what answers may stand on."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Engine

from core.errors import UnknownNotice
from policy.model import Clause, Notice, begins, in_force
from policy.reading import bundled_notice
from policy.reading.bundled import BUNDLED
from store.database import read, write
from store.notice_records import clause_from, clause_values, notice_from, notice_values
from store.tables.notices import notice_clauses, notice_revisions, notices

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
_BATCH = 500
_REVISION = select(notice_revisions.c.value)
_BRACKETS = str.maketrans("[［【(（﹝]］】)）﹞", "〔〔〔〔〔〔〕〕〕〕〕〕")


@dataclass(frozen=True)
class Added:
    """What became of a notice that was added."""

    notice: Notice
    """As it is kept, with its version."""
    outcome: str
    """new, version (of a number that was there) or same (nothing was changed)."""


@dataclass(frozen=True)
class Listed:
    """One version in the list of notices."""

    notice: Notice
    """Without its clauses."""
    clauses: int
    latest: bool
    added_at: datetime


class SqlNotices:
    """Repository of notices. Writes are one transaction each and raise StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, notice: Notice, data: bytes, file_name: str = "", progress: Progress | None = None
    ) -> Added:
        """Keeps the notice and the bytes it was read from.

        The same bytes, or other bytes with the same content (a web page of the same text), are one
        document. Other content under a number that is there becomes its next version.
        """
        return write(self._engine, lambda c: _add(c, notice, data, file_name, progress))

    def load_notices(self, as_of: date | None = None) -> tuple[Notice, ...]:
        """One version of each number, newest notices first.

        Without a day: the latest version. With one: the version that held or was the last to hold
        on it, and versions not begun by then only where there is no other. Whether a notice binds
        on a day is for `policy.model.in_force` to say; a repeal by another notice is in `repealed`.
        """
        return read(self._engine, lambda c: _load(c, as_of))

    def get(self, number: str, version: int | None = None) -> Notice:
        """The latest or the named version. Raises UnknownNotice."""
        return read(self._engine, lambda c: _get(c, number, version))

    def listed(self) -> tuple[Listed, ...]:
        """Every version of every notice, newest notices first, without their clauses."""
        return read(self._engine, _listed)

    def source(self, number: str, version: int | None = None) -> tuple[str, bytes]:
        """File name and bytes as they were added. Raises UnknownNotice."""

        def work(connection: Connection) -> tuple[str, bytes]:
            row = _row(connection, number, version)
            return row["file_name"], bytes(row["source"])

        return read(self._engine, work)

    def remove(self, number: str) -> int:
        """Removes every version; returns how many. Raises UnknownNotice."""

        def work(connection: Connection) -> int:
            row = _row(connection, number, None)
            ids = select(notices.c.id).where(notices.c.number == row["number"])
            connection.execute(delete(notice_clauses).where(notice_clauses.c.notice_id.in_(ids)))
            gone = connection.execute(delete(notices).where(notices.c.number == row["number"]))
            _bump(connection)
            return int(gone.rowcount)

        return write(self._engine, work)

    def withdraw(self, number: str) -> Notice:
        """Removes the newest version, so that the one before answers again; returns that one.

        Raises UnknownNotice, also where there is no version before.
        """

        def work(connection: Connection) -> Notice:
            row = _row(connection, number, None)
            before = _first(
                connection,
                (notices.c.number == row["number"]) & (notices.c.version < row["version"]),
                last=True,
            )
            if before is None:
                raise UnknownNotice(
                    f"{row['number']} has one version only; `minglu policy remove` takes it away"
                )
            clauses = notice_clauses.c.notice_id == row["id"]
            connection.execute(delete(notice_clauses).where(clauses))
            connection.execute(delete(notices).where(notices.c.id == row["id"]))
            _bump(connection)
            return _whole(connection, before)

        return write(self._engine, work)

    def repeal(self, number: str, day: date | None) -> Notice:
        """Marks a notice as no longer in force after `day`; None takes that back.

        It stays for questions about the time before. Raises UnknownNotice.
        """

        def work(connection: Connection) -> Notice:
            row = _row(connection, number, None)
            connection.execute(
                update(notices).where(notices.c.number == row["number"]).values(repealed=day)
            )
            _bump(connection)
            return _get(connection, row["number"], None)

        return write(self._engine, work)

    def revision(self) -> int:
        """Grows with every change; 0: nothing was ever added."""
        return read(self._engine, _revision)


def ensure_bundled(repository: SqlNotices) -> bool:
    """Puts the notice that ships with the product into a store that never had one.

    Returns whether it did. Who removed it on purpose does not get it back.
    """
    if repository.revision() > 0:
        return False
    data = BUNDLED.read_bytes()
    return repository.add(bundled_notice(), data, BUNDLED.name).outcome == "new"


def _add(
    connection: Connection, notice: Notice, data: bytes, file_name: str, progress: Progress | None
) -> Added:
    same = _first(connection, notices.c.sha256 == notice.sha256)
    if same is not None:
        return Added(_whole(connection, same), "same")
    latest = _first(connection, notices.c.number == notice.number, last=True)
    if latest is not None:
        kept = _whole(connection, latest)
        if _same_content(kept, notice):
            return Added(kept, "same")
        notice = replace(notice, version=kept.version + 1, repealed=kept.repealed)
    values = notice_values(notice) | {
        "source": data,
        "file_name": file_name[:255],
        "added_at": datetime.now(timezone.utc),
    }
    # Two processes on PostgreSQL: the second waits here and then meets the unique constraints.
    done = connection.execute(notices.insert().values(**values))
    _insert_clauses(connection, int(done.inserted_primary_key[0]), notice.clauses, progress)
    _bump(connection)
    log.info("notice kept: version %d, %d clauses", notice.version, len(notice.clauses))
    return Added(notice, "version" if latest is not None else "new")


def _insert_clauses(
    connection: Connection, notice_id: int, clauses: tuple[Clause, ...], progress: Progress | None
) -> None:
    for at in range(0, len(clauses), _BATCH):
        batch = [clause_values(notice_id, clause) for clause in clauses[at : at + _BATCH]]
        connection.execute(notice_clauses.insert(), batch)
        if progress:
            progress(min(at + _BATCH, len(clauses)), len(clauses))


def _same_content(kept: Notice, notice: Notice) -> bool:
    def content(n: Notice) -> object:
        return (n.title, n.issuer, n.issued, n.effective, n.expires), [
            (c.path, c.title, re.sub(r"\s", "", c.text)) for c in n.clauses
        ]

    return content(kept) == content(notice)


def _load(connection: Connection, as_of: date | None) -> tuple[Notice, ...]:
    versions: dict[str, list[Any]] = defaultdict(list)
    order = (notices.c.number, notices.c.version)
    for row in connection.execute(select(notices).order_by(*order)).mappings():
        versions[row["number"]].append(row)
    chosen = [_version_on(rows, as_of) for rows in versions.values()]
    clauses = _clauses_of(connection, [row["id"] for row in chosen])
    loaded = [notice_from(row, clauses[row["id"]]) for row in chosen]
    loaded.sort(key=lambda n: (n.issued or date.min, n.number), reverse=True)
    return tuple(_repealed_by_others(loaded))


def _version_on(rows: list[Any], as_of: date | None) -> Any:
    if as_of is None:
        return rows[-1]
    begun = [r for r in rows if begins(notice_from(r, ())) <= as_of]
    binding = [r for r in begun if in_force(notice_from(r, ()), as_of)]
    return (binding or begun or rows[:1])[-1]


def _repealed_by_others(loaded: list[Notice]) -> list[Notice]:
    """A notice whose text repeals another one ends it on the day before its own first day."""
    ends: dict[str, date] = {}
    for notice in loaded:
        first = begins(notice)
        for name in notice.repeals:
            if first > date.min:
                last = first - timedelta(days=1)
                ends[name] = min(ends.get(name, last), last)
    return [
        replace(n, repealed=min([d for d in (n.repealed, end) if d is not None]))
        if (end := ends.get(n.number) or ends.get(n.title))
        else n
        for n in loaded
    ]


def _clauses_of(connection: Connection, ids: list[int]) -> dict[int, list[Clause]]:
    found: dict[int, list[Clause]] = {i: [] for i in ids}
    query = select(notice_clauses).order_by(notice_clauses.c.notice_id, notice_clauses.c.position)
    for at in range(0, len(ids), _BATCH):
        some = notice_clauses.c.notice_id.in_(ids[at : at + _BATCH])
        for row in connection.execute(query.where(some)).mappings():
            found[row["notice_id"]].append(clause_from(row))
    return found


def _whole(connection: Connection, row: Any) -> Notice:
    return notice_from(row, _clauses_of(connection, [row["id"]])[row["id"]])


def _get(connection: Connection, number: str, version: int | None) -> Notice:
    return _whole(connection, _row(connection, number, version))


def _listed(connection: Connection) -> tuple[Listed, ...]:
    counts: dict[int, int] = {
        row[0]: row[1]
        for row in connection.execute(
            select(notice_clauses.c.notice_id, func.count()).group_by(notice_clauses.c.notice_id)
        )
    }
    rows = connection.execute(
        select(notices).order_by(notices.c.issued.desc(), notices.c.number, notices.c.version)
    )
    found = list(rows.mappings())
    latest: dict[str, int] = {}
    for row in found:
        latest[row["number"]] = max(latest.get(row["number"], 0), row["version"])
    return tuple(
        Listed(
            notice_from(row, ()),
            counts.get(row["id"], 0),
            row["version"] == latest[row["number"]],
            row["added_at"],
        )
        for row in found
    )


def _row(connection: Connection, number: str, version: int | None) -> Any:
    """The row of a number, however its brackets are typed. Raises UnknownNotice."""
    bare = re.sub(r"\s", "", number)
    for candidate in dict.fromkeys((number, bare, bare.translate(_BRACKETS), f"《{bare}》")):
        where = notices.c.number == candidate
        if version is not None:
            where = where & (notices.c.version == version)
        row = _first(connection, where, last=True)
        if row is not None:
            return row
    what = f"{number} version {version}" if version is not None else number
    raise UnknownNotice(f"no notice {what}; `minglu policy list` shows those that are there")


def _first(connection: Connection, where: Any, *, last: bool = False) -> Any:
    order = notices.c.version.desc() if last else notices.c.id
    return connection.execute(select(notices).where(where).order_by(order)).mappings().first()


def _revision(connection: Connection) -> int:
    value = connection.execute(_REVISION).scalar()
    return int(value or 0)


def _bump(connection: Connection) -> None:
    changed = connection.execute(
        update(notice_revisions).values(value=notice_revisions.c.value + 1)
    )
    if changed.rowcount == 0:
        connection.execute(notice_revisions.insert().values(id=1, value=1))
