"""Keeping a desk well: backup, restore, verify, rebuild."""

from __future__ import annotations

from datetime import datetime

import click

from tui.commands.desks import desk_to_read
from tui.commands.output import Progress, counted, is_attended, local_time, say, tell
from tui.commands.verb import argument, chosen_file, verb


@verb("backup", "factdesk backup", "factdesk backup /mnt/stick/desk-before-the-move.db")
@argument(
    "file", "The new file. Without one: beside the desk, named with date and time.", required=False, metavar="[FILE]"
)
def backup(file: str | None) -> None:
    """Copy the whole desk into a new file.

    Others can go on working. The copy is checked, and an existing file is never overwritten. `factdesk restore` puts it
    back.
    """
    with desk_to_read() as desk:
        if file is None:
            name = f"{desk.path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{desk.path.suffix}"
            to = desk.path.with_name(name)
        else:
            from tui.settings import path_of

            to = path_of(file)
        tell(str(desk.backup(to)))


@verb("restore", "factdesk restore desk-2026-03-01-120000.db", "factdesk restore backup.db --force")
@argument("backup", "A file that `factdesk backup` made, or another copy of a desk.")
@click.option("--force", is_flag=True, help="Do not ask.")
def restore(backup: str, force: bool) -> None:
    """Put a backup in the desk's place.

    You are asked first. The present desk, damaged or not, is kept beside it under a name that is printed. Nobody may
    have it open.
    """
    from store.errors import Refused
    from store.log import backup as backups
    from tui import settings

    path, source = settings.desk_path(chosen_file()), settings.path_of(backup)
    held = backups.contents(source)
    told = f"{counted(held.articles, 'article')} and {counted(held.claims, 'claim')}, " + (
        f"last saved {local_time(held.saved)}" if held.saved else "empty"
    )
    if path.exists() and not force:
        if not is_attended():
            raise Refused(f"{path} is there and would be kept aside: say --force to put {source} in its place.")
        say(f"{source} holds {told}.")
        if not click.confirm(f"Put it in the place of {path}, which is kept aside?", err=True):
            raise Refused("Nothing was changed.")
    kept = backups.restore(path, source)
    say(f"{path} now holds {told}." + (" The desk that was there is kept aside:" if kept else ""))
    if kept:
        tell(str(kept))


@verb("verify", "factdesk verify", "factdesk verify --db copy.db && echo sound")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check that the desk is sound.

    It checks the file, every quote, and that everything matches the history. It lists each fault on a line of its own,
    and the exit code is then 1.
    """

    with desk_to_read() as desk:
        with Progress("Checked") as progress:
            problems = desk.upkeep.verify(progress)
        for problem in problems:
            tell(problem)
        if problems:
            say(f"factdesk: {desk.path} is not sound: {counted(len(problems), 'problem')}.")
            ctx.exit(1)
        say(f"{desk.path} is sound.")


@verb("rebuild", "factdesk backup && factdesk rebuild")
def rebuild() -> None:
    """Make all tables again from the history.

    This repairs what another program has changed in them.
    """

    with desk_to_read() as desk:
        with Progress("Made again") as progress:
            desk.upkeep.rebuild(progress)
        say("All tables were made again from the history.")
