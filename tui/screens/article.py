"""The article screen: the text, the claim at hand beside it, and the list of all claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer

from store import units
from store.desk import Desk
from store.history import shorten
from store.records import Article, Claim, Undone
from store.refusals import Duplicate, Refused, Unknown
from store.units import Span
from tui.actions import Scope
from tui.keys import TYPING
from tui.open_article import News, OpenArticle, reading_order
from tui.screens.desk_screen import DeskChanged, DeskScreen
from tui.text.edges import Edge, Step
from tui.text.edges import nudge as nudged
from tui.text.spans import Mark
from tui.widgets.article_view import ArticleView
from tui.widgets.bar import Bar
from tui.widgets.pieces import Piece

if TYPE_CHECKING:
    from tui.app import FactdeskApp
    from tui.widgets.claim_list import ClaimList
    from tui.widgets.claim_panel import ClaimPanel
    from tui.widgets.find_line import FindLine

PANEL_DELAY = 0.04
"""Seconds the caret must rest before the panel follows it, so that holding a key never pays for the panel."""

SHOWN_AT_ONCE = 100_000
"""Code points. A longer text is shown before its sentences are found and its claims are read."""


class ArticleScreen(DeskScreen[None]):
    """Reading, tagging and checking one article."""

    open: OpenArticle
    panel: ClaimPanel
    claim_list: ClaimList
    find_line: FindLine

    SCOPE = Scope.ARTICLE
    LISTENS_AT_ONCE = False
    HINTS = (
        "tag",
        ("verdict_1", "verdict"),
        ("next_residue", "next unchecked"),
        "sweep",
        ("add_evidence", "evidence"),
        ("justify", "why"),
        "undo",
        ("find", "find"),
    )
    DEFAULT_CSS = """
    ArticleScreen #workplace { layout: horizontal; height: 1fr; }
    ArticleScreen ArticleView { width: 1fr; height: 1fr; }
    ArticleScreen #side { width: 38; height: 1fr; background: $surface; border-left: tall $panel; }
    ArticleScreen #side ClaimPanel { height: 1fr; }
    ArticleScreen #side ClaimList { height: 1fr; display: none; border-top: solid $panel; }
    ArticleScreen.-listing #side ClaimList { display: block; }
    ArticleScreen.-roomy #side { width: 60%; }
    ArticleScreen.-broad #side { width: 64; }
    ArticleScreen.-broad.-roomy #side { width: 60%; }
    ArticleScreen.-narrow #workplace { layout: vertical; }
    ArticleScreen.-narrow #side { width: 1fr; height: 9; border-left: none; }
    ArticleScreen.-narrow.-roomy #side { width: 1fr; height: 75%; }
    ArticleScreen.-narrow.-listing #side ClaimPanel { display: none; }
    ArticleScreen.-narrow.-listing #side ClaimList { border-top: none; }
    """

    def __init__(self, desk: Desk, article: Article, claim: str = "") -> None:
        """``claim`` is the id of the claim to begin at; without one, where there is still something to check."""
        super().__init__()
        self.desk = desk
        self._article = desk.article(article)
        self.view = ArticleView()
        self._start_at = claim
        self._saved = ""
        self._gone = False
        self._panel_timer: Timer | None = None

    def body(self) -> ComposeResult:
        yield Bar(id="article-head")
        with Container(id="workplace"):
            yield self.view
            yield Vertical(id="side")

    def on_mount(self) -> None:
        if self._article.length <= SHOWN_AT_ONCE:
            self._take_up()
        else:
            self.view.show(self.desk.text(self._article), language=self._article.language)
        self.view.focus()
        # By way of the app: while it starts, it draws nothing, and what it is told waits.
        self.app.call_later(self.call_after_refresh, self._furnish)

    def _take_up(self) -> None:
        """Read the article's claims and sentences and show them."""
        self.open = opened = OpenArticle(self.desk, self._article)
        residue = opened.coverage.residue
        begun = bool(len(opened) or opened.sweeps)
        self.view.show(
            opened.text,
            self._marks(opened),
            [Mark(sweep.id, sweep.start, sweep.end) for sweep in opened.sweeps],
            residue,
            sentences=opened.sentences,
            language=opened.article.language,
            caret=residue[0][0] if begun and residue else 0,
        )
        if self._start_at in opened:
            self.view.activate(self._start_at)
        self._tell_head()

    async def _furnish(self) -> None:
        """Bring in what stands beside the text, once the text can be seen. Keys pressed meanwhile wait."""
        from tui.widgets.claim_list import ClaimList
        from tui.widgets.claim_panel import ClaimPanel
        from tui.widgets.find_line import FindLine

        if self._article.length > SHOWN_AT_ONCE:
            self._take_up()
        self.panel = ClaimPanel(self.desk)
        self.claim_list = ClaimList(self.desk)
        self.find_line = FindLine(self.view)
        await self.query_one("#side").mount(self.panel, self.claim_list)
        await self.mount(self.find_line, before=self.hint_line)
        self.claim_list.show_claims(list(self.open))
        self._show_panel()
        self.listen()
        self._catch_up()

    # What the screen says

    def _marks(self, claims: Iterable[Claim]) -> list[Mark]:
        scheme = self.desk.scheme
        marks = []
        for claim in claims:
            kind = scheme.verdict(claim.verdict) if claim.verdict else None
            glyph, colour = (kind.glyph, kind.colour) if kind else ("", "")
            marks.append(Mark(claim.id, claim.start, claim.end, glyph, colour, open=not claim.verdict))
        return marks

    def _tell_head(self) -> None:
        article, coverage = self.open.article, self.open.coverage
        left: list[Piece] = [(" ", ""), (" ".join(article.title.split()), "bold")]
        left += [(f"  {article.published}", "muted")] if article.published else []
        filled = int(coverage.by_sentence * 10) if coverage.residue else 10
        said = f" {int(coverage.by_sentence * 100)} %" if coverage.residue else " all"
        who = f"  {self.desk.reviewer}  " if self.desk.reviewer else "  read only  " if self.desk.read_only else ""
        unchecked = f" · {len(coverage.residue)} unchecked" if coverage.residue else ""
        right: list[Piece] = [
            (who, "muted"),
            ("checked " if self.size.width >= 100 else "", "muted"),
            ("▓" * filled, "accent"),
            ("░" * (10 - filled), "muted"),
            (said, "bold"),
            (unchecked, ""),
        ]
        self.query_one("#article-head", Bar).show(left, right)

    def _tell_foot(self) -> None:
        """What is selected or at hand, and when the desk last saved something."""
        pieces: list[Piece] = []
        if self.listening and self.find_line.said:
            pieces.append((f"{self.find_line.said}  ", "bold"))
        if self.view.selection:
            start, end = self.view.selection
            count = sum(1 for _ in units.words(self.view.text, start, end))
            pieces.append((f"{count} word{'s' if count != 1 else ''} selected", ""))
        elif self.view.selecting:
            pieces.append(("selecting", ""))
        if self._saved:
            pieces += [(" · " if pieces else "", "muted"), (f"✓ saved {self._saved}", "muted")]
        self.hint_line.show(left=[(" ", ""), *pieces])

    def _show_panel(self) -> None:
        self._panel_timer = None
        edited = self.panel.claim
        if edited is not None and edited.id not in self.open and self._typing:
            return  # somebody deleted it; what is typed stays in sight until it is left
        claim = self.open.get(self.view.active)
        if claim is None:
            self.panel.show(None, here=self._here())
            self.claim_list.activate("")
            return
        stack = [mark.id for mark in self.view.overlapping(claim.start, claim.end) if mark.id != claim.id]
        self.panel.show(
            claim,
            position=f"{claim.name} · {self.open.place(claim)} of {len(self.open)}",
            stack=[other for id in stack if (other := self.open.get(id))],
        )
        self.claim_list.activate(claim.id)

    def _show_panel_soon(self) -> None:
        if self._panel_timer is None and self.listening:
            self._panel_timer = self.set_timer(PANEL_DELAY, self._show_panel)

    def _here(self) -> str:
        """What is known of the sentence at the caret."""
        caret = self.view.caret
        span = self.view.units.sentence_at(caret)
        if span is None:
            return ""
        if any(sweep.start < span[1] and sweep.end > span[0] for sweep in self.open.sweeps):
            return "— swept: nothing to check in this sentence"
        names = [claim.name for mark in self.view.overlapping(*span) if (claim := self.open.get(mark.id))]
        if names:
            return f"✓ this sentence is accounted for by {', '.join(names[:6])}"
        return "· nobody has accounted for this sentence yet"

    # Keeping up with the desk

    def _wrote(self) -> News:
        """Show what was just saved, and that it was."""
        self._saved = datetime.now().strftime("%H:%M:%S")
        return self._catch_up()

    def _catch_up(self) -> News:
        try:
            news = self.open.catch_up()
        except Unknown:
            self._say_gone()
            return News()
        self._gone = False
        for id in news.gone:
            self.view.remove_mark(id)
            self.claim_list.drop(id)
        for mark in self._marks(news.put):
            self.view.put_mark(mark)
        for claim in news.put:
            self.claim_list.put(claim)
        if news.sweeps:
            self.view.set_sweeps(Mark(sweep.id, sweep.start, sweep.end) for sweep in self.open.sweeps)
        if news:
            self.view.set_residue(self.open.coverage.residue)
            self._tell_head()
        if news or self.view.active in news.touched:
            self._show_panel_soon()
        self._tell_foot()
        return news

    @property
    def _typing(self) -> bool:
        return getattr(self.focused, "SCOPE", None) in TYPING

    def _say_gone(self) -> None:
        """Leave, as there is no article any more; but not what lies over this screen, nor what is being typed."""
        if not self._gone:
            self._gone = True
            kept = " What you are typing cannot be saved: copy it, then leave the field." if self._typing else ""
            self.app.notify(f"This article was deleted from the desk.{kept}", severity="warning", markup=False)
        if self.is_active and not self._typing:
            self.dismiss()

    def on_descendant_blur(self) -> None:
        """What waited for the end of the typing can be shown now."""
        if self._gone:
            self.call_later(self._catch_up)
        self._show_panel_soon()

    def on_desk_changed(self, event: DeskChanged) -> None:
        if self.listening:
            self._catch_up()

    @on(ArticleView.CaretMoved)
    def _caret_moved(self) -> None:
        self._show_panel_soon()
        self._tell_foot()

    def on_claim_panel_changed(self) -> None:
        self._wrote()

    def on_claim_panel_chosen(self, event: ClaimPanel.Chosen) -> None:
        self._take(event.claim)

    def on_claim_list_chosen(self, event: ClaimList.Chosen) -> None:
        self._take(event.claim)

    def _take(self, claim: str) -> None:
        self.view.activate(claim)
        self.view.focus()

    def on_screen_resume(self) -> None:
        if self.listening:
            self._tell_head()  # who is working may have been asked meanwhile
            self._catch_up()

    # Tagging and sweeping

    def _chosen_span(self) -> Span:
        """The selection without its outer white space, or the sentence at the caret."""
        chosen = self.view.selection or self.view.units.sentence_at(self.view.caret)
        if chosen is None:
            raise Refused("There is nothing to take here: select some text first.")
        return units.trim(self.open.text, *chosen)

    def action_tag(self) -> None:
        start, end = self._chosen_span()
        try:
            claim = self.desk.tag(self.open.article, start, end)
        except Duplicate as twin:
            self.view.clear_selection()
            self.view.activate(twin.claim.id)
            raise
        self._wrote()
        self.view.clear_selection()
        self.view.activate(claim.id)

    def action_sweep(self) -> None:
        start, end = self._chosen_span()
        self.desk.sweep(self.open.article, start, end)
        self.view.clear_selection()
        self._wrote()

    def _at_hand(self) -> Claim:
        claim = self.open.get(self.view.active)
        if claim is None:
            raise Refused("There is no claim at the caret: t tags one, ] goes to the next.")
        return claim

    def action_delete(self) -> None:
        claim = self.open.get(self.view.active)
        if claim is not None:
            self.desk.delete(claim)
            said = f"Deleted {claim.name}; u brings it back."
        else:
            caret = self.view.caret
            sweep = next((sweep for sweep in self.open.sweeps if sweep.start <= caret < sweep.end), None)
            if sweep is None:
                raise Refused("There is no claim and no sweep at the caret to delete.")
            self.desk.delete(sweep)
            said = "Took the sweep back; u brings it again."
        self._wrote()
        self.say(said)

    # Edges

    def nudge(self, edge: Edge, step: Step, on: bool) -> None:
        """Move one edge of the claim at hand by a step, towards the text's end (``on``) or back."""
        claim = self._at_hand()
        span = nudged(self.open.text, (claim.start, claim.end), edge, step, on=on)
        if span is None:
            self.app.bell()
            return
        self._move(claim, span)

    def _move(self, claim: Claim, span: Span) -> None:
        moved = self.desk.move(claim, *span)
        self._wrote()
        self.view.activate(moved.id)

    def action_respan(self) -> None:
        selection = self.view.selection
        if selection is None:
            raise Refused("Select the text that the claim is to span, then press S.")
        claim = self.open.get(self.view.active) or self._only_claim(selection)
        span = units.trim(self.open.text, *selection)
        self.view.clear_selection()
        self._move(claim, span)

    def _only_claim(self, span: Span) -> Claim:
        """The one claim that shares text with a span."""
        claims = [claim for mark in self.view.overlapping(*span) if (claim := self.open.get(mark.id))]
        if not claims:
            raise Refused("No claim shares text with the selection: t tags it as a new one.")
        if len(claims) > 1:
            names = ", ".join(claim.name for claim in claims[:6])
            raise Refused(f"{names} share text with the selection: begin to select in the one that you mean.")
        return claims[0]

    # Verdicts

    def give(self, place: int) -> None:
        """Give the claim at hand the scheme's verdict at a place, counted from 1."""
        kinds = self.desk.scheme.active
        if place > len(kinds):
            raise Refused(f"The scheme {self.desk.scheme.id} has {len(kinds)} verdicts: r shows them.")
        claim = self._at_hand()
        self.desk.give_verdict(claim, kinds[place - 1].key)
        self._wrote()

    def action_clear_verdict(self) -> None:
        self.desk.give_verdict(self._at_hand(), "")
        self._wrote()

    def action_pick_verdict(self) -> None:
        self._prepared().action_pick_verdict()

    def action_justify(self) -> None:
        self._prepared().action_justify()

    def action_add_evidence(self) -> None:
        self._prepared().action_add_evidence()

    def action_add_comment(self) -> None:
        self._prepared().action_add_comment()

    def _prepared(self) -> ClaimPanel:
        """The panel with the claim at hand in it, now."""
        self._at_hand()
        if not self.panel.display:
            self.remove_class("-listing")
        if self._panel_timer is not None:
            self._panel_timer.stop()
            self._show_panel()
        return self.panel

    def action_edit_claim(self) -> None:
        self._prepared()
        self.panel.focus()

    def action_to_text(self) -> None:
        self.view.focus()

    # Going on

    def _go_to(self, claim: Claim | None, nothing: str) -> None:
        if claim is None:
            raise Refused(nothing)
        self.view.clear_selection()
        self.view.activate(claim.id)

    def _key(self, back: bool) -> tuple[int, int, str]:
        """Where the search for a next or previous claim sets out."""
        claim = self.open.get(self.view.active)
        return reading_order(claim) if claim else (self.view.caret, 0 if back else -len(self.open.text) - 1, "")

    def action_next_claim(self) -> None:
        self._go_to(self.open.next_claim(self._key(False)), "There is no claim further on.")

    def action_previous_claim(self) -> None:
        self._go_to(self.open.next_claim(self._key(True), back=True), "There is no claim before this place.")

    def action_next_open(self) -> None:
        found = self.open.next_claim(self._key(False), open_only=True)
        self._go_to(found, "No claim further on is without a verdict.")

    def action_previous_open(self) -> None:
        found = self.open.next_claim(self._key(True), back=True, open_only=True)
        self._go_to(found, "No claim before this place is without a verdict.")

    def action_next_residue(self) -> None:
        self._go_residue(False)

    def action_previous_residue(self) -> None:
        self._go_residue(True)

    def _go_residue(self, back: bool) -> None:
        caret = self.view.caret
        span = self.open.next_residue(caret, back=back)
        if span is None:
            residue = self.open.coverage.residue
            if not residue:
                raise Refused("Every sentence of this article is accounted for.")
            span = residue[-1] if back else residue[0]
            if span[0] <= caret < span[1]:
                self.say("This is the only sentence left.")
            else:
                self.say("Went round to the " + ("last" if back else "first") + " unchecked sentence.")
        self.view.clear_selection()
        self.view.move_to(span[0])

    # Finding

    def action_find(self) -> None:
        self.find_line.open_with(self.view.selected_text)

    def action_find_next(self) -> None:
        self.find_line.step(1)

    def action_find_previous(self) -> None:
        self.find_line.step(-1)

    def on_find_line_found(self) -> None:
        self._tell_foot()

    # Undo

    def action_undo(self) -> None:
        self._told(self.desk.undo())

    def action_redo(self) -> None:
        self._told(self.desk.redo())

    def _told(self, undone: Undone) -> None:
        self._wrote()
        if undone.claim in self.open:
            self.view.activate(undone.claim)
        elsewhere = undone.article and undone.article != self.open.article.id
        self.say(undone.sentence + (" (in another article)" if elsewhere else ""))

    # Panes

    def action_switch_pane(self) -> None:
        self._switch(1)

    def action_switch_pane_back(self) -> None:
        self._switch(-1)

    def _switch(self, step: int) -> None:
        panes = [self.view, self.panel, self.claim_list]
        shown = [pane for pane in panes if pane.display]
        here = next((i for i, pane in enumerate(shown) if pane.has_focus_within or pane.has_focus), 0)
        shown[(here + step) % len(shown)].focus()

    def action_claim_list(self) -> None:
        listing = self.toggle_class("-listing").has_class("-listing")
        (self.claim_list if listing else self.view).focus()

    def action_panel(self) -> None:
        self.toggle_class("-roomy")

    def action_filter_claims(self) -> None:
        self.add_class("-listing")
        self.claim_list.action_filter()

    def action_copy(self) -> None:
        claim = self.open.get(self.view.active)
        words = self.view.selected_text or (claim.quote if claim else "")
        if not words:
            raise Refused("Select some text to copy, or put the caret on a claim.")
        self.app.copy_to_clipboard(words)
        self.say(f"Copied “{shorten(words, 40)}”.")

    def action_clear(self) -> None:
        if self.view.clear_selection():
            return
        self.find_line.clear()

    def action_library(self) -> None:
        self.dismiss()

    def action_history(self) -> None:
        from tui.screens.history import HistoryScreen

        claim = self.open.get(self.view.active)
        self.app.push_screen(HistoryScreen(self.desk, self.open.article, claim), self._go_from_history)

    def _go_from_history(self, place: tuple[str, str] | None) -> None:
        """Go to the place of a change that was chosen: (article id, claim id or empty)."""
        if place is None:
            return
        if place[0] == self.open.article.id:
            self.view.activate(place[1])
            self.view.focus()
        else:
            app: FactdeskApp = self.app  # type: ignore[assignment]
            app.open_article(self.desk.article(place[0]), place[1])

    def action_conflicts(self) -> None:
        from tui.screens.conflicts import ConflictsScreen

        self.app.push_screen(ConflictsScreen(self.desk, self.open.article))


def _give(place: int) -> Callable[[ArticleScreen], None]:
    return lambda screen: screen.give(place)


def _nudge(edge: Edge, step: Step, on: bool) -> Callable[[ArticleScreen], None]:
    return lambda screen: screen.nudge(edge, step, on)


for _place in range(1, 10):
    setattr(ArticleScreen, f"action_verdict_{_place}", _give(_place))
for _edge in ("start", "end"):
    for _on in (True, False):
        _name = f"action_{_edge}_{'on' if _on else 'back'}"
        setattr(ArticleScreen, _name, _nudge(_edge, "word", _on))
        setattr(ArticleScreen, f"{_name}_character", _nudge(_edge, "character", _on))
