"""The colours and attributes of the article view, made from the theme at hand.

Two families. Where there are colours enough, a claim is a tint of its verdict's colour. With 16 colours, none at
all or the terminal's own, it is underlined instead. In both, overlaps, ends, the claim at hand, the selection and
the caret differ by attributes too, and the margin says the same in glyphs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.color import ColorParseError as RichColorParseError
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, ColorParseError
from textual.filter import LineFilter
from textual.widget import Widget

_TOKENS = {
    "green": "success",
    "red": "error",
    "yellow": "tone-yellow",
    "blue": "primary",
}
_NAMED = {"yellow": "gold", "cyan": "darkturquoise", "magenta": "orchid", "white": "silver", "black": "dimgray"}
_ANSI = {
    "success": "green",
    "error": "red",
    "warning": "yellow",
    "primary": "blue",
    "secondary": "cyan",
    "accent": "bright_magenta",
}
_OPEN = "accent"


class Ink(NamedTuple):
    """Everything that decides how a stretch of text looks."""

    ground: str = "calm"  # "calm", "residue" or "swept": what the text is without claims
    found: int = 0  # 1 a hit of the search, 2 the one at hand
    selected: bool = False
    caret: int = 0  # 1 without the focus, 2 with it, 3 with it and a selection
    colour: str | None = None  # the colour of the claim on top, "" for none; None without a claim
    open: bool = False  # the claim on top has no verdict
    proposal: bool = False
    at_hand: bool = False
    deep: bool = False  # two claims or more
    edge: bool = False  # the first or the last character of a claim


class _Looks(NamedTuple):
    """All that styles are made from."""

    tokens: Mapping[str, str]
    filters: Sequence[LineFilter]
    background: Color
    colour: Color
    plain: bool
    native: bool
    colourless: bool

    @classmethod
    def of(cls, widget: Widget) -> _Looks:
        app = widget.app
        plain = app.native_ansi_color or app.no_color or app.console.color_system in ("standard", "windows")
        return cls(
            app.theme_variables, app.get_line_filters(), widget.background_colors[1], widget.styles.color,
            plain, app.native_ansi_color, app.no_color,
        )  # fmt: skip


class Palette:
    """Styles for one theme; made anew when it does not suit the widget any more."""

    def __init__(self, widget: Widget) -> None:
        self._looks = looks = _Looks.of(widget)
        self._tokens, self._filters = looks.tokens, looks.filters
        self._background = looks.background
        self._foreground = looks.background + looks.colour
        self.plain, self._native, self._colourless = looks.plain, looks.native, looks.colourless
        self._styles: dict[Ink, Style] = {}
        self._margins: dict[tuple[str | None, bool], Style] = {}
        self._maps: dict[tuple[str | None, bool], Style] = {}
        self.blank = self._filtered(self._base())

    def suits(self, widget: Widget) -> bool:
        """Whether the theme, the widget's colours and the terminal's are still those these styles are made from."""
        return self._looks == _Looks.of(widget)

    def style(self, ink: Ink) -> Style:
        """How a stretch of text is drawn."""
        found = self._styles.get(ink)
        if found is None:
            found = self._styles[ink] = self._filtered(self._plain(ink) if self.plain else self._tinted(ink))
        return found

    def margin(self, colour: str | None, at_hand: bool = False) -> Style:
        """How a sign in the margin is drawn: in a verdict's colour, or with None as the text's own state."""
        key = (colour, at_hand)
        if key not in self._margins:
            if colour is None:
                style = self._base() + Style(bold=True)
            elif self.plain:
                style = self._base() + Style(color=self._ansi(colour), bold=at_hand, reverse=at_hand or None)
            else:
                ink = self._legible(self._colour(colour))
                if at_hand:
                    style = self._of(ink.get_contrast_text(1), ink, bold=True)
                else:
                    style = self._of(ink, self._background)
            self._margins[key] = self._filtered(style)
        return self._margins[key]

    def map(self, colour: str | None, in_view: bool) -> Style:
        """How a cell of the map is drawn; ``in_view`` where the rows on the screen lie."""
        key = (colour, in_view)
        if key not in self._maps:
            if self.plain:
                style = self._base() + Style(color=self._ansi(colour or ""), reverse=in_view or None)
            else:
                ground = self._background.blend(self._foreground, 0.22 if in_view else 0.06)
                ink = self._foreground if colour is None else self._legible(self._colour(colour))
                style = self._of(ink, ground)
            self._maps[key] = self._filtered(style)
        return self._maps[key]

    def _filtered(self, style: Style) -> Style:
        """The style after the app's line filters, which look at one segment at a time."""
        for line_filter in self._filters:
            style = line_filter.apply([Segment(" ", style)], self._background)[0].style or Style()
        return style

    # Enough colours

    def _tinted(self, ink: Ink) -> Style:
        paper, text = self._background, self._foreground
        if ink.colour is not None:
            colour = self._colour(_OPEN if ink.open else ink.colour)
            strength = 0.2 + 0.14 * ink.deep + 0.2 * ink.at_hand
            if ink.edge:
                strength += 0.2
            paper = paper.blend(colour, min(strength, 0.75))
            text = self._contrasting(paper)
        elif ink.ground == "swept":
            text = text.blend(paper, 0.5)
        elif ink.ground == "calm":
            text = text.blend(paper, 0.2)
        if ink.found:
            paper = paper.blend(self._colour("warning"), 0.35 if ink.found == 1 else 0.9)
            text = self._contrasting(paper)
        if ink.selected:
            paper = self._background.blend(self._colour("primary"), 0.6)
            text = self._contrasting(paper)
        if ink.caret > 1:
            paper, text = self._foreground, self._background
        return self._of(
            text,
            paper,
            bold=ink.edge or ink.at_hand or ink.caret > 1,
            underline=ink.deep or ink.caret == 1,
            italic=ink.proposal or (ink.open and ink.colour is not None),
        )

    def _contrasting(self, paper: Color) -> Color:
        return self._foreground if abs(paper.brightness - self._foreground.brightness) > 0.3 else self._background

    def _legible(self, colour: Color) -> Color:
        """``colour``, moved towards the text's own until it stands out from the background."""
        for share in (0.0, 0.25, 0.5, 0.75):
            mixed = colour.blend(self._foreground, share)
            if abs(mixed.brightness - self._background.brightness) > 0.32:
                return mixed
        return self._foreground

    def _colour(self, name: str) -> Color:
        """The colour of a verdict: a theme token, a terminal's colour name, a CSS name or ``#rrggbb``."""
        bright = name.startswith("bright_")
        bare = name.removeprefix("bright_")
        bare = self._tokens.get(_TOKENS.get(bare, bare), _NAMED.get(bare, bare))
        try:
            colour = Color.parse(bare)
        except ColorParseError:
            return self._foreground
        return colour.blend(self._contrast_end, 0.25) if bright else colour

    @property
    def _contrast_end(self) -> Color:
        return Color(255, 255, 255) if self._background.brightness < 0.5 else Color(0, 0, 0)

    @staticmethod
    def _of(text: Color, paper: Color, *, bold: bool = False, underline: bool = False, italic: bool = False) -> Style:
        return Style(
            color=text.rich_color,
            bgcolor=paper.rich_color,
            bold=bold or None,
            underline=underline or None,
            italic=italic or None,
        )

    # Few colours

    def _plain(self, ink: Ink) -> Style:
        style = self._base()
        marked = ink.colour is not None
        if marked:
            # No verdict has no colour either: the few there are belong to verdicts.
            style += Style(color=None if ink.open else self._ansi(ink.colour or ""), underline=True)
        elif ink.ground == "swept":
            style += Style(dim=True)
        if ink.found and not self._colourless:  # as with a text marker; a claim is underlined
            style += Style(color="black", bgcolor="bright_yellow" if ink.found == 2 else "yellow", bold=ink.found == 2)
        if ink.proposal or (ink.open and marked):
            style += Style(italic=True)
        if ink.deep or ink.at_hand or ink.edge:
            style += Style(bold=True)
        reverse = ink.selected or (ink.at_hand and ink.edge) or bool(ink.found and self._colourless)
        if ink.caret == 2:
            reverse = not reverse
        elif ink.caret:
            # Beside a selection a reversed caret would look like one more selected character.
            style += Style(underline=True, bold=True)
            reverse = False
        return style + Style(reverse=reverse) if reverse else style

    def _base(self) -> Style:
        if self._native:
            default = RichColor.parse("default")
            return Style(color=default, bgcolor=default)
        return self._of(self._foreground, self._background)

    def _ansi(self, name: str) -> RichColor | None:
        """The nearest of the terminal's own colours, or None for the text's."""
        if self._colourless:
            return None
        name = _ANSI.get(name, name)
        try:
            return RichColor.parse(name)
        except RichColorParseError:
            return None
