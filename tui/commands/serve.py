"""In a browser: serve."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import click

from tui.commands.command import command
from tui.commands.common_options import chosen_file, chosen_name
from tui.commands.opened_desk import desk_for_app
from tui.commands.output import say

if TYPE_CHECKING:
    from tui.serve.guard import Visitor

_HEADER = re.compile("[A-Za-z0-9][A-Za-z0-9-]{0,60}")


@command("serve", "factdesk serve", "factdesk serve --port 9000",
         "factdesk serve --behind-proxy 127.0.0.1 --name-header X-User --origin https://desk.example")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, metavar="NUMBER", show_default=True,
              help="Where to listen; 0 takes a free port.")  # fmt: skip
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", show_default=True,
              help="The address to listen on. One that other machines reach needs --behind-proxy.")  # fmt: skip
@click.option("--sessions", type=click.IntRange(1, 200), default=8, metavar="NUMBER", show_default=True,
              help="How many browser tabs may be open at once; each takes about 50 MB.")  # fmt: skip
@click.option("--origin", metavar="ADDRESS", help="What browsers call this server, such as https://desk.example.")
@click.option("--behind-proxy", "proxies", multiple=True, metavar="ADDRESS",
              help="The IP address of a proxy that asks who people are; then only it may connect.")  # fmt: skip
@click.option("--name-header", metavar="NAME", help="The header in which the proxy says who somebody is.")
def serve(
    port: int, host: str, sessions: int, origin: str | None, proxies: Sequence[str], name_header: str | None
) -> None:
    """Show the app in a browser.

    The address that it prints opens the desk in one browser, once; a new one follows. Leave it running: Ctrl-C ends
    it, and all that is typed is saved. Only this machine can connect. For people on other machines ssh is simpler, as
    each then works under a login of their own; where they have only a browser, let a proxy ask who they are. Visitors
    through a proxy cannot choose their name and reach no files of this machine.
    """
    from store.errors import Refused
    from store.optional_libraries import command_to_add
    from tui import settings

    _check_proxy(proxies, name_header, origin)
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        raise click.UsageError(f"--host: “{host}” is not an IP address; write it as 127.0.0.1.") from None
    if not loopback and not proxies:
        raise click.UsageError(
            "--host: other machines would reach the desk unasked; add --behind-proxy, or use ssh -L from there."
        )
    try:
        from tui.serve.guard import Proxy, normal_origin
        from tui.serve.server import Terms, serve_desk
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("aiohttp", "textual_serve"):
            raise
        add = command_to_add("factdesk[serve]")
        raise Refused(f"Serving needs one more library: install it with `{add}`.") from None
    with desk_for_app():
        pass  # what cannot be opened is refused now, in words
    path, name = settings.desk_path(chosen_file()).absolute(), settings.reviewer(chosen_name())

    def told(visitor: Visitor) -> dict[str, Any]:
        return {"desk": str(path), "name": visitor.name or name, "proxied": bool(proxies)}

    proxy = Proxy(frozenset(proxies), name_header) if name_header else None
    terms = Terms(told, host, port, sessions, normal_origin(origin) if origin else "", proxy)
    serve_desk(terms, say)
    say("Stopped; everything is saved.")


def _check_proxy(addresses: Sequence[str], header: str | None, origin: str | None) -> None:
    """Refuse options that do not say together where a proxy is and how it names people."""
    if not addresses:
        if header is not None:
            raise click.UsageError("--name-header is for a proxy: say with --behind-proxy where it connects from.")
        return
    if header is None or origin is None:
        raise click.UsageError("--behind-proxy needs --name-header and --origin beside it.")
    if chosen_name() is not None:
        raise click.UsageError("With --behind-proxy the proxy says who people are: leave --as out.")
    if not _HEADER.fullmatch(header):
        raise click.UsageError(f"--name-header: “{header}” is not the name of a header; write it as X-Remote-User.")
    for address in addresses:
        try:
            ip_address(address)
        except ValueError:
            raise click.UsageError(
                f"--behind-proxy: “{address}” is not an IP address; write it as 127.0.0.1."
            ) from None
