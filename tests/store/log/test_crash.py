"""Killed at any moment: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from store.desk import Desk
from store.records import Article
from tests.kit import oracle
from tests.kit.paths import ROOT

WRITER = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
path, name, first = sys.argv[1:]
with Desk.open(path, name) as desk:
    article = desk.articles.get(1)
    number = int(first)
    while True:
        with desk.together():
            claim = desk.claims.tag(article, number % 400, number % 400 + 9, claim_text=f"{{name}} {{number}}")
            for step in range(number % 3):
                desk.claims.edit(claim, tags=[str(step)])
            desk.verdicts.give(claim, "mixed", "because")
        print(claim.id, flush=True)
        number += 1
"""
ROUNDS = 4
WRITERS = 3


def test_no_acknowledged_action_is_lost_and_none_is_partial_under_kill_9(path: Path) -> None:
    with Desk.open(path, "Keeper") as desk:
        desk.articles.add("word " * 400)
    chance = random.Random(1)
    acknowledged: set[str] = set()
    for round in range(ROUNDS):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), f"writer {n}", str(1_000_000 * round)],
                stdout=subprocess.PIPE, text=True,
            )
            for n in range(WRITERS)
        ]  # fmt: skip
        for writer in writers:
            assert writer.stdout is not None
            for _ in range(chance.randint(3, 20)):
                acknowledged.add(writer.stdout.readline().strip())
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            rest, _ = writer.communicate()
            acknowledged |= {line for line in rest.split("\n") if len(line) == 36}
        with Desk.open(path, "Keeper") as desk:
            claims = {claim.id: claim for claim in desk.claims.of("1")}
            assert acknowledged <= claims.keys()
            for claim in claims.values():
                assert (claim.verdict, claim.justification) == ("mixed", "because")
            assert desk.upkeep.verify() == [] and desk.conflicts.of() == []
    assert len(acknowledged) >= ROUNDS * WRITERS * 3
    with Desk.open(path, "Keeper") as desk:
        changes = oracle.read_log(desk.session.log.conn)
        assert [change["id"] for change in changes] == sorted(change["id"] for change in changes)
        steps = Counter(change["action"] for change in changes if change["kind"] == "claims")
        for claim in claims.values():
            (made,) = {change["action"] for change in changes if change["item"] == claim.id}
            assert steps[made] == 1 + len(claim.tags) * (1 + int(claim.tags[0])) if claim.tags else steps[made] == 1


def test_a_program_killed_in_the_middle_of_an_action_leaves_nothing_of_it(path: Path) -> None:
    with Desk.open(path, "Keeper") as desk:
        desk.articles.add("Some words.")
        before = desk.history.of()
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
desk = Desk.open({str(path)!r}, "Hasty")
with desk.together():
    claim = desk.claims.tag("1", 0, 4)
    desk.verdicts.give(claim, "mixed")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    with Desk.open(path, "Keeper") as desk:
        assert desk.history.of() == before and desk.claims.of("1") == [] and desk.upkeep.verify() == []
        assert desk.claims.tag("1", 0, 4).name == "C1"


def test_two_processes_that_edit_one_claim_from_what_they_saw_overwrite_nothing(path: Path) -> None:
    with Desk.open(path, "Ana") as desk:
        article = desk.articles.add("Some words.")
        claim = desk.claims.tag(article, 0, 4)
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
with Desk.open({str(path)!r}, sys.argv[1]) as desk:
    claim = desk.claims.get("C1", 1)
    print("seen", flush=True)
    sys.stdin.readline()
    print(desk.claims.edit(claim, claimant="said by " + sys.argv[1]).conflict, flush=True)
"""
    started = {
        name: subprocess.Popen(
            [sys.executable, "-c", code, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in ("Bob", "Zoe")
    }
    for process in started.values():
        assert process.stdout is not None and process.stdout.readline() == "seen\n"
    answers = [process.communicate("go\n")[0].strip() for process in started.values()]
    assert answers == ["False", "True"]
    with Desk.open(path, "Ana") as desk:
        (conflict,) = desk.conflicts.of()
        assert (conflict.kind, conflict.item, conflict.part) == ("claims", claim.id, "claimant")
        assert [(c.by, c.values["claimant"]) for c in conflict.contenders] == [
            ("Bob", "said by Bob"),
            ("Zoe", "said by Zoe"),
        ]
        assert desk.claims.get(claim.id).claimant == "said by Zoe" and desk.claims.get(claim.id).conflict


def test_another_windows_edit_is_noticed(desk: Desk, bob: Desk, article: Article) -> None:
    mark = desk.history.mark()
    assert desk.history.changed_since(mark) == set()
    claim = bob.claims.tag(article, 0, 37)
    bob.verdicts.give(claim, "mixed")
    changed = desk.history.changed_since(mark)
    assert ("claims", claim.id) in changed and {kind for kind, _ in changed} == {"claims", "verdicts"}
    assert desk.history.changed_since(desk.history.mark()) == set()


def test_eight_windows_write_at_once_and_every_edit_is_kept(
    path: Path, article: Article, open_desk: Callable[..., Desk]
) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
with Desk.open({str(path)!r}, sys.argv[1]) as desk:
    for number in range(15):
        desk.sweeps.add("1", number, number + 20 + int(sys.argv[1]))
"""
    started = [subprocess.Popen([sys.executable, "-c", code, str(n)], stderr=subprocess.PIPE) for n in range(8)]
    for process in started:
        _, wrong = process.communicate()
        assert process.returncode == 0, wrong
    desk = open_desk("Ana")
    assert len(desk.sweeps.of(article)) == 120 and desk.upkeep.verify() == []
