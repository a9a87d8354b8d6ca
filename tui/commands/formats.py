"""The commands of the formats that follow the contract: for each export NAME and import NAME."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from tui.commands import command as words
from tui.commands.command import Command, argument, as_json, command, force
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import Progress, counted, data_stream, importing, plain, say, show_json, tell, written

if TYPE_CHECKING:
    from store.formats import Listed
    from store.formats.contract import Loss
    from store.formats.csv.claim_columns import Exported
    from store.formats.import_of_any_format import Received

_STDIN = "-"
_SHOWN = 20  # problems of a kind that are told one by one


def export_command(format: Listed) -> Command:
    """``export NAME`` for a format of the contract."""
    module = format.module
    many = module is not None and module.many
    file, folder = (
        "The file to write; without it, standard output.",
        "The folder to write, or a file ending in .zip; of one article its file.",
    )
    name = "folder/" if many else f"claims{module.extensions[0] if module else ''}"
    made = _with_options(format, _export(format))
    for option in (
        click.option("--anonymous", is_flag=True, help="Replace everybody's name with a number."),
        force,
        click.option(
            "-o", "--output", metavar="FOLDER" if many else "FILE", required=many, help=folder if many else file
        ),
        words.articles,
    ):
        made = option(made)
    made.__doc__ = (
        f"Write {format.says}.\n\nWhat the format cannot hold is counted and said, and stands in a manifest beside the "
        "file. Without an ARTICLE all are written."
    )
    examples = (f"factdesk export {format.name} -o {name}", f"factdesk export {format.name} 3 --anonymous -o {name}")
    return command(f"export {format.name}", *examples)(made)


def import_command(format: Listed) -> Command:
    """``import NAME`` for a format of the contract."""
    module = format.module
    made = _with_options(format, _import(format))
    units = "codepoint, utf-16 or byte"
    for option in (
        as_json,
        click.option("--skip-bad", is_flag=True, help="Import the rest if some records do not fit, and list those."),
        click.option("--suggest", is_flag=True, help="Take the claims as suggestions, to be accepted or rejected."),
        click.option("--unit", metavar="UNIT", help=f"What its offsets count, if not as usual: {units}."),
        argument("file", "A file, or a folder or zip of them; - reads standard input."),
    ):
        made = option(made)
    made.__doc__ = (
        f"Import {format.says}.\n\nAll is checked first: if a record does not fit, the message names it and nothing is "
        "imported. People whom the file names become reviewers. The same file twice brings nothing new."
    )
    name = "folder/" if format.folder else f"file{module.extensions[0] if module else ''}"
    examples = (f"factdesk import {format.name} {name}", f"factdesk import {format.name} {name} --skip-bad")
    return command(f"import {format.name}", *examples)(made)


def _with_options(format: Listed, function: Callable[..., None]) -> Callable[..., None]:
    for name, says in reversed([*(format.module.options.items() if format.module else ())]):
        help = f"{says[0].upper()}{says[1:]}."
        function = click.option(f"--{name}", f"said_{name}", metavar="TEXT", help=help)(function)
    return function


def _said(given: dict[str, Any]) -> dict[str, str]:
    return {name.removeprefix("said_"): value for name, value in given.items() if value is not None}


# -- out --------------------------------------------------------------------------------------------------------


def _export(format: Listed) -> Callable[..., None]:
    def run(articles: tuple[str, ...], output: str | None, force: bool, anonymous: bool, **given: str | None) -> None:
        said = _said(given)
        with desk_to_read() as desk:
            if output in (None, "-", "/dev/stdout"):
                if format.folder:
                    raise click.UsageError("Name a folder, or a file that ends in .zip, with -o.")
                done = format.write(desk, data_stream(), articles, said=said, anonymous=anonymous)
                sys.stdout.flush()
                _tell_losses(done.losses)
                return
            from tui.settings import path_of

            to = path_of(str(output))

            def replacing(replace: bool) -> Exported:
                with Progress("Written") as progress:
                    return format.write(
                        desk, to, articles, said=said, anonymous=anonymous, replace=replace, progress=progress
                    )

            done = written(replacing, force)
            say(f"{counted(done.rows, 'claim')} written to {to}")
            _tell_losses(done.losses)

    return run


def _tell_losses(losses: tuple[Loss, ...]) -> None:
    for loss in losses:
        say(f"Lost: {loss}.")


# -- in ---------------------------------------------------------------------------------------------------------


def _import(format: Listed) -> Callable[..., None]:
    @click.pass_context
    def run(
        ctx: click.Context,
        /,
        file: str,
        unit: str | None,
        suggest: bool,
        skip_bad: bool,
        as_json: bool,
        **given: str | None,
    ) -> None:
        from store.formats.contract import UNITS

        if unit and unit not in UNITS:
            raise click.UsageError(f"“{unit}” is not a unit: use one of {', '.join(UNITS)}.")
        source = sys.stdin.buffer if file == _STDIN else _there(file)
        with desk_to_write(create=True, in_parts=True) as desk:
            how = {"unit": unit or "", "suggest": suggest, "skip_bad": skip_bad, "said": _said(given)}
            done = _bring(format, desk, source, how)
            for note in done.notes:
                say(note)
            _tell_problems([str(one) for one in done.problems if one.mended], "Mended: ")
            _tell_problems([str(one) for one in done.refused], "")
            if as_json:
                show_json(plain(done))
            else:
                parts = [counted(done.articles, "article"), counted(done.claims, "claim") + " imported"]
                parts.append(f"{done.known:,} here already" + (f" ({done.changed:,} changed)" if done.changed else ""))
                parts += [f"{done.suggestions:,} suggested"] if done.suggestions else []
                tell(", ".join([*parts, *([f"{len(done.refused):,} refused"] if done.refused else [])]))
        if done.refused:
            ctx.exit(1)

    return run


def _tell_problems(told: list[str], before: str) -> None:
    for one in told[:_SHOWN]:
        say(f"{before}{one}.")
    if len(told) > _SHOWN:
        say(f"{before}and {len(told) - _SHOWN:,} more.")


def _there(file: str) -> Path:
    """The path of what is to be read. Raises Refused when nothing is there, before a desk is made for it."""
    from store.errors import Refused
    from tui.settings import path_of

    path = path_of(file)
    if not path.exists():
        raise Refused(f"{path}: there is no such file or folder; check the path.")
    return path


def _bring(format: Listed, desk: Any, source: Path | BinaryIO, how: dict[str, Any]) -> Received:
    """Import a file. Refused, it says which records do not fit; interrupted, how many claims are in."""
    from store.errors import Refused
    from store.formats.import_of_any_format import FormatRefused

    with importing() as (checked, saved):
        try:
            assert format.read is not None
            found: Received = format.read(desk, source, **how, progress=checked, saved=saved)
            return found
        except FormatRefused as refusal:
            _tell_problems([str(one) for one in refusal.problems], "")
            rest = f" --skip-bad imports {refusal.rest}." if refusal.rest else ""
            raise Refused(f"{refusal.said}{rest}") from None
