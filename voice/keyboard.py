"""Keys of a keypad or keyboard, one at a time, or whole lines where there is no microphone."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import sys
import threading
from collections.abc import Iterator
from typing import Any

from voice.events import Key, Typed

# What a keyboard offers beside the twelve keys of a keypad.
_KEYS = {
    " ": "stop",
    "\r": "#",
    "\n": "#",
    "+": "louder",
    "-": "softer",
    "t": "talk",
    ".": "talk",
    "r": "repeat",
    "g": "go_on",
    "s": "spell",
    "w": "where",
    "h": "help",
    "q": "quit",
    "\x03": "quit",
    "\x04": "quit",
    "\x1b": "stop",
    "\x1b[A": "back",
    "\x1b[B": "next",
    "\x1b[C": "faster",
    "\x1b[D": "slower",
}


def key_for(raw: str) -> Key:
    """The key of what a terminal sends. A key without a meaning still stops the speaking."""
    if raw in "0123456789*#" and raw:
        return Key(raw)
    return Key(_KEYS.get(raw, "stop"))


class Keyboard:
    """Reads standard input in a thread of its own; use as a context manager."""

    def __init__(self, inbox: queue.SimpleQueue[Any], lines: bool) -> None:
        """`lines`: whole typed sentences instead of single keys."""
        self._inbox = inbox
        self._lines = lines or not sys.stdin.isatty()
        self._ended = threading.Event()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Keys arrive without Enter meanwhile; the terminal is put back afterwards."""
        with contextlib.nullcontext() if self._lines else _single_keys():
            thread = threading.Thread(target=self._read, daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._ended.set()

    def _read(self) -> None:
        while not self._ended.is_set():
            ready, _, _ = select.select([sys.stdin], [], [], 0.1)
            if not ready:
                continue
            if self._lines:
                line = sys.stdin.readline()
                if not line:
                    self._inbox.put(Key("quit"))
                    return
                self._inbox.put(Typed(line.strip()))
            else:
                self._inbox.put(key_for(os.read(sys.stdin.fileno(), 8).decode(errors="ignore")))


@contextlib.contextmanager
def _single_keys() -> Iterator[None]:
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    kept = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, kept)
