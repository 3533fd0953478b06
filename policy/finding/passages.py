"""A notice cut into passages: one sentence each, verbatim, with what it is good for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policy.model import Clause, Notice

_SENTENCE = re.compile(r"[^。；！？]*[。；！？]?[”』」）]?")
_NUMBER = re.compile(r"\d")
_MOMENT = re.compile(
    r"\d{4}\s*年|\d{1,2}月|[年月]底|每年|每月|每季|每半年|定期|适时|近期|\d+[日天]内"
)


@dataclass(frozen=True)
class Passage:
    """One sentence of one clause."""

    notice: int
    """Position of the notice among those searched."""
    clause: Clause
    quote: str
    """Verbatim."""
    heading: bool = False
    """The clause's own heading: finds the clause, answers nothing."""
    responsible: bool = False
    """The bracket that names departments."""

    @property
    def counted(self) -> bool:
        """It states a number."""
        return not self.heading and bool(_NUMBER.search(self.quote))

    @property
    def timed(self) -> bool:
        """It states a time, a period or a rhythm."""
        return not self.heading and bool(_MOMENT.search(self.quote))


def passages_of(notices: Sequence[Notice]) -> tuple[Passage, ...]:
    """Passages of every clause, in order of the documents."""
    return tuple(
        passage
        for number, notice in enumerate(notices)
        for clause in notice.clauses
        for passage in _cut(number, clause)
    )


def _cut(number: int, clause: Clause) -> list[Passage]:
    text = clause.text
    bracket = clause.departments_quote
    at = text.find(bracket) if bracket else -1
    pieces = [text] if at < 0 else [text[:at], text[at + len(bracket) :]]
    passages = [
        Passage(number, clause, quote, heading=_is_heading(quote, clause))
        for piece in pieces
        for quote in sentences(piece)
    ]
    if at >= 0:
        passages.append(Passage(number, clause, bracket, responsible=True))
    return passages


def sentences(text: str) -> list[str]:
    """Sentences, each a verbatim piece of `text`; a line break ends one too."""
    found = []
    for line in text.splitlines():
        for match in _SENTENCE.finditer(line):
            sentence = match.group().strip(" \t\u3000")
            if sentence.strip("。；！？”』」） "):
                found.append(sentence)
    return found


def _is_heading(quote: str, clause: Clause) -> bool:
    bare = quote.rstrip("。：: ")
    return bool(clause.title) and bare.endswith(clause.title) and len(bare) <= len(clause.title) + 8
