"""The claim panel: everything about the claim at hand, each field edited where it stands."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Claim, Comment, Evidence, Review, Verdict
from tui.claim.answers import RowAnswers
from tui.claim.dossier import Dossier, is_by
from tui.claim.page import GUIDE, TEXTS, guide_page, verdict_pieces
from tui.claim.pickers import WORDS, pick_types, pick_verdict, pick_word
from tui.claim.review_page import reviewed_page
from tui.claim.sources import RowSources
from tui.keys.actions import ACTIONS, Scope
from tui.kit.editors import Left, LineEditor, TextEditor, deciding
from tui.kit.host import host_of
from tui.kit.page import Edited, Page, Place
from tui.kit.panel import Panel
from tui.kit.panel_lines import PanelLines
from tui.kit.pieces import Piece
from tui.kit.screen import DeskScreen, Hint, SaysRefusals
from tui.text.layout import Layout

_LINES = ("claimant", "tags")
_LEAST_ROWS = 3
_LONG = 20_000  # code points from which on an editor simply takes all the room there is


Written = Claim | Verdict | Comment | Review
"""What an edit is made on top of, and what it gives."""

_TABLES: dict[type, str] = {Claim: "claims", Verdict: "verdicts", Comment: "comments", Review: "reviews"}


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


class ClaimPanel(RowAnswers, RowSources, Panel, SaysRefusals):
    """Shows a claim and edits it in place; refusals are said on the screen and what was typed stays.

    An edit is made on top of the record that was shown when typing began, whatever others have done meanwhile.
    """

    SCOPE = Scope.PANEL
    GUIDE: Iterable[tuple[str, str]] = GUIDE
    HINTS: ClassVar[tuple[Hint, ...]] = (("choose", "Edit"), "pick_verdict", "add_evidence", "add_comment", "to_text")
    DEFAULT_CSS = """
    ClaimPanel > #panel-body { layers: below above; overflow: hidden hidden; height: 1fr; }
    ClaimPanel > #panel-body > LineEditor, ClaimPanel > #panel-body > TextEditor {
        layer: above; background: $surface; background-tint: $foreground 6%;
    }
    """

    class Changed(Message):
        """Something of the claim with that id was written; ``kind`` is claims, verdicts, evidence or comments."""

        def __init__(self, claim: str, kind: str) -> None:
            super().__init__()
            self.claim = claim
            self.kind = kind

    class Saved(Message):
        """A write was acknowledged; ``at`` is ms UTC."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    class Chosen(Message):
        """One of the claims stacked on the one at hand was chosen; ``claim`` is its id."""

        def __init__(self, claim: str) -> None:
            super().__init__()
            self.claim = claim

    def __init__(self, desk: Desk, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(PanelLines(self._place_editor), id=id, classes=classes)
        self.desk = desk
        self.claim: Claim | None = None
        """The claim that is shown."""
        self._body = Container(self.lines, id="panel-body")
        self._dossier: Dossier | None = None
        self._position = ""
        self._here = ""
        self._stack: tuple[Claim, ...] = ()
        self._edit: Edit | None = None
        self._edits: dict[Widget, Edit] = {}
        self._drafts: dict[tuple[str, Place], str] = {}

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self._body

    # What is shown

    def show(self, claim: Claim | None, *, position: str = "", stack: Sequence[Claim] = (), here: str = "") -> None:
        """Show a claim, or with None what to do next.

        Args:
            claim: the claim as just read from the desk.
            position: where it stands among the others, such as "C6 of 14"; its name when empty.
            stack: the claims at the same place; the one that is shown may be among them.
            here: what the sentence at the caret is, in a few words, for when there is no claim.
        """
        other = (claim.id if claim else "") != (self.claim.id if self.claim else "")
        if other and self._edit:
            self._edit.editor.display = False
            self._edit.editor.put_away()
            self._edit = None
        self.claim, self._position, self._stack, self._here = claim, position, tuple(stack), here
        self._dossier = Dossier.read(self.desk, claim, stack) if claim else None
        self._draw(anew=other)

    def refresh_claim(self) -> None:
        """Read the claim anew and show it; an open editor keeps what was typed."""
        if self.claim is None:
            return
        try:
            claim = self.desk.claim(self.claim.id)
        except Unknown:
            if self._edit is None:
                self.show(None)
            return
        self.show(claim, position=self._position, stack=self._stack, here=self._here)

    def _draw(self, anew: bool = False) -> None:
        dossier = self._dossier
        if dossier is None:
            self.heading.show([(" No claim", "muted")], [])
        else:
            left = self._position or dossier.claim.name
            mark = [("≠ ", "bold error")] if dossier.claim.conflict else []
            self.heading.show([(f" {left}", "bold")], [*mark, *self._said_of(dossier)])
        self.lines.edited = self._edit is not None
        self.lines.show(self._page, anew=anew)

    def _said_of(self, dossier: Dossier) -> list[Piece]:
        """What stands in the heading beside the claim's name."""
        lacking: list[Piece] = [(" !", "bold warning")] if dossier.lacks else []
        return [*verdict_pieces(dossier.scheme, dossier.claim.verdict), *lacking]

    make_page = staticmethod(reviewed_page)
    """Writes the lines of a claim."""

    def _page(self, width: int, height: int) -> Page:
        if self._dossier is None:
            return guide_page(width, self._here, self._key, self.GUIDE)
        id = self._dossier.claim.id
        drafts = {place: text for (claim, place), text in self._drafts.items() if claim == id}
        edited = Edited(self._edit.place, self._edit.rows) if self._edit else None
        return self.make_page(self._dossier, width, height, self._key, edited, drafts)

    def _key(self, id: str) -> str:
        """The key of an action as people know it, or nothing."""
        host = host_of(self)
        if host is None:
            return ""
        scopes = (Scope.PANEL, Scope.CHECK, Scope.ARTICLE)
        bound = {action.scope for action in ACTIONS if action.id == id}
        return next((host.keymap.key_of(scope, id) for scope in scopes if scope in bound), "")

    # Editing in place

    def _edit_of(self, place: Place) -> Edit:
        """The edit that begins at a place."""
        dossier = self._at_hand()
        claim = dossier.claim
        base: Written = claim
        if place.kind == "why":
            base = dossier.mine or claim
            given = dossier.mine.justification if dossier.mine else ""
        elif place.kind == "comment":
            base = self._comment(place.id)
            given = base.body
        elif place.kind == "tags":
            given = ", ".join(claim.tags)
        elif place.kind in TEXTS:
            given = str(getattr(claim, place.kind))
        else:
            given = ""
        text = self._drafts.get((claim.id, place), given)
        editor: LineEditor | TextEditor
        if place.kind in _LINES:
            editor = LineEditor(text, placeholder="with commas between them" if place.kind == "tags" else "who says it")
            editor.cursor_position = len(text)
        else:
            editor = TextEditor(text)
            editor.move_cursor(editor.document.end)
        return Edit(place, claim, base, given, editor)

    def _let(self, claim: Claim, place: Place) -> None:
        """Refuse what could not be saved, before anything is typed."""
        if place.kind == "why":
            self.desk.may_judge(claim)
        elif place.kind in TEXTS:
            self.desk.may_edit(claim)

    def _open(self, place: Place, back: Widget | None = None) -> None:
        """Edit the text at a place, right there. Afterwards the focus goes ``back``, or to where it is now."""
        claim = self._at_hand().claim
        if self._edit is not None and self._edit.place == place:
            self.screen.set_focus(self._edit.editor)
            return
        self._let(claim, place)
        if self._edit is not None:
            self._edit.editor.display = False
            self._edit.editor.put_away()
            back = back or self._edit.back
        focused = self.screen.focused
        if back is None and focused is not None and self not in focused.ancestors_with_self:
            back = focused
        self._edit = edit = self._edit_of(place)
        self._edits[edit.editor] = edit
        edit.editor.field = f"{edit.claim.id}/{place.kind}/{place.id}"
        edit.back = back
        edit.rows = self._rows_for(edit)
        self.lines.place = place
        self._body.mount(edit.editor)
        self._draw()
        self._make_room(edit)
        edit.editor.given = edit.given
        if self._decides(edit):
            edit.editor.HINTS = deciding("Say it")
        edit.editor.begin()
        self.screen.set_focus(edit.editor)

    def _rows_for(self, edit: Edit) -> int:
        """Rows an editor takes: all its text when there is room."""
        if isinstance(edit.editor, LineEditor):
            return 1
        most = max(_LEAST_ROWS, self.lines.size.height - 2)
        text = edit.editor.text
        box = self.lines.page.box
        width = (box.width if box else self.lines.size.width - 12) - 1
        needed = most if len(text) > _LONG else Layout(text, width).rows + 1
        return max(_LEAST_ROWS, min(needed, most))

    def _make_room(self, edit: Edit) -> None:
        """Keep as many lines free as the editor takes, and in view."""
        rows = self._rows_for(edit)
        if rows != edit.rows:
            edit.rows = rows
            self._draw()
        self.lines.reveal()

    def _place_editor(self) -> None:
        """Lay the editor over the lines that are kept free for it."""
        box = self.lines.page.box
        if self._edit is None or box is None or not self._edit.editor.is_attached:
            return
        styles = self._edit.editor.styles
        styles.width, styles.height = box.width, self._edit.rows
        styles.offset = (box.x, box.y - round(self.lines.scroll_y))

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._edit is not None and self._edit.editor is event.text_area:
            self._make_room(self._edit)

    @on(Left)
    async def _left(self, event: Left) -> None:
        event.stop()
        edit = self._edits.get(event.editor)
        if edit is None:
            return
        draft = (edit.claim.id, edit.place)
        waited = False

        def saved(written: Written | None) -> None:
            if not waited or self._drafts.get(draft) == event.value:
                self._drafts.pop(draft, None)
            event.editor.forget()
            self._saved(edit, event.value, written)
            if waited and event.editor.typed == event.value:  # the typing has not gone on meanwhile
                self.call_later(self._go_on, edit, event)

        try:
            if event.value == edit.given:
                self._drafts.pop(draft, None)
                event.editor.forget()
            elif event.way != "done" and self._decides(edit):
                self._drafts[draft] = event.value
                event.editor.set_aside(event.way)
            elif not self.write(lambda: self._save(edit, event.value), saved):
                waited, self._drafts[draft] = True, event.value
                await self._stay(edit, event)
                return
        except Refused:
            self._drafts[draft] = event.value
            await self._stay(edit, event)
            raise
        await self._go_on(edit, event)

    def _decides(self, edit: Edit) -> bool:
        """Whether to save a field is to decide something: that takes a key of its own, not leaving the field."""
        remark = edit.place.kind == "new_comment"
        return remark and self.desk.remarks(edit.claim, reviewing=self._is_asked(edit.claim))

    def _is_asked(self, claim: Claim) -> bool:
        """Whether a claim is under review here."""
        return False

    async def _stay(self, edit: Edit, event: Left) -> None:
        """What was typed is not saved: it stays in its field, or, where that was left for another, in the panel."""
        event.editor.keep()
        if edit is not self._edit or (event.way == "away" and self.screen.focused is not None):
            await self._close(edit)
        elif event.way != "away":
            event.editor.resume()

    async def _go_on(self, edit: Edit, event: Left) -> None:
        """Go where the way leads on which a field was left."""
        if edit.editor not in self._edits:
            return
        if event.way == "away":
            # With the focus nowhere the whole terminal was left; the typing goes on when its owner is back.
            if edit is not self._edit or self.screen.focused is not None:
                await self._close(edit)
            return
        following = self._following(edit, event.way)
        # What is pressed next goes on as soon as the old editor is gone: by then the new one has the focus.
        if following is not None:
            self._open(following, edit.back)
        else:
            self.screen.set_focus(edit.back if edit.back is not None and edit.back.is_attached else self.lines)
        await self._close(edit)

    def _following(self, edit: Edit, way: str) -> Place | None:
        """The field to edit next when one is left for its neighbour."""
        if way not in ("next", "previous") or edit.place.kind not in TEXTS:
            return None
        at = TEXTS.index(edit.place.kind) + (1 if way == "next" else -1)
        here = self.claim is not None and self.claim.id == edit.claim.id
        return Place(TEXTS[at]) if here and 0 <= at < len(TEXTS) else None

    async def _close(self, edit: Edit) -> None:
        del self._edits[edit.editor]
        if self._edit is edit:
            self._edit = None
            self._draw()
        await edit.editor.remove()

    def _save(self, edit: Edit, value: str) -> Written | None:
        """Write what was typed; gives the record as it then is, or nothing when nothing was to be written."""
        desk, base, kind = self.desk, edit.base, edit.place.kind
        if kind == "comment":
            assert isinstance(base, Comment)
            return desk.edit_comment(base, value)
        if kind == "new_comment":
            return desk.remark(edit.claim, value, reviewing=self._is_asked(edit.claim)) if value.strip() else None
        if kind == "reply":
            return desk.comment(edit.claim, value, edit.place.id) if value.strip() else None
        if kind == "why":
            assert isinstance(base, (Claim, Verdict))
            return desk.justify(base, value)
        assert isinstance(base, Claim)
        wanted = [tag.strip() for tag in value.split(",")] if kind == "tags" else value
        return desk.edit(base, **{kind: wanted})

    def _saved(self, edit: Edit, value: str, written: Written | None) -> None:
        """Show what was written; typing that goes on is then on top of that."""
        if written is None:
            return
        edit.base, edit.given = written, value
        edit.editor.given = value
        if isinstance(written, Comment):
            edit.place = Place("comment", written.id)
        self._wrote(edit.claim.id, _TABLES[type(written)])

    def _wrote(self, claim_id: str, kind: str) -> None:
        """Say what was written and show it."""
        self.post_message(self.Changed(claim_id, kind))
        self.post_message(self.Saved(int(time.time() * 1000)))
        if self.claim is not None and self.claim.id == claim_id:
            self.refresh_claim()

    # Actions of the fields

    def action_edit_field(self) -> None:
        """Edit what stands in the cursor row."""
        dossier, place = self._at_hand(), self.lines.place
        assert place is not None
        if place.kind in TEXTS or place.kind in ("new_comment", "reply"):
            self._open(place)
        elif place.kind == "comment":
            own = is_by(self._comment(place.id).by, self.desk.reviewer)
            self._open(place) if own else self.action_reply()
        elif place.kind == "verdict":
            self.action_pick_verdict()
        elif place.kind == "types" or place.kind in WORDS:
            self._pick(place.kind)
        elif place.kind == "add_evidence":
            self.action_add_evidence()
        elif place.kind == "evidence":
            self._open_evidence(self._evidence(place.id))
        elif place.kind == "add_comment":
            self.action_add_comment()
        elif place.kind == "stack":
            self.post_message(self.Chosen(place.id))
        elif place.kind == "review":
            self.action_reply()
        else:
            other = next(v for v in dossier.others if v.id == place.id)
            raise Refused(f"That verdict is {other.by}'s: yours stands in the row “verdict”.")

    action_choose = action_edit_field

    @on(PanelLines.Opened)
    def _opened(self, event: PanelLines.Opened) -> None:
        event.stop()
        self.action_edit_field()

    def action_justify(self) -> None:
        """Write why the evidence yields the verdict."""
        self._open(Place("why"))

    def action_add_comment(self) -> None:
        """Write a new comment."""
        self._open(Place("new_comment"))

    def action_reply(self) -> None:
        """Answer the comment or review in the cursor row."""
        place = self.lines.place
        if place is None or place.kind not in ("comment", "reply", "review"):
            raise Refused("There is no comment in this row: put the cursor on the one you want to answer.")
        self._open(Place("reply", place.id))

    def action_add_evidence(self) -> None:
        """Add a piece of evidence."""
        self.desk.may_judge(self._at_hand().claim)
        self._open_evidence(None)

    def action_pick_verdict(self) -> None:
        """Choose one's own verdict, with what each means beside it."""
        dossier = self._at_hand()
        self.desk.may_judge(dossier.claim)

        def give(chosen: tuple[str, ...] | None) -> None:
            if chosen and chosen[0] != (dossier.mine.verdict if dossier.mine else ""):
                key = chosen[0]

                def given(_: object) -> None:
                    self._wrote(dossier.claim.id, "verdicts")
                    self._say_put_aside(dossier.claim)

                self.write(lambda: self.desk.give_verdict(dossier.mine or dossier.claim, key), given)

        self.app.push_screen(pick_verdict(dossier), give)

    def _say_put_aside(self, claim: Claim) -> None:
        said = self.desk.put_aside(claim)
        if said and isinstance(self.screen, DeskScreen):
            self.screen.say(said)

    def _pick(self, name: str) -> None:
        """Choose the word, or with types the words, of a field."""
        dossier = self._at_hand()
        claim = dossier.claim
        self.desk.may_edit(claim)
        several = name == "types"

        def take(chosen: tuple[str, ...] | None) -> None:
            value = chosen if several or not chosen else chosen[0]
            if value is not None and value != getattr(claim, name):
                self.write(lambda: self.desk.edit(claim, **{name: value}), lambda _: self._wrote(claim.id, "claims"))

        self.app.push_screen(pick_types(dossier) if several else pick_word(name, getattr(claim, name)), take)

    def _open_evidence(self, evidence: Evidence | None) -> None:
        from tui.claim.evidence_form import EvidenceForm

        claim = self._at_hand().claim

        def closed(saved: bool | None) -> None:
            if saved:
                self._wrote(claim.id, "evidence")

        self.app.push_screen(EvidenceForm(self.desk, claim, evidence), closed)

    # Records in the panel

    def _at_hand(self) -> Dossier:
        if self._dossier is None:
            raise Refused("No claim is at hand: put the caret in one, or tag a sentence first.")
        return self._dossier

    def _evidence(self, id: str) -> Evidence:
        return next(piece for piece in self._at_hand().evidence if piece.id == id)

    def _comment(self, id: str) -> Comment:
        return next(comment for comment in self._at_hand().comments if comment.id == id)
