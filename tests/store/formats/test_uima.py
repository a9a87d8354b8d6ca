"""UIMA CAS: another program's library reads what is written, and INCEpTION's layers come in."""

from __future__ import annotations

import io

import cassis
import pytest

from store.formats import FORMATS
from store.formats.contract import Spot, Text
from store.formats.files import Problem
from tests.kit import exchange

TEXT = Text(
    "a1", "😀 The city closes 41 schools.", "Schools", "https://paper.example/1", "en",
    spots=(Spot("k1", 2, 28, "The city closes 41 schools", verdict="refuted", note="Only 40.", person="Ana"),),
)  # fmt: skip


def _loaded(name: str) -> cassis.Cas:
    data = exchange.written(FORMATS[name].module, [TEXT])  # type: ignore[arg-type]
    if name == "uima-json":
        return cassis.load_cas_from_json(data["0001-schools.json"].decode())
    types = cassis.load_typesystem(io.BytesIO(data["TypeSystem.xml"]))
    return cassis.load_cas_from_xmi(io.BytesIO(data["0001-schools.xmi"]), typesystem=types)


@pytest.mark.parametrize("name", ["uima-xmi", "uima-json"])
def test_another_library_finds_each_claim_on_its_words(name: str) -> None:
    made = _loaded(name)
    (claim,) = made.select("webanno.custom.Claim")
    assert (claim.get_covered_text(), claim.verdict, claim.note) == (TEXT.spots[0].quote, "refuted", "Only 40.")
    (about,) = made.select("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData")
    assert (about.documentTitle, about.language) == ("Schools", "en")


def _inception() -> cassis.Cas:
    types = cassis.TypeSystem()
    token = types.create_type("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", "uima.tcas.Annotation")
    entity = types.create_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "uima.tcas.Annotation")
    types.create_feature(entity, "value", "uima.cas.String")
    types.create_feature(entity, "identifier", "uima.cas.String")
    relation = types.create_type("webanno.custom.Contradicts", "uima.tcas.Annotation")
    types.create_feature(relation, "Governor", entity)
    made = cassis.Cas(typesystem=types)
    made.sofa_string, made.sofa_mime = "😀 The mayor spoke.", "text/plain"
    made.add(token(begin=2, end=5))
    found = entity(begin=6, end=11, value="PER", identifier="Q30185")
    made.add_all([found, relation(begin=6, end=11, Governor=found)])
    return made


@pytest.mark.parametrize("name", ["uima-xmi", "uima-json"])
def test_the_layers_of_others_come_in_but_for_words_and_relations(name: str) -> None:
    made = _inception()
    data = {"a/d.xmi": made.to_xmi().encode(), "a/TypeSystem.xml": made.typesystem.to_xml().encode()}
    if name == "uima-json":
        data = {"d.json": made.to_json().encode()}
    *told, text = exchange.found(FORMATS[name].module, data)  # type: ignore[arg-type]
    assert isinstance(text, Text) and [str(one) for one in told if "Contradicts" in str(one)]
    (spot,) = text.spots
    assert (spot.start, spot.end, spot.quote, spot.label, spot.tags) == (7, 12, "mayor", "PER", ("Q30185",))


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (lambda xmi: xmi.replace('end="12"', 'end="1200"'), "lies outside its text"),
        (lambda xmi: xmi.replace('begin="7"', 'begin="1"'), "or inside a character"),
        (lambda xmi: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + xmi, "declares XML entities"),
        (lambda xmi: xmi[:-40], "cannot be read as a CAS"),
    ],
)
def test_a_damaged_file_is_one_sentence(spoilt: object, says: str) -> None:
    made = _inception()
    assert callable(spoilt)
    xmi = spoilt(made.to_xmi().removeprefix("<?xml version='1.0' encoding='UTF-8'?>\n"))
    data = {"d.xmi": xmi.encode(), "TypeSystem.xml": made.typesystem.to_xml().encode()}
    (problem,) = exchange.found(FORMATS["uima-xmi"].module, data)  # type: ignore[arg-type]
    assert isinstance(problem, Problem) and says in str(problem), problem


def test_what_xml_cannot_hold_moves_nothing() -> None:
    body = "A\x1bB\ufeffC says 41."
    text = Text("t", body, spots=(Spot("a", 0, 4, body[:4]), Spot("b", 11, 13, "41")))
    (back,) = exchange.found(FORMATS["uima-xmi"].module, exchange.written(FORMATS["uima-xmi"].module, [text]))  # type: ignore[arg-type]
    assert isinstance(back, Text) and [(spot.start, spot.end) for spot in back.spots] == [(0, 4), (11, 13)]
