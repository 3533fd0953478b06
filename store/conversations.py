"""What pages show of conversations, so that any gateway can show it after any restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.conversing import Turn, packed_turn, unpacked_turn
from core.ports import Clock
from store.database import read, write
from store.records import insert_new
from store.sealing import Seal
from store.tables.web import web_turns

MOST_TURNS = 40
CLAIM_LASTS = timedelta(seconds=60)
"""After this, a message whose gateway died may be sent by another; longer than any answer takes."""
PURPOSE = "turn"


class SqlConversations:
    """Obeys core.ports.Conversations. What was said is sealed at rest."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal

    def close(self) -> None:
        self._engine.dispose()

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        query = (
            select(web_turns)
            .where(web_turns.c.conversation == conversation, web_turns.c.content_sealed != "")
            .order_by(web_turns.c.id.desc())
            .limit(MOST_TURNS)
        )
        rows = read(self._engine, lambda c: c.execute(query).mappings().all())
        return tuple(self._turn(row) for row in reversed(rows))

    def claim(self, conversation: str, message_id: str) -> bool:
        mine = _one(conversation, message_id)

        def work(connection: Connection) -> bool:
            now = self._clock.now()
            row = {
                "conversation": conversation,
                "message_id": message_id,
                "content_sealed": "",
                "at": now,
            }
            if insert_new(connection, web_turns, row):
                return True
            stale = (web_turns.c.content_sealed == "") & (web_turns.c.at <= now - CLAIM_LASTS)
            taken = connection.execute(web_turns.update().where(mine, stale).values(at=now))
            return bool(taken.rowcount)

        return write(self._engine, work)

    def release(self, conversation: str, message_id: str) -> None:
        empty = _one(conversation, message_id) & (web_turns.c.content_sealed == "")
        write(self._engine, lambda c: c.execute(web_turns.delete().where(empty)))

    def add(self, conversation: str, turn: Turn) -> Turn:
        mine = _one(conversation, turn.message_id)

        def work(connection: Connection) -> Turn:
            content = self._seal.seal(packed_turn(turn), PURPOSE)
            filled = connection.execute(
                web_turns.update()
                .where(mine, web_turns.c.content_sealed == "")
                .values(content_sealed=content)
            )
            if not filled.rowcount:
                row = {
                    "conversation": conversation,
                    "message_id": turn.message_id,
                    "content_sealed": content,
                    "at": self._clock.now(),
                }
                insert_new(connection, web_turns, row)
            self._trim(connection, conversation)
            number = connection.execute(select(web_turns.c.id).where(mine)).scalar_one()
            return replace(turn, number=int(number))

        return write(self._engine, work)

    def _trim(self, connection: Connection, conversation: str) -> None:
        mine = web_turns.c.conversation == conversation
        oldest_kept = (
            select(web_turns.c.id)
            .where(mine)
            .order_by(web_turns.c.id.desc())
            .offset(MOST_TURNS - 1)
            .limit(1)
        )
        last = connection.execute(oldest_kept).scalar()
        if last is not None:
            connection.execute(web_turns.delete().where(mine, web_turns.c.id < last))

    def forget(self, conversation: str) -> None:
        mine = web_turns.c.conversation == conversation
        write(self._engine, lambda c: c.execute(web_turns.delete().where(mine)))

    def forget_before(self, moment: datetime) -> int:
        """Drops turns older than that; how many."""
        old = web_turns.delete().where(web_turns.c.at < moment)
        return write(self._engine, lambda c: int(c.execute(old).rowcount))

    def _turn(self, row: Any) -> Turn:
        content = self._seal.open(row["content_sealed"], PURPOSE)
        return unpacked_turn(content, message_id=row["message_id"], number=int(row["id"]))


def _one(conversation: str, message_id: str) -> Any:
    return (web_turns.c.conversation == conversation) & (web_turns.c.message_id == message_id)
