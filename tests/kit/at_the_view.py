"""The article's text alone on a screen: a view to press keys in, and what stands in its cells."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from tests.bench.frames import Sink
from tests.kit.pilot import settle, terminal_of
from tui.text.spans import Mark
from tui.view.margin import MARGIN
from tui.view.view import ArticleView

TEXT = (
    "He said: “I left. They stayed.” Nobody asked.\n"
    "\n"
    "A second paragraph, long enough to take more than one row of a narrow screen. It has an end.\n"
    "\n" + "\n".join(f"Line {n} of the rest." for n in range(60))
)


SECOND = TEXT.index("A second")


class ViewApp(App[None]):
    CSS = "ArticleView { width: 3fr; } Static { width: 1fr; }"

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield ArticleView()
            yield Static("beside", markup=False)


@asynccontextmanager
async def showing(
    text: str = TEXT,
    marks: Sequence[Mark] = (),
    *,
    size: tuple[int, int] = (80, 24),
    heard: list[Message] | None = None,
    app: ViewApp | None = None,
    **shown: Any,
) -> AsyncIterator[tuple[ArticleView, Pilot[None]]]:
    """A view of the text, focused and drawn."""
    app = app or ViewApp()
    hook = None if heard is None else heard.append
    async with app.run_test(size=size, message_hook=hook, headless=app.driver_class is not Sink) as pilot:
        view = app.query_one(ArticleView)
        view.show(text, marks, **shown)
        view.focus()
        await settle(pilot)
        yield view, pilot


def lines(view: ArticleView) -> list[str]:
    return [view.render_line(y).text for y in range(view.size.height)]


def margin(view: ArticleView, y: int) -> str:
    return lines(view)[y][:MARGIN]


def cell(view: ArticleView, offset: int) -> tuple[int, int]:
    """Where on the widget the character at ``offset`` begins."""
    return view.rows.cell_of(offset) + MARGIN, view.rows.row_of(offset) - view.scroll_offset.y


def styles(strip: Strip) -> list[tuple[str, str]]:
    """Each character of a strip with its style."""
    return [(character, str(segment.style)) for segment in strip for character in segment.text]


def style_at(view: ArticleView, offset: int) -> Any:
    x, y = cell(view, offset)
    at = 0
    for segment in view.render_line(y):
        at += cell_len(segment.text)
        if x < at:
            return segment.style
    raise AssertionError("beyond the row")


def mark(quote: str, id: str = "C1", glyph: str = "✓", colour: str = "green", open: bool = False) -> Mark:
    start = TEXT.index(quote)
    return Mark(id, start, start + len(quote), glyph, colour, open)


async def mouse(pilot: Pilot[None], kind: type[events.MouseEvent], x: int, y: int, shift: bool = False) -> None:
    _send(pilot, kind, x, y, shift)
    await settle(pilot)


def _send(pilot: Pilot[None], kind: type[events.MouseEvent], x: int, y: int, shift: bool) -> None:
    terminal_of(pilot.app).process_message(kind(None, x, y, 0, 0, 1, shift, False, False, x, y))


async def click(pilot: Pilot[None], view: ArticleView, offset: int, times: int = 1, shift: bool = False) -> None:
    x, y = cell(view, offset)
    for _ in range(times):  # quickly, however busy the machine: clicks that are far apart are single ones
        _send(pilot, events.MouseDown, x, y, shift)
        _send(pilot, events.MouseUp, x, y, shift)
    await settle(pilot)


async def drag_to(pilot: Pilot[None], view: ArticleView, offset: int) -> None:
    await mouse(pilot, events.MouseMove, *cell(view, offset))
