"""Colours that never hide or lie: every verdict keeps its hue, and whatever is written stands out from its ground.

Hue and chroma of a scheme's colours are ours; only the lightness follows the theme. All is worked out in OKLCH
(lightness 0 to 1, chroma, hue in degrees; Ottosson 2020), contrast by WCAG 2 (1 to 21), distance by CIEDE2000 (Sharma,
Wu and Dalal 2005). Colours are ``(red, green, blue)``, 0 to 255. Pure: no theme, no widget.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

RGB = tuple[int, int, int]

TEXT = 4.5
"""The least contrast of words with their ground."""
SIGN = 3.0
"""The least contrast of a sign with its ground."""
_TEXT, _SIGN = 4.55, 3.05  # what is aimed at: a colour is rounded to whole numbers after it is found
_CAP = 5.0  # what white, or in the light black, still has on the strongest tint
_FARTHEST = {True: 0.26, False: 0.30}  # how far from the paper's lightness that may lie, in the dark and in the light
STEPS = {"claim": 0.3, "overlap": 0.55, "selected": 0.78, "edge": 1.0}
"""How far a tint goes from the paper towards the strongest."""


class _Tone(NamedTuple):
    hue: float
    place: float  # in the lightness that the theme leaves: 0 next to the ground, 1 farthest from it
    chroma: float


_DARK = {
    "green": _Tone(149, 0.0, 0.20),
    "bright_green": _Tone(114, 0.49, 0.20),
    "yellow": _Tone(95, 1.0, 0.11),
    "magenta": _Tone(339, 0.19, 0.12),
    "blue": _Tone(276, 0.0, 0.12),
    "bright_red": _Tone(39, 0.35, 0.11),
    "red": _Tone(11, 0.0, 0.16),
    "cyan": _Tone(186, 1.0, 0.14),
    "white": _Tone(0, 0.29, 0.0),
}
_LIGHT = {
    "green": _Tone(157, 0.88, 0.17),
    "bright_green": _Tone(118, 0.16, 0.16),
    "yellow": _Tone(87, 0.61, 0.20),
    "magenta": _Tone(344, 0.0, 0.17),
    "blue": _Tone(262, 0.43, 0.16),
    "bright_red": _Tone(36, 0.0, 0.10),
    "red": _Tone(13, 0.60, 0.18),
    "cyan": _Tone(214, 0.13, 0.14),
    "white": _Tone(0, 0.0, 0.0),
}
NAMES = tuple(_DARK)
"""The names under which verdicts have colours; a scheme's others come down to one of these."""
_ENDS = {True: 0.93, False: 0.30}  # the lightness of the farthest, in the dark and in the light

SAFE_SIGNS: Mapping[bool, Mapping[str, str]] = {
    True: {
        "green": "green",
        "bright_green": "bright_green",
        "yellow": "yellow",
        "cyan": "cyan",
        "white": "white",
        "red": "bright_red",
        "bright_red": "bright_red",
        "magenta": "bright_magenta",
        "blue": "bright_blue",
    },
    False: {"red": "red", "bright_red": "bright_red", "magenta": "magenta", "blue": "blue", "white": "bright_black"},
}
"""The terminal's own colours in which a sign is legible on its default ground, whatever the terminal: in the dark, in
the light. What is not named takes the default colour, for another hue would be another verdict's."""


def tone_of(name: str) -> str:
    """The name under which a scheme's colour is known here: black is white's, a bright colour its plain one."""
    name = "white" if name.removeprefix("bright_") == "black" else name
    return name if name in _DARK else name.removeprefix("bright_")


def is_named(name: str) -> bool:
    """Whether it is a name that a scheme may give a colour."""
    return tone_of(name) in _DARK


# Colour spaces


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


@lru_cache(maxsize=2048)
def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_oklch(colour: RGB) -> tuple[float, float, float]:
    """Lightness, chroma and hue in degrees."""
    red, green, blue = (_linear(part / 255) for part in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> RGB:
    """The nearest colour that a screen has: its chroma is lowered until there is one."""
    low, high = 0.0, chroma
    found = _parts(lightness, chroma, hue)
    if not _fits(found):
        for _ in range(24):
            middle = (low + high) / 2
            if _fits(_parts(lightness, middle, hue)):
                low = middle
            else:
                high = middle
        found = _parts(lightness, low, hue)
    red, green, blue = (round(255 * _gamma(min(1.0, max(0.0, part)))) for part in found)
    return red, green, blue


def _parts(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _fits(parts: Sequence[float]) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in parts)


# Legible on a ground


def legible(colour: RGB, ground: RGB, least: float = TEXT) -> RGB:
    """The colour, moved in lightness alone until it has that contrast with the ground; the nearer way where both do."""
    if contrast(colour, ground) >= least:
        return colour
    lightness, chroma, hue = to_oklch(colour)
    found = [_first(lightness, end, chroma, hue, ground, least) for end in (1.0, 0.0)]
    fit = [one for one in found if contrast(one, ground) >= least]
    return min(fit, key=lambda one: abs(to_oklch(one)[0] - lightness)) if fit else farther(ground)


def _first(start: float, end: float, chroma: float, hue: float, ground: RGB, least: float) -> RGB:
    """The first colour on the way from one lightness to another that has that contrast; the last where none has."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        if contrast(from_oklch(start + (end - start) * middle, chroma, hue), ground) >= least:
            high = middle
        else:
            low = middle
    return from_oklch(start + (end - start) * high, chroma, hue)


def farther(ground: RGB) -> RGB:
    """Black or white, whichever stands out more."""
    white, black = (255, 255, 255), (0, 0, 0)
    return white if contrast(white, ground) >= contrast(black, ground) else black


def is_dark(ground: RGB) -> bool:
    """Whether white stands out from it more than black."""
    return farther(ground) == (255, 255, 255)


def worst(grounds: Sequence[RGB], dark: bool) -> RGB:
    """Of several grounds the one on which it is hardest to stand out."""
    return (max if dark else min)(grounds, key=luminance)


@lru_cache(maxsize=256)
def verdict_colour(name: str, ground: RGB, dark: bool) -> RGB:
    """The colour of a verdict on a ground: a scheme's name, or ``#rrggbb``, which keeps its hue and chroma."""
    if name.startswith("#"):
        return legible(parse_colour(name), ground, _TEXT)
    tone = (_DARK if dark else _LIGHT)[tone_of(name)]
    start = to_oklch(_first(to_oklch(ground)[0], 1.0 if dark else 0.0, tone.chroma, tone.hue, ground, _TEXT))[0]
    return legible(from_oklch(start + (_ENDS[dark] - start) * tone.place, tone.chroma, tone.hue), ground, TEXT)


def parse_colour(name: str) -> RGB:
    """A colour written ``#rrggbb``."""
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)


@lru_cache(maxsize=1024)
def tint(colour: RGB, paper: RGB, step: float, dark: bool) -> RGB:
    """The paper behind a claim: of the colour's hue, ``step`` of the way to the strongest on which text is legible."""
    start = to_oklch(paper)[0]
    _, chroma, hue = to_oklch(colour)
    far = start + _FARTHEST[dark] if dark else start - _FARTHEST[dark]
    strength = min(chroma, 0.04 + 0.06 * step)
    end, low, high = far, 0.0, 1.0
    ink = (255, 255, 255) if dark else (0, 0, 0)
    if contrast(from_oklch(far, min(chroma, 0.1), hue), ink) < _CAP:
        for _ in range(20):
            middle = (low + high) / 2
            if contrast(from_oklch(start + (far - start) * middle, min(chroma, 0.1), hue), ink) >= _CAP:
                low = middle
            else:
                high = middle
        end = start + (far - start) * low
    return from_oklch(start + (end - start) * step, strength, hue)


def blend(one: RGB, other: RGB, share: float) -> RGB:
    """So much of the other in the one, part by part."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def in_view(ground: RGB, ink: RGB, signs: Sequence[RGB]) -> RGB:
    """The ground of the map where the rows on the screen lie: as different as all its signs allow."""
    for share in (0.22, 0.18, 0.14, 0.10, 0.07, 0.04):
        mixed = blend(ground, ink, share)
        if all(contrast(sign, mixed) >= _SIGN for sign in signs):
            return mixed
    return ground


# Distance


def distance(one: RGB, other: RGB) -> float:
    """CIEDE2000 of two colours; 1 is just about seen, 100 is black from white."""
    l1, a1, b1 = _lab(one)
    l2, a2, b2 = _lab(other)
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    chroma = (c1 + c2) / 2
    hue = h1 + h2 if not c1 * c2 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    light = ((l1 + l2) / 2 - 50) ** 2
    s_l = 1 + 0.015 * light / math.sqrt(20 + light)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    twist = (
        2
        * math.sqrt(chroma**7 / (chroma**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    )
    d_l, d_c = (l2 - l1) / s_l, (c2 - c1) / s_c
    d_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / s_h
    return math.sqrt(d_l**2 + d_c**2 + d_h**2 - twist * d_c * d_h)


@lru_cache(maxsize=2048)
def _lab(colour: RGB) -> tuple[float, float, float]:
    red, green, blue = (_linear(part / 255) for part in colour)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


_Cones = tuple[tuple[float, float, float], ...]
PROTAN: _Cones = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN: _Cones = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
"""How linear red, green and blue are seen without one kind of cones (Machado, Oliveira and Fernandes 2009)."""


@lru_cache(maxsize=2048)
def seen_by(cones: _Cones, colour: RGB) -> RGB:
    """What eyes without one kind of cones see of a colour."""
    linear = [_linear(part / 255) for part in colour]
    mixed = (sum(share * part for share, part in zip(row, linear, strict=True)) for row in cones)
    red, green, blue = (round(255 * _gamma(min(1.0, max(0.0, part)))) for part in mixed)
    return red, green, blue


# 256 colours


_CHOSEN = {
    ((28, 28, 28), True): "#afff00 #87af5f #af8700 #ffafff #0087ff #ffafaf #ff00af #00ffd7 #8a8a8a",
    ((255, 255, 255), False): "#00875f #5f5f00 #875f00 #5f005f #5f00ff #5f0000 #af005f #005f87 #000000",
}
"""What `choice_of` gives, in the order of `NAMES`, on the grounds of factdesk's own themes: it takes as long as a tenth
of a start."""


def chosen_of(fixed: tuple[RGB, ...], ground: RGB, dark: bool) -> Mapping[str, RGB]:
    """For each name the best of the fixed colours of a terminal, as `choice_of` finds it."""
    if known := _CHOSEN.get((ground, dark)):
        return dict(zip(NAMES, map(parse_colour, known.split()), strict=True))
    return choice_of(fixed, ground, dark)


@lru_cache(maxsize=8)
def choice_of(fixed: tuple[RGB, ...], ground: RGB, dark: bool) -> Mapping[str, RGB]:
    """For each name the best of some fixed colours: legible, of its hue, and far from the others."""
    names = tuple(_DARK)
    ideal = {name: verdict_colour(name, ground, dark) for name in names}
    readable = [colour for colour in fixed if contrast(colour, ground) >= TEXT]
    candidates = {name: _of_hue(readable, ideal[name]) for name in names}
    picked = {name: min(candidates[name], key=lambda one: distance(one, ideal[name])) for name in names}
    for _ in range(3):
        for name in names:
            others = [picked[other] for other in names if other != name]
            picked[name] = max(candidates[name], key=lambda one: min(_apart(one, other) for other in others))
    return picked


@lru_cache(maxsize=8192)
def _apart(one: RGB, other: RGB) -> float:
    """How far apart two colours are, for eyes that lack a kind of cones, too."""
    blind = min(distance(seen_by(cones, one), seen_by(cones, other)) for cones in (PROTAN, DEUTAN))
    return min(distance(one, other), 2.5 * blind)


def _of_hue(colours: Sequence[RGB], ideal: RGB) -> list[RGB]:
    _, chroma, hue = to_oklch(ideal)
    if chroma < 0.02:
        return [one for one in colours if to_oklch(one)[1] < 0.02] or list(colours)
    coloured = [(one, abs((to_oklch(one)[2] - hue + 180) % 360 - 180)) for one in colours if to_oklch(one)[1] > 0.08]
    for widest in (24, 40, 70):
        if found := [one for one, off in coloured if off <= widest]:
            return found
    return list(colours)


_NEAREST: Mapping[tuple[RGB, RGB], RGB] = {
    ((142, 146, 150), (38, 38, 38)): (148, 148, 148),
    ((214, 217, 220), (21, 24, 27)): (255, 255, 255),
    ((208, 209, 209), (18, 18, 18)): (255, 255, 255),
    ((113, 115, 114), (215, 215, 215)): (88, 88, 88),
}
"""What `nearest` gives for words in the first frame, in factdesk's own themes."""


def nearest_of(fixed: tuple[RGB, ...], colour: RGB, ground: RGB, least: float = TEXT) -> RGB:
    """Of the fixed colours of a terminal the nearest one that is legible, as `nearest` finds it."""
    known = _NEAREST.get((colour, ground)) if least == TEXT else None
    return known or nearest(fixed, colour, ground, least)


@lru_cache(maxsize=1024)
def nearest(fixed: tuple[RGB, ...], colour: RGB, ground: RGB, least: float = TEXT) -> RGB:
    """Of some fixed colours the one nearest to a colour that has that contrast with the ground."""
    readable = [one for one in fixed if contrast(one, ground) >= least]
    return min(readable, key=lambda one: distance(one, colour)) if readable else farther(ground)
