"""The parts of the pages that are made from the program itself: ``python -m tests.readme`` writes them.

Keys come from the registry of actions, commands from the command line, columns and formats from the tables of formats,
words from the glossary, the map of the house from the stairs, and the picture from the app with the sample article.
`tests/test_readme.py` fails when a page is behind the program.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from unittest import mock

import click

from store.desk import Desk
from store.formats import Listed
from store.formats.articles.files import read
from store.log import clock

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / "tests" / "pictures" / "article.svg"
SAMPLE = ROOT / "seeds" / "000_b70d1dce7949a247.txt"
SIZE = (120, 36)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def keys() -> str:
    """Tables of all keys, by scope and group."""
    from tui.keys.keymap import KeyMap

    head = ("key", "action", "what it does")
    return "\n\n".join(
        f"### {group.title}\n\n{table(head, ((_code(shown), title, help) for shown, title, help in group.rows))}"
        for group in KeyMap.load().groups()
    )


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
            shown = f"{name} {usage}".replace("[OPTIONS]", "")
            rows.append((title, f"`{' '.join(shown.split())}`", command.get_short_help_str(200)))
    return table(("group", "command", "what it does"), rows)


def columns() -> str:
    """A table of the columns of ``export csv``."""
    from store.formats.csv.claims import COLUMNS

    return table(("column", "holds"), ((f"`{column.name}`", column.says) for column in COLUMNS))


def formats() -> str:
    """A table of the formats of ``factdesk export``."""
    from store.formats import FORMATS

    return table(("format", "in, out", "what it is"), (_format(format) for format in FORMATS.values()))


def _format(format: Listed) -> tuple[str, str, str]:
    return f"`{format.name}`", "in, out" if format.read else "out", format.says


def crosswalk() -> str:
    """A table of what each format carries and loses."""
    from store.formats import FORMATS
    from store.formats.contract import FIELDS

    rows = []
    for format in FORMATS.values():
        if (module := format.module) is None:
            continue
        partly = [f"{what} (partly)" for what in FIELDS if what in module.partly]
        loses = [what for what in FIELDS if what in module.loses - module.partly]
        carries = (
            "all others"
            if len(module.loses) < len(module.carries)
            else ", ".join(what for what in FIELDS if what in module.carries)
        )
        rows.append(
            (f"`{format.name}`", " ".join(module.extensions), module.unit, carries, ", ".join([*loses, *partly]))
        )
    return table(("format", "files", "offsets", "carries", "loses"), rows)


def readers() -> str:
    """A table of the kinds of file that articles are read from."""
    from store.formats.articles.reader import READERS

    rows = ((one.name, " ".join(f"`{e}`" for e in one.extensions), one.says, one.needs) for one in READERS)
    return table(("kind", "files", "what is read", "extra"), rows)


def glossary() -> str:
    from store.glossary import TERMS

    return table(("word", "meaning"), ((term.word, term.meaning) for term in TERMS))


def python() -> str:
    """Tables of what a desk can do, one for each of its rooms."""
    from tests.kit.rooms import face

    rows: dict[str, list[tuple[str, str]]] = {}
    titles = {}
    with tempfile.TemporaryDirectory() as folder, Desk.open(Path(folder) / "desk.db") as desk:
        for name, method in face(desk):
            room = f"desk.{name}".rpartition(".")[0]
            titles.setdefault(room, _first(inspect.getdoc(method.__self__)))
            rows.setdefault(room, []).append((f"`{method.__name__}({_parameters(method)})`", _first(method.__doc__)))
    head = ("method", "what it does")
    return "\n\n".join(f"### {room}\n\n{titles[room]}\n\n{table(head, rows[room])}" for room in rows)


def _parameters(method: Callable[..., object]) -> str:
    """The parameters of a method with their defaults, without their types."""
    shown = []
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and "*" not in "".join(shown):
            shown.append("*")
        stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = "" if parameter.default is inspect.Parameter.empty else f"={parameter.default!r}"
        shown.append(f"{stars}{parameter.name}{default}")
    return ", ".join(shown)


def benches() -> str:
    """The names of the benches with what each measures."""
    from tests.bench.__main__ import BENCHES

    names = (bench.__name__.rpartition("bench_")[2] for bench in BENCHES)
    return table(
        ("name", "measures"), ((f"`{name}`", _first(bench.__doc__)) for name, bench in zip(names, BENCHES, strict=True))
    )


def store_map() -> str:
    from tests.kit.stairs import STORE

    return _floor("store", STORE)


def tui_map() -> str:
    from tests.kit.stairs import TUI

    return _floor("tui", TUI)


def _floor(floor: str, stairs: Sequence[Sequence[str]]) -> str:
    """The map of a floor: its rooms from the top of the stairs down, what each is for, and its files."""
    rows = []
    for number, step in reversed(list(enumerate(stairs, 1))):
        for room in step:
            folder = ROOT / floor / room
            files = sorted(
                file.relative_to(folder).with_suffix("").as_posix()
                for file in folder.rglob("*.py")
                if file.name != "__init__.py"
            )
            shown = f"`{floor}/{room}{'/' if files else '.py'}`"
            rows.append((str(number), shown, _first(import_module(f"{floor}.{room}").__doc__), " ".join(files)))
    return table(("step", "room", "what it is for", "files"), rows)


def _first(docstring: str | None) -> str:
    """The first sentence of a docstring, or what stands before its code."""
    assert docstring
    said = " ".join(docstring.split("\n\n")[0].split())
    said = re.split(r": ``python|(?<=\.) (?=[A-Z])", said)[0]
    return said if said.endswith(".") else f"{said}."


PAGES: dict[str, tuple[Callable[[], str], ...]] = {
    "README.md": (formats, glossary),
    "tui/README.md": (keys, commands),
    "store/README.md": (readers, crosswalk, columns, python),
    "tests/README.md": (benches,),
    ".github/CONTRIBUTING.md": (store_map, tui_map),
}
"""Each page with what makes its blocks; a block is called like the function."""


def page(name: str) -> str:
    """A page with its made parts as they must be now."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for make in PAGES[name]:
        place = re.search(rf"(<!-- {make.__name__}: [^\n]*-->\n).*?(<!-- end -->)", text, re.DOTALL)
        assert place, f"{name} has no place for {make.__name__}"
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
    agents = desk.claims.tag(article, *span("all the Ukrainian drone operators were actually South Korean soldiers"))
    desk.evidence.add(agents, "refutes", url="https://example.org/drones", quote="No foreign operators serve there.")
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
    return whole.id


async def _shown(desk: Desk, claim: str) -> str:
    from tui.app import FactdeskApp
    from tui.settings import Settings

    app = FactdeskApp(desk, Settings(reviewer="Ana"), desk.articles.all()[0], claim)
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
    for name in PAGES:
        (ROOT / name).write_text(page(name), encoding="utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
