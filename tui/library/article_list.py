"""The articles of a desk as the library orders, filters and draws them. No screen, no terminal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.access.permissions import SUBMITTED
from store.library.article_state import ARTICLE_STATES
from store.person import NOBODY, Person
from store.records import Assignment
from store.reports import Checked, ShelfRow
from store.text.coverage import Coverage
from store.who_is_here import Present
from tui.kit.assignment_words import task, task_pieces
from tui.kit.head_line import bar_pieces
from tui.kit.rows import Cell, Column
from tui.kit.styled_text import Piece, shorten, width_of
from tui.kit.who_is_here import HERE, SOMEBODY, TONE
from tui.text.dates import minute, moment, published

_GLYPHS = {
    "new": ("○", "muted"),
    "in progress": ("◔", ""),
    "submitted": ("◑", "primary"),
    "in review": ("◕", "primary"),
    "disputed": ("!", "bold warning"),
    "final": ("●", "success"),
}

_UNTOUCHED = Coverage(1, open_sentences=1)
"""Of an article in which nothing is marked, no word is read: how many there are need not be counted to say so."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by: its key in the settings, its title, and whether it begins with the greatest."""

    key: str
    title: str
    greatest_first: bool
    value: Callable[[ShelfRow, float], object]
    """By a row and the share of its words that is read."""


ORDERS = (
    Order("title", "Title", False, lambda row, share: row.article.title.casefold()),
    Order("date", "Date", True, lambda row, share: row.article.published),
    Order("publisher", "Publisher", False, lambda row, share: row.article.publisher.casefold()),
    Order("checked", "Checked", True, lambda row, share: (row.claims, row.claims_checked)),
    Order("read", "Read", False, lambda row, share: share),
    Order("state", "State", True, lambda row, share: (ARTICLE_STATES.index(row.state), row.disputed)),
    Order("reviewed", "Reviewed", False, lambda row, share: (not row.claims, row.reviewed / max(1, row.claims))),
    Order("threads", "Threads", True, lambda row, share: row.threads),
    Order("yours", "For you", True, lambda row, share: row.inbox),
    Order("checkers", "Checkers", False, lambda row, share: tuple(name.casefold() for name in row.checkers)),
    Order("changed", "Changed", True, lambda row, share: row.changed),
)


def is_blank(row: ShelfRow) -> bool:
    """Whether nothing was marked in the article, so that nothing of it is read."""
    return not row.claims and not row.sweeps


class ArticleList:
    """The rows of the library in the order and selection people asked for."""

    def __init__(self, order: str = "", reverse: bool = False) -> None:
        self.sort_by(order, reverse)
        self.words = ""
        self.me = ""
        self.marked: set[str] = set()
        """The ids of the articles that are marked, to be assigned together."""
        self.rows: list[ShelfRow] = []
        self._work: dict[str, list[Assignment]] = {}
        self._present: dict[str, str] = {}
        """By article: who else is at work on it now, in words."""
        self._absent: frozenset[str] = frozenset(("reviewed", "threads", "yours"))
        self._all: list[ShelfRow] = []
        self._counted: dict[str, tuple[ShelfRow, Coverage]] = {}
        """By article: how much of it was read when it was listed as this very row."""
        self._waiting: dict[str, ShelfRow] = {}

    def sort_by(self, key: str, reverse: bool) -> None:
        """Choose the column to sort by, by its key in the settings, for when the rows are arranged next."""
        self.order = next((number for number, known in enumerate(ORDERS) if known.key == key), len(ORDERS) - 1)
        self.reverse = reverse

    @property
    def all(self) -> Sequence[ShelfRow]:
        return self._all

    def fill(self, rows: Iterable[ShelfRow], assignments: Iterable[Assignment] = (), me: Person = NOBODY) -> None:
        """Take the desk's articles and assignments as they are now; ``me`` is who looks."""
        self._all = list(rows)
        self.me = me.id
        self._work = {}
        for one in assignments:
            self._work.setdefault(one.article, []).append(one)
        self.marked &= {row.article.id for row in self._all}
        there = {
            "reviewed": any(row.reviewed or row.disputed for row in self._all),
            "threads": any(row.threads for row in self._all),
            "yours": any(row.inbox or self.mine(row) for row in self._all),
        }
        self._absent = frozenset(key for key, found in there.items() if not found)
        self.arrange()

    def take_present(self, present: Iterable[Present]) -> list[int]:
        """Take in who else is at the desk now; gives the places of the rows that show something else by that."""
        there: dict[str, list[str]] = {}
        for one in present:
            name = "you" if one.person and one.person.id == self.me else one.person or SOMEBODY
            there.setdefault(one.article, []).append(name)
        before, self._present = self._present, {article: ", ".join(names) for article, names in there.items()}
        changed = {article for article, _ in before.items() ^ self._present.items()}
        return [place for place, row in enumerate(self.rows) if row.article.id in changed]

    def work(self, row: ShelfRow) -> list[Assignment]:
        """Who has what to do on an article."""
        return self._work.get(row.article.id, [])

    def mine(self, row: ShelfRow) -> list[Assignment]:
        """What you have to do on an article yourself, what is open first."""
        own = [one for one in self.work(row) if one.reviewer.id == self.me]
        return sorted(own, key=lambda one: one.state == SUBMITTED)

    def arrange(self) -> None:
        """Filter and sort again."""
        sought = self.words.casefold().split()
        kept = [row for row in self._all if all(self._has(row, word) for word in sought)]
        order = ORDERS[self.order]
        kept.sort(key=lambda row: row.article.number)
        kept.sort(
            key=lambda row: (order.value(row, self._sorting_share(row)), self._waiting_for_me(row, order.key)),
            reverse=order.greatest_first != self.reverse,
        )
        self.rows = kept

    def _waiting_for_me(self, row: ShelfRow, key: str) -> int:
        return sum(one.state != SUBMITTED for one in self.mine(row)) if key == "yours" else 0

    def _has(self, row: ShelfRow, word: str) -> bool:
        """Whether an article answers to a word of the filter, case folded."""
        name, colon, value = word.partition(":")
        if colon and name == "state":
            return value.replace("-", " ") in row.state or value in row.state.replace(" ", "")
        if colon and name == "to":
            return any(value in one.reviewer.casefold() for one in self.work(row))
        if word == "mine":
            return bool(self.mine(row) or row.inbox)
        if word in ("inbox", "threads"):
            return bool(row.inbox if word == "inbox" else row.threads)
        return word in _searched(row)

    def place(self, article: str) -> int | None:
        """The row an article stands in, or None when it is not shown."""
        return next((place for place, row in enumerate(self.rows) if row.article.id == article), None)

    # How much is read

    def read(self, row: ShelfRow) -> Coverage | None:
        """How much is read; None while it is not known, and then the row is put on the list of what to count."""
        found = self.known(row)
        if found is None:
            self._waiting[row.article.id] = row
        return found

    def known(self, row: ShelfRow) -> Coverage | None:
        """How much is read, as far as it is counted already."""
        if is_blank(row):
            return _UNTOUCHED
        at, found = self._counted.get(row.article.id, (None, None))
        return found if at is row else None

    def counted(self, row: ShelfRow, read: Coverage) -> int | None:
        """Take in how much of a row's article is read; gives the place of the row that shows it."""
        self._counted[row.article.id] = row, read._replace(residue=())
        self._waiting.pop(row.article.id, None)
        return self.place(row.article.id)

    def to_count(self) -> list[ShelfRow]:
        """Hand over what waits to be counted."""
        waiting, self._waiting = list(self._waiting.values()), {}
        return waiting

    def count_all(self) -> None:
        """Ask how much of every article is read: sorting by it needs them."""
        for row in self._all:
            self.read(row)

    def _sorting_share(self, row: ShelfRow) -> float:
        known = self.known(row)
        return 1.0 if known is None else known.share

    # Columns

    def columns(self, width: int) -> list[Column]:
        """The columns for a terminal of so many cells: as many as leave the title room, the most important first.

        A column that is not shown keeps no cells, so that the order of the cells stays the same. Those of second
        review are left out as long as there is none.
        """
        widths = _widths(width, self._absent)
        mark = "▼" if ORDERS[self.order].greatest_first != self.reverse else "▲"
        return [
            Column(
                order.title + (f" {mark}" if number == self.order else ""),
                widths.get(order.key, 0),
                share=not number,
                right=order.key in ("checked", "reviewed", "threads"),
            )
            for number, order in enumerate(ORDERS)
        ]

    def hidden_order(self, width: int) -> str:
        """How the rows are sorted, when the column that says so is not shown."""
        order = ORDERS[self.order]
        shown = not self.order or any(
            column.width for column, known in zip(self.columns(width), ORDERS, strict=True) if known is order
        )
        mark = "▼" if order.greatest_first != self.reverse else "▲"
        return "" if shown else f"by {order.title.lower()} {mark}"

    def cells(self, index: int, width: int, now: datetime, title_cells: int) -> Sequence[Cell]:
        """What stands in a row. Others at work on the article now stand behind its title."""
        row = self.rows[index]
        article = row.article
        read = self.read(row)
        title = _title(row, read, stated="state" in _widths(width, self._absent))
        if here := self._present.get(article.id):
            said = f" {HERE} {shorten(here, title_cells // 3)}"
            title = [*_within(title, title_cells - width_of([(said, "")]) - 2 * bool(self.marked)), (said, TONE)]
        if self.marked:
            title = [("» " if article.id in self.marked else "  ", "bold accent"), *title]
        return (
            title,
            published(article.published, now.date()),
            article.publisher,
            _checked(row),
            _bar(read, _widths(width, self._absent).get("read", 0) - 6),
            _state(row),
            [(f"{row.reviewed}", "success" if row.reviewed == row.claims else ""), (f"/{row.claims}", "muted")]
            if row.claims
            else [("–", "muted")],
            [(str(row.threads), "")] if row.threads else [("–", "muted")],
            self._yours(row, short=width < 100),
            ", ".join(row.checkers),
            (moment if width < 160 else minute)(row.changed, now),
        )

    def _yours(self, row: ShelfRow, *, short: bool) -> list[Piece]:
        """What waits for the person who looks: proposals to answer, and the first of their assignments."""
        waits: list[Piece] = [(f"✉ {row.inbox}", "bold warning")] if row.inbox else []
        first = [one for one in self.mine(row) if not (short and waits and one.state == SUBMITTED)][:1]
        work = [piece for one in first for piece in task_pieces(one, short=short)]
        return [*waits, *([(" ", "")] if waits and work else []), *work]

    def about(self, index: int) -> str:
        """What is known of a row beside its counts, in words: all that its columns may have no room for."""
        row = self.rows[index]
        article = row.article
        said = [shorten(article.title or "(no title)", 75), "".join(text for text, _ in _state(row))]
        read = self.known(row)
        if read is not None and not is_blank(row):
            said.append(f"read {read.read}")
        if row.claims:
            said.append(f"checked {Checked(row.claims, row.claims_checked, row.lacking)}")
        if here := self._present.get(article.id):
            said.append(f"{HERE} {here} here now")
        own = [task(one) for one in self.mine(row)]
        if own:
            said.append(f"you: {', '.join(own)}")
        if row.inbox:
            said.append(f"{row.inbox} in your inbox")
        if row.suggestions:
            said.append(_many(row.suggestions, "suggestion"))
        if row.threads:
            said.append(_many(row.threads, "open thread"))
        if row.conflicts:
            said.append(_many(row.conflicts, "conflict"))
        others = [one for one in self.work(row) if one.reviewer.id != self.me]
        said += [f"{one.reviewer}: {task(one)}" for one in others]
        if row.checkers:
            said.append(f"tagged by {', '.join(row.checkers)}")
        return " · ".join(part for part in (*said, published(article.published), article.publisher) if part)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _widths(cells: int, absent: Collection[str]) -> dict[str, int]:
    """The cells of each column in a terminal of so many; a column that is not named is not shown."""
    size = 0 if cells < 100 else 1 if cells < 160 else 2
    crowded = len(absent) < 3
    read = (10 if crowded else 12, 12, 21)
    wanted = (
        ("checked", (7, 8, 9)),
        ("read", read),
        ("yours", (12, 20, 22)),
        ("state", (14, 14, 14)),
        ("reviewed", (8, 8, 9)),
        ("date", (11, 11, 11)),
        ("threads", (0, 7, 8)),
        ("changed", (11, 11, 17)),
        ("publisher", (0, 16, 24)),
        ("checkers", (0, 14, 20)),
    )
    left = cells - 2 - (38, 46, 76)[size]  # the title's
    widths: dict[str, int] = {}
    for key, sizes in wanted:
        if key not in absent and 0 < sizes[size] < left:
            widths[key] = sizes[size]
            left -= sizes[size] + 1
    return widths


def _state(row: ShelfRow) -> list[Piece]:
    glyph, tone = _GLYPHS[row.state]
    many = f" ({row.disputed})" if row.disputed else ""
    return [(f"{glyph} ", tone), (f"{row.state}{many}", tone)]


def _searched(row: ShelfRow) -> str:
    article = row.article
    said = (article.title, article.publisher, article.author, article.published, *row.checkers)
    return " ".join(said).casefold()


def _title(row: ShelfRow, read: Coverage | None, *, stated: bool) -> list[Piece]:
    """The title behind the sign that asks for most; that of the state stands there if it has no column (``stated``)."""
    if row.conflicts:
        mark = ("≠ ", "bold error")
    elif read is not None and read.nothing_left and row.claims_checked == row.claims:
        mark = ("✓ ", "success")
    elif stated:
        mark = ("  ", "")
    else:
        glyph, tone = _GLYPHS[row.state]
        mark = (f"{glyph} ", tone)
    return [mark, (row.article.title or "(no title)", "")]


def _within(title: list[Piece], cells: int) -> list[Piece]:
    """A title cut to so many cells, without what would fill it up."""
    mark, (words, tone) = title
    return [mark, (shorten(words, cells - width_of([mark])), tone)]


def _checked(row: ShelfRow) -> list[Piece]:
    if not row.claims:
        return [("–", "muted")]
    tone = "success" if row.claims_checked == row.claims else "warning"
    return [(str(row.claims_checked), tone), (f"/{row.claims}", "muted")]


def _bar(read: Coverage | None, cells: int) -> list[Piece]:
    """The share of words read, and where there is room what holds them."""
    if read is None:
        return [("─" * cells if cells >= 4 else "", "muted"), ("   … %", "muted")]
    said = f" {read.percent} %".rjust(6)
    tone = "success" if read.nothing_left else "" if read.words_read else "muted"
    return [*(bar_pieces(read, cells) if cells >= 4 else []), (said, tone)]
