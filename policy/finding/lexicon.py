"""Finding known terms in what was said: by their characters, or by their sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.spoken.pinyin import HAN, syllables, syllables_with_offsets
from policy.finding.words import is_word, word_edges

LONGEST = 12
"""Syllables of the longest term that is looked for."""


@dataclass(frozen=True)
class Hit:
    """A term found in a text. `start` and `end` are character offsets."""

    label: str
    term: str
    start: int
    end: int
    exact: bool
    """True when the characters agree, False when only the sound does."""


class SoundLexicon:
    """Terms with labels. A term of one syllable is matched by its characters only.

    `quiet` terms are never matched by sound: use it where a false hit costs more than a miss.
    """

    def __init__(
        self, terms: Iterable[tuple[str, str]], *, quiet: bool = False, least_by_sound: int = 2
    ) -> None:
        self._exact: dict[str, list[str]] = {}
        self._sound: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for term, label in terms:
            term = term.lower()
            labels = self._exact.setdefault(term, [])
            if label not in labels:
                labels.append(label)
            sound = syllables(term)
            if quiet or len(sound) < least_by_sound or not any(HAN.match(c) for c in term):
                continue
            entries = self._sound.setdefault(sound, [])
            if (term, label) not in entries:
                entries.append((term, label))
        self._lengths = sorted({len(t) for t in self._exact}, reverse=True)
        self._sound_lengths = sorted(
            {len(s) for s in self._sound if len(s) <= LONGEST}, reverse=True
        )

    def find(self, text: str, *, overlapping: bool = False) -> list[Hit]:
        """Hits from left to right; the longest wins, characters before sound.

        With `overlapping`, terms inside longer terms are reported too.
        """
        text = text.lower()
        hits = self._find_exact(text) + self._find_sound(text)
        hits.sort(key=lambda h: (-(h.end - h.start), not h.exact, h.start))
        kept: list[Hit] = []
        taken = [False] * len(text)
        seen: set[tuple[str, int, int]] = set()
        for hit in hits:
            key = (hit.label, hit.start, hit.end)
            if key in seen:
                continue
            inside = any(taken[hit.start : hit.end])
            same = (
                any(
                    k.start == hit.start and k.end == hit.end and k.exact == hit.exact for k in kept
                )
                if inside
                else False
            )
            if inside and not overlapping and not same:
                continue
            seen.add(key)
            kept.append(hit)
            taken[hit.start : hit.end] = [True] * (hit.end - hit.start)
        return sorted(kept, key=lambda h: (h.start, h.end))

    def _find_exact(self, text: str) -> list[Hit]:
        hits = []
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                term = text[start : start + length]
                for label in self._exact.get(term, ()):
                    hits.append(Hit(label, term, start, start + length, True))
        return hits

    def _find_sound(self, text: str) -> list[Hit]:
        sounds, offsets = syllables_with_offsets(text)
        edges = word_edges(text)
        hits: list[Hit] = []
        for length in self._sound_lengths:
            for i in range(len(sounds) - length + 1):
                for term, label in self._sound.get(sounds[i : i + length], ()):
                    start, end = offsets[i], offsets[i + length - 1] + 1
                    said = text[start:end]
                    if start in edges and end in edges and not is_word(said) and said != term:
                        hits.append(Hit(label, term, start, end, False))
        return hits
