"""Which local command a sentence is. Works without the dialogue server, and despite homophones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from voice.phrases import MenuItem, Phrases, bare

_FOLDED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))


class Commands:
    """Finds commands, agreement and refusal in what was heard."""

    def __init__(self, phrases: Phrases) -> None:
        self._fillers = sorted(phrases.fillers, key=len, reverse=True)
        self._commands = [
            (name, sound) for name, said in phrases.commands.items() for sound in _sounds(said)
        ]
        self._agree = set(_sounds(phrases.agree))
        self._refuse = set(_sounds(phrases.refuse))
        self._menu = {folded(bare(item.label)): item for item in phrases.menu}
        self._numbers = {folded(bare(d)): n for n, d in enumerate(phrases.digits)}
        for number, said in phrases.numbers.items():
            self._numbers.update(dict.fromkeys(_sounds(said), number))
        self._sayings = {s: sent for sent, said in phrases.sayings.items() for s in _sounds(said)}
        self._digit_words = phrases.digit_words
        self._ordinals = [phrase.split("{}") for phrase in phrases.ordinals]

    def find(self, readings: Sequence[str]) -> str | None:
        """The command that the first matching reading is, or None. The whole sentence counts."""
        for reading in readings:
            for sound in self._ways(reading):
                for name, known in self._commands:
                    if sound == known:
                        return name
        return None

    def menu_item(self, readings: Sequence[str]) -> MenuItem | None:
        """The item of the menu whose label was said."""
        found = [self._menu[s] for r in readings[:2] for s in self._ways(r) if s in self._menu]
        return found[0] if found else None

    def number(self, readings: Sequence[str]) -> int | None:
        """Which of several was picked: 二, 第二个, 2. None where no number alone was said."""
        for reading in readings[:2]:
            plain = bare(reading)
            for before, after in self._ordinals:
                if plain.startswith(before) and plain.endswith(after):
                    plain = plain[len(before) : len(plain) - len(after)] or plain
            if plain.isdigit() and len(plain) == 1:
                return int(plain)
            if folded(plain) in self._numbers:
                return self._numbers[folded(plain)]
        return None

    def saying(self, readings: Sequence[str]) -> str | None:
        """What goes to the dialogue, in its language, for a closed phrase of another."""
        for reading in readings:
            figures = self._figures(reading)
            if figures:
                return figures
            for sound in self._ways(reading):
                if sound in self._sayings:
                    return self._sayings[sound]
        return None

    def _figures(self, reading: str) -> str:
        """A dictated number: at least three words, each a digit; else empty."""
        words = reading.split()
        figures = [self._digit_words.get(word, "") for word in words]
        return "".join(figures) if len(words) > 2 and all(figures) else ""

    def agrees(self, readings: Sequence[str]) -> bool:
        return any(sound in self._agree for r in readings[:2] for sound in self._ways(r))

    def refuses(self, readings: Sequence[str]) -> bool:
        return any(sound in self._refuse for r in readings[:2] for sound in self._ways(r))

    def _ways(self, reading: str) -> Iterable[str]:
        """The sound of the sentence, then without the words around it that change nothing."""
        plain = bare(reading)
        yield folded(plain)
        shorter = plain
        for filler in self._fillers:
            if len(shorter) > len(filler):
                shorter = shorter.removeprefix(filler)
            if len(shorter) > len(filler):
                shorter = shorter.removesuffix(filler)
        if shorter != plain:
            yield folded(shorter)


def _sounds(said: Iterable[str]) -> list[str]:
    return [folded(bare(phrase)) for phrase in said]


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """Toneless pinyin with the sounds merged that speakers and recognisers confuse.

    What is not Chinese stays as it is, in lower case.
    """
    from pypinyin import lazy_pinyin

    syllables = []
    for syllable in lazy_pinyin(text.lower()):
        sound = syllable
        for written, merged in _FOLDED:
            sound = sound.replace(written, merged)
        if sound[:1] == "n" and len(sound) > 1:
            sound = "l" + sound[1:]
        syllables.append(sound)
    return " ".join(syllables)
