"""What is done with the selected claim, or the words: edges, verdicts, sweeps, and the ways into the panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.errors import Refused
from store.records import Claim, Sweep
from store.text import units
from store.text.units import Span
from tui.article.screen import ArticleScreen, Work
from tui.keys.actions import Scope
from tui.text.edges import Edge, Step, nudge

if TYPE_CHECKING:
    from tui.claim.panel import ClaimPanel


class Hand:
    """The handler of an article screen for what every work on it does with the selected claim or words."""

    def __init__(self, screen: ArticleScreen, work: Work) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._work = work

    def span(self) -> Span:
        """The selection, the selected place or the sentence at the caret, without white space and emphasis around it.

        Raises:
            Refused: there is nothing of that.
        """
        view = self._screen.view
        chosen = view.selection or view.place or view.units.sentence_at(view.caret)
        if chosen is None:
            raise Refused("There is nothing to tag here: select some text first.")
        return units.core(view.text, *chosen)

    # Sweeps

    def action_sweep(self) -> None:
        """Sweep what is unread of the selection, the selected place, or the sentence; never a claim's words."""
        view = self._screen.view
        here = [] if view.selection or view.place else self._sweeps_in(view.caret, view.caret + 1)
        if here:
            self._unsweep(here)
            return
        start, end = self.span()
        article, left = self._screen.open.article, self._screen.open.ledger.left(start, end)
        if left:
            self._screen.write(lambda: self._desk.sweeps.add_all(article, left), self._swept)
        elif swept := self._sweeps_in(start, end):
            self._unsweep(swept)
        else:
            raise Refused("Nothing is left to sweep here: every word is in a claim.")

    def delete_sweep(self) -> None:
        """Take the sweep at the caret back.

        Raises:
            Refused: there is none.
        """
        caret = self._screen.view.caret
        sweeps = self._sweeps_in(caret, caret + 1)
        if not sweeps:
            raise Refused("There is no claim and no sweep at the caret to delete.")
        self._unsweep(sweeps[:1])

    def _sweeps_in(self, start: int, end: int) -> list[Sweep]:
        return [sweep for sweep in self._screen.open.sweeps if sweep.start < end and sweep.end > start]

    def _swept(self, _: object) -> None:
        self._screen.view.clear_selection()
        self._screen.wrote()

    def _unsweep(self, sweeps: Sequence[Sweep]) -> None:
        def done(_: object) -> None:
            self._swept(_)
            undo = self._screen.keymap.key_of(Scope.ARTICLE, "undo")
            many, them = (f"{len(sweeps)} sweeps", "them") if len(sweeps) > 1 else ("the sweep", "it")
            self._screen.say(f"Took {many} back; {undo} brings {them} again.")

        self._screen.write(lambda: self._desk.sweeps.take_back(sweeps), done)

    # Edges

    def action_nudge(self, edge: Edge, step: Step, on: bool) -> None:
        """Move one edge of the selected claim by a step, towards the text's end (``on``) or back."""
        claim = self._screen.at_hand()
        span = nudge(self._screen.open.text, self._work.span_of(claim), edge, step, on=on)
        if span is None:
            self._screen.app.bell()
        else:
            self._work.move(claim, span, edge)

    def reveal(self, span: Span, edge: Edge | None) -> None:
        """Bring the edge that has just moved into view, also where its claim is higher than the view."""
        if edge is not None:
            at = span[0] if edge == "start" else span[1] - 1
            self._screen.view.reveal(at, at)

    def action_respan(self) -> None:
        view = self._screen.view
        selection = view.selection
        if selection is None:
            raise Refused("Select the new span of the claim, then press S.")
        claim = self._screen.claim_at_hand() or self._only_claim(selection)
        span = units.core(view.text, *selection)
        view.clear_selection()
        self._work.move(claim, span)

    def _only_claim(self, span: Span) -> Claim:
        """The one claim that shares text with a span."""
        opened = self._screen.open
        claims = [claim for mark in self._screen.view.overlapping(*span) if (claim := opened.get(mark.id))]
        if not claims:
            raise Refused("No claim shares text with the selection: t tags it as a new one.")
        if len(claims) > 1:
            names = ", ".join(claim.name for claim in claims[:6])
            raise Refused(f"{names} share text with the selection: begin to select in the one that you mean.")
        return claims[0]

    # Verdicts

    def action_verdict(self, place: int) -> None:
        """Give the selected claim the scheme's verdict at a place, counted from 1."""
        scheme = self._desk.scheme
        if place > len(scheme.active):
            raise Refused(f"The scheme {scheme.id} has {len(scheme.active)} verdicts: r shows them.")
        self._work.give(scheme.active[place - 1].key)

    def action_clear_verdict(self) -> None:
        self._work.give("")

    # Into the panel

    def panel(self) -> ClaimPanel:
        """The panel with the selected claim in it, now.

        Raises:
            Refused: there is none.
        """
        screen = self._screen
        screen.at_hand()
        if not screen.panel.display:
            screen.remove_class("-listing")
        screen.show_now()
        return screen.panel

    def action_pick_verdict(self) -> None:
        self.panel().fields.action_pick_verdict()

    def action_justify(self) -> None:
        self.panel().action_justify()

    def action_split(self) -> None:
        from tui.claim.facts import RowFacts

        RowFacts(self.panel()).action_split()

    def action_join(self) -> None:
        from tui.claim.facts import RowFacts

        RowFacts(self.panel()).action_join()

    def action_add_evidence(self) -> None:
        self.panel().action_add_evidence()

    def action_add_comment(self) -> None:
        self.panel().action_add_comment()

    def action_edit_claim(self) -> None:
        self.panel().focus()
