"""Plain text: a paragraph a line, a table row a line with tabs; Markdown headings survive."""

from __future__ import annotations

import re

from core.errors import BadNotice
from policy.reading.blocks import Block, Line, Table, clean

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_SOURCE = re.compile(r"\s*【来源】.*")
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")


def decode(data: bytes, name: str) -> str:
    """UTF-8 (with or without a mark), UTF-16 with a mark, or GB 18030. Raises BadNotice."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadNotice(
        f"{name}: the text is in no known encoding; save it as UTF-8 and add it again",
        reason="encoding",
    )


def blocks_from_text(text: str) -> list[Block]:
    """Lines and tables of a text."""
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []
    text = _COMMENT.sub("", text)
    for i, raw in enumerate(re.split(r"\r\n|[\n\r\x0b\x0c\u2028\u2029\x85]", text)):
        if i == 0 and _SOURCE.match(raw):
            continue
        line = clean(raw)
        cells = tuple(clean(cell) for cell in raw.strip(" \r\n\u3000").split("\t"))
        if sum(bool(cell) for cell in cells) >= 2:
            rows.append(cells)
            continue
        if rows and _continues_table(line, raw):
            rows.append((line,))
            continue
        _flush(rows, blocks)
        if line:
            mark = _HEADING.match(line)
            blocks.append(Line(line[mark.end() :], len(mark[1])) if mark else Line(line))
    _flush(rows, blocks)
    return blocks


def _continues_table(line: str, raw: str) -> bool:
    """A row that names a category has one cell only."""
    return bool(line) and re.search(r"[（(]共?\s*\d+\s*[项个条类][）)]$", line) is not None


def _flush(rows: list[tuple[str, ...]], blocks: list[Block]) -> None:
    if len(rows) > 1:
        blocks.append(Table(tuple(rows)))
    else:
        blocks.extend(Line(" ".join(row)) for row in rows)
    rows.clear()
