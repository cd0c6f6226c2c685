"""Looking at many things at once: what several of them ask for is read once.

A guard asks for what it needs by a function, whether it judges a step that is taken or the cases of
a whole page. While it is only looked (`looking`), functions marked by `@asked_once` answer the same
question from what they answered before; whoever knows the answers to many of them from one
statement hands them over beforehand (`know`). Outside of that, each asks the database as ever:
where something is written, nothing is answered from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar, TypeVarTuple

from relief.kernel.unit_of_work import UnitOfWork

Asked = TypeVarTuple("Asked")
Answer = TypeVar("Answer")
W = TypeVar("W", bound=UnitOfWork)


@contextmanager
def looking(work: UnitOfWork) -> Iterator[None]:
    """Nothing is written in here: the same questions have the same answers."""
    before = work.looked
    work.looked = {} if before is None else before
    try:
        yield
    finally:
        work.looked = before


def asked_once(read: Callable[[W, *Asked], Answer]) -> Callable[[W, *Asked], Answer]:
    """A read whose answer several may ask for; its arguments are given by their places."""

    @wraps(read)
    def answer(work: W, *asked: *Asked) -> Answer:
        if work.looked is None:
            return read(work, *asked)
        question = (answer, *asked)
        if question not in work.looked:
            work.looked[question] = read(work, *asked)
        found: Answer = work.looked[question]
        return found

    return answer


def know(work: W, read: Callable[[W, *Asked], Answer], answer: Answer, *asked: *Asked) -> None:
    """The answer to a question that was not asked yet; it is looked already."""
    assert work.looked is not None, "answers are known while it is looked"
    work.looked[(read, *asked)] = answer


def is_known(work: W, read: Callable[[W, *Asked], Answer], *asked: *Asked) -> bool:
    """Whether a question was answered already while it is looked; never outside of that."""
    return work.looked is not None and (read, *asked) in work.looked
