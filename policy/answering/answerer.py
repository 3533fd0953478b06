"""One part of a question becomes one part of an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from core.values import Kind, Reason, Topic
from policy.answering import document
from policy.answering.composing import Part, closed, joined, named, responsible, saying
from policy.answering.gaps import Gaps
from policy.answering.offices import Offices, lists
from policy.answering.overview import Overview
from policy.answering.phrases import phrase
from policy.answering.premises import contradicted
from policy.answering.questions import Question, load_cues, understand
from policy.answering.ranking import names_an_actor
from policy.answering.selection import Chosen, Selector
from policy.answering.spoken import for_the_ear
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard, SoundPatterns
from policy.finding.thesaurus import load_data
from policy.model import Clause, Notice

_FORMS = {"agency", "county_duty", "place_in_document"}
"""Asks that the list of departments meets by itself."""
_GIST = 12
"""Sentences told of a clause that is asked about as a whole."""
_LABEL = 2
"""Characters up to which what stands beside a clause's number asks for no more than the clause."""
_BRIEF = 6
"""Characters of topic up to which 哪, which marks any question, asks for nothing besides."""


@lru_cache(maxsize=1)
def _listed() -> SoundPatterns:
    return SoundPatterns(load_data("cues.yml")["listed"])


class Answerer:
    """Answers single questions from passages it is given the means to find."""

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
        self._overview = Overview(notices, passages, selector, self._offices)
        self._gaps = Gaps(notices, selector)

    def answer(self, question: Question, topic: Topic | None, around: str) -> Part:
        """A part whose facts stand in its citations. Never raises for what a person typed."""
        part = self._overview.answer(question)
        if part is not None:
            return part
        clause = self._selector.named_by_number(question.text, self._notices[0])
        if clause is not None and clause.leaf:
            return self._of_clause(question, clause, topic)
        chosen = self._selector.choose(question, topic, around)
        if not self._selector.recognised(chosen):
            return self._overview.county(question) or _plain("unclear", Kind.OUT_OF_SCOPE)
        return self._of_passages(question, chosen, topic)

    def choose(self, question: Question) -> Chosen:
        """The passages that suit a question best, of whichever notice."""
        return self._selector.choose(question)

    def has_topic(self, question: Question) -> bool:
        """It names something more telling than people and work: a matter, an office, the notice."""
        return (
            self._selector.has_topic(question)
            or bool(self._offices.written(question.text))
            or bool(document.facets(question.text))
        )

    def apart(self, tail: Question, head: Question) -> bool:
        """Another passage than the head's holds the kind of thing that the tail asks for."""
        wanted = load_cues().wanted(tail.asking)
        if not wanted:
            return False
        first = self._selector.choose(head).best
        second = self._selector.choose(tail, around=head.search).best
        return (
            second.clause is not first.clause
            and any(slot.held.search(second.quote) for slot in wanted)
            and not any(slot.held.search(first.quote) for slot in wanted)
        )

    def nearest(self, question: Question) -> Part | None:
        """What the notice says nearest to a question, where it names a topic of the notice."""
        if not self.has_topic(question):
            return None
        return saying(self._notices, [self._selector.choose(question).best])

    def _membership(self, question: Question, best: Passage) -> Part | None:
        """医保局在盲人这条里吗: whether the clause lists the offices asked about."""
        offices = self._offices.named(question.text)
        if not offices or not best.clause.departments:
            return None
        if not _listed().match(Heard(question.text)):
            return None
        part = responsible(self._notices[best.notice], best.clause)
        if lists(best.clause, offices):
            return part
        return part.led_by(phrase("corrected_agency", agency=""), Kind.CORRECTION, None)

    # -- what the clauses say

    def _of_clause(self, question: Question, clause: Clause, topic: Topic | None) -> Part:
        notice = self._notices[0]
        if "lead" in question.silences and not clause.lead:
            return self._gaps.unled(notice, clause)
        bare = understand(self._selector.without_number(question.text))
        if bare.weight > _LABEL:
            return self._of_passages(
                question, self._selector.choose(question, topic, within=clause), topic
            )
        if "agency" in question.asks:
            return responsible(notice, clause)
        return self._gist(clause, 2)

    def _gist(self, clause: Clause, most: int = _GIST) -> Part:
        """The clause's sentences in their order."""
        own = [p for p in self._passages if p.clause is clause and not p.responsible]
        body = [p for p in own if not p.heading] or own
        return saying(self._notices, body[:most])

    def _of_passages(self, question: Question, chosen: Chosen, topic: Topic | None) -> Part:
        duty = (
            self._overview.county(question) if topic is None or "agency" in question.asks else None
        )
        if duty is not None:
            return duty
        listed = self._membership(question, chosen.best)
        if listed is not None:
            return listed
        wrong = self._wrong_department(question, chosen.best)
        disputed = wrong or contradicted(question, [chosen.best.quote])
        if "gist" in question.asks and named(chosen.best.clause) and not question.silences:
            return self._gist(chosen.best.clause)
        silent = self._gaps.missing(question, chosen, disputed=disputed)
        if silent is not None:
            return self._gaps.partial(question, chosen, silent)
        if "agency" in question.asks or chosen.offices:
            return self._agency(question, chosen)
        if wrong:
            part = responsible(self._notices[chosen.best.notice], chosen.best.clause)
            return part.led_by(phrase("corrected_agency", agency=""), Kind.CORRECTION, None)
        told = self._selector.beside(chosen, question)
        quotes = [p.quote for p in told]
        if contradicted(question, quotes):
            return saying(self._notices, told, "corrected", Kind.CORRECTION)
        if "place_in_document" in question.asks and named(chosen.best.clause):
            part = saying(self._notices, told, "located")
        else:
            part = saying(self._notices, told, "confirmed" if question.confirms else "said")
        if self._names_responsible(question, chosen.best):
            return joined(
                [part, responsible(self._notices[chosen.best.notice], chosen.best.clause)]
            )
        return part

    def _agency(self, question: Question, chosen: Chosen) -> Part:
        best = chosen.best
        notice = self._notices[best.notice]
        parts = []
        if names_an_actor(best):
            if contradicted(question, [best.quote, best.clause.departments_quote]):
                parts.append(saying(self._notices, [best], "corrected", Kind.CORRECTION))
            else:
                parts.append(saying(self._notices, [best]))
        elif self._wrong_department(question, best):
            part = responsible(notice, best.clause)
            return part.led_by(phrase("corrected_agency", agency=""), Kind.CORRECTION, None)
        elif (
            _asks_besides(question) or chosen.offices_behind > self._selector.tuning.offices_within
        ):
            parts.append(saying(self._notices, [best]))
        if best.clause.departments or not parts:
            parts.append(responsible(notice, best.clause))
        return joined(parts)

    def _names_responsible(self, question: Question, best: Passage) -> bool:
        """It names an office that the clause lists and the sentence found does not mention."""
        asked = question.asks & {"agency", "place_in_document"} or _listed().match(
            Heard(question.text)
        )
        offices = self._offices.written(question.text) if asked else []
        return any(o not in best.quote and lists(best.clause, [o]) for o in offices)

    def _wrong_department(self, question: Question, best: Passage) -> bool:
        if not question.confirms:
            return False
        listed = "".join(best.clause.departments) + best.quote
        named_offices = self._offices.written(question.text)
        speaks_of_duty = bool(re.search("负责|管|牵头|承担|归", question.text))
        return speaks_of_duty and any(o not in listed for o in named_offices)


def _asks_besides(question: Question) -> bool:
    """Whether an agency question asks for more than who is responsible."""
    more = question.asks - _FORMS
    return bool(more - {"yes_no"}) or (bool(more) and question.weight > _BRIEF)


def _plain(key: str, kind: Kind, reason: Reason | None = None, **words: str) -> Part:
    text = phrase(key, **words)
    return Part(text, text, kind, reason)


def quoted(notices: Sequence[Notice], part: Part) -> Part:
    """The bare quotes of a part: what is left when its own words cannot be proved."""
    text = "".join(phrase("said_plain", quote=closed(c.quote)) for c in part.citations)
    return Part(text, for_the_ear(text), part.kind, part.reason, part.citations)
