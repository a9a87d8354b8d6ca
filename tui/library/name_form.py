"""Asks who is working, once."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from store.errors import Refused
from tui.kit.form import Field, Form


class NameForm(Form[None]):
    """Gives the desk its reviewer; ``remember`` is told the name for the next time."""

    def __init__(self, desk: Desk, remember: Callable[[str], None]) -> None:
        super().__init__(
            "Who is checking?",
            [Field("name", "Your name", placeholder="as colleagues know you")],
            intro="Every claim, verdict and comment carries its author's name. factdesk asks once and remembers it.",
        )
        self._desk = desk
        self._remember = remember

    def save(self, name: str, value: str) -> None:
        self._desk.be(value)
        try:
            self._remember(self._desk.reviewer)
        except Refused as refusal:
            self.say(str(refusal), "warning")

    def close_form(self) -> None:
        if self._desk.reviewer:
            self.say(f"You are checking as {self._desk.reviewer}.")
        self.dismiss(None)
