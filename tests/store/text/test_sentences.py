"""Sentences: what a checker takes one at a time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text import units
from store.text.sentences import sentences
from tests.kit import paths
from tests.kit.depth import examples
from tests.kit.growth import grows
from tests.kit.hostile import NASTY, hostile_texts
from tests.kit.spans import in_order_and_apart, quoted, stand_on_clusters

SAMPLE = paths.SAMPLE.read_text(encoding="utf-8")


def test_the_sample_article_has_thirty_sentences() -> None:
    found = quoted(SAMPLE, sentences(SAMPLE))
    assert len(found) == 30
    assert found[0].startswith("Two North Korean prisoners of war")
    assert found[4] == "Ri said that he was brought to Russia on October 10, 2024, along with 2 500 other soldiers."
    assert found[7] == "“I entered the battle on January 5."
    assert found[10] == "This led to many casualties,” he added."
    assert found[14:16] == [
        "I couldnʼt carry anything heavy because of my injuries...",
        "So even if I tried to resist, it was obvious that I would be captured.",
    ]
    assert found[18] == "Participation of the DPRK military in the war in Ukraine"
    assert found[29].startswith("According to the head of the Main Intelligence Directorate (known as GUR)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said: “I went. I saw it.” Then he left.", ["He said: “I went.", "I saw it.”", "Then he left."]),
        ("“I went out. I saw it.” Then he left.", ["“I went out.", "I saw it.”", "Then he left."]),
        ("The so-called “U.S.” Army came.", ["The so-called “U.S.” Army came."]),
        ("„Ich ging. Er kam.“ Dann.", ["„Ich ging.", "Er kam.“", "Dann."]),
        ("「行く。来る。」次。", ["「行く。", "来る。」", "次。"]),
        ("He said “she said ‘go. Now.’ twice. Really.”", ["He said “she said ‘go.", "Now.’ twice.", "Really.”"]),
        ("A heading\n" + "word " * 30 + "end.", ["A heading", "word " * 30 + "end."]),
        ("# Heading\nText here.\n- an item\n- another", ["# Heading", "Text here.", "- an item", "- another"]),
        (
            "The two of them were brought to the front by train,\nand then on foot, and they came to Kursk on January\n"
            "5. Then they left the town again, as they had been\ntold to do by the officers.",
            [
                "The two of them were brought to the front by train,\nand then on foot, and they came to Kursk on "
                "January\n5.",
                "Then they left the town again, as they had been\ntold to do by the officers.",
            ],
        ),
        ("Two things:\n1. one\n2. two", ["Two things:", "1. one", "2. two"]),
        ("It was wrapped\nby hand. And\nso was this", ["It was wrapped", "by hand.", "And", "so was this"]),
        (" date 2025-02-19 It began. It ended.", ["It began.", "It ended."]),
        ("A date 2025-02-19 inside.", ["A date 2025-02-19 inside."]),
        (" date 2025-02-19 ", []),
        ("One.\n\n* * *\n\n🙂\n\nTwo", ["One.", "Two"]),
        ("A lone \ud800 surrogate. Next one.", ["A lone \ud800 surrogate.", "Next one."]),
    ],
)
def test_sentences_are_what_a_checker_takes_one_at_a_time(text: str, expected: list[str]) -> None:
    assert quoted(text, sentences(text)) == expected


HAND = [
    ("en", "Polls close at 8 p.m. EST. Ms. Lee won.", 2),
    ("en", "They left at 5 p.m. The police came later.", 2),
    ("en", "They met at 5 p.m. Monday.", 1),
    ("en", "In the U.S. Mexico does not matter.", 1),
    ("en", "He lives in the U.S. He likes it.", 2),
    ("en", "It has 3.5 percent of the U.K. market. No. 10 denied it.", 2),
    ("en", 'It fell. "We lost," he said. "It hurts." Then he left.', 4),
    ("en", "“Really?” Trump asked. Nobody answered.", 2),
    ("en", "**He won.** She lost.", 2),
    ("en", "He won.[^1] She lost.", 2),
    ("en", "He won.¹ She lost.", 2),
    ("en", "He won. 👏 She lost. 🔹 He left.", 3),
    ("de", "Im 20. Jahrhundert war das anders. Heute nicht.", 2),
    ("de", "Er kam am 21. Oktober. 30 Menschen starben.", 2),
    ("de", "Er kam. 30 Menschen starben.", 2),
    ("de", "Der 1. FC Köln verlor 0:3. Die Fans pfiffen.", 2),
    ("de", "Er sagte: »Nein. Nie.« Dann ging er.", 3),
    ("fr", "Il est mort en 52 av. J.-C. à Rome. Il avait 30 ans.", 2),
    ("fr", "Il a dit : « Je pars. Je reviens. » Puis il est parti.", 3),
    ("fr", "M. Macron parle. Mme Le Pen écoute.", 2),
    ("es", "Vive en EE. UU. y trabaja. No vota.", 2),
    ("es", "En el año 52 a. C. murió. Fue en Roma.", 2),
    ("it", "Lo dice dall'art. 5 in poi. Il resto no.", 2),
    ("pl", "Firma zarobiła 48,8 proc. Firma jest duża.", 2),
    ("ru", "В г. Москве живёт А. С. Пушкин. Он поэт.", 2),
    ("ru", "Это было в 2023 г. Потом всё изменилось.", 2),
    ("hi", "प्रो. आर. के. शर्मा ने कहा। वह 5.2% है।", 2),
    ("ar", "مات سنة 52 ق.م. في روما. كان عمره 30 عاما.", 2),
    ("tr", "M.Ö. 52 yılında öldü. Roma'daydı.", 2),
    ("fi", "Suomi voitti Skotlannin 2–1. Alkulohko päättyi.", 2),
    ("tr", "3. Ordu geldi. Sonra gitti.", 2),
    ("zh", "他说：“我去。我看。”然后他走了。", 3),
    ("zh", "这是假的。2023年经济增长5.2%。专家不同意。", 3),
    ("zh", "真的吗?不是!他走了。", 3),
    ("zh", "真的吗?2023年!5个人走了。", 3),
    ("zh", "一．背景．他去过3．5次．", 2),
    ("el", "Ο κ. Παπαδόπουλος έφυγε. Πού πήγε; Κανείς δεν ξέρει.", 3),
    ("el", "Ήταν το 52 π.Χ. στη Ρώμη. Η Γαλλία, π.χ. η Λυών, ήρθε στη σελ. 12.", 2),
    ("ja", "「行く。」と彼は言った。本当だ。", 2),
    ("ja", "物価は上がった。3月に下がった。", 2),
    ("ja", "物価は上がった．2023年に３．５％下がった．", 2),
    ("th", "เขามาแล้ว วันนี้ฝนตก 5 ครั้ง", 2),
    ("lo", "ລາວມາແລ້ວ ມື້ນີ້ຝົນຕົກ", 2),
    ("km", "គាត់មក។ គាត់ទៅ៕ ចប់", 3),
    ("bo", "ཁོང་ཕེབས་སོང་།ཁོང་ལོག་སོང་།", 2),
    ("my", "သူလာသည်။ သူသွားသည်။", 2),
    ("ur", "وہ آیا۔ وہ گیا۔", 2),
    ("hy", "Նա եկավ։ Նա գնաց։", 2),
    ("am", "እሱ መጣ። እሱ ሄደ።", 2),
]


@pytest.mark.parametrize(("language", "text", "number"), HAND)
def test_each_language_has_its_own_abbreviations_numbers_and_marks(language: str, text: str, number: int) -> None:
    found = quoted(text, sentences(text, language))
    assert len(found) == number, found


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, text, _ in HAND if code not in ("en", "pl")])
def test_a_guessed_language_does_as_well_as_a_marked_one(language: str, text: str) -> None:
    said = {"de": "Das ist nicht wahr, und wir wissen es auch. ", "fr": "Ce n'est pas vrai, et nous le savons. ",
            "es": "Esto no es verdad y todos lo saben. ", "it": "Questo non è vero, e lo sanno tutti. ",
            "ru": "Это не так, и все это знают. ", "tr": "Bu doğru değil ve bunu herkes için söyledi. "}  # fmt: skip
    text = said.get(language, "") + text
    assert sentences(text) == sentences(text, language)


def test_a_code_of_no_language_is_read_as_if_none_had_been_given() -> None:
    text = "Das gilt z. B. Hunden usw. Auch Katzen."
    assert len(sentences(text, "de-AT")) < len(sentences(text, "en"))
    assert sentences(text, "xx-unheard-of") == sentences(text) == sentences(text, "de")


@pytest.mark.parametrize(
    "piece",
    [
        '". ',
        "A.",
        "5. ",
        "(a. ",
        ". » ",
        "z. B. ",
        "a\n",
        "1. a\n",
        "字。",
        ". ",
        "“. ",
        ". “",
        "M. ",
        ".[1]",
        ".*",
        "l'A. ",
    ],
)
def test_a_hostile_text_of_four_times_the_length_takes_about_four_times_as_long(piece: str) -> None:
    assert not grows(lambda length: sentences(piece * (length // len(piece)), "de"), 20_000, times=12)


@given(hostile_texts())
def test_sentences_are_trimmed_and_stay_inside_their_paragraph(text: str) -> None:
    found = sentences(text)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    assert all(units.trim(text, *span) == span for span in found)
    whole = units.paragraphs(text)
    assert all(any(a <= start and end <= b for a, b in whole) for start, end in found)


@given(hostile_texts())
def test_every_letter_and_digit_stands_in_a_sentence(text: str) -> None:
    inside = {i for start, end in sentences(text) for i in range(start, end)}
    assert all(i in inside for i, c in enumerate(text) if c.isalnum())


@given(
    hostile_texts(),
    st.sampled_from(["", "en", "de", "fr", "pl", "ru", "tr", "zh", "th", "ar", "sw", "xx"]),
    st.sampled_from(["", "lines", "wrapped"]),
)
def test_so_it_is_in_every_language_however_its_lines_are_meant(text: str, language: str, lines: str) -> None:
    text = text.replace("字", "ก ข. 5 г. B. ")
    found = sentences(text, language, lines)
    assert in_order_and_apart(found) and stand_on_clusters(text, found)
    assert all(units.trim(text, *span) == span for span in found)
    assert sum(c.isalnum() for c in text) == sum(c.isalnum() for part in quoted(text, found) for c in part)


@given(
    st.lists(st.sampled_from(["He went home. ", "“Go on. Now go,” she said. ", "这是一个句子。", "“"]), max_size=12),
    st.integers(1, 400),
)
@settings(max_examples=examples(30))
def test_a_paragraph_of_any_length_is_read_to_its_end(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    found = sentences(text)
    assert in_order_and_apart(found)
    assert sum(c.isalnum() for c in text) == sum(c.isalnum() for part in quoted(text, found) for c in part)


def test_a_long_paragraph_has_the_sentences_of_its_parts() -> None:
    one = "He went to Kursk. “I saw it. I left,” he said. "
    text = one * 500
    assert quoted(text, sentences(text)) == quoted(one, sentences(one)) * 500


def test_a_date_in_may_ends_its_sentence() -> None:
    text = "The old bridge fell on 5 May. Nobody was hurt. In May. it rained."
    assert [text[start:end] for start, end in sentences(text)][:2] == [
        "The old bridge fell on 5 May.",
        "Nobody was hurt.",
    ]


@pytest.mark.parametrize("text", NASTY)
def test_no_sentence_of_a_nasty_text_splits_a_cluster(text: str) -> None:
    assert stand_on_clusters(text * 3, sentences(text * 3))
