"""What every file format is turned into before the tree is built: lines and tables, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Line:
    """One paragraph, stripped, inner text verbatim."""

    text: str
    heading: int = 0
    """Level of a heading that the file itself marks (Markdown #, h1, Word's Heading); 0: none."""


@dataclass(frozen=True)
class Table:
    """Rows of cells; a merged cell's text stands in each cell it covers."""

    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = "Line | Table"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = str.maketrans({"\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " "})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Strips a paragraph and drops characters that nobody sees; its words stay as they are."""
    return _CONTROL.sub("", text.translate(_INVISIBLE).translate(_SPACES)).strip(" \t\r\n\u3000")


def row_text(cells: tuple[str, ...]) -> str:
    """A table row as one line: cells separated by tabs; one cell over all columns once."""
    if len(set(cells)) == 1:
        return cells[0]
    return "\t".join(cells).strip("\t")


def plain_text(blocks: list[Block]) -> str:
    """The whole document as text, a paragraph or table row a line."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Line):
            lines.append(block.text)
        else:
            lines.extend(row_text(row) for row in block.rows)
    return "\n".join(lines)
