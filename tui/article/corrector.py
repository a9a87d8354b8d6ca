"""Correcting the text of the article that is open: from a file or an address, and what waits afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.desk import Desk
from store.records import Progress
from store.text.article_draft import Draft
from tui.article.new_version import write_version
from tui.article.screen import ArticleScreen
from tui.keys.actions_and_keys import Scope

if TYPE_CHECKING:
    from store.check.corrections import Plan


class Corrector:
    """The handler of an article screen for new versions of its text."""

    def __init__(self, screen: ArticleScreen) -> None:
        self._screen = screen
        self._desk = screen.desk

    def action_correct_text(self) -> None:
        from store.formats.articles.revisions import options_for
        from tui.article.correct_form import CorrectForm

        article = self._screen.open.article
        self._screen.app.push_screen(
            CorrectForm(article.title, article.url, options_for(self._desk, article)), self._take
        )

    def _take(self, draft: Draft | None) -> None:
        from store.formats.articles.revisions import plan_revision

        if draft is None:
            return
        screen, article, notes = self._screen, self._screen.open.article, list[str]()

        def correct(desk: Desk, progress: Progress | None) -> Plan:
            plan, note = plan_revision(desk, article, draft)
            notes[:] = [note] if note else []
            return desk.corrections.correct(plan, progress)

        def corrected(made: Plan) -> None:
            screen.wrote()
            undo, waits = (screen.keymap.key_of(Scope.ARTICLE, name) for name in ("undo", "corrections"))
            more = f" {waits} shows what waits." if made.counts.to_check or made.counts.gone else ""
            screen.say(" ".join([f"This is version {made.number}: {made.counts}.{more} {undo} undoes it.", *notes]))

        write_version(screen, self._desk, article, correct, corrected)

    def action_corrections(self) -> None:
        from tui.article.corrections import CorrectionsScreen

        self._screen.app.push_screen(
            CorrectionsScreen(self._desk, self._screen.open.article), self._screen.go_from_list
        )

    def action_versions(self) -> None:
        from tui.article.versions import VersionsScreen

        self._screen.app.push_screen(VersionsScreen(self._desk, self._screen.open.article))
