"""Questions about the document itself: its number, date, issuer, period, source."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard, SoundPatterns
from policy.finding.thesaurus import load_data
from policy.model import HEAD, PREFACE, Notice
from policy.reading.numerals import DATE

_IN_FORCE = re.compile(
    "自.{4,20}起(施行|实施|执行|生效)|自(发布|公布|印发)之日起(施行|实施|执行|生效)"
)
_SOURCE = re.compile("国家(的|那|这)|国办|国务院|上级|上头|中央|上面(的|那)")
_OWN = re.compile("省里|本省|咱省|这份|本通知|两(个|份)|分别")


@lru_cache(maxsize=1)
def _facets() -> dict[str, SoundPatterns]:
    return {k: SoundPatterns(v) for k, v in load_data("cues.yml")["document"].items()}


@lru_cache(maxsize=1)
def _left_out() -> SoundPatterns:
    return SoundPatterns(load_data("cues.yml")["left_out"])


def facets(text: str) -> list[str]:
    """Which facets of the document a question asks for."""
    heard = Heard(text)
    found = [name for name, patterns in _facets().items() if patterns.match(heard)]
    if "number" in found and "basis" not in found and _SOURCE.search(text):
        found = [f for f in found if f != "number" or _OWN.search(text)] + ["basis"]
    return found


def asks_what_was_left_out(text: str) -> bool:
    return _left_out().match(Heard(text))


def passages_for(facet: str, notice: Notice, passages: Sequence[Passage]) -> list[Passage]:
    """The passages of head and preface that state a facet; empty where none does.

    `passages` begin with those of `notice`.
    """
    if facet == "effective":
        return [p for p in passages if _IN_FORCE.search(p.quote)][:1]
    # Head and preface open a notice: the passages of its other clauses are not looked through.
    opening = list(itertools.takewhile(lambda p: p.clause.path in (HEAD, PREFACE), passages))
    head = [p for p in opening if p.clause.path == HEAD]
    preface = [p for p in opening if p.clause.path == PREFACE]
    found = {
        "number": [p for p in head if notice.number and notice.number in p.quote],
        "issued": [p for p in head if DATE.search(p.quote)][-1:],
        "issuer": [p for p in head if p.quote == notice.issuer]
        or [p for p in head if notice.issuer and notice.issuer in p.quote],
        "title": _longest_titled(head),
        "addressees": [p for p in head if p.quote.endswith(("：", ":"))],
        "period": _longest_titled(head),
        "basis": [p for p in preface if any(n in p.quote for n in notice.defers_to)]
        or [p for p in preface if "根据" in p.quote or "依据" in p.quote],
        "abridged": [p for p in head if "删减" in p.quote],
        "purpose": preface[:1],
    }[facet]
    return found[:1]


def _longest_titled(head: Sequence[Passage]) -> list[Passage]:
    titled = [p for p in head if "《" in p.quote and "》" in p.quote] or [
        p for p in head if "《" in p.quote or "关于" in p.quote
    ]
    return sorted(titled, key=lambda p: -len(p.quote))[:1]
