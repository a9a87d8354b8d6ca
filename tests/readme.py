"""The parts of the pages that are made from the program itself: ``python -m tests.readme`` writes them.

Keys come from the registry of actions, commands from the command line, columns and formats from the tables of formats,
words from the glossary, the map of the house from the stairs, and the pictures from the app (`tests.scenes`).
`tests/test_readme.py` fails when a page is behind the program.
"""

from __future__ import annotations

import inspect
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

import click

from store.desk import Desk
from store.formats import Listed
from tests import scenes

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


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
    from tui.cli import HEADINGS, factdesk

    context = click.Context(factdesk, info_name="factdesk")
    rows = []
    for title, verbs in HEADINGS.items():
        for name in verbs:
            command = factdesk.get_command(context, name)
            assert command is not None
            usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name)))
            shown = f"{name} {usage}".replace("[OPTIONS]", "")
            rows.append((title, f"`{' '.join(shown.split())}`", command.get_short_help_str(200)))
    return table(("group", "command", "what it does"), rows)


def columns() -> str:
    """A table of the columns of ``export csv``."""
    from store.formats.csv.claim_columns import COLUMNS

    return table(("column", "holds"), ((f"`{column.name}`", column.says) for column in COLUMNS))


DATA_SETS = ("averitec", "fever", "scifact", "factscore", "factcheckgpt", "ragtruth", "factgenie")
"""The formats that only the makers of data sets look for: README names them."""


def formats() -> str:
    """A table of the formats of ``factdesk export``."""
    from store.formats import FORMATS

    rows = [_format(format) for format in FORMATS.values() if format.name not in DATA_SETS]
    both, out = ([f"`{name}`" for name in DATA_SETS if bool(FORMATS[name].read) is read] for read in (True, False))
    sets = f"data sets of claims, and of texts that models wrote, with their facts; only out: {', '.join(out)}"
    return table(("format", "in, out", "what it is"), [*rows, (", ".join([*both, *out]), "in, out", sets)])


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


def main() -> None:
    for name in PAGES:
        (ROOT / name).write_text(page(name), encoding="utf-8")
    for name in scenes.SCENES:
        scenes.path_of(name).write_text(scenes.picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
