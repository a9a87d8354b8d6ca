"""Which changed words go along with a claim, and which are asked."""

from __future__ import annotations

import random

import pytest

from store.text.triage import ASKED, PASSED, Judgement, knows, triage


def judged(old: str, new: str, language: str = "en") -> str:
    """What becomes of a change in the middle of a sentence."""
    before, after = (f"People say {words} in town." for words in (old, new))
    found = triage(before, (11, 11 + len(old)), after, (11, 11 + len(new)), language)
    assert found.carried == (found.reason in PASSED) != (found.reason in ASKED)
    return found.reason


TABLE = [
    ("41", "43", "number"), ("five", "six", "number"), ("half of it", "all of it", "number"), ("5.0", "5,0", "number"),
    ("10%", "10", "number"), ("€10", "10", "number"), ("a + b", "a b", "number"), ("-5 degrees", "5 degrees", "number"),
    ("1/2", "1 2", "number"), ("twice", "once", "number"), ("2 million", "2 billion", "number"), ("½", "¼", "number"),
    ("did", "did not", "negation"), ("legal", "illegal", "negation"), ("could", "couldn’t", "negation"),
    ("with help", "without help", "negation"), ("said so", "denied so", "negation"), ("able", "unable", "negation"),
    ("said", "said,", "punctuation"), ("a)", "(a)", "punctuation"), ("re-elect", "reelect", "punctuation"),
    ("don't", "don’t", "punctuation"), ("‘he’", "’he’", "punctuation"), ("the Mayor", "the mayor", "case"),
    ("“no choice”", "no choice", "quotation"), ("“it is new”", "“it was new”", "quotation"),
    ("“it is new”", '"it is new"', "punctuation"), ("“the house”", "“a house”", "quotation"),
    ("US", "us", "name"), ("Kiev", "Kyiv", "name"), ("the Hague", "Hague", "function words"),
    ("with Ana", "with Bo", "name"), ("by Smith", "by Smiths", "name"),
    ("increase", "decrease", "degree"), ("may", "will", "degree"), ("before noon", "after noon", "degree"),
    ("all boys", "most boys", "degree"), ("alleged thief", "thief", "degree"),
    ("is", "was", "tense"), ("has seen", "had seen", "tense"), ("is new", "new", "tense"),
    ("the", "a", "function words"), ("of the town", "of town", "function words"), ("he is", "he are", "function words"),
    ("report", "reports", "letters"), ("colour", "color", "letters"), ("travelled", "traveled", "letters"),
    ("organise", "organize", "letters"), ("theatre", "theater", "letters"), ("country", "countries", "letters"),
    ("men", "women", "words"), ("killed", "killer", "words"), ("died", "dies", "words"), ("causal", "casual", "words"),
    ("employer", "employee", "words"), ("3 m", "3 km", "words"), ("a part", "apart", "words"),
    ("staled", "stalled", "words"), ("four", "for", "number"), ("who", "which one dog", "number"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), TABLE)
def test_the_first_rule_that_fits_decides(old: str, new: str, reason: str) -> None:
    assert judged(old, new) == reason
    assert (judged(new, old) in ASKED) == (reason in ASKED)


def test_a_claim_is_carried_only_if_all_of_it_is() -> None:
    assert judged("the big colour of 41 houses", "a big color of 41 houses") == "letters"
    assert judged("the big colour of 41 houses", "a big color of 43 houses") == "number"
    assert judged("a man saw it, not me", "the man saw her, me") == "negation"  # the gravest comes first


@pytest.mark.parametrize(
    ("language", "old", "new", "reason"),
    [
        ("de", "er hat recht", "er hat nicht recht", "negation"),
        ("de", "der Mann", "den Mann", "words"),
        ("de", "ist", "sind", "function words"),
        ("fr", "elle vient", "elle ne vient pas", "negation"),
        ("fr", "la ville", "une ville", "function words"),
        ("es", "dijo", "no dijo", "negation"),
        ("es", "la casa", "una casa", "function words"),
        ("tlh", "report", "reports", "words"),
        ("tlh", "report", "report,", "punctuation"),
        ("tlh", "41", "43", "number"),
        ("en-GB", "report", "reports", "letters"),
    ],
)
def test_other_languages(language: str, old: str, new: str, reason: str) -> None:
    assert judged(old, new, language) == reason
    assert knows(language) == (language != "tlh")


def test_the_first_word_of_a_sentence_is_not_taken_for_a_name() -> None:
    assert triage("The town sleeps.", (0, 15), "A town sleeps.", (0, 13), "en") == Judgement(True, "function words")


def test_no_number_negation_or_name_is_ever_carried() -> None:
    """Planted in sentences among changes that are carried by themselves."""
    chance = random.Random(5)
    said = "the report of a colour said that this country was by the theatre and so both labels were there"
    words = said.split()
    planted = {
        "number": ("41", "43", "3,000", "half", "twelve", "2%", "£5"),
        "negation": ("not", "never", "without", "hardly", "didn't"),
        "name": ("Ana", "Kyiv", "NATO", "Smith", "Bo"),
    }
    for _ in range(400):
        kind = chance.choice(sorted(planted))
        at = chance.randrange(1, len(words))
        old, new = chance.sample(planted[kind], 2)
        before = [*words[:at], *([old] if kind != "negation" else []), *words[at:]]
        after = [*words[:at], new, *words[at:]]
        if chance.random() < 0.5:
            after = [{"report": "reports", "colour": "color", "a": "the"}.get(word, word) for word in after]
        one, other = (f"He says {' '.join(text)} again." for text in (before, after))
        found = triage(one, (8, len(one) - 7), other, (8, len(other) - 7), "en")
        assert not found.carried, (one, other, found)
