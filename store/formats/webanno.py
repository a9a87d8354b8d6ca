"""WebAnno TSV 3.3: a file for each article, a word on each line with the features of the spans that it belongs to.

A line of the article is a sentence there, and what stands between sentences is line ends again; blank lines and white
space at the end of an article are not kept. A span of several words has a number in brackets on each; where it begins
or ends inside a word, that word's part stands on a line of its own. Offsets are UTF-16 units. Of the layers of a file
those of spans are read; a feature called ``verdict``, ``value`` or ``label`` is the label, ``note`` or ``comment`` the
justification, ``statement`` the statement, any other a tag.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from store.formats.conll import tokens
from store.formats.contract import FIELDS, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import File, Files, Out, Problem, Wrong, name_for
from store.formats.offsets import Ruler

name = "webanno"
says = "WebAnno TSV 3.3, as INCEpTION reads and writes it: a word per line with its spans"
extensions: tuple[str, ...] = (".tsv",)
many = True
unit: Unit = "utf-16"
carries = frozenset({"claim", "overlap", "verdict", "note", "claim_text"})
loses = frozenset(FIELDS) - carries
partly = frozenset({"span"})
needs = ""
options: Mapping[str, str] = {}

_LAYER = "webanno.custom.Claim"
_FEATURES = ("verdict", "note", "statement")
_ROLES = {"verdict": "label", "value": "label", "label": "label", "note": "note", "comment": "note",
          "statement": "claim_text"}  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "|": "\\|", "_": "\\_", ";": "\\;", "*": "\\*",
                          "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # fmt: skip
_BACK = {"t": "\t", "n": "\n", "r": "\r"}


def sniff(head: bytes) -> bool:
    return head.startswith(b"#FORMAT=WebAnno TSV 3")


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    for number, text in enumerate(texts, 1):
        for spot in text.spots:
            if spot.quote != spot.quote.strip():
                tally.lost("span", spot, "white space at its edges belongs to no word")
        head = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={_LAYER}|{'|'.join(_FEATURES)}\n\n"
        out.write(head + "".join(_sentences(text)), f"{name_for(number, text.title)}.tsv")
    return tally.losses()


def _sentences(text: Text) -> Iterator[str]:
    ruler = Ruler(text.text, "utf-16")
    spans = [
        (ruler.code_point(spot.start) or 0, ruler.code_point(spot.end) or 0, nth, _cells(nth, spot))
        for nth, spot in enumerate(text.spots, 1)
    ]
    open_ones = _Open(spans)
    number = 0
    for line in re.finditer("[^\n]+", text.text):
        found = list(tokens(text.text, line.start(), line.end()))
        if not found:
            continue
        number += 1
        yield f"\n#Text={line[0].translate(_ESCAPES_OF_TEXT)}\n"
        for nth, (start, end) in enumerate(found, 1):
            near, cells = open_ones.at(start, end)
            yield _row(text, ruler, f"{number}-{nth}", start, end, cells or _told(_around(near, start, end)))
            if not cells:
                parts: dict[tuple[int, int], list[_Span]] = {}
                for span in near:
                    if span[0] > start or span[1] < end:
                        parts.setdefault((max(start, span[0]), min(end, span[1])), []).append(span)
                for place, (inside, some) in enumerate(sorted(parts.items()), 1):
                    yield _row(text, ruler, f"{number}-{nth}.{place}", *inside, _told(some))


class _Open:
    """The spans that hold a word, as one goes from word to word."""

    def __init__(self, spans: Iterable[_Span]) -> None:
        self._waiting = sorted(spans, reverse=True)
        self._near: list[_Span] = []
        self._cells = _told(())
        self._latest, self._soonest = -1, sys.maxsize

    def at(self, start: int, end: int) -> tuple[Sequence[_Span], str]:
        """The spans that share something with a word; and their cells if each holds all of it, else nothing."""
        begun = False
        while self._waiting and self._waiting[-1][0] < end:
            self._near.append(self._waiting.pop())
            begun = True
        if begun or start >= self._soonest:
            self._near = sorted((span for span in self._near if start < span[1]), key=_nth)
            self._latest = max((span[0] for span in self._near), default=-1)
            self._soonest = min((span[1] for span in self._near), default=sys.maxsize)
            self._cells = _told(self._near)
        return self._near, self._cells if self._latest <= start and end <= self._soonest else ""


_Span = tuple[int, int, int, tuple[str, ...]]
"""Where a span begins and ends (code points), its number, and its cell for each feature."""
_nth = itemgetter(2)


def _cells(nth: int, spot: Spot) -> tuple[str, ...]:
    said = (spot.verdict or spot.label, spot.note, spot.claim_text)
    return tuple(f"{words.translate(_ESCAPES) if words else '*'}[{nth}]" for words in said)


def _around(spans: Iterable[_Span], start: int, end: int) -> list[_Span]:
    return [span for span in spans if span[0] <= start and end <= span[1]]


def _told(spans: Sequence[_Span]) -> str:
    """The cells of a row: of each feature the values of all spans."""
    if not spans:
        return "_\t" * len(_FEATURES)
    return "".join("|".join(values) + "\t" for values in zip(*(span[3] for span in spans), strict=True))


def _row(text: Text, ruler: Ruler, id: str, start: int, end: int, cells: str) -> str:
    words = text.text[start:end].translate(_ESCAPES_OF_TEXT)
    return f"{id}\t{ruler.offset(start)}-{ruler.offset(end)}\t{words}\t{cells}\n"


_ESCAPES_OF_TEXT = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _plain(words: str) -> str:
    return re.sub(r"\\(.)", lambda found: _BACK.get(found[1], found[1]), words, flags=re.DOTALL)


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in files:
        reader = _Tsv(file)
        try:
            reader.read()
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
            continue
        yield from reader.problems
        if reader.words:
            body = reader.text()
            yield Text("", body, where=file.name, spots=tuple(reader.spots(body)))


class _Layer(NamedTuple):
    first: int
    features: tuple[str, ...]


class _Tsv:
    """One file, read line by line."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._layers: list[_Layer] = []
        self._columns = 0
        self._sentence = ""
        self._last = 0
        self._sentences: list[tuple[int, str]] = []
        self.words = 0
        self.problems: list[Problem] = []
        self._found: dict[tuple[int, str], list[tuple[int, int, dict[str, str]]]] = {}

    def read(self) -> None:
        for line in self._file.lines():
            if isinstance(line, Problem):
                self.problems.append(line)
                continue
            number, words = line
            if number == 1 and not words.startswith("#FORMAT=WebAnno TSV 3"):
                raise Wrong("it does not begin with #FORMAT=WebAnno TSV 3")
            if words.startswith("#T_"):
                self._layer(words)
            elif words.startswith("#Text="):
                self._must_be_whole(f"{self._file.name}, line {number}")
                self._sentence = f"{self._sentence}\n{words[6:]}" if self._sentence else words[6:]
            elif words.strip() and not words.startswith("#"):
                self._row(f"{self._file.name}, line {number}", words)
        self._must_be_whole("its end")

    def _must_be_whole(self, where: str) -> None:
        """Refuse a file in which a sentence has fewer words than its text: a span of it may lack some."""
        if self._sentences and not self._sentence:
            start, words = self._sentences[-1]
            if self._last < start + len(words.rstrip().encode("utf-16-le", "surrogatepass")) // 2:
                raise Wrong(f"a sentence breaks off before {where}")

    def _layer(self, line: str) -> None:
        kind, _, said = line.partition("=")
        features = tuple(said.split("|")[1:])
        if kind == "#T_SP":
            self._layers.append(_Layer(self._columns, features or ("",)))
        else:
            self.problems.append(Problem(self._file.name, f"the layer {said.split('|')[0]} was left out", mended=True))
        self._columns += max(len(features), 1)

    def _row(self, where: str, line: str) -> None:
        cells = line.split("\t")
        place = re.fullmatch(r"(\d{1,12})-(\d{1,12})", cells[1]) if len(cells) > 2 else None
        if place is None or not re.fullmatch(r"\d+-\d+(\.\d+)?", cells[0]):
            self.problems.append(Problem(where, "it is not a word with its number, place and features"))
            return
        start, end = int(place[1]), int(place[2])
        self.words += 1
        if self._sentence:
            words = _plain(self._sentence)
            before = words.find(_plain(cells[2]))
            lead = len(words[: max(before, 0)].encode("utf-16-le", "surrogatepass")) // 2
            self._sentences.append((start - lead, words))
            self._sentence, self._last = "", 0
        self._last = max(self._last, end)
        for layer in self._layers:
            self._values(layer, start, end, cells[3 + layer.first :][: len(layer.features)], cells[0])

    def _values(self, layer: _Layer, start: int, end: int, cells: list[str], id: str) -> None:
        stacked = [re.split(r"(?<!\\)(?:\\\\)*\|", cell) if cell not in ("", "_") else [] for cell in cells]
        for nth in range(max(map(len, stacked), default=0)):
            said: dict[str, str] = {}
            number = ""
            for feature, values in zip(layer.features, stacked, strict=False):
                value = values[nth] if nth < len(values) else "*"
                if marked := re.search(r"(?<!\\)\[(\d+)\]$", value):
                    number, value = marked[1], value[: marked.start()]
                if value not in ("*", "_", ""):
                    said[feature] = _plain(value)
            key = (layer.first, number or f"{id}/{nth}")
            self._found.setdefault(key, []).append((start, end, said))

    def text(self) -> str:
        """The sentences where they stand, with line ends between them."""
        units, parts = 0, []
        for start, words in self._sentences:
            gap = max(start - units, 0)
            parts += ["\n" * gap, words]
            units += gap + len(words.encode("utf-16-le", "surrogatepass")) // 2
        return "".join(parts)

    def spots(self, body: str) -> Iterator[Spot]:
        """The spans with their words; ``body`` is the text as its sentences make it."""
        ruler = Ruler(body, unit)
        for (_, number), pieces in self._found.items():
            said = pieces[0][2]
            words = {role: "" for role in ("label", "note", "claim_text")}
            tags = []
            for feature, value in said.items():
                role = _ROLES.get(feature.casefold(), "")
                if role:
                    words[role] = words[role] or value
                else:
                    tags.append(value)
            start, end = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
            key = number if number.isdecimal() else ""
            first, last = ruler.code_point(start), ruler.code_point(end)
            quote = body[first:last] if first is not None and last is not None else ""
            yield Spot(key, start, end, quote, label=words["label"], note=words["note"], claim_text=words["claim_text"],
                       tags=tuple(tags))  # fmt: skip
