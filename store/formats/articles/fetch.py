"""Getting a page from the web, only when somebody asks for it: http and https, within limits, from public networks."""

from __future__ import annotations

import io
import ipaddress
import os
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from store.errors import Refused
from store.formats.articles.reader import FetchStopped
from store.log import clock

if TYPE_CHECKING:
    from http.client import HTTPResponse

PAGE_LIMIT_BYTES = 20_000_000
"""The longest page that is fetched, as it is sent and as it is unpacked."""
LIMIT_SECONDS = 30.0
"""How long a page may take, its redirects included."""
REDIRECTS = 10
"""How many redirects are followed."""

_ROBOTS_BYTES = 500_000
_AGENT = "factdesk"
_SLICE = 0.2  # seconds between two looks at whether somebody has stopped it
_PIECE = 1 << 16
_ASKED = {
    "User-Agent": f"Mozilla/5.0 (compatible; {_AGENT})",
    "Accept": "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,text/*;q=0.8,*/*;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
"""What says that programs are to go through a proxy. We do not: a proxy would decide which network is reached."""
_SAVED = "open it in a browser, save it, and import the file"


class WebPage(NamedTuple):
    """What an address gave.

    ``address`` is where the redirects ended; ``redirects`` are the addresses before it, the one asked for first.
    ``content_type`` is as the site says it, in small letters; ``fetched`` is in ms UTC.
    """

    address: str
    data: bytes
    content_type: str
    fetched: int
    redirects: tuple[str, ...] = ()


class Fetcher:
    """Fetches pages. What a site's robots.txt says is asked once for each site.

    ``private`` allows addresses in private networks. ``cancelled`` is asked all along; once it says yes,
    `FetchStopped` is raised. ``seconds`` and ``size`` are the limits of a page.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        cancelled: Callable[[], bool] | None = None,
        seconds: float = LIMIT_SECONDS,
        size: int = PAGE_LIMIT_BYTES,
    ) -> None:
        self._private = private
        self._cancelled = cancelled
        self._seconds = seconds
        self._size = size
        self._robots: dict[str, Callable[[str], bool]] = {}

    def get(self, address: str) -> WebPage:
        """The page at an address.

        Raises:
            Refused: it is not a web address, is in a private network, cannot be reached, takes too long, is too large,
                or the site does not give it; the sentence names the address and says what to do.
            FetchStopped: ``cancelled`` has said so.
        """
        watch = _Watch(self._seconds, self._cancelled)
        passed: list[str] = []
        at = asked = web_address(address)
        while True:
            where = asked if at == asked else f"{asked} (which redirects to {at})"
            try:
                if not self._allowed(at, watch):
                    raise _Fault(f"the site asks programs not to fetch this page (robots.txt); {_SAVED}")
                answer = self._answer(at, watch, self._size)
            except _Fault as fault:
                raise Refused(f"{where}: {fault}.") from None
            if not answer.onward:
                break
            passed.append(at)
            at = _onward(where, at, answer.onward)
            if len(passed) > REDIRECTS or at in passed:
                raise Refused(f"{asked}: it redirects {'in a circle' if at in passed else 'too often'}; check it.")
        if answer.status != 200:
            raise Refused(f"{where}: {_refusal(answer)}.")
        return WebPage(at, answer.data, answer.content_type, clock.now(), tuple(passed))

    def _allowed(self, address: str, watch: _Watch) -> bool:
        """Whether the site's robots.txt lets programs fetch it; a site that has none, or gives none, does."""
        site = urlunsplit((*urlsplit(address)[:2], "", "", ""))
        if site not in self._robots:
            from urllib.robotparser import RobotFileParser

            rules = RobotFileParser()
            try:
                answer = self._answer(f"{site}/robots.txt", watch, _ROBOTS_BYTES)
            except _Unreachable:
                raise
            except _Fault:
                said = ""
            else:
                said = answer.data.decode("utf-8", "replace") if answer.status == 200 else ""
            rules.parse(said.splitlines())
            self._robots[site] = lambda url: rules.can_fetch(_AGENT, url)
        return self._robots[site](address)

    def _answer(self, address: str, watch: _Watch, size: int) -> _Answer:
        """What a site answers, without following redirects."""
        import http.client

        parts = urlsplit(address)
        assert parts.hostname
        try:
            line = self._connect(parts, watch)
        except OSError as error:
            raise _Unreachable(_unreached(parts.hostname, error)) from None
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80)
        connection.sock = _Line(line, watch)
        try:
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.request("GET", target, headers={"Host": parts.netloc, **_ASKED})
            response = connection.getresponse()
            onward = response.getheader("Location", "") if response.status in (301, 302, 303, 307, 308) else ""
            data = b"" if onward or response.status != 200 else _body(response, size)
            kind = (response.getheader("Content-Type") or "").strip().lower()
            return _Answer(
                response.status, response.reason or "", onward, kind, response.getheader("Retry-After") or "", data
            )
        except TimeoutError:
            raise _Fault(f"it took longer than {watch.seconds:g} seconds; try again later, or {_SAVED}") from None
        except (http.client.IncompleteRead, EOFError):
            raise _Fault("the connection was closed before all of it had come; try again") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _Fault(f"the site's answer cannot be read ({_reason(error)}); {_SAVED}") from None
        finally:
            line.close()

    def _connect(self, parts: SplitResult, watch: _Watch) -> socket.socket:
        """A connection to an address that was looked at, secured if the address says so."""
        assert parts.hostname
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        places = [(family, place) for family, _, _, _, place in socket.getaddrinfo(parts.hostname, port, 0, 1)]
        open_ones = [one for one in places if self._private or is_public(str(one[1][0]))]
        if places and not open_ones:
            raise _Fault(f"it is in a private network ({places[0][1][0]}); --private fetches it all the same")
        fault: OSError = OSError("no address")
        for family, place in open_ones:
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                connection.settimeout(watch.left() / 2)
                connection.connect(place)
                if not self._private and not is_public(str(connection.getpeername()[0])):
                    raise OSError("it leads into a private network")
                if secure:
                    connection = ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)
                return connection
            except OSError as error:
                connection.close()
                fault = error
        raise fault


class _Fault(Exception):
    """Why an address gave no page: a sentence without its beginning and its full stop."""


class _Unreachable(_Fault):
    """The site cannot be reached at all."""


class _Answer(NamedTuple):
    status: int
    reason: str
    onward: str
    content_type: str
    wait: str
    data: bytes


class _Watch:
    """How much time is left, and whether somebody has stopped it."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool] | None) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._cancelled = cancelled

    def left(self) -> float:
        """The seconds that are left. Raises TimeoutError when none are."""
        if self._cancelled and self._cancelled():
            raise FetchStopped
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Line:
    """A connection as `http.client` uses it, which looks at the watch before each piece: no answer lasts for ever."""

    def __init__(self, connection: socket.socket, watch: _Watch) -> None:
        self._connection = connection
        self._watch = watch

    def sendall(self, data: Any) -> None:
        self._connection.settimeout(self._watch.left())
        self._connection.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(_Pieces(self._connection, self._watch))

    def close(self) -> None:
        """The answer may still be read; who has made the connection ends it."""


class _Pieces(io.RawIOBase):
    def __init__(self, connection: socket.socket, watch: _Watch) -> None:
        self._connection = connection
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            self._connection.settimeout(min(self._watch.left(), _SLICE))
            with suppress(TimeoutError):
                return self._connection.recv_into(buffer)


def _body(response: HTTPResponse, size: int) -> bytes:
    """What is sent, unpacked; no more than ``size`` of it is ever held."""
    packing = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", "deflate"):
        raise _Fault(f"the site sends it packed as “{packing}”, which was not asked for; {_SAVED}")
    expected = response.length
    unpack = None if packing == "identity" else zlib.decompressobj(wbits=47 if "gzip" in packing else 15)
    found, sent = io.BytesIO(), 0
    while piece := response.read(_PIECE):
        sent += len(piece)
        try:
            found.write(unpack.decompress(piece, size + 1 - found.tell()) if unpack else piece)
        except zlib.error:
            if sent != len(piece) or packing != "deflate":
                raise _Fault(f"what the site sends is damaged; try again, or {_SAVED}") from None
            unpack = zlib.decompressobj(wbits=-15)  # as some sites understand “deflate”
            found.write(_unpacked(unpack, piece, size + 1))
        if max(sent, found.tell()) > size:
            raise _Fault(f"the page is larger than {size / 1_000_000:g} MB; {_SAVED} if an article is in it")
    if (expected and sent < expected) or (unpack and sent and not unpack.eof):
        raise EOFError
    return found.getvalue()


def _unpacked(unpack: Any, piece: bytes, most: int) -> bytes:
    try:
        return bytes(unpack.decompress(piece, most))
    except zlib.error:
        raise _Fault(f"what the site sends is damaged; try again, or {_SAVED}") from None


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may reach."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def web_address(said: str) -> str:
    """An address as it is asked for: without its fragment, its host and path spelt in ASCII.

    Raises:
        Refused: it is not http or https, names no host, or holds a name or a password.
    """
    said = said.strip()
    try:
        parts = urlsplit(said)
        host, port = parts.hostname or "", parts.port
        if host and not host.isascii():
            host = host.encode("idna").decode()
        bare = re.fullmatch(r"[0-9A-Za-z._:-]+", host)
        path, query = (quote(part, "%/:=&?~+!$,;'@()*[]|") for part in (parts.path, parts.query))
    except ValueError:  # an unknown port, half a bracket, a label that is too long, half a character
        raise Refused(f"{_shown(said)}: this is not a web address; check it.") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise Refused(f"{_shown(said)}: only http and https addresses are fetched; check it.")
    if not host or not bare:
        raise Refused(f"{_shown(said)}: this is not a web address; check it.")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"{_shown(parts.hostname or '')}: its address holds a name or a password; leave them out.")
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    return urlunsplit((parts.scheme.lower(), place, path or "/", query, ""))


def _onward(where: str, at: str, location: str) -> str:
    """Where a redirect leads."""
    said = location.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return web_address(urljoin(at, said))
    except (Refused, ValueError):
        raise Refused(f"{where}: it redirects to {_shown(said)}, which is not a web address; check it.") from None


def _refusal(answer: _Answer) -> str:
    """What an answer without a page means, and what to do."""
    said = f"{answer.status} {_shown(answer.reason)}".strip()
    if answer.status in (401, 402, 403, 406, 451):
        return f"the site does not give this page to a program ({said}); {_SAVED}"
    if answer.status in (404, 410):
        return f"there is no such page ({said}); check the address"
    if answer.status == 429:
        wait = f" {answer.wait} seconds" if answer.wait.isdecimal() else ""
        return f"the site asks to wait{wait} before more is fetched ({said}); try again later"
    if answer.status >= 500:
        return f"the site has a fault ({said}); try again later"
    return f"the site gives no page ({said}); check the address"


def _unreached(host: str, error: OSError) -> str:
    if any(os.environ.get(name) or os.environ.get(name.lower()) for name in _PROXIES):
        return f"the site cannot be reached ({_reason(error)}), and factdesk goes through no proxy; {_SAVED}"
    if isinstance(error, TimeoutError):
        return "the site does not answer; try again later"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message.rstrip('.')}); check the address"
    if isinstance(error, socket.gaierror):
        return f"no site is called {host}; check the address and your connection"
    return f"the site cannot be reached ({_reason(error)}); check the address and your connection"


def _reason(error: Exception) -> str:
    return _shown(getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")


def _shown(said: str) -> str:
    """What somebody else has said, as it may stand in a sentence."""
    said = "".join(c if c.isprintable() else "\ufffd" for c in said)
    return said if len(said) <= 200 else said[:199] + "…"
