"""The library: the articles of the desk, what is left to check in each, and where everything begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.desk import Desk
from store.records import Article, Assignment, Undone
from store.text.shorten import shorten
from tui.keys.actions import Scope
from tui.kit.undo import Undo
from tui.library.reading import LibraryReading

if TYPE_CHECKING:
    from tui.review.assign_form import Handed

TITLE = 40
"""Code points of a title in a message: it names the article and does not cover the screen."""


class LibraryScreen(LibraryReading):
    """The library, and what can be done in it."""

    def __init__(self, desk: Desk, article: str = "") -> None:
        super().__init__(desk, article)
        self.handlers = (Undo(self, desk, self.undone),)

    # Bringing articles in, changing and deleting them

    def action_import_articles(self) -> None:
        from tui.library.import_form import ImportForm

        self.app.push_screen(ImportForm(self.desk), self._imported)

    def _imported(self, article: str | None) -> None:
        self.refill(article or "")

    def action_import_sample(self) -> None:
        from store import sample
        from store.formats import article_files as articles

        draft = articles.read(sample.path())
        title = shorten(draft.title, TITLE)

        def added(found: tuple[list[str], list[str]]) -> None:
            new, known = found
            self.refill((new or known)[0])
            self.say(f"Added “{title}”." if new else f"“{title}” is already on this desk.")

        self.write(lambda: self.desk.articles.add_many([draft]), added)

    def action_edit_article(self) -> None:
        from tui.library.article_form import ArticleForm

        article = self._current().article
        self.app.push_screen(ArticleForm(self.desk, article), lambda _: self.refill(article.id))

    def action_delete_article(self) -> None:
        row = self._current()
        key = self.keymap.key_of(Scope.LIBRARY, "undo")
        title = shorten(row.article.title or "(no title)", TITLE)

        def deleted(_: object) -> None:
            self.refill()
            self.say(f"Deleted “{title}” and what was marked in it. {key} brings it back.")

        self.write(lambda: self.desk.delete(row.article), deleted)

    # Giving them out

    def action_mark_article(self) -> None:
        article = self._current().article.id
        self.shelf.marked ^= {article}
        self._show_marks()
        self.rows.action_row_down()

    def action_mark_all(self) -> None:
        shown = {row.article.id for row in self.shelf.rows}
        self.shelf.marked = set() if shown <= self.shelf.marked else self.shelf.marked | shown
        self._show_marks()

    def _at_hand(self) -> list[Article]:
        """The marked articles, else the one under the cursor."""
        return self._marked() or [self._current().article]

    def _marked(self) -> list[Article]:
        """The marked articles in the order of the desk."""
        return [row.article for row in self.shelf.all if row.article.id in self.shelf.marked]

    def action_assign(self) -> None:
        from tui.review.assign_form import AssignForm

        self.app.push_screen(AssignForm(self.desk, self._at_hand()), self._assigned)

    def _assigned(self, handed: Handed | None) -> None:
        if handed:
            self.shelf.marked.clear()
            key = self.keymap.key_of(Scope.LIBRARY, "undo")
            self.say(f"{handed.words} {key} takes it back." if handed.new else handed.words)
        self.refill()

    def action_assignments(self) -> None:
        from tui.review.assignments import AssignmentsScreen

        articles = self._at_hand() if self.shelf.rows else []
        self.app.push_screen(AssignmentsScreen(self.desk, articles), self._work_on)

    def _work_on(self, chosen: Assignment | None) -> None:
        self.refill()
        if chosen is not None and chosen.reviewer.casefold() == self.desk.reviewer.casefold():
            self.ways.open_work(chosen)
        elif chosen is not None:
            self.ways.open_article(self.desk.articles.get(chosen.article))

    # Work with others

    def action_review_others(self) -> None:
        self.ways.review_article(self._current().article)

    def action_inbox(self) -> None:
        from tui.review.inbox import InboxScreen

        self.app.push_screen(InboxScreen(self.desk), self._go)

    # Taking back, and what has happened

    def undone(self, undone: Undone) -> None:
        self.refill(undone.article)
        self.say(undone.sentence)

    def action_history(self) -> None:
        from tui.kit.history import HistoryScreen

        self.app.push_screen(HistoryScreen(self.desk), self._go)

    def action_conflicts(self) -> None:
        from tui.kit.conflicts import ConflictsScreen

        self.app.push_screen(ConflictsScreen(self.desk), lambda _: self.refill())

    def action_compare(self) -> None:
        self.ways.open_comparison(self._current().article)

    def action_agreement(self) -> None:
        self.ways.open_agreement(self._marked())

    def action_export_claims(self) -> None:
        from tui.kit.save_form import save_claims

        self.app.push_screen(save_claims(self.desk, self._marked()))

    def _go(self, place: tuple[str, str] | None) -> None:
        self.refill()
        if place:
            self.ways.open_article(self.desk.articles.get(place[0]), place[1])
