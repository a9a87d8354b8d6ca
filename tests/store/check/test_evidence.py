"""Citing: evidence on claims, and its sources."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.at_the_desk import FIRST
from tests.kit.refusals import refused


def test_evidence_of_one_url_shares_its_source(desk: Desk, bob: Desk, article: Article) -> None:
    one, two = desk.claims.tag(article, 0, 10), desk.claims.tag(article, 0, 20)
    first = desk.evidence.add(one, "supports", url="https://a.example/p", quote=" as\nwritten ", title="Report")
    second = bob.evidence.add(two, "refutes", url="https://a.example/p", locator="p. 2", publisher="Agency")
    third = desk.evidence.add(two, "context", url=" HTTPS://A.EXAMPLE/p ")
    assert first.source and second.source and third.source
    assert first.source.id == second.source.id == third.source.id
    (source,) = desk.evidence.sources()
    assert (source.title, source.publisher, source.url) == ("Report", "Agency", "https://a.example/p")
    assert first.quote == " as\nwritten "
    assert [e.stance for e in desk.evidence.of(two)] == ["refutes", "context"]
    assert desk.claims.get(two.id).evidence_count == 2


def test_sources_without_an_address_are_each_their_own(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    first = desk.evidence.add(claim, "supports", title="Phone call")
    second = desk.evidence.add(claim, "supports", title="Phone call")
    bare = desk.evidence.add(claim, "context", note="common knowledge")
    assert first.source and second.source and first.source.id != second.source.id and bare.source is None


def test_a_source_that_moved_is_found_at_its_new_address_and_the_old_one_is_free(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    old = desk.evidence.add(claim, "supports", url="https://old.example").source
    assert old is not None
    desk.evidence.edit_source(old, url="https://new.example")
    assert desk.evidence.add(claim, "supports", url="https://new.example").source.id == old.id  # type: ignore[union-attr]
    fresh = desk.evidence.add(claim, "supports", url="https://old.example").source
    assert fresh is not None and fresh.id != old.id and fresh.url == "https://old.example"
    assert desk.evidence.add(claim, "context", url="https://old.example").source == fresh


def test_a_deleted_source_comes_back_when_it_is_cited_again(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    source = desk.evidence.add(claim, "supports", url="https://a.example", title="T").source
    assert source is not None
    desk.delete(source)
    assert desk.evidence.sources() == [] and desk.evidence.of(claim)[0].source is not None
    again = desk.evidence.add(claim, "supports", url="https://a.example").source
    assert again is not None and (again.id, again.title, again.deleted) == (source.id, "T", False)


def test_evidence_changes_and_cites_another_source(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    evidence = desk.evidence.add(claim, "supports", url="https://a.example", quote="q")
    edited = desk.evidence.edit(evidence, stance="refutes", url="https://b.example", note="n")
    assert (edited.stance, edited.quote, edited.note) == ("refutes", "q", "n")
    assert edited.source is not None and edited.source.url == "https://b.example"
    assert desk.evidence.edit(edited, url="").source is None
    assert len(desk.evidence.sources()) == 2
    refused(desk, lambda: desk.evidence.edit(edited, stance=""))
    refused(desk, lambda: desk.evidence.add(claim, "maybe"))
    refused(desk, lambda: desk.evidence.add(claim, "supports", url="https://c.example", published="soon"))
    refused(desk, lambda: desk.evidence.add(claim, "supports", url="https://c.example", colour="red"))


def test_sources_are_found_by_url_or_title_and_marks_are_no_patterns(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    for url, title in (("https://a.example/100%", "A_B"), ("https://b.example", "AxB")):
        desk.evidence.add(claim, "supports", url=url, title=title)
    assert [s.url for s in desk.evidence.sources("100%")] == ["https://a.example/100%"]
    assert [s.title for s in desk.evidence.sources("A_B")] == ["A_B"]
    assert len(desk.evidence.sources("EXAMPLE")) == 2 and desk.evidence.sources("\ud800") == []


@pytest.mark.parametrize(
    "typed",
    ["http://city.example/log", "https://www.city.example/log/", "HTTPS://City.Example:443/log", "city.example/log"],
)
def test_one_address_spelt_otherwise_is_one_source(desk: Desk, article: Article, typed: str) -> None:
    claim = desk.claims.tag(article, 0, 10)
    first = desk.evidence.add(claim, "supports", url="https://city.example/log", title="Log").source
    again = desk.evidence.add(claim, "refutes", url=typed, tier="primary").source
    assert first is not None and again is not None and again.id == first.id
    assert (again.url, again.title, again.tier) == ("https://city.example/log", "Log", "primary")
    assert [source.id for source in desk.evidence.sources_at(typed)] == [first.id]


@pytest.mark.parametrize(
    "typed", ["https://city.example/log2", "https://city.example/log#p4", "ftp://city.example/log"]
)
def test_another_address_is_another_source(desk: Desk, article: Article, typed: str) -> None:
    claim = desk.claims.tag(article, 0, 10)
    for url in ("https://city.example/log", typed):
        desk.evidence.add(claim, "supports", url=url)
    assert len(desk.evidence.sources()) == 2
