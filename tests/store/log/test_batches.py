"""Much at once: a desk is the same however many changes were written together, and each thing is asked once."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.access.names import reviewer_id
from store.desk import Desk
from store.log import clock
from store.log import log as logs
from store.log.log import Edit
from store.records import Article
from store.text.article_draft import Draft
from tests.kit.depth import examples
from tests.kit.desks import brought
from tests.kit.refusals import refused

SIZES = (1, 7, 300, 10_000)


@contextmanager
def same_ids() -> Iterator[None]:
    """Inside, the ids and times that are made are the same each time."""
    count = itertools.count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: 4_000_000_000_000)
        patch.setattr(os, "urandom", lambda size: next(count).to_bytes(size, "big"))
        yield


def dump(desk: Desk) -> list[str]:
    """Everything in the file, but how full text keeps its words, and when the file was made."""
    return [
        line for line in desk.session.log.conn.iterdump() if "_fts_" not in line and "_sqlite_migrations" not in line
    ]


def statements(desk: Desk, act: Callable[[], object]) -> Counter[str]:
    """How often each statement is run while something is done."""
    ran: Counter[str] = Counter()
    desk.session.log.conn.set_trace_callback(lambda sql: ran.update([re.split("VALUES|json_each|'", sql)[0]]))
    act()
    desk.session.log.conn.set_trace_callback(None)
    return ran


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with 12 claims, one of which is contested and one deleted."""
    path = tmp_path_factory.mktemp("base") / "desk.db"
    with Desk.open(path, "Ana") as desk, Desk.open(path, "Bob") as bob:
        article = desk.articles.add(" ".join(f"Word{n} is said here." for n in range(12)))
        claims = [desk.claims.tag(article, n, n + 4, claim_text=f"It is {n}") for n in range(12)]
        bob.claims.edit(claims[0], claimant="Bob says")
        desk.claims.edit(claims[0], claimant="Ana says")
        desk.delete(claims[1])
        desk.claims.edit(claims[2], tags=["a"])
    return path


NAMED = st.one_of(st.none(), st.integers(0, 11), st.integers(100, 103))
"""A claim: a new one, one of the desk's, or one of a given id that the desk lacks."""

VALUES = st.fixed_dictionaries(
    {},
    optional={
        "claimant": st.sampled_from(["", "Ri", "Baek", 7]),
        "claim_text": st.text(max_size=3).map(lambda text: text.encode(errors="replace").decode().replace("\0", "")),
        "tags": st.sampled_from([[], ["x"], ("y", "z"), "w"]),
        "deleted": st.integers(0, 1),
        "start": st.integers(-1, 3),
        "mood": st.just("glum"),
    },
)
EDITS = st.lists(
    st.tuples(NAMED, VALUES, st.sampled_from(["newest", "first", "none"]), st.sampled_from([None, 5])), max_size=30
)


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS, st.booleans())
def test_a_desk_is_the_same_however_many_edits_are_written_at_once(
    base: Path, tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[object, ...]], always: bool
) -> None:
    dumps = []
    for size in SIZES:
        path = Path(shutil.copy(base, tmp_path_factory.mktemp("any") / "desk.db"))
        with Desk.open(path, "Ana") as desk, same_ids():
            ids = [row[0] for row in desk.session.log.rows("SELECT id FROM claims ORDER BY born")]
            asked = []
            for named, values, seen, at in edits:
                item = None if named is None else ids[named] if named < 12 else f"{named:08}-0000-7000-8000-{0:012}"  # type: ignore[index, operator]
                first = tuple(
                    row[0] for row in desk.session.log.rows("SELECT min(id) FROM changes WHERE item = ?", (item,))
                )
                base_ = None if seen == "newest" else first if seen == "first" and first[0] else ()
                asked.append(Edit("claims", item, dict(values), base_, at=at))  # type: ignore[call-overload, arg-type]
            action = ""
            with desk.session.log.writing():
                for start in range(0, len(asked), size):
                    some = asked[start : start + size]
                    action = desk.session.log.write(reviewer_id("Ana"), some, action=action, always=always).action
            dumps.append(dump(desk))
            if size == SIZES[-1]:
                assert not [
                    fault for fault in desk.upkeep.verify() if "match its history" in fault or "search" in fault
                ]
    assert all(one == dumps[0] for one in dumps)


def test_records_brought_in_make_the_same_desk_at_any_size(tmp_path: Path) -> None:
    dumps = []
    for size in SIZES:
        with Desk.open(tmp_path / f"{size}.db", "Ana") as desk, same_ids(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(logs, "_BLOCK", size)
            article = desk.articles.add("a" * 700)
            desk.imports.bring(brought(article, 650))
            desk.articles.add_many(Draft(text=f"Article {n}.") for n in range(450))
            dumps.append(dump(desk))
            assert size > 1 or desk.upkeep.verify() == []
    assert all(one == dumps[0] for one in dumps)


def test_bringing_in_more_asks_no_more(desk: Desk) -> None:
    article = desk.articles.add("a" * 2000)
    records = brought(article, 700)
    asked = [
        sum(n for said, n in statements(desk, partial(desk.imports.bring, some)).items() if said.startswith("SELECT"))
        for some in (records[:40], records[40:600])
    ]
    assert asked[1] - asked[0] < 10


def test_a_batch_of_one_reads_its_row_and_no_list(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 3)
    ran = statements(desk, lambda: desk.claims.edit(claim, claimant="Ri"))
    assert not any("IN (SELECT value" in said for said in ran) and sum(ran.values()) < 40
    assert not any("FROM main.changes WHERE item" in said for said in ran)  # nobody contends: its row says enough


def test_articles_added_together_are_those_added_singly(tmp_path: Path) -> None:
    drafts = [
        Draft(text="One."), Draft(text="Two.", url="https://example.org/2"), Draft(text="One."), Draft(text="Three."),
        Draft(text="Four.", url="https://example.org/2"), Draft(text="Five.", heading="Fünf", language="de"),
    ]  # fmt: skip
    dumps = []
    for together in (True, False):
        with Desk.open(tmp_path / f"{together}.db", "Ana") as desk, same_ids():
            desk.articles.add("Three.")
            gone = desk.articles.add("Five.", title="Old")
            desk.delete(gone)
            if together:
                new, known = desk.articles.add_many(drafts)
                assert (len(new), len(known)) == (3, 3)
            else:
                with desk.together():
                    for draft in drafts:
                        desk.articles.add_many([draft])
            dumps.append(dump(desk))
            assert desk.upkeep.verify() == []
    assert dumps[0] == dumps[1]


def test_an_empty_text_among_many_adds_none_of_its_block(desk: Desk) -> None:
    refused(desk, lambda: desk.articles.add_many([Draft(text="One."), Draft(text=" \n"), Draft(text="Two.")]))


def test_very_long_texts_are_saved_a_few_at_a_time(desk: Desk) -> None:
    told: list[int] = []
    desk.articles.add_many((Draft(text=f"{n} " + "word " * 150_000) for n in range(6)), progress=told.append)
    assert told == [2, 4, 6]


def test_the_scheme_is_read_again_only_when_something_was_written(desk: Desk, bob: Desk) -> None:
    assert desk.scheme.id == "desk"
    assert not any("schemes" in said for said in statements(desk, lambda: [desk.scheme for _ in range(9)]))
    other = desk.scheme.id and "\n".join(
        [
            "[scheme]",
            'id = "other"',
            "version = 1",
            "[[verdict]]",
            'key = "a"',
            'label = "A"',
            'glyph = "a"',
            "order = 1",
        ]
    )
    bob.schemes.use(other)
    assert desk.scheme.id == "other" and bob.scheme.id == "other"
    with pytest.raises(ZeroDivisionError), bob.together():
        bob.schemes.use(other.replace('"other"', '"third"'))
        assert bob.scheme.id == "third"
        raise ZeroDivisionError
    assert bob.scheme.id == "other"


def test_a_set_found_open_is_asked_for_again_in_the_next_transaction(desk: Desk, bob: Desk, article: Article) -> None:
    sweep = {
        "kind": "sweeps", "id": "0190a0a0-0000-7000-8000-000000000001", "by": "Bob", "created": 1, "updated": 1,
        "article": article.id, "version": article.version, "start": 0, "end": 3, "quote": "Two",
    }  # fmt: skip
    with desk.together():
        desk.imports.bring([sweep])
        desk.imports.bring([{**sweep, "id": str(sweep["id"])[:-1] + "2", "start": 4, "end": 7, "quote": "pri"}])
    bob.submissions.submit(article, "checker")
    more = {**sweep, "id": str(sweep["id"])[:-1] + "3", "start": 5, "end": 8, "quote": "ris"}
    assert "submitted" in refused(desk, lambda: desk.imports.bring([more]))
    bob.submissions.reopen(article, "checker")
    desk.imports.bring([more])
