"""Taking back and doing again: undo, redo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.commands.command import as_json, command
from tui.commands.opened_desk import desk_to_write
from tui.commands.output import Progress, report

if TYPE_CHECKING:
    from store.reports import Undone


@command("undo", "factdesk undo")
@as_json
def undo(as_json: bool) -> None:
    """Undo your last action and show what it was.

    It can be an action in the app or a command, from today or from last year.
    """
    with desk_to_write() as desk:
        undone = _in_blocks(desk.history.undo, "Undone", "undo")
        report(undone, as_json, undone.sentence)


@command("redo", "factdesk redo")
@as_json
def redo(as_json: bool) -> None:
    """Redo what you last undid."""
    with desk_to_write() as desk:
        redone = _in_blocks(desk.history.redo, "Redone", "redo")
        report(redone, as_json, redone.sentence)


def _in_blocks(reverse: Callable[[Callable[[int, int], None]], Undone], doing: str, command: str) -> Undone:
    """Undo or redo. A long one is shown as it goes, and interrupted says how to go on."""
    so_far = 0
    with Progress(doing) as progress:

        def count(done: int, total: int) -> None:
            nonlocal so_far
            so_far = done
            progress(done, total)

        try:
            return reverse(count)
        except KeyboardInterrupt:
            if not so_far:
                raise
            raise KeyboardInterrupt(
                f"interrupted; {so_far:,} are {doing.lower()}: `factdesk {command}` goes on with the rest."
            ) from None
