"""A screen around an article's text: what stands beside it follows; finding, panes, and the ways to other screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.containers import Container
from textual.timer import Timer
from textual.widget import Widget

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Claim
from store.text.quotations import quoted
from store.text.shorten import shorten
from tui.keys.actions import IN_THE_TEXT_ALONE, Action, Scope
from tui.keys.keymap import KeyReader, Reading
from tui.kit.screen import DeskScreen
from tui.view.view import ArticleView

if TYPE_CHECKING:
    from tui.view.find_line import FindLine

PANEL_DELAY = 0.04
"""Seconds until panel, head and foot follow the text, so that no key waits for them."""

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
    TextScreen #side { width: 38; height: 1fr; background: $surface; border-left: tall $panel; }
    TextScreen.-roomy #side { width: 60%; }
    TextScreen.-broad #side { width: 64; }
    TextScreen.-broad.-roomy #side { width: 60%; }
    TextScreen.-narrow #workplace { layout: vertical; }
    TextScreen.-narrow #side { width: 1fr; height: 9; border-left: none; }
    TextScreen.-narrow.-short #side { height: 4; }
    TextScreen.-narrow.-roomy #side { width: 1fr; height: 75%; }
    """

    def __init__(self, desk: Desk, article: Article) -> None:
        super().__init__()
        self.desk = desk
        self.view = ArticleView()
        self._article = desk.articles.get(article)
        self._panel_timer: Timer | None = None

    # Opening

    def on_mount(self) -> None:
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
        self.view.show(self.desk.articles.text(article), language=article.language, lines=article.lines)

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
        from tui.kit.slices import in_slices

        if self._text_first:
            await in_slices(map(_fetch, self.READING))
            await in_slices(self._take_up())
        await in_slices(map(_fetch, self.FURNITURE))
        from tui.view.find_line import FindLine

        self.find_line = FindLine(self.view)
        await self._furnish()
        await self.mount(self.find_line, before=self.hint_line)
        self._begin()
        self._show_panel()
        self.listen()
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
        """Let what stands beside the text follow it, behind the keys that wait."""
        if self._panel_timer is None and self.listening:
            self._panel_timer = self.set_timer(PANEL_DELAY, self._show_panel)

    def show_now(self) -> None:
        """Let panel and list show what is selected before a key goes there."""
        if self._panel_timer is not None:
            self._panel_timer.stop()
            self._show_panel()

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
        self.toggle_class("-roomy")

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

    def action_agreement(self) -> None:
        self.ways.open_agreement([self.open.article])
