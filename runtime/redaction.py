"""Keeps phone numbers and other personal digits out of every log line and traceback."""

from __future__ import annotations

import hashlib
import logging
import re

_DIGIT = "0-9０-９零〇一二三四五六七八九幺两"
_PATTERNS = (
    # Bot tokens: 123456789:AA…
    re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{20,}"),
    # Spoken or written runs of seven and more digits: phones, identity and bank cards.
    # A date at the head of a log line is neither.
    re.compile(
        rf"(?<![0-9A-Za-z.])(?!\d{{4}}-\d\d-\d\d)(?:\+?86[- ]?)?"
        rf"[{_DIGIT}](?:[ -]?[{_DIGIT}]){{6,}}(?![0-9A-Za-z])"
    ),
    # user:password@ in URLs
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
)
MASK = "[redacted]"


def redact(text: str) -> str:
    """The text with anything that looks like a phone, card or secret replaced."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def conversation_key(conversation: str) -> str:
    """A short key for logs that ties lines of one conversation and names nobody."""
    # The letter keeps a key of digits alone from being taken for a phone.
    return "c" + hashlib.sha256(conversation.encode("utf-8", "backslashreplace")).hexdigest()[:11]


class RedactingFormatter(logging.Formatter):
    """Wraps another formatter, tracebacks included."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record))
