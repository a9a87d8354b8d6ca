"""Everything that can be asked of a desk, with hostile values, at random, on three desks that meet, break and go on.

A seed is one sequence, the same each time. `python -m tests.kit.storm SECONDS [SEED]` runs sequences for so long.
"""

from __future__ import annotations

import inspect
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from store.desk import Desk
from store.errors import Refused
from store.log import clock
from store.log.backup import restore
from store.review.suggestions import Suggested
from store.sync.contract import Remote
from store.text.article_draft import Draft, Original
from tests.kit import oracle
from tests.kit.hostile import NASTY
from tests.kit.memory_remote import Memory
from tests.kit.rooms import face

PEOPLE = ("Ana", "Bob", "Cy")
YEAR = 365 * 86_400_000
SKEW = (-YEAR, 0, YEAR)
"""How far each desk's clock is off, in ms."""
TEXTS = (
    "It rained on Monday. Nobody saw it, said the mayor. 30 people were there in 1999.",
    *NASTY[15:20],
    "abc def " * 9,
)
WORDS = ("", "x", "Ana", "ß ﬃ", "2024-02-30", "https://a.example/?q=1", "C1", "D2", "S1", "’", *NASTY)
KEYS = ("supported", "refuted", "mixed", "not_checkable", "misleading", "", "nonsense")
SAID = {
    "decision": ("agree", "disagree", "change_span", "change_verdict", "change_claim_text", "reject_claim",
                 "needs_evidence", "comment", "missing_claim", "bad"),
    "outcome": ("accepted", "rejected", "", "first_correct", "second_correct", "both_correct", "both_wrong", "merged",
                "own", "not_a_claim", "bad"),
    "reason": ("unreadable", "missing_context", "other", "wrong_span", "", "bad"),
    "role": ("checker", "reviewer", "adjudicator", "bad"), "blind": ("open", "verdict", "all", "bad"),
    "stance": ("supports", "refutes", "context", "", "bad"), "mark": ("seen", "doubted", "", "bad"),
    "verdict": KEYS, "key": KEYS,
}  # fmt: skip
"""What some arguments may be, besides anything."""
FIELDS: dict[str, tuple[tuple[str, tuple[object, ...]], ...]] = {
    "articles": (("title", WORDS), ("url", WORDS), ("published", WORDS), ("language", ("en", "", "xx-bad")),
                 ("author", WORDS), ("markup", ("markdown", "", "bad"))),
    "claims": (("claimant", WORDS), ("claim_text", WORDS), ("priority", ("high", "low", "", "bad")), ("note", WORDS),
               ("tags", ((), ("a",), ("a", "a"), ("",), *((word,) for word in NASTY[:9]))),
               ("types", ((), ("event",), ("bad",))), ("attribution", ("paraphrase", "bad", "")), ("bad", WORDS)),
    "evidence": (("title", WORDS), ("publisher", WORDS), ("note", WORDS), ("quote", WORDS), ("url", WORDS),
                 ("stance", SAID["stance"]), ("tier", WORDS), ("archive_url", WORDS)),
    "conflicts": (("claimant", WORDS), ("title", WORDS), ("priority", ("high", "low")), ("verdict", KEYS)),
}  # fmt: skip
"""The details that methods of a room take, and values for them."""
LEFT_OUT = {"open", "close", "be", "beside", "together", "wait_for", "backup", "flush", "merges.merge", "merges.take",
            "remotes.at", "remotes.sync", "remotes.forget", "shares.write", "upkeep.rebuild", "pages.data",
            "coverage.in_slices", "backups.make", "backups.keep", "schemes.use",
            "library.is_finished", "library.shelf_since"}  # fmt: skip
"""What is done here in a way of its own, or takes what only the app has."""


class Storm:
    """One sequence. Each desk is one person's; what was acknowledged on any must be on all in the end."""

    def __init__(self, seed: int, more: Callable[[], Remote] | None = None) -> None:
        self.chance = Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="storm", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.ever: set[str] = set()
        self.told: list[str] = []
        """What was done, to be read when something is wrong."""
        self.ms = 1_800_000_000_000
        self.hub = Memory()
        self.more = more
        self.kept: dict[type, list[Any]] = {}
        """Records that were seen, by now stale perhaps, and of any desk."""
        self.desks: list[Desk] = []

    def path(self, where: int) -> Path:
        return self.folder / f"{where}.db"

    def run(self, steps: int) -> None:
        """Do so many steps, with a clock and ids that are the same each time, and look whether all holds."""
        with patch.object(os, "urandom", self.chance.randbytes), patch.object(clock, "now", self._now):
            self._run(steps)

    def _now(self) -> int:
        self.ms += 3
        return self.ms

    def _begin(self) -> None:
        with Desk.open(self.path(0), "Ana") as desk:
            desk.articles.add(TEXTS[0])
        for where in (1, 2):
            shutil.copy(self.path(0), self.path(where))
        self.desks = [Desk.open(self.path(where), who) for where, who in enumerate(PEOPLE)]

    def _run(self, steps: int) -> None:
        try:
            self._begin()
            for step in range(steps):
                self._step()
                if step % 8 == 7:
                    self._sound()
            self._become_one()
        except Exception:
            raise AssertionError("\n".join([*self.told[-12:], traceback.format_exc()])) from None
        finally:
            for desk in self.desks:
                desk.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _step(self) -> None:
        where = self.chance.randrange(3)
        ways: tuple[tuple[int, Callable[[int], None]], ...] = (
            (70, self._asks), (9, self._merges), (9, self._syncs), (4, self._crashes), (3, self._reopens),
            (2, self._restores), (3, self._is_somebody_else),
        )  # fmt: skip
        way = self.chance.choices([way for _, way in ways], [weight for weight, _ in ways])[0]
        with patch.object(clock, "now", lambda: self._now() + SKEW[where]):
            way(where)
        if way != self._crashes:
            self._remember(where)

    def _remember(self, where: int) -> None:
        self.ever |= {str(id) for (id,) in self.desks[where].session.log.rows("SELECT id FROM main.changes")}

    def _tries(self, what: str, act: Callable[[], object]) -> object:
        self.told.append(what)
        try:
            return act()
        except Refused as refusal:
            said = str(refusal)
            assert "\n" not in said and said[-1:] in ".?!”)`", f"{what}: {said!r}"
            return None

    # -- what is done -------------------------------------------------------------------------------------------

    def _asks(self, where: int) -> None:
        """A few calls of any method: of some one thing at first, so that much of it succeeds."""
        desk = self.desks[where]
        calls = {name: call for name, call in face(desk) if name not in LEFT_OUT}
        for _ in range(self.chance.randint(1, 6)):
            name = self.chance.choice(OFTEN) if self.chance.random() < 0.5 else self.chance.choice(sorted(calls))
            room = name.partition(".")[0]
            try:
                arguments = self._arguments(desk, room, calls[name])
            except Refused:
                continue
            shown = ", ".join(f"{key}={str(value)[:60]!r}" for key, value in arguments.items())
            act = partial(self._called, calls[name], arguments)
            self._keep(self._tries(f"{PEOPLE[where]}: {name}({shown})", act))

    def _called(self, call: Callable[..., Any], arguments: dict[str, Any]) -> object:
        found = call(**arguments)
        return list(found) if isinstance(found, Iterator) else found

    def _keep(self, made: object) -> None:
        for one in made if isinstance(made, list) else [made]:
            if isinstance(one, tuple) and hasattr(one, "_fields"):
                pool = self.kept.setdefault(type(one), [])
                pool.append(one)
                del pool[:-12]

    def _merges(self, where: int) -> None:
        other = self.path(self.chance.randrange(3))
        how = self.chance.choice(("live", "backup", "share"))
        if how != "live":
            at = other.with_name(f"{how}.db")
            at.unlink(missing_ok=True)
            desk = self.desks[int(other.stem)]
            self._tries(f"{how} of {other.stem}", lambda: desk.backup(at) if how == "backup" else desk.shares.write(at))
            other = at
        asked = iter([False] * self.chance.randint(1, 4) + [True] * 50)
        stops = self.chance.random() < 0.3
        self._tries(
            f"{where} merges {other.name}",
            lambda: self.desks[where].merges.merge([other], cancelled=lambda: stops and next(asked)),
        )

    def _syncs(self, where: int) -> None:
        kind = self.chance.choice(("memory", "memory", "meeting.db", "meeting", "hub" if self.more else "memory"))
        desk = self.desks[where]
        if kind == "memory":
            self.hub.cut = self.chance.choice((None, 0, 1, 2, 3, 5))
            if self.chance.random() < 0.1:
                self.hub.restored(self.chance.randrange(20))
            self._tries(f"{where} syncs, cut {self.hub.cut}", lambda: desk.remotes.sync(self.hub))
            self.hub.cut = None
            return
        if self.chance.random() < 0.05 and kind != "hub":
            shutil.rmtree(self.folder / "meeting", ignore_errors=True)
            for one in self.folder.glob("meeting.db*"):
                one.unlink()

        def sync() -> None:
            remote = self.more() if kind == "hub" and self.more else desk.remotes.at(self.folder / kind)
            try:
                desk.remotes.sync(remote)
            finally:
                remote.close()

        self._tries(f"{where} syncs with {kind}", sync)

    def _crashes(self, where: int) -> None:
        """A desk is killed in the midst of something: its files are from then on as they were at some statement."""
        desk, at = self.desks[where], self.folder / "crashed"
        shutil.rmtree(at, ignore_errors=True)
        at.mkdir()
        left = self.chance.randint(1, 60)

        def look(_: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                for end in ("", "-wal"):
                    with suppress(FileNotFoundError):
                        shutil.copy(f"{self.path(where)}{end}", at / f"desk.db{end}")

        desk.session.log.conn.set_trace_callback(look)
        try:
            self._asks(where) if self.chance.random() < 0.6 else self._merges(where)
        finally:
            desk.session.log.conn.set_trace_callback(None)
        desk.close()
        self.told.append(f"{where} is killed at a statement: {(at / 'desk.db').exists()}")
        if (at / "desk.db").exists():
            for end in ("", "-wal", "-shm"):
                Path(f"{self.path(where)}{end}").unlink(missing_ok=True)
            for end in ("", "-wal"):
                if (at / f"desk.db{end}").exists():
                    shutil.copy(at / f"desk.db{end}", f"{self.path(where)}{end}")
        self.desks[where] = Desk.open(self.path(where), PEOPLE[where])

    def _reopens(self, where: int) -> None:
        self.desks[where].close()
        self.desks[where] = Desk.open(self.path(where), PEOPLE[where])

    def _restores(self, where: int) -> None:
        """A backup is put back at once: what is acknowledged stays."""
        made = self.desks[where].backups.make()
        self.desks[where].close()
        if kept := restore(self.path(where), made):
            kept.unlink()
        made.unlink()
        self.desks[where] = Desk.open(self.path(where), PEOPLE[where])

    def _is_somebody_else(self, where: int) -> None:
        name = self.chance.choice((*PEOPLE, *WORDS))
        self._tries(f"{where} is {name!r}", lambda: self.desks[where].be(name))
        if self.chance.random() < 0.7:
            self.desks[where].be(PEOPLE[where])

    # -- arguments ----------------------------------------------------------------------------------------------

    def _arguments(self, desk: Desk, room: str, call: Callable[..., Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, parameter in inspect.signature(call).parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD:
                fields = FIELDS.get(room) or FIELDS["claims"]
                for field, values in self.chance.sample(fields, self.chance.randint(0, 2)):
                    value = self.chance.choice(values)
                    found.setdefault(field, list(value) if isinstance(value, tuple) else value)
            elif name in ("progress", "cancelled") or (name == "original" and parameter.default is None):
                continue
            elif parameter.default is parameter.empty or self.chance.random() < 0.5:
                found[name] = self._one(desk, room, name, str(parameter.annotation))
        return found

    def _one(self, desk: Desk, room: str, name: str, kind: str) -> Any:
        chance = self.chance
        if name in SAID and kind.startswith("str"):
            return chance.choice(SAID[name])
        if kind.startswith("bool"):
            return chance.random() < 0.5
        if kind.startswith("int"):
            return chance.choice((*range(-2, 90), 10**9, -(10**9))) if chance.random() < 0.2 else chance.randrange(30)
        if kind.startswith("Person"):
            return chance.choice(desk.people.all())
        if "Mapping" in kind and name == "record":
            return self._make_records(desk)[0]
        if name == "of" and "Review" not in kind:
            return self._fitting(self._make_article(desk), kind)
        maker = getattr(self, f"_make_{name}", None)
        if maker is not None and not (kind == "str" and name in ("text", "whose", "claim")):
            return self._fitting(maker(desk), kind)
        if name == "whose" or "person" in name or name in ("by", "name", "new"):
            return chance.choice((*PEOPLE, *PEOPLE, "", *WORDS[:12]))
        if name == "claim":
            return self._make_claim(desk).id
        if name == "text":
            return chance.choice((*TEXTS, *WORDS))
        if kind.startswith(("str", "int | None")):
            return chance.choice(WORDS) if kind.startswith("str") else None
        raise Refused("Nothing of that kind is made here.")

    def _fitting(self, made: Any, kind: str) -> Any:
        """A record, or its id where only that can be asked for."""
        if isinstance(made, list):
            return [self._fitting(one, kind) for one in made]
        if not hasattr(made, "id") or "str" not in kind:
            return made
        return made if type(made).__name__ in kind and self.chance.random() < 0.7 else made.id

    def _some(self, found: Any) -> Any:
        found = list(found)
        if not found:
            raise Refused("There is none.")
        return self.chance.choice(found)

    def _stale(self, kind: type, found: Any) -> Any:
        """One of some records, or one that was seen before, on any desk."""
        pool = self.kept.get(kind, [])
        return self.chance.choice(pool) if pool and self.chance.random() < 0.15 else self._some(found)

    def _make_article(self, desk: Desk) -> Any:
        return self._stale(type(desk.articles.all()[0]) if desk.articles.all() else type(None), desk.articles.all())

    _make_ref = _make_article

    def _make_of(self, desk: Desk) -> Any:
        return self.chance.choice((self._make_claim, self._make_review))(desk)

    def _make_articles(self, desk: Desk) -> Any:
        return [self._make_article(desk) for _ in range(self.chance.randint(0, 2))]

    def _make_claim(self, desk: Desk) -> Any:
        claims = [claim for article in desk.articles.all()[:4] for claim in desk.claims.of(article)]
        return self._stale(type(claims[0]) if claims else type(None), claims)

    _make_like = _make_claim

    def _make_claims(self, desk: Desk) -> Any:
        return [self._make_claim(desk) for _ in range(self.chance.randint(1, 3))]

    def _make_record(self, desk: Desk) -> Any:
        makers = (self._make_claim, self._make_article, self._make_evidence, self._make_comment, self._make_review,
                  self._make_sweep)  # fmt: skip
        return self.chance.choice(makers)(desk)

    def _make_evidence(self, desk: Desk) -> Any:
        return self._some(desk.evidence.of(self._make_claim(desk)))

    def _make_comment(self, desk: Desk) -> Any:
        return self._some(desk.threads.of(self._make_claim(desk)))

    def _make_review(self, desk: Desk) -> Any:
        return self._some(desk.reviews.of(self._make_article(desk)))

    _make_held = _make_review

    def _make_seen(self, desk: Desk) -> Any:
        return self.chance.choice((None, self._make_review(desk)))

    def _make_sweep(self, desk: Desk) -> Any:
        return self._some(desk.sweeps.of(self._make_article(desk)))

    def _make_sweeps(self, desk: Desk) -> Any:
        return [self._make_sweep(desk)]

    def _make_source(self, desk: Desk) -> Any:
        return self._some(desk.sources.all()).source

    _make_kept = _make_other = _make_source

    def _make_suggestion(self, desk: Desk) -> Any:
        return self._some(desk.suggestions.of(self._make_article(desk)))

    def _make_suggested(self, desk: Desk) -> Any:
        start = self.chance.randrange(20)
        return [
            Suggested(
                start, start + self.chance.randint(-1, 9), self.chance.choice(("Model 3", "Ana", "", "Bob")),
                self.chance.choice(KEYS), self.chance.choice(WORDS), origin=self.chance.choice(("", "t:1", "t:2")),
            )
        ]  # fmt: skip

    def _make_comparison(self, desk: Desk) -> Any:
        return desk.comparison.compare(self._make_article(desk))

    def _make_group(self, desk: Desk) -> Any:
        return self._some(self._make_comparison(desk).groups)

    def _make_groups(self, desk: Desk) -> Any:
        return [self._make_group(desk)]

    def _make_conflict(self, desk: Desk) -> Any:
        return self._some(desk.conflicts.of())

    def _make_contender(self, desk: Desk) -> Any:
        return self._some(self._make_conflict(desk).contenders)

    def _make_plan(self, desk: Desk) -> Any:
        return desk.corrections.plan(self._make_article(desk), self.chance.choice(TEXTS))

    def _make_before(self, desk: Desk) -> Any:
        return self._some(desk.corrections.versions(self._make_article(desk)))

    _make_later = _make_before

    def _make_instead(self, desk: Desk) -> Any:
        return [self._make_before(desk).id]

    def _make_transfers(self, desk: Desk) -> Any:
        return [self._some(desk.transfers.of(self._make_article(desk)))]

    def _make_people(self, desk: Desk) -> Any:
        return self.chance.sample((*PEOPLE, *PEOPLE, "", "Zoe"), self.chance.randint(1, 3))

    def _make_texts(self, desk: Desk) -> Any:
        return self.chance.sample(WORDS, 2)

    def _make_spans(self, desk: Desk) -> Any:
        return [self._make_span(desk) for _ in range(2)]

    def _make_span(self, desk: Desk) -> Any:
        start = self.chance.randrange(25)
        return (start, start + self.chance.randint(-2, 12))

    def _make_drafts(self, desk: Desk) -> Any:
        return [Draft(self.chance.choice(TEXTS), self.chance.choice(WORDS)) for _ in range(2)]

    def _make_records(self, desk: Desk) -> Any:
        return [{self.chance.choice(("kind", "id", "article", "by")): self.chance.choice(WORDS) for _ in range(3)}]

    def _make_original(self, desk: Desk) -> Any:
        return Original(b"<p>It rained.</p>", "text/html", name="a.html")

    def _make_originals(self, desk: Desk) -> Any:
        return []

    # -- what must hold -----------------------------------------------------------------------------------------

    def _sound(self) -> None:
        for desk in self.desks:
            problems = desk.upkeep.verify()
            assert not problems, problems
            conn = desk.session.log.conn
            log = oracle.read_log(conn)
            assert oracle.table_rows(conn) == oracle.rows(log)
            assert oracle.listed_conflicts(conn) == oracle.conflicts(log)

    def _become_one(self) -> None:
        self.told.append("all become one")
        for here, there in ((0, 1), (1, 2), (2, 0), (0, 2), (1, 0), (2, 1)):
            self.desks[here].be(PEOPLE[here])
            self.desks[here].merges.merge([self.path(there)])
        self._sound()
        conns = [desk.session.log.conn for desk in self.desks]
        logs = [sorted(oracle.read_log(conn), key=lambda change: str(change["id"])) for conn in conns]
        assert logs[0] == logs[1] == logs[2], "the histories differ"
        assert {change["id"] for change in logs[0]} >= self.ever, "what was acknowledged is missing"
        states = [(oracle.table_rows(conn), oracle.listed_conflicts(conn)) for conn in conns]
        assert states[0] == states[1] == states[2], "the tables differ"
        for desk in (*self.desks, *self.desks):
            desk.remotes.sync(self.hub)
        assert sorted(change[0] for change in self.hub.log) == [change["id"] for change in logs[0]]


OFTEN = (
    "claims.tag", "claims.tag", "claims.edit", "verdicts.give", "evidence.add", "reviews.decide", "threads.comment",
    "sweeps.add", "history.undo", "history.redo", "assignments.assign", "submissions.submit", "answers.answer",
    "settlements.adjudicate", "articles.add", "corrections.correct", "suggestions.add_many", "suggestions.accept",
    "conflicts.settle", "claims.split", "claims.merge", "delete", "articles.edit", "ticks.tick", "reviews.missing",
)  # fmt: skip
"""What changes most."""


def main(seconds: float, seed: int = 0) -> None:
    until, first, failed = time.monotonic() + seconds, seed, 0
    while time.monotonic() < until:
        try:
            Storm(seed).run(40)
        except AssertionError as error:
            failed += 1
            print(f"== seed {seed}\n{error}", flush=True)
        seed += 1
    print(f"{seed - first} sequences of 40 steps, {failed} went wrong.")


if __name__ == "__main__":
    main(float(sys.argv[1]), *map(int, sys.argv[2:]))
