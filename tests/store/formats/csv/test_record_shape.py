"""The record follows the kinds: a column that is added to one goes out and comes back without a word in the format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from store.formats.csv.record_shape import ALWAYS, COLUMN_OF, UNLESS_UNSET
from store.log.kinds import CHILDREN, KINDS
from tests.kit.paths import ROOT

ADDED = """
import json
import sys
from pathlib import Path
from store.log import kinds

kinds.INTEGERS |= {"weight"}
kinds.LISTS |= {"moods"}
HELD = ("claims", "verdicts", "sources", "evidence", "ticks", "comments", "reviews", "answers", "adjudications")
for name in HELD:
    kind = kinds.KINDS[name]
    parts = {part: " ".join(columns) for part, columns in kind.parts.items() if part != "deleted"}
    kinds.KINDS[name] = kinds._kind(name, kind.one, **parts, added="mood weight moods")

from store.desk import Desk
from store.log.log import Edit
from tests.kit.csv_files import another_desk, exported, file_of, imported, rows_of

def held(desk):
    return {
        name: desk.session.log.rows(f"SELECT id, mood, weight, moods FROM {name} WHERE deleted = 0 ORDER BY id", ())
        for name in HELD
    }

path = Path(sys.argv[1])
with Desk.open(path, "Ana") as ana, Desk.open(path, "Bob") as bob, Desk.open(path, "Cy") as cy:
    claim = ana.claims.tag(ana.articles.add("It rained on Monday."), 0, 9)
    piece = ana.evidence.add(claim, "refutes", url="https://a.example")
    ana.verdicts.give(claim, "refuted", "It was dry.")
    bob.ticks.tick(piece, "doubted", "dead_link")
    review = bob.reviews.decide(claim.id, "change_verdict", verdict="mixed", justification="Not all of it.")
    ana.threads.comment(claim, "Where?", reply_to=review.id)
    ana.answers.answer(review, "rejected", "No.")
    group = cy.comparison.group_of(claim.id, cy.comparison.compare(claim.article))
    cy.settlements.adjudicate(group, "first_correct", rationale="So it is.")
    plain = exported(ana)
    unset = held(ana)
    said = {"mood": '"sure"', "weight": 7, "moods": ["a", "b"]}
    ana.session.write([Edit(name, id, said) for name, rows in unset.items() for id, *_ in rows])
    told, full = held(ana), exported(ana)
    damaged = rows_of(full)
    damaged[0]["record"] = damaged[0]["record"].replace('"weight":7', '"weight":"7"')
    for data in (plain, full):
        with another_desk(ana) as other:
            imported(other, data)
            assert exported(other) == data
            here = held(other)
            print(json.dumps([here == (told if data is full else unset), rows_of(data)[0]["record"]]))
    with another_desk(ana) as other:
        try:
            imported(other, file_of(damaged))
        except Exception as refusal:
            print(json.dumps(str(refusal)))
"""
"""Adds three columns to every kind before anything else is imported, as an edit of `KINDS` would."""


def test_a_column_added_to_a_kind_is_in_the_record_both_ways_and_unset_in_older_files(tmp_path: Path) -> None:
    run = [sys.executable, "-c", ADDED, str(tmp_path / "desk.db")]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr
    (older, plain), (newer, full), refusal = map(json.loads, told.stdout.splitlines())
    assert older and newer
    assert "mood" not in plain and "weight" not in plain
    assert full.count('"mood":"\\"sure\\"","weight":7,"moods":["a", "b"]') == 10, "two verdicts, and one of all others"
    assert "Its record has no usable “weight”" in refusal


def test_every_column_is_in_the_record_or_known_from_elsewhere() -> None:
    elsewhere = {
        kind: [
            column
            for column in KINDS[kind].columns
            if column not in {COLUMN_OF.get(name, name) for name in (*ALWAYS[kind].split(), *UNLESS_UNSET[kind])}
        ]
        for kind in ("sources", *CHILDREN["claims"], *CHILDREN["evidence"], *CHILDREN["reviews"])
    }
    assert elsewhere == {
        "sources": ["deleted"],
        "verdicts": ["claim", "reviewer", "deleted"],
        "evidence": ["claim", "deleted"],
        "ticks": ["evidence", "reviewer", "deleted"],
        "comments": ["claim", "deleted"],
        "reviews": ["claim", "reviewer", "version", "deleted"],
        "answers": ["review", "reviewer", "deleted"],
        "adjudications": ["claim", "version", "verdict", "rationale", "deleted"],
    }
