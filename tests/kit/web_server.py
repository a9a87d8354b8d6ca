"""A web server on this machine that answers as sites do, well and badly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

Answer = bytes | Callable[[socket.socket], None]
"""The bytes that are sent, or what does the sending; the connection is closed then."""


def ok(body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """A page, whole and said to be as long as it is."""
    said = {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return head("200 OK", said) + body


def head(status: str, headers: Mapping[str, str]) -> bytes:
    return f"HTTP/1.1 {status}\r\n".encode() + b"".join(f"{k}: {v}\r\n".encode() for k, v in headers.items()) + b"\r\n"


def onward(to: str, status: str = "302 Found") -> bytes:
    return head(status, {"Location": to, "Content-Length": "0"})


class Site:
    """What a server answers by path, and what it was asked for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.requests: list[str] = []
        self.closed = threading.Event()

    def at(self, path: str, answer: Answer) -> str:
        """Answer so under a path, and give its address."""
        self.answers[path] = answer
        return self.address + path


@contextmanager
def site() -> Iterator[Site]:
    """A server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Site(f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(listening, found), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.closed.set()
            with suppress(OSError), socket.socket() as knocking:  # asks for no name, which a test may have forbidden
                knocking.connect(listening.getsockname())
            thread.join(10)


def _serve(listening: socket.socket, found: Site) -> None:
    while not found.closed.is_set():
        connection, _ = listening.accept()
        threading.Thread(target=_reply, args=(connection, found), daemon=True).start()


def _reply(connection: socket.socket, found: Site) -> None:
    with connection, suppress(OSError):
        connection.settimeout(10)
        said = b""
        while b"\r\n\r\n" not in said:
            piece = connection.recv(65536)
            if not piece or piece.startswith(b"\x16"):  # nobody is there any more, or wants to speak in secret
                return
            said += piece
        path = said.split(b" ")[1].decode()
        found.asked.append(path)
        found.requests.append(said.decode("latin-1"))
        answer = found.answers.get(path, head("404 Not Found", {"Content-Length": "0"}))
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
