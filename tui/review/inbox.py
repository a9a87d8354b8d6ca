"""The inbox: what others propose about one's own claims, mine and theirs side by side, and what became of one's own."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import ACCEPTED, REJECTED, Article, Review, Undone
from store.review.answers import Proposal
from store.text.shorten import shorten
from tui.claim.dossier import Dossier, is_by
from tui.claim.review_page import proposal_page
from tui.claim.why_form import WhyForm
from tui.claim.words import LOOK_AT, STANDINGS, decided
from tui.keys.actions import Scope
from tui.kit.bar import Bar
from tui.kit.page import Page
from tui.kit.panel_lines import PanelLines
from tui.kit.pieces import Piece
from tui.kit.rows import Cell, Column, Rows
from tui.kit.screen import DeskChanged, DeskScreen
from tui.kit.undo import Undo


class InboxScreen(DeskScreen[tuple[str, str] | None]):
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
        super().__init__()
        self.desk = desk
        self.handlers = (Undo(self, desk, self.undone),)
        self._article = article
        self._all = False
        self._proposals: list[Proposal] = []
        self._waiting: set[str] = set()
        self._shown: Dossier | None = None
        self.rows = Rows(
            header=True,
            empty="\nNothing waits for you:\nno proposal about your claims, and no dispute about what you proposed.",
            verb="Go there",
            hints=("accept", "refuse", "reply", "resolve", "show_answered", "undo", "close"),
        )
        self.lines = PanelLines(lambda: None)
        self.lines.can_focus = False

    def body(self) -> ComposeResult:
        yield Bar(id="inbox-title")
        with Container(id="inbox"):
            yield self.rows
            yield self.lines

    def on_mount(self) -> None:
        self.set_focus(self.rows)
        self.refill()

    # What is shown

    def refill(self) -> None:
        """Read the proposals anew; the cursor stays on the one it is on."""
        at = self.rows.index
        held = self._proposals[at].review.id if at is not None and at < len(self._proposals) else ""
        self._proposals = self.desk.answers.inbox(self._article, answered=self._all)
        due = self.desk.answers.inbox(self._article) if self._all else self._proposals
        self._waiting = {one.review.id for one in due}
        cursor = next((i for i, one in enumerate(self._proposals) if one.review.id == held), at)
        waiting = sum(map(self._waits, self._proposals))
        where = f" on “{shorten(self._article.title, 50)}”" if self._article else ""
        left: list[Piece] = [(" Inbox ", "bold accent"), (f" what others say of your claims and reviews{where}", "")]
        right: list[Piece] = [(f"{waiting} wait{'s' if waiting == 1 else ''} for you", "bold" if waiting else "muted")]
        self.query_one("#inbox-title", Bar).show(left, right)
        self.rows.show(len(self._proposals), self._cells, columns=self._columns(), cursor=cursor)
        self._show_detail()

    def _columns(self) -> tuple[Column, ...]:
        narrow = self.size.width < 100
        return (
            Column("", 1),
            Column("Claim", 5),
            Column("Who", 8 if narrow else 14),
            Column("Proposes", 16),
            Column("Quote", share=1),
        )

    def on_resize(self) -> None:
        self.rows.show(len(self._proposals), self._cells, columns=self._columns())
        self._show_detail()

    def _cells(self, index: int) -> tuple[Cell, ...]:
        claim, review = self._proposals[index]
        look = decided(review)
        standing = STANDINGS.get(review.standing, STANDINGS["open"])
        waits = self._waits(self._proposals[index])
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
            [(" ".join(claim.quote[:300].split()), "muted")],
        )

    def _is_mine(self, review: Review) -> bool:
        """Whether a review is one's own: it is here for its answer."""
        return is_by(review.by, self.desk.reviewer)

    def _waits(self, proposal: Proposal) -> bool:
        """Whether it waits for who looks, as `Desk.inbox` says."""
        return proposal.review.id in self._waiting

    @on(Rows.Highlighted)
    def _highlighted(self, event: Rows.Highlighted) -> None:
        event.stop()
        self._show_detail()

    def _show_detail(self) -> None:
        index = self.rows.index
        self._shown = None
        if index is not None and index < len(self._proposals):
            self._shown = Dossier.read(self.desk, self._proposals[index].claim)
        self.lines.show(self._page, anew=True)

    def _page(self, width: int, height: int) -> Page:
        index = self.rows.index
        if self._shown is None or index is None or index >= len(self._proposals):
            return Page(width)
        review = self._proposals[index].review
        return proposal_page(self._shown, review, width, height, lambda id: self.keymap.key_of(Scope.INBOX, id))

    def on_desk_changed(self, event: DeskChanged) -> None:
        if self.is_current:
            self.refill()

    def on_screen_resume(self) -> None:
        if self.rows.is_mounted:
            self.refill()

    # Answering

    def _at_hand(self) -> Proposal:
        index = self.rows.index
        if index is None:
            raise Refused("There is nothing here to answer.")
        return self._proposals[index]

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
                self.say(f"Accepted what {review.by} proposes on {claim.name}; {self._undo_key} undoes it.")

        self.write(lambda: self.desk.answers.answer(review, ACCEPTED), accepted)

    def _to_answer(self) -> Proposal:
        """What is at hand, when it asks for an answer of one's own."""
        found = self._at_hand()
        if self._is_mine(found.review):
            raise Refused(
                f"That is what you said of {found.claim.name}: {self.keymap.key_of(Scope.INBOX, 'reply')} replies, "
                "Enter goes there to decide anew."
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
        assert self._shown is not None
        thread = [one for one in self._shown.threads if one.reply_to == review.id]
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

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        claim = self._proposals[event.index].claim
        try:
            self.desk.claims.get(claim.id)
        except Unknown:
            raise Refused(f"{claim.name} is not there any more.") from None
        self.dismiss((claim.article, claim.id))

    @property
    def _undo_key(self) -> str:
        return self.keymap.key_of(Scope.INBOX, "undo")

    def undone(self, undone: Undone) -> None:
        self.refill()
        self.say(undone.sentence)

    def action_close(self) -> None:
        self.dismiss(None)
