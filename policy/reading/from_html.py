"""HTML of government sites: paragraphs and tables of the text, without menus and scripts."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from policy.reading.blocks import Block, Line, Table, clean

_DROPPED = ["script", "style", "noscript", "nav", "header", "footer", "form", "iframe", "template"]
_BLOCKS = {
    "p", "div", "section", "article", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4",
    "h5", "h6", "blockquote", "pre", "tr", "table", "center", "main", "body", "html", "td", "th",
}  # fmt: skip
_CONTENT = (
    "#UCAP-CONTENT", "#zoom", "#Zoom", "#article", "#content", "#con_con", "#mainText",
    ".TRS_Editor", ".pages_content", ".article-content", ".trs_editor_view",
)  # fmt: skip


def blocks_from_html(html: str) -> list[Block]:
    """Lines and tables in the order they are read."""
    soup = BeautifulSoup(html, "lxml")
    for comment in soup.find_all(string=lambda s: isinstance(s, Comment)):
        comment.extract()
    for tag in soup.find_all(_DROPPED):
        # A page may call the part that holds the text itself a header or form.
        if len(tag.get_text()) < 2000 or tag.name in ("script", "style", "noscript"):
            tag.decompose()
    root = _content(soup)
    walker = _Walker()
    walker.walk(root)
    walker.flush()
    return walker.blocks


def _content(soup: BeautifulSoup) -> Tag:
    """The part that holds the text, where the site marks it; else the whole page."""
    whole = len(soup.get_text(strip=True))
    for selector in _CONTENT:
        found = soup.select_one(selector)
        if found is not None and len(found.get_text(strip=True)) > whole * 0.5:
            return found
    return soup


class _Walker:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._heading = 0

    def walk(self, node: Tag) -> None:
        for child in node.children:
            if isinstance(child, NavigableString):
                self._text.append(re.sub(r"[\r\n\t ]+", " ", str(child)))
            elif isinstance(child, Tag):
                self._tag(child)

    def _tag(self, tag: Tag) -> None:
        if tag.name == "br":
            self.flush()
        elif tag.name == "table" and _is_data(tag):
            self.flush()
            self.blocks.append(Table(_rows(tag)))
        elif tag.name in _BLOCKS:
            self.flush()
            heading = re.fullmatch(r"h([1-6])", tag.name)
            self._heading = int(heading[1]) if heading else 0
            self.walk(tag)
            self.flush()
            self._heading = 0
        else:
            self.walk(tag)

    def flush(self) -> None:
        text = clean("".join(self._text))
        self._text = []
        if text:
            self.blocks.append(Line(text, self._heading))


def _own_rows(table: Tag) -> list[Tag]:
    return [r for r in table.find_all("tr") if r.find_parent("table") is table]


def _is_data(table: Tag) -> bool:
    """A table that lays out the page holds a table or has one cell; a data table has columns."""
    if table.find("table"):
        return False
    widths = [len(r.find_all(["td", "th"])) for r in _own_rows(table)]
    wide = [w for w in widths if w >= 2]
    if len(wide) < 2:
        return False
    cells = [c.get_text(strip=True) for c in table.find_all(["td", "th"])]
    labels = sum(c.endswith(("：", ":")) for c in cells)
    return labels < len(cells) / 4


def _rows(table: Tag) -> tuple[tuple[str, ...], ...]:
    """Cells with merged ones repeated over the rows and columns they cover."""
    rows: list[tuple[str, ...]] = []
    down: dict[int, tuple[int, str]] = {}
    for row in _own_rows(table):
        cells: list[str] = []
        for cell in row.find_all(["td", "th"]):
            _carry(cells, down)
            text = _cell_text(cell)
            across, deep = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(across):
                if deep > 1:
                    down[len(cells)] = (deep - 1, text)
                cells.append(text)
        _carry(cells, down)
        if any(cells):
            rows.append(tuple(cells))
    return tuple(rows)


def _carry(cells: list[str], down: dict[int, tuple[int, str]]) -> None:
    while len(cells) in down:
        left, text = down.pop(len(cells))
        if left > 1:
            down[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Tag, name: str) -> int:
    raw = str(cell.get(name, "1")).strip()
    return min(int(raw), 200) if raw.isdigit() and int(raw) > 0 else 1


def _cell_text(cell: Tag) -> str:
    parts: list[str] = []
    paragraphs = cell.find_all(["p", "div", "li"])
    pieces = [p for p in paragraphs if not p.find(["p", "div", "li"])] or [cell]
    for piece in pieces:
        for line in _lines(piece):
            parts.append(line)
    return " ".join(parts) if all(len(p) < 2 for p in parts) else "".join(parts)


def _lines(piece: Tag) -> list[str]:
    for br in piece.find_all("br"):
        br.replace_with("\n")
    text = piece.get_text()
    return [c for c in (clean(re.sub(r"[\r\t ]+", " ", t)) for t in text.split("\n")) if c]
