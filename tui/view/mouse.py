"""The mouse on the article: press, drag, release, by character, word, sentence or paragraph."""

from __future__ import annotations

from textual.geometry import Offset
from textual.timer import Timer

from store.text.units import Span
from tui.view.caret import CaretView

EDGE_SECONDS = 0.05


class Pointer:
    """What the pressed button is doing: selecting, by a unit that the number of clicks chose, or moving the map.

    While the pointer is held above or below the text, the text scrolls under it, the faster the farther.
    """

    def __init__(self, view: CaretView) -> None:
        self._view = view
        self._held: Span | None = None  # the unit the drag began on
        self._grip: Span | None = None  # of a single click, the character under it
        self._left_grip = False  # whether the pointer has been elsewhere since
        self._on_map = False
        self._clicks = 0
        self._last: tuple[float, Offset] = (0.0, Offset(-1, -1))
        self._at = Offset(0, 0)
        self._edge: Timer | None = None

    @property
    def pressed(self) -> bool:
        return self._on_map or self._held is not None

    def press(self, at: Offset, time: float, *, extend: bool) -> None:
        """The button went down over a cell of the widget, at ``time`` seconds of any clock."""
        view = self._view
        self._at = at
        if view.is_map(at):
            self._on_map = True
            view.scroll_map_to(at.y)
            return
        then, where = self._last
        quick = time - then <= view.app.CLICK_CHAIN_TIME_THRESHOLD
        self._clicks = self._clicks % 4 + 1 if quick and at == where and not extend else 1
        self._last = (time, at)
        offset = view.offset_under(at)
        self._grip, self._left_grip = None, False
        if extend:
            self._held = (view.other_end, view.other_end)
            view.move_to(offset, select=True)
            return
        self._held = self._unit(offset)
        if self._clicks == 1:
            self._grip = self._held
            view.move_to(offset, scroll=False)
        else:
            view.select(*self._held)

    def drag(self, at: Offset) -> None:
        """The pointer moved with the button down; it may be outside the widget."""
        self._at = at
        view = self._view
        if self._on_map:
            view.scroll_map_to(at.y)
            return
        if 0 <= at.y < view.size.height:
            self._stop_scrolling()
        elif self._edge is None:
            self._edge = view.set_interval(EDGE_SECONDS, self._scroll_on)
        self._extend()

    def release(self) -> None:
        self._stop_scrolling()
        self._held = None
        self._on_map = False

    def _scroll_on(self) -> None:
        view, y = self._view, self._at.y
        beyond = y if y < 0 else y - view.size.height + 1
        view.scroll_rows(beyond)
        self._extend()

    def _extend(self) -> None:
        """Select from the unit the drag began on to the one under the pointer, both whole."""
        if self._held is None:
            return
        view = self._view
        y = min(max(self._at.y, 0), view.size.height - 1)
        offset = view.offset_under(Offset(self._at.x, y))
        start, end = self._held
        here = self._unit(offset)
        if self._clicks == 1 and self._grip is not None:
            # From the outer edge of one character to that of the other; on the first alone only after having left it.
            if here == self._grip and not self._left_grip:
                return
            self._left_grip = True
            start, end = self._grip
        if here[0] < start:
            view.select(end, here[0], scroll=False)
        else:
            view.select(start, max(end, here[1]), scroll=False)

    def _unit(self, offset: int) -> Span:
        units = self._view.units
        if self._clicks == 1:
            text = self._view.text
            whole = offset < len(text) and text[offset] not in "\r\n"
            return offset, self._view.seen.next(offset) if whole else offset
        find = {2: units.word_at, 3: units.sentence_at, 4: units.paragraph_at}.get(self._clicks)
        return (find(offset) if find else None) or (offset, offset)

    def _stop_scrolling(self) -> None:
        if self._edge is not None:
            self._edge.stop()
            self._edge = None
