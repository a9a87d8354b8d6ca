"""The list of an article's suggestions: what others or a model think is a claim, and what you chose."""

from __future__ import annotations

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Suggestion
from store.text.shorten import shorten
from tui.claim.disagreement_form import WhyForm
from tui.claim.suggestion_page import label_pieces, outcome_pieces, sure
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece


class SuggestionsScreen(ListScreen[str | None, Suggestion]):
    """Gives the id of the suggestion that was chosen, or of the claim that was made of it, to go there."""

    SCOPE = Scope.SUGGESTIONS
    ABOUT = 3

    def __init__(self, desk: Desk, article: Article) -> None:
        rows = Rows(
            header=True,
            empty="\nNo suggestion waits for you here.",
            verb="Go there",
            hints=("accept", "amend", "refuse", "show_answered", "find", "undo", "close"),
            at_row=("accept", "amend", "refuse"),
        )
        super().__init__(rows, desk)
        self.desk = desk
        self._article = article
        self._all = False

    def read(self) -> list[Suggestion]:
        return self.desk.suggestions.of(self._article, waiting=not self._all)

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        waiting = sum(not one.outcome for one in self.items)
        left: list[Piece] = [(" Suggestions ", "bold accent"), (f" on “{shorten(self._article.title, 50)}”", "")]
        return left, [(f"{waiting} wait{'s' if waiting == 1 else ''} for you", "bold" if waiting else "muted")]

    def key(self, item: Suggestion) -> object:
        return item.id

    def words(self, item: Suggestion) -> tuple[str, ...]:
        return item.quote_shown, item.claim_text, item.by, item.label, item.note

    def columns(self) -> tuple[Column, ...]:
        narrow = self.size.width < 100
        return (
            Column("", 5),
            Column("Who", 9 if narrow else 16),
            Column("Label", 14 if narrow else 22),
            Column("Words", share=1),
            Column("", 12),
        )

    def cells(self, item: Suggestion) -> tuple[Cell, ...]:
        words = " ".join((item.claim_text or item.quote_shown)[:400].split())
        return (
            [(item.name, "bold")],
            [(item.by, "primary")],
            label_pieces(item, self.desk.scheme) if item.label else [("—", "muted")],
            words,
            outcome_pieces(item),
        )

    def detail(self, item: Suggestion | None) -> str:
        if item is None:
            return ""
        known = [item.by, sure(item), item.note, f"from {item.origin}" if item.origin else ""]
        return f"“{' '.join(item.quote_shown.split())}”\n{' · '.join(filter(None, known))}"

    def take(self, item: Suggestion) -> None:
        self.dismiss(item.claim or ("" if item.outcome else item.id) or None)

    # Choosing

    def _at_hand(self) -> Suggestion:
        if self.current is None:
            raise Refused("There is no suggestion here to choose on.")
        return self.current

    def action_accept(self) -> None:
        one = self._at_hand()
        self.write(
            lambda: self.desk.suggestions.accept(one), lambda claim: self._done(f"{one.name} is yours, as {claim.name}")
        )

    def action_refuse(self) -> None:
        one = self._at_hand()
        self.write(lambda: self.desk.suggestions.reject(one), lambda _: self._done(f"Rejected {one.name}"))

    def action_amend(self) -> None:
        one = self._at_hand()
        form = WhyForm(
            f"Accept {one.name} in other words",
            lambda words: self.desk.suggestions.amend(one, claim_text=words),
            lambda claim: self._done(f"{one.name} is yours, as {claim.name}"),
            about=f"{one.id}/amend",
            what="The claim text: what is to be checked, in words that stand alone.",
            why=one.claim_text or " ".join(one.quote_shown.split()),
            needed=True,
            label="Claim text",
        )
        self.app.push_screen(form)

    def _done(self, what: str) -> None:
        self.refill()
        self.say(f"{what}; {self.keymap.key_of(Scope.SUGGESTIONS, 'undo')} undoes it.")

    def action_show_answered(self) -> None:
        self._all = not self._all
        self.refill()
