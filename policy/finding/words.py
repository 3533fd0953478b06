"""Where words begin and end: a sound that starts in the middle of a word was not meant."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import jieba

jieba.setLogLevel(logging.WARNING)


@lru_cache(maxsize=512)
def words(text: str) -> tuple[str, ...]:
    """Words of the dictionary, left to right; what is no word comes out by the character."""
    return tuple(jieba.cut(text, HMM=False))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that tell no topic: policy/data/common_words.txt."""
    path = Path(__file__).resolve().parent.parent / "data" / "common_words.txt"
    return frozenset(path.read_text(encoding="utf-8").split())


@lru_cache(maxsize=512)
def word_edges(text: str) -> frozenset[int]:
    """Character offsets at which a word of the dictionary begins or ends.

    Misheard characters rarely make words, so around them every offset is an edge.
    """
    edges, at = {0}, 0
    for word in jieba.cut(text, HMM=False):
        at += len(word)
        edges.add(at)
    return frozenset(edges)


def is_word(text: str) -> bool:
    """The dictionary has it: whoever wrote 职业 did not mean 置业, though they sound alike."""
    return bool(jieba.dt.FREQ.get(text, 0))
