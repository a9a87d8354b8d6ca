"""The evidence form: one source's bearing on one claim, each field saved when it is left."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from store.access import fields
from store.desk import Desk
from store.errors import Busy, Refused
from store.records import Claim, Evidence, Source
from store.text import urls
from store.text.pasted import pasted
from store.text.quotations import quoted
from store.vocabulary import Stance, Tier, field_words
from tui.claim.address_line import AddressLine, KnownSources, PassageEditor
from tui.claim.panel_content import STANCES
from tui.kit.bar import Bar
from tui.kit.choice_editor import ChoiceEditor, Option
from tui.kit.editors import Left, LineEditor, TextEditor
from tui.kit.field_completion import Known
from tui.kit.form import Field, Form
from tui.kit.picker import Choice, Picker
from tui.kit.screen import Severity
from tui.kit.styled_text import Piece
from tui.text.dates import published
from tui.text.safe import safe, safe_block

_OF_SOURCE = ("title", "publisher", "published", "retrieved", "archive_url", "tier", "origin")
_FIELDS = (
    Field("url", placeholder="https://… of the source; paste the passage with it"),
    Field("stance"),
    Field("quote", placeholder="the source's own words", lines=4),
    Field("locator", "Where in it", placeholder="page, paragraph, 12:30"),
    Field("note", lines=2),
    Field("title"),
    Field("publisher"),
    Field("published", placeholder="YYYY-MM-DD, YYYY-MM or YYYY"),
    Field("retrieved", placeholder="today, once there is an address"),
    Field("archive_url", placeholder="https://… of a copy that stays"),
    Field("tier"),
    Field("origin", placeholder="where the source itself has it from"),
)
_GROUPS = {"stance": "This evidence", "title": "The source"}
"""The headings, by the field that each stands before."""
_DONE = ("leave_field", "Done")
_ALL, _HERE = "all", "here"
_STANCE_OPTIONS = tuple(
    Option(key, word, "o" if key == Stance.CONTEXT.value else glyph, tone)
    for key, (glyph, word, tone) in STANCES.items()
)
_STANCE_KEYS = (("-", Stance.REFUTES.value), ("=", Stance.SUPPORTS.value))
_TIER_OPTIONS = (
    Option(Tier.PRIMARY.value, "primary", "1"),
    Option(Tier.SECONDARY.value, "secondary", "2"),
    Option(Tier.TERTIARY.value, "tertiary", "3"),
)
_OFFERED = 5
_LEAST_TYPED = 2


class EvidenceForm(Form[bool]):
    """Adds a piece of evidence to a claim, or edits one. Gives whether anything was saved.

    The evidence is made when the first field is filled; a stance alone makes none, and what is emptied again goes when
    the form closes. Its source is shared: before what others cite is said otherwise, the form asks for whom.
    """

    WRITES = True
    DEFAULT_CSS = """
    EvidenceForm > #form { width: 88; max-height: 100%; margin-bottom: 1; }
    EvidenceForm.-narrow > #form { height: 1fr; margin: 0; }
    EvidenceForm #form-title { margin-bottom: 0; }
    EvidenceForm .form-row { margin-bottom: 0; }
    EvidenceForm .form-group { background: $surface; margin-top: 1; }
    EvidenceForm.-narrow .form-group { margin-top: 0; }
    EvidenceForm .form-field { height: auto; width: 1fr; }
    EvidenceForm .form-said { height: auto; color: $text-warning; display: none; }
    EvidenceForm #form-claim {
        height: 1; padding: 0 1; margin-bottom: 1; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    EvidenceForm.-narrow #form-claim { margin-bottom: 0; }
    EvidenceForm #form-source { height: auto; }
    EvidenceForm #form-folded { display: none; height: 2; padding: 0 1; color: $foreground-muted; text-wrap: nowrap; }
    EvidenceForm.-folded #form-source { display: none; }
    EvidenceForm.-folded #form-folded { display: block; text-overflow: ellipsis; }
    """

    def __init__(self, desk: Desk, claim: Claim, evidence: Evidence | None = None) -> None:
        """``evidence`` is the piece to edit; None adds a new one."""
        self._desk = desk
        self._claim = claim
        self._evidence = evidence
        self._source: Source | None = evidence.source if evidence else None
        self._began = evidence is None
        self._made_here = False
        self._touched = False
        self._refused = ""
        self._for_all = False  # whether a change to the source was said to hold for all who cite it
        self._apart = False  # whether the next change to it is for this claim alone
        self._opened = False  # whether the fields of a known source were asked for, or one is being filled in
        title = f"Evidence on {claim.name}" if evidence else f"New evidence on {claim.name}"
        super().__init__(title, _FIELDS, about=evidence.id if evidence else f"{claim.id}/evidence")
        self.addresses = KnownSources()
        stance = desk.evidence.wanted_stance(claim)
        self._editors["url"] = AddressLine(self.addresses, _FIELDS[0].placeholder, self._take_pasted)
        passage = PassageEditor(_FIELDS[2].placeholder, self._take_pasted)
        passage.styles.height = _FIELDS[2].lines
        self._editors["quote"] = passage
        self._editors["stance"] = ChoiceEditor(stance, _STANCE_OPTIONS, also=_STANCE_KEYS)
        self._editors["tier"] = ChoiceEditor("", _TIER_OPTIONS, may_be_empty=True)
        for name in ("locator", "publisher", "origin"):
            line = self._editors[name]
            assert isinstance(line, LineEditor)
            line.suggester = Known(partial(desk.evidence.known, name))
        self._folded = Static("", markup=False, id="form-folded")
        self._said = {field.name: Static("", markup=False, classes="form-said") for field in _FIELDS}
        self._saved["stance"] = stance
        self._fill()

    def body(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield Bar([(f" {self._title}", "bold")], id="form-title")
            yield Static(Content(safe(quoted(self._claim.quote_shown[:300]))), markup=False, id="form-claim")
            for field in self._fields:
                if field.name in _GROUPS:
                    yield Bar(id=f"form-{field.name}-group").add_class("form-group")
                if field.name not in _OF_SOURCE:
                    yield from self._row(field)
            yield self._folded
            with Vertical(id="form-source"):
                for field in self._fields:
                    if field.name in _OF_SOURCE:
                        yield from self._row(field)

    def _row(self, field: Field) -> ComposeResult:
        with Horizontal(classes="form-row"):
            yield Static(field.called, markup=False, classes="form-label")
            with Vertical(classes="form-field"):
                yield self._editors[field.name]
                if field.name == "url":
                    yield self.addresses
                yield self._said[field.name]

    def on_mount(self) -> None:
        super().on_mount()
        self._show_groups()

    def _show_groups(self) -> None:
        """Show the headings of the groups: that of the source says who else cites it."""
        for name, title in _GROUPS.items():
            right: list[Piece] = []
            if name == "title" and self._source is not None and (cited := self._others()):
                right = [(f"{cited} ", "warning")]
            self.query_one(f"#form-{name}-group", Bar).show([(f" {title}", "bold accent")], right)
        self._fold()

    # A known source in two lines

    @property
    def _is_known(self) -> bool:
        """Whether the source was on the desk before, with a title to be known by."""
        source = self._source
        return source is not None and bool(source.title) and not self._made_here and bool(self._began or self._others())

    def _fold(self) -> None:
        """Show what is said of a known source in two lines, unless its fields were asked for."""
        folded = self._is_known and not self._opened
        self.set_class(folded, "-folded")
        if folded and self._source is not None:
            self._folded.update(Content(safe_block("\n".join(_in_two_lines(self._source)))))
        hints = (_DONE, "next_field", "open_fields", "undo_typing", "put_back") if self._is_known else LineEditor.HINTS
        for editor in self._editors.values():
            editor.HINTS = hints

    def order(self) -> list[str]:
        folded = self.has_class("-folded")
        return [name for name in self._editors if not (folded and name in _OF_SOURCE)]

    def action_open_fields(self) -> None:
        """Open the fields of a known source and go there, or fold them again."""
        if not self._is_known:
            raise Refused("The fields of the source are open: those of a source cited before fold once it has a title.")
        self._opened = not self._opened
        self._fold()
        self.set_focus(self._editors["title" if self._opened else "note"])

    def _others(self) -> str:
        """Who cites the source, in words; nothing when this claim alone does."""
        if self._source is None or self._evidence is None:
            return ""
        cited = self._desk.sources.uses(self._source)
        return str(cited) if cited.claims > 1 else ""

    # What is not saved yet when it is left

    def holds(self, name: str, event: Left) -> bool:
        editor = event.editor
        if isinstance(editor, AddressLine) and editor.is_half_typed:
            self.addresses.offer(())
            self._stay(editor)
            self._say_beside(
                "url", "Known sources are like this. Enter or Esc saves what is typed; type on to see them again."
            )
            return True
        if name == "stance" and self._evidence is None:  # it goes with the first field that is filled
            self._saved[name] = event.value
            self._go_on(name, event)
            return True
        if name not in _OF_SOURCE or not self._saved[name] or self._for_all or not self._others():
            return False
        self._ask_for_whom(name, event)
        return True

    def _stay(self, editor: LineEditor | TextEditor) -> None:
        self.set_focus(editor)
        editor.resume()

    def _ask_for_whom(self, name: str, event: Left) -> None:
        """Ask whether the source is changed for all who cite it, or for this claim alone."""
        assert self._source is not None
        number = self._desk.sources.uses(self._source).number
        choices = [
            Choice(_ALL, "Change it for all", hotkey="y", description=number),
            Choice(_HERE, "Only here", hotkey="n", description="this claim then cites a source of its own"),
        ]

        def chosen(keys: tuple[str, ...] | None) -> None:
            if not keys:
                self._stay(event.editor)
                return
            self._for_all = keys == (_ALL,)
            self._apart = keys == (_HERE,)
            self._save_left(name, event)

        event.editor.keep()
        self.app.push_screen(Picker("Others cite this source too", choices), chosen)

    def _take_pasted(self, text: str) -> bool:
        """Fill in the address and the passage that were pasted together, as far as both fields are empty."""
        url, passage = pasted(text)
        address, quote = self._editors["url"], self._editors["quote"]
        room = {address.typed, quote.typed, self._saved["url"], self._saved["quote"]} == {""}
        if not (url and passage and room):
            return False

        def fill() -> tuple[Evidence, bool]:
            with self._desk.together():
                self._evidence, self._made_here = self.save("url", url)
                return self.save("quote", passage)

        def filled(made: tuple[Evidence, bool]) -> None:
            self.saved("", made)
            self.say("The address and the passage are filled in and saved.")

        self.write(fill, filled)
        return True

    # Saving

    def save(self, name: str, value: str) -> tuple[Evidence, bool]:
        try:
            if self._apart and self._evidence is not None:
                return self._desk.evidence.cite_apart(self._evidence, **{name: value}), True
            stance = self._editors["stance"].typed
            return self._desk.evidence.fill_in(
                self._claim, self._evidence, name, value, stance=stance, begun=self._made_here
            )
        except Busy:
            raise
        except Refused:
            self._refused = name
            raise

    def saved(self, name: str, made: tuple[Evidence, bool]) -> None:
        self._evidence, self._made_here = made
        self._keep_for(self._evidence.id)
        if (self._source and self._source.id) != (self._evidence.source and self._evidence.source.id):
            self._opened = False
        self._source = self._evidence.source
        self._opened = self._opened or name in _OF_SOURCE
        self._touched = True
        self._apart = False
        if name:
            self._say_beside(name, "")
        self._fill(but=name)
        self._show_groups()
        at = datetime.now().strftime("%H:%M:%S")
        self.hint_line.show(left=[(f"✓ saved {at}", "muted")])

    def _fill(self, but: str = "") -> None:
        """Put what is saved into the fields, all but the one that is being left."""
        shown: dict[str, str] = {}
        if self._evidence is not None:
            shown |= {name: getattr(self._evidence, name) for name in fields.EVIDENCE}
        shown |= {name: getattr(self._source, name) if self._source else "" for name in ("url", *_OF_SOURCE)}
        for name, value in shown.items():
            if name != but and (name not in self._saved or self._saved[name] != value):
                self._saved[name] = value
                self._editors[name].typed = value

    def close_form(self) -> None:
        """Close. Evidence that was made here and says nothing any more goes, and its source with it."""
        piece = self._evidence
        if piece is None or not self._began or any((piece.quote, piece.locator, piece.note, _said(piece.source))):
            super().close_form()
            return

        def drop() -> None:
            with self._desk.together():
                self._desk.delete(piece)
                if piece.source is not None and not self._desk.sources.uses(piece.source).claims:
                    self._desk.delete(piece.source)

        self.write(drop, lambda _: self.dismiss(self.result()))

    def result(self) -> bool:
        return self._touched

    # What is wrong stands beside the field

    def say(self, message: str, severity: Severity = "information") -> None:
        name, self._refused = self._refused, ""
        if name:
            self._say_beside(name, message)
        else:
            super().say(message, severity)

    def _say_beside(self, name: str, message: str) -> None:
        said = self._said[name]
        said.display = bool(message)
        said.update(Content(safe(f"! {message}" if message else "")))
        if message:
            self.call_after_refresh(said.scroll_visible, animate=False)

    # Known sources

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        address = self._editors["url"]
        if event.input is address:
            typed = address.typed.strip()
            asked = len(typed) >= _LEAST_TYPED and typed != self._saved["url"] and address.has_focus
            page = typed.partition("#")[0]
            # Who worked apart has sources of their own; of one address, one is offered.
            known: dict[str, Source] = {}
            for source in (*self._desk.evidence.sources_at(page), *self._desk.evidence.sources(page)):
                known.setdefault(urls.canonical(source.url) or source.id, source)
            own = self._source.id if self._source and self._made_here else ""
            others = [source for source in known.values() if source.url not in ("", typed) and source.id != own]
            found = others if asked else []
            self.addresses.offer(found[:_OFFERED])

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if event.widget is self._editors["url"]:
            self.addresses.offer(())


def _in_two_lines(source: Source) -> tuple[str, str]:
    """What is said of a source: what it is, and below what else is known of it, with what is not."""
    today = date.today()
    when = published(source.published, today) if source.published else ""
    retrieved = f"retrieved {published(source.retrieved, today)}" if source.retrieved else ""
    lacking = [f"no {field_words(name)}" for name in ("archive_url", "tier") if not getattr(source, name)]
    beside = [
        ", ".join(lacking),
        source.tier,
        f"origin: {source.origin}" if source.origin else "",
        f"archived copy: {source.archive_url}" if source.archive_url else "",
    ]
    what = (source.title, source.publisher, when, retrieved)
    return " · ".join(filter(None, what)), " · ".join(filter(None, beside))


def _said(source: Source | None) -> bool:
    """Whether anything is said of a source."""
    return source is not None and any(getattr(source, name) for name in ("url", *_OF_SOURCE))
