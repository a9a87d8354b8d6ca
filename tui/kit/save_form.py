"""Asks for a file, and has it written beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message

from store.desk import Desk
from store.errors import Refused
from store.records import Article
from tui.kit.bar import Bar
from tui.kit.choice_editor import ChoiceEditor, Option
from tui.kit.editors import LineEditor
from tui.kit.form import Field, Question
from tui.kit.styled_text import Piece, shorten

if TYPE_CHECKING:
    from store.formats import Listed
    from store.formats.snapshot import Cancelled
    from store.records import Progress

Write = Callable[[Path, "Progress", "Cancelled"], str]
"""Writes a file, told whom to tell how far it is and whom to ask whether to stop; gives what to say of it."""

_BAR = 30  # cells
PEOPLE = (Option("named", "named", "n"), Option("numbered", "numbered: Person 1, …", "u"))
"""How people stand in what is written."""


class SaveForm(Question[None]):
    """Asks for the name of a file that is not there yet, has it written in a thread of its own, and says so.

    Enter in the empty line takes the name that is offered. Esc writes nothing; while it works, Esc stops it.
    """

    HINTS = (("close", "Stop"),)  # all else is said by the line, which has the focus until the writing begins

    class Told(Message):
        """How far the writing is."""

        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done = done
            self.total = total

    class Ended(Message):
        """The writing has ended: with words, or refused."""

        def __init__(self, said: str | Refused) -> None:
            super().__init__()
            self.said = said

    def __init__(
        self,
        title: str,
        write: Write,
        *,
        name: str,
        intro: str,
        beside: bool = True,
        asked: Sequence[Field] = (),
        said: dict[str, str] | None = None,
    ) -> None:
        """``name`` is what the file is called unless another name is typed; it is counted on while it is taken.

        ``beside`` false has it written by the thread of the screen, which alone may use an open desk. ``asked`` are
        fields above the name; what they hold is put into ``said``. One called ``people`` is a choice of `PEOPLE`.
        """
        told = f"{intro} Enter writes it; a file that is there already stays."
        super().__init__(title, [*asked, Field("path", "File")], intro=told, focus="path")
        self._said = {} if said is None else said
        if "people" in self._editors:
            self._editors["people"] = ChoiceEditor("named", PEOPLE)
            self._saved["people"] = "named"
        self._write = write
        self._beside = beside
        self._offered = _free(name)
        self._path = ""
        self._to = Path()
        """Where it is being written."""
        self._stop = Event()
        self.working = False  # whether it is being written
        self._editors["path"] = LineEditor(placeholder=self._offered)

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self._editors["path"].scroll_visible, animate=False)

    def save(self, name: str, value: str) -> None:
        if name == "path":
            self._path = value.strip()
        else:
            self._said[name] = value.strip()

    def close_form(self) -> None:
        try:
            path = self.host.place_for(self._path or self._offered)
            if _is_there(path):
                raise Refused(f"{path} is there already: give another name.")
        except Refused as refusal:
            self._again(refusal)
            return
        self.working, self._to = True, path
        self._stop.clear()
        self.set_focus(None)
        for editor in self._editors.values():
            editor.disabled = True
        self._show_progress(0, 0)
        if self._beside:
            self._write_beside(path)
        else:
            self.call_after_refresh(self._write_to, path)

    @work(thread=True, exclusive=True, group="save", exit_on_error=False)
    def _write_beside(self, path: Path) -> None:
        self._write_to(path)

    def _write_to(self, path: Path) -> None:
        try:
            said = self._write(path, lambda done, total: self._tell(done, total), self._stop.is_set)
            self.post_message(self.Ended(said))
        except Refused as refusal:
            self.post_message(self.Ended(refusal))
        except ValueError as error:
            self.post_message(self.Ended(Refused(f"{path} cannot be written: {error}. Give another name.")))

    def _tell(self, done: int, total: int) -> None:
        self.post_message(self.Told(done, total))

    @on(Told)
    def _take_progress(self, event: Told) -> None:
        event.stop()
        if self.working:
            self._show_progress(event.done, event.total)

    def _show_progress(self, done: int, total: int) -> None:
        full = _BAR * done // total if total else 0
        pieces: list[Piece] = [(" Writing  ", "bold"), ("━" * full, "primary"), ("─" * (_BAR - full), "muted")]
        self.query_one("#form-title", Bar).show(pieces, [(f"{done:,} of {total:,} " if total else "", "")])

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        event.stop()
        self.working = False
        if isinstance(event.said, Refused) and not self._stop.is_set():
            self._again(event.said)
            return
        if isinstance(event.said, Refused):
            self.say(str(event.said), "warning")
        else:
            self.host.written = str(event.said)
            self.say(self.host.hand_over(self._to, event.said))
        self.dismiss(None)

    def _again(self, refusal: Refused) -> None:
        """Nothing is written: say why, and let the name be mended."""
        self.query_one("#form-title", Bar).show([(f" {self._title}", "bold")], [])
        for one in self._editors.values():
            one.disabled = False
        editor = self.editor("path")
        self.set_focus(editor)
        editor.begin()
        self.refuse(refusal)

    def leave(self) -> None:
        if self.working:
            self._stop.set()
        else:
            self.dismiss(None)

    def on_unmount(self) -> None:
        self._stop.set()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # a folder that cannot be looked into: writing says so


def save_settled(desk: Desk, article: Article) -> SaveForm:
    """A form that writes the settled set of an article."""
    from store.formats import FORMATS

    form = FORMATS["settled"]
    intro = f"CSV of {whose([article])}, {form.says}."
    return save_rows("Write the settled set", form, "settled claim", "settled.csv", desk, [article], intro)


def save_desk(desk: Desk) -> SaveForm:
    """A form that copies the whole desk, as it is open here, into a new file."""

    def write(to: Path, progress: Progress, cancelled: Cancelled) -> str:
        desk.backup(to)
        return f"Everything is in {to.absolute()}. To go on there, leave factdesk and open it: factdesk --db {to}"

    intro = "All of the desk as it is open here, history included."
    name = f"{desk.path.stem}-saved{desk.path.suffix}"
    return SaveForm("Save elsewhere", write, name=name, intro=intro, beside=False)


def save_shared(desk: Desk, articles: Sequence[Article]) -> SaveForm:
    """A form that writes a desk of some articles, or of all, for others to merge."""
    ids = [article.id for article in articles]

    def write(to: Path, progress: Progress, cancelled: Cancelled) -> str:
        with desk.beside() as own:
            made = own.shares.write(to, ids, progress=progress)
        return f"{made.path} holds {made.articles:,} articles and {made.claims:,} claims: others merge it or open it."

    return SaveForm(
        "Share", write, name=f"{desk.path.stem}-shared.db", intro=f"History of {whose(articles)}, for others to merge."
    )


def whose(articles: Sequence[Article]) -> str:
    """Which articles are written, in words."""
    if len(articles) == 1:
        return f"“{shorten(' '.join(articles[0].title.split()), 60)}”"
    return f"{len(articles)} marked articles" if articles else "all articles"


def save_rows(
    title: str, form: Listed, noun: str, name: str, desk: Desk, articles: Sequence[Article], intro: str
) -> SaveForm:
    """A form that writes some articles, or all, in a format, and says how many ``noun`` there are and what is lost."""
    ids = [article.id for article in articles]
    said: dict[str, str] = {}
    options = form.module.options if form.module else {}
    asked = [Field(option, _label(option), placeholder=says) for option, says in options.items()]

    def write(to: Path, progress: Progress, cancelled: Cancelled) -> str:
        how: dict[str, Any] = {"anonymous": said.get("people") == "numbered"}
        if options:
            how["said"] = {option: said[option] for option in options if said.get(option)}
        with desk.beside() as own:
            done = form.write(own, to, *([ids] if ids else []), **how, progress=progress, cancelled=cancelled)
        lost = f" Lost: {'; '.join(map(str, done.losses))}." if done.losses else ""
        return f"{done.rows:,} {noun}{'' if done.rows == 1 else 's'} written to {to.absolute()}.{lost}"

    asked.append(Field("people", "People"))
    return SaveForm(title, write, name=name, intro=intro, asked=asked, said=said)


def _label(option: str) -> str:
    return option.replace("-", " ").capitalize()


def _free(name: str) -> str:
    """The name, or with the first number behind it that no file here has."""
    path = Path(name)
    names = (path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, 100)))
    return str(next((one for one in names if not one.exists()), path))
