"""PDF through pdfplumber: lines joined to paragraphs by their indents, tables by their rules."""

from __future__ import annotations

import io
import re
from typing import Any

from core.errors import BadNotice
from policy.reading.blocks import Block, Table, clean
from policy.reading.paragraphs import PageLine, paragraphs

_MOST_PAGES = 1000


def blocks_from_pdf(data: bytes, name: str) -> list[Block]:
    """Paragraphs and tables in reading order. Raises BadNotice for encrypted or scanned files."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise BadNotice(
                    f"{name}: more than {_MOST_PAGES} pages; split the file", reason="too_large"
                )
            items = [item for page in pdf.pages for item in _page(page)]
            pictures = any(page.images for page in pdf.pages)
    except BadNotice:
        raise
    except Exception as error:  # a damaged PDF fails anywhere in the parser
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
            raise BadNotice(
                f"{name}: the PDF is encrypted; remove its password and add it again",
                reason="encrypted",
            ) from error
        raise BadNotice(f"{name}: the PDF is damaged; fetch it again", reason="damaged") from error
    if not any(isinstance(i, Table) or len(i.text) > 1 for i in items):
        what = "only scanned pictures" if pictures else "no text"
        raise BadNotice(
            f"{name}: the PDF holds {what}; add a file with text in it", reason="no_text"
        )
    return paragraphs(items)


def _page(page: Any) -> list[PageLine | Table]:
    tables = [t for t in page.find_tables() if len(t.rows) > 1 and len(t.rows[0].cells) > 1]
    boxes = [t.bbox for t in tables]

    def outside(thing: Any) -> bool:
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in boxes)

    free = page.filter(lambda o: o["object_type"] != "char" or outside(o))
    found: list[tuple[float, PageLine | Table]] = []
    for line in free.extract_text_lines(strip=True, return_chars=True, x_tolerance=6):
        text = clean(re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", line["text"]))
        size = max((c["size"] for c in line["chars"]), default=10.0)
        if text and not _page_number(text, line, page):
            found.append(
                (line["top"], PageLine(text, line["x0"], line["x1"], size, line["top"], page.width))
            )
    for table in tables:
        found.append((table.bbox[1], Table(_rows(table.extract()))))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _page_number(text: str, line: Any, page: Any) -> bool:
    edge = line["top"] > page.height * 0.88 or line["bottom"] < page.height * 0.08
    return (
        edge
        and re.fullmatch(r"[-—–－\s]*(?:第\s*)?\d{1,4}(?:\s*[/页]\s*\d*)?[-—–－\s页]*", text)
        is not None
    )


def _rows(rows: list[list[str | None]]) -> tuple[tuple[str, ...], ...]:
    """None is a cell that a merged one covers: it repeats what stands left of it."""
    filled: list[tuple[str, ...]] = []
    for row in rows:
        cells: list[str] = []
        for i, cell in enumerate(row):
            if cell is None:
                left = cells[-1] if cells else ""
                above = filled[-1][i] if filled and i < len(filled[-1]) else ""
                cells.append(above if row[0] is None and i == 0 else left)
            else:
                cells.append(clean(cell.replace("\n", "")))
        filled.append(tuple(cells))
    return tuple(filled)
