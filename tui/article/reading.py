"""Reading an article: the text, the claim at hand beside it, the list of all claims, and going from one to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from store.desk import Desk
from store.errors import Refused, Unknown
from store.history.words import shorten
from store.records import Article, Claim, Review
from store.text import units
from store.text.coverage import Place
from store.text.quotations import quoted
from store.text.units import Span
from tui.article.open_article import News, OpenArticle, reading_order
from tui.article.text_screen import SHOWN_AT_ONCE, Ground, TextScreen
from tui.keys.actions import Scope
from tui.keys.keymap import TYPING
from tui.kit.bar import Bar
from tui.kit.pieces import Piece, parted
from tui.kit.progress import head_pieces
from tui.kit.screen import DeskChanged
from tui.text.spans import Mark
from tui.view.margin import LEFTOVER, RESIDUE, SWEPT
from tui.view.view import ArticleView

if TYPE_CHECKING:
    from tui.claim.list import ClaimList
    from tui.claim.panel import ClaimPanel

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


class _Text(ArticleView):
    """The text where it is checked: what is done to an article comes before moving in it."""

    SCOPE = Scope.CHECK


class _Moving(Ground):
    """Around the text, so that one moves in it as anywhere."""

    SCOPE = Scope.TEXT


class ArticleReading(TextScreen):
    """One article to read: what is drawn, found and gone to, and what others do to it meanwhile.

    A subclass adds what is done to the article. ``open`` is there once the screen listens.
    """

    open: OpenArticle
    panel: ClaimPanel
    claim_list: ClaimList

    SCOPE = Scope.ARTICLE
    DEFAULT_CSS = """
    ArticleReading #workplace { layout: horizontal; height: 1fr; }
    ArticleReading #text, ArticleReading ArticleView { width: 1fr; height: 1fr; }
    ArticleReading #side { width: 38; height: 1fr; background: $surface; border-left: tall $panel; }
    ArticleReading #side ClaimPanel { height: 1fr; }
    ArticleReading #side ClaimList { height: 1fr; display: none; border-top: solid $panel; }
    ArticleReading.-listing #side ClaimList { display: block; }
    ArticleReading.-roomy #side { width: 60%; }
    ArticleReading.-broad #side { width: 64; }
    ArticleReading.-broad.-roomy #side { width: 60%; }
    ArticleReading.-narrow #workplace { layout: vertical; }
    ArticleReading.-narrow #side { width: 1fr; height: 9; border-left: none; }
    ArticleReading.-narrow.-short #side { height: 4; }
    ArticleReading.-narrow.-roomy #side { width: 1fr; height: 75%; }
    ArticleReading.-narrow.-listing #side ClaimPanel { display: none; }
    ArticleReading.-narrow.-listing #side ClaimList { border-top: none; }
    """

    def __init__(self, desk: Desk, article: Article, claim: str = "", found: Span | None = None) -> None:
        """``claim`` is the id of the claim to begin at, ``found`` the place where words that were looked for stand;
        without them, it begins where there is still something to check."""
        super().__init__(desk, article)
        self.view: ArticleView = _Text()
        self._start_at = claim
        self._found = found
        self._gone = False
        self._saved_before = desk.saved_at
        self._unlisted: list[News] = []

    def body(self) -> ComposeResult:
        yield Bar(id="article-head")
        with Ground(id="workplace"):
            with _Moving(id="text"):
                yield self.view
            yield Vertical(id="side")

    def on_mount(self) -> None:
        if self._article.length <= SHOWN_AT_ONCE:
            self._take_up()
        else:
            self.view.show(self.desk.text(self._article), language=self._article.language, lines=self._article.lines)
        self.view.focus()
        # By way of the app: while it starts, it draws nothing, and what it is told waits.
        self.app.call_later(self.call_after_refresh, self._furnish)

    def _take_up(self) -> None:
        """Read the article's claims and sentences and show them."""
        self.open = opened = OpenArticle(self.desk, self._article)
        self.opened()
        self.view.show(
            opened.text,
            self._marks(opened),
            [Mark(sweep.id, sweep.start, sweep.end) for sweep in opened.sweeps],
            opened.coverage.residue,
            sentences=opened.sentences,
        )
        if self._start_at in opened:
            self.view.activate(self._start_at)
        elif first := opened.ledger.next_place(0):
            self._take_place(first)
        self._tell_head()

    def opened(self) -> None:
        """The article's claims have been read and are about to be shown."""

    def take_in(self, news: News) -> News:
        """What others, or this screen, changed is about to be shown; gives what to show of it."""
        return news

    def furniture(self) -> tuple[ClaimPanel, ClaimList]:
        """What stands beside the text."""
        from tui.claim.list import ClaimList
        from tui.claim.panel import ClaimPanel

        return ClaimPanel(self.desk), ClaimList(self.desk)

    async def _furnish(self) -> None:
        """Bring in what stands beside the text, once the text can be seen. Keys pressed meanwhile wait."""
        from tui.view.find_line import FindLine

        if not self.is_attached:
            return  # left again before it could be seen
        if self._article.length > SHOWN_AT_ONCE:
            self._take_up()
        self.panel, self.claim_list = self.furniture()
        self.find_line = FindLine(self.view)
        await self.query_one("#side").mount(self.panel, self.claim_list)
        await self.mount(self.find_line, before=self.hint_line)
        self.claim_list.show_claims(list(self.open))
        if self._found:
            self.find_line.seek(self.view.text[slice(*self._found)], self._found[0])
        self._show_panel()
        self.listen()
        self._catch_up()
        if _RIGHT_TO_LEFT.search(self.open.text):
            self.say("This text runs from right to left; it is shown in logical order, first letter leftmost.")

    # What the screen says

    def _marks(self, claims: Iterable[Claim]) -> list[Mark]:
        marks = []
        for claim in claims:
            kind = self.desk.scheme.verdict(claim.verdict) if claim.verdict else None
            glyph, colour = (kind.glyph, kind.colour) if kind else ("", "")
            lacking = bool(self.open.lacks(claim.id))
            mark = Mark(claim.id, claim.start, claim.end, glyph, colour, open=not claim.verdict, lacking=lacking)
            marks.append(mark)
        return marks

    def _tell_head(self) -> None:
        article, coverage = self.open.article, self.open.coverage
        left: list[Piece] = [(" ", ""), (" ".join(article.title.split()), "bold")]
        left += [(f"  {article.published}", "muted")] if article.published else []
        who = self.desk.reviewer or ("read only" if self.desk.read_only else "")
        right = head_pieces(who, coverage, self.open.checked, self.size.width)
        self.query_one("#article-head", Bar).show(left, right)

    def _tell_foot(self) -> None:
        """What is selected or at hand, and when the desk last saved something."""
        said: list[Piece] = []
        if self.listening and self.find_line.said:
            said.append((self.find_line.said, "bold"))
            if self.size.width >= 100:
                on, back = (self.keymap.key_of(Scope.ARTICLE, f"find_{way}") for way in ("next", "previous"))
                said.append((f"{on} next, {back} before", "muted"))
        if self.view.selection:
            start, end = self.view.selection
            count = sum(1 for _ in units.words(self.view.text, start, end))
            said.append((f"{count} word{'s' if count != 1 else ''} selected", ""))
        elif self.view.selecting:
            said.append(("selecting", ""))
        if (at := self.desk.saved_at) != self._saved_before:
            said.append((f"✓ saved {datetime.fromtimestamp(at / 1000):%H:%M:%S}", "muted"))
        self.hint_line.show(left=[(" ", ""), *parted(said)])

    def _show_panel(self) -> None:
        self._panel_timer = None
        self._tell_news()
        self._tell_foot()
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

    def _tell_news(self) -> None:
        """Tell the list of claims and the head what has changed; like the panel, they follow the text."""
        for news in self._unlisted:
            for id in news.gone:
                self.claim_list.drop(id)
            for claim in news.put:
                self.claim_list.put(claim)
        if self._unlisted:
            self._unlisted.clear()
            self._tell_head()

    def _here(self) -> str:
        """What is known of the sentence at the caret."""
        caret = self.view.caret
        span = self.view.units.sentence_at(caret)
        if span is None:
            return ""
        left = self.open.ledger.left(*span)
        if left == [span]:
            return f"{RESIDUE} open: no word of this sentence is read yet"
        if left:
            words = " … ".join(self.open.text[slice(*one)] for one in left)
            return f"{LEFTOVER} read in part; left: {quoted(shorten(words, 90))}"
        names = [claim.name for mark in self.view.overlapping(*span) if (claim := self.open.get(mark.id))]
        if names:
            return f"✓ this sentence is read: {', '.join(names[:6])}"
        return f"{SWEPT} swept: nothing to check in this sentence"

    # Keeping up with the desk

    def _wrote(self, made: Claim | Review | None = None) -> News:
        """Show what was just saved, what was ``made`` by it, and that it was."""
        self._show_panel_soon()
        return self._catch_up(made)

    def _catch_up(self, made: Claim | Review | None = None) -> News:
        try:
            news = self.take_in(self.open.catch_up(made))
        except Unknown:
            self._say_gone()
            return News()
        self._gone = False
        for id in news.gone:
            self.view.remove_mark(id)
        for mark in self._marks(news.put):
            self.view.put_mark(mark)
        if news.sweeps:
            self.view.set_sweeps(Mark(sweep.id, sweep.start, sweep.end) for sweep in self.open.sweeps)
        if news.article:
            self.view.set_sentences(self.open.sentences)
        if news.covered:
            self.view.set_residue(self.open.coverage.residue)
            if self.view.place and not self.open.ledger.is_left(*self.view.place):
                self.view.drop_place()
        if news:
            self._unlisted.append(news)
        if news or self.view.active in news.touched:
            self._show_panel_soon()
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
        if self.is_active or self.app.screen.is_modal:  # what nobody sees looks when it comes back
            self._look_again()

    def _look_again(self) -> None:
        """Show what others have done, and what became of the claim in hand."""
        if not self.listening:
            return
        held = self.open.get(self.view.active)
        news = self._catch_up()
        if held is not None and held.id in news.gone:
            self._lost(held)

    def _lost(self, claim: Claim) -> None:
        """Somebody else has deleted the claim in hand; another may stand at the caret now."""
        self.say(f"{claim.name}, which was in hand, has been deleted meanwhile.")

    @on(ArticleView.CaretMoved)
    def _caret_moved(self) -> None:
        self._show_panel_soon()

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
        self._look_again()

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
        self._go_lacking(back=False)

    def action_previous_open(self) -> None:
        self._go_lacking(back=True)

    def _go_lacking(self, *, back: bool) -> None:
        """To the next claim that lacks something to be checked, and say what it lacks."""
        found = self.open.next_claim(self._key(back), back=back, lacking=True)
        round_again = found is None
        found = found or self.open.first_claim(back=back, lacking=True)
        nothing = "Every claim here is checked." if len(self.open) else "There is no claim here yet: t tags one."
        self._go_to(found, nothing)
        assert found is not None
        what = "; ".join(lack.sentence for lack in self.open.lacks(found.id))
        wrapped = f" Wrapped around to the {'last' if back else 'first'} claim that lacks something." * round_again
        self.say(f"{found.name}: {what}.{wrapped}")

    # What is left to read

    def action_next_residue(self) -> None:
        """What is left of the sentence at the caret comes first; then what is left behind it, and round again."""
        ledger, at = self.open.ledger, self.view.caret
        if self.view.place:
            at = self.view.place[1]
        elif (here := self.view.units.sentence_at(at)) is not None:
            at = here[0]
        self._go_place(ledger.next_place(at), ledger.next_place(0), "first")

    def action_previous_residue(self) -> None:
        ledger = self.open.ledger
        at = self.view.place[0] if self.view.place else self.view.caret
        self._go_place(ledger.previous_place(at), ledger.previous_place(len(self.open.text) + 1), "last")

    def _go_place(self, place: Place | None, other_end: Place | None, which: str) -> None:
        if other_end is None:
            coverage, lacking = self.open.coverage, self.open.checked.lacking
            said = "Everything is read." if coverage.words_read == coverage.words else "Nothing is left to read."
            on = self.keymap.key_of(Scope.ARTICLE, "next_open")
            raise Refused(said + (f" {lacking}: {on}." if any(lacking) else ""))
        if place is None:
            only = self.view.place == other_end[:2]
            self.say("This is the only place left." if only else f"Wrapped around to the {which} unread place.")
        self._take_place(place or other_end)

    def _take_place(self, place: Place) -> None:
        """Take an open sentence or a leftover in hand."""
        self.view.take_place((place.start, place.end), self.open.ledger.first_word(place.start, place.end))

    # Panes

    @property
    def panes(self) -> Sequence[Widget]:
        return (self.view, self.panel, self.claim_list)

    def action_claim_list(self) -> None:
        listing = self.toggle_class("-listing").has_class("-listing")
        (self.claim_list if listing else self.view).focus()

    def action_filter_claims(self) -> None:
        self.add_class("-listing")
        self.claim_list.action_filter()

    def action_library(self) -> None:
        self.dismiss()

    def claim_at_hand(self) -> Claim | None:
        return self.open.get(self.view.active)

    def take_claim(self, claim: str) -> bool:
        self._take(claim)
        return True
