"""What a reviewer writes in the panel: their own decision first, and what the checker says, to read and to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from store.access.fields import CLAIM
from store.errors import Refused
from store.records import Claim, Review
from store.review.ticks import SEEN
from store.vocabulary import Decision
from tui.claim.dossier import Dossier
from tui.claim.editor import Edit, Written
from tui.claim.fields import CheckersFields
from tui.claim.panel import ClaimPanel
from tui.claim.panel_content import verdict_pieces
from tui.claim.pickers import pick_verdict
from tui.claim.review_page import claim_page
from tui.claim.state_glyphs import look_of
from tui.kit.page import Place
from tui.kit.screen import Hint
from tui.kit.styled_text import Piece

_JUDGED = ("words", "claim_text", "why")
"""What is written here as part of a review: only on a claim under review."""


class ReviewersFields:
    """What is edited here is your own review; the checker's fields are read only, all else is as everywhere."""

    hints: tuple[Hint, ...] = (("choose", "Edit"), "agree", "disagree", "tick", ("refuse", "Doubt"), "reply", "to_text")
    guide: tuple[tuple[str, str], ...] = (
        ("tag", "tag what the checker missed"),
        ("sweep", "sweep it: nothing to check; on a sweep, remove it"),
        ("next_residue", "to the next unread place"),
        ("next_open", "to the next claim that needs you"),
    )
    page = staticmethod(partial(claim_page, reviewing=True))

    def __init__(self, panel: ClaimPanel, require: Callable[[Claim], None]) -> None:
        """``require`` refuses a claim that is not under review here."""
        self._panel = panel
        self._desk = panel.desk
        self._require = require
        self._others = CheckersFields(panel, self._is_under_review)
        self.handlers: tuple[object, ...] = (self, *self._others.handlers[1:])

    def said_of(self, dossier: Dossier) -> list[Piece]:
        look = look_of(dossier.my_review)
        said: list[Piece] = [(f"{look.glyph} {look.word}", f"bold {look.tone}")]
        if self._panel.size.width >= 60 and not dossier.hidden:
            said += [("   ", ""), *verdict_pieces(dossier.scheme, dossier.claim.verdict)]
        return said

    def choose(self, place: Place, then: Callable[[], object]) -> None:
        self._others.choose(place, then)

    def known(self, kind: str) -> Sequence[str]:
        return ()

    def look_on(self) -> bool:
        """Tick the next piece of evidence as seen if all of it is in view, else bring it there; False for none left."""
        dossier = self._panel.at_hand()
        looked = {tick.evidence for tick in dossier.ticks if tick.by.id == dossier.me.id and not tick.outdated}
        left = (one for one in dossier.evidence if one.id not in looked and one.by.id != dossier.me.id)
        piece = next(left, None)
        if piece is None:
            return False
        if self._panel.lines.look_at(Place("evidence", piece.id)):
            self._panel.save(piece.claim, "ticks", lambda: self._desk.ticks.tick(piece, SEEN))
        return True

    # Entering a row

    def enter(self, place: Place) -> None:
        held = self._panel.at_hand().my_review
        if place.kind == "my_review":
            missing = held is not None and held.decision == Decision.MISSING_CLAIM
            self._panel.edit(Place("reply", held.id) if held and missing else Place("words" if held else "new_comment"))
        elif place.kind == "words":
            self._panel.edit(place)
        elif place.kind in CLAIM and place.kind not in _JUDGED:
            key = self._panel.key("disagree")
            raise Refused(f"That is the checker's: {key} says what is wrong with it, and why.")
        elif place.kind == "other":
            raise Refused("That verdict is the checker's: give your own in the row “verdict”.")
        else:
            self._others.enter(place)

    def action_change_text(self) -> None:
        """Propose other words for the claim."""
        self._panel.edit(Place("claim_text"))

    def action_pick_verdict(self) -> None:
        """Choose your own verdict, with what each means beside it."""
        dossier = self._panel.at_hand()
        claim = dossier.claim
        self._require(claim)
        self._desk.claims.may_judge(claim)

        def give(chosen: tuple[str, ...] | None) -> None:
            if chosen:
                self._panel.save(
                    claim.id, "reviews", lambda: self.give(claim, chosen[0], self._desk.reviews.mine(claim))
                )

        self._panel.app.push_screen(pick_verdict(dossier), give)

    def give(self, claim: Claim, key: str, held: Review | None) -> Review | None:
        """Give your own verdict on top of the review that is held, and say what it puts aside; the empty key takes
        yours back."""
        made = self._desk.proposals.verdict(claim, key, held)
        if key and (said := self._desk.verdicts.put_aside(claim)):
            self._panel.say(said)
        return made

    # Editing

    def allow(self, claim: Claim, place: Place) -> None:
        if place.kind in _JUDGED:
            self._require(claim)
            self._desk.claims.may_judge(claim)

    def given(self, place: Place) -> tuple[Written, str]:
        dossier = self._panel.at_hand()
        claim, review = dossier.claim, dossier.my_review
        if place.kind == "words" and review is not None:
            return review, review.comment
        if place.kind == "claim_text":
            proposed = review.claim_text if review and not review.stale else ""
            return review or claim, proposed or claim.claim_text or claim.quote_shown
        return self._others.given(place)

    def decides(self, edit: Edit) -> bool:
        kind, held = edit.place.kind, edit.base
        if kind == "words":
            return isinstance(held, Review) and held.stale  # said again, it holds for the claim as it is now
        return kind == "claim_text" or self._others.decides(edit)

    def _is_under_review(self, claim: Claim) -> bool:
        try:
            self._require(claim)
        except Refused:
            return False
        return True

    def save(self, edit: Edit, value: str) -> Written | None:
        kind, claim = edit.place.kind, edit.claim
        held = edit.base if isinstance(edit.base, Review) else None
        if kind == "words" and held is not None:
            return self._desk.proposals.reword(claim, held, value)
        if kind == "claim_text":
            return self._desk.proposals.text(claim, value, held)
        return self._others.save(edit, value)

    def saved(self, edit: Edit, written: Written) -> None:
        self._others.saved(edit, written)
        if isinstance(written, Review) and edit.place.kind != "words":
            self._panel.post_message(self._panel.Decided(edit.claim.id))
