"""Reading a desk: search, references, history in words, coverage, counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass

import pytest

from store import records
from store.desk import Desk
from store.errors import Unknown
from store.records import Article
from tests.kit.at_the_desk import BLOCKING, TEXT

NASTY = [
    '"', "'", "AND", "OR", "NOT", "NEAR(", "a:b", "quote:x", "(((", "*", "^a", "-a", "+", "%", "_", "\\", "a AND",
    '"unclosed', "{}", "\0", "a\0b", "\ud800", "\x1b[31m", "👩\u200d🚀", "   ", "", "!!!", "a" * 100_000, "a " * 5_000,
 " ".join(f"w{n}" for n in range(300)), "1" * 5_000, "٣٤٥", "²", "x' OR 1=1 --", "rowid:1", "日" * 2_000,
]  # fmt: skip


def found(desk: Desk, words: str) -> list[tuple[str, bool]]:
    """The titles of the articles found, and whether a claim or the article itself was."""
    return [(desk.articles.get(hit.article).title, bool(hit.claim)) for hit in desk.library.search(words)]


# -- search ---------------------------------------------------------------------------------------------------


def test_all_the_words_are_found_wherever_they_stand(desk: Desk, article: Article) -> None:
    desk.articles.add("Kursk is a city.", title="City")
    assert found(desk, "kursk prisoners") == [("Prisoners of war", False)]
    assert found(desk, "KURSK") == [("City", False), ("Prisoners of war", False)]
    assert found(desk, "kursk nowhere") == []
    assert "Kursk" in desk.library.search("kursk city")[0].snippet


def test_claims_are_found_by_quote_claim_text_and_claimant(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 38, 96, claim_text="Reinforcements landed", claimant="Ri Song-hyon")
    for words in ("soldiers", "reinforcements", "song-hyon", "landed soldiers"):
        assert claim.id in [hit.claim for hit in desk.library.search(words)]
    desk.claims.edit(claim, claim_text="Nobody came")
    assert desk.library.search("reinforcements") == [] and len(desk.library.search("nobody came")) == 1
    desk.delete(desk.claims.get(claim.id))
    assert desk.library.search("nobody came") == []


def test_titles_are_found_by_any_part(desk: Desk, article: Article) -> None:
    assert found(desk, "ners of w") == [("Prisoners of war", False)]
    desk.articles.edit(article, title="100%_sure")
    assert found(desk, "0%_s") == [("100%_sure", False)] and found(desk, "0x_s") == []


def test_the_last_word_may_be_a_beginning(desk: Desk, article: Article) -> None:
    assert found(desk, "they sol") == [("Prisoners of war", False)]
    assert found(desk, "sol they") == []


def test_accents_do_not_matter(desk: Desk) -> None:
    desk.articles.add("Le café de Zürich a fermé.", title="Café")
    for words in ("cafe", "CAFÉ", "zurich", "ferme"):
        assert found(desk, words) == [("Café", False)]


@pytest.mark.parametrize("written", ["2500", "2 500", "2,500", "2.500", "2\u00a0500", "2\u202f500"])
def test_a_number_is_found_however_it_is_grouped(desk: Desk, written: str) -> None:
    desk.articles.add(f"Some {written} soldiers came.", title="Here")
    desk.articles.add("Some 2 soldiers and 500 horses, 25001 in all.", title="Elsewhere")
    for words in ("2500", "2 500", "2,500", "2.500", "2\u202f500", "soldiers 2500", "2 500 soldiers", "2500, came"):
        assert found(desk, words) == [("Here", False)]


def test_numbers_inside_words_are_part_of_them(desk: Desk) -> None:
    desk.articles.add("The H5N1 virus and an F16 over 3.5 million, on 2025-02-19.", title="Mixed")
    for words in ("h5n1", "H5N1 virus", "f16", "3.5", "3.5 million", "2025-02-19"):
        assert found(desk, words) == [("Mixed", False)]
    assert found(desk, "h5n2") == []


def test_marks_between_words_do_not_hide_what_is_sought(desk: Desk, article: Article) -> None:
    assert found(desk, "kursk – !!! (soldiers)") == [("Prisoners of war", False)]


def test_scripts_without_spaces_are_found_in_the_middle(desk: Desk) -> None:
    article = desk.articles.add("中国外交部发言人说，他们没有派兵。", title="外交部")
    claim = desk.claims.tag(article, 0, 8)
    assert {(hit.article, hit.claim) for hit in desk.library.search("外交")} == {
        (article.id, ""),
        (article.id, claim.id),
    }
    assert (
        len(desk.library.search("没有派")) == 1
        and desk.library.search("派没有") == []
        and desk.library.search("中%部") == []
    )


@pytest.mark.parametrize("words", NASTY, ids=range(len(NASTY)))
def test_nothing_typed_into_the_search_is_an_error(desk: Desk, article: Article, words: str) -> None:
    desk.claims.tag(article, 0, 37, claim_text=words[:50])
    assert isinstance(desk.library.search(words), list)
    assert isinstance(desk.evidence.sources(words[:1000]), list)
    with pytest.raises(Unknown):
        desk.articles.get(words + "?")


def test_what_stands_in_a_deleted_article_is_not_found(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 0, 37)
    assert len(desk.library.search("kursk")) == 2
    desk.delete(article)
    assert desk.library.search("kursk") == [] == desk.library.search("prisoners of war")


def test_a_search_gives_no_more_than_asked(desk: Desk) -> None:
    for number in range(8):
        desk.articles.add(f"Article {number} speaks of rain.")
    assert len(desk.library.search("rain", limit=3)) == 3


# -- naming an article ----------------------------------------------------------------------------------------


def test_an_article_answers_to_id_beginning_number_and_title(desk: Desk, article: Article) -> None:
    other = desk.articles.add("Something else.", title="Peace talks")
    by_id = (article, article.id, article.id.upper(), article.id[:8])
    for ref in (*by_id, "1", 1, "prisoners", "PRISONERS OF WAR", " of war "):
        assert desk.articles.get(ref).id == article.id
    assert desk.articles.get(2).id == other.id == desk.articles.get("peace").id
    assert [a.number for a in desk.articles.all()] == [1, 2]


def test_an_article_nobody_can_mean_is_refused(desk: Desk, article: Article) -> None:
    desk.articles.add("Something else.", title="Prisoners come home")
    nobody = "00000000-0000-0000-0000-000000000000"
    for ref in ("0", "3", "-1", 99, "", " ", "war and peace", nobody, "9" * 50, "\ud800"):
        with pytest.raises(Unknown) as caught:
            desk.articles.get(ref)
        assert "\n" not in str(caught.value)
    with pytest.raises(Unknown, match="2 articles have “prisoners” in their title"):
        desk.articles.get("prisoners")


def test_an_exact_title_wins_over_a_longer_one(desk: Desk) -> None:
    one = desk.articles.add("One.", title="War")
    desk.articles.add("Two.", title="War and peace")
    assert desk.articles.get("war").id == one.id


def test_numbers_stay_when_an_article_is_deleted(desk: Desk, article: Article) -> None:
    other = desk.articles.add("Something else.", title="Peace talks")
    desk.delete(article)
    assert [a.number for a in desk.articles.all()] == [2] and desk.articles.get(2).id == other.id
    with pytest.raises(Unknown):
        desk.articles.get(1)


# -- history --------------------------------------------------------------------------------------------------


def test_history_tells_who_did_what_in_sentences(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    claim = desk.claims.edit(claim, claimant="Ri", tags=["a"])
    desk.verdicts.give(claim, "mixed", "hm")
    desk.verdicts.justify(claim, "hm, hm")
    desk.verdicts.give(claim, "")
    bob.evidence.add(claim, "refutes", url="https://a.example")
    bob.threads.comment(claim, "Really?")
    bob.history.undo()
    bob.history.redo()
    bob.history.undo()
    desk.sweeps.add(article, 38, 96)
    told = [(change.by, change.sentence) for change in reversed(desk.history.of())]
    assert told == [
        ("Ana", "joined the desk as Ana"),
        ("Ana", "added “Prisoners of war”"),
        ("Ana", "imported version 1 of “Prisoners of war”"),
        ("Ana", "tagged C1 “Two prisoners were captured in Kursk.”"),
        ("Ana", "changed the claimant and tags of C1: nothing → “Ri”; nothing → “a”"),
        ("Ana", "gave C1 the verdict Mixed"),
        ("Ana", "changed the justification of the verdict on C1: “hm” → “hm, hm”"),
        ("Ana", "took the verdict on C1 back"),
        ("Bob", "joined the desk as Bob"),
        ("Bob", "added the source https://a.example"),
        ("Bob", "added evidence to C1"),
        ("Bob", "commented on C1: “Really?”"),
        ("Bob", "undid: commented on C1: “Really?”"),
        ("Bob", "redid: commented on C1: “Really?”"),
        ("Bob", "undid: commented on C1: “Really?”"),
        ("Ana", "swept “They said that 2 500 soldiers arrived on October 10, 2024.”"),
    ]
    assert [change.sentence for change in desk.history.of(limit=2)] == [told[-1][1], told[-2][1]]


def test_history_of_an_article_and_of_a_claim_hold_their_own(desk: Desk, article: Article) -> None:
    other = desk.articles.add("Something else.", title="Peace talks")
    first, second = desk.claims.tag(article, 0, 10), desk.claims.tag(other, 0, 9)
    desk.verdicts.give(first, "mixed")
    desk.threads.comment(second, "Hm.")
    assert {change.article for change in desk.history.of(article)} == {article.id}
    assert [change.kind for change in desk.history.of(claim=first)] == ["verdicts", "claims"]
    assert [change.kind for change in desk.history.of(claim=second)] == ["comments", "claims"]
    desk.delete(article)
    assert desk.history.of(article)[-1].kind == "versions" or desk.history.of(article)[-1].kind == "articles"


def test_history_of_every_kind_of_change_has_a_sentence(desk: Desk, article: Article) -> None:
    desk.schemes.use(BLOCKING)
    claim = desk.claims.tag(article, 0, 37)
    evidence = desk.evidence.add(claim, "refutes", url="https://a.example", title="T")
    assert evidence.source is not None
    desk.evidence.edit_source(evidence.source, tier="primary", archive_url="https://b.example")
    desk.evidence.edit(evidence, note="n", url="https://c.example")
    desk.threads.edit(desk.threads.comment(claim, "Hm."), "Hm, hm.")
    sweep = desk.sweeps.add(article, 38, 96)
    desk.delete(sweep)
    desk.claims.move(claim, 0, 36)
    desk.delete(desk.claims.get(claim.id))
    desk.history.undo()
    for change in desk.history.of():
        assert change.sentence and "{" not in change.sentence and "details" not in change.sentence
        assert change.by == "Ana" and change.at > 0


# -- coverage and counts --------------------------------------------------------------------------------------


def test_coverage_knows_what_is_not_read_yet(desk: Desk, article: Article) -> None:
    sentences = desk.coverage.sentences(article)
    before = desk.coverage.of(article)
    assert (before.open_sentences, before.words_read) == (before.sentences, 0) == (len(sentences), 0)
    assert [place[:2] for place in before.residue] == sentences
    claim = desk.claims.tag(article, *sentences[0])
    desk.sweeps.add(article, *sentences[1])
    after = desk.coverage.of(article)
    assert after.residue == before.residue[2:] and 0 < after.share < 1
    assert 0 < after.words_tagged < after.words_read and after.words_checked == 0 < after.words_swept
    for span in sentences[2:]:
        desk.sweeps.add(article, *span)
    assert desk.coverage.of(article).percent == 100 and desk.coverage.of(article).nothing_left
    desk.delete(claim)
    assert desk.coverage.of(article).residue == before.residue[:1]


def test_stats_count_the_desk_or_some_of_it(desk: Desk, bob: Desk, article: Article) -> None:
    other = desk.articles.add("Something else.", title="Peace talks")
    one, two = desk.claims.tag(article, 0, 10), bob.claims.tag(article, 0, 20)
    three = bob.claims.tag(other, 0, 9)
    desk.verdicts.give(one, "mixed")
    bob.verdicts.give(two, "refuted")
    bob.verdicts.give(three, "refuted")
    for claim in (one, two, three):
        desk.evidence.add(claim, "supports", url="https://a.example")
    desk.threads.comment(three, "Hm.")
    desk.sweeps.add(other, 0, 9)
    whole = desk.library.stats()
    assert (whole.articles, whole.claims, whole.claims_checked, whole.evidence, whole.sources) == (2, 3, 0, 3, 1)
    assert (whole.sweeps, whole.comments, whole.conflicts) == (1, 1, 0)
    assert list(whole.verdicts.items()) == [("refuted", 2), ("mixed", 1)]
    assert list(whole.checkers.items()) == [("Bob", 2), ("Ana", 1)]
    parts = desk.coverage.of(article), desk.coverage.of(other)
    assert whole.words == sum(part.words for part in parts) and whole.words_read == sum(p.words_read for p in parts)
    assert whole.open_sentences == sum(part.open_sentences for part in parts) > 0
    assert whole.lacking == (0, 3, 0, 0, 0) and str(whole.lacking) == "3 lack evidence"
    some = desk.library.stats([article])
    assert (some.articles, some.claims, some.comments, some.sweeps) == (1, 2, 0, 0)
    desk.delete(other)
    assert desk.library.stats() == desk.library.stats([article])


def test_the_shelf_shows_each_article_with_its_counts(desk: Desk, bob: Desk, article: Article) -> None:
    desk.articles.add("Something else.", title="Peace talks")
    claim = desk.claims.tag(article, 0, 10)
    bob.claims.tag(article, 0, 20)
    bob.claims.edit(claim, claimant="x")
    desk.claims.edit(claim, claimant="y")
    desk.sweeps.add(article, 38, 96)
    verdict = bob.verdicts.give(claim, "mixed")
    first, second = desk.library.shelf()
    assert (first.article.id, first.claims, first.lacking, first.sweeps, first.conflicts) == (
        article.id,
        2,
        (1, 1, 0, 0, 0),
        1,
        1,
    )
    assert first.checkers == ("Ana", "Bob") and first.changed == verdict.updated
    assert (second.claims, second.checkers, second.changed) == (0, (), second.article.updated)


def test_the_schemes_verdicts_follow_the_desk(desk: Desk, bob: Desk) -> None:
    assert bob.scheme.id == "desk"
    desk.schemes.use(BLOCKING)
    assert bob.scheme.id == "strict" and desk.scheme.id == "strict"
    desk.history.undo()
    assert bob.scheme.id == "desk" and desk.scheme.id == "desk"


def test_the_scheme_is_not_read_again_after_each_of_your_own_changes(desk: Desk, article: Article) -> None:
    assert desk.scheme
    asked: list[str] = []
    desk.session.log.conn.set_trace_callback(asked.append)
    desk.claims.tag(article, 0, 37)
    assert desk.scheme
    desk.session.log.conn.set_trace_callback(None)
    assert not [one for one in asked if "FROM schemes" in one]


def test_what_another_window_writes_is_read_at_once(desk: Desk, bob: Desk, article: Article) -> None:
    claim = bob.claims.tag(article, 0, 37)
    bob.be("Newcomer")
    bob.threads.comment(claim, "Hm.")
    assert desk.claims.of(article)[0].checker == "Bob" and desk.threads.of(claim)[0].by == "Newcomer"


def test_every_read_gives_finished_records(desk: Desk, article: Article, open_desk: Callable[..., Desk]) -> None:
    """No generator leaves the desk: a half-read one would hold the journal open."""
    claim = desk.claims.tag(article, 0, 37)
    read = {
        "articles": {"all": (), "get": (article,), "text": (article,), "text_of_version": (article.version,)},
        "claims": {"of": (article,), "get": (claim,), "lacks": (claim,), "checked": ([claim],), "lacking": (article,)},
        "coverage": {"of": (article,), "sentences": (article,)},
        "evidence": {"of": (claim,), "sources": (), "sources_at": ("https://a.example",)},
        "history": {"of": (), "mark": (), "changed_since": (0,), "claims_of": ([],)},
        "library": {"search": ("kursk",), "shelf": (), "stats": ()},
        "people": {"all": ()},
        "sweeps": {"of": (article,)},
        "threads": {"of": (claim,)},
        "verdicts": {"of": (claim,)},
    }
    for room, asked in read.items():
        for name, arguments in asked.items():
            result = getattr(getattr(desk, room), name)(*arguments)
            assert isinstance(result, list | set | str | int | tuple | dict) or is_dataclass(result), name
    assert open_desk("Bob").session.log.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_records_cannot_be_changed(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    with pytest.raises(AttributeError):
        claim.quote = "x"  # type: ignore[misc]
    assert claim.status is records.Status.TAGGED and str(claim.status) == "tagged"
    assert desk.articles.text(article) == TEXT
