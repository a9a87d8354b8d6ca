"""The panel of a claim under review: one's own decision first, and what the checker says, to read and to answer."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.widget import Widget

from store.desk import Desk
from store.errors import Refused
from store.records import Claim, Decision, Review
from store.review.ticks import SEEN
from tui.claim.dossier import Dossier, is_by
from tui.claim.page import verdict_pieces
from tui.claim.panel import ClaimPanel, Edit, Written
from tui.claim.pickers import pick_verdict
from tui.claim.review_page import reviewing_page
from tui.claim.words import look_of
from tui.keys.actions import Scope
from tui.kit.editors import TextEditor
from tui.kit.page import Place
from tui.kit.pieces import Piece

_CHECKERS = ("claimant", "attribution", "check_target", "types", "priority", "tags")
OBJECTIONS = (
    Decision.DISAGREE, Decision.CHANGE_SPAN, Decision.CHANGE_VERDICT, Decision.CHANGE_CLAIM_TEXT,
    Decision.REJECT_CLAIM, Decision.NEEDS_EVIDENCE,
)  # fmt: skip


class ReviewPanel(ClaimPanel):
    """What is edited here is one's own review; the checker's fields are read only."""

    SCOPE = Scope.PANEL
    HINTS = (("choose", "Edit"), "agree", "disagree", "tick", ("refuse", "Doubt"), "reply", "to_text")
    GUIDE = (
        ("tag", "tag what the checker missed"),
        ("sweep", "sweep it: nothing to check"),
        ("next_residue", "to the next unread place"),
        ("next_open", "to the next claim that needs you"),
    )
    make_page = staticmethod(reviewing_page)

    class Decided(Message):
        """One's review of the claim with that id is given, and nothing more is to be said of it now."""

        def __init__(self, claim: str) -> None:
            super().__init__()
            self.claim = claim

    def __init__(self, desk: Desk, must_be_asked: Callable[[Claim], None]) -> None:
        """``must_be_asked`` refuses a claim that is not under review here."""
        super().__init__(desk)
        self._must_be_asked = must_be_asked

    def _is_asked(self, claim: Claim) -> bool:
        try:
            self._must_be_asked(claim)
        except Refused:
            return False
        return True

    def _said_of(self, dossier: Dossier) -> list[Piece]:
        look = look_of(dossier.my_review)
        said: list[Piece] = [(f"{look.glyph} {look.word}", f"bold {look.tone}")]
        if self.size.width >= 60 and not dossier.hidden:
            said += [("   ", ""), *verdict_pieces(dossier.scheme, dossier.claim.verdict)]
        return said

    def look_on(self) -> bool:
        """Tick the next piece of evidence as seen if all of it is in view, else bring it there; False for none left."""
        dossier = self._at_hand()
        looked = {tick.evidence for tick in dossier.ticks if is_by(tick.by, dossier.me) and not tick.outdated}
        left = (one for one in dossier.evidence if one.id not in looked and not is_by(one.by, dossier.me))
        piece = next(left, None)
        if piece is None:
            return False
        if self.lines.look_at(Place("evidence", piece.id)):
            self.write(lambda: self.desk.tick(piece, SEEN), lambda _: self._wrote(piece.claim, "ticks"))
        return True

    def on_resize(self) -> None:
        self._draw()

    # Editing one's own review

    def action_edit_field(self) -> None:
        """Edit what stands in the cursor row, where it is one's own."""
        self._at_hand()
        place = self.lines.place
        assert place is not None
        if place.kind == "my_review":
            held = self._held()
            missing = held is not None and held.decision == Decision.MISSING_CLAIM
            self._open(Place("reply", held.id) if held and missing else Place("words" if held else "new_comment"))
        elif place.kind == "words":
            self._open(place)
        elif place.kind in _CHECKERS:
            raise Refused(f"That is the checker's: {self._key('disagree')} says what is wrong with it, and why.")
        elif place.kind == "other":
            raise Refused("That verdict is the checker's: give your own in the row “verdict”.")
        else:
            super().action_edit_field()

    action_choose = action_edit_field

    def action_change_text(self) -> None:
        """Propose other words for the claim."""
        self._open(Place("claim_text"))

    def _open(self, place: Place, back: Widget | None = None) -> None:
        if place.kind in ("words", "why", "claim_text"):
            self._must_be_asked(self._at_hand().claim)
        super()._open(place, back)

    def _let(self, claim: Claim, place: Place) -> None:
        if place.kind in ("words", "claim_text", "why"):
            self.desk.may_judge(claim)
        else:
            super()._let(claim, place)

    def _held(self) -> Review | None:
        return self._at_hand().my_review

    def _edit_of(self, place: Place) -> Edit:
        dossier = self._at_hand()
        claim, review = dossier.claim, dossier.my_review
        if place.kind == "words" and review is not None:
            base: Claim | Review = review
            given = review.comment
        elif place.kind == "claim_text":
            base = review or claim
            proposed = review.claim_text if review and not review.stale else ""
            given = proposed or claim.claim_text or claim.quote
        else:
            return super()._edit_of(place)
        editor = TextEditor(self._drafts.get((claim.id, place), given))
        editor.move_cursor(editor.document.end)
        return Edit(place, claim, base, given, editor)

    def _decides(self, edit: Edit) -> bool:
        kind, held = edit.place.kind, edit.base
        if kind == "words":
            return isinstance(held, Review) and held.stale  # said again, it holds for the claim as it is now
        return kind == "claim_text" or super()._decides(edit)

    def _save(self, edit: Edit, value: str) -> Written | None:
        kind, claim = edit.place.kind, edit.claim
        seen = edit.base if isinstance(edit.base, Review) else None
        if kind == "words" and seen is not None:
            return self._say_again(claim, seen, value)
        if kind == "claim_text":
            if not value.strip() or value.strip() == claim.claim_text:
                return None
            held = seen.comment if seen and seen.decision in OBJECTIONS else ""
            return self.desk.review(claim, Decision.CHANGE_CLAIM_TEXT, claim_text=value, comment=held, seen=seen)
        return super()._save(edit, value)

    def _saved(self, edit: Edit, value: str, written: Written | None) -> None:
        super()._saved(edit, value, written)
        if isinstance(written, Review) and edit.place.kind != "words":
            self.post_message(self.Decided(edit.claim.id))

    # One's own verdict

    def action_pick_verdict(self) -> None:
        """Choose one's own verdict, with what each means beside it."""
        dossier = self._at_hand()
        self._must_be_asked(dossier.claim)
        self.desk.may_judge(dossier.claim)

        def give(chosen: tuple[str, ...] | None) -> None:
            if chosen:
                key = chosen[0]
                self.write(
                    lambda: self.give(dossier.claim, key, self.desk.my_review(dossier.claim)),
                    lambda _: self._wrote(dossier.claim.id, "reviews"),
                )

        self.app.push_screen(pick_verdict(dossier), give)

    def give(self, claim: Claim, key: str, held: Review | None) -> Review | None:
        """Give one's own verdict on a claim as a review, on top of the one held; with an empty key take it back."""
        if not key:
            return self.desk.clear_verdict(claim)
        words = held.comment if held and held.decision in OBJECTIONS else ""
        made = self.desk.review(claim, Decision.CHANGE_VERDICT, verdict=key, comment=words, seen=held)
        self._say_put_aside(claim)
        return made

    def _say_again(self, claim: Claim, review: Review, comment: str) -> Review:
        """Give a review anew with other words; the rest of it stays."""
        return self.desk.review(
            claim,
            review.decision,
            reason=review.reason,
            comment=comment,
            span=(review.start, review.end) if review.decision == Decision.CHANGE_SPAN else None,
            claim_text=review.claim_text,
            verdict=review.verdict if review.decision == Decision.CHANGE_VERDICT else "",
            seen=review,
        )
