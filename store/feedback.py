"""Ratings of answers and questions left open, kept for some weeks and tied to nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.engine import Connection, Engine

from core.feedback import OpenQuestion, Rating, RatingCount, without_person
from core.ports import Clock
from store.database import read, write, write_at_once
from store.records import insert_new
from store.sealing import Seal
from store.tables.web import open_questions, ratings

PURPOSE = "open question"


class SqlFeedback:
    """Obeys core.ports.FeedbackBook. `kept`: for how long; nothing at all where it is zero."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal, *, kept: timedelta) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal
        self._kept = kept

    @property
    def kept_days(self) -> int:
        return self._kept.days

    def rate(self, conversation: str, message_id: str, rating: Rating) -> None:
        if not self._kept:
            return
        key = self._seal.hash("rating", conversation, message_id)
        values: dict[str, Any] = {
            "answer_hash": key,
            "day": self._today(),
            "channel": rating.channel,
            "helpful": rating.helpful,
            "reason": rating.reason,
            "kind": rating.kind,
            "clause": rating.clause[:200],
        }

        def work(connection: Connection) -> None:
            if not insert_new(connection, ratings, values):
                mine = ratings.c.answer_hash == key
                connection.execute(ratings.update().where(mine).values(**values))

        write(self._engine, work)

    def keep_question(self, conversation: str, message_id: str, question: OpenQuestion) -> None:
        text = without_person(question.text)
        if not (self._kept and text):
            return
        values = {
            "message_hash": self._seal.hash("question", conversation, message_id),
            "day": self._today(),
            "channel": question.channel,
            "outcome": question.outcome,
            "reason": question.reason,
            "text_sealed": self._seal.seal(text, PURPOSE),
        }
        # One statement, and so on PostgreSQL a transaction by itself: one round trip, not three.
        once = write_at_once if self._engine.dialect.name == "postgresql" else write
        once(self._engine, lambda connection: insert_new(connection, open_questions, values))

    def ratings(self, since: date) -> tuple[RatingCount, ...]:
        by = (ratings.c.kind, ratings.c.clause, ratings.c.reason)
        good = func.sum(case((ratings.c.helpful, 1), else_=0))
        query = (
            select(*by, good.label("good"), func.count().label("given"))
            .where(ratings.c.day >= since)
            .group_by(*by)
            .order_by(*by)
        )
        rows = read(self._engine, lambda c: c.execute(query).mappings().all())
        return tuple(
            RatingCount(r["kind"], r["clause"], r["reason"], r["good"], r["given"] - r["good"])
            for r in rows
        )

    def questions(self, since: date) -> tuple[OpenQuestion, ...]:
        query = (
            select(open_questions)
            .where(open_questions.c.day >= since)
            .order_by(open_questions.c.id)
        )
        rows = read(self._engine, lambda c: c.execute(query).mappings().all())
        return tuple(
            OpenQuestion(
                text=self._seal.open(row["text_sealed"], PURPOSE),
                outcome=row["outcome"],
                reason=row["reason"],
                channel=row["channel"],
                day=row["day"],
            )
            for row in rows
        )

    def forget_questions(self, texts: Collection[str]) -> int:
        """Erases the questions of these wordings; how many."""

        def work(connection: Connection) -> int:
            c = open_questions.c
            rows = connection.execute(select(c.id, c.text_sealed)).all()
            chosen = [n for n, sealed in rows if self._seal.open(sealed, PURPOSE) in texts]
            for at in range(0, len(chosen), 500):
                connection.execute(open_questions.delete().where(c.id.in_(chosen[at : at + 500])))
            return len(chosen)

        return write(self._engine, work)

    def forget_ratings(self, kind: str, clause: str) -> int:
        """Erases the ratings of answers from one clause, or of one kind without any; how many."""
        mine = ratings.delete().where(ratings.c.kind == kind, ratings.c.clause == clause)
        return write(self._engine, lambda c: int(c.execute(mine).rowcount))

    def forget_old(self) -> int:
        """Drops what is older than it is kept, or everything where nothing is; how many."""
        day = self._today() - self._kept + (timedelta() if self._kept else timedelta(days=1))

        def work(connection: Connection) -> int:
            old = (table.delete().where(table.c.day < day) for table in (ratings, open_questions))
            return sum(int(connection.execute(one).rowcount) for one in old)

        return write(self._engine, work)

    def _today(self) -> date:
        return self._clock.now().date()
