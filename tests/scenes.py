"""The pictures of the README: what the app shows of a made-up check of the sample article, as SVG.

The same each time, on whatever machine: `tests.readme` writes them, `tests/test_readme.py` draws them anew.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from store.demo import make_demo
from store.desk import Desk
from store.formats.articles.files import read
from store.log import clock
from tests.kit.paths import SAMPLE
from tests.kit.pilot import at_rest, draw, send, until

FOLDER = Path(__file__).parent / "pictures"
LARGE, SMALL = (120, 36), (80, 24)
ME = "Reader"
_MOMENT = int(datetime(2025, 2, 20, 9, 30, tzinfo=timezone.utc).timestamp() * 1000)


class Scene(NamedTuple):
    """A picture: on which desk, opened how, and the keys that lead to what it shows."""

    desk: Callable[[Path], str]
    """Makes the desk; gives the name of who sits at it."""
    opened: dict[str, Any]
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = SMALL


def _half_checked(path: Path) -> str:
    """A desk on which Ana has checked a part of the sample article."""
    with Desk.open(path, "Ana") as desk:
        desk.articles.add_many([read(SAMPLE)])
        article = desk.articles.all()[0]
        text = desk.articles.text(article)

        def span(words: str) -> tuple[int, int]:
            start = text.index(words)
            return start, start + len(words)

        first = desk.claims.tag(
            article, *span("Two North Korean prisoners of war captured by the Ukrainian Defense Forces in Kursk")
        )
        desk.evidence.add(first, "supports", url="https://example.org/interview", locator="first paragraph")
        desk.verdicts.give(first, "supported", "The paper names both and shows them.")
        desk.sweeps.add(article, *span("Prisoners Ri and Baek spoke about this in an interview with Chosun Ilbo."))
        agents = desk.claims.tag(
            article, *span("all the Ukrainian drone operators were actually South Korean soldiers")
        )
        desk.evidence.add(
            agents, "refutes", url="https://example.org/drones", quote="No foreign operators serve there."
        )
        desk.verdicts.give(agents, "refuted", "No South Korean unit has been deployed.")
        desk.claims.tag(article, *span("Both said they were connected to the North Korean Main Intelligence Bureau"))
        whole = desk.claims.tag(
            article,
            *span("he was brought to Russia on October 10, 2024, along with 2 500 other soldiers"),
            claim_text="Ri reached Russia on 10 October 2024 together with 2,500 other soldiers.",
            claimant="Ri",
            attribution="paraphrase",
            types=["date_time", "quantity"],
        )
        desk.claims.tag(article, *span("along with 2 500 other soldiers"), types=["quantity"])
        desk.evidence.add(
            whole,
            "supports",
            url="https://example.org/interview",
            title="Interview with two prisoners",
            quote="We came on 10 October, 2,500 of us.",
            locator="p. 2",
        )
        desk.evidence.add(whole, "context", url="https://example.org/arrivals", title="Arrivals in the autumn")
        desk.verdicts.give(whole, "mostly_supported", "His own account; the date fits the reported arrivals.")
        desk.threads.comment(whole, "Is the number his or the paper's?")
    return "Ana"


def _demo(path: Path) -> str:
    """The demo desk, where somebody is to review Mara's set and to settle what is open."""
    make_demo(path, ME)
    return ME


def _marked(path: Path) -> str:
    """The demo desk, where Mara looks at her own work."""
    make_demo(path, ME)
    return "Mara"


SCENES = {
    "article": Scene(_half_checked, {"claim": "C4"}, size=LARGE),
    "left": Scene(_half_checked, {}, ("f",)),
    "evidence": Scene(_half_checked, {"claim": "C4"}, ("enter", *["down"] * 3, "enter")),
    "review": Scene(_demo, {"reviewing": "Mara"}, ("space", "space")),
    "compare": Scene(_demo, {"comparing": True}, ("m",)),
    "heat": Scene(_marked, {}, ("g", "h")),
    "agreement": Scene(_demo, {"comparing": True}, ("%",)),
}
"""The scenes by their names; each stands in the folder of pictures as SVG."""


def path_of(name: str) -> Path:
    """The file of a scene."""
    return FOLDER / f"{name}.svg"


def picture(name: str) -> str:
    """A scene as SVG. The same each time."""
    scene = SCENES[name]
    with _elsewhere() as folder:
        who = scene.desk(folder / "desk.db")
        with Desk.open(folder / "desk.db", who) as desk:
            return _small(asyncio.run(_shown(desk, scene)))


@contextmanager
def _elsewhere() -> Iterator[Path]:
    """A folder without settings, at a moment long past, on a terminal with all colours."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {"FACTDESK_CONFIG": folder, "XDG_DATA_HOME": folder, "TERM": "xterm-256color",
                     "COLORTERM": "truecolor", "TZ": "UTC"}  # fmt: skip
        with mock.patch.dict(os.environ, variables), mock.patch.object(clock, "now", lambda: _MOMENT):
            os.environ.pop("NO_COLOR", None)
            time.tzset()
            yield Path(folder)
    time.tzset()


async def _shown(desk: Desk, scene: Scene) -> str:
    from tui.app import FactdeskApp
    from tui.settings import Settings

    opened = dict(scene.opened)
    article = desk.articles.all()[0]
    if "claim" in opened:
        opened["claim"] = desk.claims.get(opened["claim"], article).id
    app = FactdeskApp(desk, Settings(reviewer=str(desk.reviewer), told="no-tour0"), article, **opened)
    async with app.run_test(size=scene.size) as pilot:
        await until(pilot, lambda: getattr(app.screen, "listening", False), "the screen listens")
        for key in scene.keys:
            await send(pilot, key)
            await at_rest(pilot)
            await until(pilot, lambda: getattr(app.screen, "followed", True), "what stands beside the text follows")
        await until(pilot, lambda: getattr(app.screen, "counted", True), "the figures are counted")
        draw(app)
        return app.export_screenshot(title="factdesk")


def _small(svg: str) -> str:
    """The picture without fonts from elsewhere, ids that differ from run to run, and what shows nothing."""
    svg = re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", "font-family: DejaVu Sans Mono, Menlo, Consolas, monospace;", svg)
    svg = re.sub(r"terminal-\d+", "desk", svg)
    svg = re.sub(r'<clipPath id="desk-line-\d+">.*?</clipPath>\s*', "", svg, flags=re.DOTALL)
    svg = re.sub(r' clip-path="url\(#desk-line-\d+\)"', "", svg)
    svg = svg.replace(' shape-rendering="crispEdges"', "").replace(
        "    <style>", "    <style>\n    rect { shape-rendering: crispEdges }"
    )
    svg = svg.replace('<svg class="rich-terminal"', '<svg class="rich-terminal" xml:space="preserve"')
    return re.sub(r'<text class="desk-r\d+"[^>]*>(?:&#160;)+</text>', "", svg)
