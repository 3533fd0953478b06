"""What begins a name, what looks like one, and how surnames are spelt: 木子李."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.spoken.places import find_other_regions, find_places

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PersonName:
    """A name and how it was recognised."""

    name: str
    start: int
    end: int
    spelt: bool = False
    """True where characters were spelt out (木子李, 明白的明): surer than by sound."""


def is_surname(name: str) -> bool:
    """Whether it is a surname of the list, of one character or of two."""
    return name in surnames()


def spelt_surname(text: str) -> str:
    """木子李 → 李; empty where no surname is spelt."""
    spelt = spelt_surname_pattern().search(text)
    return spelt_surnames()[spelt[0]] if spelt else ""


def looks_like_name(name: str) -> bool:
    """Whether it has the length and surname of a name, and is no other word."""
    if "·" in name:
        return True
    compound = name[:2] in surnames()
    if not (2 <= len(name) <= (4 if compound else 3)) or name in not_names():
        return False
    if not compound and name[0] not in surnames():
        return False
    if (
        re.search(r"[吗呢吧了的啥么不没哪怎是我你他她这那要能给谁]", name[1:])
        or name[:2] in not_names()
    ):
        return False
    return not find_places(name) and not find_other_regions(name)


def holds_a_place(text: str) -> bool:
    """A surname before a place's name, and nothing else, is somebody's name: 逄桂林, 辛长春."""
    spans = [(p.start, p.end) for p in find_places(text)]
    spans += [(r.start, r.end) for r in find_other_regions(text)]
    return text[:1] in surnames() and (1, len(text)) in spans


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    single, compound = _lines("surnames.txt")
    return frozenset(single) | frozenset(compound.split())


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    return frozenset(word for line in _lines("not_names.txt") for word in line.split())


@lru_cache(maxsize=1)
def spelt_surnames() -> dict[str, str]:
    pairs = (line.split("\t") for line in _lines("spelt_surnames.tsv"))
    return {said: meant for said, meant in pairs}


@lru_cache(maxsize=1)
def spelt_surname_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(spelt_surnames(), key=len, reverse=True)))


def _lines(file_name: str) -> list[str]:
    lines = (_DATA / file_name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
