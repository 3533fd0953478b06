"""When the ears are open: always at the person's turn, at a key, or once they were called."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from voice.commands import folded
from voice.phrases import Phrases, bare


class Listening(str, Enum):
    OPEN = "open"
    """At every turn of the person."""
    PUSH = "push"
    """After the talk key alone."""
    WAKE = "wake"
    """As open, until nobody has spoken for a while; then only for its name, or a key."""


class Attention:
    """Whether it listens, sleeps or waits for the talk key; and whether it was called."""

    def __init__(self, phrases: Phrases, listening: Listening) -> None:
        self._listening = listening
        self._names = [folded(bare(name)).split() for name in phrases.wake]
        self.asleep = False
        self.explained = False
        """Whether it was said once how to call it."""

    @property
    def waits_for_key(self) -> bool:
        return self._listening is Listening.PUSH

    def falls_asleep(self, quiet_s: float, after_s: float) -> bool:
        """Whether it does so now."""
        if self._listening is not Listening.WAKE or self.asleep or quiet_s < after_s:
            return False
        self.asleep = True
        return True

    def wakes(self) -> None:
        self.asleep = False

    def called(self, readings: Sequence[str]) -> str | None:
        """What was said after its name, perhaps nothing; None where it was not called.

        Of a name of four syllables one may be misheard: a tone too many is no harm.
        """
        for reading in readings:
            plain = bare(reading)
            syllables = folded(plain).split()
            for name in self._names:
                for at in range(len(syllables) - len(name) + 1):
                    heard = syllables[at : at + len(name)]
                    same = sum(a == b for a, b in zip(heard, name, strict=True))
                    if same < len(name) - (len(name) > 3):
                        continue
                    # Each Chinese character is one syllable; where not, only the call counts.
                    one_each = len(syllables) == len(plain)
                    return plain[at + len(name) :] if one_each else ""
        return None
