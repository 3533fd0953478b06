"""Whom to ask and whom to call: configuration with a source and a date, never a notice's words."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from policy.finding.thesaurus import load_data


@lru_cache(maxsize=1)
def _referrals() -> dict[str, Any]:
    data: dict[str, Any] = load_data("referrals.yml")
    return data


def checked_on() -> date:
    """When somebody last made sure of these numbers."""
    day: date = _referrals()["checked"]
    return day


def hotlines() -> str:
    """Hotlines by number and name, for a person who asks for a phone number."""
    lines = _referrals()["hotlines"].values()
    return "、".join(f"{line['number']}（{line['name']}）" for line in lines)


def emergency() -> str:
    """Emergency numbers, for a person in danger."""
    return "、".join(f"{e['number']}（{e['name']}）" for e in _referrals()["emergency"])


def local_office() -> str:
    return str(_referrals()["local_office"])


def configured_numbers() -> frozenset[str]:
    """Numbers that may stand in a reply though no notice names them."""
    data = _referrals()
    return frozenset(
        [e["number"] for e in data["emergency"]]
        + [line["number"] for line in data["hotlines"].values()]
    )
