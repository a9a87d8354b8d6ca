"""The desk's backups: when each was made and why, whether it is sound, and how to put it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import work

from store.desk import Desk
from store.log.rotation import CheckedBackup, check_backup
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import Sheet
from tui.kit.rows import Cell, Column
from tui.kit.styled_text import Piece
from tui.text.tables import size_of


class BackupsSheet(Sheet[None, CheckedBackup]):
    """Lists the backups, checked in a thread, and says how to put one back: nobody may have the desk open for that."""

    def __init__(self, desk: Desk) -> None:
        columns = (
            Column("", 3, right=True), Column("Made", 16), Column("Why", share=1), Column("Size", 9, right=True),
            Column("Articles", 8, right=True), Column("State", 9),
        )  # fmt: skip
        super().__init__(
            "Backups", columns, finding=False, empty="\nChecking the backups …", header=True, verb="How to restore"
        )
        self._desk = desk
        self._checked: list[CheckedBackup] | None = None

    def on_mount(self) -> None:
        self._check_beside()

    @work(thread=True, exclusive=True, group="backups", exit_on_error=False)
    def _check_beside(self) -> None:
        found = [check_backup(one) for one in self._desk.backups.all()]
        self.app.call_from_thread(self._show_checked, found)

    def _show_checked(self, found: list[CheckedBackup]) -> None:
        key = self.keymap.key_of(Scope.EVERYWHERE, "save_elsewhere")
        self._checked = found
        self.rows.empty = f"\nThere is none yet: one is made once the desk is a day old. {key} saves a copy now."
        self.refill()

    def read(self) -> list[CheckedBackup]:
        return self._checked or []

    def key(self, item: CheckedBackup) -> object:
        return item.file

    def heading(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        return [(f" Backups of {self._desk.path.name}", "bold")], []

    def cells(self, item: CheckedBackup) -> tuple[Cell, ...]:
        made = f"{datetime.fromtimestamp(item.at / 1000):%Y-%m-%d %H:%M}"
        state: Cell = [("✗ damaged", "error")] if item.problem else [("✓ sound", "success")]
        return (str(item.number), made, item.why, size_of(item.size), f"{item.articles:,}", state)

    def detail(self, item: CheckedBackup | None) -> str:
        return (item.problem or str(item.file)) if item else ""

    def take(self, item: CheckedBackup) -> None:
        self.say(f"To put it back, leave factdesk and run: factdesk restore {item.number}. The desk of now is kept.")
