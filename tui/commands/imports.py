"""Bringing in: open, import, import csv."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tui.commands.command import Function, argument, as_json, chosen_file, command, lines
from tui.commands.desks import desk_to_read, desk_to_write, require_terminal, start_app, take_terminal, who_works
from tui.commands.output import Progress, counted, importing, plain, say, show_json, show_json_list, tell

if TYPE_CHECKING:
    from store.desk import Desk
    from store.formats.articles.batch import Batch
    from store.formats.articles.fetch import Fetcher
    from store.formats.csv.reader import Imported

STDIN = "-"
_PATHS = (
    "A file, a folder, a pattern such as 'drafts/*.md', or an address (https://…); - reads standard input. "
    "`factdesk import --help` lists the kinds of file."
)


language = click.option(
    "--language", metavar="CODE", help='Their language, such as "de"; without it, factdesk guesses it.'
)


_OPTIONS = (
    click.option("--captions", is_flag=True, help="Keep the captions of a page's pictures, as a last paragraph."),
    click.option("--fetch", is_flag=True, help="Also fetch the pages that a list or a feed names without their text."),
    click.option("--private", is_flag=True, help="Also fetch from private networks, such as an intranet."),
    click.option(
        "--column",
        "named",
        multiple=True,
        metavar="FIELD=NAME",
        help='Which column of a list holds a field: text, url, title, author, published …, such as "text=Body".',
    ),
)


class Asked(NamedTuple):
    """What somebody asks of an import."""

    paths: Sequence[str]
    said: Mapping[str, str | None]
    captions: bool
    fetch: bool
    private: bool
    named: Sequence[str]
    skip_bad: bool = False

    def columns(self) -> Mapping[str, str]:
        if not self.named:
            return {}
        from store.errors import Refused
        from store.formats.articles.entry import said_columns

        try:
            return said_columns(self.named)
        except Refused as refusal:
            raise click.UsageError(str(refusal)) from None


def readable(function: Function) -> Function:
    """The options that say how articles are read."""
    for option in (*reversed(_OPTIONS), lines, language):
        function = option(function)
    return function


def _checked(asked: Asked) -> "Batch":
    """The articles of these paths. Raises Refused when one cannot be read, unless those are to be skipped."""
    from store.access import fields
    from store.errors import Refused
    from store.formats.articles.batch import Batch
    from store.formats.articles.files import is_web_address
    from store.formats.articles.reader import ReadOptions

    details = fields.checked({name: value for name, value in asked.said.items() if value is not None}, fields.ARTICLE)
    if asked.paths.count(STDIN) > 1:
        raise click.UsageError("Standard input can be read once only.")
    if "" in asked.paths:
        raise click.UsageError("An empty path names no file.")
    fetches = asked.fetch or any(is_web_address(path) for path in asked.paths)
    with ExitStack() as stack:
        batch = Batch(
            {name: str(value) for name, value in details.items()},
            ReadOptions(asked.captions, asked.columns()),
            fetcher=_fetcher(asked) if fetches else None,
            fetch_listed=asked.fetch,
            known=_known(stack) if fetches else None,
            unchecked=fetches and asked.skip_bad,
        )
        _read(batch, asked.paths)
    if not batch.bad or (asked.skip_bad and (len(batch) or fetches)):
        return batch
    if len(batch.bad) == 1 and not len(batch):
        raise Refused(batch.bad[0])
    for sentence in batch.bad:
        say(f"factdesk: {sentence}")
    if asked.skip_bad or not len(batch):
        raise Refused("Nothing was imported.")
    raise Refused(f"Nothing was imported; --skip-bad imports the other {counted(len(batch), 'article')}.")


def _fetcher(asked: Asked) -> "Fetcher":
    from store.formats.articles.fetch import Fetcher

    return Fetcher(private=asked.private)


def _known(stack: ExitStack) -> Callable[[str], object] | None:
    """Whether the desk, if there is one, has an article of an address."""
    from tui import settings

    if not settings.desk_path(chosen_file()).exists():
        return None
    return stack.enter_context(desk_to_read()).articles.at


def _read(batch: "Batch", paths: Sequence[str]) -> None:
    try:
        with Progress("Checked") as progress:

            def mended(where: str, notes: tuple[str, ...]) -> None:
                progress.note(f"{where}: {'; '.join(notes)}")

            for path in paths:
                if path != STDIN:
                    batch.add(path, progress=lambda *_: progress(len(batch)), noted=mended)
                    continue
                if sys.stdin.isatty():
                    say("Reading the article from the keyboard; Ctrl-D on a line of its own ends it.")
                batch.add_stream(sys.stdin.buffer, "standard input", mended)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("interrupted; nothing was imported.") from None


def _bring_in(desk: "Desk", batch: "Batch") -> tuple[list[str], list[str]]:
    """The ids that are new and those that were here already. Interrupted, it says how many are in."""
    done, expected = 0, len(batch)
    batch.known = desk.articles.at
    with Progress("Imported") as progress:

        def count(number: int) -> None:
            nonlocal done
            done = number
            progress(done, expected)

        try:
            new, known, suggested = batch.bring_in(desk, count)
        except KeyboardInterrupt:
            of = f"{done:,} of {counted(expected, 'article')}" if expected else counted(done, "article")
            kept = f"{of} are in and stay; import again to bring in the rest."
            raise KeyboardInterrupt(f"interrupted; {kept if done else 'nothing was imported.'}") from None
    if suggested:
        say(f"{counted(suggested, 'comment')} came in as {'a suggestion' if suggested == 1 else 'suggestions'}.")
    _say_again(desk, [*new, *known], batch.said)
    return new, known


def _say_again(desk: "Desk", ids: Sequence[str], said: Mapping[str, str]) -> None:
    """Tell which of the articles that were on the desk before have other details now."""
    from store.formats.articles.batch import restated

    for article, changed in restated(desk, ids, said):
        now = " and ".join(f"{name} is now {value or 'auto'}" for name, value in changed.items())
        say(f"Changed: {article.number} {article.title}: {now}.")


@command(
    "import",
    "factdesk import article.txt draft.docx",
    "factdesk import https://example.org/news/1",
    "factdesk import links.csv --fetch",
    "pbpaste | factdesk import -",
)
@argument("paths", _PATHS + " A file named csv is ./csv.", nargs=-1, required=True, metavar="PATH...")
@click.option("--skip-bad", is_flag=True, help="Import the other articles if some cannot be read, and list those.")
@readable
@as_json
@click.pass_context
def import_(
    ctx: click.Context, /, paths: tuple[str, ...], skip_bad: bool, as_json: bool, language: str, lines: str, **how: Any
) -> None:
    """Import articles from files, folders and addresses.

    It reads plain text, Markdown, web pages (HTML), Word documents (.docx) and PDF; lists of articles or addresses in
    CSV, JSONL and JSON, with named columns (text, url, title, author, publisher, published, language); feeds (RSS and
    Atom) and zip archives of all these. A page is fetched only if you name its address, or with --fetch.

    All of it is read first: if one article cannot be read, nothing is imported. The command says what it corrected in a
    text, and in which language it reads it. An article that is already here, with the same text or URL, is not imported
    twice; --language and --lines are set on it too.
    """
    who_works()
    batch = _checked(Asked(paths, {"language": language, "lines": lines}, skip_bad=skip_bad, **how))
    with desk_to_write(create=True, in_parts=True) as desk:
        new, known = _bring_in(desk, batch)
        articles = {article.id: article for article in desk.articles.all()}
        if as_json:
            fresh = set(new)
            show_json_list({**plain(articles[id]), "new": id in fresh} for id in dict.fromkeys([*new, *known]))
        else:
            for id in new:
                tell(f"{articles[id].number} {id} {articles[id].title}")
            for id in known:
                say(f"Here already: {articles[id].number} {articles[id].title}")
        _tell_how_read(desk, new)
        for sentence in batch.bad:
            say(f"factdesk: {sentence}")
    if batch.bad:
        ctx.exit(1)


def _tell_how_read(desk: "Desk", articles: Sequence[str]) -> None:
    """Say in which languages the new articles are read, and which lines were found to be wrapped."""
    if not articles:
        return
    from store.text.interpretation import told

    found = [*desk.coverage.interpretations(articles)]
    if words := told(found):
        unknown = any(not one.known for _, one in found)
        say(words[0].upper() + words[1:] + ("; set it with `factdesk edit … --language`." if unknown else "."))


@command("open", "factdesk open article.txt", "factdesk open https://example.org/news/1", "pbpaste | factdesk open -")
@argument("paths", _PATHS, nargs=-1, required=True, metavar="PATH...")
@readable
def open_(paths: tuple[str, ...], language: str, lines: str, **how: Any) -> None:
    """Import articles and open them in the app.

    One article opens at its text, several open in the library.
    """
    require_terminal(standard_input_spent=STDIN in paths)
    who_works()
    batch = _checked(Asked(paths, {"language": language, "lines": lines}, **how))
    # With one article the app makes the daily backup, beside its screen; many are a change to be made after it.
    with desk_to_write(create=True, in_parts=True, back_up=len(batch) != 1) as desk:
        new, known = _bring_in(desk, batch)
        _tell_how_read(desk, new)
        if STDIN in paths:
            take_terminal()
        ids = [*new, *known]
        start_app(desk, desk.articles.get(ids[0]) if len(ids) == 1 else None)


@command("import csv", "factdesk import csv claims.csv", "factdesk import csv claims.csv --as Bo --json")
@argument("file", "A file written by `factdesk export csv`, or one like it; - reads standard input.")
@click.option("--raw", is_flag=True, help="The file was written with --raw: leading apostrophes stay.")
@click.option("--skip-bad", is_flag=True, help="Import the other rows if some do not fit, and list those.")
@as_json
@click.pass_context
def import_csv(ctx: click.Context, file: str, raw: bool, skip_bad: bool, as_json: bool) -> None:
    """Import claims with their verdicts and evidence from a CSV file.

    Their articles must be on the desk. A row names its article (article_title, article_url or article_id) and has its
    words as a quote; if they are in the text more than once, add nth, or start and end. All rows are checked first: if
    one does not fit, the message names it and nothing is imported. Each person's claims stay their own, also on the
    same words. To import an article from a file named csv, write `factdesk import ./csv`.
    """
    with desk_to_write(in_parts=True) as desk:
        brought = _read_csv(desk, file, raw, skip_bad)
        for note in brought.notes:
            say(note)
        for row in brought.refused:
            say(f"{_named(file)}: {row}")
        if as_json:
            show_json(plain(brought))
        else:
            left = f", {len(brought.refused):,} refused" if brought.refused else ""
            tell(f"{counted(brought.claims, 'claim')} imported, {brought.known:,} here already{left}")
    if brought.refused:
        ctx.exit(1)


def _named(file: str) -> str:
    return "the input" if file == STDIN else file


def _read_csv(desk: "Desk", file: str, raw: bool, skip_bad: bool) -> "Imported":
    """Import the claims of a file. Refused, it says which rows do not fit; interrupted, how many claims are in."""
    from store.errors import Refused
    from store.formats.csv import reader
    from tui.settings import path_of

    source = sys.stdin.buffer if file == STDIN else path_of(file)
    with importing() as (checked, saved):
        try:
            return reader.read(desk, source, raw=raw, skip_bad=skip_bad, progress=checked, saved=saved)
        except reader.ImportRefused as refusal:
            for row in refusal.rows:
                checked.note(f"{_named(file)}: {row}")
            rest = f" --skip-bad imports the other {refusal.fit:,}." if refusal.fit else ""
            raise Refused(f"{refusal.said}{rest}") from None
