"""The markup that a letter may be made of, as it comes out: a closed list of elements and
attributes, every tag written in one piece (pure).

What is read here is what a reader of letters gets: comments of the template are gone, its parts
stand together, and where a value, a question or a loop stands there is a mark. A tag is whole
between two marks, or it is none; so no value ever stands within a tag, and whatever a question
answers the tags are those that were read. Nothing is guessed as browsers guess: what is not written
plainly is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Stands for a value, a question or a loop: in no tag.
MARK = "\ufffc"
ELEMENTS = {
    *("article", "aside", "div", "figure", "footer", "header", "main", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote", "hr", "br", "wbr"),
    *("b", "em", "i", "q", "s", "small", "span", "strong", "sub", "sup", "u"),
    *("dl", "dt", "dd", "ol", "ul", "li"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
_WORDS = re.compile(r"[\w \-]*")
_COUNT = re.compile(r"[1-9][0-9]?", re.ASCII)
ATTRIBUTES = {"class": _WORDS, "lang": _WORDS, "colspan": _COUNT, "rowspan": _COUNT}
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)"
    r"(?P<attributes>(?:[ \n\t]+[a-z\-]+=(?:\"[^\"<>&\ufffc]*\"|'[^'<>&\ufffc]*'))*)[ \n\t]*/?>",
    re.IGNORECASE | re.ASCII,
)
_ATTRIBUTE = re.compile(r"([a-z\-]+)=[\"']([^\"']*)[\"']", re.IGNORECASE | re.ASCII)
# A comment that every reader ends at the same place.
_COMMENT = re.compile(r"<!--(?:[^<>\-\ufffc]|-(?!-))*-->")
_SHOWN_CHARS = 40


@dataclass(frozen=True)
class Stray:
    """What has no place in a letter, at an offset; `is_tag` where it is a tag that can be read."""

    at: int
    markup: str
    is_tag: bool


def strays_in(html: str) -> Iterator[Stray]:
    """Everything in a text that is no plain text and none of a letter's own tags."""
    at = html.find("<")
    while at >= 0:
        comment, tag = _COMMENT.match(html, at), _TAG.match(html, at)
        found = comment or tag
        if tag is not None and not _is_ours(tag):
            yield Stray(at, _shown(tag[0]), is_tag=True)
        elif found is None:
            yield Stray(at, _shown(html[at:]), is_tag=False)
        at = html.find("<", found.end() if found else at + 1)


def _is_ours(tag: re.Match[str]) -> bool:
    attributes = _ATTRIBUTE.findall(tag["attributes"])
    names = [name.lower() for name, _value in attributes]
    if tag["name"].lower() not in ELEMENTS or len(names) != len(set(names)):
        return False
    if tag["close"]:
        return not names
    return all(
        name in ATTRIBUTES and ATTRIBUTES[name].fullmatch(value)
        for name, (_name, value) in zip(names, attributes, strict=True)
    )


def _shown(markup: str) -> str:
    """As much of it as says where it is."""
    first = markup.split("\n")[0].replace(MARK, "…")
    end = first.find(">") + 1
    return first[: end or None][:_SHOWN_CHARS]
