"""Logs carry keys and counts, never what a person said or who they are."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone
from typing import Any

from runtime.redaction import RedactingFormatter, redact
from runtime.turns import current_turn

_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
FACTS = (
    "sender", "channel", "outcome", "kinds", "kind", "replies", "action", "operation", "error",
    "status", "queue", "ms", "count",
)  # fmt: skip
"""What a line may tell besides its sentence, in this order. Anything else is left out, for nobody
has looked at it."""
_LOUD = ("httpx", "httpcore", "telegram", "apscheduler", "matplotlib", "alembic")
"""These libraries put whole requests and addresses into INFO lines."""
_OWN_HANDLERS = ("sanic.root", "sanic.error", "sanic.access")
_LARGEST = 10**6
"""From here on a number could be a phone's, and is redacted as a text."""


class TextForm(logging.Formatter):
    """A line for people: the sentence, then the facts, then whose turn it was."""

    def __init__(self) -> None:
        super().__init__(_FORM)

    def formatMessage(self, record: logging.LogRecord) -> str:
        told = "".join(f" {name}={value}" for name, value in facts_of(record).items())
        return super().formatMessage(record) + told


class JsonForm(RedactingFormatter):
    """A line for programs: one JSON object, its values redacted, so that it stays JSON."""

    def __init__(self, part: str) -> None:
        super().__init__(logging.Formatter())
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        body = json_head(self._part, record.levelname, record.created)
        body |= {"logger": record.name, "message": redact(record.getMessage())}
        body |= {name: _safe(value) for name, value in facts_of(record).items()}
        if record.exc_info:
            body["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(body, ensure_ascii=False)


def json_head(part: str, level: str, at: float) -> dict[str, Any]:
    """When, how grave and from which part."""
    moment = datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="milliseconds")
    return {"at": moment, "level": level.lower(), "part": part}


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    found = {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
    mark = current_turn()
    if mark is not None:
        found |= {"conversation": mark.conversation, "turn": mark.turn}
    return found


def _safe(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < _LARGEST):
        return value
    return redact(str(value))


def set_up_logging(level: str = "INFO", form: str = "text", part: str = "") -> None:
    """One handler on standard error, redacting. `form`: text or json.

    Calling it again changes the level, and takes in loggers that a library has since fenced off.
    """
    root = logging.getLogger()
    root.setLevel(level)
    if not any(isinstance(handler.formatter, RedactingFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        json_form = form == "json"
        handler.setFormatter(JsonForm(part) if json_form else RedactingFormatter(TextForm()))
        root.handlers = [handler]
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _OWN_HANDLERS:
        fenced = logging.getLogger(name)
        fenced.handlers, fenced.propagate = [], True
