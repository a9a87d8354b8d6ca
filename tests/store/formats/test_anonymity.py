"""Without names: nobody who worked on a desk is in what is written, and all else is as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.access.names import reviewer_id
from store.desk import Desk
from store.formats import FORMATS
from store.formats.anonymity import shown_names
from tests.kit import exchange
from tests.kit.desks import desk_at, put_a_filled_desk

NAMES = re.compile(r"\b(Ana|Bo Ek|Bo|Anabel)\b")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    put_a_filled_desk(tmp_path / "desk.db", exchange.a_full_desk)
    with desk_at(tmp_path) as desk:
        desk.people.rename("Ana", "Anabel")
        yield desk


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_csv_has_numbers_for_people_and_the_same_words(desk: Desk) -> None:
    plain, hidden = io.BytesIO(), io.BytesIO()
    FORMATS["csv"].write(desk, plain)
    FORMATS["csv"].write(desk, hidden, anonymous=True)
    told = hidden.getvalue().decode()
    assert not NAMES.search(told) and "Person 1" in told and "Person 2" in told
    assert not any(reviewer_id(name) in told for name in ("Ana", "Anabel", "Bo Ek"))
    before, after = rows(plain.getvalue()), rows(hidden.getvalue())
    kept = [name for name in before[0] if name not in ("checker", "last_reviewer", "review_decisions", "record",
                                                        "justification")]  # fmt: skip
    assert [[row[name] for name in kept] for row in before] == [[row[name] for name in kept] for row in after]
    assert after[0]["justification"] == "Person 1 counted them:\n“41” | tab\t."
    again = io.BytesIO()
    FORMATS["csv"].write(desk, again, anonymous=True)
    assert again.getvalue() == hidden.getvalue()


def test_tables_have_no_name_in_any_file_nor_in_the_history(desk: Desk, tmp_path: Path) -> None:
    FORMATS["tables"].write(desk, tmp_path / "out", anonymous=True)
    for file in sorted((tmp_path / "out").rglob("*.*")):
        told = f"{file.name} {file.read_text()}" if file.parent.name != "texts" else file.name
        assert not NAMES.search(told), file
        assert not any(reviewer_id(name) in told for name in ("Ana", "Anabel", "Bo Ek")), file
    assert [row["name"] for row in rows((tmp_path / "out/reviewers.csv").read_bytes())] == ["Person 1", "Person 2"]


def test_reviews_are_as_fresh_as_they_were(desk: Desk) -> None:
    with shown_names(desk, False) as hidden:
        asked = "SELECT decision, stale, standing FROM reviews_now ORDER BY id"
        assert [tuple(row) for row in hidden.session.rows(asked)] == [tuple(row) for row in desk.session.rows(asked)]
        assert hidden.upkeep.verify() == [] and str(hidden.reviewer) == "Person 1"
    assert [str(one) for one in desk.people.all()] == ["Anabel", "Bo Ek"], "the desk itself is as it was"


def test_the_settled_set_has_no_names(desk: Desk) -> None:
    out = io.BytesIO()
    FORMATS["settled"].write(desk, out, anonymous=True)
    assert not NAMES.search(out.getvalue().decode())
