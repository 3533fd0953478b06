"""A closed set of sentences: one of them is heard as a whole, or nothing.

Vosk's own grammar is a word n-gram, so that its phrases mix: 더 크게 말해 주세요 and 다시 become
더 다시. Where a language has only closed phrases, whole sentences tell them apart far better; the
figures: docs/voice.md, Korean.
"""

from __future__ import annotations

from collections.abc import Iterable

from voice.graph.openfst import State, Words


def sayable(phrase: str, words: Words) -> bool:
    """Whether the model knows each of its words."""
    return all(word in words.numbers for word in phrase.split())


def closed_graph(phrases: Iterable[str], words: Words) -> list[State]:
    """A tree of the phrases, each as likely as the others; unknown words leave a phrase out."""
    # Ending at once is what quiet means: without it silence would be heard as the shortest phrase.
    states = [State(final=0.0)]
    nodes: dict[tuple[int, int], int] = {}
    for phrase in phrases:
        if not sayable(phrase, words):
            continue
        at = 0
        for word in (words.numbers[w] for w in phrase.split()):
            if (at, word) not in nodes:
                states.append(State())
                nodes[at, word] = len(states) - 1
                states[at].arcs.append((word, 0.0, nodes[at, word]))
            at = nodes[at, word]
        states[at].final = 0.0
    return states
