"""The lines of the claim panel on the screen: drawn line by line, with a cursor that goes from field to field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.keys.actions_and_keys import Scope
from tui.kit.line_widget import Lines
from tui.kit.page import Page, Place, Slot
from tui.kit.styled_text import Tones, fit_pieces

if TYPE_CHECKING:
    from tui.kit.jump import Target

BAR = "▌"


class PanelLines(Lines, can_focus=True):
    """Shows a page, made again for every size. The cursor is a place of the page and survives a new one."""

    SCOPE = Scope.LIST
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PanelLines {
        width: 1fr; height: 1fr;
        background: $background; color: $foreground;
    }
    PanelLines > .panel-lines--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    PanelLines:nocolor > .panel-lines--cursor, PanelLines:ansi > .panel-lines--cursor {
        color: ansi_default; background: ansi_default; text-style: reverse;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"panel-lines--cursor"}

    class Opened(Message):
        """A place was double clicked; the cursor stands there."""

    def __init__(self, laid: Callable[[], None]) -> None:
        """``laid`` is called when lines have another place on the screen than before."""
        super().__init__()
        self.page = Page(0)
        self.place: Place | None = None
        self.edited = False
        self._make: Callable[[int, int], Page] = lambda width, height: Page(width)
        self._laid = laid
        self._drawn: tuple[Page, Place | None, bool] | None = None
        self._tones = Tones(self)

    # What is shown

    def show(self, make: Callable[[int, int], Page], *, anew: bool = False) -> None:
        """Show what ``make`` gives for a width and a height; ``anew`` begins at the top."""
        self._make = make
        if anew:
            self.place = None
        self._remake()
        if anew:
            self.scroll_to(y=0, animate=False)
        self._laid()

    def _remake(self) -> None:
        old = self.page
        self.page = self._make(max(1, self.size.width - 1), self.size.height)
        places = self.page.places
        if self.place not in self.page.extents:
            at = old.places.index(self.place) if self.place in old.places else 0
            self.place = places[min(at, len(places) - 1)] if places else None
        self.measure(len(self.page.lines))
        drawn = (self.page, self.place, self.edited)
        if drawn != self._drawn:
            self._drawn = drawn
            self.refresh()

    # The cursor

    def move_to(self, place: Place) -> None:
        """Put the cursor on a place of the page and bring it into view."""
        if place in self.page.extents:
            self.place = place
            self.reveal()
            self.refresh()

    def look_at(self, place: Place) -> bool:
        """Put the cursor on a place; whether all of it is in view, or has been to its end. Else more of it now is."""
        if place not in self.page.extents:
            return True
        first, last = self.page.extents[place]
        top, height = round(self.scroll_y), self.size.height
        begun = self.place == place
        self.place = place
        self.refresh()
        if last < top + height and (first >= top or begun):
            return True
        if last - first < height:
            self._scroll_lines(max(0, last - height + 1) if last >= top + height else first)
        else:  # taller than the view: from its first line on, a view at a time
            self._scroll_lines(top + height - 1 if begun else first)
        return False

    def reveal(self) -> None:
        """Bring the cursor's place into view, its end too when there is room for all of it."""
        if self.place is None:
            return
        first, last = self.page.extents[self.place]
        top, height = round(self.scroll_y), self.size.height
        target = top
        if last >= top + height:
            target = last - height + 1
        if first < target or (self.place == self.page.places[0] and last < height):
            target = 0 if self.place == self.page.places[0] and last < height else first
        self._scroll_lines(target)

    def step(self, by: int) -> None:
        """To the next place or the one before; a place taller than the view is read line by line first."""
        if self.place is None:
            self._scroll_lines(round(self.scroll_y) + by)
            return
        first, last = self.page.extents[self.place]
        top, height = round(self.scroll_y), self.size.height
        at = self.page.places.index(self.place) + by
        beyond = not 0 <= at < len(self.page.places)
        if (by > 0 and (last >= top + height or beyond)) or (by < 0 and (first < top or beyond)):
            self._scroll_lines(top + by)
        elif not beyond:
            self.move_to(self.page.places[at])

    def leap(self, by: int) -> None:
        """Half a page on or back, the cursor with it."""
        rows = by * max(1, self.size.height // 2)
        top = self._scroll_lines(round(self.scroll_y) + rows)
        if self.place is None:
            return
        wanted = self.page.extents[self.place][0] + rows
        places = self.page.places
        nearest = min(places, key=lambda place: abs(self.page.extents[place][0] - wanted))
        self.place = nearest
        first, last = self.page.extents[nearest]
        if first >= top + self.size.height or last < top:
            self.reveal()
        self.refresh()

    def end(self, last: bool) -> None:
        """To the first place or the last."""
        if self.page.places:
            self.place = self.page.places[-1 if last else 0]
        self._scroll_lines(len(self.page.lines) if last else 0)
        self.refresh()

    def _scroll_lines(self, top: int) -> int:
        top = max(0, min(top, len(self.page.lines) - self.size.height))
        self.scroll_to(y=top, animate=False)
        return top

    # Jumping

    def jump_targets(self, few: bool) -> list[Target]:
        """The places of the page whose first line is in view."""
        from tui.kit.jump import Target

        top, found = round(self.scroll_y), []
        for place in self.page.places:
            y = self.page.extents[place][0] - top
            if 0 <= y < self.size.height:
                found.append(Target(self.region.x, self.region.y + y, partial(self._jump_to, place)))
        return found

    def _jump_to(self, place: Place, select: bool) -> None:
        self.focus()
        self.move_to(place)

    # Mouse

    def place_at(self, x: int, y: int) -> Place | None:
        """The place at a cell of the widget."""
        line = y + round(self.scroll_y)
        if not 0 <= line < len(self.page.lines):
            return None
        for slot in self.page.lines[line]:
            if x < slot.cells:
                return slot.place
            x -= slot.cells
        return None

    def on_click(self, event: events.Click) -> None:
        place = self.place_at(event.x, event.y)
        if place is None:
            return
        if event.chain == 1:
            self.move_to(place)
        elif event.chain == 2 and place == self.place:
            self.post_message(self.Opened())

    # Drawing

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        page = self.page
        top = round(self.scroll_y)
        line = y + top
        slots = page.lines[line] if line < len(page.lines) else ()
        strips = [self._draw(slot, line) for slot in slots]
        filled = sum(slot.cells for slot in slots)
        if filled < cells - 1:
            strips.append(self._tones.strip([(" " * (cells - 1 - filled), "")], cells - 1 - filled))
        strips.append(self._tones.strip([("▐" if self._thumb(y, top) else " ", "muted")], 1))
        return Strip.join(strips).crop(0, cells)

    def _draw(self, slot: Slot, line: int) -> Strip:
        pieces = fit_pieces(slot.pieces, slot.cells)
        here = slot.place is not None and slot.place == self.place and (self.has_focus or self.edited)
        if not here or slot.place is None:
            return self._tones.strip(pieces, slot.cells)
        if self.has_focus and line == self.page.extents[slot.place][0]:
            return self._tones.strip(pieces, slot.cells, "panel-lines--cursor")
        first, tone = pieces[0]
        return self._tones.strip([(BAR, "accent"), (first[1:], tone), *pieces[1:]], slot.cells)

    def _thumb(self, y: int, top: int) -> bool:
        """Whether the scroll mark stands at a line of the view: it is as long as the share in view."""
        lines, height = len(self.page.lines), self.size.height
        if lines <= height:
            return False
        length = max(1, height * height // lines)
        first = round((height - length) * min(1.0, top / (lines - height)))
        return first <= y < first + length

    # What Textual tells

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._laid()

    def on_resize(self) -> None:
        self._remake()
        if self.has_focus or self.edited:
            self.reveal()
        self._laid()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def notify_style_update(self) -> None:
        self._tones.forget()
        super().notify_style_update()
