"""Rasa's and Sanic's logs through the product's one handler."""

from __future__ import annotations

import logging
from typing import Any

import structlog

from runtime.logs import set_up_logging
from runtime.settings import Settings


def adopt_logs(settings: Settings) -> None:
    """Rasa has set up its own by now; a second call takes in what it fenced off since."""
    # Rasa colours its lines for a terminal and writes them past every filter of ours.
    root = logging.getLogger()
    if not structlog.get_config()["processors"] == _PROCESSORS:
        root.handlers = []
        structlog.configure(
            processors=_PROCESSORS,
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )
    set_up_logging(settings.log_level, settings.log_format, "dialogue")


def name_only(_logger: Any, _method: str, event: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The event's name and the kind of its error. The rest may hold what a person said."""
    error = event.get("exc_info")
    kind = type(error).__name__ if isinstance(error, BaseException) else None
    return (str(event.get("event", "")),), {"extra": {"error": kind}} if kind else {}


_PROCESSORS = [structlog.stdlib.filter_by_level, name_only]
