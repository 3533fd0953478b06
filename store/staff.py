"""Accounts of the desk: who may sign in, who is signed in, and the trail of what they did."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.errors import InvalidAccount
from core.ports import Clock
from core.staff import (
    LONGEST_SESSION,
    LockedOut,
    Role,
    StaffExists,
    StaffMember,
    Trace,
    UnknownStaff,
    WrongPassword,
    check_password,
    parse_account_name,
    wait_after,
)
from store.database import read, write
from store.passwords import Cost, hash_password, is_current, nobodys_hash, password_matches
from store.records import insert_new
from store.sealing import Seal
from store.tables.staff import staff, staff_sessions, staff_trail, staff_tries

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last activity is known: a page that is typed into writes no row per letter."""


class SqlStaff:
    """Obeys core.staff.Staff."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        seal: Seal,
        idle: timedelta = timedelta(minutes=30),
        cost: Cost | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal
        self._idle = idle
        self._cost = cost or Cost()
        # Compared with where no such account is there, so that the answer takes as long.
        self._nobody = nobodys_hash(self._cost)

    # -- signing in and out

    def sign_in(self, name: str, password: str) -> tuple[str, StaffMember]:
        row = self._prove(name, password)
        token = secrets.token_urlsafe(32)

        def work(connection: Connection) -> None:
            now = self._clock.now()
            connection.execute(
                staff_sessions.delete().where(
                    (staff_sessions.c.seen_at < now - self._idle)
                    | (staff_sessions.c.created_at < now - LONGEST_SESSION)
                )
            )
            connection.execute(
                staff_sessions.insert().values(
                    token_hash=_digest(token), staff_id=row["id"], created_at=now, seen_at=now
                )
            )
            if not is_current(row["password_hash"], self._cost):
                values = {"password_hash": hash_password(password, self._cost)}
                self._change(connection, row["id"], **values)
            self._trace(connection, row["name"], "signed_in")

        write(self._engine, work)
        return token, _member(row)

    def signed_in(self, token: str, *, active: bool = True) -> tuple[StaffMember, datetime] | None:
        if not token:
            return None
        query = (
            select(staff, staff_sessions.c.seen_at, staff_sessions.c.created_at.label("begun_at"))
            .join_from(staff_sessions, staff)
            .where(staff_sessions.c.token_hash == _digest(token))
        )
        row = read(self._engine, lambda c: c.execute(query).mappings().first())
        now = self._clock.now()
        if row is None or row["locked"]:
            return None
        shift_ends = row["begun_at"] + LONGEST_SESSION
        if now >= min(row["seen_at"] + self._idle, shift_ends):
            return None
        seen = row["seen_at"]
        if active and now - seen >= SEEN_EVERY:
            seen = now
            mine = staff_sessions.c.token_hash == _digest(token)
            change = staff_sessions.update().where(mine).values(seen_at=now)
            write(self._engine, lambda c: c.execute(change))
        return _member(row), min(seen + self._idle, shift_ends)

    def sign_out(self, token: str) -> None:
        gone = staff_sessions.delete().where(staff_sessions.c.token_hash == _digest(token))
        write(self._engine, lambda c: c.execute(gone))

    def change_password(self, name: str, old: str, new: str) -> None:
        row = self._prove(name, old)
        check_password(new, row["name"])
        if new == old:
            raise InvalidAccount("choose another password than the one before")
        self._replace(row["name"], new, by=row["name"], one_time=False)

    def _prove(self, name: str, password: str) -> Any:
        """The account's row. Counts the try; the slow comparison runs outside a transaction."""
        try:
            name = parse_account_name(name)
        except InvalidAccount:
            name = ""
        self._may_try(name)
        query = select(staff).where(staff.c.name == name)
        row = read(self._engine, lambda c: c.execute(query).mappings().first())
        fits = password_matches(password, self._nobody if row is None else row["password_hash"])
        if row is not None and fits and not row["locked"]:
            write(self._engine, lambda c: c.execute(self._tries(name, delete=True)))
            return row
        write(self._engine, lambda c: self._count_failure(c, name, known=row is not None))
        raise WrongPassword("name and password do not fit")

    def _may_try(self, name: str) -> None:
        row = read(self._engine, lambda c: c.execute(self._tries(name)).mappings().first())
        now = self._clock.now()
        if row is not None and row["wait_until"] > now:
            wait = (row["wait_until"] - now).total_seconds()
            raise LockedOut("too many wrong tries", retry_after_s=int(wait) + 1)

    def _count_failure(self, connection: Connection, name: str, *, known: bool) -> None:
        now = self._clock.now()
        mine = self._seal.hash("staff-name", name)
        row = connection.execute(self._tries(name).with_for_update()).mappings().first()
        failures = 1
        # A day later, an old slip of the hand counts no more.
        if row is not None and row["wait_until"] >= now - timedelta(days=1):
            failures += row["failures"]
        wait_until = now + wait_after(failures)
        values = {"failures": failures, "wait_until": wait_until}
        if row is None and insert_new(connection, staff_tries, {"name_hash": mine, **values}):
            return
        connection.execute(
            staff_tries.update().where(staff_tries.c.name_hash == mine).values(**values)
        )
        # A name that is no account's may be a password in the wrong field.
        if known and wait_until > now:
            self._trace(connection, name, "locked_out")

    def _tries(self, name: str, *, delete: bool = False) -> Any:
        mine = staff_tries.c.name_hash == self._seal.hash("staff-name", name)
        return staff_tries.delete().where(mine) if delete else select(staff_tries).where(mine)

    # -- the trail

    def record(self, who: str, event: str, subject: str = "") -> None:
        write(self._engine, lambda c: self._trace(c, who, event, subject))

    def trail(
        self, *, limit: int = 200, before: int | None = None, who: str = "", event: str = ""
    ) -> tuple[Trace, ...]:
        c = staff_trail.c
        query = select(staff_trail).order_by(c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(c.id < before)
        if who:
            query = query.where(c.who == who)
        if event:
            query = query.where(c.event == event)
        rows = read(self._engine, lambda c: c.execute(query).mappings().all())
        return tuple(Trace(r["at"], r["who"], r["event"], r["subject"], r["id"]) for r in rows)

    def _trace(self, connection: Connection, who: str, event: str, subject: str = "") -> None:
        connection.execute(
            staff_trail.insert().values(
                at=self._clock.now(), who=who[:40], event=event[:40], subject=subject[:64]
            )
        )

    # -- accounts

    def members(self) -> tuple[StaffMember, ...]:
        query = select(staff).order_by(staff.c.name)
        return tuple(map(_member, read(self._engine, lambda c: c.execute(query).mappings().all())))

    def add(self, name: str, role: Role, password: str, *, by: str, one_time: bool) -> StaffMember:
        name = parse_account_name(name)
        check_password(password, name)
        row = {
            "name": name,
            "role": role.value,
            "password_hash": hash_password(password, self._cost),
            "locked": False,
            "must_change": one_time,
            "created_at": self._clock.now(),
        }

        def work(connection: Connection) -> None:
            if not insert_new(connection, staff, row):
                raise StaffExists(f"there is an account {name} already")
            self._trace(connection, by, "account_added", name)

        write(self._engine, work)
        return _member(row)

    def lock(self, name: str, locked: bool, *, by: str) -> StaffMember:
        def work(connection: Connection) -> StaffMember:
            row = self._named(connection, name)
            self._change(connection, row["id"], locked=locked)
            self._end_sessions(connection, row["id"])
            self._trace(
                connection, by, "account_locked" if locked else "account_unlocked", row["name"]
            )
            return _member(self._named(connection, name))

        return write(self._engine, work)

    def set_password(self, name: str, password: str, *, by: str, one_time: bool) -> None:
        name = parse_account_name(name)
        check_password(password, name)
        self._replace(name, password, by=by, one_time=one_time)

    def _replace(self, name: str, password: str, *, by: str, one_time: bool) -> None:
        values = {"password_hash": hash_password(password, self._cost), "must_change": one_time}

        def work(connection: Connection) -> None:
            row = self._named(connection, name)
            self._change(connection, row["id"], **values)
            self._end_sessions(connection, row["id"])
            connection.execute(self._tries(row["name"], delete=True))
            self._trace(connection, by, "password_changed", row["name"])

        write(self._engine, work)

    def _named(self, connection: Connection, name: str) -> Any:
        query = select(staff).where(staff.c.name == parse_account_name(name))
        row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownStaff(f"no account {name}; see `minglu staff list`")
        return row

    def _change(self, connection: Connection, staff_id: int, **values: Any) -> None:
        connection.execute(staff.update().where(staff.c.id == staff_id).values(**values))

    def _end_sessions(self, connection: Connection, staff_id: int) -> None:
        connection.execute(staff_sessions.delete().where(staff_sessions.c.staff_id == staff_id))


def _member(row: Any) -> StaffMember:
    return StaffMember(
        row["name"],
        Role(row["role"]),
        bool(row["locked"]),
        bool(row["must_change"]),
        row["created_at"],
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
