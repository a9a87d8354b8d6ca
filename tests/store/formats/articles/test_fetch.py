"""Fetching: what a site gives comes whole or not at all, and never from where nobody was asked to look."""

from __future__ import annotations

import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Refused
from store.formats.articles import fetch
from store.formats.articles.fetch import Fetcher, is_public, web_address
from store.formats.articles.reader import FetchStopped
from tests.kit.web_server import Site, head, ok, onward, site


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site that is on the internet, as far as anybody can tell; 127.0.0.2 is within."""
    public = is_public
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1" or public(address))
    with site() as found:
        yield found


def refusal(address: str, **limits: float) -> str:
    with pytest.raises(Refused) as caught:
        Fetcher(**limits).get(address)  # type: ignore[arg-type]
    said = str(caught.value)
    assert said.endswith(".") and "\n" not in said and not said.endswith("..")
    return said


def test_a_page_comes_with_its_kind_and_where_the_redirects_ended(web: Site) -> None:
    end = web.at("/the%20end?q=1", ok("<p>Café".encode(), "Text/HTML; Charset=UTF-8"))
    middle = web.at("/middle", onward("/the end?q=1#part"))
    start = web.at("/", onward(middle, "301 Moved Permanently"))
    page = Fetcher().get(start.rstrip("/"))
    assert (page.address, page.data.decode(), page.content_type) == (end, "<p>Café", "text/html; charset=utf-8")
    assert page.redirects == (start, middle) and page.fetched > 0
    assert web.asked == ["/robots.txt", "/", "/middle", "/the%20end?q=1"]
    assert "factdesk" in web.requests[1] and f"Host: {start[7:-1]}" in web.requests[1]


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw"])
def test_a_packed_page_is_unpacked(web: Site, packing: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(b"words" * 999),
        "deflate": zlib.compress(b"words" * 999),
        "raw": raw.compress(b"words" * 999) + raw.flush(),
    }[packing]
    address = web.at("/a", ok(packed, Content_Encoding="gzip" if packing == "gzip" else "deflate"))
    assert Fetcher().get(address).data == b"words" * 999


def test_a_page_in_chunks_and_one_without_a_length_come_whole(web: Site) -> None:
    chunks = head("200 OK", {"Transfer-Encoding": "chunked"}) + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert Fetcher().get(web.at("/a", chunks)).data == b"abcde"
    assert Fetcher().get(web.at("/b", head("200 OK", {}) + b"abcde")).data == b"abcde"


BOMB = gzip.compress(b"\0" * 50_000_000)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ok(BOMB, Content_Encoding="gzip"), "the page is larger than 20 MB"),
        (ok(b"x" * 100, Content_Encoding="gzip"), "is damaged"),
        (ok(b"x" * 100, Content_Encoding="deflate"), "is damaged"),
        (ok(gzip.compress(b"words" * 999)[:-20], Content_Encoding="gzip"), "was closed before all of it had come"),
        (ok(b"x", Content_Encoding="br"), "packed as “br”"),
        (head("200 OK", {"Content-Length": "100"}) + b"half", "was closed before all of it had come"),
        (head("200 OK", {"Transfer-Encoding": "chunked"}) + b"ff\r\nhalf", "was closed before all of it had come"),
        (head("200 OK", {"Transfer-Encoding": "chunked"}) + b"zz\r\nhalf", "was closed before all of it had come"),
        (head("403 Forbidden", {}), "the site does not give this page to a program (403 Forbidden); open it in a"),
        (head("402 Payment Required", {}), "(402 Payment Required)"),
        (head("404 Not \x1b[31mFound", {}), "there is no such page (404 Not \ufffd[31mFound)"),
        (head("429 Too Many", {"Retry-After": "30"}), "asks to wait 30 seconds"),
        (head("503 Busy", {}), "the site has a fault (503 Busy); try again later"),
        (head("204 No Content", {}), "the site gives no page (204 No Content)"),
        (b"SSH-2.0-OpenSSH\r\n", "the site's answer cannot be read"),
        (b"", "the site's answer cannot be read"),
        (head("200 OK", {str(n): "x" for n in range(200)}), "the site's answer cannot be read"),
        (head("200 OK", {"a": "x" * 70_000}), "the site's answer cannot be read"),
        (onward("ftp://example.org/"), "it redirects to ftp://example.org/, which is not a web address"),
        (onward("http://a:b@example.org/"), "which is not a web address"),
        (onward("http://[::1"), "which is not a web address"),
        (onward("/page"), "it redirects in a circle"),
        (onward("http://127.0.0.2:1/"), "it is in a private network (127.0.0.2); --private fetches it all the same"),
        (onward("http://169.254.169.254/latest/"), "it is in a private network (169.254.169.254)"),
        (onward("http://[::ffff:10.0.0.1]/"), "it is in a private network"),
    ],
)  # fmt: skip
def test_what_a_site_does_not_give_is_told_in_a_sentence(web: Site, answer: bytes, says: str) -> None:
    address = web.at("/page", answer)
    said = refusal(address)
    assert said.startswith(f"{address}") and says in said


def test_redirects_end(web: Site) -> None:
    for n in range(20):
        web.at(f"/{n}", onward(f"/{n + 1}"))
    assert "it redirects too often" in refusal(f"{web.address}/0")
    assert len(web.asked) == 1 + 11


def test_a_site_that_never_ends_is_left(web: Site) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(head("200 OK", {}))
        while not web.closed.is_set():
            connection.sendall(b"x" * 65536)

    assert "the page is larger than 1 MB" in refusal(web.at("/a", endless), size=1_000_000)


@pytest.mark.parametrize("slow_at", ["before", "head", "body"])
def test_a_slow_site_is_left_when_its_time_is_over(web: Site, slow_at: str) -> None:
    def slow(connection: socket.socket) -> None:
        if slow_at == "body":
            connection.sendall(head("200 OK", {"Content-Length": "100000"}))
        while not web.closed.wait(0.05):
            connection.sendall(b"x" if slow_at == "body" else b"H" * (slow_at == "head"))

    assert "it took longer than 0.5 seconds; try again later" in refusal(web.at("/a", slow), seconds=0.5)


def test_a_fetch_is_stopped_while_it_waits(web: Site) -> None:
    reached: list[bool] = []

    def silent(connection: socket.socket) -> None:
        reached.append(True)
        web.closed.wait()

    with pytest.raises(FetchStopped):
        Fetcher(cancelled=lambda: bool(reached)).get(web.at("/a", silent))


def test_a_private_network_needs_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    with site() as within:
        address = within.at("/a", ok(b"words"))
        assert "it is in a private network (127.0.0.1); --private" in refusal(address)
        assert within.asked == []
        assert Fetcher(private=True).get(address).data == b"words"
        # The name leads elsewhere once it was looked at: what counts is where the connection leads.
        looks = iter([True, False])
        monkeypatch.setattr(fetch, "is_public", lambda _: next(looks))
        assert "it leads into a private network" in refusal(address)
        assert within.asked == ["/robots.txt", "/a"]


def test_a_page_that_robots_txt_keeps_from_programs_is_not_fetched(web: Site) -> None:
    web.at("/robots.txt", ok(b"User-agent: *\nDisallow: /inner/\n\nUser-agent: factdesk\nDisallow: /mine\n"))
    web.at("/open", ok(b"words"))
    fetcher = Fetcher()
    assert fetcher.get(web.at("/open", ok(b"words"))).data == b"words"
    with pytest.raises(Refused, match=r"/mine/x: the site asks programs not to fetch this page \(robots"):
        fetcher.get(web.at("/mine/x", ok(b"words")))
    with pytest.raises(Refused, match=r"robots\.txt"):
        fetcher.get(web.at("/onward", onward("/mine/x")))
    assert web.asked.count("/robots.txt") == 1 and "/mine/x" not in web.asked
    web.at("/robots.txt", ok(b"\xff\0nonsense" * 100_000))
    assert Fetcher().get(web.at("/mine/x", ok(b"words"))).data == b"words"


def test_what_cannot_be_reached_is_told(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert "the site cannot be reached (Connection refused)" in refusal(
            f"http://127.0.0.1:{taken.getsockname()[1]}"
        )
    assert "the site cannot be reached" in refusal(web.address.replace("http", "https"))

    def unknown(*_: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    assert "no site is called nowhere.example; check the address" in refusal("https://nowhere.example/")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert "goes through no proxy; open it in a browser, save it" in refusal("https://nowhere.example/")


def test_a_certificate_that_is_not_valid_is_told() -> None:
    error = ssl.SSLCertVerificationError(1, "no")
    error.verify_message = "certificate has expired"
    assert fetch._unreached("a", error) == "its certificate is not valid (certificate has expired); check the address"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (" HTTPS://Example.ORG ", "https://example.org/"),
        ("http://bücher.example/straße?q=ä b#teil", "http://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4%20b"),
        ("http://a.example:8080/x%20y/(z)", "http://a.example:8080/x%20y/(z)"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_an_address_is_spelt_as_it_is_asked_for(said: str, address: str) -> None:
    assert web_address(said) == address == web_address(address)


@pytest.mark.parametrize(
    "said", ["ftp://a/", "file:///etc/passwd", "http://", "http://a:99999/", "http://a b/", "http://u:p@a/", "https://\x1b/",
             "gopher://x", "http://[::1", "http://" + "a" * 70 + "ü.example/", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_not_an_address_is_refused(said: str) -> None:
    sentence = refusal(said)
    assert sentence.isprintable()
    assert "u:p" not in sentence


@given(st.text(st.sampled_from("htps:/[]@a.ü% \n\x00\ud800?#1"), max_size=30))
def test_any_words_are_an_address_in_plain_ascii_or_a_refusal(said: str) -> None:
    try:
        address = web_address("http://" + said)
    except Refused as refused:
        assert str(refused).isprintable()
        return
    except UnicodeError:
        raise AssertionError(said) from None
    assert address.isascii() and address.isprintable() and " " not in address and web_address(address) == address


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *(("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True)),
        *((address, False) for address in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
            "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
            "2002:7f00:1::1", "64:ff9b::7f00:1", "2001:0:a00:1::1",
        )),
    ],
)  # fmt: skip
def test_private_networks_are_told_from_the_internet(address: str, public: bool) -> None:
    assert is_public(address) is public
