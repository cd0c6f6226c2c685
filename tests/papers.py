"""Papers that people bring, in a test: files of every kind, and attaching them in short words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.papers.queries import ListedPaper, papers_of
from relief.papers.service import SentFile, attach
from tests.office import CHEN, Office

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 10 + b"\xff\xda\x00\x02\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def types_part(part: str, content_type: str, more: str = "") -> bytes:
    """The list of types of an Office file whose main part is this one."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.x+xml"/>'
        f'<Override PartName="{part}" ContentType="{content_type}"/>{more}</Types>'
    ).encode()


OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES_PART = types_part("/word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml")
DOCX = zipped({"[Content_Types].xml": TYPES_PART, "word/document.xml": b"<w/>"})
XLSX = zipped(
    {
        "[Content_Types].xml": types_part(
            "/xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"
        ),
        "xl/workbook.xml": b"<x/>",
    }
)
OFD = zipped({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>"})
DOCM = zipped(
    {
        "[Content_Types].xml": TYPES_PART,
        "word/document.xml": b"<w/>",
        "word/vbaProject.bin": b"\x00",
    }
)
TEXT = "工资欠三个月\n厂里说没有钱".encode()
BROUGHT: Mapping[str, tuple[str, bytes]] = {
    "pdf": ("证明.pdf", PDF),
    "jpeg": ("照片.JPG", JPEG),
    "png": ("截图.png", PNG),
    "heic": ("IMG_0001.HEIC", HEIC),
    "docx": ("申请书.docx", DOCX),
    "xlsx": ("流水.xlsx", XLSX),
    "ofd": ("发票.ofd", OFD),
    "txt": ("说明.txt", TEXT),
}


def attached(
    office: Office,
    reference: str,
    name: str = "证明.pdf",
    content: bytes = PDF,
    *,
    actor: Actor = CHEN,
    kind: str = "",
) -> ListedPaper:
    """Somebody brings a paper, and it is attached."""
    with office.relief.work() as work:
        case = find_case(work, reference, actor)
        paper = attach(work, office.relief.papers, actor, case, SentFile(name, content), kind)
        work.commit()
    return paper


def papers(office: Office, reference: str) -> list[ListedPaper]:
    """The papers of a case, those taken back among them."""
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        return papers_of(work, case.kind.key, case.id)
