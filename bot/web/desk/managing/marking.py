"""What was read from a notice, and what differs between two, as pages show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup, escape

from policy.model import Clause, Event, Obligation, Support, Target
from policy.reading.differences import ClauseChange

_FACTS = (
    "targets", "supports", "obligations", "events", "deadline", "audiences", "departments",
    "shared_departments", "lead",
)  # fmt: skip
_UNITS = re.compile(r"\d[\d.]*|\D")
"""A number changes as a whole: 900 for 800 is not one digit."""
LONGEST_COMPARED = 4000
"""Characters: longer texts are shown whole, without marks."""


@dataclass(frozen=True)
class ShownChange:
    change: ClauseChange
    old: Markup
    new: Markup
    facts: tuple[tuple[str, list[str], list[str]], ...]
    """Name, what goes and what comes."""


def fact_rows(clause: Clause) -> list[tuple[str, list[str]]]:
    """Name and values of every kind of fact that the clause has."""
    rows = []
    for name in _FACTS:
        value = getattr(clause, name)
        shown = [value] if isinstance(value, str) and value else list(map(shown_fact, value))
        if shown:
            rows.append((name, shown))
    return rows


def shown_fact(value: Any) -> str:
    """A fact in the notice's own words and order."""
    if isinstance(value, Target):
        words = (value.subject, "、".join(value.hedge), f"{value.number}{value.unit}")
        return "｜".join(w for w in (*words, value.deadline) if w)
    if isinstance(value, Support):
        words = (value.name, "、".join(value.conditions), "、".join(value.audience))
        return "｜".join(w for w in words if w)
    if isinstance(value, Obligation):
        return f"{value.subject}｜{value.modal}｜{value.quote}"
    if isinstance(value, Event):
        return "｜".join(w for w in (value.name, value.when) if w)
    return str(value)


def head_rows(head: dict[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    return [(name, _plain(old), _plain(new)) for name, (old, new) in head.items()]


def changed_clauses(changes: Iterable[ClauseChange]) -> list[ShownChange]:
    shown = []
    for change in changes:
        old, new = marked_pair(change.old_text, change.new_text)
        facts = tuple(
            (fact.fact, list(map(shown_fact, fact.removed)), list(map(shown_fact, fact.added)))
            for fact in change.facts
            if fact.removed or fact.added
        )
        shown.append(ShownChange(change, old, new, facts))
    return shown


def marked_pair(old: str, new: str) -> tuple[Markup, Markup]:
    """Both texts, escaped, with what only one of them has in <del> or <ins>."""
    if not (old and new) or len(old) + len(new) > LONGEST_COMPARED:
        return escape(old), escape(new)
    was, now = _UNITS.findall(old), _UNITS.findall(new)
    steps = list(SequenceMatcher(None, was, now, autojunk=False).get_opcodes())
    gone = (("".join(was[a:b]), "del" if step != "equal" else "") for step, a, b, _, _ in steps)
    come = (("".join(now[c:d]), "ins" if step != "equal" else "") for step, _, _, c, d in steps)
    return Markup("").join(_pieces(gone)), Markup("").join(_pieces(come))


def _pieces(parts: Iterable[tuple[str, str]]) -> Iterator[Markup]:
    for text, tag in parts:
        if text:
            around = Markup("<{0}>{1}</{0}>") if tag else Markup("{1}")
            yield around.format(Markup(tag), text)  # noqa: S704 - del or ins, from above


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return "" if value is None else str(value)
