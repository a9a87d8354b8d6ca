"""Where one is in an article's text: the caret, the selection, the claim or place selected, and the marks around."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.message import Message

from store.text import units
from store.text.shown_text import Shown
from store.text.units import Span
from tui.text import motions
from tui.text.layout import Layout
from tui.text.motions import Units
from tui.text.spans import Mark, SpanIndex, differing
from tui.view.article_rows import ArticleRows
from tui.view.paint import Scene

if TYPE_CHECKING:
    from store.text.coverage import Place

_PROPOSED = "proposed:"


def proposal_id(claim: str) -> str:
    """The id of the mark that shows the span proposed for a claim; selecting it selects the claim."""
    return _PROPOSED + claim


class CaretView(ArticleRows, inherit_bindings=False):
    """A text that shows what it is told and says where the caret goes; it changes no data.

    Offsets are code points into the text. The selected claim follows the caret: of the claims over the caret it is
    the one that already was, else the shortest, a suggestion last; until `activate` chooses. While text is selected
    the selected one stays so, that the selection may become its span.
    """

    class CaretMoved(Message, bubble=False):
        """The caret, the selection, select mode or the selected claim changed."""

        def __init__(
            self, view: CaretView, caret: int, selection: Span | None, at: tuple[str, ...], active: str
        ) -> None:
            super().__init__()
            self.view = view
            self.caret = caret
            self.selection = selection
            self.at = at
            """Ids of the claims over the caret, in reading order."""
            self.active = active
            """Id of the selected claim, or empty."""

        @property
        def control(self) -> CaretView:
            return self.view

        def can_replace(self, message: Message) -> bool:
            """One action may move the caret more than once; only where it came to matters."""
            return isinstance(message, CaretView.CaretMoved)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.units: Units = Units("")
        self.selecting = False
        """Whether motions extend the selection."""
        self._anchor: int | None = None
        self._goal: int | None = None

    # What is shown

    def show(
        self,
        text: str | Shown,
        marks: Iterable[Mark] = (),
        sweeps: Iterable[Mark] = (),
        residue: Sequence[Place] = (),
        *,
        sentences: Sequence[Span] | None = None,
        language: str = "",
        lines: str = "",
        caret: int = 0,
        people: int = 0,
    ) -> None:
        """Show another text. ``residue`` and ``sentences`` are in order and do not overlap; ``sentences`` spare
        finding them again, else ``language`` and ``lines`` say how. With ``people`` so many have a lane each."""
        self.seen = text if isinstance(text, Shown) else Shown(text)
        self.text = self.seen.source
        self.units = Units(self.seen, language, lines, sentences)
        self.selecting = False
        self._anchor = None
        self._goal = None
        self._scene.people = people
        self._scene = Scene(
            Layout(self.seen, self._text_width),
            SpanIndex(marks),
            SpanIndex(sweeps),
            residue,
            people=people,
            focused=self.has_focus,
        )
        self._laid_out()
        self.scroll_to(y=0, animate=False, force=True)
        self._go(caret, None)

    def furnish(self, marks: SpanIndex, sweeps: SpanIndex, residue: Sequence[Place], sentences: Sequence[Span]) -> None:
        """Show claims, sweeps and what is left in the text that is shown already; caret and scroll stay."""
        self.set_sentences(sentences)
        scene = self._scene
        scene.marks, scene.sweeps, scene.residue = marks, sweeps, residue
        self._kept_canvas = None
        self.refresh()
        self._take(self._at_caret())
        self._announce()

    def dress(self, seen: Shown) -> None:
        """Show the same text otherwise: as people see it, or as it is written. What is selected and the caret stay."""
        scene, selecting, place = self._scene, self.selecting, self.place
        self.seen = seen
        self.units = self.units.with_sentences(self.units.sentences, seen=seen)
        scene.layout = Layout(seen, self._text_width)
        self._laid_out()
        self._goal = None
        self._go(scene.caret, self._anchor, claim=self.active or None)
        self.selecting, scene.place = selecting, place

    @property
    def begun(self) -> bool:
        """Whether you have moved, selected or scrolled since the text was shown."""
        return bool(self.caret or self.selection or self.selecting or self._top)

    def put_mark(self, mark: Mark) -> None:
        """Show a claim, in place of the one with its id."""
        self._put(self._scene.marks, mark)

    def remove_mark(self, id: str) -> None:
        """Show a claim no longer; without effect if it is not shown."""
        self._remove(self._scene.marks, id)
        self._let_go()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Show these claims and no others; only what differs is drawn again."""
        self._set(self._scene.marks, marks)
        self._let_go()

    def set_sweeps(self, sweeps: Iterable[Mark]) -> None:
        """Show these sweeps and no others; only what differs is drawn again."""
        self._set(self._scene.sweeps, sweeps)

    def _put(self, index: SpanIndex, mark: Mark) -> None:
        old = index.get(mark.id)
        changed = (*index.add(mark), mark, *((old,) if old else ()))
        self._stale(*((one.start, one.end) for one in changed), on_map=True)

    def _set(self, index: SpanIndex, marks: Iterable[Mark]) -> None:
        new = {mark.id: mark for mark in marks}
        for mark in [mark for mark in index if mark.id not in new]:
            self._remove(index, mark.id)
        for mark in new.values():
            if index.get(mark.id) != mark:
                self._put(index, mark)

    def _remove(self, index: SpanIndex, id: str) -> None:
        old = index.get(id)
        if old is not None:
            self._stale(*((one.start, one.end) for one in (old, *index.remove(id))), on_map=True)

    def set_sentences(self, sentences: Sequence[Span], language: str | None = None) -> None:
        """The text now has these sentences, in order, and this ``language`` if one is given; nothing else changes."""
        self.units = self.units.with_sentences(sentences, language)

    def set_residue(self, residue: Sequence[Place]) -> None:
        """Say what is left to read: places in order, without overlap."""
        changed = differing(self._scene.residue, residue)
        self._scene.residue = residue
        if changed:
            self._stale(changed, on_map=True)

    def set_found(self, spans: Sequence[Span], current: int = -1) -> None:
        """Show what a search found (in order, without overlap) and which hit is selected, by its place in them."""
        scene = self._scene
        stale = [differing(scene.found, spans)]
        for hits, i in ((scene.found, scene.found_at_hand), (spans, current)):
            stale.append(hits[i] if 0 <= i < len(hits) else None)
        scene.found, scene.found_at_hand = spans, current
        self._stale(*filter(None, stale))

    # Caret, selection, claim selected

    @property
    def caret(self) -> int:
        return self._scene.caret

    @property
    def selection(self) -> Span | None:
        """The selected span, never empty, its ends in order."""
        return self._scene.selection

    @property
    def place(self) -> Span | None:
        """The selected place: an open sentence or a leftover, until the caret moves."""
        return self._scene.place

    def take_place(self, place: Span, caret: int) -> None:
        """Select a place, the caret on its first word."""
        self.selecting = False
        self._goal = None
        self._go(caret, None, scroll=False)
        self._scene.place = place
        self._stale(_beside(place))
        self.reveal(*place, leap=True)

    def drop_place(self) -> bool:
        """Let the selected place go; False when there is none."""
        if dropped := self._drop_place():
            self._stale(*dropped)
        return bool(dropped)

    @property
    def at(self) -> int:
        """The caret; where that stands right behind the selected claim, the claim's last character."""
        mark = self._scene.marks.get(self.active)
        return self.caret - 1 if mark is not None and self.caret == mark.end > 0 else self.caret

    @property
    def other_end(self) -> int:
        """Where the selection began; the caret without one."""
        return self.caret if self._anchor is None else self._anchor

    @property
    def people(self) -> int:
        """How many people have a lane of their own."""
        return self._scene.people

    @property
    def selected_text(self) -> str:
        """The words selected, as people see them."""
        return self.seen.words(*self.selection) if self.selection else ""

    @property
    def active(self) -> str:
        """Id of the selected claim, or empty."""
        return self._scene.at_hand

    def mark(self, id: str) -> Mark | None:
        return self._scene.marks.get(id)

    def marks_at(self, offset: int) -> list[Mark]:
        """The claims over ``offset``, in reading order."""
        return self._scene.marks.at(offset)

    def overlapping(self, start: int, end: int) -> list[Mark]:
        """The claims that share text with ``start`` to ``end``, in reading order."""
        return self._scene.marks.overlapping(start, end)

    def next_mark(self, offset: int) -> Mark | None:
        """The first claim that starts after ``offset``."""
        return self._scene.marks.next_start(offset)

    def previous_mark(self, offset: int) -> Mark | None:
        """The last claim that starts before ``offset``."""
        return self._scene.marks.previous_start(offset)

    def move_to(self, offset: int, select: bool = False, *, scroll: bool = True) -> None:
        """Move the caret; with ``select``, or in select mode, the selection's other end stays where it was."""
        self._goal = None
        self._go(offset, self._anchor_for(select), scroll=scroll)

    def move_rows(self, rows: int, select: bool = False, *, scroll_by: int = 0) -> None:
        """Move the caret by rows, keeping the cell it set out from; ``scroll_by`` rows move under it."""
        layout = self._scene.layout
        if self._goal is None:
            self._goal = layout.cell_of(self.caret)
        target = motions.by_rows(layout, self.caret, rows, self._goal)
        if scroll_by:
            self.scroll_rows(scroll_by)
        self._go(target, self._anchor_for(select))

    def select(self, start: int, end: int, *, scroll: bool = True) -> None:
        """Select from ``start`` to ``end``, where the caret goes; either may be the greater."""
        self._goal = None
        self._go(end, start, scroll=scroll)

    def clear_selection(self) -> bool:
        """Drop the selection and select mode; False when there was neither."""
        had = self.selecting or self.selection is not None
        self.selecting = False
        if had:
            self._go(self.caret, None, scroll=False)
        return self.drop_place() or had

    def action_select(self) -> None:
        self.drop_place()
        self.selecting = not self.selecting
        if self.selecting:
            self._anchor = self.other_end
        self._announce()

    def activate(self, id: str, *, move: bool = True) -> None:
        """Select a claim, or with an empty or unknown id none; ``move`` brings the caret to it."""
        mark = self._scene.marks.get(id.removeprefix(_PROPOSED))
        if mark and move:
            self._hold(mark, self.caret if mark.start <= self.caret < mark.end else mark.start)
        else:
            self._stale(*self._drop_place(), *self._took(mark.id if mark else ""))
            self._announce()

    def hold(self, id: str) -> None:
        """Select a claim, and no words, with the caret right behind it: what follows in the text is next."""
        mark = self._scene.marks.get(id)
        if mark is not None:
            self._hold(mark, mark.end)

    def _hold(self, mark: Mark, caret: int) -> None:
        self.selecting = False
        self._goal = None
        self._go(caret, None, scroll=False, claim=mark.id)
        self.reveal(mark.start, mark.end, leap=True)

    def look_at_together(self, ids: Collection[str]) -> None:
        """Draw these claims as selected together, until told otherwise."""
        scene = self._scene
        changed = scene.together ^ frozenset(ids)
        scene.together = frozenset(ids)
        self._stale(*((mark.start, mark.end) for mark in map(scene.marks.get, changed) if mark))

    def _anchor_for(self, select: bool) -> int | None:
        return self.other_end if select or self.selecting else None

    def _go(self, caret: int, anchor: int | None, *, scroll: bool = True, claim: str | None = None) -> None:
        """The one place where caret and selection change; the claim of this id is then selected, or the caret's."""
        scene = self._scene
        caret = self._snapped(caret)
        anchor = None if anchor is None else self._snapped(anchor)
        old_caret, old = scene.caret, scene.selection or (scene.caret, scene.caret)
        selection = None if anchor is None or anchor == caret else (min(anchor, caret), max(anchor, caret))
        new = selection or (caret, caret)
        scene.caret, scene.selection, self._anchor = caret, selection, anchor
        stale = self._drop_place()
        if (caret, new) != (old_caret, old):
            stale += [(old_caret, old_caret), (caret, caret), *_symmetric_difference(old, new)]
        if claim is not None:
            stale += self._took(claim)
        elif selection is None or not self.active:
            stale += self._took(self._at_caret())
        self._stale(*stale)
        if scroll:
            self.reveal(caret, caret)
        self._announce()

    def _snapped(self, offset: int) -> int:
        offset = self.seen.caret(min(max(offset, 0), len(self.text)))
        return offset if units.is_boundary(self.text, offset) else units.previous_grapheme(self.text, offset)

    def _at_caret(self) -> str:
        """The claim to be selected where the caret stands: the one that is, if it stands there, else the shortest."""
        here = self.marks_at(self.caret)
        if any(mark.id == self.active for mark in here):
            return self.active
        first = min(here, key=lambda mark: (mark.suggested, mark.end - mark.start), default=None)
        return first.id if first else ""

    def _let_go(self) -> None:
        """A claim that is gone is in nobody's hand."""
        if self.active and self.active not in self._scene.marks:
            self._scene.at_hand = ""
            self._take(self._at_caret())
            self._announce()

    def _take(self, id: str) -> None:
        self._stale(*self._took(id))

    def _took(self, id: str) -> list[Span]:
        """Select a claim, or none; gives what is to be drawn again."""
        scene, id = self._scene, id.removeprefix(_PROPOSED)
        if id == scene.at_hand:
            return []
        changed = [scene.marks.get(scene.at_hand), scene.marks.get(id)]
        scene.at_hand = id
        return [(mark.start, mark.end) for mark in changed if mark]

    def _drop_place(self) -> list[Span]:
        """Let the selected place go; gives what is to be drawn again."""
        place, self._scene.place = self._scene.place, None
        return [] if place is None else [_beside(place)]

    def _announce(self) -> None:
        at = tuple(mark.id for mark in self.marks_at(self.caret))
        if self.is_attached:
            # Only a screen listens; on the way there through every container, each move would pay for all of them.
            self.screen.post_message(self.CaretMoved(self, self.caret, self.selection, at, self.active))

    def on_resize(self) -> None:
        self._goal = None  # the cell it stood for may be another now


def _beside(place: Span) -> Span:
    """A place with the characters beside it, where brackets may stand."""
    return max(0, place[0] - 1), place[1] + 1


def _symmetric_difference(old: Span, new: Span) -> list[Span]:
    """The stretches that are in just one of two spans."""
    if old == new:
        return []
    if old[1] <= new[0] or new[1] <= old[0]:
        return [old, new]
    ends = zip(old, new, strict=True)
    return [(min(was, now), max(was, now)) for was, now in ends if was != now]
