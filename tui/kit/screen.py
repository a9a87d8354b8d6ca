"""What every screen has: keys read through the key map, hints at the foot, a palette, and refusals said in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from inspect import isawaitable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from textual._compositor import ChopsUpdate, Compositor
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.geometry import Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from store.errors import Nobody, Refused
from tui.keys.actions_and_keys import ACTION_OF, ACTIONS, CALLS, WRITES, Action, Scope
from tui.keys.keymap import TYPING, KeyMap, KeyReader, answering, display, is_printable
from tui.kit.hint_line import SAYS, HintLine
from tui.settings import path_of
from tui.text.safe import safe

Hint = str | tuple[str, str]
"""An action's id, or its id and what it tells you to do here."""

Severity = Literal["information", "warning", "error"]

Made = TypeVar("Made")

if TYPE_CHECKING:
    from store.drafts import Drafts
    from tui.keys.keyboard_layouts import KeyPlace
    from tui.kit.navigation import Navigation
    from tui.kit.styled_text import Piece
    from tui.kit.unsaved import Unsaved
    from tui.kit.who_is_here import Company


class DeskChanged(Message):
    """Another process, or another screen, wrote to the desk."""


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


_MANY = 120  # cells of a head that has room for what only helps to know


class Host:
    """What every app of these screens has. `tui.kit.desk_app` reads the keys, `tui.app` knows the screens."""

    keymap: KeyMap
    ways: Navigation | None = None
    """The ways to other screens; None for an app with one screen."""
    synced: Piece = ("", "")
    """How syncing with others stands, in a glyph and a few words; empty for a desk that does not sync."""
    company: Company | None = None
    """Who else is at the desk; None until it is known."""
    written = ""
    """What was said of the last file that was written here."""
    notice = ""
    """What the foot of every screen says, before all else."""
    refused: Mapping[str, str] = {}
    """Why some actions are not to be had in this app, by their ids: they are refused in these words."""

    @property
    def unsaved(self) -> Unsaved | None:
        """Where everything that is saved passes; None for an app without a desk."""
        return None

    @property
    def drafts(self) -> Drafts | None:
        """Where what is being typed is kept until it is saved."""
        return None

    def hear(self) -> None:
        """Read the keys that wait: there is a screen to hear them now."""
        raise NotImplementedError

    def stand(self, notice: str) -> None:
        """Have the foot of every screen say something until it is taken back by an empty text."""
        raise NotImplementedError

    def tell(self, said: str | Refused) -> None:
        """Say something, or what was refused, on the screen that is shown."""
        raise NotImplementedError

    def around(self, cells: int, beside: Sequence[Piece], article: str) -> list[Piece]:
        """What a head of so many cells says before what stands ``beside`` it: who else is on the article, by its id,
        and how syncing stands. Where the cells are few, only that something is wrong with that."""
        words, tone = self.synced
        synced = [(f"{words} ·", tone)] if words and (tone == "warning" or cells >= _MANY) else []
        found = self.company.head(article, cells, [*synced, *beside]) if self.company is not None else []
        return [*found, *([(" ", "")] if found and synced else []), *synced]

    def sync_now(self, place: str = "") -> bool:
        """Sync at once, and with a new place, too; false when there is none to sync with."""
        return False

    def ask_name(self) -> None:
        """Ask who is working: something was to be saved, and nobody has said it."""
        raise NotImplementedError

    def opens(self, url: str) -> bool:
        """Have a web address opened in the browser that shows the app; false where there is none."""
        return False

    def place_for(self, named: str) -> Path:
        """Where a file goes that is to be written under a name. Raises Refused when it cannot be called so."""
        return path_of(named)

    def hand_over(self, path: Path, said: str) -> str:
        """Told of a file that was written where `place_for` said; gives what is to be said of it."""
        return said

    def tell_place(self, place: KeyPlace, key: str) -> None:
        """Said when a key was read by its place on the keyboard: an app may tell it, once."""


def host_of(node: MessagePump) -> Host | None:
    """The app around a node; None where a widget is shown by another one."""
    app = node.app
    return app if isinstance(app, Host) else None


class SaysRefusals(Widget):
    """A widget whose handlers may raise `Refused`: it is said on the screen and the widget lives on.

    It stands behind the class it is mixed into, whose styles Textual then takes.
    """

    async def _on_message(self, message: Message) -> None:
        try:
            await super()._on_message(message)
        except Refused as refusal:
            message.stop()
            screen = self if isinstance(self, DeskScreen) else self.screen
            assert isinstance(screen, DeskScreen)
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
        host = host_of(self)
        if host is not None and host.unsaved is not None:
            return host.unsaved.write(self, call, then, kept)
        then(call())
        return True


def way(node: DOMNode, id: str) -> Callable[[], object] | None:
    """How a handler of a node, or the node, carries out the action of an id; None when neither does.

    Handlers first: Textual's own widgets have actions too, such as paging, which leave the caret where it is.
    """
    name, *given = CALLS.get(id, (id,))
    for one in (*getattr(node, "handlers", ()), node):
        if (method := getattr(one, f"action_{name}", None)) is not None:
            return partial(method, *given)
    return None


class Frames(Compositor):
    """Asks only for the lines that a frame is to hold.

    Textual's own asks for every line of every widget on the screen, however little of it has changed.
    """

    _changed: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = bands(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        asked = self._changed or (self.size.region if crop is None else crop,)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            for band in asked:
                if shown and shown.overlaps(band):
                    # Cut by rows alone: by columns the lines are cut where the widgets meet.
                    part = shown.intersection(Region(shown.x, band.y, shown.width, band.height))
                    yield region, part, widget.render_lines(part.translate(-region.offset))


def bands(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Regions that have rows in common taken together, from top to bottom."""
    found: list[Region] = []
    for region in sorted(regions, key=lambda region: region.y):
        if found and region.y < found[-1].bottom:
            found[-1] = found[-1].union(region)
        else:
            found.append(region)
    return tuple(found)


class DeskScreen(Screen[ScreenResultType], SaysRefusals, inherit_bindings=False):
    """A screen of factdesk.

    A subclass declares its ``SCOPE``, yields its widgets from `body`, and has a method ``action_<name>`` for each
    action it carries out; so has every widget with a ``SCOPE``. What makes one trade of them may stand in a handler:
    a plain object, in ``handlers`` of the screen or widget, in which they are looked for first. An action runs before
    the next key is read. It may raise `Refused`, may be a coroutine, and must not wait for another screen: that is
    what callbacks are for.
    ``HINTS`` of the nearest widget to the focus that has them fill the hint line, most important first; a widget
    whose hints change may have a method ``hints()`` instead and call `show_hints`.
    """

    SCOPE: ClassVar[Scope] = Scope.EVERYWHERE
    HINTS: ClassVar[tuple[Hint, ...]] = ()
    handlers: tuple[object, ...] = ()
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
        self._sequence = ""
        """The sequence of keys that the hint line shows as begun."""
        self._refusals = 0
        self._refusals_at_farewell = 0

    @property
    def article_here(self) -> str:
        """The id of the article that is worked on here; empty on a screen that is not one article's."""
        return ""

    def show_head(self) -> None:
        """Show in the head what has changed around the desk, where the screen has a head that tells it."""

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

    def hears(self, reader: KeyReader, key: str) -> bool:
        """Whether the screen hears a key now, which else waits until it listens."""
        return self.listening

    def listen(self) -> None:
        """Hear keys from now on, those first that were pressed before."""
        self.listening = True
        self.host.hear()

    @property
    def host(self) -> Host:
        """The app, as screens know it."""
        host = host_of(self)
        assert host is not None, "a screen of factdesk needs an app of factdesk"
        return host

    @property
    def ways(self) -> Navigation:
        """The ways to other screens."""
        ways = self.host.ways
        assert ways is not None, "this app knows no other screen"
        return ways

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
        if not reader.pending and self.take_first(key):
            return True
        meant = reader.feed(key, scopes)
        if meant is None and (placed := reader.by_place(key, scopes)) and self.take_first(placed[0]):
            return True
        if reader.pending != self._sequence:
            self._sequence = reader.pending
            self.hint_line.begun(self._sequence)
        if reader.placed and reader.placed.script:
            self.host.tell_place(reader.placed, key)
        if isinstance(meant, Action):
            await self.do(meant.id)
        return meant is not None

    async def do(self, id: str, node: DOMNode | None = None) -> None:
        """Carry an action out on the nearest node that has it, or on the one given."""
        for candidate in [node] if node else self.chain():
            carry_out = way(candidate, id)
            if carry_out is None:
                continue
            try:
                if id in self.host.refused:
                    raise Refused(self.host.refused[id])
                if id in WRITES and self.host.unsaved is not None:
                    self.host.unsaved.require_none()
                result = carry_out()
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
                here = scope not in TYPING or (scope is Scope.EDITOR and way(self, action.id))
                if action.scope is scope and here and action.id not in found:
                    node = next((node for node in nodes if way(node, action.id)), None)
                    if node is not None:
                        found[action.id] = (action, node)
        return list(found.values())

    def on_passed(self, event: Passed) -> None:
        event.stop()
        event.there.set()

    # Jumping

    def drawn(self) -> list[Strip]:
        """The screen as it is drawn, row by row."""
        return self._compositor.render_strips()

    # Hints

    @property
    def keymap(self) -> KeyMap:
        return self.host.keymap

    @property
    def hint_line(self) -> HintLine:
        return self.query_one(HintLine)

    def show_hints(self) -> None:
        """Let the hint line say what can be done now."""
        try:
            line = self.hint_line
        except NoMatches:
            return
        line.hint(list(self.hinted()))

    def show_notice(self) -> None:
        """Let the foot say what the app has to say on every screen, or no longer."""
        with suppress(NoMatches):
            self.hint_line.stand(self.host.notice)

    async def on_hint_line_clicked(self, event: HintLine.Clicked) -> None:
        event.stop()
        # The first digit stands for all of them: which verdict is meant has to be chosen.
        await self.do("pick_verdict" if CALLS[event.action][0] == "verdict" else event.action)

    def hinted(self) -> Iterator[tuple[str, str, str]]:
        """What the foot names here: a key as people know it, what it does, and the id of the action."""
        hints: tuple[Hint, ...] = ()
        for node in self.chain():
            if said := node.hints() if hasattr(node, "hints") else getattr(node, "HINTS", ()):
                hints = said
                break
        scopes = answering(self.scopes())
        for hint in (*hints, ("help", "Help")):
            id, title = hint if isinstance(hint, tuple) else (hint, "")
            for scope in scopes:
                action = ACTION_OF.get((scope, id))
                keys = self.keymap.keys(action) if action else ()
                if scopes[0] in TYPING:
                    keys = tuple(key for key in keys if not is_printable(key.split()[0]))
                if action and keys:
                    yield display(keys[0]), title or SAYS.get(id, action.title), action.id
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
        if isinstance(refusal, Nobody):
            self.host.ask_name()
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
