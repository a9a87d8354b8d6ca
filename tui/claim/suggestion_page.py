"""A suggestion as lines of text: what somebody thinks is a claim, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from store.desk import Desk
from store.records import REJECTED, Choice, Suggestion
from store.review.suggestions import meaning
from store.scheme import Scheme
from store.text.quotations import quoted
from store.text.span_pieces import in_words
from tui.claim.panel_content import verdict_pieces
from tui.kit.page import Page, PageWriter, Place, wrapped
from tui.kit.styled_text import Piece

SUGGESTED = ("◇", "suggested", "secondary")
"""Glyph, word and tone of a suggestion that waits for you."""

CHOICES = (
    ("accept_suggestion", "accept it as a claim of yours"),
    ("amend_suggestion", "accept it in other words"),
    ("reject_suggestion", "reject it"),
    ("next_suggestion", "to the next suggestion"),
)
"""The actions that choose, and what they do."""

_WORDS = {"accepted": "✓ accepted", "amended": "± amended", REJECTED: "✗ rejected"}


class ShownSuggestion(NamedTuple):
    """A suggestion with what others chose."""

    suggestion: Suggestion
    scheme: Scheme
    choices: tuple[Choice, ...]

    @classmethod
    def read(cls, desk: Desk, suggestion: Suggestion) -> ShownSuggestion:
        """Read what hangs on a suggestion; the suggestion itself is taken as it is."""
        others = [one for one in desk.suggestions.choices(suggestion) if one.by.id != desk.reviewer.id]
        return cls(suggestion, desk.scheme, tuple(others))


def outcome_pieces(suggestion: Suggestion) -> list[Piece]:
    """What you chose of a suggestion, or that it waits for you."""
    if suggestion.outcome:
        return [(_WORDS.get(suggestion.outcome, suggestion.outcome), "muted")]
    glyph, word, tone = SUGGESTED
    return [(f"{glyph} {word}", f"bold {tone}")]


def label_pieces(suggestion: Suggestion, scheme: Scheme) -> list[Piece]:
    """What the suggester calls it, as the scheme does."""
    meant = meaning(scheme, suggestion.label)
    if meant.verdict:
        return verdict_pieces(scheme, meant.verdict)
    return [(scheme.type(meant.type).label if meant.type else meant.tag, "")]


def sure(suggestion: Suggestion) -> str:
    """How sure the suggester is, in words; empty when not said."""
    return "" if suggestion.confidence is None else f"{suggestion.confidence:.0%} sure"


def suggestion_page(shown: ShownSuggestion, width: int, height: int, keys: Sequence[tuple[str, str]]) -> Page:
    """The lines of a suggestion; ``keys`` are the keys that choose and what they do."""
    writer = _Writer(width, lambda _: "")
    writer.write(shown, max(2, min(12, height // 3)), keys)
    return writer.page


def keys_for(key: Callable[[str], str], does: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The keys of some actions, with what they do."""
    return [(pressed, said) for id, said in does if (pressed := key(id))]


class _Writer(PageWriter):
    def write(self, shown: ShownSuggestion, most: int, keys: Sequence[tuple[str, str]]) -> None:
        one, place = shown.suggestion, Place("suggestion", shown.suggestion.id)
        self._said(wrapped(quoted(one.quote_shown), self._width - 2, most), 1, "italic", place)
        if told := in_words(one.pieces, one.quote, one.start):
            self._said(wrapped(told, self._width - 2, 3), 1, "muted", place)
        said = " · ".join(filter(None, (one.by, sure(one))))
        self._line(place, self._labelled("by", [(said, "bold")]))
        if one.label:
            self._line(place, self._labelled("label", label_pieces(one, shown.scheme)))
        if one.claim_text:
            self._text(place, "claim", one.claim_text)
        if one.note:
            self._text(place, "note", one.note)
        for number, choice in enumerate(shown.choices):
            told = f"{choice.by} {choice.outcome} it"
            self._line(place, self._labelled("" if number else "others", [(told, "muted")]))
        self._line(None, [])
        for pressed, does in keys:
            self._line(None, [(f" {pressed:<3} ", "bold accent"), (does, "")])
        self._said(wrapped("It counts as nothing until you accept it.", self._width - 2), 1, "muted")
