"""Replaying a check: the text as it stood after each step of what was done on it, by hand or by itself."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer

from store.desk import Desk
from store.errors import Refused
from store.history.replay import ArticleThen, ClaimThen, Replay, Step
from store.records import Article
from store.text.shorten import shorten
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece
from tui.text.dates import minute, moment
from tui.text.spans import Mark
from tui.view.view import ArticleView

STEP_SECONDS = 0.7
"""How long a step is shown while it plays."""


class ReplayScreen(ListScreen[str | None, Step]):
    """Gives the id of the claim that a chosen step touched. Nothing can be changed here."""

    SCOPE = Scope.REPLAY
    ABOUT = 3
    DEFAULT_CSS = """
    ReplayScreen #replay { layout: horizontal; height: 1fr; }
    ReplayScreen #replay ArticleView { width: 1fr; }
    ReplayScreen #replay Rows { width: 40; border-left: tall $panel; }
    ReplayScreen.-broad #replay Rows { width: 1fr; }
    ReplayScreen.-narrow #replay { layout: vertical; }
    ReplayScreen.-narrow #replay ArticleView { height: 1fr; }
    ReplayScreen.-narrow #replay Rows { width: 1fr; height: 7; border-left: none; border-top: solid $panel; }
    """

    def __init__(self, desk: Desk, article: Article) -> None:
        empty = "\nNothing was done on this article yet."
        rows = Rows(empty=empty, verb="Go there", hints=("step", "step_back", "play", "close"))
        super().__init__(rows, desk, finding=False)
        self._desk = desk
        self._article = article
        self._replay: Replay
        self._standing: ArticleThen | None = None
        self._playing: Timer | None = None
        self.view = ArticleView()
        self.view.can_focus = False

    def middle(self) -> ComposeResult:
        with Container(id="replay"):
            yield self.view
            yield self.rows

    def on_mount(self) -> None:
        said = self.host.ways.settings.measure if self.host.ways is not None else "full"
        self.view.styles.max_width = None if said == "full" else int(said) + self.view.around
        super().on_mount()

    def read(self) -> list[Step]:
        self._article = self._desk.articles.get(self._article)
        self._replay = self._desk.history.replay(self._article)
        self._standing = None
        return self._replay.steps

    def found(self, words: str) -> list[Step]:
        return self.items

    def key(self, item: Step) -> object:
        return item.number

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        left: list[Piece] = [(" Replay ", "bold accent"), (f" of “{shorten(self._article.title, 50)}”", "")]
        how = "plays" if self._playing else "paused"
        right: list[Piece] = [(f"step {min(self._at, len(self.items))} of {len(self.items)} · {how}", "bold")]
        if self._standing is not None:
            right.insert(0, (f"read {self._standing.coverage.percent} % · ", "muted"))
        return left, right

    def columns(self) -> tuple[Column, ...]:
        room = self.size.width
        when, who = (Column("When", 18), Column("Who", 12)) if room >= 160 else (Column("When", 11), Column("Who", 9))
        if 100 <= room < 160:
            return Column("", 4, right=True), Column("What", share=1)
        return Column("", 4, right=True), when, who, Column("What", share=1)

    def cells(self, item: Step) -> tuple[Cell, ...]:
        says = self._replay.told(item).says
        more = f" (and {len(says) - 1} more)" if len(says) > 1 else ""
        number: Cell = [(str(item.number), "muted")]
        what = f"{says[0] if says else ''}{more}"
        if len(self.columns()) == 2:
            return number, what
        when = (minute if self.size.width >= 160 else moment)(item.at)
        return number, [(when, "muted")], [(item.by, "primary")], what

    def detail(self, item: Step | None) -> str:
        if item is None:
            return ""
        says = " · ".join(self._replay.told(item).says)
        when = f"{minute(item.at)}, {item.by}. " if len(self.columns()) == 2 else ""
        return f"{when}Then there were {item.standing}.\n{says}"

    def take(self, item: Step) -> None:
        if item.claim:
            self.dismiss(item.claim)

    # What stood

    def tell(self, item: Step | None) -> None:
        super().tell(item)
        if item is not None:
            self._draw(self._replay.at(item.number), item)
        self.head.show(*self.heading())

    def _draw(self, then: ArticleThen, step: Step) -> None:
        """Show the text as it stood; where it is the same text, what differs alone."""
        before, self._standing = self._standing, then
        view = self.view
        if before is None or before.text != then.text:
            view.show(
                then.text.seen,
                map(self._drawn, then.claims.values()),
                _marks(then),
                then.coverage.residue,
                sentences=then.text.sentences,
                language=self._article.language,
                lines=self._article.lines,
            )
        else:
            for id in then.touched:
                if id in then.claims:
                    view.put_mark(self._drawn(then.claims[id]))
                else:
                    view.remove_mark(id)
            view.set_sweeps(_marks(then))
            view.set_residue(then.coverage.residue)
        swept = next((then.sweeps[id] for id in then.touched if id in then.sweeps), None)
        if step.claim in then.claims:
            view.activate(step.claim)
        elif swept is not None:
            view.move_to(swept[0])

    def _drawn(self, claim: ClaimThen) -> Mark:
        kind = self._desk.scheme.verdict(claim.verdict) if claim.verdict else None
        glyph, colour = (kind.glyph, kind.colour) if kind else ("", "")
        return Mark(claim.id, claim.start, claim.end, glyph, colour, open=not claim.verdict)

    # Stepping

    @property
    def _at(self) -> int:
        """The number of the step that is shown."""
        return (self.rows.index or 0) + 1

    def _pause(self) -> None:
        if self._playing is not None:
            self._playing.stop()
            self._playing = None
            self.head.show(*self.heading())

    def action_step(self) -> None:
        self._pause()
        if self._at >= len(self.items):
            raise Refused("This was the last step.")
        self.rows.move_to(self._at)

    def action_step_back(self) -> None:
        self._pause()
        if self._at <= 1:
            raise Refused("This was the first step.")
        self.rows.move_to(self._at - 2)

    def action_play(self) -> None:
        """Go on by itself, from the start again after the last step; or stop."""
        if self._playing is not None:
            self._pause()
            return
        self._playing = self.set_interval(STEP_SECONDS, self._play_on)
        if self._at >= len(self.items):
            self.rows.move_to(0)
        self.head.show(*self.heading())

    def _play_on(self) -> None:
        if self._at + 1 >= len(self.items):
            self._pause()
        self.rows.move_to(self._at)


def _marks(then: ArticleThen) -> list[Mark]:
    """The sweeps of then."""
    return [Mark(id, start, end) for id, (start, end) in then.sweeps.items()]
