"""The work of a reviewer: others' claims, gone through one by one, at one key for each decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.errors import Busy, Duplicate, Refused
from store.person import Person
from store.records import Claim, Review
from store.review.proposals import gave_way
from store.text.units import Span
from store.vocabulary import Decision, Role
from tui.article.check_work import claim_mark
from tui.article.claim_actions import ClaimActions
from tui.article.corrector import Corrector
from tui.article.open_article import News
from tui.article.others import Others
from tui.article.screen import ArticleScreen
from tui.claim.disagreement_form import WhyForm, pick_reason
from tui.claim.state_glyphs import DECISIONS, decided, look_of
from tui.keys.actions_and_keys import Scope
from tui.kit.picker import Choice, Picker
from tui.kit.screen import Hint, way
from tui.kit.styled_text import Piece
from tui.review.queue import ReviewQueue
from tui.text.claim_edges import Edge
from tui.text.spans import Mark, reading_order
from tui.view.caret import proposal_id

if TYPE_CHECKING:
    from tui.claim.list import ClaimList
    from tui.claim.panel import ClaimPanel
    from tui.review.panel import ReviewersFields


class ReviewingWork:
    """Reviewing what somebody (``whose``, a name), or everybody else, has tagged in one article.

    Nothing of theirs is changed: what is decided here is kept as your own review, and shown in its place.
    """

    hints: tuple[Hint, ...] = (
        "agree",
        "disagree",
        "look_on",
        "next_open",
        "verdict_1",
        "end_on",
        ("tag", "Add missing"),
        "reject_claim",
        ("delete", "Take back"),
        ("submit", "Finish"),
    )
    text = Scope.PROPOSE
    around = Scope.REVIEW
    role = Role.REVIEWER

    queue: ReviewQueue
    fields: ReviewersFields

    def __init__(self, screen: ArticleScreen, whose: Person) -> None:
        self.whose = whose
        self._screen = screen
        self._desk = screen.desk
        self._actions = ClaimActions(screen, self)
        self._others = Others(screen, self)

    def handlers(self) -> tuple[object, ...]:
        return self, self._actions, self._others, Corrector(self._screen)

    def furniture(self) -> tuple[ClaimPanel, ClaimList]:
        from tui.claim.panel import ClaimPanel
        from tui.review.list import ReviewList
        from tui.review.panel import ReviewersFields

        def fields(panel: ClaimPanel) -> ReviewersFields:
            self.fields = ReviewersFields(panel, self._require)
            return self.fields

        return ClaimPanel(self._desk, fields), ReviewList(self._desk, self.queue)

    def action_review_others(self) -> None:
        raise Refused(f"You are reviewing here; {self._screen.keymap.key_of(Scope.ARTICLE, 'library')} leads back.")

    # What is under review

    def opened(self) -> None:
        me = self._desk.reviewer.id
        mine = {one.claim: one for one in self._desk.reviews.of(self._screen.open.article) if one.by.id == me}
        asked = (claim for claim in self._screen.open if self._is_asked(claim))
        self.queue = ReviewQueue((claim, mine.get(claim.id)) for claim in asked)

    def begin(self, claim: str, begun: bool) -> None:
        for one in self._screen.open:
            self._show_proposal(one.id)
        if claim not in self._screen.open and not begun:
            self._screen.view.activate(self.queue.next_due((-1, 0, "")))

    def begun(self) -> None:
        self._others.look()

    def chose(self, event: ClaimPanel.Chose) -> None:
        pass

    def _is_asked(self, claim: Claim) -> bool:
        """Whether a claim is among those to be reviewed."""
        return self._desk.proposals.under_review(claim, self.whose)

    def _require(self, claim: Claim) -> None:
        """Refuse to review a claim that is not among those under review here."""
        self._desk.proposals.require(claim, self.whose)

    def take_in(self, news: News) -> News:
        """A claim is shown again whenever anything about it has changed: so may your review of it."""
        touched = [claim for id in news.touched if (claim := self._screen.open.get(id)) is not None]
        for claim in touched:
            if self._is_asked(claim):
                self.queue.put(claim, news.review or self._desk.reviews.mine(claim))
            self._show_proposal(claim.id)
        if news.assigned:
            self._others.look()
        for id in news.gone:
            self.queue.drop(id)
            self._show_proposal(id)
        return news._replace(put=tuple(touched))

    def marks(self, claims: Iterable[Claim]) -> list[Mark]:
        marks = []
        for claim in claims:
            if claim.id in self.queue:
                look = look_of(self.queue.get(claim.id))
            elif claim.missed:
                look = DECISIONS[Decision.MISSING_CLAIM.value]
            else:
                marks.append(claim_mark(self._screen, claim))
                continue
            due = self.queue.is_due(claim.id)
            marks.append(Mark(claim.id, claim.start, claim.end, look.glyph, look.tone, open=due))
        return marks

    def _show_proposal(self, claim: str) -> None:
        """Draw the span you propose for a claim beside the claim's own, or no longer."""
        review = self.queue.get(claim)
        if review is not None and review.end:
            look = DECISIONS[Decision.CHANGE_SPAN]
            self._screen.view.put_mark(
                Mark(proposal_id(claim), review.start, review.end, look.glyph, look.tone, proposal=True)
            )
        else:
            self._screen.view.remove_mark(proposal_id(claim))

    def head(self, width: int) -> tuple[list[Piece], list[Piece]]:
        article, queue = self._screen.open.article, self.queue
        wide = width >= 100
        left = [(" review ", "bold reverse"), *self._others.head(), (" ".join(article.title.split()), "bold")]
        if wide:
            left.append((f"  {self.whose or 'everyone else'}'s claims", "muted"))
        done = queue.reviewed
        filled = 10 * done // len(queue) if len(queue) else 10
        right: list[Piece] = [
            (f"  {self._desk.reviewer}  " if wide else " ", "muted"),
            ("▓" * filled, "accent"),
            ("░" * (10 - filled), "muted"),
            (f" {done} of {len(queue)} reviewed", "bold"),
        ]
        seen, pieces = self._desk.ticks.looked_at(article, self.whose)
        if pieces:
            said = f" · evidence {seen} of {pieces} looked at" if wide else f" · ☑ {seen}/{pieces} seen"
            right.append((said, "muted" if seen == pieces else ""))
        return left, right

    # Going on

    def _advance(self, claim: Claim) -> None:
        """Select the next claim that needs a review."""
        found = self.queue.next_due(reading_order(claim))
        if found:
            self._screen.view.clear_selection()
            self._screen.view.activate(found)
        elif len(self.queue):
            key = self._screen.keymap.key_of(Scope.ARTICLE, "submit")
            self._screen.say(f"Every claim is reviewed. {key} shows what you said and submits it.")

    def _go_due(self, back: bool) -> None:
        found = self.queue.next_due(self._screen.here(back), back=back)
        self._screen.go_to(self._screen.open.get(found), "Every claim is reviewed, and none has changed since.")

    def action_next_open(self) -> None:
        self._go_due(False)

    def action_previous_open(self) -> None:
        self._go_due(True)

    def _walk(self, back: bool) -> Claim | None:
        """The next claim under review, or of those you have reported yourself; claims of others are passed over."""
        key, me = self._screen.here(back), self._desk.reviewer.id
        claims = [one for one in self._screen.open if one.id in self.queue or (one.missed and one.checker.id == me)]
        if back:
            return next((one for one in reversed(claims) if reading_order(one) < key), None)
        return next((one for one in claims if reading_order(one) > key), None)

    def action_next_claim(self) -> None:
        self._screen.go_to(self._walk(False), "There is no later claim to review.")

    def action_previous_claim(self) -> None:
        self._screen.go_to(self._walk(True), "There is no earlier claim to review.")

    def action_next_disputed(self) -> None:
        found = self.queue.next_disputed(self._screen.here(False))
        self._screen.go_to(self._screen.open.get(found), "No claim here is in dispute.")

    # Deciding

    def _under_review(self) -> tuple[Claim, Review | None]:
        claim = self._screen.at_hand()
        self._require(claim)
        return claim, self.queue.get(claim.id)

    def lost(self, claim: Claim) -> None:
        found = self.queue.next_due(reading_order(claim))
        if found:
            self._screen.view.activate(found)

    def _decide(self, decision: Decision) -> None:
        """Say of the selected claim what needs no words, and go on to the next."""
        claim, held = self._under_review()
        self._screen.write(
            lambda: self._desk.reviews.decide(claim, decision, seen=held),
            lambda review: self._decided(claim, review, held),
        )

    def _decided(self, claim: Claim, review: Review, held: Review | None) -> None:
        self._screen.wrote(review)
        self._advance(claim)
        lost = [DECISIONS[proposal].word for proposal in gave_way(held, review)]
        if lost:
            key = self._screen.keymap.key_of(Scope.ARTICLE, "undo")
            said = f"Your {' and '.join(lost)} for {claim.name} gave way to “{DECISIONS[review.decision].word}”."
            self._screen.say(f"{said} {key} brings it back.")

    def action_agree(self) -> None:
        self._decide(Decision.AGREE)

    def action_reject_claim(self) -> None:
        self._decide(Decision.REJECT_CLAIM)

    def action_need_evidence(self) -> None:
        self._decide(Decision.NEEDS_EVIDENCE)

    def action_disagree(self) -> None:
        claim, held = self._under_review()
        self._desk.claims.may_judge(claim)
        scheme = self._desk.scheme
        where = " ".join(self._screen.view.selected_text.split())
        known = held.comment if held and held.decision == Decision.DISAGREE else ""
        refused: list[str] = []

        def reasoned(chosen: tuple[str, ...] | None) -> None:
            if not chosen:
                return
            reason = scheme.reason(chosen[0])

            def take(words: str) -> tuple[Claim, Review, Review | None]:
                # As it stands now: that it has changed under the form was said, and the words are meant nevertheless.
                about = claim if not refused else self._desk.claims.get(claim.id)
                seen = held if about is claim else self._desk.reviews.mine(claim.id)
                try:
                    said = self._desk.reviews.decide(
                        about, Decision.DISAGREE, reason=reason.key, comment=words, seen=seen
                    )
                except Busy:
                    raise
                except Refused:
                    refused.append(words)
                    raise
                return about, said, seen

            what = f"{reason.label}. {' '.join(reason.description.split())}"
            title, about = f"Disagree with {claim.name}", f"{claim.id}/disagree"

            def taken(made: tuple[Claim, Review, Review | None]) -> None:
                self._decided(*made)

            self._screen.app.push_screen(WhyForm(title, take, taken, about=about, what=what, where=where, why=known))

        self._screen.app.push_screen(pick_reason(f"Disagree with {claim.name}: why?", scheme), reasoned)

    def decided(self, claim: str) -> None:
        """The review of a claim, by its id, was given in the panel."""
        self._screen.wrote()
        found = self._screen.open.get(claim)
        if found is not None and self._screen.view.active == claim:
            self._advance(found)

    def action_change_text(self) -> None:
        self._actions.panel()
        self.fields.action_change_text()

    # Evidence

    def action_look_on(self) -> None:
        claim = self._screen.open.get(self._screen.view.active)
        if claim is None or not self._is_asked(claim):
            self._screen.view.motions.action_page_down()
            return
        self._actions.panel()
        if not self.fields.look_on():  # to page away would have the next key decide on another claim
            any_at_all = self._desk.evidence.of(claim.id)
            said = "All evidence on {} is looked at." if any_at_all else "There is no evidence to look at on {}."
            self._screen.say(said.format(claim.name))

    def action_doubt(self) -> None:
        self._do_in_panel("refuse")

    def action_open_source(self) -> None:
        self._do_in_panel("open_source")

    def _do_in_panel(self, id: str) -> None:
        if do := way(self._actions.panel(), id):
            do()

    # Proposing edges

    def span_of(self, claim: Claim) -> Span:
        self._require(claim)
        held = self.queue.get(claim.id)
        return (held.start, held.end) if held and held.end else (claim.start, claim.end)

    def move(self, claim: Claim, span: Span, edge: Edge | None = None) -> None:
        held = self.queue.get(claim.id)

        def proposed(review: Review | None) -> None:
            self._screen.wrote(review)
            self._screen.view.activate(claim.id, move=False)
            self._actions.reveal(span, edge)

        self._screen.write(lambda: self._desk.proposals.span(claim, span, held), proposed)

    # Your own verdict

    def give(self, key: str) -> None:
        claim, held = self._under_review()
        hidden = self._desk.assignments.verdict_hidden(claim)

        def given(review: Review | None) -> None:
            self._screen.wrote(review)
            if not key:
                self._say_cleared(claim, held)
                return
            self._screen.do_later(self._actions.tell_put_aside, claim.id)
            if hidden:
                self._reveal(claim)

        self._screen.write(lambda: self._desk.proposals.verdict(claim, key, held), given)

    def action_repeat(self) -> None:
        """Give the selected claim the verdict that you last gave here, with the sources that you cited for it."""
        claim, held = self._under_review()
        like = self._desk.verdicts.last(self._screen.open.article, claim.id)
        if like is None:
            raise Refused("You have not given a verdict on another claim here: there is nothing to repeat.")
        key = next(one.verdict for one in self._desk.verdicts.of(like) if one.by.id == self._desk.reviewer.id)

        def repeat() -> Review | None:
            with self._desk.together():
                self._desk.evidence.repeat(claim, like)
                return self.fields.give(claim, key, held)

        self._screen.write(repeat, self._screen.wrote)

    def _say_cleared(self, claim: Claim, held: Review | None) -> None:
        gone = held is not None and self.queue.get(claim.id) is None
        what = f"verdict on {claim.name}" + (f", and with it “{decided(held).word}”" if held and gone else "")
        self._screen.say(f"Took back your {what}. {self._screen.keymap.key_of(Scope.ARTICLE, 'undo')} brings it again.")

    def _reveal(self, claim: Claim) -> None:
        """Say what was hidden until now."""
        review = self.queue.get(claim.id)
        if review is not None:
            said = "gives the same verdict" if review.decision == Decision.AGREE else "gives another verdict"
            key = self._screen.keymap.key_of(Scope.REVIEW, "next_open")
            self._screen.say(f"{claim.name}: {claim.checker} {said}. {key} goes on.")

    # Missing claims, and taking back

    def action_tag(self) -> None:
        self._tag(*self._screen.words_at_hand())

    def action_tag_to_end(self) -> None:
        self._tag(*self._actions.to_end())

    def _tag(self, start: int, end: int, leftover: bool = False) -> None:
        others = {claim.checker for claim in self._screen.open if not claim.missed} - {self._desk.reviewer}
        if self.whose or len(others) == 1:
            self._report(self.whose or others.pop(), start, end, leftover)
            return
        choices = [Choice(name, name) for name in sorted(others)]

        def named(chosen: tuple[str, ...] | None) -> None:
            if chosen:
                self._report(chosen[0], start, end, leftover)

        self._screen.app.push_screen(Picker("Whose set is this claim missing from?", choices), named)

    def _report(self, whose: str, start: int, end: int, leftover: bool) -> None:
        article = self._screen.open.article

        def reported(review: Review) -> None:
            self._screen.wrote()
            self._screen.view.clear_selection()
            self._screen.view.activate(review.claim)

        try:
            span = self._desk.claims.chosen(article, start, end, leftover, missed=True)
            self._screen.write(lambda: self._desk.reviews.missing(article, *span, whose=whose), reported)
        except Duplicate as twin:
            self._screen.view.clear_selection()
            self._screen.view.activate(twin.claim.id)
            raise

    def action_delete(self) -> None:
        claim = self._screen.open.get(self._screen.view.active)
        if claim is None:
            self._actions.delete_sweep()
            return

        def withdrawn(_: object) -> None:
            self._screen.wrote()
            self._screen.say(f"Took back what you said of {claim.name}; u brings it again.")

        self._screen.write(lambda: self._desk.reviews.take_back(claim), withdrawn)
