"""A person instead of the assistant: who talks in a conversation, and what people wrote in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.values import Kind, Reply, Ticket

MOST_WRITTEN = 1000
"""Characters of one message between people; every messenger takes that in one."""


@dataclass(frozen=True)
class HumanMessage:
    """What a person wrote while a person was there to read it."""

    id: int
    conversation: str
    channel: str
    staff: str
    """The account that wrote it; empty where the person in the conversation did."""
    text: str
    created_at: datetime
    delivered: bool
    """Whether the person has got what staff wrote; true for what they wrote themselves."""


def with_a_person(replies: Sequence[Reply]) -> bool:
    """Whether the dialogue's answer is that a person has the conversation: then it said nothing."""
    return any(
        reply.kind is Kind.HANDOVER and not reply.text and not reply.choices for reply in replies
    )


class HandOvers(Protocol):
    """Conversations that staff hold. While one is held the assistant says nothing in it.

    Every call may raise StoreUnavailable.
    """

    def claim(self, ticket_id: str, staff: str) -> Ticket:
        """From now on this account talks. Raises UnknownTicket, TicketTaken, TicketClosed."""
        ...

    def release(self, ticket_id: str, staff: str) -> Ticket:
        """The assistant talks again; the wish stays open for somebody else.

        Raises UnknownTicket, TicketTaken where another account holds it.
        """
        ...

    def hand_back(self, ticket_id: str, staff: str) -> Ticket:
        """The assistant talks again, and the wish is fulfilled. Raises like `release`."""
        ...

    def holder(self, conversation: str) -> str:
        """The account that talks in the conversation; empty: the assistant does."""
        ...

    def left_to_assistant(self, conversation: str) -> bool:
        """Whether nobody talks in the conversation and nothing waits for its person.

        So it is with nearly every message: one look settles it.
        """
        ...

    def take_in(self, conversation: str, channel: str, text: str, key: str) -> bool:
        """Keeps what the person wrote, where a person holds the conversation; whether one does.

        The same key is kept once.
        """
        ...

    def write(self, ticket_id: str, staff: str, text: str, key: str) -> HumanMessage:
        """Keeps what staff wrote, for its channel to deliver; the same key once.

        Raises UnknownTicket, and TicketTaken where this account does not hold the ticket.
        """
        ...

    def thread(self, conversation: str) -> tuple[HumanMessage, ...]:
        """Everything between people in the conversation, oldest first."""
        ...

    def undelivered(self, channel: str, *, limit: int = 50) -> tuple[HumanMessage, ...]:
        """What staff wrote and people of that channel have not got, oldest first."""
        ...

    def undelivered_to(self, conversation: str) -> tuple[HumanMessage, ...]: ...

    def delivered(self, message_id: int) -> None: ...

    def revision(self) -> str:
        """Another one whenever a ticket or a message has come or changed."""
        ...
