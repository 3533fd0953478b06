"""Notices and clauses as rows and back; what is read equals what was written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from policy.model import Clause, Event, Notice, Obligation, Support, Target

_FACTS = {"targets": Target, "supports": Support, "obligations": Obligation, "events": Event}
_PLAIN = (
    "shared_departments departments_quote shared_quote shared_path lead lead_quote lead_path "
    "audiences deadline"
).split()


def notice_values(notice: Notice) -> dict[str, Any]:
    """Columns of the table `notices` that the notice itself fills."""
    plain = ("number", "version", "title", "issuer", "issued", "region", "effective", "expires")
    return {name: getattr(notice, name) for name in plain} | {
        "repealed": notice.repealed,
        "abridged": notice.abridged,
        "defers_to": _dumps(notice.defers_to),
        "repeals": _dumps(notice.repeals),
        "sha256": notice.sha256,
        "text": notice.text,
    }


def clause_values(notice_id: int, clause: Clause) -> dict[str, Any]:
    """One row of the table `notice_clauses`."""
    facts: dict[str, Any] = {name: getattr(clause, name) for name in _PLAIN}
    for name in _FACTS:
        facts[name] = [asdict(fact) for fact in getattr(clause, name)]
    return {
        "notice_id": notice_id,
        "position": clause.order,
        "path": clause.path,
        "title": clause.title,
        "parent": clause.parent,
        "leaf": clause.leaf,
        "text": clause.text,
        "departments": _dumps(clause.departments),
        "facts": _dumps({name: value for name, value in facts.items() if value}),
    }


def clause_from(row: Mapping[str, Any]) -> Clause:
    """The inverse of `clause_values`."""
    facts = json.loads(row["facts"])
    fields: dict[str, Any] = {}
    for name, value in facts.items():
        if name in _FACTS:
            fields[name] = tuple(_FACTS[name](**_tupled(fact)) for fact in value)
        else:
            fields[name] = tuple(value) if isinstance(value, list) else value
    return Clause(
        path=row["path"],
        title=row["title"],
        text=row["text"],
        order=row["position"],
        parent=row["parent"],
        leaf=bool(row["leaf"]),
        departments=tuple(json.loads(row["departments"])),
        **fields,
    )


def notice_from(row: Mapping[str, Any], clauses: Sequence[Clause]) -> Notice:
    """The inverse of `notice_values`, with its clauses."""
    plain = ("number", "version", "title", "issuer", "issued", "region", "effective", "expires")
    return Notice(
        **{name: row[name] for name in plain},
        repealed=row["repealed"],
        abridged=bool(row["abridged"]),
        defers_to=tuple(json.loads(row["defers_to"])),
        repeals=tuple(json.loads(row["repeals"])),
        sha256=row["sha256"],
        text=row["text"],
        clauses=tuple(clauses),
    )


def _tupled(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in fact.items()}


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
