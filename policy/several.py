"""Several notices at once: the one that a question is about is found first, then asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.values import Citation, Kind, Reply, Topic
from policy.answering import document
from policy.answering.phrases import phrase
from policy.answering.questions import tidy, understand
from policy.answering.spoken import for_the_ear
from policy.engine import PolicyEngine, name_in_head
from policy.finding.encoder import SentenceEncoder
from policy.model import Notice, begins, in_force
from policy.naming import named_notice

_WHOLE = frozenset({"titles", "county_duty"})
"""Asks that concern a notice as a whole."""
_NATIONAL = ("", "全国")


def policy_engine(
    notices: Sequence[Notice], *, today: date, encoder: SentenceEncoder | None = None
) -> PolicyEngine | SeveralNotices:
    """What answers from `notices` on that day; implements core.ports.PolicyAnswerer."""
    latest = _latest(notices)
    if len(latest) > 1:
        return SeveralNotices(latest, today, encoder)
    return PolicyEngine(latest, today=today, encoder=encoder)


class SeveralNotices:
    """Each notice has an engine of its own, so that another one beside it changes no answer.

    A question that names no notice goes to the one whose sentence suits it best, among those in
    force; a question about “the” document to the one nearest home. Engines are built when they
    are first asked.
    """

    def __init__(
        self, notices: Sequence[Notice], today: date, encoder: SentenceEncoder | None = None
    ) -> None:
        self._encoder = encoder
        self._notices = tuple(notices)
        self._today = today
        self._binding = tuple(n for n in notices if in_force(n, today)) or self._notices
        self._home = max(self._binding, key=_nearness)
        self._all = PolicyEngine(self._binding, today=today, encoder=encoder)
        self._engines: dict[str, PolicyEngine] = {}

    def ask(self, question: str, *, topic: Topic | None = None, kind: str | None = None) -> Reply:
        """A verified reply. Never raises for what a person typed."""
        notice = self._meant(tidy(question), topic)
        if topic is not None and topic.document != notice.number:
            topic = None
        reply = self._engine(notice).ask(question, topic=topic, kind=kind)
        return reply if notice is self._home else _from(notice, reply)

    def detail(self, topic: Topic, portion: int = 0) -> Reply:
        """The topic's clause word for word, from its portion on."""
        return self._engine(self._of(topic)).detail(topic, portion)

    def neighbour(self, topic: Topic, step: int) -> Reply:
        """The clause `step` places after (or before) the topic's, in its own notice."""
        return self._engine(self._of(topic)).neighbour(topic, step)

    def nearest(self, question: str) -> Citation | None:
        """The sentence of any notice in force that comes nearest; None where nothing does."""
        return self._all.nearest(question)

    def in_force(self) -> tuple[Notice, ...]:
        """Notices that bind today."""
        return self._all.in_force()

    def _engine(self, notice: Notice) -> PolicyEngine:
        engine = self._engines.get(notice.number)
        if engine is None:
            engine = PolicyEngine([notice], today=self._today, encoder=self._encoder)
            self._engines[notice.number] = engine
        return engine

    def _meant(self, text: str, topic: Topic | None) -> Notice:
        named = named_notice(text, self._notices)
        if named is not None:
            return named
        before = self._of(topic) if topic is not None else None
        if before is not None and self._engine(before).leans_on_topic(text):
            return before
        question = understand(text)
        if document.facets(text) or question.asks & _WHOLE:
            return before or self._home
        found = self._all.best_notice(question)
        return self._home if found is None else found

    def _of(self, topic: Topic | None) -> Notice:
        number = topic.document if topic is not None else ""
        return next((n for n in self._notices if n.number == number), self._home)


def _latest(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    latest: dict[str, Notice] = {}
    for notice in notices:
        known = latest.get(notice.number)
        if known is None or known.version < notice.version:
            latest[notice.number] = notice
    return tuple(latest.values())


def _nearness(notice: Notice) -> tuple[bool, int, date]:
    """A region's notice before one of the whole country, then the one that settles more."""
    return notice.region not in _NATIONAL, len(notice.clauses), begins(notice)


def _from(notice: Notice, reply: Reply) -> Reply:
    """The reply with the notice named, so that ears know it too; the name is cited."""
    if not reply.citations or reply.kind in (Kind.SAFETY, Kind.OUT_OF_SCOPE):
        return reply
    cited = name_in_head(notice)
    if cited is None or cited.quote in reply.text:
        return reply
    lead = phrase("from_notice", name=cited.quote)
    speech = for_the_ear(lead) + (reply.speech or for_the_ear(reply.text))
    return replace(
        reply, text=lead + reply.text, speech=speech, citations=(*reply.citations, cited)
    )
