"""A visit: one process of the app, which lives on while the browser's tab is reloaded or the network is gone."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp import WSMsgType, web

from store.errors import Refused
from tui.serve.guard import Visitor

LEFT, ELSEWHERE, FULL = 4000, 4001, 4002
"""Why a socket is closed: the app has ended, another tab shows it now, there is no room for one more."""

KEPT_SECONDS = 600.0
"""How long the app waits for its tab to come back."""

ENDING_SECONDS = 10.0
"""How long the app may take to end when it is told to."""

EACH = 4
"""So many tabs one visitor may have."""

_WAYS = b"\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2004h"
"""What the app tells a terminal when it begins: another screen, the mouse, no cursor, pasting in brackets."""

_CODE = "import sys; sys.path[:] = filter(None, sys.path); from tui.serve.browser_app import begin; begin()"
"""Nothing is imported from the folder that the server was started in."""

_PLACES = 1000
"""So many places of apps that were ended are remembered."""

_LARGEST = (1000, 500)  # columns and rows


class Window(NamedTuple):
    """How many columns and rows there are."""

    columns: int = 80
    rows: int = 24

    @classmethod
    def said(cls, columns: object, rows: object) -> Window:
        """What a browser says, within reason. Raises ValueError when it is not a size."""
        sizes = [int(str(one)) for one in (columns, rows)]
        return cls(*(min(max(one, 1), most) for one, most in zip(sizes, _LARGEST, strict=True)))


class Visit:
    """The app of one tab. A socket comes and goes; what is typed and shown stays."""

    def __init__(self, visitor: Visitor, told: Mapping[str, Any]) -> None:
        """``told`` is what `tui.serve.browser_app` is told."""
        self.visitor = visitor
        self.files: dict[str, Path] = {}
        """What waits to be downloaded, by its key."""
        self.place: object = None
        """Where the app was when it was told to end."""
        self.alone_since: float | None = None
        """Since when no tab shows it; None while one does."""
        self._told = told
        self._beginning = asyncio.Lock()
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._socket: web.WebSocketResponse | None = None
        self._ended = False
        self.last_words = ""
        """What the app wrote when it ended by itself, for the terminal of the server."""

    @property
    def ended(self) -> bool:
        return self._ended

    async def show_in(self, socket: web.WebSocketResponse, window: Window) -> None:
        """Show the app in a tab and hear that, until the tab or the app is gone."""
        before, self._socket, self.alone_since = self._socket, socket, None
        if before is not None:
            await before.close(code=ELSEWHERE, message=b"This desk is shown in another tab now.")
        async with self._beginning:
            if self._process is None:
                await self._begin(window)
            else:
                await socket.send_bytes(_WAYS)
                await self._mean({"type": "resize", "width": window.columns, "height": window.rows})
                await self._mean({"type": "attached"})
        try:
            await self._hear(socket)
        finally:
            if self._socket is socket:
                self._socket, self.alone_since = None, asyncio.get_running_loop().time()

    async def end(self) -> None:
        """End the app: it saves what is being typed. One that does not end is killed."""
        self._ended = True
        async with self._beginning:
            if (process := self._process) is None:
                return
            with suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), ENDING_SECONDS)
            except asyncio.TimeoutError:
                with suppress(ProcessLookupError):
                    process.kill()
            if self._reader is not None:
                await self._reader

    async def _begin(self, window: Window) -> None:
        environment = os.environ | {
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(window.columns), "ROWS": str(window.rows), "PYTHONUTF8": "1",
        }  # fmt: skip
        told = json.dumps(self._told)
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _CODE, told), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        self._reader = asyncio.create_task(self._read(process))

    # What the browser sends

    async def _hear(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            try:
                kind, said = [*json.loads(message.data), None][:2]
                await self._take(socket, str(kind), said)
            except (ValueError, TypeError, KeyError, RecursionError):
                await socket.close(code=1007, message=b"This is not what the page sends.")

    async def _take(self, socket: web.WebSocketResponse, kind: str, said: Any) -> None:
        if kind == "stdin":
            await self._send(b"D", _whole(str(said)).encode())
        elif kind == "resize":
            window = Window.said(said["width"], said["height"])
            await self._mean({"type": "resize", "width": window.columns, "height": window.rows})
        elif kind in ("focus", "blur"):
            await self._mean({"type": kind})
        elif kind == "ping":
            await socket.send_json(["pong", str(said)[:40]])

    async def _mean(self, meant: Mapping[str, object]) -> None:
        await self._send(b"M", json.dumps(meant).encode())

    async def _send(self, kind: bytes, data: bytes) -> None:
        stdin = self._process.stdin if self._process is not None else None
        assert stdin is not None
        with suppress(OSError, RuntimeError):  # it has ended: its reader says so
            stdin.write(kind + len(data).to_bytes(4, "big") + data)
            await stdin.drain()

    # What the app sends

    async def _read(self, process: Process) -> None:
        """Hand on what the app writes, until it ends."""
        out, errors = process.stdout, process.stderr
        assert out is not None and errors is not None
        words = asyncio.create_task(errors.read())
        with suppress(asyncio.IncompleteReadError, ValueError):
            while await out.readline() not in (b"__GANGLION__\n", b""):
                pass
            while kind := await out.readexactly(1):
                data = await out.readexactly(int.from_bytes(await out.readexactly(4), "big"))
                if kind == b"D":
                    await self._write(data)
                elif kind == b"M":
                    await self._heed(json.loads(data))
        code = await process.wait()
        said = (await words).decode("utf-8", "replace").strip()
        if code and not self._ended:
            self.last_words = said
        self._ended = True
        for path in self.files.values():
            path.unlink(missing_ok=True)
        if self._socket is not None:
            await self._socket.close(code=LEFT, message=b"Everything is saved.")

    async def _write(self, data: bytes) -> None:
        if self._socket is not None:
            with suppress(OSError):  # the tab is gone; when it comes back, all is drawn anew
                await self._socket.send_bytes(data)

    async def _heed(self, meant: Mapping[str, Any]) -> None:
        """Do what the app asks of the browser."""
        if meant["type"] == "place":
            self.place = meant["place"]
        if self._socket is None:
            return
        with suppress(OSError):
            if meant["type"] == "open_url":
                await self._socket.send_json(["open_url", {"url": meant["url"], "new_tab": True}])
            elif meant["type"] == "download":
                key = secrets.token_urlsafe(16)
                self.files[key] = Path(meant["path"])
                await self._socket.send_json(["deliver_file_start", key])


def _whole(said: str) -> str:
    """A text without halves of characters, which JSON can hold and no terminal can be sent."""
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Visits:
    """All visits, and how many there may be."""

    def __init__(
        self, limit: int, told: Callable[[Visitor], Mapping[str, Any]], say: Callable[[str], object] = lambda _: None
    ) -> None:
        """``told`` gives what the app is told of a visitor; ``say`` is told of an app that ended by a fault."""
        self._limit = limit
        self._app_told = told
        self._say = say
        self._visits: dict[tuple[str, str], Visit] = {}
        self._places: dict[tuple[str, str], object] = {}

    async def of(self, visitor: Visitor, tab: str) -> Visit:
        """The visit of a tab, a new one where there is none.

        Raises:
            Refused: there is no room for one more.
        """
        self._forget_ended()
        found = self._visits.get((visitor.key, tab))
        if found is None:
            gone = self._make_room(visitor)
            told = {**self._app_told(visitor), "place": self._places.pop((visitor.key, tab), None)}
            found = self._visits[visitor.key, tab] = Visit(visitor, told)
            await asyncio.gather(*(self._end(key, one) for key, one in gone.items()))
        return found

    def file(self, visitor: Visitor, key: str) -> Path | None:
        """What waits under a key to be downloaded by a visitor; each is handed out once."""
        mine = (visit for (whose, _), visit in self._visits.items() if whose == visitor.key)
        return next((visit.files.pop(key) for visit in mine if key in visit.files), None)

    async def tend(self) -> None:
        """End, for as long as the server runs, the visits whose tabs do not come back."""
        while True:
            await asyncio.sleep(1)
            self._forget_ended()
            now = asyncio.get_running_loop().time()
            late = {
                key: visit for key, visit in self._visits.items()
                if visit.alone_since is not None and now - visit.alone_since > KEPT_SECONDS
            }  # fmt: skip
            await asyncio.gather(*(self._end(key, visit) for key, visit in late.items()))

    async def end(self) -> None:
        """End all."""
        await asyncio.gather(*(visit.end() for visit in self._visits.values()))
        self._visits.clear()

    async def _end(self, key: tuple[str, str], visit: Visit) -> None:
        """End a visit whose tab may come back, and remember where it was."""
        await visit.end()
        if visit.place is not None:
            self._places[key] = visit.place
        while len(self._places) > _PLACES:
            del self._places[next(iter(self._places))]

    def _forget_ended(self) -> None:
        for key, visit in list(self._visits.items()):
            if visit.ended:
                if visit.last_words:
                    self._say(visit.last_words)
                del self._visits[key]

    def _make_room(self, visitor: Visitor) -> dict[tuple[str, str], Visit]:
        """Take out a visit that no tab shows, where there are too many; the visitor's own first."""
        mine = [key for key in self._visits if key[0] == visitor.key]
        gone: dict[tuple[str, str], Visit] = {}
        for held, most, whose in ((mine, EACH, "You have"), (list(self._visits), self._limit, "There are")):
            if len(held) < most or gone:
                continue
            alone = [key for key in held if self._visits[key].alone_since is not None]
            if not alone:
                raise Refused(f"{whose} {most} open tabs of this desk, as many as there may be: close one first.")
            oldest = min(alone, key=lambda key: self._visits[key].alone_since or 0.0)
            gone[oldest] = self._visits.pop(oldest)
        return gone
