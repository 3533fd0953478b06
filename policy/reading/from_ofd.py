"""OFD (GB/T 33190): a ZIP of XML whose text objects carry their words and places."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any

from lxml import etree

from core.errors import BadNotice
from policy.reading.blocks import Block, clean
from policy.reading.paragraphs import Item, PageLine, paragraphs


def blocks_from_ofd(data: bytes, name: str) -> list[Block]:
    """Paragraphs in reading order. Raises BadNotice for damaged, encrypted or scanned files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            items = [line for page in _pages(archive) for line in _lines(*page)]
    except (
        KeyError,
        ValueError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
    ) as error:
        raise BadNotice(
            f"{name}: the OFD file is damaged; fetch it again", reason="damaged"
        ) from error
    if not items:
        raise BadNotice(
            f"{name}: the OFD file holds no text, only pictures; add one with text",
            reason="no_text",
        )
    return paragraphs(items)


def _parse(archive: zipfile.ZipFile, path: str) -> Any:
    # No entities, no network: the file comes from anywhere.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(archive.read(path), parser)


def _named(root: Any, name: str) -> list[Any]:
    return [e for e in root.iter() if isinstance(e.tag, str) and e.tag.rsplit("}", 1)[-1] == name]


def _resolved(base: str, location: str, archive: zipfile.ZipFile) -> str:
    location = location.strip().replace("\\", "/")
    if location.startswith("/"):
        return location.lstrip("/")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), location))
    return path if path in archive.namelist() else location


def _pages(archive: zipfile.ZipFile) -> list[tuple[Any, float]]:
    pages: list[tuple[Any, float]] = []
    for root in _named(_parse(archive, "OFD.xml"), "DocRoot"):
        document_path = _resolved("OFD.xml", root.text or "", archive)
        document = _parse(archive, document_path)
        box = next((e.text for e in _named(document, "PhysicalBox") if e.text), "0 0 210 297")
        width = float(box.split()[2])
        for page in _named(document, "Page"):
            location = page.get("BaseLoc")
            if location:
                path = _resolved(document_path, location, archive)
                pages.append((_parse(archive, path), width))
    return pages


def _lines(page: Any, width: float) -> list[Item]:
    """Text objects at one height, from left to right, are a line."""
    pieces = sorted(_pieces(page), key=lambda p: (p[0], p[1]))
    rows: list[list[tuple[float, float, float, float, str]]] = []
    for piece in pieces:
        if rows and abs(rows[-1][0][0] - piece[0]) < 0.5 * piece[3]:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines: list[Item] = []
    for row in rows:
        row.sort(key=lambda p: p[1])
        text = clean("".join(p[4] for p in row))
        if text and not _page_number(text):
            right = max(p[2] for p in row)
            lines.append(PageLine(text, row[0][1], right, row[0][3], row[0][0], width))
    return lines


def _page_number(text: str) -> bool:
    bare = text.strip("-—–－ 　")
    return bare.isdigit() and (bare != text or len(bare) <= 2)


def _pieces(page: Any) -> list[tuple[float, float, float, float, str]]:
    """Baseline, left, right, size and words of every text object, in millimetres."""
    found = []
    for obj in _named(page, "TextObject"):
        x, y, width, _ = (float(v) for v in (obj.get("Boundary") or "0 0 0 0").split())
        size = float(obj.get("Size") or 4)
        scale = [float(v) for v in (obj.get("CTM") or "1 0 0 1 0 0").split()]
        for code in _named(obj, "TextCode"):
            text = code.text or ""
            if not text.strip():
                continue
            left = x + float(code.get("X") or 0) * scale[0]
            top = y + float(code.get("Y") or 0) * (scale[3] or 1)
            advance = _advance(code.get("DeltaX"), len(text), size) * scale[0]
            found.append((top, left, left + min(advance, max(width, 0) or advance), size, text))
    return found


def _advance(delta: str | None, count: int, size: float) -> float:
    """Width of the words: their steps as given (g n s repeats s n times), else one size each."""
    if not delta:
        return count * size
    values = delta.split()
    total, i = 0.0, 0
    while i < len(values):
        if values[i] == "g" and i + 2 < len(values):
            total += int(values[i + 1]) * float(values[i + 2])
            i += 3
        else:
            total += float(values[i])
            i += 1
    return total + size
