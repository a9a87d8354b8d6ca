"""What is written, read as others define it: schema.org's terms, the Web Annotation model, other tools' grammars."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.formats import FORMATS
from tests.kit import exchange
from tests.kit.desks import desk_at, put_a_filled_desk

# -- schema.org: of each type used, its properties with the kinds of value they may have ---------------------------

SCHEMA: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ClaimReview": {
        "url": ("URL",), "claimReviewed": ("Text",), "itemReviewed": ("Claim",), "reviewRating": ("Rating",),
        "datePublished": ("Date",), "author": ("Organization", "Person"), "citation": ("URL", "Text"),
        "inLanguage": ("Text",),
    },
    "Claim": {"author": ("Organization", "Person"), "datePublished": ("Date",), "appearance": ("NewsArticle",)},
    "NewsArticle": {"url": ("URL",)},
    "Rating": {
        "alternateName": ("Text",), "ratingValue": ("Number",), "bestRating": ("Number",), "worstRating": ("Number",),
        "ratingExplanation": ("Text",),
    },
    "Organization": {"name": ("Text",)},
    "Person": {"name": ("Text",)},
    "DataFeed": {"dataFeedElement": ("DataFeedItem",)},
    "DataFeedItem": {"dateCreated": ("Date",), "item": ("ClaimReview",)},
}  # fmt: skip
REQUIRED = {
    "ClaimReview": {"url", "claimReviewed", "reviewRating", "itemReviewed"}, "Rating": {"alternateName"},
    "Person": {"name"}, "Organization": {"name"},
}  # fmt: skip
KINDS = {
    "URL": lambda value: isinstance(value, str) and re.fullmatch(r"https?://\S+", value),
    "Text": lambda value: isinstance(value, str) and value.strip(),
    "Number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Date": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value),
}


def check(value: Any, kinds: tuple[str, ...]) -> None:
    """Raise AssertionError unless a value is of one of some kinds, to its last member."""
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            assert any(kind in KINDS and KINDS[kind](one) for kind in kinds), (one, kinds)
            continue
        type_ = one["@type"]
        assert type_ in kinds, (type_, kinds)
        said = {name: member for name, member in one.items() if not name.startswith("@")}
        assert said.keys() <= SCHEMA[type_].keys() and said.keys() >= REQUIRED.get(type_, set()), (type_, said)
        for name, member in said.items():
            check(member, SCHEMA[type_][name])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    put_a_filled_desk(tmp_path / "desk.db", exchange.a_full_desk)
    with desk_at(tmp_path) as desk:
        yield desk


def out(desk: Desk, folder: Path, name: str, **said: str) -> dict[str, str]:
    """The files that are written, by their names."""
    to = folder / "out"
    to = to if FORMATS[name].folder else to.with_suffix(".x")
    FORMATS[name].write(desk, to, said=said)
    files = sorted(to.iterdir()) if to.is_dir() else [to]
    return {file.name: file.read_bytes().decode() for file in files if file.name != "datapackage.json"}


@pytest.mark.parametrize("layout", ["list", "feed"])
def test_claim_reviews_use_the_terms_of_schema_org_and_values_of_their_ranges(
    desk: Desk, tmp_path: Path, layout: str
) -> None:
    (words,) = out(desk, tmp_path, "claimreview", site="https://d.example/c", publisher="D", layout=layout).values()
    found = json.loads(words)
    check(found, ("ClaimReview", "DataFeed"))
    reviews = [item["item"][0] for item in found["dataFeedElement"]] if layout == "feed" else found
    assert len(reviews) == 3 and len({review["url"] for review in reviews}) == 3
    for review in reviews:
        rating = review["reviewRating"]
        if "ratingValue" in rating:
            assert 1 <= rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    for one in found if isinstance(found, list) else [found]:
        assert one["@context"] == "https://schema.org"


# -- W3C: the terms of the model's own namespace -------------------------------------------------------------------

ANNOTATION = {"id", "type", "motivation", "created", "creator", "body", "target"}
MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying",
    "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip


def test_annotations_use_the_words_of_the_web_annotation_model(desk: Desk, tmp_path: Path) -> None:
    (words,) = out(desk, tmp_path, "w3c").values()
    page = json.loads(words)
    assert page["type"] == "AnnotationPage" and page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    texts = {one["id"]: one["text"] for one in page["factdesk:texts"]}
    assert len({one["id"] for one in page["items"]}) == len(page["items"])
    for one in page["items"]:
        own = {name for name in one if not name.startswith("factdesk:")}
        assert own <= ANNOTATION and {"id", "type", "target"} <= own and one["type"] == "Annotation"
        assert one["motivation"] in MOTIVATIONS and one["creator"]["type"] == "Person"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["created"])
        for body in one["body"]:
            assert body["type"] in ("TextualBody", "SpecificResource") and body["purpose"] in MOTIVATIONS
            assert isinstance(body["value" if body["type"] == "TextualBody" else "source"], str)
        if isinstance(one["target"], str):
            continue
        position, quote = one["target"]["selector"]
        assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        text = texts[one["target"]["source"]]
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"] and text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])


# -- other tools, by the grammar that their manuals give -----------------------------------------------------------


def test_brat_finds_every_word_where_its_line_says(desk: Desk, tmp_path: Path) -> None:
    files = out(desk, tmp_path, "brat")
    kinds = re.findall(r"^\w+$", files["annotation.conf"].split("[relations]")[0], re.MULTILINE)
    marks = 0
    for name in [name for name in files if name.endswith(".ann")]:
        text, ids = files[name.replace(".ann", ".txt")], set()
        for line in files[name].splitlines():
            if line.startswith("T"):
                id, where, words = line.split("\t")
                kind, *_ = where.split(" ")
                pieces = [tuple(map(int, piece.split())) for piece in where.removeprefix(f"{kind} ").split(";")]
                assert kind in kinds and id not in ids
                assert " ".join(text[start:end] for start, end in pieces) == words and "\n" not in words
                ids.add(id)
                marks += 1
            else:
                told = re.fullmatch(r"A\d+\tVerdict (T\d+) \w+|#\d+\t\w+ (T\d+)\t.*", line)
                assert told and (told[1] or told[2]) in ids, line
    assert marks == 6


def test_label_studio_finds_its_config_and_counts_as_browsers_do(desk: Desk, tmp_path: Path) -> None:
    files = out(desk, tmp_path, "labelstudio")
    config = ET.fromstring(next(body for name, body in files.items() if name.endswith(".xml")))
    names = {one.get("name") for one in config.iter() if one.get("name")}
    regions = 0
    for task in json.loads(next(body for name, body in files.items() if name.endswith(".json"))):
        for annotation in task["annotations"]:
            for one in annotation["result"]:
                assert {one["from_name"], one["to_name"]} <= names
                value = one["value"]
                if "start" in value and isinstance(value["text"], str):  # that of a text area are its words
                    units = next(iter(task["data"].values())).encode("utf-16-le")
                    assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]
                    regions += one["type"] == "labels"
    assert regions == 6


def test_doccano_reads_spans_within_their_text(desk: Desk, tmp_path: Path) -> None:
    (words,) = out(desk, tmp_path, "doccano").values()
    lines = [json.loads(line) for line in words.splitlines()]
    assert all(type(line["id"]) is int and type(line["text"]) is str for line in lines)
    spans = [(line, *one) for line in lines for one in line["label"]]
    assert len(spans) == 6
    for line, start, end, label in spans:
        assert 0 <= start < end <= len(line["text"]) and isinstance(label, str) and label


def test_webanno_rows_lie_where_their_sentence_has_them(desk: Desk, tmp_path: Path) -> None:
    for name, body in out(desk, tmp_path, "webanno").items():
        if not name.endswith(".tsv"):
            continue
        head, *sentences = body.split("\n\n#Text=")
        features = head.splitlines()[1].split("|")[1:]
        for number, sentence in enumerate(sentences, 1):
            words, *rows = sentence.rstrip("\n").split("\n")
            begins = None
            for row in rows:
                id, place, word, *cells, last = row.split("\t")
                start, end = map(int, place.split("-"))
                begins = start - words.encode("utf-16-le").index(word.encode("utf-16-le")) // 2 if (
                    begins is None) else begins  # fmt: skip
                found = words.replace("\\t", "\t").encode("utf-16-le")[2 * (start - begins) : 2 * (end - begins)]
                assert found.decode("utf-16-le") == word and len(cells) == len(features) and not last
                assert re.fullmatch(rf"{number}-\d+(\.\d+)?", id)
                for cell in cells:
                    assert all(re.search(r"\[\d+\]$", one) for one in re.split(r"(?<!\\)\|", cell) if one != "_")


def test_averitec_has_the_keys_that_its_readers_ask_for(desk: Desk, tmp_path: Path) -> None:
    (words,) = out(desk, tmp_path, "averitec").values()
    keys = {"claim", "required_reannotation", "label", "justification", "claim_date", "speaker", "original_claim_url",
            "cached_original_claim_url", "fact_checking_article", "reporting_source", "location_ISO_code",
            "claim_types", "fact_checking_strategies", "questions"}  # fmt: skip
    for one in json.loads(words):
        assert keys <= one.keys() and isinstance(one["claim"], str) and one["claim"]
        assert one["claim_date"] is None or re.fullmatch(r"\d\d-\d\d-\d{4}", one["claim_date"])
        for question in one["questions"]:
            assert question["question"] and question["answers"]
            for answer in question["answers"]:
                assert answer["answer_type"] in ("Extractive", "Abstractive", "Boolean", "Unanswerable")
                assert {"answer", "source_url", "source_medium"} <= answer.keys()
