"""Whatever a file holds, each reader gives whole articles, or one sentence for what does not fit."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.errors import Refused
from store.formats.articles import records
from store.formats.articles.reader import READERS, ArticleFile, ReadOptions, articles_of
from store.text.article_draft import Draft
from tests.kit.depth import examples
from tests.kit.pdf_files import column, pdf
from tests.kit.word_files import inserted, word


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", "# One\n\nWords.")
        archive.writestr("b.jsonl", '{"text": "Two."}')
    return file.getvalue()


PAGE = "<html lang=de><head><title>T</title><meta charset=utf-8></head><body><article><h1>T</h1><p>Words é 😀.</p>"
FEED = "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><item><title>I</title>\
<description>Words &lt;b&gt;é&lt;/b&gt;.</description></item></channel></rss>"
GOOD: dict[str, bytes] = {
    "a.txt": "Words é 😀.\r\n".encode("utf-16"),
    "a.md": b"---\ntitle: T\ndate: 2024-01-01\n---\n# T\n\nWords.",
    "a.html": PAGE.encode(),
    "a.docx": word(["One ", ("two", "Bo", "Why?"), inserted(" three")], items=["x"], table=[["a", "b"]]),
    "a.pdf": pdf(column("Some words that are\nlong e-\nnough."), title="T"),
    "a.csv": "text;title;url;date\n\"Words é.\";T;https://a.example;2024\n;;;\n".encode("cp1252"),
    "a.jsonl": b'{"text": "Words.", "authors": [{"name": "A"}]}\n{"content_html": "<p>x</p>", "lang": "de"}\n',
    "a.json": json.dumps({"items": [{"text": "Words.", "date": "2024-02-30"}]}, indent=1).encode(),
    "a.xml": FEED.encode(),
    "a.zip": _zip(),
}  # fmt: skip


def sound(name: str, data: bytes) -> None:
    """Read it, and look at what comes."""
    found: list[Draft | Refused] = []
    try:
        for one in articles_of(ArticleFile(io.BytesIO(data), name, name), ReadOptions(captions=True)):
            found.append(one)
    except Refused as refusal:
        found.append(refusal)
    for one in found:
        if isinstance(one, Refused):
            said = str(one)
            assert said.startswith(name) and said.endswith(".") and "\n" not in said and "Traceback" not in said
            assert len(said) < 700
            continue
        assert one.text.strip()
        assert not any(c in "\r\0" or "\ud800" <= c <= "\udfff" for c in one.text)
        assert "\n" not in one.title
        assert all(0 <= remark.start < remark.end <= len(one.text) for remark in one.remarks)


def test_every_kind_has_a_file_here() -> None:
    for reader in READERS:
        assert any(name.endswith(reader.extensions) for name in GOOD), reader.name


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_breaks_off_or_is_damaged_is_told(name: str) -> None:
    data, chance = GOOD[name], random.Random(name)
    sound(name, data)
    for _ in range(examples(48)):
        sound(name, data[: chance.randrange(len(data))])
        raw = bytearray(data)
        for _ in range(chance.choice((1, 3, 20))):
            place = chance.randrange(len(raw))
            what = chance.choice((b"", b"\0", b"\xff", b"<", b'"', b"\r\n", b"{" * 9, b"9" * 30, raw[:40]))
            raw[place : place + chance.choice((0, 1, 5))] = what
        sound(name, bytes(raw))


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_another_kind_under_its_name_is_told(name: str) -> None:
    for other in GOOD.values():
        sound(name, other)


@pytest.mark.parametrize("name", [name for name in GOOD if name not in ("a.docx", "a.pdf", "a.zip")])
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_told_or_read(name: str, data: bytes) -> None:
    sound(name, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["text", "title", "url", "authors", "date", "lang", "content_html", "items", "name"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=examples(240), deadline=None)
@given(records=st.lists(JSON, min_size=1, max_size=3))
def test_records_of_any_shape_are_told_or_read(records: list[object]) -> None:
    sound("a.jsonl", "\n".join(json.dumps(record) for record in records).encode())
    sound("a.json", json.dumps(records).encode())


def _document(part: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD["a.docx"])) as old, zipfile.ZipFile(file, "w") as new:
        assert part in old.namelist()
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/comments.xml", "word/styles.xml", "word/_rels/document.xml.rels"]
)
def test_a_document_whose_parts_are_damaged_is_told(part: str) -> None:
    chance = random.Random(part)
    for _ in range(examples(48)):
        cut = chance.randrange(2000)
        sound("a.docx", _document(part, lambda data, cut=cut: data[:cut]))
        sound("a.docx", _document(part, lambda data, cut=cut: data[:cut] + data[cut + 7 :]))
        sound("a.docx", _document(part, lambda data: data.replace(b'w:id="0"', b'w:id="99"')))


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 20_000, "<b><i>" * 20_000 + "words", "<table><tr><td>" * 3_000, "<!--" * 50_000, "<p " + "a=b " * 50_000,
     "&" * 100_000, "<ul><li>" * 5_000, "<script>" + "x" * 1_000_000, "<p>" + "words " * 200_000],
    ids=range(9),
)  # fmt: skip
def test_a_page_of_any_depth_is_told_or_read(markup: str) -> None:
    sound("a.html", b"<html><body>" + markup.encode())
    sound("a.xml", FEED.replace("Words", f"<![CDATA[{markup}]]>").encode())


def test_an_entity_bomb_in_a_feed_is_told_or_read() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    sound("a.xml", FEED.replace("<rss", f"<!DOCTYPE r [{entities}]><rss", 1).replace("Words", "&e11;").encode())


def test_a_line_that_is_too_long_is_told_and_the_others_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "ARTICLE_LIMIT_BYTES", 1_000_000)
    lines = [b'{"text": "One."}', b'{"text": "' + b"x" * 3_000_000 + b'"}', b'{"text": "Two."}']
    stream = io.BytesIO(b"\n".join(lines))
    one, refused, two = articles_of(ArticleFile(stream, "a.jsonl", "a.jsonl"), ReadOptions())
    assert isinstance(one, Draft) and isinstance(two, Draft) and (one.text, two.text) == ("One.", "Two.")
    assert str(refused) == "a.jsonl, line 2: a line has at most 1 MB; split it."


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"a":' * 100_000, b"[1" + b"0" * 10_000 + b"]"])
def test_json_of_any_depth_is_told(name: str, data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        for arrived in articles_of(ArticleFile(io.BytesIO(data), name, name), ReadOptions()):
            if isinstance(arrived, Refused):
                raise arrived
    assert str(caught.value).startswith(name) and "\n" not in str(caught.value)
