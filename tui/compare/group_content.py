"""A group as lines of text: what each person says of one place, how it differs, and how it was settled.

Lines and columns are cells. Nothing here reads a desk or draws.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from store.person import Person
from store.records import Evidence, Review
from store.scheme import Scheme
from store.settle.comparison_groups import Group, Take
from store.text.quotations import quoted
from store.text.units import Span
from store.vocabulary import Outcome, outcome_words
from tui.claim.panel_content import STANCES, named, verdict_pieces
from tui.claim.state_glyphs import DECISIONS, STANDINGS
from tui.compare.open_comparison import letter
from tui.kit.page import Page, PageWriter, Place, Slot
from tui.kit.styled_text import Piece, width_of
from tui.text.dates import minute
from tui.text.layout import Layout

_INSET = 4
_MOST_OF_A_QUOTE = 8  # rows
_MOST_OF_A_PART = 2_000  # code points


@dataclass(frozen=True, slots=True)
class Sayings:
    """A group, and what hangs on its claims: reviews by (claim, person), evidence by claim.

    ``conflicts`` says whose word about which claim two versions of contend, by (claim, person).
    """

    group: Group
    people: Sequence[Person]
    scheme: Scheme
    text: str
    """The article's."""
    reviews: Mapping[tuple[str, Person], Review]
    evidence: Mapping[str, Sequence[Evidence]]
    conflicts: Collection[tuple[str, Person]]


def group_page(said: Sayings, width: int, key: Callable[[str], str]) -> Page:
    """The lines of a group. ``key`` gives the key of an action as people know it."""
    writer = _Writer(said, width, key)
    writer.settled()
    for place in range(len(said.people)):
        writer.person(place)
    writer.keys()
    return writer.page


def nothing_page(width: int, key: Callable[[str], str]) -> Page:
    """What to do when no group is selected."""
    page = Page(width)
    page.lines.append((Slot(None, width, [("", "")]),))
    page.lines.append((Slot(None, width, [(" Nothing selected here", "bold")]),))
    for action, does in (("next_to_settle", "to the next place to settle"), ("next_group", "to the next place")):
        pieces: list[Piece] = [(f" {key(action):<3} ", "bold accent"), (does, "")]
        page.lines.append((Slot(None, width, pieces),))
    return page


def rows_of(parts: Sequence[Piece], cells: int, most: int) -> list[list[Piece]]:
    """Pieces in rows of so many cells, made safe; an ellipsis ends the last of ``most`` rows when there is more."""
    layout = Layout("".join(text for text, _ in parts), max(1, cells))
    rows = []
    for number in range(min(layout.rows, most)):
        row, at = layout.row(number), 0
        pieces: list[Piece] = []
        for text, tone in parts:
            low, high = max(at, row.start), min(at + len(text), row.end)
            if low < high:
                pieces.append((row.shown(low, high), tone))
            at += len(text)
        rows.append(pieces)
    if layout.rows > most:
        rows[-1].append(("…", "muted"))
    return rows


def against(text: str, span: Span, base: Span) -> list[Piece]:
    """The words of a span where they differ from another's: what it lacks in [− ], what it has besides in [+ ]."""
    (start, end), (first, last) = span, base
    if end <= first or last <= start:
        return [(_part(text, start, end), "")]
    pieces: list[Piece] = []
    if first < start:
        pieces += _marked("−", _part(text, first, start), "strike muted")
    elif start < first:
        pieces += _marked("+", _part(text, start, first), "bold underline")
    pieces.append((_part(text, max(start, first), min(end, last)), ""))
    if end < last:
        pieces += _marked("−", _part(text, end, last), "strike muted")
    elif last < end:
        pieces += _marked("+", _part(text, last, end), "bold underline")
    return pieces


def _marked(sign: str, words: str, tone: str) -> list[Piece]:
    bare = words.strip()
    before, behind = words[: words.index(bare)], words[words.index(bare) + len(bare) :]
    return [(before, ""), (f"[{sign}{bare or words}]", tone), (behind if bare else "", "")]


def _part(text: str, start: int, end: int) -> str:
    words = text[start : min(end, start + _MOST_OF_A_PART)]
    return words + ("…" if end - start > _MOST_OF_A_PART else "")


class _Writer(PageWriter):
    def __init__(self, said: Sayings, width: int, key: Callable[[str], str]) -> None:
        super().__init__(width, key)
        self._s = said
        self._base = next((take for take in said.group.present if not take.decision), said.group.present[0])

    # Pieces of the page

    def settled(self) -> None:
        how = self._s.group.settled
        if how is None:
            return
        place = Place("settled")
        if how.conflict:
            said = f"≠ two people settled this without seeing each other; {self._key('conflicts')} settles it"
            self._rows([(said, "bold error")], 1, place)
        if how.again:
            what = "its words are gone from" if how.again == "vanished" else "a correction has changed its words in"
            self._rows([(f"! {what} the text since: settle it again", "bold warning")], 1, place)
        head: list[Piece] = [
            (f"{STANDINGS['settled'].glyph} settled: ", "bold secondary"),
            (outcome_words(how.outcome, how.chosen), "bold"),
            (f"  by {how.by} {minute(how.updated)}", "muted"),
        ]
        self._rows(head, 1, place)
        if how.stands:
            stands: list[Piece] = [("stands ", "muted"), *verdict_pieces(self._s.scheme, how.verdict)]
            if (how.start, how.end) != (self._base.start, self._base.end) or how.outcome in _MADE_ANEW:
                stands.append((f"  {quoted(how.quote_shown[:_MOST_OF_A_PART])}", "italic"))
            self._rows(stands, _INSET, place, 3)
            if how.claim_text and how.claim_text != self._base.claim_text:
                self._rows([("claim ", "muted"), (how.claim_text, "")], _INSET, place, 3)
        if how.rationale:
            self._rows([("why ", "muted"), (how.rationale, "")], _INSET, place, 4)

    def person(self, at: int) -> None:
        take = self._s.group.takes[at]
        name = self._s.people[at]
        place = Place("person", name)
        head: list[Piece] = [(f"{letter(at)} ", "bold accent"), (name, "bold")]
        if take is None:
            self._rows([*head, ("  has nothing here", "muted")], 1, place)
            return
        self._take([*head, ("  ", "")], take, place)
        for other in self._s.group.also:
            if other.person.id == name.id:
                self._take([(f"  also, of {other.tagger}’s: ", "muted")], other, place)

    def _take(self, head: list[Piece], take: Take, place: Place) -> None:
        if take.rejects:
            head.append(("∅ nothing to check", "bold secondary"))
        elif take.verdict or not take.decision:
            head += verdict_pieces(self._s.scheme, take.verdict)
        if take.decision and not take.rejects:
            head.append((f"  {DECISIONS[take.decision].word}", "muted"))
        self._rows(head, 1, place)
        self._quote(take, place)
        if (take.claim, take.person) in self._s.conflicts:
            self._rows([(f"≠ conflict: {self._key('conflicts')} shows what waits", "bold error")], _INSET, place)
        if take.claim_text and (take is self._base or take.claim_text != self._base.claim_text):
            self._rows([("claim ", "muted"), (take.claim_text, "")], _INSET, place, 6)
        if take.justification:
            self._rows([("why ", "muted"), (take.justification, "")], _INSET, place, 12)
        self._review(take, place)
        self._evidence(take, place)

    def keys(self) -> None:
        how = self._s.group.settled
        if how is not None and not how.again:
            return
        pieces: list[Piece] = []
        for action, does in _SETTLING:
            pieces += [(self._key(action), "bold accent"), (f"\u00a0{does.replace(' ', chr(0xA0))}  ", "muted")]
        self._line(None, [])
        for row in rows_of(pieces, self._width - 2, 8):
            self._line(None, [(" ", ""), *row])

    # Of a person

    def _quote(self, take: Take, place: Place) -> None:
        base, text = self._base, self._s.text
        if take is not base and (take.start, take.end) == (base.start, base.end):
            same: Piece = ("the same words", "muted")
            first, *rest = self._last()
            if width_of([first, *rest, same]) + 3 < self._width:
                self._append([("  ", ""), same])
            else:
                self._line(place, [(" " * _INSET, ""), same])
            return
        parts = against(text, (take.start, take.end), (base.start, base.end)) if take is not base else []
        parts = parts or [(_part(text, take.start, take.end), "italic")]
        self._rows([("“", ""), *parts, ("”", "")], _INSET, place, _MOST_OF_A_QUOTE)

    def _review(self, take: Take, place: Place) -> None:
        review = self._s.reviews.get((take.claim, take.person))
        if review is None:
            return
        pieces: list[Piece] = []
        if review.reason:
            pieces += [("reason ", "muted"), (f"{self._s.scheme.reason(review.reason).label}  ", "")]
        if review.comment:
            pieces += [("says ", "muted"), (review.comment, "")]
        if review.stale:
            pieces.append(("  (of how it was before)", "warning"))
        if pieces:
            self._rows(pieces, _INSET, place, 8)

    def _evidence(self, take: Take, place: Place) -> None:
        for piece in self._s.evidence.get(take.claim, ()):
            if piece.by.id != take.person.id:
                continue
            glyph, word, tone = STANCES.get(piece.stance, ("?", piece.stance, "muted"))
            pieces: list[Piece] = [(f"{glyph} {word} ", tone), (named(piece.source), "")]
            if piece.quote:
                pieces.append((f" {quoted(piece.quote[:_MOST_OF_A_PART])}", "italic"))
            if piece.locator:
                pieces.append((f" {piece.locator}", "muted"))
            self._rows(pieces, _INSET, place, 3)

    # Lines

    def _last(self) -> list[Piece]:
        return list(self.page.lines[-1][0].pieces)

    def _append(self, pieces: Sequence[Piece]) -> None:
        slot = self.page.lines[-1][0]
        self.page.lines[-1] = (slot._replace(pieces=[*slot.pieces, *pieces]),)

    def _rows(self, pieces: Sequence[Piece], inset: int, place: Place, most: int = 4) -> None:
        for row in rows_of(pieces, self._width - inset - 1, most):
            self._line(place, [(" " * inset, ""), *row])


_MADE_ANEW = (Outcome.MERGED, Outcome.OWN)
_SETTLING = (
    ("settle_first", "first"),
    ("settle_second", "second"),
    ("settle_both", "both"),
    ("settle_neither", "neither"),
    ("settle_merged", "merged"),
    ("settle_own", "own"),
    ("settle_nothing", "nothing here"),
)
