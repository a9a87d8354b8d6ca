"""What a checker writes in the panel: the claim's fields, a verdict and why, comments and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from store.errors import Refused
from store.records import Claim, Comment, Review, Verdict
from tui.claim.answers import RowAnswers
from tui.claim.dossier import Dossier
from tui.claim.editor import Edit, Written
from tui.claim.facts import RowFacts
from tui.claim.panel import ClaimPanel
from tui.claim.panel_content import GUIDE, TEXTS, verdict_pieces
from tui.claim.pickers import WORDS, pick_types, pick_verdict, pick_word
from tui.claim.review_page import claim_page
from tui.claim.source_actions import RowSources
from tui.kit.page import Place
from tui.kit.screen import Hint
from tui.kit.styled_text import Piece

_TABLES: dict[type, str] = {Claim: "claims", Verdict: "verdicts", Comment: "comments", Review: "reviews"}


class CheckersFields:
    """The fields of a claim as its checker, or the person who looks at it, has them."""

    hints: tuple[Hint, ...] = (("choose", "Edit"), "pick_verdict", "add_evidence", "add_comment", "to_text")
    guide = GUIDE
    page = staticmethod(claim_page)

    def __init__(self, panel: ClaimPanel, reviewing: Callable[[Claim], bool] = lambda claim: False) -> None:
        """``reviewing`` says whether a claim is under review here: what is then said of it may be a review."""
        self._panel = panel
        self._reviewing = reviewing
        self._desk = panel.desk
        self.handlers: tuple[object, ...] = (self, RowAnswers(panel), RowSources(panel), RowFacts(panel))

    def said_of(self, dossier: Dossier) -> list[Piece]:
        lacking: list[Piece] = [(" !", "bold warning")] if dossier.lacks else []
        return [*verdict_pieces(dossier.scheme, dossier.claim.verdict), *lacking]

    # Editing

    def allow(self, claim: Claim, place: Place) -> None:
        if place.kind == "why":
            self._desk.claims.may_judge(claim)
        elif place.kind in TEXTS:
            self._desk.claims.may_edit(claim)

    def given(self, place: Place) -> tuple[Written, str]:
        dossier = self._panel.at_hand()
        claim = dossier.claim
        if place.kind == "why":
            return (dossier.mine, dossier.mine.justification) if dossier.mine else (claim, "")
        if place.kind == "comment":
            comment = self._panel.comment(place.id)
            return comment, comment.body
        if place.kind == "tags":
            return claim, ", ".join(claim.tags)
        return claim, str(getattr(claim, place.kind)) if place.kind in TEXTS else ""

    def decides(self, edit: Edit) -> bool:
        remark = edit.place.kind == "new_comment"
        return remark and self._desk.reviews.remark_decides(edit.claim, reviewing=self._reviewing(edit.claim))

    def save(self, edit: Edit, value: str) -> Written | None:
        desk, base, kind = self._desk, edit.base, edit.place.kind
        if kind == "comment":
            assert isinstance(base, Comment)
            return desk.threads.edit(base, value)
        if kind == "new_comment":
            return (
                desk.reviews.remark(edit.claim, value, reviewing=self._reviewing(edit.claim)) if value.strip() else None
            )
        if kind == "reply":
            return desk.threads.comment(edit.claim, value, edit.place.id) if value.strip() else None
        if kind == "why":
            assert isinstance(base, (Claim, Verdict))
            return desk.verdicts.justify(base, value)
        assert isinstance(base, Claim)
        wanted = [tag.strip() for tag in value.split(",")] if kind == "tags" else value
        return desk.claims.edit(base, **{kind: wanted})

    def saved(self, edit: Edit, written: Written) -> None:
        self._panel.wrote(edit.claim.id, _TABLES[type(written)])

    # Entering a row

    def enter(self, place: Place) -> None:
        panel = self._panel
        dossier = panel.at_hand()
        if place.kind in TEXTS or place.kind in ("new_comment", "reply"):
            panel.edit(place)
        elif place.kind == "comment":
            own = panel.comment(place.id).by.id == dossier.me.id
            panel.edit(place) if own else panel.action_reply()
        elif place.kind == "verdict":
            panel.fields.action_pick_verdict()
        elif place.kind == "types" or place.kind in WORDS:
            self._pick(place.kind)
        elif place.kind == "add_evidence":
            panel.action_add_evidence()
        elif place.kind == "evidence":
            panel.open_evidence(panel.evidence(place.id))
        elif place.kind == "add_comment":
            panel.action_add_comment()
        elif place.kind == "stack":
            panel.post_message(panel.Chosen(place.id))
        elif place.kind == "review":
            panel.action_reply()
        else:
            other = next(v for v in dossier.others if v.id == place.id)
            raise Refused(f"That verdict is {other.by}'s: yours stands in the row “verdict”.")

    def action_pick_verdict(self) -> None:
        self.pick_verdict()

    def pick_verdict(self, then: Callable[[], object] = lambda: None) -> None:
        """Have a verdict chosen; ``then`` is called when one was given."""
        panel, dossier = self._panel, self._panel.at_hand()
        self._desk.claims.may_judge(dossier.claim)

        def give(chosen: tuple[str, ...] | None) -> None:
            if chosen and chosen[0] != (dossier.mine.verdict if dossier.mine else ""):
                key = chosen[0]
                panel.write(lambda: self._desk.verdicts.give(dossier.mine or dossier.claim, key), given)

        def given(_: object) -> None:
            panel.wrote(dossier.claim.id, "verdicts")
            if said := self._desk.verdicts.put_aside(dossier.claim):
                panel.say(said)
            if self._desk.claims.get(dossier.claim).verdict:
                panel.call_later(then)

        panel.app.push_screen(pick_verdict(dossier), give)

    def choose(self, place: Place, then: Callable[[], object]) -> None:
        self._pick(place.kind, then, passing=True)

    def known(self, kind: str) -> Sequence[str]:
        return self._desk.claims.claimants() if kind == "claimant" else ()

    def _pick(self, name: str, then: Callable[[], object] = lambda: None, *, passing: bool = False) -> None:
        """Choose the word, or with types the words, of a field."""
        panel, dossier = self._panel, self._panel.at_hand()
        claim = dossier.claim
        self._desk.claims.may_edit(claim)
        several = name == "types"

        def take(chosen: tuple[str, ...] | None) -> None:
            value = None if chosen is None else chosen if several else (*chosen, "")[0]
            if value is not None and value != getattr(claim, name):
                panel.save(claim.id, "claims", lambda: self._desk.claims.edit(claim, **{name: value}))
            if value is not None:
                then()

        picker = pick_types(dossier) if several else pick_word(name, getattr(claim, name))
        picker.passing = passing
        panel.app.push_screen(picker, take)
