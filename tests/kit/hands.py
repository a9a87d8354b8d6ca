"""Hands that press any key anywhere, on an app whose terminal keeps what it is sent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.keys import key_to_character
from textual.pilot import Pilot

from store.desk import Desk
from store.records import Article
from store.review.suggestions import Suggested
from store.text.units import Span
from tests.bench.frames import Sink
from tests.kit.desks import desk_at
from tests.kit.hostile import NASTY
from tests.kit.pilot import at_rest, failure, keys_done, settle, terminal_of, until
from tests.kit.places import PLACES, all_settle, is_at
from tui import settings
from tui.app import FactdeskApp
from tui.article.screen import ArticleScreen
from tui.article.text_screen import TextScreen
from tui.keys.actions_and_keys import ACTIONS
from tui.keys.keymap import parse
from tui.kit.screen import DeskScreen
from tui.library.screen import LibraryScreen

KEYS: tuple[tuple[str, ...], ...] = tuple(
    sorted({parse(keys) for action in ACTIONS for keys in action.keys})
    + [(key,) for key in ("a", "Z", "backspace", "insert", "full_stop", "ctrl+w", "ctrl+k", "ctrl+a", "f12")]
)


COMMANDS = (
    "\x1b[2J \x1b[31m \x1b]0;title\x07 \x1b]52;c;cm9vdA==\x07 \x1bPq\x1b\\ \x9b31m \x9d0;t\x9c \x07 \x08 \x85 \x7f "
)


HOSTILE = re.sub("[\0\r\ud800-\udfff]", "", COMMANDS + "\n".join(NASTY))
"""What an article may hold: reading a file mends NUL, CR and lone surrogates."""


SPOKEN = re.compile(
    r"\x1b\[[0-9;]*[mH]"  # colours and places
    r"|\x1b\[\?[0-9;]+[hl$p]*|\x1b\[[<>=?][0-9;]*u|\x1b\[6n|\x1b\[[0-9]* q"
    r"|\x1b\]22;[a-z]*\x07"  # the pointer's shape
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # what `copy` hands to the clipboard
)
"""Everything that the app itself says to a terminal besides text."""


FORBIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


OPENED_BY_ARTICLE = re.compile(r"\x1b\[2J|\x1b\[31m|\x1b\]0;|\x1b\]52;c;cm9vdA==|\x1bP")


class Hands:
    """Presses keys, and comes back to where it began when a key has led elsewhere."""

    def __init__(self, desk: Desk, app: FactdeskApp, pilot: Pilot[Any], text: str) -> None:
        self.desk = desk
        self.app = app
        self.pilot = pilot
        self.text = text
        self.base: type[ArticleScreen | LibraryScreen] = ArticleScreen if text else LibraryScreen
        self.log: list[str] = []

    async def press(self, *keys: str) -> None:
        """Press keys; the last of them is done when this returns."""
        self.log.append(" ".join(keys))
        for key in keys:
            event = events.Key(key, " " if key == "space" else key_to_character(key))
            event.set_sender(self.app)
            self.app.post_message(event)
        await self.done()

    async def done(self) -> None:
        await keys_done(self.app)
        if (fault := failure(self.app)) is not None:
            raise AssertionError(self.log[-20:]) from fault
        assert self.app.is_running, self.log[-20:]

    def place(self) -> object:
        """Where the hands are: the screens, and what has the focus."""
        return ([type(screen) for screen in self.app.screen_stack], type(self.app.focused))

    def article(self) -> Article:
        """The article, brought again where a key has deleted it."""
        found = next(
            (article for article in self.desk.articles.all() if self.desk.articles.text(article) == self.text), None
        )
        return found or self.desk.articles.add(self.text)

    async def begin(self, keys: Sequence[str]) -> object:
        """Go to the article, or the library of a desk without one, and press the keys that lead on from there."""
        base = next((screen for screen in self.app.screen_stack if isinstance(screen, self.base)), None)
        while len(self.app.screen_stack) > 1 and self.app.screen is not base:
            await self.app.pop_screen()
        if base is None:
            self.app.open_article(self.article())
        elif isinstance(base, ArticleScreen):
            base.view.clear_selection()
            base.view.focus()
        await settle(self.pilot)
        await until(
            self.pilot,
            lambda: isinstance(self.app.screen, DeskScreen) and self.app.screen.listening,
            "the screen listens",
        )
        await self._leave_the_search()
        for sequence in keys:
            await self.press(*parse(sequence))
            await at_rest(self.pilot)
            if sequence == "Q":
                await self._leave_the_search()
        self.app.clear_notifications()
        return self.place()

    async def followed(self) -> None:
        """Wait until what follows the text, such as the panel, has followed it, and is drawn."""
        await settle(self.pilot)
        screen = self.app.screen
        if isinstance(screen, TextScreen):
            await until(self.pilot, lambda: screen.followed, "what follows the text has followed it")

    async def _leave_the_search(self) -> None:
        """The library is as it was left: where it was searched, what is typed are words, and rows are hidden."""
        while isinstance(self.app.screen, LibraryScreen) and self.app.screen.has_class("-finding"):
            await self.press("escape")

    async def go(self, place: str) -> object:
        """Go to one of the places of the app, and make sure of it."""
        for _ in range(4):  # the library may still be leaving its search when the next key comes
            await self.back(place)
            if is_at(self.app, place):
                break
        assert is_at(self.app, place), (place, self.app.screen, self.log[-20:])
        return self.place()

    async def back(self, place: str) -> bool:
        """Go to a place again; False when what was done meanwhile has closed the way there."""
        await self.begin(PLACES[place])
        if not is_at(self.app, place):  # the keys so far have left the article so that these lead elsewhere
            await self.anew()
            await self.begin(PLACES[place])
        return is_at(self.app, place)

    async def anew(self) -> None:
        """Open the article as if for the first time."""
        while len(self.app.screen_stack) > 1:
            await self.app.pop_screen()
        self.app.open_article(self.article())
        await settle(self.pilot)


@asynccontextmanager
async def hands(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hands]:
    """Hands on an app whose terminal keeps what it is sent; afterwards the desk is sound and nothing has leaked."""
    (folder / "articles").mkdir()
    monkeypatch.chdir(folder / "articles")
    monkeypatch.setenv("FACTDESK_CONFIG", str(folder / "config"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr(FactdeskApp, "action_quit", lambda app: None)
    monkeypatch.setattr(FactdeskApp, "bell", lambda app: None)  # so that a bell on the terminal is the article's
    with desk_at(folder, "Ben") as desk:
        if text:
            article = desk.articles.add(text, title=text[:300] or "x", publisher=text[:80], author="[b]\u202e")
            all_settle(desk, article)
            fill(desk, article)
        desk.be("Ana")
        app = FactdeskApp(desk, settings.load())
        app.driver_class = Sink
        async with app.run_test(headless=False, size=(80, 24)) as pilot:
            driver = terminal_of(app)
            assert isinstance(driver, Sink)
            await settle(pilot)
            yield Hands(desk, app, pilot, text)
            await settle(pilot)
            assert failure(app) is None
            sent = "".join(driver.sent)
        assert desk.upkeep.verify() == []
        assert not OPENED_BY_ARTICLE.search(sent)
        leaked = FORBIDDEN.search(SPOKEN.sub("", sent))
        assert not leaked, repr(SPOKEN.sub("", sent)[max(0, leaked.start() - 60) : leaked.end() + 20])


def _some(desk: Desk, article: Article) -> list[Span]:
    """Some of the sentences that hold more than white space."""
    text = desk.articles.text(article)
    return [(start, end) for start, end in desk.coverage.sentences(article)[:6:3] if text[start:end].strip()]


def fill(desk: Desk, article: Article) -> None:
    """Claims with everything on them, in words as hostile as the article's."""
    text = desk.articles.text(article)
    claim = None
    for start, end in desk.coverage.sentences(article)[:12:2]:
        if text[start:end].strip():
            claim = desk.claims.tag(article, start, end)
    if claim is None:
        return
    desk.claims.edit(claim, claim_text=text[:400], claimant=text[:60].replace("\n", " "), tags=("[b]", "\u202etag"))
    desk.verdicts.give(claim, "refuted", text[:400] or "x")
    desk.evidence.add(claim, "refutes", url="https://a.example/[b]", quote=text[:400], note="[/] \u2066")
    desk.threads.comment(claim, text[:400] or "x")
    said = text[:400].strip() or "x"
    desk.suggestions.add_many(
        article, [Suggested(start, end, "Model [b]", said, said, said, 0.5) for start, end in _some(desk, article)]
    )
    desk.be("Ana")
    mine = [desk.claims.tag(article, *span) for span in desk.coverage.sentences(article)[1:8:2]]
    desk.reviews.decide(claim.id, "disagree", reason="other", comment=said)
    desk.be("Ben")
    desk.claims.edit(claim, claimant="x\u202e[b]")
    for number, tagged in enumerate(mine):
        if number % 2:
            desk.reviews.decide(tagged, "change_claim_text", claim_text=f"x {said}")
        else:
            desk.reviews.decide(tagged, "comment", comment=said)
        desk.threads.comment(tagged, said)
