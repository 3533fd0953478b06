"""What the product's own logging writes."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.logs import set_up_logging


@contextmanager
def logged_at(level: str) -> Iterator[io.StringIO]:
    """Catches every line, and puts the logging before it back."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level_before = root.handlers, root.level
    root.handlers = []
    set_up_logging(level)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    try:
        yield stream
    finally:
        root.handlers = before
        root.setLevel(level_before)
