"""What somebody might type who means no good, or whose keyboard went mad: a value a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from tests.web.conftest import Visitor
from tests.web.markup import Form, Page

# What every answer carries, written down here once more: a header that is taken away is missed.
REQUIRED = (
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
    "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
)  # fmt: skip

VALUES = {
    "nothing": "",
    "spaces": " \t\u3000\u00a0 ",
    "NUL": "吴\x00试\x00",
    "20,000 characters": "长" * 20_000,
    "20,001 characters": "<&\"'" * 5_000 + "x",
    "bidi": "\u202e\u2066abc\u2069吴\u200f\u202d",
    "emoji": "👨‍👩‍👧‍👦🀄🏴‍☠️" * 20,
    "combining": "a" + "\u0301" * 2_000,
    "formula": "=HYPERLINK(\"http://hostile.example\";'x')",
    "formula of a sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "script": "</textarea></title><script>hostile()</script>",
    "attribute": "\"'><img src=x onerror=hostile()><svg/onload=hostile()>",
    "handler": "' onfocus='hostile()' autofocus x=\"\" onclick=hostile() ",
    "address": "javascript:hostile()//",
    "template": "{{ 7*7 }}{% raw %}{name}%(name)s${7*7}",
    "line breaks": "a\r\nSet-Cookie: hostile=1\r\n\r\n<b>b\u2028\u2029\x85\x0b\x0c",
    "a long number": "9" * 60,
    "a negative number": "-1",
    "much": "1e999",
    "not a number": "NaN",
    "digits of elsewhere": "٣２³",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "no day": "2005-02-30",
    "a lone surrogate": "吴\ud800试\udfff",
    "no character": "\ufffe\uffff\U0010ffff",
    "SQL": "' OR 1=1; DROP TABLE person; --\\%_",
    "path": "../../../../etc/passwd",
}
# A page, and what was sent, every character of it escaped.
_PAGE_BYTES_MAX, _ESCAPED_BYTES_MAX = 150_000, 5
# What is plausible in a field, by its name; else by its type.
_PLAUSIBLE = {
    "name": "吴试甲",
    "matter": "工资没有发",
    "answer": "已解释",
    "reason": "写错了",
    "phone": "13800000000",
    "heads": "1",
    "password": "correct horse battery",
}
_OF_TYPE = {"date": "2005-06-27", "time": "09:00", "number": "1", "month": "2005-06"}


def filled_in(form: Form) -> dict[str, str]:
    """A form as somebody might send it."""
    return {
        name: field.value
        or _PLAUSIBLE.get(name)
        or next(filter(None, field.options), "")
        or _OF_TYPE.get(field.type, "试用")
        for name, field in form.fields.items()
        if field.type != "checkbox" and name != "csrf_token"
    }


def assaults(form: Form, one_in: int = 1) -> Iterator[tuple[str, dict[str, str]]]:
    """The form with something hostile in each of its fields in turn (one kind in so many, another
    for each field), and in all at once."""
    plausible = filled_in(form)
    names = [name for name in form.fields if name != "csrf_token"]
    for number, (kind, value) in enumerate(VALUES.items()):
        for place, name in enumerate(names):
            if (number + place) % one_in == 0:
                yield f"{name}: {kind}", {**plausible, name: value}
        yield f"everywhere: {kind}", dict.fromkeys(names, value)


def send(visitor: Visitor, path: str, fields: Mapping[str, str]) -> TestResponse:
    """Send a form byte by byte as it is, lone surrogates too."""
    body = urlencode({"csrf_token": visitor.token, **fields}, errors="surrogatepass")
    kind = "application/x-www-form-urlencoded"
    return visitor.client.post(path, data=body.encode(), content_type=kind)


def address_with(path: str, **asked: Any) -> str:
    """An address with such a query, lone surrogates too."""
    return f"{path}?{urlencode(asked, errors='surrogatepass')}"


def faults_of(answer: TestResponse, sent: int = 0) -> list[str]:
    """What is wrong with an answer whatever was sent (so many characters): a failure, too much of
    it, broken markup, something alive in it, a header that lacks."""
    found = []
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    answer.get_data()
    answer.close()
    if len(answer.data) > _PAGE_BYTES_MAX + sent * _ESCAPED_BYTES_MAX:
        found.append(f"{len(answer.data)} bytes")
    found += [f"no {name}" for name in REQUIRED if name not in answer.headers]
    found += [f"{name} twice" for name in REQUIRED if len(answer.headers.getlist(name)) > 1]
    if answer.headers.get("hostile") or "hostile=1" in str(answer.headers.getlist("Set-Cookie")):
        found.append("a header of the sender's")
    if answer.mimetype == "text/html" and answer.status_code not in range(300, 400):
        text = answer.data.decode()  # strict: no half characters go out
        found += ["a NUL goes out"] if "\x00" in text else []
        found += Page(text).faults
    return found
