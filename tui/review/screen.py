"""The review screen: somebody else's claims, gone through one by one, at one key for each decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from store.desk import Desk
from store.errors import Busy, Duplicate, Refused
from store.records import Article, Claim, Decision, Review, Role
from store.text.units import Span
from tui.article.open_article import News, reading_order
from tui.article.screen import ArticleScreen
from tui.article.text_screen import Ground
from tui.claim.why_form import WhyForm, pick_reason
from tui.claim.words import DECISIONS, decided, look_of
from tui.keys.actions import Scope
from tui.kit.bar import Bar
from tui.kit.picker import Choice, Picker
from tui.kit.pieces import Piece
from tui.review.queue import ReviewQueue
from tui.text.edges import Edge, Step
from tui.text.edges import nudge as nudged
from tui.text.spans import Mark
from tui.view.proposals import ReviewView, proposal_id

if TYPE_CHECKING:
    from tui.claim.list import ClaimList
    from tui.claim.panel import ClaimPanel
    from tui.review.panel import ReviewPanel


class _Text(Ground):
    """Where the keys of every article's text answer, behind those of the review."""

    SCOPE = Scope.TEXT


class _Workplace(Ground):
    """Where the keys of the review answer, in the text and beside it."""

    SCOPE = Scope.REVIEW


class ReviewScreen(ArticleScreen):
    """Reviewing what somebody (``whose``, a name), or everybody else, has tagged in one article.

    Nothing of theirs is changed: what is decided here is kept as one's own review, and shown in its place. The claim
    to begin at is that of the id ``claim``, or the first that needs a review.

    Raises:
        Unknown: nobody is called so.
        Refused: there is nothing of theirs to review, or it is one's own.
    """

    HINTS = (
        "agree",
        "disagree",
        ("look_on", "evidence"),
        ("next_open", "next"),
        ("verdict_1", "verdict"),
        ("end_on", "span"),
        ("tag", "missing"),
        ("reject_claim", "nothing here"),
        ("delete", "take back"),
        ("submit", "finish"),
    )
    DEFAULT_CSS = """
    ReviewScreen #review-text { width: 1fr; height: 1fr; }
    ReviewScreen.-narrow #side { height: 11; }
    ReviewScreen.-narrow.-short #side { height: 4; }
    """

    queue: ReviewQueue

    def __init__(self, desk: Desk, article: Article, whose: str = "", claim: str = "") -> None:
        held = desk.assignment(article, Role.REVIEWER.value)
        whose = whose or (held.whose if held else "")
        desk.checkers(article, whose)
        super().__init__(desk, article, claim)
        self.whose = desk.person(whose).name if whose else ""
        self.view = ReviewView()

    def body(self) -> ComposeResult:
        yield Bar(id="article-head")
        with _Workplace(id="workplace"):
            with _Text(id="review-text"):
                yield self.view
            yield Vertical(id="side")

    def furniture(self) -> tuple[ClaimPanel, ClaimList]:
        from tui.review.list import ReviewList
        from tui.review.panel import ReviewPanel

        return ReviewPanel(self.desk, self._must_be_asked), ReviewList(self.desk, self.queue)

    @property
    def role(self) -> Role:
        return Role.REVIEWER

    @property
    def whose_set(self) -> str:
        return self.whose

    def action_review_others(self) -> None:
        raise Refused(f"You are reviewing here; {self.keymap.key_of(Scope.ARTICLE, 'library')} leads back.")

    # What is under review

    def opened(self) -> None:
        me = self.desk.reviewer.casefold()
        mine = {one.claim: one for one in self.desk.reviews(self.open.article) if one.by.casefold() == me}
        self.queue = ReviewQueue((claim, mine.get(claim.id)) for claim in self.open if self._is_asked(claim))

    def _take_up(self) -> None:
        super()._take_up()
        for claim in self.open:
            self._show_proposal(claim.id)
        if self._start_at not in self.open:
            self.view.activate(self.queue.next_due((-1, 0, "")))

    def _is_asked(self, claim: Claim) -> bool:
        """Whether a claim is among those to be reviewed: theirs, or one that one reported and they gave a verdict."""
        checker = claim.checker.casefold()
        if claim.origin and checker == self.desk.reviewer.casefold():
            mine = self.desk.my_review(claim)
            return mine is not None and mine.looks
        return (
            not claim.origin
            and checker != self.desk.reviewer.casefold()
            and (not self.whose or checker == self.whose.casefold())
        )

    def take_in(self, news: News) -> News:
        """A claim is shown anew whenever anything about it has changed: so may one's review of it."""
        touched = [claim for id in news.touched if (claim := self.open.get(id)) is not None]
        for claim in touched:
            if self._is_asked(claim):
                self.queue.put(claim, news.review or self.desk.my_review(claim))
            self._show_proposal(claim.id)
        for id in news.gone:
            self.queue.drop(id)
            self._show_proposal(id)
        return news._replace(put=tuple(touched))

    def _marks(self, claims: Iterable[Claim]) -> list[Mark]:
        marks = []
        for claim in claims:
            if claim.id in self.queue:
                look = look_of(self.queue.get(claim.id))
            elif claim.origin:
                look = DECISIONS[Decision.MISSING_CLAIM.value]
            else:
                marks += super()._marks([claim])
                continue
            due = self.queue.is_due(claim.id)
            marks.append(Mark(claim.id, claim.start, claim.end, look.glyph, look.tone, open=due))
        return marks

    def _show_proposal(self, claim: str) -> None:
        """Draw the span one proposes for a claim beside the claim's own, or no longer."""
        review = self.queue.get(claim)
        if review is not None and Decision.CHANGE_SPAN in review.proposals:
            look = DECISIONS[Decision.CHANGE_SPAN]
            self.view.put_mark(Mark(proposal_id(claim), review.start, review.end, look.glyph, look.tone, proposal=True))
        else:
            self.view.remove_mark(proposal_id(claim))

    def _tell_head(self) -> None:
        article, queue = self.open.article, self.queue
        wide = self.size.width >= 100
        left: list[Piece] = [(" review ", "bold reverse"), (" ", ""), (" ".join(article.title.split()), "bold")]
        if wide:
            left.append((f"  claims by {self.whose or 'everybody else'}", "muted"))
        done = queue.reviewed
        filled = 10 * done // len(queue) if len(queue) else 10
        right: list[Piece] = [
            (f"  {self.desk.reviewer}  " if wide else " ", "muted"),
            ("▓" * filled, "accent"),
            ("░" * (10 - filled), "muted"),
            (f" {done} of {len(queue)} reviewed", "bold"),
        ]
        seen, pieces = self.desk.looked_at(article, self.whose)
        if pieces:
            said = f" · evidence {seen} of {pieces} looked at" if wide else f" · ☑ {seen}/{pieces} seen"
            right.append((said, "muted" if seen == pieces else ""))
        self.query_one("#article-head", Bar).show(left, right)

    # Going on

    def _advance(self, claim: Claim) -> None:
        """Take the next claim in hand that needs a review."""
        found = self.queue.next_due(reading_order(claim))
        if found:
            self.view.clear_selection()
            self.view.activate(found)
        elif len(self.queue):
            key = self.keymap.key_of(Scope.ARTICLE, "submit")
            self.say(f"Every claim is reviewed. {key} shows what you said and submits it.")

    def _go_due(self, back: bool) -> None:
        found = self.queue.next_due(self._key(back), back=back)
        self._go_to(self.open.get(found), "Every claim is reviewed, and none has changed since.")

    def action_next_open(self) -> None:
        self._go_due(False)

    def action_previous_open(self) -> None:
        self._go_due(True)

    def _walk(self, back: bool) -> Claim | None:
        """The next claim under review, or of those one has reported oneself; claims of others are passed over."""
        key, me = self._key(back), self.desk.reviewer.casefold()
        claims = [one for one in self.open if one.id in self.queue or (one.origin and one.checker.casefold() == me)]
        if back:
            return next((one for one in reversed(claims) if reading_order(one) < key), None)
        return next((one for one in claims if reading_order(one) > key), None)

    def action_next_claim(self) -> None:
        self._go_to(self._walk(False), "There is no claim to review further on.")

    def action_previous_claim(self) -> None:
        self._go_to(self._walk(True), "There is no claim to review before this place.")

    def action_next_disputed(self) -> None:
        found = self.queue.next_disputed(self._key(False))
        self._go_to(self.open.get(found), "No claim here is in dispute.")

    # Deciding

    def _under_review(self) -> tuple[Claim, Review | None]:
        claim = self._at_hand()
        self._must_be_asked(claim)
        return claim, self.queue.get(claim.id)

    def _must_be_asked(self, claim: Claim) -> None:
        """Refuse to review a claim that is not among those under review here."""
        if claim.origin and self._is_asked(claim):
            return
        if claim.checker.casefold() == self.desk.reviewer.casefold():
            raise Refused(f"{claim.name} is yours: nobody reviews their own claims.")
        if not self._is_asked(claim):
            those = f"{self.whose}'s claims" if self.whose and not claim.origin else "what the checkers tagged"
            raise Refused(f"{claim.name} is {claim.checker}'s: here you review {those}.")

    def _lost(self, claim: Claim) -> None:
        super()._lost(claim)
        found = self.queue.next_due(reading_order(claim))
        if found:
            self.view.activate(found)

    def _decide(self, decision: Decision) -> None:
        """Say of the claim at hand what needs no words, and go on to the next."""
        claim, held = self._under_review()
        self.write(
            lambda: self.desk.review(claim, decision, seen=held), lambda review: self._decided(claim, review, held)
        )

    def _decided(self, claim: Claim, review: Review, held: Review | None) -> None:
        self._wrote(review)
        self._advance(claim)
        lost = (
            [DECISIONS[proposal].word for proposal in held.proposals if proposal not in review.proposals]
            if held
            else []
        )
        if lost:
            key = self.keymap.key_of(Scope.ARTICLE, "undo")
            said = f"Your {' and '.join(lost)} for {claim.name} gave way to “{DECISIONS[review.decision].word}”."
            self.say(f"{said} {key} brings it back.")

    def action_agree(self) -> None:
        self._decide(Decision.AGREE)

    def action_reject_claim(self) -> None:
        self._decide(Decision.REJECT_CLAIM)

    def action_need_evidence(self) -> None:
        self._decide(Decision.NEEDS_EVIDENCE)

    def action_disagree(self) -> None:
        claim, held = self._under_review()
        self.desk.may_judge(claim)
        scheme = self.desk.scheme
        where = " ".join(self.view.selected_text.split())
        known = held.comment if held and held.decision == Decision.DISAGREE else ""
        refused: list[str] = []

        def reasoned(chosen: tuple[str, ...] | None) -> None:
            if not chosen:
                return
            reason = scheme.reason(chosen[0])

            def take(words: str) -> tuple[Claim, Review, Review | None]:
                # As it stands now: that it has changed under the form was said, and the words are meant nevertheless.
                about = claim if not refused else self.desk.claim(claim.id)
                seen = held if about is claim else self.desk.my_review(claim.id)
                try:
                    said = self.desk.review(about, Decision.DISAGREE, reason=reason.key, comment=words, seen=seen)
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

            self.app.push_screen(WhyForm(title, take, taken, about=about, what=what, where=where, why=known))

        self.app.push_screen(pick_reason(f"Disagree with {claim.name}: why?", scheme), reasoned)

    def action_change_text(self) -> None:
        self._prepared().action_change_text()

    def _prepared(self) -> ReviewPanel:
        panel = super()._prepared()
        return panel  # type: ignore[return-value]

    def on_review_panel_decided(self, event: ReviewPanel.Decided) -> None:
        self._wrote()
        claim = self.open.get(event.claim)
        if claim is not None and self.view.active == event.claim:
            self._advance(claim)

    # Evidence

    def action_look_on(self) -> None:
        claim = self.open.get(self.view.active)
        if claim is None or not self._is_asked(claim):
            self.view.motions.action_page_down()
        elif not self._prepared().look_on():  # to page away would have the next key decide on another claim
            any_at_all = self.desk.evidence(claim.id)
            said = "All evidence on {} is looked at." if any_at_all else "There is no evidence to look at on {}."
            self.say(said.format(claim.name))

    def action_doubt(self) -> None:
        self._prepared().action_refuse()

    def action_open_source(self) -> None:
        self._prepared().action_open_source()

    # Proposing edges

    def action_nudge(self, edge: Edge, step: Step, on: bool) -> None:
        claim, held = self._under_review()
        begun = (held.start, held.end) if held and held.end else (claim.start, claim.end)
        span = nudged(self.open.text, begun, edge, step, on=on)
        if span is None:
            self.app.bell()
            return
        self._move(claim, span, edge)

    def _move(self, claim: Claim, span: Span, edge: Edge | None = None) -> None:
        """Propose a span; the claim's own takes the proposal back."""
        held = self.queue.get(claim.id)

        def propose() -> Review | None:
            if held is not None and held.end and span == (claim.start, claim.end):
                self.desk.take_back(held, Decision.CHANGE_SPAN)
                return None
            words = held.comment if held is not None and held.proposals else ""
            return self.desk.review(claim, Decision.CHANGE_SPAN, span=span, comment=words, seen=held)

        def proposed(review: Review | None) -> None:
            self._wrote(review)
            self.view.activate(claim.id, move=False)
            if edge is not None:
                self._reveal_edge(span, edge)

        self.write(propose, proposed)

    # One's own verdict

    def action_verdict(self, place: int) -> None:
        scheme = self.desk.scheme
        if place > len(scheme.active):
            raise Refused(f"The scheme {scheme.id} has {len(scheme.active)} verdicts: r shows them.")
        self._give(scheme.active[place - 1].key)

    def _give(self, key: str) -> None:
        claim, held = self._under_review()
        hidden = self.desk.verdict_hidden(claim)
        panel: ReviewPanel = self.panel  # type: ignore[assignment]

        def given(review: Review | None) -> None:
            self._wrote(review)
            if not key:
                self._say_cleared(claim, held)
            elif hidden:
                self._reveal(claim)

        self.write(lambda: panel.give(claim, key, held), given)

    def _say_cleared(self, claim: Claim, held: Review | None) -> None:
        gone = held is not None and self.queue.get(claim.id) is None
        what = f"verdict on {claim.name}" + (f", and with it “{decided(held).word}”" if held and gone else "")
        self.say(f"Took back your {what}. {self.keymap.key_of(Scope.ARTICLE, 'undo')} brings it again.")

    def _reveal(self, claim: Claim) -> None:
        """Say what was hidden until now."""
        review = self.queue.get(claim.id)
        if review is not None:
            said = "gives the same verdict" if review.decision == Decision.AGREE else "gives another verdict"
            self.say(f"{claim.name}: {claim.checker} {said}. {self.keymap.key_of(Scope.REVIEW, 'next_open')} goes on.")

    # Missing claims, and taking back

    def action_tag(self) -> None:
        start, end = self._chosen_span()
        others = {claim.checker for claim in self.open if not claim.origin} - {self.desk.reviewer}
        if self.whose or len(others) == 1:
            self._report(start, end, self.whose or others.pop())
            return
        choices = [Choice(name, name) for name in sorted(others)]

        def named(chosen: tuple[str, ...] | None) -> None:
            if chosen:
                self._report(start, end, chosen[0])

        self.app.push_screen(Picker("Whose set is this claim missing from?", choices), named)

    def _report(self, start: int, end: int, whose: str) -> None:
        def reported(review: Review) -> None:
            self._wrote()
            self.view.clear_selection()
            self.view.activate(review.claim)

        try:
            self.write(lambda: self.desk.missing(self.open.article, start, end, whose=whose), reported)
        except Duplicate as twin:
            self.view.clear_selection()
            self.view.activate(twin.claim.id)
            raise

    def action_delete(self) -> None:
        claim = self.open.get(self.view.active)
        if claim is None:
            super().action_delete()
            return

        def withdrawn(_: object) -> None:
            self._wrote()
            self.say(f"Took back what you said of {claim.name}; u brings it again.")

        self.write(lambda: self.desk.take_back(claim), withdrawn)
