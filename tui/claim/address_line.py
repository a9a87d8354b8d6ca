"""The address of evidence with the known sources offered beneath, and its passage, which may be pasted together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from store.records import Source
from tui.kit.editors import LineEditor, TextEditor
from tui.kit.styled_text import Piece, Tones, fit_pieces


class KnownSources(Widget):
    """The known sources that match what is typed, a line each. Nothing is chosen until the arrows go there."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KnownSources { height: 1; display: none; background: $panel; }
    KnownSources > .offers--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    KnownSources:nocolor > .offers--cursor, KnownSources:ansi > .offers--cursor {
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


class AddressLine(LineEditor):
    """An address, with known ones offered beneath: the arrows go there, Enter takes what they point at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "offer_down", show=False),
        Binding("up", "offer_up", show=False),
    ]

    def __init__(self, offers: KnownSources, placeholder: str, given: Callable[[str], bool]) -> None:
        """``given`` is told what was pasted; it says whether it took it."""
        super().__init__(placeholder=placeholder)
        self._offers = offers
        offers.take = self.take
        self._take_pasted = given
        self._pasted = ""

    @property
    def is_half_typed(self) -> bool:
        """Whether a known source is offered for what is typed so far; an address that was pasted is whole."""
        return self._offers.display and self.typed.strip() != self._pasted

    def _on_paste(self, event: events.Paste) -> None:
        if self._take_pasted(event.text):
            event.stop()
            event.prevent_default()
            return
        super()._on_paste(event)
        self._pasted = self.typed.strip()

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


class PassageEditor(TextEditor):
    """A passage, which may be pasted together with its address."""

    def __init__(self, placeholder: str, given: Callable[[str], bool]) -> None:
        super().__init__("", placeholder=placeholder)
        self._take_pasted = given

    async def _on_paste(self, event: events.Paste) -> None:
        if self._take_pasted(event.text):
            event.stop()
            event.prevent_default()
            return
        await super()._on_paste(event)
