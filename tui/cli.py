"""The ``factdesk`` command: which commands there are, and how a run ends.

A command's module is imported when the command is used. Refusals, faults of our own, Ctrl-C and readers that went away
all end here, in one place: one sentence on standard error and an exit code.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tui.commands.command import global_options, version_option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from store.formats import Listed

REFUSED, INTERRUPTED, READER_LEFT = 1, 130, 141
"""Exit codes; 0 is done, and 2 is click's own for wrong usage."""

ROOMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Try", "demo", ("demo",)),
    ("Bring in and open", "imports", ("open", "import", "import csv")),
    ("Look", "look", ("articles", "claims", "show", "residue", "stats", "search", "history", "replay", "here")),
    ("Check", "check", ("check", "tag", "verdict", "evidence", "sweep", "comment")),
    ("Sources", "source", ("sources", "sources show", "sources merge")),
    (
        "Suggestions",
        "suggestion",
        ("suggestions", "suggestions accept", "suggestions amend", "suggestions reject"),
    ),
    ("Review", "review", ("review", "decide", "missing", "tick", "summary")),
    ("Answer", "answer", ("inbox", "answer", "threads", "resolve")),
    ("Settle", "settlement", ("compare", "adjudicate", "settled")),
    ("Measure", "measure", ("agreement",)),
    ("Draw", "picture", ("picture", "picture heat", "picture verdicts", "picture agreement")),
    ("Assign", "assignment", ("assign", "unassign", "assignments", "next", "submit", "reopen", "person rename")),
    ("Change", "change", ("edit", "move", "split", "join", "delete", "undo", "redo", "conflicts", "conflicts settle")),
    ("Correct", "correction", ("update", "changed", "corrections", "keep", "versions", "diff")),
    ("Take out", "export", ("export", "export csv", "export settled", "export tables", "formats")),
    ("Together", "together", ("merge", "share", "import bundle", "export bundle")),
    ("Sync", "sync", ("sync", "hub init", "hub status", "hub roles")),
    ("In a browser", "serve", ("serve",)),
    ("Keep", "upkeep", ("backup", "backups", "restore", "verify", "rebuild")),
    (
        "Set up",
        "setup",
        (
            "scheme",
            "scheme list",
            "scheme show",
            "scheme check",
            "scheme use",
            "keys",
            "keys check",
            "config",
            "completion",
        ),
    ),
)
"""Title, module and commands, in the order of the help."""

_MODULES = {name: module for _, module, names in ROOMS for name in names}


class Verbs(click.Group):
    """The group of all commands. A name may be two words: ``import csv`` is another command than ``import``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _MODULES:
            return _of_format(name)
        module = import_module(f"tui.commands.{_MODULES[name]}")
        return next(held for held in vars(module).values() if isinstance(held, click.Command) and held.name == name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if _opens(args[0]):
            args = ["open", *args]
        second = _second_word(args)
        if second and (f"{args[0]} {args[second]}" in _MODULES or _of_format(f"{args[0]} {args[second]}")):
            args = [f"{args[0]} {args[second]}", *args[1:second], *args[second + 1 :]]
        elif second and args[0] == "import" and not ctx.resilient_parsing:
            _check_read(args[second])
        elif args[0] not in _MODULES and ctx.resilient_parsing:
            return args[0], click.Command(args[0], add_help_option=False), []  # nothing to complete
        elif args[0] not in _MODULES:
            from tui.text.tables import one_line

            ctx.fail(f"There is no command and no file “{one_line(args[0])}”: {_mend(args[0])}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from tui.commands.offers import first_words

        return super(click.Group, self).shell_complete(ctx, incomplete) or first_words(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, _, names in ROOMS:
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(200)) for name, command in found if command])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _ending():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _ending():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


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
def _ending() -> Iterator[None]:
    """The one place where whatever stops a run becomes a sentence and an exit code."""
    from store.errors import Refused

    try:
        yield
    except click.ClickException as error:
        from tui.commands.output import say

        said = StringIO()
        error.show(file=said)
        say(said.getvalue().removesuffix("\n"))  # it names what was typed, whatever that holds
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit:
        raise
    except Refused as refusal:
        _end(str(refusal), REFUSED)
    except (KeyboardInterrupt, click.Abort) as interruption:
        _end(str(interruption) or "interrupted.", INTERRUPTED)
    except BrokenPipeError:
        from tui.commands.output import close_output

        close_output()
        raise SystemExit(READER_LEFT) from None
    except Exception as error:
        if os.environ.get("FACTDESK_DEBUG"):
            raise
        if isinstance(error, OSError) and not error.filename:
            from tui.commands.output import close_output

            close_output()
            _end(f"The output could not be written ({error.strerror}): check where it goes.", REFUSED)
        if isinstance(error, OSError):
            _end(f"{error.filename} cannot be used ({error.strerror}): check the name and its permissions.", REFUSED)
        if isinstance(error, UnicodeEncodeError):
            _end("What you gave is not all UTF-8: write it again as UTF-8 text.", REFUSED)
        _end(
            f"Something went wrong that should not have ({type(error).__name__}: {error}); "
            "run it again with FACTDESK_DEBUG=1 to see where, and please report it.",
            REFUSED,
        )


def _opens(word: str) -> bool:
    """Whether a word in a command's place is what to open: a file that is there, or a page's address."""
    if word in _MODULES or word.startswith("-"):
        return False
    try:
        return re.match("(?i)https?://", word) is not None or Path(word).exists()
    except (OSError, ValueError):
        return False


def _mend(word: str) -> str:
    """What somebody may have meant who wrote this in a command's place."""
    close = [name for name in _MODULES if name.startswith(f"{word} ")] or get_close_matches(word, _MODULES, 1)
    return f"did you mean `factdesk {close[0]}`?" if close else "`factdesk --help` lists them all."


def _second_word(args: Sequence[str]) -> int:
    """Where the word after the command stands, past options that any command takes; 0 when there is none."""
    at = 1
    while at < len(args) and args[at].startswith("-"):
        name, equals, _ = args[at].partition("=")
        if name not in ("--db", "--as", "--json", "--help", "-h", "--version"):
            return 0
        at += 2 if name in ("--db", "--as") and not equals else 1
    return at if at < len(args) else 0


def _end(sentence: str, code: int) -> NoReturn:
    from tui.commands.output import say

    say(f"factdesk: {sentence}")
    raise SystemExit(code)


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
        from tui.commands.desks import desk_for_app, require_terminal, start_app

        require_terminal()
        with desk_for_app() as desk:
            start_app(desk)


def main() -> None:
    """Run the command line and end the process."""
    _stand_in_for_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with _ending():
        _look_where_output_goes()
    factdesk(prog_name="factdesk")


def _look_where_output_goes() -> None:
    """Refuse to run with an output that a shell has joined to a desk. What is said goes where there is none."""
    from store.errors import Refused

    for stream, else_to in ((2, 1), (1, 2)):
        with suppress(OSError):
            if stat.S_ISREG(os.fstat(stream).st_mode):
                from store.log.whole import refuse_stream

                try:
                    refuse_stream(stream)
                except Refused:
                    os.dup2(else_to, stream)
                    raise


def _stand_in_for_closed_streams() -> None:
    """Where a shell has closed a standard stream: nothing is read, data cannot be written, words go nowhere.

    Else the next file that is opened, the desk perhaps, would be taken for that stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            nowhere = os.open(os.devnull, mode)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            stream = os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
