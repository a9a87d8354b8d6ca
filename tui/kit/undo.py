"""Undo and redo: the same on every screen that shows what can be written."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from store.reports import Undone
from tui.kit.screen import SaysRefusals, host_of
from tui.kit.unsaved import Long
from tui.settings import follow


class Undo:
    """A handler for undo and redo. What takes long goes on beside the screen: the foot says how far it is, Esc stops
    it."""

    def __init__(self, screen: SaysRefusals, desk: Desk, undone: Callable[[Undone], object]) -> None:
        """``undone`` shows what was undone or redone, and says it."""
        self._screen = screen
        self._desk = desk
        self._undone = undone

    def action_undo(self) -> None:
        self._reverse(redo=False)

    def action_redo(self) -> None:
        self._reverse(redo=True)

    def _reverse(self, *, redo: bool) -> None:
        host, before = host_of(self._screen), str(self._desk.reviewer)

        def undone(made: Undone) -> None:
            follow(before, self._desk.reviewer)
            self._undone(made)

        if host is not None and host.unsaved is not None and self._desk.history.takes_long(redo=redo):
            host.unsaved.go_beside(self._screen, _reversal(redo), undone)
        else:
            self._screen.write(self._desk.history.redo if redo else self._desk.history.undo, undone)


def _reversal(redo: bool) -> Long[Undone]:
    doing, did, again = ("Redoing", "redone", "Redo") if redo else ("Undoing", "undone", "Undo")
    return Long(
        doing,
        "changes",
        lambda desk, progress: desk.history.redo(progress) if redo else desk.history.undo(progress),
        lambda done, total: f"Stopped: {done:,} of {total:,} changes are {did}. {again} goes on with the rest.",
        lambda made: made.sentence,
    )
