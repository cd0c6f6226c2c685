"""A file is what its bytes say, and its name has to say the same."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.kernel.files.zips import opened_zip
from relief.papers.contents import FILE_BYTES_MAX, type_of
from relief.papers.names import NAME_CHARS_MAX, file_problems, name_of
from relief.papers.packages import package_of
from tests.papers import (
    BROUGHT,
    DOCM,
    DOCX,
    JPEG,
    OFFICE,
    OLD_OFFICE,
    PDF,
    PNG,
    TEXT,
    TYPES_PART,
    XLSX,
    types_part,
    zipped,
)


def codes(name: str, content: bytes) -> list[str]:
    return [problem.code for problem in file_problems(name, content)]


def said(name: str, content: bytes) -> str:
    return " ".join(str(problem.text) for problem in file_problems(name, content))


@pytest.mark.parametrize(("key", "brought"), BROUGHT.items())
def test_what_people_bring_is_known_by_its_bytes(key: str, brought: tuple[str, bytes]) -> None:
    name, content = brought
    found = type_of(content)
    assert found is not None
    assert found.key == key
    assert codes(name, content) == []


@pytest.mark.parametrize("wrong", ["证明.pdf", "证明.docx", "证明.pdf.exe", "证明"])
def test_name_that_says_another_kind_is_refused_with_what_it_is(wrong: str) -> None:
    assert codes(wrong, PNG) == ["paper.lies"]
    told = said(wrong, PNG)
    assert "a PNG picture" in told
    assert ".png" in told


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"MZ\x90\x00" + b"\x00" * 60, "a program"),
        (b"#!/bin/sh\nrm -rf /\n", "a program"),
        (OLD_OFFICE, "an Office file of the old kind"),
        (DOCM, "an Office file with macros"),
        (zipped({"a.txt": b"a"}), "an archive of files"),
        (b"Rar!\x1a\x07\x00", "an archive of files"),
        (b"GIF89a" + b"\x00" * 20, "a GIF picture"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
        (b"<svg onload='alert(1)'/>", "a web page"),
        (b"\xef\xbb\xbf\n <HTML><body>", "a web page"),
        (
            b"%PDF-1.7\n<</OpenAction<</S/Launch/F(a.exe)>>>>",
            "a PDF document that starts a program",
        ),
        (b"%PDF-1.7\n<</S/JavaScript/JS(app.alert)>>", "a PDF document that starts a program"),
        (b"\xff\xd8\xff<html><script>alert(1)</script>", "a file of a kind that is not known here"),
        (
            zipped({"OFD.xml": b"<ofd/>", "setup.exe": b"MZ"}),
            "an OFD document with a program in it",
        ),
        (
            zipped({"OFD.xml": b"<ofd/>", "a.xml": b"MZ\x90"}),
            "an OFD document with a program in it",
        ),
        ("长".encode() * 400_000, "a file of a kind that is not known here"),
        (b"<?xml version='1.0'?><a/>", "an XML file"),
        (b"\x00\x01\x02\x03", "a file of a kind that is not known here"),
        ("\u202etxt.exe".encode(), "a file of a kind that is not known here"),
    ],
)
def test_what_is_not_taken_is_told_by_its_right_name(content: bytes, what: str) -> None:
    assert codes("证明.pdf", content) == ["paper.type_unknown"]
    told = said("证明.pdf", content)
    assert what in told
    assert "a PDF document" in told  # what would be right


MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO_TYPES = types_part("/word/document.xml", MACRO)
VBA = '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
SHEET = '<Override PartName="/xl/a.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'


def docx(types: bytes = TYPES_PART, more: Mapping[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": types, "word/document.xml": b"<w/>"}
    return zipped(parts | dict(more or {}))


@pytest.mark.parametrize(
    ("hidden", "what"),
    [
        (docx(MACRO_TYPES), "with macros"),
        (docx(MACRO_TYPES.decode().replace("UTF-8", "UTF-16").encode("utf-16")), "with macros"),
        (docx(MACRO_TYPES.replace(b"macroEnabled", b"macro&#69;nabled")), "with macros"),
        (docx(types_part("/word/document.xml", OFFICE, VBA)), "with macros"),
        (docx(types_part("/xl/workbook.xml", OFFICE, SHEET)), "with macros"),
        (docx(more={"xl/macrosheets/sheet1.xml": b"<x/>"}), "with macros"),
        (docx(more={"word/vba.bin": OLD_OFFICE}), "with objects of other programs"),
        (docx(more={"word/embeddings/oleObject1.bin": b"MZ"}), "with objects of other programs"),
        (docx(MACRO_TYPES.replace(b"<Def", b" " * 1_100_000 + b"<Def")), "read plainly"),
        (docx(TYPES_PART.replace(b"<Types", b"<!DOCTYPE a []><Types")), "read plainly"),
        (docx(b"no list"), "read plainly"),
        (docx(more={"_rels/.rels": b"<R>" + b"<a/>" * 10_001 + b"</R>"}), "read plainly"),
        (docx(more={f"{n}.rels": b"<R>" + b" " * 200_000 + b"</R>" for n in "ab"}), "read plainly"),
    ],
    ids=range(13),
)  # fmt: skip
def test_office_file_is_judged_by_its_parts_and_refused_where_they_do_not_show(
    hidden: bytes, what: str
) -> None:
    assert codes("a.docx", hidden) == ["paper.type_unknown"]
    assert f"an Office file {what}" in said("a.docx", hidden).replace("whose parts cannot be ", "")


def long_names(attributes: bool) -> str:
    """A short text of which a reader makes thousands of names of a quarter of a megabyte."""
    said = " ".join(f'a:b{n:x}=""' for n in range(900)), "".join(f"<a:b{n:x}/>" for n in range(900))
    address = "u" * 100_000
    return (
        f'<x xmlns:a="{address}" {said[0]}/>'
        if attributes
        else f'<x xmlns:a="{address}">{said[1]}</x>'
    )


@pytest.mark.parametrize("attributes", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels"])
def test_names_that_grow_when_they_are_read_are_not_read(
    part: str, encoding: str, attributes: bool
) -> None:
    bomb = f"<R>{long_names(attributes)}</R>".encode(encoding)
    content = docx(more={part: bomb})
    assert len(content) < 10_000
    assert codes("a.docx", content) == ["paper.type_unknown"]
    assert "read plainly" in said("a.docx", content).replace("cannot be ", "")


def links(kind: str) -> bytes:
    place = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<Relationships><Relationship Id="a" Type="{place}/{kind}" '
        'Target="http://example.org/a" TargetMode="External"/></Relationships>'
    ).encode()


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "image", "frame"])
def test_office_file_that_loads_from_elsewhere_is_refused(kind: str) -> None:
    content = docx(more={"word/_rels/settings.xml.rels": links(kind)})
    assert codes("a.docx", content) == ["paper.type_unknown"]
    assert "an Office file that loads something from elsewhere" in said("a.docx", content)


def test_links_that_one_follows_by_a_click_are_taken() -> None:
    content = docx(more={"word/_rels/document.xml.rels": links("hyperlink")})
    assert codes("a.docx", content) == []


@pytest.mark.parametrize(
    "name", [b"/Java#53cript", b"/#4aavaScript", b"/#4Caunch", b"/#4C#61#75#6e#63#68"]
)
def test_names_in_a_pdf_are_known_however_they_are_written(name: bytes) -> None:
    told = said("a.pdf", PDF + b"<</OpenAction<</S" + name + b"/F(cmd.exe)>>>>")
    assert "a PDF document that starts a program" in told


@pytest.mark.parametrize(
    ("within", "taken"), [(b"MZ\x90", False), (b"\x7fELF", False), (b"<xbrl/>", True)]
)
def test_pdf_may_hold_its_figures_and_no_program(within: bytes, taken: bool) -> None:
    """An electronic bill may carry its figures along for other programs."""
    content = PDF + b"<</Type/#45mbeddedFile/Length 9>>stream\r\n" + within + b"\nendstream"
    assert (codes("a.pdf", content) == []) is taken


def field(*pieces: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    mark = '<w:fldChar w:fldCharType="{}"/>'
    return f"<w:p>{mark.format('begin')}{runs}{mark.format('end')}</w:p>"


def simple(instruction: str) -> str:
    return f'<w:fldSimple w:instr="{instruction}"/>'


PICTURE = "INCLUDEPICTURE &quot;http://example.org/a.png&quot;"


@pytest.mark.parametrize(
    "words",
    [
        field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc.exe"'),
        field("DD", "EA", "UTO cmd x"),
        field(" &#68;DE cmd x"),
        simple("dde cmd x"),
        field("PAGE") + field("DDE cmd x"),
        field("QUOTE " + field("DDEAUTO cmd x")),
        simple(f"{PICTURE} \\d"),
        simple("INCLUDEPICTURE&#10;&quot;\\\\\\\\evil\\\\a.png&quot; \\d \\* MERGEFORMAT"),
        field('INCLUDETEXT "https://example.org/a.docx"'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_word_document_with_a_field_that_runs_or_fetches_is_refused(
    words: str, encoding: str
) -> None:
    content = docx(more={"word/document.xml": f"<w>{words}</w>".encode(encoding)})
    assert codes("a.docx", content) == ["paper.type_unknown"]
    assert "or starts another program" in said("a.docx", content)


@pytest.mark.parametrize(
    "words",
    [
        field("PAGE \\* MERGEFORMAT"),
        field('HYPERLINK "http://example.org/dde/a"'),
        simple(f"{PICTURE} \\* MERGEFORMATINET"),  # as it comes from a page; kept within
        simple("INCLUDEPICTURE &quot;D:\\\\data\\\\a.png&quot; \\d"),
        "<w:t>DDEAUTO instr</w:t>",
    ],
)
def test_word_document_with_other_fields_is_taken(words: str) -> None:
    assert codes("a.docx", docx(more={"word/document.xml": f"<w>{words}</w>".encode()})) == []


@pytest.mark.parametrize(
    "words",
    [
        simple("PAGE") * 400_001,
        f"<w:instrText>{'a' * 1_000_001}</w:instrText>",
        "<w:instrText>PAGE",
        f"<w:instrText>{' ' * 33_000_000}</w:instrText>",
    ],
    ids=["marks", "words", "torn", "bomb"],
)
def test_more_fields_than_any_document_has_are_not_read(words: str) -> None:
    found = package_of(docx(more={"word/document.xml": f"<w>{words}</w>".encode()}))
    assert found is not None
    assert not found.is_plain


def workbook(types: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    main = types_part("/xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml", types)
    return zipped({"[Content_Types].xml": main, "xl/workbook.xml": b"<x/>"} | dict(more or {}))


def test_workbook_that_asks_another_program_is_refused() -> None:
    part, kind = "xl/externalLinks/a.xml", f"{OFFICE}.spreadsheetml.externalLink+xml"
    types = f'<Override PartName="/{part}" ContentType="{kind}"/>'
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    assert "or starts another program" in said("a.xlsx", workbook(types, {part: link}))


@pytest.mark.parametrize(
    ("inner", "what"),
    [
        (DOCM, "with macros"),
        (docx(more={"word/a.bin": OLD_OFFICE}), "with objects of other programs"),
        (docx(more={"word/_rels/a.rels": links("image")}), "that loads something from elsewhere"),
        (docx(more={"word/embeddings/a.xlsx": XLSX}), "with objects of other programs"),
        (docx(b"no list"), "whose parts cannot be read plainly"),
        (zipped({"a.txt": b"a"}), "with objects of other programs"),
    ],
    ids=["macros", "object", "link", "deeper", "untold", "archive"],
)
def test_file_within_a_document_is_judged_as_one(inner: bytes, what: str) -> None:
    content = docx(more={"word/embeddings/Microsoft_Word.docx": inner})
    assert f"an Office file {what}" in said("a.docx", content)


def test_workbook_behind_a_chart_is_taken() -> None:
    assert codes("a.docx", docx(more={"word/embeddings/Workbook1.xlsx": XLSX})) == []


def test_more_files_within_than_any_document_has_are_not_read() -> None:
    many = {f"word/embeddings/{number}.xlsx": XLSX for number in range(51)}
    found = package_of(docx(more=many))
    assert found is not None
    assert not found.is_plain


@pytest.mark.parametrize("name", ["word/media/a.exe", "word/media/A.BAT", "word/media/a.png"])
def test_office_file_with_a_program_in_it_is_refused(name: str) -> None:
    content = docx(more={name: b"MZ\x90\x00"})
    assert "an Office file with objects of other programs" in said("a.docx", content)


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_parts_folded_as_no_office_folds_them_are_not_opened(way: int) -> None:
    """Of these a library unfolds a whole piece, however little is asked for."""
    content = io.BytesIO(docx())
    with zipfile.ZipFile(content, "a", way) as archive:
        archive.writestr("word/big.xml", b"a")
    assert type_of(content.getvalue()) is None


def test_picture_without_end_of_pieces_is_not_read_through() -> None:
    assert type_of(b"\xff\xd8" + b"\xff" * 20_000 + JPEG[2:]) is None


def test_more_parts_than_any_document_has_are_not_opened() -> None:
    assert type_of(docx(more={f"word/{number}.xml": b"" for number in range(2_000)})) is None


def test_picture_may_have_filling_between_its_pieces() -> None:
    assert codes("a.jpg", JPEG[:2] + b"\xff\xff" + JPEG[2:]) == []


def test_main_part_of_an_office_file_may_have_another_name() -> None:
    """Word in a browser calls it document2.xml."""
    types = TYPES_PART.replace(b"document.xml", b"document2.xml")
    content = zipped({"[Content_Types].xml": types, "word/document2.xml": b"<w/>"})
    assert codes("a.docx", content) == []


@pytest.mark.parametrize(
    "broken",
    [
        DOCX[:40],
        DOCX[:-10],
        DOCX[:-22],
        zipped({"[Content_Types].xml": TYPES_PART}),
        b"PK\x03\x04" + b"\x00" * 100,
    ],
    ids=["torn", "half a tail", "no tail", "no main part", "nothing in it"],
)
def test_office_file_that_is_none_is_an_archive(broken: bytes) -> None:
    assert type_of(broken) is None


def test_members_are_counted_whichever_tail_names_them() -> None:
    """The longer tail has a number of its own, and a reader believes that one."""
    member = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    begins, count = b"PK\x03\x04" + b"\x00" * 26, 2_001
    size, at = len(member) * count, len(begins)
    longer = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, at)
    finds = struct.pack("<4sLQL", b"PK\x06\x07", 0, at + size, 1)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, 1_000, at, 0)
    content = begins + member * count + longer + finds + tail
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == count
    assert opened_zip(content) is None
    assert opened_zip(DOCX) is not None


def test_list_of_members_without_end_is_not_read() -> None:
    content = bytearray(XLSX)
    struct.pack_into("<L", content, content.rfind(b"PK\x05\x06") + 12, 4_000_000_000)
    assert type_of(bytes(content)) is None


def test_bomb_stays_folded() -> None:
    bomb = docx(more={"word/big.xml": b" " * 50_000_000})
    assert len(bomb) < 100_000
    found = type_of(bomb)
    assert found is not None  # it is handed out as it came, and nobody here unfolds it


@pytest.mark.parametrize("words", ["BMW欠薪三个月", "MZ厂\n欠薪", "PK 3"])
def test_text_may_begin_as_another_file_does(words: str) -> None:
    assert codes("a.txt", words.encode()) == []


def test_text_in_the_office_encoding_of_windows_is_text() -> None:
    found = type_of("工资条".encode("gb18030"))
    assert found is not None
    assert found.key == "txt"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\x00.pdf", "paper.name_characters"),
        ("工资\u202efdp.pdf", "paper.name_characters"),
        ("two\nlines.pdf", "paper.name_characters"),
        ("a?.pdf", "paper.name_characters"),
        ("a" * NAME_CHARS_MAX + ".pdf", "paper.name_too_long"),
        ("汉" * 116 + ".pdf", "paper.name_too_long"),
        ("a\u200b.pdf", "paper.name_characters"),
        ("a\u200e.pdf", "paper.name_characters"),
        ("a\u2028.pdf", "paper.name_characters"),
        ("\u3164.pdf", "paper.name_characters"),
        ("a\U000e0041.pdf", "paper.name_characters"),
        ("CON.pdf", "paper.name_device"),
        ("aux .x.pdf", "paper.name_device"),
        ("COM¹.pdf", "paper.name_device"),
    ],
)
def test_name_that_no_folder_takes_is_refused(name: str, code: str) -> None:
    assert codes(name, PDF) == [code]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("C:\\Users\\陈\\身份证.pdf", "身份证.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("  .pdf ", "pdf"),
        ("身份证.pdf", "身份证.pdf"),
    ],
)
def test_only_the_last_part_of_a_name_is_kept(sent: str, name: str) -> None:
    assert name_of(sent) == name


def test_nothing_and_too_much_are_refused() -> None:
    assert codes("空.pdf", b"") == ["paper.empty"]
    assert codes("大.pdf", PDF.ljust(FILE_BYTES_MAX)) == []
    assert codes("大.pdf", PDF.ljust(FILE_BYTES_MAX + 1)) == ["paper.too_large"]
    assert codes("..", b"") == ["paper.no_name", "paper.empty"]


@given(
    st.binary(min_size=1, max_size=300),
    st.sampled_from([b"", PDF[:8], JPEG[:4], DOCX[:30], TEXT[:6]]),
)
def test_whatever_is_brought_is_a_kind_or_refused_and_never_breaks(
    tail: bytes, head: bytes
) -> None:
    content = head + tail
    assert type_of(content) is None or codes("文件", content) == (["paper.lies"])


@given(st.text(max_size=40))
def test_whatever_a_name_holds_it_is_one_part_or_refused(sent: str) -> None:
    if not codes(f"{sent}.pdf", PDF):
        kept = name_of(f"{sent}.pdf")
        assert kept == kept.strip(" .")
        assert not set(kept) & set('/\\<>:"|?*\0\n')
