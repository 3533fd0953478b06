"""Patterns over sounds: written in characters, matched by folded syllables.

`给.{0,3}多少(?!人|家)` finds 给我多少 and also 给窝多烧. A dot is one syllable. A pattern that
begins with `=` is matched on its characters only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.spoken.pinyin import HAN, folded, syllables_with_offsets
from policy.finding.words import word_edges

_TOKEN = re.compile(r"\\.|\[[^\]]*\]|\{\d*,?\d*\}|\(\?[:!=]|\(\?<![^)]*\)|.", re.S)
_OPERATORS = set("()|?*+^$")


@dataclass(frozen=True)
class Heard:
    """A text prepared for patterns: made once, asked many times."""

    text: str

    @cached_property
    def _sounds(self) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
        sounds, offsets = syllables_with_offsets(self.text)
        starts, at = [], 0
        for sound in sounds:
            starts.append(at)
            at += len(sound) + 1
        return "".join(s + " " for s in sounds), tuple(starts), offsets

    @property
    def edges(self) -> frozenset[int]:
        return word_edges(self.text)

    @property
    def line(self) -> str:
        """Folded syllables, each followed by a blank."""
        return self._sounds[0]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of `text` that a span of `line` stands for."""
        _, starts, offsets = self._sounds
        covered = [o for s, o in zip(starts, offsets, strict=True) if start <= s < end]
        return (covered[0], covered[-1] + 1) if covered else (0, 0)


class SoundPatterns:
    """Several patterns as one question: does any of them match?

    `least`: syllables a match by sound alone must span; short ones are too often chance. Such a
    match must also begin and end where words do: 残疾人 does not hold 几人.
    """

    def __init__(self, patterns: Iterable[str], *, least: int = 2) -> None:
        written = list(patterns)
        self._least = least
        self._exact = re.compile("|".join(p.removeprefix("=") for p in written), re.I)
        sounds = [_in_sounds(p) for p in written if not p.startswith("=")]
        self._sound = re.compile(r"(?<!\S)(?:" + "|".join(sounds) + ")") if sounds else None

    def match(self, heard: Heard) -> bool:
        return bool(self._exact.search(heard.text)) or bool(self._by_sound(heard))

    def written(self, text: str) -> bool:
        """Some pattern matches the characters themselves."""
        return bool(self._exact.search(text))

    def spans(self, heard: Heard) -> list[tuple[int, int]]:
        """Character spans of every match."""
        found = [m.span() for m in self._exact.finditer(heard.text)] + self._by_sound(heard)
        return [(start, end) for start, end in found if end > start]

    def _by_sound(self, heard: Heard) -> list[tuple[int, int]]:
        if self._sound is None:
            return []
        found = []
        for match in self._sound.finditer(heard.line):
            if match.group().count(" ") < self._least:
                continue
            start, end = heard.span(*match.span())
            if start in heard.edges and end in heard.edges:
                found.append((start, end))
        return found


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` with the spans blanked out."""
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)


def _in_sounds(pattern: str) -> str:
    out = []
    for piece in _TOKEN.findall(pattern):
        if piece == ".":
            out.append(r"(?:\S+ )")
        elif piece.startswith("(?<!"):
            # A look-behind must have one width, so each alternative gets its own.
            out += [f"(?<!{_in_sounds(word)})" for word in piece[4:-1].split("|")]
        elif piece.startswith("[") and len(piece) > 2:
            out.append("(?:" + "|".join(re.escape(folded(c)) + " " for c in piece[1:-1]) + ")")
        elif piece == r"\d":
            out.append(r"(?:[0-9] )")
        elif len(piece) > 1 or piece in _OPERATORS:
            out.append(piece)
        elif HAN.match(piece) or piece.isalnum():
            out.append("(?:" + re.escape(folded(piece)) + " )")
        else:
            raise ValueError(f"{piece!r} in {pattern!r} has no sound")
    return "".join(out)
