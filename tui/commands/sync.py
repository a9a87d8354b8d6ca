"""Syncing with a hub, a folder or another desk, and looking after a hub: sync, hub init, hub status, hub roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import click

from tui.commands.command import argument, as_json, command, option
from tui.commands.common_options import chosen_file
from tui.commands.merge_and_share import HEADS
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import (
    Progress,
    counted,
    is_attended,
    listing,
    local_time,
    plain,
    prompt,
    report,
    say,
    show_json,
    tell,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.person import Person
    from store.sync.contract import Remote
    from store.sync.hub import Hub
    from store.sync.remotes import Synced

_LONGEST_PAUSE = 60.0  # seconds between two tries to reach what cannot be reached
HUB_WORDS = "postgresql://LOGIN@HOST/DATABASE, without a password: you are asked for it, or it stands in ~/.pgpass."
hub_argument = argument("address", HUB_WORDS, metavar="ADDRESS")


# -- syncing --------------------------------------------------------------------------------------------------


@command("sync", "factdesk sync postgresql://ana@hub.example/newsroom", "factdesk sync /mnt/shared/rain",
      "factdesk sync --watch")  # fmt: skip
@argument("where", "A hub (postgresql://LOGIN@HOST/DATABASE), a folder, or another desk's file. Without any: those the "
          "desk has synced with.", nargs=-1, metavar="[WHERE]...")  # fmt: skip
@click.option("--watch", is_flag=True, help="Go on syncing until you press Ctrl-C.")
@click.option("--every", type=click.FloatRange(0.1, 86_400), default=5.0, metavar="SECONDS", show_default=True,
              help="With --watch: how often to look.")  # fmt: skip
@click.option("--forget", is_flag=True, help="Stop syncing there, in the app too; what came from there stays.")
@as_json
def sync(where: Sequence[str], watch: bool, every: float, forget: bool, as_json: bool) -> None:
    """Give others what you did, and take in what they did.

    The desk remembers the place: `factdesk sync` alone syncs there again, and the app does so by itself while it is
    open. Nobody waits for the network: you work in your own file. Where two people changed one value without seeing
    each other's change, both are kept and `factdesk conflicts` shows them. What blind review hides from you stays
    hidden. For a hub install factdesk[hub], and let its owner make it with `factdesk hub init`.
    """
    from store.errors import Refused

    with desk_to_write(create=True, in_parts=True) as desk:
        places = [_place(one) for one in where] or [link.address for link in desk.remotes.all()]
        if not places:
            raise Refused("This desk has not synced yet: name a hub (postgresql://LOGIN@HOST/DATABASE) or a folder.")
        if forget:
            for place in places:
                gone = desk.remotes.forget(_remembered(desk, place))
                say(f"{place}: forgotten." if gone else f"{place}: this desk has not synced there.")
            return
        remotes = [_opened(desk, place) for place in places]
        try:
            found = [one for remote in remotes if (one := _once(desk, remote, watch)) is not None]
            if as_json and not watch:
                show_json([plain(one) for one in found])
            elif rows := [row for one in found for row in one.rows if row.added or row.conflicts]:
                listing(HEADS, rows, False)
            for one in found:
                _tell(desk, one)
            if watch:
                say(f"Watching every {every:g} seconds. Ctrl-C ends it.")
                _go_on(desk, remotes, every)
        finally:
            for remote in remotes:
                remote.close()


def _place(said: str) -> str:
    """What somebody named, as the desk may remember it."""
    from store.sync.hub_address import is_hub
    from tui.settings import path_of

    return said if is_hub(said) or "://" in said else str(path_of(said))


def _remembered(desk: Desk, place: str) -> str:
    known = {link.address for link in desk.remotes.all()}
    return place if place in known else str(Path(place).resolve())


def _opened(desk: Desk, place: str) -> Remote:
    from store.sync.hub_address import is_hub, password_advice, way_to

    if is_hub(place) and (note := way_to(place).note):
        say(note)
    return desk.remotes.at(place, _asked(password_advice) if is_attended() else None)


def _asked(advise: Callable[[str], str] | None = None) -> Callable[[str], str]:
    """Asks for a password, and says how not to be asked again."""

    def ask(address: str) -> str:
        password = prompt(f"Password for {address}", hide_input=True)
        if advise is not None:
            say(advise(address))
        return password

    return ask


def _once(desk: Desk, remote: Remote, watch: bool) -> Synced | None:
    """Sync once; None when it cannot be reached and is tried again."""
    from store.errors import Offline

    with Progress("Synced", "changes") as progress:
        try:
            return desk.remotes.sync(remote, progress=progress)
        except Offline as offline:
            if not watch:
                raise
            progress.note(f"{offline} Trying again until it can.")
            return None
        except KeyboardInterrupt:
            raise KeyboardInterrupt("interrupted; what is in by now stays: sync again for the rest.") from None


def _go_on(desk: Desk, remotes: Sequence[Remote], every: float) -> None:
    """Sync again and again; say what came of it only when something did."""
    from store.errors import Offline

    pause, offline = every, False
    while True:
        sleep(pause)
        pause = every
        for remote in remotes:
            try:
                met = desk.remotes.sync(remote)
            except Offline as reason:
                if not offline:
                    say(f"{_now()} {reason}")
                offline, pause = True, min(_LONGEST_PAUSE, 4 * every)
                continue
            if offline or met.sent or met.received or met.notes:
                _tell(desk, met, f"{_now()} ")
            offline = False


def _now() -> str:
    return f"{datetime.now():%H:%M:%S}"


def _tell(desk: Desk, met: Synced, before: str = "") -> None:
    say(f"{before}{met.remote}: {counted(met.sent, 'change')} sent, {met.received:,} received.")
    for note in met.notes:
        say(note)
    if met.held:
        people = " and ".join(f"{count:,} by {person}" for person, count in met.held)
        say(f"Not sent: {people}. Your login there sends no more than its own person's work and what builds on that. "
            "The rest goes when they sync, or from a login that may `bring` (`factdesk hub roles`).")  # fmt: skip
    if any(row.conflicts for row in met.rows):
        say("Some changes contradict each other: `factdesk conflicts` shows them.")


# -- a hub ----------------------------------------------------------------------------------------------------


@contextmanager
def _hub(address: str) -> Iterator[Hub]:
    """A hub; somebody at the terminal is asked for the password when it wants one."""
    from store.sync.hub import Hub
    from store.sync.hub_address import way_to
    from store.sync.server_faults import WrongPassword

    way = way_to(address)
    if way.note:
        say(way.note)
    try:
        hub = Hub(way)
    except WrongPassword:
        if not is_attended():
            raise
        hub = Hub(way, _asked()(address))
    with closing(hub):
        yield hub


@command("hub init", "factdesk hub init postgresql://owner@hub.example/newsroom")
@hub_argument
def hub_init(address: str) -> None:
    """Make a database a hub: its tables, which only grow, and its roles.

    The login must own the database or may make tables and roles there; every later reader and writer gets a login of
    their own with `factdesk hub roles`.
    """
    with _hub(address) as hub:
        if hub.init():
            tell(f"{address} is a hub now.")
            say(f"Next: factdesk hub roles {address} --add LOGIN --person NAME, for each person.")
        else:
            tell(f"{address} is a hub already; nothing was changed.")


@command("hub status", "factdesk hub status postgresql://ana@hub.example/newsroom")
@hub_argument
@as_json
def hub_status(address: str, as_json: bool) -> None:
    """Show how a hub stands, who you are there, and how far this desk is.

    It changes nothing, on either side.
    """
    from store.errors import Refused

    with _hub(address) as hub:
        standing = hub.standing()
    try:
        with desk_to_read() as desk:
            link, waiting = desk.remotes.get(address), desk.remotes.waiting(address)
    except Refused:  # there is no desk here
        link, waiting = None, 0
    fetched = link.pulled if link else 0
    if as_json:
        show_json(plain(standing) | {"to_send": waiting, "to_fetch": standing.changes - fetched})
        return
    who = f" as {standing.person}" if standing.person else ""
    tell(f"You are {standing.login}{who}, and may {_MAY[standing.may]}.")
    newest = f", the newest of {local_time(standing.newest)}" if standing.newest else ""
    tell(f"It holds {counted(standing.changes, 'change')}{newest}, and {counted(standing.texts, 'text')}, in "
         f"{standing.bytes / 1e6:,.1f} MB. {counted(standing.members, 'login')} may use it.")  # fmt: skip
    tell(f"This desk has {waiting:,} to send and {standing.changes - fetched:,} to fetch.")


_THEY = {
    "read": "read; it is {}'s login", "write": "read, and send what {} did",
    "bring": "read, and send what {} and others did",
}  # fmt: skip
_MAY = {
    "everything": "do everything, for the hub is yours", "bring": "send what you did and what others did",
    "write": "send what you did", "read": "read", "nothing": "do nothing",
}  # fmt: skip
_HEADS = (
    Head("login", lambda row: row.login),
    Head("person", lambda row: row.person, flexible=True),
    Head("may", lambda row: row.may),
    Head("sent", lambda row: f"{row.sent:,}", right=True),
    Head("last", lambda row: local_time(row.last) if row.last else ""),
)


@command("hub roles", "factdesk hub roles postgresql://owner@hub.example/newsroom",
      'factdesk hub roles postgresql://owner@hub.example/newsroom --add bo --person "Bo Lund"')  # fmt: skip
@hub_argument
@click.option("--add", "login", metavar="LOGIN", help="Let this login use the hub; it is created if it does not exist.")
@option("--person", metavar="NAME", help="With --add: whose login it is, as the desk calls them.")
@click.option("--may", type=click.Choice(["read", "write", "bring"]), default="write", show_default=True,
              help="With --add: read; write: send what this person did; bring: send what others did, too.")  # fmt: skip
@click.option("--remove", "gone", metavar="LOGIN", help="Stop this login from using the hub; what it sent stays.")
@as_json
def hub_roles(address: str, login: str | None, person: str | None, may: str, gone: str | None, as_json: bool) -> None:
    """List who may do what at a hub, let somebody in, or no longer.

    The server itself sees to it that each login writes in its own person's name only, and that nobody alters or
    deletes what is there. For a new login you are asked for a password.
    """
    if login is not None and person is None:
        raise click.UsageError("Say whose login it is, with --person NAME.")
    if login is None and person is not None:
        raise click.UsageError("Name the login with --add LOGIN.")
    with _hub(address) as hub:
        if login is not None and person is not None:
            password = ""
            if is_attended():
                password = prompt(f"A password for {login} (empty: leave as it is)", hide_input=True, default="",
                                  show_default=False, confirmation_prompt=True)  # fmt: skip
            made = hub.admit(login, _person(person), may, password)
            report({"login": login, "person": person, "may": may, "made": made}, as_json,
                   f"{login} may {_THEY[may].format(person)}.")  # fmt: skip
            if made and not password:
                say(f"The login is new and has no password: set one with \\password {login} in psql.")
        elif gone is not None:
            found = hub.dismiss(gone)
            report({"login": gone, "removed": found}, as_json,
                   f"{gone} can no longer use the hub; the login itself stays on the server." if found
                   else f"{gone} does not use this hub; nothing was changed.")  # fmt: skip
        else:
            nothing = f"Nobody but the owner: factdesk hub roles {address} --add LOGIN --person NAME lets somebody in."
            listing(_HEADS, hub.members(), as_json, nothing=nothing)


def _person(name: str) -> Person:
    """Who is meant: as the desk knows them, where there is one."""
    from store.access.names import Names
    from tui import settings

    if settings.desk_path(chosen_file()).exists():
        with desk_to_read() as desk:
            return desk.session.called(name)
    return Names(()).called(name)
