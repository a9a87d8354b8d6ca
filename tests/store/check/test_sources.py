"""Sources: where each is cited, what was used before, two that are one, and who has it from whom."""

from __future__ import annotations

import pytest

from store.check.sources import origins
from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Article, Source
from store.vocabulary import Blind
from tests.kit.at_the_desk import FIRST
from tests.kit.refusals import refused


def cite(desk: Desk, article: Article, span: tuple[int, int], stance: str, url: str, **details: str) -> Source:
    held = next((claim for claim in desk.claims.of(article) if (claim.start, claim.end) == span), None)
    source = desk.evidence.add(held or desk.claims.tag(article, *span), stance, url=url, **details).source
    assert source is not None
    return source


def test_every_source_says_where_it_is_cited_and_what_it_does(desk: Desk, article: Article) -> None:
    report = cite(desk, article, (0, 10), "supports", "https://a.example/report", title="Report")
    cite(desk, article, (0, 20), "refutes", "https://a.example/report", quote="No: 3 metres.")
    cite(desk, article, (0, 20), "context", "https://b.example", publisher="Agency")
    first, second = desk.sources.all()
    assert (first.number, first.source, first.cited) == (1, report, "cited by 2 claims in 1 article")
    assert first.stances == "1 supports, 1 refutes" and second.stances == "1 context"
    assert [piece.stance for piece in desk.sources.cited(report)] == ["refutes", "supports"]  # as the text goes
    desk.delete(desk.claims.of(article)[0])
    assert desk.sources.all()[1].cited == "not cited" and desk.sources.cited(report)[0].stance == "supports"


@pytest.mark.parametrize("words", ["report", "AGENCY b.example", "3 metrés", "a.example report"])
def test_what_was_used_before_is_found_by_words(desk: Desk, article: Article, words: str) -> None:
    cite(desk, article, FIRST, "supports", "https://a.example/report", quote="Nó: 3 metres.")
    cite(desk, article, FIRST, "context", "https://b.example", publisher="Agency")
    (found,) = desk.sources.all(words)
    assert found.source.publisher == ("Agency" if "AGENCY" in words else "")
    assert desk.sources.all("nobody said this") == []


def test_a_source_is_meant_by_number_address_id_and_title(desk: Desk, article: Article) -> None:
    source = cite(desk, article, FIRST, "supports", "https://a.example/p", title="The Report")
    cite(desk, article, FIRST, "context", "https://b.example", title="Another report")
    for ref in ("1", "http://www.a.example/p", source.id, source.id[:8], "the report"):
        assert desk.sources.get(ref).source == source
    for ref, error in (("9", Unknown), ("", Unknown), ("report", Refused)):
        with pytest.raises(error):
            desk.sources.get(ref)


def test_two_that_are_one_become_one_and_undo_parts_them(desk: Desk, bob: Desk, article: Article) -> None:
    kept = cite(desk, article, (0, 10), "supports", "https://a.example", title="Report")
    other = cite(bob, article, (0, 20), "refutes", "https://mirror.example", title="Copy", publisher="Agency")
    use = desk.sources.merge(kept, other)
    assert (use.cited, use.source.title, use.source.publisher) == ("cited by 2 claims in 1 article", "Report", "Agency")
    assert [one.source.id for one in desk.sources.all()] == [kept.id]
    assert desk.upkeep.verify() == []
    desk.history.undo()
    assert [(one.source.publisher, one.claims) for one in desk.sources.all()] == [("", 1), ("Agency", 1)]
    assert "one source already" in refused(desk, lambda: desk.sources.merge(kept, kept))


def test_finished_work_keeps_its_source(desk: Desk, article: Article) -> None:
    kept = cite(desk, article, FIRST, "supports", "https://a.example")
    other = cite(desk, article, FIRST, "supports", "https://b.example")
    desk.verdicts.give(desk.claims.of(article)[0], "supported", "Because.")
    desk.assignments.assign([article], [desk.reviewer], "checker")
    desk.submissions.submit(article, "checker")
    assert "work that is finished" in refused(desk, lambda: desk.sources.merge(kept, other))


def test_what_is_hidden_is_neither_counted_nor_merged(desk: Desk, bob: Desk, article: Article) -> None:
    shared = cite(bob, article, (0, 10), "supports", "https://a.example")
    desk.assignments.assign([article], ["Bob"], "checker")
    desk.assignments.assign([article], [desk.reviewer], "reviewer", blind=Blind.ALL.value)
    assert all(use.claims == 0 for use in desk.sources.all())
    mine = cite(desk, article, (0, 20), "supports", "https://b.example")
    refused(desk, lambda: desk.sources.merge(mine, shared))


def test_sources_of_one_origin_count_once(desk: Desk, article: Article) -> None:
    cite(desk, article, FIRST, "supports", "https://wire.example/1", title="Wire report")
    cite(desk, article, FIRST, "supports", "https://a.example", origin="wire  REPORT")
    cite(desk, article, FIRST, "supports", "https://b.example", origin="https://wire.example/1")
    cite(desk, article, FIRST, "supports", "https://c.example", origin="the ministry")
    cite(desk, article, FIRST, "supports", "https://d.example", origin="The Ministry")
    claim = desk.claims.of(article)[0]
    assert origins(desk.evidence.of(claim)) == (5, 2)
    assert origins([]) == (0, 0)


def test_origins_that_go_in_a_circle_are_one(desk: Desk, article: Article) -> None:
    cite(desk, article, FIRST, "supports", "https://a.example", origin="https://b.example")
    cite(desk, article, FIRST, "supports", "https://b.example", origin="https://a.example")
    assert origins(desk.evidence.of(desk.claims.of(article)[0])) == (2, 1)


def test_a_source_is_changed_for_one_piece_alone(desk: Desk, article: Article) -> None:
    report = cite(desk, article, (0, 10), "supports", "https://a.example/report", title="Report")
    cite(desk, article, (0, 20), "refutes", "https://a.example/report")
    claim = desk.claims.of(article)[0]
    (piece,) = desk.evidence.of(claim)
    assert str(desk.sources.uses(report)) == "cited by 2 claims in 1 article"
    own = desk.evidence.revise(piece, only_here=True, title="Report, 2nd edition").source
    assert own is not None and own.id != report.id and (own.url, own.title) == (report.url, "Report, 2nd edition")
    assert [str(desk.sources.uses(source)) for source in (report, own)] == ["cited by 1 claim in 1 article"] * 2
    desk.history.undo()
    assert desk.evidence.of(claim)[0].source == report
