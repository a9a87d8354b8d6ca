"""The daily backup, made beside the screen."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from store.desk import Desk
from store.errors import Refused


def back_up_daily(desk: Desk, number: int, days: int, tell: Callable[[Refused], object]) -> None:
    """Make the daily backup when it is due, in a thread; a program that ends leaves no half of one.

    Args:
        desk: what is backed up.
        number: how many backups are kept; with 0 none is made.
        days: for how long they are kept.
        tell: called from the thread with what was refused.
    """
    if not number or not desk.backups.due():
        return

    def make() -> None:
        try:
            desk.backups.make(number, days)
        except Refused as refusal:
            tell(refusal)

    Thread(target=make, name="backup", daemon=True).start()
