"""UIMA CAS JSON, what INCEpTION exports and imports: a file for each article with its own type system.

It holds the same as ``uima-xmi``, and every character of a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from store.formats import uima
from store.formats.contract import FIELDS, Loss, Options, Text, Unit
from store.formats.files import Files, Out, Problem, Wrong, name_for, parsed

name = "uima-json"
says = "UIMA CAS JSON, as INCEpTION reads and writes it: a file for each article"
extensions: tuple[str, ...] = (".json",)
many = True
unit: Unit = "utf-16"
carries = uima.carries | {"span"}
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset()
needs = uima.needs
options: Mapping[str, str] = {}


def sniff(head: bytes) -> bool:
    return b'"%TYPES"' in head or b'"%FEATURE_STRUCTURES"' in head


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    types = uima.type_system()
    for number, text in enumerate(texts, 1):
        out.write(uima.cas(text, types).to_json(), f"{name_for(number, text.title)}.json")
    return []


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in files:
        try:
            yield from _document(file.text(), file.name)
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))


def _document(body: str, where: str) -> list[Text | Problem]:
    from cassis import load_cas_from_json

    found: Any = parsed(body)
    if not isinstance(found, dict):
        raise Wrong(found if isinstance(found, str) else "it is not a JSON object")
    if "%VIEWS" not in found:
        raise Wrong("it is not a CAS: it has no %VIEWS")
    load = partial(load_cas_from_json, lenient=True)
    return uima.document(uima.loaded(load, body.encode(), "a CAS"), where)
