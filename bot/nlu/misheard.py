"""Copies of the training sentences as a recogniser might write them: some characters sound alike.

What a model has never seen misheard, it takes for something else: 我想死 became 我相斯, and a yes.
The draws depend on the sentence alone, so the same data give the same model.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from bot.nlu.pinyin_corrector import dictionary
from core.spoken.pinyin import HAN, folded

_COMMON = 4_000
"""Characters that a recogniser writes."""


def misheard(text: str, rate: float) -> str:
    """`text` with about `rate` of its Han characters replaced by common ones that sound alike."""
    draw = random.Random(text)  # noqa: S311 - no secret
    return "".join(_other(char, draw) if draw.random() < rate else char for char in text)


def _other(char: str, draw: random.Random) -> str:
    others, weights = _alike().get(folded(char), ((), ()))
    if not HAN.match(char) or others in ((), (char,)):
        return char
    picked = char
    while picked == char:
        picked = draw.choices(others, weights)[0]
    return picked


@lru_cache(maxsize=1)
def _alike() -> dict[str, tuple[Sequence[str], Sequence[int]]]:
    """Common characters by folded syllable, with how often each is written."""
    counts: defaultdict[str, int] = defaultdict(int)
    for word, count in dictionary()[0].items():
        for char in word:
            if HAN.match(char):
                counts[char] += count
    common = sorted(counts, key=lambda char: (-counts[char], char))[:_COMMON]
    by_sound: defaultdict[str, list[str]] = defaultdict(list)
    for char in common:
        by_sound[folded(char)].append(char)
    return {
        sound: (tuple(chars), tuple(counts[char] + 1 for char in chars))
        for sound, chars in by_sound.items()
    }
