"""What is handed over the counter in the demo: a receipt to whoever brings a matter, the copy of an
identity card to the clerk."""

from __future__ import annotations

from relief.bootstrap import Relief
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.work import Work
from relief.letters.service import issue_letter
from relief.papers.service import SentFile, attach

_LANGUAGE = "zh"


def give_receipt(relief: Relief, work: Work, clerk: Actor, reference: str) -> None:
    """Issue the receipt of a case that was just opened."""
    case = find_case(work, reference, clerk)
    issue_letter(work, relief.letters, clerk, case, "receipt", _LANGUAGE)


def take_identity_card(relief: Relief, work: Work, clerk: Actor, reference: str) -> None:
    """Attach what stands for the copy of an identity card."""
    case = find_case(work, reference, clerk)
    file = SentFile("身份证.pdf", _page(f"Rehearsal: the identity card for {reference}"))
    attach(work, relief.papers, clerk, case, file, "identity_card")


def _page(line: str) -> bytes:
    """A PDF of one page with one line on it."""
    drawn = f"BT /F1 14 Tf 60 760 Td ({line}) Tj ET".encode("ascii")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(content))
    )
