"""What a messenger must offer to the inbox, and what the inbox hands to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.errors import MingluError
from core.messaging import OfferedChoice, ReceivedMessage


class ShutOut(MingluError):
    """The person blocked the bot or is gone; nothing more can be sent to them."""

    code = "shut_out"


class UnreadableMessage(MingluError):
    """A message that no answer can be found for; `phrase` names what to say instead."""

    code = "unreadable_message"

    def __init__(self, phrase: str) -> None:
        super().__init__(phrase)
        self.phrase = phrase


@dataclass(frozen=True)
class Incoming:
    """What one delivery says."""

    text: str = ""
    choice: str = ""
    """The opaque id of a pressed button."""
    recording: bytes | None = field(default=None, repr=False)
    """A voice note, OGG/Opus."""
    preface: str = ""
    """A sentence to say before the answer."""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One message to a person. Everything is in `text`; buttons only repeat it."""

    text: str
    buttons: tuple[OfferedChoice, ...] = ()
    sound: bytes | None = field(default=None, repr=False)
    """OGG/Opus; `text` is then what it says."""


class Channel(Protocol):
    """One messenger. All calls come from one event loop."""

    name: str
    longest: int
    """Characters that one message holds."""

    async def read(self, message: ReceivedMessage) -> Incoming:
        """Decodes a delivery. Raises UnreadableMessage, ShutOut."""
        ...

    async def send(self, address: str, part: Part) -> None:
        """Returns once it is delivered, however long that takes. Raises ShutOut."""
        ...

    async def working(self, address: str) -> None:
        """Shows that an answer is being made; may do nothing, never raises."""
        ...


class Transcriber(Protocol):
    async def transcribe(self, recording: bytes) -> Sequence[str]:
        """Readings, best first; empty when nothing was understood. Raises VoiceUnavailable."""
        ...


class SpokenReply(Protocol):
    async def speak(self, text: str) -> bytes:
        """OGG/Opus. Raises VoiceUnavailable."""
        ...
