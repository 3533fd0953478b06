"""The policy engine: answers from notices in force, proved before they leave."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.values import Choice, Citation, Kind, Reason, Reply, Topic
from policy.answering import scope
from policy.answering.answerer import Answerer, quoted
from policy.answering.composing import Part, cite, closed, joined, named
from policy.answering.danger import in_danger
from policy.answering.message import (
    inheriting,
    leans,
    questions_of,
    story_apart,
    without_repeats,
)
from policy.answering.offices import Offices
from policy.answering.phrases import phrase
from policy.answering.questions import Question, tidy, understand
from policy.answering.referrals import emergency
from policy.answering.selection import Selector, Tuning
from policy.answering.spoken import for_the_ear
from policy.answering.verifier import faults
from policy.finding.adaptation import load_adaptation
from policy.finding.encoder import SentenceEncoder
from policy.finding.index import PassageIndex
from policy.finding.thesaurus import load_thesaurus
from policy.model import HEAD, Notice, in_force

log = logging.getLogger(__name__)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TITLED = re.compile("《[^《》]+》")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
SHORT = 14
"""Characters of topic up to which a question that names no matter means the one before."""
PORTION = 120
"""Characters of a clause that `detail` tells at a time."""


class PolicyEngine:
    """Implements core.ports.PolicyAnswerer over a snapshot of notices."""

    def __init__(
        self,
        notices: Sequence[Notice],
        *,
        today: date,
        encoder: SentenceEncoder | None = None,
        tuning: Tuning | None = None,
    ) -> None:
        self._notices = _searched(notices, today)
        self._today = today
        self._documents = {n.number: n.text for n in self._notices}
        self._offices = tuple(
            dict.fromkeys(d for n in self._notices for c in n.clauses for d in c.departments)
        )
        if self._notices:
            thesaurus = load_thesaurus()
            self._index = PassageIndex(self._notices, thesaurus, encoder, load_adaptation())
            offices = Offices(thesaurus)
            selector = Selector(self._index, offices, tuning)
            self._answerer = Answerer(self._notices, self._index.passages, selector, offices)

    def ask(self, question: str, *, topic: Topic | None = None, kind: str | None = None) -> Reply:
        """A verified reply. Never raises for what a person typed."""
        text = tidy(question)
        early = self._out_of_hand(text)
        if early is not None:
            return self._proved(early, text, topic)
        parts = self._parts(text, topic, kind)
        return self._proved(self._dated(joined(parts)), text, topic)

    def _dated(self, part: Part) -> Part:
        """What a notice not in force today says is told as that, with the notice named."""
        cited = {c.document for c in part.citations}
        for notice in self._notices:
            if notice.number in cited and not in_force(notice, self._today):
                part = _not_in_force(notice, part)
        return part

    # -- before anything is searched

    def _out_of_hand(self, text: str) -> Part | None:
        if not any(c.isalnum() for c in text):
            return _fixed("empty", Kind.OUT_OF_SCOPE)
        if in_danger(text):
            return _fixed("safety", Kind.SAFETY, hotlines=emergency())
        if not _HAN.search(text) and _LETTERS.search(text):
            return _fixed("foreign", Kind.OUT_OF_SCOPE)
        if not self._notices:
            return _fixed("no_notice", Kind.ABSTAIN, Reason.NOT_IN_TEXT)
        stray = scope.unrelated(text, story_apart(text), self._notices)
        if stray is not None:
            return _fixed(stray, Kind.OUT_OF_SCOPE)
        if scope.foreign_region(text, self._notices):
            region = "、".join(dict.fromkeys(n.region for n in self._notices if n.region))
            return _fixed("other_region", Kind.ABSTAIN, Reason.OTHER_REGION, region=region)
        return None

    # -- the parts of a question

    def _parts(self, text: str, topic: Topic | None, kind: str | None) -> list[Part]:
        questions = questions_of(text, kind, self._is_about, self._answerer.apart)
        found: list[Part] = []
        for number, question in enumerate(questions):
            elsewhere = self._by_other_rules(question, alone=len(questions) == 1)
            if elsewhere is not None:
                found.append(elsewhere)
                continue
            around = ""
            if number and (question.leans or not self._answerer.has_topic(question)):
                around = understand(questions[0].text).search
            before = topic if topic and not number and self._leans(question) else None
            question = inheriting(question, before) if before else question
            found.append(self._answerer.answer(question, before, around))
        return without_repeats(found)

    def _is_about(self, question: Question) -> bool:
        """It names a matter, of the notices or of other rules."""
        named = self._answerer.has_topic(question)
        return named or scope.other_rules(question.asking, self._notices) is not None

    def _leans(self, question: Question) -> bool:
        return leans(question) or (
            question.weight <= SHORT and not self._answerer.has_topic(question)
        )

    def _by_other_rules(self, question: Question, *, alone: bool) -> Part | None:
        """A topic of other rules, with the nearest thing that the notice says, if any."""
        rules = scope.other_rules(question.asking, self._notices)
        if rules is None and alone and not self._answerer.has_topic(question):
            rules = scope.other_rules(question.text, self._notices)
        if rules is None:
            return None
        lead = _elsewhere(rules.named_in(question.text, self._notices), "、".join(rules.refer))
        near = self._answerer.nearest(question)
        if near is None:
            return Part(lead, for_the_ear(lead), Kind.ABSTAIN, Reason.NOT_IN_TEXT)
        return near.led_by(lead, Kind.PARTIAL, Reason.NOT_IN_TEXT)

    # -- before a reply leaves

    def _proved(self, part: Part, question: str, topic: Topic | None) -> Reply:
        reply = _reply(part, question, topic)
        wrong = faults(reply, self._documents, self._offices)
        if not wrong:
            return reply
        log.warning("answer not proved", extra={"faults": [f.what for f in wrong]})
        bare = _reply(quoted(self._notices, part), question, topic)
        if part.citations and not faults(bare, self._documents, self._offices):
            return bare
        return _reply(_fixed("not_in_text", Kind.ABSTAIN, Reason.NOT_IN_TEXT), question, topic)

    # -- moving about in the document

    def detail(self, topic: Topic, portion: int = 0) -> Reply:
        """The topic's clause word for word, `PORTION` characters or so at a time, from 0."""
        place = self._place(topic)
        if place is None:
            return _reply(_fixed("unclear", Kind.OUT_OF_SCOPE), topic.question, topic)
        notice, position = place
        clause = notice.clauses[position]
        pieces = _portions(
            [p.quote for p in self._index.passages if p.clause is clause and not p.heading]
            or [clause.text]
        )
        piece = pieces[min(max(portion, 0), len(pieces) - 1)]
        text = phrase("detail", title=named(clause) or clause.path, quote="".join(piece))
        part = Part(
            text,
            for_the_ear(text),
            Kind.ANSWER,
            None,
            tuple(cite(notice, clause, q) for q in piece),
        )
        return self._proved(part, topic.question, Topic(topic.question, notice.number, clause.path))

    def neighbour(self, topic: Topic, step: int) -> Reply:
        """The clause `step` places after (or before) the topic's, stopping at the ends."""
        place = self._place(topic)
        if place is None:
            return _reply(_fixed("unclear", Kind.OUT_OF_SCOPE), topic.question, topic)
        notice, position = place
        leaves = [i for i, c in enumerate(notice.clauses) if c.leaf]
        at = min(range(len(leaves)), key=lambda i: abs(leaves[i] - position))
        clause = notice.clauses[leaves[min(max(at + step, 0), len(leaves) - 1)]]
        return self.detail(Topic(clause.title, notice.number, clause.path))

    def _place(self, topic: Topic) -> tuple[Notice, int] | None:
        for notice in self._notices:
            if topic.document and notice.number != topic.document:
                continue
            for position, clause in enumerate(notice.clauses):
                if clause.path == topic.clause:
                    return notice, position
        return None

    def nearest(self, question: str) -> Citation | None:
        """The sentence that comes nearest, whether or not it answers; None where nothing does."""
        if not self._notices:
            return None
        chosen = self._answerer.choose(understand(tidy(question)))
        if not chosen.passages or chosen.evidence <= 0:
            return None
        best = chosen.best
        return cite(self._notices[best.notice], best.clause, best.quote)

    def best_notice(self, question: Question) -> Notice | None:
        """The notice whose sentence suits a question best; None where none says anything of it."""
        chosen = self._answerer.choose(question)
        return self._notices[chosen.best.notice] if chosen.passages else None

    def leans_on_topic(self, text: str) -> bool:
        """Whether a message is understood only together with the turn before."""
        return self._leans(understand(text))

    def in_force(self) -> tuple[Notice, ...]:
        """Notices that bind today."""
        return tuple(n for n in self._notices if in_force(n, self._today))


def name_in_head(notice: Notice) -> Citation | None:
    """The notice's name as its head writes it; None where the head writes none."""
    head = notice.clause(HEAD)
    names = (notice.title, *_TITLED.findall(notice.title), notice.number)
    name = next((n for n in names if head is not None and n and n in head.text), None)
    return None if head is None or name is None else cite(notice, head, name)


def _not_in_force(notice: Notice, part: Part) -> Part:
    cited = name_in_head(notice)
    if cited is None:
        return part.led_by(phrase("ended"), Kind.PARTIAL, Reason.NOT_IN_FORCE)
    lead = phrase("ended_named", name=cited.quote)
    part = part.led_by(lead, Kind.PARTIAL, Reason.NOT_IN_FORCE)
    return replace(part, citations=(*part.citations, cited))


def _searched(notices: Sequence[Notice], day: date) -> tuple[Notice, ...]:
    """The latest version of each notice in force; where none is, of each notice there is."""
    binding = [n for n in notices if in_force(n, day)] or list(notices)
    latest: dict[str, Notice] = {}
    for notice in binding:
        known = latest.get(notice.number)
        if known is None or known.version < notice.version:
            latest[notice.number] = notice
    return tuple(latest.values())


def _elsewhere(matter: str, offices: str) -> str:
    """That other rules settle it, by the name that the question gives it, if any."""
    if matter:
        return phrase("other_rules_named", matter=matter, offices=offices)
    return phrase("other_rules", offices=offices)


def _fixed(key: str, kind: Kind, reason: Reason | None = None, **words: str) -> Part:
    text = phrase(key, **words)
    return Part(text, for_the_ear(text), kind, reason)


def _reply(part: Part, question: str, topic: Topic | None) -> Reply:
    first = part.citations[0] if part.citations else None
    choices: tuple[Choice, ...] = ()
    if first is not None:
        choices = (Choice(phrase("more"), phrase("more")), Choice(phrase("next"), phrase("next")))
        topic = Topic(question, first.document, first.clause)
    elif part.kind is Kind.SAFETY:
        choices = (Choice(phrase("human"), phrase("human")),)
    speech = part.speech if part.speech != part.text else None
    return Reply(part.text, part.kind, part.reason, part.citations, speech, choices, topic)


def _portions(quotes: Sequence[str]) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    for quote in quotes:
        if pieces[-1] and sum(map(len, pieces[-1])) + len(quote) > PORTION:
            pieces.append([])
        pieces[-1].append(quote)
    return pieces


__all__ = ["PolicyEngine", "closed"]
