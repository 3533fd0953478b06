"""What is not for a notice to answer, told before anything is searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from policy.finding.lexicon import SoundLexicon
from policy.finding.sound_pattern import Heard, SoundPatterns, without
from policy.finding.thesaurus import load_data
from policy.finding.words import word_edges
from policy.model import Notice

_OTHERS = re.compile("(别的|其他|其它|外|兄弟)省(份)?(有|的|是|怎么|咋|给|多少|呢|也)|哪个省")


_ANYWHERE = ("injection", "abuse")


@dataclass(frozen=True)
class OtherRules:
    """A topic that other rules settle."""

    name: str
    patterns: SoundPatterns
    unless: tuple[str, ...]
    refer: tuple[str, ...]
    names: tuple[str, ...] = ()
    """What people call its matters."""

    def named_in(self, text: str, notices: Sequence[Notice]) -> str:
        """The matter as `text` calls it, the longest name first; empty where it calls it nothing,
        or where a notice uses that name itself."""
        spoken = [n for n in self.names if n in text and not any(n in x.text for x in notices)]
        return max(spoken, key=len, default="")


@dataclass(frozen=True)
class _Scope:
    safety: SoundPatterns
    harmless: SoundPatterns
    unrelated: dict[str, SoundPatterns]
    other_rules: tuple[OtherRules, ...]
    other_documents: SoundPatterns
    central: SoundPatterns
    places: SoundLexicon
    regions: tuple[str, ...]


@lru_cache(maxsize=1)
def _scope() -> _Scope:
    data: dict[str, Any] = load_data("scope.yml")
    regions: dict[str, list[str]] = load_data("regions.yml")
    return _Scope(
        safety=SoundPatterns(data["safety"], least=3),
        harmless=SoundPatterns(data["despair_is_not"]),
        unrelated={k: SoundPatterns(v, least=4) for k, v in data["unrelated"].items()},
        other_rules=tuple(
            OtherRules(
                k,
                SoundPatterns(v["patterns"], least=4),
                tuple(v["unless"]),
                tuple(v["refer"]),
                tuple(v["names"]),
            )
            for k, v in data["other_rules"].items()
        ),
        other_documents=SoundPatterns(data["other_documents"]),
        central=SoundPatterns(data["central"]),
        places=SoundLexicon(
            ((place, region) for region, names in regions.items() for place in names),
            least_by_sound=3,
        ),
        regions=tuple(regions),
    )


def in_earnest(text: str, instead: str = " ") -> str:
    """`text` with `instead` of ways of speaking that only sound like death: 累死了, 死规定."""
    for start, end in sorted(_scope().harmless.spans(Heard(text)), reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def speaks_of_death(text: str) -> bool:
    """The person speaks of ending their life in plain words."""
    # A way of speaking is set aside rather than taken as proof that all is well.
    return _scope().safety.match(Heard(in_earnest(text)))


def unrelated(text: str, asked: str = "", notices: Sequence[Notice] = ()) -> str | None:
    """injection, abuse, medical, legal or chitchat; None when it may be about a notice.

    `asked`: the part of `text` that asks. Topics count there only, insults and tricks anywhere. A
    topic whose words stand in one of `notices` is that notice's business after all.
    """
    whole, part = Heard(text), Heard(asked or text)
    for name, patterns in _scope().unrelated.items():
        if name in _ANYWHERE:
            if patterns.match(whole):
                return name
        elif any(
            not any(part.text[start:end] in n.text for n in notices)
            for start, end in patterns.spans(part)
        ):
            return name
    return None


def other_rules(text: str, notices: Sequence[Notice]) -> OtherRules | None:
    """The topic that other rules settle and no loaded notice speaks of."""
    heard = Heard(text)
    for topic in _scope().other_rules:
        # The patterns first: looking through every notice's text is what takes time.
        if not topic.patterns.match(heard):
            continue
        if not any(word in n.text for word in topic.unless for n in notices):
            return topic
    return None


def other_document(text: str) -> bool:
    """It asks what the notice's source says, not what the notice says."""
    return _scope().other_documents.match(Heard(text))


def places(text: str, notices: Sequence[Notice]) -> list[tuple[str, str]]:
    """(place, its region) of every place named, names inside the notices' own words left out."""
    found, edges = [], word_edges(text)
    for hit in _scope().places.find(text):
        # 黑龙江省 is one word of the dictionary, so the place may end before 省.
        ends = hit.end in edges or text[hit.end] in "省市县区州"
        if hit.start not in edges or not ends:
            continue
        around = text[hit.start : hit.end + 1]
        if hit.exact and len(around) > len(hit.term) and any(around in n.text for n in notices):
            continue
        found.append((hit.term, hit.label))
    return found


def foreign_region(text: str, notices: Sequence[Notice]) -> bool:
    """It asks about places of which no loaded notice speaks."""
    own = {n.region for n in notices if n.region}
    if not own or "全国" in own:
        return False
    if _OTHERS.search(text):
        return True
    text = without(text, _scope().central.spans(Heard(text)))
    named = {region for _, region in places(text, notices)}
    return bool(named) and not any(_same(r, o) for r in named for o in own)


def local_place(text: str, notices: Sequence[Notice]) -> str | None:
    """A city or county named inside the region of a loaded notice."""
    own = {n.region for n in notices if n.region}
    for place, region in places(text, notices):
        if any(_same(region, o) for o in own) and not any(o.startswith(place) for o in own):
            return place
    return None


def _same(region: str, own: str) -> bool:
    return own.startswith(region) or region.startswith(own) or own[:2] == region[:2]
