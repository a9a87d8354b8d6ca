"""The shelf: the articles of a desk as the library orders, filters and draws them. No screen, no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from store.records import ShelfRow
from tui.widgets.pieces import Piece
from tui.widgets.rows import Cell, Column

Share = float | None
"""The share of an article's sentences that is accounted for; None while it is not known yet."""

CoverageKey = tuple[str, str, int]
"""What a coverage was counted for: article, text, last change."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by: its key in the settings, its title, and whether it begins with the greatest."""

    key: str
    title: str
    greatest_first: bool
    value: Callable[[ShelfRow, float], object]


ORDERS = (
    Order("title", "Title", False, lambda row, share: row.article.title.casefold()),
    Order("date", "Date", True, lambda row, share: row.article.published),
    Order("publisher", "Publisher", False, lambda row, share: row.article.publisher.casefold()),
    Order("claims", "Claims", True, lambda row, share: (row.claims, row.with_verdict)),
    Order("coverage", "Coverage", False, lambda row, share: share),
    Order("checkers", "Checkers", False, lambda row, share: tuple(name.casefold() for name in row.checkers)),
    Order("changed", "Changed", True, lambda row, share: row.changed),
)


def coverage_key(row: ShelfRow) -> CoverageKey:
    return (row.article.id, row.article.sha, row.changed)


def is_blank(row: ShelfRow) -> bool:
    """Whether nothing was marked in the article, so that nothing is accounted for."""
    return not row.claims and not row.sweeps


class Shelf:
    """The rows of the library in the order and selection people asked for."""

    def __init__(self, order: str = "", reverse: bool = False) -> None:
        self.order = next((number for number, known in enumerate(ORDERS) if known.key == order), len(ORDERS) - 1)
        self.reverse = reverse
        self.words = ""
        self.rows: list[ShelfRow] = []
        self._all: list[ShelfRow] = []
        self._shares: dict[CoverageKey, float] = {}
        self._waiting: dict[CoverageKey, ShelfRow] = {}

    @property
    def all(self) -> Sequence[ShelfRow]:
        return self._all

    def fill(self, rows: Iterable[ShelfRow]) -> None:
        """Take the desk's articles as they are now."""
        self._all = list(rows)
        self.arrange()

    def arrange(self) -> None:
        """Filter and sort anew."""
        sought = self.words.casefold().split()
        kept = [row for row in self._all if all(word in _searched(row) for word in sought)]
        order = ORDERS[self.order]
        kept.sort(key=lambda row: row.article.number)
        kept.sort(
            key=lambda row: order.value(row, self._sorting_share(row)),  # type: ignore[arg-type, return-value]
            reverse=order.greatest_first != self.reverse,
        )
        self.rows = kept

    def place(self, article: str) -> int | None:
        """The row an article stands in, or None when it is not shown."""
        return next((place for place, row in enumerate(self.rows) if row.article.id == article), None)

    # Coverage

    def share(self, row: ShelfRow) -> Share:
        """The share accounted for; one that is not known yet is put on the list of what to count."""
        if is_blank(row):
            return 0.0
        key = coverage_key(row)
        if key not in self._shares:
            self._waiting[key] = row
            return None
        return self._shares[key]

    def counted(self, key: CoverageKey, share: float) -> int | None:
        """Take a counted coverage in; gives the row that shows it."""
        self._shares[key] = share
        self._waiting.pop(key, None)
        return self.place(key[0])

    def to_count(self) -> list[ShelfRow]:
        """Hand over what waits to be counted."""
        waiting, self._waiting = list(self._waiting.values()), {}
        return waiting

    def count_all(self) -> None:
        """Ask for the coverage of every article: sorting by it needs them."""
        for row in self._all:
            self.share(row)

    def _sorting_share(self, row: ShelfRow) -> float:
        return 0.0 if is_blank(row) else self._shares.get(coverage_key(row), 1.0)

    def is_finished(self, row: ShelfRow, count: Callable[[ShelfRow], float]) -> bool:
        """Whether every claim has a verdict and every sentence is accounted for; ``count`` counts what is unknown."""
        if is_blank(row) or row.with_verdict < row.claims:
            return False
        key = coverage_key(row)
        if key not in self._shares:
            self._shares[key] = count(row)
        return self._shares[key] >= 1.0

    # Columns

    def columns(self, width: int) -> list[Column]:
        """The columns for a terminal of so many cells; every one of them is shown from 100 cells on."""
        mark = "▼" if ORDERS[self.order].greatest_first != self.reverse else "▲"
        titles = [order.title + (f" {mark}" if number == self.order else "") for number, order in enumerate(ORDERS)]
        if width < 100:
            # Publisher and checkers keep a column of no cells, so that the order of the cells stays the same.
            widths = (0, 10, 0, 8, 12, 0, 9)
        elif width < 160:
            widths = (0, 10, 16, 8, 15, 14, 11)
        else:
            widths = (0, 10, 28, 9, 21, 26, 16)
        return [
            Column(title, cells, share=not number, right=ORDERS[number].key == "claims")
            for number, (title, cells) in enumerate(zip(titles, widths, strict=True))
        ]

    def cells(self, index: int, width: int, now: datetime) -> Sequence[Cell]:
        """What stands in a row."""
        row = self.rows[index]
        article = row.article
        share = self.share(row)
        bar = 5 if width < 100 else 8 if width < 160 else 14
        return (
            _title(row, share),
            article.published,
            article.publisher,
            _verdicts(row),
            _bar(share, bar),
            ", ".join(row.checkers),
            _when(row.changed, now, short=width < 160, shortest=width < 90),
        )


def _searched(row: ShelfRow) -> str:
    article = row.article
    said = (article.title, article.publisher, article.author, article.published, *row.checkers)
    return " ".join(said).casefold()


def _title(row: ShelfRow, share: Share) -> list[Piece]:
    if row.conflicts:
        mark = ("≠ ", "bold error")
    elif share is not None and share >= 1 and row.with_verdict == row.claims:
        mark = ("✓ ", "success")
    else:
        mark = ("  ", "")
    return [mark, (row.article.title or "(no title)", "")]


def _verdicts(row: ShelfRow) -> list[Piece]:
    if not row.claims:
        return [("–", "muted")]
    tone = "success" if row.with_verdict == row.claims else "warning"
    return [(str(row.with_verdict), tone), (f"/{row.claims}", "muted")]


def _bar(share: Share, cells: int) -> list[Piece]:
    if share is None:
        return [("─" * cells, "muted"), ("   … %", "muted")]
    # Neither "all" nor "nothing" is said of what is only nearly so.
    full = round(share * cells)
    if 0 < share < 1:
        full = min(cells - 1, max(1, full))
    percent = 100 if share >= 1 else min(99, round(share * 100))
    tone = "success" if share >= 1 else "primary"
    return [("━" * full, tone), ("─" * (cells - full), "muted"), (f" {percent:>3} %", "" if share else "muted")]


def _when(milliseconds: int, now: datetime, *, short: bool, shortest: bool) -> str:
    """Local time, as much of it as there is room for: today's hour, else the day."""
    moment = datetime.fromtimestamp(milliseconds / 1000)
    if not short:
        return f"{moment:%Y-%m-%d %H:%M}"
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    if shortest:
        return f"{moment:%m-%d}" if moment.year == now.year else f"{moment:%Y}"
    return f"{moment:%Y-%m-%d}"
