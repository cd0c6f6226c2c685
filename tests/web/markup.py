"""A page as a browser reads it: its forms, and what is broken or alive in it that must not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_CLOSES_ITSELF = frozenset({"li", "dt", "dd", "p", "tr", "td", "th", "option", "thead", "tbody"})
_LINKS = frozenset({"href", "src", "action", "formaction"})


def _is_still(frame: Mapping[str, str]) -> bool:
    """True of a frame that shows a page of ours in which nothing runs."""
    rights = frame.get("sandbox", "allow-scripts").split()
    return frame.get("src", "").startswith("/cases/") and "allow-scripts" not in rights


@dataclass
class Field:
    """A field of a form, as it stands."""

    name: str
    type: str
    value: str
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form: where it goes, and its fields by name."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)


class Page(HTMLParser):
    """Reads a page; `faults` are tags that do not match, ids that are there twice, scripts in the
    page, handlers and script addresses in attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> says something twice: {attrs}")
        self._look_for_life(tag, given)
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "a":
            self.links.append(given.get("href", ""))
        self._collect(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self._open:
            self.faults.append(f"</{tag}> closes nothing")
            return
        while (last := self._open.pop()) != tag:
            if last not in _CLOSES_ITSELF:
                self.faults.append(f"<{last}> is closed by </{tag}>")
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # The first line break after the tag belongs to the markup.
            self._area.value += data if self._area.value else data.removeprefix("\n")
        if self._open[-1:] == ["script"] and data.strip():
            self.faults.append("a script in the page")

    def _look_for_life(self, tag: str, given: dict[str, str]) -> None:
        if given.get("id") in self._ids:
            self.faults.append(f"the id {given['id']} is there twice")
        self._ids |= {given["id"]} if "id" in given else set()
        for name, value in given.items():
            if name.startswith("on") or name == "style":
                self.faults.append(f"<{tag} {name}={value[:60]}>")
            if name in _LINKS and value.strip().lower().startswith(("javascript:", "data:")):
                self.faults.append(f"<{tag} {name}={value[:60]}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.faults.append(f"<script {given}>")
        if tag == "iframe" and _is_still(given):
            return
        if tag in {"iframe", "object", "embed", "base", "img"}:
            self.faults.append(f"<{tag}>")

    def _collect(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            return
        name = given.get("name", "")
        if tag == "option" and self._select is not None:
            value = given.get("value", "")
            self._select.options.append(value)
            if "selected" in given or len(self._select.options) == 1:
                self._select.value = value
        if not self.forms or not name or tag not in {"input", "textarea", "select"}:
            return
        self._field(tag, name, given)

    def _field(self, tag: str, name: str, given: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        kind = given.get("type", "text") if tag == "input" else tag
        found = fields.setdefault(name, Field(name, kind, ""))
        if kind in {"radio", "checkbox"}:
            found.options.append(given.get("value", "on"))
            if "checked" in given:
                found.value = given.get("value", "on")
            return
        found.value = given.get("value", "")
        self._select = found if tag == "select" else self._select
        self._area = found if tag == "textarea" else self._area
