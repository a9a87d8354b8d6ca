"""The help screen: every key, from the live key map, those that work here first; then factdesk's words."""

from __future__ import annotations

from collections.abc import Sequence

from store.glossary import TERMS
from store.scheme import Scheme
from tui.keys.actions import Scope
from tui.keys.keymap import Group, KeyMap
from tui.kit.rows import Cell, Column
from tui.kit.sheet import Sheet, matches


class HelpScreen(Sheet[None]):
    DEFAULT_CSS = """
    HelpScreen #sheet-detail { height: 2; }
    """

    def __init__(self, keymap: KeyMap, scopes: Sequence[Scope], scheme: Scheme | None = None) -> None:
        """``scheme`` says what the keys of the verdicts give."""
        columns = (Column(width=16), Column(width=19), Column(share=1))
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
        self._rows: list[tuple[str, str, str]] = []

    def find(self, words: str) -> None:
        shown: list[tuple[str, str, str]] = []
        for number, group in enumerate(self._groups):
            found = [row for row in group.rows if matches(words, row[1], row[0], row[2], group.title)]
            if found:
                place = "here" if number < self._here else ""
                shown += [("", group.title, place), *found]
        self._rows = shown
        self.rows.show(len(shown), self._cells, cursor=0)

    def _cells(self, index: int) -> Sequence[Cell]:
        keys, title, help = self._rows[index]
        if not keys and not help.endswith("."):
            return ([(title, "bold accent")], [("", "")], [(help, "muted")])
        return ([(keys or "(no key)", "bold" if keys else "muted")], title, [(help, "muted")])

    def detail(self, index: int) -> str:
        keys, title, help = self._rows[index]
        return f"{keys or '(no key)'}: {help}" if help.endswith(".") else title

    def action_help(self) -> None:
        self.action_close()
