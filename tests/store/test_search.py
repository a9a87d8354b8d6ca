"""The search index: words of every script are found as ``/`` finds them, and nothing else is."""

from __future__ import annotations

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store import upkeep
from store.desk import Desk
from store.library.search import asked
from store.log import fulltext
from store.log.tables import STEPS
from store.text import units
from store.text.find import find, indexed
from tests.hostile import hostile_texts

FOUND = (
    ("الرَّئِيسُ قال نعم", "الرئيس"),
    ("الرئيس قال نعم", "الرَّئِيسُ"),
    ("الـــرئيس إلى الأمام", "الي الامام"),
    ("שָׁלוֹם לכולם", "שלום"),
    ("שלום לכולם", "שָׁלוֹם"),
    ("Der Mün\u00adchen\u00ader Markt", "Münchener"),
    ("Die Straße war gesperrt", "strasse"),
    ("Новая Ёлка стоит", "елка"),
    ("İstanbul büyük", "istanbul"),
    ("Isparta ırmak", "irmak"),
    ("उसने काम किया", "काम"),
    ("ज़मीन उसकी है", "जमीन"),
    ("Lech Wałęsa said so", "walesa"),
    ("e\u0301te\u0301 2024", "été"),
    ("couldnʼt be", "couldn't"),
    ("Some 2\u00a0500 men", "2500"),
    ("他说这是假的。", "这是"),
    ("東京タワーへ行く", "タワー"),
    ("かﾞ行った ﾊﾞｽ", "バス"),
    ("เขากินน้ำทุกวัน", "น้ำ"),
    ("한국어로 말했다", "한국어"),
    ("Part of iPhone手机的", "iphone手机"),
    ("50 % of #MeToo in the U.S.", "u.s."),
    ("the zeppelin landed", "zepp"),
    ("उन्होंने कामकाज देखा", "काम"),
)
NOT_FOUND = (
    ("उसने काम किया", "कम"),
    ("उसने कमी देखी", "काम"),
    ("कि की कु", "क का"),
    ("这是", "是这"),
    ("เขากินข้าว", "ขาว"),
    ("the zeppelin landed", "eppelin"),
    ("מלך", "מלכה"),
)


@pytest.mark.parametrize(("text", "words"), FOUND)
def test_a_word_is_found_as_find_finds_it(desk: Desk, text: str, words: str) -> None:
    article = desk.add_article(f"Before. {text}. After.", title="One")
    desk.add_article("Something else.", title="Two")
    (hit,), article_text = desk.search(words), desk.text(article)
    assert (hit.article, hit.claim) == (article.id, "")
    assert (hit.start, hit.end) == find(article_text, words)[0]
    assert " ".join(article_text[hit.start : hit.end].split()) in hit.snippet
    claim = desk.tag(article, 8, 8 + len(text))
    assert [hit.claim for hit in desk.search(words)] == ["", claim.id]
    assert desk.search(words)[1].snippet == " ".join(text.split())


@pytest.mark.parametrize(("text", "words"), NOT_FOUND)
def test_what_only_looks_alike_is_not_found(desk: Desk, text: str, words: str) -> None:
    desk.add_article(text, title="One")
    assert desk.search(words) == []


@given(hostile_texts(), st.data())
@example("2 500 ٢٠٢٣ ½", None)
def test_whole_words_and_beginnings_that_find_finds_are_in_the_index(text: str, data: st.DataObject | None) -> None:
    spans = [span for span in units.words(text) if "\0" not in text]
    if not spans:
        return
    start, end = data.draw(st.sampled_from(spans)) if data else spans[-1]
    ends = [last for _, last in units.graphemes(text, start, end)]
    needle = text[start : data.draw(st.sampled_from(ends)) if data else end]
    query = asked(needle)
    if not query or not find(text, needle) or any("\ud800" <= character <= "\udfff" for character in text):
        return
    if end > start + len(needle) and "*" not in query:
        return  # a number is looked for as a whole
    kinds = "".join(unicodedata.category(character)[0] for character in text)
    if kinds[start - 1] == "M" or "NM" in kinds:
        return  # a mark that stands on nothing clings to the word after it, and no number carries one
    conn = sqlite3.connect(":memory:")
    conn.execute(f"CREATE VIRTUAL TABLE found USING fts5(body, {fulltext.TOKENS})")
    conn.execute("INSERT INTO found VALUES (?)", (indexed(text),))
    assert conn.execute("SELECT count(*) FROM found WHERE found MATCH ?", (query,)).fetchone() == (1,), query
    conn.close()


def test_titles_are_found_without_marks_too(desk: Desk) -> None:
    article = desk.add_article("Nothing here.", title="Président de l’Élysée, الرَّئِيسُ")
    for words in ("elysee", "president DE l'e", "الرئيس"):
        assert [hit.article for hit in desk.search(words)] == [article.id]


def test_a_claim_is_found_by_what_it_says_now(desk: Desk) -> None:
    article = desk.add_article("उसने काम किया।", title="One")
    claim = desk.tag(article, 5, 8, claim_text="Der Präsident", claimant="Ёлка")
    for words, snippet in (("काम", "काम"), ("prasident", "Der Präsident"), ("елка", "Ёлка")):
        assert [hit.snippet for hit in desk.search(words) if hit.claim] == [snippet]
    desk.edit(claim, claimant="Straße")
    assert desk.search("елка") == [] and [hit.claim for hit in desk.search("strasse")] == [claim.id]
    desk.undo()
    assert desk.search("strasse") == [] and [hit.claim for hit in desk.search("елка")] == [claim.id]
    desk.edit(claim, priority="high")
    assert upkeep.verify(desk) == []


def test_an_older_desk_is_indexed_anew_once(desk: Desk) -> None:
    article = desk.add_article("الرَّئِيسُ قال", title="One")
    claim = desk.tag(article, 0, 10)
    path = desk.path
    desk.close()
    conn = sqlite3.connect(path)
    conn.executescript(
        "DROP TABLE texts_fts; DROP TABLE claims_fts; DROP VIEW texts_folded; DROP VIEW claims_folded;"
        "DELETE FROM _sqlite_migrations WHERE name = '0007_search';"
        "CREATE VIRTUAL TABLE texts_fts USING fts5(body, content='texts', content_rowid='seq',"
        " tokenize='unicode61 remove_diacritics 2');"
        "CREATE TRIGGER texts_indexed AFTER INSERT ON texts"
        " BEGIN INSERT INTO texts_fts(rowid, body) VALUES (new.seq, new.body); END;"
        "CREATE VIRTUAL TABLE claims_fts USING fts5(quote, claim_text, claimant, content='claims', content_rowid='seq',"
        " tokenize='unicode61 remove_diacritics 2');"
        "CREATE TRIGGER claims_indexed AFTER INSERT ON claims BEGIN INSERT INTO"
        " claims_fts(rowid, quote, claim_text, claimant)"
        " VALUES (new.seq, new.quote, new.claim_text, new.claimant); END;"
    )
    conn.close()
    with Desk.open(path, "Ana") as renewed:
        assert [hit.claim for hit in renewed.search("الرئيس")] == ["", claim.id]
        renewed.tag(renewed.add_article("שָׁלוֹם", title="Two"), 0, 7)
        assert len(renewed.search("שלום")) == 2 and upkeep.verify(renewed) == []
        steps = [name for (name,) in renewed.log.conn.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
        assert sorted(steps) == sorted(STEPS)
        triggers = renewed.log.conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert not any("indexed" in name for (name,) in triggers)


def test_another_program_reads_and_writes_a_desk_and_verify_tells(desk: Desk, path: Path) -> None:
    article = desk.add_article("It rained on 5 May.", title="One")
    desk.tag(article, 0, 9)
    with sqlite3.connect(desk.path) as other:
        other.execute("UPDATE claims SET claimant = 'somebody'")
    assert any("claims_fts" in line and "rebuild" in line for line in upkeep.verify(desk))
    upkeep.rebuild(desk)
    assert upkeep.verify(desk) == []
