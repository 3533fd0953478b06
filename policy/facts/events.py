"""Activities and dates: what takes place, and when where the notice says so."""

from __future__ import annotations

import re

from policy.facts.sentences import Span, segments, sentences
from policy.facts.times import WHEN
from policy.model import Event

_KINDS = (
    "宣传月 援助月 宣传周 宣传日 活动月 活动周 招聘会 招聘活动 专场招聘活动 系列活动 "
    "专项行动 博览会 博览（交易）会 交易会 "
    "展销会 展能节 文化节 竞赛 大赛 比赛 论坛 大会 总结评估 评估 督导 助残日 残疾人日 "
    "见习计划 核对 普查"
).split()
_KIND = "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
_QUOTED = re.compile(r"[“\"](?P<name>[^”\"]{2,20}(?:月|周|日|节|行动|工程|计划|大赛|活动|会))[”\"]")
_HELD = re.compile(
    r"(?:举办|开展|组织|举行|召开|参加|通过|进行|实施|持续|和|、|对)(?P<name>[^，。；、“”]{0,30}?(?:"
    + _KIND
    + r"))"
)
_STARTS = re.compile(
    r"(?P<what>本[^，。；自]{1,12})自(?P<when>[^，。；]{4,16}?)起(?P<how>施行|实施|执行)"
)
_VERBS = re.compile(
    r"^(?:.*(?:举办|开展|组织|举行|召开|参加|进行)(?!的)|通过|实施|持续|集中|至少)*(?:[一二两三\d]+[次场届])?(?:全面的)?"
)


def events(text: str) -> tuple[Event, ...]:
    """Activities in order, each with its time as written; empty where the text names none."""
    found: dict[str, Event] = {}
    for sentence in sentences(text):
        for piece in segments(sentence):
            for name in _names(piece.text):
                event = Event(name, _when(sentence, piece, name), sentence.text)
                if name not in found or (event.when and not found[name].when):
                    found[name] = event
        start = _STARTS.search(sentence.text)
        if start:
            name = start["what"] + start["how"]
            found.setdefault(name, Event(name, start["when"], sentence.text))
    return tuple(found.values())


def _names(piece: str) -> list[str]:
    names = [m["name"] for m in _QUOTED.finditer(piece)]
    quoted = _QUOTED.sub(lambda m: "□" * len(m[0]), piece)
    at = 0
    while match := _HELD.search(quoted, at):
        name = _VERBS.sub("", match["name"])
        if len(name) > 2 and "□" not in name:
            names.append(name)
        at = match.end()
    return names


def _when(sentence: Span, piece: Span, name: str) -> str:
    """The time in the event's own segment, else one that stands just before it."""
    own = list(WHEN.finditer(piece.text))
    at = piece.text.find(name)
    before = [m for m in own if m.start() < at or at < 0]
    if before:
        return before[-1][0]
    lead = sentence.text[: piece.begin - sentence.begin].rstrip("，,")
    close = [m for m in WHEN.finditer(lead) if m.end() == len(lead)]
    return close[-1][0] if close else ""
