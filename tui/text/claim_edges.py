"""Moving one edge of a claim by a character or a word. Pure; offsets are code points."""

from __future__ import annotations

from typing import Literal

from store.text import units
from store.text.shown_text import Shown
from store.text.units import Span

Edge = Literal["start", "end"]
Step = Literal["character", "word"]


def nudge(seen: Shown, span: Span, edge: Edge, step: Step, *, on: bool) -> Span | None:
    """The span with one edge moved ``on`` (towards the text's end) or back; None when there is no such place.

    A start moves to starts of words and an end to ends of words. The span never becomes empty.
    """
    text = seen.text
    start, end = seen.places(*span)
    if edge == "start":
        moved = _start(text, start, step, on)
        return seen.fit(*seen.span(moved, end)) if moved is not None and moved < end else None
    moved = _end(text, end, step, on)
    return seen.fit(*seen.span(start, moved)) if moved is not None and moved > start else None


def _start(text: str, start: int, step: Step, on: bool) -> int | None:
    if step == "character":
        moved = units.next_grapheme(text, start) if on else units.previous_grapheme(text, start)
    else:
        moved = units.next_word(text, start) if on else units.previous_word(text, start)
        word = units.word_at(text, moved)
        if word is None or word[0] != moved:  # before the first word and behind the last there is no start
            return None
    return moved if moved != start else None


def _end(text: str, end: int, step: Step, on: bool) -> int | None:
    if step == "character":
        moved = units.next_grapheme(text, end) if on else units.previous_grapheme(text, end)
        return moved if moved != end else None
    if on:
        here = units.word_at(text, end)
        if here and here[0] < end:
            return here[1]
        after = units.word_at(text, end) or units.word_at(text, units.next_word(text, end))
        return after[1] if after else None
    begin = end
    while begin > 0:
        begin = units.previous_word(text, begin)
        word = units.word_at(text, begin)
        if word and word[1] < end:
            return word[1]
        if begin == 0:
            break
    return None
