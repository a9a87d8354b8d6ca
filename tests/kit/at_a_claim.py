"""A small app that shows one widget of the claim at hand, beside a field that stands for the article's text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.desks import desk_at
from tui.claim.panel import ClaimPanel
from tui.keys.actions_and_keys import Scope
from tui.kit.desk_app import DeskApp
from tui.kit.screen import DeskScreen
from tui.themes import DARK, THEMES

TEXT = "The bridge fell at night. Nobody was hurt, said the mayor. It is being rebuilt for 3 000 people."


@contextmanager
def tagged(folder: Path, text: str = TEXT) -> Iterator[tuple[Desk, Article, Claim]]:
    """A desk with an article and a claim on its first sentence."""
    with desk_at(folder) as desk:
        article = desk.articles.add(text, title="Bridge")
        yield desk, article, desk.claims.tag(article, *desk.coverage.sentences(article)[0])


class Text(Widget, can_focus=True):
    """Stands for the article's text: it has its keys, and hands them to the panel."""

    SCOPE = Scope.CHECK
    panel: ClaimPanel

    def action_justify(self) -> None:
        self.panel.action_justify()

    def action_add_comment(self) -> None:
        self.panel.action_add_comment()

    def action_add_evidence(self) -> None:
        self.panel.action_add_evidence()

    def action_pick_verdict(self) -> None:
        self.panel.fields.action_pick_verdict()


class Screen(DeskScreen[None]):
    SCOPE = Scope.ARTICLE
    DEFAULT_CSS = "Horizontal { height: 1fr; } Text { width: 1fr; }"

    def __init__(self, widget: Widget, width: int) -> None:
        super().__init__()
        self.widget = widget
        self.text = Text()
        self.widget.styles.width = width

    def body(self) -> ComposeResult:
        with Horizontal():
            yield self.text
            yield self.widget

    def action_to_text(self) -> None:
        self.text.focus()


class ClaimApp(DeskApp):
    """The app; ``heard`` are the messages its screen was told, ``said`` what it said."""

    def __init__(self, widget: Widget, width: int = 40, begin: Callable[[], Any] = lambda: None) -> None:
        super().__init__()
        self.shown = Screen(widget, width)
        self.begin = begin
        self.heard: list[Message] = []

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
        if isinstance(self.shown.widget, ClaimPanel):
            self.shown.text.panel = self.shown.widget
        self.push_screen(self.shown)
        self.call_later(self.begin)

    @property
    def said(self) -> list[str]:
        return [notification.message for notification in self._notifications]

    def kept(self, kind: type[Message]) -> list[Any]:
        """What was heard of a kind; on its way up a message is heard more than once."""
        return list(dict.fromkeys(message for message in self.heard if isinstance(message, kind)))
