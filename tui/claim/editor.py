"""Editing in place: a text of a claim in an editor laid over the lines of its panel, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from textual.containers import Container
from textual.widget import Widget

from store.errors import Refused
from store.records import Claim, Comment, Review, Verdict
from tui.claim.field_conflict import STORED_AS, Rival, choosing
from tui.claim.panel_content import TABBED, TEXTS
from tui.keys.actions_and_keys import Scope
from tui.keys.keymap import KeyMap
from tui.kit.editors import Left, LineEditor, TextEditor, deciding
from tui.kit.field_completion import Known
from tui.kit.page import Edited, Place
from tui.kit.panel import Panel
from tui.kit.screen import DeskScreen
from tui.text.layout import Layout

if TYPE_CHECKING:
    from store.history.conflicts import Conflicts

_LINES = {"claimant": "who says it", "tags": "with commas between them"}
"""The fields of one line, and what stands in them while they are empty."""
_LEAST_ROWS = 3
_LONG = 20_000  # code points from which on an editor simply takes all the room there is


Written = Claim | Verdict | Comment | Review
"""What an edit is made on top of, and what it gives."""


@dataclass
class Edit:
    """One field being edited.

    ``base`` is the record as it was when typing began, ``given`` what it held, ``back`` where the focus goes after.
    """

    place: Place
    claim: Claim
    base: Written
    given: str
    editor: LineEditor | TextEditor
    back: Widget | None = None
    rows: int = 1
    rival: Rival | None = None
    """What somebody else has saved here since."""


class Fields(Protocol):
    """What can be written at the places of a panel; the work that is done on the claim gives it."""

    def allow(self, claim: Claim, place: Place) -> None:
        """Refuse what could not be saved, before anything is typed."""

    def given(self, place: Place) -> tuple[Written, str]:
        """The record that what is typed at a place is written on top of, and what it holds there."""

    def choose(self, place: Place, then: Callable[[], object]) -> None:
        """Have a field chosen that is not typed; ``then`` is called when that is done."""

    def known(self, kind: str) -> Sequence[str]:
        """What is said on the desk in a field, that most often said first; nothing where nothing is offered."""

    def decides(self, edit: Edit) -> bool:
        """Whether to save a field is to decide something: that takes a key of its own, not leaving the field."""

    def save(self, edit: Edit, value: str) -> Written | None:
        """Write what was typed; gives the record as it then is, or nothing when nothing was to be written."""

    def saved(self, edit: Edit, written: Written) -> None:
        """Show what was written."""


def _column(place: Place) -> str:
    """What is stored of what stands at a place."""
    return STORED_AS.get(place.kind, place.kind)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class Editor:
    """The edits of one panel. Refusals are said on the screen, and what was typed stays.

    An edit is made on top of the record that was shown when typing began, whatever others have done meanwhile.
    """

    def __init__(
        self,
        panel: Panel,
        body: Container,
        fields: Fields,
        shown: Callable[[], Claim | None],
        draw: Callable[[], None],
        conflicts: Callable[[], Conflicts],
    ) -> None:
        """``body`` holds the lines and takes the editors; ``shown`` is the claim in the panel; ``draw`` shows it;
        ``conflicts`` gives what knows of values that others saved."""
        self.edit: Edit | None = None
        """The edit that is open."""
        self._panel = panel
        self._lines = panel.lines
        self._body = body
        self._fields = fields
        self._shown = shown
        self._draw = draw
        self._conflicts = conflicts
        self._edits: dict[Widget, Edit] = {}
        self._drafts: dict[tuple[str, Place], str] = {}

    @property
    def edited(self) -> Edited | None:
        """The place that is edited, and the rows to keep free for it."""
        return Edited(self.edit.place, self.edit.rows) if self.edit else None

    def drafts(self, claim: str) -> dict[Place, str]:
        """What is typed and not saved of a claim, by its id."""
        return {place: text for (of, place), text in self._drafts.items() if of == claim}

    def begin(self, place: Place, back: Widget | None = None) -> None:
        """Edit the text at a place, right there. Afterwards the focus goes ``back``, or to where it is now."""
        claim, screen = self._shown(), self._panel.screen
        assert claim is not None
        if self.edit is not None and self.edit.place == place:
            screen.set_focus(self.edit.editor)
            return
        self._fields.allow(claim, place)
        if self.edit is not None:
            back = back or self.edit.back
            self.put_away()
        focused = screen.focused
        if back is None and focused is not None and self._panel not in focused.ancestors_with_self:
            back = focused
        base, given = self._fields.given(place)
        editor = self._made(place, self._drafts.get((claim.id, place), given))
        self.edit = edit = Edit(place, claim, base, given, editor, back)
        self._edits[editor] = edit
        editor.field = f"{claim.id}/{place.kind}/{place.id}"
        edit.rows = self._rows_for(edit)
        self._lines.place = place
        self._body.mount(editor)
        self._draw()
        self._make_room(edit)
        editor.given = given
        if self._fields.decides(edit):
            editor.HINTS = deciding("Say it")
        editor.begin()
        screen.set_focus(editor)

    def _made(self, place: Place, text: str) -> LineEditor | TextEditor:
        if place.kind in _LINES:
            line = LineEditor(text, placeholder=_LINES[place.kind])
            line.cursor_position = len(text)
            line.suggester = Known(lambda: self._fields.known(place.kind))
            return line
        editor = TextEditor(text)
        editor.move_cursor(editor.document.end)
        return editor

    def put_away(self) -> None:
        """Leave the field that is edited, as another is or another claim is shown."""
        if self.edit is not None:
            self.edit.editor.display = False
            self.edit.editor.put_away()
            self.edit = None

    # What others save in it

    @property
    def rival(self) -> Rival | None:
        """What somebody else has saved in the field that is edited, as long as nothing is chosen."""
        return self.edit.rival if self.edit else None

    def look(self) -> None:
        """The claim was read again: say it at once when somebody else has saved another value in the field."""
        edit = self.edit
        if edit is None or edit.place.kind not in (*TEXTS, *STORED_AS):
            return
        try:
            base, value = self._fields.given(edit.place)
        except StopIteration:  # it was deleted; saving says so
            return
        same = type(base) is type(edit.base) or edit.place.kind == "why"  # of the first words it is the claim
        if not same or value == (edit.rival.value if edit.rival else edit.given):
            return
        typed = edit.editor.typed
        rival = Rival(base, value, self._conflicts().author(base.id, _column(edit.place)))
        if typed in (edit.given, value):
            self._take(edit, rival)
            self._say(rival.gone_on())
            return
        edit.rival = rival
        edit.editor.take_theirs = partial(self._take_theirs, edit, rival)
        decides = self._fields.decides(edit)
        edit.editor.HINTS = choosing(decides=decides)
        self._say(rival.sentence(typed, self._keys, decides=decides))

    def _take_theirs(self, edit: Edit, rival: Rival) -> None:
        """Put what somebody else has saved into the field; what was typed comes back by undoing typing."""
        self._take(edit, rival)
        key = self._keys.key_of(Scope.EDITOR, "undo_typing")
        self._say(f"Theirs is in the field. {key} brings your words back.")

    def _take(self, edit: Edit, rival: Rival) -> None:
        if edit.editor.typed != rival.value:
            edit.editor.retype(rival.value)
        self._build_on(edit, rival.base, rival.value)
        self._draw()

    def _build_on(self, edit: Edit, base: Written, value: str) -> None:
        """What is typed is from now on on top of another record, which holds a value there."""
        edit.base, edit.given, edit.rival = base, value, None
        edit.editor.given, edit.editor.take_theirs = value, None
        edit.editor.HINTS = type(edit.editor).HINTS if not self._fields.decides(edit) else deciding("Say it")
        screen = self._screen
        if screen is not None:
            screen.show_hints()

    def _tell_conflict(self, edit: Edit, value: str, written: Written) -> None:
        """Say at once that what was saved contends with what somebody else has saved, and both values."""
        rival, column = edit.rival, _column(edit.place)
        for conflict in self._conflicts().of(edit.claim.article) if rival is None else ():
            if conflict.item == written.id and column in conflict.contenders[0].values:
                theirs = conflict.contenders[0]
                rival = Rival(written, _text(theirs.values[column]), theirs.by)
        if rival is not None:
            self._say(rival.kept_both(value, self._keys))

    @property
    def _screen(self) -> DeskScreen[Any] | None:
        screen = self._panel.screen
        return screen if isinstance(screen, DeskScreen) else None

    @property
    def _keys(self) -> KeyMap:
        assert self._screen is not None
        return self._screen.keymap

    def _say(self, words: str) -> None:
        if self._screen is not None:
            self._screen.show_hints()
            self._screen.say(words, "warning")

    # Its room among the lines

    def _rows_for(self, edit: Edit) -> int:
        """Rows an editor takes: all its text when there is room."""
        if isinstance(edit.editor, LineEditor):
            return 1
        most = max(_LEAST_ROWS, self._lines.size.height - 2)
        text = edit.editor.text
        box = self._lines.page.box
        width = (box.width if box else self._lines.size.width - 12) - 1
        needed = most if len(text) > _LONG else Layout(text, width).rows + 1
        return max(_LEAST_ROWS, min(needed, most))

    def _make_room(self, edit: Edit) -> None:
        """Keep as many lines free as the editor takes, and in view."""
        rows = self._rows_for(edit)
        if rows != edit.rows:
            edit.rows = rows
            self._draw()
        self._lines.reveal()

    def lay(self) -> None:
        """Lay the editor over the lines that are kept free for it."""
        box = self._lines.page.box
        if self.edit is None or box is None or not self.edit.editor.is_attached:
            return
        styles = self.edit.editor.styles
        styles.width, styles.height = box.width, self.edit.rows
        styles.offset = (box.x, box.y - round(self._lines.scroll_y))

    def typed(self, editor: Widget) -> None:
        """Something was typed: give it the room that it takes."""
        if self.edit is not None and self.edit.editor is editor:
            self._make_room(self.edit)

    # Leaving

    async def left(self, event: Left) -> None:
        """Save what a field holds that was left, and go where the way leads.

        Raises:
            Refused: it cannot be saved; it stays in its field.
        """
        edit = self._edits.get(event.editor)
        if edit is None:
            return
        if edit.rival is not None and event.way == "done":  # yours is chosen, in sight of theirs
            self._build_on(edit, edit.rival.base, edit.rival.value)
        draft = (edit.claim.id, edit.place)
        waited = False

        def saved(written: Written | None) -> None:
            if not waited or self._drafts.get(draft) == event.value:
                self._drafts.pop(draft, None)
            event.editor.forget()
            self._saved(edit, event.value, written)
            if waited and event.editor.typed == event.value:  # the typing has not gone on meanwhile
                self._panel.call_later(self._go_on, edit, event)

        try:
            if event.value == edit.given:
                self._drafts.pop(draft, None)
                event.editor.forget()
            elif event.way != "done" and self._fields.decides(edit):
                self._drafts[draft] = event.value
                event.editor.set_aside(event.way)
            elif not self._panel.write(lambda: self._fields.save(edit, event.value), saved):
                waited, self._drafts[draft] = True, event.value
                await self._stay(edit, event)
                return
        except Refused:
            self._drafts[draft] = event.value
            await self._stay(edit, event)
            raise
        await self._go_on(edit, event)

    def _saved(self, edit: Edit, value: str, written: Written | None) -> None:
        """Typing that goes on is then on top of what was written."""
        if written is None:
            return
        if written.conflict and not edit.base.conflict:
            self._tell_conflict(edit, value, written)
        self._build_on(edit, written, value)
        if isinstance(written, Comment):
            edit.place = Place("comment", written.id)
        self._fields.saved(edit, written)

    async def _stay(self, edit: Edit, event: Left) -> None:
        """What was typed is not saved: it stays in its field, or, where that was left for another, in the panel."""
        event.editor.keep()
        if edit is not self.edit or (event.way == "away" and self._panel.screen.focused is not None):
            await self._close(edit)
        elif event.way != "away":
            event.editor.resume()

    async def _go_on(self, edit: Edit, event: Left) -> None:
        """Go where the way leads on which a field was left."""
        if edit.editor not in self._edits:
            return
        screen = self._panel.screen
        if event.way == "away":
            # With the focus nowhere the whole terminal was left; the typing goes on when its owner is back.
            if edit is not self.edit or screen.focused is not None:
                await self._close(edit)
            return
        following = self._following(edit.place, edit.claim, event.way)
        # What is pressed next goes on as soon as the old editor is gone: by then the new one has the focus.
        if following is not None and following.kind in TEXTS:
            self.begin(following, edit.back)
        elif following is not None:
            self._choose(following, edit, event.way)
        else:
            screen.set_focus(edit.back if edit.back is not None and edit.back.is_attached else self._lines)
        await self._close(edit)

    def _choose(self, place: Place, edit: Edit, way: str) -> None:
        """Have a field chosen that is not typed, and go on from there; closed without a choice, it stays."""

        def on() -> None:
            following = self._following(place, edit.claim, way)
            if following is not None and following.kind in TEXTS:
                self.begin(following, edit.back)
            elif following is not None:
                self._choose(following, edit, way)

        self._panel.screen.set_focus(self._lines)
        self._lines.move_to(place)
        self._fields.choose(place, on)

    def _following(self, place: Place, claim: Claim, way: str) -> Place | None:
        """The field to edit next when one is left for its neighbour."""
        if way not in ("next", "previous") or place.kind not in TABBED:
            return None
        at = TABBED.index(place.kind) + (1 if way == "next" else -1)
        shown = self._shown()
        here = shown is not None and shown.id == claim.id
        return Place(TABBED[at]) if here and 0 <= at < len(TABBED) else None

    async def _close(self, edit: Edit) -> None:
        del self._edits[edit.editor]
        if self.edit is edit:
            self.edit = None
            self._draw()
        await edit.editor.remove()
