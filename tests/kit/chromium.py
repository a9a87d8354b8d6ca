"""A real browser, Chromium without a window, driven over its DevTools protocol: keys go in, pictures come out."""

from __future__ import annotations

import asyncio
import base64
import functools
import itertools
import json
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.kit.served import PATIENCE, Picture

MISSING = "there is no Chromium on this machine: what needs a browser was not run. On Debian: apt-get install chromium"

_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader",
    "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--no-default-browser-check", "--password-store=basic", "--remote-debugging-port=0", "--window-size=1200,800",
)  # fmt: skip

_KEYS = {
    "enter": ("Enter", 13, "\r"),
    "escape": ("Escape", 27, ""),
    "tab": ("Tab", 9, ""),
    "down": ("ArrowDown", 40, ""),
}


@functools.cache
def program() -> str | None:
    """Where the browser is; None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Page(Picture):
    """One tab of the browser: what its sockets show, and what it complained of."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        super().__init__()
        self._socket = socket
        self._numbers = itertools.count(1)
        self._sockets = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())
        self.complaints: list[str] = []
        """Errors of the console, refusals of the policy among them; that a busy machine is slow is no error."""
        self.requests: list[str] = []
        """All that it asked for."""

    async def begin(self) -> None:
        for domain in ("Network", "Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """Have the browser do something; gives what it answers."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"id": number, "method": method, "params": params}))
        return await asyncio.wait_for(answer, PATIENCE)

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                break
            told = json.loads(message.data)
            if "id" in told:
                answer = self._waiting.pop(told["id"])
                if "error" in told:
                    answer.set_exception(AssertionError(told["error"]))
                else:
                    answer.set_result(told["result"])
            else:
                self._hear(told["method"], told["params"])

    def _hear(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.webSocketCreated":
            self.clear()
            self._sockets += 1
            self.requests.append(told["url"])
        elif method == "Network.webSocketFrameReceived" and told["response"]["opcode"] == 2:
            self.feed(base64.b64decode(told["response"]["payloadData"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(f"{told['entry']['text']} ({told['entry'].get('url', '')})")
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "assert"):
            self.complaints.append(str(told["args"]))
        self.change()

    async def go(self, address: str) -> None:
        """Open an address."""
        await self.call("Page.navigate", url=address)

    async def reload(self) -> None:
        """Load the page again, and wait for its new socket: what is typed before that is nobody's."""
        before = self._sockets
        await self.call("Page.reload")
        await self.until(lambda: self._sockets > before, "a new socket")

    async def evaluate(self, code: str) -> Any:
        """What a line of JavaScript gives in the page."""
        told = await self.call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def finds(self, code: str) -> Any:
        """Wait until a line of JavaScript gives something that is true; gives that."""

        async def look() -> Any:
            while not (found := await self.evaluate(code)):
                await asyncio.sleep(0.05)
            return found

        return await asyncio.wait_for(look(), PATIENCE)

    async def press(self, *keys: str) -> None:
        """Press keys by name, or characters; ``ctrl+x`` holds a key down."""
        for key in keys:
            held, _, last = key.rpartition("+") if len(key) > 1 else ("", "", key)
            name, code, text = _KEYS.get(last, (last, ord(last.upper()) if len(last) == 1 else 0, last))
            said: dict[str, object] = {
                "key": name,
                "windowsVirtualKeyCode": code,
                "modifiers": 2 if held == "ctrl" else 0,
            }
            if text and not held:
                said["text"] = text
            await self.call("Input.dispatchKeyEvent", type="keyDown" if "text" in said else "rawKeyDown", **said)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **{k: v for k, v in said.items() if k != "text"})

    async def write(self, words: str) -> None:
        await self.press(*words)

    async def click(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def photograph(self, to: Path) -> bytes:
        """A picture of the page as the browser paints it, also kept in a file."""
        data = base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])
        to.write_bytes(data)
        return data

    async def close(self) -> None:
        await self._socket.close()
        await self._reading


@asynccontextmanager
async def chromium() -> AsyncIterator[Page]:
    """A browser of its own that knows nothing, with one empty page; at the end it is gone with all it wrote."""
    path = program()
    assert path is not None
    folder = Path(tempfile.mkdtemp(prefix="factdesk-chromium-"))
    process = await asyncio.create_subprocess_exec(
        path, *_OPTIONS, f"--user-data-dir={folder}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        async with ClientSession() as session:
            port = await asyncio.wait_for(_port(folder / "DevToolsActivePort", process), PATIENCE)
            address = await asyncio.wait_for(_first_page(session, port), PATIENCE)
            page = Page(await session.ws_connect(address, max_msg_size=0))
            await page.begin()
            try:
                yield page
            finally:
                await page.close()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the browser and what it has begun, and nothing else
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def _port(file: Path, process: asyncio.subprocess.Process) -> int:
    while not (file.exists() and file.read_text().count("\n")):
        assert process.returncode is None, "the browser ended at once"
        await asyncio.sleep(0.05)
    return int(file.read_text().split("\n")[0])


async def _first_page(session: ClientSession, port: int) -> str:
    while True:
        async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            for one in json.loads(await answer.text()):
                if one["type"] == "page":
                    return str(one["webSocketDebuggerUrl"])
        await asyncio.sleep(0.05)
