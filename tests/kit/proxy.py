"""A wire to a server that can be slow, or be cut in the midst of anything."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType


class Proxy:
    """Passes bytes on between a port of its own and another one of this machine."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._left: int | None = None
        self._counting = threading.Lock()
        self.delay = 0.0
        """Seconds by which each packet is late."""
        self.stalled = threading.Event()
        """While set, nothing comes back."""
        self.cuts = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        self.cut()

    @property
    def cut_after(self) -> int | None:
        """How many more bytes go to the server until the wire is cut; None: as many as come."""
        return self._left

    @cut_after.setter
    def cut_after(self, count: int | None) -> None:
        with self._counting:
            self._left = count

    def cut(self) -> None:
        """Cut every wire."""
        _shut(*self._open)
        self._open.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to))
                except OSError:
                    near.close()
                    continue
                self._open += [near, far]
                threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, source: socket.socket, to: socket.socket, there: bool) -> None:
        with contextlib.suppress(OSError), source, to:
            while data := source.recv(65_536):
                if self.delay:
                    time.sleep(self.delay)
                if not there:
                    while self.stalled.is_set():
                        time.sleep(0.01)
                else:
                    with self._counting:
                        left = self._left
                        if left is not None:
                            self._left = left - len(data) if left >= len(data) else None
                    if left is not None and left < len(data):  # so that nobody holds for done what is cut
                        to.sendall(data[:left])
                        self.cuts += 1
                        _shut(source, to)  # a wire made meanwhile is another one
                        return
                to.sendall(data)


def _shut(*ends: socket.socket) -> None:
    for one in ends:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
