"""A format of another program, whole: a line for each claim, with its place and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from store.formats.contract import FIELDS, Loss, Options, Spot, Text, Unit
from store.formats.files import Files, Out, Problem

name = "tally"
says = "a line for each claim, and above them the text on one line"
extensions: tuple[str, ...] = (".tally",)
many = False
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "overlap"})
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}


def sniff(head: bytes) -> bool:
    return head.startswith(b"= ")


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    with out.file() as file:
        for text in texts:
            file.write(f"= {text.text!r}\n".encode())
            file.writelines(f"{spot.start} {spot.end} {spot.quote!r}\n".encode() for spot in text.spots)
    return []


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    from ast import literal_eval

    for file in files:
        texts: list[Text] = []
        for line in file.lines():
            if isinstance(line, Problem):
                yield line
                continue
            number, words = line
            try:
                if words.startswith("= "):
                    texts.append(Text("", str(literal_eval(words[2:])), where=f"{file.name}, line {number}"))
                    continue
                start, end, quote = words.split(" ", 2)
                spot = Spot(f"{number}", int(start), int(end), str(literal_eval(quote)))
                texts[-1] = texts[-1]._replace(spots=(*texts[-1].spots, spot))
            except (ValueError, SyntaxError, IndexError, MemoryError, RecursionError):
                yield Problem(f"{file.name}, line {number}", "it is neither a text nor a claim")
        yield from texts
