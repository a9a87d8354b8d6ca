"""The assignments: who has what to do, and how far it is. Given out, taken back, submitted and reopened from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.access.permissions import SUBMITTED
from store.desk import Desk
from store.errors import Refused
from store.records import Article, Assignment
from store.vocabulary import Blind
from tui.keys.actions_and_keys import Scope
from tui.kit.assignment_words import sentence, state_pieces
from tui.kit.list_screen import ListScreen
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece
from tui.text.dates import minute, moment

if TYPE_CHECKING:
    from tui.review.assign_form import Handed

_HIDDEN = {Blind.OPEN.value: "nothing", Blind.VERDICT.value: "verdicts", Blind.ALL.value: "everything"}


class AssignmentsScreen(ListScreen[Assignment | None, Assignment]):
    """Gives the assignment that was chosen, to be worked on.

    ``articles`` are those selected: what is assigned goes to them, and the list can be narrowed to theirs.
    """

    SCOPE = Scope.ASSIGNMENTS
    ABOUT = 3

    def __init__(self, desk: Desk, articles: Sequence[Article] = ()) -> None:
        rows = Rows(
            header=True,
            empty="\nNobody has been given anything here.",
            verb="Work on it",
            hints=("widen", "assign", "unassign", "submit", "reopen", "undo", "find", "close"),
            at_row=("unassign", "submit", "reopen"),
        )
        super().__init__(rows, desk)
        self.desk = desk
        self._articles = list(articles)
        self._reach = "all"
        self._warned = ""
        """The assignment that you have been asked about once."""
        self._titles: dict[str, str] = {}
        self._changed: dict[str, int] = {}
        """By assignment: how much has changed since it was submitted."""

    # What is shown

    def read(self) -> list[Assignment]:
        self._titles = {article.id: article.title or "(no title)" for article in self.desk.articles.all()}
        self._changed = {id: one.changes for id, one in self.desk.submissions.changed().items()}
        everybodys = self.desk.assignments.of()
        if self._reach == "mine":
            me = self.desk.reviewer.id
            return [one for one in everybodys if one.reviewer.id == me]
        ids = {article.id for article in self._articles}
        return [one for one in everybodys if self._reach == "all" or one.article in ids]

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        here = self._articles
        whose = {
            "all": "everybody's",
            "mine": "yours",
            "here": f"of “{here[0].title}”" if len(here) == 1 else f"of {len(here)} articles",
        }[self._reach]
        submitted = sum(one.state == SUBMITTED for one in self.items)
        left: list[Piece] = [(" Assignments ", "bold accent"), (f" {whose}", "")]
        return left, [(f"{len(self.items) - submitted} open · {submitted} submitted", "muted")]

    def words(self, item: Assignment) -> tuple[str, ...]:
        return self._titles.get(item.article, ""), item.reviewer, item.role, item.state, item.whose

    def key(self, item: Assignment) -> object:
        return item.id

    def columns(self) -> tuple[Column, ...]:
        wide, broad = self.size.width >= 100, self.size.width >= 160
        return (
            Column("Article", share=1),
            Column("Who", 20 if broad else 14 if wide else 12),
            Column("Role", 11),
            Column("Whose set", 20 if broad else 12 if wide else 0),
            Column("Hidden", 10),
            Column("State", 38 if broad else 18 if wide else 16),
            Column("Since", 17 if broad else 11 if wide else 0),
        )

    def cells(self, item: Assignment) -> tuple[Cell, ...]:
        mine = item.reviewer.id == self.desk.reviewer.id
        since = (minute if self.size.width >= 160 else moment)(item.updated)
        return (
            self._titles.get(item.article, ""),
            [(item.reviewer, "bold primary" if mine else "")],
            item.role,
            [(item.whose or ("" if item.role != "reviewer" else "everybody's"), "muted")],
            [(_HIDDEN[item.blind], "muted")],
            state_pieces(item, self._changed.get(item.id, 0), short=self.size.width < 160),
            [(since, "muted")],
        )

    def detail(self, item: Assignment | None) -> str:
        if item is None:
            return ""
        one = item
        whole = sentence(one, self.desk.reviewer, self._changed.get(one.id, 0))
        said = f"{self._titles.get(one.article, '')}: {whole} Given by {one.by}."
        if one.state != SUBMITTED and one.reviewer.id == self.desk.reviewer.id:
            left = self.desk.submissions.unfinished(one.article, one.role)
            some = "; ".join(one.words for one in left[:3]) + (f"; {len(left) - 3} more" if len(left) > 3 else "")
            said += f" Left: {some}." if left else " Nothing is left: it can be submitted."
        return said

    # Working with them

    def _current(self) -> Assignment:
        if self.current is None:
            raise Refused("There is no assignment here to do that with.")
        return self.current

    def _own(self, what: str) -> Assignment:
        one = self._current()
        if one.reviewer.id != self.desk.reviewer.id:
            raise Refused(f"That is {one.reviewer}'s set: only they can {what} it.")
        return one

    def take(self, item: Assignment) -> None:
        self.dismiss(item)

    def action_widen(self) -> None:
        reaches = ["all", "mine", *(["here"] if self._articles else [])]
        self._reach = reaches[(reaches.index(self._reach) + 1) % len(reaches)]
        self.rows.cursor = 0
        self.refill()

    def action_assign(self) -> None:
        from tui.review.assign_form import AssignForm

        articles = self._articles if len(self._articles) > 1 or not self.shown else []
        chosen = articles or [self.desk.articles.get(self._current().article)]
        self.app.push_screen(AssignForm(self.desk, chosen), self._assigned)

    def _assigned(self, handed: Handed | None) -> None:
        self.refill()
        if handed:
            self.say(handed.words)

    def action_unassign(self) -> None:
        one = self._current()
        key = self.keymap.key_of(Scope.ASSIGNMENTS, "undo")
        said = f"Took back from {one.reviewer}: {self._titles.get(one.article, '')}. {key} gives it again."
        self.write(lambda: self.desk.delete(one), lambda _: self._did(said))

    def _did(self, said: str) -> None:
        self.refill()
        self.say(said)

    def action_submit(self) -> None:
        one = self._own("submit")
        left = self.desk.coverage.of(one.article)
        if not left.nothing_left and one.state != SUBMITTED and self._warned != one.id:
            self.desk.submissions.may_submit(one.article, one.role)
            self._warned = one.id
            key = self.keymap.key_of(Scope.ASSIGNMENTS, "submit")
            raise Refused(f"Not read yet: {left.left}. {key} again submits all the same, and keeps what is left.")
        said = "Submitted: your set is locked until you reopen it."
        self.write(lambda: self.desk.submissions.submit(one.article, one.role), lambda _: self._did(said))

    def action_reopen(self) -> None:
        one = self._own("reopen")
        said = "Reopened: you can change your set again, and that stays on item."
        self.write(lambda: self.desk.submissions.reopen(one.article, one.role), lambda _: self._did(said))
