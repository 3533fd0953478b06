"""A language model of the subject: word pairs of its texts, over every word that the model knows.

What was read in the texts is likely, any other word is possible and dear. Meant for a small model
whose own language model never saw 辅助性就业 or 伊通满族自治县.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from voice.graph.openfst import State, Words

_LONGEST = 8
_DISCOUNT = 0.5
"""Taken from each count of a pair, for the pairs that were never read."""
_ANY_WORD = 0.05
"""Share of the single words' weight that all words of the model divide among them."""
_BEGIN, _BACK_OFF = 0, 1
_NO_WORD = 0


def in_words(text: str, words: Words) -> list[list[str]]:
    """Sentences in the model's words, longest first; characters that it does not know fall out."""
    found = []
    for sentence in re.split(r"[^\w\s]+|\n", text):
        pieces: list[str] = []
        for chunk in sentence.split():
            pieces += _cut(chunk, words)
        if pieces:
            found.append(pieces)
    return found


def _cut(chunk: str, words: Words) -> list[str]:
    pieces, at = [], 0
    while at < len(chunk):
        # A language that writes spaces gives whole words: they may be long.
        lengths = (len(chunk) - at, *range(min(_LONGEST, len(chunk) - at), 0, -1))
        piece = next((p for n in lengths if (p := chunk[at : at + n]) in words.numbers), "")
        if piece:
            pieces.append(piece)
        at += len(piece) or 1
    return pieces


def domain_graph(sentences: Iterable[list[str]], words: Words) -> list[State]:
    """Word pairs with back-off to single words and to any word. Costs are -ln of probability."""
    singles: Counter[str] = Counter()
    pairs: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        singles.update(sentence)
        for before, word in zip(["", *sentence], [*sentence, ""], strict=True):
            pairs[before][word] += 1
    index = {word: number for number, word in enumerate(singles, start=2)}
    states = [State() for _ in range(len(index) + 2)]
    _single_words(states[_BACK_OFF], singles, index, words, len(pairs[""]))
    for before, after in pairs.items():
        _pairs(states[index.get(before, _BEGIN)], after, index, words)
    return states


def _single_words(
    state: State, singles: Counter[str], index: dict[str, int], words: Words, endings: int
) -> None:
    total = sum(singles.values()) + max(1, endings)
    floor = _ANY_WORD / len(words.numbers)
    state.final = -math.log(max(1, endings) / total)
    for word, number in words.numbers.items():
        if number == _NO_WORD or word.startswith(("#", "<", "!", "[")):
            continue
        share = (1 - _ANY_WORD) * singles[word] / total + floor
        state.arcs.append((number, -math.log(share), index.get(word, _BACK_OFF)))


def _pairs(state: State, after: Counter[str], index: dict[str, int], words: Words) -> None:
    total = sum(after.values())
    for word, count in after.items():
        cost = -math.log((count - _DISCOUNT) / total)
        if word:
            state.arcs.append((words.numbers[word], cost, index[word]))
        else:
            state.final = cost
    # An arc without a word: to the single words, for what never followed here.
    state.arcs.append((_NO_WORD, -math.log(_DISCOUNT * len(after) / total), _BACK_OFF))
