"""Pieces of text with a tone, fitted into cells: what every one-line thing on the screen is made of.

A tone is words: attributes (``bold dim italic underline reverse strike``), roles (``muted primary secondary accent
success warning error``), a scheme's colour names (``red``, ``bright_blue``) and ``#rrggbb``. Roles and names take
the theme's colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from tui.kit.terminal_colours import Grounded, has_few_colours
from tui.text.cells import cell_len, cut
from tui.text.colours import RGB
from tui.text.safe import safe

Piece = tuple[str, str]
"""A text and its tone."""

TITLE_CELLS = 20
"""What an article's title keeps in the head of a screen, unless the figures alone need it."""

_ATTRIBUTES = frozenset({"bold", "dim", "italic", "underline", "reverse", "strike"})
_ROLES = frozenset({"primary", "secondary", "accent", "success", "warning", "error"})


def shorten(text: str, cells: int) -> str:
    """Text made safe and, where it is wider than so many cells, cut with an ellipsis."""
    if cells <= 0:
        return ""
    # A cell holds few code points; the rest of a megabyte need not be measured.
    shown = safe(text[: cells * 8 + 64])
    if len(shown) < len(text):
        shown += " " * (cells + 1)  # what is left out is never looked at, and there is no room for it
    return cut(shown, cells)


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """Text shortened or filled with spaces to exactly so many cells."""
    shown = shorten(text, cells)
    space = " " * (cells - cell_len(shown))
    return space + shown if right else shown + space


def fit_pieces(pieces: Iterable[Piece], cells: int, *, right: bool = False) -> list[Piece]:
    """Pieces shortened or filled to exactly so many cells."""
    fitted: list[Piece] = []
    left = cells
    for text, tone in pieces:
        if left <= 0:
            break
        shown = shorten(text, left)
        whole = shown == safe(text[: left * 8 + 64])
        if shown:
            fitted.append((shown, tone))
            left -= cell_len(shown)
        if not whole:
            break  # a cell that a wide cluster or a space left free is not room for the next piece
    if left > 0:
        fitted.insert(0 if right else len(fitted), (" " * left, ""))
    return fitted


def width_of(pieces: Iterable[Piece]) -> int:
    """Cells the pieces take when nothing is cut."""
    return sum(cell_len(safe(text)) for text, _ in pieces)


def parted(said: Iterable[Piece]) -> list[Piece]:
    """Things said in one line, with a dot between them."""
    return [piece for one in said for piece in ((" · ", "muted"), one)][1:]


class Tones:
    """Turns tones into styles for one widget, each once, until `forget` is called."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, str, bool], Style] = {}

    def forget(self) -> None:
        """Drop what is remembered: the theme or the widget's own style has changed."""
        self._styles.clear()

    def style(self, tone: str = "", ground: str = "", *, sign: bool = False) -> Style:
        """The style of a tone. ``ground`` is a component class of the widget; nothing is the widget itself.

        A ground that highlights (its name ends in ``cursor``) keeps the tone's attributes and drops its colour,
        so that the text stays readable on it. Where colours are few, only a ``sign`` (one character) has one.
        """
        key = (tone, ground, sign)
        if key not in self._styles:
            self._styles[key] = self._resolve(tone, ground, sign)
        return self._styles[key]

    def strip(self, pieces: Sequence[Piece], cells: int, ground: str = "") -> Strip:
        """A strip of pieces that are already exactly so many cells wide."""
        segments = []
        for text, tone in pieces:
            if text:
                segments.append(Segment(text, self.style(tone, ground, sign=len(text.strip()) == 1)))
        return Strip(segments, cells)

    def _resolve(self, tone: str, ground: str, sign: bool) -> Style:
        widget = self._widget
        base = widget.get_component_rich_style(ground) if ground else widget.rich_style
        words = tone.split()
        style = base + Style.parse(" ".join(word for word in words if word in _ATTRIBUTES))
        if ground.endswith("cursor"):
            return style
        few = has_few_colours(widget.app)
        coloured = [] if few and not sign else [word for word in words if word not in _ATTRIBUTES]
        if not coloured:
            return style
        grounded = Grounded(widget)
        for word in coloured:
            if few:
                style += Style(color=grounded.sign(word))
            elif word == "muted" or word in _ROLES:
                named = "foreground-muted" if word == "muted" else f"text-{word}"
                style += Style(color=RichColor.from_rgb(*grounded.readable(self._of_theme(named), grounded.ground)))
            else:
                style += Style(color=RichColor.from_rgb(*grounded.colour(word)))
        return style

    def _of_theme(self, name: str) -> RGB:
        widget = self._widget
        colour = Color.parse(widget.app.theme_variables.get(name, name))
        return (colour if colour.a == 1 else widget.background_colors[1] + colour).rgb
