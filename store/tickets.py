"""Wishes for a person, kept whether or not somebody is there."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.errors import UnknownTicket
from core.ports import Clock
from core.reference import CAPACITY, make_reference
from core.values import Ticket
from store.database import read, write
from store.records import insert_new
from store.sealing import Seal
from store.tables.booking import tickets

MAX_SUMMARY = 4000
STATUSES = ("open", "taken", "closed")


class SqlTickets:
    """Obeys core.ports.Tickets. What a person said is sealed at rest."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal

    def open(
        self, *, conversation: str, channel: str, topic: str, summary: str, urgent: bool = False
    ) -> Ticket:
        """One ticket per conversation until it is closed; saying more adds to it."""

        def work(connection: Connection) -> Ticket:
            for _ in range(3):
                known = self._of(connection, conversation)
                if known is not None:
                    return self._extend(connection, known, summary, urgent)
                now = self._clock.now()
                ticket = Ticket(
                    id=make_reference(secrets.randbelow(CAPACITY)),
                    conversation=conversation,
                    channel=channel,
                    topic=topic,
                    summary=summary.strip()[:MAX_SUMMARY],
                    urgent=urgent,
                    status="open",
                    created_at=now,
                )
                if insert_new(connection, tickets, self._row(ticket)):
                    return ticket
            raise LookupError("the ticket was closed and opened at once")

        return write(self._engine, work)

    def waiting(self) -> tuple[Ticket, ...]:
        """Not closed: urgent ones first, then the oldest."""

        def work(connection: Connection) -> tuple[Ticket, ...]:
            query = (
                select(tickets)
                .where(tickets.c.status != "closed")
                .order_by(tickets.c.urgent.desc(), tickets.c.created_at, tickets.c.id)
            )
            rows = connection.execute(query).mappings().all()
            return tuple(self._ticket(row) for row in rows)

        return read(self._engine, work)

    def listed(self, *, limit: int = 1000) -> tuple[Ticket, ...]:
        """Those that wait as `waiting` gives them, then the closed ones, the latest first."""

        def work(connection: Connection) -> tuple[Ticket, ...]:
            query = (
                select(tickets)
                .where(tickets.c.status == "closed")
                .order_by(tickets.c.created_at.desc(), tickets.c.id)
                .limit(limit)
            )
            rows = connection.execute(query).mappings().all()
            return tuple(self._ticket(row) for row in rows)

        return self.waiting() + read(self._engine, work)

    def get(self, ticket_id: str) -> Ticket:
        """Raises UnknownTicket."""
        return read(self._engine, lambda connection: self._named(connection, ticket_id))

    def take(self, ticket_id: str) -> Ticket:
        """Somebody looks after it. Raises UnknownTicket."""
        return self._mark(ticket_id, "taken")

    def close(self, ticket_id: str) -> Ticket:
        """Done; the next wish of that conversation opens a new one. Raises UnknownTicket."""
        return self._mark(ticket_id, "closed")

    def _mark(self, ticket_id: str, status: str) -> Ticket:
        def work(connection: Connection) -> Ticket:
            before = self._named(connection, ticket_id)
            if before.status != "closed":
                connection.execute(
                    tickets.update()
                    .where(tickets.c.id == ticket_id)
                    # From the command line nobody talks: the assistant is not silenced.
                    .values(status=status, taken_by="", updated_at=self._clock.now())
                )
            return self._named(connection, ticket_id)

        return write(self._engine, work)

    def _named(self, connection: Connection, ticket_id: str) -> Ticket:
        query = select(tickets).where(tickets.c.id == ticket_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownTicket(f"no ticket {ticket_id}")
        return self._ticket(row)

    def _of(self, connection: Connection, conversation: str) -> Ticket | None:
        query = (
            select(tickets)
            .where(tickets.c.conversation == conversation, tickets.c.status != "closed")
            .with_for_update()
        )
        row = connection.execute(query).mappings().first()
        return None if row is None else self._ticket(row)

    def _extend(self, connection: Connection, known: Ticket, more: str, urgent: bool) -> Ticket:
        lines = known.summary.split("\n")
        if more.strip() and more.strip() not in lines:
            lines.append(more.strip())
        # Where it grows too long, what was said last helps most.
        summary = "\n".join(lines)[-MAX_SUMMARY:]
        connection.execute(
            tickets.update()
            .where(tickets.c.id == known.id)
            .values(
                summary_sealed=self._seal.seal(summary, "ticket"),
                urgent=known.urgent or urgent,
                updated_at=self._clock.now(),
            )
        )
        return self._named(connection, known.id)

    def _row(self, ticket: Ticket) -> dict[str, Any]:
        return {
            "id": ticket.id,
            "conversation": ticket.conversation,
            "channel": ticket.channel,
            "topic": ticket.topic,
            "summary_sealed": self._seal.seal(ticket.summary, "ticket"),
            "urgent": ticket.urgent,
            "status": ticket.status,
            "created_at": ticket.created_at,
            "updated_at": ticket.created_at,
        }

    def _ticket(self, row: Any) -> Ticket:
        return Ticket(
            id=row["id"],
            conversation=row["conversation"],
            channel=row["channel"],
            topic=row["topic"],
            summary=self._seal.open(row["summary_sealed"], "ticket"),
            urgent=bool(row["urgent"]),
            status=row["status"],
            created_at=row["created_at"],
            taken_by=row["taken_by"],
        )
