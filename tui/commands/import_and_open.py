"""Importing articles, and opening the app on them or on the library."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tui.commands.common_options import chosen_file
from tui.commands.opened_desk import (
    desk_for_app,
    desk_to_read,
    desk_to_write,
    require_terminal,
    start_app,
    take_terminal,
    who_works,
)
from tui.commands.output import Progress, counted, say

if TYPE_CHECKING:
    from store.desk import Desk
    from store.formats.articles.batch import Batch
    from store.formats.articles.fetch import Fetcher

STDIN = "-"


class Asked(NamedTuple):
    """What somebody asks of an import."""

    paths: Sequence[str]
    said: Mapping[str, str | None] = MappingProxyType({})
    captions: bool = False
    fetch: bool = False
    private: bool = False
    named: Sequence[str] = ()
    skip_bad: bool = False

    def columns(self) -> Mapping[str, str]:
        if not self.named:
            return {}
        from store.errors import Refused
        from store.formats.articles.entry import said_columns

        try:
            return said_columns(self.named)
        except Refused as refusal:
            raise _misused(str(refusal)) from None


def _misused(said: str) -> Exception:
    """What to raise where the command line asks for what cannot be."""
    import click  # what opens one article or the library does without it

    return click.UsageError(said)


def checked(asked: Asked) -> "Batch":
    """The articles of these paths. Raises Refused when one cannot be read, unless those are to be skipped."""
    from store.access import fields
    from store.errors import Refused
    from store.formats.articles.batch import Batch
    from store.formats.articles.files import is_web_address
    from store.formats.articles.reader import ReadOptions

    details = fields.checked({name: value for name, value in asked.said.items() if value is not None}, fields.ARTICLE)
    if asked.paths.count(STDIN) > 1:
        raise _misused("Standard input can be read once only.")
    if "" in asked.paths:
        raise _misused("An empty path names no file.")
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


def bring_in(desk: "Desk", batch: "Batch") -> tuple[list[str], list[str]]:
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


def tell_how_read(desk: "Desk", articles: Sequence[str]) -> None:
    """Say in which languages the new articles are read, and which lines were found to be wrapped."""
    if not articles:
        return
    from store.text.interpretation import told

    found = [*desk.coverage.interpretations(articles)]
    if words := told(found):
        unknown = any(not one.known for _, one in found)
        say(words[0].upper() + words[1:] + ("; set it with `factdesk edit … --language`." if unknown else "."))


def open_articles(asked: Asked) -> None:
    """Import articles and open them in the app: one opens at its text, several open in the library."""
    require_terminal(standard_input_spent=STDIN in asked.paths)
    who_works()
    batch = checked(asked)
    # With one article the app makes the daily backup, beside its screen; many are a change to be made after it.
    with desk_to_write(create=True, in_parts=True, back_up=len(batch) != 1) as desk:
        new, known = bring_in(desk, batch)
        tell_how_read(desk, new)
        if STDIN in asked.paths:
            take_terminal()
        ids = [*new, *known]
        start_app(desk, desk.articles.get(ids[0]) if len(ids) == 1 else None)


def open_library() -> None:
    """Open the library of articles in the app."""
    require_terminal()
    with desk_for_app() as desk:
        start_app(desk)
