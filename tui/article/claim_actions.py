"""What the keys do with the selected claim, or the words: edges, verdicts, sweeps, and the ways into the panel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store.errors import Refused
from store.records import Claim, Sweep
from store.text import units
from store.text.shorten import shorten
from store.text.units import Span
from store.vocabulary import LACK_WORDS
from tui.article.screen import ArticleScreen, Work
from tui.keys.actions_and_keys import Scope
from tui.text.claim_edges import Edge, Step, nudge

if TYPE_CHECKING:
    from store.text.coverage import Place
    from tui.claim.panel import ClaimPanel
    from tui.kit.command_palette import Offer


class ClaimActions:
    """The handler of an article screen for what every work on it does with the selected claim or words."""

    def __init__(self, screen: ArticleScreen, work: Work) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._work = work
        self.left = ""
        """The id of the claim that was judged and then left for the next place, as long as that is selected."""

    # Going on after a verdict or a sweep

    def move_on(self, offset: int, claim: Claim | None = None) -> None:
        """Go on to the next place, if verdicts and sweeps do; ``claim`` is the one that was judged."""
        screen = self._screen
        if not screen.moves_on:
            return
        try:
            self._go_on(offset)
        except Refused as nothing:
            screen.say(str(nothing))
        self.left = claim.id if claim else ""
        if claim and (lacks := screen.open.lacks(claim.id)):
            back = screen.keymap.key_of(Scope.ARTICLE, "previous_claim")
            screen.aside = f"{claim.name} lacks {', '.join(LACK_WORDS[lack.what] for lack in lacks)} · {back} back"

    def claim_left(self) -> Claim | None:
        """The claim that was left, while the place behind it is still selected."""
        return self._screen.open.get(self.left) if self._screen.view.place else None

    def action_after_verdict(self) -> None:
        """Switch between staying at a claim and going on once it is judged."""
        screen = self._screen
        moves = not screen.moves_on
        screen.ways.remember(after_verdict="next" if moves else "stay")
        screen.show_panel_soon()
        screen.say(f"Verdicts and sweeps {'move on to the next place' if moves else 'stay where they are'}.")

    def to_end(self) -> Span:
        """The words from that at the caret, or from the start of the selection, to the end of the sentence.

        Raises:
            Refused: there is no word there.
        """
        view = self._screen.view
        start, last = (view.selection[0], view.selection[1] - 1) if view.selection else (view.caret, view.caret)
        sentence = view.units.sentence_at(last)
        if not view.selection:
            word = units.word_at(view.seen.text, view.seen.place(start))
            start = view.seen.offset(word[0]) if word else start
        if sentence is None or next(units.words(view.seen.words(start, sentence[1])), None) is None:
            raise Refused("No word of a sentence follows here: move the caret to where the claim begins.")
        return start, sentence[1]

    def offers(self) -> Iterator[Offer]:
        """The claims of the article and the people who tagged them, as the palette finds them."""
        from tui.kit.command_palette import Offer
        from tui.kit.picker import Choice

        screen, scheme = self._screen, self._desk.scheme
        for claim in screen.open:
            words = shorten(claim.claim_text or claim.quote_shown, 60)
            verdict = scheme.verdict(claim.verdict).label if claim.verdict else "no verdict"
            choice = Choice(claim.id, f"{claim.name} {words}", description=f"Go to this claim: {verdict}.")
            yield Offer(choice, partial(screen.take_claim, claim.id))
        for name in sorted({str(claim.checker) for claim in screen.open}):
            choice = Choice(f"by:{name}", name, description=f"List the claims of {name}.")
            yield Offer(choice, partial(self._list_of, name))

    def _list_of(self, name: str) -> None:
        self._screen.action_filter_claims()
        self._screen.claim_list.filter_line.value = f'by:"{name}"'

    def action_near_copy(self) -> None:
        """Go to the claim that says nearly what the selected one does."""
        screen = self._screen
        claim = screen.at_hand()
        near = self._desk.claims.near_copy(claim)
        screen.go_to(
            screen.open.get(near.id) if near else None, f"No other claim here says nearly what {claim.name} does."
        )

    # Other articles

    def action_tour(self) -> None:
        """Go through the sample article step by step, or on where that was left."""
        from tui.article.tour import begin_tour

        begin_tour(self._screen, self._desk)

    def action_library(self) -> None:
        self._screen.leave()
        self._screen.dismiss()

    def action_next_article(self) -> None:
        self._screen.leave()
        self._screen.ways.switch_article(self._screen.open.article, 1)

    def action_previous_article(self) -> None:
        self._screen.leave()
        self._screen.ways.switch_article(self._screen.open.article, -1)

    # What is left to read

    def action_next_residue(self) -> None:
        """What is left of the sentence at the caret comes first; then what is left behind it, and round again."""
        if self._screen.view.place is None:
            claim, caret = self._screen.claim_at_hand(), self._screen.view.caret
            self._go_on(claim.start if claim and caret == claim.end else caret)
            return
        ledger = self._screen.open.ledger
        self._go_place(ledger.next_place(self._screen.view.place[1]), ledger.next_place(0), "first")

    def action_previous_residue(self) -> None:
        ledger = self._screen.open.ledger
        at = self._screen.view.place[0] if self._screen.view.place else self._screen.view.caret
        self._go_place(ledger.previous_place(at), ledger.previous_place(len(self._screen.open.text) + 1), "last")

    def _go_on(self, offset: int) -> None:
        """What is left of the sentence at an offset; else what is left behind it, and round again."""
        ledger, sentence = self._screen.open.ledger, self._screen.view.units.sentence_at(offset)
        self._go_place(ledger.next_place(sentence[0] if sentence else offset), ledger.next_place(0), "first")

    def _go_place(self, place: Place | None, other_end: Place | None, which: str) -> None:
        if other_end is None:
            coverage, lacking = self._screen.open.coverage, self._screen.open.checked.lacking
            said = "Everything is read." if coverage.words_read == coverage.words else "Nothing is left to read."
            on = self._screen.keymap.key_of(Scope.ARTICLE, "next_open")
            raise Refused(said + (f" {lacking}: {on}." if any(lacking) else ""))
        if place is None:
            only = self._screen.view.place == other_end[:2]
            self._screen.say("This is the only place left." if only else f"Wrapped around to the {which} unread place.")
        self._screen.take_place(place or other_end)

    # Sweeps

    def action_sweep(self) -> None:
        """Sweep what is unread of the selection, the selected place, or the sentence; never a claim's words."""
        view = self._screen.view
        here = [] if view.selection or view.place else self._sweeps_in(view.caret, view.caret + 1)
        if here:
            self._unsweep(here)
            return
        start, end = view.seen.core(*self._screen.words_at_hand()[:2])
        article, left = self._screen.open.article, self._screen.open.ledger.left(start, end)
        if left:

            def swept_now(_: object) -> None:
                self._swept(_)
                self.move_on(start)

            self._screen.write(lambda: self._desk.sweeps.add_all(article, left), swept_now)
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
        span = nudge(self._screen.open.seen, self._work.span_of(claim), edge, step, on=on)
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
        span = view.seen.core(*selection)
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

    def tell_put_aside(self, claim: str) -> None:
        """Say that the justification of another verdict does not stay under the one just given, by the claim's id."""
        if claim in self._screen.open and (said := self._desk.verdicts.put_aside(claim)):
            self._screen.say(said)

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
