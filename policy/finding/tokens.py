"""Tokens of many texts at once: characters and sounds, counted into sparse matrices.

A text's tokens are the runs of its units (characters, or folded syllables): each run once per
occurrence, and each single unit once per text with a weight of its own.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

from core.spoken.pinyin import syllables

Ints = npt.NDArray[np.int64]
Units = Sequence[str]


@dataclass(frozen=True)
class Counted:
    """`counts[text, column]` and the column of every token."""

    counts: csr_matrix
    vocabulary: Mapping[str, int]


@dataclass(frozen=True)
class Tokeniser:
    """How a text becomes tokens. `tokens` and `count` agree on every text."""

    units: Callable[[str], Units]
    longest: int
    """Units of the longest run; the shortest has two."""
    between: str
    """What stands between the units of a run's name."""
    single: float
    """Count of a unit by itself, once per text."""
    alone: Callable[[str], bool]
    """Which units count by themselves."""

    def tokens(self, text: str) -> Counter[str]:
        """Counts of one text, by name."""
        units = self.units(text)
        found: Counter[str] = Counter()
        for length in range(2, self.longest + 1):
            shifted = [units[i:] for i in range(length)]
            found.update(self.between.join(run) for run in zip(*shifted, strict=False))
        found.update({u: self.single for u in units if self.alone(u)})
        return found

    def count(self, texts: Sequence[str]) -> Counted:
        """Counts of all texts: one row per text, one column per token."""
        numbers: dict[str, int] = {}
        cut = [self.units(text) for text in texts]
        flat = (numbers.setdefault(u, len(numbers)) for units in cut for u in units)
        unit: Ints = np.fromiter(flat, np.int64)
        lengths = np.fromiter(map(len, cut), np.int64, count=len(cut))
        text: Ints = np.repeat(np.arange(len(cut)), lengths)
        names = list(numbers)
        blocks = [self._runs(unit, text, names, length) for length in range(2, self.longest + 1)]
        blocks.append(self._singles(unit, text, names))
        return _beside(blocks, len(texts))

    def _runs(self, unit: Ints, text: Ints, names: list[str], length: int) -> _Block:
        size, room = len(names) + 1, max(0, len(unit) - length + 1)
        if size**length >= 2**62:
            raise ValueError(f"{size} units are too many for runs of {length}")
        key = np.zeros(room, np.int64)
        for offset in range(length):
            key = key * size + unit[offset : offset + room]
        inside = text[:room] == text[length - 1 : length - 1 + room]
        distinct, column = np.unique(key[inside], return_inverse=True)
        return _Block(
            text[:room][inside],
            column.astype(np.int64),
            np.ones(len(column), np.float32),
            self._named(distinct, names, size, length),
        )

    def _named(self, keys: Ints, names: list[str], size: int, length: int) -> list[str]:
        digits = [(keys // size ** (length - 1 - place) % size).tolist() for place in range(length)]
        return [self.between.join(names[d] for d in run) for run in zip(*digits, strict=True)]

    def _singles(self, unit: Ints, text: Ints, names: list[str]) -> _Block:
        counted = np.fromiter(map(self.alone, names), bool, count=len(names))
        size = max(1, len(names))
        pairs = np.unique((text * size + unit)[counted[unit]] if len(unit) else text)
        distinct, column = np.unique(pairs % size, return_inverse=True)
        weights = np.full(len(pairs), self.single, np.float32)
        return _Block(pairs // size, column.astype(np.int64), weights, [names[d] for d in distinct])


@dataclass(frozen=True)
class _Block:
    rows: Ints
    columns: Ints
    counts: npt.NDArray[np.float32]
    names: list[str]


def _beside(blocks: Sequence[_Block], texts: int) -> Counted:
    starts = [0, *itertools.accumulate(len(b.names) for b in blocks)]
    rows = np.concatenate([b.rows for b in blocks])
    columns = np.concatenate([b.columns + at for b, at in zip(blocks, starts, strict=False)])
    counts = np.concatenate([b.counts for b in blocks])
    matrix = coo_matrix((counts, (rows, columns)), shape=(texts, starts[-1])).tocsr()
    names = itertools.chain.from_iterable(b.names for b in blocks)
    return Counted(matrix, {name: column for column, name in enumerate(names)})


def _characters(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).lower()


CHARACTERS = Tokeniser(_characters, 2, "", 0.4, lambda unit: True)
"""Characters and pairs of characters."""
SOUNDS = Tokeniser(syllables, 3, " ", 0.25, str.isascii)
"""Pairs and triples of folded syllables; single ones tell too little."""


@lru_cache(maxsize=4096)
def character_tokens(text: str) -> Counter[str]:
    return CHARACTERS.tokens(text)


@lru_cache(maxsize=4096)
def sound_tokens(text: str) -> Counter[str]:
    return SOUNDS.tokens(text)


def incidence(groups: Iterable[Sequence[int]], width: int) -> csr_matrix:
    """`matrix[group, member]`: how often each member stands in each group."""
    listed = list(groups)
    lengths = [len(group) for group in listed]
    members = np.fromiter(itertools.chain.from_iterable(listed), np.int64, count=sum(lengths))
    rows = np.repeat(np.arange(len(listed)), lengths)
    values = np.ones(len(members), np.float32)
    return coo_matrix((values, (rows, members)), shape=(len(listed), width)).tocsr()
