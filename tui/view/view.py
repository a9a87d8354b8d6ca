"""The article's text with its claims, as keys and the mouse move in it."""

from __future__ import annotations

from textual import events

from tui.keys.actions import Scope
from tui.view.caret import CaretView
from tui.view.motions import Motions
from tui.view.mouse import Pointer


class ArticleView(CaretView, can_focus=True, inherit_bindings=False):
    """One article's text; its ``SCOPE`` says which keys answer in it."""

    SCOPE: Scope = Scope.TEXT
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ArticleView { background: $background; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.motions = Motions(self)
        self.handlers = (self.motions,)
        self._pointer = Pointer(self)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            return
        event.stop()
        at = event.get_content_offset_capture(self)
        sign = self._canvas.sign_under(at, self._top)
        if sign is not None:
            self.activate(sign.mark.id)
        else:
            self.capture_mouse()
            self._pointer.press(at, event.time, extend=event.shift)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pointer.pressed:
            event.stop()
            self._pointer.drag(event.get_content_offset_capture(self))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._pointer.pressed:
            event.stop()
            self.release_mouse()
            self._pointer.release()
