"""Cutting an answer into what is said in one breath."""

from __future__ import annotations

import re

FIRST_MAX = 25
"""Characters of the first sentence: it is heard while the rest is still being made."""
REST_MAX = 40
"""Characters of any later sentence: the step of 上一句 and 下一句."""

_STOP = re.compile(r"(?<=[。！？!?；;\n])")
_CLAUSE = re.compile(r"(?<=[，：,:])")
_PAUSE = re.compile(r"(?<=[，、：,:])")
# A cut never falls inside a number or between a number and what it counts.
_UNBREAKABLE = re.compile(r"[零一二两三四五六七八九十百千万亿幺点\dA-Za-z]")


def in_sentences(
    text: str, first_max: int = FIRST_MAX, rest_max: int = REST_MAX
) -> tuple[str, ...]:
    """Sentences in order, none empty, the first at most `first_max` characters.

    Joined together they are `text` without its outer white space.
    """
    spoken: list[str] = []
    for sentence in (s.strip() for s in _STOP.split(text)):
        while sentence:
            limit = rest_max if spoken else first_max
            piece, sentence = _breath(sentence, limit)
            spoken.append(piece)
    return tuple(s for s in spoken if re.search(r"\w", s))


def _breath(sentence: str, limit: int) -> tuple[str, str]:
    """As much as fits into `limit`, and what is left."""
    if len(sentence) <= limit:
        return sentence, ""
    # A list is torn only where no clause ends in time: 县、市、区 belong together.
    taken = _up_to(_CLAUSE, sentence, limit)
    if len(taken) < limit // 3:
        taken = _up_to(_PAUSE, sentence, limit)
    if not taken:
        taken = sentence[: _cut(sentence, limit)]
    return taken, sentence[len(taken) :]


def _up_to(marks: re.Pattern[str], sentence: str, limit: int) -> str:
    taken = ""
    for part in marks.split(sentence):
        if len(taken) + len(part) > limit:
            break
        taken += part
    return taken


def _cut(sentence: str, limit: int) -> int:
    for at in range(limit, limit // 2, -1):
        if not (_UNBREAKABLE.match(sentence[at - 1]) and _UNBREAKABLE.match(sentence[at])):
            return at
    return limit
