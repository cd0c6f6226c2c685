"""The server (the only import of granian): processes that answer, each with the office open.

A page takes a few milliseconds; a process has a few threads, so that whoever sends slowly does not
hold up the others. Else one request is worked on at a time (`InTurn`).
"""

from __future__ import annotations

import ipaddress
import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Iterable
from multiprocessing.connection import wait
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from granian import Granian
from granian.constants import Interfaces

from relief.bootstrap import open_relief
from relief.kernel.errors import Conflict, refuse
from relief.kernel.settings import load_settings
from relief.kernel.text import _
from relief.web.app import create_app

# A request whose body comes slowly, or never, keeps one of them; the others go on. With eight, a
# process under load gives a tenth to a fifth fewer pages a second than with four.
THREADS = 4
# As long as a few pages take.
WAIT_S_MAX = 0.03
_IPV6 = 6
_TARGET = "relief.web.serving:app_of_worker"


def app_of_worker() -> WSGIApplication:
    """The pages, in a process of the server: the office is opened anew from the settings."""
    _end_with_the_server()
    return InTurn(create_app(open_relief(load_settings())))


class InTurn:
    """Works on one request after the other. Python lets one thread work at a time anyway, and
    gives it away at each statement: whoever holds the database then waits for who does not, and
    everybody waits for it. Whoever has waited for `WAIT_S_MAX` takes the turn over, and those who
    come after wait behind it: the one before sends slowly, waits for the database, or makes a long
    list."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._turn = threading.Lock()
        self._takes_over = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        turn = self._taken()
        try:
            return self._app(environ, start)
        finally:
            turn.release()

    def _taken(self) -> threading.Lock:
        """The turn, once it is had."""
        while True:
            turn = self._turn
            if turn.acquire(timeout=WAIT_S_MAX):
                if turn is self._turn:
                    return turn
                turn.release()  # somebody took it over meanwhile: behind them
                continue
            with self._takes_over:
                if turn is self._turn:
                    self._turn = threading.Lock()
                    self._turn.acquire()
                    return self._turn


def _end_with_the_server() -> None:
    """A server that was killed cannot end its processes: they end by themselves, or the port would
    stay taken by what nobody looks after."""
    server = multiprocessing.parent_process()
    if server is None:
        return

    def watch() -> None:
        wait([server.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def check_port(host: str, port: int) -> None:
    """Refuse a port where somebody else listens, before anything is opened."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name == "posix":  # elsewhere it lets two programs listen on one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as fault:
            text = _(
                "Port {port} of {host} cannot be used: another program listens there, or the "
                "address is not of this machine. Choose another port.",
                host=host,
                port=port,
            )
            raise refuse(Conflict, "serve.port", text, "port") from fault


def address_of(host: str, port: int) -> str:
    """Where the pages are, seen from this machine; of a host that means every address, its own."""
    try:
        named = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if named.is_unspecified:
        return f"http://127.0.0.1:{port}/"
    return f"http://[{host}]:{port}/" if named.version == _IPV6 else f"http://{host}:{port}/"


def serve(host: str, port: int, workers: int) -> None:
    """Answer until SIGTERM or Ctrl-C."""
    # Not by forking: the scheduler's thread and its connections stay with this process.
    multiprocessing.set_start_method("spawn", force=True)
    logging.getLogger("_granian").setLevel(logging.WARNING)
    Granian(
        _TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        factory=True,
    ).serve()
