"""The list of what people say of each place in the text, under headings, with a mark on what is settled."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from store.settle.comparison_groups import Group
from tui.compare.open_comparison import Heading, OpenComparison, letter
from tui.kit.bar import Bar
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece

SETTLED, TO_SETTLE, CONFLICT, AGAIN = "■", "○", "≠", "!"
_QUOTE_SHOWN = 400  # code points; more than any row holds


class GroupList(Vertical):
    """All groups by heading. Enter, or a double click, chooses a group, or a heading."""

    DEFAULT_CSS = """
    GroupList { width: 1fr; height: 1fr; background: $background; }
    GroupList > Bar { background: $panel; }
    """

    class Chosen(Message):
        """A group was chosen, by its place."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    class HeadingChosen(Message):
        """A heading was chosen: to see only what is listed under it, or all again."""

        def __init__(self, heading: Heading) -> None:
            super().__init__()
            self.heading = heading

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = Rows(verb="Go there", hints=("next_to_settle", "filter_groups", "settle_first"))
        self._head = Bar()
        self._open: OpenComparison | None = None
        self._lines: list[Heading | int] = []
        self._line_of: dict[int, int] = {}
        self._at_hand = -1

    def compose(self) -> ComposeResult:
        yield self._head
        yield self.rows

    def focus(self, scroll_visible: bool = True) -> GroupList:
        """Give the focus to the rows."""
        self.rows.focus(scroll_visible)
        return self

    # What is shown

    def show(self, open: OpenComparison) -> None:
        """Show a comparison from now on, or the same after it was made again."""
        self._open = open
        lines: list[Heading | int] = []
        for heading, places in open.sections().items():
            if open.only in (None, heading):
                lines += [heading, *places]
        self._lines = lines
        self._line_of = {line: number for number, line in enumerate(lines) if isinstance(line, int)}
        self.rows.show(
            len(lines),
            self._cells,
            columns=(Column(share=1),),
            cursor=self._line_of.get(self._at_hand, min(1, len(lines) - 1)),
        )
        self._tell_count()

    def touch(self, place: int) -> None:
        """How a group is settled has changed."""
        assert self._open is not None
        heading = self._open.heading(place)
        for line in (place, heading):
            number = self._line_of.get(line) if isinstance(line, int) else self._number_of(line)
            if number is not None:
                self.rows.touch(number)
        self._tell_count()

    def _number_of(self, heading: Heading) -> int | None:
        first = self._open.sections()[heading][0] if self._open else -1
        number = self._line_of.get(first)
        return None if number is None else number - 1

    def activate(self, place: int) -> None:
        """Mark the selected group and bring it into view; -1 takes the mark away."""
        before, self._at_hand = self._at_hand, place
        for other in {before, place}:
            number = self._line_of.get(other)
            if number is not None:
                self.rows.touch(number)
                if other == place:
                    self.rows.move_to(number)

    def _tell_count(self) -> None:
        assert self._open is not None
        left = sum(self._open.left.values())
        shown = f"{len(self._line_of)} of {len(self._open)}" if self._open.only else str(len(self._open))
        self._head.show(
            [(f" {shown} place{'s' * (len(self._open) != 1)}", "bold")],
            [
                (
                    f"{TO_SETTLE} {left} to settle" if left else f"{SETTLED} nothing to settle",
                    "accent" if left else "muted",
                )
            ],
        )

    def _cells(self, index: int) -> Sequence[Cell]:
        open = self._open
        assert open is not None
        line = self._lines[index]
        if isinstance(line, Heading):
            left, all = open.left[line], len(open.sections()[line])
            words: list[Piece] = [(f"{line.glyph} {line.words}", "bold accent"), (f"  {all}", "bold")]
            return ([*words, (f"  {left} to settle" if left else "", "muted")],)
        group = open.groups[line]
        at_hand = line == self._at_hand
        state, tone = _state(group)
        who = " ".join("·" if take is None else letter(k) for k, take in enumerate(group.takes))
        return (
            [
                ("▸ " if at_hand else "  ", "bold accent"),
                (f"{state} ", tone),
                (f"{who}  ", "muted"),
                (" ".join(group.present[0].quote_shown[:_QUOTE_SHOWN].split()), "bold" if at_hand else ""),
            ],
        )

    # Choosing

    @on(Rows.Highlighted)
    def _highlighted(self, event: Rows.Highlighted) -> None:
        event.stop()

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        if event.index < len(self._lines):
            line = self._lines[event.index]
            self.post_message(self.HeadingChosen(line) if isinstance(line, Heading) else self.Chosen(line))


def _state(group: Group) -> Piece:
    """How a group is settled, as a glyph and its tone."""
    if group.settled is None:
        return TO_SETTLE if group.to_settle else " ", "accent"
    if group.settled.conflict:
        return CONFLICT, "bold error"
    return (AGAIN, "bold warning") if group.settled.again else (SETTLED, "secondary")
