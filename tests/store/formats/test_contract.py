"""The contract that every format keeps: what it carries comes back, and what it loses is said."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from store.access import fields
from store.desk import Desk
from store.errors import Refused
from store.formats import FORMATS
from store.formats.contract import FIELDS, OF_TEXT, Loss, Said, Spot, Tally, Text, held
from store.formats.files import Problem
from store.formats.offsets import Finder
from store.formats.outgoing_texts import texts
from tests.kit import exchange
from tests.kit.depth import examples
from tests.kit.desks import desk_at, put_a_filled_desk

OURS = [name for name, format in FORMATS.items() if format.module is not None]
READ = [name for name in OURS if FORMATS[name].read is not None]
PLACED = [name for name in READ if "span" in FORMATS[name].module.carries]  # type: ignore[union-attr]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "full").mkdir()
    put_a_filled_desk(tmp_path / "full" / "desk.db", exchange.a_full_desk)
    with desk_at(tmp_path / "full") as desk:
        yield desk


@pytest.mark.parametrize("field", fields.CLAIM)
def test_what_is_said_of_a_claim_is_carried_or_counted_as_lost(field: str) -> None:
    some, none = Spot(**{field: "some"}), Spot()  # type: ignore[arg-type]
    assert any(held(what, some) != held(what, none) for what in FIELDS if what not in OF_TEXT)


def module(name: str) -> Any:
    return FORMATS[name].module


def exported(desk: Desk, name: str, **said: Any) -> tuple[dict[str, bytes], tuple[Loss, ...]]:
    """The files that an export writes, by name, and what it says is lost."""
    out = io.BytesIO()
    done = FORMATS[name].write(desk, out, **said)
    if not FORMATS[name].folder:
        return {f"file{module(name).extensions[0]}": out.getvalue()}, done.losses
    with zipfile.ZipFile(out) as archive:
        return {one: archive.read(one) for one in archive.namelist() if one != "datapackage.json"}, done.losses


def values(of: list[Text], what: str, form: Any = None) -> Counter[str]:
    """What some texts hold of a field, with the words that it is about."""
    if what in OF_TEXT:
        return Counter(repr((text.text, _plain(held(what, text)))) for text in of if held(what, text))
    spots = [spot for text in of for spot in text.spots]
    worded = form is None or form.unit == "none" or "claim_text" in form.carries
    about = [(spot.claim_text or spot.quote if worded else spot.quote, spot) for spot in spots]
    if what == "claim":
        return Counter({repr(words) for words, _ in about})
    return Counter(repr((words, _plain(held(what, spot)))) for words, spot in about if held(what, spot))


def _plain(value: Any) -> Any:
    """A value without the ids of its members, and without the comments that tell of reviews."""
    if isinstance(value, tuple) and value and isinstance(value[0], Said):
        return [said for said in value if not said.words.startswith("agree: ")]
    if isinstance(value, tuple) and value and isinstance(value[0], Spot):
        return [(spot.start, spot.end, spot.person) for spot in value]
    return value


def told(options: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in options.items() if key in module(name).options}


SAID = {"flatten": "longest", "site": "https://desk.example/", "publisher": "The Desk"}
"""What formats ask to be said."""


@pytest.mark.parametrize("name", READ)
def test_what_a_format_carries_comes_back_and_what_it_loses_is_said(
    name: str, full: Desk, empty: Desk, tmp_path: Path
) -> None:
    said = told(SAID, name)
    data, losses = exported(full, name, said=said)
    assert exported(full, name, said=said) == (data, losses)
    form = module(name)
    assert {loss.what for loss in losses} <= form.loses
    brought = exchange.brought_to(empty, FORMATS[name], data, tmp_path / "in", unit=form.unit, said=said)
    assert not brought.refused, brought.refused
    before, after = list(texts(full)), list(texts(empty))
    lost = {loss.what: loss.count for loss in losses}
    for what in FIELDS:
        here, there = values(before, what, form), values(after, what, form)
        if what in form.carries:
            assert there == here or what == "overlap", what
            assert what not in lost
        else:
            assert lost.get(what, 0) >= 0
            if here - there and what != "overlap":
                assert lost.get(what), f"{what} is lost, and nothing says it"
        if what in form.loses - form.partly:
            tally = Tally()
            list(tally.passing(before, {what}))
            assert [loss.count for loss in losses if loss.what == what] == [one.count for one in tally.losses()]
    again = exchange.brought_to(empty, FORMATS[name], data, tmp_path / "in", unit=form.unit, said=said)
    assert (again.articles, again.claims, again.changed) == (0, 0, 0), "the same file twice brings nothing new"
    assert values(list(texts(empty)), "verdict") == values(after, "verdict")
    assert empty.upkeep.verify() == []
    assert empty.history.undo() and empty.articles.all() == []


@pytest.mark.parametrize("name", ["jsonl", "w3c", "docx", "tables"])
def test_how_lines_are_to_be_read_comes_back(name: str, empty: Desk, tmp_path: Path) -> None:
    said = {"Rain": "lines", "Snow": "wrapped", "Hail": ""}
    with desk_at(tmp_path) as desk:
        for title, lines in said.items():
            desk.articles.add(f"{title} fell\non Monday.", title=title, lines=lines)
        assert not getattr(FORMATS[name].write(desk, tmp_path / "out.zip"), "losses", ())
    FORMATS[name].read(empty, tmp_path / "out.zip")  # type: ignore[misc]
    assert {one.title: one.lines for one in empty.articles.all()} == said


@pytest.mark.parametrize("name", ["jsonl", "w3c", "labelstudio", "doccano", "docx", "tables"])
def test_a_text_that_is_markdown_comes_back_as_markdown(name: str, empty: Desk, tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        desk.articles.add("It *rained* on Monday.", title="Rain", markup="markdown")
        desk.articles.add("It *snowed* on Monday.", title="Snow")
        assert not getattr(FORMATS[name].write(desk, tmp_path / "out.zip"), "losses", ())
    FORMATS[name].read(empty, tmp_path / "out.zip")  # type: ignore[misc]
    assert {one.title: one.markup for one in empty.articles.all()} == {"Rain": "markdown", "Snow": ""}


@pytest.mark.parametrize(("what", "value"), [("markup", "troff"), ("lines", "zigzag")])
def test_what_no_desk_knows_of_an_article_is_left_out_and_that_is_said(
    what: str, value: str, empty: Desk, tmp_path: Path
) -> None:
    line = {"type": "article", "id": "a", "title": "Rain", what: value, "text": "It rained."}
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    done: Any = FORMATS["jsonl"].read(empty, tmp_path / "a.jsonl")  # type: ignore[misc]
    assert done.notes == (f"“{value}” cannot be an article's {what}; it was left out (1).",)
    assert getattr(empty.articles.all()[0], what) == ""


@pytest.mark.parametrize("name", ["labelstudio", "doccano"])
def test_what_other_tools_call_lines_is_no_trouble(name: str, full: Desk, empty: Desk, tmp_path: Path) -> None:
    data, losses = exported(full, name)
    assert [str(loss) for loss in losses if loss.what == "lines"] == [
        "how the lines of the text are to be read (1 article, such as “Empty”)"
    ]
    (file, body), *_ = data.items()
    theirs = body.replace(b'"title": "Empty"', b'"title": "Empty", "lines": [1, 2]')
    assert theirs != body
    brought = exchange.brought_to(empty, FORMATS[name], {file: theirs}, tmp_path / "in", unit=module(name).unit)
    assert not brought.refused and "Empty" in {one.title for one in empty.articles.all()}


@pytest.mark.parametrize("person", ["Zoe", "Ana"], ids=["own", "of somebody else"])
def test_a_note_without_a_verdict_is_a_comment_and_the_same_one_the_second_time(
    person: str, empty: Desk, tmp_path: Path
) -> None:
    spot = Spot("k1", 0, 2, "It", note="Says who?", person=person)
    data = exchange.written(module("jsonl"), [Text("a", "It rained.", spots=(spot,))])
    for times in range(3):
        done = exchange.brought_to(empty, FORMATS["jsonl"], data, tmp_path)
        assert (done.claims, done.known, done.changed) == ((1, 0, 0) if not times else (0, 1, 0))
        (claim,) = empty.claims.of(empty.articles.all()[0])
        assert [comment.body for comment in empty.threads.of(claim)] == ["Says who?"]
        if times and person == "Zoe":
            assert (claim.verdict, claim.justification) == ("refuted", "I looked.")
        elif person == "Zoe":
            empty.verdicts.give(claim, "refuted", "I looked.")


@pytest.mark.parametrize("name", READ)
def test_writing_what_was_read_gives_the_same_bytes(name: str, full: Desk) -> None:
    said = told(SAID, name)
    data, _ = exported(full, name, said=said)
    read = exchange.found(module(name), data, **said)
    assert not [one for one in read if isinstance(one, Problem)]
    out = exchange.written_as_read(module(name), [one for one in read if isinstance(one, Text)], **said)
    assert [out[name] for name in sorted(out)] == [data[name] for name in sorted(data)]


@pytest.mark.parametrize("name", OURS)
def test_no_name_is_left_where_people_are_numbers(name: str, full: Desk) -> None:
    data, _ = exported(full, name, said=told(SAID, name), anonymous=True)
    for file, body in data.items():
        assert not re.search(r"\b(Ana|Bo Ek|Bo)\b", f"{file} {exchange.unpacked(body)}")
    if "person" in module(name).carries:
        assert "Person 1" in "".join(map(exchange.unpacked, data.values()))


@pytest.mark.parametrize("name", READ)
def test_a_file_that_breaks_off_gives_whole_records_or_none(name: str, full: Desk) -> None:
    said = told(SAID, name)
    data, _ = exported(full, name, said=said)
    whole = {repr(_whole(spot)) for text in _texts(name, data, said) for spot in text.spots}
    for file, body in data.items():
        for cut in range(0, len(body), max(1, len(body) // examples(60))):
            for text in _texts(name, {**data, file: body[:cut]}, said):
                for spot in text.spots:
                    assert repr(_whole(spot)) in whole or _refused(name, text, spot), (file, cut, spot)


def _whole(spot: Spot) -> Spot:
    """A spot without what other lines say of it, and what a whole text gives it."""
    return spot._replace(verdict="", label="", note="", comments=(), reviews=(), claim_text="", person="", key="",
                         prefix="", suffix="", evidence=(), tags=(), types=(), extra={}, at=0)  # fmt: skip


def _refused(name: str, text: Text, spot: Spot) -> bool:
    try:
        Finder(text.text, text.text, (spot,), module(name).unit).place(spot)
    except Refused:
        return True
    return not text.text.strip()


def _texts(name: str, data: dict[str, bytes], said: dict[str, str]) -> list[Text]:
    return [one for one in exchange.found(module(name), data, **said) if isinstance(one, Text)]


JUNK: tuple[bytes, ...] = (
    b"", b"\0", b"{}", b"[]", b"null", b"[1, [2], null]", b'"text"', b"{" * 5000, b"[" * 100_000, b"\xff\xfe\xfa",
    b'{"text": 3, "label": [[1]], "annotations": {"a": [null]}, "data": 7}', b"1" * 5000,
    b'{"text": null, "label": {"x": 1}, "entities": "no"}\n{"text": "a b", "label": [[5, 1, "X"], ["a", {}, []]]}',
    b'{"@graph": {"@type": ["ClaimReview"]}}', 
    b"T1\tClaim 5 2\tx\nT\nT2\nA1\nR1\tX Arg1:T9\n#1\n*\n", b"\t\t\t\n1-1\t0-\t",
)  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_is_no_file_of_the_format_is_a_problem_or_nothing(name: str, full: Desk) -> None:
    form = module(name)
    data, _ = exported(full, name, said=told(SAID, name))
    for junk in JUNK:
        for file in data:
            exchange.found(form, {**data, file: junk}, **told(SAID, name))
        assert form.sniff(junk[:4096]) in (True, False)


@pytest.mark.parametrize("name", READ)
def test_a_file_with_bytes_changed_anywhere_gives_problems_and_no_more(name: str, full: Desk) -> None:
    said = told(SAID, name)
    data, _ = exported(full, name, said=said)
    chance = Random(name)
    for file, body in data.items():
        for _ in range(examples(60)):
            spoilt = bytearray(body)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(spoilt) or 1)
                spoilt[at : at + chance.randint(0, 3)] = chance.choice(
                    (b"", b"\xff", b"9", b"-", b'"', b"\n", b"\t", b"[", b"\\")
                )
            exchange.found(module(name), {**data, file: bytes(spoilt)}, **said)


WRONG: tuple[Any, ...] = (None, -1, 10**9, "x", [], {}, True, 1.5)


@pytest.mark.parametrize("name", READ)
def test_json_of_the_wrong_kind_is_a_problem(name: str, full: Desk) -> None:
    """Values of a file, in turn, become something of another kind; with ``--deep`` all, of every other kind."""
    form, said, chance = module(name), told(SAID, name), Random(name)
    data, _ = exported(full, name, said=said)
    for file, body in data.items():
        try:
            lines = [json.loads(line) for line in body.splitlines()] if b"\n{" in body else [json.loads(body)]
        except ValueError:
            continue
        for place in range(min(len(lines), 4)):
            paths = list(_paths(lines[place]))[:150]
            for path in chance.sample(paths, min(len(paths), examples(240))):
                for wrong in chance.sample(WRONG, examples(len(WRONG))):
                    changed = [_changed(line, path, wrong) if n == place else line for n, line in enumerate(lines)]
                    dumped = "\n".join(map(json.dumps, changed)).encode()
                    exchange.found(form, {**data, file: dumped}, **said)


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*before, key)
        yield from _paths(one, (*before, key))


def _changed(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _changed(value[path[0]], path[1:], wrong)
    return copy


@pytest.mark.parametrize("name", PLACED)
@settings(max_examples=examples(25))
@given(of=exchange.some_texts())
def test_hostile_texts_come_back_with_every_span_where_it_was(name: str, of: list[Text]) -> None:
    form = module(name)
    data = exchange.written(form, of)
    assert exchange.written(form, of) == data
    read = exchange.found(form, data)
    assert not [one for one in read if isinstance(one, Problem)], read
    kept = form.carries - {"time", "overlap", "person", *OF_TEXT}
    there = {text.text.strip(): text for text in read if isinstance(text, Text)}
    for text in of:
        if not text.spots and text.text.strip() not in there:
            continue
        back = there[text.text.strip()]
        places = Finder(back.text, text.text, back.spots, form.unit, form.unit)
        placed = [(*places.place(spot).anchor[:3], spot) for spot in back.spots]
        assert sorted(one[:3] for one in placed) == sorted((one.start, one.end, one.quote) for one in text.spots)
        for what in kept - {"claim", "span", "verdict", "discontinuous"}:
            assert values([back], what, form) == values([text], what, form), what


def test_every_field_has_words_and_every_loss_is_a_sentence() -> None:
    for what, words in FIELDS.items():
        assert words in str(Loss(what, 2, "C7 “41 schools”")) and "C7 “41 schools”" in str(
            Loss(what, 2, "C7 “41 schools”")
        )
