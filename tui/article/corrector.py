"""Correcting the text of the article that is open: from a file or an address, and what waits afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.text.draft import Draft
from tui.article.screen import ArticleScreen
from tui.keys.actions import Scope

if TYPE_CHECKING:
    from store.check.corrections import Plan


class Corrector:
    """The handler of an article screen for new versions of its text."""

    def __init__(self, screen: ArticleScreen) -> None:
        self._screen = screen
        self._desk = screen.desk

    def action_correct_text(self) -> None:
        from tui.article.correct_form import CorrectForm

        article = self._screen.open.article
        self._screen.app.push_screen(CorrectForm(article.title, article.url), self._take)

    def _take(self, draft: Draft | None) -> None:
        if draft is None:
            return
        screen = self._screen
        plan = self._desk.corrections.plan(screen.open.article, draft.text)

        def corrected(made: Plan) -> None:
            screen.wrote()
            undo, waits = (screen.keymap.key_of(Scope.ARTICLE, name) for name in ("undo", "corrections"))
            more = f" {waits} shows what waits." if made.counts.to_check or made.counts.gone else ""
            screen.say(f"This is version {made.number}: {made.counts}.{more} {undo} undoes it.")

        screen.write(lambda: self._desk.corrections.correct(plan), corrected)

    def action_corrections(self) -> None:
        from tui.article.corrections import CorrectionsScreen

        self._screen.app.push_screen(
            CorrectionsScreen(self._desk, self._screen.open.article), self._screen.go_from_list
        )

    def action_versions(self) -> None:
        from tui.article.versions import VersionsScreen

        self._screen.app.push_screen(VersionsScreen(self._desk, self._screen.open.article))
