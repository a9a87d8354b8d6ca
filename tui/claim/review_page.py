"""Second review as lines of text: what was decided on a claim, what is proposed beside what stands, what changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from store.records import Claim, Review
from store.review.changes_since_review import changes
from store.scheme import Scheme
from store.vocabulary import Decision
from tui.claim.dossier import Dossier
from tui.claim.panel_content import ClaimWriter, verdict_pieces
from tui.claim.state_glyphs import STALE, STANDINGS, decided, look_of
from tui.kit.page import Edited, Page, PageWriter, Place, side_by_side, wrapped
from tui.kit.styled_text import Piece
from tui.text.dates import minute
from tui.text.differences import difference
from tui.text.layout import Layout

_ROWS_OF_DIFFERENCE = 24
_TWO_COLUMNS, _GAP = 88, 2
"""From this width on, in cells, evidence and reviews stand beside the claim; what parts the columns."""
_LINE_END = re.compile(r"\s*\n\s*")
_MARKS = {"gone": ("[−", "−]", "error strike"), "new": ("[+", "+]", "success underline")}
"""How words are shown that are gone or new: between what, and in which tone."""


def difference_rows(old: str, new: str, cells: int, most: int = _ROWS_OF_DIFFERENCE) -> list[list[Piece]]:
    """What leads from one text to another, in rows of so many cells: gone as ``[−…−]``, new as ``[+…+]``."""
    return marked_rows(difference(old, new), cells, most)


def marked_rows(parts: Iterable[tuple[str, str]], cells: int, most: int) -> list[list[Piece]]:
    """Stretches of text, each of a kind (same, gone or new), in rows of so many cells."""
    text, tones = "", []
    for kind, words in parts:
        begin, end, tone = _MARKS.get(kind, ("", "", ""))
        text += begin + words + end
        tones.append((len(text), tone))
    layout = Layout(text, max(1, cells))
    rows = []
    for number in range(min(layout.rows, most)):
        row = layout.row(number)
        pieces: list[Piece] = []
        at = row.start
        for until, tone in tones:
            stop = min(until, row.end)
            if stop > at:
                start, stop = row.snap(at, stop)
                pieces.append((row.shown(start, stop), tone))
                at = stop
        rows.append(pieces)
    if layout.rows > most:
        rows[-1] = [*rows[-1], ("…", "muted")]
    return rows


def _flat(text: str) -> str:
    """A text on one line; where a paragraph ends is shown."""
    return _LINE_END.sub(" ¶ ", text)


class ProposalWriter(PageWriter):
    """Writes one person's review of a claim, with what it proposes beside what stands."""

    def proposal(self, claim: Claim, review: Review, scheme: Scheme, place: Place, standing: str) -> None:
        """What a review proposes; ``standing`` is the key of the verdict it would take the place of."""
        if Decision.CHANGE_SPAN in review.proposals:
            self._differs(place, "span", claim.quote_shown, review.quote_shown)
        if Decision.CHANGE_CLAIM_TEXT in review.proposals:
            self._differs(place, "words", claim.claim_text or claim.quote_shown, review.claim_text)
        if review.decision == Decision.CHANGE_VERDICT and review.verdict != standing:
            self._line(place, [("    ", ""), *verdict_pieces(scheme, standing), ("  →  ", "muted")])
            self._line(place, [("    ", ""), *verdict_pieces(scheme, review.verdict)])
        if review.decision == Decision.CHANGE_VERDICT and review.justification:
            self._under(place, f"why: {review.justification}")

    def _differs(self, place: Place, label: str, old: str, new: str) -> None:
        self._line(place, [(f"    {label}, as proposed:", "muted")])
        for row in difference_rows(_flat(old), _flat(new), self._width - 5):
            self._line(place, [("    ", ""), *row])

    def reviewed(self, claim: Claim, review: Review, scheme: Scheme, place: Place, standing: str) -> None:
        """Who decided what, why, what is proposed, and what has become of it."""
        look = decided(review)
        head: list[Piece] = [("  ", ""), (review.by, "bold"), (f"  {look.glyph} {look.word}", f"bold {look.tone}")]
        if review.stale:
            head.append((f"  {STALE.glyph} {STALE.word}", "bold accent"))
        self._line(place, [*head, (f"  {minute(review.updated)}", "muted")])
        self.words(review, scheme, place)
        self.proposal(claim, review, scheme, place, standing)
        self.standing(review, place)

    def words(self, review: Review, scheme: Scheme, place: Place) -> None:
        """The reason and the words of a review."""
        self.because(review, scheme, place)
        self._under(place, review.comment)

    def because(self, review: Review, scheme: Scheme, place: Place) -> None:
        """The reason of a review, if it has one."""
        if review.reason:
            reason = scheme.reason(review.reason)
            retired = " (retired)" if reason.retired else ""
            self._under(place, f"because: {reason.label}{retired}", "bold")

    def standing(self, review: Review, place: Place) -> None:
        """What has become of a review: answered, settled, or waiting."""
        if review.standing in ("agreed", "noted"):
            return
        look = STANDINGS.get(review.standing, STANDINGS["open"])
        said = f"{look.glyph} {look.word}"
        if review.answered:
            said = f"{look.glyph} {look.word} · {review.answered} by {review.answered_by}"
            if review.standing == review.answered:
                said = f"{look.glyph} {review.answered} by {review.answered_by}"
        if review.promised:
            said += " · not done yet: the claim is as it was"
        self._under(place, said, look.tone)
        self._under(place, review.answer_reason)


class ReviewedWriter(ClaimWriter, ProposalWriter):
    """Writes a claim with what others, and you, have said of it."""

    def reviews(self, of: Iterable[Review]) -> None:
        """Reviews with the threads about them, or nothing."""
        d = self._d
        held = list(of)
        if not held:
            return
        waiting = sum(review.standing == "open" and not review.answered for review in held)
        said: list[Piece] = [(str(len(held)), "bold"), (f"  {waiting} to answer" if waiting else "", "accent")]
        mine = d.claim.checker.id == d.me.id
        self._line(None, self._labelled("reviews", said if mine else said[:1]))
        for review in held:
            self.theirs(review)

    def theirs(self, review: Review) -> None:
        """A review with the thread about it."""
        d = self._d
        self.reviewed(d.claim, review, d.scheme, Place("review", review.id), d.claim.verdict)
        self._thread(review.id, 1)
        self._composed(Place("reply", review.id), 6)

    def mine(self) -> None:
        """What stands of the claim: its words and its verdict. A claim that you have missed is not your own."""
        claim, place = self._d.claim, Place("mine")
        given: list[Piece] = [(claim.name, "bold"), ("  ", ""), *verdict_pieces(self._d.scheme, claim.verdict)]
        self._line(place, self._labelled("mine" if claim.checker.id == self._d.me.id else "theirs", given))
        self._under(place, claim.claim_text)
        self._under(place, claim.justification, "muted")

    def as_checker(self, beside: ReviewedWriter) -> None:
        """What the checker works on; reviews that wait for an answer come first.

        ``beside`` writes evidence and reviews: in a column of their own, or in this one.
        """
        d = self._d
        mine = d.claim.checker.id == d.me.id
        asked = mine and any(review.standing == "open" and not review.answered for review in d.reviews)
        self.reviews(d.reviews if asked else ())
        self.verdict()
        self.others()
        beside.evidence()
        beside.reviews(() if asked else d.reviews)
        self.facts()
        self.fields()

    # What a reviewer sees

    def as_reviewer(self, beside: ReviewedWriter) -> None:
        """What a reviewer decides on, with what other reviewers say at the end; ``beside`` as in `as_checker`."""
        d = self._d
        self.their_verdict()
        self.my_verdict()
        self.my_review()
        beside.evidence()
        self.facts()
        self.their_fields()
        beside.reviews(review for review in d.reviews if review.by.id != d.me.id)

    def my_review(self) -> None:
        """Your own decision, what it proposes, and what the checker has changed since."""
        d = self._d
        review = d.my_review
        look = look_of(review)
        place = Place("my_review")
        if review is None:
            key = self._key("agree")
            value: list[Piece] = [(f"{look.glyph} {look.word}", f"bold {look.tone}")]
            self._line(place, self._labelled("review", [*value, (f"  {key} agrees", "muted")] if key else value))
            return
        given = decided(review)
        value = [(f"{given.glyph} {given.word}", f"bold {given.tone}"), (f"  {minute(review.updated)}", "muted")]
        self._line(place, self._labelled("review", value))
        if review.stale:
            self._under(place, f"{look.glyph} {look.word}: decide again", f"bold {look.tone}")
            self._changes(review, place)
        self.proposal(d.claim, review, d.scheme, place, d.theirs.verdict if d.theirs else "")
        self.because(review, d.scheme, place)
        if review.decision == Decision.MISSING_CLAIM:
            self._under(place, f"from {review.whose}'s set")
            self._under(place, review.comment)
        else:
            self._text(Place("words"), "in words", review.comment)
        self.standing(review, place)
        self._thread(review.id, 1)
        self._composed(Place("reply", review.id), 6)

    def _changes(self, review: Review, place: Place) -> None:
        d = self._d
        found = changes(review, d.claim, d.theirs, d.evidence, d.scheme)
        for what, before, after in found:
            self._line(place, [("    ", ""), (f"{what} now differs:", "muted")])
            for row in difference_rows(before, after, self._width - 7, 8):
                self._line(place, [("      ", ""), *row])
        if not found:
            self._under(place, "something of it is not as you saw it")

    def their_verdict(self) -> None:
        """The checker's verdict, or that it is hidden, and what it lacks."""
        d = self._d
        if d.claim.checker.id == d.me.id:
            return
        if d.hidden:
            self._said(wrapped("▒ verdict hidden until you give yours", self._width - 2), 1, "bold accent")
            return
        if not d.theirs:
            given = verdict_pieces(d.scheme, "")
            self._line(None, self._labelled("checker", [(d.claim.checker, "bold"), ("  ", ""), *given]))
        self.others("checker")
        self.lacking()

    def my_verdict(self) -> None:
        """Your own verdict, and whether it agrees with the checker's."""
        d = self._d
        mine, theirs = d.mine.verdict if d.mine else "", d.theirs.verdict if d.theirs else ""
        place = Place("verdict")
        if not mine:
            self._line(
                place,
                self._labelled(
                    "yours", [("not given", "muted"), (f"  {self._key('pick_verdict')} gives one", "muted")]
                ),
            )
            self.digits()
            return
        same: list[Piece] = []
        if theirs:
            same = [("  = agrees", "bold success")] if mine == theirs else [("  ≠ differs", "bold warning")]
        self._line(place, self._labelled("yours", [*verdict_pieces(d.scheme, mine), *same]))
        self._text(Place("why"), "why", d.mine.justification if d.mine else "")

    def their_fields(self) -> None:
        """What else the checker says of the claim, as far as they say it."""
        claim = self._d.claim
        self._text(Place("claim_text"), "claim", claim.claim_text, empty="as quoted")
        for name, label, value in self.values():
            if value:
                self._text(Place(name), label, value, beside=True)


def claim_page(
    dossier: Dossier,
    width: int,
    height: int,
    key: Callable[[str], str],
    edited: Edited | None = None,
    drafts: Mapping[Place, str] | None = None,
    *,
    reviewing: bool = False,
) -> Page:
    """The lines of a claim, as its checker works on it or as a reviewer does.

    Args:
        dossier: the claim and what hangs on it.
        width, height: the room there is, in cells; the height only says how much of the quote to show.
        key: gives the key of an action of the panel as people know it.
        edited: the place being edited; room is left there for its editor.
        drafts: texts that were typed and could not be saved.
        reviewing: show it to a reviewer: what the checker says, and what you say of it.
    """
    columns = width >= _TWO_COLUMNS
    cells = (width - _GAP) // 2 if columns else width
    writer = ReviewedWriter(dossier, cells, key, edited, drafts)
    beside = ReviewedWriter(dossier, width - _GAP - cells, key, edited, drafts) if columns else writer
    writer.quote(max(2, min(8, height // 6)) if reviewing else max(1, min(12, height // 5)))
    writer.conflict()
    if reviewing:
        writer.as_reviewer(beside)
    else:
        writer.as_checker(beside)
    beside.comments()
    writer.rest()
    return side_by_side(writer.page, beside.page, _GAP) if columns else writer.page


def proposal_page(dossier: Dossier, review: Review, width: int, height: int, key: Callable[[str], str]) -> Page:
    """The lines of one proposal about a claim: what is mine, what is theirs, why, and the thread about it."""
    writer = ReviewedWriter(dossier, width, key)
    writer.quote(max(2, min(12, height // 3)))
    writer.mine()
    writer.theirs(review)
    return writer.page
