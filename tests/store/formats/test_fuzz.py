"""Files of every format, spoilt: whatever is done to them, each record comes in whole or is one sentence."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import Refused
from store.formats import FORMATS
from store.formats.contract import Text
from store.formats.files import Problem
from store.formats.offsets import Finder
from tests.kit import exchange
from tests.kit.depth import examples
from tests.kit.desks import desk_at

READ = [name for name, format in FORMATS.items() if format.module is not None and format.read is not None]
SAID = {"site": "https://desk.example/", "publisher": "The Desk"}


@cache
def files_of(name: str) -> dict[str, bytes]:
    """What a full desk is written as; of packed files the parts are spoilt, and packed again."""
    out = io.BytesIO()
    with TemporaryDirectory() as folder, desk_at(Path(folder)) as desk:
        exchange.a_full_desk(desk)
        module = FORMATS[name].module
        assert module is not None
        said = {key: value for key, value in SAID.items() if key in module.options}
        FORMATS[name].write(desk, out, said=said)
    if not FORMATS[name].folder:
        return {f"file{module.extensions[0]}": out.getvalue()}
    with zipfile.ZipFile(out) as archive:
        return {one: archive.read(one) for one in archive.namelist() if one != "datapackage.json"}


def _number(body: bytes, chance: Random) -> bytes:
    """Another number somewhere: past the end, below zero, or the one after it, so that a place is turned round."""
    found = list(re.finditer(rb"\d+", body))
    if not found:
        return body
    one = chance.choice(found)
    other = chance.choice(found)[0]
    said = chance.choice([b"-1", b"0", b"999999", b"9" * 25, b"1e9", b"NaN", b'"x"', b"null", other])
    return body[: one.start()] + said + body[one.end() :]


def _lines(body: bytes, chance: Random) -> bytes:
    """A line twice, gone, or elsewhere."""
    lines = body.splitlines(keepends=True)
    place = chance.randrange(len(lines) or 1)
    line = lines[place : place + 1]
    how = chance.randrange(3)
    if how == 0:
        return b"".join([*lines[:place], *line, *line, *lines[place + 1 :]])
    if how == 1:
        return b"".join([*lines[:place], *lines[place + 1 :]])
    rest = [*lines[:place], *lines[place + 1 :]]
    chance.shuffle(rest)
    return b"".join([*line, *rest])


def _deep(body: bytes, chance: Random) -> bytes:
    """A value that lies deep in itself, where one stood."""
    found = list(re.finditer(rb'"[^"\n]{0,40}"|\d+', body))
    if not found:
        return body
    one = chance.choice(found)
    depth = chance.choice([1, 50, 5_000])
    opening, closing = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return body[: one.start()] + opening * depth + b"1" + closing * depth + body[one.end() :]


def _bytes(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) or 1)
    said = chance.choice([b"", b"\0", b"\xff\xfe", b"\r\n", b"\t", b"\\", b"<", b"&#0;", b"\xed\xa0\x80", b"\xf0"])
    return body[:at] + said + body[at + chance.randrange(5) :]


def _value(body: bytes, chance: Random) -> bytes:
    """A value of the file in another's place: ids that are there twice, words where a list was."""
    found = list(re.finditer(rb'"[^"\n]{1,60}"|\[[^\[\]\n]{0,60}\]|\btrue\b|\bnull\b', body))
    if len(found) < 2:
        return body
    one, other = chance.sample(found, 2)
    return body[: one.start()] + other[0] + body[one.end() :]


WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (_number, _lines, _deep, _bytes, _value)


def spoilt(body: bytes, seed: int) -> bytes:
    chance = Random(seed)
    if body.startswith(b"PK") and chance.random() < 0.8:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
            wanted = chance.choice(old.namelist())
            for part in old.namelist():
                held = old.read(part)
                new.writestr(part, chance.choice(WAYS)(held, chance) if part == wanted else held)
        return out.getvalue()
    for _ in range(chance.randint(1, 3)):
        body = chance.choice(WAYS)(body, chance)
    return body


def _found(name: str, data: dict[str, bytes]) -> Iterator[Text | Problem]:
    module = FORMATS[name].module
    assert module is not None
    yield from exchange.found(module, data, **{key: value for key, value in SAID.items() if key in module.options})


@pytest.mark.parametrize("name", READ)
@settings(max_examples=examples(60))
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_file_gives_whole_records_and_sentences(name: str, seed: int) -> None:
    files = dict(files_of(name))
    file = Random(seed).choice(sorted(files))
    files[file] = spoilt(files[file], seed)
    module = FORMATS[name].module
    assert module is not None
    for found in _found(name, files):
        if isinstance(found, Problem):
            assert found.where and found.why and "\n" not in str(found) and len(str(found)) < 500, str(found)
            assert not found.why.endswith("."), str(found)
            continue
        places = Finder(found.text, found.text, found.spots, module.unit)
        for spot in (*found.spots, *found.sweeps):
            try:
                anchor = places.place(spot).anchor
            except Refused as refusal:
                assert "\n" not in str(refusal)
                continue
            assert found.text[anchor.start : anchor.end] == anchor.quote and anchor.start < anchor.end
