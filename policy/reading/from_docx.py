"""DOCX through python-docx, with the numbers that Word itself puts before paragraphs."""

from __future__ import annotations

import io
import re
from typing import Any

from core.errors import BadNotice
from policy.reading.blocks import Block, Line, Table, clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "〇一二三四五六七八九十"


def blocks_from_docx(data: bytes, name: str) -> list[Block]:
    """Paragraphs and tables of the body, in order. Raises BadNotice."""
    import docx
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # the library raises what its parts raise: KeyError, lxml's own…
        raise BadNotice(
            f"{name}: the DOCX file is damaged; save it again from Word", reason="damaged"
        ) from error
    numbers = _Numbers(document)
    blocks: list[Block] = []
    for child in document.element.body.iterchildren():
        if child.tag == f"{_W}p":
            paragraph = Paragraph(child, document)
            level = _heading_level(paragraph)
            for i, text in enumerate(_text(child).split("\n")):
                label = numbers.label(paragraph) if i == 0 else ""
                line = clean(label + clean(text)) if clean(text) else ""
                if line:
                    blocks.append(Line(line, level))
        elif child.tag == f"{_W}tbl":
            blocks.extend(_table(WordTable(child, document)))
        elif child.tag == f"{_W}sdt":
            for inner in child.iter(f"{_W}p"):
                if clean(_text(inner)):
                    blocks.append(Line(clean(_text(inner))))
    return blocks


def _text(element: Any) -> str:
    """Text as it stands after all changes: what is marked as deleted is left out."""
    parts: list[str] = []
    for node in element.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append(" " if node.getparent().tag == f"{_W}r" else "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _heading_level(paragraph: Any) -> int:
    style = paragraph.style.name if paragraph.style is not None else ""
    match = re.fullmatch(r"(?:Heading|标题)\s*(\d)", style or "")
    return int(match[1]) if match else 0


def _table(table: Any) -> list[Block]:
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        rows.append(tuple(clean(" ".join(cell.text.split())) for cell in row.cells))
    if len({cell for row in rows for cell in row if cell}) <= 1 or len(rows[0]) == 1:
        # A frame around text is no table.
        return [Line(c) for row in rows for c in dict.fromkeys(row) if c]
    return [Table(tuple(rows))]


class _Numbers:
    """Counts Word's automatic numbering as Word shows it."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for num in root.iter(f"{_W}num"):
            link = num.find(f"{_W}abstractNumId")
            if link is not None:
                self._abstract[num.get(f"{_W}numId")] = link.get(f"{_W}val")
        for abstract in root.iter(f"{_W}abstractNum"):
            self._read(abstract)

    def _read(self, abstract: Any) -> None:
        key = abstract.get(f"{_W}abstractNumId")
        for level in abstract.iter(f"{_W}lvl"):
            values = {
                tag: (level.find(f"{_W}{tag}").get(f"{_W}val") or "")
                for tag in ("numFmt", "lvlText", "start")
                if level.find(f"{_W}{tag}") is not None
            }
            begin = int(values.get("start", "1") or 1)
            at = (key, int(level.get(f"{_W}ilvl")))
            self._levels[at] = (values.get("numFmt", ""), values.get("lvlText", ""), begin)

    def label(self, paragraph: Any) -> str:
        """What Word writes before this paragraph; empty for bullets and none."""
        found = self._place(paragraph)
        if found is None:
            return ""
        abstract, level = found
        kind, pattern, begin = self._levels[found]
        counts = self._counts.setdefault(abstract, {})
        counts[level] = counts.get(level, begin - 1) + 1
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]
        if kind in ("bullet", "none", ""):
            return ""

        def value(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = self._levels.get((abstract, at), (kind, "", 1))
            return _numeral(counts.get(at, form[2]), form[0])

        return re.sub(r"%(\d)", value, pattern)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph._p.pPr
        number = properties.numPr if properties is not None else None
        if number is None and paragraph.style is not None:
            style = paragraph.style.element.pPr
            number = style.numPr if style is not None else None
        if number is None or number.numId is None:
            return None
        level = number.ilvl.val if number.ilvl is not None else 0
        abstract = self._abstract.get(str(number.numId.val), "")
        return (abstract, level) if (abstract, level) in self._levels else None


def _numeral(value: int, kind: str) -> str:
    if "hinese" in kind or "deographDigital" in kind or "aiwanese" in kind or "apanese" in kind:
        return _chinese(value)
    if kind.startswith("decimalEnclosedCircle") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if kind == "upperLetter":
        return chr(64 + value) if value <= 26 else str(value)
    if kind == "lowerLetter":
        return chr(96 + value) if value <= 26 else str(value)
    return str(value)


def _chinese(value: int) -> str:
    if value <= 10:
        return _CHINESE[value]
    if value < 20:
        return "十" + _CHINESE[value - 10]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _CHINESE[tens] + "十" + (_CHINESE[ones] if ones else "")
    hundreds, rest = divmod(value, 100)
    tail = (
        ""
        if not rest
        else ("零" if rest < 10 else "")
        + ("一" + _chinese(rest) if 10 <= rest < 20 else _chinese(rest))
    )
    return _CHINESE[hundreds % 10] + "百" + tail
