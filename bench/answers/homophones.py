"""Questions as a recogniser might hear them: characters replaced by others of the same sound."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

import jieba

from core.spoken.pinyin import HAN, reading

COMMON = 4500
"""Characters a recogniser writes: the commonest of jieba's dictionary."""


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[tuple[str, int]]]:
    """Toneless syllable to its characters with their frequency."""
    frequency: Counter[str] = Counter()
    dictionary = Path(jieba.__file__).parent / "dict.txt"
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        for char in word:
            if HAN.match(char):
                frequency[char] += int(count)
    groups: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for char, count in frequency.most_common(COMMON):
        groups[reading(char)].append((char, count))
    return groups


def misheard(text: str, share: float, *, seed: int) -> str:
    """`text` with `share` of its Han characters replaced by homophones, the common ones oftener.

    The same seed gives the same text. A character without a homophone stays.
    """
    source = random.Random(f"{seed}|{share}|{text}")
    out = []
    for char in text:
        others = [(c, n) for c, n in _by_sound().get(reading(char), ()) if c != char]
        if HAN.match(char) and others and source.random() < share:
            out.append(source.choices([c for c, _ in others], [n for _, n in others])[0])
        else:
            out.append(char)
    return "".join(out)
