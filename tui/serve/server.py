"""The web server: one page, the few files it needs, and a socket for each tab; all of it behind the guard."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote

from aiohttp import web

from store.errors import Refused
from tui.serve.browser_session import FULL, Visits, Window
from tui.serve.guard import NONCE, VISITOR, Guard, Proxy, Visitor, normal_origin

LONGEST_MESSAGE = 32 * 1024 * 1024
"""Bytes of one message of a browser: an article of the greatest length, pasted."""

_PAGE, _TERMINAL = files("tui.serve") / "page", files("textual_serve") / "static"
_FILES = {
    "page.js": (_PAGE / "page.js", "text/javascript"),
    "page.css": (_PAGE / "page.css", "text/css"),
    "icon.svg": (_PAGE / "icon.svg", "image/svg+xml"),
    "terminal.js": (_TERMINAL / "js" / "textual.js", "text/javascript"),
    "terminal.css": (_TERMINAL / "css" / "xterm.css", "text/css"),
    "letters.ttf": (_TERMINAL / "fonts" / "RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "italics.ttf": (_TERMINAL / "fonts" / "RobotoMono-Italic-VariableFont_wght.ttf", "font/ttf"),
}
"""All files there are, by the names they are asked for: no path of a request ever reaches the disk."""


class Terms(NamedTuple):
    """What is served to whom. ``told`` gives what the app is told of a visitor."""

    told: Callable[[Visitor], Mapping[str, Any]]
    host: str = "127.0.0.1"
    port: int = 8000
    sessions: int = 8
    origin: str = ""
    proxy: Proxy | None = None


class Server:
    """A server that is made, started and stopped in one loop."""

    def __init__(self, terms: Terms, say: Callable[[str], object]) -> None:
        """``say`` is told what people at the server's terminal are to know, such as addresses that let somebody in."""
        self._terms = terms
        self._say = say
        self._visits = Visits(terms.sessions, terms.told, say)
        self._runner: web.AppRunner | None = None
        self._tending: asyncio.Task[None] | None = None
        self._invited = False

    async def start(self) -> None:
        """Listen, and say where.

        Raises:
            Refused: the port cannot be had.
        """
        terms = self._terms
        listening = _listening(terms.host, terms.port)
        port = listening.getsockname()[1]
        names = ("[::1]", "localhost") if ":" in terms.host else ("127.0.0.1", "localhost")
        origins = [terms.origin] if terms.origin else [normal_origin(f"http://{name}:{port}") for name in names]
        guard = Guard(origins, terms.proxy, self._let_in)
        app = web.Application(middlewares=[guard.middleware])
        app.on_response_prepare.append(guard.harden)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name}", self._file),
                web.get("/ws/{tab:[0-9a-f]{32}}", self._socket),
                web.get("/download/{key}", self._download),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        self._tending = asyncio.create_task(self._visits.tend())
        if terms.proxy is not None:
            self._say(f"Waiting for the proxy on {terms.host}:{port}; people open {terms.origin}")
        else:
            guard.invite()

    def _let_in(self, address: str) -> None:
        self._say(f"{'For another browser' if self._invited else 'Open this in your browser'}: {address}")
        self._invited = True

    async def stop(self) -> None:
        """End all sessions, each with what is typed saved, and listen no longer."""
        if self._tending is not None:
            self._tending.cancel()
        await self._visits.end()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        page = (_PAGE / "index.html").read_text(encoding="utf-8")
        return web.Response(text=page.replace("{nonce}", request[NONCE]), content_type="text/html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        try:
            held, kind = _FILES[request.match_info["name"]]
        except KeyError:
            raise web.HTTPNotFound from None
        return web.Response(body=held.read_bytes(), content_type=kind)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Show a tab its app. One for which there is no room is told so and closed."""
        try:
            window = Window.said(request.query.get("width", 80), request.query.get("height", 24))
        except ValueError:
            raise web.HTTPBadRequest(text="This is not the size of a window.\n") from None
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=LONGEST_MESSAGE)
        try:
            visit = await self._visits.of(request[VISITOR], request.match_info["tab"])
        except Refused as refusal:
            await socket.prepare(request)
            await socket.close(code=FULL, message=str(refusal).encode()[:120])
            return socket
        await socket.prepare(request)
        with suppress(OSError):  # the tab went away meanwhile
            await visit.show_in(socket, window)
        return socket

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file that the app of this visitor wrote, once; nothing is kept of it."""
        path = self._visits.file(request[VISITOR], request.match_info["key"])
        if path is None:
            raise web.HTTPNotFound
        response = web.StreamResponse(
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.name)}"}
        )
        response.content_type = "application/octet-stream"
        try:
            with path.open("rb") as file:
                response.content_length = path.stat().st_size
                await response.prepare(request)
                while piece := await asyncio.to_thread(file.read, 1 << 16):
                    await response.write(piece)
        except FileNotFoundError:  # the app that wrote it has ended
            raise web.HTTPNotFound from None
        finally:
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
        return response


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Refused(f"Port {port} on {host} cannot be used ({error.strerror}): name another with --port.") from None


def serve_desk(terms: Terms, say: Callable[[str], object]) -> None:
    """Serve until the process is told to end by Ctrl-C, SIGTERM or the closing of its terminal.

    Raises:
        Refused: the port cannot be had.
    """
    asyncio.run(_serve(terms, say))


async def _serve(terms: Terms, say: Callable[[str], object]) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # not every system has them
            loop.add_signal_handler(getattr(signal, name), over.set)
    server = Server(terms, say)
    await server.start()
    try:
        await over.wait()
    finally:
        await server.stop()
