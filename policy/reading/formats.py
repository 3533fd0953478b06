"""Which format a file really has, whatever it is called, and its paragraphs and tables."""

from __future__ import annotations

import io
import re
import zipfile

from core.errors import BadNotice
from policy.reading.blocks import Block
from policy.reading.from_text import blocks_from_text, decode

LARGEST = 20 * 1024 * 1024
"""Bytes of a file at most; the longest notices with scans inside stay far below."""
LARGEST_UNPACKED = 200 * 1024 * 1024
"""Bytes that a ZIP (DOCX, OFD) may hold unpacked."""
_HIGHEST_RATIO = 200
"""How much more a member of a ZIP may hold than it takes up, beyond a megabyte."""

_PICTURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
}
_OTHERS = {
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"ID3": "a sound",
    b"OggS": "a sound",
    b"RIFF": "a sound or film",
    b"SQLite format 3": "a database",
}
_MACROS = re.compile(r"(?i)vbaProject|vbaData|activeX/")
"""Members of a Word file that are programs. Nothing here runs them, but a notice has none, and
others open the same file with Word."""
_MENDS = "add the notice's own text, HTML, DOCX, PDF or OFD file"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_blocks(data: bytes, name: str) -> list[Block]:
    """Paragraphs and tables in order. Raises BadNotice."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise BadNotice(f"{name}: the file is empty; {_MENDS}", reason="empty")
    if len(data) > LARGEST:
        raise BadNotice(
            f"{name}: {len(data) // 2**20} MB is more than the {LARGEST // 2**20} MB a notice may "
            "have; remove scanned pictures or split it",
            reason="too_large",
        )
    blocks = _by_content(data, name)
    if not blocks:
        raise BadNotice(f"{name}: no text was found in it; {_MENDS}", reason="no_text")
    return blocks


def _by_content(data: bytes, name: str) -> list[Block]:
    # The parsers load only when a file needs them: a text notice needs none.
    if data[:1024].lstrip().startswith(b"%PDF"):
        from policy.reading.from_pdf import blocks_from_pdf

        return blocks_from_pdf(data, name)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _from_zip(data, name)
    if data.startswith(_OLE):
        what, reason = _what_ole(data)
        raise BadNotice(f"{name}: {what}", reason=reason)
    for signs, reason in ((_PICTURES, "picture"), (_OTHERS, "wrong_type")):
        for sign, what in signs.items():
            if data.startswith(sign):
                raise BadNotice(
                    f"{name}: this is {what}, whatever its name says; {_MENDS}", reason=reason
                )
    text = decode(data, name)
    if _looks_binary(text):
        raise BadNotice(f"{name}: the file holds no readable text; {_MENDS}", reason="wrong_type")
    if looks_like_html(text):
        from policy.reading.from_html import blocks_from_html

        return blocks_from_html(text)
    return blocks_from_text(text)


def _what_ole(data: bytes) -> tuple[str, str]:
    """What it is, and the reason's code."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "the document is encrypted; remove its password and add it again", "encrypted"
    return (
        "this is an old Word or Office file (.doc); save it as DOCX and add it again",
        "old_office",
    )


def _looks_binary(text: str) -> bool:
    sample = text[:20_000]
    odd = sum(1 for c in sample if (c < " " and c not in "\t\r\n\x0b\x0c") or c == "\ufffd")
    odd += sum(1 for c in sample if "\ue000" <= c <= "\uf8ff" or "\x80" <= c <= "\x9f")
    return odd > max(3, len(sample) // 50)


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML: Markdown with a comment is not."""
    start = text[:200_000]
    if re.match(
        r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body)", start, re.I | re.S
    ):
        return True
    return len(re.findall(r"<(?:p|div|td|tr|table|br|span|h[1-6])\b[^>]*>", start, re.I)) >= 3


def _from_zip(data: bytes, name: str) -> list[Block]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {m.filename for m in members}
            _guard(members, name)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BadNotice(
            f"{name}: the file is damaged ({error}); fetch it again", reason="damaged"
        ) from error
    if "word/document.xml" in names:
        from policy.reading.from_docx import blocks_from_docx

        return blocks_from_docx(data, name)
    if "OFD.xml" in names:
        from policy.reading.from_ofd import blocks_from_ofd

        return blocks_from_ofd(data, name)
    raise BadNotice(
        f"{name}: this is an archive, neither DOCX nor OFD; unpack it and {_MENDS}",
        reason="archive",
    )


def _guard(members: list[zipfile.ZipInfo], name: str) -> None:
    if any(m.flag_bits & 0x1 for m in members):
        raise BadNotice(
            f"{name}: the document is encrypted; remove its password and add it again",
            reason="encrypted",
        )
    if any(_MACROS.search(m.filename) for m in members):
        raise BadNotice(
            f"{name}: the document holds macros; save it as DOCX without them and add it again",
            reason="macro",
        )
    total = sum(m.file_size for m in members)
    swollen = any(
        m.file_size > 2**20 and m.file_size > _HIGHEST_RATIO * max(1, m.compress_size)
        for m in members
    )
    if total > LARGEST_UNPACKED or swollen or len(members) > 10_000:
        raise BadNotice(
            f"{name}: the file unpacks to far more than it should ({total // 2**20} MB) and was "
            "not opened; fetch it again from its source",
            reason="too_large",
        )
