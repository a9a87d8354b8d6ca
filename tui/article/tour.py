"""The tour: six steps on the sample article, told in one line above the foot, each waiting for what it asks for.

How far somebody has come is remembered in the settings, in a word of ``told``: ``tour3`` while the third step waits,
``no-tour3`` once the tour was left there. Who has left it is not shown it again, and finds it under its own key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from store import sample
from store.desk import Desk
from store.errors import Refused
from store.records import Article
from store.vocabulary import Blind, Role
from tui.article.screen import ArticleScreen
from tui.keys.actions_and_keys import Scope
from tui.kit.bar import Bar
from tui.kit.hint_line import HintLine
from tui.kit.navigation import Navigation
from tui.kit.screen import DeskScreen
from tui.kit.styled_text import Piece

TOUR_SECONDS = 0.1
"""How often it is looked whether a step is done, while the tour is shown. No key waits for that."""

_TOLD = re.compile(r"(?<!\S)(no-)?tour(\d)(?!\S)")
_KEY = re.compile(r"\{(\w+)\.(\w+)\}")


class Held(NamedTuple):
    """What a step may ask for: how much of it there is, and whether an unread place is selected."""

    claims: int
    verdicts: int
    evidence: int
    place: bool
    sweeps: int
    written: str


class Lesson(NamedTuple):
    """A step of the tour: what it waits for, and what it says before and after that was done.

    ``elsewhere`` is said where no claim, or no unread place, is selected that the key could work on. A key stands
    in braces, by its scope and its action.
    """

    done: Callable[[Held, Held], bool]
    says: str
    after: str
    elsewhere: str = ""


_TO_CLAIM = "Go back to your claim: {article.previous_claim} or {article.next_claim}."
LESSONS = (
    Lesson(
        lambda before, now: now.claims > before.claims,
        "The marked sentence states a fact. {check.tag} tags it.",
        "Tagged.",
    ),
    Lesson(
        lambda before, now: now.verdicts > before.verdicts,
        "Is it true? {check.verdict_1} to {last} gives a verdict, {check.pick_verdict} lists them.",
        "Judged.",
        _TO_CLAIM,
    ),
    Lesson(
        lambda before, now: now.evidence > before.evidence,
        "Who says so? {check.add_evidence} adds evidence.",
        "Saved.",
        _TO_CLAIM,
    ),
    Lesson(
        lambda before, now: now.place,
        "{article.next_residue} goes to the next unread sentence.",
        "Selected.",
    ),
    Lesson(
        lambda before, now: now.sweeps > before.sweeps,
        "Nothing to check in it? {check.sweep} sweeps it.",
        "Swept.",
        "{article.next_residue} goes to an unread sentence, {check.sweep} sweeps it.",
    ),
    Lesson(
        lambda before, now: now.written != before.written,
        "{article.export_claims} exports your work.",
        "Written.",
    ),
)
_ON_FORMS = {
    ("EvidenceForm", 2): "Type or paste an address. {editor.leave_field} saves it and closes.",
    ("formats", 5): "{list.choose} takes CSV, the first: it opens in a spreadsheet.",
    ("SaveForm", 5): "Enter writes the file. You may type another name before.",
}
"""What the tour says on what a step has opened, by that and the step's number from 0."""
_DONE = "That is the whole loop. {article.next_residue} reads on, {everywhere.help} shows the keys."


class TourLine(Bar):
    """The line in which the tour speaks: above the foot, over nothing."""

    DEFAULT_CSS = """
    TourLine { background: $surface; }
    TourLine.-laid { dock: bottom; margin-bottom: 1; }
    """


class Tour:
    """A handler of the article screen for as long as the tour is shown there."""

    def __init__(self, screen: ArticleScreen, step: int) -> None:
        """``step`` is the number of the step to begin with, from 0."""
        self._screen = screen
        self._step = step
        self._before = self._held()
        self._timer = screen.set_interval(TOUR_SECONDS, self._look)
        screen.handlers = (self, *screen.handlers)
        self._remember()
        self._look()

    @property
    def _over(self) -> bool:
        return self._step == len(LESSONS)

    def _held(self) -> Held:
        screen = self._screen
        claims = list(screen.open)
        return Held(
            len(claims),
            sum(bool(claim.verdict) for claim in claims),
            sum(claim.evidence_count + bool(claim.justification) for claim in claims),
            screen.view.place is not None,
            len(screen.open.sweeps),
            screen.host.written,
        )

    # Looking

    def _look(self) -> None:
        """Go on when what the step waits for is there, and say what is next on the screen that is shown."""
        now, before = self._held(), self._step
        while not self._over and LESSONS[self._step].done(self._before, now):
            self._step += 1
        if self._step != before:
            self._remember()
        top = self._screen.app.screen
        for screen in (self._screen, top):
            if isinstance(screen, DeskScreen) and screen.query(HintLine) and (said := self._said(screen)):
                self._line_of(screen).show(said, self._right(screen))

    def _line_of(self, screen: DeskScreen[Any]) -> TourLine:
        """The line on a screen whose foot is there; it is put there when it is missing, and goes with the screen."""
        for line in screen.query(TourLine):
            return line
        line = TourLine()
        line.set_class(screen is not self._screen, "-laid")
        screen.mount(line, before=screen.hint_line)
        screen.add_class("-touring")
        return line

    def _said(self, screen: DeskScreen[Any]) -> list[Piece]:
        """What stands in the line on a screen; nothing where the tour has nothing to say."""
        if screen is not self._screen:
            first = next(iter(getattr(screen, "items", ())), None)
            kind = "formats" if getattr(first, "key", "") == "csv" else type(screen).__name__
            words = _ON_FORMS.get((kind, self._step), "")
        elif self._over:
            words = f"Done. {_DONE}"
        else:
            words = self._words()
        if not words:
            return []
        number = "Tour" if self._over else f"{self._step + 1}/{len(LESSONS)}"
        return [(f" {number} ", "bold accent"), (" ", ""), *self._with_keys(words)]

    def _words(self) -> str:
        step, screen = LESSONS[self._step], self._screen
        there = screen.view.place is not None if step is LESSONS[4] else screen.claim_at_hand() is not None
        said = step.says if there or not step.elsewhere else step.elsewhere
        after = LESSONS[self._step - 1].after if self._step else ""
        return f"{after} {said}".lstrip()

    def _right(self, screen: DeskScreen[Any]) -> list[Piece]:
        if screen is not self._screen:
            return []
        key = screen.keymap.key_of(Scope.TEXT, "clear")
        return [(key, "bold accent"), (" Close" if self._over else " Leave tour", "muted")]

    def _with_keys(self, words: str) -> Iterator[Piece]:
        """Words, with each key in braces as it is bound."""
        keymap = self._screen.keymap
        last = f"{{check.verdict_{min(9, len(self._screen.desk.scheme.active))}}}"
        words = words.replace("{last}", last)
        at = 0
        for key in _KEY.finditer(words):
            yield words[at : key.start()], ""
            yield keymap.key_of(Scope(key[1]), key[2]), "bold accent"
            at = key.end()
        yield words[at:], ""

    # Leaving

    def action_clear(self) -> None:
        """Leave the tour, unless there is a selection or found words to be cleared."""
        view = self._screen.view
        if view.selecting or view.selection is not None or self._screen.find_line.said:
            self._screen.action_clear()
        else:
            self.leave()

    def leave(self) -> None:
        """Leave the tour for good; its own key brings it back."""
        self._timer.stop()
        self._screen.handlers = tuple(one for one in self._screen.handlers if one is not self)
        self._screen.query(TourLine).remove()
        self._screen.remove_class("-touring")
        self._remember("no-")
        if not self._over:
            key = self._screen.keymap.key_of(Scope.ARTICLE, "tour")
            self._screen.say(f"You left the tour; {key} goes on with it.")

    def _remember(self, no: str = "") -> None:
        _remember(self._screen.ways, f"{no or 'no-' * self._over}tour{0 if self._over else self._step}")


def _remember(ways: Navigation, word: str) -> None:
    """Remember how far the tour has come; where nothing can be remembered, it is told again."""
    others = _TOLD.sub("", ways.settings.told).split()
    with suppress(Refused):
        ways.remember(told=" ".join([*others, word]))


def offer_tour(screen: ArticleScreen) -> None:
    """Begin the tour on the sample article, if nobody has worked on it, or go on with one that was not left."""
    told = _TOLD.search(screen.ways.settings.told)
    untouched = not len(screen.open) and not screen.open.sweeps
    if (untouched if told is None else not told[1]) and not _hindrance(screen.desk, screen.open.article):
        Tour(screen, int(told[2]) if told else 0)


def _hindrance(desk: Desk, article: Article) -> str:
    """Why there is nothing to try, where nothing can be saved or your set is not yours to change now; else empty."""
    held = desk.assignments.mine(article, Role.REVIEWER.value)
    if held is not None and held.blind != Blind.OPEN:
        return "You review the sample article blind: submit that first, then try the tour."
    if desk.submissions.is_submitted(article, Role.CHECKER.value):
        return "Your set on the sample article is submitted: reopen it first, then try the tour."
    return "Nothing can be saved here." if desk.read_only else ""


def begin_tour(screen: DeskScreen[None], desk: Desk) -> None:
    """Begin the tour where it was left, on the sample article: it is opened, and added where it is missing.

    Raises:
        Refused: nothing can be saved, or the article is under blind review.
    """
    desk.session.check_writable()
    article = next((one for one in desk.articles.all() if sample.is_it(one)), None)
    if article is None:
        from store.formats.articles import files

        draft = files.read(sample.path())
        screen.write(lambda: desk.articles.add_many([draft]), lambda _: begin_tour(screen, desk))
        return
    if hindrance := _hindrance(desk, article):
        raise Refused(hindrance)
    told = _TOLD.search(screen.ways.settings.told)
    running = isinstance(screen, ArticleScreen) and any(isinstance(one, Tour) for one in screen.handlers)
    if running:
        screen.say("The tour is the line above the foot.")
        return
    _remember(screen.ways, f"tour{told[2] if told else 0}")
    if isinstance(screen, ArticleScreen) and screen.open.article.id == article.id:
        offer_tour(screen)
    else:
        screen.ways.open_article(article)
