"""Passwords that are tried first (pure): own rules of thumb instead of a list of a million.

Whoever guesses puts together a few words that everybody takes, the user's name, runs of keys and
repetitions. What of a password is nothing but that counts for nothing: where too little is left, it
is guessable however long it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LEFT_LEAST = 4
_RUN_LEAST = 4
_WORDS = (
    "password", "passwort", "passwd", "passw", "administrator", "admin", "welcome", "letmein",
    "iloveyou", "woaini", "changeme", "relief", "gonghui", "bangfu", "zhongguo", "china", "mima",
    "520", "1314",
    "工会", "帮扶", "困难职工", "中心", "密码", "中国", "我爱你",
)  # fmt: skip
_ROWS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)  # fmt: skip
_RUNS = {row[at : at + 2] for line in _ROWS for row in (line, line[::-1]) for at in range(len(row))}
_YEARS = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.{1,6}?)\1+")
_AS_LETTERS = str.maketrans("@430$51!7", "aaeossiit")


def is_guessable(password: str, username: str) -> bool:
    """True where it is little more than what everybody tries."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    words = sorted({*_WORDS, *filter(None, [username])}, key=len, reverse=True)
    common = re.compile("|".join(map(re.escape, words)))
    rest = _without(common, plain, plain)
    rest = _without(common, rest, rest.translate(_AS_LETTERS))
    return _left(rest) < LEFT_LEAST


def _without(common: re.Pattern[str], plain: str, read_as: str) -> str:
    """The text with blanks in the place of words, as they are found in what it may be read as."""
    for found in common.finditer(read_as):
        blanks = " " * (found.end() - found.start())
        plain = plain[: found.start()] + blanks + plain[found.end() :]
    return plain


def _left(rest: str) -> int:
    """How many characters count for something, beside years, runs and repetitions."""
    rest = " ".join(_between_runs(_YEARS.sub(" ", rest)))
    while rest != (shorter := _REPEATED.sub(r"\1", rest)):
        rest = shorter
    return sum(character.isalnum() for character in rest)


def _between_runs(text: str) -> Iterator[str]:
    """The pieces beside runs of neighbouring keys, letters or digits."""
    start = piece = 0
    for end in range(1, len(text) + 1):
        if text[end - 1 : end + 1] in _RUNS and end < len(text):
            continue
        if end - start >= _RUN_LEAST:
            yield text[piece:start]
            piece = end
        start = end
    yield text[piece:]
