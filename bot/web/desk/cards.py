"""Script cards: a verified answer with its clause, what must be said, what must not be promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import yaml

from core.ports import PolicyAnswerer
from core.values import Citation, Kind, Reply, Topic
from policy.model import Clause, Notice

RULES = Path(__file__).parent / "cards.zh.yml"
LONGEST_QUESTION = 200
_TOLD = (Kind.ANSWER, Kind.PARTIAL, Kind.CORRECTION)


# By identity: comparing two libraries would compare every sentence of every notice.
@dataclass(frozen=True, eq=False)
class Library:
    """The notices of one day, and what answers from them."""

    engine: PolicyAnswerer
    notices: tuple[Notice, ...]

    def clause(self, document: str, path: str) -> Clause | None:
        notice = next((n for n in self.notices if n.number == document), None)
        return None if notice is None else notice.clause(path)


class Libraries(Protocol):
    def current(self) -> Library:
        """Today's. May block. Raises StoreUnavailable."""
        ...


@dataclass(frozen=True)
class ClauseShown:
    """A clause as the card shows it: whole, with the quotes to mark."""

    clause: Clause
    citation: Citation
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    question: str
    reply: Reply
    clauses: tuple[ClauseShown, ...]
    departments: tuple[str, ...]
    shared: tuple[str, ...]
    """Who else is responsible by a general rule."""
    must: tuple[str, ...]
    never: tuple[str, ...]
    related: tuple[str, ...]
    topic: Topic | None


class CardMaker:
    """From what is typed to a card. Everything on it comes from a clause or from cards.zh.yml."""

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        self._rules: Mapping[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
        self._related = lru_cache(maxsize=512)(self._find_related)

    def card(self, question: str, topic: Topic | None = None) -> Card | None:
        """None for an empty question. Raises StoreUnavailable."""
        question = question.strip()[:LONGEST_QUESTION]
        if not question:
            return None
        library = self._libraries.current()
        reply = library.engine.ask(question, topic=topic)
        shown = tuple(_shown(reply, library))
        facts = [s for s in shown if s.clause.departments or reply.kind in _TOLD]
        departments = tuple(dict.fromkeys(d for s in facts for d in s.clause.departments))
        shared = tuple(dict.fromkeys(d for s in facts for d in s.clause.shared_departments))
        related: list[str] = []
        for each in shown[:2]:
            found = self._related(library, each.citation.document, each.clause.path)
            related += [q for q in found if q not in related and q != question]
        return Card(
            question=question,
            reply=reply,
            clauses=shown,
            departments=departments,
            shared=shared,
            must=tuple(dict.fromkeys(self._must(reply, shown))),
            never=tuple(dict.fromkeys(self._never(reply, shown))),
            related=tuple(related[: self._rules["most_related"]]),
            topic=reply.topic,
        )

    def warm(self) -> None:
        """What the first keystroke of a day would wait for. Raises StoreUnavailable."""
        library = self._libraries.current()
        for notice in library.notices:
            for clause in notice.clauses:
                self._related(library, notice.number, clause.path)

    def _must(self, reply: Reply, shown: tuple[ClauseShown, ...]) -> Iterator[str]:
        rules = self._rules["must"]
        yield from self._by(reply, "must")
        hedges, conditions = _hedges(shown), _conditions(shown)
        if hedges:
            yield rules["hedges"].format(words="”“".join(hedges))
        if conditions:
            yield rules["conditions"].format(words="”“".join(conditions))
        for each in shown:
            if each.clause.deadline and any(each.clause.deadline in q for q in each.quotes):
                yield rules["deadline"].format(deadline=each.clause.deadline)

    def _never(self, reply: Reply, shown: tuple[ClauseShown, ...]) -> Iterator[str]:
        rules = self._rules["never"]
        yield from self._by(reply, "never")
        hedges = _hedges(shown)
        if hedges:
            yield rules["hedges"].format(words="”“".join(hedges))
        if _conditions(shown):
            yield rules["conditions"]
        if any(each.clause.departments and not each.clause.lead for each in shown):
            yield rules["no_lead"]
        if any(s.name in q for each in shown for s in each.clause.supports for q in each.quotes):
            yield rules["no_figure"]
        if reply.kind is not Kind.SAFETY:
            yield rules["always"]

    def _by(self, reply: Reply, what: str) -> Iterator[str]:
        if reply.reason and reply.reason.value in self._rules[f"{what}_by_reason"]:
            yield self._rules[f"{what}_by_reason"][reply.reason.value]
        if reply.kind and reply.kind.value in self._rules[f"{what}_by_kind"]:
            yield self._rules[f"{what}_by_kind"][reply.kind.value]

    def _find_related(self, library: Library, document: str, path: str) -> tuple[str, ...]:
        """Questions about the clause to which the engine has an answer that cites it."""
        clause = library.clause(document, path)
        if clause is None or not clause.title or clause.title == clause.path:
            return ()
        found: list[str] = []
        for question, wanted in self._candidates(library, document, clause):
            reply = library.engine.ask(question)
            cited = {c.clause for c in reply.citations}
            if reply.kind is Kind.ANSWER and wanted in cited and question not in found:
                found.append(question)
        return tuple(found)

    def _candidates(
        self, library: Library, document: str, clause: Clause
    ) -> Iterator[tuple[str, str]]:
        words = self._rules["related"]
        if clause.departments:
            yield words["departments"].format(title=clause.title), clause.path
        for target in clause.targets[:4]:
            yield (
                words["target"].format(subject=target.subject, unit=target.unit),
                clause.path,
            )
        for support in clause.supports[:4]:
            yield words["support"].format(support=support.name), clause.path
        if clause.deadline:
            yield words["deadline"].format(title=clause.title), clause.path
        for other in _neighbours(library, document, clause):
            yield words["neighbour"].format(title=other.title), other.path


def _neighbours(library: Library, document: str, clause: Clause) -> Iterator[Clause]:
    notice = next(n for n in library.notices if n.number == document)
    leaves = sorted((c for c in notice.clauses if c.leaf), key=lambda c: c.order)
    at = next((i for i, c in enumerate(leaves) if c.path == clause.path), None)
    for step in (1, -1) if at is not None else ():
        other = leaves[at + step] if 0 <= at + step < len(leaves) else None
        if other is not None and other.title != other.path:
            yield other


def _shown(reply: Reply, library: Library) -> Iterator[ClauseShown]:
    """Each cited clause once, in the order of the citations, with every quote from it."""
    by_clause: dict[tuple[str, str], list[Citation]] = {}
    for citation in reply.citations:
        by_clause.setdefault((citation.document, citation.clause), []).append(citation)
    for (document, path), cited in by_clause.items():
        clause = library.clause(document, path)
        if clause is not None:
            quotes = tuple(dict.fromkeys(c.quote for c in cited if c.quote))
            yield ClauseShown(clause, cited[0], quotes)


def _hedges(shown: tuple[ClauseShown, ...]) -> tuple[str, ...]:
    """Of the numbers that stand in what is quoted."""
    return tuple(
        dict.fromkeys(
            hedge
            for each in shown
            for target in each.clause.targets
            for hedge in target.hedge
            if any(target.number in q and hedge in q for q in each.quotes)
        )
    )


def _conditions(shown: tuple[ClauseShown, ...]) -> tuple[str, ...]:
    """Of the supports that stand in what is quoted; 可 alone is no condition to say."""
    return tuple(
        dict.fromkeys(
            condition
            for each in shown
            for support in each.clause.supports
            for condition in support.conditions
            if len(condition) > 1 and any(support.name in q and condition in q for q in each.quotes)
        )
    )
