"""Which character is meant, said as people say it: 吉林的吉, 弓长张, 三个金的鑫."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_SAID = re.compile(r"\w")


def explain(character: str) -> str:
    """吉林的吉; empty where nothing explains it better than its sound."""
    described = _table("described_characters.tsv").get(character)
    if described:
        return described
    word = _table("character_words.tsv").get(character)
    return f"{word}的{character}" if word else ""


def explain_name(name: str) -> tuple[str, ...]:
    """Each character of a name, the first as surnames are told: 弓长张, 大小的小, 明显的明."""
    first = _surnames().get(name[:1])
    told = [explain(character) or character for character in name if character != "·"]
    return (first, *told[1:]) if first else tuple(told)


def spell_out(sentence: str) -> tuple[str, ...]:
    """Every character of a sentence that is not punctuation, explained where it can be."""
    return tuple(explain(character) or character for character in _SAID.findall(sentence))


@lru_cache(maxsize=1)
def _surnames() -> dict[str, str]:
    """张 → 弓长张. The first way of the file counts."""
    told: dict[str, str] = {}
    for said, meant in _table("spelt_surnames.tsv").items():
        told.setdefault(meant, said if said.endswith(meant) else f"{said}{meant}")
    return told


@lru_cache(maxsize=4)
def _table(name: str) -> dict[str, str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {key: value for key, value in pairs}
