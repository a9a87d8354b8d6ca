"""What one does in an article with others: review theirs, answer what they propose, hand one's own set in."""

from __future__ import annotations

from store.records import Assignment, Blind, Claim, Comment, Role, Status
from tui.article.open_article import reading_order
from tui.article.reading import ArticleReading
from tui.keys.actions import Scope


class Together(ArticleReading):
    """Mixed into the screens on which an article is worked on."""

    @property
    def role(self) -> Role:
        """In which role one works here: a reviewer who tags alone, where all is hidden, does so as a reviewer."""
        held = self.desk.assignment(self.open.article, Role.REVIEWER.value)
        return Role.REVIEWER if held is not None and held.blind == Blind.ALL else Role.CHECKER

    def action_review_others(self) -> None:
        self.ways.review_article(self.open.article, claim=self.view.active)

    def action_inbox(self) -> None:
        from tui.review.inbox import InboxScreen

        self.app.push_screen(InboxScreen(self.desk, self.open.article), self._go_from_history)

    def action_compare(self) -> None:
        self.ways.open_comparison(self.open.article, self.view.active)

    def action_export_claims(self) -> None:
        from tui.kit.save_form import save_claims

        self.app.push_screen(save_claims(self.desk, [self.open.article]))

    # Going on

    def action_next_disputed(self) -> None:
        disputed = [claim for claim in self.open if claim.status is Status.DISPUTED]
        self._go_to(self._next_of(disputed), "No claim here is in dispute.")

    def action_next_thread(self) -> None:
        threads = [(claim, root) for claim in self.open if claim.comment_count for root in self._unresolved(claim)]
        self._go_to(self._next_of([claim for claim, _ in threads]), "Every thread here is resolved.")
        self.say(f"{len(threads)} thread{'s are' if len(threads) != 1 else ' is'} not resolved here.")

    def _unresolved(self, claim: Claim) -> list[Comment]:
        """The comments on a claim that open a thread which is not done with."""
        comments = self.desk.comments(claim)
        ids = {comment.id for comment in comments}
        return [comment for comment in comments if comment.reply_to not in ids and not comment.resolved]

    def _next_of(self, claims: list[Claim]) -> Claim | None:
        """The next of some claims in reading order behind the one at hand, and then from the beginning."""
        here = self._key(False)
        return next((claim for claim in claims if reading_order(claim) > here), claims[0] if claims else None)

    # Handing in

    def action_submit(self) -> None:
        self._open_summary()

    def action_missing(self) -> None:
        self._open_summary(at_missing=True)

    def _open_summary(self, *, at_missing: bool = False) -> None:
        from tui.review.submit import HandInScreen

        screen = HandInScreen(self.desk, self.open.article, self.role, self.whose_set, at_missing=at_missing)
        self.app.push_screen(screen, self._handed_in)

    @property
    def whose_set(self) -> str:
        """Whose claims are under review here; empty for everybody else's, or where one checks."""
        return ""

    def _handed_in(self, place: tuple[str, int] | None) -> None:
        """Go to a claim, by its id, or to an offset of the text."""
        self._catch_up()
        if place is None:
            return
        claim, offset = place
        self.view.clear_selection()
        if claim:
            self.view.activate(claim)
        elif (left := self.open.ledger.next_place(offset)) and left.start == offset:
            self._take_place(left)
        else:
            self.view.move_to(offset)
        self.view.focus()

    def action_reopen(self) -> None:
        def reopened(held: Assignment) -> None:
            self._wrote()
            self.say(f"Your set is open again ({held.reopened}×). {self._submit_key} submits it.")

        self.write(lambda: self.desk.reopen(self.open.article, self.role.value), reopened)

    @property
    def _submit_key(self) -> str:
        return self.keymap.key_of(Scope.ARTICLE, "submit")
