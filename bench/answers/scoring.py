"""Deterministic scores of one reply against its gold: no judge but the notice's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.values import Reply
from policy.answering.referrals import configured_numbers

_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Score:
    clause: bool
    content: bool
    hedge: bool
    handled: bool
    """Kind (and reason, where the gold names some) are acceptable and nothing forbidden is said."""
    needless: bool
    """It says that something is left out. Wrong where the gold is an answer."""
    invented: tuple[str, ...]
    """Figures and departments in the text that no cited quote holds."""
    referred: int
    """Configured referral numbers in the text."""


def score(item: Mapping[str, Any], reply: Reply, offices: Sequence[str]) -> Score:
    """`item`: a line of bench/questions. `offices`: full names of all departments."""
    text = reply.text
    cited = {c.clause for c in reply.citations}
    everything = set(item.get("clauses_all") or ())
    clause = bool(cited & set(item["clause"])) and everything <= cited
    content = all(any(a in text for a in group) for group in item["must"])
    forbidden = any(word in text for word in item["must_not"])
    kind = reply.kind.value if reply.kind else None
    reasons = item.get("reason")
    reason_right = not reasons or reply.reason is None or reply.reason.value in reasons
    quotes = "\n".join(f"{c.quote}\n{c.title}" for c in reply.citations)
    figures = set(_FIGURE.findall(text))
    invented = [f for f in figures if f not in set(_FIGURE.findall(quotes))]
    referred = [f for f in invented if f in configured_numbers()]
    invented = [f for f in invented if f not in configured_numbers()]
    invented += [o for o in offices if o in text and o not in quotes]
    return Score(
        clause,
        content and not forbidden,
        all(h in text for h in item["hedge"]),
        kind in item["kind"] and not forbidden and reason_right,
        kind in ("partial", "abstain"),
        tuple(invented),
        len(referred),
    )
