"""The ``factdesk`` command: reads the command line and finds the command that it means.

A command's module is imported when the command is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.commands.command import global_options, version_option
from tui.commands.common_options import AS, DB, choose
from tui.commands.headings import HEADINGS, MODULES, opens
from tui.commands.run import ended, ready_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from store.formats import Listed


class Verbs(click.Group):
    """The group of all commands. A name may be two words: ``import csv`` is another command than ``import``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in MODULES:
            return _of_format(name)
        module = import_module(f"tui.commands.{MODULES[name]}")
        return next(held for held in vars(module).values() if isinstance(held, click.Command) and held.name == name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if opens(args[0]):
            args = ["open", *args]
        second = _second_word(args)
        if second and (f"{args[0]} {args[second]}" in MODULES or _of_format(f"{args[0]} {args[second]}")):
            args = [f"{args[0]} {args[second]}", *args[1:second], *args[second + 1 :]]
        elif second and args[0] == "import" and not ctx.resilient_parsing:
            _check_read(args[second])
        elif args[0] not in MODULES and ctx.resilient_parsing:
            return args[0], click.Command(args[0], add_help_option=False), []  # nothing to complete
        elif args[0] not in MODULES:
            from tui.text.tables import one_line

            ctx.fail(f"There is no command and no file “{one_line(args[0])}”: {_mend(args[0])}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from tui.commands.shell_completion import first_words

        return super(click.Group, self).shell_complete(ctx, incomplete) or first_words(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in HEADINGS.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(200)) for name, command in found if command])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        choose({})
        with ended(), _usage_told():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with ended(), _usage_told():
            return super().invoke(ctx)


def _of_format(name: str) -> click.Command | None:
    """``export NAME`` or ``import NAME`` of a format that has no command of its own."""
    way, _, word = name.partition(" ")
    found = _format(word) if way in ("export", "import") else None
    if found is None or (way == "import" and found.read is None):
        return None
    from tui.commands import formats

    return formats.export_command(found) if way == "export" else formats.import_command(found)


def _format(word: str) -> Listed | None:
    """The format of that name, if there is one."""
    if not re.fullmatch("[a-z0-9][a-z0-9-]*", word):
        return None
    from store.formats import FORMATS

    return FORMATS.get(word)


def _check_read(word: str) -> None:
    """Refuse to import from a format that is only written, unless a file or folder here has its name."""
    found = _format(word)
    if found is None or found.read is not None or Path(word).exists():
        return
    from store.errors import Refused
    from store.formats import FORMATS

    known = ", ".join(format.name for format in FORMATS.values() if format.read is not None)
    raise Refused(
        f"The format {word} is only written, never read. These can be read: {known}. `factdesk formats` explains them."
    )


@contextmanager
def _usage_told() -> Iterator[None]:
    """What click raises to end a run becomes its words and its exit code."""
    try:
        yield
    except click.ClickException as error:
        from tui.commands.output import say

        said = StringIO()
        error.show(file=said)
        say(said.getvalue().removesuffix("\n"))  # it names what was typed, whatever that holds
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit as leaving:
        raise SystemExit(leaving.exit_code) from None


def _mend(word: str) -> str:
    """What somebody may have meant who wrote this in a command's place."""
    close = [name for name in MODULES if name.startswith(f"{word} ")] or get_close_matches(word, MODULES, 1)
    return f"did you mean `factdesk {close[0]}`?" if close else "`factdesk --help` lists them all."


def _second_word(args: Sequence[str]) -> int:
    """Where the word after the command stands, past options that any command takes; 0 when there is none."""
    at = 1
    while at < len(args) and args[at].startswith("-"):
        name, equals, _ = args[at].partition("=")
        if name not in (DB, AS, "--json", "--help", "-h", "--version"):
            return 0
        at += 2 if name in (DB, AS) and not equals else 1
    return at if at < len(args) else 0


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] …",
    epilog="`factdesk COMMAND --help` explains a command and shows examples. Exit codes: 0 done, 1 refused with a "
    "reason, 2 wrong usage. Data goes to standard output, messages to standard error. FACTDESK_DB names the desk's "
    "file, FACTDESK_REVIEWER who is working, FACTDESK_CONFIG the folder of settings and keys.",
    params=global_options(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@version_option()
@click.pass_context
def factdesk(ctx: click.Context) -> None:
    """The fact-checking desk that knows what you have not checked yet.

    Without a command it opens the library of articles in the terminal, and with the name of a file or the address of a
    page in a command's place it opens that. Everything the app can do, a command can do.
    """
    if ctx.invoked_subcommand is None:
        from tui.commands.import_and_open import open_library

        open_library()


def main() -> None:
    """Run the command line and end the process."""
    ready_streams()
    factdesk(prog_name="factdesk")
