"""The panel beside compared texts: everything that is said of the selected group."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from store.desk import Desk
from store.person import Person
from store.settle.comparison_groups import Group
from tui.compare.group_content import Sayings, group_page, nothing_page
from tui.compare.open_comparison import Heading
from tui.keys.actions_and_keys import Scope
from tui.kit.page import Page
from tui.kit.panel import Panel
from tui.kit.panel_lines import PanelLines
from tui.kit.screen import host_of


class GroupPanel(Panel):
    """Shows a group; the cursor goes from person to person, and Enter takes what that person says."""

    HINTS = (("choose", "Take theirs"), "settle_both", "settle_nothing", "next_to_settle", "undo")

    class PersonChosen(Message):
        """A person was chosen, by name, to have what they say stand."""

        def __init__(self, person: str) -> None:
            super().__init__()
            self.person = person

    def __init__(self, desk: Desk) -> None:
        super().__init__(PanelLines(lambda: None))
        self._desk = desk
        self._said: Sayings | None = None
        self._shown: tuple[str, ...] = ()

    def show(
        self, group: Group | None, people: Sequence[Person], text: str, heading: Heading | None, position: str
    ) -> None:
        """Show a group, or with None what to do next. ``position`` says which of how many it is."""
        if group is None or heading is None:
            self._said = None
            self.heading.show([(" no place selected", "muted")], [])
        else:
            self._said = self._read(group, people, text)
            how = group.settled
            again = how is not None and how.again
            state = ("! settle again", "warning") if again else ("■ settled", "secondary") if how else ("", "")
            self.heading.show([(f" {heading.glyph} {heading.words}", "bold"), (f"  {position}", "muted")], [state])
        claims = group.claims if group else ()
        self.lines.show(self._page, anew=claims != self._shown)
        self._shown = claims

    def _read(self, group: Group, people: Sequence[Person], text: str) -> Sayings:
        desk = self._desk
        reviews = {(one.claim, one.by): one for claim in group.claims for one in desk.reviews.of(claim)}
        evidence = {claim: desk.evidence.of(claim) for claim in group.claims}
        return Sayings(group, people, desk.scheme, text, reviews, evidence, desk.comparison.conflicts(group))

    def _page(self, width: int, height: int) -> Page:
        if self._said is None:
            return nothing_page(width, self._key)
        return group_page(self._said, width, self._key)

    def _key(self, id: str) -> str:
        host = host_of(self)
        return host.keymap.key_of(Scope.COMPARE, id) if host else ""

    def action_choose(self) -> None:
        place = self.lines.place
        if place is not None and place.kind == "person":
            self.post_message(self.PersonChosen(place.id))

    def on_panel_lines_opened(self) -> None:
        self.action_choose()
