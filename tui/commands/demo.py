"""The demo: a desk to try second review on."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from tui.commands.command import command
from tui.commands.common_options import chosen_file, chosen_name
from tui.commands.opened_desk import require_terminal, start_app, who_works
from tui.commands.output import is_attended, say, tell


@command("demo", "factdesk demo", "factdesk demo --no-open --db try.db")
@click.option("--no-open", is_flag=True, help="Only make it, and print its path.")
def demo(no_open: bool) -> None:
    """Make a desk to try second review on, and open it.

    Mara and Tomas have checked the sample article without seeing each other's work, and Ines has reviewed part of it.
    You are assigned Mara's claims to review, and what is open to settle. What they say is made up. Without --db the
    desk is a new file in your data folder; no file is ever overwritten.
    """
    from store import demo as demos
    from store.desk import Desk
    from tui import settings

    if not no_open:
        require_terminal()
    # Whose work it is to be is asked before there is any: later there would be none for them in it.
    who = who_works() if is_attended() or not no_open else settings.reviewer(chosen_name())
    path = settings.path_of(named) if (named := chosen_file()) else _fresh()
    demos.make_demo(path, who)
    say(f"Made a desk to try things on: {path}")
    if no_open:
        tell(str(path))
    else:
        with Desk.open(path, who) as desk:
            start_app(desk)
    start = f"factdesk --db {shlex.quote(str(path))}"
    say(f"Next: {start} review 1 --of Mara\n      {start} compare 1\n      {start} agreement")


def _fresh() -> Path:
    """A file that is not there yet, in the folder of the person's data."""
    from tui import settings

    folder = settings.data_folder()
    number = 1
    while (path := folder / ("demo.db" if number == 1 else f"demo-{number}.db")).exists():
        number += 1
    return path
