"""What every screen has: keys read through the key map, hints at the foot, a palette, and refusals said in words."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import Monochrome
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from store.errors import Nobody, Refused
from tui.keys.actions import ACTIONS, WRITES, Action, Scope
from tui.keys.keymap import TYPING, KeyMap, KeyReader, answering, display, is_printable
from tui.keys.layouts import Place, Places, digit
from tui.kit.frames import Frames
from tui.kit.hint_line import HintLine
from tui.kit.tones import Colourless
from tui.kit.unsaved import Unsaved
from tui.text.safe import safe

Hint = str | tuple[str, str]
"""An action's id, or its id and a shorter title."""

PASSING_DELAY = 0.01
"""Seconds after a key until it is seen to that all it set off is done; at once when the next key is there."""

Severity = Literal["information", "warning", "error"]

Made = TypeVar("Made")

if TYPE_CHECKING:
    from store.desk import Desk
    from store.drafts import Drafts


class DeskChanged(Message):
    """Another process wrote to the desk; ``items`` are the (kind, id) of the records it touched."""

    def __init__(self, items: frozenset[tuple[str, str]]) -> None:
        super().__init__()
        self.items = items


class Farewell(Message):
    """Sent from where the focus is, up to the app, which then leaves: what an editor saves is ahead of it."""


class Passed(Message):
    """Follows what a key set off, up to the screen: once it is there, everything sent before it is done."""

    def __init__(self, source: Widget) -> None:
        super().__init__()
        self.source = source
        self.there = asyncio.Event()

    @property
    def done(self) -> bool:
        """Whether it is there, or will never be as its source is gone."""
        return self.there.is_set() or not self.source.is_attached

    async def wait(self) -> None:
        """Wait for it, but for no longer than its source lives, and never for long."""
        for _ in range(40):
            if self.done:
                return
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.there.wait(), 0.05)


class SaysRefusals:
    """A node whose handlers may raise `Refused`: it is said on the screen and the node lives on."""

    async def _on_message(self, message: Message) -> None:
        try:
            await super()._on_message(message)  # type: ignore[misc]
        except Refused as refusal:
            message.stop()
            screen = self if isinstance(self, DeskScreen) else self.screen  # type: ignore[attr-defined]
            screen.refuse(refusal)

    def write(
        self,
        call: Callable[[], Made],
        then: Callable[[Made], object] = lambda _: None,
        *,
        kept: Callable[[], object] = lambda: None,
    ) -> bool:
        """Save something, and show it by ``then`` once it is saved; see `tui.kit.unsaved`.

        Everything that writes to the desk is handed over here, so that another program that holds the file holds
        up neither the screen nor what comes after. False when it waits for that.
        """
        app = self.app  # type: ignore[attr-defined]
        if isinstance(app, DeskApp) and app.unsaved is not None:
            return app.unsaved.write(self, call, then, kept)  # type: ignore[arg-type]
        then(call())
        return True


class DeskScreen(SaysRefusals, Screen[ScreenResultType], inherit_bindings=False):
    """A screen of factdesk.

    A subclass declares its ``SCOPE``, yields its widgets from `body`, and has a method ``action_<id>`` for each
    action it carries out; so has every widget with a ``SCOPE``. An action runs before the next key is read. It may
    raise `Refused`, may be a coroutine, and must not wait for another screen: that is what callbacks are for.
    ``HINTS`` of the nearest widget to the focus that has them fill the hint line, most important first; a widget
    whose hints change may have a method ``hints()`` instead and call `show_hints`.
    """

    SCOPE: ClassVar[Scope] = Scope.EVERYWHERE
    HINTS: ClassVar[tuple[Hint, ...]] = ()
    DEFAULT_CSS = """
    DeskScreen { overflow: hidden hidden; }
    """
    ALLOW_SELECT = False
    LISTENS_AT_ONCE: ClassVar[bool] = True
    """False for a screen that says itself when it can be worked on, by `listen`."""
    ENABLE_COMMAND_PALETTE = False
    # What loses the focus and what gets it draw themselves; the whole screen need not be.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-broad")]  # noqa: RUF012 (Textual's name)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]  # noqa: RUF012 (Textual's name)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._compositor = Frames()
        self.listening = False
        self._refusals = 0
        self._refusals_at_farewell = 0

    def compose(self) -> ComposeResult:
        yield from self.body()
        yield HintLine()

    def body(self) -> ComposeResult:
        """The widgets of the screen, all but the hint line."""
        yield from ()

    def on_mount(self) -> None:
        self.watch(self, "focused", self._begin_typing, init=False)
        self.watch(self, "focused", self.show_hints, init=True)
        self.show_notice()
        if self.LISTENS_AT_ONCE:
            self.listen()

    def _begin_typing(self, focused: Widget | None) -> None:
        """Let a field that gets the focus begin at once: the next key may leave it before it hears of its focus."""
        begin = getattr(focused, "begin", None)
        if begin is not None:
            begin()
        self.call_after_refresh(self._place_toasts)

    def listen(self) -> None:
        """Hear keys from now on, those first that were pressed before."""
        self.listening = True
        if isinstance(self.app, DeskApp):
            self.app.hear()

    # Keys

    def chain(self) -> list[DOMNode]:
        """The nodes an action is looked for in, the nearest to the focus first."""
        nearest: DOMNode = self if self.focused is None else self.focused
        return list(nearest.ancestors_with_self)

    def scopes(self) -> list[Scope]:
        """The scopes that answer now, the nearest first."""
        found = [node.SCOPE for node in self.chain() if hasattr(node, "SCOPE")]
        return list(dict.fromkeys([*found, Scope.EVERYWHERE]))

    def take_first(self, key: str) -> bool:
        """Take a key before the key map sees it: for keys that only the screen's data know. True when taken."""
        return False

    async def press(self, reader: KeyReader, key: str) -> bool:
        """Do what a key means. False when it means nothing here and belongs to the widget with the focus."""
        scopes = self.scopes()
        if scopes[0] not in TYPING:
            key = digit(key)
        if not reader.pending and self.take_first(key):
            return True
        meant = reader.feed(key, scopes)
        if meant is None and (placed := reader.by_place(key, scopes)) and self.take_first(placed[0]):
            return True
        self.hint_line.begun(reader.pending)
        if reader.placed and reader.placed.script and isinstance(self.app, DeskApp):
            self.app.tell_place(reader.placed, key)
        if isinstance(meant, Action):
            await self.do(meant.id)
        return meant is not None

    async def do(self, id: str, node: DOMNode | None = None) -> None:
        """Carry an action out on the nearest node that has it, or on the one given."""
        for candidate in [node] if node else self.chain():
            method = getattr(candidate, f"action_{id}", None)
            if method is None:
                continue
            try:
                if id in WRITES and isinstance(self.app, DeskApp) and self.app.unsaved is not None:
                    self.app.unsaved.require_none()
                result = method()
                if isawaitable(result):
                    await result
            except Refused as refusal:
                self.refuse(refusal)
            return

    def reachable(self) -> list[tuple[Action, DOMNode]]:
        """Every action that can be carried out on this screen now, each with the node that does it."""
        chain = self.chain()
        others = [node for node in self.query("*") if hasattr(node, "SCOPE") and node.display]
        nodes = [*chain, *(node for node in others if node not in chain)]
        found: dict[str, tuple[Action, DOMNode]] = {}
        for scope in dict.fromkeys([*(node.SCOPE for node in nodes if hasattr(node, "SCOPE")), Scope.EVERYWHERE]):
            for action in ACTIONS:
                if action.scope is scope and scope not in TYPING and action.id not in found:
                    node = next((node for node in nodes if hasattr(node, f"action_{action.id}")), None)
                    if node is not None:
                        found[action.id] = (action, node)
        return list(found.values())

    def on_passed(self, event: Passed) -> None:
        event.stop()
        event.there.set()

    # Hints

    @property
    def keymap(self) -> KeyMap:
        app = self.app
        return app.keymap if isinstance(app, DeskApp) else KeyMap.load()

    @property
    def hint_line(self) -> HintLine:
        return self.query_one(HintLine)

    def show_hints(self) -> None:
        """Let the hint line say what can be done now."""
        try:
            line = self.hint_line
        except NoMatches:
            return
        line.hint(list(self._hints()))

    def show_notice(self) -> None:
        """Let the foot say what the app has to say on every screen, or no longer."""
        if isinstance(self.app, DeskApp):
            with suppress(NoMatches):
                self.hint_line.stand(self.app.notice)

    async def on_hint_line_clicked(self, event: HintLine.Clicked) -> None:
        event.stop()
        # The first digit stands for all of them: which verdict is meant has to be chosen.
        await self.do("pick_verdict" if event.action.startswith("verdict_") else event.action)

    def _hints(self) -> Iterator[tuple[str, str, str]]:
        hints: tuple[Hint, ...] = ()
        for node in self.chain():
            if said := node.hints() if hasattr(node, "hints") else getattr(node, "HINTS", ()):
                hints = said
                break
        scopes = answering(self.scopes())
        for hint in (*hints, ("help", "Help")):
            id, title = hint if isinstance(hint, tuple) else (hint, "")
            for scope in scopes:
                action = next((a for a in ACTIONS if a.id == id and a.scope is scope), None)
                keys = self.keymap.keys(action) if action else ()
                if scopes[0] in TYPING:
                    keys = tuple(key for key in keys if not is_printable(key.split()[0]))
                if action and keys:
                    yield display(keys[0]), title or action.title, action.id
                    break

    # Saying

    def say(self, message: str, severity: Severity = "information") -> None:
        """Say something in passing. It is shown as it is, never as markup."""
        self._place_toasts()
        self.notify(safe(message), severity=severity, markup=False)

    def _place_toasts(self) -> None:
        """Have what is said shown at the top while something is typed in the lower half: it never covers that."""
        typing = getattr(self.focused, "SCOPE", None) in TYPING
        place = getattr(self.focused, "cursor_screen_offset", None) if typing else None
        self.set_class(place is not None and place.y >= self.size.height // 2, "-toasts-above")

    def refuse(self, refusal: Refused) -> None:
        """Say what was refused, and why."""
        self._refusals += 1
        if isinstance(refusal, Nobody) and hasattr(self.app, "ask_name"):
            self.app.ask_name()
        else:
            self.say(str(refusal), "warning")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what a worker of this screen was refused; any other error of a worker ends the app."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            if isinstance(error, Refused):
                self.refuse(error)
            elif isinstance(error, Exception):
                raise error

    # Leaving

    def farewell(self) -> None:
        """Leave the app once what is being typed is saved; stay when saving it is refused."""
        self._refusals_at_farewell = self._refusals
        focused = self.focused
        if focused is None:
            self.post_message(Farewell())
            return
        if hasattr(focused, "put_away"):
            focused.put_away()
        focused.post_message(Farewell())

    def on_farewell(self, event: Farewell) -> None:
        if self._refusals > self._refusals_at_farewell:
            event.stop()

    # Everywhere

    def action_help(self) -> None:
        from tui.kit.help import HelpScreen

        desk: Desk | None = getattr(self, "desk", None)
        self.app.push_screen(HelpScreen(self.keymap, self.scopes(), desk.scheme if desk else None))

    def action_command_palette(self) -> None:
        from tui.kit.palette import open_palette

        open_palette(self)


class DeskApp(App[None], inherit_bindings=False):
    """An app that reads its keys through one key map, each done before the next is looked at.

    So a burst of keys means the same as the same keys typed slowly, also when one of them moves the focus or opens
    a screen: what was meant as text never becomes a command.
    """

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, keymap: KeyMap | None = None, places: Places | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        if self.no_color:
            self._filters = [Colourless() if isinstance(one, Monochrome) else one for one in self._filters]
        self.keymap = keymap or KeyMap.load()
        self._reader = KeyReader(self.keymap, places)
        self._pressed: deque[events.Key] = deque()
        self._source: Widget | None = None
        self._passed: Passed | None = None
        self._leaving = False
        self._reading = False
        self._told_stranger = False
        self.unsaved: Unsaved | None = None
        """Where everything that is saved passes; None for an app without a desk."""
        self.notice = ""
        """What the foot of every screen says, before all else."""
        self.drafts: Drafts | None = None
        """Where what is being typed is kept until it is saved."""
        self._undraftable = False

    def stand(self, notice: str) -> None:
        """Have the foot of every screen say something until it is taken back by an empty text."""
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
        """Say something, or what was refused, on the screen that is shown."""
        screen = self.screen
        if isinstance(screen, DeskScreen):
            screen.refuse(said) if isinstance(said, Refused) else screen.say(said)

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

    def tell_place(self, place: Place, key: str) -> None:
        """Said when a key was read by its place on the keyboard: an app may tell it, once."""

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._pressed.append(event)
            if not self._reading:
                self._reading = True
                if self.done:
                    await self._read_key()
                else:  # what the last key has sent to the app is behind this one in the queue
                    self.call_later(self._read_key)
        else:
            await super().on_event(event)

    @property
    def done(self) -> bool:
        """Whether all is done that the last key set off."""
        return self._source is None and (self._passed is None or self._passed.done)

    def hear(self) -> None:
        """Read the keys that wait: there is a screen to hear them now."""
        if not self._reading:
            self._reading = True
            self.call_later(self._read_key)

    async def _read_key(self) -> None:
        """Read one key. The next is read when all that this one set off, a focus to move among it, is done."""
        self._let_pass()
        if self._passed is not None:
            await self._passed.wait()
            self._passed = None
        if self._leaving:
            # The farewell has just arrived here; what it decides comes before the keys behind it.
            self._leaving = False
            self.call_later(self._read_key)
            return
        if not self._pressed or self._exit or not self.screen_stack or not getattr(self.screen, "listening", True):
            self._reading = False
            return
        screen = self.screen
        event = self._pressed.popleft()
        if isinstance(screen, DeskScreen):
            event, *later = self._apart(event, screen.scopes())
            self._pressed.extendleft(later)
        source = screen if screen.focused is None else screen.focused
        if event.key == "escape" and self.unsaved is not None and self.unsaved.waits:
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
            self.call_later(self._read_key)
        else:
            self._reading = False

    def _let_pass(self) -> None:
        """Send something after what the last key set off, unless that was done."""
        if self._source is not None:
            passed, self._source = Passed(self._source), None
            self._passed = passed if passed.source.post_message(passed) else None

    def _apart(self, event: events.Key, scopes: Sequence[Scope]) -> list[events.Key]:
        keys = self._reader.apart(event.key, scopes)
        return [event] if len(keys) == 1 else [events.Key(keys[0], None), events.Key(keys[1], event.character)]

    async def action_quit(self) -> None:
        self._leaving = self._reading
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
