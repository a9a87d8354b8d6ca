"""The parts of the README that are made from the program itself: ``python -m tests.readme`` writes them.

Keys come from the registry of actions, commands from the command line, columns from the CSV format, and the picture
from the app with the sample article. `tests/test_readme.py` fails when the page is behind the program.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from unittest import mock

import click

from store.desk import Desk
from store.formats.article_files import read
from store.log import clock

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / "tests" / "pictures" / "article.svg"
SAMPLE = ROOT / "seeds" / "000_b70d1dce7949a247.txt"
SIZE = (120, 36)


def keys() -> str:
    """Tables of all keys, by scope and group."""
    from tui.keys.keymap import KeyMap

    parts = []
    for group in KeyMap.load().groups():
        rows = [f"| {_code(shown)} | {title} | {help} |" for shown, title, help in group.rows]
        parts.append(f"**{group.title}**\n\n| key | action | what it does |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts)


def _code(shown: str) -> str:
    return " ".join(f"`` {key} ``" if "`" in key else f"`{key}`" for key in shown.split(" · ")).replace("|", "\\|")


def commands() -> str:
    """A table of all commands, by room."""
    from tui.cli import ROOMS, factdesk

    context = click.Context(factdesk, info_name="factdesk")
    rows = []
    for title, _, verbs in ROOMS:
        for name in verbs:
            command = factdesk.get_command(context, name)
            assert command is not None
            usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name)))
            rows.append(f"| {title} | `{name} {usage.replace('[OPTIONS] ', '')}` | {command.get_short_help_str(200)} |")
    rows = [row.replace("[OPTIONS]", "").replace(" `", " `") for row in rows]
    return "| | command | |\n|---|---|---|\n" + "\n".join(re.sub(r" +` \|", "` |", row) for row in rows)


def columns() -> str:
    """A table of the columns of ``export csv``."""
    from store.formats.csv.claims import COLUMNS

    return "| column | holds |\n|---|---|\n" + "\n".join(f"| `{c.name}` | {c.says} |" for c in COLUMNS)


BLOCKS = {"keys": keys, "commands": commands, "columns": columns}


def page(text: str) -> str:
    """The README with its made parts as they must be now."""
    for name, make in BLOCKS.items():
        pattern = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end -->)", re.DOTALL)
        place = pattern.search(text)
        assert place, f"README.md has no place for the {name}"
        text = f"{text[: place.start()]}{place[1]}{make()}\n{place[2]}{text[place.end() :]}"
    return text


def picture() -> str:
    """The article screen as SVG: the sample article, partly checked. The same each time."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {"FACTDESK_CONFIG": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor"}),
    ):
        os.environ.pop("NO_COLOR", None)
        moment = int(datetime(2025, 2, 20, 9, 30, tzinfo=timezone.utc).timestamp() * 1000)
        with mock.patch.object(clock, "now", lambda: moment), Desk.open(Path(folder) / "desk.db", "Ana") as desk:
            claim = _half_checked(desk)
            return _plain(asyncio.run(_shown(desk, claim)))


def _half_checked(desk: Desk) -> str:
    """Check a part of the sample article; gives the id of the claim to show."""
    desk.add_articles([read(SAMPLE)])
    article = desk.articles()[0]
    text = desk.text(article)

    def span(words: str) -> tuple[int, int]:
        start = text.index(words)
        return start, start + len(words)

    first = desk.tag(
        article, *span("Two North Korean prisoners of war captured by the Ukrainian Defense Forces in Kursk")
    )
    desk.add_evidence(first, "supports", url="https://example.org/interview", locator="first paragraph")
    desk.give_verdict(first, "supported", "The paper names both and shows them.")
    desk.sweep(article, *span("Prisoners Ri and Baek spoke about this in an interview with Chosun Ilbo."))
    agents = desk.tag(article, *span("all the Ukrainian drone operators were actually South Korean soldiers"))
    desk.add_evidence(agents, "refutes", url="https://example.org/drones", quote="No foreign operators serve there.")
    desk.give_verdict(agents, "refuted", "No South Korean unit has been deployed.")
    desk.tag(article, *span("Both said they were connected to the North Korean Main Intelligence Bureau"))
    whole = desk.tag(
        article,
        *span("he was brought to Russia on October 10, 2024, along with 2 500 other soldiers"),
        claim_text="Ri reached Russia on 10 October 2024 together with 2,500 other soldiers.",
        claimant="Ri",
        attribution="paraphrase",
        types=["date_time", "quantity"],
    )
    desk.tag(article, *span("along with 2 500 other soldiers"), types=["quantity"])
    desk.add_evidence(
        whole,
        "supports",
        url="https://example.org/interview",
        title="Interview with two prisoners",
        quote="We came on 10 October, 2,500 of us.",
        locator="p. 2",
    )
    desk.add_evidence(whole, "context", url="https://example.org/arrivals", title="Arrivals in the autumn")
    desk.give_verdict(whole, "mostly_supported", "His own account; the date fits the reported arrivals.")
    desk.comment(whole, "Is the number his or the paper's?")
    return whole.id


async def _shown(desk: Desk, claim: str) -> str:
    from tui.app import FactdeskApp
    from tui.settings import Settings

    app = FactdeskApp(desk, Settings(reviewer="Ana"), desk.articles()[0], claim)
    async with app.run_test(size=SIZE) as pilot:
        while not getattr(app.screen, "listening", False):  # what stands beside the text comes behind it
            await pilot.pause(0.05)
        before = ""
        while before != (shown := app.export_screenshot(title="factdesk")):
            before = shown
            await pilot.pause(0.3)
        return shown


def _plain(svg: str) -> str:
    """The picture without fonts from elsewhere and without ids that differ from run to run."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", "DejaVu Sans Mono, Menlo, Consolas, monospace")
    svg = re.sub(r"font-family: Fira Code[^;]*;", "font-family: DejaVu Sans Mono, Menlo, Consolas, monospace;", svg)
    return re.sub(r"terminal-\d+", "desk", svg)


def main() -> None:
    README.write_text(page(README.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
