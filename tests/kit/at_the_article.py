"""The app with one article open on a desk, as its reviewer has it before them."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from store.desk import Desk
from store.drafts import Drafts
from store.records import Article, Claim
from tests.kit.desks import desk_at
from tests.kit.pilot import notices, screen_text, send, settle, terminal_of, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.article.screen import ArticleScreen
from tui.settings import drafts_folder
from tui.view.margin import MARGIN
from tui.view.view import ArticleView

TEXT = (
    "The old bridge fell in spring. Nobody was hurt, said the mayor.\n"
    "\n"
    "“It was inspected in 2019. It was safe,” she added. Some 2 500 people crossed it daily.\n"
    "\n"
    "It is being rebuilt for 3 million euros."
)
SENTENCES = (
    "The old bridge fell in spring.",
    "Nobody was hurt, said the mayor.",
    "“It was inspected in 2019.",
    "It was safe,” she added.",
    "Some 2 500 people crossed it daily.",
    "It is being rebuilt for 3 million euros.",
)


TAGGED = (
    "The old bridge fell in spring",
    "Nobody was hurt, said the mayor",
    "It was inspected in 2019",
    "It was safe,” she added",
    "Some 2 500 people crossed it daily",
    "It is being rebuilt for 3 million euros",
)
"""What `t` tags of each sentence."""


@dataclass
class Room:
    """The open article and the hands on the keyboard and the mouse."""

    desk: Desk
    article: Article
    app: FactdeskApp
    pilot: Pilot[Any]

    @property
    def screen(self) -> ArticleScreen:
        """The article screen, whatever is laid over it."""
        screens = [screen for screen in self.app.screen_stack if isinstance(screen, ArticleScreen)]
        assert screens, "the article is not open any more"
        return screens[-1]

    @property
    def uncovered(self) -> bool:
        """Whether the article is open and nothing lies over it."""
        return isinstance(self.app.screen, ArticleScreen)

    @property
    def view(self) -> ArticleView:
        return self.screen.view

    # Hands

    async def press(self, *keys: str) -> None:
        await send(self.pilot, *keys)

    async def write(self, text: str) -> None:
        """Type a text, a character at a time."""
        await type_text(self.pilot, text)

    async def go(self, words: str) -> None:
        """Bring the caret to some words of the article, by their search."""
        await self.press("/", "ctrl+u")
        await self.write(words)
        await self.press("enter", "escape")
        assert self.view.text.startswith(words, self.view.caret), f"the caret is not at {words!r}"

    async def field(self, kind: str) -> None:
        """Go down in the panel to a field of the claim, with the keys of the panel."""
        if not self.screen.panel.lines.has_focus:
            await self.press("enter")
        await self.press("home")
        for _ in range(60):
            place = self.screen.panel.lines.place
            if place is not None and place.kind == kind:
                return
            await self.press("down")
        raise AssertionError(f"{kind} cannot be reached")

    def cell(self, offset: int) -> tuple[int, int]:
        """Where on the screen the character at ``offset`` begins."""
        view, rows = self.view, self.view.rows
        x, y = rows.cell_of(offset) + MARGIN, rows.row_of(offset) - view.scroll_offset.y
        return view.region.x + x, view.region.y + y

    async def mouse(self, kind: type[events.MouseEvent], x: int, y: int) -> None:
        self._send(kind, x, y)
        await settle(self.pilot)

    async def click(self, x: int, y: int, times: int = 1) -> None:
        """Click quickly, however busy the machine: clicks that are far apart are single ones."""
        for _ in range(times):
            self._send(events.MouseDown, x, y)
            self._send(events.MouseUp, x, y)
        await settle(self.pilot)

    def _send(self, kind: type[events.MouseEvent], x: int, y: int) -> None:
        terminal_of(self.app).process_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))

    # Eyes

    async def seen(self) -> str:
        """What stands on the screen once the panel has followed the caret."""
        await self.until(lambda: self.screen.followed, "the panel follows")
        return screen_text(self.app)

    async def panel(self) -> str:
        """What stands in the panel, its heading first."""
        region = self.screen.panel.region
        rows = (await self.seen()).splitlines()[region.y : region.bottom]
        return "\n".join(row[region.x : region.right] for row in rows)

    def drafts(self) -> dict[str, str]:
        """What is kept of what the person who works here is typing, by field."""
        path = Drafts(drafts_folder(), self.desk).path
        if path is None or not path.exists():
            return {}
        with closing(sqlite3.connect(path)) as file:
            return dict(file.execute("SELECT field, text FROM drafts").fetchall())

    @property
    def said(self) -> list[str]:
        return notices(self.app)

    @property
    def at(self) -> str:
        """The text from the caret on."""
        return self.view.text[self.view.caret :]

    @property
    def in_hand(self) -> Claim | None:
        return self.screen.open.get(self.view.active)

    def claims(self) -> list[Claim]:
        return self.desk.claims.of(self.article)

    def quotes(self) -> list[str]:
        return [claim.quote for claim in self.claims()]

    async def until(self, true: Callable[[], object], what: str) -> None:
        """Wait for something that happens by itself."""
        await until(self.pilot, true, what)


@asynccontextmanager
async def opened(
    desk: Desk,
    article: Article | None = None,
    *,
    text: str = TEXT,
    size: tuple[int, int] = (80, 24),
    claim: str = "",
    toasts: bool = False,
) -> AsyncIterator[Room]:
    """The app on an open desk, showing an article of it or a new one with a text."""
    article = article or desk.articles.add(text, title="Bridge")
    app = FactdeskApp(desk, settings.load(), article, claim)
    async with app.run_test(size=size, notifications=toasts) as pilot:
        room = Room(desk, article, app, pilot)
        await room.until(lambda: room.screen.listening, "the screen listens")
        yield room


@asynccontextmanager
async def at_desk(
    folder: Path, *, text: str = TEXT, size: tuple[int, int] = (80, 24), reviewer: str = "Ana", toasts: bool = False
) -> AsyncIterator[Room]:
    """The app on a desk of its own in a folder."""
    with desk_at(folder, "Ana") as desk:
        article = desk.articles.add(text, title="Bridge")
    with Desk.open(folder / "desk.db", reviewer) as desk:
        async with opened(desk, article, size=size, toasts=toasts) as room:
            yield room


def span(text: str, words: str) -> tuple[int, int]:
    """Where some words stand in a text."""
    start = text.index(words)
    return start, start + len(words)


SITUATIONS: dict[str, tuple[str, ...]] = {
    "text": (),
    "selecting": ("v", "w"),
    "panel": ("t", "tab"),
    "claims": ("L",),
    "filter": ("K",),
    "find": ("/",),
    "why": ("t", "J"),
    "comment": ("t", "c"),
    "verdict": ("t", "r"),
    "evidence": ("t", "e"),
    "help": ("?",),
    "palette": ("ctrl+p",),
    "suggestions": ("g", "y"),
    "history": ("H",),
    "history find": ("H", "/"),
    "conflicts": ("C",),
    "correct": ("g", "u"),
    "corrections": ("g", "r"),
    "versions": ("g", "v"),
    "heat map": ("g", "h"),
    "replay": ("g", "p"),
    "library": ("Q",),
    "library find": ("Q", "/"),
    "import": ("Q", "i"),
    "new article": ("Q", "N"),
    "sync": ("Q", "y"),
    "merge": ("Q", "M"),
    "assignments": ("Q", "A"),
    "assignments find": ("Q", "A", "/"),
    "assign": ("Q", "a"),
    "details": ("Q", "e"),
    "settings": ("Q", ","),
    "sources": ("Q", "S"),
    "backups": ("Q", "B"),
}
"""Where one can be, and the keys that lead there from the text of the open article."""


@contextmanager
def colleague(room: Room) -> Iterator[Desk]:
    """The same file, opened once more by Ben."""
    with Desk.open(room.desk.path, "Ben") as desk:
        yield desk
