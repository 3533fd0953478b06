"""What changed from one notice or version to another: clauses and facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from policy.model import Clause, Notice
from policy.reading.numbering import leading_number

_FACTS = (
    "departments shared_departments lead audiences deadline targets supports obligations events"
).split()
_HEAD = (
    "number title issuer issued region effective expires repealed abridged defers_to repeals"
).split()


@dataclass(frozen=True)
class FactChange:
    fact: str
    """targets, departments, deadline…"""
    removed: tuple[Any, ...]
    added: tuple[Any, ...]


@dataclass(frozen=True)
class ClauseChange:
    change: str
    """added, removed, changed or moved (the same words under another number)."""
    path: str
    """In the new notice; in the old one for what was removed."""
    old_path: str
    title: str
    old_text: str
    new_text: str
    facts: tuple[FactChange, ...]


@dataclass(frozen=True)
class Difference:
    head: dict[str, tuple[Any, Any]]
    """Fields of the notice that changed: old and new."""
    clauses: tuple[ClauseChange, ...]


def difference(old: Notice, new: Notice) -> Difference:
    """What changed, in the new notice's order; what was removed stands at the end."""
    head = {
        name: (getattr(old, name), getattr(new, name))
        for name in _HEAD
        if getattr(old, name) != getattr(new, name)
    }
    pairs = _paired(old.clauses, new.clauses)
    before = {c.path: c for c in old.clauses}
    changes: list[ClauseChange] = []
    for clause in new.clauses:
        match = before.get(pairs.get(clause.path, ""))
        change = _change(match, clause)
        if change:
            changes.append(change)
    kept = set(pairs.values())
    changes.extend(_gone(c) for c in old.clauses if c.path not in kept)
    return Difference(head, tuple(changes))


def _paired(old: Sequence[Clause], new: Sequence[Clause]) -> dict[str, str]:
    """New path to old path: the same words first, then the same title, then the same number."""
    pairs: dict[str, str] = {}
    free = {c.path: c for c in old}
    keys = (
        lambda c: (c.path, _words(c)),
        _words,
        lambda c: (c.path, c.title),
        lambda c: ("title", c.title) if c.title else ("path", c.path),
        lambda c: c.path,
    )
    for key in keys:
        index: dict[Any, list[str]] = {}
        for clause in free.values():
            index.setdefault(key(clause), []).append(clause.path)
        for clause in new:
            candidates = index.get(key(clause), [])
            if clause.path not in pairs and candidates:
                pairs[clause.path] = candidates.pop(0)
                free.pop(pairs[clause.path])
    return pairs


def _words(clause: Clause) -> str:
    number = leading_number(clause.text)
    return re.sub(r"\s", "", clause.text[number.length :] if number else clause.text)


def _change(old: Clause | None, new: Clause) -> ClauseChange | None:
    if old is None:
        facts = _facts(None, new)
        return ClauseChange("added", new.path, "", new.title, "", new.text, facts)
    facts = _facts(old, new)
    if _words(old) != _words(new) or facts:
        kind = "changed"
    elif old.path != new.path:
        kind = "moved"
    else:
        return None
    return ClauseChange(kind, new.path, old.path, new.title, old.text, new.text, facts)


def _gone(old: Clause) -> ClauseChange:
    return ClauseChange("removed", old.path, old.path, old.title, old.text, "", _facts(old, None))


def _facts(old: Clause | None, new: Clause | None) -> tuple[FactChange, ...]:
    found: list[FactChange] = []
    for name in _FACTS:
        before, after = _values(old, name), _values(new, name)
        gone = tuple(v for v in before if _key(v) not in {_key(a) for a in after})
        come = tuple(v for v in after if _key(v) not in {_key(b) for b in before})
        if gone or come or [_key(v) for v in before] != [_key(v) for v in after]:
            found.append(FactChange(name, gone, come))
    return tuple(found)


def _values(clause: Clause | None, name: str) -> tuple[Any, ...]:
    value = getattr(clause, name) if clause else ()
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value)


def _key(value: Any) -> Any:
    """A fact without the words around it: a changed neighbour does not change it."""
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(getattr(value, f.name) for f in fields(value) if f.name != "quote")
    return value


def plain(value: Any) -> Any:
    """A changed value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
