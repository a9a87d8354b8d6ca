"""Suggestions in an article: shown in its text, gone to, and accepted, amended or rejected by one key each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from store.errors import Refused
from store.records import Claim, Suggestion
from tui.article.screen import ArticleScreen
from tui.keys.actions_and_keys import Scope
from tui.text.spans import Mark

if TYPE_CHECKING:
    from tui.claim.panel import ClaimPanel


class Suggested:
    """The handler of an article screen for the suggestions that wait for you there."""

    def __init__(self, screen: ArticleScreen) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._shown: Mapping[str, Suggestion] = {}

    # What is shown

    def show(self) -> None:
        """Show the suggestions that wait now, and no others."""
        now, view = self._screen.open.suggestions, self._screen.view
        for id in self._shown.keys() - now.keys():
            view.remove_mark(id)
        for id, one in now.items():
            if self._shown.get(id) != one:
                view.put_mark(_mark(one))
        self._shown = dict(now)

    def begin(self) -> None:
        """Show them first, or say why they are not shown."""
        self._screen.open.read_suggestions()
        self.show()
        if not self._shown and self._desk.suggestions.hidden(self._screen.open.article):
            key = self._screen.keymap.key_of(Scope.ARTICLE, "submit")
            self._screen.say(f"Suggestions here are hidden until you have submitted your own set: {key} submits it.")

    @property
    def current(self) -> Suggestion | None:
        """The suggestion that is selected."""
        return self._screen.open.suggestions.get(self._screen.view.active)

    def _at_hand(self) -> Suggestion:
        if self.current is None:
            key = self._screen.keymap.key_of(Scope.CHECK, "next_suggestion")
            waits = f": {key} goes to the next" if self._shown else "; none waits here"
            raise Refused(f"No suggestion is selected{waits}.")
        return self.current

    # Going

    def action_next_suggestion(self) -> None:
        self._go(back=False)

    def action_previous_suggestion(self) -> None:
        self._go(back=True)

    def _go(self, *, back: bool) -> None:
        found = sorted(self._shown.values(), key=_order)
        if not found:
            raise Refused("No suggestion waits for you here.")
        view, at = self._screen.view, self.current
        here = _order(at) if at else (view.caret, 0 if back else -len(view.text) - 1, 0)
        if back:
            there = next((one for one in reversed(found) if _order(one) < here), found[-1])
        else:
            there = next((one for one in found if _order(one) > here), found[0])
        view.clear_selection()
        view.activate(there.id)

    def action_suggestions(self) -> None:
        from tui.claim.suggestion_list import SuggestionsScreen

        def closed(chosen: str | None) -> None:
            self._screen.catch_up()
            if chosen:
                self._screen.view.clear_selection()
                self._screen.view.activate(chosen)

        self._screen.app.push_screen(SuggestionsScreen(self._desk, self._screen.open.article), closed)

    # Choosing

    def action_accept_suggestion(self) -> None:
        self.accept(self._at_hand())

    def action_reject_suggestion(self) -> None:
        self.reject(self._at_hand())

    def action_amend_suggestion(self) -> None:
        self.amend(self._at_hand())

    def chose(self, event: ClaimPanel.Chose) -> None:
        """Something was chosen in the panel."""
        one = self._screen.open.suggestions.get(event.suggestion)
        if one is not None:
            {"accept": self.accept, "amend": self.amend, "reject": self.reject}[event.choice](one)

    def accept(self, one: Suggestion) -> None:
        self._screen.write(lambda: self._desk.suggestions.accept(one), lambda claim: self._took(one, claim))

    def amend(self, one: Suggestion) -> None:
        """Take the selected words as the claim's span; without a selection, ask for its claim text."""
        view = self._screen.view
        if view.selection is not None:
            span = view.seen.core(*view.selection)
            self._screen.write(lambda: self._desk.suggestions.amend(one, *span), lambda claim: self._took(one, claim))
            return
        from tui.claim.disagreement_form import WhyForm

        self._screen.app.push_screen(
            WhyForm(
                f"Accept {one.name} in other words",
                lambda words: self._desk.suggestions.amend(one, claim_text=words),
                lambda claim: self._took(one, claim),
                about=f"{one.id}/amend",
                what="The claim text: what is to be checked, in words that stand alone.",
                why=one.claim_text or " ".join(one.quote_shown.split()),
                needed=True,
                label="Claim text",
            )
        )

    def reject(self, one: Suggestion) -> None:
        def rejected(_: object) -> None:
            before = _order(one)
            self._screen.wrote()
            later = [other for other in sorted(self._shown.values(), key=_order) if _order(other) > before]
            if later:
                self._screen.view.activate(later[0].id)
            self._say(f"Rejected {one.name}")

        self._screen.write(lambda: self._desk.suggestions.reject(one), rejected)

    def _took(self, one: Suggestion, claim: Claim) -> None:
        self._screen.wrote()
        self._screen.view.clear_selection()
        self._screen.view.activate(claim.id)
        self._say(f"{one.name} is yours, as {claim.name}")

    def _say(self, what: str) -> None:
        left, undo = len(self._shown), self._screen.keymap.key_of(Scope.ARTICLE, "undo")
        key = self._screen.keymap.key_of(Scope.CHECK, "next_suggestion")
        more = f" {left} {'waits' if left == 1 else 'wait'}: {key}." if left else " No other waits here."
        self._screen.say(f"{what}; {undo} undoes it.{more}")


def _order(one: Suggestion) -> tuple[int, int, int]:
    """Suggestions are read as claims are: by their start, the longer first, then by age, which their names tell."""
    return (one.start, -one.end, int(one.name[1:]))


def _mark(one: Suggestion) -> Mark:
    from tui.claim.suggestion_page import SUGGESTED

    glyph, _, tone = SUGGESTED
    return Mark(one.id, one.start, one.end, glyph, tone, proposal=True, suggested=True)
