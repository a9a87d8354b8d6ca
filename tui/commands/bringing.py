"""Bringing in: open, import, import csv."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.desks import desk_to_write, require_terminal, start_app, take_terminal, who_works
from tui.commands.output import Progress, counted, plain, say, show_json, show_json_list, tell
from tui.commands.verb import argument, as_json, lines, verb

if TYPE_CHECKING:
    from store.desk import Desk
    from store.formats.article_files import Draft
    from store.formats.csv.reader import Imported

HELD = 16_000_000
"""Code points of text that are kept between checking the files and importing them; beyond that they are read twice."""

STDIN = "-"
_PATHS = "A file of plain text or Markdown, or a folder of them; - reads standard input."


class Batch:
    """The articles that some paths name: checked as a whole first, then given one by one.

    However many there are, only so much text is held at once.
    """

    def __init__(self, paths: Sequence[str], said: Mapping[str, str]) -> None:
        """``said`` are details of all the articles, in place of those that a file gives."""
        self._said = said
        self.bad: list[str] = []
        """A sentence for each path that holds no article."""
        self._files: list[Path] = []
        self._held: dict[Path, Draft] = {}
        self._room = HELD
        if paths.count(STDIN) > 1:
            raise click.UsageError("Standard input can be read once only.")
        if "" in paths:
            raise click.UsageError("An empty path names no file.")
        with Progress("Checked") as progress:
            for path in paths:
                self._check(path, progress)

    def __len__(self) -> int:
        return len(self._files)

    def _check(self, path: str, progress: Progress) -> None:
        from store.errors import Refused
        from store.formats import article_files as articles

        try:
            files = [Path(path)] if path == STDIN else articles.find_files([path])
        except Refused as refusal:
            self.bad.append(str(refusal))
            return
        for file in files:
            try:
                draft = self._as_said(_read_input() if path == STDIN else articles.read(file))
            except Refused as refusal:
                self.bad.append(str(refusal))
                continue
            if draft.notes:
                progress.note(f"{'standard input' if path == STDIN else file}: {'; '.join(draft.notes)}")
            self._files.append(file)
            if path == STDIN or len(draft.text) <= self._room:
                self._held[file] = draft
                self._room -= len(draft.text)
            progress(len(self._files))

    def _as_said(self, draft: Draft) -> Draft:
        said = self._said
        return draft._replace(language=said.get("language", draft.language), lines=said.get("lines", draft.lines))

    def drafts(self) -> Iterator[Draft]:
        """The articles. One that cannot be read any more is left out, and joins the bad."""
        from store.errors import Refused
        from store.formats import article_files as articles

        for file in self._files:
            draft = self._held.pop(file, None)
            if draft is None:
                try:
                    draft = self._as_said(articles.read(file))
                except Refused as refusal:
                    self.bad.append(str(refusal))
                    continue
            yield draft


def _read_input() -> Draft:
    from store.formats import article_files as articles

    if sys.stdin.isatty():
        say("Reading the article from the keyboard; Ctrl-D on a line of its own ends it.")
    return articles.read_text(sys.stdin.buffer.read(articles.LIMIT_BYTES + 1), "standard input")


language = click.option(
    "--language", metavar="CODE", help='Their language, such as "de". Without it, told from each text.'
)


def _checked(paths: Sequence[str], skip_bad: bool, said: Mapping[str, str | None]) -> Batch:
    """The articles of these paths. Raises Refused when one cannot be read, unless those are to be skipped."""
    from store.access import fields
    from store.errors import Refused

    details = fields.checked({name: value for name, value in said.items() if value is not None}, fields.ARTICLE)
    try:
        batch = Batch(paths, {name: str(value) for name, value in details.items()})
    except KeyboardInterrupt:
        raise KeyboardInterrupt("interrupted; nothing was imported.") from None
    if not batch.bad or (skip_bad and len(batch)):
        return batch
    if len(batch.bad) == 1 and not len(batch):
        raise Refused(batch.bad[0])
    for sentence in batch.bad:
        say(f"factdesk: {sentence}")
    if skip_bad or not len(batch):
        raise Refused("Nothing was imported.")
    raise Refused(f"Nothing was imported; --skip-bad imports the other {counted(len(batch), 'article')}.")


def _bring_in(desk: Desk, batch: Batch) -> tuple[list[str], list[str]]:
    """The ids that are new and those that were here already. Interrupted, it says how many are in."""
    done, expected = 0, len(batch)
    with Progress("Imported") as progress:

        def count(number: int) -> None:
            nonlocal done
            done = number
            progress(done, expected)

        try:
            return desk.add_articles(batch.drafts(), count)
        except KeyboardInterrupt:
            kept = f"{done:,} of {counted(expected, 'article')} are in and stay; import again to bring in the rest."
            raise KeyboardInterrupt(f"interrupted; {kept if done else 'nothing was imported.'}") from None


@verb(
    "import",
    "factdesk import article.txt",
    "factdesk import articles/",
    "pandoc page.html -t markdown | factdesk import -",
)
@argument("paths", _PATHS + " A file named csv is ./csv.", nargs=-1, required=True, metavar="PATH...")
@click.option("--skip-bad", is_flag=True, help="Import the rest when some files cannot be read, and list those.")
@language
@lines
@as_json
@click.pass_context
def import_(
    ctx: click.Context,
    paths: tuple[str, ...],
    skip_bad: bool,
    language: str | None,
    lines: str | None,
    as_json: bool,
) -> None:
    """Import articles from files of plain text or Markdown.

    All files are read first: when one cannot be, nothing is imported. What had to be mended in a text is told, and
    in which language it is read. An article that is here already, by its text or its URL, is not imported twice.
    """
    who_works()
    batch = _checked(paths, skip_bad, {"language": language, "lines": lines})
    with desk_to_write(create=True) as desk:
        new, known = _bring_in(desk, batch)
        articles = {article.id: article for article in desk.articles()}
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


def _tell_how_read(desk: Desk, articles: Sequence[str]) -> None:
    """Say in which languages the new articles are read, and which lines were found to be wrapped."""
    from store.text.interpretation import told

    found = [*desk.interpretations(articles)]
    if words := told(found):
        unknown = any(not one.known for one in found)
        say(words[0].upper() + words[1:] + ("; set it with `factdesk edit … --language`." if unknown else "."))


@verb("open", "factdesk open article.txt", "factdesk open articles/", "pbpaste | factdesk open -")
@argument("paths", _PATHS, nargs=-1, required=True, metavar="PATH...")
@language
@lines
def open_(paths: tuple[str, ...], language: str | None, lines: str | None) -> None:
    """Import articles and open them in the app.

    A single one is shown at its text, several in the library.
    """
    require_terminal(standard_input_spent=STDIN in paths)
    who_works()
    batch = _checked(paths, False, {"language": language, "lines": lines})
    with desk_to_write(create=True) as desk:
        new, known = _bring_in(desk, batch)
        _tell_how_read(desk, new)
        if STDIN in paths:
            take_terminal()
        ids = [*new, *known]
        start_app(desk, desk.article(ids[0]) if len(ids) == 1 else None)


@verb("import csv", "factdesk import csv claims.csv", "factdesk import csv claims.csv --as Bo --json")
@argument("file", "A file that `factdesk export csv` wrote, or one made like it; - reads standard input.")
@click.option("--raw", is_flag=True, help="The file was written with --raw: leading apostrophes stay.")
@click.option("--skip-bad", is_flag=True, help="Import the rest when some rows do not fit, and list those.")
@as_json
@click.pass_context
def import_csv(ctx: click.Context, file: str, raw: bool, skip_bad: bool, as_json: bool) -> None:
    """Import claims with their verdicts and evidence from a CSV file.

    Their articles must be here already. A row names its article and its words: by start and end, or by a quote alone.
    All rows are checked first: when one does not fit, it is told with its place, and nothing is imported. Everybody's
    claims stay their own, also on the same words. To import an article from a file named csv, write
    `factdesk import ./csv`.
    """
    with desk_to_write() as desk:
        brought = _read_csv(desk, file, raw, skip_bad)
        for note in brought.notes:
            say(note)
        for row in brought.refused:
            say(f"{file}: {row}")
        if as_json:
            show_json(plain(brought))
        else:
            left = f", {len(brought.refused):,} refused" if brought.refused else ""
            tell(f"{counted(brought.claims, 'claim')} imported, {brought.known:,} here already{left}")
    if brought.refused:
        ctx.exit(1)


def _read_csv(desk: Desk, file: str, raw: bool, skip_bad: bool) -> Imported:
    """Import the claims of a file. Refused, it says which rows do not fit; interrupted, how many claims are in."""
    from store.errors import Refused
    from store.formats.csv import reader

    source = sys.stdin.buffer if file == STDIN else Path(os.path.expanduser(file))  # noqa: PTH111 (which leaves an unknown user as it is)
    done = total = 0
    with Progress("Checked") as checked, Progress("Imported") as progress:

        def saved(number: int, of: int) -> None:
            nonlocal done, total
            done, total = number, of
            progress(number, of)

        try:
            return reader.read(desk, source, raw=raw, skip_bad=skip_bad, progress=checked, saved=saved)
        except reader.ImportRefused as refusal:
            for row in refusal.rows:
                progress.note(f"{file}: {row}")
            rest = f" --skip-bad imports the other {refusal.fit:,}." if refusal.fit else ""
            raise Refused(f"{refusal.said}{rest}") from None
        except KeyboardInterrupt:
            kept = f"{done:,} of {counted(total, 'claim')} are in and stay; import again to bring in the rest."
            raise KeyboardInterrupt(f"interrupted; {kept if done else 'nothing was imported.'}") from None
