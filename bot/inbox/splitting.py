"""Long answers in several messages, cut where a sentence ends."""

from __future__ import annotations

import re

_STOP = re.compile(r"(?<=[。！？!?；;\n])")


def split_text(text: str, longest: int) -> tuple[str, ...]:
    """Pieces of at most `longest` characters in order; joined they say the same.

    A sentence is cut only where it alone is longer than that.
    """
    pieces: list[str] = []
    current = ""
    for sentence in _STOP.split(text.strip()):
        while len(sentence) > longest:
            room = longest - len(current)
            pieces.append(current + sentence[:room])
            current, sentence = "", sentence[room:]
        if len(current) + len(sentence) > longest:
            pieces.append(current)
            current = ""
        current += sentence
    pieces.append(current)
    return tuple(piece.strip() for piece in pieces if piece.strip())
