"""The index over clauses and sentences: characters, sound, concepts and, where there, meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from core.spoken.pinyin import HAN, syllables
from policy.finding.adaptation import Adaptation
from policy.finding.bm25 import Bm25
from policy.finding.encoder import SentenceEncoder
from policy.finding.lexicon import SoundLexicon
from policy.finding.passages import Passage, passages_of
from policy.finding.thesaurus import Concept, Thesaurus
from policy.finding.tokens import (
    CHARACTERS,
    SOUNDS,
    Tokeniser,
    character_tokens,
    incidence,
    sound_tokens,
)
from policy.model import Clause, Notice

Floats = npt.NDArray[np.float32]

ENCODED_AT_MOST = 3000
"""Passages up to which the encoder is used: beyond, adding a notice would take too long."""


VIEWS = (
    "characters",
    "sound",
    "concepts",
    "clause characters",
    "clause sound",
    "clause concepts",
    "meaning",
)
"""How a question is held against passages, and against the whole clauses they stand in."""


@dataclass(frozen=True)
class Evidence:
    """What a search saw. Arrays have one value per passage."""

    views: Mapping[str, Floats]
    """z-scores by view of VIEWS; one that was not looked through is absent."""
    concepts: Counter[str]
    """Concepts heard in the question."""
    raw: Floats
    """Unscaled BM25 of characters and sound, per passage: how much of the question is there."""
    likeness: Floats | None = None
    """How near the sentence encoder finds question and passage; None where it did not look."""
    vector: Floats | None = None
    """The encoder's vector of the question."""

    def weighed(self, weights: Mapping[str, float]) -> Floats:
        """Scores of every passage; higher is better, comparable within one search only."""
        total = np.zeros(len(self.raw), np.float32)
        for name, values in self.views.items():
            total += weights.get(name, 0.0) * values
        return total


class PassageIndex:
    """Finds passages. Built once per set of notices; a search takes milliseconds."""

    def __init__(
        self,
        notices: Sequence[Notice],
        thesaurus: Thesaurus,
        encoder: SentenceEncoder | None = None,
        adaptation: Adaptation | None = None,
    ) -> None:
        self.passages = passages_of(notices)
        self._thesaurus = thesaurus
        self._lexicon = SoundLexicon(thesaurus.terms())
        self._clause_of, clause_count = _clause_numbers(self.passages)
        held = [self._concepts_of(p) for p in self.passages]
        clause_held = [Counter[str]() for _ in range(clause_count)]
        for number, concepts in zip(self._clause_of, held, strict=True):
            clause_held[number].update(c.label for c in concepts)
        self._concepts = Bm25.of([Counter(c.label for c in h) for h in held], b=0.2)
        self._clause_concepts = Bm25.of(clause_held, b=0.2)
        texts = [_expanded(p, concepts) for p, concepts in zip(self.passages, held, strict=True)]
        numbers: dict[str, int] = {}
        parts = [[numbers.setdefault(t, len(numbers)) for t in texts_of] for texts_of in texts]
        stands_in = incidence(parts, len(numbers))
        belongs = incidence(([n] for n in self._clause_of), clause_count).T.tocsr()
        self._characters, self._clause_characters = _both(
            CHARACTERS, list(numbers), stands_in, belongs
        )
        self._sounds, self._clause_sounds = _both(SOUNDS, list(numbers), stands_in, belongs)
        self._said: dict[int, list[str]] = {}
        for passage, text in zip(self.passages, texts, strict=True):
            self._said.setdefault(id(passage.clause), []).extend(text)
        homes: dict[str, set[str]] = {}
        for passage, concepts in zip(self.passages, held, strict=True):
            for concept in concepts:
                homes.setdefault(concept.label, set()).add(passage.clause.path)
        self._homes = {label: frozenset(paths) for label, paths in homes.items()}
        self._encoder = encoder if len(self.passages) <= ENCODED_AT_MOST else None
        self._vectors = None
        if self._encoder:
            vectors = self._encoder.encode([p.quote for p in self.passages])
            self._vectors = adaptation.turned(vectors) if adaptation else vectors

    def heard(self, question: str) -> Counter[str]:
        """Concepts named in the question, by characters (1) or only by sound (0.7)."""
        heard: Counter[str] = Counter()
        for hit in self._lexicon.find(question, overlapping=True):
            length = sum(1 for c in hit.term if HAN.match(c) or c.isalnum())
            worth = (1.0 if hit.exact else 0.7) * min(1.0, 0.4 + 0.2 * length)
            heard[hit.label] = max(heard[hit.label], worth)  # type: ignore[assignment]
        return heard

    def sounds_of(self, clause: Clause) -> str:
        """Folded syllables of a clause and of the everyday words that lead to it."""
        said = self._said.get(id(clause))
        return "" if said is None else " " + " ".join(syllables("".join(said))) + " "

    def homes(self, label: str) -> frozenset[str]:
        """Paths of the clauses that hold the concept."""
        return self._homes.get(label, frozenset())

    def telling(self, label: str) -> bool:
        """The concept stands in few enough passages to be a topic."""
        return label in self._concepts and self._concepts.frequency(label) <= max(
            4, len(self.passages) // 10
        )

    @property
    def meant(self) -> bool:
        """A sentence encoder is there to look through."""
        return self._vectors is not None

    def search(self, question: str, said: str = "", *, meant: bool = False) -> Evidence:
        """What every passage holds of a question.

        `said`: the question with its asking words, in which concepts are heard. `meant`: the
        sentence encoder, where there is one, looks too; it takes longer than all else.
        """
        characters, sounds = character_tokens(question), sound_tokens(question)
        heard = self.heard(said or question)
        own_c, own_s = self._characters.scores(characters), self._sounds.scores(sounds)
        views = {
            "characters": _z(own_c),
            "sound": _z(own_s),
            "concepts": _z(self._concepts.scores(heard)),
            "clause characters": _z(self._clause_characters.scores(characters))[self._clause_of],
            "clause sound": _z(self._clause_sounds.scores(sounds))[self._clause_of],
            "clause concepts": _z(self._clause_concepts.scores(heard))[self._clause_of],
        }
        if meant and self._encoder is not None and self._vectors is not None:
            vector = self._encoder.encode([question])[0]
            likeness: Floats = self._vectors @ vector
            views["meaning"] = _z(likeness)
            return Evidence(views, heard, own_c + own_s, likeness, vector)
        return Evidence(views, heard, own_c + own_s)

    def _concepts_of(self, passage: Passage) -> list[Concept]:
        if passage.responsible:
            return []
        return self._thesaurus.held_by(passage.quote)


def _expanded(passage: Passage, concepts: Iterable[Concept]) -> list[str]:
    """The sentence, and each word that leads to it, as texts of their own."""
    if passage.responsible:
        return []
    words = [word for concept in concepts for word in concept.people]
    return [passage.quote, *dict.fromkeys(words)]


def _both(
    tokeniser: Tokeniser, texts: Sequence[str], stands_in: csr_matrix, belongs: csr_matrix
) -> tuple[Bm25, Bm25]:
    """BM25 of passages and of clauses, each the sum of the texts that stand in it."""
    counted = tokeniser.count(texts)
    passages = stands_in @ counted.counts
    return Bm25(passages, counted.vocabulary), Bm25(belongs @ passages, counted.vocabulary)


def _clause_numbers(passages: Sequence[Passage]) -> tuple[npt.NDArray[np.int64], int]:
    numbers: dict[tuple[int, str], int] = {}
    found = [numbers.setdefault((p.notice, p.clause.path), len(numbers)) for p in passages]
    return np.array(found, np.int64), len(numbers)


def _z(values: Floats) -> Floats:
    spread = float(values.std()) if len(values) else 0.0
    if spread < 1e-6:
        return np.zeros_like(values)
    scaled: Floats = (values - values.mean()) / spread
    return scaled
