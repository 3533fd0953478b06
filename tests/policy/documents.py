"""Small real files of each format, made from the same paragraphs."""

from __future__ import annotations

import io
import zipfile

PARAGRAPHS = (
    "长春市残疾人联合会关于做好残疾人培训工作的通知",
    "长残联发〔2026〕7号",
    "各县（市）区残联：",
    "为做好残疾人培训工作，现就有关事项通知如下：",
    "一、工作目标",
    "2026年底前，全市培训残疾人不少于800人次，其中盲人120人左右，培训合格率不低于90%，并为参加培训的残疾人"
    "按规定给予交通补贴。",
    "二、保障措施",
    "（一）加强领导。各县（市）区残联要明确专人负责。（市残联、市财政局按职责分工负责）",
    "长春市残疾人联合会",
    "2026年2月3日",
)
PATHS = ["文件头", "前言", "一", "二", "二（一）"]


def docx_file(paragraphs: tuple[str, ...] = PARAGRAPHS) -> bytes:
    import docx

    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def wrapped(paragraphs: tuple[str, ...] = PARAGRAPHS, width: int = 28) -> list[str]:
    """Printed lines: two characters' indent for what is long, broken at the right edge."""
    lines: list[str] = []
    for text in paragraphs:
        rest = text if len(text) <= 26 and not text.endswith("。") else "　　" + text
        while rest:
            lines.append(rest[:width])
            rest = rest[width:]
    return lines


def pdf_file(lines: list[str] | None = None) -> bytes:
    """A page in STSong with a predefined character map, written by hand."""
    parts: list[str] = []
    for n, line in enumerate(lines or wrapped()):
        indent = len(line) - len(line.lstrip("　"))
        text = line.lstrip("　").encode("utf-16-be").hex()
        parts.append(f"BT /F1 14 Tf {72 + 14 * indent} {780 - 24 * n} Td <{text}> Tj ET")
    stream = "\n".join(parts).encode()
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93/ItalicAngle 0/FontBBox[0 -120 1000 880]>>>>]>>"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>",
        font,
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    return _pdf(objects, b"")


def encrypted_pdf_file() -> bytes:
    """Asks for a password that nobody gave: its encryption dictionary matches none."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>" % (b"11" * 32, b"22" * 32),
    ]
    return _pdf(objects, b"/Encrypt 3 0 R/ID[<00><00>]")


def _pdf(objects: list[bytes], trailer: bytes) -> bytes:
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for n, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, body))
    at = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    size = len(objects) + 1
    out.write(b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, at))
    return out.getvalue()


def ofd_file(lines: list[str] | None = None) -> bytes:
    """One page whose lines are text objects with places in millimetres."""
    objects = []
    for n, line in enumerate(lines or wrapped()):
        indent = len(line) - len(line.lstrip("　"))
        text = line.lstrip("　")
        objects.append(
            f'<ofd:TextObject ID="{n + 10}" Font="1" Size="5" '
            f'Boundary="{25 + 5 * indent} {30 + 9 * n} {5 * len(text)} 6">'
            f'<ofd:TextCode X="0" Y="5" DeltaX="g {max(len(text) - 1, 1)} 5">{text}</ofd:TextCode>'
            "</ofd:TextObject>"
        )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    members = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        "</ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2">'
        + "".join(objects)
        + "</ofd:Layer></ofd:Content></ofd:Page>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def html_file() -> bytes:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"<html><body><script>1</script>{body}</body></html>".encode()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (30 * 2**20))
    return out.getvalue()


def encrypted_docx_file() -> bytes:
    """What Word writes with a password: an OLE file that holds an EncryptedPackage."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
