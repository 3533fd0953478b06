"""Files that somebody at the desk uploaded to look at, before they hold or are thrown away."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.managing import Draft, UnknownDraft
from core.ports import Clock
from store.database import read, write
from store.tables.managing import drafts

KEPT = timedelta(days=1)
MOST = 5
"""Of one account."""


class SqlDrafts:
    """Obeys core.managing.Drafts."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def keep(self, staff: str, kind: str, file_name: str, source: bytes, content: str) -> str:
        draft_id = secrets.token_urlsafe(16)

        def work(connection: Connection) -> None:
            now = self._clock.now()
            mine = select(drafts.c.id).where(drafts.c.staff == staff)
            newest = mine.order_by(drafts.c.created_at.desc(), drafts.c.id).limit(MOST - 1)
            kept = list(connection.execute(newest).scalars())
            connection.execute(
                drafts.delete().where(drafts.c.staff == staff, drafts.c.id.not_in(kept))
            )
            connection.execute(
                drafts.insert().values(
                    id=draft_id,
                    kind=kind,
                    staff=staff,
                    file_name=file_name[:255],
                    source=source,
                    content=content,
                    created_at=now,
                )
            )

        write(self._engine, work)
        return draft_id

    def get(self, staff: str, kind: str, draft_id: str) -> Draft:
        c = drafts.c
        query = select(drafts).where(
            c.id == draft_id,
            c.staff == staff,
            c.kind == kind,
            c.created_at >= self._clock.now() - KEPT,
        )
        row = read(self._engine, lambda connection: connection.execute(query).mappings().first())
        if row is None:
            raise UnknownDraft("no such draft")
        return Draft(row["id"], kind, row["file_name"], bytes(row["source"]), row["content"])

    def forget_old(self) -> int:
        """Erases what nobody came back to within a day; how many."""
        old = drafts.delete().where(drafts.c.created_at < self._clock.now() - KEPT)
        return write(self._engine, lambda connection: int(connection.execute(old).rowcount))

    def drop(self, staff: str, draft_id: str) -> None:
        gone = drafts.delete().where(drafts.c.id == draft_id, drafts.c.staff == staff)
        write(self._engine, lambda connection: connection.execute(gone))
