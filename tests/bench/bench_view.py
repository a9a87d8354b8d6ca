"""How fast the article view answers: ``python -m tests.bench.bench_view``."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from store.text.coverage import Place
from tests.bench.frames import Between, Frames, Step, frame_ratios, in_fresh_processes, measure, print_table, report
from tests.bench.ratios import Ratio, print_ratios
from tui.text.spans import Mark
from tui.view.view import ArticleView

SIZES = {"5 kB, 20 claims": (5_000, 20), "100 kB, 400": (100_000, 400), "1 MB, 10 000": (1_000_000, 10_000)}
KEYS = {
    "l": "right",
    "w": "next_word",
    "W": "select_next_word",
    "j": "down",
    "k": "up",
    "pagedown": "page_down",
    "pageup": "page_up",
}
OPERATIONS = {"caret": 2.0, "word": 2.0, "extend": 2.0, "drag, per move": 2.0, "scroll row": 3.0, "scroll page": 3.0}
NEW_PAGE = "page never seen"


def article(length: int, claims: int) -> tuple[str, list[Mark], list[Place]]:
    """A text of about ``length`` code points, claims all over it, and the rest of its sentences."""
    rng = random.Random(length)
    words = ["the", "minister", "said", "that", "prisoners", "2 500", "of", "Kursk", "February", "in", "“soldiers”"]
    sentences: list[tuple[int, int]] = []
    parts: list[str] = []
    at = 0
    while at < length:
        for _ in range(rng.randint(2, 5)):
            sentence = " ".join(rng.choices(words, k=rng.randint(6, 24))).capitalize() + ". "
            sentences.append((at, at + len(sentence) - 1))
            parts.append(sentence)
            at += len(sentence)
        parts.append("\n\n")
        at += 2
    colours = ["green", "red", "yellow", "cyan"]
    marks = []
    for number in range(claims):
        start, end = sentences[rng.randrange(len(sentences))]
        cut = rng.randint(0, (end - start) // 2)
        verdict = rng.randrange(5)
        marks.append(
            Mark(f"C{number}", start + cut, end, "○✓✗?~"[verdict], (["", *colours])[verdict], open=not verdict)
        )
    covered = {end for _, end in ((mark.start, mark.end) for mark in marks)}
    return "".join(parts), marks, [Place(*span) for span in sentences if span[1] not in covered]


class ViewApp(App[None]):
    """The view beside a panel, as on the article screen, with keys straight to its actions."""

    CSS = "ArticleView { width: 80; } Static { width: 1fr; }"

    def __init__(self, length: int, claims: int) -> None:
        super().__init__()
        self.article = article(length, claims)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield ArticleView()
            yield Static("the panel", markup=False)

    def on_mount(self) -> None:
        text, marks, residue = self.article
        view = self.query_one(ArticleView)
        view.show(text, marks, residue=residue)
        view.focus()

    def on_key(self, event: events.Key) -> None:
        action = KEYS.get(event.character or event.key)
        if action:
            getattr(self.query_one(ArticleView).motions, f"action_{action}")()


def drag(moves: int) -> Iterator[Step]:
    """Press, and go on along two rows that are full in every size, so that each move ends the selection elsewhere."""

    def mouse(kind: type[events.MouseEvent], x: int, y: int) -> Callable[[], events.Event]:
        return lambda: kind(None, x, y, 0, 0, 1, False, False, False, x, y)

    yield mouse(events.MouseDown, 10, 7)
    for n in range(moves):
        yield mouse(events.MouseMove, 12 + 3 * (n % 18), 7 + n // 18 % 2)


def one_run() -> dict[str, Frames]:
    between = Between()
    for name, (length, claims) in SIZES.items():

        def run(steps: list[Step], down: int = 0, length: int = length, claims: int = claims) -> Frames:
            async def prepare(app: ViewApp) -> None:
                app.query_one(ArticleView).move_rows(down)

            return measure(lambda: ViewApp(length, claims), steps, prepare=prepare)

        between.keep(f"{name}: caret", run(["l"] * 50))
        between.keep(f"{name}: word", run(["w"] * 50))
        between.keep(f"{name}: extend", run(["W"] * 50))
        between.keep(f"{name}: drag, per move", run([*drag(50)]))
        between.keep(f"{name}: scroll row", run(["j"] * 35, down=37))
        there_and_back: list[Step] = ["pagedown", "pageup"]
        between.keep(f"{name}: scroll page", run(there_and_back * 18))
        if length > 10_000:
            between.keep(f"{name}: {NEW_PAGE}", run(["pagedown"] * 35))
    return between.measured


def _goals(measured: Mapping[str, Frames]) -> dict[str, float]:
    goals = {f"{name}: {operation}": goal for name in SIZES for operation, goal in OPERATIONS.items()}
    return goals | {name: 3.0 for name in measured if name.endswith(NEW_PAGE)}


def ratios(quick: bool = False) -> list[Ratio]:
    """The view's frames against an empty app's."""
    measured = in_fresh_processes("tests.bench.bench_view", 1 if quick else 3)
    small, *_, large = SIZES
    return [
        ratio._replace(what=f"text, {ratio.what}") for ratio in frame_ratios(measured, _goals(measured), large, small)
    ]


def main() -> None:
    if "--once" in sys.argv:
        report(one_run())
        return
    measured = in_fresh_processes("tests.bench.bench_view")
    print_table(measured, _goals(measured))
    small, *_, large = SIZES
    print()
    print_ratios(ratio for ratio in frame_ratios(measured, _goals(measured), large, small) if " against " in ratio.what)


if __name__ == "__main__":
    main()
