"""The article screen: tagging, sweeping and checking what is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from store.desk import Desk
from store.errors import Duplicate, Refused, TaggedByAnother
from store.history.words import shorten
from store.records import Article, Claim, Sweep, Undone
from store.text import units
from store.text.quotations import quoted
from store.text.units import Span
from tui.article.work import Together
from tui.keys.actions import Scope
from tui.kit.screen import Hint
from tui.kit.undo import Undo
from tui.text.edges import Edge, Step
from tui.text.edges import nudge as nudged

if TYPE_CHECKING:
    from tui.claim.panel import ClaimPanel


class ArticleScreen(Together):
    """Reading, tagging and checking one article."""

    HINTS: ClassVar[tuple[Hint, ...]] = (
        "tag",
        ("verdict_1", "verdict"),
        ("next_residue", "next unread"),
        "sweep",
        ("add_evidence", "evidence"),
        ("justify", "why"),
        "undo",
        ("find", "find"),
    )

    def __init__(self, desk: Desk, article: Article, claim: str = "", found: Span | None = None) -> None:
        super().__init__(desk, article, claim, found)
        self.handlers = (Undo(self, desk, self.undone),)

    # Tagging and sweeping

    def _chosen_span(self) -> Span:
        """The selection, the place in hand or the sentence at the caret, without white space and emphasis around it."""
        chosen = self.view.selection or self.view.place or self.view.units.sentence_at(self.view.caret)
        if chosen is None:
            raise Refused("There is nothing to take here: select some text first.")
        return units.core(self.open.text, *chosen)

    _pointed_out: tuple[str, int] | None = None
    """Somebody else's claim on the words that were to be tagged, and the caret then: tagging again makes one's own."""

    def action_tag(self) -> None:
        other = self.open.get(self.view.active)
        own = other is not None and self.view.selection is None and self._pointed_out == (other.id, self.view.caret)
        start, end = (other.start, other.end) if other is not None and own else self._chosen_span()

        def tagged(claim: Claim) -> None:
            self._wrote(claim)
            self.view.clear_selection()
            self.view.activate(claim.id)

        try:
            self.write(lambda: self.desk.tag(self.open.article, start, end, own=own), tagged)
        except Duplicate as twin:
            self._catch_up()
            self.view.clear_selection()
            self.view.activate(twin.claim.id)
            if isinstance(twin, TaggedByAnother):
                self._pointed_out = (twin.claim.id, self.view.caret)
                key = self.keymap.key_of(Scope.CHECK, "tag")
                raise Refused(f"{twin} {key} again tags it as yours too.") from None
            raise

    def action_sweep(self) -> None:
        """Sweep what is unread of the selection, the place in hand, or the sentence; never a claim's words."""
        caret = self.view.caret
        here = [] if self.view.selection or self.view.place else self._sweeps_in(caret, caret + 1)
        if here:
            self._take_back(here)
            return
        start, end = self._chosen_span()
        left = self.open.ledger.left(start, end)
        if left:
            self.write(lambda: self._sweep(left), self._swept)
        elif swept := self._sweeps_in(start, end):
            self._take_back(swept)
        else:
            raise Refused("Nothing is left to sweep here: every word is in a claim.")

    def _sweep(self, spans: Sequence[Span]) -> None:
        with self.desk.together():
            for span in spans:
                self.desk.sweep(self.open.article, *span)

    def _swept(self, _: object) -> None:
        self.view.clear_selection()
        self._wrote()

    def _sweeps_in(self, start: int, end: int) -> list[Sweep]:
        return [sweep for sweep in self.open.sweeps if sweep.start < end and sweep.end > start]

    def _take_back(self, sweeps: Sequence[Sweep]) -> None:
        def delete() -> None:
            with self.desk.together():
                for sweep in sweeps:
                    self.desk.delete(sweep)

        def deleted(_: object) -> None:
            self._swept(_)
            undo = self.keymap.key_of(Scope.ARTICLE, "undo")
            many, them = (f"{len(sweeps)} sweeps", "them") if len(sweeps) > 1 else ("the sweep", "it")
            self.say(f"Took {many} back; {undo} brings {them} again.")

        self.write(delete, deleted)

    def _at_hand(self) -> Claim:
        claim = self.open.get(self.view.active)
        if claim is None:
            raise Refused("There is no claim at the caret: t tags one, ] goes to the next.")
        return claim

    def action_delete(self) -> None:
        claim = self.open.get(self.view.active)
        if claim is not None:
            self.write(lambda: self.desk.delete(claim), lambda _: self._deleted(claim))
        else:
            sweeps = self._sweeps_in(self.view.caret, self.view.caret + 1)
            if not sweeps:
                raise Refused("There is no claim and no sweep at the caret to delete.")
            self._take_back(sweeps[:1])

    def _deleted(self, claim: Claim) -> None:
        self._wrote()
        self.say(f"Deleted {claim.name}; u brings it back.")

    # Edges

    def action_nudge(self, edge: Edge, step: Step, on: bool) -> None:
        """Move one edge of the claim at hand by a step, towards the text's end (``on``) or back."""
        claim = self._at_hand()
        span = nudged(self.open.text, (claim.start, claim.end), edge, step, on=on)
        if span is None:
            self.app.bell()
            return
        self._move(claim, span, edge)

    def _reveal_edge(self, span: Span, edge: Edge) -> None:
        """Bring the edge that has just moved into view, also where its claim is higher than the view."""
        at = span[0] if edge == "start" else span[1] - 1
        self.view.reveal(at, at)

    def _move(self, claim: Claim, span: Span, edge: Edge | None = None) -> None:
        def moved(claim: Claim) -> None:
            self._wrote()
            self.view.activate(claim.id)
            if edge is not None:
                self._reveal_edge(span, edge)

        self.write(lambda: self.desk.move(claim, *span), moved)

    def action_respan(self) -> None:
        selection = self.view.selection
        if selection is None:
            raise Refused("Select the text that the claim is to span, then press S.")
        claim = self.open.get(self.view.active) or self._only_claim(selection)
        span = units.core(self.open.text, *selection)
        self.view.clear_selection()
        self._move(claim, span)

    def _only_claim(self, span: Span) -> Claim:
        """The one claim that shares text with a span."""
        claims = [claim for mark in self.view.overlapping(*span) if (claim := self.open.get(mark.id))]
        if not claims:
            raise Refused("No claim shares text with the selection: t tags it as a new one.")
        if len(claims) > 1:
            names = ", ".join(claim.name for claim in claims[:6])
            raise Refused(f"{names} share text with the selection: begin to select in the one that you mean.")
        return claims[0]

    # Verdicts

    def action_verdict(self, place: int) -> None:
        """Give the claim at hand the scheme's verdict at a place, counted from 1."""
        scheme = self.desk.scheme
        if place > len(scheme.active):
            raise Refused(f"The scheme {scheme.id} has {len(scheme.active)} verdicts: r shows them.")
        self._give(scheme.active[place - 1].key)

    def action_clear_verdict(self) -> None:
        self._give("")

    def _give(self, key: str) -> None:
        claim = self._at_hand()

        def given(_: object) -> None:
            self._wrote()
            if key and (said := self.desk.put_aside(claim)):
                self.say(said)

        self.write(lambda: self.desk.give_verdict(claim, key), given)

    def action_pick_verdict(self) -> None:
        self._prepared().action_pick_verdict()

    def action_justify(self) -> None:
        self._prepared().action_justify()

    def action_add_evidence(self) -> None:
        self._prepared().action_add_evidence()

    def action_add_comment(self) -> None:
        self._prepared().action_add_comment()

    def _prepared(self) -> ClaimPanel:
        """The panel with the claim at hand in it, now."""
        self._at_hand()
        if not self.panel.display:
            self.remove_class("-listing")
        self._show_now()
        return self.panel

    def action_edit_claim(self) -> None:
        self._prepared()
        self.panel.focus()

    def action_to_text(self) -> None:
        self.view.focus()

    def action_copy(self) -> None:
        claim = self.open.get(self.view.active)
        words = self.view.selected_text or (claim.quote if claim else "")
        if not words:
            raise Refused("Select some text to copy, or put the caret on a claim.")
        self.app.copy_to_clipboard(words)
        self.say(f"Copied {quoted(shorten(words, 40))}.")

    # Undo

    def undone(self, undone: Undone) -> None:
        self._wrote()
        if undone.claim in self.open:
            self.view.activate(undone.claim)
        elsewhere = undone.article and undone.article != self.open.article.id
        self.say(undone.sentence + (" (in another article)" if elsewhere else ""))
