"""Merging another person's desk: its file is named, what it would add is shown, and then it is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

from textual import on, work
from textual.message import Message

from store.desk import Desk
from store.errors import Refused
from store.sync.merge import Merged, MergedRow
from store.text.shorten import shorten
from tui.kit.form import Field, Question
from tui.kit.list_screen import Sheet
from tui.kit.rows import Cell, Column
from tui.kit.styled_text import Piece
from tui.kit.unsaved import beside
from tui.settings import path_of

_BAR = 30  # cells


class MergeDeskForm(Question[Path]):
    """Asks for the file of another desk, and gives its path."""

    def __init__(self) -> None:
        intro = (
            "Another person's desk: their file, a copy, a backup, or what they shared. It is only read. You see first "
            "what it would add."
        )
        super().__init__("Merge another desk", [Field("path", "File")], intro=intro, about="merge", verb="Show")
        self._path = ""

    def save(self, name: str, value: str) -> None:
        self._path = value.strip()

    def close_form(self) -> None:
        if not self._path:
            self.editor("path").begin()
            self.refuse(Refused("Name the other desk's file first; Esc merges nothing."))
            return
        self.forget()
        self.dismiss(path_of(self._path))


class MergeSheet(Sheet[None, MergedRow]):
    """Shows what a merge would do, and does it. Esc stops what goes on; what is in by then stays."""

    ABOUT = 2

    class Told(Message):
        """How far it is, in thousandths."""

        def __init__(self, done: int) -> None:
            super().__init__()
            self.done = done

    class Held(Message):
        """Another program holds the desk, in words; no words once it does no longer."""

        def __init__(self, notice: str) -> None:
            super().__init__()
            self.notice = notice

    class Ended(Message):
        """What came of it."""

        def __init__(self, found: Merged | Refused, tried: bool) -> None:
            super().__init__()
            self.found = found
            self.tried = tried

    def __init__(self, desk: Desk, path: Path) -> None:
        columns = (
            Column("Article", share=1), Column("Person", 18), Column("New", 9), Column("Here already", 12),
            Column("Conflicts", 9),
        )  # fmt: skip
        super().__init__("Merge", columns, finding=False, empty="", verb="Merge", header=True)
        self._desk = desk
        self._path = path
        self._stop = Event()
        self._working = False
        self._merged: Merged | None = None
        self._done = False

    def on_mount(self) -> None:
        self._begin(tried=True)

    def on_unmount(self) -> None:
        self._stop.set()

    # What is shown

    def heading(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        if self._merged is not None:
            return [(f" {self._said(self._merged)}", "bold")], []
        return self._progress("Looking through", 0)

    def read(self) -> list[MergedRow]:
        return [row for row in self._merged.rows if row.added or row.conflicts] if self._merged else []

    def cells(self, item: MergedRow) -> tuple[Cell, ...]:
        where = shorten(item.title or ("(no title)" if item.article else "people, scheme, sources"), 60)
        clash: Cell = [(f"≠ {item.conflicts:,}", "bold error")] if item.conflicts else ""
        added: Cell = [(f"+{item.added:,}", "bold success" if item.added else "muted")]
        return (where, [(item.person, "primary")], added, [(f"={item.same:,}", "muted")], clash)

    def detail(self, item: MergedRow | None) -> str:
        if self._merged is None or item is None:
            return ""
        new = "1 change is" if item.added == 1 else f"{item.added:,} changes are"
        told = f"{item.person}: {new} new here, {item.same:,} {'was' if item.same == 1 else 'were'} here already"
        if item.conflicts:
            one = item.conflicts == 1
            contradict, them = ("contradicts", "it") if one else ("contradict", "them")
            told += f"; {item.conflicts:,} {contradict} somebody else's, the library's Conflicts settles {them}"
        return f"{told}."

    # Doing it

    def _begin(self, *, tried: bool) -> None:
        self._working = True
        self._stop.clear()
        self.head.show(*self._progress("Looking through" if tried else "Merging", 0))
        self._merge_beside(tried)

    @work(thread=True, exclusive=True, group="merge", exit_on_error=False)
    def _merge_beside(self, tried: bool) -> None:
        def progress(done: int, whole: int) -> None:
            self.post_message(self.Told(done))

        found: Merged | Refused
        try:
            with beside(self._desk, self._stop, lambda notice: self.post_message(self.Held(notice))) as desk:
                (found,) = desk.merges.merge(
                    [self._path], dry_run=tried, progress=progress, cancelled=self._stop.is_set
                )
        except Refused as refusal:
            found = refusal
        self.post_message(self.Ended(found, tried))

    def _progress(self, doing: str, done: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        full = _BAR * done // 1000
        pieces: list[Piece] = [(f" {doing}  ", "bold"), ("━" * full, "primary"), ("─" * (_BAR - full), "muted")]
        return pieces, [(f"{done // 10} % ", "")]

    @on(Told)
    def _take_progress(self, event: Told) -> None:
        if self._working:
            doing = "Looking through" if self._merged is None else "Merging"
            self.head.show(*self._progress(doing, event.done))

    @on(Held)
    def _held(self, event: Held) -> None:
        if event.notice:
            self.head.show([(f" {event.notice}", "bold warning")], [])

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        self._working = False
        found = event.found
        if isinstance(found, Refused):
            if not self._stop.is_set():
                self.refuse(found)
            self.dismiss(None)
            return
        if event.tried and found.stopped:
            self.dismiss(None)
            return
        self._merged, self._done = found, not event.tried
        self.rows.verb = "Close" if self._done or not found.added else "Merge"
        self.rows.empty = "\nNothing in it is new."
        self.refill()
        self.set_focus(self.rows)
        for note in found.notes if event.tried else ():
            self.say(note, "warning")

    def _said(self, found: Merged) -> str:
        name = shorten(self._path.name, 30)
        new = f"{found.added:,} change{'' if found.added == 1 else 's'}"
        if not self._done:
            return f"{name} would add {new}; {found.same:,} {'is' if found.same == 1 else 'are'} here already"
        stopped = "; stopped, merge again for the rest" if found.stopped else ""
        were = "was" if found.same == 1 else "were"
        return f"{name}: {new} added, {found.same:,} {were} here already{stopped}"

    def take(self, item: MergedRow) -> None:
        if self._working:
            return
        if self._done or self._merged is None or not self._merged.added:
            self.dismiss(None)
        else:
            self._begin(tried=False)

    def action_close(self) -> None:
        if self._working:
            self._stop.set()
            return
        self.dismiss(None)
