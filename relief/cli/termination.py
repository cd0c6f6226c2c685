"""SIGTERM: a command that is told to stop rolls back what it was doing, says so, and ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED = 128 + signal.SIGTERM


class Terminated(KeyboardInterrupt):
    """Somebody asked the program to stop: what it was doing is rolled back, as after Ctrl-C."""


@contextmanager
def heard() -> Iterator[None]:
    """Within, SIGTERM raises `Terminated`; asked a second time it ends the program at once. Where
    it is ignored, or the command runs in no main thread, it stays as it is."""
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise Terminated
