from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.errors import BadNotice
from policy.reading import read_notice

sys.path.insert(0, str(Path(__file__).resolve().parent))
import documents

FILES = {
    "text": lambda: "\n".join(documents.PARAGRAPHS).encode(),
    "gb18030": lambda: "\r\n".join(documents.PARAGRAPHS).encode("gb18030"),
    "utf-16": lambda: "\n".join(documents.PARAGRAPHS).encode("utf-16"),
    "html": documents.html_file,
    "docx": documents.docx_file,
    "pdf": documents.pdf_file,
    "ofd": documents.ofd_file,
}


@pytest.mark.parametrize("kind", FILES)
def test_every_format_gives_the_same_clauses_whatever_the_file_is_called(kind: str) -> None:
    notice = read_notice(FILES[kind](), "notice.dat")
    assert [c.path for c in notice.clauses] == documents.PATHS
    assert notice.number == "长残联发〔2026〕7号"
    assert notice.title == documents.PARAGRAPHS[0]
    assert notice.clauses[2].text == "\n".join(documents.PARAGRAPHS[4:6])
    assert notice.clauses[4].departments == ("市残联", "市财政局")
    assert [(t.number, t.unit) for t in notice.clauses[2].targets] == [
        ("800", "人次"), ("120", "人"), ("90", "%"),
    ]  # fmt: skip


BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\n", "empty"),
    "huge": (b"a" * (50 * 2**20), "MB"),
    "png called txt": (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
    "zip bomb": (documents.zip_bomb, "unpacks"),
    "encrypted pdf": (documents.encrypted_pdf_file, "encrypted"),
    "encrypted docx": (documents.encrypted_docx_file, "encrypted"),
    "broken pdf": (b"%PDF-1.7 nothing follows", "damaged"),
    "broken zip": (b"PK\x03\x04" + b"x" * 50, "damaged"),
    "noise": (bytes(range(256)) * 40, "text"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_notice_is_refused_with_its_cause(case: str) -> None:
    data, word = BAD[case]
    with pytest.raises(BadNotice, match=word):
        read_notice(data() if callable(data) else data, "notice.txt")


def test_words_own_numbers_become_part_of_the_text() -> None:
    import io

    import docx

    document = docx.Document()
    document.add_paragraph("关于培训的通知")
    for text in ("摸清底数。要开展调查。", "组织培训。要按时完成。"):
        document.add_paragraph(text, style="List Number")
    out = io.BytesIO()
    document.save(out)
    notice = read_notice(out.getvalue(), "n.docx")
    assert [(c.path, c.title) for c in notice.clauses[-2:]] == [
        ("1", "摸清底数"),
        ("2", "组织培训"),
    ]
