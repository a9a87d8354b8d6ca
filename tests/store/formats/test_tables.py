"""The folder of tables: complete, typed, and whole or not there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Refused, Taken
from store.formats import tables
from store.formats.csv.cells import unguarded
from store.formats.snapshot import Stopped
from store.measure.figures_as_data import FIGURE_COLUMNS, as_rows
from store.records import Article
from store.review.suggestions import Suggested

Rows = list[dict[str, str]]


def written(desk: Desk, folder: Path, **how: Any) -> dict[str, Rows]:
    tables.write(desk, folder, **how)
    return {path.stem: rows_of(path) for path in folder.glob("*.csv")}


def rows_of(path: Path) -> Rows:
    with io.StringIO(path.read_bytes().decode(), newline="") as file:
        return [dict(row) for row in csv.DictReader(file, strict=True)]


@pytest.fixture
def busy(desk: Desk, bob: Desk, article: Article) -> Desk:
    """A desk on which something of every kind has happened, and some of it is gone again."""
    claim = desk.claims.tag(article, 0, 37, claim_text="=1+1", types=["event", "quantity"], tags=["a|b"])
    desk.verdicts.give(claim, "refuted", "no")
    bob.verdicts.give(claim, "supported")
    desk.evidence.add(claim, "refutes", url="https://a.example", published="2025-02", quote="x\ny")
    desk.threads.comment(claim, "first", reply_to=bob.threads.comment(claim, "really?"))
    desk.threads.resolve(desk.threads.of(claim)[0])
    desk.assignments.assign([article], ["Bob"], "reviewer", whose="Ana")
    bob.ticks.tick(desk.evidence.of(claim)[0], "doubted", "dead_link")
    bob.reviews.missing(article, 50, 59, whose="Ana")
    desk.answers.answer(
        bob.reviews.decide(claim.id, "change_span", span=(4, 37), comment="=tighter"), "rejected", "No."
    )
    desk.assignments.assign([article], ["Cy"], "adjudicator")
    cy = Desk.open(desk.path, "Cy")
    cy.settlements.adjudicate(
        cy.comparison.group_of(claim, cy.comparison.compare(article)), "second_correct", rationale="Bob is right."
    )
    cy.close()
    gone = desk.claims.tag(article, 80, 95)
    bob.ticks.tick(desk.evidence.add(gone, "supports", url="https://b.example"), "seen")
    desk.answers.answer(bob.reviews.decide(gone.id, "disagree", reason="too_vague"), "rejected", "Why?")
    desk.delete(gone)
    desk.sweeps.add(article, 100, 120)
    desk.suggestions.add_many(article, [Suggested(4, 9, "Model 3", "refuted", confidence=0.5), Suggested(4, 9, "Cy")])
    desk.suggestions.reject(desk.suggestions.of(article)[0])
    removed = desk.articles.add("Away with it.", title="Away")
    desk.claims.tag(removed, 0, 4)
    desk.delete(removed)
    return desk


def test_every_living_thing_is_in_its_table_and_all_history_is_in_changes(busy: Desk, tmp_path: Path) -> None:
    found = written(busy, tmp_path / "out")
    counts = {name: len(rows) for name, rows in found.items()}
    history, _ = counts.pop("changes"), counts.pop("agreement")
    assert counts == {
        "articles": 1, "versions": 1, "claims": 2, "verdicts": 2, "evidence": 1, "sources": 2, "comments": 2,
        "sweeps": 1, "pages": 0, "reviewers": 4, "reviews": 2, "answers": 1, "ticks": 1, "adjudications": 1,
        "assignments": 2, "suggestions": 2, "choices": 1,
    }  # fmt: skip
    assert history == len(busy.history.of(limit=10_000))
    claim, missed = found["claims"]
    assert missed["origin"] == "review"
    assert (claim["name"], unguarded(claim["claim_text"]), claim["by"]) == ("C1", "=1+1", "Ana")
    assert (json.loads(claim["types"]), json.loads(claim["tags"])) == (["event", "quantity"], ["a|b"])
    assert {row["by"]: row["verdict"] for row in found["verdicts"]} == {"Ana": "refuted", "Bob": "supported"}


def test_second_review_stands_in_its_tables_with_people_by_name(busy: Desk, tmp_path: Path) -> None:
    found = written(busy, tmp_path / "out")
    reviews = {row["decision"]: row for row in found["reviews"]}
    span = reviews["change_span"]
    told = ("reviewer", "whose", "start", "end", "quote", "verdict", "stale", "standing")
    assert {name: span[name] for name in told} == {
        "reviewer": "Bob", "whose": "Ana", "start": "4", "end": "37",
        "quote": busy.articles.text(busy.articles.all()[0])[4:37],
        "verdict": "supported", "stale": "0", "standing": "settled",
    }  # fmt: skip
    assert span["comment"] == "'=tighter"
    assert json.loads(span["seen"])["verdict"] == "refuted"
    assert reviews["missing_claim"]["standing"] == "open"
    (answer,) = found["answers"]
    assert (answer["review"], answer["reviewer"], answer["outcome"]) == (span["id"], "Ana", "rejected")
    (tick,) = found["ticks"]
    assert (tick["evidence"], tick["by"], tick["mark"], tick["reason"]) == (
        found["evidence"][0]["id"], "Bob", "doubted", "dead_link",
    )  # fmt: skip
    (settled,) = found["adjudications"]
    assert [settled[name] for name in ("reviewer", "chosen", "outcome", "stands", "rationale", "start")] == [
        "Cy", "Bob", "second_correct", "1", "Bob is right.", "4",
    ]  # fmt: skip
    assert {(row["reviewer"], row["role"], row["whose"], row["state"]) for row in found["assignments"]} == {
        ("Cy", "adjudicator", "", "open"), ("Bob", "reviewer", "Ana", "open"),
    }  # fmt: skip
    assert [row["resolved"] for row in found["comments"]].count("1") == 1


def test_the_figures_of_agreement_are_those_of_the_report(
    busy: Desk, bob: Desk, article: Article, tmp_path: Path
) -> None:
    fewer = written(busy, tmp_path / "before")["agreement"]
    assert {(row["annotator_a"], row["value"], row["n"], row["note"]) for row in fewer} == {
        ("", "", "0", "n/a (needs two)"),
    }  # fmt: skip
    busy.submissions.submit(article, "checker")
    bob.be("=Bob")
    bob.reviews.decide(bob.claims.of(article)[1], "agree")  # what Bob had missed in Ana's
    bob.submissions.submit(article, "reviewer")
    found = busy.agreement.report().report
    assert [comparison.people for comparison in found.comparisons] == [("=Bob", "Ana")]
    told = [tuple("" if cell is None else str(cell) for cell in row) for row in as_rows(found)]
    safe, raw = (written(busy, tmp_path / name, raw=name == "raw")["agreement"] for name in ("safe", "raw"))
    assert [tuple(row[column] for column in FIGURE_COLUMNS) for row in raw] == told
    assert {row["annotator_a"] for row in safe} == {"'=Bob"}
    assert [row["article_id"] for row in raw] == [""] * (len(raw) // 2) + [article.id] * (len(raw) // 2)
    assert [row["value"] for row in raw if row["measure"] == "span_f1_exact"] == ["0.0", "0.0"]


def test_formulas_are_guarded_unless_raw(busy: Desk, tmp_path: Path) -> None:
    assert written(busy, tmp_path / "safe")["claims"][0]["claim_text"] == "'=1+1"
    assert written(busy, tmp_path / "raw", raw=True)["claims"][0]["claim_text"] == "=1+1"


def test_the_texts_and_the_scheme_are_there_to_the_byte(busy: Desk, tmp_path: Path, article: Article) -> None:
    found = written(busy, tmp_path / "out")
    (text,) = (tmp_path / "out" / "texts").iterdir()
    assert text.stem == found["versions"][0]["text"] == hashlib.sha256(text.read_bytes()).hexdigest()
    assert text.read_bytes().decode() == busy.articles.text(article)
    assert (tmp_path / "out" / "scheme.toml").read_bytes().decode() == busy.scheme.toml


def test_the_descriptor_tells_the_truth_about_every_file(busy: Desk, tmp_path: Path) -> None:
    found = written(busy, tmp_path / "out")
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert package["factdesk"]["scheme"]["sha256"] == busy.scheme.hash
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert set(resources) == set(found)
    for name, resource in resources.items():
        rows, schema = found[name], resource["schema"]
        assert resource["path"] == f"{name}.csv"
        if rows:
            assert list(rows[0]) == [field["name"] for field in schema["fields"]]
        for field in schema["fields"]:
            for row in rows:
                assert fits(field, row[field["name"]]), (name, field, row)
        told_apart = [schema["primaryKey"]] if name != "agreement" else list(FIGURE_COLUMNS[:4])
        assert len({tuple(row[column] for column in told_apart) for row in rows}) == len(rows)
        for key in schema["foreignKeys"]:
            known = {row[key["reference"]["fields"]] for row in found[key["reference"]["resource"]]}
            assert {row[key["fields"]] for row in rows} - {""} <= known, (name, key)


def fits(field: dict[str, Any], cell: str) -> bool:
    match field["type"]:
        case "integer":
            return cell.isdecimal()
        case "number":
            return cell == "" or float(cell) <= 1
        case "boolean":
            return cell in [*field["trueValues"], *field["falseValues"]]
        case "datetime":
            return bool(datetime.strptime(cell, field["format"]))
        case "array":
            return isinstance(json.loads(cell), list)
        case "object":
            return isinstance(json.loads(cell), dict)
        case other:
            return bool(other == "string")


def test_the_tables_show_one_moment_while_somebody_goes_on_working(
    busy: Desk, bob: Desk, tmp_path: Path, article: Article
) -> None:
    before = written(busy, tmp_path / "before")
    ends = iter(range(60, 90))
    after = written(
        busy, tmp_path / "after", progress=lambda done, total: bob.claims.tag(article, 50, next(ends)) and None
    )
    assert after == before
    assert len(busy.claims.of(article)) > 5


def test_a_folder_that_holds_something_is_left_alone(busy: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    written(busy, folder)
    before = sorted(folder.rglob("*"))
    with pytest.raises(Refused, match="already holds something"):
        tables.write(busy, folder)
    with pytest.raises(Refused, match="is a file: name a folder"):
        tables.write(busy, folder / "claims.csv")
    with pytest.raises(Refused, match="no folder"):
        tables.write(busy, tmp_path / "nowhere" / "out")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o1777, 0o3775])
def test_an_empty_folder_keeps_who_may_do_what_and_nobody_else_looks_in_meanwhile(
    busy: Desk, tmp_path: Path, mode: int
) -> None:
    folder, while_written = tmp_path / "out", set()
    folder.mkdir()
    folder.chmod(mode)

    def look(done: int, total: int) -> None:
        while_written.update(part.stat().st_mode & 0o7777 for part in tmp_path.glob(".factdesk-*.part"))

    tables.write(busy, folder, progress=look)
    assert oct(folder.stat().st_mode & 0o7777) == oct(mode) and while_written == {0o700}


def test_what_is_stopped_halfway_leaves_no_folder(busy: Desk, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    tables.write(busy, tmp_path / "whole", progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(Stopped):
        tables.write(busy, tmp_path / "half", cancelled=lambda: True)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    asked: list[int] = []
    with pytest.raises(Stopped):  # while the figures of agreement are worked out: no row has been written
        tables.write(busy, tmp_path / "half", progress=lambda done, total: asked.append(done), cancelled=lambda: True)
    assert asked == []


# -- an earlier export ----------------------------------------------------------------------------------------


def held(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_an_earlier_export_is_replaced_when_that_is_said_and_nothing_else_is(
    busy: Desk, tmp_path: Path, article: Article
) -> None:
    folder = tmp_path / "out"
    tables.write(busy, folder)
    (folder / "notes.txt").write_text("mine")
    (folder / "texts" / "notes.md").write_text("mine, too")
    (folder / "claims.csv").chmod(0o640)
    new = busy.articles.add("It snowed on Tuesday.")
    busy.delete(next(one for one in busy.articles.all() if one.id == new.id))
    busy.articles.add("It thundered.")
    with pytest.raises(Taken):
        tables.write(busy, folder)
    tables.write(busy, folder, replace=True)
    tables.write(busy, tmp_path / "fresh")
    assert held(folder) == held(tmp_path / "fresh") | {"notes.txt": b"mine", "texts/notes.md": b"mine, too"}
    assert (folder / "claims.csv").stat().st_mode & 0o777 == 0o640
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"out", "fresh"}


@pytest.mark.parametrize("name", ["claims.csv", "scheme.toml", "texts", "datapackage.json"])
def test_what_somebody_changed_in_an_earlier_export_stays(busy: Desk, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    tables.write(busy, folder)
    file = next((folder / "texts").iterdir()) if name == "texts" else folder / name
    file.write_text("{}")
    before = held(folder)
    with pytest.raises(Refused, match=r"not as it was exported|already holds something"):
        tables.write(busy, folder, replace=True)
    assert held(folder) == before


def test_a_descriptor_that_tells_of_other_files_hurts_none(busy: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    tables.write(busy, folder)
    precious = tmp_path / "precious.csv"
    precious.write_text("mine")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    sha = hashlib.sha256(b"mine").hexdigest()
    package["resources"].append({"path": "../precious.csv", "hash": f"sha256:{sha}"})
    package["factdesk"]["replacing"] = {"../precious.csv": sha}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    tables.write(busy, folder, replace=True)
    assert precious.read_text() == "mine"


def test_an_export_that_is_interrupted_while_it_replaces_can_be_made_again(
    busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    tables.write(busy, folder)
    busy.articles.add("It thundered.")
    replace, times = Path.replace, iter(range(100))

    def torn(self: Path, target: Path) -> Path:
        if next(times) == 5:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", torn)
    with pytest.raises(KeyboardInterrupt):
        tables.write(busy, folder, replace=True)
    monkeypatch.undo()
    tables.write(busy, folder, replace=True)
    tables.write(busy, tmp_path / "fresh")
    assert held(folder) == held(tmp_path / "fresh")
