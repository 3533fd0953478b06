"""A sentence that answers the open question and asks something of its own in one breath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.booking_draft import Heard
from core.plain_answers import asks
from core.spoken.entities import Entity

_PAUSE = re.compile(r"[\s，,。；;！!、…]+")
# Speech has no commas: these words begin a question of their own.
_ASIDE = re.compile(
    r"(?:(?:对了|顺便|顺带|顺嘴|捎带)(?:我|俺|再|还|想|要|跟你)*|(?:我|俺)?(?:还|再)?(?:想|要)|请)"
    r"(?:问|打听|咨询)(?:一?下)?|对了|顺便|顺带|顺嘴|捎带|(?:再|还|先)?问(?:一下|下|你|您|个事)"
)
_LEAD = re.compile(
    r"(?:[，,\s]|对了|哎|欸|诶|唉|那个|还有|另外|顺便|顺带|顺嘴|捎带|再|还|我|俺|想|要|请|就|先|也"
    r"|麻烦|跟你|你们?|您)*(?:(?:问|打听|咨询)(?:一?下|一句|个事儿?|你们?|您)?)?[，,\s]*"
)
# Wider than core.plain_answers: it stands beside an answer, so it asks nothing about that.
_QUESTION = re.compile(
    r"几[月号点天岁次年级条个家人位]|多[少久大长远]|谁|有没有|可不可以|([\u4e00-\u9fff])不\1"
    r"|哪|啥|什么|怎么|咋|吗|么$|了没有?$|有没$|不$|呢$|[?？]"
)
_SHORTEST = 4
"""Characters of a question; 那啥 is none."""
_FACTS = frozenset("phone name access_need companion date time_of_day city ordinal".split())


def split_aside(text: str, entities: Iterable[Entity]) -> tuple[str, str] | None:
    """What is told, and the question beside it; None where the sentence is not both."""
    facts = [e for e in entities if e.kind in _FACTS]
    parts = list(_parts(text, facts))
    told = [p for p in parts if _tells(text, p, facts)]
    if not told and parts and not _QUESTION.search(text[slice(*parts[0])]):
        # A bare answer that no rule knows: 毕升，对了……
        told = parts[:1]
    asked = _joined(text, [p for p in parts if p not in told])
    if not told or len(asked) < _SHORTEST or not _QUESTION.search(asked):
        return None
    return _joined(text, told), asked


def asks_anything(text: str) -> bool:
    """Whether the sentence is a question by its words, of whatever it may be."""
    return len(text.strip()) >= _SHORTEST and bool(_QUESTION.search(text.strip()))


def told_part(heard: Heard) -> Heard | None:
    """The sentence without the question beside what it tells; None where it is not both."""
    both = split_aside(heard.text, heard.entities)
    if both is None:
        return None
    entities = tuple(e for e in heard.entities if heard.text[e.start : e.end] in both[0])
    return Heard(both[0], "inform", entities)


def without_lead(asked: str) -> str:
    """The question itself: 对了，顺便问一下 in front of it is no part of what is asked."""
    return _LEAD.sub("", asked.strip(), count=1) or asked


def _parts(text: str, facts: list[Entity]) -> Iterator[tuple[int, int]]:
    """Stretches between pauses, before words that begin a question, and behind a number."""
    cuts = {0, len(text)}
    cuts |= {at for pause in _PAUSE.finditer(text) for at in pause.span()}
    cuts |= {mark.end() for mark in re.finditer("[?？]", text)}
    cuts |= {aside.start() for aside in _ASIDE.finditer(text)}
    cuts |= {fact.end for fact in facts if fact.kind == "phone"}
    cuts -= {at for at in cuts for fact in facts if fact.start < at < fact.end}
    edges = sorted(cuts)
    for start, end in pairwise(edges):
        if _PAUSE.sub("", text[start:end]):
            yield start, end


def _tells(text: str, part: tuple[int, int], facts: list[Entity]) -> bool:
    start, end = part
    holds = any(start <= fact.start and fact.end <= end for fact in facts)
    return holds and not asks(text[start:end]) and not _QUESTION.search(text[start:end])


def _joined(text: str, parts: list[tuple[int, int]]) -> str:
    return "，".join(text[start:end] for start, end in parts)
