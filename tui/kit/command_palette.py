"""The command palette: every action that can be done here, and what can be gone to, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from tui.keys.keymap import display
from tui.kit.picker import Choice, Picker
from tui.kit.screen import DeskScreen

MOTIONS = frozenset({"Lists", "Move in the text", "Select"})
"""Groups whose actions one rather presses than looks for; they stand at the end."""


class Offer(NamedTuple):
    """Something besides actions that is found by its name: a claim, an article, a person, a setting."""

    choice: Choice
    take: Callable[[], object]


class Palette(Picker):
    """A picker of actions; opening it again closes it. What is on offer besides is read when words are typed."""

    def __init__(self, choices: Sequence[Choice], offers: Callable[[], Sequence[Choice]]) -> None:
        super().__init__("What to do", choices, finding=True)
        self._offers = offers
        self._with_offers = False

    def found(self, words: str) -> list[Choice]:
        if words.strip() and not self._with_offers:
            self._with_offers = True
            self.items = [*self.items, *self._offers()]
        exact = words.strip().casefold()
        found = super().found(words) if exact else self._choices
        return sorted(found, key=lambda choice: choice.label.casefold().split(" ")[0] != exact)

    def action_command_palette(self) -> None:
        self.action_close()


def offers_of(screen: DeskScreen[Any]) -> Iterator[Offer]:
    """What a screen, what carries out its keys, and the app offer by name, the nearest first."""
    for one in (screen, *screen.handlers, screen.host):
        offers = getattr(one, "offers", None)
        if offers is not None:
            yield from offers()


def open_palette(screen: DeskScreen[Any]) -> None:
    """Lay the palette over a screen and carry the chosen action out there."""
    actions = [entry for entry in screen.reachable() if entry[0].id != "command_palette"]
    actions.sort(key=lambda entry: entry[0].group in MOTIONS)
    nodes = {action.id: node for action, node in actions}
    scheme = getattr(getattr(screen, "desk", None), "scheme", None)
    verdicts = {f"verdict_{n}": kind for n, kind in enumerate(scheme.active, 1)} if scheme is not None else {}
    choices = []
    for action, _ in actions:
        keys = " · ".join(display(key) for key in screen.keymap.keys(action))
        title, kind = action.title, verdicts.get(action.id)
        if kind is not None:
            title = f"{title}: {kind.label}"
        choices.append(Choice(action.id, title, hotkey=keys, description=action.help))
    ways: dict[str, Callable[[], object]] = {}

    def offered() -> list[Choice]:
        found = list(offers_of(screen))
        ways.update((offer.choice.key, offer.take) for offer in found)
        return [offer.choice for offer in found]

    async def carry_out(chosen: tuple[str, ...] | None) -> None:
        if chosen and chosen[0] in ways:
            ways[chosen[0]]()
        elif chosen:
            await screen.do(chosen[0], nodes[chosen[0]])

    screen.app.push_screen(Palette(choices, offered), carry_out)
