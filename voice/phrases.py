"""What the terminal says and understands by itself, read from voice/data, never from code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from core.errors import ConfigurationError

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class MenuItem:
    key: str
    """One digit."""
    label: str
    send: str = ""
    """What goes to the dialogue, or empty."""
    command: str = ""
    """A local command, or empty."""


@dataclass(frozen=True)
class Phrases:
    """One language's phrases. Source: voice/data/phrases.<language>.yml."""

    language: str
    sentences: dict[str, str]
    parts: dict[str, str]
    commands: dict[str, tuple[str, ...]]
    fillers: tuple[str, ...]
    agree: tuple[str, ...]
    refuse: tuple[str, ...]
    agree_text: str
    """What the # key says to the dialogue after a question for yes or no."""
    refuse_text: str
    digits: tuple[str, ...]
    """0 to 9 as they are announced."""
    ordinals: tuple[str, ...]
    """How one of several is picked, with {} for the digit."""
    expects: dict[str, tuple[str, ...]]
    menu: tuple[MenuItem, ...]
    numbers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Other ways to pick the first, the second … of several."""
    digit_words: dict[str, str] = field(default_factory=dict)
    """Words of a dictated number, other than Mandarin ones, with their figures."""
    sayings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What goes to the dialogue in Mandarin, with what is said for it in this language."""

    wake: tuple[str, ...] = ()
    """What it is called by, while it sleeps."""

    @property
    def closed(self) -> bool:
        """Whether only these phrases are understood: the dialogue knows Mandarin alone."""
        return self.language != "zh"

    def say(self, key: str, **values: object) -> str:
        """Raises KeyError for a phrase that is not in the file."""
        return self.sentences[key].format(**values)

    def grammar(self) -> tuple[str, ...]:
        """Every closed phrase, for a recogniser that is told what to expect."""
        groups = (*self.commands.values(), *self.numbers.values(), *self.sayings.values())
        phrases = [phrase for said in groups for phrase in said]
        labels = [item.label for item in self.menu]
        return tuple(dict.fromkeys([*phrases, *self.agree, *self.refuse, *labels, *self.wake]))


def load_phrases(language: str) -> Phrases:
    """Raises ConfigurationError where the language has no file."""
    file = _DATA / f"phrases.{language}.yml"
    if not file.exists():
        raise ConfigurationError(f"MINGLU_VOICE_LANGUAGE={language!r} has no phrases")
    body: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Phrases(
        language=language,
        sentences=body["say"],
        parts=body["parts"],
        commands={name: tuple(said) for name, said in body["commands"].items()},
        fillers=tuple(body["fillers"]),
        agree=tuple(body["agree"]),
        refuse=tuple(body["refuse"]),
        agree_text=body["agree_text"],
        refuse_text=body["refuse_text"],
        digits=tuple(body["digits"]),
        ordinals=tuple(body["ordinals"]),
        expects={name: tuple(found) for name, found in body["expects"].items()},
        menu=tuple(MenuItem(**item) for item in body["menu"]),
        wake=tuple(body.get("wake", ())),
        numbers={int(n): tuple(said) for n, said in body.get("numbers", {}).items()},
        digit_words={str(w): str(f) for w, f in body.get("digit_words", {}).items()},
        sayings={sent: tuple(said) for sent, said in body.get("sayings", {}).items()},
    )


def load_respellings(language: str) -> dict[str, str]:
    """Words a voice misreads and how to write them for it; empty where none is known."""
    file = _DATA / f"respellings.{language}.yml"
    if not file.exists():
        return {}
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return words


def bare(text: str) -> str:
    """Without white space and punctuation, for comparing."""
    return re.sub(r"[\W_]+", "", text)
