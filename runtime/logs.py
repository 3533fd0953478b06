"""Logs carry keys and counts, never what a person said or who they are."""

from __future__ import annotations

import logging
import sys

from runtime.redaction import RedactingFormatter

_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"


def set_up_logging(level: str = "INFO") -> None:
    """One handler on standard error, redacting. Calling it again changes the level only."""
    root = logging.getLogger()
    root.setLevel(level)
    for handler in root.handlers:
        if isinstance(handler.formatter, RedactingFormatter):
            return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(logging.Formatter(_FORM)))
    root.handlers = [handler]
    # These libraries put whole requests and addresses into INFO lines.
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "matplotlib", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
