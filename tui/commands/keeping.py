"""Keeping a desk well: backup, verify, rebuild."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tui.commands.desks import desk_to_read
from tui.commands.output import Progress, counted, say, tell
from tui.commands.verb import argument, verb


@verb("backup", "factdesk backup", "factdesk backup /mnt/stick/desk-before-the-move.db")
@argument(
    "file", "The new file. Without one: beside the desk, named with date and time.", required=False, metavar="[FILE]"
)
def backup(file: str | None) -> None:
    """Copy the whole desk into a new file.

    Others may go on working on it meanwhile. The copy is checked, and an earlier file is never overwritten.
    """
    from store import upkeep

    with desk_to_read() as desk:
        if file is None:
            name = f"{desk.path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{desk.path.suffix}"
            to = desk.path.with_name(name)
        else:
            to = Path(file).expanduser()
        tell(str(upkeep.backup(desk, to)))


@verb("verify", "factdesk verify", "factdesk verify --db copy.db && echo sound")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check that the desk is sound.

    Checked are the file, every quote, and that all of it equals its history. What is wrong is listed, a line each,
    and the exit code is 1.
    """
    from store import upkeep

    with desk_to_read() as desk:
        with Progress("Checked") as progress:
            problems = upkeep.verify(desk, progress)
        for problem in problems:
            tell(problem)
        if problems:
            say(f"factdesk: {desk.path} is not sound: {counted(len(problems), 'problem')}.")
            ctx.exit(1)
        say(f"{desk.path} is sound.")


@verb("rebuild", "factdesk backup && factdesk rebuild")
def rebuild() -> None:
    """Make all tables anew from the history.

    It mends what another program has changed in them.
    """
    from store import upkeep

    with desk_to_read() as desk:
        with Progress("Made anew") as progress:
            upkeep.rebuild(desk, progress)
        say("All tables were made anew from the history.")
