"""An app that reads its keys through one key map, each done before the next is looked at."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.filter import Monochrome
from textual.widget import Widget

from store.errors import Refused
from tui.keys.actions_and_keys import Scope
from tui.keys.keymap import TYPING, KeyMap, KeyReader
from tui.kit.screen import DeskScreen, Host, Passed
from tui.kit.terminal_colours import Colourless

PASSING_DELAY = 0.01
"""Seconds after a key until it is seen to that all it set off is done; at once when the next key is there."""


class DeskApp(App[None], Host, inherit_bindings=False):
    """An app that reads its keys through one key map, each done before the next is looked at; pastes stand in line with
    them.

    So a burst of keys means the same as the same keys typed slowly, also when one of them moves the focus or opens
    a screen: what was meant as text never becomes a command, and what was pasted is there when the next key saves it.
    """

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, keymap: KeyMap | None = None, by_place: bool = True, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._disable_tooltips = True  # nothing has one: none need be made for each screen
        if self.no_color:
            self._filters = [Colourless() if isinstance(one, Monochrome) else one for one in self._filters]
        self.keymap = keymap or KeyMap.load()
        self._reader = KeyReader(self.keymap, by_place)
        self._pressed: deque[events.Key | events.Paste] = deque()
        self._source: Widget | None = None
        self._passed: Passed | None = None
        self._reading = False
        self._told_stranger = False
        self._undraftable = False

    def stand(self, notice: str) -> None:
        self.notice = notice
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.show_notice()

    def keep_draft(self, field: str, text: str) -> bool:
        """Keep what is being typed in a field; False when it cannot be kept, which is said once."""
        try:
            if self.drafts is None or self.drafts.path is None:
                return False
            self.drafts.keep(field, text)
        except Refused as refusal:
            if not self._undraftable:
                self.tell(refusal)
            self._undraftable = True
            return False
        return True

    def tell(self, said: str | Refused) -> None:
        screen = self.screen
        if isinstance(screen, DeskScreen):
            screen.refuse(said) if isinstance(said, Refused) else screen.say(said)

    def ask_name(self) -> None:
        self.tell("Nobody has said who is working.")

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from tui.keys.terminal import TerminalDriver

        return TerminalDriver

    def _tell_stranger(self, screen: DeskScreen[Any], character: str) -> None:
        """Say, once, that a letter of no layout that is known is not a key."""
        if not self._told_stranger and character.isalpha() and not character.isascii():
            self._told_stranger = True
            screen.say(f"{character} is not a key here.")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._pressed.append(event)
            if not self._reading and self.done and self._pending_message is None and not self.message_queue_size:
                self._reading = True
                await self._read_key()  # nothing is behind which it would have to wait
            else:
                self.hear()
        else:
            await super().on_event(event)

    @property
    def done(self) -> bool:
        """Whether all is done that the last key set off."""
        return self._source is None and (self._passed is None or self._passed.done)

    @property
    def reading(self) -> bool:
        """Whether a key is being read, or waits to be."""
        return self._reading

    async def all_done(self) -> None:
        """Wait until all is done that the keys read so far have set off."""
        self._let_pass()
        passed = self._passed
        if passed is not None:
            await passed.wait()

    def hear(self) -> None:
        if not self._reading:
            self._reading = True
            self.call_later(self._come_to_a_key)

    async def _come_to_a_key(self) -> None:
        """Read the next key when all is done that the last one set off.

        Some of that is sent to the app itself, such as a focus to move: the key is read behind it.
        """
        await self.all_done()
        self._passed = None
        self.call_later(self._read_key)

    async def _read_key(self) -> None:
        """Read one key or paste, if the screen hears it."""
        if not self._pressed or self._exit or not self.screen_stack or not self._is_heard():
            self._reading = False
            return
        screen = self.screen
        event = self._pressed.popleft()
        if isinstance(screen, DeskScreen) and isinstance(event, events.Key) and event.key.startswith("alt+"):
            event, *later = self._apart(event, screen.scopes())
            self._pressed.extendleft(later)
        source = screen if screen.focused is None else screen.focused
        if isinstance(event, events.Paste):
            await super().on_event(event)
        elif event.key == "escape" and self.unsaved is not None and self.unsaved.waits:
            self.unsaved.give_up()
        elif not (isinstance(screen, DeskScreen) and await screen.press(self._reader, event.key)):
            typing = getattr(source, "SCOPE", None) in TYPING
            if not typing and isinstance(screen, DeskScreen):
                self._tell_stranger(screen, event.character or "")
            # Textual would look the editor's own keys up only after the keys that already wait behind this one.
            if not (typing and not event.is_printable and await self._check_bindings(event.key)):
                await super().on_event(event)
        if isinstance(screen, DeskScreen):
            self._source = source
            asyncio.get_running_loop().call_later(PASSING_DELAY, self._let_pass)
        if self._pressed:
            self.call_later(self._come_to_a_key)
        else:
            self._reading = False

    def _is_heard(self) -> bool:
        """Whether the screen hears the next key now."""
        screen = self.screen
        event = self._pressed[0]
        key = event.key if isinstance(event, events.Key) else ""
        return not isinstance(screen, DeskScreen) or screen.hears(self._reader, key)

    def _let_pass(self) -> None:
        """Send something after what the last key set off, unless that was done."""
        if self._source is not None:
            passed, self._source = Passed(self._source), None
            self._passed = passed if passed.source.post_message(passed) else None

    def _apart(self, event: events.Key, scopes: Sequence[Scope]) -> list[events.Key]:
        keys = self._reader.apart(event.key, scopes)
        return [event] if len(keys) == 1 else [events.Key(keys[0], None), events.Key(keys[1], event.character)]

    # Everywhere

    def action_help(self) -> None:
        from tui.kit.help import HelpScreen

        screen, desk = self.screen, getattr(self, "desk", None)
        if isinstance(screen, DeskScreen):

            async def do(id: str | None) -> None:
                if id:
                    await screen.do(id)

            self.push_screen(HelpScreen(self.keymap, screen.scopes(), desk.scheme if desk else None), do)

    def action_command_palette(self) -> None:
        from tui.kit.command_palette import open_palette

        if isinstance(self.screen, DeskScreen):
            open_palette(self.screen)

    def action_jump(self) -> None:
        from tui.kit.jump import jump

        if isinstance(self.screen, DeskScreen):
            jump(self.screen)

    async def action_quit(self) -> None:
        screen = self.screen
        if isinstance(screen, DeskScreen):
            screen.farewell()
        else:
            self.exit()

    def on_farewell(self) -> None:
        if self.unsaved is not None and self.unsaved.waits:
            self.tell(self.unsaved.notice)
        else:
            self.exit()

    def _handle_exception(self, error: Exception) -> None:
        # Textual has no public place for errors in callbacks; a refusal in one is as harmless as anywhere else.
        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(error, Refused) and isinstance(screen, DeskScreen) and screen.is_running:
            screen.refuse(error)
        else:
            super()._handle_exception(error)
