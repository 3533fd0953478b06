"""Lines of a page to paragraphs: PDF and OFD keep places of words, not paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from policy.reading.blocks import Block, Line, Table
from policy.reading.numbering import leading_number
from policy.reading.numerals import DATE

_ENDS = "。！？；：:;"


@dataclass(frozen=True)
class PageLine:
    """One printed line; places and sizes in the page's own unit."""

    text: str
    left: float
    right: float
    size: float
    top: float
    width: float
    """Of the page."""


Item: TypeAlias = "PageLine | Table"


def paragraphs(items: list[Item]) -> list[Block]:
    """Joins what a line break cut; headings, centred and right-set lines stay by themselves."""
    lines = [i for i in items if isinstance(i, PageLine)]
    edge = _right_edge(lines)
    margin = _left_edge(lines)
    blocks: list[Block] = []
    last: PageLine | None = None
    for item in items:
        if isinstance(item, Table):
            _add_table(blocks, item)
            last = None
            continue
        if last is not None and blocks and isinstance(blocks[-1], Line):
            if _continues(last, item, edge, margin):
                blocks[-1] = Line(_joined(blocks[-1].text, item.text))
                last = item
                continue
        blocks.append(Line(item.text))
        last = item
    return blocks


def _joined(left: str, right: str) -> str:
    spaced = (
        left[-1:].isascii() and right[:1].isascii() and left[-1:].isalpha() and right[:1].isalpha()
    )
    return left + (" " if spaced else "") + right


def _add_table(blocks: list[Block], table: Table) -> None:
    """A table that a page break cut goes on with the same columns and no new header."""
    before = blocks[-1] if blocks else None
    if isinstance(before, Table) and len(before.rows[0]) == len(table.rows[0]):
        rows = table.rows[1:] if table.rows[0] == before.rows[0] else table.rows
        blocks[-1] = Table(before.rows + rows)
    else:
        blocks.append(table)


def _right_edge(lines: list[PageLine]) -> float:
    rights = sorted(line.right for line in lines)
    return rights[int(len(rights) * 0.9)] if rights else 0.0


def _left_edge(lines: list[PageLine]) -> float:
    lefts = sorted(line.left for line in lines)
    return lefts[len(lefts) // 10] if lefts else 0.0


def _continues(last: PageLine, line: PageLine, edge: float, margin: float) -> bool:
    """The line before reached the right edge, and this one begins at the left one."""
    if abs(last.size - line.size) > max(1.0, 0.15 * last.size):
        return False
    full = last.right >= edge - 1.6 * last.size
    indented = line.left > margin + 1.2 * line.size
    if not full or indented:
        return False
    if DATE.fullmatch(line.text) or re.match(r"附\s*件\s*\d*$", line.text):
        return False
    if leading_number(line.text) and last.text[-1:] in _ENDS + "）)":
        return False
    # A sentence that ends exactly at the edge: the next one begins with an indent, unless the
    # file has none at all, where the number decides.
    return True
