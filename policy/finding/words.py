"""Where words begin and end: a sound that starts in the middle of a word was not meant."""

from __future__ import annotations

import logging
from functools import lru_cache

import jieba

jieba.setLogLevel(logging.WARNING)


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
