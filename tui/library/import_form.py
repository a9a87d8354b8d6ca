"""Importing: a path typed or picked, and how far it has got."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import NamedTuple

from textual import events, on, work
from textual.message import Message

from store.desk import Desk
from store.errors import Refused
from store.formats.articles.batch import Batch
from store.formats.articles.entry import said_columns
from store.formats.articles.fetch import Fetcher
from store.formats.articles.files import is_web_address
from store.formats.articles.reader import LISTED, SUFFIXES, ReadOptions
from tui.kit.desk_app import DeskApp
from tui.kit.filter_line import FilterLine
from tui.kit.list_screen import Sheet
from tui.kit.rows import Cell, Column
from tui.kit.styled_text import Piece
from tui.kit.unsaved import beside
from tui.library.dropped_files import dropped
from tui.settings import path_of

_PATTERN = re.compile("[*?]")
_OPTION = re.compile(r"\s+--((?:captions|private|fetch)(?=\s|\Z)|column[= ]\s*\S+)")
_FITTING = "Enter imports all files that fit this."


@dataclass
class Outcome:
    """What an import did: ids of articles, refusals as sentences, mends of a single one, and how they are read."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    read: str = ""
    suggested: int = 0  # what people remarked in files
    left_out: int = 0  # refusals that were shown before the rest was asked for
    stopped: bool = False

    def __str__(self) -> str:
        said = [f"Imported {len(self.new)} article{'' if len(self.new) == 1 else 's'}"]
        if self.known:
            said.append(f"{len(self.known)} {'was' if len(self.known) == 1 else 'were'} already here")
        if bad := len(self.refused) + self.left_out:
            said.append(f"{bad} could not be read")
        if self.suggested:
            said.append(f"{self.suggested} comment{'' if self.suggested == 1 else 's'} as suggestions")
        if self.notes:
            said.append("; ".join(self.notes))
        if self.stopped:
            said.append("stopped by you; what is in stays")
        return ", ".join(said) + "." + (f" {self.read[0].upper()}{self.read[1:]}." if self.read else "")


class How(NamedTuple):
    """How articles are to be read: the options that a command has, too, typed behind the path or address."""

    captions: bool = False
    private: bool = False
    fetch: bool = False
    columns: tuple[str, ...] = ()

    @classmethod
    def parted(cls, said: str) -> tuple[str, How]:
        """The path of what is typed, and how it is to be read. Raises Refused for a column that names no field."""
        path, *options = _OPTION.split(said)
        columns = tuple(one.removeprefix("column").strip(" =") for one in options if one.startswith("column"))
        said_columns(columns)
        return path.strip(), cls("captions" in options, "private" in options, "fetch" in options, columns)


class PathLine(FilterLine):
    """A path; Tab completes it from the row below."""

    def hints(self) -> tuple[str | tuple[str, str], ...]:
        return (*self._rows.hints(), "complete", "close")

    def action_choose(self) -> None:
        if self._rows.index is None and isinstance(self.screen, ImportForm):
            self.screen.import_typed()
        else:
            super().action_choose()

    def action_complete(self) -> None:
        if isinstance(self.screen, ImportForm):
            self.screen.complete()

    def _on_paste(self, event: events.Paste) -> None:
        if places := dropped(event.text):
            event.stop()
            event.prevent_default()
            self.value = _spelt(places)
            self.cursor_position = len(self.value)
        else:
            super()._on_paste(event)


def _spelt(places: Sequence[str]) -> str:
    """Paths and addresses on one line; several so that `dropped` finds each again."""
    return places[0] if len(places) == 1 else shlex.join(places)


class Entry(NamedTuple):
    """A row: a file or folder, the whole of the folder that is shown, why a file could not be read, or how many
    pages can be fetched that a list names."""

    path: Path | None = None
    refused: str = ""
    pages: int = 0


class ImportForm(Sheet[str | None, Entry]):
    """Gives the id of the first article that came in. Closing it while it works stops it; what is in stays."""

    ABOUT = 2

    class Progress(Message):
        def __init__(self, doing: str, done: int, total: int) -> None:
            super().__init__()
            self.doing = doing
            self.done = done
            self.total = total

    class Held(Message):
        """Another program holds the desk, in words; no words once it does no longer."""

        def __init__(self, notice: str) -> None:
            super().__init__()
            self.notice = notice

    class Checked(Message):
        def __init__(self, batch: Batch, notes: list[str]) -> None:
            super().__init__()
            self.batch = batch
            self.notes = notes

    class Finished(Message):
        def __init__(self, outcome: Outcome) -> None:
            super().__init__()
            self.outcome = outcome

    def __init__(self, desk: Desk, *places: str | Path) -> None:
        """``places`` are paths or addresses to begin with; without any it begins in the folder that you are in."""
        super().__init__("Import articles", (Column(width=2), Column(share=1)), empty="There is nothing here.")
        self._path = PathLine(
            self.rows,
            placeholder="a file, folder, pattern or address; then --captions --private --fetch --column text=NAME",
            id="list-find",
        )
        self.finder = self._path
        self._desk = desk
        self._start = _spelt([str(place) for place in places or [Path.cwd()]])
        self._folder = Path(self._start)
        self._stop = Event()
        self._working = False
        self._notice = ""
        """What this form has the foot say."""
        self._outcome: Outcome | None = None
        self._asked: Sequence[str] = ()
        """What is being imported."""
        self._how = How()
        self._unfetched = 0
        """How many pages a list names that were not fetched."""
        self._batch: Batch | None = None
        """What is left to import when some files cannot be read, until that is asked for."""

    def on_mount(self) -> None:
        self._type(self._start)

    def on_unmount(self) -> None:
        self._stop.set()  # what waits for the file must not hold up the end of the app

    # Choosing

    def _type(self, path: str) -> None:
        """Put a path into the line; a folder's ends in the separator, so that its content is listed."""
        finder = self._path
        finder.value = path + os.sep if Path(path).is_dir() and not path.endswith(os.sep) else path
        finder.cursor_position = len(finder.value)

    def read(self) -> list[Entry]:
        return []

    def found(self, words: str) -> list[Entry]:
        words = _OPTION.split(words)[0]
        if self._outcome:
            pages = [Entry(pages=self._unfetched)] if self._unfetched else []
            return [*pages, *(Entry(refused=sentence) for sentence in self._outcome.refused)]
        if self._working:
            return []
        several = len(dropped(words))
        for meant, says in (
            (is_web_address(words), "Enter fetches this page."),
            (several > 1, f"Enter imports these {several}."),
            (_PATTERN.search(words), _FITTING),
        ):
            if meant:
                self.rows.empty = says
                return []
        return self._inside(words)

    def _inside(self, words: str) -> list[Entry]:
        """What there is to import in the folder of a path, as far as its last part is typed."""
        folder, _, beginning = words.rpartition(os.sep)
        self._folder = Path(os.path.expanduser((folder + os.sep) if words.count(os.sep) else "."))  # noqa: PTH111 (an unknown user stays)
        entries: list[Entry] = []
        try:
            inside = sorted(os.scandir(self._folder), key=lambda entry: (not entry.is_dir(), entry.name.casefold()))
        except OSError as error:
            self.rows.empty = f"{error.strerror}: {self._folder}"
            inside = []
        else:
            self.rows.empty = "There is nothing to import here: no text, page, document, list or archive."
        for entry in inside:
            hidden = entry.name.startswith(".") and not beginning.startswith(".")
            wanted = entry.is_dir() or entry.name.lower().endswith((*SUFFIXES, *LISTED))
            if wanted and not hidden and entry.name.casefold().startswith(beginning.casefold()):
                entries.append(Entry(Path(entry.path)))
        return [*([Entry()] if not beginning and entries else []), *entries]

    def cells(self, item: Entry) -> tuple[Cell, ...]:
        path = item.path
        if item.pages:
            some = "the page that is" if item.pages == 1 else f"the {item.pages} pages that are"
            return ([("»", "accent")], [(f"fetch {some} named without a text", "accent")])
        if item.refused:
            return ([("!", "bold warning")], item.refused)
        if path is None:
            return ([("»", "accent")], [("every article in this folder and the folders in it", "accent")])
        if path.is_dir():
            return ([("▸", "primary")], [(path.name + os.sep, "bold")])
        return ("", path.name)

    def detail(self, item: Entry | None) -> str:
        return "" if item is None or item.pages else item.refused or str(item.path or self._folder)

    def begin(self) -> int:
        return 1 if self.shown and self.shown[0] == Entry() else 0

    def place(self, key: object) -> int | None:
        return self.begin()

    def complete(self) -> None:
        """Complete the path: as far as all rows agree, else to the row under the cursor."""
        paths = [entry.path for entry in self.shown if entry.path]
        if not paths or self.current is None:
            return
        finder = self._path
        agreed = os.path.commonprefix([str(path) for path in paths])  # noqa: RUF071 (characters are meant)
        typed = str(self._folder / finder.value.rpartition(os.sep)[2])
        self._type(agreed if len(agreed) > len(typed) else str(self.current.path or self._folder))

    def take(self, item: Entry) -> None:
        if self._working:
            return
        if item.pages:
            self._import(self._asked, self._how._replace(fetch=True))
            return
        if self._outcome:
            if self._batch:
                self._begin()
                self._bring_in(self._batch)
            return
        if item.path is not None and item.path.is_dir():
            self._type(str(item.path))
            return
        try:
            _, how = How.parted(self._path.value)
        except Refused as refusal:
            self.refuse(refusal)
            return
        self._import((str(item.path or self._folder),), how)

    def import_typed(self) -> None:
        """Import the path as it is typed, or say why that cannot be."""
        try:
            said, how = How.parted(self._path.value.strip())
            self._import(dropped(said) or (str(path_of(said)),), how)
        except Refused as refusal:
            self.refuse(refusal)

    # Importing

    def _begin(self) -> None:
        self._working = True
        self._outcome = None
        self._stop.clear()
        self._path.disabled = True
        self.set_focus(None)
        self.rows.empty = "Esc stops; what is in by then stays."
        self.narrow()

    def _import(self, places: Sequence[str], how: How) -> None:
        self._asked, self._how = places, how
        self._unfetched = 0
        self._begin()
        self._show_progress("Checking", 0, 0)
        self._check_beside(places, how)

    @work(thread=True, exclusive=True, group="import", exit_on_error=False)
    def _check_beside(self, places: Sequence[str], how: How) -> None:
        """Read all files first: when one cannot come in none does, unless the rest is asked for."""
        batch = Batch(
            options=ReadOptions(how.captions, said_columns(how.columns)),
            fetcher=Fetcher(private=how.private, cancelled=self._stop.is_set),
            fetch_listed=how.fetch,
        )

        def progress(done: int, total: int) -> None:
            if done % 20 == 1:
                self.post_message(self.Progress("Checking", done, total))

        notes: list[str] = []
        with ExitStack() as stack:
            try:
                if how.fetch or any(map(is_web_address, places)):
                    batch.known = stack.enter_context(self._desk.beside()).articles.at
                for place in places:
                    batch.add(
                        place, progress=progress, noted=lambda _, told: notes.extend(told), cancelled=self._stop.is_set
                    )
            except Refused as refusal:
                batch.bad.append(str(refusal))
        self.post_message(self.Checked(batch, notes if len(batch) == 1 else []))

    @on(Checked)
    def _checked(self, event: Checked) -> None:
        batch, outcome = event.batch, Outcome(notes=tuple(event.notes), refused=event.batch.bad)
        outcome.stopped = self._stop.is_set()
        if outcome.stopped:
            self._working = False
            self.say("Stopped: nothing was imported.")
            self.dismiss(None)
        elif not outcome.refused:
            self._bring_in(batch, outcome.notes)
        elif len(outcome.refused) == 1 and not len(batch) and not batch.unfetched:
            self._working = False
            self._again(outcome.refused[0])
        else:
            self._working = False
            self._batch = batch if len(batch) else None
            self._unfetched = batch.unfetched
            rest = f" Enter imports the other {len(batch)}." if len(batch) else ""
            count = len(batch.bad)
            self._list(outcome, f"{count} of {count + len(batch)} cannot be read, so nothing was imported.{rest}")

    def _bring_in(self, batch: Batch, notes: tuple[str, ...] = ()) -> None:
        self._batch = None
        self._show_progress("Importing", 0, len(batch))
        self._import_beside(batch, notes)

    @work(thread=True, exclusive=True, group="import", exit_on_error=False)
    def _import_beside(self, batch: Batch, notes: tuple[str, ...]) -> None:
        from store.text.interpretation import told

        outcome = Outcome(notes=notes)
        told_bad = len(batch.bad)

        def progress(done: int) -> None:
            self.post_message(self.Progress("Importing", done, len(batch)))

        try:
            with beside(self._desk, self._stop, lambda notice: self.post_message(self.Held(notice))) as desk:
                outcome.new, outcome.known, outcome.suggested = batch.bring_in(
                    desk, progress, cancelled=self._stop.is_set
                )
                outcome.read = told([*desk.coverage.interpretations(outcome.new)])
        except Refused as refusal:
            outcome.refused.append(str(refusal))
        outcome.refused += batch.bad[told_bad:]
        outcome.left_out = told_bad
        outcome.stopped = self._stop.is_set()
        self.post_message(self.Finished(outcome))

    def _show_progress(self, doing: str, done: int, total: int) -> None:
        width = 30
        full = width * done // total if total else 0
        pieces: list[Piece] = [(f" {doing}  ", "bold"), ("━" * full, "primary"), ("─" * (width - full), "muted")]
        self.head.show(pieces, [(f"{done} of {total}" if total else "", "")])

    @on(Progress)
    def _progress(self, event: Progress) -> None:
        self._show_progress(event.doing, event.done, event.total)

    @on(Held)
    def _held(self, event: Held) -> None:
        self._stand(event.notice)

    def _stand(self, notice: str) -> None:
        """Have the foot say it, in place of what this form had it say."""
        if isinstance(self.app, DeskApp) and self.app.notice == self._notice:
            self.app.stand(notice)
            self._notice = notice

    @on(Finished)
    def _finished(self, event: Finished) -> None:
        self._working = False
        self._stand("")
        outcome = event.outcome
        if not outcome.new and not outcome.known and len(outcome.refused) == 1:
            self._again(outcome.refused[0])
            return
        if not outcome.refused:
            self.say(str(outcome))
            self.dismiss((outcome.new or outcome.known or [""])[0])
            return
        self._list(outcome, str(outcome))

    def _list(self, outcome: Outcome, title: str) -> None:
        """Show what was refused."""
        self._outcome = outcome
        self.head.show([(f" {title}", "bold")], [])
        self.narrow()
        self.set_focus(self.rows)

    def _again(self, refusal: str) -> None:
        """Nothing came in: say why, and let the path be mended."""
        self.head.show([(" Import articles", "bold")], [])
        self._path.disabled = False
        self.set_focus(self._path)
        self.narrow()
        self.refuse(Refused(refusal))

    def action_close(self) -> None:
        if self._working:
            self._stop.set()
            return
        self.dismiss((self._outcome.new or self._outcome.known or [""])[0] or None if self._outcome else None)
