"""What every widget is built on that draws its own lines and its own scroll mark."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView


class Lines(ScrollView):
    """A scroll view without scroll bars, in which a scroll costs a frame and nothing besides.

    Textual's scroll bars are not even made: though of no size, each would be a widget, and have the screen arranged
    again when it is told where it would stand. So would a number of lines, which here changes nothing but how far you
    can scroll.

    A subclass draws itself what the focus changes, in its own ``on_focus`` and ``on_blur``; no style may depend on it.
    Textual would find all styles again and draw every line again, the scroll bars' too.
    """

    DEFAULT_CSS = """
    Lines { overflow: hidden hidden; }
    """

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether it scrolls up and down, though Textual shows no bar for it."""
        return True

    def measure(self, lines: int) -> None:
        """There are so many lines from now on."""
        self.set_reactive(Lines.virtual_size, Size(self.size.width, lines))
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def watch_has_focus(self, _has_focus: bool) -> None:
        pass

    def _on_focus(self, event: events.Focus) -> None:
        event.prevent_default()
        self.has_focus = True
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self.has_focus = False
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))
