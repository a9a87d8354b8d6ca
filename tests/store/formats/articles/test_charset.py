"""Texts that do not say in what encoding they are: read as their language is written."""

from __future__ import annotations

import csv
import io

import pytest

from store.errors import Refused
from store.formats.articles import charset, html
from store.formats.articles.plaintext import decoded
from store.formats.articles.reader import ArticleFile
from store.formats.csv.file import CsvFile, CsvRow

PLAIN = "It rained in May, and nobody was there to see it.\n"
WESTERN = (
    "Nul ne sera soumis à la torture, ni à des peines ou traitements cruels, inhumains ou dégradants.",
    "O casamento não pode ser celebrado sem o livre e pleno consentimento dos futuros esposos.",
    "La maternità e l'infanzia hanno diritto a speciali cure ed assistenza. Tutti i bambini.",
    "La maternidad y la infancia tienen derecho a cuidados y asistencia especiales. Todos los niños.",
    "Fullvuxna män och kvinnor har rätt att utan någon inskränkning på grund av sin ras ingå äktenskap.",
    "Mødre og barn har rett til spesiell omsorg og hjelp. Alle barn skal ha samme sosiale beskyttelse.",
    "Engan mann má eftir geðþótta svipta ríkisfangi né rétti til þess að skipta um ríkisfang.",
)
OTHERS = (
    ("Rzeka podniosła się o trzy metry, powiedział burmistrz.", "iso8859_2"),
    ("Řeka stoupla o tři metry, řekl starosta města ve středu.", "cp1250"),
    ("Upė pakilo trimis metrais, trečiadienį pareiškė miesto meras.", "cp1257"),
    ("Река поднялась на три метра, заявил мэр города.", "cp1251"),
    ("川は三メートル上昇したと市長は語った。人々は去った。橋は落ちた。", "cp932"),
    ("川は三メートル上昇したと市長は語った。人々は去った。橋は落ちた。" * 3, "euc_jp"),
    ("시장은 강물이 삼 미터 올랐다고 말했다. 사람들은 떠났고 다리는 무너졌다.", "cp949"),
    ("市长说，河水上涨了三米。人们离开了，大桥倒塌了。", "gb18030"),
    ("市長說，河水上漲了三米。人們離開了，大橋倒塌了。", "big5"),
)
ALL = [*((words, "cp1252") for words in WESTERN), *OTHERS]


@pytest.mark.parametrize(("words", "codec"), ALL)
def test_what_is_read_is_what_was_written(words: str, codec: str) -> None:
    assert decoded(words.encode(codec), "a.txt").text == words


@pytest.mark.parametrize(("words", "codec"), ALL)
def test_a_language_is_told_however_much_english_stands_before_it(words: str, codec: str) -> None:
    text = PLAIN * 6000 + words
    assert decoded(text.encode(codec), "a.txt").text == text


@pytest.mark.parametrize(("words", "codec"), ALL)
def test_a_single_line_is_cut_within_no_character(words: str, codec: str) -> None:
    text = f"{words} " * 4000
    assert decoded(text.encode(codec), "a.txt").text == text


@pytest.mark.parametrize(("words", "codec"), ALL)
def test_the_tags_and_scripts_of_a_page_tell_nothing_of_its_language(words: str, codec: str) -> None:
    paragraph = f'<div class="article__paragraph text-body" data-id="7"><p class="text">{words}</p></div>'
    page = "<html><script>var a = () => {}; /* © */</script>" * 50 + paragraph
    data = page.replace("©", "").encode(codec)
    assert html.page_text(data, ArticleFile(io.BytesIO(data), "a.html", "a.html"))[0] == page.replace("©", "")


@pytest.mark.parametrize(("words", "codec"), ALL)
def test_a_table_keeps_its_cells_whatever_stands_in_them(words: str, codec: str) -> None:
    cells = [*[PLAIN] * 5000, f'{words}, "{words[:4]}";\n表ソ'.encode(codec, "ignore").decode(codec)]
    table = io.StringIO()
    csv.writer(table).writerows([["text"], *([cell] for cell in cells)])
    file = CsvFile(io.BytesIO(table.getvalue().encode(codec)), "a.csv", ["text"])
    assert [row.cells["text"] for row in file.rows(["text"]) if isinstance(row, CsvRow)] == cells


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_lines_of_a_table_may_end_as_on_any_system(end: str) -> None:
    words = "Rzeka podniosła się o trzy metry, powiedział burmistrz."
    data = end.join(["text;uwagi – własne", *[f"{words};"] * 3]).encode("cp1250")
    file = CsvFile(io.BytesIO(data), "a.csv", ["text"])
    assert file.header == ["text", "uwagi – własne"]
    assert [row.cells["text"] for row in file.rows(["text"]) if isinstance(row, CsvRow)] == [words] * 3


def test_a_nul_in_a_western_text_is_removed_as_in_any_other() -> None:
    draft = decoded("Der Käse war gut und schön.\0 Über alles.".encode("cp1252"), "a.txt")
    assert draft.text == "Der Käse war gut und schön. Über alles." and "1 NUL removed" in draft.notes


def test_a_line_in_other_letters_in_an_english_text_is_not_read_as_western() -> None:
    with pytest.raises(Refused, match="its encoding cannot be recognised"):
        decoded((PLAIN * 20 + "Мэр города уехал, заявил он.").encode("koi8_r"), "a.txt")


def test_utf_8_that_is_damaged_is_none_of_these() -> None:
    data = "\n".join(words for words, _ in ALL).encode()
    for at in range(0, len(data), 7):
        assert not charset.codec_of(data[:at] + b"\xff" + data[at + 1 :]), at
    assert not charset.codec_of(data[1:-1])
