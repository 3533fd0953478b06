"""What the terminal says to people: data in phrases.zh.yml, not in code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Phrases:
    warm_up: str
    examples: tuple[str, ...]
    greeting: str
    farewell: str
    apology: str
    exit_words: tuple[str, ...]


def load_phrases() -> Phrases:
    data = yaml.safe_load((Path(__file__).parent / "phrases.zh.yml").read_text(encoding="utf-8"))
    return Phrases(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    )
