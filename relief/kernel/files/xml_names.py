"""XML that somebody brought, looked at before it is read into names.

A reader that knows namespaces writes the whole address of one before each name that stands in it: a
short file with one long address and thousands of short names fills gigabytes. Here the names are
looked at as they stand, piece by piece, and nothing is kept of them but each name once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.parsers import expat

# The names and addresses of Office and OFD are some hundred and some dozen, of 80 letters at most.
_NAMES_MAX, _ADDRESSES_MAX, _ADDRESS_CHARS_MAX = 1_000, 100, 250
_DECLARES = "xmlns"


def check_names(pieces: Iterable[bytes]) -> None:
    """Raises `ValueError` where XML has more names than any of ours, or long addresses of
    namespaces, or a list of its own entities and defaults (DTD). What is no XML passes as far as
    it goes: its reader stops there as well."""
    seen = _Names()
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen.element
    parser.StartDoctypeDeclHandler = seen.doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
    except expat.ExpatError:
        return


class _Names:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.addresses: set[str] = set()

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        self.names.add(name)
        self.names.update(attributes)
        for each, value in attributes.items():
            if each.startswith(_DECLARES):
                self.addresses.add(value)
                if len(value) > _ADDRESS_CHARS_MAX or len(self.addresses) > _ADDRESSES_MAX:
                    raise ValueError("longer or more namespaces than any document has")
        if len(self.names) > _NAMES_MAX:
            raise ValueError("more names than any document has")

    def doctype(self, *_said: object) -> None:
        raise ValueError("a document that brings its own entities or defaults")
