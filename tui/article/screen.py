"""The article screen: the text, the selected claim beside it, the list of all claims, and going from one to the
next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from store.desk import Desk
from store.errors import Refused, Unknown
from store.person import Person
from store.records import Article, Claim, Review, Verdict
from store.text import units
from store.text.units import Span
from store.vocabulary import Role
from tui.article.text_screen import Ground, TextScreen
from tui.keys.actions_and_keys import Scope
from tui.keys.keymap import TYPING
from tui.kit.bar import Bar
from tui.kit.screen import DeskChanged, Hint
from tui.kit.styled_text import Piece, parted
from tui.text.spans import Mark, SpanIndex, reading_order
from tui.view.view import ArticleView

if TYPE_CHECKING:
    from store.reports import Undone
    from store.text.coverage import Place
    from tui.article.open_article import News, OpenArticle
    from tui.claim.list import ClaimList
    from tui.claim.panel import ClaimPanel
    from tui.kit.navigation import Spot
    from tui.text.claim_edges import Edge

_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"

_SUGGESTED: tuple[Hint, ...] = (
    ("accept_suggestion", "Accept"),
    ("amend_suggestion", "Amend"),
    ("reject_suggestion", "Reject"),
    ("next_suggestion", "Go on"),
)
"""What can be done while a suggestion is selected."""


class Work(Protocol):
    """What is done on an article: it is checked, or what others have tagged is reviewed. It carries out its own keys.

    Raises:
        Refused: ``span_of``, ``move`` and ``give`` may refuse.
    """

    hints: tuple[Hint, ...]
    text: Scope
    """Whose keys answer in the text, before those that move in it."""
    around: Scope
    """Whose keys answer in the text and beside it."""
    whose: Person
    """Whose claims are under review; empty for everybody else's, or where you check."""

    def handlers(self) -> tuple[object, ...]:
        """What carries out the keys, the work itself first. It is asked for once, when the article is read."""

    @property
    def role(self) -> Role:
        """As what you work here."""

    def opened(self) -> None:
        """The article's claims have been read and are about to be shown."""

    def begin(self, claim: str, begun: bool) -> None:
        """Select what to begin with; ``claim`` is the id of the one that was asked for, or empty. Where you have
        ``begun`` already, in the text alone, you stay."""

    def begun(self) -> None:
        """All that stands on the screen is there, and keys are heard."""

    def take_in(self, news: News) -> News:
        """What others, or this screen, changed is about to be shown; gives what to show of it."""

    def chose(self, event: ClaimPanel.Chose) -> None:
        """Something was chosen in the panel for a suggestion."""

    def lost(self, claim: Claim) -> None:
        """The selected claim has been deleted by somebody else; another may stand at the caret now."""

    def marks(self, claims: Iterable[Claim]) -> list[Mark]:
        """How claims are drawn in the text."""

    def head(self, width: int) -> tuple[list[Piece], list[Piece]]:
        """What stands above the text, on the left and on the right."""

    def furniture(self) -> tuple[ClaimPanel, ClaimList]:
        """What stands beside the text."""

    def span_of(self, claim: Claim) -> Span:
        """The span whose edges are moved."""

    def move(self, claim: Claim, span: Span, edge: Edge | None = None) -> None:
        """Give or propose another span, an edge of which was moved."""

    def give(self, key: str) -> None:
        """Give the selected claim a verdict of your own, by its key; the empty key takes yours back."""


class ArticleScreen(TextScreen):
    """One article: what is drawn, found and gone to, and what others do to it meanwhile.

    Its work says what is done to it. ``open`` is there once the screen listens.
    """

    open: OpenArticle
    panel: ClaimPanel
    claim_list: ClaimList

    SCOPE = Scope.ARTICLE
    DEFAULT_CSS = """
    ArticleScreen #side ClaimPanel { height: 1fr; }
    ArticleScreen #side ClaimList { height: 1fr; display: none; border-top: solid $panel; }
    ArticleScreen.-listing #side ClaimList { display: block; }
    ArticleScreen.-narrow.-listing #side ClaimPanel { display: none; }
    ArticleScreen.-narrow.-listing #side ClaimList { border-top: none; }
    """
    NOTHING_TO_COPY: ClassVar[str] = "Select some text to copy, or move the caret to a claim."
    READING = ("store.scheme", "store.check.claims", "store.text.coverage", "store.text.sentences",
               "store.check.kept_sentences", "store.history.history", "store.history.conflicts", "tui.kit.head_line",
               "tui.article.open_article", "tui.article.claim_actions", "tui.article.others")  # fmt: skip
    FURNITURE = ("tui.kit.editors", "tui.kit.page", "tui.claim.panel_content", "tui.claim.panel", "tui.kit.rows",
                 "tui.claim.list", "tui.view.find_line")  # fmt: skip

    def __init__(
        self,
        desk: Desk,
        article: Article,
        work: Callable[[ArticleScreen], Work],
        claim: str = "",
        found: Span | None = None,
        spot: Spot | None = None,
    ) -> None:
        """``work`` makes what is done here; ``claim`` is the id of the claim to begin at, ``found`` the place where
        words that were looked for stand, ``spot`` where the article was left; without them, it begins where there is
        still something to check."""
        super().__init__(desk, article)
        self.work = work(self)
        self.view.SCOPE = self.work.text
        self._start_at = claim
        self._found = found
        self._spot = None if claim or found else spot
        self._gone = False
        self.aside = ""
        """What the foot says of a claim that was left, until something else is written."""
        self._saved_before = desk.session.saved_at
        self._unlisted: list[News] = []

    def body(self) -> ComposeResult:
        yield Bar(id="article-head")
        with Ground(self.work.around, id="workplace"):
            with Ground(Scope.TEXT, id="text"):
                yield self.view
            yield Vertical(id="side")

    def hints(self) -> tuple[Hint, ...]:
        if self.listening and self.view.active in self.open.suggestions:
            return (*_SUGGESTED, *self.work.hints)
        return self.work.hints

    def _take_up(self) -> Iterator[None]:
        """Read the article's claims and sentences and show them; it yields often."""
        from tui.article.open_article import OpenArticle
        from tui.kit.undo import Undo

        self.open = opened = OpenArticle(self.desk, self._article)
        yield from opened.read()
        if not self.handlers:  # else the text was corrected
            self.handlers = (*self.work.handlers(), Undo(self, self.desk, self._undone))
        self.work.opened()
        marks = SpanIndex()
        for claim in opened:
            for mark in self.work.marks((claim,)):
                marks.add(mark)
            yield
        sweeps = SpanIndex(Mark(sweep.id, sweep.start, sweep.end) for sweep in opened.sweeps)
        self.view.furnish(marks, sweeps, opened.coverage.residue, opened.sentences)
        yield
        begun = self.view.begun
        if not begun and self._start_at in opened:
            self.view.activate(self._start_at)
        elif not begun and self._spot:
            self.view.return_to(*self._spot)
        elif not begun and (first := opened.ledger.next_place(0)):
            self.take_place(first)
        self.work.begin(self._start_at, begun or self._spot is not None)
        yield
        self._tell_head()

    async def _furnish(self) -> None:
        self.panel, self.claim_list = self.work.furniture()
        await self.query_one("#side").mount(self.panel, self.claim_list)

    def _begin(self) -> None:
        self.claim_list.show_claims(list(self.open))
        if self._found:
            self.find_line.seek(self.view.seen.words(*self._found), self._found[0])

    def _begun(self) -> None:
        if re.search(_RIGHT_TO_LEFT, self.open.text):
            self.say("This text runs from right to left; it is shown in logical order, first letter leftmost.")
        self.work.begun()
        self._tell_head()
        self.show_panel_soon()

    # What the screen says

    def _tell_head(self) -> None:
        left, right = self.work.head(self.size.width)
        around = self.host.around(self.size.width, right, self.article_here)
        self.query_one("#article-head", Bar).show(left, [*around, *right])

    def show_head(self) -> None:
        if self.listening:
            self._tell_head()

    def _tell_foot(self) -> None:
        """What is selected, and when the desk last saved something."""
        said: list[Piece] = []
        if self.listening and self.find_line.said:
            said.append((self.find_line.said, "bold"))
            if self.size.width >= 100:
                on, back = (self.keymap.key_of(Scope.ARTICLE, f"find_{way}") for way in ("next", "previous"))
                said.append((f"{on} next, {back} before", "muted"))
        if self.view.selection:
            start, end = self.view.selection
            seen = self.view.seen
            count = sum(1 for _ in units.words(seen.text, *seen.places(start, end)))
            said.append((f"{count} word{'s' if count != 1 else ''} selected", ""))
        elif self.view.selecting:
            said.append(("selecting", ""))
        if self.aside:
            said.append((self.aside, "warning"))
        if self.moves_on:
            said.append(("moves on", "muted"))
        if (at := self.desk.session.saved_at) != self._saved_before:
            said.append((f"✓ saved {datetime.fromtimestamp(at / 1000):%H:%M:%S}", "muted"))
        self.hint_line.show(left=[(" ", ""), *parted(said)])

    def _show_panel(self) -> None:
        self._tell_news()
        self._tell_foot()
        edited = self.panel.claim
        if edited is not None and edited.id not in self.open and self._typing:
            return  # somebody deleted it; what is typed stays in sight until it is left
        self.show_hints()
        claim = self.open.get(self.view.active)
        if claim is None:
            suggestion = self.open.suggestions.get(self.view.active)
            place = f"{suggestion.name} · {len(self.open.suggestions)} wait" if suggestion else ""
            sentence = self.view.units.sentence_at(self.view.caret)
            here = self.open.said_of(sentence, self.view.overlapping(*sentence)) if sentence else ""
            self.panel.show(None, here=here, position=place, suggested=[suggestion] if suggestion else ())
            self.claim_list.activate("")
            return
        stack = [mark.id for mark in self.view.overlapping(claim.start, claim.end) if mark.id != claim.id]
        self.panel.show(
            claim,
            position=f"{claim.name} · {self.open.place(claim)} of {len(self.open)}",
            stack=[other for id in stack if (other := self.open.get(id))],
            suggested=[
                one for one in self.open.suggestions.values() if (one.start, one.end) == (claim.start, claim.end)
            ],
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

    # Keeping up with the desk

    def wrote(self, made: Claim | Review | Verdict | None = None) -> News:
        """Show what was just saved, what was ``made`` by it, and that it was."""
        self.aside = ""
        self.show_panel_soon()
        return self.catch_up(made)

    def catch_up(self, made: Claim | Review | Verdict | None = None) -> News:
        from tui.article.open_article import News

        try:
            news = self.work.take_in(self.open.catch_up(made))
        except Unknown:
            self._say_gone()
            return News()
        self._gone = False
        if news.corrected:
            self._take_new_text()
            return news
        with self.view.at_once():
            for id in news.gone:
                self.view.remove_mark(id)
            for mark in self.work.marks(news.put):
                self.view.put_mark(mark)
            if news.sweeps:
                self.view.set_sweeps(Mark(sweep.id, sweep.start, sweep.end) for sweep in self.open.sweeps)
            if news.article:
                self.view.set_sentences(self.open.sentences, self.open.article.language)
            if news.covered:
                self.view.set_residue(self.open.coverage.residue)
                if self.view.place and not self.open.ledger.is_left(*self.view.place):
                    self.view.drop_place()
        if news:
            self._unlisted.append(news)
        if news or self.view.active in news.touched:
            self.show_panel_soon()
        return news

    def _take_new_text(self) -> None:
        """Show the text as it was corrected, with the same claim selected, if it is there still."""
        self._article = self.desk.articles.get(self.open.article.id)
        self._start_at = self.view.active
        self._unlisted.clear()
        self.view.clear_selection()
        self._show_text()
        for _ in self._take_up():
            pass
        if self._start_at in self.open:
            self.view.activate(self._start_at)
        self.claim_list.show_claims(list(self.open))
        self.show_panel_soon()

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
            self.call_later(self.catch_up)
        self.show_panel_soon()

    def on_desk_changed(self, event: DeskChanged) -> None:
        if self.is_active or self.app.screen.is_modal:  # what nobody sees looks when it comes back
            self._look_again()

    def _look_again(self) -> None:
        """Show what others have done, and what became of the selected claim."""
        if not self.listening:
            return
        held = self.open.get(self.view.active)
        news = self.catch_up()
        if held is not None and held.id in news.gone:
            self.say(f"{held.name}, which you had selected, has been deleted.")
            self.work.lost(held)

    @on(ArticleView.CaretMoved)
    def _caret_moved(self) -> None:
        self.show_panel_soon()

    def on_claim_panel_changed(self) -> None:
        self.wrote()

    def on_claim_panel_chose(self, event: ClaimPanel.Chose) -> None:
        self.work.chose(event)

    def on_claim_panel_chosen(self, event: ClaimPanel.Chosen) -> None:
        self._take(event.claim)

    def on_claim_list_chosen(self, event: ClaimList.Chosen) -> None:
        self._take(event.claim)

    def _take(self, claim: str) -> None:
        self.view.activate(claim)
        self.view.focus()

    def on_screen_suspend(self) -> None:
        if self.listening:
            self.leave()

    def leave(self) -> None:
        """Remember where the article is left."""
        if self.host.ways is not None:
            self.ways.leave_article(self.open.article, self.view.spot())

    def on_screen_resume(self) -> None:
        if self.listening:
            self._tell_head()  # who is working may have been asked meanwhile
        self._look_again()

    # Going on

    def go_to(self, claim: Claim | None, nothing: str) -> None:
        """Select a claim.

        Raises:
            Refused: there is none, which ``nothing`` says.
        """
        if claim is None:
            raise Refused(nothing)
        self.view.clear_selection()
        self.view.activate(claim.id)

    def here(self, back: bool = False) -> tuple[int, int, str]:
        """Where the search for a next, or previous, claim sets out in reading order."""
        claim = self.open.get(self.view.active)
        return reading_order(claim) if claim else (self.view.caret, 0 if back else -len(self.open.text) - 1, "")

    # What is left to read

    def take_place(self, place: Place) -> None:
        """Select an open sentence or a leftover."""
        self.view.take_place((place.start, place.end), self.open.ledger.first_word(place.start, place.end))

    @property
    def moves_on(self) -> bool:
        """Whether a verdict and a sweep lead on to the next place."""
        return self.host.ways is not None and self.ways.settings.after_verdict == "next"

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

    def action_to_text(self) -> None:
        self.view.focus()

    def claim_at_hand(self) -> Claim | None:
        return self.open.get(self.view.active)

    def quote_at_hand(self) -> str:
        return claim.quote_shown if (claim := self.claim_at_hand()) else ""

    def at_hand(self) -> Claim:
        """The selected claim.

        Raises:
            Refused: there is none.
        """
        claim = self.claim_at_hand()
        if claim is None and (suggestion := self.open.suggestions.get(self.view.active)):
            key = self.keymap.key_of(Scope.CHECK, "accept_suggestion")
            raise Refused(f"{suggestion.name} is only suggested: {key} makes it a claim of yours.")
        if claim is None:
            raise Refused("There is no claim at the caret: t tags one, ] goes to the next.")
        return claim

    def words_at_hand(self) -> Place:
        """The selection, the selected place or the sentence at the caret; only a selected place may be a leftover.

        Raises:
            Refused: there is nothing of that.
        """
        from store.text.coverage import Place

        view = self.view
        span = view.selection or view.place or view.units.sentence_at(view.at)
        if span is None:
            raise Refused("There is nothing to tag here: select some text first.")
        place = self.open.ledger.next_place(span[0]) if view.place and not view.selection else None
        return Place(*span, place is not None and place.leftover)

    def take_claim(self, claim: str) -> bool:
        self._take(claim)
        return True

    def _undone(self, undone: Undone) -> None:
        self.wrote()
        if undone.claim in self.open:
            self.view.activate(undone.claim)
        self.say(undone.sentence + " (in another article)" * (undone.article not in ("", self.open.article.id)))
