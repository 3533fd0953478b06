"""Which of a recogniser's readings is meant: the one that the model understands best."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Parse = Callable[[str], Awaitable[Mapping[str, Any]]]
"""A sentence to what Rasa makes of it."""

_SURE = 0.5
"""Confidence of the intent from which the recogniser's own first reading stands unasked."""
_BETTER_BY = 0.15
"""Another reading has to be understood so much better: only the recogniser heard it."""
_MOST = 3
_LEAST_CHARACTERS = 4
"""Shorter answers are names and numbers, which no intent understands."""
_LONGEST = 200


async def best_understood(text: str, alternatives: object, parse: Parse) -> str:
    """`text`, or the alternative that is understood clearly better."""
    others = _usable(text, alternatives)
    if not others:
        return text
    first = _confidence(await parse(text))
    if first >= _SURE:
        return text
    best, most = text, first + _BETTER_BY
    for other in others:
        confidence = _confidence(await parse(other))
        if confidence >= most:
            best, most = other, confidence
    return best


def _usable(text: str, alternatives: object) -> list[str]:
    if not isinstance(alternatives, list) or not _LEAST_CHARACTERS <= len(text) <= _LONGEST:
        return []
    words = [a for a in alternatives if isinstance(a, str) and 0 < len(a) <= _LONGEST]
    return [a for a in dict.fromkeys(words) if a != text][:_MOST]


def _confidence(parsed: Mapping[str, Any]) -> float:
    intent = parsed.get("intent") or {}
    if intent.get("name") in (None, "", "nlu_fallback"):
        return 0.0
    return float(intent.get("confidence") or 0.0)
