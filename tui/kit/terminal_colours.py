"""Which colours a terminal has room for, and what a name is on a widget's ground."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from textual.app import App
from textual.color import Color, ColorParseError
from textual.filter import LineFilter
from textual.widget import Widget

from tui.text import colours
from tui.text.colours import RGB


def has_few_colours(app: App[Any]) -> bool:
    """Whether there are only the terminal's own sixteen, of which nobody knows what they look like, or none."""
    return app.native_ansi_color or has_no_more(app)


def has_no_more(app: App[Any]) -> bool:
    """Whether the terminal has no more than sixteen colours, whatever the theme is."""
    return app.no_color or app.console.color_system in (None, "standard", "windows")


@lru_cache(maxsize=1)
def fixed() -> tuple[RGB, ...]:
    """The colours of a terminal with 256 that are the same everywhere, and are shown as what they are."""
    levels = (0, 95, 135, 175, 215, 255)
    cube = [(red, green, blue) for red in levels for green in levels for blue in levels]
    greys = [(8 + 10 * step,) * 3 for step in range(15)]  # rich gives the lighter ones, and greys of the cube, another
    return (*[one for one in cube if len(set(one)) > 1 or one[0] in (0, 255)], *greys)


@lru_cache(maxsize=1024)
def _of_256(colour: RGB) -> RGB:
    """What a terminal with 256 colours shows for a colour."""
    shown = RichColor.from_rgb(*colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return shown.red, shown.green, shown.blue


class Grounded:
    """The colours of verdicts and of the theme as they are legible on a widget, in as many as the terminal has."""

    def __init__(self, widget: Widget) -> None:
        app = widget.app
        self._variables = app.theme_variables
        self._few = has_few_colours(app)
        self._fixed = fixed() if app.console.color_system == "256" else ()
        self.dark = app.current_theme.dark
        own = widget.background_colors[1]
        theirs = (self._of_theme(name) for name in ("background", "surface"))
        grounds = [ground.rgb for ground in (own, *theirs) if ground is not None and ground.ansi is None]
        if self._fixed:
            grounds = [_of_256(ground) for ground in grounds]
        self.ground = colours.worst(grounds, self.dark) if grounds else ((0, 0, 0) if self.dark else (255, 255, 255))

    def colour(self, name: str) -> RGB:
        """A scheme's colour, or one of the theme, legible on the ground."""
        if not name.startswith("#") and colours.is_named(name):
            if self._fixed:
                return colours.chosen_of(self._fixed, self.ground, self.dark)[colours.tone_of(name)]
            return colours.verdict_colour(name, self.ground, self.dark)
        found = self._of_theme(name) or self._of_theme("foreground")
        return self.readable(found.rgb if found else self.ground, self.ground)

    def sign(self, name: str) -> RichColor | None:
        """Where colours are few, the terminal's own in which a sign is legible; None for the default."""
        if not colours.is_named(name) or name.startswith("#") or not self._few:
            return None
        safe = colours.SAFE_SIGNS[self.dark].get(colours.tone_of(name))
        return RichColor.parse(safe) if safe else None

    def shown(self, colour: RGB) -> RGB:
        """What the terminal shows for a colour, in one that it shows as it is."""
        if not self._fixed:
            return colour
        while (found := _of_256(colour)) != colour:
            colour = found
        return colour

    def readable(self, colour: RGB, ground: RGB, least: float = colours.TEXT) -> RGB:
        """The colour, lighter or darker until it has that contrast with the ground as shown."""
        if not self._fixed:
            return colours.legible(colour, ground, least)
        shown = _of_256(colour)
        if shown in self._fixed and colours.contrast(shown, ground) >= least:
            return shown
        return colours.nearest_of(self._fixed, colour, ground, least)

    def in_view(self, ground: RGB, ink: RGB) -> RGB:
        """The ground of the map where the rows on the screen lie."""
        signs = [self.colour(name) for name in colours.NAMES]
        if not self._fixed:
            return colours.in_view(ground, ink, signs)
        lighter = [self.shown(colours.blend(ground, ink, share)) for share in (0.22, 0.18, 0.14, 0.1, 0.07, 0.04)]
        fit = (one for one in lighter if all(colours.contrast(sign, one) >= colours.SIGN for sign in signs))
        return next(fit, self.shown(ground))

    def _of_theme(self, name: str) -> Color | None:
        try:
            return Color.parse(self._variables.get(name, name))
        except ColorParseError:
            return None


class Colourless(LineFilter):
    """Takes every colour away and leaves all else. Textual's own filter makes greys of them, and black on black."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, style and style.without_color, control) for text, style, control in segments]
