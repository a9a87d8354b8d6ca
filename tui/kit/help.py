"""The help screen: every key, from the live key map, those that work here first; then factdesk's words."""

from __future__ import annotations

from collections.abc import Sequence

from store.glossary import TERMS
from store.scheme import Scheme
from tui.keys.actions_and_keys import Scope
from tui.keys.keymap import Group, KeyMap
from tui.kit.list_screen import Sheet, matches
from tui.kit.rows import Cell, Column

TOUR = "Tour"
"""The title of the action that a newcomer looks for here."""

_Row = tuple[str, str, str]
"""Keys, title and help; the title of a group stands in a row without keys, with where it is."""


class HelpScreen(Sheet[str | None, _Row]):
    """Gives the id of what was chosen to be done: the tour, where it can be done."""

    ABOUT = 2

    def __init__(self, keymap: KeyMap, scopes: Sequence[Scope], scheme: Scheme | None = None) -> None:
        """``scheme`` says what the keys of the verdicts give."""
        columns = (Column(width=16), Column(width=22), Column(share=1))
        super().__init__("Keys and words", columns, empty="No key or word matches.", verb="Read")
        general = (Scope.LIST, Scope.EVERYWHERE)
        order = sorted(scopes, key=lambda scope: scope in general and 1 + general.index(scope))
        self._groups = keymap.groups([*order, *(scope for scope in Scope if scope not in order)])
        self._here = len(keymap.groups(order))
        if scheme is not None:
            labels = {f"Verdict {number}": f"{number}: {kind.label}" for number, kind in enumerate(scheme.active, 1)}
            self._groups = [
                group._replace(rows=tuple((keys, labels.get(title, title), help) for keys, title, help in group.rows))
                for group in self._groups
            ]
        self._groups.append(Group(Scope.EVERYWHERE, "Words", tuple((term.word, "", term.meaning) for term in TERMS)))

    def read(self) -> list[_Row]:
        return []

    def found(self, words: str) -> list[_Row]:
        shown: list[_Row] = []
        for number, group in enumerate(self._groups):
            found = [row for row in group.rows if matches(words, row[1], row[0], row[2], group.title)]
            if found:
                place = "here" if number < self._here else ""
                shown += [("", group.title, place), *found]
        return shown

    def cells(self, item: _Row) -> Sequence[Cell]:
        keys, title, help = item
        if _is_title(item):
            return ([(title, "bold accent")], [("", "")], [(help, "muted")])
        return ([(keys or "(no key)", "bold" if keys else "muted")], title, [(help, "muted")])

    def detail(self, item: _Row | None) -> str:
        if item is None:
            return ""
        keys, title, help = self._meant(item)
        return f"{keys or '(no key)'}: {help}" if help.endswith(".") else title

    def _meant(self, item: _Row) -> _Row:
        """The title of a group stands for the first key below it."""
        return self.shown[self.shown.index(item) + 1] if _is_title(item) else item

    def take(self, item: _Row) -> None:
        item = self._meant(item)
        here = self._groups[: self._here]
        if item[1] == TOUR and any(item in group.rows for group in here):
            self.dismiss("tour")

    def action_help(self) -> None:
        self.action_close()


def _is_title(row: _Row) -> bool:
    """Whether a row is the title of a group."""
    return not row[0] and not row[2].endswith(".")
