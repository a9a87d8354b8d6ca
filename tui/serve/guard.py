"""Who may speak to the server: exact hosts and origins, and an address that works once or a proxy that asks for names.

A page in the same browser must not be able to drive the desk, whatever it sends and by whatever name it reaches this
machine. So each request is looked at before anything else is done with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from store.access.names import check_name
from store.errors import Refused

USE_PRINTED = "This desk opens with the address that `factdesk serve` printed in its terminal; each works once."
USED = "This address was used before, or is not whole. The terminal of `factdesk serve` shows a new one."


class Visitor(NamedTuple):
    """Somebody who may come in: by a key of their own, and the name that the proxy gave, if there is one."""

    key: str
    name: str = ""


class Proxy(NamedTuple):
    """A proxy that asks people who they are: the addresses it connects from, and the header with the name."""

    addresses: frozenset[str]
    header: str


VISITOR = web.RequestKey("visitor", Visitor)
NONCE = web.RequestKey("nonce", str)
"""What scripts and styles of this one answer are known by."""


def normal_origin(said: str) -> str:
    """An origin as browsers send it.

    Raises:
        Refused: it is none.
    """
    try:
        parts = urlsplit(said.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    whole = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
    if not whole or parts.query or parts.fragment or parts.username or not said.isascii():
        raise Refused(f"“{said}” is not an origin: write it as https://desk.example, without a path.")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


class Guard:
    """Looks at every request before it is answered, and at every answer before it goes out."""

    def __init__(
        self, origins: Collection[str], proxy: Proxy | None = None, told: Callable[[str], object] = lambda _: None
    ) -> None:
        """
        Args:
            origins: how browsers may call this server, as `normal_origin` writes them; the first is shown.
            proxy: where it stands behind one, who that is; nobody else is then spoken to.
            told: is told each new address that lets somebody in.
        """
        self._origins = {origin.partition("://")[2]: origin for origin in origins}
        self._first = next(iter(origins))
        self._proxy = proxy
        self._told = told
        self._token = ""
        self._keys: set[str] = set()
        # Cookies are shared by all ports of a machine.
        self._cookie = f"factdesk-{urlsplit(self._first).port or 'desk'}"

    def invite(self) -> None:
        """Tell an address that lets one browser in."""
        self._token = secrets.token_urlsafe(32)
        self._told(f"{self._first}/?token={self._token}")

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request through to its handler, or answer why not."""
        request[NONCE] = secrets.token_urlsafe(16)
        try:
            self._check_place(request)
            visitor, is_new = self._visitor(request)
        except Refused as refusal:
            return web.Response(status=403, text=f"{refusal}\n")
        request[VISITOR] = visitor
        response = await handler(request)
        if is_new:
            secure = self._first.startswith("https:")
            response.set_cookie(self._cookie, visitor.key, httponly=True, samesite="Strict", secure=secure, path="/")
        return response

    async def harden(self, request: web.Request, response: web.StreamResponse) -> None:
        """Have the browser load nothing from elsewhere, run nothing that is not ours, and be framed by nobody."""
        nonce, socket = request.get(NONCE, ""), self._first.replace("http", "ws", 1)
        response.headers.update(
            {
                "Content-Security-Policy": "default-src 'none'; script-src 'self'; font-src 'self'; img-src 'self'; "
                f"style-src 'self' 'nonce-{nonce}'; connect-src 'self' {self._socket_of(request) or socket}; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "X-Frame-Options": "DENY",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "no-store",
                "Server": "factdesk",
            }
        )

    def _socket_of(self, request: web.Request) -> str:
        """The origin of sockets, for browsers to which it is not the page's own."""
        return self._origins.get(request.headers.get(hdrs.HOST, ""), "").replace("http", "ws", 1)

    def _check_place(self, request: web.Request) -> None:
        hosts = request.headers.getall(hdrs.HOST, [])
        ours = self._origins.get(hosts[0].lower()) if len(hosts) == 1 else None
        if ours is None:
            raise Refused(f"This server is called {' or '.join(self._origins)}, and answers to no other name.")
        origins = request.headers.getall(hdrs.ORIGIN, [])
        if origins not in ([], [ours]) or (request.path.startswith("/ws/") and not origins):
            raise Refused("Another page asked for this; only this desk's own page may.")
        if request.method != "GET":
            raise Refused("Nothing is sent to this server this way.")

    def _visitor(self, request: web.Request) -> tuple[Visitor, bool]:
        """Who asks, and whether the browser is yet to be told by what to be known."""
        if self._proxy is not None:
            return self._named(request, self._proxy), False
        sent = request.cookies.get(self._cookie, "")
        for key in self._keys:
            if secrets.compare_digest(key.encode(), sent.encode("utf-8", "surrogateescape")):
                return Visitor(key), False
        token = request.query.get("token", "")
        if request.path != "/" or not token:
            raise Refused(USE_PRINTED)
        if not self._token or not secrets.compare_digest(self._token.encode(), token.encode("utf-8", "replace")):
            raise Refused(USED)
        visitor = Visitor(secrets.token_urlsafe(32))
        self._keys.add(visitor.key)
        self.invite()
        return visitor, True

    def _named(self, request: web.Request, proxy: Proxy) -> Visitor:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        if not peer or peer[0] not in proxy.addresses:
            raise Refused("Only the proxy may connect to this server.")
        names = request.headers.getall(proxy.header, [])
        if len(names) != 1:
            raise Refused(f"The proxy did not say who you are: it must set {proxy.header} once.")
        name = check_name(names[0])
        return Visitor(name, name)
