"""Which conversation and turn the work at hand belongs to: every log line carries both."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from runtime.redaction import conversation_key

TURN = "turn"
"""Name of the turn's id in an utterance's metadata, on its way through all processes."""
_ID = re.compile(r"[0-9a-z]{1,16}")


@dataclass(frozen=True)
class TurnMark:
    conversation: str
    """The conversation's one-way key, the same in every process."""
    turn: str
    """The turn's random id, the same in every process."""


_current: ContextVar[TurnMark | None] = ContextVar("minglu_turn", default=None)


def current_turn() -> TurnMark | None:
    """What the running task or thread works on; None outside of turns."""
    return _current.get()


@contextmanager
def turn_of(conversation: str, turn: object = None) -> Iterator[TurnMark]:
    """Marks what runs inside. Without an id of the right form the turn at hand goes on, or a new
    one begins: the id came over a wire and ends in logs."""
    key, outer = conversation_key(conversation), _current.get()
    if isinstance(turn, str) and _ID.fullmatch(turn):
        mark = TurnMark(key, turn)
    elif outer is not None and outer.conversation == key:
        mark = outer
    else:
        mark = TurnMark(key, f"t{secrets.token_hex(5)}")
    token = _current.set(mark)
    try:
        yield mark
    finally:
        _current.reset(token)
