"""The actions that move and select in the article's text, each made from one pure motion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from store.text.units import Span
from tui.text import motions
from tui.text.motions import Units

if TYPE_CHECKING:
    from tui.view.view import ArticleView

OVERLAP = 2  # rows of the old page that stay in view on the new one


def _to(target: Callable[[ArticleView], int], select: bool = False) -> Callable[[ArticleView], None]:
    """Move the caret, or with ``select`` the selection's end, to ``target``."""

    def action(view: ArticleView) -> None:
        view.move_to(target(view), select=select)

    return action


def _rows(rows: int, select: bool = False) -> Callable[[ArticleView], None]:
    """Move by rows, keeping the column."""

    def action(view: ArticleView) -> None:
        view.move_rows(rows, select=select)

    return action


def _pages(pages: int, select: bool = False) -> Callable[[ArticleView], None]:
    """Move by pages, the text under the caret with it."""

    def action(view: ArticleView) -> None:
        rows = pages * max(1, view.size.height - OVERLAP)
        view.move_rows(rows, select=select, scroll_by=rows)

    return action


def _unit(unit: Callable[[Units, int], Span | None]) -> Callable[[ArticleView], None]:
    """Select the unit at the caret, or where the selection begins, if there is one."""

    def action(view: ArticleView) -> None:
        span = unit(view.units, view.selection[0] if view.selection else view.caret)
        if span is None:
            view.app.bell()
        else:
            view.select(*span)

    return action


def _left(view: ArticleView) -> int:
    return motions.left(view.text, view.caret)


def _right(view: ArticleView) -> int:
    return motions.right(view.text, view.caret)


def _next_word(view: ArticleView) -> int:
    return motions.next_word(view.text, view.caret)


def _previous_word(view: ArticleView) -> int:
    return motions.previous_word(view.text, view.caret)


def _row_start(view: ArticleView) -> int:
    return motions.row_start(view.rows, view.caret)


def _row_end(view: ArticleView) -> int:
    return motions.row_end(view.rows, view.caret)


class TextActions:
    """Mixed into the article view; it has no state of its own."""

    action_left = _to(_left)
    action_right = _to(_right)
    action_up = _rows(-1)
    action_down = _rows(1)
    action_next_word = _to(_next_word)
    action_previous_word = _to(_previous_word)
    action_next_sentence = _to(lambda view: motions.next_start(view.units.sentences, view.caret, len(view.text)))
    action_previous_sentence = _to(lambda view: motions.previous_start(view.units.sentences, view.caret))
    action_next_paragraph = _to(lambda view: motions.next_start(view.units.paragraphs, view.caret, len(view.text)))
    action_previous_paragraph = _to(lambda view: motions.previous_start(view.units.paragraphs, view.caret))
    action_row_start = _to(_row_start)
    action_row_end = _to(_row_end)
    action_page_up = _pages(-1)
    action_page_down = _pages(1)
    action_text_start = _to(lambda view: 0)
    action_text_end = _to(lambda view: len(view.text))

    action_select_left = _to(_left, select=True)
    action_select_right = _to(_right, select=True)
    action_select_up = _rows(-1, select=True)
    action_select_down = _rows(1, select=True)
    action_select_next_word = _to(_next_word, select=True)
    action_select_previous_word = _to(_previous_word, select=True)
    action_select_row_start = _to(_row_start, select=True)
    action_select_row_end = _to(_row_end, select=True)
    action_select_page_up = _pages(-1, select=True)
    action_select_page_down = _pages(1, select=True)

    action_this_word = _unit(Units.word_at)
    action_this_sentence = _unit(Units.sentence_at)
    action_this_quotation = _unit(Units.quotation_at)
    action_this_paragraph = _unit(Units.paragraph_at)

    def action_widen(self: ArticleView) -> None:  # type: ignore[misc]
        span = self.units.wider(*(self.selection or (self.caret, self.caret)))
        if span is None:
            self.app.bell()
        else:
            self.select(*span)

    def action_swap_ends(self: ArticleView) -> None:  # type: ignore[misc]
        if self.selection:
            self.select(self.caret, self.other_end)

    def action_cycle(self: ArticleView) -> None:  # type: ignore[misc]
        here = [mark.id for mark in self.marks_at(self.caret)]
        if not here:
            self.app.bell()
        else:
            i = here.index(self.active) + 1 if self.active in here else 0
            self.activate(here[i % len(here)], move=False)
