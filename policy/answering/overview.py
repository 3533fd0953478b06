"""Questions about the notice as a whole: what it is, what it holds, whom it makes responsible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.values import Kind, Reason
from policy.answering import document, scope
from policy.answering.composing import Part, cite, joined, responsible, saying
from policy.answering.offices import Offices
from policy.answering.phrases import phrase
from policy.answering.premises import contradicted
from policy.answering.questions import Question
from policy.answering.selection import Selector
from policy.answering.spoken import for_the_ear
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard, SoundPatterns
from policy.finding.thesaurus import load_data
from policy.model import HEAD, PREFACE, Notice

_BRIEF = 16
"""Characters of topic up to which a question is about the whole, not about one thing in it."""


_HOW_MANY = re.compile(r"([一二三四五六七八九十]|\d)+(项|大|条)(重点)?(行动|措施|任务|举措)")
_ELSEWHERE = {"phone", "address", "application", "day", "amount"}
"""Aspects that a list of duties does not meet."""


@lru_cache(maxsize=1)
def _reverse() -> SoundPatterns:
    return SoundPatterns(load_data("cues.yml")["reverse"])


class Overview:
    """Answers from the head, the headings and the lists of departments."""

    def __init__(
        self,
        notices: Sequence[Notice],
        passages: Sequence[Passage],
        selector: Selector,
        offices: Offices,
    ) -> None:
        self._notices = notices
        self._passages = passages
        self._selector = selector
        self._offices = offices

    def answer(self, question: Question) -> Part | None:
        """None where the question is about something that clauses say."""
        return self._document(question) or self._duties(question) or self._titles(question)

    def _document(self, question: Question) -> Part | None:
        notice = self._notices[0]
        if document.asks_what_was_left_out(question.text) and notice.abridged:
            found = document.passages_for("abridged", notice, self._passages)
            text = phrase("abridged")
            citations = tuple(cite(notice, p.clause, p.quote) for p in found)
            return Part(text, for_the_ear(text), Kind.PARTIAL, Reason.ABRIDGED, citations)
        if scope.other_document(question.text):
            return self._deferred(notice)
        found = []
        for facet in document.facets(question.text):
            found += document.passages_for(facet, notice, self._passages)
        found = list(dict.fromkeys(found))
        if not found:
            return None
        if contradicted(question, [p.quote for p in found]):
            return saying(self._notices, found, "corrected", Kind.CORRECTION)
        told = saying(self._notices, found, "said_plain")
        if not self._selector.has_topic(question, beyond=(HEAD, PREFACE)):
            return told
        # It names a topic of the notice too: both are told, rather than one guessed away.
        best = self._selector.choose(question).best
        return joined([told, saying(self._notices, [best])])

    def _deferred(self, notice: Notice) -> Part:
        text = phrase("deferred")
        found = document.passages_for("basis", notice, self._passages)
        citations = tuple(cite(notice, p.clause, p.quote) for p in found)
        return Part(text, text, Kind.PARTIAL, Reason.DEFERRED, citations)

    def _titles(self, question: Question) -> Part | None:
        if "titles" not in question.asks or question.silences or question.weight > _BRIEF:
            return None
        if self._selector.has_topic(question, beyond=("一", HEAD, PREFACE)):
            return None
        notice = self._notices[0]
        leaves = [c for c in notice.clauses if c.leaf and c.parent and c.title]
        clauses = leaves or [c for c in notice.clauses if c.title and c.path != HEAD]
        if not clauses:
            return None
        text = phrase("titles", titles="；".join(c.title for c in clauses))
        citations = tuple(cite(notice, c, c.title) for c in clauses if c.title in c.text)
        listed = Part(text, for_the_ear(text), Kind.ANSWER, None, citations)
        how_many = [p for p in self._passages if _HOW_MANY.search(p.quote)][:1]
        if "quantity" not in question.asks or not how_many:
            return listed
        return joined([saying(self._notices, how_many), listed])

    def _duties(self, question: Question) -> Part | None:
        """省医保局负责啥: the clauses that list an office, where no other topic is named."""
        offices = self._offices.named(question.text)
        if len(offices) != 1 or question.weight > _BRIEF or set(question.silences) & _ELSEWHERE:
            return None
        if not _reverse().match(Heard(question.text)):
            return None
        rest = self._offices.set_aside(question.text)
        if self._selector.has_topic(replace(question, text=rest)):
            return None
        notice = self._notices[0]
        clauses = [c for c in notice.clauses if any(offices[0] in d for d in c.departments)]
        if not clauses:
            return None
        office = next(d for d in clauses[0].departments if offices[0] in d)
        text = phrase("duties", office=office, titles="；".join(c.title for c in clauses))
        citations = tuple(cite(notice, c, c.departments_quote) for c in clauses)
        return Part(text, for_the_ear(text), Kind.ANSWER, None, citations)

    def county(self, question: Question) -> Part | None:
        """Whether city and county governments are responsible: the notice's general rule."""
        if "county_duty" not in question.asks:
            return None
        notice = self._notices[0]
        clause = next((c for c in notice.clauses if c.shared_path == c.path != ""), None)
        return None if clause is None else responsible(notice, clause)
