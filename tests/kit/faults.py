"""Works on a desk, at some step of which something goes wrong: a kill, a full disk, a lost file, a wrong clock.

A step is a statement that SQLite runs, or a file that the program opens, renames, links or removes. Steps are counted,
so the same number is the same moment on any machine. Each round is a process forked from one that has loaded all.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from store.desk import Desk
from store.errors import Damaged, Refused
from store.formats.csv import claim_columns as csv_claims
from store.formats.csv import claim_import as csv_reader
from store.log import clock
from store.log.backup import contents, restore
from store.log.copies import backups_folder
from store.log.migrations import STEPS
from tests.kit import depth
from tests.kit.desks import put_a_desk
from tests.kit.paths import ROOT
from tests.kit.released import unpack
from tests.kit.somebody_else import NOBODY

TEXT = "word " * 60
YEAR = 365 * 24 * 60 * 60 * 1000
Tell = Callable[[str], None]


class Work(NamedTuple):
    """Something people do: what it begins from, and doing it; it tells each thing that it was told is saved."""

    prepare: Callable[[Path], None]
    do: Callable[[Path, Tell], None]
    there: Callable[[Path], Iterable[str]]
    """What is there afterwards, in the words in which it was told."""


def _desk(folder: Path, *texts: str, claims: int = 0) -> None:
    put_a_desk(folder / "desk.db")
    with Desk.open(folder / "desk.db", "Ana") as desk:
        for text in (TEXT, *texts):
            article = desk.articles.add(text)
        for number in range(claims):
            desk.verdicts.give(desk.claims.tag(article, number, number + 3), "mixed", "because")


def _two(folder: Path) -> None:
    """A desk, and another that was a copy of it until both went on."""
    _desk(folder)
    shutil.copy(folder / "desk.db", folder / "other.db")
    for name, who in (("desk.db", "Ana"), ("other.db", "Bo")):
        with Desk.open(folder / name, who) as desk:
            desk.articles.edit("1", title=f"{who}'s")
            for number in range(8):
                desk.verdicts.give(desk.claims.tag("1", number, number + 5), "mixed", who)


def _edits(folder: Path, tell: Tell) -> None:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        begun = len(desk.claims.of("1"))
        for number in range(begun, begun + 3):
            with desk.together():
                claim = desk.claims.tag("1", number, number + 7)
                desk.verdicts.give(claim, "mixed", "because")
            tell(claim.id)
            tell(desk.threads.comment(claim, "Hm.").id)
            desk.claims.edit(claim, claimant=f"somebody {number}")
            tell(f"{claim.id} somebody {number}")
        desk.sweeps.add("1", 100 + begun, 160)
        desk.history.undo()
        desk.history.redo()


def _edited(folder: Path) -> Iterable[str]:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        for claim in desk.claims.of("1"):
            if claim.verdict:  # else half a step would count
                yield claim.id
            yield f"{claim.id} {claim.claimant}"
            yield from (comment.id for comment in desk.threads.of(claim))


def _import(folder: Path, tell: Tell) -> None:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        for number in range(4):
            tell(desk.articles.add(f"Text {number}. {TEXT}").id)


def _articles(folder: Path) -> Iterable[str]:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        yield from (article.id for article in desk.articles.all())


def _prepare_csv(folder: Path) -> None:
    _desk(folder, claims=8)
    with Desk.open(folder / "desk.db", "Ana") as desk:
        csv_claims.write(desk, folder / "claims.csv")
    for one in folder.glob("desk.db*"):
        one.unlink()
    _desk(folder)


def _import_csv(folder: Path, tell: Tell) -> None:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        csv_reader.read(desk, folder / "claims.csv")
    tell("8 claims")


def _counted(folder: Path) -> Iterable[str]:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        yield f"{_claims_on(desk)} claims"


def _claims_on(desk: Desk) -> int:
    return sum(len(desk.claims.of(article)) for article in desk.articles.all())


def _merge(folder: Path, tell: Tell) -> None:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        desk.merges.merge([folder / "other.db"])
    tell("16 claims")


def _sync(place: str) -> Callable[[Path, Tell], None]:
    def do(folder: Path, tell: Tell) -> None:
        with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
            remote = desk.remotes.at(folder / place)
            try:
                desk.remotes.sync(remote)
            finally:
                remote.close()
            tell("synced")

    return do


def _synced(place: str) -> Callable[[Path], Iterable[str]]:
    def there(folder: Path) -> Iterable[str]:
        with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
            remote = desk.remotes.at(folder / place)
            waiting = desk.remotes.waiting(remote.address)
            remote.close()
            if not waiting:
                yield "synced"

    return there


def _migrate(folder: Path, tell: Tell) -> None:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        assert not desk.read_only
        tell(f"{_claims_on(desk)} claims")


def _back_up(folder: Path, tell: Tell) -> None:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        tell(desk.backups.make().name)
        tell(desk.backup(folder / "copy.db").name)


def _backed_up(folder: Path) -> Iterable[str]:
    for one in (*backups_folder(folder / "desk.db").glob("*.db"), folder / "copy.db"):
        if one.exists():
            assert contents(one).claims == 8, "a backup is not whole"
            yield one.name


def _prepare_restore(folder: Path) -> None:
    _desk(folder, claims=3)
    with Desk.open(folder / "desk.db", "Ana") as desk:
        desk.backup(folder / "kept.db")
        desk.articles.add("More.")


def _restore(folder: Path, tell: Tell) -> None:
    restore(folder / "desk.db", folder / "kept.db")
    tell("1 article")


def _restored(folder: Path) -> Iterable[str]:
    with Desk.open(folder / "desk.db", "Ana", create=False) as desk:
        assert len(desk.articles.all()) in (1, 2)
        yield f"{len(desk.articles.all())} article"


WORKS = {
    "edits": Work(_desk, _edits, _edited),
    "import": Work(_desk, _import, _articles),
    "import csv": Work(_prepare_csv, _import_csv, _counted),
    "merge": Work(_two, _merge, _counted),
    "sync with a file": Work(_two, _sync("other.db"), _synced("other.db")),
    "sync with a folder": Work(_two, _sync("shared"), _synced("shared")),
    "migration": Work(lambda folder: unpack(STEPS[0], folder / "desk.db") and None, _migrate, _counted),
    "backup": Work(lambda folder: _desk(folder, claims=8), _back_up, _backed_up),
    "restore": Work(_prepare_restore, _restore, _restored),
}


# -- what goes wrong ----------------------------------------------------------------------------------------------


def _killed(folder: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _full(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def _forbidden(folder: Path) -> None:
    for one in (*folder.rglob("*"), folder):
        with suppress(OSError):
            one.chmod(0o555 if one.is_dir() else 0o444)


def _taken_away(folder: Path) -> None:
    with suppress(FileNotFoundError):
        (folder / "desk.db").rename(folder / "aside.db")


def _clock(by: int) -> Callable[[Path], None]:
    def wrong(folder: Path) -> None:
        now = clock.now
        clock.now = lambda: now() + by

    return wrong


FAULTS: dict[str, Callable[[Path], None]] = {
    "killed": _killed,
    "disk full": _full,
    "permissions lost": _forbidden,
    "file taken away": _taken_away,
    "clock back a year": _clock(-YEAR),
    "clock forward a year": _clock(YEAR),
}


def _mended(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for one in (folder, *folder.rglob("*")):
        with suppress(OSError):
            one.chmod(0o700 if one.is_dir() else 0o600)
    here, aside = folder / "desk.db", folder / "aside.db"
    if aside.exists() and not (here.exists() and here.stat().st_size):
        aside.rename(here)


# -- one round ----------------------------------------------------------------------------------------------------


def _counting(at: int, fault: Callable[[], None]) -> Callable[[], int]:
    """Count the steps from now on, and let the fault happen before the one with the number ``at``."""
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            fault()

    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        step()
        conn: sqlite3.Connection = connect(*arguments, **options)
        conn.set_trace_callback(step)
        return conn

    sqlite3.connect = traced  # type: ignore[assignment]
    for name in ("link", "rename", "replace", "unlink", "open", "fsync", "mkdir"):
        setattr(os, name, _after(step, getattr(os, name)))
    return lambda: steps


def _after(step: Callable[..., None], call: Callable[..., Any]) -> Callable[..., Any]:
    def stepped(*arguments: Any, **options: Any) -> Any:
        step()
        return call(*arguments, **options)

    return stepped


def _child(work: Work, folder: Path, fault: Callable[[Path], None], at: int, to: int) -> None:
    """Do the work with a fault at a step; what is saved, and how it ended, goes down a pipe line by line."""

    def tell(kind: str, said: object) -> None:
        os.write(to, json.dumps([kind, said]).encode() + b"\n")

    if os.geteuid() == 0:  # whom no permissions bind
        for one in (folder, *folder.rglob("*")):
            os.chown(one, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    steps = _counting(at, lambda: fault(folder))
    try:
        work.do(folder, lambda said: tell("saved", said))
    except Refused as refusal:
        tell("refused", str(refusal))
    except BaseException:
        tell("error", traceback.format_exc())
    tell("steps", steps())


def _round(work: Work, master: Path, folder: Path, fault: Callable[[Path], None], at: int) -> dict[str, Any]:
    """What came of one round: what was saved and is not there, what is unsound, and what was said."""
    shutil.copytree(master, folder)
    folder.chmod(0o700)
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            _child(work, folder, fault, at, theirs)
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        told = [json.loads(line) for line in pipe]
    os.waitpid(child, 0)
    _mended(folder)
    found: dict[str, Any] = {"at": at, "problems": []}
    for kind, said in told:
        found.setdefault(kind, []).append(said)
    try:
        _look(work, folder, found)
    except (Refused, AssertionError):
        found["problems"].append(traceback.format_exc())
    shutil.rmtree(folder)
    return found


def _look(work: Work, folder: Path, found: dict[str, Any]) -> None:
    try:
        there = set(work.there(folder))
    except Damaged as refusal:  # between two steps of a restore: it is said, and mended by the same command
        if work is not WORKS["restore"] or "factdesk restore" not in str(refusal):
            raise
        there = set(found.get("saved", ()))
    found["problems"] += [f"{one} was saved and is not there" for one in found.get("saved", ()) if one not in there]
    for one in folder.glob("copy.db"):
        one.unlink()
    work.do(folder, lambda said: None)
    for name in ("desk.db", "other.db"):
        if (folder / name).exists():
            with Desk.open(folder / name, "Ana") as desk:
                found["problems"] += [f"{name}: {problem}" for problem in desk.upkeep.verify()]


def rounds(name: str, folder: Path) -> list[dict[str, Any]]:
    """Rounds of a work: of each fault a few, at steps that are the same each time; with ``--deep`` forty."""
    command = [sys.executable, "-m", "tests.kit.faults", name, str(folder), str(40 if depth.deep else 2)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=2_000, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(name: str, folder: str, many: str) -> None:
    work, at = WORKS[name], Path(folder)
    at.chmod(0o711)
    (at / "master").mkdir()
    work.prepare(at / "master")
    shutil.copytree(at / "master", at / "first")
    work.do(at / "first", lambda said: None)  # all is imported by now, also for whom the fork becomes
    whole = _round(work, at / "master", at / "whole", lambda _: None, 0)
    assert not whole["problems"] and "refused" not in whole and "error" not in whole, whole
    steps = range(1, whole["steps"][0] + 1)
    for fault, happen in FAULTS.items():
        count = 1 if "clock" in fault and int(many) < 3 else int(many)
        for step in sorted(Random(f"{name} {fault}").sample(steps, min(count, len(steps)))):
            found = _round(work, at / "master", at / f"round{step}", happen, step)
            print(json.dumps({"fault": fault, **found}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
