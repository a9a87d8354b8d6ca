"""The library: the articles of the desk, what is left to check in each, and where everything begins."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Paste
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from store.desk import Desk
from store.errors import Refused, Unknown
from store.reports import Hit, ShelfRow, Undone
from store.text.coverage import Coverage
from tui.keys.actions_and_keys import Scope
from tui.kit.bar import Bar
from tui.kit.filter_line import FilterLine
from tui.kit.page import wrapped
from tui.kit.rows import Cell, Rows
from tui.kit.screen import DeskChanged, DeskScreen
from tui.kit.styled_text import Piece, width_of
from tui.kit.undo import Undo
from tui.library.article_list import ORDERS, ArticleList
from tui.library.library_actions import LibraryActions
from tui.library.search_results import COLUMNS, Found

EMPTY = """
This desk is empty. Here is where the articles you check will stand.

  {sample}   adds a sample article, which leads you through your first steps
  {bring}   imports files, folders, web pages, Word, PDF; or drop or paste them
  {new}   adds an article whose text you paste
  {help}   shows every key

An article is read from top to bottom: what it claims is tagged, each claim
gets a verdict and its evidence, and what has nothing to check is swept.
You see how much of the text is read and how many claims are checked.
Everything is saved the moment you do it, in one file that stays yours."""

COUNTED_BY_WORDS = (
    "Articles are counted by words now: a word is read when a claim or a sweep holds it. A claim is checked when it "
    "has a verdict and all that the verdict requires."
)

HINTS = (
    "take_next",
    "import_articles",
    "search_desk",
    "export_claims",
    "filter_articles",
    "sort_articles",
    "edit_article",
    "undo",
    "assign",
    "assignments",
    "delete_article",
)

_AT_ROW = ("take_next", "sort_articles", "edit_article", "assign", "delete_article")

SEARCH_PAUSE = 0.15
"""Seconds without typing after which the words are looked for."""


class About(Widget):
    """What is known of a row, in as many words as there is room for."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._said = ""

    def show(self, said: str) -> None:
        """Say something else."""
        self._said = said
        self.refresh()

    def render(self) -> Content:
        cells, rows = self.content_size
        return Content("\n".join(wrapped(self._said, cells, max(1, rows))))


class LibraryScreen(DeskScreen[None]):
    """The articles with their counts, in the order and selection asked for, searched and opened.

    What is done with them stands in `LibraryActions`.
    """

    SCOPE = Scope.LIBRARY
    DEFAULT_CSS = """
    LibraryScreen { background: $background; }
    LibraryScreen #library-find { margin: 0 1; display: none; }
    LibraryScreen.-finding #library-find { display: block; }
    LibraryScreen.-narrow #library-about { height: 4; }
    LibraryScreen #library-about {
        dock: bottom; height: 3; margin-bottom: 1; padding: 0 1; background: $surface; color: $foreground-muted;
    }
    """

    class Counted(Message):
        """How much of the article of a row is read is known."""

        def __init__(self, row: ShelfRow, read: Coverage) -> None:
            super().__init__()
            self.row = row
            self.read = read

    class CountedAll(Message):
        """What was asked for has been counted."""

    class FoundOnDesk(Message):
        """Words have been looked for in the whole desk."""

        def __init__(self, words: str, hits: list[Hit]) -> None:
            super().__init__()
            self.words = words
            self.hits = hits

    def __init__(self, desk: Desk, article: str = "") -> None:
        """``article`` is the id of the article the cursor begins on."""
        super().__init__()
        self.desk = desk
        self.articles = ArticleList()
        self.rows = Rows(header=True, hints=HINTS, at_row=_AT_ROW, id="library")
        self._actions = LibraryActions(
            self, desk, self.articles, self.rows, current=self._current, refill=self.refill, marked=self._show_marks
        )
        self.handlers = (Undo(self, desk, self.undone), self._actions)
        self.finder = FilterLine(self.rows, id="library-find")
        self._at = article
        self._mark = -1
        self._taken = ""
        self._hits: list[Hit] | None = None
        self._sought = ""
        self._found = Found((), self._title_of, self._claim_name)
        self._names: dict[str, str] = {}
        self._pause: Timer | None = None
        self._counting: Timer | None = None

    def body(self) -> ComposeResult:
        yield Bar(id="library-title")
        yield self.finder
        yield self.rows
        yield About(id="library-about")

    def on_mount(self) -> None:
        settings = self.ways.settings
        self.articles.sort_by(settings.sort, settings.reverse)
        self.set_focus(self.rows)
        self.refill(self._at)
        if self.desk.coverage.was_counted_by_sentences and "words" not in settings.told.split():
            self.say(COUNTED_BY_WORDS)
            with suppress(Refused):  # where it cannot be remembered, it is told again
                self.ways.remember(told=f"{settings.told} words".strip())

    def on_paste(self, event: Paste) -> None:
        """Files dropped on the terminal come as a paste, too."""
        event.stop()
        self._actions.take_pasted(event.text)

    # What is shown

    def refill(self, article: str = "") -> None:
        """Show the desk as it is now, with the cursor on an article, or where it was."""
        before, self._mark = self._mark, self.desk.history.mark()
        at = article or self._current_id()
        if before >= 0 and self.articles.me == self.desk.reviewer.id:
            rows = self.desk.library.shelf_since(before, self.articles.all)
        else:
            rows = self.desk.library.shelf()
        self.articles.fill(rows, self.desk.assignments.of(), self.desk.reviewer)
        self._names.clear()
        if self._hits is None:
            self._show_articles(at)
        else:
            self._search()
        self._show_title()

    def _show_articles(self, at: str = "") -> None:
        place = self.articles.place(at) if at else None
        self.rows.empty = "\nNo article matches these words." if self.articles.all else self._empty()
        self.rows.show(
            len(self.articles.rows), self._article_cells, columns=self.articles.columns(self.size.width), cursor=place
        )
        if ORDERS[self.articles.order].key == "read":
            self.articles.count_all()
        self._count_soon()

    def _empty(self) -> str:
        library, key_of = Scope.LIBRARY, self.keymap.key_of
        keys = [key_of(library, name) for name in ("import_sample", "import_articles", "new_article")]
        keys.append(key_of(Scope.EVERYWHERE, "help"))
        cells = max(map(len, keys))
        sample, bring, new, help = (key.ljust(cells) for key in keys)
        return EMPTY.format(sample=sample, bring=bring, new=new, help=help)

    def _article_cells(self, index: int) -> tuple[Cell, ...]:
        cells = tuple(self.articles.cells(index, self.size.width, datetime.now(), self.rows.width_of(0)))
        self._count_soon()
        return cells

    def _show_marks(self) -> None:
        self.rows.show(len(self.articles.rows), cursor=self.rows.cursor)
        self._show_title()

    def _show_title(self) -> None:
        rows = self.articles.all
        claims, checked = sum(row.claims for row in rows), sum(row.claims_checked for row in rows)
        conflicts = self.desk.conflicts.counts().total()
        left: list[Piece] = [(" factdesk ", "bold accent")]
        if self.desk.read_only:
            left.append(("  read-only", "bold warning"))
        if self._hits is not None and self._sought:
            left.append((f"  {len(self._hits)} found", "bold"))
        elif self.articles.words:
            left.append((f"  {len(self.articles.rows)} of {len(rows)} shown", "bold"))
        if self.articles.marked:
            left.append((f"  » {len(self.articles.marked)} marked", "bold accent"))
        if (synced := self.host.synced)[0]:
            left.append((f"  {synced[0]}", synced[1]))
        beside = [self.articles.hidden_order(self.size.width) if self._hits is None else "", self.desk.path.name]
        right: list[Piece] = [(_many(len(rows), "article"), "")]
        if claims:
            right.append((f" · checked {checked} of {_many(claims, 'claim')}", "muted"))
        if waiting := sum(row.inbox for row in rows):
            right.append((f" · ✉ {waiting} for you", "bold warning"))
        if conflicts:
            right.append((f" · ≠ {_many(conflicts, 'conflict')}", "bold error"))
        if self.desk.reviewer:
            right.append((f" · {self.desk.reviewer}", "primary"))
        if self.size.width < 100 and claims:
            right[1] = (f" · checked {checked}/{claims}", "muted")
        room = self.size.width - 3 - width_of([*left, *right])
        if self.host.company is not None and (others := self.host.company.said(self.host.company.present, room)):
            left += [("  ", ""), *others]
        # What only helps to know is said where there is room for the whole of it.
        for said in filter(None, beside):
            piece = (f"  {said}", "muted")
            if width_of([*left, piece, *right]) < self.size.width - 1:
                left.append(piece)
        self.query_one("#library-title", Bar).show(left, right)

    def show_head(self) -> None:
        if self._mark >= 0:
            self._show_title()
            self._show_company()

    def _show_company(self) -> None:
        """Let the rows say who is at work on which article."""
        company = self.host.company
        for place in self.articles.take_present(company.present) if company is not None else ():
            if self._hits is None:
                self.rows.touch(place)
                if place == self.rows.index:
                    self._tell_about(place)

    def on_resize(self, event: events.Resize) -> None:
        if self._mark >= 0:
            if self._hits is None:
                self._show_articles(self._current_id())
            self._show_title()

    def on_desk_changed(self, event: DeskChanged) -> None:
        # Under another screen it would pay for every edit there; it looks again when it comes back.
        if self.is_active and self.desk.history.mark() != self._mark:
            self.refill()

    def on_screen_resume(self) -> None:
        if self._mark >= 0:
            if self.desk.history.mark() != self._mark:
                self.refill()
            self._show_title()

    @on(Rows.Highlighted)
    def _tell(self, event: Rows.Highlighted) -> None:
        event.stop()
        self._tell_about(event.index)

    def _tell_about(self, index: int | None) -> None:
        if self._hits is not None:
            said = self._found.about(index)
        else:
            said = self.articles.about(index) if index is not None and index < len(self.articles.rows) else ""
        about = self.query_one(About)
        about.display = bool(said)
        about.show(said)

    def undone(self, undone: Undone) -> None:
        """Show what was undone or redone, and say it."""
        self.refill(undone.article)
        self.say(undone.sentence)

    # How much is read, counted beside the screen

    def _count_soon(self) -> None:
        if self._counting is None:
            self._counting = self.set_timer(0.02, self._count)

    def _count(self) -> None:
        self._counting = None
        if wanted := self.articles.to_count():
            self._count_beside(wanted)

    @work(thread=True, exclusive=True, group="coverage", exit_on_error=False)
    def _count_beside(self, wanted: list[ShelfRow]) -> None:
        worker = get_current_worker()
        with self.desk.beside() as desk:
            for row, coverage in zip(wanted, desk.coverage.each(row.article for row in wanted), strict=True):
                if worker.is_cancelled:
                    return
                self.post_message(self.Counted(row, coverage))
        self.post_message(self.CountedAll())

    @on(Counted)
    def _take_count(self, event: Counted) -> None:
        place = self.articles.counted(event.row, event.read)
        if place is not None and self._hits is None:
            self.rows.touch(place)
            if place == self.rows.index:
                self._tell_about(place)

    @on(CountedAll)
    def _sort_counted(self) -> None:
        if self._hits is None and ORDERS[self.articles.order].key == "read":
            at = self._current_id()
            self.articles.arrange()
            self._show_articles(at)

    # The row under the cursor

    def _current(self) -> ShelfRow:
        index = self.rows.index
        if index is None:
            raise Refused("There is no article here to do that with.")
        if self._hits is None:
            return self.articles.rows[index]
        article = self._hits[index].article
        if not article:
            key = self.keymap.key_of(Scope.LIBRARY, "sources")
            raise Refused(f"No claim cites this source now: {key} shows it among the sources.")
        return next(row for row in self.articles.all if row.article.id == article)

    def _current_id(self) -> str:
        index = self.rows.index
        if index is None:
            return ""
        if self._hits is not None:
            return self._hits[index].article
        return self.articles.rows[index].article.id if index < len(self.articles.rows) else ""

    # Opening

    @on(Rows.Chosen)
    def action_open_article(self) -> None:
        hit = self._hits[self.rows.cursor] if self._hits else None
        row = self._current()
        self._taken = row.article.id
        place = (hit.start, hit.end) if hit and hit.end else None
        self.ways.open_article(row.article, hit.claim if hit else "", place)

    def action_take_next(self) -> None:
        rows = self.articles.rows
        at = self.articles.place(self._current_id()) or 0
        if at < len(rows) and rows[at].article.id == self._taken:
            at += 1
        work = self.desk.library.take_next((*rows[at:], *rows[:at]))
        if work is None:
            self.say("Nothing is left to check here." if rows else "There is no article here yet.")
            return
        self._taken = work.article.id
        if work.assignment:
            self.ways.open_work(work.assignment)
        else:
            self.ways.open_article(work.article)

    # Order, filter, search

    def action_sort_articles(self) -> None:
        self._sort((self.articles.order + 1) % len(ORDERS), False)

    def action_reverse_sort(self) -> None:
        self._sort(self.articles.order, not self.articles.reverse)

    @on(Rows.HeaderPressed)
    def _header_pressed(self, event: Rows.HeaderPressed) -> None:
        order = event.column
        if self._hits is None:
            self._sort(order, not self.articles.reverse if order == self.articles.order else False)

    def _sort(self, order: int, reverse: bool) -> None:
        if self._hits is not None:
            raise Refused("What a search finds is not sorted. Esc shows the articles again.")
        at = self._current_id()
        self.articles.order, self.articles.reverse = order, reverse
        self.articles.arrange()
        self._show_articles(at)
        self._show_title()
        self.ways.remember(sort=ORDERS[order].key, reverse=reverse)

    def action_filter_articles(self) -> None:
        self._find(self.articles.words, "title, publisher, checker, state:disputed, mine, to:NAME, inbox, threads …")
        self._show_found(None)

    def action_search_desk(self) -> None:
        self._find("", "words of articles, claims, evidence, comments, sources …")
        self._show_found([])

    def _find(self, words: str, placeholder: str) -> None:
        self.finder.placeholder = placeholder
        with self.finder.prevent(Input.Changed):
            self.finder.value = words
            self.finder.cursor_position = len(words)
        self.add_class("-finding")
        self.set_focus(self.finder)

    @on(Input.Changed, "#library-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._hits is not None:
            if self._pause:
                self._pause.stop()
            self._pause = self.set_timer(SEARCH_PAUSE, self._search)
            return
        self.articles.words = event.value
        self.articles.arrange()
        self._show_articles(self._current_id())
        self._show_title()

    def _search(self) -> None:
        if self._hits is not None:
            self._search_beside(self.finder.value)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search_beside(self, words: str) -> None:
        worker = get_current_worker()
        with self.desk.beside() as desk:
            hits = desk.library.search(words)
        if not worker.is_cancelled:
            self.post_message(self.FoundOnDesk(words, hits))

    @on(FoundOnDesk)
    def _take_found(self, event: FoundOnDesk) -> None:
        if self._hits is not None and event.words == self.finder.value:
            self._show_found(event.hits, event.words.strip())

    def _show_found(self, hits: list[Hit] | None, sought: str = "") -> None:
        """Show what was found by the words that were ``sought``; without any, nothing was looked for yet."""
        self._hits, self._sought = hits, sought
        self._found = Found(hits or (), self._title_of, self._claim_name)
        if hits is None:
            self._show_articles()
        else:
            nothing = "Nothing holds all these words." if sought else "Type what to look for."
            self.rows.empty = f"\n{nothing}"
            self.rows.show(len(hits), self._found.cells, columns=COLUMNS, cursor=0)
        self._show_title()

    def _title_of(self, article: str) -> str:
        return next((row.article.title for row in self.articles.all if row.article.id == article), "")

    def _claim_name(self, claim: str) -> str:
        if claim and claim not in self._names:
            try:
                self._names[claim] = self.desk.claims.get(claim).name
            except Unknown:
                self._names[claim] = "gone"
        return self._names.get(claim, "")

    def action_close(self) -> None:
        """Leave the line you type in; what it found stays shown."""
        self.set_focus(self.rows)
        if not self.finder.value.strip():
            self.action_clear()

    def action_clear(self) -> None:
        at = self._current_id()
        if not (self.articles.words or self._hits is not None or self.has_class("-finding")):
            self.articles.marked.clear()
        self.remove_class("-finding")
        self.set_focus(self.rows)
        self.articles.words = ""
        self.articles.arrange()
        self._hits = None
        self._show_articles(at)
        self._show_title()


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
