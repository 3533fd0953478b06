"""What the messengers keep: each delivery once, chats with their wishes, open choices."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.messaging import Contact, OfferedChoice, ReceivedMessage
from core.ports import Clock
from core.values import Choice
from store.database import read, write
from store.records import insert_new
from store.sealing import Seal
from store.tables.messages import choices, contacts, deliveries

_CONTENT, _ADDRESS = "message", "address"
_MOST_IN_ONE_STATEMENT = 500


class SqlMessageBook:
    """Obeys core.messaging.MessageBook. Addresses and contents are sealed at rest."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal

    def receive(
        self, channel: str, messages: Sequence[ReceivedMessage]
    ) -> tuple[ReceivedMessage, ...]:
        def work(connection: Connection) -> tuple[ReceivedMessage, ...]:
            new = []
            for message in messages:
                row = {
                    "channel": channel,
                    "message_id": message.id,
                    "conversation": message.conversation,
                    "content_sealed": self._seal.seal(message.content, _CONTENT),
                    "received_at": self._clock.now(),
                }
                if insert_new(connection, deliveries, row):
                    self._greet(connection, channel, message)
                    new.append(message)
            return tuple(new)

        return write(self._engine, work)

    def _greet(self, connection: Connection, channel: str, message: ReceivedMessage) -> None:
        """Makes the chat's row, or takes a shut-out back: who writes has opened the door."""
        mine = contacts.c.conversation == message.conversation
        known = connection.execute(select(contacts).where(mine)).mappings().first()
        sealed = self._seal.seal(message.address, _ADDRESS)
        if known is None:
            row = {
                "conversation": message.conversation,
                "channel": channel,
                "address_sealed": sealed,
                "created_at": self._clock.now(),
            }
            insert_new(connection, contacts, row)
        elif known["blocked_at"] or not self._seal.is_current(known["address_sealed"]):
            values = {"blocked_at": None, "address_sealed": sealed}
            connection.execute(contacts.update().where(mine).values(**values))

    def waiting(self, channel: str) -> tuple[ReceivedMessage, ...]:
        query = (
            select(deliveries, contacts.c.address_sealed)
            .join(contacts, contacts.c.conversation == deliveries.c.conversation)
            .where(deliveries.c.channel == channel, deliveries.c.answered_at.is_(None))
            .order_by(deliveries.c.id)
        )

        def work(connection: Connection) -> tuple[ReceivedMessage, ...]:
            return tuple(
                ReceivedMessage(
                    id=row["message_id"],
                    conversation=row["conversation"],
                    address=self._seal.open(row["address_sealed"], _ADDRESS),
                    content=self._seal.open(row["content_sealed"], _CONTENT),
                )
                for row in connection.execute(query).mappings()
            )

        return read(self._engine, work)

    def finish(self, channel: str, ids: Sequence[str]) -> None:
        def work(connection: Connection) -> None:
            for start in range(0, len(ids), _MOST_IN_ONE_STATEMENT):
                some = ids[start : start + _MOST_IN_ONE_STATEMENT]
                connection.execute(
                    deliveries.update()
                    .where(deliveries.c.channel == channel, deliveries.c.message_id.in_(some))
                    .values(answered_at=self._clock.now(), content_sealed="")
                )

        write(self._engine, work)

    def contact(self, conversation: str) -> Contact | None:
        def work(connection: Connection) -> Contact | None:
            query = select(contacts).where(contacts.c.conversation == conversation)
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            return Contact(
                conversation=conversation,
                address=self._seal.open(row["address_sealed"], _ADDRESS),
                voice_replies=bool(row["voice_replies"]),
                plain=bool(row["plain"]),
                blocked=row["blocked_at"] is not None,
                offered=self._open_choices(connection, row["offer"]),
            )

        return read(self._engine, work)

    def wish(
        self, conversation: str, *, voice_replies: bool | None = None, plain: bool | None = None
    ) -> None:
        wishes = {"voice_replies": voice_replies, "plain": plain}
        self._set(conversation, **{k: v for k, v in wishes.items() if v is not None})

    def set_blocked(self, conversation: str, blocked: bool) -> None:
        self._set(conversation, blocked_at=self._clock.now() if blocked else None)

    def _set(self, conversation: str, **values: object) -> None:
        if not values:
            return
        change = contacts.update().where(contacts.c.conversation == conversation).values(**values)
        write(self._engine, lambda connection: connection.execute(change))

    def offer(self, conversation: str, choices: Sequence[Choice]) -> tuple[OfferedChoice, ...]:
        offer_id = secrets.token_hex(12) if choices else ""
        offered = tuple(
            OfferedChoice(secrets.token_hex(6), number, choice.label, choice.payload)
            for number, choice in enumerate(choices, 1)
        )
        write(self._engine, lambda c: self._offer(c, conversation, offer_id, offered))
        return offered

    def _offer(
        self,
        connection: Connection,
        conversation: str,
        offer_id: str,
        offered: Sequence[OfferedChoice],
    ) -> None:
        for choice in offered:
            connection.execute(
                choices.insert().values(
                    id=choice.id,
                    conversation=conversation,
                    offer=offer_id,
                    number=choice.number,
                    label=choice.label[:200],
                    payload=choice.payload[:200],
                    offered_at=self._clock.now(),
                )
            )
        connection.execute(
            contacts.update().where(contacts.c.conversation == conversation).values(offer=offer_id)
        )

    def choice(self, conversation: str, choice_id: str) -> OfferedChoice | None:
        query = (
            select(choices, contacts.c.offer.label("open_offer"))
            .join(contacts, contacts.c.conversation == choices.c.conversation)
            # Somebody else's button picks nothing here.
            .where(choices.c.id == choice_id, choices.c.conversation == conversation)
        )

        def work(connection: Connection) -> OfferedChoice | None:
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            return OfferedChoice(
                row["id"],
                row["number"],
                row["label"],
                row["payload"],
                picked=row["offer"] != row["open_offer"],
            )

        return read(self._engine, work)

    def _open_choices(self, connection: Connection, offer_id: str) -> tuple[OfferedChoice, ...]:
        if not offer_id:
            return ()
        query = select(choices).where(choices.c.offer == offer_id).order_by(choices.c.number)
        return tuple(
            OfferedChoice(row["id"], row["number"], row["label"], row["payload"])
            for row in connection.execute(query).mappings()
        )

    def forget_before(self, moment: datetime) -> int:
        old_message = (deliveries.c.answered_at.is_not(None)) & (deliveries.c.answered_at < moment)
        old_choice = choices.c.offered_at < moment

        def work(connection: Connection) -> int:
            gone = connection.execute(deliveries.delete().where(old_message)).rowcount
            return int(gone + connection.execute(choices.delete().where(old_choice)).rowcount)

        return write(self._engine, work)
