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
from store.history.replay import ArticleThen, Replay
from store.settle.comparison_groups import Group
from tests.kit.exchange import unpacked
from tests.kit.rooms import face

MARK = "xqz"
"""What stands in every word of whoever is hidden."""


READERS = [name for name in FORMATS if FORMATS[name].module is None] + ["jsonl"]
"""The formats that read a desk themselves, and the fullest of those that are handed the same texts."""


WRITES = {
    "merges.merge", "merges.take", "sources.merge", "remotes.forget", "remotes.at", "remotes.sync", "shares.write",
    "answers.answer", "articles.add", "articles.add_many", "articles.edit", "assignments.assign", "backup", "be",
    "backups.all", "backups.due", "backups.keep", "backups.make",
    "beside", "claims.edit", "claims.merge", "claims.move", "claims.split", "claims.tag",
    "close", "conflicts.settle", "conflicts.settle_as", "corpus.submit_all",
    "corrections.carry_over", "corrections.choose", "corrections.correct", "delete",
    "evidence.add", "evidence.cite_apart", "evidence.edit", "evidence.edit_source", "evidence.fill_in",
    "evidence.revise", "flush", "here.enter", "here.leave", "history.redo",
    "history.undo", "imports.bring",
    "imports.may_bring", "imports.must_meet", "open", "pages.add", "pages.keep", "people.rename",
    "proposals.reword", "proposals.span", "proposals.text", "proposals.verdict",
    "reviews.clear_verdict", "reviews.decide", "reviews.missing", "reviews.remark", "reviews.take_back",
    "schemes.use", "settlements.adjudicate", "settlements.take_agreed", "settlements.take_all",
    "settlements.unsettle", "submissions.reopen", "submissions.submit", "suggestions.accept", "suggestions.add_many",
    "suggestions.amend", "suggestions.reject", "sweeps.add", "sweeps.add_all", "sweeps.take_back",
    "evidence.repeat", "threads.comment", "threads.edit", "threads.resolve", "ticks.tick", "together", "transfers.keep",
    "transfers.passed_over",
    "upkeep.rebuild", "upkeep.verify", "verdicts.give", "verdicts.justify", "verdicts.repeat", "wait_for",
}  # fmt: skip
"""The methods of a desk that change something, say who works, or tell of other files.

Every other public one is read here as the blinded.
"""


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
        "articles.at": [(article.url,), ("https://nowhere.example",)],
        "articles.get": [("1",), (article.id,)],
        "articles.as_read": [("1",), (article,)],
        "answers.said_by": [(id, person) for id in wanted for person in desk.people.all()],
        "articles.find": [(f"{MARK}0",), ("", article.url)],
        "assignments.get": [(article, person) for person in desk.people.all()],
        "assignments.mine": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "assignments.of": [(), (article,), *((None, person) for person in desk.people.all())],
        "written_elsewhere": [],  # a number that only says whether somebody has written
        "backup": [],  # the whole file: what is hidden in it is not a matter of who asks
        "history.changed_since": [(0,)],
        "claims.checked": [(desk.claims.of(article),)],
        "claims.get": [(id,) for id in wanted] + [(f"C{n}", article) for n in range(1, 9)],
        "history.claims_of": [(sorted(desk.history.changed_since(0)),), ([("claims", id) for id in claims],)],
        "comparison.compare": [(article,)],
        "conflicts.of": [(), (article,)],
        **{f"conflicts.{one}": [(each,) for each in desk.conflicts.of()] for one in ("editable", "mine", "theirs")},
        "conflicts.author": [(id, "claim_text") for id in wanted],
        "corrections.plan": [(article, "Another text. " + desk.articles.text(article).replace("2", "3"))],
        "corrections.between": [],  # asked of `difference`
        "corrections.version": [(article, 1)],
        "corrections.difference": [(article, 1, 1)],
        "coverage.each": [([article],)],
        "coverage.left": [(article, 0, 200)],
        "comparison.group_of": [],  # asked of `compare`
        "history.of": [(), (article,), *((None, id) for id in wanted)],
        "answers.doubts": [(), (article,)],
        "answers.inbox": [(), (article,)],
        "coverage.interpretations": [([article.id],)],
        "library.is_finished": [(row,) for row in desk.library.shelf()],
        "claims.lacking": [(article,), (article, claims)],
        "claims.name_of": [(id,) for id in wanted],
        "claims.chosen": [(article, *place) for place in ((0, 31), (0, 30), (100, 180))],
        "history.mark": [],  # a number that only says where in the log one stands
        "settlements.may_settle": [(Group("only", (), (id,), 0, 0, None),) for id in wanted],
        "settlements.may_take": [],  # asked of `compare`
        "people.new": [(["Nobody"],)],
        "pages.data": [],  # what an article was read from: it is as open as the article
        "people.has": [(person,) for person in desk.people.all()],
        "people.near": [(person + "e",) for person in desk.people.all()],
        "people.get": [(person,) for person in desk.people.all()],
        "remotes.get": [("nowhere",)],
        "remotes.waiting": [],  # a number that only says how far one has synced
        "reviews.queue": [(article,), *((article, person) for person in desk.people.all())],
        "reviews.of": [(article,), *((id,) for id in wanted)],
        "library.search": [(MARK,), (MARK + "0",), ("soldiers",), ("captured",), ("ministry",)],
        "comparison.sets": [(), ((article,),)],
        "comparison.settled_claims": [([id],) for id in wanted],
        "comparison.settlement": [(Group("only", (), (id,), 0, 0, None),) for id in wanted],
        "comparison.conflicts": [(Group("only", (), (id,), 0, 0, None),) for id in wanted],
        "library.shelf": [(), ([article.id],)],
        "library.shelf_since": [(0, desk.library.shelf()), (desk.history.mark(), desk.library.shelf())],
        "evidence.known": [("locator",), ("publisher",), ("origin",), ("title",), ("quote",)],
        "evidence.wanted_stance": [(desk.claims.get(id),) for id in seen],
        "evidence.sources": [(), (MARK,), ("example",)],
        "evidence.sources_at": [(source.url,) for source in desk.evidence.sources()],
        "evidence.get": [(piece.id,) for id in seen for piece in desk.evidence.of(id)],
        "sources.all": [(), (MARK,), ("example",)],
        "sources.get": [(str(use.number),) for use in desk.sources.all()],
        "sources.cited": [(source,) for source in desk.evidence.sources()],
        "sources.uses": [(source,) for source in desk.evidence.sources()],
        "library.stats": [(), ((article,),)],
        "articles.text_of_version": [(article.version,)],
        "articles.shown": [],  # what people see of a text: it is as open as the text
        "articles.quote_shown": [("", article.version, 0, 3, "The"), ("markdown", article.version, 0, 3, "The")],
        "articles.markup_of_claim": [(id,) for id in wanted],
        "submissions.may_submit": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "submissions.is_submitted": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "settlements.unsettled": [],  # asked of `compare`
        "settlements.yours": [([Group("only", (), (id,), 0, 0, None)],) for id in wanted],
        "suggestions.choices": [(f"S{n}", article) for n in range(1, 4)],
        "suggestions.get": [(f"S{n}", article) for n in range(1, 4)],
        "suggestions.made_into": [(desk.claims.get(id),) for id in seen],
        "submissions.unfinished": [(article, role) for role in ("checker", "reviewer", "adjudicator")],
        "proposals.under_review": [(desk.claims.get(id),) for id in seen],
        "proposals.require": [(desk.claims.get(id),) for id in seen],
        "assignments.verdict_hidden": [(desk.claims.get(id),) for id in seen],
    }
    for name, method in face(desk):
        if name in WRITES:
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
    for format in (FORMATS[name] for name in READERS):
        shutil.rmtree(folder, ignore_errors=True)
        out = io.BytesIO()
        try:
            format.write(desk, folder if format.folder else out)
        except Refused as refusal:  # as where claims share words that can have one label there
            yield format.name, str(refusal)
            continue
        for file in sorted(folder.rglob("*.*")):
            yield f"{format.name} {file.name}", unpacked(file.read_bytes())
        yield format.name, unpacked(out.getvalue())


def told(desk: Desk, folder: Path, claims: list[str] | None = None) -> dict[str, list[str]]:
    """All that can be read, without ids, times and hashes, in no order."""
    found: dict[str, list[str]] = {}
    for name, result in readings(desk, folder, claims or []):
        if isinstance(result, Replay):
            result = [seen for step in result.steps for seen in (result.told(step), _stood(result.at(step.number)))]
        many = result if isinstance(result, (list, set, frozenset)) else str(result).splitlines() or [""]
        for one in many:
            said = TIME.sub("T", UUID.sub("ID", repr(one)))
            said = re.sub(r'"(hash|bytes|sha256)": ?"?[^,]*', "", said)
            found.setdefault(name, []).append(re.sub(r"ID( ID)+", "ID", said))
    return {name: sorted(lines) for name, lines in found.items()}


def _stood(then: ArticleThen) -> tuple[object, ...]:
    claims = sorted((claim.start, claim.end, claim.verdict) for claim in then.claims.values())
    return then.text.seen.source, then.text.sentences, claims, sorted(then.sweeps.values()), then.coverage


def no_marks(found: Mapping[str, list[str]], seen: tuple[str, ...] = ()) -> None:
    for name, lines in found.items():
        for line in lines:
            for mark in re.findall(f"{MARK}\\d+", line, re.IGNORECASE):
                # What one looked for comes back in a refusal.
                assert mark in seen or name.startswith("search"), f"{name} tells {line[:300]}"


def same(found: Mapping[str, list[str]], wanted: Mapping[str, list[str]]) -> None:
    assert found.keys() == wanted.keys()
    for name, lines in wanted.items():
        if found[name] != lines:
            extra = [line for line in found[name] if line not in lines]
            lost = [line for line in lines if line not in found[name]]
            raise AssertionError(f"{name} differs: {extra[:2]} for {lost[:2]}")
