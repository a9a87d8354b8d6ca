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
        self.cut_after: int | None = None
        """How many more bytes go to the server until the wire is cut; None: as many as come."""
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

    def cut(self) -> None:
        """Cut every wire."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
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
                elif self.cut_after is not None:
                    to.sendall(data[: self.cut_after])
                    self.cut_after -= len(data)
                    if self.cut_after <= 0:
                        self.cut_after = None
                        self.cuts += 1
                        self.cut()
                        return
                    continue
                to.sendall(data)
