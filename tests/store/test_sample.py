"""The sample article."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import sample
from store.desk import Desk
from store.errors import Refused
from store.formats.articles import files as articles


def test_the_sample_is_found_and_reads_as_an_article() -> None:
    draft = articles.read(sample.path())
    assert draft.published == "2025-02-19"
    assert draft.title.startswith("Two North Korean prisoners of war")


def test_the_sample_is_known_by_its_words(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        (id,), _ = desk.articles.add_many([articles.read(sample.path())])
        other = desk.articles.add("The bridge fell.")
        assert sample.is_it(desk.articles.get(id)) and not sample.is_it(other)


def test_a_missing_sample_is_refused_with_the_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sample.resources, "files", lambda package: tmp_path / package)
    with pytest.raises(Refused, match=r"is missing from .*: install factdesk again"):
        sample.path()


def test_a_sample_inside_the_package_is_taken_before_one_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sample.resources, "files", lambda package: tmp_path / package)
    for folder in (tmp_path / "seeds", tmp_path / "store" / "seeds"):
        folder.mkdir(parents=True)
        (folder / sample.NAME).write_text("text")
        assert sample.path() == folder / sample.NAME
