"""Articles read from files and bytes: nothing is lost unsaid, and what is no article is refused in one sentence."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.errors import Refused
from store.formats.articles.files import read
from store.formats.articles.plaintext import ARTICLE_LIMIT_BYTES, mended
from store.formats.articles.reader import ArticleFile, ReadOptions, articles_of
from store.text.article_draft import Draft
from tests.kit.paths import SAMPLE


def decoded(data: bytes, where: str) -> Draft:
    """The article in these bytes, read as a file of that name is."""
    (draft,) = articles_of(ArticleFile(io.BytesIO(data), where, where if "." in where else ""), ReadOptions())
    assert not isinstance(draft, Refused)
    return draft


def refusal(data: bytes, where: str = "a.txt") -> str:
    with pytest.raises(Refused) as caught:
        decoded(data, where)
    sentence = str(caught.value)
    assert sentence.startswith(f"{where}: ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


def test_the_sample_article_is_read_byte_for_byte_with_its_date() -> None:
    draft = read(SAMPLE)
    assert draft.text.encode() == SAMPLE.read_bytes()
    assert len(draft.text) == 3011
    assert draft.published == "2025-02-19"
    assert draft.title == (
        "Two North Korean prisoners of war captured by the Ukrainian Defense Forces in Kursk said they were…"
    )
    assert draft.path == SAMPLE and draft.notes == ()


def test_spaces_and_spellings_stay_as_they_are() -> None:
    text = "  \u00e9 e\u0301 \u200b\t x\x1b[31m\u202e \x0b\x0c\x85\u2028 end \n\n "
    draft = decoded(text.encode(), "a.txt")
    assert draft == Draft(text)
    assert draft.title == "é e\u0301 \u200b x [31m\u202e end"


@pytest.mark.parametrize(
    ("data", "text", "notes"),
    [
        (b"one\r\ntwo\r\n", "one\ntwo\n", ("2 CRLF line ends became LF",)),
        (b"one\rtwo", "one\ntwo", ("1 CR line end became LF",)),
        (b"one\r\r\ntwo", "one\n\ntwo", ("1 CRLF line end became LF", "1 CR line end became LF")),
        (b"There is one\0 NUL", "There is one NUL", ("1 NUL removed",)),
        (b"A line end\r\0\ncut in two", "A line end\ncut in two", ("1 NUL removed", "1 CRLF line end became LF")),
        (b"\xef\xbb\xbfone", "one", ("1 byte order mark removed",)),
        (b"one \xed\xa0\x80\xed\xa0\x81", "one \ufffd\ufffd", ("2 lone surrogates became U+FFFD",)),
        ("\ufeffhé".encode("utf-16-le"), "hé", ("read as UTF-16", "1 byte order mark removed")),
        ("\ufeffhé".encode("utf-16-be"), "hé", ("read as UTF-16", "1 byte order mark removed")),
        ("\ufeffhé".encode("utf-32-le"), "hé", ("read as UTF-32", "1 byte order mark removed")),
        ("\ufeffhé".encode("utf-32-be"), "hé", ("read as UTF-32", "1 byte order mark removed")),
        (
            "\ufeff\0one".encode("utf-16-le"),
            "one",
            ("read as UTF-16", "1 NUL removed", "1 byte order mark removed"),
        ),
        ("Plain words.".encode("utf-16-le"), "Plain words.", ("read as UTF-16",)),
        ("Plain words.".encode("utf-16-be"), "Plain words.", ("read as UTF-16",)),
        ("Они сказали: да.".encode("utf-16-le"), "Они сказали: да.", ("read as UTF-16",)),
        ("Они сказали: да.".encode("utf-16-be"), "Они сказали: да.", ("read as UTF-16",)),
        ("他们说，是的。\n好。".encode("utf-16-le"), "他们说，是的。\n好。", ("read as UTF-16",)),
        ("他们说，是的。\n好。".encode("utf-16-be"), "他们说，是的。\n好。", ("read as UTF-16",)),
        (
            "“It’s a café,” he said – naïvely.".encode("windows-1252"),
            "“It’s a café,” he said – naïvely.",
            ("read as windows-1252",),
        ),
        *(
            (words.encode(codec), words, (f"read as {said}",))
            for words, codec, said in (
                ("Річка піднялася на три метри, заявив мер міста.", "cp1251", "windows-1251"),
                ("Река поднялась на три метра, заявил мэр города.", "koi8_r", "koi8-r"),
                ("Rzeka podniosła się o trzy metry, powiedział burmistrz.", "cp1250", "windows-1250"),
                (
                    "A miniszterelnök szerdán azt mondta, hogy a kormány 3,5 milliárdot költ utakra. Az őszi árvíz "
                    "után a főváros is segítséget kért.",
                    "cp1250",
                    "windows-1250",
                ),
                ("Die Brücke fiel. Präsident Müller war „überrascht“.", "cp1252", "windows-1252"),
                ("O primeiro-ministro disse que a inflação não vai subir.", "cp1252", "windows-1252"),
                ("Nehir üç metre yükseldi, dedi belediye başkanı. İnsanlar gitti.", "cp1254", "windows-1254"),
                ("Ο ποταμός ανέβηκε τρία μέτρα, είπε ο δήμαρχος.", "cp1253", "windows-1253"),
                ("Άλλοι είπαν ότι ο ποταμός ανέβηκε τρία μέτρα.", "iso8859_7", "iso8859-7"),
                ("قال رئيس البلدية إن النهر ارتفع ثلاثة أمتار.", "cp1256", "windows-1256"),
                ("川は三メートル上昇したと市長は語った。人々は去った。\n" * 3, "cp932", "cp932"),
                ("市长说，河水上涨了三米。人们离开了。\n" * 3, "gb18030", "gb18030"),
            )
        ),
    ],
)
def test_what_is_mended_is_told_with_its_count(data: bytes, text: str, notes: tuple[str, ...]) -> None:
    draft = decoded(data, "a.txt")
    assert (draft.text, draft.notes) == (text, notes)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it has no text"),
        (b" \r\n\t\xe2\x80\x83\n", "it has no text"),
        (b"\xef\xbb\xbf", "it has no text"),
        (b"%PDF-1.7\n...", "this PDF is damaged"),
        (b"PK\x03\x04rest", "this archive or document is damaged"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (bytes(range(256)) * 40 + b"\0" * 9, "this is a binary file, not text (49 NUL bytes)"),
        (b"x" * 1000 + b"\0" * 17, "this is a binary file, not text (17 NUL bytes)"),
        ("Они".encode("windows-1251"), "its encoding cannot be recognised (byte 0, 0xCE, is not UTF-8)"),
        ("Река поднялась на три метра.".encode()[:-2] + b"\xff. It fell.", "its encoding cannot be recognised"),
        ("彼は言った".encode("shift-jis"), "its encoding cannot be recognised"),
        ("“Yes,” he said. “No.”".encode()[:-1], "(byte 26, 0xE2, is not UTF-8); save the file as UTF-8"),
        (b"\xff\xfea", "(byte 2, 0x61, is not UTF-16-LE)"),
        (b"caf\xe9 \x81 and so on", "(byte 3, 0xE9, is not UTF-8)"),
        (b"x" * (ARTICLE_LIMIT_BYTES + 1), "an article has at most 32 MB"),
    ],
)
def test_what_is_no_article_is_refused(data: bytes, says: str) -> None:
    assert says in refusal(data)


PIECES = st.sampled_from(
    [
        *(b"\r", b"\n", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xe9", b"words. "),
        *(b"---\n", b"a: b\n", b"title: x\n", b"# h\n", b"===\n", b" date 2025-02-30 ", "é“😀".encode()),
    ]
)
BYTES = st.one_of(
    st.binary(max_size=60),
    st.lists(PIECES, max_size=12).map(b"".join),
    st.text(max_size=30).map(lambda text: text.encode("utf-16-le", "surrogatepass")),
)


@given(BYTES, st.sampled_from(["a.txt", "a.md", "standard input", ""]))
@example(b"---\ntitle: \x1b\ndate: 0000\n---\n\r\n\0x", "a.md")
def test_any_bytes_give_a_clean_text_with_its_notes_or_a_refusal(data: bytes, where: str) -> None:
    try:
        draft = decoded(data, where)
    except Refused as error:
        assert str(error).startswith(f"{where}: ") and "\n" not in str(error)
        return
    assert draft.text.strip()
    assert not any(c in "\r\0" or "\ud800" <= c <= "\udfff" for c in draft.text)
    assert "\n" not in draft.title and len(draft.title) <= 1_001
    if draft.notes == ():
        assert draft.text.encode() == data, "whatever is changed is told"


@given(st.text(st.sampled_from("a \r\n\0\ufeff\ud800\udfffé"), max_size=30))
def test_every_mend_is_counted_and_nothing_else_is_touched(text: str) -> None:
    clean, notes = mended(text)
    counts = {note.split(" ", 1)[1]: int(note.split()[0]) for note in notes}
    marks = sum(n for said, n in counts.items() if said.startswith("byte order mark"))
    nuls = sum(n for said, n in counts.items() if said.startswith("NUL"))
    pairs = sum(n for said, n in counts.items() if said.startswith("CRLF"))
    assert len(clean) == len(text) - marks - nuls - pairs
    assert nuls == text.count("\0")
    assert clean.count("\ufffd") == sum("\ud800" <= c <= "\udfff" for c in text)
    assert [c for c in clean if c in "a é"] == [c for c in text if c in "a é"]
    assert mended(clean) == (clean, ())


def test_front_matter_is_read_told_and_taken_out_of_the_text() -> None:
    draft = decoded(
        b"---\ntitle: 'A \"title\": [yes]'\ndate: 2025-02-19T10:00:00Z\nauthor: Ada\ttoo\nsource: The Paper\n"
        b"url: https://example.org/a:b\nlanguage: en-GB\ntags:\n  - x\n- y\n# note\n\n---\n\n# Other\n\nBody.\n",
        "a.md",
    )
    assert draft == Draft(
        "\n# Other\n\nBody.\n",
        heading='A "title": [yes]',
        url="https://example.org/a:b",
        publisher="The Paper",
        author="Ada too",
        published="2025-02-19",
        language="en-GB",
        markup="markdown",
        notes=("front matter (13 lines) read and removed",),
    )


@pytest.mark.parametrize(
    "text",
    ["---\nProse: yes, but with words before\nand after\n---\nMore", "---\ntitle: never closed\n\nText", "a\n---\n"],
)
def test_what_only_looks_like_front_matter_stays_in_the_text(text: str) -> None:
    assert decoded(text.encode(), "a.md").text == text


def test_plain_text_has_neither_front_matter_nor_headings() -> None:
    text = "---\ntitle: x\n---\n# Not a heading. Words.\n"
    assert decoded(text.encode(), "a.txt").text == text
    assert decoded(b"# One. Two.\n", "a.txt").title == "# One."
    assert decoded(text.encode(), "standard input").title == "x"


def test_front_matter_around_nothing_is_no_article() -> None:
    assert "it has no text" in refusal(b"---\ntitle: x\n---\n\n", "a.md")


@pytest.mark.parametrize(
    ("head", "published", "notes"),
    [
        (" date 2025-02-19 Words.", "2025-02-19", ()),
        ("date 2025-02-19\nWords.", "2025-02-19", ()),
        (" date 2025-02-30 Words.", "", ("there is no day 2025-02-30, so it is not used as a date",)),
        ("The date 2025-02-19 Words.", "", ()),
        (" date 2025-02-191 Words.", "", ()),
    ],
)
def test_a_date_at_the_start_is_read_and_stays_in_the_text(head: str, published: str, notes: tuple[str, ...]) -> None:
    draft = decoded(head.encode(), "a.txt")
    assert (draft.text, draft.published, draft.notes) == (head, published, notes)


@pytest.mark.parametrize(
    ("value", "published", "told"),
    [
        ("2025", "2025", ""),
        ("2025-02", "2025-02", ""),
        ('"2024-02-29 08:00"', "2024-02-29", ""),
        ("2025-02-29", "", "there is no day 2025-02-29"),
        ("2025-13", "", "there is no day 2025-13"),
        ("19.2.2025", "", "the date 19.2.2025 is not of the form YYYY-MM-DD"),
    ],
)
def test_only_days_that_exist_are_read_as_dates(value: str, published: str, told: str) -> None:
    draft = decoded(f"---\ndate: {value}\n---\nWords.".encode(), "a.md")
    assert draft.published == published
    assert any(note.startswith(told) for note in draft.notes[:1]) and (told != "") == (len(draft.notes) == 2)


def test_a_language_that_is_none_is_not_read() -> None:
    draft = decoded(b"---\nlang: the Queen's\n---\nWords.", "a.md")
    assert draft.language == "" and "“the Queen's” is not the code of a language" in draft.notes[0]
    draft = decoded(b"---\nlang: Deutsch\n---\nWords.", "a.md")
    assert draft.language == "" and "did you mean “de”?" in draft.notes[0]
    assert decoded(b"---\nlanguage: EN-gb\n---\nWords.", "a.md").language == "en-GB"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Words.\n\n## The  *heading* ##\n\n# Later", "The heading"),
        ("Words.\n\nThe heading\n===\n", "The heading"),
        ("The heading\n---\nWords.", "The heading"),
        ("```\n# a comment\n```\n# Heading", "Heading"),
        ("# About C#\n", "About C#"),
        ("#hashtag first. Then more.", "#hashtag first."),
        ("#\n# \nFirst.\n\nSecond.", "First."),
        ("- item\n-\n", "item"),
        ("One line\nof two. More.", "One line"),
        (
            "This line was wrapped by hand at fifty columns or so\nand has a second one. More.",
            "This line was wrapped by hand at fifty columns or so and has a second one.",
        ),
        ("# a\x1b[2J\x07b\u2028c", "a [2J b c"),
    ],
)
def test_a_markdown_title_is_the_first_heading_else_the_first_sentence(text: str, title: str) -> None:
    assert decoded(text.encode(), "a.md").title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (" date 2025-02-19 It began. It ended.", "It began."),
        ("word " * 400, "word " * 18 + "word…"),
        ("字" * 400, "字" * 99 + "…"),
        ("👩‍👩‍👧" * 150, "👩‍👩‍👧" * 99 + "…"),
        ("e" + "\u0301" * 5000, "e" + "\u0301" * 999),
    ],
)
def test_a_long_first_sentence_is_cut_at_a_word_and_never_inside_a_character(text: str, title: str) -> None:
    assert decoded(text.encode(), "a.txt").title == title
