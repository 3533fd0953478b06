"""The thesaurus: which everyday words lead to which words of a notice. It is data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"


def load_data(name: str) -> Any:
    """A YAML file of policy/data."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Concept:
    """Words of notices and what people say for them."""

    label: str
    notice: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True)
class Thesaurus:
    concepts: tuple[Concept, ...]
    offices: Mapping[str, tuple[str, ...]]
    """The end of an office's full name, and what people call it."""

    def held_by(self, text: str) -> list[Concept]:
        """Concepts whose notice words stand in `text`."""
        begun = self._by_beginning
        held: set[int] = set()
        for at in range(len(text)):
            for word, number in begun.get(text[at : at + 2], ()):
                if number not in held and text.startswith(word, at):
                    held.add(number)
            for _, number in begun.get(text[at], ()):
                held.add(number)
        return [self.concepts[number] for number in sorted(held)]

    @cached_property
    def _by_beginning(self) -> dict[str, list[tuple[str, int]]]:
        """Notice words and their concept's position, by their first two characters."""
        found: dict[str, list[tuple[str, int]]] = {}
        for number, concept in enumerate(self.concepts):
            for word in concept.notice:
                found.setdefault(word[:2], []).append((word, number))
        return found

    def terms(self) -> Iterable[tuple[str, str]]:
        """(word, concept) of every word, for a lexicon."""
        for concept in self.concepts:
            for word in dict.fromkeys(concept.notice + concept.people):
                yield word, concept.label

    def office_terms(self) -> Iterable[tuple[str, str]]:
        """(word, full name's end) of every way to call an office."""
        for name, aliases in self.offices.items():
            for word in dict.fromkeys((name, *aliases)):
                yield word, name


@lru_cache(maxsize=1)
def load_thesaurus() -> Thesaurus:
    data = load_data("thesaurus.yml")
    concepts = tuple(
        Concept(entry["notice"][0], tuple(entry["notice"]), tuple(entry["people"]))
        for entry in data["concepts"]
    )
    offices = {entry["notice"]: tuple(entry["people"]) for entry in data["offices"]}
    return Thesaurus(concepts, offices)
