"""The bytes between the speaker and its child process.

To the child: one JSON object a line, `{"stop": id}` or
`{"id", "text", "voice", "rate", "volume", "pitch", "gap"}`.
From the child: a header (kind, id, length) and that many bytes.
"""

from __future__ import annotations

import struct
from enum import IntEnum

HEADER = struct.Struct("!BII")


class Kind(IntEnum):
    READY = 0
    """Payload: the rate in hertz as decimal digits."""
    PCM = 1
    DONE = 2
    FAILED = 3
    """Payload: what went wrong, UTF-8, without the text that was to be spoken."""


def packed(kind: Kind, number: int, payload: bytes = b"") -> bytes:
    return HEADER.pack(kind, number, len(payload)) + payload
