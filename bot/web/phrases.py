"""The gateway's own sentences: data in phrases.zh.yml, not in code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Phrases:
    examples: tuple[str, ...]
    troubles: dict[str, str]
    passed_on: str
    """What is answered while a person of the staff has the conversation."""
    reasons: dict[str, str]
    """Why an answer did not help, by code."""
    referral: str = field(default="")
    """Whom to turn to instead; empty unless configured, for nothing may be invented."""

    def trouble(self, code: str, **facts: Any) -> str:
        """The sentence for a machine code. An unknown code gets the general apology."""
        sentence = self.troubles.get(code, self.troubles["error"])
        return sentence.format(referral=self.referral, **facts)


def load_phrases(referral: str = "") -> Phrases:
    path = Path(__file__).parent / "phrases.zh.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Phrases(
        examples=tuple(data["examples"]),
        troubles=dict(data["troubles"]),
        passed_on=data["passed_on"],
        reasons=dict(data["reasons"]),
        referral=referral,
    )
