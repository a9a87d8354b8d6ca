"""An article's rows on the screen: where they are scrolled to, what of them is painted again, and what ahead of
time."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.timer import Timer

from store.text.units import Span
from tui.kit.lines import Lines
from tui.text.layout import Layout
from tui.view.canvas import Canvas
from tui.view.paint import CARET_ROOM, MAP, Scene

WHEEL_ROWS = 3
OVERLAP = 2  # rows of the old page that stay in view on the new one
SCROLL_OFF = 2  # rows kept between the caret and the edge
AHEAD_DELAY = 0.02
"""Seconds after a scroll until the next page is painted: behind the frame, and before the key is repeated."""


class ArticleRows(Lines, inherit_bindings=False):
    """Draws a scene. Anyone who changes the scene says which stretches of text are stale; offsets are code points."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.text: str = ""
        self._scene = Scene(Layout("", 80))
        self._kept_canvas: Canvas | None = None
        self._height = 0  # of the widget, before it is resized
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
        top = min(max(top, first - height + 1), first)
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
    def _text_width(self) -> int:
        return self.size.width - self._scene.margin - CARET_ROOM - MAP if self.size.width else 80

    def _laid_out(self) -> None:
        """Begin again with the scene's layout."""
        self._kept_canvas = None
        if self.size:
            self.measure(self._scene.layout.rows)
            self.refresh()

    def _fit(self) -> None:
        """Wrap the text to the width there is."""
        if self._text_width != self._scene.layout.width:
            self._scene.layout = Layout(self.text, self._text_width)

    def on_resize(self) -> None:
        layout, top = self._scene.layout, self._top
        at_top, was_in_view = 0, True
        if self._height:  # else nothing has been laid out yet
            at_top = layout.row_bounds(min(top, layout.rows - 1))[0]
            was_in_view = top <= layout.row_of(self._scene.caret) < top + self._height
        self._height = self.size.height
        self._fit()
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

    def _stale(self, *spans: Span, on_map: bool = False) -> None:
        """Draw the rows of these stretches of text again, and their cells of the map if what they count has changed."""
        if self._kept_canvas is None:
            self.refresh()
            return
        regions = {region for span in spans for region in self._kept_canvas.forget(*span, self._top, on_map)}
        if regions:
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
