"""A screen around an article's text: what stands beside it follows; finding, panes, and the ways to other screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.timer import Timer
from textual.widget import Widget

from store.desk import Desk
from store.records import Article, Claim
from tui.kit.screen import DeskScreen
from tui.view.view import ArticleView

if TYPE_CHECKING:
    from tui.article.open_article import OpenArticle
    from tui.compare.open_comparison import OpenComparison
    from tui.view.find_line import FindLine

PANEL_DELAY = 0.04
"""Seconds until panel, head and foot follow the text, so that no key waits for them."""

SHOWN_AT_ONCE = 100_000
"""Code points. A longer text is shown before its sentences are found and its claims are read."""


class Ground(Container):
    """What its children cover to the last cell, so that nothing need be drawn under them in each frame."""

    BLANK = True


class TextScreen(DeskScreen[None]):
    """A subclass shows the article, puts what stands beside it in ``panes``, and lets it follow in `_show_panel`.

    ``open`` and what stands beside the text are there once the screen listens.
    """

    open: OpenArticle | OpenComparison
    find_line: FindLine

    LISTENS_AT_ONCE = False
    BLANK = True

    def __init__(self, desk: Desk, article: Article) -> None:
        super().__init__()
        self.desk = desk
        self.view = ArticleView()
        self._article = desk.article(article)
        self._panel_timer: Timer | None = None

    @property
    def panes(self) -> Sequence[Widget]:
        """Text, panel and list in the order in which one goes through them."""
        raise NotImplementedError

    def claim_at_hand(self) -> Claim | None:
        """The claim that a look at the history begins with."""
        raise NotImplementedError

    def take_claim(self, claim: str) -> bool:
        """Take a claim, by its id, in hand; False when it is not on this screen."""
        raise NotImplementedError

    # What follows the text

    def _show_panel(self) -> None:
        """Let everything beside the text show what is at hand."""
        raise NotImplementedError

    def _tell_foot(self) -> None:
        """Let the foot say what is selected and found."""
        raise NotImplementedError

    def _show_panel_soon(self) -> None:
        if self._panel_timer is None and self.listening:
            self._panel_timer = self.set_timer(PANEL_DELAY, self._show_panel)

    def _show_now(self) -> None:
        """Let panel and list show what is at hand before a key goes there."""
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

    # Panes

    def action_switch_pane(self) -> None:
        self._switch(1)

    def action_switch_pane_back(self) -> None:
        self._switch(-1)

    def _switch(self, step: int) -> None:
        self._show_now()
        shown = [pane for pane in self.panes if pane.display]
        here = next((i for i, pane in enumerate(shown) if pane.has_focus_within or pane.has_focus), 0)
        shown[(here + step) % len(shown)].focus()

    def action_panel(self) -> None:
        self.toggle_class("-roomy")

    # Elsewhere

    def action_history(self) -> None:
        from tui.kit.history import HistoryScreen

        screen = HistoryScreen(self.desk, self.open.article, self.claim_at_hand())
        self.app.push_screen(screen, self._go_from_history)

    def _go_from_history(self, place: tuple[str, str] | None) -> None:
        """Go to the place of a change that was chosen: (article id, claim id or empty)."""
        if place is not None and not (place[0] == self.open.article.id and self.take_claim(place[1])):
            self.ways.open_article(self.desk.article(place[0]), place[1])

    def action_conflicts(self) -> None:
        from tui.kit.conflicts import ConflictsScreen

        self.app.push_screen(ConflictsScreen(self.desk, self.open.article))

    def action_agreement(self) -> None:
        self.ways.open_agreement([self.open.article])
