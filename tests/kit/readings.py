"""Every way there is to read a desk, so that what is hidden can be looked for in all of them."""

from __future__ import annotations

import inspect
import io
import itertools
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from store.desk import Desk
from store.errors import Refused
from store.formats import FORMATS
from store.settle.groups import Group

MARK = "xqz"
"""What stands in every word of whoever is hidden."""


WRITES = {
    "add_article", "add_articles", "add_evidence", "adjudicate", "answer", "assign", "backup", "be", "beside",
    "bring", "clear_verdict", "close", "comment", "delete", "edit", "edit_article", "edit_comment", "edit_evidence",
    "edit_source", "give_verdict", "justify", "may_bring", "missing", "move", "one_step", "open", "redo", "remark",
    "reopen", "resolve", "review", "settle", "submit", "submit_all", "sweep", "tag", "take_agreed", "take_all",
    "take_back", "tick", "together", "undo", "unsettle", "unveiled", "use_scheme", "wait_for",
}  # fmt: skip
"""The methods of a desk that change something, or say who works. Every other public one is read here as the blinded."""


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


TIME = re.compile(
    r"\d{13}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00|\d{4}-\d\d-\d\dT[\d:.]+Z|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"
)


NUMBERS = {"seq"}
"""Columns that number what came when, and so may skip."""


word = (f"{MARK}{n}" for n in itertools.count())


def readings(desk: Desk, folder: Path, claims: list[str]) -> Iterator[tuple[str, object]]:
    """Every way there is to read a desk: each method with all it may be asked, each table and view, each export."""
    article = desk.articles.get(1)
    seen = [claim.id for claim in desk.claims.of(article)]
    wanted = [*seen, *claims]
    given: Mapping[str, list[tuple[Any, ...]]] = {
        "article": [("1",), (article.id,)],
        "assignment": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "assignments": [(), (article,), *((None, person.name) for person in desk.people.all())],
        "backup": [],  # the whole file: what is hidden in it is not a matter of who asks
        "changed_since": [(0,)],
        "checked": [(desk.claims.of(article),)],
        "claim": [(id,) for id in wanted] + [(f"C{n}", article) for n in range(1, 9)],
        "claims_of": [(sorted(desk.history.changed_since(0)),), ([("claims", id) for id in claims],)],
        "compare": [(article,)],
        "conflicts": [(), (article,)],
        "coverages": [([article],)],
        "group_of": [],  # asked of `compare`
        "history": [(), (article,), *((None, id) for id in wanted)],
        "doubts": [(), (article,)],
        "inbox": [(), (article,)],
        "interpretations": [([article.id],)],
        "is_finished": [(row,) for row in desk.library.shelf()],
        "lacking": [(article,), (article, claims)],
        "name_of": [(id,) for id in wanted],
        "mark": [],  # a number that only says where in the log one stands
        "may_settle": [(Group("only", (), (id,), 0, 0, None),) for id in wanted],
        "may_take": [],  # asked of `compare`
        "near": [(person.name + "e",) for person in desk.people.all()],
        "person": [(person.name,) for person in desk.people.all()],
        "queue": [(article,), *((article, person.name) for person in desk.people.all())],
        "reviews": [(article,), *((id,) for id in wanted)],
        "search": [(MARK,), (MARK + "0",), ("soldiers",), ("captured",), ("ministry",)],
        "sets": [(), ((article,),)],
        "settlement": [(Group("only", (), (id,), 0, 0, None),) for id in wanted],
        "shelf": [(), ([article.id],)],
        "shelf_since": [(0, desk.library.shelf()), (desk.history.mark(), desk.library.shelf())],
        "sources": [(), (MARK,), ("example",)],
        "sources_at": [(source.url,) for source in desk.evidence.sources()],
        "stats": [(), ((article,),)],
        "text_of_version": [(article.version,)],
        "may_submit": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "unsettled": [],  # asked of `compare`
        "yours": [([Group("only", (), (id,), 0, 0, None)],) for id in wanted],
        "unfinished": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "verdict_hidden": [(desk.claims.get(id),) for id in seen],
    }
    for name, method in inspect.getmembers(desk, callable):
        if name.startswith("_") or name in WRITES or isinstance(method, type):
            continue
        asks = given.get(name)
        if asks is None:
            wants = [p.name for p in inspect.signature(method).parameters.values() if p.default is p.empty]
            fitting: dict[str, list[Any]] = {"article": [article], "of": [article], "claim": wanted}
            unknown = [want for want in wants if want not in fitting]
            assert not unknown, f"{name} needs {unknown}: say here what it is asked, so that it is known not to tell"
            asks = list(itertools.product(*(fitting[want] for want in wants)))
        for ask in asks:
            try:
                found = method(*ask)
                yield f"{name}{len(ask)}", list(found) if isinstance(found, Iterator) else found
            except Refused as refusal:
                yield f"{name}{len(ask)}", str(refusal)
    if desk.reviewer:
        for act in (desk.history.undo, desk.history.redo):
            try:
                with desk.together():
                    done = act()
                    raise Refused(done.sentence)
            except Refused as refusal:
                yield act.__name__, str(refusal)
    conn = desk.db.conn
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall():
        if not name.startswith(("sqlite_", "texts_fts_")):
            cursor = conn.execute(f'SELECT * FROM "{name}"')
            kept = [n for n, column in enumerate(cursor.description) if column[0] not in NUMBERS]
            yield f"the table {name}", [tuple(row[n] for n in kept) for row in cursor]
    for format in FORMATS.values():
        if format.folder:
            shutil.rmtree(folder, ignore_errors=True)
            format.write(desk, folder)
            for file in sorted(folder.rglob("*.*")):
                yield f"{format.name} {file.name}", file.read_text()
        else:
            out = io.BytesIO()
            format.write(desk, out)
            yield format.name, out.getvalue().decode()


def told(desk: Desk, folder: Path, claims: list[str] | None = None) -> dict[str, list[str]]:
    """All that can be read, without ids, times and hashes, in no order."""
    found: dict[str, list[str]] = {}
    for name, result in readings(desk, folder, claims or []):
        many = result if isinstance(result, (list, set, frozenset)) else str(result).splitlines() or [""]
        for one in many:
            said = TIME.sub("T", UUID.sub("ID", repr(one)))
            said = re.sub(r'"(hash|bytes|sha256)": ?"?[^,]*', "", said)
            found.setdefault(name, []).append(re.sub(r"ID( ID)+", "ID", said))
    return {name: sorted(lines) for name, lines in found.items()}


def no_marks(found: Mapping[str, list[str]], seen: tuple[str, ...] = ()) -> None:
    for name, lines in found.items():
        for line in lines:
            for mark in re.findall(f"{MARK}\\d+", line, re.IGNORECASE):
                # What one looked for comes back in a refusal.
                assert mark in seen or name.startswith("search"), f"{name} tells {line[:300]}"


def same(found: Mapping[str, list[str]], wanted: Mapping[str, list[str]]) -> None:
    assert found.keys() == wanted.keys()
    for name, lines in wanted.items():
        extra = [line for line in found[name] if line not in lines]
        lost = [line for line in lines if line not in found[name]]
        assert found[name] == lines, f"{name} differs: {extra[:2]} for {lost[:2]}"
