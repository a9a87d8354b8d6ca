"""The versions of an article's text: what changed from one to the next word by word, or the whole text of each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container

from store.check.corrections import Plan, Version
from store.desk import Desk
from store.errors import Refused
from store.records import Article, Progress
from store.text.shorten import shorten
from tui.article.new_version import write_version
from tui.claim.review_page import marked_rows
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.page import Page, PageWriter
from tui.kit.panel_lines import PanelLines
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece
from tui.text.dates import minute

_AROUND = 160
"""Code points of unchanged text that are shown on either side of a change."""
_ROWS = 2_000


class VersionsScreen(ListScreen[None, Version]):
    """Lists the versions, the newest first."""

    SCOPE = Scope.VERSIONS
    DEFAULT_CSS = """
    VersionsScreen #versions { layout: horizontal; height: 1fr; }
    VersionsScreen #versions Rows { width: 38; }
    VersionsScreen #versions PanelLines { width: 1fr; border-left: tall $panel; }
    VersionsScreen.-narrow #versions { layout: vertical; }
    VersionsScreen.-narrow #versions Rows { width: 1fr; height: 1fr; max-height: 7; }
    VersionsScreen.-narrow #versions PanelLines { height: 2fr; border-left: none; border-top: solid $panel; }
    """

    def __init__(self, desk: Desk, article: Article) -> None:
        hints = ("whole_text", "put_back", "undo", "close")
        super().__init__(Rows(header=True, verb="Read", hints=hints, at_row=hints[:2]), desk, finding=False)
        self.desk = desk
        self._article = article
        self._whole = False
        self.lines = PanelLines(lambda: None)
        self.lines.can_focus = False

    def middle(self) -> ComposeResult:
        with Container(id="versions"):
            yield self.rows
            yield self.lines

    def read(self) -> list[Version]:
        return self.desk.corrections.versions(self._article)[::-1]

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        left: list[Piece] = [(" Versions ", "bold accent"), (f" of “{shorten(self._article.title, 60)}”", "")]
        return left, [("whole text" if self._whole else "what changed", "muted")]

    def key(self, item: Version) -> object:
        return item.id

    def columns(self) -> tuple[Column, ...]:
        return (Column("No.", 4), Column("Since", 17), Column("By", share=1))

    def cells(self, item: Version) -> tuple[Cell, ...]:
        when = minute(item.created)
        return ([(str(item.number), "bold")], [(when, "muted")], [(item.by, "primary")])

    def tell(self, item: Version | None) -> None:
        if item is None:
            self.lines.show(lambda width, _: Page(width), anew=True)
            return
        if self._whole or not item.parent:
            parts = [(text := self.desk.articles.text(item.sha), text)]
        else:
            parts = self.desk.corrections.difference(self._article, item.number - 1, item.number)
        self.lines.show(partial(_page, parts, not self._whole and bool(item.parent)), anew=True)

    def action_whole_text(self) -> None:
        self._whole = not self._whole
        self.head.show(*self.heading())
        self.tell(self.current)

    def take(self, item: Version) -> None:
        self.action_whole_text()

    def action_put_back(self) -> None:
        item = self.current
        if item is None:
            raise Refused("There is no version here.")

        def put_back(desk: Desk, progress: Progress | None) -> Plan:
            plan = desk.corrections.plan(self._article, desk.articles.text(item.sha))
            return desk.corrections.correct(plan, progress)

        def done(made: Plan) -> None:
            self.refill()
            key = self.keymap.key_of(Scope.VERSIONS, "undo")
            self.say(f"The text is that of version {item.number} again: {made.counts}. {key} undoes it.")

        write_version(self, self.desk, self._article, put_back, done)

    def action_scroll_on(self) -> None:
        self.lines.leap(1)

    def action_scroll_back(self) -> None:
        self.lines.leap(-1)


def _page(parts: list[tuple[str, str]], differing: bool, width: int, height: int) -> Page:
    writer = _Writer(width, str)
    writer.text(parts, differing)
    return writer.page


class _Writer(PageWriter):
    def text(self, parts: list[tuple[str, str]], differing: bool) -> None:
        """Write a text; where it differs from another, the words around each change alone."""
        for row in marked_rows(_marked(parts, differing), self._width - 2, _ROWS):
            self._line(None, [(" ", ""), *row])


def _marked(parts: list[tuple[str, str]], differing: bool) -> Iterator[tuple[str, str]]:
    """The stretches with what each is: same, gone or new."""
    for at, (before, after) in enumerate(parts):
        if before != after:
            yield from (pair for pair in (("gone", before), ("new", after)) if pair[1])
        elif differing and len(after) > 2 * _AROUND:
            head = after[:_AROUND] if at else ""
            tail = after[-_AROUND:] if at < len(parts) - 1 else ""
            yield "same", f"{head} … {tail}"
        else:
            yield "same", after
