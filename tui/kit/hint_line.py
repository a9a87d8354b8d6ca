"""The line at the foot of every screen: what was begun or said on the left, the keys of the moment on the right."""

from __future__ import annotations

from collections.abc import Sequence

from textual.events import Click
from textual.message import Message

from tui.kit.bar import Bar
from tui.kit.styled_text import Piece, width_of

SAYS = {
    "add_evidence": "Add evidence",
    "assignments": "See work",
    "by_article": "Split or pool",
    "edit_article": "Edit",
    "end_on": "Move end",
    "export_claims": "Export",
    "filter_groups": "Filter",
    "find": "Find",
    "import_articles": "Import",
    "filter_articles": "Filter",
    "justify": "Say why",
    "keep_source": "Keep",
    "look_on": "See evidence",
    "merge_source": "Merge",
    "next_field": "Go on",
    "next_open": "Go on",
    "next_residue": "Read on",
    "next_to_settle": "Go on",
    "pick_verdict": "Judge",
    "put_back": "Restore",
    "reject_claim": "Reject",
    "row_down": "Go down",
    "row_up": "Go up",
    "search_desk": "Search",
    "settle_both": "Keep both",
    "settle_first": "Take first",
    "settle_merged": "Merge",
    "settle_neither": "Take neither",
    "settle_nothing": "Keep nothing",
    "settle_own": "Write own",
    "settle_second": "Take second",
    "show_answered": "Show all",
    "sort_articles": "Sort",
    "take_next": "Take next",
    "tick": "Tick",
    "to_text": "Go back",
    "undo_typing": "Undo",
    "verdict_1": "Judge",
    "whole_text": "Show all",
    "widen": "Widen",
}
"""What a hint says of an action, by its id, where that is not its title: each hint tells you what to do."""


class HintLine(Bar):
    """Shows as many hints as fit, in their order of importance; the last one, help, always. A click does one."""

    class Clicked(Message):
        """A hint was clicked; ``action`` is the id of what it does."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    DEFAULT_CSS = """
    HintLine { dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hints: list[tuple[str, str, str]] = []
        self._begun = ""
        self._notice = ""

    def stand(self, notice: str) -> None:
        """Say something that must be seen before all else on the left, until it is taken back by an empty text."""
        if notice != self._notice:
            self._notice = notice
            self.refresh()

    def hint(self, hints: Sequence[tuple[str, str, str]]) -> None:
        """Show hints, each a key as people know it, what it does, and the id of that action."""
        if list(hints) != self._hints:
            self._hints = list(hints)
            self.refresh()

    def begun(self, keys: str) -> None:
        """Show the sequence of keys that was begun, or nothing any more."""
        self._begun = keys
        self.refresh()

    def sides(self, cells: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        if self._notice:
            left: list[Piece] = [(f" {self._notice} ", "bold warning reverse")]
        elif self._begun:
            left = [(f" {self._begun} … ", "bold reverse"), (" ", ""), *self._left]
        else:
            left = [(" ", ""), *self._left]
        return left, [piece for pieces, _ in self._fitting(self._room(left, cells)) for piece in pieces]

    def _room(self, left: Sequence[Piece], cells: int) -> int:
        """The cells there are for hints beside what is said on the left."""
        taken = width_of(left)
        return cells - (taken if self._notice else min(taken, cells // 2)) - 2

    def _fitting(self, room: int) -> list[tuple[list[Piece], str]]:
        """The hints for which there is room, as pieces, each with its action."""
        found: list[tuple[list[Piece], str]] = []
        taken = self._last_width() if self._hints else 0
        for key, title, action in self._hints[:-1]:
            pieces: list[Piece] = [(key, "bold accent"), (f" {title}  ", "muted")]
            taken += width_of(pieces)
            if taken > room:
                break
            found.append((pieces, action))
        if self._hints and not (self._notice and taken > room):
            key, title, action = self._hints[-1]
            found.append(([(key, "bold accent"), (f" {title}", "muted")], action))
        return found

    def on_click(self, event: Click) -> None:
        event.stop()
        cells = self.content_size.width
        left, right = self.sides(cells)
        fitting = self._fitting(self._room(left, cells))
        at = cells - width_of(right) - 1
        for pieces, action in fitting:
            width = width_of(pieces)
            words = "".join(text for text, _ in pieces).rstrip()
            if at <= event.x < at + width_of([(words, "")]):
                self.post_message(self.Clicked(action))
            at += width

    def _last_width(self) -> int:
        key, title, _ = self._hints[-1]
        return width_of([(key, ""), (f" {title}", "")])
