"""What time brings, once a minute beside the running parts: ended holds, reminders, retention."""

from __future__ import annotations

import logging
import threading
import time

from core.errors import MingluError
from runtime import metrics
from store.dialogues import forget_idle_dialogues
from store.opening import Store
from store.queues import queue_lengths
from store.upkeep import run_upkeep

EVERY_S = 60.0
log = logging.getLogger(__name__)


class Housekeeping:
    """A thread that runs the store's upkeep until `stop`. A round that fails is tried again."""

    def __init__(self, store: Store, tracker: str, every_s: float = EVERY_S) -> None:
        self._store = store
        self._tracker = tracker
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=10)
        self._store.close()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                for queue, length in queue_lengths(self._store).items():
                    metrics.QUEUE.labels(queue).set(length)
                done = run_upkeep(self._store)
                done["said"] = forget_idle_dialogues(self._tracker, self._store.clock.now())
            except MingluError as error:
                log.warning("upkeep put off: %s", error.code)
            else:
                metrics.UPKEEP.set(time.time())
                log.debug("upkeep: %s", done)
