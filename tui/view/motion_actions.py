"""The actions that move and select in the article's text, each made from one pure motion."""

from __future__ import annotations

from collections.abc import Callable

from store.text.units import Span
from tui.text import motions
from tui.text.motions import Units
from tui.view.article_rows import OVERLAP
from tui.view.caret import CaretView


def _to(target: Callable[[CaretView], int], select: bool = False) -> Callable[[Motions], None]:
    """Move the caret, or with ``select`` the selection's end, to ``target``."""

    def action(self: Motions) -> None:
        self.view.move_to(target(self.view), select=select)

    return action


def _rows(rows: int, select: bool = False) -> Callable[[Motions], None]:
    """Move by rows, keeping the column."""

    def action(self: Motions) -> None:
        self.view.move_rows(rows, select=select)

    return action


def _pages(pages: int, select: bool = False) -> Callable[[Motions], None]:
    """Move by pages, the text under the caret with it."""

    def action(self: Motions) -> None:
        rows = pages * max(1, self.view.size.height - OVERLAP)
        self.view.move_rows(rows, select=select, scroll_by=rows)

    return action


def _unit(unit: Callable[[Units, int], Span | None]) -> Callable[[Motions], None]:
    """Select the unit at the caret, or where the selection begins, if there is one."""

    def action(self: Motions) -> None:
        view = self.view
        span = unit(view.units, view.selection[0] if view.selection else view.caret)
        if span is None:
            view.app.bell()
        else:
            view.select(*span)

    return action


def _left(view: CaretView) -> int:
    return motions.in_words_seen(view.seen, motions.left, view.caret)


def _right(view: CaretView) -> int:
    return motions.in_words_seen(view.seen, motions.right, view.caret)


def _next_word(view: CaretView) -> int:
    return motions.in_words_seen(view.seen, motions.next_word, view.caret)


def _previous_word(view: CaretView) -> int:
    return motions.in_words_seen(view.seen, motions.previous_word, view.caret)


def _row_start(view: CaretView) -> int:
    return motions.row_start(view.rows, view.caret)


def _row_end(view: CaretView) -> int:
    return motions.row_end(view.rows, view.caret)


class Motions:
    """The handler of a text: it moves and selects in the view that it holds."""

    def __init__(self, view: CaretView) -> None:
        self.view = view

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
    action_next_clause = _to(
        lambda view: (view.units.clause_end if view.selecting else view.units.next_clause)(view.caret)
    )
    action_previous_clause = _to(lambda view: view.units.previous_clause(view.caret))
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
    action_this_clause = _unit(Units.clause_at)
    action_this_sentence = _unit(Units.sentence_at)
    action_this_quotation = _unit(Units.quotation_at)
    action_this_paragraph = _unit(Units.paragraph_at)

    def action_widen(self) -> None:
        view = self.view
        span = view.units.wider(*(view.selection or (view.caret, view.caret)))
        if span is None:
            view.app.bell()
        else:
            view.select(*span)

    def action_swap_ends(self) -> None:
        if self.view.selection:
            self.view.select(self.view.caret, self.view.other_end)

    def action_cycle(self) -> None:
        view = self.view
        here = [mark.id for mark in view.marks_at(view.at)]
        if not here:
            view.app.bell()
        else:
            i = here.index(view.active) + 1 if view.active in here else 0
            view.activate(here[i % len(here)], move=False)
