"""What waits after a correction: old and new words side by side; keep, tag again or withdraw by one key each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container

from store.check.corrections import Plan
from store.check.transfers import Transfer
from store.desk import Desk
from store.errors import Refused
from store.records import Article, Claim, Progress
from store.text.anchor import find_quote
from store.text.shorten import shorten
from tui.article.new_version import write_version
from tui.claim.disagreement_form import WhyForm
from tui.claim.review_page import difference_rows
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.page import Page, PageWriter, wrapped
from tui.kit.panel_lines import PanelLines
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece

_LOOK = {"changed": ("≠", "warning"), "vanished": ("∅", "muted")}
"""The glyph and tone of what became of a claim or sweep."""
_ROWS = 40


class CorrectionsScreen(ListScreen[tuple[str, str] | None, Transfer]):
    """Gives the (article, claim) ids of a claim that was chosen, to go there."""

    SCOPE = Scope.CORRECTIONS
    DEFAULT_CSS = """
    CorrectionsScreen #corrections { layout: horizontal; height: 1fr; }
    CorrectionsScreen #corrections Rows { width: 1fr; }
    CorrectionsScreen #corrections PanelLines { width: 1fr; border-left: tall $panel; }
    CorrectionsScreen.-narrow #corrections { layout: vertical; }
    CorrectionsScreen.-narrow #corrections Rows { height: 1fr; max-height: 9; }
    CorrectionsScreen.-narrow #corrections PanelLines { height: 2fr; border-left: none; border-top: solid $panel; }
    """

    def __init__(self, desk: Desk, article: Article) -> None:
        rows = Rows(
            header=True,
            empty="\nNothing waits after a correction of this article.",
            verb="Go there",
            hints=("keep", "retag", "withdraw", "undo", "close"),
            at_row=("keep", "retag", "withdraw"),
        )
        super().__init__(rows, desk, finding=False)
        self.desk = desk
        self._article = article
        self.lines = PanelLines(lambda: None)
        self.lines.can_focus = False

    def middle(self) -> ComposeResult:
        with Container(id="corrections"):
            yield self.rows
            yield self.lines

    # What is shown

    def read(self) -> list[Transfer]:
        return self.desk.transfers.waiting(self._article)

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        to_check = sum(item.outcome == "changed" for item in self.items)
        gone = len(self.items) - to_check
        left: list[Piece] = [
            (" Corrections ", "bold accent"),
            (f" words that changed in “{shorten(self._article.title, 50)}”", ""),
        ]
        right: list[Piece] = [(f"{to_check} to check · {gone} gone", "bold" if self.items else "muted")]
        if behind := self.desk.corrections.behind(self._article.id):
            key = self.keymap.key_of(Scope.CORRECTIONS, "carry_over")
            right.append((f" · {behind} on another text: {key} carries over", "bold warning"))
        return left, right

    def key(self, item: Transfer) -> object:
        return item.item

    def columns(self) -> tuple[Column, ...]:
        return (Column("", 1), Column("Claim", 6), Column("Why", 14), Column("Old words", share=1))

    def cells(self, item: Transfer) -> tuple[Cell, ...]:
        glyph, tone = _LOOK[item.outcome]
        return (
            [(glyph, tone)],
            [(item.name or item.kind.removesuffix("s"), "bold")],
            [(item.reason or "gone", tone)],
            [(" ".join(item.before[:300].split()), "muted")],
        )

    def tell(self, item: Transfer | None) -> None:
        self.lines.show(partial(_page, item, self._verdict(item)), anew=True)

    def _verdict(self, item: Transfer | None) -> str:
        claim = self._claim(item) if item is not None and item.claim else None
        return self.desk.scheme.verdict(claim.verdict).label if claim is not None and claim.verdict else ""

    def _claim(self, item: Transfer) -> Claim:
        return self.desk.claims.get(item.claim)

    # Deciding

    def _at_cursor(self) -> Transfer:
        if self.current is None:
            raise Refused("There is nothing here to decide.")
        return self.current

    def _done(self, item: Transfer, did: str) -> None:
        at = self.rows.index or 0
        self.refill()
        if self.items:
            self.rows.move_to(min(at, len(self.items) - 1))
        name = item.name or "the sweep"
        self.say(f"{did} {name}; {self.keymap.key_of(Scope.CORRECTIONS, 'undo')} undoes it.")

    def action_keep(self) -> None:
        item = self._at_cursor()
        if item.outcome == "changed":
            self.write(lambda: self.desk.transfers.keep(item.claim), lambda _: self._done(item, "Kept"))
        else:
            self.write(
                lambda: self.desk.transfers.passed_over([item]), lambda _: self._done(item, "Left on the old version:")
            )

    def action_retag(self) -> None:
        item = self._at_cursor()
        if not item.claim:
            raise Refused("A sweep is not tagged again: read its words in the text and sweep them there.")
        claim = self._claim(item)
        form = WhyForm(
            f"Tag {claim.name} again",
            lambda words: self._retag(claim, words),
            lambda _: self._done(item, "Tagged again:"),
            about=f"{item.id}/retag",
            what="The words as they stand in the corrected text, letter for letter.",
            why=item.before if item.outcome == "vanished" else item.now,
            needed=True,
            label="Words",
        )
        self.app.push_screen(form)

    def _retag(self, claim: Claim, words: str) -> Claim:
        article = self.desk.articles.get(claim.article)
        start, end = find_quote(self.desk.articles.text(article), words)
        if (article.version, start, end) == (claim.version, claim.start, claim.end):
            self.desk.transfers.keep(claim)
            return claim
        return self.desk.claims.move(claim.id, start, end)

    def action_withdraw(self) -> None:
        item = self._at_cursor()
        if item.claim:
            claim = self._claim(item)
            self.write(lambda: self.desk.delete(claim), lambda _: self._done(item, "Withdrew"))
        else:
            self.action_keep()

    def action_carry_over(self) -> None:
        def done(plan: Plan) -> None:
            self.refill()
            self.say(f"Carried over: {plan.counts}; {self.keymap.key_of(Scope.CORRECTIONS, 'undo')} undoes it.")

        def carry(desk: Desk, progress: Progress | None) -> Plan:
            return desk.corrections.carry_over(self._article.id, progress)

        write_version(self, self.desk, self._article, carry, done)

    def action_scroll_on(self) -> None:
        self.lines.leap(1)

    def action_scroll_back(self) -> None:
        self.lines.leap(-1)

    def take(self, item: Transfer) -> None:
        if item.outcome == "vanished":
            key = self.keymap.key_of(Scope.CORRECTIONS, "retag")
            raise Refused(f"Its words are gone from the text; {key} tags it again elsewhere.")
        self.dismiss((self._article.id, item.claim))


def _page(item: Transfer | None, verdict: str, width: int, height: int) -> Page:
    """Old and new words, one above the other, with what changed between them marked."""
    if item is None:
        return Page(width)
    writer = _Writer(width, _no_key)
    writer.compare(item, verdict)
    return writer.page


_no_key: Callable[[str], str] = str


class _Writer(PageWriter):
    def compare(self, item: Transfer, verdict: str) -> None:
        """Write what became of an item."""
        why = f": {item.reason}" if item.reason else ""
        said = f" {item.outcome} in version {item.number}{why}"
        self._line(None, [(said, "bold")])
        if verdict:
            self._line(None, [(f" its verdict: {verdict}", "muted")])
        for label, words in (("old words", item.before), ("new words", item.now)):
            if label == "new words" and item.outcome == "vanished":
                continue
            self._line(None, [])
            self._line(None, [(f" {label}", "muted")])
            self._said(wrapped(words, self._width - 4, _ROWS), 2, "")
        if item.outcome == "changed":
            self._line(None, [])
            self._line(None, [(" what changed", "muted")])
            for row in difference_rows(item.before, item.now, self._width - 4, _ROWS):
                self._line(None, [("  ", ""), *row])
