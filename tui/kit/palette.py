"""The command palette: every action that can be done here, found by its name."""

from __future__ import annotations

from typing import Any

from tui.keys.keymap import display
from tui.kit.picker import Choice, Picker
from tui.kit.screen import DeskScreen

MOTIONS = frozenset({"Lists", "Move in the text", "Select"})
"""Groups whose actions one rather presses than looks for; they stand at the end."""


class Palette(Picker):
    """A picker of actions; opening it again closes it."""

    def action_command_palette(self) -> None:
        self.action_close()


def open_palette(screen: DeskScreen[Any]) -> None:
    """Lay the palette over a screen and carry the chosen action out there."""
    actions = [entry for entry in screen.reachable() if entry[0].id != "command_palette"]
    actions.sort(key=lambda entry: entry[0].group in MOTIONS)
    nodes = {action.id: node for action, node in actions}
    choices = []
    for action, _ in actions:
        keys = " · ".join(display(key) for key in screen.keymap.keys(action))
        choices.append(Choice(action.id, action.title, hotkey=keys, description=action.help))

    async def carry_out(chosen: tuple[str, ...] | None) -> None:
        if chosen:
            await screen.do(chosen[0], nodes[chosen[0]])

    screen.app.push_screen(Palette("What to do", choices, finding=True), carry_out)
