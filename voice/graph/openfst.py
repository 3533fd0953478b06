"""OpenFst's binary files, as far as needed: the words of a Gr.fst, and a new acceptor."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from core.errors import VoiceUnavailable

_FST = 2125659606
_SYMBOLS = 2125658996
_HAS_INPUT, _HAS_OUTPUT = 1, 2
# Expanded, mutable, an acceptor, arcs in the order of their labels: the decoder asks for the last.
_PROPERTIES = 0x1 | 0x2 | 0x10000 | 0x10000000


@dataclass(frozen=True)
class Words:
    """The words of a model, with the numbers that its graph of sounds knows them by."""

    numbers: dict[str, int]
    table: bytes = field(repr=False)
    """The symbol table as it stands in the file."""


@dataclass
class State:
    arcs: list[tuple[int, float, int]] = field(default_factory=list)
    """Word, cost (negative natural logarithm), next state."""
    final: float | None = None
    """Cost of ending here; None: no end."""


def read_words(file: Path) -> Words:
    """From the Gr.fst of a model. Raises VoiceUnavailable where it holds none."""
    try:
        with file.open("rb") as stream:
            _header(stream)
            began = stream.tell()
            numbers = _table(stream)
            ended = stream.tell()
            stream.seek(began)
            return Words(numbers, stream.read(ended - began))
    except (OSError, struct.error, UnicodeDecodeError, ValueError) as error:
        raise VoiceUnavailable(
            f"{file} is no language model that can be replaced ({type(error).__name__})"
        ) from error


def _header(stream: BinaryIO) -> None:
    if _number(stream) != _FST:
        raise ValueError("not OpenFst")
    _text(stream)
    if _text(stream) != "standard":
        raise ValueError("another kind of arcs")
    _, flags = struct.unpack("<ii", stream.read(8))
    if not flags & _HAS_INPUT:
        raise ValueError("no words")
    # Properties, start, states, arcs.
    stream.seek(32, 1)


def _table(stream: BinaryIO) -> dict[str, int]:
    if _number(stream) != _SYMBOLS:
        raise ValueError("no symbol table")
    _text(stream)
    _, size = struct.unpack("<qq", stream.read(16))
    numbers: dict[str, int] = {}
    for _ in range(size):
        word = _text(stream)
        (numbers[word],) = struct.unpack("<q", stream.read(8))
    return numbers


def _number(stream: BinaryIO) -> int:
    (value,) = struct.unpack("<i", stream.read(4))
    return int(value)


def _text(stream: BinaryIO) -> str:
    return stream.read(_number(stream)).decode()


def write_acceptor(file: Path, states: Sequence[State], words: Words) -> None:
    """A graph that begins in the first state. Raises OSError."""
    with file.open("wb") as stream:
        stream.write(struct.pack("<i", _FST))
        for name in (b"vector", b"standard"):
            stream.write(struct.pack("<i", len(name)) + name)
        stream.write(struct.pack("<ii", 2, _HAS_INPUT | _HAS_OUTPUT))
        count = sum(len(state.arcs) for state in states)
        stream.write(struct.pack("<Qqqq", _PROPERTIES, 0, len(states), count))
        stream.write(words.table + words.table)
        for state in states:
            stream.write(_packed(state))


def _packed(state: State) -> bytes:
    final = float("inf") if state.final is None else state.final
    arcs = (struct.pack("<iifi", w, w, cost, to) for w, cost, to in sorted(state.arcs))
    return struct.pack("<fq", final, len(state.arcs)) + b"".join(arcs)
