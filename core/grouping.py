"""Texts put together by what they say: TF-IDF over folded pinyin, and a leader per group.

Sounds, because a recogniser and quick typing write the same question with other characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from core.spoken.pinyin import syllables

ALIKE = 0.42
"""Least cosine between a text and the first of its group; found on tests/core/test_grouping.py."""
_ASKING = re.compile(
    r"请问|你好|您好|我想问问?|想问问?|问一下|一下|到底|究竟|怎么样|吗|呢|吧|啊|呀|嘛|哦|的|了|是|有|[^\w]"
)


def grouped_texts(texts: Sequence[str], weights: Sequence[int]) -> list[list[int]]:
    """Positions of texts by group. Heavier texts lead; the same input gives the same groups."""
    counts = [_tokens(text) for text in texts]
    vectors = _weighed(counts)
    order = sorted(range(len(texts)), key=lambda at: (-weights[at], texts[at]))
    leaders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    groups: list[list[int]] = []
    for at in order:
        home = _nearest(vectors[at], leaders)
        if home is None:
            for token, value in vectors[at].items():
                leaders[token].append((len(groups), value))
            groups.append([at])
        else:
            groups[home].append(at)
    return groups


def _nearest(vector: dict[str, float], leaders: dict[str, list[tuple[int, float]]]) -> int | None:
    shares: dict[int, float] = defaultdict(float)
    for token, value in vector.items():
        for group, theirs in leaders.get(token, ()):
            shares[group] += value * theirs
    if not shares:
        return None
    best = max(shares, key=lambda group: (shares[group], -group))
    return best if shares[best] >= ALIKE else None


def _weighed(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Of length one each; a token that many texts have tells little."""
    seen = Counter(token for tokens in counts for token in tokens)
    total = len(counts) + 1
    vectors = []
    for tokens in counts:
        raw = {t: n * (math.log(total / (1 + seen[t])) + 1) for t, n in tokens.items()}
        length = math.sqrt(sum(v * v for v in raw.values())) or 1.0
        vectors.append({t: v / length for t, v in raw.items()})
    return vectors


def _tokens(text: str) -> Counter[str]:
    plain = _ASKING.sub("", text) or text
    sounds = syllables(plain)
    tokens = Counter(f"{a} {b}" for a, b in pairwise(sounds))
    # Twice: the same words in another order ask the same.
    tokens.update({sound: 2 for sound in set(sounds)})
    return tokens
