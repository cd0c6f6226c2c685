"""A process of the server works on one request after the other, unless one takes its time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from relief.web import serving
from relief.web.serving import InTurn

_SECONDS_MAX = 60


class Pages:
    """Pages that say when a request is worked on, and wait until they may go on."""

    def __init__(self) -> None:
        self.at_once = self.most_at_once = 0
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], _start: object) -> list[bytes]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        try:
            if environ.get("fails"):
                raise RuntimeError("a fault")
            assert environ.get("quick") or self.may_end.wait(_SECONDS_MAX)
        finally:
            self.at_once -= 1
        return [b"done"]


def ask(served: InTurn, **environ: Any) -> list[bytes]:
    return list(served(environ, lambda *_head: lambda _body: None))


def test_of_many_at_once_one_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "WAIT_S_MAX", _SECONDS_MAX)
    pages = Pages()
    served = InTurn(pages)
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, served) for _request in range(8)]
        assert pages.begun.wait(_SECONDS_MAX)
        pages.may_end.set()
        assert [each.result(_SECONDS_MAX) for each in answers] == [[b"done"]] * 8
    assert pages.most_at_once == 1


def test_who_has_waited_long_enough_takes_the_turn_over_for_those_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = Pages()
    served = InTurn(pages)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(ask, served)
        assert pages.begun.wait(_SECONDS_MAX)
        assert ask(served, quick=True) == [b"done"]
        monkeypatch.setattr(serving, "WAIT_S_MAX", _SECONDS_MAX)
        assert pool.submit(ask, served, quick=True).result(_SECONDS_MAX / 2) == [b"done"]
        assert not slow.done()
        pages.may_end.set()
        assert slow.result(_SECONDS_MAX) == [b"done"]


def test_one_that_fails_gives_its_turn_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "WAIT_S_MAX", _SECONDS_MAX)
    pages = Pages()
    served = InTurn(pages)
    with pytest.raises(RuntimeError, match="a fault"):
        ask(served, fails=True)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask, served, quick=True).result(_SECONDS_MAX / 2) == [b"done"]
