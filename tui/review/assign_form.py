"""Giving articles to people: who, in which role, what is hidden from them, whose set, how many each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import starmap
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from store.access.names import split_names
from store.check.assignments import cannot_hide
from store.desk import Desk
from store.errors import Refused
from store.records import Article
from store.vocabulary import Blind, Role
from tui.keys.actions_and_keys import Scope
from tui.kit.assignment_words import LEVELS, ROLES
from tui.kit.bar import Bar
from tui.kit.choice_editor import ChoiceEditor, Option
from tui.kit.editors import LineEditor, TextEditor
from tui.kit.form import Field, Question
from tui.text.safe import safe_block

_ROLES = (
    Option(Role.CHECKER.value, "checker", "c"),
    Option(Role.REVIEWER.value, "reviewer", "r"),
    Option(Role.ADJUDICATOR.value, "adjudicator", "a"),
)
_LEVELS = (
    Option(Blind.OPEN.value, "nothing", "n"),
    Option(Blind.VERDICT.value, "verdicts", "v"),
    Option(Blind.ALL.value, "everything", "e"),
)
_FIELDS = (
    Field("people", "People", placeholder="names, with commas between them"),
    Field("role", "Role"),
    Field("blind", "Hide from them"),
    Field("whose", "Whose set", placeholder="a checker's name; empty: everyone who has tagged"),
    Field("each", "People each", placeholder="a number, spread evenly; empty: all of them"),
)


class Handed(NamedTuple):
    """What came of it, as sentences, and whether anybody was given anything they had not."""

    words: str
    new: bool


class AssignForm(Question[Handed | None]):
    """Gives what was done, or None when nothing was."""

    DEFAULT_CSS = """
    AssignForm .form-row { margin-bottom: 0; }
    AssignForm #form-says { height: 8; padding: 0 1; margin-top: 1; color: $foreground-muted; }
    """

    def __init__(self, desk: Desk, articles: Sequence[Article]) -> None:
        what = f"“{articles[0].title or '(no title)'}”" if len(articles) == 1 else f"{len(articles)} articles"
        super().__init__(f"Assign {what}", _FIELDS, about=f"{articles[0].id}/assign")
        self._desk = desk
        self._articles = list(articles)
        self._known = desk.people.all()
        self._editors["role"] = ChoiceEditor(Role.REVIEWER.value, _ROLES)
        self._editors["blind"] = ChoiceEditor(Blind.OPEN.value, _LEVELS)
        self._saved |= {"role": Role.REVIEWER.value, "blind": Blind.OPEN.value}

    def body(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield Bar([(f" {self._title}", "bold")], id="form-title")
            for field in self._fields:
                with Horizontal(classes="form-row"):
                    yield Static(field.called, markup=False, classes="form-label")
                    yield self._editors[field.name]
            yield Static("", markup=False, id="form-says")

    def on_mount(self) -> None:
        self._tell()

    # What the form means as it stands

    @property
    def _people(self) -> list[str]:
        return split_names(self._editors["people"].typed)

    def _typed(self, name: str) -> str:
        return self._editors[name].typed.strip()

    def _each(self) -> int:
        typed = self._typed("each")
        if typed and not (typed.isdecimal() and len(typed) < 10 and int(typed) > 0):
            raise Refused(f"“{typed[:20]}” is not a number of people: write 1, 2 …, or leave it empty for all of them.")
        return int(typed or 0)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        role, people = self._typed("role"), self._people
        blind = self._typed("blind")
        lines = [f"A {role} {ROLES[role]}.".replace("A a", "An a")]
        lines.append(cannot_hide(role, blind) or f"{LEVELS[blind][:1].upper()}{LEVELS[blind][1:]}.")
        lines.append("Nobody can review or settle their own work.")
        if self._known:
            lines.append(f"On this desk: {', '.join(self._known)}.")
        if new := self._desk.people.new(people):
            lines.append(f"New here: {', '.join(starmap(_newcomer, new.items()))}.")
        lines.append(
            f"{self.keymap.key_of(Scope.EDITOR, 'save_field')}, or Enter in the last field, gives the articles out."
            if people
            else "Nobody is named yet."
        )
        self.query_one("#form-says", Static).update(Content(safe_block("\n".join(lines))))

    # Giving them out

    def close_form(self) -> None:
        if people := self._people:
            try:
                if not self.write(lambda: self._give(people), self._given_out, kept=self._mend):
                    self._mend()
            except Refused:
                self._mend()
                raise
        else:
            self.leave()

    def _given_out(self, made: Handed) -> None:
        self.forget()
        self.dismiss(made)

    def _mend(self) -> None:
        """Nothing is given out: what was typed stays."""
        if isinstance(self.focused, (LineEditor, TextEditor)):
            self.focused.resume()

    def _give(self, people: Sequence[str]) -> Handed:
        role = self._typed("role")
        given = self._desk.assignments.assign(
            self._articles, people, role, blind=self._typed("blind"), whose=self._typed("whose"), each=self._each()
        )
        said = []
        new = Counter(one.reviewer for one in given.new)
        if new:
            said.append(f"Given as {role}: {', '.join(f'{name} {_many(count)}' for name, count in new.items())}.")
        had = Counter(one.reviewer for one in given.all) - new
        said += [f"{name} had {_many(count)} already as {role}." for name, count in had.items()]
        return Handed(" ".join(said), bool(new))


def _newcomer(name: str, near: Sequence[str]) -> str:
    return f"{name} (did you mean {' or '.join(near)}?)" if near else name


def _many(count: int) -> str:
    return f"{count} article" + ("" if count == 1 else "s")
