"""CoNLL: a word on each line with its label by IOB2, an empty line between sentences. It is only written.

A word can have one label: of spans that share words ``--flatten`` keeps the longest, or the first. The label is the
verdict, or CLAIM while there is none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from store.errors import Refused
from store.formats.contract import FIELDS, Loss, Options, Spot, Tally, Text, Unit, overlapping
from store.formats.files import Out
from store.text.quotations import quoted
from store.text.sentences import sentences
from store.text.shorten import shorten
from store.text.units import words

name = "conll"
says = "CoNLL: a word on each line with its label by IOB2"
extensions: tuple[str, ...] = (".conll", ".iob2", ".tsv")
many = False
unit: Unit = "codepoint"
carries = frozenset({"verdict"})
partly = frozenset({"claim", "span"})
loses = frozenset(FIELDS) - carries
needs = ""
options: Mapping[str, str] = {"flatten": "which of the spans that share words is kept: longest or first"}


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    how = options.said.get("flatten", "")
    if how not in ("", "longest", "first"):
        raise Refused(f"“{how}” is not a way to flatten: use longest or first.")
    with out.file() as file:
        for text in texts:
            if overlapping(text.spots) and not how:
                raise Refused(
                    f"{quoted(shorten(text.title))} has claims that share words, and here a word has one label: "
                    "say with --flatten longest or --flatten first which is kept."
                )
            kept = _kept(text, how, tally)
            file.write(f"# {' '.join(text.title.split())}\n".encode())
            file.write("".join(_lines(text, kept, tally)).encode("utf-8", "replace"))
    return tally.losses()


def _kept(text: Text, how: str, tally: Tally) -> list[Spot]:
    """The spans that share no words, in text order."""
    longest = how == "longest"
    order = sorted(text.spots, key=lambda spot: (spot.start - spot.end if longest else spot.start, spot.start))
    kept: list[Spot] = []
    starts: list[int] = []
    for spot in order:
        place = bisect_left(starts, spot.start)
        before, after = kept[place - 1 : place], kept[place : place + 1]
        if any(spot.start < other.end and other.start < spot.end for other in (*before, *after)):
            tally.lost("claim", spot, "it shares words with one that is kept")
        else:
            starts.insert(place, spot.start)
            kept.insert(place, spot)
    return kept


def _lines(text: Text, kept: list[Spot], tally: Tally) -> Iterator[str]:
    labelled: set[str] = set()
    first = 0
    for start, end in sentences(text.text, text.language):
        for token in tokens(text.text, start, end):
            while first < len(kept) and kept[first].end <= token[0]:
                first += 1
            spot = kept[first] if first < len(kept) and kept[first].start < token[1] else None
            label = "O"
            if spot is not None:
                label = f"{'I' if spot.key in labelled else 'B'}-{spot.verdict or 'CLAIM'}"
                if spot.key not in labelled and token[0] != spot.start:
                    tally.lost("span", spot, "its edge lies inside a word")
                labelled.add(spot.key)
            yield f"{text.text[token[0] : token[1]]}\t{label}\n"
        yield "\n"
    for spot in kept:
        if spot.key not in labelled:
            tally.lost("claim", spot, "it holds no word of a sentence")


def tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of a stretch, and what stands between them without white space, each a token."""
    at = start
    for first, last in [*words(text, start, end), (end, end)]:
        between = text[at:first]
        if between.strip():
            skipped = len(between) - len(between.lstrip())
            for piece in between.split():
                place = text.index(piece, at + skipped)
                yield place, place + len(piece)
                skipped = place + len(piece) - at
        if first < last:
            yield first, last
        at = last
