"""The assignments: who has what to do, and how far it is. Given out, taken back, submitted and reopened from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from store.assigning import SUBMITTED
from store.desk import Desk
from store.records import Article, Assignment, Blind
from store.refusals import Refused
from tui.actions import Scope
from tui.screens.desk_screen import DeskChanged, DeskScreen
from tui.screens.sheet import matches
from tui.text.safe import safe
from tui.widgets.bar import Bar
from tui.widgets.filter_line import FilterLine
from tui.widgets.rows import Cell, Column, Rows
from tui.work_words import sentence, state_pieces

_HIDDEN = {Blind.OPEN.value: "nothing", Blind.VERDICT.value: "verdicts", Blind.ALL.value: "everything"}


class AssignmentsScreen(DeskScreen[Assignment | None]):
    """Gives the assignment that was chosen, to be worked on.

    ``articles`` are those at hand: what is assigned goes to them, and the list can be narrowed to theirs.
    """

    SCOPE = Scope.ASSIGNMENTS
    DEFAULT_CSS = """
    AssignmentsScreen #assignments-find { margin: 0 1; display: none; }
    AssignmentsScreen.-finding #assignments-find { display: block; }
    AssignmentsScreen #assignments-about {
        dock: bottom; height: 3; margin-bottom: 1; padding: 0 1; background: $surface; color: $foreground-muted;
    }
    """

    def __init__(self, desk: Desk, articles: Sequence[Article] = ()) -> None:
        super().__init__()
        self.desk = desk
        self._articles = list(articles)
        self._reach = "all"
        self._read: list[Assignment] = []
        self._shown: list[Assignment] = []
        self._titles: dict[str, str] = {}
        self.rows = Rows(
            header=True,
            empty="\nNobody has been given anything here. Press a to assign.",
            verb="Work on it",
            hints=("widen", "assign", "unassign", "submit", "reopen", "undo", "find", "close"),
        )
        self.finder = FilterLine(self.rows, id="assignments-find")

    def body(self) -> ComposeResult:
        yield Bar(id="assignments-title")
        yield self.finder
        yield self.rows
        yield Static("", markup=False, id="assignments-about")

    def on_mount(self) -> None:
        self.set_focus(self.rows)
        self.refill()

    # What is shown

    def refill(self) -> None:
        """Read the assignments anew; the cursor stays on its row."""
        at = self._current().id if self._shown and self.rows.index is not None else ""
        ids = {article.id for article in self._articles}
        everybodys = self.desk.assignments()
        if self._reach == "mine":
            me = self.desk.reviewer.casefold()
            self._read = [one for one in everybodys if one.reviewer.casefold() == me]
        else:
            self._read = [one for one in everybodys if self._reach == "all" or one.article in ids]
        self._titles = {article.id: article.title or "(no title)" for article in self.desk.articles()}
        self._filter(self.finder.value, at)
        whose = {
            "all": "everybody's",
            "mine": "yours",
            "here": f"of “{self._articles[0].title}”"
            if len(self._articles) == 1
            else f"of {len(self._articles)} articles",
        }[self._reach]
        submitted = sum(one.state == SUBMITTED for one in self._read)
        self.query_one("#assignments-title", Bar).show(
            [(" Assignments ", "bold accent"), (f" {whose}", "")],
            [(f"{len(self._read) - submitted} open · {submitted} submitted", "muted")],
        )

    def _filter(self, words: str, at: str = "") -> None:
        self._shown = [
            one
            for one in self._read
            if matches(words, self._titles.get(one.article, ""), one.reviewer, one.role, one.state, one.whose)
        ]
        place = next((i for i, one in enumerate(self._shown) if one.id == at), None)
        self.rows.show(len(self._shown), self._cells, columns=self._columns(), cursor=place)
        if not self._shown:
            self._say_about("")

    def _columns(self) -> tuple[Column, ...]:
        wide, broad = self.size.width >= 100, self.size.width >= 160
        return (
            Column("Article", share=1),
            Column("Who", 20 if broad else 14 if wide else 12),
            Column("Role", 11),
            Column("Whose set", 20 if broad else 12 if wide else 0),
            Column("Hidden", 10),
            Column("State", 24 if broad else 15 if wide else 13),
            Column("Since", 16 if broad else 10 if wide else 0),
        )

    def on_resize(self) -> None:
        self.rows.show(len(self._shown), self._cells, columns=self._columns())

    def _cells(self, index: int) -> tuple[Cell, ...]:
        one = self._shown[index]
        mine = one.reviewer.casefold() == self.desk.reviewer.casefold()
        moment = datetime.fromtimestamp(one.updated / 1000)
        since = f"{moment:%Y-%m-%d %H:%M}" if self.size.width >= 160 else f"{moment:%Y-%m-%d}"
        return (
            self._titles.get(one.article, ""),
            [(one.reviewer, "bold primary" if mine else "")],
            one.role,
            [(one.whose or ("" if one.role != "reviewer" else "everybody's"), "muted")],
            [(_HIDDEN[one.blind], "muted")],
            state_pieces(one, short=self.size.width < 160),
            [(since, "muted")],
        )

    @on(Rows.Highlighted)
    def _tell(self, event: Rows.Highlighted) -> None:
        event.stop()
        if event.index is None or event.index >= len(self._shown):
            self._say_about("")
            return
        one = self._shown[event.index]
        said = f"{self._titles.get(one.article, '')}: {sentence(one, self.desk.reviewer)} Given by {one.by}."
        if one.state != SUBMITTED and one.reviewer.casefold() == self.desk.reviewer.casefold():
            left = self.desk.unfinished(one.article, one.role)
            some = "; ".join(left[:3]) + (f"; {len(left) - 3} more" if len(left) > 3 else "")
            said += f" Left: {some}." if left else " Nothing is left: it can be submitted."
        self._say_about(said)

    def _say_about(self, said: str) -> None:
        self.query_one("#assignments-about", Static).update(Content(safe(said)), layout=False)

    def on_desk_changed(self, event: DeskChanged) -> None:
        self.refill()

    @on(Input.Changed, "#assignments-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value)

    # Working with them

    def _current(self) -> Assignment:
        index = self.rows.index
        if index is None or index >= len(self._shown):
            raise Refused("There is no assignment here to do that with.")
        return self._shown[index]

    def _own(self, what: str) -> Assignment:
        one = self._current()
        if one.reviewer.casefold() != self.desk.reviewer.casefold():
            raise Refused(f"That is {one.reviewer}'s set: only they can {what} it.")
        return one

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self.dismiss(self._current())

    def action_widen(self) -> None:
        reaches = ["all", "mine", *(["here"] if self._articles else [])]
        self._reach = reaches[(reaches.index(self._reach) + 1) % len(reaches)]
        self.rows.cursor = 0
        self.refill()

    def action_find(self) -> None:
        self.add_class("-finding")
        self.set_focus(self.finder)

    def action_assign(self) -> None:
        from tui.screens.assign_form import AssignForm

        articles = self._articles if len(self._articles) > 1 or not self._shown else []
        chosen = articles or [self.desk.article(self._current().article)]
        self.app.push_screen(AssignForm(self.desk, chosen), self._assigned)

    def _assigned(self, said: str | None) -> None:
        self.refill()
        if said:
            self.say(said)

    def action_unassign(self) -> None:
        one = self._current()
        self.desk.delete(one)
        self.refill()
        key = self.keymap.key_of(Scope.ASSIGNMENTS, "undo")
        self.say(f"Took back from {one.reviewer}: {self._titles.get(one.article, '')}. {key} gives it again.")

    def action_submit(self) -> None:
        one = self._own("submit")
        self.desk.submit(one.article, one.role)
        self.refill()
        self.say("Submitted: your set is locked until you reopen it.")

    def action_reopen(self) -> None:
        one = self._own("reopen")
        self.desk.reopen(one.article, one.role)
        self.refill()
        self.say("Reopened: you can change your set again, and that stays on record.")

    def action_undo(self) -> None:
        self.say(self.desk.undo().sentence)
        self.refill()

    def action_redo(self) -> None:
        self.say(self.desk.redo().sentence)
        self.refill()

    def action_close(self) -> None:
        if self.has_class("-finding"):
            self.set_focus(self.rows)
            self.remove_class("-finding")
            self.finder.value = ""
            return
        self.dismiss(None)
