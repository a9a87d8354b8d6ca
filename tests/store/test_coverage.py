"""What is accounted for and what is left."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.text.coverage import Coverage, Ledger, coverage, gaps, union
from store.text.sentences import sentences as sentences_of
from store.text.units import Span
from tests.hostile import hostile_texts

SAMPLE = (Path(__file__).parents[2] / "seeds" / "000_b70d1dce7949a247.txt").read_text(encoding="utf-8")
SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))


def counted_one_by_one(text: str, sentences: list[Span], spans: list[Span]) -> Coverage:
    covered = {i for start, end in spans for i in range(start, min(end, len(text)))}
    ink = [i for start, end in sentences for i in range(start, end) if not text[i].isspace()]
    residue = tuple(
        (start, end)
        for start, end in sentences
        if any(c.isalnum() for c in text[start:end])
        and not any(text[i].isalnum() for i in range(start, end) if i in covered)
    )
    return Coverage(len(sentences), len(sentences) - len(residue), len(ink), sum(i in covered for i in ink), residue)


@given(hostile_texts(), st.lists(SPANS, max_size=8), st.lists(SPANS, max_size=4))
def test_coverage_is_what_counting_every_character_gives(text: str, claims: list[Span], sweeps: list[Span]) -> None:
    sentences = sentences_of(text)
    expected = counted_one_by_one(text, sentences, claims + sweeps)
    assert coverage(text, sentences, claims, sweeps) == expected


@given(hostile_texts(), st.lists(SPANS, max_size=8))
def test_coverage_holds_for_any_division_into_sentences(text: str, claims: list[Span]) -> None:
    division = [(i, min(i + 5, len(text))) for i in range(0, len(text), 7)]
    assert coverage(text, division, claims, []) == counted_one_by_one(text, division, claims)


@given(st.lists(SPANS, max_size=12), SPANS)
def test_union_and_gaps_part_the_text_between_them(spans: list[Span], frame: Span) -> None:
    covered = {i for start, end in spans for i in range(start, end)}
    joined = union(spans)
    assert {i for start, end in joined for i in range(start, end)} == covered
    assert all(a[1] < b[0] for a, b in pairwise(joined))
    bare = gaps(spans, *frame)
    assert {i for start, end in bare for i in range(start, end)} == set(range(*frame)) - covered
    assert all(a[1] < b[0] for a, b in pairwise(bare))


def test_an_untouched_article_is_all_residue_and_a_swept_one_has_none() -> None:
    sentences = sentences_of(SAMPLE)
    untouched = coverage(SAMPLE, sentences, [], [])
    assert untouched.residue == tuple(sentences)
    assert (untouched.by_sentence, untouched.by_character) == (0.0, 0.0)
    swept = coverage(SAMPLE, sentences, [], [(0, len(SAMPLE))])
    assert swept.residue == ()
    assert (swept.by_sentence, swept.by_character) == (1.0, 1.0)


def test_a_claim_on_one_word_accounts_for_its_sentence_but_only_for_its_own_characters() -> None:
    text = "Ri left home. He went to Kursk. 2 500 men came."
    sentences = sentences_of(text)
    found = coverage(text, sentences, claims=[(0, 2), (3, 7)], sweeps=[(32, 47)])
    assert found.residue == ((14, 31),)
    assert found.accounted_characters == len("Ri" + "left" + "2500mencame.")
    assert found.by_sentence == 2 / 3


def test_covering_only_a_mark_accounts_for_no_sentence() -> None:
    text = "“Ri left.” He went."
    assert coverage(text, [(0, 10)], claims=[(0, 1), (9, 10)], sweeps=[]).residue == ((0, 10),)


def test_a_text_with_nothing_to_check_is_wholly_accounted_for() -> None:
    assert (coverage("", [], [], []).by_sentence, coverage("", [], [], []).by_character) == (1.0, 1.0)
    assert coverage("* * *", [(0, 5)], [], []).residue == ()


def test_taking_away_a_span_that_was_never_laid_is_refused_and_changes_nothing() -> None:
    ledger = Ledger("One two.", [(0, 8)], [(0, 3)])
    with pytest.raises(KeyError):
        ledger.remove((0, 4))
    ledger.remove((0, 3))
    assert ledger.coverage == coverage("One two.", [(0, 8)], [], [])


class LedgerStaysTrue(RuleBasedStateMachine):
    """However claims come and go, the ledger says what counting afresh would say."""

    @initialize(text=hostile_texts(), spans=st.lists(SPANS, max_size=5))
    def open(self, text: str, spans: list[Span]) -> None:
        self.text, self.spans = text, list(spans)
        self.sentences = sentences_of(text)
        self.ledger = Ledger(text, self.sentences, spans)

    @rule(span=SPANS)
    def add(self, span: Span) -> None:
        self.spans.append(span)
        self.ledger.add(span)

    @precondition(lambda self: self.spans)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.ledger.remove(self.spans.pop(data.draw(st.integers(0, len(self.spans) - 1))))

    @invariant()
    def agrees_with_counting_afresh(self) -> None:
        assert self.ledger.coverage == counted_one_by_one(self.text, self.sentences, self.spans)


TestLedgerStaysTrue = LedgerStaysTrue.TestCase
TestLedgerStaysTrue.settings = settings(max_examples=60, stateful_step_count=12)
