"""The evidence form: one source's bearing on one claim, each field saved when it is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from store.access import fields
from store.desk import Desk
from store.errors import Busy, Refused
from store.records import Claim, Evidence, Source
from store.text.quotations import quoted
from store.vocabulary import Stance, Tier
from tui.claim.page import STANCES
from tui.kit.bar import Bar
from tui.kit.choice_editor import ChoiceEditor, Option
from tui.kit.editors import LineEditor
from tui.kit.form import Field, Form
from tui.kit.pieces import Piece, Tones, fit_pieces
from tui.kit.screen import Severity
from tui.text.safe import safe

_OF_SOURCE = ("title", "publisher", "published", "retrieved", "archive_url", "tier", "origin")
_FIELDS = (
    Field("url", "Address", placeholder="https://… of the source"),
    Field("stance", "Stance"),
    Field("quote", "Passage", placeholder="the source's own words", lines=4),
    Field("locator", "Where in it", placeholder="page, paragraph, 12:30"),
    Field("title", "Title"),
    Field("publisher", "Publisher"),
    Field("published", "Published", placeholder="YYYY-MM-DD, YYYY-MM or YYYY"),
    Field("retrieved", "Retrieved", placeholder="today, once there is an address"),
    Field("archive_url", "Archive", placeholder="https://… of a copy that stays"),
    Field("tier", "Tier"),
    Field("origin", "Origin", placeholder="where the source itself has it from"),
    Field("note", "Note", lines=3),
)
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


class _Offers(Widget):
    """The known sources that match what is typed, a line each. Nothing is chosen until the arrows go there."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    _Offers { height: 1; display: none; background: $panel; }
    _Offers > .offers--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    _Offers:nocolor > .offers--cursor, _Offers:ansi > .offers--cursor {
        color: ansi_default; background: ansi_default; text-style: reverse;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"offers--cursor"}

    def __init__(self) -> None:
        super().__init__()
        self.take: Callable[[Source], None] = lambda source: None
        """Called with the source that is clicked on."""
        self._sources: list[Source] = []
        self._cursor = -1
        self._tones = Tones(self)

    def offer(self, sources: Sequence[Source]) -> None:
        """Offer sources; none makes the list go away."""
        self._sources, self._cursor = list(sources), -1
        self.display = bool(sources)
        self.styles.height = max(1, len(sources))
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor; before the first row none is chosen."""
        self._cursor = max(-1, min(self._cursor + by, len(self._sources) - 1))
        self.refresh()

    @property
    def chosen(self) -> Source | None:
        """The source at the cursor."""
        return self._sources[self._cursor] if self._cursor >= 0 else None

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self._sources):
            self.take(self._sources[event.y])

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if y >= len(self._sources):
            return self._tones.strip([(" " * cells, "")], cells)
        source = self._sources[y]
        shown: list[Piece] = [
            ("↳ ", "accent"),
            (source.url, ""),
            (f"  {source.title}" if source.title else "", "muted"),
        ]
        ground = "offers--cursor" if y == self._cursor else ""
        return self._tones.strip(fit_pieces(shown, cells), cells, ground)

    def notify_style_update(self) -> None:
        self._tones.forget()
        super().notify_style_update()


class _Address(LineEditor):
    """An address, with known ones offered beneath: the arrows go there, Enter takes what they point at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "offer_down", show=False),
        Binding("up", "offer_up", show=False),
    ]

    def __init__(self, offers: _Offers, placeholder: str) -> None:
        super().__init__(placeholder=placeholder)
        self._offers = offers
        offers.take = self.take

    def action_offer_down(self) -> None:
        self._offers.move(1)

    def action_offer_up(self) -> None:
        self._offers.move(-1)

    def take(self, source: Source) -> None:
        """Take a known source's address. At once: what a message from the list did would come behind the next key."""
        self.resume()
        self.typed = source.url
        self._offers.offer(())
        self.put_away("next")

    async def action_submit(self) -> None:
        if (source := self._offers.chosen) is not None:
            self.take(source)
        else:
            await super().action_submit()


class EvidenceForm(Form[bool]):
    """Adds a piece of evidence to a claim, or edits one. Gives whether anything was saved.

    The evidence is made when the first field is filled. Its source is shared: what is said here of a source that
    other claims cite holds for them too.
    """

    WRITES = True
    DEFAULT_CSS = """
    EvidenceForm > #form { width: 88; max-height: 100%; margin-bottom: 1; }
    EvidenceForm.-narrow > #form { height: 1fr; margin: 0; }
    EvidenceForm #form-title { margin-bottom: 0; }
    EvidenceForm .form-row { margin-bottom: 0; }
    EvidenceForm .form-field { height: auto; width: 1fr; }
    EvidenceForm .form-said { height: auto; color: $text-warning; display: none; }
    EvidenceForm #form-claim {
        height: 1; padding: 0 1; margin-bottom: 1; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    EvidenceForm.-narrow #form-claim { margin-bottom: 0; }
    """

    def __init__(self, desk: Desk, claim: Claim, evidence: Evidence | None = None) -> None:
        """``evidence`` is the piece to edit; None adds a new one."""
        self._desk = desk
        self._claim = claim
        self._evidence = evidence
        self._source: Source | None = evidence.source if evidence else None
        self._made_here = False
        self._touched = False
        self._refused = ""
        title = f"Evidence on {claim.name}" if evidence else f"New evidence on {claim.name}"
        super().__init__(title, _FIELDS, about=evidence.id if evidence else f"{claim.id}/evidence")
        self.offers = _Offers()
        stance = desk.evidence.wanted_stance(claim)
        self._editors["url"] = _Address(self.offers, _FIELDS[0].placeholder)
        self._editors["stance"] = ChoiceEditor(stance, _STANCE_OPTIONS, also=_STANCE_KEYS)
        self._editors["tier"] = ChoiceEditor("", _TIER_OPTIONS, may_be_empty=True)
        self._said = {field.name: Static("", markup=False, classes="form-said") for field in _FIELDS}
        self._saved["stance"] = stance
        self._fill()

    def body(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield Bar([(f" {self._title}", "bold")], id="form-title")
            yield Static(Content(safe(quoted(self._claim.quote[:300]))), markup=False, id="form-claim")
            for field in self._fields:
                with Horizontal(classes="form-row"):
                    yield Static(field.label, markup=False, classes="form-label")
                    with Vertical(classes="form-field"):
                        yield self._editors[field.name]
                        if field.name == "url":
                            yield self.offers
                        yield self._said[field.name]

    # Saving

    def save(self, name: str, value: str) -> tuple[Evidence, bool]:
        try:
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
        self._source = self._evidence.source
        self._touched = True
        self._say_beside(name, "")
        self._fill(but=name)
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
                known.setdefault(fields.address(source.url) or source.id, source)
            found = [source for source in known.values() if source.url and source.url != typed] if asked else []
            self.offers.offer(found[:_OFFERED])

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        if event.widget is self._editors["url"]:
            self.offers.offer(())
