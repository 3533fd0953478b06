"""TF-IDF over n-grams of characters and of folded pinyin, small enough to be kept as JSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.spoken.pinyin import syllables


def spoken_grams(text: str, characters: int, pinyin: int) -> list[tuple[str, str]]:
    """(`block`, n-gram) pairs: block c for characters, p for folded syllables."""
    letters = [char.lower() for char in text if not char.isspace()]
    grams = [("c", "c" + gram) for gram in _windows(letters, "", characters)]
    grams += [("p", "p" + gram) for gram in _windows(syllables(text), " ", pinyin)]
    return grams


def _windows(items: Sequence[str], joint: str, longest: int) -> Iterable[str]:
    framed = ["^", *items, "$"]
    for length in range(1, longest + 1):
        for start in range(len(framed) - length + 1):
            if length > 1 or framed[start] not in "^$":
                yield joint.join(framed[start : start + length])


@dataclass(frozen=True)
class NgramVectoriser:
    """Sublinear TF-IDF; each block has unit length, so that neither drowns the other."""

    characters: int
    pinyin: int
    index: dict[str, int]
    idf: np.ndarray

    @classmethod
    def fit(cls, texts: Sequence[str], characters: int = 3, pinyin: int = 3) -> NgramVectoriser:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({gram for _, gram in spoken_grams(text, characters, pinyin)})
        index = {gram: number for number, gram in enumerate(sorted(seen))}
        idf = np.array(
            [math.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in index], np.float32
        )
        return cls(characters, pinyin, index, idf)

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one text."""
        counts: dict[str, Counter[int]] = {"c": Counter(), "p": Counter()}
        for block, gram in spoken_grams(text, self.characters, self.pinyin):
            column = self.index.get(gram)
            if column is not None:
                counts[block][column] += 1
        columns, values = [], []
        for block_counts in counts.values():
            here = np.fromiter(block_counts, np.int64, len(block_counts))
            weights = np.fromiter(block_counts.values(), np.float32, len(block_counts))
            weights = (1 + np.log(weights)) * self.idf[here] if len(here) else weights
            columns.append(here)
            values.append(weights / (float(np.linalg.norm(weights)) or 1.0))
        return np.concatenate(columns), np.concatenate(values)
