"""Offices named in a question by any of their names. 数智残联 ends in one and is none."""

from __future__ import annotations

from collections.abc import Sequence

from policy.finding.lexicon import Hit, SoundLexicon
from policy.finding.sound_pattern import without
from policy.finding.thesaurus import Thesaurus
from policy.model import Clause


class Offices:
    """Finds offices in what was said. Labels are the ends of their full names."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        terms = list(thesaurus.office_terms())
        names = {word for word, _ in terms}
        # A matter whose name holds an office's is the longer match, and so keeps it from being one.
        matters = [
            (word, "")
            for word, _ in thesaurus.terms()
            if word not in names and any(name in word for name in names)
        ]
        self._lexicon = SoundLexicon([*terms, *matters], least_by_sound=3)

    def hits(self, text: str) -> list[Hit]:
        return [h for h in self._lexicon.find(text) if h.label]

    def named(self, text: str) -> list[str]:
        """Offices named, by characters or by sound."""
        return list(dict.fromkeys(h.label for h in self.hits(text)))

    def written(self, text: str) -> list[str]:
        """Offices named by their very characters."""
        return list(dict.fromkeys(h.label for h in self.hits(text) if h.exact))

    def set_aside(self, text: str) -> str:
        """`text` with the offices blanked out."""
        return without(text, [(h.start, h.end) for h in self.hits(text)])


def lists(clause: Clause, offices: Sequence[str]) -> bool:
    """The clause names all these offices among those responsible."""
    return all(any(o in d for d in clause.departments) for o in offices)
