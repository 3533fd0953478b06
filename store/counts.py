"""Counts of each day: how many messages on a channel were answered in which way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.managing import TurnCount
from store.database import read, write
from store.records import insert_new
from store.tables.managing import daily_counts


class SqlDailyCounts:
    """Obeys core.managing.DailyCounts. Several processes may add at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, counts: Mapping[tuple[date, str, str, str], int]) -> None:
        def work(connection: Connection) -> None:
            # One order for everybody, so that two at once never wait for each other.
            for (day, channel, kind, reason), count in sorted(counts.items()):
                key = {"day": day, "channel": channel, "kind": kind, "reason": reason}
                if insert_new(connection, daily_counts, {**key, "count": count}):
                    continue
                c = daily_counts.c
                mine = (
                    c.day == day, c.channel == channel, c.kind == kind, c.reason == reason
                )  # fmt: skip
                connection.execute(
                    daily_counts.update().where(*mine).values(count=c["count"] + count)
                )

        write(self._engine, work)

    def since(self, day: date) -> tuple[TurnCount, ...]:
        c = daily_counts.c
        query = select(daily_counts).where(c.day >= day).order_by(c.day, c.channel, c.kind)
        rows = read(self._engine, lambda connection: connection.execute(query).mappings().all())
        return tuple(
            TurnCount(r["day"], r["channel"], r["kind"], r["reason"], r["count"]) for r in rows
        )
