"""What is done in the library: articles brought in, changed, marked and given out, and the ways to other screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Assignment
from store.reports import ShelfRow
from store.text.shorten import shorten
from tui.keys.actions_and_keys import Scope
from tui.kit.rows import Rows
from tui.kit.screen import DeskScreen
from tui.library.article_list import ArticleList

if TYPE_CHECKING:
    from tui.review.assign_form import Handed

TITLE = 40
"""Code points of a title in a message: it names the article and does not cover the screen."""


class LibraryActions:
    """A handler for what is done with the articles that the library shows."""

    def __init__(
        self,
        screen: DeskScreen[None],
        desk: Desk,
        articles: ArticleList,
        rows: Rows,
        *,
        current: Callable[[], ShelfRow],
        refill: Callable[[str], None],
        marked: Callable[[], None],
    ) -> None:
        """
        Args:
            screen: the library.
            desk, articles, rows: what it shows, and where.
            current: gives the row under the cursor; raises Refused when there is none.
            refill: shows the desk as it is now, with the cursor on the article of an id, or where it was.
            marked: shows which articles are marked now.
        """
        self._screen = screen
        self._desk = desk
        self._articles = articles
        self._rows = rows
        self._current = current
        self._refill = refill
        self._show_marked = marked

    # Bringing articles in, changing and deleting them

    def action_import_articles(self) -> None:
        from tui.library.import_form import ImportForm

        self._screen.app.push_screen(ImportForm(self._desk), self._imported)

    def action_new_article(self) -> None:
        self.new_article("")

    def new_article(self, text: str) -> None:
        """Offer a new article of that text."""
        from tui.library.new_form import NewArticleForm

        self._desk.session.check_writable()
        self._screen.app.push_screen(NewArticleForm(self._desk, text), self._imported)

    def take_pasted(self, pasted: str) -> None:
        """Offer to import the files or the address that were dropped or pasted; of other words, a new article.

        Raises:
            Refused: a file that was dropped is not there.
        """
        from tui.library.dropped_files import dropped, lost_file
        from tui.library.import_form import ImportForm

        reads = "import_articles" not in self._screen.host.refused
        if places := dropped(pasted) if reads else ():
            self._screen.app.push_screen(ImportForm(self._desk, *places), self._imported)
        elif lost := lost_file(pasted) if reads else "":
            raise Refused(f"There is no file {lost}: check the name.")
        elif pasted.strip():
            self.new_article(pasted)

    def action_merge_desk(self) -> None:
        from tui.library.merge_form import MergeDeskForm, MergeSheet

        def merge(path: Path | None) -> None:
            if path is not None:
                self._screen.app.push_screen(MergeSheet(self._desk, path), lambda _: self._refill(""))

        self._desk.session.check_writable()
        self._screen.app.push_screen(MergeDeskForm(), merge)

    def action_sync_desk(self) -> None:
        from tui.library.sync_form import SyncForm

        def begin(place: str | None) -> None:
            if place is not None:
                self._screen.host.sync_now(place)

        self._desk.session.check_writable()
        if not self._screen.host.sync_now():
            self._screen.app.push_screen(SyncForm(), begin)

    def action_sources(self) -> None:
        from tui.library.source_list import SourcesScreen

        self._screen.app.push_screen(SourcesScreen(self._desk), self._go)

    def action_heat_map(self) -> None:
        from tui.kit.picture_screen import heat_screen

        article = self._current().article

        def go(claim: str | None) -> None:
            if claim:
                self._go((article.id, claim))

        self._screen.app.push_screen(heat_screen(self._desk, article.id), go)

    def action_timeline(self) -> None:
        from tui.kit.picture import verdicts_over_time
        from tui.kit.picture_screen import PictureScreen

        desk = self._desk
        screen = PictureScreen(desk, lambda cells: verdicts_over_time(desk.library.timeline(), desk.scheme, cells))
        self._screen.app.push_screen(screen)

    def action_matrix(self) -> None:
        from tui.kit.picture import agreement_matrix
        from tui.kit.picture_screen import PictureScreen

        desk, marked = self._desk, sorted(self._articles.marked)
        screen = PictureScreen(desk, lambda cells: agreement_matrix(desk.agreement.matrix(marked), cells))
        self._screen.app.push_screen(screen)

    def action_backups(self) -> None:
        from tui.library.backup_list import BackupsSheet

        self._screen.app.push_screen(BackupsSheet(self._desk))

    def action_share_desk(self) -> None:
        from tui.kit.save_form import save_shared

        self._screen.app.push_screen(save_shared(self._desk, self._marked()))

    def _imported(self, article: str | None) -> None:
        self._refill(article or "")

    def action_import_sample(self) -> None:
        from store import sample
        from store.formats.articles import files as articles

        draft = articles.read(sample.path())
        title = shorten(draft.title, TITLE)

        def added(found: tuple[list[str], list[str]]) -> None:
            new, known = found
            self._refill((new or known)[0])
            opens = self._screen.keymap.key_of(Scope.LIST, "choose")
            self._screen.say(f"Added “{title}”. {opens} opens it." if new else f"“{title}” is already on this desk.")

        self._screen.write(lambda: self._desk.articles.add_many([draft]), added)

    def action_tour(self) -> None:
        """Go through the sample article step by step, or on where that was left."""
        from tui.article.tour import begin_tour

        begin_tour(self._screen, self._desk)

    def action_edit_article(self) -> None:
        from tui.library.article_form import ArticleForm

        article = self._current().article
        self._screen.app.push_screen(ArticleForm(self._desk, article), lambda _: self._refill(article.id))

    def action_delete_article(self) -> None:
        row = self._current()
        key = self._screen.keymap.key_of(Scope.LIBRARY, "undo")
        title = shorten(row.article.title or "(no title)", TITLE)

        def deleted(_: object) -> None:
            self._refill("")
            self._screen.say(f"Deleted “{title}” and what was marked in it. {key} brings it back.")

        self._screen.write(lambda: self._desk.delete(row.article), deleted)

    # Giving them out

    def action_mark_article(self) -> None:
        article = self._current().article.id
        self._articles.marked ^= {article}
        self._show_marked()
        self._rows.action_row_down()

    def action_mark_all(self) -> None:
        shown = {row.article.id for row in self._articles.rows}
        self._articles.marked = set() if shown <= self._articles.marked else self._articles.marked | shown
        self._show_marked()

    def _at_hand(self) -> list[Article]:
        """The marked articles, else the one under the cursor."""
        return self._marked() or [self._current().article]

    def _marked(self) -> list[Article]:
        """The marked articles in the order of the desk."""
        return [row.article for row in self._articles.all if row.article.id in self._articles.marked]

    def action_assign(self) -> None:
        from tui.review.assign_form import AssignForm

        self._screen.app.push_screen(AssignForm(self._desk, self._at_hand()), self._assigned)

    def _assigned(self, handed: Handed | None) -> None:
        if handed:
            self._articles.marked.clear()
            key = self._screen.keymap.key_of(Scope.LIBRARY, "undo")
            self._screen.say(f"{handed.words} {key} takes it back." if handed.new else handed.words)
        self._refill("")

    def action_assignments(self) -> None:
        from tui.review.assignments import AssignmentsScreen

        articles = self._at_hand() if self._articles.rows else []
        self._screen.app.push_screen(AssignmentsScreen(self._desk, articles), self._work_on)

    def _work_on(self, chosen: Assignment | None) -> None:
        self._refill("")
        if chosen is not None and chosen.reviewer.id == self._desk.reviewer.id:
            self._screen.ways.open_work(chosen)
        elif chosen is not None:
            self._screen.ways.open_article(self._desk.articles.get(chosen.article))

    def action_settings(self) -> None:
        from tui.library.settings_form import SettingsForm

        self._screen.app.push_screen(SettingsForm(self._desk, self._screen.ways), lambda _: self._refill(""))

    # Work with others

    def action_review_others(self) -> None:
        self._screen.ways.review_article(self._current().article)

    def action_inbox(self) -> None:
        from tui.review.inbox import InboxScreen

        self._screen.app.push_screen(InboxScreen(self._desk), self._go)

    # What has happened, and how far people agree

    def action_history(self) -> None:
        from tui.kit.history import HistoryScreen

        self._screen.app.push_screen(HistoryScreen(self._desk), self._go)

    def action_conflicts(self) -> None:
        from tui.kit.conflicts import ConflictsScreen

        self._screen.app.push_screen(ConflictsScreen(self._desk), lambda _: self._refill(""))

    def action_compare(self) -> None:
        self._screen.ways.open_comparison(self._current().article)

    def action_agreement(self) -> None:
        self._screen.ways.open_agreement(self._marked())

    def action_export_claims(self) -> None:
        from tui.kit.export_form import choose_export

        choose_export(self._screen.app, self._desk, self._marked())

    def _go(self, place: tuple[str, str] | None) -> None:
        self._refill("")
        if place:
            self._screen.ways.open_article(self._desk.articles.get(place[0]), place[1])
