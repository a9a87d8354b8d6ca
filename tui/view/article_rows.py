"""An article's rows on the screen: painted, kept until something in them changes, scrolled, and painted ahead of time.

Rows are kept by their number in the text, not by their line on the screen, so scrolling by a row paints one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from store.text.shown_text import Shown
from store.text.units import Span
from tui.kit.line_widget import Lines
from tui.text.layout import Layout
from tui.view.article_colours import TextPalette
from tui.view.map import ArticleMap, MapCell
from tui.view.margin import Sign
from tui.view.paint import CARET_ROOM, MAP, RowPainter, Scene

WHEEL_ROWS = 3
OVERLAP = 2  # rows of the old page that stay in view on the new one
SCROLL_OFF = 2  # rows kept between the caret and the edge
AHEAD_DELAY = 0.02
"""Seconds after a scroll until the next page is painted: behind the frame, and before the key is repeated."""


ROWS_KEPT = 512


class _Row:
    """A painted row, and its strips for each cell of the map it has stood beside."""

    __slots__ = ("segments", "strips")

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.strips: dict[tuple[MapCell, bool], Strip] = {}


class Canvas:
    """Rows of one scene and its map, ``width`` by ``height`` cells, in the colours of ``widget``."""

    def __init__(self, widget: Widget, scene: Scene) -> None:
        self.width, self.height = widget.size
        self.map = ArticleMap(scene, self.height)
        self._scene = scene
        self._widget = widget
        self._palette = TextPalette(widget)
        self._painter = RowPainter(scene, self._palette)
        self._console = widget.app.console
        self._rows: dict[int, _Row] = {}
        self._top = 0
        self._shown: dict[int, Strip] = {}  # by line; a frame asks for all of them, also when a caret moves

    def suits(self) -> bool:
        """Whether its colours are still those of its widget."""
        return self._palette.suits(self._widget)

    def strips(self, top: int, lines: range) -> list[Strip]:
        """What stands in these lines of the screen while row ``top`` is in its first."""
        self._begin_at(top)
        in_view = self.map.in_view(top)
        shown = self._shown
        return [shown.get(y) or shown.setdefault(y, self._strip(top, y, in_view)) for y in lines]

    def _begin_at(self, top: int) -> None:
        if top != self._top:
            self._top = top
            self._shown.clear()

    def forget(self, start: int, end: int, top: int, on_map: bool) -> list[Region]:
        """Paint the rows with the text from ``start`` to ``end`` again, and if ``on_map`` its cells of the map.

        Returns what that changes on the screen while row ``top`` is the first.
        """
        layout = self._scene.layout
        start, end = max(0, start), min(end, len(layout.text))
        first = layout.row_of(start)
        last = first if end <= start else layout.row_of(end - 1)
        rows = self._rows
        if last - first < len(rows):
            for number in range(first, last + 1):
                rows.pop(number, None)
        else:
            for number in [number for number in rows if first <= number <= last]:
                del rows[number]
        low, high = max(first - top, 0), min(last - top, self.height - 1)
        regions = [Region(0, low, self.width, high - low + 1)] if low <= high else []
        if on_map:
            lines = self.map.forget(start, end)
            if lines.start < low or lines.stop > high + 1:
                regions.append(Region(self.width - MAP, lines.start, MAP, len(lines)))
        self._begin_at(top)
        for region in regions:
            for y in region.line_range:
                self._shown.pop(y, None)
        return regions

    def is_map(self, at: Offset) -> bool:
        """Whether a cell of the widget is one of the map's."""
        return at.x >= self.width - MAP

    def offset_under(self, at: Offset, top: int) -> int:
        """The offset of the character in a cell of the widget; beside the text, of the row's nearest."""
        layout = self._scene.layout
        row = min(max(top + at.y, 0), layout.rows - 1)
        return layout.offset_at(row, at.x - self._scene.margin)

    def sign_under(self, at: Offset, top: int) -> Sign | None:
        """The claim's sign in a cell of the margin."""
        lane, row = at.x - 1, top + at.y
        if not 0 <= lane < self._scene.margin - 2 or not 0 <= row < self._scene.layout.rows:
            return None
        return self._scene.signs(row)[lane]

    def paint_ahead(self, top: int) -> None:
        """Have the page that begins with row ``top`` ready for when it comes into view, down to its sequences."""
        in_view = self.map.in_view(top)
        for y in range(self.height):
            self._strip(top, y, in_view).render(self._console)

    def _row(self, number: int) -> _Row:
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = _Row(self._paint(number))
            if len(self._rows) > ROWS_KEPT:
                del self._rows[next(iter(self._rows))]
        return row

    def _strip(self, top: int, y: int, in_view: range) -> Strip:
        row = self._row(top + y)
        cell = self.map.cell(y)
        key = (cell, y in in_view)
        strip = row.strips.get(key)
        if strip is None:
            segments = [*row.segments, Segment(cell.glyph, self._palette.map(cell.colour, key[1]))]
            strip = Strip(segments, max(self.width, self._painter.width + MAP))
            if self._painter.width + MAP > self.width:
                strip = strip.crop(0, self.width)
            row.strips[key] = strip
        return strip

    def _paint(self, number: int) -> list[Segment]:
        if number < self._scene.layout.rows:
            return self._painter.paint(number)
        return [Segment(" " * self._painter.width, self._palette.blank)]


class ArticleRows(Lines, inherit_bindings=False):
    """Draws a scene. Anyone who changes the scene says which stretches of text are stale; offsets are code points."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.seen = Shown("")
        self.text = ""
        """The stored text, in which all offsets lie."""
        self._scene = Scene(Layout("", 80))
        self._kept_canvas: Canvas | None = None
        self._gathered: set[Region] | None = None
        """What is to be drawn again when what changes together has changed."""
        self._height = 0  # of the widget, before it is resized
        self._before: tuple[int, bool] | None = None
        """What was in view before a wrap that the widget has not been told the size of yet."""
        self._ahead: Timer | None = None
        self._going_down = True

    @property
    def rows(self) -> Layout:
        """The text as it is wrapped now."""
        return self._scene.layout

    # Scrolling

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    def scroll_rows(self, rows: int) -> None:
        """Scroll without moving the caret; down if positive."""
        self.scroll_to(y=self._top + rows, animate=False, force=True)

    def reveal(self, start: int, end: int, *, leap: bool = False) -> None:
        """Scroll as little as shows ``start`` and then ``end``; a place far off comes to a third of the height.

        With ``leap`` every place that is not in view does: it is read with what stands around it, and the next leap
        finds its place in view.
        """
        height = self.size.height
        if not height:
            return
        layout, top = self._scene.layout, self._top
        first, last = layout.row_of(start), layout.row_of(max(start, end - 1))
        off = min(SCROLL_OFF, (height - 1) // 2)
        end_in_view = min(last + off - height + 1, first - off)
        above, below = first - off < top, last + off >= top + height
        far_off = first < top - height // 2 or first >= top + height + height // 2
        if far_off or (leap and (above or below)):
            top = max(first - height // 3, end_in_view)
        elif below:
            top = end_in_view
        elif above:
            top = first - off
        top = min(max(top, first - height + 1, 0), first, max(layout.rows - height, 0))
        if top != self._top:
            self.scroll_to(y=top, animate=False, force=True)

    def scroll_map_to(self, y: int) -> None:
        """Bring the rows that line ``y`` of the map stands for to the middle of the screen."""
        height = self.size.height
        row = self._canvas.map.row_at(min(max(y, 0), height - 1))
        self.scroll_to(y=row - height // 2, animate=False, force=True)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_rows(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_rows(-WHEEL_ROWS)

    # Laying out

    @property
    def around(self) -> int:
        """The cells of the view that are not the text's: margin, caret and map."""
        return self._scene.margin + CARET_ROOM + MAP

    @property
    def _text_width(self) -> int:
        return self.size.width - self.around if self.size.width else 80

    def _laid_out(self) -> None:
        """Begin again with the scene's layout."""
        self._kept_canvas = None
        if self.size:
            self.measure(self._scene.layout.rows)
            self.refresh()

    def _fit(self) -> None:
        """Wrap the text to the width there is."""
        if self._text_width != self._scene.layout.width:
            self._before = self._before or self._in_view()
            self._scene.layout = Layout(self.seen, self._text_width)

    def _in_view(self) -> tuple[int, bool]:
        """The first character in view, and whether the caret is in view."""
        if not self._height:  # nothing has been laid out yet
            return 0, True
        layout, top = self._scene.layout, self._top
        in_view = top <= layout.row_of(self._scene.caret) < top + self._height
        return layout.row_bounds(min(top, layout.rows - 1))[0], in_view

    def on_resize(self) -> None:
        at_top, was_in_view = self._before or self._in_view()
        self._height = self.size.height
        self._fit()
        self._before = None
        if self._kept_canvas is not None and (self._kept_canvas.width, self._kept_canvas.height) == self.size:
            self.measure(self._scene.layout.rows)  # drawn before it was told its size
        else:
            self._laid_out()
        self.scroll_to(y=self._scene.layout.row_of(at_top), animate=False, force=True)
        if was_in_view:
            self.reveal(self._scene.caret, self._scene.caret)
        self._paint_ahead_soon()

    # Painting

    @property
    def _canvas(self) -> Canvas:
        """Made when first drawn on, since only then are the colours known."""
        if self._kept_canvas is None:
            self._fit()  # the first frame is drawn before the size is told
            self._kept_canvas = Canvas(self, self._scene)
        return self._kept_canvas

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What changes inside is drawn again in one go."""
        if self._gathered is not None:
            yield
            return
        self._gathered = set()
        try:
            yield
        finally:
            regions, self._gathered = self._gathered, None
            if regions:
                self.refresh(*regions)

    def _stale(self, *spans: Span, on_map: bool = False) -> None:
        """Draw the rows of these stretches of text again, and their cells of the map if what they count has changed."""
        if self._kept_canvas is None:
            self.refresh()
            return
        canvas, top = self._kept_canvas, self._top
        regions = {region for span in spans for region in canvas.forget(*span, top, on_map)}
        if self._gathered is not None:
            self._gathered |= regions
        elif regions:
            self.refresh(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows in view. Textual's own cache goes by screen line, so with it each scroll paints every row."""
        strips = self._canvas.strips(self._top, crop.line_range)
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """The row at screen line ``y``, counted from the widget's first."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._kept_canvas is not None and not self._kept_canvas.suits():
            self._kept_canvas = None

    def on_focus(self) -> None:
        self._scene.focused = True
        self._stale((self._scene.caret, self._scene.caret))

    def on_blur(self) -> None:
        self._scene.focused = False
        self._stale((self._scene.caret, self._scene.caret))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._paint_ahead_soon(new_value >= old_value)

    def _paint_ahead_soon(self, down: bool = True) -> None:
        """While nobody waits: most keys that scroll are pressed again."""
        self._going_down = down
        if self._ahead is None:
            self._ahead = self.set_timer(AHEAD_DELAY, self._paint_ahead)

    def _paint_ahead(self) -> None:
        self._ahead = None
        if self.size and self.is_mounted:
            page = self.size.height - OVERLAP
            ahead = self._top + (page if self._going_down else -page)
            self._canvas.paint_ahead(min(max(ahead, 0), self.max_scroll_y))

    # What stands where

    def offset_under(self, at: Offset) -> int:
        """The offset of the character in a cell of the widget; beside the text, of the row's nearest."""
        return self._canvas.offset_under(at, self._top)

    def is_map(self, at: Offset) -> bool:
        return self._canvas.is_map(at)
