"""The traps of each format, with values: what their files hold that a straight reading gets wrong."""

from __future__ import annotations

import json
import os
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats import FORMATS
from store.formats.contract import Cited, Spot, Text
from store.formats.files import Problem
from store.formats.import_of_any_format import FormatRefused, Received
from tests.kit import exchange
from tests.kit.desks import desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def read(name: str, data: dict[str, str | bytes], **said: str) -> list[Text | Problem]:
    raw = {file: body.encode() if isinstance(body, str) else body for file, body in data.items()}
    return exchange.found(FORMATS[name].module, raw, **said)  # type: ignore[arg-type]


def texts(name: str, data: dict[str, str | bytes], **said: str) -> list[Text]:
    found = read(name, data, **said)
    assert not [one for one in found if isinstance(one, Problem) and not one.mended], found
    return [one for one in found if isinstance(one, Text)]


def bring(desk: Desk, name: str, folder: Path, data: dict[str, str | bytes], **how: Any) -> Received:
    raw = {file: body.encode() if isinstance(body, str) else body for file, body in data.items()}
    found: Received = exchange.brought_to(desk, FORMATS[name], raw, folder / "in", **how)
    return found


def spans(desk: Desk, article: int = 1) -> list[tuple[int, int, str, str]]:
    return [
        (claim.start, claim.end, claim.quote, claim.checker) for claim in desk.claims.of(desk.articles.get(article))
    ]  # type: ignore[arg-type]


# -- offsets -------------------------------------------------------------------------------------------------------

EMOJI = "😀 The city closes."


def task(text: str, *annotations: dict[str, Any], **more: Any) -> str:
    return json.dumps([{"id": 1, "data": {"text": text}, "annotations": list(annotations), **more}])


def region(start: int, end: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"r{start}",
        "type": "labels",
        "value": {"start": start, "end": end, "text": text, "labels": ["Claim"]},
        **more,
    }


def test_label_studio_counts_utf_16(desk: Desk, tmp_path: Path) -> None:
    data = task(
        EMOJI, {"id": 5, "completed_by": {"first_name": "Bo", "last_name": "Ek"}, "result": [region(3, 11, "The city")]}
    )
    done = bring(desk, "labelstudio", tmp_path, {"t.json": data})
    assert done.claims == 1 and spans(desk) == [(2, 10, "The city", "Bo Ek")]
    assert not done.problems
    again = bring(desk, "labelstudio", tmp_path, {"t.json": data})
    assert (again.articles, again.claims, again.known) == (0, 0, 1)


def test_offsets_of_another_unit_are_seen_by_the_quote_and_said_once(desk: Desk, tmp_path: Path) -> None:
    data = task(EMOJI, {"result": [region(2, 10, "The city"), region(11, 17, "closes")]})
    done = bring(desk, "labelstudio", tmp_path, {"t.json": data})
    assert [one[:3] for one in spans(desk)] == [(2, 10, "The city"), (11, 17, "closes")]
    assert [one.why for one in done.problems] == ["its offsets count code points, not UTF-16 units; they were read so"]


def test_words_that_moved_are_found_near_by_and_others_are_refused(desk: Desk, tmp_path: Path) -> None:
    lines = [{"type": "article", "text": "One two three. " * 30 + "Four five."}]
    lines += [{"type": "claim", "start": 452, "end": 461, "quote": "Four five"}]
    good = "\n".join(map(json.dumps, lines))
    bad = good + "\n" + json.dumps({"type": "claim", "start": 0, "end": 3, "quote": "Six"})
    with pytest.raises(FormatRefused, match=r"1 record does not fit; nothing.*“Six” does not stand in its text"):
        bring(desk, "jsonl", tmp_path, {"f.jsonl": bad})
    assert desk.articles.all() == []
    done = bring(desk, "jsonl", tmp_path, {"f.jsonl": bad}, skip_bad=True)
    assert (done.claims, len(done.refused)) == (1, 1)
    assert [one.why for one in done.problems if one.mended] == ["“Four five” stands at 450 to 459"]
    assert spans(desk)[0][:3] == (450, 459, "Four five")


def test_line_ends_of_two_characters_count_in_the_file_and_not_on_the_desk(desk: Desk, tmp_path: Path) -> None:
    data: dict[str, str | bytes] = {"a.txt": "One.\r\nTwo here.\r\n", "a.ann": "T1\tClaim 6 14\tTwo here\n"}
    assert bring(desk, "brat", tmp_path, data).claims == 1
    assert [one[:3] for one in spans(desk)] == [(5, 13, "Two here")]


def test_doccano_with_an_emoji_asks_what_its_offsets_count(desk: Desk, tmp_path: Path) -> None:
    data = json.dumps({"text": EMOJI, "label": [[3, 11, "refuted"]]})
    with pytest.raises(FormatRefused, match="--unit codepoint or --unit utf-16"):
        bring(desk, "doccano", tmp_path, {"d.jsonl": data})
    bring(desk, "doccano", tmp_path, {"d.jsonl": data}, unit="utf-16")
    assert spans(desk)[0][:3] == (2, 10, "The city") and desk.claims.of("1")[0].verdict == "refuted"


# -- brat ----------------------------------------------------------------------------------------------------------


def test_brat_pieces_are_compared_joined_by_one_space() -> None:
    body = "ES and somatic cells here."
    (text,) = texts("brat", {"a.txt": body, "a.ann": "T1\tCell 0 2;15 20\tES cells\nR1\tSame Arg1:T1 Arg2:T1\n"})
    (spot,) = text.spots
    assert (spot.start, spot.end, spot.fragments, spot.label) == (0, 20, ((0, 2), (15, 20)), "Cell")
    data = exchange.written(FORMATS["brat"].module, [text])  # type: ignore[arg-type]
    assert data["0001.ann"] == b"T1\tCell 0 2;15 20\tES cells\nR1\tSame Arg1:T1 Arg2:T1\n"


def test_brat_spans_over_a_line_end_are_pieces_and_come_back_whole() -> None:
    text = Text("", "One\ntwo three.", spots=(Spot("k", 0, 7, "One\ntwo"),))
    data = exchange.written(FORMATS["brat"].module, [text])  # type: ignore[arg-type]
    assert data["0001.ann"] == b"T1\tClaim 0 3;4 7\tOne two\n"
    (back,) = texts("brat", data)  # type: ignore[arg-type]
    assert [(spot.start, spot.end, spot.quote, spot.fragments) for spot in back.spots] == [(0, 7, "One\ntwo", ())]


def test_brat_words_that_do_not_fit_their_offsets_are_a_problem() -> None:
    found = read("brat", {"a.txt": "One two.", "a.ann": "T1\tClaim 0 7\tOne tw\nT1\tClaim 0\nX\n", "b.ann": ""})
    assert [str(one) for one in found if isinstance(one, Problem)] == [
        "a.ann, line 1: its words are not as long as 0 7 says",
        "a.ann, line 2: it is not an id, a type with offsets, and words, between tabs",
        "a.ann, line 3: it begins as no line of the format does",
        "b.ann: there is no b.txt beside it",
    ]


# -- Label Studio, doccano ---------------------------------------------------------------------------------------


def test_label_studio_leaves_out_what_was_cancelled_and_suggests_what_a_model_made(desk: Desk, tmp_path: Path) -> None:
    kept = {"completed_by": 7, "result": [region(3, 11, "The city"), {
        "id": "r3", "from_name": "verdict", "type": "choices", "value": {"choices": ["refuted"]}}]}  # fmt: skip
    gone = {"completed_by": 8, "was_cancelled": True, "result": [region(12, 18, "closes")]}
    guess = {"model_version": "m1", "score": 0.5, "result": [region(12, 18, "closes")]}
    done = bring(desk, "labelstudio", tmp_path, {"t.json": task(EMOJI, kept, gone, predictions=[guess])})
    assert (done.claims, done.suggestions) == (1, 1)
    (claim,) = desk.claims.of("1")
    assert (claim.checker, claim.verdict, claim.origin) == ("Annotator 7", "refuted", "labelstudio:r3")
    (suggestion,) = desk.suggestions.of("1")
    assert (suggestion.quote, suggestion.by) == ("closes", "m1")


def test_label_studio_names_the_other_shape_and_takes_words_for_places_in_mark_up() -> None:
    place = "/p[1]/text()[1]"
    (problem,) = read("labelstudio", {"t.json": json.dumps([{"id": 1, "text": "x", "label": []}])})
    assert isinstance(problem, Problem) and "JSON_MIN" in problem.why
    marked = {"id": "a", "type": "hypertextlabels", "value": {
        "start": place, "end": place, "text": "The city", "hypertextlabels": ["Claim"]}}  # fmt: skip
    (text,) = texts("labelstudio", {"t.json": task(EMOJI, {"result": [marked]})})
    assert (text.spots[0].start, text.spots[0].quote) == (-1, "The city")


PLACE = {"start_offset": 0, "end_offset": 3}
DOCCANO: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    ({"labels": [[0, 3, "refuted"]]}, {}),
    (
        {"annotations": [{"label": 2, "start_offset": 0, "end_offset": 3, "user": 1}]},
        {"labels": "2=refuted", "users": "1=Bo"},
    ),
    ({"label": [[0, 3, "refuted"], [0, 3, "refuted"]], "meta": {"title": "T"}}, {}),
    (
        {
            "entities": [{"id": 4, "label": "refuted", "start_offset": 0, "end_offset": 3}],
            "relations": [],
            "Comments": [],
        },
        {},
    ),
)


@pytest.mark.parametrize(("said", "options"), DOCCANO)
def test_doccano_of_every_generation(desk: Desk, tmp_path: Path, said: dict[str, Any], options: dict[str, str]) -> None:
    pretty = json.dumps({"id": 1, "text": "One two.", **said}, indent=2)
    done = bring(desk, "doccano", tmp_path, {"d.jsonl": pretty}, said=options)
    assert done.claims == 1 and desk.claims.of("1")[0].verdict == "refuted"
    assert desk.claims.of("1")[0].checker == ("Bo" if "users" in options else "Ana")


def test_doccano_numbers_without_names_are_asked_for() -> None:
    line = {"text": "One two.", "annotations": [{"label": 2, "start_offset": 0, "end_offset": 3}]}
    (problem,) = read("doccano", {"d.jsonl": json.dumps(line)})
    assert isinstance(problem, Problem) and "--labels 2=" in problem.why


def test_a_zip_of_doccano_has_a_file_for_each_user(desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for user in ("Bo", "Cyd"):
            archive.writestr(f"{user}.jsonl", json.dumps({"text": "One two.", "label": [[0, 3, "Claim"]]}))
    done = FORMATS["doccano"].read(desk, tmp_path / "d.zip")  # type: ignore[misc]
    assert done.claims == 2 and {one[3] for one in spans(desk)} == {"Bo", "Cyd"}


def test_two_people_on_the_same_words_are_two_claims_and_the_same_twice_is_one(desk: Desk, tmp_path: Path) -> None:
    lines = [{"type": "article", "text": "One two."}]
    lines += [{"type": "claim", "start": 0, "end": 3, "quote": "One", "person": who} for who in ("Bo", "Cyd", "Bo")]  # type: ignore[misc]
    done = bring(desk, "jsonl", tmp_path, {"f.jsonl": "\n".join(map(json.dumps, lines))})
    assert done.claims == 2 and done.notes == ("The file has 1 annotations twice; each came in once.",)


# -- machine-written texts -----------------------------------------------------------------------------------------


def test_factscore_finds_its_sentences_past_marks_of_citation(desk: Desk, tmp_path: Path) -> None:
    line = {"topic": "Ri", "output": "Ri was born[1] in 1990. He sings.[2][3] Really.", "annotations": [
        {"text": "Ri was born in 1990.", "is-relevant": True, "human-atomic-facts": [
            {"text": "Ri was born.", "label": "S"}, {"text": "It was in 1990.", "label": "NS"}]},
        {"text": "He sings.", "human-atomic-facts": None, "model-atomic-facts": [{"text": "Ri sings."}]},
    ]}  # fmt: skip
    lines = json.dumps(line) + "\n" + json.dumps({"topic": "None", "output": "Nothing.", "annotations": None})
    done = bring(desk, "factscore", tmp_path, {"f.jsonl": lines})
    assert (done.articles, done.claims, done.suggestions) == (2, 2, 1)
    first, second = desk.claims.of("1")
    assert first.quote == second.quote == "Ri was born[1] in 1990."
    assert [(one.claim_text, one.verdict) for one in (first, second)] == [
        ("Ri was born.", "supported"), ("It was in 1990.", "refuted"),
    ]  # fmt: skip


def test_factcheck_gpt_goes_by_the_numbers_of_its_sentences_and_by_lists_of_one_length() -> None:
    sentences = {f"sentence{n}": {"text": f"Part {n}.", "claims": [f"It is {n}."], "labels": [n != 10],
                                  "human_evidence": [["https://a.example\n\nwords"]], "human_stance": [["refute"]]}
                 for n in (10, 1, 2)}  # fmt: skip
    line = {"prompt": "?", "response": "Part 1. Part 2. Part 10.", "sentences": sentences}
    (text,) = texts("factcheckgpt", {"f.jsonl": json.dumps(line)})
    assert [(one.quote, one.verdict) for one in text.spots] == [
        ("Part 1.", "supported"), ("Part 2.", "supported"), ("Part 10.", "refuted"),
    ]  # fmt: skip
    assert text.spots[0].evidence == (Cited("refutes", "words", url="https://a.example"),)
    sentences["sentence2"]["labels"] = [True, False]
    (problem,) = read("factcheckgpt", {"f.jsonl": json.dumps(line)})
    assert isinstance(problem, Problem) and "1 claims and 2 of “labels”" in problem.why


def test_factgenie_has_no_end_and_needs_the_names_of_its_types(desk: Desk, tmp_path: Path) -> None:
    line = {"dataset": "d", "setup_id": "s", "output": "The city closes.", "metadata": {"annotator_id": "w1"},
            "annotations": [{"start": 4, "text": "city", "type": 1, "reason": "why"}]}  # fmt: skip
    (problem,) = read("factgenie", {"f.jsonl": json.dumps(line)})
    assert isinstance(problem, Problem) and "--categories" in problem.why
    (text,) = texts("factgenie", {"f.jsonl": json.dumps(line)}, categories="supported, refuted")
    assert [(one.start, one.end, one.label, one.note, one.person) for one in text.spots] == [
        (4, 8, "refuted", "why", "w1")
    ]
    line["metadata"] = {"annotator_group_type": "llm_eval", "annotator_id": "gpt", "config": {"model": "m"}}
    done = bring(desk, "factgenie", tmp_path, {"f.jsonl": json.dumps(line)}, said={"categories": "supported,refuted"})
    assert (done.claims, done.suggestions) == (0, 1) and desk.suggestions.of("1")[0].by == "gpt"


def test_ragtruth_joins_its_two_files_and_knows_what_is_true_nevertheless() -> None:
    response = {"id": "1", "source_id": "9", "model": "m", "quality": "truncated", "response": "A b c."}
    response["labels"] = [  # type: ignore[assignment]
        {"start": 0, "end": 1, "text": "A", "label_type": "Evident Conflict", "meta": "why", "implicit_true": False},
        {"start": 2, "end": 3, "text": "b", "label_type": "Subtle Conflict", "meta": "", "implicit_true": True},
    ]
    info = {"source_id": "9", "source": "CNN", "source_info": {"name": "x"}}
    data = {"response.jsonl": json.dumps(response), "source_info.jsonl": json.dumps(info)}
    (text,) = texts("ragtruth", data)  # type: ignore[arg-type]
    first, second = text.spots
    assert (first.label, first.note, first.tags) == ("Evident Conflict", "why", ("truncated",))
    assert (second.label, second.verdict, second.tags) == ("", "", ("implicit true", "truncated"))
    assert first.evidence == (Cited("context", '{"name": "x"}', title="CNN"),)


# -- claims without a text ---------------------------------------------------------------------------------------


def test_averitec_dates_answers_and_labels(desk: Desk, tmp_path: Path) -> None:
    said = {
        "answer": "No",
        "answer_type": "Boolean",
        "boolean_explanation": "It was dry.",
        "source_url": "https://a.example",
    }
    none = {"answer": "No answer could be found.", "answer_type": "Unanswerable", "source_url": ""}
    claim = {"claim": "It rained.", "label": "Refuted", "justification": "No.", "speaker": "Ri",
             "claim_date": "5-1-2025", "original_claim_url": None, "questions": [
                 {"question": "Did it?", "answers": [said, none]}]}  # fmt: skip
    done = bring(desk, "averitec", tmp_path, {"a.json": json.dumps([claim, {"claim": "Untold.", "questions": []}])})
    assert (done.articles, done.claims) == (2, 2)
    article = next(one for one in desk.articles.all() if one.title.startswith("It rained"))
    assert article.published == "2025-01-05"
    (made,) = desk.claims.of(article)
    assert (made.verdict, made.claimant, made.justification) == ("refuted", "Ri", "No.")
    first, second = desk.evidence.of(made)
    assert (first.quote, first.note, first.source and first.source.url) == (
        "No: It was dry.",
        "Did it?",
        "https://a.example",
    )
    assert (second.quote, second.source) == ("", None)


PAGE = """<html><script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"ClaimReview","url":"https://d.example/1","claimReviewed":"It rained.",
 "author":{"@type":"Organization","name":"D"},
 "itemReviewed":{"@type":"Claim","author":[{"@type":"Person","name":"Ri"}],"appearance":{"url":"https://p.example/a"}},
 "reviewRating":{"@type":"Rating","alternateName":"Refuted","ratingValue":1}},
{"@type":["ClaimReview"],"claimReviewed":"It snowed.","reviewRating":{"alternateName":"Pants on fire"}},
{"@type":"ClaimReview","claimReviewed":""}]}</script></html>"""


def test_claim_reviews_of_a_page_are_all_read_and_stand_in_their_article(desk: Desk, tmp_path: Path) -> None:
    desk.articles.add("They said: It rained. So it was.", url="https://p.example/a")
    done = bring(desk, "claimreview", tmp_path, {"page.html": PAGE}, skip_bad=True)
    assert (done.articles, done.claims) == (1, 2)
    assert [one.why for one in done.refused] == ["it has no claimReviewed"]
    assert spans(desk, 1) == [(11, 21, "It rained.", "D")]
    (other,) = desk.claims.of("2")
    assert (other.quote, other.verdict) == ("It snowed.", "Pants on fire")


def test_what_claim_review_requires_is_refused_with_the_reason(desk: Desk, tmp_path: Path) -> None:
    exchange.a_full_desk(desk)
    done = FORMATS["claimreview"].write(desk, tmp_path / "c.jsonld")
    assert done.losses[0].what == "claim" and done.losses[0].count == 6
    desk.claims.edit(desk.claims.of("1")[0], attribution="own_voice")
    said = {"site": "https://desk.example/checks", "publisher": "Desk", "layout": "feed"}
    done = FORMATS["claimreview"].write(desk, tmp_path / "d.jsonld", said=said)
    feed = json.loads((tmp_path / "d.jsonld").read_text())
    (first, *_) = [one["item"][0] for one in feed["dataFeedElement"]]
    assert first["url"] == "https://desk.example/checks#c1" and first["reviewRating"] == {
        "@type": "Rating", "alternateName": "Supported", "ratingValue": 5, "bestRating": 5, "worstRating": 1,
        "ratingExplanation": "Ana counted them:\n“41” | tab\t.",
    }  # fmt: skip
    with pytest.raises(Refused, match="has no option “page”"):
        FORMATS["claimreview"].write(desk, tmp_path / "e.jsonld", said={"page": "x"})


# -- W3C -----------------------------------------------------------------------------------------------------------


def test_web_annotations_of_others_are_placed_by_quote_on_their_article(desk: Desk, tmp_path: Path) -> None:
    desk.articles.add("It rained. It rained again.", url="https://p.example/a")
    target = {"source": "https://p.example/a", "selector": {"type": "RangeSelector", "refinedBy": {
        "type": "TextQuoteSelector", "exact": "It rained", "suffix": " again"}}}  # fmt: skip
    one = {"@context": "http://www.w3.org/ns/anno.jsonld", "id": "http://x/1", "type": "Annotation", "target": [target],
           "creator": "Bo", "body": {"type": "TextualBody", "value": "Really?"}}  # fmt: skip
    assert bring(desk, "w3c", tmp_path, {"a.json": json.dumps(one)}).claims == 1
    (claim,) = desk.claims.of("1")
    assert (claim.start, claim.checker, claim.origin) == (11, "Bo", "w3c:http://x/1")
    assert [one.body for one in desk.threads.of(claim)] == ["Really?"]
    one["target"] = {"source": "https://p.example/b", "selector": {"type": "XPathSelector", "value": "/p"}}
    with pytest.raises(FormatRefused, match="by no position and no quote"):
        bring(desk, "w3c", tmp_path, {"a.json": json.dumps(one)})


# -- bad places ------------------------------------------------------------------------------------------------------


def test_a_zip_that_leads_out_or_would_burst_is_refused(desk: Desk, tmp_path: Path) -> None:
    for name, body in (("../out.jsonl", b"{}"), ("big.jsonl", b" " * 300_000_000)):
        with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, body)
        with pytest.raises(Refused, match=r"leads out of it|far more than it is"):
            FORMATS["jsonl"].read(desk, tmp_path / "z.zip")  # type: ignore[misc]
    (tmp_path / "z.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(Refused, match="is damaged"):
        FORMATS["jsonl"].read(desk, tmp_path / "z.zip")  # type: ignore[misc]


def test_a_line_without_an_end_is_told_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.formats.files.LONGEST_LINE", 100)
    lines = b'{"text": "' + b"x" * 1000 + b'"}\n' + b'{"text": "One.", "label": []}\n'
    first, second = read("doccano", {"d.jsonl": lines})
    assert isinstance(first, Problem) and first.where == "d.jsonl, line 1" and "longer than" in first.why
    assert isinstance(second, Text) and second.text == "One."


def test_only_your_own_claims_are_changed_by_a_file(desk: Desk, tmp_path: Path) -> None:
    def lines(verdict: str, who: str) -> dict[str, str | bytes]:
        claim = {"type": "claim", "id": "7", "start": 0, "end": 3, "quote": "One", "person": who, "verdict": verdict}
        return {"f.jsonl": "\n".join(map(json.dumps, ({"type": "article", "text": "One two."}, claim)))}

    bring(desk, "jsonl", tmp_path, lines("mixed", "Ana"))
    done = bring(desk, "jsonl", tmp_path, lines("refuted", "Ana"))
    assert (done.known, done.changed) == (1, 1) and desk.claims.of("1")[0].verdict == "refuted"
    bring(desk, "jsonl", tmp_path, lines("mixed", "Bo"))
    with pytest.raises(FormatRefused, match="“One” is Bo's claim here with another verdict: it is not overwritten"):
        bring(desk, "jsonl", tmp_path, lines("refuted", "Bo"))


# -- WebAnno, CoNLL, the sheet, the proof ----------------------------------------------------------------------------

TSV = """#FORMAT=WebAnno TSV 3.2
#T_SP=custom.Span|label|comment
#T_RL=custom.Rel|kind|BT_custom.Span


#Text=On Monday the city closed.
1-1\t0-2\tOn\t_\t_\t_\t_\t
1-2\t3-9\tMonday\tNAME\tday\\_1\t_\t_\t
1-3\t10-13\tthe\t*[6]\twhy\\|so[6]\t_\t_\t
1-4\t14-18\tcity\t*[6]|A\twhy\\|so[6]|_\t_\t_\t
1-5\t19-25\tclosed\t*[6]\twhy\\|so[6]\t_\t_\t
1-6\t25-26\t.\t_\t_\t_\t_\t

#Text=Yes.
2-1\t28-31\tYes\t_\t_\t_\t_\t
2-2\t31-32\t.\t_\t_\t_\t_\t
"""


def test_web_anno_spans_are_told_by_their_numbers_and_its_text_by_its_sentences() -> None:
    found = read("webanno", {"a.tsv": TSV})
    (text,) = (one for one in found if isinstance(one, Text))
    assert text.text == "On Monday the city closed.\n\nYes."
    assert [(one.start, one.end, one.quote, one.label, one.note) for one in text.spots] == [
        (3, 9, "Monday", "NAME", "day_1"), (10, 25, "the city closed", "", "why|so"), (14, 18, "city", "A", ""),
    ]  # fmt: skip
    assert [one.why for one in found if isinstance(one, Problem)] == ["the layer custom.Rel was left out"]
    (problem,) = read("webanno", {"a.tsv": TSV.partition("1-5")[0]})
    assert isinstance(problem, Problem) and "breaks off" in problem.why


def test_a_word_of_conll_has_one_label_and_what_that_costs_is_said(desk: Desk, tmp_path: Path) -> None:
    exchange.a_full_desk(desk)
    with pytest.raises(Refused, match="--flatten longest or --flatten first"):
        FORMATS["conll"].write(desk, tmp_path / "a.conll")
    done = FORMATS["conll"].write(desk, tmp_path / "a.conll", said={"flatten": "longest"})
    lines = (tmp_path / "a.conll").read_text("utf-8").splitlines()
    assert "The\tB-CLAIM" not in lines and lines[lines.index("schools\tB-CLAIM") + 1] == ",\tI-CLAIM"
    assert next(loss for loss in done.losses if loss.what == "claim").count == 3


SHEET = (
    "Claim,Method,Source,Date,Tick,Note\r\n"
    "“It rained”,called the office,https://a.example,2025-01-02,✓,'=ok\r\nIt fell\r\n"
)


def test_a_newsrooms_sheet_is_read_into_the_article_that_is_named(desk: Desk, tmp_path: Path) -> None:
    desk.articles.add("He said: “It rained”. It fell.", url="https://p.example/a")
    done = bring(desk, "sheet", tmp_path, {"s.csv": SHEET}, said={"article": "https://p.example/a"}, skip_bad=True)
    assert (done.articles, done.claims) == (0, 1)
    assert [str(one) for one in done.refused] == ["s.csv, row 3: it breaks off: it has fewer cells than the 6 columns"]
    (claim,) = desk.claims.of("1")
    assert (claim.start, claim.verdict, claim.justification) == (9, "supported", "=ok")
    (piece,) = desk.evidence.of(claim)
    assert piece.source is not None
    assert (piece.stance, piece.note, piece.source.url, piece.source.retrieved) == (
        "context", "called the office", "https://a.example", "2025-01-02",
    )  # fmt: skip


def test_the_proof_numbers_strikes_and_shades_and_runs_nothing_that_a_text_holds(desk: Desk, tmp_path: Path) -> None:
    exchange.a_full_desk(desk)
    desk.evidence.add(desk.claims.of("1")[0], "supports", url="javascript:alert(1)", title="<script>x</script>")
    FORMATS["proof"].write(desk, tmp_path / "p.html")
    page = (tmp_path / "p.html").read_text("utf-8")
    assert "<script" not in page and "href='javascript" not in page and "src=" not in page and "[x] &lt;b&gt;" in page
    assert "<span class='claim done'>The city closes </span>" in page and "class='unread'" in page
    assert page.count("<tr id='c") == 6 and "✓ Supported" in page
    FORMATS["proof-md"].write(desk, tmp_path / "p.md")
    marked = (tmp_path / "p.md").read_text("utf-8")
    assert "~~The city closes~~" in marked and "\\[x\\] \\<b\\>" in marked and "**✓ Supported**" in marked


def test_scifact_and_fever_say_what_bears_on_a_claim(desk: Desk, tmp_path: Path) -> None:
    exchange.a_full_desk(desk)
    done = FORMATS["fever"].write(desk, tmp_path / "f.jsonl")
    first, second = (json.loads(line) for line in (tmp_path / "f.jsonl").read_text("utf-8").splitlines())
    assert (first["label"], first["claim"], first["verifiable"]) == ("SUPPORTS", "41 schools close.", "VERIFIABLE")
    assert first["evidence"][0] == [[first["id"], 1, "https://city.example/list", None]]
    assert second["label"] == "REFUTES"
    assert next(loss for loss in done.losses if loss.what == "claim").count == 4
    FORMATS["scifact"].write(desk, tmp_path / "s")
    claim = json.loads((tmp_path / "s" / "claims.jsonl").read_text("utf-8").splitlines()[0])
    assert claim["evidence"] == {"1": [{"sentences": [0], "label": "SUPPORT"}]} and claim["cited_doc_ids"] == [1, 2]


def test_a_pipe_is_read_once_and_all_of_it_comes_in(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    line = json.dumps({"type": "article", "id": "a", "title": "T", "text": "The city closes 41 schools."})
    writer = threading.Thread(target=lambda: pipe.write_text(line + "\n"), daemon=True)
    writer.start()
    assert FORMATS["jsonl"].read(desk, pipe).articles == 1  # type: ignore[misc]
    writer.join()
