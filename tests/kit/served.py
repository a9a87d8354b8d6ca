"""A server of a desk, as `factdesk serve` runs it, and a tab that speaks to it as the page does."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from tests.kit.grid import Grid

PATIENCE = 120.0
"""Seconds for which anything is waited for: a busy machine takes its time."""


class Picture:
    """What a tab shows, from what the server sent it."""

    def __init__(self) -> None:
        self._grid = Grid()
        self._changed = asyncio.Event()

    def feed(self, sent: bytes) -> None:
        self._grid.feed(sent.decode())
        self.change()

    def change(self) -> None:
        """Have those look again who wait for something."""
        self._changed.set()

    def clear(self) -> None:
        self._grid.cells.clear()
        self.change()

    @property
    def text(self) -> str:
        cells = self._grid.cells
        rows = 1 + max((y for _, y in cells), default=-1)
        width = 1 + max((x for x, _ in cells), default=-1)
        return "\n".join("".join(cells.get((x, y), (" ", ""))[0] for x in range(width)).rstrip() for y in range(rows))

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something holds, looking whenever anything comes."""
        give_up = time.monotonic() + PATIENCE
        while not holds():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, give_up - time.monotonic()))
            except asyncio.TimeoutError:
                raise AssertionError(f"{what} did not come; the tab shows\n{self.text}") from None

    async def shows(self, *words: str) -> str:
        """Wait until all these words are shown at once; gives all that is shown."""
        await self.until(lambda: all(word in self.text for word in words), str(words))
        return self.text


class Tab(Picture):
    """A socket to the server, in place of a browser's."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        super().__init__()
        self.socket = socket
        self._reading = asyncio.create_task(self._read())
        self.closed_as = 0
        self.told: list[tuple[str, object]] = []
        """What it was told besides what to show."""

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.BINARY:
                self.feed(message.data)
            elif message.type is WSMsgType.TEXT:
                kind, said = json.loads(message.data)
                self.told.append((kind, said))
                self.change()
        self.closed_as = self.socket.close_code or 0
        self.change()

    async def type(self, keys: str) -> None:
        await self.socket.send_str(json.dumps(["stdin", keys]))

    async def is_closed(self) -> int:
        """Wait until the server closes it; gives the code."""
        await asyncio.wait_for(asyncio.shield(self._reading), PATIENCE)
        return self.closed_as

    async def close(self) -> None:
        await self.socket.close()
        await self._reading


class Served:
    """A running server. It is asked with ``session``, which keeps cookies as one browser does."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[str] = []
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self._heard = asyncio.Event()
        self._hearing = asyncio.create_task(self._hear())
        self._used = 0

    async def _hear(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode())
            self._heard.set()
        self._heard.set()

    @property
    def _addresses(self) -> list[str]:
        return [word for line in self.said for word in line.split() if word.startswith("http")]

    async def address(self) -> str:
        """The newest address that it printed and nobody was given yet."""
        while len(self._addresses) <= self._used:
            assert not self._hearing.done(), self.said
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), PATIENCE)
        self._used += 1
        return self._addresses[self._used - 1]

    async def port(self) -> int:
        """Where it listens for a proxy."""
        (number,) = re.findall(r"on 127\.0\.0\.1:(\d+)", await self._line())
        return int(number)

    async def _line(self) -> str:
        while not self.said:
            assert not self._hearing.done()
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), PATIENCE)
        return self.said[0]

    @property
    def base(self) -> str:
        """Where it listens, without what lets somebody in."""
        return self._addresses[0].partition("/?")[0]

    async def enter(self) -> None:
        """Open the address that was printed, as somebody does who may."""
        async with self.session.get(await self.address()) as page:
            assert page.status == 200, await page.text()

    async def tab(self, name: str = "", **headers: str) -> Tab:
        """A new tab, or one of that name."""
        address = f"{self.base}/ws/{name or secrets.token_hex(16)}?width=100&height=30"
        said = {"Origin": self.base} | {name.replace("_", "-"): value for name, value in headers.items()}
        return Tab(await self.session.ws_connect(address, headers=said, max_msg_size=0))

    def apps(self) -> list[int]:
        """The processes of the app that run for it."""
        return children(self.process.pid)


def children(parent: int) -> list[int]:
    """The processes that a process has begun and that run."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, above = place.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z":
                found.append(int(place.parent.name))
    return found


async def gone(*processes: int) -> None:
    """Wait until processes have ended."""
    give_up = time.monotonic() + PATIENCE
    while any(is_running(one) for one in processes):
        assert time.monotonic() < give_up, "an app did not end"
        await asyncio.sleep(0.05)


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@asynccontextmanager
async def served(*options: object, **environment: str) -> AsyncIterator[Served]:
    """A server that runs inside; at the end it and its apps are gone."""
    command = (sys.executable, "-m", "tui", "serve", "--port", "0", *map(str, options))
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, env=os.environ | environment, start_new_session=True
    )
    running = Served(process)
    try:
        yield running
    finally:
        await running.session.close()
        apps = running.apps()
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except asyncio.TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await gone(*apps)
