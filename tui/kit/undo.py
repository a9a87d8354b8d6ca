"""Undo and redo: the same on every screen that shows what can be written."""

from __future__ import annotations

from store.desk import Desk
from store.records import Undone
from tui.kit.screen import DeskApp, SaysRefusals


class Undoes(SaysRefusals):
    """A screen with undo and redo. What takes long goes on beside it: the foot says how far it is, Esc stops it."""

    desk: Desk

    def undone(self, undone: Undone) -> None:
        """Show what was undone or redone, and say it."""
        raise NotImplementedError

    def action_undo(self) -> None:
        self._reverse(redo=False)

    def action_redo(self) -> None:
        self._reverse(redo=True)

    def _reverse(self, *, redo: bool) -> None:
        app = self.app  # type: ignore[attr-defined]
        if isinstance(app, DeskApp) and app.unsaved is not None and self.desk.takes_long(redo=redo):
            app.unsaved.reverse(self, redo, self.undone)  # type: ignore[arg-type]
        else:
            self.write(self.desk.redo if redo else self.desk.undo, self.undone)
