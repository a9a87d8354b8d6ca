"""Who is let in by the server and who is not, asked over HTTP as a browser, a hostile page and a proxy would."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from store.desk import Desk
from tests.kit.commands import TEXT, Cli, assert_refused
from tests.kit.served import Served, Tab, gone, served

FOREIGN = "http://evil.example"


@pytest.fixture
def desk(ana: Path) -> Path:
    """Ana's desk with an article."""
    with Desk.open(ana / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT, title="Rain")
    return ana / "desk.db"


async def asked(server: Served, path: str = "/", **headers: str) -> tuple[int, str]:
    """What the server answers whoever has the cookie of ``server.session``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with server.session.get(server.base + path, headers=named) as answer:
        return answer.status, await answer.text(errors="replace")


async def raw(server: Served, request: str) -> str:
    """What it answers to these very bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.base.rpartition(":")[2]))
    writer.write(request.encode("latin-1"))
    answer = await asyncio.wait_for(reader.read(65_536), 60)
    writer.close()
    return answer.decode("latin-1")


async def refused_socket(server: Served, **headers: str) -> int:
    with pytest.raises(WSServerHandshakeError) as error:
        await server.tab(**headers)
    return error.value.status


async def test_an_address_works_once_and_only_its_browser_is_let_in(desk: Path) -> None:
    async with served() as server:
        first = await server.address()
        async with ClientSession() as stranger:
            for path in ("/", "/?token=", "/?token=x", f"/?token={'A' * 43}", "/static/page.js", "/download/x"):
                async with stranger.get(server.base + path) as answer:
                    assert answer.status == 403 and "token" not in (await answer.text()).replace("?token", "")
        assert await refused_socket(server) == 403
        async with server.session.get(first) as page:
            assert page.status == 200
            (cookie,) = page.headers.getall("Set-Cookie")
            assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and first.rpartition("=")[2] not in cookie
            policy = page.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert "//" not in (await page.text()).replace("<!doctype html>", "")  # nothing from elsewhere
        async with ClientSession() as stranger, stranger.get(first) as answer:
            assert (answer.status, "used before" in await answer.text()) == (403, True)
        assert (await asked(server))[0] == 200
        async with ClientSession() as second, second.get(await server.address()) as answer:
            assert answer.status == 200
        tab = await server.tab()
        assert "Ana" in await tab.shows("Rain", "1 article")


async def test_other_pages_and_other_names_are_refused(desk: Path) -> None:
    async with served() as server:
        await server.enter()
        port = server.base.rpartition(":")[2]
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}", ""):
            assert (await asked(server, Host=host))[0] in (400, 403), host
            assert await refused_socket(server, Host=host) in (400, 403)
        for origin in (FOREIGN, "null", "", f"https://127.0.0.1:{port}", server.base + ".evil.example",
                       f"http://localhost:{port}", f"{server.base}/"):  # fmt: skip
            assert (await asked(server, Origin=origin))[0] == 403, origin
            assert await refused_socket(server, Origin=origin) == 403
        cookie = "; ".join(f"{one.key}={one.value}" for one in server.session.cookie_jar)
        head = f"Host: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        assert raw_status(await raw(server, f"GET / HTTP/1.1\r\n{head}Host: evil.example\r\n\r\n")) in (400, 403)
        upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        socket = f"GET /ws/{'0' * 32} HTTP/1.1\r\n{head}{upgrade}Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        assert raw_status(await raw(server, f"{socket}\r\n")) == 403  # no origin at all
        assert raw_status(await raw(server, f"POST / HTTP/1.1\r\n{head}Content-Length: 0\r\n\r\n")) == 403
        assert not server.apps()


def raw_status(answer: str) -> int:
    return int(answer.split()[1])


async def test_no_path_leads_to_a_file_that_is_not_meant_to_be_seen(desk: Path) -> None:
    async with served() as server:
        await server.enter()
        assert (await asked(server, "/static/page.js"))[0] == 200
        cookie = "; ".join(f"{one.key}={one.value}" for one in server.session.cookie_jar)
        host = server.base.partition("://")[2]
        for path in ("/static", "/static/", "/static/../guard.py", "/static/%2e%2e/guard.py", "/static/..%2fguard.py",
                     "/static/%2e%2e%2f%2e%2e%2fcli.py", "/static//etc/passwd", "/static/page.js/..", "//etc/passwd",
                     "/static/index.html", "/download/../desk.db", "/desk.db", "/ws/../../etc/passwd",
                     "/static/page.js%00.css", "/static/\\..\\guard.py"):  # fmt: skip
            answer = await raw(server, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n")
            assert raw_status(answer) in (400, 403, 404), path
            assert "import" not in answer and "root:" not in answer and "<li>" not in answer
            assert "\r\nX-Content-Type-Options: nosniff" in answer or raw_status(answer) == 400


async def test_a_flood_of_sockets_gets_no_more_than_its_sessions(desk: Path) -> None:
    async with served("--sessions", 2) as server:
        assert set(await asyncio.gather(*(refused_late(server) for _ in range(30)))) == {403}
        await server.enter()
        held = [await server.tab() for _ in range(2)]
        for tab in held:
            await tab.shows("Rain")
        flood = await asyncio.gather(*(server.tab() for _ in range(40)))
        assert {await tab.is_closed() for tab in flood} == {4002}
        assert len(server.apps()) == 2
        await held[0].type("\r")
        await held[0].shows("It rained on 5 May")
        await held[1].close()
        again = await server.tab()  # whom no tab shows makes room
        await again.shows("Rain")
        assert len(server.apps()) <= 2
        await held[0].shows("It rained on 5 May")


async def refused_late(server: Served) -> int:
    await server_is_up(server)
    return await refused_socket(server)


async def server_is_up(server: Served) -> None:
    while not server.said:
        await asyncio.sleep(0.05)


async def test_what_no_page_sends_closes_the_socket_and_the_app_lives_on(desk: Path) -> None:
    async with served() as server:
        await server.enter()
        name = "ab" * 16
        tab = await server.tab(name)
        await tab.shows("Rain")
        (app,) = server.apps()
        for said in ("nonsense", "[]]", '["resize", 5]', '["resize", {"width": "x", "height": 1}]', "[" * 100_000):
            await tab.socket.send_str(said)
            assert await tab.is_closed() == 1007
            tab = await server.tab(name)
            await tab.shows("Rain")
        await tab.socket.send_str('["resize", {"width": 1000000000, "height": -5}]')
        await tab.socket.send_str('["resize", {"width": 60, "height": 20}]')
        await tab.socket.send_str('["never heard of", null]')
        await tab.type("\ud800\r")
        await tab.shows("It rained on 5 May")
        assert server.apps() == [app]
        assert (await asked(server, f"/ws/{name}?width=x", Origin=server.base))[0] == 400


async def test_a_second_tab_of_that_name_takes_over(desk: Path) -> None:
    async with served() as server:
        await server.enter()
        name = "cd" * 16
        first = await server.tab(name)
        await first.shows("Rain")
        await first.type("\rJ")
        await first.shows("It rained on 5 May")
        second = await server.tab(name)
        assert await first.is_closed() == 4001
        await second.shows("It rained on 5 May", "Ana")
        assert len(server.apps()) == 1
        await second.type("qq")
        assert await second.is_closed() == 4000
        await gone(*server.apps())
        third = await server.tab(name)
        await third.shows("Rain")


async def test_a_tab_whose_app_made_room_for_another_comes_back_to_where_it_was(desk: Path) -> None:
    async with served("--sessions", 1) as server:
        await server.enter()
        name = "ef" * 16
        tab = await server.tab(name)
        await tab.shows("Rain")
        await tab.type("\r))t")
        await tab.shows("C1")
        await tab.type("J")
        await tab.shows("Ctrl+B")
        await tab.type("because of the spring")
        await tab.shows("because of the spring")
        (app,) = server.apps()
        await tab.close()
        other = await server.tab()
        await other.shows("Rain", "1 article")
        await gone(app)
        await other.close()
        again = await server.tab(name)
        await again.shows("because of the spring", "C1 · 1 of 1", "“Nobody was hurt”")


async def test_apps_end_when_the_server_is_killed_and_keep_what_was_typed(desk: Path) -> None:
    async with served() as server:
        await server.enter()
        tab = await server.tab()
        await tab.shows("Rain")
        await tab.type("\rt")
        await tab.shows("C1")
        await tab.type("J")
        await tab.type("because of the spring")
        await tab.shows("because of the spring")
        apps = server.apps()
        os.kill(server.process.pid, signal.SIGKILL)
        await gone(*apps)
    with Desk.open(desk, "Ana") as left:
        (claim,) = left.claims.of(left.articles.all()[0])
        assert left.verdicts.of(claim)[0].justification == "because of the spring"


PROXIED = ("--behind-proxy", "127.0.0.1", "--name-header", "X-Remote-User", "--origin", "http://desk.example")


async def test_behind_a_proxy_the_name_is_its_header_and_nothing_else(desk: Path) -> None:
    async with served(*PROXIED, FACTDESK_REVIEWER="Ana") as server:
        address = f"http://127.0.0.1:{await server.port()}"
        there = {"Host": "desk.example"}

        async def status(path: str = "/", **headers: str) -> int:
            named = there | {name.replace("_", "-"): value for name, value in headers.items()}
            async with server.session.get(address + path, headers=named) as answer:
                return answer.status

        assert await status(X_Remote_User="Bo") == 200
        assert await status() == 403 and await status(X_Remote_User="") == 403
        assert await status(X_Remote_User="Bo", Host="127.0.0.1") == 403
        assert await status(X_Remote_User="Bo", Origin=FOREIGN) == 403
        for name in ("\u202eBo", "x" * 200, " "):
            assert await status(X_Remote_User=name) == 403, name
        twice = [("Host", "desk.example"), ("X-Remote-User", "Bo"), ("X-Remote-User", "Ana")]
        async with server.session.get(address, headers=twice) as answer:
            assert answer.status == 403

        path = f"{address}/ws/{os.urandom(16).hex()}?width=100&height=30&name=Ana&as=Ana"
        ours = there | {"Origin": "http://desk.example", "X-Remote-User": "Bo Müller"}
        for lacking in ours:
            with pytest.raises(WSServerHandshakeError):
                await server.session.ws_connect(path, headers={k: v for k, v in ours.items() if k != lacking})
        tab = Tab(await server.session.ws_connect(path, headers=ours | {"X-Remote-Name": "Ana"}, max_msg_size=0))
        await tab.shows("Rain", "Bo Müller")
        await tab.type("\rt")
        await tab.shows("C1")
    with Desk.open(desk, "Ana") as left:
        (claim,) = left.claims.of(left.articles.all()[0])
        assert claim.checker == "Bo Müller"


async def test_nobody_but_the_proxy_is_spoken_to(desk: Path) -> None:
    elsewhere = ("--behind-proxy", "10.1.2.3", *PROXIED[2:])
    async with served(*elsewhere) as server:
        address = f"http://127.0.0.1:{await server.port()}"
        named = {"Host": "desk.example", "X-Remote-User": "Bo", "X-Forwarded-For": "10.1.2.3"}
        async with server.session.get(address, headers=named) as answer:
            assert (answer.status, "Only the proxy" in await answer.text()) == (403, True)


def test_what_cannot_be_served_is_refused_in_a_sentence(desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for told, *options in (
        ("not an IP address", "--host", "localhost"),
        ("other machines would reach the desk unasked", "--host", "0.0.0.0"),
        ("for a proxy", "--name-header", "X-Remote-User"),
        ("needs --name-header and --origin", "--behind-proxy", "127.0.0.1"),
        ("is not an IP address", *PROXIED, "--behind-proxy", "proxy.example"),
        ("not the name of a header", *PROXIED[:3], "X Remote\r\nUser", *PROXIED[4:]),
        ("leave --as out", *PROXIED, "--as", "Eva"),
        ("--sessions", "--sessions", "0"),
        ("--port", "--port", "70000"),
    ):
        result = cli("serve", *options)
        assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
    for origin in ("desk.example", "ftp://desk.example", "https://desk.example/factdesk", "https://u:p@x", "https://"):
        assert_refused(cli("serve", *PROXIED[:-1], origin), "is not an origin: write it as https://desk.example")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(cli("serve", "--port", port), f"Port {port} on 127.0.0.1 cannot be used", "--port")
    (desk.parent / "words.db").write_text("no desk")
    assert_refused(cli("serve", "--db", desk.parent / "words.db"), "words.db")
    for name in [name for name in sys.modules if name.startswith("tui.serve.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert_refused(cli("serve"), "pip install 'factdesk[serve]'")
