"""Languages: guessed from a text, and codes that are refused when they name none."""

from __future__ import annotations

import pytest
from hypothesis import given

from store.errors import Refused
from store.text import language_codes
from store.text.language import guess, spoken
from store.text.language_words import LETTERS, WORDS
from tests.kit.hostile import hostile_texts

TEXTS = {
    "en": "The council met on Monday. They said that it was not so, and that nobody had been there.",
    "de": "Der Rat trat am Montag zusammen. Sie sagten, dass es nicht so war und dass niemand dort gewesen ist.",
    "fr": "Le conseil s'est réuni lundi. Ils ont dit que ce n'était pas le cas et que personne n'était là.",
    "es": "El consejo se reunió el lunes. Dijeron que no era así y que no había nadie en el lugar.",
    "it": "Il consiglio si è riunito lunedì. Hanno detto che non era così e che non c'era nessuno.",
    "pt": "O conselho reuniu-se na segunda-feira. Disseram que não era assim e que não havia ninguém lá.",
    "nl": "De raad kwam maandag bijeen. Zij zeiden dat het niet zo was en dat er niemand was geweest.",
    "pl": "Rada zebrała się w poniedziałek. Powiedzieli, że tak nie było i że nikogo tam nie było.",
    "ru": "Совет собрался в понедельник. Они сказали, что это не так и что там никого не было.",
    "uk": "Рада зібралася в понеділок. Вони сказали, що це не так і що там нікого не було.",
    "bg": "Съветът се събра в понеделник. Те казаха, че това не е така и че там не е имало никого.",
    "tr": "Meclis pazartesi günü toplandı. Bunun böyle olmadığını ve orada kimsenin olmadığını söylediler.",
    "sv": "Rådet samlades på måndagen. De sa att det inte var så och att ingen hade varit där.",
    "da": "Rådet mødtes mandag. De sagde, at det ikke var sådan, og at der ikke havde været nogen efter det.",
    "fi": "Neuvosto kokoontui maanantaina. He sanoivat, että niin ei ollut ja että siellä ei ollut ketään.",
    "cs": "Rada se sešla v pondělí. Řekli, že to tak není a že tam nikdo nebyl, protože je to pravda.",
    "sk": "Rada sa zišla v pondelok. Povedali, že to tak nie je a že tam nikto nebol, pretože je to pravda.",
    "sl": "Svet se je sestal v ponedeljek. Povedali so, da to ni tako in da tam ni bilo nikogar, ker je bilo pozno.",
    "lt": "Taryba susirinko pirmadienį. Jie sakė, kad tai ne taip ir kad ten nieko nebuvo.",
    "lv": "Padome sanāca pirmdien. Viņi teica, ka tas tā nav un ka tur neviena nebija.",
    "et": "Nõukogu kogunes esmaspäeval. Nad ütlesid, et see ei ole nii ja et seal ei olnud kedagi.",
    "be": "Рада сабралася ў панядзелак. Яны сказалі, што гэта не так і што там нікога не было.",
    "mk": "Советот се собра во понеделник. Тие рекоа дека тоа не е така и дека таму немало никого.",
    "sr": "Савет се састао у понедељак. Рекли су да то није тако и да тамо није било никога.",
    "hr": "Vijeće se sastalo u ponedjeljak. Rekli su da to nije tako i da tamo nije bilo nikoga, kako kažu.",
    "no": "Rådet møttes mandag. De sa at det ikke var slik, og at ingen hadde vært der etter det.",
    "ca": "El consell es va reunir dilluns. Van dir que no era així i que no hi havia ningú.",
    "id": "Dewan bertemu pada hari Senin. Mereka mengatakan bahwa itu tidak benar dan tidak ada orang di sana.",
    "ro": "Consiliul s-a întrunit luni. Au spus că nu este așa și că nu a fost nimeni acolo.",
    "hu": "A tanács hétfőn ült össze. Azt mondták, hogy ez nem így van, és hogy senki sem volt ott.",
    "vi": "Hội đồng đã họp vào thứ hai. Họ nói rằng điều đó không đúng và không có ai ở đó.",
    "el": "Το συμβούλιο συνεδρίασε τη Δευτέρα.",
    "he": "המועצה התכנסה ביום שני.",
    "ar": "اجتمع المجلس يوم الاثنين.",
    "fa": "شورا روز دوشنبه تشکیل جلسه داد و گفت که چنین نیست.",
    "hi": "परिषद की बैठक सोमवार को हुई।",
    "mr": "परिषदेची बैठक सोमवारी झाली. हे खरे नाही असे त्यांनी सांगितले आहे.",
    "ne": "परिषद्को बैठक सोमबार बस्यो। उनले यो सत्य होइन भने, र त्यहाँ कोही थिएन।",
    "th": "สภาประชุมเมื่อวันจันทร์",
    "ko": "의회는 월요일에 모였다.",
    "zh": "议会星期一开会。他们说不是这样。",
    "ja": "議会は月曜日に開かれた。そうではないと言った。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_two_sentences_tell_their_language(language: str) -> None:
    assert guess(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "2024", "* * *", "Ri Kim Lee", "Uhuru wa habari Tanzania", "😀", "\ud800"])
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert guess(text) == "" and spoken("", text) == "en"


@given(hostile_texts())
def test_any_text_gives_a_code_or_nothing(text: str) -> None:
    assert not (code := guess(text)) or language_codes.is_code(code)


def test_what_is_said_counts_before_what_is_guessed() -> None:
    assert spoken("de-AT", TEXTS["fr"]) == "de" and spoken("nb", TEXTS["fr"]) == "no"
    assert spoken("xx", TEXTS["fr"]) == "fr"


def test_the_lists_hold_each_word_once_and_letters_only() -> None:
    for words in WORDS.values():
        listed = words.split()
        assert len(listed) > 50 and all(word == word.lower() for word in listed)
    assert set(LETTERS) <= set(WORDS) and all(map(language_codes.is_code, WORDS))


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("", ""),
        (" en ", "en"),
        ("EN-gb", "en-GB"),
        ("zh-hans", "zh-Hans"),
        ("fil", "fil"),
        ("sr-latn-rs", "sr-Latn-RS"),
    ],
)
def test_a_code_is_stored_in_one_spelling(said: str, stored: str) -> None:
    assert language_codes.checked_code(said) == stored


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Deutsch", "de"), ("German", "de"), ("ger", "de"), ("deu", "de"), ("de_DE", "de-DE"), ("en_US.UTF-8", "en-US"),
        ("русский", "ru"), ("jp", "ja"), ("日本語", "ja"), ("français", "fr"), ("zh_Hans_CN", "zh-Hans"), ("ua", "uk"),
    ],
)  # fmt: skip
def test_a_name_is_refused_and_its_code_offered(said: str, meant: str) -> None:
    with pytest.raises(Refused, match=f"did you mean “{meant}”"):
        language_codes.checked_code(said)


@pytest.mark.parametrize("said", ["xx-yy", "x", "klingon", "en--GB", "e1", "🙂", "a" * 300, "en-", "[b]", "\x1b[2J"])
def test_what_means_nothing_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(Refused, match=r"write a code such as|did you mean") as caught:
        language_codes.checked_code(said)
    assert len(str(caught.value)) < 200 and "\x1b" not in str(caught.value)
