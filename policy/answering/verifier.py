"""The last gate: what a reply says must stand in the quotes it cites, and those in the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.values import Reply
from policy.answering.referrals import configured_numbers
from policy.answering.spoken import for_the_ear

HEDGES = (
    "以上", "以下", "以内", "左右", "力争", "至少", "最多", "不少于", "不低于", "不超过", "不高于",
    "约", "近", "每年", "每月", "按规定", "符合条件", "经评估", "适时", "鼓励", "探索",
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FIGURE = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)(?:[—－~-]\d+(?:\.\d+)?)?"
    r"[万亿]?(?:人次|周岁|万元|个百分点|个月|小时|[人个家名次元%％项处所户年月日岁天])"
)
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{1,12}?(?:厅|局|委员会|委办|网信办|金融办|办公室|残联|妇联|工商联|分行|总工会"
    r"|卫生健康委|国资委|发展改革委|人民政府)"
)
_NEGATED = re.compile(r"没有写|没有列出|不一样")


@dataclass(frozen=True)
class Fault:
    """One thing a reply says that its quotes do not."""

    what: str
    """number, figure, hedge, office or quote."""
    text: str


def faults(reply: Reply, documents: Mapping[str, str], offices: Iterable[str] = ()) -> list[Fault]:
    """Everything in `reply` that its citations do not carry; empty when it may leave.

    `documents`: full text by number. `offices`: full names that count as departments.
    """
    found = [
        Fault("quote", c.quote)
        for c in reply.citations
        if not c.quote or c.quote not in documents.get(c.document, "")
    ]
    quotes = "\n".join([c.quote for c in reply.citations] + [c.title for c in reply.citations])
    known = tuple(offices)
    found += _unsupported(reply.text, quotes, known)
    if reply.speech:
        found += _unsupported(reply.speech, quotes + "\n" + for_the_ear(quotes), known)
    return list(dict.fromkeys(found))


def _unsupported(said: str, quotes: str, offices: tuple[str, ...]) -> list[Fault]:
    plain, allowed = said, configured_numbers()
    found = []
    numbers = set(_NUMBER.findall(quotes))
    for match in _NUMBER.finditer(plain):
        if match.group() not in numbers and match.group() not in allowed:
            found.append(Fault("number", match.group()))
    for match in _FIGURE.finditer(plain):
        figure = match.group()
        if re.search(r"\d", figure) and figure not in quotes and figure[:-1] not in allowed:
            found.append(Fault("figure", figure))
    found += [Fault("hedge", h) for h in HEDGES if h in plain and h not in quotes]
    found += [Fault("office", o) for o in offices if _named(o, plain) and o not in quotes]
    found += _dropped_hedges(plain, quotes)
    return found


def _named(office: str, said: str) -> bool:
    """人力资源社会保障部门 names a kind of office, not the ministry 人力资源社会保障部."""
    return office in said and (
        not office.endswith("部") or re.search(f"{re.escape(office)}(?!门)", said) is not None
    )


def _dropped_hedges(said: str, quotes: str) -> list[Fault]:
    """A figure whose stretch of the quote is hedged must keep every hedge of that stretch."""
    stretches = re.split(r"[，,。；\n]", quotes)
    found = []
    for stretch in re.split(r"[，,。；：:\n]", said):
        for figure in _FIGURE.findall(stretch):
            if not re.search(r"\d", figure):
                continue
            homes = [s for s in stretches if figure in s]
            if homes and not any(all(h in stretch for h in _hedges_of(s)) for s in homes):
                found.append(Fault("hedge", figure))
    return found


def _hedges_of(stretch: str) -> list[str]:
    return [h for h in HEDGES if len(h) > 1 and h in stretch]
