"""A claim as lines of text: what the panel shows, for a width and a height, and where each field stands in it.

Lines and columns are cells, counted from the panel's top left. Nothing here reads a desk or
draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len

from store.records import Claim, Comment, Evidence, Source, Stance
from store.scheme import Scheme
from tui.text.layout import Layout
from tui.widgets.dossier import Dossier
from tui.widgets.pieces import Piece, shorten, width_of

OPEN = "○"
STANCES: Mapping[str, tuple[str, str, str]] = {
    Stance.SUPPORTS.value: ("+", "supports", "success"),
    Stance.REFUTES.value: ("−", "refutes", "error"),
    Stance.CONTEXT.value: ("○", "context", "secondary"),
}
"""Glyph, word and tone of each stance."""

TEXTS = ("claim_text", "claimant", "tags", "why")
"""The fields in which people type, in the order Tab goes through them."""

_LABELS = {
    "claim_text": "claim",
    "claimant": "claimant",
    "attribution": "said as",
    "check_target": "check",
    "types": "types",
    "priority": "priority",
    "tags": "tags",
}
_VALUE = 11  # where values begin: a cell for the cursor's bar, the labels and a gap
_STACKED = 44  # below this width long texts stand under their label
_PAIRED = 68  # from this width on short fields stand in twos
_MOST_ROWS = 200  # of one text; whoever wants more of it opens its editor
_DEEPEST = 3


class Place(NamedTuple):
    """Where the panel's cursor can stand: a field of the claim by its name, or a record by kind and id."""

    kind: str
    id: str = ""


class Slot(NamedTuple):
    """A stretch of one line. ``place`` is None where the cursor cannot stand."""

    place: Place | None
    cells: int
    pieces: Sequence[Piece]


class Box(NamedTuple):
    """Where an editor goes, in cells."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Edited:
    """The place that is being edited, and how many rows its editor takes."""

    place: Place
    rows: int


@dataclass
class Page:
    """The lines, the places in the order of the cursor, each with its first and last line, and the editor's box."""

    width: int
    lines: list[tuple[Slot, ...]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    extents: dict[Place, tuple[int, int]] = field(default_factory=dict)
    box: Box | None = None


def verdict_pieces(scheme: Scheme, key: str) -> list[Piece]:
    """A verdict's glyph and word in its colour."""
    if not key:
        return [(f"{OPEN} no verdict", "accent")]
    kind = scheme.verdict(key)
    return [(f"{kind.glyph} {kind.label}", f"bold {kind.colour}")]


def worded(value: str) -> str:
    """A stored word as people read it."""
    return value.replace("_", " ")


def when(ms: int) -> str:
    """A time as people here read it: without the day when it is today's."""
    at = datetime.fromtimestamp(ms / 1000)
    return at.strftime("%H:%M" if at.date() == datetime.now().date() else "%Y-%m-%d %H:%M")


def named(source: Source | None) -> str:
    """A source by its title, else by its address."""
    if source is None:
        return "no source yet"
    return source.title or _bare(source.url) or source.publisher or source.origin or "source without a title"


def wrapped(text: str, cells: int, most: int = _MOST_ROWS) -> list[str]:
    """Text in rows of so many cells, made safe; an ellipsis ends the last of ``most`` rows when there is more."""
    cells = max(1, cells)
    head = text[: most * cells * 4 + 64]
    layout = Layout(head, cells)
    found = (layout.row(number) for number in range(min(layout.rows, most)))
    rows = [row.shown(row.start, row.end).rstrip() for row in found]
    if layout.rows > most or len(head) < len(text):
        rows[-1] = shorten(rows[-1] + "…", cells)
    return rows


def claim_page(
    dossier: Dossier,
    width: int,
    height: int,
    key: Callable[[str], str],
    edited: Edited | None = None,
    drafts: Mapping[Place, str] | None = None,
) -> Page:
    """The lines of a claim.

    Args:
        dossier: the claim and what hangs on it.
        width, height: the room there is, in cells; the height only says how much of the quote to show.
        key: gives the key of an action of the panel as people know it.
        edited: the place being edited; room is left there for its editor.
        drafts: texts that were typed and could not be saved.
    """
    writer = _Writer(dossier, width, key, edited, drafts or {})
    writer.quote(max(2, min(12, height // 5)))
    writer.conflict()
    writer.fields()
    writer.verdict()
    writer.others()
    writer.evidence()
    writer.comments()
    writer.rest()
    return writer.page


def guide_page(width: int, here: str, key: Callable[[str], str]) -> Page:
    """What to do when no claim is at hand; ``here`` says what the sentence at the caret is."""
    page = Page(width)

    def line(*pieces: Piece) -> None:
        page.lines.append((Slot(None, width, [(" ", ""), *pieces]),))

    line()
    line(("No claim at hand", "bold"))
    if here:
        for row in wrapped(here, width - 2):
            line((row, ""))
    line()
    for action, does in (
        ("tag", "tag the sentence or selection"),
        ("sweep", "sweep it: nothing to check"),
        ("next_residue", "to the next unchecked sentence"),
        ("next_open", "to the next claim without verdict"),
    ):
        if pressed := key(action):
            first, *more = wrapped(does, width - 6) or [""]
            line((f"{pressed:<3} ", "bold accent"), (first, ""))
            for row in more:
                line(("    ", ""), (row, ""))
    return page


class _Writer:
    """Writes a page, line after line."""

    def __init__(
        self,
        dossier: Dossier,
        width: int,
        key: Callable[[str], str],
        edited: Edited | None,
        drafts: Mapping[Place, str],
    ) -> None:
        self.page = Page(width)
        self._d = dossier
        self._width = width
        self._key = key
        self._edited = edited
        self._drafts = drafts
        self._value = _VALUE if width >= 24 else 2
        self._inset = 2 if width < _STACKED else self._value

    # Pieces of the page

    def quote(self, most: int) -> None:
        rows = wrapped(f"“{self._d.claim.quote}”", self._width - 2, most)
        if rows[-1].endswith("…"):
            rows[-1] = shorten(rows[-1].removesuffix("…") + "…”", self._width - 2)
        self._said(rows, 1, "italic")

    def conflict(self) -> None:
        if self._d.claim.conflict:
            self._said(
                wrapped(f"≠ conflict: {self._key('conflicts')} shows what waits", self._width - 2), 1, "bold error"
            )

    def fields(self) -> None:
        claim, scheme = self._d.claim, self._d.scheme
        self._text(Place("claim_text"), _LABELS["claim_text"], claim.claim_text, empty="as quoted")
        types = " · ".join(scheme.type(key).label for key in claim.types)
        values = {
            "claimant": claim.claimant,
            "attribution": worded(claim.attribution),
            "check_target": worded(claim.check_target),
            "priority": claim.priority,
            "types": types,
            "tags": " · ".join(claim.tags),
        }
        names = list(values)
        for first, second in zip(names[::2], names[1::2], strict=True):
            if not self._pair(first, values[first], second, values[second]):
                self._text(Place(first), _LABELS[first], values[first], beside=True)
                self._text(Place(second), _LABELS[second], values[second], beside=True)

    def verdict(self) -> None:
        d = self._d
        mine = d.mine.verdict if d.mine else ""
        value = verdict_pieces(d.scheme, mine)
        if not mine:
            said = "not given by you" if d.claim.verdict else "none yet"
            value = [(f"{OPEN} {said}", "accent"), (f"  {self._key('pick_verdict') or 'Enter'} gives one", "muted")]
        place = Place("verdict")
        self._line(place, self._labelled("verdict", value))
        self._text(Place("why"), "why", d.mine.justification if d.mine else "")
        for sentence in d.lacks:
            self._said(wrapped(f"! {sentence}", self._width - self._inset - 1), self._inset, "warning")

    def others(self) -> None:
        for number, verdict in enumerate(self._d.others):
            place = Place("other", verdict.id)
            label = "" if number else "others"
            by: list[Piece] = [(verdict.by, "bold")]
            given = verdict_pieces(self._d.scheme, verdict.verdict)
            if self._value + width_of([*by, *given]) + 2 < self._width:
                self._line(place, self._labelled(label, [*by, ("  ", ""), *given]))
            else:
                self._line(place, self._labelled(label, by))
                self._line(place, [(" " * self._inset, ""), *given])
            if verdict.justification:
                self._said(wrapped(verdict.justification, self._width - self._inset - 1), self._inset, "", place)

    def evidence(self) -> None:
        self._section("add_evidence", "evidence", len(self._d.evidence))
        for piece in self._d.evidence:
            place = Place("evidence", piece.id)
            glyph, word, tone = STANCES.get(piece.stance, ("?", piece.stance, "muted"))
            head: Piece = (f"  {glyph} {word}  ", f"bold {tone}")
            name: Piece = (named(piece.source), "" if piece.source else "muted")
            if width_of([head, name]) < self._width:
                self._line(place, [head, name])
            else:
                self._line(place, [head])
                self._said(wrapped(name[0], self._width - 5, 3), 4, name[1], place)
            if piece.quote:
                self._said(wrapped(f"“{piece.quote}”", self._width - 5), 4, "italic", place)
            if piece.note:
                self._said(wrapped(piece.note, self._width - 5), 4, "", place)
            if piece.source and piece.source.title and piece.source.url:
                self._line(place, [("    ", ""), (shorten(_bare(piece.source.url), self._width - 5), "muted")])
            self._said(wrapped(_about(piece), self._width - 5), 4, "muted", place)

    def comments(self) -> None:
        d = self._d
        self._section("add_comment", "comments", len(d.comments))
        ids = {comment.id for comment in d.comments}
        answers: dict[str, list[Comment]] = {}
        for comment in d.comments:
            answers.setdefault(comment.reply_to if comment.reply_to in ids else "", []).append(comment)
        waiting = [(comment, 0) for comment in reversed(answers.get("", []))]
        while waiting:
            comment, depth = waiting.pop()
            self._comment(comment, depth)
            waiting += [(answer, depth + 1) for answer in reversed(answers.get(comment.id, []))]
        self._composed(Place("new_comment"), 3)

    def rest(self) -> None:
        d = self._d
        for number, other in enumerate(d.stack):
            label = "" if number else "also here"
            pieces: list[Piece] = [
                (other.name, "bold"),
                (f" {relation(d.claim, other)}  ", "muted"),
                *verdict_pieces(d.scheme, other.verdict),
            ]
            self._line(Place("stack", other.id), self._labelled(label, pieces))
        said = f"tagged by {d.claim.checker} {when(d.claim.created)}"
        if d.claim.updated > d.claim.created:
            said += f" · changed {when(d.claim.updated)}"
        self._said(wrapped(said, self._width - 2), 1, "muted")

    # Lines

    def _line(self, place: Place | None, pieces: Sequence[Piece]) -> None:
        self._slots(Slot(place, self._width, pieces))

    def _slots(self, *slots: Slot) -> None:
        page = self.page
        number = len(page.lines)
        page.lines.append(slots)
        for slot in slots:
            if slot.place is None:
                continue
            if slot.place not in page.extents:
                page.places.append(slot.place)
                page.extents[slot.place] = (number, number)
            else:
                page.extents[slot.place] = (page.extents[slot.place][0], number)

    def _said(self, rows: Sequence[str], x: int, tone: str, place: Place | None = None) -> None:
        for row in rows:
            self._line(place, [(" " * x, ""), (row, tone)])

    def _labelled(self, label: str, value: Sequence[Piece]) -> list[Piece]:
        return [(f" {label:<{self._value - 2}} ", "muted"), *value]

    def _section(self, action: str, label: str, count: int) -> None:
        said: list[Piece] = [(str(count), "bold"), ("  ", "")] if count else []
        key = self._key(action) or "Enter"
        self._line(Place(action), self._labelled(label, [*said, (f"{key} adds", "muted")]))

    def _pair(self, first: str, first_value: str, second: str, second_value: str) -> bool:
        """Two short fields on one line; False when they do not fit or one of them is being edited."""
        half = self._width // 2
        room = half - _VALUE - 2
        names = (first, second)
        if self._width < _PAIRED or any(cell_len(v) > room or "\n" in v for v in (first_value, second_value)):
            return False
        if any(Place(name) in self._drafts or (self._edited and self._edited.place.kind == name) for name in names):
            return False
        self._slots(
            Slot(Place(first), half, self._labelled(_LABELS[first], [_or_dash(first_value)])),
            Slot(Place(second), self._width - half, self._labelled(_LABELS[second], [_or_dash(second_value)])),
        )
        return True

    def _text(self, place: Place, label: str, text: str, *, empty: str = "—", beside: bool = False) -> None:
        """A labelled text of any length, or the room for its editor."""
        stacked = not beside and self._width < _STACKED
        x = 2 if stacked else self._value
        if self._edited and self._edited.place == place:
            if stacked:
                self._line(place, self._labelled(label, []))
            self._room(place, x, "" if stacked else label)
            return
        if place in self._drafts:
            self._unsaved(place, x, label)
            return
        rows = wrapped(text, self._width - x - 1) if text else []
        if not stacked or not rows:
            self._line(place, self._labelled(label, [(rows[0], "") if rows else (empty, "muted")]))
            rows = rows[1:]
        else:
            self._line(place, self._labelled(label, []))
        self._said(rows, x, "", place)

    def _room(self, place: Place, x: int, label: str = "") -> None:
        """Empty lines that an editor covers."""
        assert self._edited is not None
        self.page.box = Box(x, len(self.page.lines), max(4, self._width - x - 1))
        for number in range(self._edited.rows):
            self._line(place, self._labelled("" if number else label, []))

    def _comment(self, comment: Comment, depth: int) -> None:
        place = Place("comment", comment.id)
        x = 2 + 2 * min(depth, _DEEPEST)
        mark = "↳ " if depth else ""
        self._line(place, [(" " * x + mark, "muted"), (comment.by, "bold"), (f"  {when(comment.created)}", "muted")])
        if not self._composed(place, x + 2):
            self._said(wrapped(comment.body, self._width - x - 3), x + 2, "", place)
        self._composed(Place("reply", comment.id), x + 4)

    def _composed(self, place: Place, x: int) -> bool:
        """The room for the editor of a text that has no label, or what was typed there and not saved."""
        if self._edited and self._edited.place == place:
            self._room(place, x)
        elif place in self._drafts:
            self._unsaved(place, x)
        else:
            return False
        return True

    def _unsaved(self, place: Place, x: int, label: str = "") -> None:
        said: Piece = ("not saved; Enter goes on", "bold warning")
        self._line(place, self._labelled(label, [said]) if label else [(" " * x, ""), said])
        self._said(wrapped(self._drafts[place], self._width - x - 1), x, "warning", place)


def relation(claim: Claim, other: Claim) -> str:
    """How another claim lies to this one, in a word."""
    if claim.start <= other.start and other.end <= claim.end:
        return "(nested)"
    if other.start <= claim.start and claim.end <= other.end:
        return "(around it)"
    return "(overlapping)"


def _or_dash(value: str) -> Piece:
    return (value, "") if value else ("—", "muted")


def _bare(url: str) -> str:
    return url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def _about(piece: Evidence) -> str:
    """What else is known of a piece of evidence, in one line."""
    source = piece.source
    known: list[str] = [piece.locator]
    if source is not None:
        known += [
            source.publisher if source.publisher != named(source) else "",
            f"published {source.published}" if source.published else "",
            f"retrieved {source.retrieved}" if source.retrieved else "",
            f"{source.tier} source" if source.tier else "",
            f"from {source.origin}" if source.origin and source.origin != named(source) else "",
            f"archived {_bare(source.archive_url)}" if source.archive_url else "",
        ]
    known.append("≠ conflict" if piece.conflict or (source is not None and source.conflict) else "")
    known.append(f"by {piece.by}")
    return " · ".join(part for part in known if part)
