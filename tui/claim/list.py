"""The list of an article's claims, with a line that narrows it and a count of what it shows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence, Set
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from store.desk import Desk
from store.records import Claim
from store.scheme import Scheme
from tui.claim.panel_content import OPEN_CIRCLE
from tui.kit.bar import Bar
from tui.kit.filter_line import FilterLine
from tui.kit.rows import Cell, Column, Rows

_AT_HAND = "▸"
_WIDE = (Column("", 1), Column("", 5), Column("Verdict", 21), Column("Quote", share=1), Column("Checker", 14))
_MIDDLE = (Column("", 1), Column("", 5), Column("Verdict", 21), Column("Quote", share=1))
SMALL = (Column("", 1), Column("", 5), Column("", 1), Column("Quote", share=1))
_WORD = re.compile(r'(?:(verdict|by):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_NAME = re.compile(r"[a-z]{1,2}\d+")
_QUOTE_SHOWN = 400  # code points; more than any row holds

ListKey = tuple[int | str, ...]
"""Where a claim stands in the list; its id comes last."""


def matcher(filter: str, scheme: Scheme) -> Callable[[Claim], bool]:
    """What a filter asks of a claim: everything in it must hold.

    ``verdict:`` is followed by the beginning of a verdict's key or label, ``by:`` by a part of the checker's name;
    ``open`` means without a verdict. Any other word must stand in the quote, the claim text, the claimant, the
    checker's name or the verdict's label, or be the claim's own name, such as C5; in double quotes words stand
    together, and ``open`` is a word like any other.
    """
    labels = {kind.key: kind.label for kind in scheme.verdicts}

    def words(claim: Claim) -> str:
        said = (
            claim.quote_shown,
            claim.claim_text,
            claim.claimant,
            claim.checker,
            labels.get(claim.verdict, claim.verdict),
        )
        return "\n".join(said).casefold()

    tests: list[Callable[[Claim], bool]] = []
    for match in _WORD.finditer(filter):
        field, quoted, plain = match.groups()
        word = (plain if quoted is None else quoted).casefold()
        if not word:
            continue
        if field is None:
            plainly = quoted is None
            if plainly and word == "open":
                tests.append(_is_open)
            else:
                tests.append(partial(_is_called if plainly and _NAME.fullmatch(word) else _is_in, word, words))
        elif field.lower() == "by":
            tests.append(partial(_is_in, word, _checker))
        else:
            keys = {
                kind.key
                for kind in scheme.verdicts
                if kind.key.casefold().startswith(word) or kind.label.casefold().startswith(word)
            }
            tests.append(partial(_is_given, word, keys))
    return lambda claim: all(test(claim) for test in tests)


def _is_open(claim: Claim) -> bool:
    return not claim.verdict


def _is_called(word: str, said: Callable[[Claim], str], claim: Claim) -> bool:
    return claim.name.casefold() == word or word in said(claim)


def _is_in(word: str, said: Callable[[Claim], str], claim: Claim) -> bool:
    return word in said(claim)


def _checker(claim: Claim) -> str:
    return claim.checker.casefold()


def _is_given(word: str, keys: Set[str], claim: Claim) -> bool:
    return claim.verdict in keys or claim.verdict.casefold() == word


class ClaimList(Vertical):
    """All claims of an article in text order. Enter, or a double click, chooses one."""

    DEFAULT_CSS = """
    ClaimList { width: 1fr; height: 1fr; background: $background; }
    ClaimList > Bar { background: $panel; }
    ClaimList > FilterLine { margin: 0 1; width: 1fr; display: none; }
    ClaimList.-filtering > FilterLine { display: block; }
    """

    class Chosen(Message):
        """A claim was chosen; ``claim`` is its id."""

        def __init__(self, claim: str) -> None:
            super().__init__()
            self.claim = claim

    COLUMNS: ClassVar[tuple[tuple[int, Sequence[Column]], ...]] = ((84, _WIDE), (64, _MIDDLE), (0, SMALL))
    """The columns from a width on, in cells, the widest first."""
    UNDONE = "without a verdict"
    """What the claims are called that wait for something."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.desk = desk
        self.rows = _ClaimRows(self.COLUMNS, empty="No claims yet.", verb="Go there")
        self.filter_line = FilterLine(self.rows, placeholder="words  verdict:refuted  by:ana  open")
        self._head = Bar()
        self._claims: dict[str, Claim] = {}
        self._keys: dict[str, ListKey] = {}
        self._waiting: set[str] = set()
        self._order: list[ListKey] = []
        self._shown: list[ListKey] = []
        self._open = 0  # of those that are shown
        self._filter = ""
        self._matches: Callable[[Claim], bool] = lambda claim: True
        self._scheme: Scheme | None = None
        self._at_hand = ""

    def compose(self) -> ComposeResult:
        yield self._head
        yield self.filter_line
        yield self.rows

    def focus(self, scroll_visible: bool = True) -> ClaimList:
        """Give the focus to the rows."""
        self.rows.focus(scroll_visible)
        return self

    @property
    def count(self) -> str:
        """How many claims are shown: "12 of 14", or "14" when that is all."""
        shown, all = len(self._shown), len(self._order)
        return str(all) if shown == all else f"{shown} of {all}"

    def key_of(self, claim: Claim) -> ListKey:
        """Text order: by start, the longer first, then by age."""
        return (claim.start, -claim.end, claim.id)

    def is_open(self, claim: Claim) -> bool:
        """Whether a claim waits for something."""
        return not claim.verdict

    def claim_at(self, index: int) -> Claim:
        """The claim in a row."""
        return self._claims[str(self._shown[index][-1])]

    # What is shown

    def show_claims(self, claims: Iterable[Claim]) -> None:
        """Show other claims from now on, in text order."""
        self._scheme = self.desk.scheme
        self._claims, self._waiting = {}, set()
        for claim in claims:
            self._note(claim)
        self._keys = {claim.id: self.key_of(claim) for claim in self._claims.values()}
        self._order = sorted(self._keys.values())
        self._narrow()

    def filter(self, filter: str) -> None:
        """Show only the claims that match; see `matcher`."""
        self._filter = filter
        self._matches = matcher(filter, self._scheme or self.desk.scheme)
        self._narrow()

    def put(self, claim: Claim) -> None:
        """A claim is new, or something that is shown of it has changed."""
        self._scheme = self.desk.scheme
        key, old = self.key_of(claim), self._keys.get(claim.id)
        if old == key:
            at = _place(self._shown, key)
            if (at is not None) == self._matches(claim):
                if at is not None:
                    self._open += self.is_open(claim) - (claim.id in self._waiting)
                    self._note(claim)
                    self.rows.touch(at)
                    self._tell_count()
                return
        if old is not None:
            self._take_out(claim.id)
        self._note(claim)
        self._keys[claim.id] = key
        self._order.insert(bisect_left(self._order, key), key)
        if self._matches(claim):
            self._shown.insert(bisect_left(self._shown, key), key)
            self._open += claim.id in self._waiting
        self._say()

    def drop(self, id: str) -> None:
        """A claim is gone."""
        if id in self._claims:
            self._take_out(id)
            del self._claims[id]
            self._say()

    def activate(self, id: str) -> None:
        """Mark the selected claim and bring it into view; an id that is not here takes the mark away."""
        for other in (self._at_hand, id):
            self._at_hand = id
            at = _place(self._shown, self._keys[other]) if other in self._claims else None
            if at is not None:
                self.rows.touch(at)
                if other == id:
                    self.rows.move_to(at)

    def _note(self, claim: Claim) -> None:
        self._claims[claim.id] = claim
        (self._waiting.add if self.is_open(claim) else self._waiting.discard)(claim.id)

    def _take_out(self, id: str) -> None:
        key = self._keys.pop(id)
        del self._order[bisect_left(self._order, key)]
        at = _place(self._shown, key)
        if at is not None:
            del self._shown[at]
            self._open -= id in self._waiting
        self._waiting.discard(id)

    def _narrow(self) -> None:
        chosen = self._shown[self.rows.cursor] if self.rows.cursor < len(self._shown) else None
        if self._filter.strip():
            self._shown = [key for key in self._order if self._matches(self._claims[str(key[-1])])]
        else:
            self._shown = list(self._order)
        self._open = sum(key[-1] in self._waiting for key in self._shown)
        self._say(_place(self._shown, chosen) if chosen else None)

    def _say(self, cursor: int | None = None) -> None:
        if self._order and not self._shown:
            self.rows.empty = "No claim matches."
        else:
            self.rows.empty = "No claims yet."
        self.rows.show(len(self._shown), self._cells, cursor=cursor)
        self._tell_count()

    def _tell_count(self) -> None:
        noun = "claim" if len(self._order) == 1 else "claims"
        tone = "accent" if self._open else "muted"
        self._head.show([(f" {self.count} {noun}", "bold")], [(f"{OPEN_CIRCLE} {self._open} {self.UNDONE}", tone)])

    def _cells(self, index: int) -> Sequence[Cell]:
        claim = self.claim_at(index)
        scheme = self._scheme or self.desk.scheme
        kind = scheme.verdict(claim.verdict) if claim.verdict else None
        glyph, word, tone = (kind.glyph, kind.label, kind.colour) if kind else (OPEN_CIRCLE, "no verdict", "accent")
        narrow = self.rows.columns_shown is SMALL
        mark = "≠" if claim.conflict else _AT_HAND if claim.id == self._at_hand else ""
        return (
            [(mark, "bold error" if claim.conflict else "bold accent")],
            [(claim.name, "bold" if claim.id == self._at_hand else "")],
            [(glyph if narrow else f"{glyph} {word}", tone)],
            " ".join((self._fact(index) or claim.quote_shown)[:_QUOTE_SHOWN].split()),
            [(claim.checker, "muted")],
        )

    def _fact(self, index: int) -> str:
        """What tells the claim in a row from others on the same words: its claim text; empty where there are none."""
        words = self._shown[index][:-1]
        beside = (at for at in (index - 1, index + 1) if 0 <= at < len(self._shown))
        return self.claim_at(index).claim_text if any(self._shown[at][:-1] == words for at in beside) else ""

    # Filtering and choosing

    def action_filter(self) -> None:
        """Type what the claims are to match."""
        self.add_class("-filtering")
        self.screen.set_focus(self.filter_line)

    def action_close(self) -> None:
        """Leave the line; without words in it, it goes away."""
        if not self.filter_line.value.strip():
            self.remove_class("-filtering")
        self.rows.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.filter(event.value)

    @on(Rows.Highlighted)
    def _highlighted(self, event: Rows.Highlighted) -> None:
        event.stop()

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        if event.index < len(self._shown):
            self.post_message(self.Chosen(self.claim_at(event.index).id))


class _ClaimRows(Rows):
    """Rows whose columns follow the width there is."""

    def __init__(self, by_width: Sequence[tuple[int, Sequence[Column]]], *, empty: str, verb: str) -> None:
        super().__init__(by_width[0][1], empty=empty, verb=verb)
        self._by_width = by_width
        self.columns_shown = by_width[0][1]

    def on_resize(self) -> None:
        columns = next(columns for width, columns in self._by_width if self.size.width >= width)
        if columns is not self.columns_shown:
            self.columns_shown = columns
            self.show(self.count, columns=columns)


def _place(keys: Sequence[ListKey], key: ListKey) -> int | None:
    """Where a key stands among sorted ones."""
    at = bisect_left(keys, key)
    return at if at < len(keys) and keys[at] == key else None
