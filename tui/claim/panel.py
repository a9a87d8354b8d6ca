"""The claim panel: everything about the selected claim, each field edited where it stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widgets import TextArea

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Claim, Comment, Evidence, Suggestion
from tui.claim.dossier import Dossier
from tui.claim.editor import Editor, Fields
from tui.claim.field_conflict import verdict_news
from tui.claim.panel_content import guide_page
from tui.claim.suggestion_page import CHOICES, ShownSuggestion, keys_for, outcome_pieces, suggestion_page
from tui.keys.actions_and_keys import Scope
from tui.kit.editors import Left
from tui.kit.page import Edited, Page, Place
from tui.kit.panel import Panel
from tui.kit.panel_lines import PanelLines
from tui.kit.screen import DeskScreen, Hint, host_of
from tui.kit.styled_text import Piece


class ClaimFields(Fields, Protocol):
    """What the work that is done on a claim shows of it in the panel, and what it writes there."""

    hints: tuple[Hint, ...]
    guide: tuple[tuple[str, str], ...]
    """What can be done where no claim is selected: ids of actions, and what they do."""
    handlers: tuple[object, ...]
    """What carries out the actions of the panel, this one among them."""

    def page(
        self,
        dossier: Dossier,
        width: int,
        height: int,
        key: Callable[[str], str],
        edited: Edited | None,
        drafts: Mapping[Place, str],
    ) -> Page:
        """The lines of a claim."""

    def said_of(self, dossier: Dossier) -> list[Piece]:
        """What stands in the heading beside the claim's name."""

    def enter(self, place: Place) -> None:
        """Edit, choose or open what stands at a place."""

    def action_pick_verdict(self) -> None:
        """Choose a verdict, with what each means beside it."""


class ClaimPanel(Panel):
    """Shows a claim and edits it in place; refusals are said on the screen and what was typed stays."""

    SCOPE = Scope.PANEL
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
        """One of the claims stacked on the selected one was chosen; ``claim`` is its id."""

        def __init__(self, claim: str) -> None:
            super().__init__()
            self.claim = claim

    class Chose(Message):
        """Something was chosen for the suggestion with that id: accept, amend or reject."""

        def __init__(self, suggestion: str, choice: str) -> None:
            super().__init__()
            self.suggestion = suggestion
            self.choice = choice

    class Decided(Message):
        """Your review of the claim with that id is given, and nothing more is to be said of it now."""

        def __init__(self, claim: str) -> None:
            super().__init__()
            self.claim = claim

    def __init__(
        self,
        desk: Desk,
        fields: Callable[[ClaimPanel], ClaimFields],
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``fields`` makes what the panel shows and writes, such as `tui.claim.fields.CheckersFields`."""
        super().__init__(PanelLines(self._laid), id=id, classes=classes)
        self.desk = desk
        self.claim: Claim | None = None
        """The claim that is shown."""
        self.fields = fields(self)
        self.guide = self.fields.guide
        """What there is to do while no claim is selected."""
        self.handlers = self.fields.handlers
        self._body = Container(self.lines, id="panel-body")
        self.editor = Editor(self, self._body, self.fields, lambda: self.claim, self._draw, lambda: desk.conflicts)
        self._dossier: Dossier | None = None
        self._position = ""
        self._here = ""
        self._stack: tuple[Claim, ...] = ()
        self._suggested: tuple[Suggestion, ...] = ()
        self._suggestion: ShownSuggestion | None = None

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self._body

    # What is shown

    def show(
        self,
        claim: Claim | None,
        *,
        position: str = "",
        stack: Sequence[Claim] = (),
        here: str = "",
        suggested: Sequence[Suggestion] = (),
    ) -> None:
        """Show a claim, or with None what to do next.

        Args:
            claim: the claim as just read from the desk.
            position: where it stands among the others, such as "C6 of 14"; its name when empty.
            stack: the claims at the same place; the one that is shown may be among them.
            here: what the sentence at the caret is, in a few words, for when there is no claim.
            suggested: the suggestions on the claim's words; without a claim, the one that is selected.
        """
        other = (claim.id if claim else "") != (self.claim.id if self.claim else "")
        if other:
            self.editor.put_away()
        self.claim, self._position, self._stack, self._here = claim, position, tuple(stack), here
        self._suggested = tuple(suggested)
        before = self._dossier if not other else None
        self._dossier = Dossier.read(self.desk, claim, stack, suggested) if claim else None
        self._tell_verdicts(before)
        self._suggestion = ShownSuggestion.read(self.desk, suggested[0]) if suggested and not claim else None
        if claim is not None:
            self.editor.look()
        self._draw(anew=other)

    def _tell_verdicts(self, before: Dossier | None) -> None:
        """While you write, here or in what lies over the screen, say at once how others change their verdicts."""
        host = host_of(self)
        writing = self.editor.edit is not None or self.app.screen is not self.screen
        if host is None or before is None or self._dossier is None or not writing:
            return
        if news := verdict_news(before, self._dossier):
            host.tell(news)

    def refresh_claim(self) -> None:
        """Read the claim again and show it; an open editor keeps what was typed."""
        if self.claim is None:
            return
        try:
            claim = self.desk.claims.get(self.claim.id)
        except Unknown:
            if self.editor.edit is None:
                self.show(None)
            return
        self.show(claim, position=self._position, stack=self._stack, here=self._here, suggested=self._suggested)

    def _draw(self, anew: bool = False) -> None:
        dossier = self._dossier
        if dossier is None and self._suggestion is not None:
            said = outcome_pieces(self._suggestion.suggestion)
            self.heading.show([(f" {self._position}", "bold")], said)
        elif dossier is None:
            self.heading.show([(" No claim", "muted")], [])
        else:
            left = self._position or dossier.claim.name
            mark = [("≠ ", "bold error")] if dossier.claim.conflict else []
            said = [(rival.shown, "bold error")] if (rival := self.editor.rival) else self.fields.said_of(dossier)
            self.heading.show([(f" {left}", "bold")], [*mark, *said])
        self.lines.edited = self.editor.edit is not None
        self.lines.show(self._page, anew=anew)

    def _page(self, width: int, height: int) -> Page:
        if self._dossier is None and self._suggestion is not None:
            return suggestion_page(self._suggestion, width, height, keys_for(self.key, CHOICES))
        if self._dossier is None:
            return guide_page(width, self._here, self.key, self.guide)
        drafts = self.editor.drafts(self._dossier.claim.id)
        return self.fields.page(self._dossier, width, height, self.key, self.editor.edited, drafts)

    def _laid(self) -> None:
        self.editor.lay()

    def on_resize(self) -> None:
        self._draw()

    def key(self, id: str) -> str:
        """The key of an action as people know it, or nothing."""
        host = host_of(self)
        if host is None:
            return ""
        return host.keymap.key_in((Scope.PANEL, Scope.CHECK, Scope.ARTICLE), id)

    def hints(self) -> tuple[Hint, ...]:
        return self.fields.hints

    def say(self, words: str) -> None:
        """Say something on the screen."""
        if isinstance(self.screen, DeskScreen):
            self.screen.say(words)

    # Writing

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.editor.typed(event.text_area)

    @on(Left)
    async def _left(self, event: Left) -> None:
        event.stop()
        await self.editor.left(event)

    def edit(self, place: Place) -> None:
        """Edit the text at a place of the claim that is shown.

        Raises:
            Refused: there is no claim, or it cannot be changed.
        """
        self.at_hand()
        self.editor.begin(place)

    def save(self, claim: str, kind: str, call: Callable[[], object]) -> None:
        """Write something of a claim, by its id, and show it."""
        self.write(call, lambda _: self.wrote(claim, kind))

    def wrote(self, claim: str, kind: str) -> None:
        """Say what of a claim, by its id, was written, and show it."""
        self.post_message(self.Changed(claim, kind))
        self.post_message(self.Saved(int(time.time() * 1000)))
        if self.claim is not None and self.claim.id == claim:
            self.refresh_claim()

    def open_evidence(self, evidence: Evidence | None) -> None:
        """Lay the form of a piece of evidence over the screen; None adds a new one."""
        from tui.claim.evidence_form import EvidenceForm

        claim = self.at_hand().claim

        def closed(saved: bool | None) -> None:
            if saved:
                self.wrote(claim.id, "evidence")

        self.app.push_screen(EvidenceForm(self.desk, claim, evidence), closed)

    # Actions of the fields

    def action_edit_field(self) -> None:
        """Edit what stands in the cursor row; of a suggestion, amend it."""
        if self.chose("amend"):
            return
        self.at_hand()
        place = self.lines.place
        assert place is not None
        self.fields.enter(place)

    action_choose = action_edit_field

    @on(PanelLines.Opened)
    def _opened(self, event: PanelLines.Opened) -> None:
        event.stop()
        self.action_edit_field()

    def action_justify(self) -> None:
        """Write why the evidence yields the verdict."""
        self.edit(Place("why"))

    def action_add_comment(self) -> None:
        """Write a new comment."""
        self.edit(Place("new_comment"))

    def action_reply(self) -> None:
        """Answer the comment or review in the cursor row."""
        place = self.lines.place
        if place is None or place.kind not in ("comment", "reply", "review"):
            raise Refused("This row is not a comment: select the one you want to answer.")
        self.edit(Place("reply", place.id))

    def action_add_evidence(self) -> None:
        """Add a piece of evidence."""
        self.desk.claims.may_judge(self.at_hand().claim)
        self.open_evidence(None)

    # Records in the panel

    def at_hand(self) -> Dossier:
        """All that is known of the claim that is shown.

        Raises:
            Refused: none is shown.
        """
        if self._dossier is None:
            raise Refused("No claim is selected: move the caret to one, or tag a sentence first.")
        return self._dossier

    def chose(self, choice: str) -> bool:
        """Say what is chosen for the suggestion in the cursor row; False where none stands there."""
        place = self.lines.place
        if place is None or place.kind != "suggestion":
            return False
        self.post_message(self.Chose(place.id, choice))
        return True

    def evidence(self, id: str) -> Evidence:
        """A piece of evidence on the claim."""
        return next(piece for piece in self.at_hand().evidence if piece.id == id)

    def comment(self, id: str) -> Comment:
        """A comment on the claim."""
        return next(comment for comment in self.at_hand().comments if comment.id == id)
