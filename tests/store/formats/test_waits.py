"""What waits on a claim - a conflict to be settled, words to be checked again - is marked in every file, or said."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.formats import FORMATS
from store.formats.csv import claim_columns as csv
from store.formats.csv import claim_import
from store.formats.export_to_any_format import Exported, export
from store.formats.import_of_any_format import bring
from tests.kit.corrected import NEW, RAIN, SPANS, correct, tagged
from tests.kit.csv_files import rows_of


@pytest.fixture
def waiting(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A desk on which Ana and Bo disagree on the text of C1, and a correction has changed the words of C2."""
    article = desk.articles.add(RAIN, title="Rain", url="https://paper.example/rain")
    claims = [tagged(desk, article, SPANS[name]) for name in ("rain", "schools", "report")]
    for claim in claims:
        desk.verdicts.give(claim, "supported", "So it is.")
    with Desk.open(desk.backup(tmp_path / "bo.db"), "Bo") as bo:
        bo.claims.edit(claims[0].id, claim_text="It rained.")
        desk.claims.edit(claims[0].id, claim_text="It poured.")
        desk.merges.merge([tmp_path / "bo.db"])
    correct(desk, article, NEW)
    yield desk


def written(desk: Desk, name: str, **said: str) -> tuple[str, Exported]:
    stream = io.BytesIO()
    made = export(desk, FORMATS[name].module, stream, said=said)  # type: ignore[arg-type]
    return stream.getvalue().decode(errors="replace"), made


def lost(made: Exported) -> list[str]:
    return [str(loss) for loss in made.losses if loss.what == "waits"]


def test_it_is_marked_where_a_format_can(waiting: Desk) -> None:
    lines = [json.loads(line) for line in written(waiting, "jsonl")[0].splitlines()]
    assert [line.get("waits") for line in lines[1:]] == [["conflict"], ["check_again"], None]
    notes = json.loads(written(waiting, "w3c")[0])["items"]
    assert [note.get("factdesk:waits") for note in notes] == [["conflict"], ["check_again"], None]
    for name in ("proof", "proof-md"):
        page, made = written(waiting, name)
        assert page.count("contested: two people") == page.count("changed by a correction: check again") == 1
        assert not lost(made)


def test_nothing_that_waits_is_published_or_struck_off(waiting: Desk) -> None:
    page, made = written(waiting, "claimreview", site="https://checks.example")
    assert [one["claimReviewed"] for one in json.loads(page)] == ["The reports is here"]
    assert any("is not published before that is settled" in str(loss) for loss in made.losses)
    sheet, made = written(waiting, "sheet")
    assert sheet.count("✓") == 1 and len(lost(made)) == 1  # the one on which nothing waits
    page, _ = written(waiting, "proof")
    assert page.count("class='claim done'") == 1


def test_what_a_format_cannot_mark_is_said_with_its_claims(waiting: Desk) -> None:
    for name in ("brat", "labelstudio", "webanno", "doccano"):
        (said,) = lost(written(waiting, name)[1])
        assert "C1" in said and "2" in said


@pytest.mark.parametrize(("name", "file"), [("csv", "all.csv"), ("jsonl", "all.jsonl"), ("w3c", "all.json")])
def test_what_is_to_be_checked_again_is_so_on_another_desk(waiting: Desk, tmp_path: Path, name: str, file: str) -> None:
    (conflict,) = waiting.conflicts.of()
    waiting.conflicts.settle(conflict, waiting.conflicts.mine(conflict))
    article = waiting.articles.all()[0]
    out = tmp_path / file
    if name == "csv":
        csv.write(waiting, out)
    else:
        out.write_text(written(waiting, name)[0])
    with Desk.open(tmp_path / "other.db", "Ana") as other:
        made = other.articles.add(waiting.articles.text(article), title="Rain", url="https://paper.example/rain")
        claim_import.read(other, out) if name == "csv" else bring(other, FORMATS[name].module, out)
        lacks = {claim.quote: other.claims.lacks(claim) for claim in other.claims.of(made)}
        again = "43 schools will close"
        assert [quote for quote, said in lacks.items() if any("check it again" in one for one in said)] == [again]
        (one,) = other.transfers.waiting(made)
        assert (one.before, one.now) == (SPANS["schools"] if name == "csv" else "", again)
        if name == "csv":
            csv.write(other, tmp_path / "back.csv")
            told = [
                [(row["check_again"], row["record"]) for row in rows_of(file.read_bytes())]
                for file in (out, tmp_path / "back.csv")
            ]
            assert told[0] == told[1]
        other.transfers.keep(one.item)
        assert not other.transfers.waiting(made)
