"""What the entities of a text tell about its intent: which kinds, and how much besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.spoken.pinyin import syllables

_POLITE = (
    "我叫",
    "我是",
    "电话是",
    "号码是",
    "手机号是",
    "就",
    "吧",
    "的",
    "是",
    "啊",
    "呀",
    "呗",
    "嗯",
    "那",
    "我",
)


def marks_of(text: str, entities: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """`has_KIND` for each kind, and `only_KIND` where hardly anything else was said."""
    kinds = {str(entity["entity"]) for entity in entities}
    if not kinds:
        return ()
    covered = [False] * len(text)
    for entity in entities:
        covered[entity["start"] : entity["end"]] = [True] * (entity["end"] - entity["start"])
    rest = "".join(char for char, done in zip(text, covered, strict=True) if not done)
    for word in _POLITE:
        rest = rest.replace(word, "")
    marks = {f"has_{kind}" for kind in kinds}
    if len(syllables(rest)) <= 1:
        marks |= {f"only_{kind}" for kind in kinds} | {"only_entities"}
    return tuple(sorted(marks))
