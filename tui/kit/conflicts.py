"""The conflicts that wait: what two people said of one thing without seeing each other, and which of it stands."""

from __future__ import annotations

from typing import NamedTuple

from store.desk import Desk
from store.errors import Refused
from store.history.change_sentences import values_in_words
from store.log.kinds import LISTS
from store.records import Article
from store.reports import Conflict, Contender
from store.vocabulary import field_words
from tui.keys.actions_and_keys import Scope
from tui.kit.form import Field, Question
from tui.kit.list_screen import Sheet
from tui.kit.rows import Cell, Column
from tui.text.dates import minute

_HINTS = ("keep_mine", "keep_theirs", "edit_value", "undo")


class Stand(NamedTuple):
    """A row: a conflict, or one of the values in it."""

    conflict: Conflict
    contender: Contender | None = None


class ConflictsScreen(Sheet[None, Stand]):
    """Choosing a contender settles its conflict with that value; it is an ordinary change, and can be undone."""

    SCOPE = Scope.CONFLICTS
    ABOUT = 6

    def __init__(self, desk: Desk, article: Article | None = None) -> None:
        columns = (Column(width=9), Column(width=16), Column(width=17), Column(share=1))
        title, empty = "Conflicts: choose what to keep", "\nNo conflict waits."
        super().__init__(
            title, columns, desk, finding=False, empty=empty, verb="Keep it", hints=_HINTS,
            at_row=_HINTS[:3])  # fmt: skip
        self.desk = desk
        self._article = article

    def read(self) -> list[Stand]:
        return [
            Stand(conflict, contender)
            for conflict in self.desk.conflicts.of(self._article)
            for contender in (None, *reversed(conflict.contenders))
        ]

    def key(self, item: Stand) -> object:
        return item.conflict.item, item.conflict.part, item.contender and item.contender.change

    def begin(self) -> int:
        return 1 if self.shown else 0

    def place(self, key: object) -> int | None:
        return super().place(key) or self.begin()

    def cells(self, item: Stand) -> tuple[Cell, ...]:
        conflict, contender = item
        if contender is None:
            return ([("≠", "bold error")], [(conflict.about, "bold")], [(field_words(conflict.part), "bold")], "")
        when = minute(contender.at)
        shown = [("  shown", "accent")] if contender.stands else [("", "")]
        return (shown, [(contender.by, "primary")], [(when, "muted")], _said(contender))

    def detail(self, item: Stand | None) -> str:
        if item is None:
            return ""
        conflict, contender = item
        if contender is None:
            return f"{conflict.about}: {len(conflict.contenders)} people set the {conflict.part} independently."
        return _said(contender, "\n")

    def take(self, item: Stand) -> None:
        conflict, chosen = item
        if chosen is None:
            self.say("Choose one of the values below it.")
            return
        self._keep(conflict, chosen)

    def _keep(self, conflict: Conflict, chosen: Contender) -> None:
        self.write(
            lambda: self.desk.conflicts.settle(conflict, chosen),
            lambda _: self._settled(conflict, f"{chosen.by}’s {conflict.part.replace('_', ' ')}"),
        )

    def _settled(self, conflict: Conflict, what: str) -> None:
        self.refill()
        key = self.keymap.key_of(Scope.CONFLICTS, "undo")
        self.say(f"Settled: {what} of {conflict.about} stands. {key} takes it back.")

    def _conflict(self) -> Conflict:
        """The conflict under the cursor, on any of its rows. Raises Refused when there is none."""
        if self.current is None:
            raise Refused("No conflict waits.")
        return self.current.conflict

    def action_keep_mine(self) -> None:
        conflict = self._conflict()
        self._keep(conflict, self.desk.conflicts.mine(conflict))

    def action_keep_theirs(self) -> None:
        conflict = self._conflict()
        self._keep(conflict, self.desk.conflicts.theirs(conflict))

    def action_edit_value(self) -> None:
        conflict = self._conflict()
        if not self.desk.conflicts.editable(conflict):
            raise Refused(f"Choose one of the values of {conflict.about}, or change it in its own place.")

        def settled(what: str | None) -> None:
            if what:
                self._settled(conflict, what)

        self.app.push_screen(ValueForm(self.desk, conflict), settled)


class ValueForm(Question[str]):
    """Asks for another value than those that contend, and settles the conflict with it; gives what is settled."""

    def __init__(self, desk: Desk, conflict: Conflict) -> None:
        self._desk = desk
        self._conflict = conflict
        shown = next((one for one in conflict.contenders if one.stands), conflict.contenders[-1])
        self._said = {name: _typed(shown.values.get(name, "")) for name in desk.conflicts.editable(conflict)}
        fields = [Field(name, value=value, lines=3 if name in _LONG else 1) for name, value in self._said.items()]
        told = "\n".join(f"{one.by}: {_said(one)}" for one in conflict.contenders)
        super().__init__(f"Settle {conflict.about}", fields, intro=told, about=f"{conflict.item}/{conflict.part}")

    def save(self, name: str, value: str) -> None:
        self._said[name] = value

    def close_form(self) -> None:
        values = {
            name: [one.strip() for one in value.split(",") if one.strip()] if name in LISTS else value
            for name, value in self._said.items()
        }

        def settled(_: object) -> None:
            self.forget()
            self.dismiss(f"your {self._conflict.part.replace('_', ' ')}")

        self.write(lambda: self._desk.conflicts.settle_as(self._conflict, **values), settled)


_LONG = ("claim_text", "note", "quote")


def _typed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _said(contender: Contender, between: str = " · ") -> str:
    return contender.words or values_in_words(contender.values, between)
