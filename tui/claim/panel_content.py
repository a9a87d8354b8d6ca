"""A claim as lines of text: what the panel shows, for a width and a height, and where each field stands in it.

Lines and columns are cells, counted from the panel's top left. Nothing here reads a desk or
draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from store.access.fields import CLAIM, ONE_OF, value_words
from store.check.sources import origins_said
from store.records import Claim, Comment, Evidence, Source
from store.review.ticks import DOUBTED, SEEN
from store.scheme import Scheme
from store.text.quotations import quoted
from store.text.span_pieces import in_words
from store.vocabulary import SHORT_FIELD_WORDS, Stance, field_words
from tui.claim.dossier import Dossier
from tui.kit.page import VALUE, Edited, Page, PageWriter, Place, Slot, wrapped
from tui.kit.styled_text import Piece, shorten, width_of
from tui.text.cells import cell_len
from tui.text.dates import minute, published

OPEN_CIRCLE = "○"
STANCES: Mapping[str, tuple[str, str, str]] = {
    Stance.SUPPORTS.value: ("+", "supports", "success"),
    Stance.REFUTES.value: ("−", "refutes", "error"),
    Stance.CONTEXT.value: ("○", "context", "secondary"),
}
"""Glyph, word and tone of each stance."""

TICKS: Mapping[str, tuple[str, str, str]] = {
    SEEN: ("☑", "seen", "success"),
    DOUBTED: ("☒", "doubted", "warning"),
}
"""Glyph, word and tone of what a reviewer says of a piece of evidence."""

TEXTS = (*(name for name in CLAIM if name not in (*ONE_OF, "types")), "why")
"""The fields in which people type."""
TABBED = (*CLAIM, "why")
"""The fields that are typed or chosen, in the order Tab goes through them."""

_LABELS = {name: SHORT_FIELD_WORDS.get(name, field_words(name)) for name in CLAIM}
_SHORT = ("claimant", "attribution", "check_target", "priority")
_PAIRED = 68  # from this width on short fields stand in twos
_DEEPEST = 3


def verdict_pieces(scheme: Scheme, key: str) -> list[Piece]:
    """A verdict's glyph and word in its colour."""
    if not key:
        return [(f"{OPEN_CIRCLE} no verdict", "accent")]
    kind = scheme.verdict(key)
    return [(f"{kind.glyph} {kind.label}", f"bold {kind.colour}")]


def named(source: Source | None) -> str:
    """A source by its title, else by its address."""
    if source is None:
        return "no source yet"
    return source.title or _bare(source.url) or source.publisher or source.origin or "source without a title"


GUIDE: tuple[tuple[str, str], ...] = (
    ("tag", "tag the sentence or selection"),
    ("sweep", "sweep it: nothing to check; on a sweep, remove it"),
    ("next_residue", "to the next unread place"),
    ("next_open", "to the next claim that lacks something"),
)
"""Actions to go on with when no claim is selected, and what they do."""


def guide_page(width: int, here: str, key: Callable[[str], str], guide: Iterable[tuple[str, str]] = GUIDE) -> Page:
    """What to do when no claim is selected; ``here`` says what the sentence at the caret is."""
    page = Page(width)

    def line(*pieces: Piece) -> None:
        page.lines.append((Slot(None, width, [(" ", ""), *pieces]),))

    line()
    line(("No claim selected", "bold"))
    if here:
        for row in wrapped(here, width - 2):
            line((row, ""))
    line()
    keys = [(pressed, does) for action, does in guide if (pressed := key(action))]
    room = max(3, *(cell_len(pressed) for pressed, _ in keys), 0) + 1
    for pressed, does in keys:
        first, *more = wrapped(does, width - room - 2) or [""]
        line((pressed + " " * (room - cell_len(pressed)), "bold accent"), (first, ""))
        for row in more:
            line((" " * room, ""), (row, ""))
    return page


class ClaimWriter(PageWriter):
    """Writes the lines of a claim."""

    def __init__(
        self,
        dossier: Dossier,
        width: int,
        key: Callable[[str], str],
        edited: Edited | None = None,
        drafts: Mapping[Place, str] | None = None,
    ) -> None:
        super().__init__(width, key, edited, drafts)
        self._d = dossier

    # Pieces of the page

    def quote(self, most: int) -> None:
        rows = wrapped(quoted(self._d.claim.quote_shown), self._width - 2, most)
        if rows[-1].endswith("…"):
            rows[-1] = shorten(rows[-1].removesuffix("…") + "…”", self._width - 2)
        self._said(rows, 1, "italic")
        if told := in_words(self._d.claim.pieces, self._d.claim.quote, self._d.claim.start):
            self._said(wrapped(told, self._width - 2, 3), 1, "muted")

    def conflict(self) -> None:
        if self._d.claim.conflict:
            self._said(
                wrapped(f"≠ conflict: {self._key('conflicts')} shows what waits", self._width - 2), 1, "bold error"
            )

    def facts(self) -> None:
        """What else is said of just these words: other claims and suggestions, with what can be done."""
        d = self._d
        if not d.same_words and not d.suggested:
            return
        count = 1 + len(d.same_words)
        keys = [("split", "splits"), *([("join", "joins")] if d.same_words else [])]
        told = "  ".join(f"{pressed} {does}" for id, does in keys if (pressed := self._key(id)))
        self._line(None, self._labelled("facts", [(f"{count}  ", "bold"), (told, "muted")]))
        for one in sorted((d.claim, *d.same_words), key=lambda one: one.id):
            here = one.id == d.claim.id
            self._fact(None if here else Place("stack", one.id), one, "▸ " if here else "  ")
        for suggestion in d.suggested:
            words = suggestion.claim_text or suggestion.label or suggestion.note or "as quoted"
            key = self._key("accept")
            head: list[Piece] = [("    ", ""), (f"{suggestion.name} ", "bold"), ("◇ ", "bold secondary")]
            place = Place("suggestion", suggestion.id)
            said = f"{words} · suggested by {suggestion.by}" + (f" · {key} accepts" if key else "")
            self._fact_rows(place, head, said)

    def _fact(self, place: Place | None, claim: Claim, mark: str) -> None:
        glyph, tone = (OPEN_CIRCLE, "accent")
        if claim.verdict:
            kind = self._d.scheme.verdict(claim.verdict)
            glyph, tone = kind.glyph, f"bold {kind.colour}"
        head: list[Piece] = [(f"  {mark}", "bold accent"), (f"{claim.name} ", "bold"), (f"{glyph} ", tone)]
        other = "" if claim.checker.id == self._d.claim.checker.id else f" · {claim.checker}"
        self._fact_rows(place, head, (claim.claim_text or "as quoted") + other)

    def _fact_rows(self, place: Place | None, head: list[Piece], words: str) -> None:
        used = width_of(head)
        rows = wrapped(words, self._width - used - 1, 3)
        self._line(place, [*head, (rows[0], "")])
        self._said(rows[1:], used, "", place)

    def fields(self) -> None:
        """The claim text and the short fields; those that are empty share a line, by their names."""
        fields = [("claim_text", _LABELS["claim_text"], self._d.claim.claim_text), *self.values()]
        said = [field for field in fields if field[2] or self._is_open(field[0])]
        while said:
            (name, label, value), *said = said
            if said and name != "claim_text" and self._pair(name, value, said[0][0], said[0][2]):
                said = said[1:]
            else:
                self._text(Place(name), label, value, beside=name != "claim_text")
        self._empty([(name, label) for name, label, value in fields if not value and not self._is_open(name)])

    def _is_open(self, name: str) -> bool:
        """Whether a field is being edited, or holds what could not be saved."""
        place = Place(name)
        return place in self._drafts or (self._edited is not None and self._edited.place == place)

    def _empty(self, fields: Sequence[tuple[str, str]]) -> None:
        """The names of empty fields, each a place of its own, in as few lines as they take."""
        rows: list[list[Slot]] = []
        for name, label in fields:
            cells = len(label) + 2
            if not rows or sum(slot.cells for slot in rows[-1]) + cells > self._width:
                head = "" if rows else "empty"
                rows.append([Slot(None, self._value - 1, [(f" {head:<{self._value - 2}}", "muted")])])
            rows[-1].append(Slot(Place(name), cells, [(f" {label} ", "muted")]))
        for row in rows:
            self._slots(*row)

    def values(self) -> list[tuple[str, str, str]]:
        """The short fields: name, label and value of each."""
        claim, scheme = self._d.claim, self._d.scheme
        values = {
            **{name: value_words(name, getattr(claim, name)) for name in _SHORT},
            "types": " · ".join(scheme.type(key).label for key in claim.types),
            "tags": " · ".join(claim.tags),
        }
        return [(name, _LABELS[name], value) for name, value in values.items()]

    def verdict(self) -> None:
        d = self._d
        mine = d.mine.verdict if d.mine else ""
        value = verdict_pieces(d.scheme, mine)
        if not mine:
            said = "not given by you" if d.claim.verdict else "none yet"
            value = [
                (f"{OPEN_CIRCLE} {said}", "accent"),
                (f"  {self._key('pick_verdict') or 'Enter'} gives one", "muted"),
            ]
        place = Place("verdict")
        self._line(place, self._labelled("verdict", value))
        if not mine:
            self.digits()
        self._text(Place("why"), "why", d.mine.justification if d.mine else "")
        self.lacking()

    def digits(self) -> None:
        """Which key gives which verdict."""
        row: list[Piece] = []
        for number, kind in enumerate(self._d.scheme.active[:9], 1):
            key = self._key(f"verdict_{number}")
            if not key:
                continue
            one: list[Piece] = [(key, "bold"), (" ", ""), (kind.glyph, kind.colour), (f" {kind.label}", "muted")]
            if row and width_of([*row, *one]) + 4 > self._width:
                self._line(None, [("  ", ""), *row])
                row = []
            row += [*([("  ", "")] if row else []), *one]
        if row:
            self._line(None, [("  ", ""), *row])

    def lacking(self) -> None:
        """What the scheme still asks of the standing verdict."""
        for sentence in self._d.lacks:
            self._said(wrapped(f"! {sentence}", self._width - self._inset - 1), self._inset, "warning")

    def others(self, called: str = "others") -> None:
        for number, verdict in enumerate(self._d.others):
            place = Place("other", verdict.id)
            label = "" if number else called
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
        told = origins_said(self._d.evidence) if len(self._d.evidence) > 1 else ""
        self._section("add_evidence", "evidence", len(self._d.evidence), told)
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
                self._under(place, quoted(piece.quote), "italic")
            self._under(place, piece.note)
            if piece.source and piece.source.title and piece.source.url:
                self._line(place, [("    ", ""), (shorten(_bare(piece.source.url), self._width - 5), "muted")])
            self._under(place, _about(piece), "muted")
            self._looked_at(piece, place)

    def _looked_at(self, piece: Evidence, place: Place) -> None:
        """What reviewers say of a piece of evidence."""
        for tick in self._d.ticks:
            if tick.evidence == piece.id:
                glyph, word, tone = TICKS.get(tick.mark, ("?", tick.mark, "muted"))
                reason = self._d.scheme.reason(tick.reason).label if tick.reason else ""
                since = "! changed since" if tick.outdated else ""
                said = " · ".join(part for part in (f"{glyph} {word} by {tick.by}", reason, tick.note, since) if part)
                self._under(place, said, "accent" if tick.outdated else tone)

    def comments(self) -> None:
        d = self._d
        waiting = sum(not comment.resolved for comment in d.threads)
        self._section("add_comment", "comments", len(d.comments), f"{waiting} unresolved" if waiting else "")
        self._thread("", 0)
        self._composed(Place("new_comment"), 3)

    def _thread(self, answered: str, depth: int) -> None:
        """The comments that answer a comment or a review of that id, and what answers them; none for no id."""
        answers: dict[str, list[Comment]] = {}
        for comment in self._d.comments:
            answers.setdefault(self._d.answers(comment), []).append(comment)
        waiting = [(comment, depth) for comment in reversed(answers.get(answered, []))]
        while waiting:
            comment, deep = waiting.pop()
            self._comment(comment, deep)
            waiting += [(answer, deep + 1) for answer in reversed(answers.get(comment.id, []))]

    def rest(self) -> None:
        d = self._d
        same = {other.id for other in d.same_words}
        for number, other in enumerate(other for other in d.stack if other.id not in same):
            label = "" if number else "also here"
            pieces: list[Piece] = [
                (other.name, "bold"),
                (f" {relation(d.claim, other)}  ", "muted"),
                *verdict_pieces(d.scheme, other.verdict),
            ]
            self._line(Place("stack", other.id), self._labelled(label, pieces))
        if d.made_of is not None:
            made = d.made_of
            told = f"suggested by {made.by} as {made.name}" + (f": {made.note}" if made.note else "")
            self._said(wrapped(told, self._width - 2), 1, "muted")
        said = f"tagged by {d.claim.checker} {minute(d.claim.created)}"
        if d.claim.updated > d.claim.created:
            said += f" · changed {minute(d.claim.updated)}"
        self._said(wrapped(said, self._width - 2), 1, "muted")

    def _pair(self, first: str, first_value: str, second: str, second_value: str) -> bool:
        """Two short fields on one line; False when they do not fit or one of them is being edited."""
        half = self._width // 2
        room = half - VALUE - 2
        names = (first, second)
        if self._width < _PAIRED or any(cell_len(v) > room or "\n" in v for v in (first_value, second_value)):
            return False
        if any(map(self._is_open, names)):
            return False
        self._slots(
            Slot(Place(first), half, self._labelled(_LABELS[first], [_or_dash(first_value)])),
            Slot(Place(second), self._width - half, self._labelled(_LABELS[second], [_or_dash(second_value)])),
        )
        return True

    def _comment(self, comment: Comment, depth: int) -> None:
        place = Place("comment", comment.id)
        x = 2 + 2 * min(depth, _DEEPEST)
        mark = "↳ " if depth else ""
        done: list[Piece] = [("  ✓ resolved", "success")] if comment.resolved else []
        head: list[Piece] = [(comment.by, "bold"), (f"  {minute(comment.created)}", "muted")]
        self._line(place, [(" " * x + mark, "muted"), *head, *done])
        if not self._composed(place, x + 2):
            self._said(wrapped(comment.body, self._width - x - 3), x + 2, "", place)
        self._composed(Place("reply", comment.id), x + 4)


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
            f"published {published(source.published)}" if source.published else "",
            f"retrieved {published(source.retrieved)}" if source.retrieved else "",
            f"{source.tier} source" if source.tier else "",
            f"from {source.origin}" if source.origin and source.origin != named(source) else "",
            f"archived {_bare(source.archive_url)}" if source.archive_url else "",
        ]
    known.append("≠ conflict" if piece.conflict or (source is not None and source.conflict) else "")
    known.append(f"by {piece.by}")
    return " · ".join(part for part in known if part)
