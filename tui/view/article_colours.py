"""The colours and attributes of the article view, made from the selected theme.

Two families. Where there are colours enough, a claim is a tint of its verdict's colour. With 16 colours, none at
all or the terminal's own, it is underlined instead. In both, overlaps, ends, the selected claim, the selection and
the caret differ by attributes too, and the margin says the same in glyphs.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.widget import Widget

from tui.kit.terminal_colours import Grounded, has_few_colours
from tui.text import colours

_OPEN = "accent"


class Ink(NamedTuple):
    """Everything that decides how a stretch of text looks."""

    ground: str = "calm"  # "calm", "residue" or "swept": what the text is without claims
    found: int = 0  # 1 a hit of the search, 2 the selected one
    selected: bool = False
    caret: int = 0  # 1 without the focus, 2 with it, 3 with it and a selection
    colour: str | None = None  # the colour of the claim on top, "" for none; None without a claim
    open: bool = False  # the claim on top has no verdict
    proposal: bool = False
    at_hand: bool = False
    deep: bool = False  # two claims or more
    edge: bool = False  # the first or the last character of a claim
    in_hand: bool = False  # of the selected place, which is drawn like a faint selection
    bracket: str = ""  # what stands here instead of a blank, beside the selected place
    strong: bool = False  # a heading, or strongly emphasised
    slanted: bool = False  # emphasised


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
    def of(cls, widget: Widget) -> "_Looks":
        app = widget.app
        return cls(
            app.theme_variables, app.get_line_filters(), widget.background_colors[1], widget.styles.color,
            has_few_colours(app), app.native_ansi_color, app.no_color,
        )  # fmt: skip


class TextPalette:
    """Styles for one theme; made again when it does not suit the widget any more."""

    def __init__(self, widget: Widget) -> None:
        self._looks = looks = _Looks.of(widget)
        self._filters, self._paper_colour = looks.filters, looks.background
        self.plain, self._native, self._colourless = looks.plain, looks.native, looks.colourless
        self._tones = Grounded(widget)
        self._dark = self._tones.dark
        self._paper = looks.background.rgb
        self._ink = self._tones.readable((looks.background + looks.colour).rgb, self._paper)
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
                style = self._base() + Style(color=self._tones.sign(colour), bold=at_hand, reverse=at_hand or None)
            else:
                ink = self._tones.colour(colour)
                far = self._tones.readable(colours.farther(ink), ink)
                style = _of(far, ink, bold=True) if at_hand else _of(ink, self._paper)
            self._margins[key] = self._filtered(style)
        return self._margins[key]

    def map(self, colour: str | None, in_view: bool) -> Style:
        """How a cell of the map is drawn; ``in_view`` where the rows on the screen lie."""
        key = (colour, in_view)
        if key not in self._maps:
            if self.plain:
                style = self._base() + Style(color=self._tones.sign(colour or ""), reverse=in_view or None)
            else:
                ink = self._ink if colour is None else self._tones.colour(colour)
                ground = self._tones.in_view(self._paper, self._ink) if in_view else self._paper
                style = _of(self._tones.readable(ink, ground, colours.SIGN), ground)
            self._maps[key] = self._filtered(style)
        return self._maps[key]

    def _filtered(self, style: Style) -> Style:
        """The style after the app's line filters, which look at one segment at a time."""
        for line_filter in self._filters:
            style = line_filter.apply([Segment(" ", style)], self._paper_colour)[0].style or Style()
        return style

    # Enough colours

    def _tinted(self, ink: Ink) -> Style:
        paper, text = self._paper, self._ink
        if ink.colour is not None:
            step = "edge" if ink.edge else "selected" if ink.at_hand else "overlap" if ink.deep else "claim"
            colour = self._tones.colour(_OPEN if ink.open else ink.colour)
            paper = colours.tint(colour, paper, colours.STEPS[step], self._dark)
        elif ink.ground == "swept":
            text = colours.blend(text, paper, 0.5)
        elif ink.ground == "calm":
            text = colours.blend(text, paper, 0.2)
        if ink.found:
            paper = colours.blend(paper, self._tones.colour("warning"), 0.35 if ink.found == 1 else 0.9)
        if ink.in_hand:
            paper = colours.blend(paper, self._tones.colour("primary"), 0.3)
        if ink.selected:
            paper = colours.blend(self._paper, self._tones.colour("primary"), 0.6)
        if ink.caret > 1:
            paper, text = self._ink, self._paper
        paper = self._tones.shown(paper)
        return _of(
            self._tones.readable(text, paper),
            paper,
            bold=ink.edge or ink.at_hand or ink.caret > 1 or ink.strong,
            underline=ink.deep or ink.caret == 1,
            italic=ink.proposal or (ink.slanted if ink.colour is None else ink.open),
        )

    # Few colours: words in the terminal's own on its own ground, since nothing is known of any other

    def _plain(self, ink: Ink) -> Style:
        style = self._base()
        marked = ink.colour is not None
        if marked:
            style += Style(underline=True)
        if ink.proposal or (ink.open and marked):
            style += Style(italic=True)
        strong = ink.strong and not marked  # on a claim it would be taken for one that is selected
        if strong or ink.deep or ink.at_hand or ink.edge or ink.found == 2 or (ink.found and ink.selected):
            style += Style(bold=True)
        if ink.in_hand or (ink.ground == "swept" and not marked):
            style += Style(italic=True)
        reverse = ink.selected or ink.in_hand or (ink.at_hand and ink.edge) or bool(ink.found)
        if ink.caret == 2:
            reverse = not reverse
        elif ink.caret:
            # Beside a selection a reversed caret would look like one more selected character.
            style += Style(underline=True, bold=True)
            reverse = False
        return style + Style(reverse=reverse) if reverse else style

    def _base(self) -> Style:
        if self.plain:
            default = RichColor.parse("default")
            return Style(color=default, bgcolor=default)
        return _of(self._ink, self._paper)


def _of(
    text: colours.RGB,
    paper: colours.RGB,
    *,
    bold: bool = False,
    underline: bool = False,
    italic: bool = False,
) -> Style:
    return Style(
        color=RichColor.from_rgb(*text),
        bgcolor=RichColor.from_rgb(*paper),
        bold=bold or None,
        underline=underline or None,
        italic=italic or None,
    )
