"""What is read, word by word, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.text.coverage import Coverage, Held, Hold, Ledger, Place, coverage, union, untouched, words_of
from store.text.sentences import sentences as sentences_of
from store.text.units import Span, words
from tests.kit import paths
from tests.kit.depth import examples
from tests.kit.hostile import hostile_texts
from tests.kit.sample_claims import SAMPLE_CLAIMS

SAMPLE = paths.SAMPLE.read_text(encoding="utf-8")
SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))
HELD = st.tuples(SPANS, st.sampled_from(Hold)).map(lambda one: (*one[0], one[1]))


def tagged(*spans: Span) -> list[Held]:
    return [(*span, Hold.TAGGED) for span in spans]


def swept(*spans: Span) -> list[Held]:
    return [(*span, Hold.SWEPT) for span in spans]


def counted_one_by_one(text: str, sentences: Sequence[Span], held: Sequence[Held], least: int = 4) -> Coverage:
    """As `coverage`, for texts without scripts of their own rules, with every word asked for everything."""
    found = [(a, b) for a, b in words(text) if any(text[i].isalnum() for i in range(a, b))]

    def is_held(word: Span, kinds: Sequence[Hold]) -> bool:
        letters = {i for i in range(*word) if text[i].isalnum()}
        # A mark clings to the letter before it, so what lies between two letters is of the word as well.
        inside = range(min(letters), max(letters) + 1)
        held_by = [(a, b) for a, b, hold in held if hold in kinds]
        return any(not letters.isdisjoint(range(a, b)) or (a < b and a in inside) for a, b in held_by)

    states = {
        word: next((hold for hold in (Hold.TAGGED, Hold.CHECKED, Hold.SWEPT) if is_held(word, [hold])), None)
        for word in found
    }
    own = [[word for word in found if start <= word[0] < end] for start, end in sentences]
    places: list[Place] = []
    for (start, end), here in zip(sentences, own, strict=True):
        bare = [word for word in here if states[word] is None]
        if bare == here:
            places += [Place(start, end)] if here else []
            continue
        run: list[Span] = []
        for word in [*here, None]:
            if word is not None and states[word] is None:
                run.append(word)
                continue
            if run and (len(run) >= least or any(c.isdecimal() or c in "¼½¾" for c in text[run[0][0] : run[-1][1]])):
                places.append(Place(run[0][0], min(end, run[-1][1]), leftover=True))
            run = []
    kinds = [states[word] for here in own for word in here]
    partly = [here for here in own if {states[word] is None for word in here} == {True, False}]
    leftovers = sum(place.leftover for place in places)
    return Coverage(
        len(kinds), sum(kind is not None for kind in kinds), kinds.count(Hold.CHECKED), kinds.count(Hold.TAGGED),
        kinds.count(Hold.SWEPT), sum(map(bool, own)), len(places) - leftovers, len(partly), leftovers, tuple(places),
    )  # fmt: skip


PIECES = (
    "Ri",
    "left",
    "home",
    "5%",
    "-3",
    "$7m",
    "U.S.",
    "½",
    "he’d",
    ".",
    ". ",
    " ",
    ", ",
    "—",
    "\n\n",
    "“",
    "”",
    "é",
)
LATIN = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


@given(LATIN, st.lists(HELD, max_size=8), st.integers(1, 6))
def test_coverage_is_what_asking_every_word_gives(text: str, held: list[Held], least: int) -> None:
    sentences = sentences_of(text)
    assert coverage(text, sentences, held, least) == counted_one_by_one(text, sentences, held, least)


@given(LATIN, st.lists(HELD, max_size=8))
def test_coverage_holds_for_any_division_into_sentences(text: str, held: list[Held]) -> None:
    division = [(i, min(i + 5, len(text))) for i in range(0, len(text), 7)]
    assert coverage(text, division, held) == counted_one_by_one(text, division, held)


@given(st.lists(SPANS, max_size=12))
def test_union_joins_what_touches(spans: list[Span]) -> None:
    joined = union(spans)
    assert {i for start, end in joined for i in range(start, end)} == {i for a, b in spans for i in range(a, b)}
    assert all(a[1] < b[0] for a, b in pairwise(joined))


@pytest.mark.parametrize("least", [1, 2, 3, 4, 5, 6, 8])
def test_the_sample_is_counted_as_a_person_counts_it(least: int) -> None:
    found = coverage(SAMPLE, sentences_of(SAMPLE), tagged(*SAMPLE_CLAIMS), least)
    assert (found.words, found.words_read, found.percent) == (499, 406, 81)
    assert (found.sentences, found.open_sentences, found.sentences_in_part) == (30, 3, 14)
    assert found.leftovers == {1: 14, 2: 12, 3: 9, 4: 5, 5: 4, 6: 3, 8: 1}[least]
    if least == 4:
        assert found.read == "81 % · 3 sentences, 5 leftovers"
        assert [SAMPLE[place.start : place.end] for place in found.residue if place.leftover] == [
            "We were counting on the support of",
            "And he added that",
            "According to sources in the American newspaper The New York Times",
            "Ukrainian President Volodymyr Zelensky said that",
            "South Korean intelligence believes that",
        ]


def test_the_first_word_of_each_sentence_reads_thirty_words_and_no_more() -> None:
    sentences = sentences_of(SAMPLE)
    first = [next(words(SAMPLE, *span)) for span in sentences]
    found = coverage(SAMPLE, sentences, tagged(*first))
    assert (found.words_read, found.open_sentences, found.sentences_in_part, found.leftovers) == (30, 0, 30, 30)


@pytest.mark.parametrize("least", [1, 4, 99])
def test_a_leftover_with_a_digit_counts_whatever_its_length(least: int) -> None:
    text = "Prices rose 5% in May and fell 3% in June."
    found = coverage(text, [(0, len(text))], tagged((0, 21)), least)
    assert [text[place.start : place.end] for place in found.residue] == ["and fell 3% in June"]


@pytest.mark.parametrize(
    ("text", "held", "left"),
    [
        ("He left. So he did, he said.", "He left", []),  # nothing of the second is read: it is open
        ("It fell by a lot, she said¹.", "It fell by a lot", []),
        ("It fell by a lot, half of it: ½ now.", "It fell by a lot, half of it", ["½ now"]),
        ("It rose, and −5 % in all.", "It rose", ["and −5 % in all"]),
        ("一二三四五六七八九十", "一二三", []),  # seven ideographs weigh as three and a half words
        ("一二三四五六七八九十", "一二", ["三四五六七八九十"]),
        ("ประเทศไทยในปีนี้มีคนมากขึ้นทุกปี", "ประเทศ", ["ไทยในปีนี้มีคนมากขึ้นทุกปี"]),
        ("ประเทศไทยในปีนี้มีคนมากขึ้นทุกปี", "ประเทศไทยในปีนี้มีคนมาก", []),
    ],
)
def test_what_is_left_of_a_sentence_counts_by_its_weight(text: str, held: str, left: list[str]) -> None:
    sentences = [(0, len(text))] if held != "He left" else sentences_of(text)
    found = coverage(text, sentences, tagged((0, len(held))))
    assert [text[place.start : place.end] for place in found.residue if place.leftover] == left
    assert found.words_read < found.words


def test_a_claim_on_half_a_thai_sentence_does_not_read_all_of_it() -> None:
    text = "ประเทศไทยในปีนี้มีคนมากขึ้นทุกปี"
    found = coverage(text, [(0, len(text))], tagged((0, len(text) // 2)))
    assert 0.4 < found.share < 0.6


def test_punctuation_never_counts() -> None:
    text = "“Ri left.” He went."
    found = coverage(text, [(0, 10), (11, 19)], tagged((0, 1), (8, 11)))
    assert (found.words_read, found.open_sentences) == (0, 2)
    assert coverage("It is 5% now.", [(0, 13)], tagged((7, 8))).words_read == 0


def test_a_word_counts_once_as_the_least_that_holds_it() -> None:
    text = "One two three four."
    held = [(0, 3, Hold.CHECKED), (0, 7, Hold.SWEPT), (4, 13, Hold.CHECKED), (8, 13, Hold.TAGGED)]
    found = coverage(text, [(0, len(text))], held)
    assert (found.words_checked, found.words_tagged, found.words_swept, found.words_read) == (2, 1, 0, 3)


def test_a_text_with_nothing_to_read_is_read() -> None:
    assert (coverage("", [], []).percent, coverage("* * *", [(0, 5)], []).residue) == (100, ())
    assert coverage("", [], []).nothing_left


def test_a_hundred_percent_means_every_word() -> None:
    text = " ".join(["word"] * 300)
    found = coverage(text, [(0, len(text))], tagged((0, len(text) - 5)))
    assert (found.percent, found.read) == (99, "99 % · nothing left")


@given(hostile_texts())
def test_what_nothing_holds_is_known_from_its_sentences(text: str) -> None:
    sentences = sentences_of(text)
    assert untouched(sentences, [*words_of(text, sentences)]) == coverage(text, sentences)


def test_taking_away_a_span_that_was_never_laid_is_refused_and_changes_nothing() -> None:
    ledger = Ledger("One two.", [(0, 8)], tagged((0, 3)))
    with pytest.raises(KeyError):
        ledger.remove(0, 4, Hold.TAGGED)
    with pytest.raises(KeyError):
        ledger.remove(0, 3, Hold.SWEPT)
    ledger.remove(0, 3, Hold.TAGGED)
    assert ledger.coverage == coverage("One two.", [(0, 8)])


def test_an_edit_looks_at_the_sentences_it_touches_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ri left home at noon. " * 3000
    sentences = [(i, i + 21) for i in range(0, len(text), 22)]
    ledger = Ledger(text, sentences, [(i, i + 7, Hold.CHECKED) for i in range(0, len(text), 44)])
    looked: list[int] = []
    look = ledger._look
    monkeypatch.setattr(ledger, "_look", lambda k: looked.append(k) or look(k))
    ledger.add(22 * 7, 22 * 7 + 7, Hold.TAGGED)
    ledger.add(22 * 7, 22 * 7 + 7, Hold.CHECKED)  # the verdict is given: no word becomes read or unread by that
    ledger.remove(22 * 7, 22 * 7 + 7, Hold.TAGGED)
    assert looked == [7]
    ledger.add(22 * 9 + 8, 22 * 10 + 12, Hold.SWEPT)
    assert looked == [7, 9, 10]


def test_places_are_found_from_anywhere() -> None:
    ledger = Ledger(SAMPLE, sentences_of(SAMPLE), tagged(*SAMPLE_CLAIMS))
    residue = ledger.coverage.residue
    on, place = [], ledger.next_place(0)
    while place:
        on.append(place)
        place = ledger.next_place(place.end)
    back, place = [], ledger.previous_place(len(SAMPLE))
    while place:
        back.append(place)
        place = ledger.previous_place(place.start)
    assert on == back[::-1] == list(residue) and len(residue) == 8
    assert all(ledger.is_left(place.start, place.end) for place in residue) and not ledger.is_left(0, 5)
    assert all(ledger.left(place.start, place.end) == [place[:2]] for place in residue)
    start, end = sentences_of('He left. "Why?" he said.')[1]
    assert Ledger('He left. "Why?" he said.', [(start, end)]).first_word(start, end) == start + 1


def test_what_is_left_between_two_places_never_takes_words_of_a_claim() -> None:
    text = "Ri left -5 home, and Baek stayed in 2024."
    ledger = Ledger(text, [(0, len(text))], tagged((3, 7), (21, 25)))
    left = [text[start:end] for start, end in ledger.left(0, len(text))]
    assert left == ["Ri", "-5 home, and", "stayed in 2024"]
    assert ledger.left(3, 7) == []


class LedgerStaysTrue(RuleBasedStateMachine):
    """However claims come and go, the ledger says what counting afresh would say."""

    @initialize(text=hostile_texts(), held=st.lists(HELD, max_size=5), least=st.integers(1, 5))
    def open(self, text: str, held: list[Held], least: int) -> None:
        self.text, self.held, self.least = text, list(held), least
        self.sentences = sentences_of(text)
        self.ledger = Ledger(text, self.sentences, held, least)

    @rule(held=HELD)
    def add(self, held: Held) -> None:
        self.held.append(held)
        self.ledger.add(*held)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.ledger.remove(*self.held.pop(data.draw(st.integers(0, len(self.held) - 1))))

    @invariant()
    def agrees_with_counting_afresh(self) -> None:
        assert self.ledger.coverage == coverage(self.text, self.sentences, self.held, self.least)


TestLedgerStaysTrue = LedgerStaysTrue.TestCase
TestLedgerStaysTrue.settings = settings(max_examples=examples(60), stateful_step_count=12)
