"""A name from digits: the pinyin of each character on the keys, then one of the candidates."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.spoken.explaining import explain, explain_name
from core.spoken.keypad_names import characters_for, surnames_for

PAGE = 7
"""Candidates that are read out at once; 9 reads the next ones."""
MORE = "9"


@dataclass(frozen=True)
class Told:
    """A phrase to be said, with what is filled in."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Spelling:
    name: str = ""
    digits: str = ""
    """Keys of the character that is being entered."""
    offered: tuple[str, ...] = ()
    """Candidates from the one under key 1 on; empty while digits are entered."""
    over: bool = False
    """The name is whole, or given up where it is empty."""

    def press(self, key: str) -> Spelling:
        """After a digit, # or *; 0 changes nothing and lets everything be said again."""
        if key == "0":
            return self
        return self._choose(key) if self.offered else self._enter(key)

    def _choose(self, key: str) -> Spelling:
        if key == "*":
            return Spelling(self.name)
        if key == MORE and len(self.offered) > PAGE:
            return replace(self, offered=self.offered[PAGE:])
        at = int(key) if key.isdigit() else 0
        if 1 <= at <= min(PAGE, len(self.offered)):
            return Spelling(self.name + self.offered[at - 1])
        return self

    def _enter(self, key: str) -> Spelling:
        if key == "*":
            if self.digits:
                return Spelling(self.name)
            return Spelling(self.name[:-1], over=not self.name)
        if key == "#" and not self.digits:
            return replace(self, over=len(self.name) > 1)
        if key == "#":
            find = characters_for if self.name else surnames_for
            return Spelling(self.name, offered=find(self.digits))
        return replace(self, digits=self.digits + key) if key in "23456789" else self

    def told(self, before: Spelling, key: str) -> tuple[Told, ...]:
        """What is said after `key` was pressed."""
        if self == before and key not in "0#":
            return (Told("no_such_choice"),)
        if self.offered:
            return self._candidates()
        if self.digits and key != "0":
            return (Told("digit", (("digit", key),)),)
        nothing = before.digits and key == "#"
        return (*((Told("no_such_character"),) if nothing else ()), *self._asking())

    def _candidates(self) -> tuple[Told, ...]:
        shown = [self._explained(name) for name in self.offered[:PAGE]]
        offers = [
            Told("choice", (("number", str(at)), ("label", told)))
            for at, told in enumerate(shown, 1)
        ]
        more = [Told("spell_more")] if len(self.offered) > PAGE else []
        return (*offers, *more, Told("spell_none_of_these"))

    def _explained(self, candidate: str) -> str:
        if self.name:
            return explain(candidate) or candidate
        return "，".join(explain_name(candidate))

    def _asking(self) -> tuple[Told, ...]:
        if not self.name:
            return (Told("spell_surname"),)
        return (Told("spell_so_far", (("name", self.name),)), Told("spell_next"))
