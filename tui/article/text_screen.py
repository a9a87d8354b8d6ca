"""A screen around an article's text: what stands beside it follows; finding, panes, and the ways to other screens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events
from textual.containers import Container
from textual.timer import Timer
from textual.widget import Widget

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Claim
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.text.shown_text import Shown
from tui.keys.actions_and_keys import IN_THE_TEXT_ALONE, Action, Scope
from tui.keys.keymap import KeyReader, Reading
from tui.kit.screen import DeskScreen
from tui.view.view import ArticleView

if TYPE_CHECKING:
    from tui.view.find_line import FindLine

_SIDE = 64  # cells of the panel in a broad terminal
PANEL_DELAY = 0.04
"""Seconds until panel, head and foot follow the text, so that no key waits for them."""
_PANEL_PATIENCE = 0.2
"""Seconds after which they follow it though keys still come."""

SHOWN_AT_ONCE = 100_000
"""Code points. A longer text is shown before its sentences are found and its claims are read."""


class Ground(Container):
    """What its children cover to the last cell, so that nothing need be drawn under them in each frame."""

    BLANK = True

    def __init__(self, scope: Scope | None = None, *, id: str) -> None:
        """``scope`` says whose keys answer in it, if any do."""
        super().__init__(id=id)
        if scope is not None:
            self.SCOPE = scope


def _fetch(module: str) -> None:
    import_module(module)


class Opened(Protocol):
    """What is open: an article, alone or as people compare on it."""

    article: Article


class TextScreen(DeskScreen[None]):
    """A subclass shows the article, puts what stands beside it in ``panes``, and lets it follow in `_show_panel`.

    ``open`` and what stands beside the text are there once the screen listens.
    """

    open: Opened
    find_line: FindLine

    NOTHING_TO_COPY: ClassVar[str]
    READING: ClassVar[tuple[str, ...]] = ()
    """The modules that taking up an article needs, those first that others need: each is loaded by itself."""
    FURNITURE: ClassVar[tuple[str, ...]] = ("tui.kit.editors", "tui.view.find_line")
    """The modules of what stands around the text, likewise."""
    LISTENS_AT_ONCE = False
    BLANK = True
    DEFAULT_CSS = """
    TextScreen #workplace { layout: horizontal; height: 1fr; }
    TextScreen #text, TextScreen ArticleView { width: 1fr; height: 1fr; }
    TextScreen #text { align-horizontal: center; }
    TextScreen #side { width: 38; height: 1fr; background: $surface; border-left: tall $panel; }
    TextScreen.-roomy #side { width: 60%; }
    TextScreen.-broad #side { width: 64; }
    TextScreen.-broad.-roomy #side { width: 60%; }
    TextScreen.-text-alone #side, TextScreen.-side-alone #text { display: none; }
    TextScreen.-side-alone #side { width: 1fr; height: 1fr; border-left: none; }
    TextScreen.-narrow #workplace { layout: vertical; }
    TextScreen.-narrow #side { width: 1fr; height: 9; border-left: none; }
    TextScreen.-narrow.-short #side { height: 4; }
    TextScreen.-narrow.-roomy #side { width: 1fr; height: 75%; }
    TextScreen.-narrow.-side-alone #side { height: 1fr; }
    """

    def __init__(self, desk: Desk, article: Article) -> None:
        super().__init__()
        self.desk = desk
        self.view = ArticleView()
        self._article = desk.articles.get(article)
        self._panel_timer: Timer | None = None
        self._panel_due = 0.0
        self._later: dict[tuple[Callable[[str], object], str], None] = {}
        self._as_written = False

    @property
    def article_here(self) -> str:
        return self._article.id

    # Opening

    def on_mount(self) -> None:
        self.measure()
        self._show_text()
        if not self._text_first:
            for _ in self._take_up():
                pass
        self.view.focus()
        # By way of the app: while it starts, it draws nothing, and what it is told waits.
        self.app.call_later(self.call_after_refresh, self._open_up)

    @property
    def _is_long(self) -> bool:
        return self._article.length > SHOWN_AT_ONCE

    @property
    def _text_first(self) -> bool:
        """Whether the text is shown before anything is known of it: it is long, or the app begins with it."""
        return self._is_long or self.app.screen_stack[:1] == [self]

    def _show_text(self) -> None:
        """Show the text alone, as long as nothing is known of it."""
        article = self._article
        self._as_written = False
        self.view.show(self.desk.articles.shown(article), language=article.language, lines=article.lines)

    def _take_up(self) -> Iterator[None]:
        """Read what there is to read of the article and show it; it yields often."""
        raise NotImplementedError

    async def _furnish(self) -> None:
        """Bring in what stands beside the text, in the container ``#side``."""
        raise NotImplementedError

    def hears(self, reader: KeyReader, key: str) -> bool:
        """A long text is moved in as soon as it can be seen; keys that ask for more, and all behind them, wait."""
        if self.listening or not self._is_long:
            return self.listening
        meant = reader.meaning(key, self.scopes())
        return meant is Reading.PENDING or (isinstance(meant, Action) and meant in IN_THE_TEXT_ALONE)

    def _open_up(self) -> None:
        """Furnish the screen, once the text can be seen, in a worker: a handler would have nothing drawn meanwhile."""
        if self.is_attached:  # else left again before it could be seen
            self.run_worker(self._get_ready(), exit_on_error=False)
            self.host.hear()

    async def _get_ready(self) -> None:
        """Bring in what stands around the text, and hear keys. Those pressed meanwhile wait."""
        from tui.kit.long_work import in_slices

        if self._text_first:
            await in_slices(map(_fetch, self.READING))
            await in_slices(self._take_up())
        await in_slices(map(_fetch, self.FURNITURE))
        from tui.view.find_line import FindLine

        self.find_line = FindLine(self.view)
        await self._furnish()
        await self.mount(self.find_line, before=self.hint_line)
        self._begin()
        await asyncio.sleep(0)
        self._follow()
        await asyncio.sleep(0)
        self.listen()
        self._tell_foot()  # what was found above was not told before keys are heard
        self.catch_up()
        self._begun()

    def _begin(self) -> None:
        """All is there that is shown."""

    def _begun(self) -> None:
        """Keys are heard."""

    # What a subclass says

    @property
    def panes(self) -> Sequence[Widget]:
        """Text, panel and list in the order in which you go through them."""
        raise NotImplementedError

    def claim_at_hand(self) -> Claim | None:
        """The claim that a look at the history begins with."""
        raise NotImplementedError

    def take_claim(self, claim: str) -> bool:
        """Select a claim by its id; False when it is not on this screen."""
        raise NotImplementedError

    def quote_at_hand(self) -> str:
        """What is copied when nothing is selected, or nothing."""
        raise NotImplementedError

    def catch_up(self) -> object:
        """Show what was written since the last look."""
        raise NotImplementedError

    # What follows the text

    def _show_panel(self) -> None:
        """Let everything beside the text show what is selected."""
        raise NotImplementedError

    def _tell_foot(self) -> None:
        """Let the foot say what is selected and found."""
        raise NotImplementedError

    @property
    def followed(self) -> bool:
        """Whether what stands beside the text shows what is selected in it, as it does soon after each move."""
        return self._panel_timer is None

    def show_panel_soon(self) -> None:
        """Let what stands beside the text follow it once no key comes any more, and now and then while they come."""
        if self._panel_timer is None and self.listening:
            self._panel_timer = self.set_timer(PANEL_DELAY, self._follow)
            self._panel_due = monotonic() + _PANEL_PATIENCE
        elif self._panel_timer is not None and monotonic() < self._panel_due:
            self._panel_timer.reset()

    def show_now(self) -> None:
        """Let panel and list show what is selected before a key goes there."""
        if self._panel_timer is not None:
            self._panel_timer.stop()
            self._follow()

    def do_later(self, what: Callable[[str], object], claim: str) -> None:
        """Have something done with a claim, by its id, when the panel follows; once, however often it is asked for."""
        self._later[what, claim] = None
        self.show_panel_soon()

    def _follow(self) -> None:
        self._panel_timer = None
        later, self._later = self._later, {}
        for what, claim in later:
            what(claim)
        self._show_panel()

    def action_source(self) -> None:
        """Show Markdown as it is written, or as people see it; nothing else changes."""
        article = self.open.article
        if not article.markup:
            key, form = self.keymap.key_of(Scope.LIBRARY, "edit_article"), "Details"
            raise Refused(f"This article is plain text. If it is Markdown, say so in its details: {form} ({key}).")
        seen = self.desk.articles.shown(article)
        self._as_written = not self._as_written
        self.view.dress(Shown(seen.source) if self._as_written else seen)
        self.say("Shown as it is written." if self._as_written else "Shown as people see it.")

    # Finding

    def action_find(self) -> None:
        self.find_line.open_with("" if self.view.selecting else self.view.selected_text)

    def action_find_next(self) -> None:
        self.find_line.step(1)

    def action_find_previous(self) -> None:
        self.find_line.step(-1)

    def on_find_line_found(self) -> None:
        self._tell_foot()

    def action_clear(self) -> None:
        if not self.view.clear_selection():
            self.find_line.clear()

    def action_copy(self) -> None:
        words = self.view.selected_text or self.quote_at_hand()
        if not words:
            raise Refused(self.NOTHING_TO_COPY)
        self.app.copy_to_clipboard(words)
        self.say(f"Copied {quoted(shorten(words, 40))}.")

    # Panes

    def action_switch_pane(self) -> None:
        self._switch(1)

    def action_switch_pane_back(self) -> None:
        self._switch(-1)

    def _switch(self, step: int) -> None:
        self.show_now()
        shown = [pane for pane in self.panes if pane.display]
        here = next((i for i, pane in enumerate(shown) if pane.has_focus_within or pane.has_focus), 0)
        shown[(here + step) % len(shown)].focus()

    def action_panel(self) -> None:
        self.remove_class("-text-alone", "-side-alone")
        self.toggle_class("-roomy")
        self.measure()

    def action_maximise(self) -> None:
        """Give the pane that has the focus all the room, or share it again."""
        if self.has_class("-text-alone") or self.has_class("-side-alone"):
            self.remove_class("-text-alone", "-side-alone")
        else:
            self.add_class("-text-alone" if self.view.has_focus else "-side-alone")
        self.measure()

    def action_full_width(self) -> None:
        """Let the rows of the text take all the room, or only as many letters as the settings say."""
        full = self.toggle_class("-full").has_class("-full")
        self.measure()
        self.say("Rows take all the room." if full else "Rows are as long as the settings say.")

    def measure(self) -> None:
        """Let a row of the text have so many letters at most; the panel beside it takes what that leaves."""
        said = self.ways.settings.measure if self.host.ways is not None else "full"
        cells = None if said == "full" or self.has_class("-full") else int(said) + self.view.around
        self.view.styles.max_width = cells
        room = self.app.size.width - (cells or self.app.size.width)
        shared = not (self.has_class("-roomy") or self.has_class("-side-alone"))
        self.query_one("#side").styles.width = room if shared and room > _SIDE else None

    def on_resize(self) -> None:
        self.measure()
        self.show_head()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where a pane has all the room, another one that gets the focus comes back into view."""
        if self.has_class("-side-alone" if event.widget is self.view else "-text-alone"):
            self.remove_class("-text-alone", "-side-alone")
            self.measure()

    # Elsewhere

    def action_history(self) -> None:
        from tui.kit.history import HistoryScreen

        screen = HistoryScreen(self.desk, self.open.article, self.claim_at_hand())
        self.app.push_screen(screen, self.go_from_list)

    def go_from_list(self, place: tuple[str, str] | None) -> None:
        """Go to the place of something that was chosen: (article id, claim id or empty)."""
        if place is not None and not (place[0] == self.open.article.id and self.take_claim(place[1])):
            self.ways.open_article(self.desk.articles.get(place[0]), place[1])

    def action_conflicts(self) -> None:
        from tui.kit.conflicts import ConflictsScreen

        self.app.push_screen(ConflictsScreen(self.desk, self.open.article))

    def action_heat_map(self) -> None:
        from tui.kit.picture_screen import heat_screen

        def go(claim: str | None) -> None:
            if claim:
                self.take_claim(claim)

        self.app.push_screen(heat_screen(self.desk, self.open.article.id), go)

    def action_replay(self) -> None:
        from tui.article.replay import ReplayScreen

        def go(claim: str | None) -> None:
            if claim and not self.take_claim(claim):
                self.say("That claim is not here any more.")

        self.app.push_screen(ReplayScreen(self.desk, self._article), go)

    def action_agreement(self) -> None:
        self.ways.open_agreement([self.open.article])
