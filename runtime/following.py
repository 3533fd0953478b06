"""Something that is built from the store, and built anew when the store or the day changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from core.ports import Clock

T = TypeVar("T")


class Following(Generic[T]):
    """`current()` is what `build` made for today and the newest revision: no restart needed."""

    def __init__(
        self, revision: Callable[[], int], build: Callable[[date], T], clock: Clock
    ) -> None:
        self._revision = revision
        self._build = build
        self._clock = clock
        self._lock = threading.Lock()
        self._built: tuple[tuple[int, date], T] | None = None

    def current(self) -> T:
        """Raises StoreUnavailable."""
        today = self._clock.now().date()
        key = (self._revision(), today)
        with self._lock:
            if self._built is None or self._built[0] != key:
                self._built = (key, self._build(today))
            return self._built[1]
