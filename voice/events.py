"""What happens to the conversation at a terminal, and what it wants done. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.values import Reply


class Tone(str, Enum):
    LISTENING = "listening"
    HEARD = "heard"
    THINKING = "thinking"
    ERROR = "error"
    DONE = "done"


class Expecting(str, Enum):
    """What the last question asks for: how long a pause may be, and what keys mean."""

    ANYTHING = "anything"
    YES_NO = "yes_no"
    DIGITS = "digits"
    NAME = "name"
    CALL = "call"
    """Its own name, while it sleeps."""


class Device(str, Enum):
    MICROPHONE = "microphone"
    LOUDSPEAKER = "loudspeaker"
    EARS = "ears"


# Events


@dataclass(frozen=True)
class Started:
    """The terminal is ready; `microphone` says whether there are ears."""

    microphone: bool = True
    keypad: bool = False
    """Whether keys arrive one by one; without a microphone nor these, sentences are typed."""


@dataclass(frozen=True)
class VoiceBegan:
    """Somebody began to speak."""


@dataclass(frozen=True)
class Heard:
    readings: tuple[str, ...]
    """Best first; empty when there was voice and nothing was understood."""


@dataclass(frozen=True)
class Typed:
    text: str


@dataclass(frozen=True)
class Key:
    name: str
    """0-9, *, #, talk, or the name of a command."""


@dataclass(frozen=True)
class Replied:
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class DialogueFailed:
    """The server did not answer; the message was not handled."""


@dataclass(frozen=True)
class Spoken:
    duration_s: float
    """Seconds that the sentence took which was just heard to its end, its pause included."""


@dataclass(frozen=True)
class Lost:
    device: Device


@dataclass(frozen=True)
class Back:
    device: Device


@dataclass(frozen=True)
class NotKept:
    """The preferences could not be saved."""


@dataclass(frozen=True)
class Tick:
    """Time passes."""


Event = (
    Started | VoiceBegan | Heard | Typed | Key | Replied | DialogueFailed
    | Spoken | Lost | Back | NotKept | Tick
)  # fmt: skip

# Effects


@dataclass(frozen=True)
class Speak:
    """One sentence; ends what is being said. Answered by Spoken."""

    sentence: str
    prompt: bool
    """A sentence of the terminal's own, worth keeping as sound."""


@dataclass(frozen=True)
class Hush:
    """Silence at once."""


@dataclass(frozen=True)
class Play:
    tone: Tone


@dataclass(frozen=True)
class Listen:
    expecting: Expecting


@dataclass(frozen=True)
class Finish:
    """The utterance ends now: the person said so by a key."""


@dataclass(frozen=True)
class Deaf:
    """What the microphone brings is dropped from now on."""


@dataclass(frozen=True)
class Ask:
    text: str
    alternatives: tuple[str, ...] = ()
    by: str = "voice"
    """voice, keypad or typing."""


@dataclass(frozen=True)
class Adjust:
    """One step of a preference."""

    what: str
    """slower, faster, louder, softer, patienter or brisker."""


@dataclass(frozen=True)
class Forget:
    """A new conversation; nothing of the old one stays here."""


@dataclass(frozen=True)
class Leave:
    """The terminal may end."""


Effect = Speak | Hush | Play | Listen | Finish | Deaf | Ask | Adjust | Forget | Leave
