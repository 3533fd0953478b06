"""The messengers' own sentences: data in phrases.zh.yml, not in code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.values import Choice


@dataclass(frozen=True)
class Phrases:
    sentences: dict[str, str]
    menu: tuple[Choice, ...]
    offer_choices: tuple[Choice, ...]
    orders: dict[str, str]
    """What a person writes, without punctuation → the name of the order."""
    referral: str = ""

    def say(self, name: str, **facts: Any) -> str:
        return self.sentences[name].format(referral=self.referral, **facts)


def load_phrases(referral: str = "") -> Phrases:
    path = Path(__file__).parent / "phrases.zh.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Phrases(
        dict(data["phrases"]),
        tuple(Choice(label, payload) for label, payload in data["menu"]),
        tuple(Choice(label, payload) for label, payload in data["offer_choices"]),
        {said: order for order, words in data["orders"].items() for said in words},
        referral,
    )
