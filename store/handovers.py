"""Conversations that staff hold, and what people wrote in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.engine import Connection, Engine

from core.conversing import STAFF, Turn
from core.errors import TicketClosed, TicketTaken, UnknownTicket
from core.handovers import MOST_WRITTEN, HumanMessage
from core.ports import Clock, Conversations
from core.values import Reply, Ticket
from store.database import read, write
from store.records import digest, insert_new
from store.sealing import Seal
from store.tables.booking import tickets
from store.tables.staff import human_messages
from store.tickets import SqlTickets

PURPOSE = "human message"
WEB = "web"
_MINE: Any = bindparam("conversation")
_TAKEN = and_(tickets.c.conversation == _MINE, tickets.c.status == "taken")
_WAITING = and_(human_messages.c.conversation == _MINE, human_messages.c.delivered_at.is_(None))
# Built once: building a statement costs more than running it.
_IN_BETWEEN = select(
    or_(
        select(tickets.c.id).where(_TAKEN).exists(),
        select(human_messages.c.id).where(_WAITING).exists(),
    )
)
_HOLDER = select(tickets.c.taken_by).where(_TAKEN)


class SqlHandOvers:
    """Obeys core.handovers.HandOvers. What was written is sealed at rest."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        seal: Seal,
        kept_tickets: SqlTickets,
        conversations: Conversations,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal
        self._tickets = kept_tickets
        self._conversations = conversations

    # -- who talks

    def claim(self, ticket_id: str, staff: str) -> Ticket:
        return self._hand(ticket_id, staff, status="taken", taken_by=staff)

    def release(self, ticket_id: str, staff: str) -> Ticket:
        return self._hand(ticket_id, staff, status="open", taken_by="")

    def hand_back(self, ticket_id: str, staff: str) -> Ticket:
        return self._hand(ticket_id, staff, status="closed", taken_by="")

    def _hand(self, ticket_id: str, staff: str, **values: Any) -> Ticket:
        def work(connection: Connection) -> None:
            row = self._locked(connection, ticket_id)
            if row["status"] == "closed":
                raise TicketClosed(f"ticket {ticket_id} is closed")
            self._only(row, staff)
            connection.execute(
                tickets.update()
                .where(tickets.c.id == ticket_id)
                .values(updated_at=self._clock.now(), **values)
            )

        write(self._engine, work)
        return self._tickets.get(ticket_id)

    def holder(self, conversation: str) -> str:
        return read(self._engine, lambda c: self._holder(c, conversation))

    def _holder(self, connection: Connection, conversation: str) -> str:
        asked = {"conversation": conversation}
        return str(connection.execute(_HOLDER, asked).scalar() or "")

    def left_to_assistant(self, conversation: str) -> bool:
        asked = {"conversation": conversation}
        return not read(self._engine, lambda c: c.execute(_IN_BETWEEN, asked).scalar())

    # -- what they write

    def take_in(self, conversation: str, channel: str, text: str, key: str) -> bool:
        # Nearly every message is for the assistant: only a look, and no lock, stands before it.
        if not self.holder(conversation):
            return False

        def work(connection: Connection) -> bool:
            if not self._holder(connection, conversation):
                return False
            self._keep(connection, conversation, channel, "", text, key)
            return True

        return write(self._engine, work)

    def write(self, ticket_id: str, staff: str, text: str, key: str) -> HumanMessage:
        def work(connection: Connection) -> HumanMessage:
            row = self._locked(connection, ticket_id)
            if row["taken_by"] != staff:
                raise TicketTaken("not held by this account", taken_by=row["taken_by"])
            return self._keep(connection, row["conversation"], row["channel"], staff, text, key)

        message = write(self._engine, work)
        if message.channel == WEB and not message.delivered:
            # A page shows the turns that are kept: writing it there is delivering it.
            turn = Turn(f"staff-{message.id}", "", (Reply(message.text),), STAFF)
            self._conversations.add(message.conversation, turn)
            self.delivered(message.id)
        return message

    def _keep(
        self,
        connection: Connection,
        conversation: str,
        channel: str,
        staff: str,
        text: str,
        key: str,
    ) -> HumanMessage:
        now = self._clock.now()
        key_digest = digest(f"human:{conversation}:{staff}", key)
        row = {
            "conversation": conversation,
            "channel": channel,
            "staff": staff,
            "text_sealed": self._seal.seal(text.strip()[:MOST_WRITTEN], PURPOSE),
            "created_at": now,
            "delivered_at": None if staff else now,
            "key": key_digest,
        }
        insert_new(connection, human_messages, row)
        mine = select(human_messages).where(human_messages.c.key == key_digest)
        return self._message(connection.execute(mine).mappings().one())

    def thread(self, conversation: str) -> tuple[HumanMessage, ...]:
        return self._found(human_messages.c.conversation == conversation)

    def undelivered(self, channel: str, *, limit: int = 50) -> tuple[HumanMessage, ...]:
        return self._found(human_messages.c.channel == channel, waiting=True, limit=limit)

    def undelivered_to(self, conversation: str) -> tuple[HumanMessage, ...]:
        return self._found(human_messages.c.conversation == conversation, waiting=True)

    def delivered(self, message_id: int) -> None:
        change = (
            human_messages.update()
            .where(human_messages.c.id == message_id, human_messages.c.delivered_at.is_(None))
            .values(delivered_at=self._clock.now())
        )
        write(self._engine, lambda c: c.execute(change))

    def forget_before(self, moment: datetime) -> int:
        """Erases what was written before that; how many messages."""
        old = human_messages.delete().where(human_messages.c.created_at < moment)
        return write(self._engine, lambda c: int(c.execute(old).rowcount))

    def revision(self) -> str:
        def work(connection: Connection) -> str:
            latest = select(func.max(tickets.c.updated_at), func.count(tickets.c.id))
            told = select(func.max(human_messages.c.id), func.count(human_messages.c.delivered_at))
            return "|".join(
                str(value)
                for query in (latest, told)
                for value in tuple(connection.execute(query).one())
            )

        return read(self._engine, work)

    def _found(
        self, condition: Any, *, waiting: bool = False, limit: int | None = None
    ) -> tuple[HumanMessage, ...]:
        query = select(human_messages).where(condition).order_by(human_messages.c.id)
        if waiting:
            query = query.where(human_messages.c.delivered_at.is_(None))
        rows = read(self._engine, lambda c: c.execute(query.limit(limit)).mappings().all())
        return tuple(self._message(row) for row in rows)

    def _message(self, row: Any) -> HumanMessage:
        return HumanMessage(
            id=row["id"],
            conversation=row["conversation"],
            channel=row["channel"],
            staff=row["staff"],
            text=self._seal.open(row["text_sealed"], PURPOSE),
            created_at=row["created_at"],
            delivered=row["delivered_at"] is not None,
        )

    def _locked(self, connection: Connection, ticket_id: str) -> Any:
        query = select(tickets).where(tickets.c.id == ticket_id).with_for_update()
        row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownTicket(f"no ticket {ticket_id}")
        return row

    def _only(self, row: Any, staff: str) -> None:
        if row["taken_by"] not in ("", staff):
            raise TicketTaken("somebody else talks to them", taken_by=row["taken_by"])
