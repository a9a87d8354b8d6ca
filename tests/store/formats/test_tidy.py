"""The folder of tables read back: as it was written, as others changed it, and as others made it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.formats import FORMATS
from store.formats.import_of_any_format import FormatRefused
from store.formats.outgoing_texts import texts
from tests.kit import exchange
from tests.kit.desks import desk_at, put_a_filled_desk

TABLES = FORMATS["tables"]
Row = dict[str, str]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "full").mkdir()
    put_a_filled_desk(tmp_path / "full" / "desk.db", exchange.a_full_desk)
    with desk_at(tmp_path / "full") as desk:
        TABLES.write(desk, tmp_path / "out")
        yield desk


def changed(file: Path, change: Callable[[list[Row]], None]) -> None:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    names = list(rows[0])
    change(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, names)
        writer.writeheader()
        writer.writerows(rows)


def told(desk: Desk) -> list[object]:
    """All that the folder brings back; reviews, and comments that tell of them, aside."""
    found: list[object] = []
    for text in texts(desk):
        for spot in text.spots:
            comments = tuple(one for one in spot.comments if not one.words.startswith("agree"))
            found.append(spot._replace(reviews=(), comments=comments, name=""))
        found.append(text._replace(spots=(), sweeps=text.sweeps))
    return found


def test_all_claims_come_back_as_they_were(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    done = TABLES.read(empty, tmp_path / "out")  # type: ignore[misc]
    assert (done.articles, done.claims, done.problems) == (2, 6, ())
    assert told(empty) == told(desk)
    again = TABLES.read(empty, tmp_path / "out")  # type: ignore[misc]
    assert (again.articles, again.claims, again.known, again.changed) == (0, 0, 6, 0)
    assert empty.upkeep.verify() == [] and empty.history.undo()


def test_a_value_changed_in_a_table_changes_your_own_claim(desk: Desk, tmp_path: Path) -> None:
    def refute(rows: list[Row]) -> None:
        next(row for row in rows if row["verdict"] == "supported")["verdict"] = "refuted"

    changed(tmp_path / "out" / "verdicts.csv", refute)
    done = TABLES.read(desk, tmp_path / "out")  # type: ignore[misc]
    assert (done.claims, done.known, done.changed, done.problems) == (0, 6, 1, ())


def test_what_does_not_fit_is_told_with_its_file_and_row(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    def spoil(rows: list[Row]) -> None:
        rows[0]["start"] = "two"
        rows[1]["end"] = "100000"
        rows[1]["quote"] = ""
        rows[2]["tags"] = "[1"

    changed(tmp_path / "out" / "claims.csv", spoil)
    with pytest.raises(FormatRefused) as caught:
        TABLES.read(empty, tmp_path / "out")  # type: ignore[misc]
    said = [str(problem) for problem in caught.value.problems]
    assert any("claims.csv, row 2" in one and "not a whole number" in one for one in said), said
    assert any("tags are not a JSON array" in one for one in said) and any("beyond its text" in one for one in said)
    assert empty.articles.all() == []
    done = TABLES.read(empty, tmp_path / "out", skip_bad=True)  # type: ignore[misc]
    assert done.claims == 3 and len(done.refused) == 3


def test_a_folder_of_others_needs_few_columns(empty: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "articles.csv").write_text("id,title,text\na1,Schools,The city closes 41 schools.\n")
    (folder / "claims.csv").write_text("article,start,end,quote,by\na1,16,26,41 schools,Ana\n")
    done = TABLES.read(empty, folder)  # type: ignore[misc]
    assert (done.articles, done.claims, done.problems) == (1, 1, ())
    assert empty.claims.of(empty.articles.all()[0])[0].quote == "41 schools"


def test_a_folder_without_its_texts_is_refused(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    for text in (tmp_path / "out" / "texts").iterdir():
        text.unlink()
    with pytest.raises(FormatRefused, match=r"is not in the folder"):
        TABLES.read(empty, tmp_path / "out")  # type: ignore[misc]
