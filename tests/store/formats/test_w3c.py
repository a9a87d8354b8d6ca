"""Web annotations of others: those that cannot be placed, and the rows of Hypothesis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.formats import FORMATS
from store.formats.contract import Text
from store.formats.files import Problem
from store.formats.import_of_any_format import FormatRefused
from tests.kit import exchange
from tests.kit.desks import desk_at


@pytest.mark.parametrize(("told", "why"), [
    ([{"type": "Annotation", "target": {"selector": {"type": "TextQuoteSelector", "exact": "It"}}}], "have no source"),
    ([{"type": "Annotation", "target": {"source": "p1", "selector": {"type": "TextQuoteSelector", "exact": "It"}}}],
     "have the source “p1”, which is not an address: import that article, and name its address with --text"),
    ([{"type": "Annotation", "motivation": "replying", "body": "So?", "target": ""}], "annotation 1: it has 0 targets"),
    ({"total": 1, "results": [{"uri": "https://a.example"}]}, "it has no “items”"),
    ({"total": 1, "rows": [{"uri": "https://a.example"}]}, "annotation 1: it has 0 targets: one is read"),
    ({"total": 1, "rows": [{"uri": "https://a.example", "target": [{"source": "https://a.example"}]}]},
     "annotation 1: it says where by no position and no quote"),
    ({"rows": [{"uri": "urn:x-pdf:1", "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "It"}]}]}]},
     "have the source “urn:x-pdf:1”, which is not an address"),
])  # fmt: skip
def test_what_no_web_annotation_can_be_placed_by_is_said(told: Any, why: str, tmp_path: Path) -> None:
    data = {"a.json": json.dumps(told).encode()}
    with desk_at(tmp_path) as desk, pytest.raises(FormatRefused, match=why):
        exchange.brought_to(desk, FORMATS["w3c"], data, tmp_path)


PAGE = "https://paper.example/rain"
RAIN = "😀 It rained. It rained on Monday, said the mayor."


def row(id: str, user: str, text: str, quote: str = "", **more: Any) -> dict[str, Any]:
    """A row as Hypothesis has it: its positions count what the page had around the article, too."""
    at = {"source": PAGE, "selector": [
        {"type": "RangeSelector", "startContainer": "/div[1]/p[2]", "startOffset": 0, "endContainer": "/div[1]/p[2]",
         "endOffset": 9},
        {"type": "TextPositionSelector", "start": 1012, "end": 1012 + len(quote)},
        {"type": "TextQuoteSelector", "exact": quote, "prefix": "It rained. ", "suffix": " on Monday"},
    ]}  # fmt: skip
    told = {"id": id, "user": f"acct:{user}@hypothes.is", "uri": PAGE, "text": text, "tags": ["weather", "[b]"]}
    return told | {"created": "2024-05-06T07:08:09.123456+00:00", "target": [at if quote else {"source": PAGE}]} | more


def test_the_rows_of_hypothesis_come_in_as_claims_with_notes_tags_and_replies(tmp_path: Path) -> None:
    rows = [
        row("r2", "bo.ek", "Says who?", references=["r1", "r0"]),
        row("r1", "ana", "On *Monday* only.", "It rained"),
        row("r3", "ana", "", "said the mayor", tags=[]),
    ]
    data = {"a.json": json.dumps({"total": 3, "rows": rows}).encode()}
    with desk_at(tmp_path, "Zoe") as desk:
        article = desk.articles.add(RAIN, url=PAGE)
        done = exchange.brought_to(desk, FORMATS["w3c"], data, tmp_path)
        assert (done.articles, done.claims, done.problems) == (0, 2, ())
        first, second = desk.claims.of(article)
        assert (first.start, first.quote, first.tags) == (13, "It rained", ("weather", "[b]"))
        assert second.quote == "said the mayor" and not second.tags
        read = exchange.found(FORMATS["jsonl"].module, _exported(desk, tmp_path))  # type: ignore[arg-type]
        spots = [spot for text in read if isinstance(text, Text) for spot in text.spots]
        assert [(spot.person, spot.note) for spot in spots] == [("ana", ""), ("ana", "")]
        said = [(one.words, one.person) for one in spots[0].comments]
        assert said == [("On *Monday* only.", "ana"), ("Says who?", "bo.ek")], "no verdict: there is nothing to justify"
        again = exchange.brought_to(desk, FORMATS["w3c"], data, tmp_path)
        assert (again.claims, again.known, again.changed) == (0, 2, 0)


def test_replies_find_their_annotation_by_any_id_and_those_that_find_none_are_told(tmp_path: Path) -> None:
    def reply(to: str) -> dict[str, Any]:
        return {"type": "Annotation", "motivation": "replying", "body": f"To {to}", "target": to}

    quote = {"type": "TextQuoteSelector", "exact": "said the mayor"}
    one = {"type": "Annotation", "id": "https://notes.example/1", "target": {"source": PAGE, "selector": quote}}
    data = {
        "a.json": json.dumps([one, reply("https://notes.example/1"), reply("https://notes.example/2"), reply(PAGE)])
    }
    problem, text = exchange.found(FORMATS["w3c"].module, {name: body.encode() for name, body in data.items()})  # type: ignore[arg-type]
    assert isinstance(text, Text) and [said.words for said in text.spots[0].comments] == ["To https://notes.example/1"]
    assert isinstance(problem, Problem) and problem.mended
    assert str(problem) == "a.json: 2 replies to what is not among its annotations were left out"


def _exported(desk: Desk, folder: Path) -> dict[str, bytes]:
    FORMATS["jsonl"].write(desk, folder / "out.jsonl")
    return {"out.jsonl": (folder / "out.jsonl").read_bytes()}
