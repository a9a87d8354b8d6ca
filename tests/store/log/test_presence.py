"""A desk whose file is deleted, moved or replaced while it is open: nothing is saved into nothing, nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Gone
from store.formats.csv import claim_columns as csv_claims
from store.records import Article


def deleted(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced(path: Path) -> None:
    """As programs do that keep folders in step: another file is written, and renamed onto this one."""
    other = path.with_name("other.db")
    with Desk.open(other, "Zoe") as desk:
        desk.articles.add("Something else altogether.", title="Not this one")
    other.replace(path)


def journal_deleted(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


@pytest.mark.parametrize("become", [deleted, moved, replaced, journal_deleted])
def test_nothing_is_saved_into_a_file_that_is_gone_and_all_of_it_can_be_taken_out(
    desk: Desk, article: Article, become: Callable[[Path], None], tmp_path: Path
) -> None:
    kept = desk.claims.tag(article, 0, 37)
    assert desk.lost == ""
    become(desk.path)
    assert desk.lost.endswith(" while it was open here")
    saved = desk.session.saved_at
    with pytest.raises(Gone, match="nothing was changed"):
        desk.verdicts.give(kept, "supported", "Counted.")
    for act in (desk.beside, lambda: csv_claims.write(desk, io.BytesIO())):
        with pytest.raises(Gone):
            act()
    assert desk.session.saved_at == saved and not desk.verdicts.of(kept)
    to = desk.backup(tmp_path / "saved.db")
    with Desk.open(to, "Ana") as other:
        assert [claim.id for claim in other.claims.of(article)] == [kept.id] and other.upkeep.verify() == []


def test_a_file_that_comes_back_is_worked_on_again(desk: Desk, article: Article) -> None:
    aside = desk.path.rename(desk.path.with_name("aside.db"))
    with pytest.raises(Gone):
        desk.claims.tag(article, 0, 37)
    aside.rename(desk.path)
    assert desk.lost == "" and desk.claims.tag(article, 0, 37).name == "C1"


def test_a_file_that_goes_during_an_edit_takes_nothing_of_it(desk: Desk, article: Article) -> None:
    with pytest.raises(Gone), desk.together():
        desk.claims.tag(article, 0, 37)
        desk.path.unlink()
    assert desk.claims.of(article) == []
