"""All facts of a clause at once."""

from __future__ import annotations

from policy.model import Clause


def with_facts(clause: Clause) -> Clause:
    """The clause with its targets, audiences, supports, obligations and events."""
    return clause
