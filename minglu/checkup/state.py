"""How a check tells what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runtime.settings import Settings

OK, WARNING, WRONG = "ok", "warning", "wrong"
Found = Iterator[tuple[str, str]]
"""State and detail; where something ails, the detail says what to do about it."""
Check = Callable[[Settings], Found]
