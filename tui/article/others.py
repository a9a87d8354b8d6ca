"""What is done in an article with others: go to their threads, answer what they propose, submit your own set."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store.records import Assignment, Claim
from tui.article.screen import ArticleScreen, Work
from tui.keys.actions_and_keys import Scope
from tui.kit.screen import Hint
from tui.kit.styled_text import Piece
from tui.text.spans import reading_order

if TYPE_CHECKING:
    from tui.kit.head_line import ConflictCount

_OFFERED: tuple[Hint, ...] = ("reopen", ("submit", "Summary"), "next_claim", "find", "undo")
"""What can be done while your set is submitted."""
_GUIDE = (("reopen", "reopen your set to change it"), ("submit", "what it holds, and what others said"))


class Others:
    """The handler of an article screen for what leads from your own work to that of others."""

    def __init__(self, screen: ArticleScreen, work: Work) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._work = work
        self._usual = work.hints
        self._submitted = False

    def action_inbox(self) -> None:
        self._screen.ways.open_inbox(self._screen.open.article, self._screen.go_from_list)

    def action_compare(self) -> None:
        self._screen.ways.open_comparison(self._screen.open.article, self._screen.view.active)

    def action_export_claims(self) -> None:
        from tui.kit.export_form import choose_export

        choose_export(self._screen.app, self._desk, [self._screen.open.article])

    def action_copy_as(self) -> None:
        from store.formats.clipboard import WAYS, claim_as
        from tui.kit.picker import Choice, Picker

        claim = self._screen.at_hand()

        def copied(way: str, site: str = "") -> None:
            self._screen.app.copy_to_clipboard(claim_as(self._desk, claim.id, way, site=site))
            self._screen.say(f"Copied {claim.name} as {way}.")

        def chosen(keys: tuple[str, ...] | None) -> None:
            if keys == ("claimreview",):
                from tui.article.site_form import SiteForm

                self._screen.app.push_screen(SiteForm(), lambda site: copied("claimreview", site) if site else None)
            elif keys:
                copied(keys[0])

        choices = [Choice(way, way, hotkey=way[0], description=says) for way, says in WAYS.items()]
        self._screen.app.push_screen(Picker(f"Copy {claim.name} as", choices), chosen)

    # Threads

    def action_next_thread(self) -> None:
        screen = self._screen
        commented = (claim for claim in screen.open if claim.comment_count)
        threads = [claim for claim in commented for _ in self._desk.threads.unresolved(claim)]
        screen.go_to(self.next_of(threads), "Every thread here is resolved.")
        screen.say(f"{len(threads)} thread{'s are' if len(threads) != 1 else ' is'} not resolved here.")

    def next_of(self, claims: list[Claim]) -> Claim | None:
        """The next of some claims in reading order behind the selected one, and then from the beginning."""
        here = self._screen.here()
        return next((claim for claim in claims if reading_order(claim) > here), claims[0] if claims else None)

    # Submitting

    def look(self) -> None:
        """See whether your set is submitted; above, below and beside the text it is said from now on."""
        screen = self._screen
        self._submitted = self._desk.submissions.is_submitted(screen.open.article, self._work.role.value)
        self._work.hints = _OFFERED if self._submitted else self._usual
        screen.panel.guide = _GUIDE if self._submitted else screen.panel.fields.guide

    def head(self) -> list[Piece]:
        """What stands before the title."""
        found: list[Piece] = [(" ", "")]
        if self._submitted:
            from tui.kit.assignment_words import LOCKED

            found += [LOCKED, ("  ", "")]
        return found + self._conflicts.pieces(self._screen.open.article.id)

    @cached_property
    def _conflicts(self) -> ConflictCount:
        from tui.kit.head_line import ConflictCount

        return ConflictCount(self._desk)

    def action_submit(self) -> None:
        self._open_summary()

    def action_missing(self) -> None:
        self._open_summary(at_missing=True)

    def _open_summary(self, *, at_missing: bool = False) -> None:
        self._screen.ways.open_summary(
            self._screen.open.article, self._work.role, self._work.whose, self._left_summary, at_missing=at_missing
        )

    def _left_summary(self, place: tuple[str, int] | None) -> None:
        """Go to a claim, by its id, or to an offset of the text."""
        screen, view = self._screen, self._screen.view
        screen.catch_up()
        if place is None:
            return
        claim, offset = place
        view.clear_selection()
        if claim:
            view.activate(claim)
        elif (left := screen.open.ledger.next_place(offset)) and left.start == offset:
            screen.take_place(left)
        else:
            view.move_to(offset)
        view.focus()

    def action_reopen(self) -> None:
        screen = self._screen

        def reopened(held: Assignment) -> None:
            screen.wrote()
            key = screen.keymap.key_of(Scope.ARTICLE, "submit")
            screen.say(f"Your set is reopened ({held.reopened}×). {key} submits it.")

        screen.write(lambda: self._desk.submissions.reopen(screen.open.article, self._work.role.value), reopened)
