"""Counts that a busy process keeps by itself for some seconds and then hands over in one go."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

from core.errors import MingluError
from core.managing import DailyCounts
from core.ports import Clock

log = logging.getLogger(__name__)

EVERY_S = 15.0
"""Seconds: at most so much is lost when a process is killed."""


class Tally:
    """Counts by day, channel, kind and reason. `add` never waits and never fails."""

    def __init__(
        self, open_counts: Callable[[], DailyCounts], clock: Clock, every_s: float = EVERY_S
    ) -> None:
        self._open = open_counts
        self._clock = clock
        self._every_s = every_s
        self._waiting: Counter[tuple[date, str, str, str]] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._counts: DailyCounts | None = None

    def add(self, channel: str, kind: str, reason: str) -> None:
        with self._lock:
            self._waiting[self._clock.now().date(), channel, kind, reason] += 1
            if self._timer is None:
                self._timer = threading.Timer(self._every_s, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Hands over what was counted; what cannot be handed over now waits for the next time."""
        with self._lock:
            counted, self._waiting = self._waiting, Counter()
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
        if not counted:
            return
        try:
            if self._counts is None:
                self._counts = self._open()
            self._counts.add(counted)
        except MingluError as error:
            log.warning("counts wait for the store: %s", error.code)
            with self._lock:
                self._waiting.update(counted)
