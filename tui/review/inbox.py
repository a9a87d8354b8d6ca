"""The inbox: what others propose about your own claims, mine and theirs side by side, and what became of your own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import ACCEPTED, REJECTED, Article, Review
from store.review.answers import Proposal
from store.text.shorten import shorten
from tui.claim.disagreement_form import WhyForm
from tui.claim.dossier import Dossier
from tui.claim.review_page import proposal_page
from tui.claim.state_glyphs import LOOK_AT, STANDINGS, decided
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.page import Page
from tui.kit.panel_lines import PanelLines
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece


class InboxScreen(ListScreen[tuple[str, str] | None, Proposal]):
    """Gives the (article, claim) ids of a proposal that was chosen, to go there."""

    SCOPE = Scope.INBOX
    DEFAULT_CSS = """
    InboxScreen #inbox { layout: horizontal; height: 1fr; }
    InboxScreen #inbox Rows { width: 1fr; }
    InboxScreen #inbox PanelLines { width: 1fr; border-left: tall $panel; }
    InboxScreen.-narrow #inbox { layout: vertical; }
    InboxScreen.-narrow #inbox Rows { height: 1fr; max-height: 9; }
    InboxScreen.-narrow #inbox PanelLines { height: 2fr; border-left: none; border-top: solid $panel; }
    """

    def __init__(self, desk: Desk, article: Article | None = None) -> None:
        """``article`` narrows the inbox to one article."""
        rows = Rows(
            header=True,
            empty="\nNothing waits for you:\nno proposal about your claims, and no dispute about what you proposed.",
            verb="Go there",
            hints=("accept", "refuse", "reply", "resolve", "show_answered", "undo", "close"),
            at_row=("accept", "refuse", "reply", "resolve"),
        )
        super().__init__(rows, desk, finding=False)
        self.desk = desk
        self._article = article
        self._all = False
        self._waiting: set[str] = set()
        self._dossier: Dossier | None = None
        self.lines = PanelLines(lambda: None)
        self.lines.can_focus = False

    def middle(self) -> ComposeResult:
        with Container(id="inbox"):
            yield self.rows
            yield self.lines

    # What is shown

    def read(self) -> list[Proposal]:
        found = self.desk.answers.inbox(self._article, answered=self._all)
        due = self.desk.answers.inbox(self._article) if self._all else found
        self._waiting = {one.review.id for one in due}
        return found

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        waiting = sum(map(self._waits, self.items))
        where = f" on “{shorten(self._article.title, 50)}”" if self._article else ""
        left: list[Piece] = [(" Inbox ", "bold accent"), (f" what others say of your claims and reviews{where}", "")]
        return left, [(f"{waiting} wait{'s' if waiting == 1 else ''} for you", "bold" if waiting else "muted")]

    def key(self, item: Proposal) -> object:
        return item.review.id

    def columns(self) -> tuple[Column, ...]:
        narrow = self.size.width < 100
        return (
            Column("", 1),
            Column("Claim", 5),
            Column("Who", 8 if narrow else 14),
            Column("Proposes", 16),
            Column("Quote", share=1),
        )

    def cells(self, item: Proposal) -> tuple[Cell, ...]:
        claim, review = item
        look = decided(review)
        standing = STANDINGS.get(review.standing, STANDINGS["open"])
        waits = self._waits(item)
        who, said = review.by, [(f"{look.glyph} {look.word}", look.tone)]
        if self._is_mine(review) and review.looks:
            who, said = review.whose, [(f"{LOOK_AT.glyph} {LOOK_AT.word}", LOOK_AT.tone)]
        elif self._is_mine(review):
            who, said = review.answered_by, [(f"{standing.glyph} {review.answered} yours", standing.tone)]
        elif review.promised:
            said = [(f"{look.glyph} to be done", "bold accent")]
        return (
            [("●", "bold accent") if waits else (standing.glyph, standing.tone)],
            [(claim.name, "bold")],
            [(who, "primary")],
            said,
            [(" ".join(claim.quote_shown[:300].split()), "muted")],
        )

    def _is_mine(self, review: Review) -> bool:
        """Whether a review is your own: it is here for its answer."""
        return review.by.id == self.desk.reviewer.id

    def _waits(self, proposal: Proposal) -> bool:
        """Whether it waits for who looks, as `Desk.inbox` says."""
        return proposal.review.id in self._waiting

    def tell(self, item: Proposal | None) -> None:
        self._dossier = Dossier.read(self.desk, item.claim) if item else None
        self.lines.show(self._page, anew=True)

    def _page(self, width: int, height: int) -> Page:
        if self._dossier is None or self.current is None:
            return Page(width)
        keys = partial(self.keymap.key_of, Scope.INBOX)
        return proposal_page(self._dossier, self.current.review, width, height, keys)

    # Answering

    def _at_hand(self) -> Proposal:
        if self.current is None:
            raise Refused("There is nothing here to answer.")
        return self.current

    def action_accept(self) -> None:
        claim, review = self._at_hand()
        if self._is_mine(review) and review.looks:

            def agreed(_: Review) -> None:
                self.refill()
                self.say(f"You agree with the verdict on {claim.name}; {self._undo_key} undoes it.")

            self.write(lambda: self.desk.reviews.decide(claim, "agree"), agreed)
            return
        claim, review = self._to_answer()

        def accepted(done: Review) -> None:
            self.refill()
            if done.promised:
                asks = "given it a verdict" if done.decision == "missing_claim" else "changed it"
                self.say(f"Accepted: {claim.name} waits here until you have {asks}. Enter goes there.")
            else:
                lacks = self.desk.claims.lacking(claim.article, [claim.id]).get(claim.id, ())
                told = "".join(f" {claim.name}: {lack.sentence}." for lack in lacks[:1])
                self.say(f"Accepted what {review.by} proposes on {claim.name}; {self._undo_key} undoes it.{told}")

        self.write(lambda: self.desk.answers.answer(review, ACCEPTED), accepted)

    def _to_answer(self) -> Proposal:
        """What is selected, when it asks for an answer of your own."""
        found = self._at_hand()
        if self._is_mine(found.review):
            raise Refused(
                f"That is what you said of {found.claim.name}: {self.keymap.key_of(Scope.INBOX, 'reply')} replies, "
                "Enter goes there to decide again."
            )
        return found

    def action_refuse(self) -> None:
        claim, review = self._to_answer()

        self._ask(
            f"Reject what {review.by} proposes on {claim.name}",
            f"{review.id}/reject",
            lambda words: self.desk.answers.answer(review, REJECTED, words),
        )

    def action_reply(self) -> None:
        claim, review = self._at_hand()

        who = review.answered_by if self._is_mine(review) else review.by
        self._ask(
            f"Reply to {who} on {claim.name}",
            f"{review.id}/reply",
            lambda words: self.desk.threads.comment(claim, words, review.id),
            "Reply",
        )

    def _ask(self, title: str, about: str, take: Callable[[str], object], label: str = "Why") -> None:
        form = WhyForm(title, take, lambda _: None, about=about, needed=True, label=label)
        self.app.push_screen(form, lambda _: self.refill())

    def action_resolve(self) -> None:
        _, review = self._at_hand()
        assert self._dossier is not None
        thread = [one for one in self._dossier.threads if one.reply_to == review.id]
        if not thread:
            raise Refused("Nobody has replied here yet: there is no thread to resolve.")
        self.write(lambda: self.desk.threads.resolve(thread[0], not thread[0].resolved), lambda _: self.refill())

    def action_show_answered(self) -> None:
        self._all = not self._all
        self.refill()

    def action_scroll_on(self) -> None:
        self.lines.leap(1)

    def action_scroll_back(self) -> None:
        self.lines.leap(-1)

    # Going, and taking back

    def take(self, item: Proposal) -> None:
        try:
            self.desk.claims.get(item.claim.id)
        except Unknown:
            raise Refused(f"{item.claim.name} is not there any more.") from None
        self.dismiss((item.claim.article, item.claim.id))

    @property
    def _undo_key(self) -> str:
        return self.keymap.key_of(Scope.INBOX, "undo")
