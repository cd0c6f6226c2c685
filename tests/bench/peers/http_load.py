"""The load of the http job: clients that keep their connection and ask one thing after the other.

Requests are bytes made beforehand, answers are read by their length: the clients take as little of
the machine as Python can. What they do take falls on both servers alike.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_PATIENCE_S = 60.0
MakeRequest = Callable[[int, int], bytes]


class Client:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer."""
        self._socket.sendall(request)
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end], data[end + 4 :]
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more()
        self._rest = body[length:]
        return int(head.split(b" ", 2)[1]), head, body[:length]

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def request(
    method: str, path: str, cookie: str = "", fields: Mapping[str, str] | None = None
) -> bytes:
    """A request as bytes."""
    body = urlencode(fields or {}).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    head += ["Content-Type: application/x-www-form-urlencoded"] if body else []
    head += [f"Cookie: {cookie}"] if cookie else []
    return "\r\n".join((*head, "", "")).encode() + body


def load(port: int, clients: int, seconds: float, make: MakeRequest, ok: int) -> dict[str, Any]:
    """Let so many clients ask for some seconds; `make(client, number)` gives the request. Gives
    requests a second, the 95th of a hundred waits in milliseconds, how many were taken; any other
    status than `ok` is an error."""
    waits: list[list[float]] = [[] for _ in range(clients)]
    wrong: list[str] = []
    begin = threading.Barrier(clients + 1)

    def work(who: int) -> None:
        client = Client(port)
        client.ask(request("GET", "/static/seal.svg"))
        begin.wait()
        until, number = time.perf_counter() + seconds, 0
        while (began := time.perf_counter()) < until:
            status, _head, body = client.ask(make(who, number))
            waits[who].append(time.perf_counter() - began)
            if status != ok:
                wrong.append(f"{status}: {body[:200]!r}")
            number += 1
        client.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in range(clients)]
    for thread in threads:
        thread.start()
    begin.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    every = sorted(wait for each in waits for wait in each)
    if wrong or not every:
        raise RuntimeError(f"{len(wrong)} of {len(every)} failed: {wrong[:1]}")
    p95 = every[min(len(every) - 1, int(len(every) * 0.95))]
    return {"per_second": len(every) / taken, "p95_ms": 1000 * p95, "count": len(every)}
