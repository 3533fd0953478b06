"""Cutting a clause's text into sentences and segments, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。！？；;\n]+[。！？；;]?[”』」]?")
_SEGMENT = re.compile(r"[^，,：:\t]+")
_LEADING_NUMBER = re.compile(
    r"(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]{1,3}[.．、](?![0-9])|"
    r"第[一二三四五六七八九十百零0-9]+[章节条]\s*|[①-⑳])\s*"
)


@dataclass(frozen=True)
class Span:
    """A piece of a text; `text` is verbatim."""

    begin: int
    end: int
    text: str


def sentences(text: str) -> list[Span]:
    """Sentences with their full stops, without the number that opens a paragraph."""
    found: list[Span] = []
    for match in _SENTENCE.finditer(_shielded(text)):
        begin, end = match.span()
        opening = begin == 0 or text[begin - 1] == "\n"
        number = _LEADING_NUMBER.match(text, begin, end) if opening else None
        if number:
            begin = number.end()
        while begin < end and text[begin] in " \t\u3000":
            begin += 1
        if begin < end:
            found.append(Span(begin, end, text[begin:end]))
    return found


def segments(sentence: Span) -> list[Span]:
    """The parts of a sentence between commas and colons, without them."""
    found = []
    for match in _SEGMENT.finditer(_shielded(sentence.text, "，,：:")):
        begin, end = match.span()
        piece = sentence.text[begin:end].rstrip("。！？；;")
        found.append(Span(sentence.begin + begin, sentence.begin + begin + len(piece), piece))
    return found


def _shielded(text: str, marks: str = "。！？；;") -> str:
    """The text with marks inside brackets blanked, so that a bracket stays in one piece."""
    if "（" not in text and "(" not in text:
        return text
    out = list(text)
    depth = 0
    for i, c in enumerate(text):
        if c in "（(":
            depth += 1
        elif c in "）)":
            depth = max(0, depth - 1)
        elif c == "\n":
            depth = 0
        elif depth and c in marks:
            out[i] = "□"
    return "".join(out)
