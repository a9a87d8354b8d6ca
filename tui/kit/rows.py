"""Rows: the list that all lists are. It draws its own lines, so ten thousand rows cost no more than ten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.keys.actions_and_keys import Scope
from tui.kit.line_widget import Lines
from tui.kit.screen import DeskScreen
from tui.kit.styled_text import Piece, Tones, fit, fit_pieces

if TYPE_CHECKING:
    from tui.kit.jump import Target

Cell = str | Sequence[Piece]
"""What stands in one column of one row: a text, or pieces with tones."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``width`` is in cells; columns with a ``share`` divide what the others leave, by their shares."""

    title: str = ""
    width: int = 0
    share: int = 0
    right: bool = False


class Rows(Lines, can_focus=True):
    """A list of one-line rows in columns, with a cursor, an optional header and its own scroll mark.

    What a row shows is asked for when it comes into view, by its number; `show` says that everything may have
    changed, `touch` that one row has.
    """

    SCOPE = Scope.LIST
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Rows {
        width: 1fr; height: 1fr;
        background: $background; color: $foreground;
    }
    Rows > .rows--header { background: $surface; color: $foreground-muted; text-style: bold; }
    Rows > .rows--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    Rows > .rows--blurred-cursor {
        background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
    }
    Rows:nocolor > .rows--cursor, Rows:ansi > .rows--cursor {
        color: ansi_default; background: ansi_default; text-style: reverse;
    }
    Rows:nocolor > .rows--blurred-cursor, Rows:ansi > .rows--blurred-cursor {
        color: ansi_default; background: ansi_default; text-style: underline;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--header", "rows--cursor", "rows--blurred-cursor"}

    class Highlighted(Message):
        """The cursor came to a row; ``index`` is None when there is none left."""

        def __init__(self, rows: Rows, index: int | None) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> Rows:
            return self.rows

    class Chosen(Message):
        """A row was opened: by Enter or a double click."""

        def __init__(self, rows: Rows, index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> Rows:
            return self.rows

    class HeaderPressed(Message):
        """The title of a column was clicked."""

        def __init__(self, rows: Rows, column: int) -> None:
            super().__init__()
            self.rows = rows
            self.column = column

        @property
        def control(self) -> Rows:
            return self.rows

    def __init__(
        self,
        columns: Sequence[Column] = (Column(share=1),),
        row: Callable[[int], Sequence[Cell]] | None = None,
        count: int = 0,
        *,
        header: bool = False,
        empty: str = "",
        verb: str = "Open",
        hints: Sequence[str | tuple[str, str]] = ("row_down", "row_up"),
        at_row: Collection[str] = ("row_down", "row_up"),
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``row`` gives the cells of row ``0 … count-1``; ``empty`` is said when there are none.

        ``verb`` is what choosing a row does, as the hint line says it; ``hints`` are what it says besides. Of these it
        leaves out while there is no row what is done ``at_row`` alone.
        """
        super().__init__(id=id, classes=classes)
        self.verb = verb
        self._more_hints = tuple(hints)
        self._at_row = at_row
        self.cursor = 0
        self.empty = empty
        self._columns = tuple(columns)
        self._row = row or (lambda index: ())
        self._count = count
        self._header = header
        self._tones = Tones(self)
        self._strips: LRUCache[tuple[int, str, int], Strip] = LRUCache(1024)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    @property
    def index(self) -> int | None:
        """The row under the cursor, or None when there are no rows."""
        return self.cursor if self._count else None

    def hint_at(self, *hints: str | tuple[str, str]) -> bool:
        """Say these in the hint line from now on, besides what choosing a row does; whether they are others."""
        before, self._more_hints = self._more_hints, hints
        return hints != before

    def hints(self) -> tuple[str | tuple[str, str], ...]:
        if not self._count:
            return tuple(hint for hint in self._more_hints if hint not in self._at_row)
        return (("choose", self.verb), *self._more_hints)

    # What is shown

    def show(
        self,
        count: int,
        row: Callable[[int], Sequence[Cell]] | None = None,
        *,
        columns: Sequence[Column] | None = None,
        cursor: int | None = None,
    ) -> None:
        """Show so many rows from now on; the cursor stays where it is unless told."""
        begins_or_ends = bool(count) != bool(self._count)
        self._count = count
        self._row = row or self._row
        self._columns = tuple(columns) if columns is not None else self._columns
        self._strips.clear()
        self.cursor = max(0, min(self.cursor if cursor is None else cursor, count - 1))
        self._measure()
        self.refresh()
        if self.is_mounted:
            self._reveal()
        if begins_or_ends and self.is_attached and isinstance(self.screen, DeskScreen):
            self.screen.show_hints()
        self.post_message(self.Highlighted(self, self.index))

    def touch(self, index: int) -> None:
        """Draw one row again: what it shows has changed."""
        for key in list(self._strips.keys()):
            if key[0] == index:
                self._strips.discard(key)
        self._refresh_row(index)

    def width_of(self, column: int) -> int:
        """The cells that a column has now."""
        return self._widths(self._cells)[column]

    # Where the cursor is

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, or on the nearest there is."""
        target = max(0, min(index, self._count - 1))
        if target == self.cursor or not self._count:
            return
        old, self.cursor = self.cursor, target
        self._refresh_row(old)
        self._refresh_row(target)
        self._reveal()
        self.post_message(self.Highlighted(self, target))

    @property
    def _page(self) -> int:
        """Rows that fit."""
        return max(1, self.size.height - self._header)

    @property
    def _cells(self) -> int:
        """Cells a row may fill: all but the scroll mark, when there is one."""
        return self.size.width - (self._count > self._page)

    def _reveal(self) -> None:
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + self._page:
            self.scroll_to(y=self.cursor - self._page + 1, animate=False)

    def _refresh_row(self, index: int) -> None:
        y = index - round(self.scroll_y) + self._header
        if self._header <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _measure(self) -> None:
        self.measure(self._count + self._header)

    # Actions

    def action_row_up(self) -> None:
        self.move_to(self.cursor - 1)

    def action_row_down(self) -> None:
        self.move_to(self.cursor + 1)

    def action_rows_up(self) -> None:
        self.move_to(self.cursor - self._page)

    def action_rows_down(self) -> None:
        self.move_to(self.cursor + self._page)

    def action_first_row(self) -> None:
        self.move_to(0)

    def action_last_row(self) -> None:
        self.move_to(self._count - 1)

    def action_choose(self) -> None:
        if self._count:
            self.post_message(self.Chosen(self, self.cursor))

    # Jumping

    def jump_targets(self, few: bool) -> list[Target]:
        """The rows in view, that under the cursor last."""
        from tui.kit.jump import Target

        top = round(self.scroll_y)
        shown = [index for index in range(top, min(self._count, top + self._page)) if index != self.cursor]
        y = self.region.y + self._header - top
        return [Target(self.region.x + 1, y + index, partial(self._jump_to, index)) for index in shown]

    def _jump_to(self, index: int, select: bool) -> None:
        self.focus()
        self.move_to(index)

    # Mouse

    def row_at(self, y: int) -> int | None:
        """The row at a line of the widget, counted from its top."""
        index = y - self._header + round(self.scroll_y)
        return index if y >= self._header and index < self._count else None

    def on_click(self, event: events.Click) -> None:
        if self._count > self._page and event.x == self.size.width - 1:
            self.move_to((event.y - self._header) * self._count // self._page)
            return
        index = self.row_at(event.y)
        if index is None:
            if self._header and event.y == 0:
                self._press_header(event.x)
            return
        self.move_to(index)
        if event.chain == 2:
            self.action_choose()

    def _press_header(self, x: int) -> None:
        end = 1
        for column, width in enumerate(self._widths(self._cells)):
            end += width + 1
            if width and x < end:
                self.post_message(self.HeaderPressed(self, column))
                return

    # Drawing

    def render_line(self, y: int) -> Strip:
        overflow = self._count > self._page
        cells = self._cells
        if self._header and y == 0:
            strip = self._draw(-1, "rows--header", cells)
        else:
            index = y - self._header + round(self.scroll_y)
            if index >= self._count:
                strip = self._draw_empty(y - self._header, cells)
            elif index == self.cursor:
                strip = self._draw(index, "rows--cursor" if self.has_focus else "rows--blurred-cursor", cells)
            else:
                strip = self._draw(index, "", cells)
        if overflow:
            strip = Strip.join([strip, self._scroll_mark(y - self._header)])
        return strip

    def _draw(self, index: int, ground: str, cells: int) -> Strip:
        key = (index, ground, cells)
        strip = self._strips.get(key)
        if strip is None:
            row = [column.title for column in self._columns] if index < 0 else self._row(index)
            strip = self._tones.strip(self._fit(row, cells), cells, ground)
            self._strips[key] = strip
        return strip

    def _draw_empty(self, line: int, cells: int) -> Strip:
        lines = self._empty_lines(cells) if not self._count else []
        text = lines[line] if 0 <= line < len(lines) else ""
        return self._tones.strip([(fit(f" {text}" if text else "", cells), "muted")], cells)

    def _empty_lines(self, cells: int) -> list[str]:
        """What is said where there are no rows, in lines that fit."""
        from textwrap import wrap

        return [line for said in self.empty.split("\n") for line in wrap(said, max(1, cells - 2)) or [""]]

    def _fit(self, row: Sequence[Cell], cells: int) -> list[Piece]:
        pieces: list[Piece] = [(" ", "")] if cells else []
        left = cells - 1
        for column, width, cell in zip(self._columns, self._widths(cells), row, strict=False):
            width = min(width, left)
            if width <= 0:
                continue
            if isinstance(cell, str):
                pieces.append((fit(cell, width, right=column.right), ""))
            else:
                pieces += fit_pieces(cell, width, right=column.right)
            left -= width
            if left > 0:
                pieces.append((" ", ""))
                left -= 1
        if left > 0:
            pieces.append((" " * left, ""))
        return pieces

    def _widths(self, cells: int) -> list[int]:
        """Cells of each column, the gaps of one cell between them left out."""
        shown = sum(bool(column.width or column.share) for column in self._columns)
        free = cells - 1 - shown - sum(column.width for column in self._columns)
        shares = sum(column.share for column in self._columns) or 1
        return [column.width + max(0, free * column.share // shares) for column in self._columns]

    def _scroll_mark(self, line: int) -> Strip:
        """One cell of the scroll mark: a thumb as long as the share of the rows that is in view."""
        if line < 0:
            return self._tones.strip([(" ", "")], 1, "rows--header")
        page = self._page
        length = max(1, page * page // self._count)
        room = max(1, self._count - page)
        top = round((page - length) * min(1.0, round(self.scroll_y) / room))
        return self._tones.strip([("▐" if top <= line < top + length else " ", "muted")], 1)

    # What Textual tells

    def on_resize(self) -> None:
        self._strips.clear()
        self._measure()
        self._reveal()

    def on_focus(self) -> None:
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        self._refresh_row(self.cursor)

    def notify_style_update(self) -> None:
        self._strips.clear()
        self._tones.forget()
        super().notify_style_update()
