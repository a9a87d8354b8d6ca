"""Pictures made of block characters: an article's heat map, verdicts over time, and who agrees with whom.

Each state has a sign of its own, so that a picture says without colour what it says with it; the legend names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from store.library.picture_figures import Heat, HeatRow, Timeline
from store.scheme import Scheme
from store.settle.agreement import Matrix
from tui.kit.styled_text import Piece, fit, shorten
from tui.text.cells import cell_len
from tui.text.dates import MONTHS
from tui.text.safe import safe

SIGNS: Mapping[Heat, tuple[str, str, str]] = {
    Heat.DISPUTED: ("!", "disputed", "bold warning"),
    Heat.REFUTED: ("✗", "refuted", "error"),
    Heat.OPEN: ("·", "open", "muted"),
    Heat.LEFTOVER: ("◦", "leftover", "accent"),
    Heat.LACKING: ("▓", "lacks", "accent"),
    Heat.REST: ("‐", "rest", "muted"),
    Heat.CHECKED: ("█", "checked", "success"),
    Heat.SWEPT: ("░", "swept", "muted"),
}
"""The sign, the word and the tone of each state, what asks for most first."""
_STEPS = " ▁▂▃▄▅▆▇█"
_SHARES = ((0.8, "█", "80 and more"), (0.6, "▓", "60–79"), (0.0, "░", "below 60"))
FEW = 5
"""With fewer verdicts to compare, no share is told."""


class PictureRow(NamedTuple):
    """A row of a picture: what is drawn, what it says in words, and the claim (id) that it leads to, if any."""

    pieces: Sequence[Piece]
    says: str
    claim: str = ""


class Picture(NamedTuple):
    """A title, rows, and what the signs mean."""

    title: str
    rows: Sequence[PictureRow]
    legend: str
    scale: str = ""
    """What a cell stands for, if that is not said elsewhere."""


def heat_map(title: str, rows: Sequence[HeatRow], cells: int) -> Picture:
    """Where claims, leftovers and disputes lie: a row is a paragraph, a cell as few words as the width allows."""
    head = len(str(len(rows))) + 2
    longest = max((len(row.words) for row in rows), default=1)
    each = max(1, -(-longest // max(1, cells - head)))
    drawn = []
    for row in rows:
        pieces: list[Piece] = [(f"{row.number:>{head - 1}} ", "muted")]
        for heat in row.cells(each):
            sign, _, tone = SIGNS[heat]
            if len(pieces) > 1 and pieces[-1][1] == tone and pieces[-1][0][-1] == sign:
                pieces[-1] = (pieces[-1][0] + sign, tone)
            else:
                pieces.append((sign, tone))
        counts = row.counts
        told = [f"{counts[heat]} {word}" for heat, (_, word, _) in SIGNS.items() if counts[heat]]
        drawn.append(
            PictureRow(pieces, f"Paragraph {row.number}, {len(row.words)} words: {', '.join(told)}.", row.claim)
        )
    legend = "  ".join(f"{sign} {word}" for sign, word, _ in SIGNS.values())
    return Picture(f"Heat map of {title}", drawn, legend, "a cell: 1 word" if each == 1 else f"a cell: {each} words")


def verdicts_over_time(timeline: Timeline, scheme: Scheme, cells: int) -> Picture:
    """How many of each verdict were given when: a row a verdict, one scale for all rows."""
    labels = {key: f"{scheme.verdict(key).glyph} {scheme.verdict(key).label}" for key in timeline.counts}
    name = min(28, max((cell_len(safe(label)) for label in labels.values()), default=8))
    room = max(1, cells - name - 9)
    spans = max((len(counts) for counts in timeline.counts.values()), default=0)
    first = max(0, spans - room)  # of more spans than there is room for, the newest are shown
    top = max((max(counts[first:]) for counts in timeline.counts.values()), default=1) or 1
    drawn = []
    for key, counts in timeline.counts.items():
        bars = "".join(_STEPS[-(-8 * count // top)] for count in counts[first:])
        total, most = sum(counts), max(range(len(counts)), key=counts.__getitem__)
        when = timeline.day(most)
        says = (
            f"{labels[key]}: {total} in all, most from {when.day} {MONTHS[when.month - 1]} {when.year}: {counts[most]}."
        )
        tone = scheme.verdict(key).colour
        drawn.append(PictureRow([(f" {fit(labels[key], name)} ", ""), (f"{total:>5}  ", "bold"), (bars, tone)], says))
    each = "day" if timeline.days == 1 else "week" if timeline.days == 7 else f"{timeline.days // 7} weeks"
    begins = timeline.day(first)
    since = f"from {begins.day} {MONTHS[begins.month - 1]} {begins.year}"
    legend = f"a column: {each}, {since}; █ is {top}" if drawn else "No verdict was given yet."
    return Picture("Verdicts over time", drawn, legend)


def agreement_matrix(matrix: Matrix, cells: int) -> Picture:
    """How many of a hundred matched claims every two people gave the same verdict."""
    people = matrix.people
    name = min(16, max((cell_len(safe(str(one))) for one in people), default=4))
    width = max(6, min(name, (cells - name - 2) // max(1, len(people)) - 1))
    head: list[Piece] = [(" " * (name + 2), ""), *((fit(str(one), width, right=True) + " ", "muted") for one in people)]
    drawn = [PictureRow(head, "Same verdict, of 100 matched claims.")] if people else []
    for one in people:
        pieces: list[Piece] = [(f" {fit(str(one), name)} ", "")]
        told = []
        for other in people:
            found = matrix.of(one, other) if one != other else None
            said, tone = _share(found) if one != other else ("·", "muted")
            pieces.append((fit(said, width, right=True) + " ", tone))
            if found:
                share = f"{found[0]:.0%}" if found[1] >= FEW else "too few for a figure"
                told.append(f"{other} {share} of {found[1]}")
        drawn.append(
            PictureRow(pieces, f"{one} with {', '.join(told) or 'nobody: no claim of two people can be compared'}.")
        )
    legend = "  ".join(f"{sign} {words}" for _, sign, words in _SHARES) + f"  (n): only n claims, fewer than {FEW}"
    return Picture("Agreement: same verdict, percent", drawn, legend if people else "Nobody has submitted a set yet.")


def _share(found: tuple[float, int] | None) -> tuple[str, str]:
    if found is None:
        return "–", "muted"
    share, number = found
    if number < FEW:
        return f"({number})", "muted"
    sign = next(sign for least, sign, _ in _SHARES if share >= least)
    return f"{sign} {round(100 * share)}", "bold"


# On paper

_INKS = {
    "warning": "#8f6100", "accent": "#8a5a00", "success": "#2e7031", "muted": "#5a6b78", "red": "#8a002f",
    "green": "#004024", "bright_green": "#5d6a00", "yellow": "#584200", "magenta": "#b3448c", "blue": "#1a4aaa",
    "bright_red": "#a35a47", "cyan": "#007083", "white": "#6e6e6e",
}  # fmt: skip
_PAPER, _INK = "#fbfaf7", "#22272b"
_CELL, _LINE = 8.4, 18


def svg(picture: Picture) -> str:
    """The picture as SVG: the same rows, with what each says as its title for those who listen."""
    legend = _legend(picture)
    lines = [[(picture.title, "bold")], [], *(row.pieces for row in picture.rows), [], [(legend, "muted")]]
    says = [picture.title, "", *(row.says for row in picture.rows), "", legend]
    width = max((sum(cell_len(safe(text)) for text, _ in line) for line in lines), default=10)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_CELL * (width + 4):.0f}"'
        f' height="{_LINE * (len(lines) + 2)}" font-family="monospace" font-size="14">',
        f"<title>{escape(safe(picture.title))}</title>",
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>',
    ]
    for number, (line, said) in enumerate(zip(lines, says, strict=True)):
        if not line:
            continue
        x, y = 2 * _CELL, _LINE * (number + 2)
        out.append(f"<g><title>{escape(safe(said))}</title>")
        for text, tone in line:
            words = tone.split()
            ink = next((_INKS[word] for word in words if word in _INKS), _INK)
            ink = next((word for word in words if word.startswith("#")), ink)
            weight = ' font-weight="bold"' if "bold" in words else ""
            cells = cell_len(safe(text))
            out.append(
                f'<text xml:space="preserve" x="{x:.1f}" y="{y}" textLength="{_CELL * cells:.1f}"'
                f' fill="{ink}"{weight}>{escape(safe(text))}</text>'
            )
            x += _CELL * cells
        out.append("</g>")
    return "\n".join([*out, "</svg>\n"])


def plain_lines(picture: Picture) -> list[str]:
    """The picture as lines of text."""
    rows = ["".join(safe(text) for text, _ in row.pieces).rstrip() for row in picture.rows]
    return [shorten(picture.title, 200), "", *rows, "", _legend(picture)]


def _legend(picture: Picture) -> str:
    return f"{picture.legend}  ({picture.scale})" if picture.scale else picture.legend
