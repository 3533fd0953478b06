"""How official documents number their parts: 第一章, 第一条, 一、, （一）, 1., （1）, ①."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policy.reading.numerals import NUMERAL

ARTICLE = "条"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("编", re.compile(rf"第\s*({NUMERAL}|\d+)\s*编(?=[\s　]|$|[\u4e00-\u9fff])")),
    ("章", re.compile(rf"第\s*({NUMERAL}|\d+)\s*章(?=[\s　]|$|[\u4e00-\u9fff])")),
    ("节", re.compile(rf"第\s*({NUMERAL}|\d+)\s*节(?=[\s　]|$|[\u4e00-\u9fff])")),
    (
        ARTICLE,
        re.compile(rf"第\s*({NUMERAL}|\d+)\s*条(?:之({NUMERAL}))?(?![、，。款第规的和及至])"),
    ),
    ("一、", re.compile(rf"({NUMERAL})\s*[、．.]")),
    ("（一）", re.compile(rf"[（(]\s*({NUMERAL})\s*[）)]、?")),
    ("1.", re.compile(r"([0-9０-９]{1,3})\s*(?:[.．](?![0-9０-９])|、)")),
    ("（1）", re.compile(r"[（(]\s*([0-9０-９]{1,3})\s*[）)]、?")),
    ("①", re.compile(r"([①-⑳])")),
)
_FULLWIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
RANK = {kind: rank for rank, (kind, _) in enumerate(_PATTERNS)}


@dataclass(frozen=True)
class Number:
    """The number that opens a paragraph."""

    kind: str
    """编, 章, 节, 条, 一、, （一）, 1., （1） or ①."""
    label: str
    """What it adds to a path: 第八条, 二, （三）, 7."""
    length: int
    """Characters of the paragraph that it takes up."""

    @property
    def rank(self) -> int:
        """Depth in the order of kinds: a smaller rank stands above a greater one."""
        return RANK[self.kind]


def leading_number(text: str) -> Number | None:
    """The number a paragraph opens with, or None."""
    for kind, pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            return Number(kind, _label(kind, match), _end(text, match.end()))
    return None


def _label(kind: str, match: re.Match[str]) -> str:
    value = re.sub(r"\s", "", match[1]).translate(_FULLWIDTH)
    if kind in ("编", "章", "节"):
        return f"第{value}{kind}"
    if kind == ARTICLE:
        return f"第{value}条" + (f"之{match[2]}" if match[2] else "")
    if kind in ("（一）", "（1）"):
        return f"（{value}）"
    return value


def _end(text: str, end: int) -> int:
    while end < len(text) and text[end] in " \t\u3000":
        end += 1
    return end
