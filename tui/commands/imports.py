"""Bringing in: open, import, import csv."""

import sys
from typing import TYPE_CHECKING, Any

import click

from tui.commands.command import Function, argument, as_json, command, lines
from tui.commands.import_and_open import STDIN, Asked, bring_in, checked, open_articles, tell_how_read
from tui.commands.opened_desk import desk_to_write, who_works
from tui.commands.output import counted, importing, plain, say, show_json, show_json_list, tell

if TYPE_CHECKING:
    from store.desk import Desk
    from store.formats.csv.claim_import import Imported

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


def readable(function: Function) -> Function:
    """The options that say how articles are read."""
    for option in (*reversed(_OPTIONS), lines, language):
        function = option(function)
    return function


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
    batch = checked(Asked(paths, {"language": language, "lines": lines}, skip_bad=skip_bad, **how))
    with desk_to_write(create=True, in_parts=True) as desk:
        new, known = bring_in(desk, batch)
        articles = {article.id: article for article in desk.articles.all()}
        if as_json:
            fresh = set(new)
            show_json_list({**plain(articles[id]), "new": id in fresh} for id in dict.fromkeys([*new, *known]))
        else:
            for id in new:
                tell(f"{articles[id].number} {id} {articles[id].title}")
            for id in known:
                say(f"Here already: {articles[id].number} {articles[id].title}")
        tell_how_read(desk, new)
        for sentence in batch.bad:
            say(f"factdesk: {sentence}")
    if batch.bad:
        ctx.exit(1)


@command("open", "factdesk open article.txt", "factdesk open https://example.org/news/1", "pbpaste | factdesk open -")
@argument("paths", _PATHS, nargs=-1, required=True, metavar="PATH...")
@readable
def open_(paths: tuple[str, ...], language: str, lines: str, **how: Any) -> None:
    """Import articles and open them in the app.

    One article opens at its text, several open in the library.
    """
    open_articles(Asked(paths, {"language": language, "lines": lines}, **how))


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
    from store.formats.csv import claim_import
    from tui.settings import path_of

    source = sys.stdin.buffer if file == STDIN else path_of(file)
    with importing() as (checked, saved):
        try:
            return claim_import.read(desk, source, raw=raw, skip_bad=skip_bad, progress=checked, saved=saved)
        except claim_import.ImportRefused as refusal:
            for row in refusal.rows:
                checked.note(f"{_named(file)}: {row}")
            rest = f" --skip-bad imports the other {refusal.fit:,}." if refusal.fit else ""
            raise Refused(f"{refusal.said}{rest}") from None
