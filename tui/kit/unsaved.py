"""The one write that waits while another program holds the desk, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.message_pump import MessagePump
from textual.timer import Timer

from store.desk import Desk
from store.errors import Busy, Refused

if TYPE_CHECKING:
    from tui.kit.screen import DeskApp

PATIENCE = 0.02
"""Seconds for which a key may wait for the desk's file; what takes longer is told, and waits beside the screen."""

RETRY = 0.01
"""Seconds after which what waits is tried again."""

HELD = "Not saved yet: another program holds the desk · Esc gives it up"


class Waits(Refused):
    """Something waits to be saved: nothing else is, until it is saved or given up."""


class _Wait(NamedTuple):
    node: MessagePump
    call: Callable[[], Any]
    then: Callable[[Any], object]
    kept: Callable[[], object]


class Unsaved:
    """Every write of the app passes here. Nothing is drawn before it is saved: that is what ``then`` is for."""

    def __init__(self, app: DeskApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._wait: _Wait | None = None
        self._timer: Timer | None = None
        desk.wait_for(PATIENCE)

    @property
    def waits(self) -> bool:
        """Whether something waits to be saved."""
        return self._wait is not None

    def require_none(self) -> None:
        """Refuse to save more while something waits: it would overtake what was done before it."""
        if self._wait is not None:
            raise Waits(HELD)

    def write(
        self, node: MessagePump, call: Callable[[], Any], then: Callable[[Any], object], kept: Callable[[], object]
    ) -> bool:
        """Save by ``call`` and show it by ``then``; False when another program holds the desk, and it waits.

        Args:
            node: what asks; when it is gone by the time that it is saved, nothing need be shown.
            call: writes to the desk, in one transaction, and may be called again.
            then: told what ``call`` gives.
            kept: called instead of ``then`` when what waited is given up or refused after all.

        Raises:
            Refused: something else waits already, or ``call`` or ``then`` refuse.
        """
        self.require_none()
        try:
            made = call()
        except Busy:
            self._wait = _Wait(node, call, then, kept)
            self._timer = self._app.set_interval(RETRY, self._retry)
            self._app.stand(HELD)
            return False
        then(made)
        return True

    def give_up(self) -> None:
        """Forget what waits."""
        if (wait := self._ended()) is not None:
            if wait.node.is_running:
                wait.kept()
            self._app.tell("Given up: nothing was saved.")

    def _retry(self) -> None:
        wait = self._wait
        if wait is None:
            return
        try:
            with self._desk.together():
                made = wait.call()
        except Busy:
            return
        except Refused as refusal:
            self._ended()
            if wait.node.is_running:
                wait.kept()
            self._app.tell(refusal)
            return
        self._ended()
        if wait.node.is_running:
            try:
                wait.then(made)
            except Refused as refusal:
                self._app.tell(refusal)

    def _ended(self) -> _Wait | None:
        wait, self._wait = self._wait, None
        if self._timer is not None:
            self._timer.stop()
        self._app.stand("")
        return wait
