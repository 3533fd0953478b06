"""Which format a file really has, whatever it is called, and its paragraphs and tables."""

from __future__ import annotations

from core.errors import BadNotice
from policy.reading.blocks import Block
from policy.reading.from_text import blocks_from_text, decode

LARGEST = 50 * 1024 * 1024
"""Bytes of a file at most."""


def read_blocks(data: bytes, name: str) -> list[Block]:
    """Paragraphs and tables in order. Raises BadNotice."""
    if not data.strip():
        raise BadNotice(f"{name}: the file is empty")
    return blocks_from_text(decode(data, name))
