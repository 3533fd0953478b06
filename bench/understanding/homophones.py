"""Simulated mishearing: characters become others of the same or a near sound, or are lost.

The wrong character is drawn by its frequency, as a recogniser's language model would. Seven of
ten share the toneless syllable, the rest only the folded one (zhang for zang, lin for ling).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

from core.spoken.pinyin import HAN, folded, reading

LOST = 0.03
"""Share of characters that disappear."""
SAME_SOUND = 0.7
_COMMON = 4500


@lru_cache(maxsize=1)
def _sounds() -> tuple[dict[str, int], dict[str, list[str]], dict[str, list[str]]]:
    import jieba

    frequency: Counter[str] = Counter()
    dictionary = Path(jieba.__file__).parent / "dict.txt"
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        for char in word:
            if HAN.match(char):
                frequency[char] += int(count)
    same, near = defaultdict(list), defaultdict(list)
    for char, _ in frequency.most_common(_COMMON):
        same[reading(char)].append(char)
        near[folded(char)].append(char)
    return frequency, same, near


def mishear(text: str, rate: float, seed: int) -> str:
    """`text` with about `rate` of its Han characters wrong or lost; the same seed, the same text.

    `rate` counts both kinds. Never empty for a text that was not.
    """
    if rate <= 0:
        return text
    draw = random.Random(f"{seed}:{text}")
    heard = []
    for char in text:
        if not HAN.match(char):
            heard.append(char)
        elif draw.random() >= LOST:
            wrong = draw.random() < (rate - LOST) / (1 - LOST)
            heard.append(_other(char, draw) if wrong else char)
    return "".join(heard) or text[:1]


def _other(char: str, draw: random.Random) -> str:
    frequency, same, near = _sounds()
    equal = [c for c in same[reading(char)] if c != char]
    alike = [c for c in near[folded(char)] if reading(c) != reading(char)]
    pool = (equal or alike) if draw.random() < SAME_SOUND else (alike or equal)
    return draw.choices(pool, [frequency[c] for c in pool])[0] if pool else char
