"""Persons and their identity numbers: finding them, and not doubling them."""

from __future__ import annotations

import os

# Names are read character by character; the dictionary of phrases would make every start slower.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
