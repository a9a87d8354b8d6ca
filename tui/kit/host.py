"""The app as its screens know it: the keys, what is not saved yet, what is being typed, and the ways elsewhere."""

from __future__ import annotations

from textual.app import App
from textual.message_pump import MessagePump

from store.drafts import Drafts
from store.errors import Refused
from tui.keys.keymap import KeyMap
from tui.keys.layouts import KeyPlace
from tui.kit.navigation import Navigation
from tui.kit.unsaved import Unsaved


class Host(App[None], inherit_bindings=False):
    """What every app of these screens has. `tui.kit.desk_app` reads the keys, `tui.app` knows the screens."""

    ENABLE_COMMAND_PALETTE = False
    keymap: KeyMap
    ways: Navigation | None = None
    """The ways to other screens; None for an app with one screen."""
    unsaved: Unsaved | None = None
    """Where everything that is saved passes; None for an app without a desk."""
    drafts: Drafts | None = None
    """Where what is being typed is kept until it is saved."""
    notice = ""
    """What the foot of every screen says, before all else."""

    def hear(self) -> None:
        """Read the keys that wait: there is a screen to hear them now."""
        raise NotImplementedError

    def stand(self, notice: str) -> None:
        """Have the foot of every screen say something until it is taken back by an empty text."""
        raise NotImplementedError

    def tell(self, said: str | Refused) -> None:
        """Say something, or what was refused, on the screen that is shown."""
        raise NotImplementedError

    def ask_name(self) -> None:
        """Ask who is working: something was to be saved, and nobody has said it."""
        raise NotImplementedError

    def tell_place(self, place: KeyPlace, key: str) -> None:
        """Said when a key was read by its place on the keyboard: an app may tell it, once."""


def host_of(node: MessagePump) -> Host | None:
    """The app around a node; None where a widget is shown by another one."""
    app = node.app
    return app if isinstance(app, Host) else None
