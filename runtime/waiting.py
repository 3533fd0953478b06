"""Parts start in any order: each waits for what it needs, and says so."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

ASK_EVERY_S = 0.5
SAY_EVERY_S = 30.0


def wait_for(
    what: str,
    there: Callable[[], bool],
    say: Callable[[str], None],
    stopped: threading.Event | None = None,
) -> bool:
    """Returns True once it is there, False where `stopped` is set before. Says that it waits."""
    stopped = stopped or threading.Event()
    said_at = None
    while not there():
        now = time.monotonic()
        if said_at is None or now - said_at >= SAY_EVERY_S:
            said_at = now
            say(f"waiting for {what} …")
        if stopped.wait(ASK_EVERY_S):
            return False
    if said_at is not None:
        say(f"{what} is there")
    return True


def place_of(url: str, default_port: int) -> tuple[str, int] | None:
    """Host and port of a URL; None where it names a file."""
    parts = urlsplit(url)
    return (parts.hostname, parts.port or default_port) if parts.hostname else None


def listens(place: tuple[str, int]) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection(place, timeout=2.0):
            return True
    except OSError:
        return False
