"""What a messenger keeps between two messages, whichever messenger it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.values import Choice

PUSHING = frozenset({"telegram", "wechat"})
"""Channels that bring a message to people who are not there now."""


@dataclass(frozen=True)
class ReceivedMessage:
    """One delivery of a channel, as it waits to be answered."""

    id: str
    """The delivery's own id in its channel; a redelivery carries the same one."""
    conversation: str
    """The dialogue's sender id; opaque."""
    address: str
    """Where the channel sends answers for this person."""
    content: str
    """What arrived, in the channel's own form; erased once it is answered."""


@dataclass(frozen=True)
class OfferedChoice:
    """A choice as it was shown: under a number, and behind a button with a short opaque id."""

    id: str
    """At most 16 characters of a-z and 0-9."""
    number: int
    """1 for the first."""
    label: str
    payload: str
    picked: bool = False
    """True once it, or another of the same offer, was picked or the talk went on."""


@dataclass(frozen=True)
class Contact:
    """One person's chat in one channel, with their standing wishes."""

    conversation: str
    address: str
    voice_replies: bool = False
    """Wants every answer spoken as well."""
    plain: bool = False
    """Wants short, plain answers."""
    blocked: bool = False
    """Has shut the bot out; nothing is sent until they write again."""
    offered: tuple[OfferedChoice, ...] = ()
    """The choices of the latest turn, by number."""


class MessageBook(Protocol):
    """Deliveries, choices and wishes of the messengers, kept across restarts.

    Every call raises StoreUnavailable, and then has changed nothing.
    """

    def receive(
        self, channel: str, messages: Sequence[ReceivedMessage]
    ) -> tuple[ReceivedMessage, ...]:
        """Writes down the new ones and returns them in their order; known ids are left out."""
        ...

    def waiting(self, channel: str) -> tuple[ReceivedMessage, ...]:
        """Received and not answered yet, oldest first."""
        ...

    def finish(self, channel: str, ids: Sequence[str]) -> None:
        """Answered: contents are erased, ids are remembered."""
        ...

    def contact(self, conversation: str) -> Contact | None: ...

    def wish(
        self, conversation: str, *, voice_replies: bool | None = None, plain: bool | None = None
    ) -> None:
        """Sets what is not None."""
        ...

    def set_blocked(self, conversation: str, blocked: bool) -> None: ...

    def offer(self, conversation: str, choices: Sequence[Choice]) -> tuple[OfferedChoice, ...]:
        """Puts new choices in the place of those offered before; none withdraws them."""
        ...

    def choice(self, conversation: str, choice_id: str) -> OfferedChoice | None:
        """A choice that was offered in this conversation, also when it is over."""
        ...

    def forget_before(self, moment: datetime) -> int:
        """Drops ids of answered messages and choices older than that; how many."""
        ...
