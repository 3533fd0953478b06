"""The sentences around what a notice says. They are data, so a reader of no code can mend them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from policy.finding.thesaurus import load_data


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Any]:
    data: dict[str, Any] = load_data("phrases.yml")
    return data


def phrase(key: str, **words: str) -> str:
    """The sentence of policy/data/phrases.yml; `silent.amount` reaches into a group."""
    found: Any = _phrases()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**words)
