"""brat standoff: for each article its text in ``NAME.txt`` and what is marked in ``NAME.ann``; and ``annotation.conf``.

A claim is a text-bound annotation ``T``, its verdict the attribute ``Verdict``, its justification the note
``AnnotatorNotes`` and its statement the note ``ClaimText``; a note of several lines is several notes. A span over a
line end is written in pieces, as the format wants it; where its edges are line ends, the note ``Span`` has them.
Offsets are code points. Relations, events and equivalences of a file are kept with the claims they name, and given
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import FIELDS, Loss, Options, Spot, Text, Unit
from store.formats.files import File, Files, Out, Problem, Wrong, name_for

name = "brat"
says = "brat standoff: a folder with a text and an annotation file for each article"
extensions: tuple[str, ...] = (".ann", ".txt")
many = True
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "overlap", "discontinuous", "verdict", "note", "claim_text"})
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}

_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d{1,15} \d{1,15}(?:;\d{1,15} \d{1,15})*)\t(.*)", re.DOTALL)
_ABOUT = re.compile(r"([AM]\d+)\t(\S+) (\S+)(?: (.*))?", re.DOTALL)
_NOTE = re.compile(r"#\d*\t(\S+) (\S+)\t?(.*)", re.DOTALL)
_NAMED = re.compile(r"\bT\d+\b")
_OWN = ("AnnotatorNotes", "ClaimText", "Span")


def sniff(head: bytes) -> bool:
    return re.match(rb"T\d+\t\S+ \d+ \d+", head) is not None


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    types: dict[str, None] = {"Claim": None}
    for number, text in enumerate(texts, 1):
        stem = name_for(number, text.title)
        out.write(text.text, f"{stem}.txt")
        lines = _lines(text, types)
        out.write("".join(f"{line}\n" for line in lines), f"{stem}.ann")
    verdicts = "|".join(kind.key for kind in options.scheme.verdicts)
    conf = "\n".join(["[entities]", *types, "", "[relations]", "", "[events]", "", "[attributes]"])
    out.write(f"{conf}\nVerdict\tArg:<ENTITY>, Value:{verdicts}\n", "annotation.conf")
    return []


def _lines(text: Text, types: dict[str, None]) -> list[str]:
    marks: list[str] = []
    notes: list[tuple[str, str, str]] = []
    again: dict[str, str] = {}
    kept: list[str] = []
    for number, spot in enumerate(text.spots, 1):
        mark, own = f"T{number}", spot.extra.get("brat", {})
        again[str(own.get("id", mark))] = mark
        kept += [line for line in own.get("lines", ()) if line not in kept]
        kind = str(own.get("type", "Claim"))
        types.setdefault(kind)
        pieces = _pieces(text.text, spot)
        where = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(text.text[start:end] for start, end in pieces)
        marks.append(f"{mark}\t{kind} {where}\t{words}")
        if spot.verdict:
            marks.append(f"A{number}\tVerdict {mark} {spot.verdict}")
        if (pieces[0][0], pieces[-1][1]) != (spot.start, spot.end):
            notes.append((mark, "Span", f"{spot.start} {spot.end}"))
        for kind, said in (("AnnotatorNotes", spot.note), ("ClaimText", spot.claim_text)):
            notes += [(mark, kind, line) for line in (said.split("\n") if said else [])]
    told = [f"#{number}\t{kind} {mark}\t{line}" for number, (mark, kind, line) in enumerate(notes, 1)]
    return [*marks, *told, *_given_back(kept, again)]


def _given_back(lines: Iterable[str], again: Mapping[str, str]) -> list[str]:
    """The lines of a file that name only what is still there, with the names it has now."""
    return [
        _NAMED.sub(lambda found: again[found[0]], line) for line in lines if set(_NAMED.findall(line)) <= again.keys()
    ]


def _pieces(text: str, spot: Spot) -> list[tuple[int, int]]:
    """The pieces of a span between its line ends."""
    found: list[tuple[int, int]] = []
    for start, end in spot.fragments or ((spot.start, spot.end),):
        for line in re.finditer("[^\n]+", text[start:end]):
            found.append((start + line.start(), start + line.end()))
    return found


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    marked = {file.name.removesuffix(".ann"): file for file in files if file.suffix == ".ann"}
    texts = {file.name.removesuffix(".txt"): file for file in files if file.suffix == ".txt"}
    for stem, file in texts.items():
        try:
            text = Text("", file.text(), where=file.name)
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
            continue
        if stem in marked:
            reader = _Standoff(marked[stem], text.text)
            yield from reader.problems
            text = text._replace(spots=tuple(reader.spots.values()))
        if text.text.strip() or text.spots:
            yield text
        else:
            yield Problem(file.name, "it has no text")
    for stem in marked.keys() - texts.keys():
        yield Problem(f"{stem}.ann", f"there is no {stem}.txt beside it")


class _Standoff:
    """The annotations of one file."""

    def __init__(self, file: File, text: str) -> None:
        self.spots: dict[str, Spot] = {}
        self.problems: list[Problem] = []
        self._text = text
        rest: list[tuple[str, str]] = []
        try:
            for line in file.lines():
                if isinstance(line, Problem):
                    self.problems.append(line)
                elif line[1].startswith("T"):
                    self._mark(f"{file.name}, line {line[0]}", line[1])
                elif line[1].strip():
                    rest.append((f"{file.name}, line {line[0]}", line[1]))
        except Wrong as wrong:
            self.problems.append(Problem(file.name, str(wrong)))
        for where, words in rest:
            self._about(where, words)

    def _mark(self, where: str, line: str) -> None:
        found = _TEXT_BOUND.fullmatch(line)
        if found is None:
            self.problems.append(Problem(where, "it is not an id, a type with offsets, and words, between tabs"))
            return
        id, kind, told, words = found.groups()
        pieces = [tuple(map(int, piece.split())) for piece in told.split(";")]
        if id in self.spots:
            self.problems.append(Problem(where, f"{id} is there already"))
            return
        if len(words) != sum(end - start for start, end in pieces) + len(pieces) - 1:
            self.problems.append(Problem(where, f"its words are not as long as {told} says"))
            return
        extra: dict[str, Any] = {"brat": {"id": id, "type": kind, "lines": []}}
        whole = self._joined(pieces)
        gaps = tuple(whole) if len(whole) > 1 else ()
        quote = words if gaps or len(pieces) == 1 else self._text[whole[0][0] : whole[0][1]]
        if len(pieces) > 1 and not gaps and " ".join(quote.split()) != " ".join(words.split()):
            quote = words
        self.spots[id] = Spot(id, whole[0][0], whole[-1][1], quote, fragments=gaps, label=kind, extra=extra)

    def _joined(self, pieces: Iterable[tuple[int, ...]]) -> list[tuple[int, int]]:
        """Pieces with nothing but line ends between them are one."""
        found: list[tuple[int, int]] = []
        for start, end in pieces:
            if found and found[-1][1] <= start and not self._text[found[-1][1] : start].strip("\r\n"):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    def _about(self, where: str, line: str) -> None:
        if (note := _NOTE.fullmatch(line)) and note[2] in self.spots and note[1] in _OWN:
            self._said(note[2], note[1], note[3])
        elif (said := _ABOUT.fullmatch(line)) and said[3] in self.spots and said[2] == "Verdict" and said[4]:
            self._put(said[3], verdict=said[4])
        elif line[0] in "REAMN*#":
            named = [id for id in dict.fromkeys(_NAMED.findall(line)) if id in self.spots]
            if named:
                self.spots[named[0]].extra["brat"]["lines"].append(line)
            elif line[0] != "#":
                self.problems.append(Problem(where, "it names no annotation of the file", mended=line[0] in "EAM"))
        else:
            self.problems.append(Problem(where, "it begins as no line of the format does"))

    def _said(self, id: str, kind: str, words: str) -> None:
        spot = self.spots[id]
        if kind == "Span":
            edges = words.split(" ")
            if len(edges) == 2 and all(edge.isdecimal() and len(edge) < 16 for edge in edges):
                start, end = map(int, edges)
                inside = start <= spot.start and spot.end <= end
                if inside and not self._text[start : spot.start].strip() and not self._text[spot.end : end].strip():
                    self._put(id, start=start, end=end, quote=self._text[start:end])
            return
        field = "note" if kind == "AnnotatorNotes" else "claim_text"
        before = spot.extra["brat"].setdefault("begun", [])
        held = getattr(spot, field)
        self._put(id, **{field: f"{held}\n{words}" if field in before else words})
        before.append(field)

    def _put(self, id: str, **values: Any) -> None:
        self.spots[id] = self.spots[id]._replace(**values)
