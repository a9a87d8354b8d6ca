"""The work of a checker on an article: tagging, sweeping, giving verdicts, and going on to what is left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.errors import Duplicate, Refused, TaggedByAnother
from store.person import NOBODY
from store.records import Claim, Verdict
from store.text.units import Span
from store.vocabulary import Blind, Role, Status
from tui.article.screen import ArticleScreen
from tui.keys.actions_and_keys import Scope
from tui.kit.screen import Hint
from tui.kit.styled_text import TITLE_CELLS, Piece, width_of
from tui.text.spans import Mark

if TYPE_CHECKING:
    from tui.article.claim_actions import ClaimActions
    from tui.article.open_article import News
    from tui.article.others import Others
    from tui.article.suggested import Suggested
    from tui.claim.list import ClaimList
    from tui.claim.panel import ClaimPanel
    from tui.text.claim_edges import Edge


class CheckingWork:
    """Checking an article: its claims are tagged and given verdicts, and what holds none is swept."""

    hints: tuple[Hint, ...] = (
        "tag",
        "verdict_1",
        "next_residue",
        "sweep",
        "add_evidence",
        "justify",
        "undo",
        "find",
    )
    text = Scope.CHECK
    around = Scope.ARTICLE
    whose = NOBODY

    _actions: ClaimActions
    _others: Others
    suggested: Suggested

    def __init__(self, screen: ArticleScreen) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._pointed_out: tuple[str, int] | None = None
        """Another's claim on the words that were to be tagged, and the caret then: tagging again makes your own."""

    def handlers(self) -> tuple[object, ...]:
        from tui.article.claim_actions import ClaimActions
        from tui.article.corrector import Corrector
        from tui.article.others import Others
        from tui.article.suggested import Suggested

        screen = self._screen
        self._actions = ClaimActions(screen, self)
        self._others, self.suggested = Others(screen, self), Suggested(screen)
        return self, self._actions, self._others, self.suggested, Corrector(screen)

    @property
    def role(self) -> Role:
        """A reviewer who tags alone, where all is hidden, does so as a reviewer."""
        held = self._desk.assignments.mine(self._screen.open.article, Role.REVIEWER.value)
        return Role.REVIEWER if held is not None and held.blind == Blind.ALL else Role.CHECKER

    # What is shown

    def opened(self) -> None:
        pass

    def begin(self, claim: str, begun: bool) -> None:
        pass

    def begun(self) -> None:
        self.suggested.begin()
        self._others.look()
        from store import sample

        if self._screen.host.ways is not None and sample.is_it(self._screen.open.article):
            from tui.article.tour import offer_tour

            offer_tour(self._screen)

    def chose(self, event: ClaimPanel.Chose) -> None:
        self.suggested.chose(event)

    def take_in(self, news: News) -> News:
        if news.suggested:
            self.suggested.show()
        if news.assigned:
            self._others.look()
        return news

    def lost(self, claim: Claim) -> None:
        pass

    def marks(self, claims: Iterable[Claim]) -> list[Mark]:
        return [claim_mark(self._screen, claim) for claim in claims]

    def head(self, width: int) -> tuple[list[Piece], list[Piece]]:
        from tui.kit.head_line import head_pieces
        from tui.text.dates import published

        opened, desk = self._screen.open, self._desk
        left = self._others.head()
        left += [(f"◇ {len(opened.suggestions)} suggested  ", "secondary")] if opened.suggestions else []
        room = width - width_of(left) - TITLE_CELLS
        left.append((" ".join(opened.article.title.split()), "bold"))
        who = desk.reviewer or ("read only" if desk.read_only else "")
        right = head_pieces(who, opened.coverage, opened.checked, room)
        date = (f"  {published(opened.article.published)}", "muted")
        whole = opened.article.published and width_of([*left, date, *right]) + 2 < width
        return [*left, date] if whole else left, right

    def furniture(self) -> tuple[ClaimPanel, ClaimList]:
        from tui.claim.fields import CheckersFields
        from tui.claim.list import ClaimList
        from tui.claim.panel import ClaimPanel

        return ClaimPanel(self._desk, CheckersFields), ClaimList(self._desk)

    # Tagging

    def action_tag(self) -> None:
        screen, view = self._screen, self._screen.view
        other = screen.claim_at_hand()
        if other is not None and view.selection is None and self._pointed_out == (other.id, view.caret):
            self._tag(other.start, other.end, own=True)
        else:
            self._tag(*screen.words_at_hand())

    def action_tag_to_end(self) -> None:
        self._tag(*self._actions.to_end())

    def _tag(self, start: int, end: int, leftover: bool = False, *, own: bool = False) -> None:
        screen, view, claims, article = self._screen, self._screen.view, self._desk.claims, self._screen.open.article

        def tagged(claim: Claim) -> None:
            with view.at_once():
                screen.wrote(claim)
                view.hold(claim.id)
            screen.do_later(self._point_out, claim.id)

        try:
            span = (start, end) if own else claims.chosen(article, start, end, leftover)
            screen.write(lambda: claims.tag(article, *span, own=own), tagged)
        except Duplicate as twin:
            screen.catch_up()
            view.clear_selection()
            view.activate(twin.claim.id)
            if isinstance(twin, TaggedByAnother):
                self._pointed_out = (twin.claim.id, view.caret)
                key = screen.keymap.key_of(Scope.CHECK, "tag")
                raise Refused(f"{twin} {key} again tags it as yours too.") from None
            raise

    def _point_out(self, id: str) -> None:
        """Say that a claim just tagged says nearly what another one does, and how to get there."""
        claim = self._screen.open.get(id)
        near = self._desk.claims.near_copy(claim) if claim else None
        if claim and near is not None and near.created <= claim.created:
            key = self._screen.keymap.key_of(Scope.ARTICLE, "near_copy")
            self._screen.say(f"{claim.name} is nearly the same as {near.name}: {key} goes there.")

    def action_delete(self) -> None:
        screen = self._screen
        claim = screen.claim_at_hand()
        if claim is None:
            self._actions.delete_sweep()
            return

        def deleted(_: object) -> None:
            screen.wrote()
            screen.say(f"Deleted {claim.name}; u brings it back.")

        screen.write(lambda: self._desk.delete(claim), deleted)

    def span_of(self, claim: Claim) -> Span:
        return claim.start, claim.end

    def move(self, claim: Claim, span: Span, edge: Edge | None = None) -> None:
        view = self._screen.view
        take = view.hold if view.caret == claim.end else view.activate

        def moved(claim: Claim) -> None:
            self._screen.wrote()
            take(claim.id)
            self._actions.reveal(span, edge)

        self._screen.write(lambda: self._desk.claims.move(claim, *span), moved)

    def give(self, key: str) -> None:
        claim = self._screen.at_hand()

        def given(verdict: Verdict) -> None:
            self._screen.wrote(verdict)
            if key:
                self._screen.do_later(self._actions.tell_put_aside, claim.id)
                self._actions.move_on(claim.start, claim)

        self._screen.write(lambda: self._desk.verdicts.give(claim, key), given)

    def action_pick_verdict(self) -> None:
        from tui.claim.fields import CheckersFields

        fields, claim = self._actions.panel().fields, self._screen.at_hand()
        assert isinstance(fields, CheckersFields)
        fields.pick_verdict(lambda: self._actions.move_on(claim.start, claim))

    def action_repeat(self) -> None:
        """Judge the selected claim, or what is tagged of the selected words, like the one judged last."""
        screen, view, desk = self._screen, self._screen.view, self._desk
        held = None if view.selection or view.place else screen.claim_at_hand()
        article = screen.open.article
        like = desk.verdicts.last(article, held.id if held else "")
        if like is None:
            raise Refused("You have not given a verdict on another claim here: there is nothing to repeat.")
        span = (held.start, held.end) if held else desk.claims.chosen(article, *screen.words_at_hand())

        def repeat() -> Claim:
            with desk.together():
                claim = held or desk.claims.tag(article, *span)
                desk.verdicts.repeat(claim, like)
            return desk.claims.get(claim)

        def repeated(claim: Claim) -> None:
            screen.wrote()
            view.hold(claim.id)
            verdict = desk.scheme.verdict(claim.verdict).label
            screen.say(
                f"{claim.name}: {verdict}, as {like.name}; {screen.keymap.key_of(Scope.ARTICLE, 'undo')} undoes it."
            )
            self._actions.move_on(claim.start, claim)

        screen.write(repeat, repeated)

    # Going on

    def action_review_others(self) -> None:
        claim = self._screen.claim_at_hand()
        theirs = claim.id if claim and claim.checker.id != self._desk.reviewer.id else ""
        self._screen.ways.review_article(self._screen.open.article, claim=theirs)

    def action_next_claim(self) -> None:
        screen = self._screen
        screen.go_to(screen.open.next_claim(screen.here()), "There is no later claim.")

    def action_previous_claim(self) -> None:
        screen = self._screen
        before = self._actions.claim_left() or screen.open.next_claim(screen.here(True), back=True)
        screen.go_to(before, "There is no earlier claim.")

    def action_next_open(self) -> None:
        self._go_lacking(back=False)

    def action_previous_open(self) -> None:
        self._go_lacking(back=True)

    def _go_lacking(self, *, back: bool) -> None:
        """To the next claim that lacks something to be checked, and say what it lacks."""
        screen, opened = self._screen, self._screen.open
        found = opened.next_claim(screen.here(back), back=back, lacking=True)
        round_again = found is None
        found = found or opened.first_claim(back=back, lacking=True)
        screen.go_to(
            found, "Every claim here is checked." if len(opened) else "There is no claim here yet: t tags one."
        )
        assert found is not None
        what = "; ".join(lack.sentence for lack in opened.lacks(found.id))
        wrapped = f" Wrapped around to the {'last' if back else 'first'} claim that lacks something." * round_again
        screen.say(f"{found.name}: {what}.{wrapped}")

    def action_next_disputed(self) -> None:
        disputed = [claim for claim in self._screen.open if claim.status is Status.DISPUTED]
        self._screen.go_to(self._others.next_of(disputed), "No claim here is in dispute.")


def claim_mark(screen: ArticleScreen, claim: Claim) -> Mark:
    """How a claim is drawn: by its verdict, and by what it lacks."""
    kind = screen.desk.scheme.verdict(claim.verdict) if claim.verdict else None
    glyph, colour = (kind.glyph, kind.colour) if kind else ("", "")
    lacking = bool(screen.open.lacks(claim.id))
    return Mark(claim.id, claim.start, claim.end, glyph, colour, open=not claim.verdict, lacking=lacking)
