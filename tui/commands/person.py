"""What somebody is called: person rename."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_write
from tui.commands.output import report

if TYPE_CHECKING:
    pass


@command("person rename", 'factdesk person rename Ana "Ana Horvat"')
@argument("person", "What they are called now, or were when they joined the desk.", metavar="NAME")
@argument("new", "What they are called from now on.")
@as_json
def rename_person(person: str, new: str, as_json: bool) -> None:
    """Give somebody another name; everything they did stands under it from now on.

    The name under which they joined the desk still means them. `factdesk undo` takes it back.
    """
    with desk_to_write() as desk:
        was = desk.people.get(person)
        now = desk.people.rename(was, new)
        report({"id": now.id, "name": now, "was": was}, as_json, f"{was} is called {now} from now on")
