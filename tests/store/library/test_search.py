"""The search index: words of every script are found as ``/`` finds them, and nothing else is."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.desk import Desk
from store.library.search import asked
from store.log import fulltext
from store.log.migrations import STEPS
from store.text import units
from store.text.find import find, indexed
from tests.kit.hostile import hostile_texts
from tests.kit.words import FOUND, NOT_FOUND


@pytest.mark.parametrize(("text", "words"), FOUND)
def test_a_word_is_found_as_find_finds_it(desk: Desk, text: str, words: str) -> None:
    article = desk.articles.add(f"Before. {text}. After.", title="One")
    desk.articles.add("Something else.", title="Two")
    (hit,), article_text = desk.library.search(words), desk.articles.text(article)
    assert (hit.article, hit.claim) == (article.id, "")
    assert (hit.start, hit.end) == find(article_text, words)[0]
    assert " ".join(article_text[hit.start : hit.end].split()) in hit.snippet
    claim = desk.claims.tag(article, 8, 8 + len(text))
    assert [hit.claim for hit in desk.library.search(words)] == ["", claim.id]
    assert desk.library.search(words)[1].snippet == " ".join(text.split())


def _held(text: str) -> str:
    """The text without half characters, which no desk holds."""
    return text.encode("utf-8", "ignore").decode()


@given(hostile_texts().map(_held) | st.text(st.characters(codec="ascii")))
@example("Plain WORDS")
@example("cut\0SHORT")
@example("É\0ß")
def test_words_are_folded_alike_in_the_index_and_in_python(text: str) -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        fulltext.prepare_search(conn)
        assert conn.execute(f"SELECT {fulltext.folding('?1')}", (text,)).fetchone() == (indexed(text),)


@pytest.mark.parametrize(("text", "words"), NOT_FOUND)
def test_what_only_looks_alike_is_not_found(desk: Desk, text: str, words: str) -> None:
    desk.articles.add(text, title="One")
    assert desk.library.search(words) == []


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
    article = desk.articles.add("Nothing here.", title="Président de l’Élysée, الرَّئِيسُ")
    for words in ("elysee", "president DE l'e", "الرئيس"):
        assert [hit.article for hit in desk.library.search(words)] == [article.id]
    assert len(desk.library.search("elysee", limit=1)) == 1
    assert desk.library.search("elysee", limit=0) == desk.library.search("elysee", limit=-1) == []


def test_a_claim_is_found_by_what_it_says_now(desk: Desk) -> None:
    article = desk.articles.add("उसने काम किया।", title="One")
    claim = desk.claims.tag(article, 5, 8, claim_text="Der Präsident", claimant="Ёлка")
    for words, snippet in (("काम", "काम"), ("prasident", "Der Präsident"), ("елка", "Ёлка")):
        assert [hit.snippet for hit in desk.library.search(words) if hit.claim] == [snippet]
    desk.claims.edit(claim, claimant="Straße")
    assert desk.library.search("елка") == [] and [hit.claim for hit in desk.library.search("strasse")] == [claim.id]
    desk.history.undo()
    assert desk.library.search("strasse") == [] and [hit.claim for hit in desk.library.search("елка")] == [claim.id]
    desk.claims.edit(claim, priority="high")
    assert desk.upkeep.verify() == []


def test_an_older_desk_is_indexed_anew_once(desk: Desk) -> None:
    article = desk.articles.add("الرَّئِيسُ قال", title="One")
    claim = desk.claims.tag(article, 0, 10)
    path = desk.path
    desk.close()
    conn = sqlite3.connect(path)
    conn.executescript(
        "DROP TABLE texts_fts; DROP TABLE claims_fts;"
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
        assert [hit.claim for hit in renewed.library.search("الرئيس")] == ["", claim.id]
        renewed.claims.tag(renewed.articles.add("שָׁלוֹם", title="Two"), 0, 7)
        assert len(renewed.library.search("שלום")) == 2 and renewed.upkeep.verify() == []
        steps = [
            name for (name,) in renewed.session.log.conn.execute("SELECT name FROM _sqlite_migrations ORDER BY id")
        ]
        assert sorted(steps) == sorted(STEPS)
        triggers = renewed.session.log.conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert not any("indexed" in name for (name,) in triggers)


def test_a_desk_whose_indexes_stood_on_views_is_indexed_anew(desk: Desk) -> None:
    article = desk.articles.add("الرَّئِيسُ قال", title="One")
    claim = desk.claims.tag(article, 0, 10)
    path = desk.path
    desk.close()
    conn = sqlite3.connect(path)
    fulltext.prepare_search(conn)
    conn.executescript(
        "DROP TABLE texts_fts; DROP TABLE claims_fts; DELETE FROM _sqlite_migrations WHERE name = '0012_index';"
        "CREATE VIEW texts_folded AS SELECT seq, folded(body) AS body FROM texts;"
        "CREATE VIEW claims_folded AS SELECT seq, folded(quote) AS quote, '' AS claim_text, '' AS claimant FROM claims;"
        f"CREATE VIRTUAL TABLE texts_fts USING fts5(body, content='texts_folded', {fulltext.TOKENS});"
        "CREATE VIRTUAL TABLE claims_fts USING fts5(quote, claim_text, claimant, content='claims_folded',"
        f" content_rowid='seq', {fulltext.TOKENS});"
    )
    conn.close()
    with Desk.open(path, "Ana") as renewed:
        assert [hit.claim for hit in renewed.library.search("الرئيس")] == [
            "",
            claim.id,
        ] and renewed.upkeep.verify() == []
    read_plainly(path)


def read_plainly(path: Path) -> list[str]:
    """Read all tables and views of a desk as any program may, and dump it; the dump's lines."""
    with closing(sqlite3.connect(path)) as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        assert {"claims", "claims_now", "claims_fts", "claims_fts_data"} <= set(names)
        for name in names:
            conn.execute(f'SELECT * FROM "{name}"').fetchall()
        return list(conn.iterdump())


def test_any_program_reads_all_of_a_desk(desk: Desk, bob: Desk) -> None:
    article = desk.articles.add("Der Präsident kam. Er ging.", title="One")
    claim = desk.claims.tag(article, 0, 18, claimant="Ёлка")
    desk.verdicts.give(claim, "mixed", "Hm.")
    bob.claims.edit(claim, claimant="Ri")
    assert any("Präsident kam" in line for line in read_plainly(desk.path))
    with closing(sqlite3.connect(desk.path)) as conn:
        found = conn.execute("SELECT rowid FROM texts_fts WHERE texts_fts MATCH 'prasident'").fetchall()
        assert found == conn.execute("SELECT seq FROM texts").fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO texts_fts(texts_fts, rowid, body) VALUES ('delete', 1, 'one two three one');"
        "INSERT INTO texts_fts(rowid, body) VALUES (1, 'one three two one')",
        "INSERT INTO claims_fts(rowid, claimant) VALUES (9, 'nobody')",
        "INSERT INTO claims_fts(claims_fts, rowid, quote) VALUES ('delete', 1, 'one two')",
        "UPDATE claims_fts_docsize SET sz = x'000102'",
        "DROP TABLE claims_fts; CREATE VIRTUAL TABLE claims_fts USING fts5(quote, claim_text, claimant)",
        "DELETE FROM claims_fts_data WHERE id > 10",
    ],
)
def test_verify_finds_an_index_with_other_words_or_other_places(desk: Desk, sql: str) -> None:
    desk.claims.tag(desk.articles.add("One two three one", title="One"), 0, 7)
    assert desk.upkeep.verify() == []
    with closing(sqlite3.connect(desk.path)) as other:
        other.executescript(sql)
    assert any("_fts " in line and "rebuild" in line for line in desk.upkeep.verify())
    desk.upkeep.rebuild()
    assert desk.upkeep.verify() == [] and len(desk.library.search("two")) == 2


def test_verify_finds_what_another_program_wrote_past_the_index(desk: Desk) -> None:
    article = desk.articles.add("It rained on 5 May.", title="One")
    desk.claims.tag(article, 0, 9)
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("UPDATE claims SET claimant = 'somebody'")
    assert any("claims_fts" in line and "rebuild" in line for line in desk.upkeep.verify())
    desk.upkeep.rebuild()
    assert desk.upkeep.verify() == []


def test_all_that_is_said_is_found_where_it_is_said_and_marked(desk: Desk, bob: Desk) -> None:
    article = desk.articles.add("It rained on 5 May in the north.", title="One")
    claim = desk.claims.tag(article, 0, 9)
    desk.verdicts.give(claim, "mixed", "Das Wetteramt schweigt.")
    desk.evidence.add(
        claim, "context", url="https://example.org/regen", title="Regenbericht", publisher="Landesdienst",
        quote="Es fiel Niederschlag.", locator="Absatz 7", note="Nur vormittags",
    )  # fmt: skip
    desk.threads.comment(claim, "Bitte nachfragen")
    bob.reviews.decide(claim.id, "disagree", reason="too_vague", comment="Überzeugt mich kaum.")
    said = {
        "wetteramt": "justification", "landesdienst": "source", "example.org/regen": "source", "niederschl": "passage",
        "ABSATZ 7": "locator", "vormittags": "note", "nachfragen": "comment", "uberzeugt": "review",
    }  # fmt: skip
    for words, where in said.items():
        (hit,) = desk.library.search(words)
        assert (hit.article, hit.claim, hit.where) == (article.id, claim.id, where)
        marked = " ".join(hit.snippet[start:end] for start, end in hit.marks)
        assert indexed(marked).startswith(indexed(words)) or words in marked, hit
    (piece,) = desk.evidence.of(claim)
    desk.evidence.edit(piece, note="Nur abends")
    assert desk.library.search("vormittags") == [] and desk.library.search("abends")
    desk.delete(piece)
    assert desk.library.search("abends") == []
    (hit,) = desk.library.search("regenbericht")
    assert (hit.article, hit.claim, hit.where) == ("", "", "source"), "a source outlives what cited it"
    assert desk.upkeep.verify() == []
    desk.upkeep.rebuild()
    assert desk.library.search("wetteramt") and desk.upkeep.verify() == []


def test_what_says_nothing_costs_no_index(desk: Desk) -> None:
    claim = desk.claims.tag(desk.articles.add("It rained on 5 May.", title="One"), 0, 9)
    desk.upkeep.verify()
    statements: list[str] = []
    desk.session.log.conn.set_trace_callback(statements.append)
    desk.verdicts.give(claim, "mixed")
    desk.session.log.conn.set_trace_callback(None)
    assert not [said for said in statements if "_fts" in said]


def test_of_many_hits_each_kind_has_its_share(desk: Desk) -> None:
    for number in range(6):
        article = desk.articles.add(f"Rain fell {number} times.", title=f"Text {number}")
    claim = desk.claims.tag(article, 0, 9)
    desk.threads.comment(claim, "Rain or hail?")
    hits = desk.library.search("rain", 4)
    assert [hit.where for hit in hits] == ["text", "text", "quote", "comment"]


def test_a_desk_that_indexed_only_claims_is_indexed_anew(desk: Desk) -> None:
    claim = desk.claims.tag(desk.articles.add("It rained.", title="One"), 0, 9)
    desk.verdicts.give(claim, "mixed", "Nobody measured.")
    path = desk.path
    desk.close()
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript("DROP TABLE said_fts; DELETE FROM _sqlite_migrations WHERE name = '0025_said';")
    with Desk.open(path, "Ana") as renewed:
        assert [hit.where for hit in renewed.library.search("measured")] == ["justification"]
        assert renewed.upkeep.verify() == []
