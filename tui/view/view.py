"""The article's text with its claims, as keys and the mouse move in it."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import events

from store.text import units
from store.text.units import Span
from tui.keys.actions_and_keys import Scope
from tui.text.spans import touching
from tui.view.caret import CaretView

if TYPE_CHECKING:
    from tui.kit.jump import Target
    from tui.kit.navigation import Spot
    from tui.view.motion_actions import Motions
    from tui.view.mouse import Pointer


class ArticleView(CaretView, can_focus=True, inherit_bindings=False):
    """One article's text; its ``SCOPE`` says which keys answer in it."""

    SCOPE: Scope = Scope.TEXT
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ArticleView { background: $background; color: $foreground; }
    """

    @cached_property
    def motions(self) -> Motions:
        from tui.view.motion_actions import Motions

        return Motions(self)

    @cached_property
    def handlers(self) -> tuple[object, ...]:
        """What carries out the keys."""
        return (self.motions,)

    @cached_property
    def _pointer(self) -> Pointer:
        from tui.view.mouse import Pointer

        return Pointer(self)

    # Coming back

    def spot(self) -> Spot:
        """Where one is now."""
        from tui.kit.navigation import Spot

        return Spot(self.caret, self.rows.row_bounds(min(self._top, self.rows.rows - 1))[0], self.active)

    def return_to(self, caret: int, top: int, claim: str) -> None:
        """Show the text as it was left."""
        self.move_to(caret, scroll=False)
        if self.mark(claim):
            self.activate(claim, move=False)
        self.scroll_to(y=self.rows.row_of(min(top, len(self.text))), animate=False, force=True)

    # Jumping

    def jump_targets(self, few: bool) -> list[Target]:
        """The words in view, those behind the caret first; in the margin, places to read and claims that begin.

        ``few``: the words of the sentence at the caret, else the starts of clauses.
        """
        from tui.kit.jump import Target

        layout, top = self.rows, self._top
        last = min(top + self.size.height, layout.rows) - 1
        start, beyond = layout.row_bounds(top)[0], layout.row_beyond(last)
        found = self._words_in(start, beyond, few)
        ahead = [span for span in found if span[0] > self.caret]
        before = [span for span in reversed(found) if span[0] < self.caret]
        x, y = self.region.x, self.region.y - top
        targets = [
            Target(x + self._scene.margin + layout.cell_of(at[0]), y + layout.row_of(at[0]), partial(self._jump_to, at))
            for at in (*ahead, *before)
        ]
        for place in touching(self._scene.residue, start, beyond):
            if place.start >= start:
                take = partial(self._jump_to_place, (place.start, place.end))
                targets.append(Target(x, y + layout.row_of(place.start), take))
        for mark in self.overlapping(start, beyond):
            if mark.start >= start:
                targets.append(Target(x + 2, y + layout.row_of(mark.start), partial(self._jump_to_claim, mark.id)))
        return targets

    def _words_in(self, start: int, beyond: int, few: bool) -> list[Span]:
        if not few:
            return list(units.words(self.text, start, beyond))
        sentence = self.units.sentence_at(self.caret)
        if sentence and start <= sentence[0] and sentence[1] <= beyond:
            return list(units.words(self.text, *sentence))
        shown = touching(self.units.sentences, start, beyond)
        return [clause for one in shown for clause in self.units.clauses(one) if start <= clause[0] < beyond]

    def _jump_to(self, word: Span, select: bool) -> None:
        """Put the caret on a word; or select up to it, the word taken whole."""
        self.focus()
        if select or self.selecting:
            self.move_to(word[1] if word[0] >= self.other_end else word[0], select=True)
        else:
            self.clear_selection()
            self.move_to(word[0])

    def _jump_to_place(self, place: Span, select: bool) -> None:
        self.focus()
        self.clear_selection()
        first = next(units.words(self.text, *place), place)
        self.take_place(place, first[0])

    def _jump_to_claim(self, id: str, select: bool) -> None:
        self.focus()
        self.clear_selection()
        self.activate(id)

    # Mouse

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
