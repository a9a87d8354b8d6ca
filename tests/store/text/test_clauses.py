"""The clauses of sentences, in languages with words of their own and by marks alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from store.text.clauses import clauses
from store.text.sentences import sentences
from tests.kit.hostile import hostile_texts

SENTENCES = (
    (
        "en",
        "Ri said that he was brought to Russia on October 10, 2024, along with 2 500 other soldiers.",
        ["Ri said", "he was brought to Russia on October 10, 2024", "along with 2 500 other soldiers"],
    ),
    (
        "en",
        "Initially, the North Koreans were trained in Vladivostok, and in early December they were sent to Kursk.",
        ["Initially, the North Koreans were trained in Vladivostok", "in early December they were sent to Kursk"],
    ),
    (
        "en",
        '"Back then, I couldnʼt even use a weapon, and I didnʼt have a weapon — neither a grenade nor a knife.',
        ["Back then", "I couldnʼt even use a weapon", "I didnʼt have a weapon", "neither a grenade nor a knife"],
    ),
    ("en", "He says 300 were killed and almost 2 700 wounded.", ["He says 300 were killed and almost 2 700 wounded"]),
    ("en", "That’s what he said: he won.", ["That’s what he said", "he won"]),
    ("en", "They called it “a small war” in public.", ["They called it “a small war” in public"]),
    ("en", "“We are not at war,” he told the press.", ["We are not at war", "he told the press"]),
    ("en", "Zelensky: “We lost four thousand men.”", ["Zelensky: “We lost four thousand men.”"]),
    ("en", "“We lost four thousand men,” and left.", ["“We lost four thousand men,” and left"]),
    ("ar", 'وأضاف: "معدل البطالة هو ٣٫٥٪."', ['وأضاف: "معدل البطالة هو ٣٫٥٪."']),
    ("en", "He left (as planned, they say) at 5–6.", ["He left (as planned", "they say) at 5–6"]),
    ("de", "Er sagte, dass er gehe; sie blieb.", ["Er sagte", "er gehe", "sie blieb"]),
    ("es", "Ella dijo que no iría, pero fue ayer.", ["Ella dijo", "no iría", "fue ayer"]),
    ("fr", "Il dit qu’il part demain.", ["Il dit", "il part demain"]),
    ("ru", "Он сказал, что уйдёт завтра.", ["Он сказал", "уйдёт завтра"]),
    ("tr", "Dün geldi ama kimse yoktu.", ["Dün geldi", "kimse yoktu"]),
    ("fi", "Hän sanoi, että hän lähtee.", ["Hän sanoi", "että hän lähtee"]),
    ("zh", "他说，他走了。", ["他说", "他走了"]),
    ("en", "***", []),
)


@pytest.mark.parametrize(("language", "sentence", "found"), SENTENCES, ids=lambda value: str(value)[:30])
def test_a_sentence_falls_into_its_clauses(language: str, sentence: str, found: list[str]) -> None:
    assert [sentence[slice(*one)] for one in clauses(sentence, (0, len(sentence)), language)] == found


@given(hostile_texts())
def test_clauses_stand_in_order_inside_their_sentence(text: str) -> None:
    for sentence in sentences(text):
        found = clauses(text, sentence, "en")
        assert all(sentence[0] <= start < end <= sentence[1] for start, end in found)
        assert all(one[1] <= other[0] for one, other in pairwise(found))
