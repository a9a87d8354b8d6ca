"""The log: folding, merge units, ancestry and conflicts."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.log import clock
from store.log.fold import INVALID, Entry, alone, changed_parts, default_value, entries_of, entry, fold, only, onto
from store.log.kinds import CHILDREN, INTEGERS, KINDS, LISTS, REFERENCES, default, fits
from store.log.log import Edit
from store.log.tables import TAIL
from store.records import Article
from tests.kit import oracle
from tests.kit.depth import examples

CLAIMS = KINDS["claims"]


def change(nth: int, parents: tuple[int, ...], **patch: object) -> Entry:
    return Entry(f"id{nth:03}", "act", "ana", nth, "claims", "item", tuple(f"id{n:03}" for n in parents), patch, "")


def test_a_row_holds_the_newest_value_of_every_part() -> None:
    row = fold(CLAIMS, [change(1, (), claimant="Ri", number=4), change(2, (1,), claimant="Baek")]).row
    assert (row["claimant"], row["number"], row["claim_text"], row["types"]) == ("Baek", 4, "", "[]")
    assert (row["born"], row["heads"], row["created"], row["updated"], row["conflict"]) == ("id001", "id002", 1, 2, 0)


def test_a_row_has_a_value_for_every_column() -> None:
    for kind in KINDS.values():
        row = fold(kind, [Entry("a", "a", "ana", 1, kind.name, "item", (), {}, "")]).row
        assert set(row) == {"id", *kind.columns, *TAIL}


def test_edits_of_different_parts_that_did_not_see_each_other_merge() -> None:
    folded = fold(CLAIMS, [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (1,), claim_text="He left")])
    assert folded.conflicts == {}
    assert (folded.row["claimant"], folded.row["claim_text"]) == ("Ri", "He left")
    assert folded.row["heads"] == "id002 id003"


def test_edits_of_one_part_that_did_not_see_each_other_are_a_conflict_and_the_newest_is_shown() -> None:
    folded = fold(CLAIMS, [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (1,), claimant="Baek")])
    assert folded.conflicts == {"claimant": ["id002", "id003"]}
    assert (folded.row["claimant"], folded.row["conflict"]) == ("Baek", 1)


SAID = [
    ['{"a":"b"}', ' {"a": [1, {"b": 2}], "a": 3} ', "[]", "7", '"{"'],
    ['{"a":1', '"b":2}'],
    ['{"a":[1', "2]}", "{},{}"],
    ["{}", '{},"x",{}'],
    ["{} ]", "[ {}"],
    ["1" * 5000, "{}"],
    ["[" * 100_000, "]" * 100_000],
    ["", "{}"],
]


@pytest.mark.parametrize("patches", SAID)
def test_changes_that_are_read_together_say_what_each_says_by_itself(patches: list[str]) -> None:
    def read(ask: Callable[[list[tuple[object, ...]]], list[Entry]]) -> list[Entry] | None:
        rows = [(f"{n}", "0", "r", 10**18 * n, "claims", f"{n}", "[]", patch, None) for n, patch in enumerate(patches)]
        try:
            return ask(rows)
        except json.JSONDecodeError:
            return None

    assert read(entries_of) == read(lambda rows: [entry(row) for row in rows])


def test_two_people_who_write_the_same_value_agree() -> None:
    folded = fold(CLAIMS, [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (1,), claimant="Ri")])
    assert folded.conflicts == {} and folded.row["conflict"] == 0


def test_a_change_that_saw_all_contenders_settles_their_conflict() -> None:
    entries = [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (1,), claimant="Baek")]
    settled = fold(CLAIMS, [*entries, change(4, (2, 3), claimant="Ri")])
    assert settled.conflicts == {} and settled.row["claimant"] == "Ri" and settled.row["heads"] == "id004"
    assert fold(CLAIMS, [*entries, change(4, (2, 3), tags=["x"])]).conflicts == {"claimant": ["id002", "id003"]}


def test_an_edit_that_the_delete_had_not_seen_keeps_the_item() -> None:
    folded = fold(CLAIMS, [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (1,), deleted=1)])
    assert folded.row["deleted"] == 0 and folded.conflicts == {"deleted": ["id002", "id003"]}


def test_a_delete_hides_what_it_had_seen() -> None:
    folded = fold(CLAIMS, [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (2,), deleted=1)])
    assert folded.row["deleted"] == 1 and folded.conflicts == {}


def test_two_deletes_need_not_have_seen_the_same_edits() -> None:
    entries = [change(1, ()), change(2, (1,), deleted=1), change(3, (1,), claimant="Ri"), change(4, (3,), deleted=1)]
    folded = fold(CLAIMS, entries)
    assert folded.row["deleted"] == 1 and folded.conflicts == {}


def test_a_contested_delete_is_settled_either_way() -> None:
    entries = [change(1, ()), change(2, (1,), claimant="Ri"), change(3, (1,), deleted=1)]
    for gone in (0, 1):
        folded = fold(CLAIMS, [*entries, change(4, (2, 3), deleted=gone)])
        assert folded.row["deleted"] == gone and folded.conflicts == {}


def test_a_value_of_the_wrong_type_is_skipped_and_listed_until_it_is_written_anew() -> None:
    entries = [change(1, (), claimant="Ri"), change(2, (1,), claimant=7, types="date")]
    folded = fold(CLAIMS, entries)
    assert folded.row["claimant"] == "Ri" and folded.row["types"] == "[]"
    assert folded.conflicts == {INVALID: ["id002"]}
    half = fold(CLAIMS, [*entries, change(3, (2,), claimant="Baek")])
    assert half.row["claimant"] == "Baek" and half.conflicts == {INVALID: ["id002"]}
    assert fold(CLAIMS, [*entries, change(3, (2,), claimant="Baek", types=[])]).conflicts == {}


def test_columns_that_only_a_newer_factdesk_knows_do_no_harm() -> None:
    folded = fold(CLAIMS, [change(1, (), claimant="Ri", mood="glum")])
    assert folded.row["claimant"] == "Ri" and "mood" not in folded.row and folded.conflicts == {}


VALUES = st.sampled_from(["", "a", "b"])
PATCHES = st.one_of(
    st.fixed_dictionaries({"claimant": VALUES}),
    st.fixed_dictionaries({"article": VALUES, "number": st.integers(0, 2)}),
    st.fixed_dictionaries({"tags": st.lists(VALUES, max_size=2)}),
    st.fixed_dictionaries({"deleted": st.integers(0, 1)}),
    st.fixed_dictionaries({"claimant": VALUES, "claim_text": VALUES}),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """Any history of one item: each change made on top of any of the earlier ones."""
    entries = [change(0, (), claimant="first")]
    for number in range(1, draw(st.integers(1, 9))):
        parents = draw(st.sets(st.integers(0, number - 1), min_size=1, max_size=3))
        entries.append(change(number, tuple(sorted(parents)), **draw(PATCHES)))
    return entries


def as_rows(entries: list[Entry]) -> oracle.Rows:
    return [{"id": e.id, "item": e.item, "kind": e.kind, "parents": list(e.parents), "patch": e.patch} for e in entries]


@settings(max_examples=examples(400))
@given(histories())
def test_conflicts_and_rows_are_those_of_the_slow_way_of_reckoning(entries: list[Entry]) -> None:
    folded = fold(CLAIMS, entries)
    listed = {("item", part, frozenset(ids)) for part, ids in folded.conflicts.items()}
    assert listed == oracle.conflicts(as_rows(entries))
    expected = oracle.rows(as_rows(entries))["item"]
    assert {column: folded.row[column] for column in CLAIMS.columns} == expected


@settings(max_examples=examples(200))
@given(histories())
def test_the_heads_are_the_changes_nobody_has_built_on(entries: list[Entry]) -> None:
    parents = {parent for entry in entries for parent in entry.parents}
    assert str(fold(CLAIMS, entries).row["heads"]).split() == [e.id for e in entries if e.id not in parents]


@settings(max_examples=examples(400))
@given(histories(), PATCHES, st.booleans())
def test_a_change_on_top_of_all_others_makes_the_row_that_folding_gives_or_leaves_it_to_that(
    entries: list[Entry], patch: dict[str, object], all_seen: bool
) -> None:
    row = fold(CLAIMS, entries).row
    heads = str(row["heads"]).split() if all_seen else [entries[-1].id]
    last = Entry("id999", "act", "bob", 0, "claims", "item", tuple(heads), patch, "")
    made = onto(CLAIMS, row, last)
    if row["conflict"] or " " in str(row["heads"]):
        assert made is None
    else:
        folded = fold(CLAIMS, [*entries, last])
        assert made == tuple(folded.row.values()) and not folded.conflicts


@pytest.mark.parametrize("patch", [{"claimant": 7}, {"mood": "glum"}, {"tags": "w"}])
def test_a_change_whose_value_does_not_fit_is_left_to_folding(patch: dict[str, object]) -> None:
    row = fold(CLAIMS, [change(1, (), claimant="Ri")]).row
    assert onto(CLAIMS, row, change(2, (1,), **patch)) is None


@settings(max_examples=examples(200))
@given(histories())
def test_a_deleted_row_hides_no_edit_its_deleters_had_not_seen(entries: list[Entry]) -> None:
    if not fold(CLAIMS, entries).row["deleted"]:
        return
    own = as_rows(entries)
    touching = [row for row in own if "deleted" in row["patch"]]
    deletes = [row for row in oracle.newest(touching, own) if row["patch"]["deleted"]]
    assert deletes
    seen = set().union(*(oracle.seen_by(row, own) | {row["id"]} for row in deletes))
    for row in own:
        knew = {delete["id"] for delete in deletes} <= oracle.seen_by(row, own)
        assert row["id"] in seen or knew or row["patch"].get("deleted")


def test_a_patch_carries_whole_parts_and_only_those_that_change() -> None:
    verdicts = KINDS["verdicts"]
    row = fold(verdicts, [Entry("a", "a", "x", 1, "verdicts", "i", (), {"verdict": "mixed", "justification": "y"}, "")])
    assert changed_parts(verdicts, row.row, (), {"verdict": "refuted"}) == {"verdict": "refuted", "justification": "y"}
    assert changed_parts(verdicts, row.row, (), {"verdict": "mixed"}) == {}
    assert changed_parts(verdicts, row.row, ("verdict",), {"verdict": "mixed"}) != {}


def test_no_column_stands_in_two_parts_and_every_kind_can_be_deleted() -> None:
    for kind in KINDS.values():
        assert len(set(kind.columns)) == len(kind.columns)
        assert kind.parts["deleted"] == ("deleted",)
        assert all(kind.part_of(column) for column in kind.columns)
        assert kind.part_of("nothing") is None


def test_children_name_their_parent_by_a_column() -> None:
    for parent, children in CHILDREN.items():
        for child in children:
            assert REFERENCES[KINDS[parent].one] == parent and KINDS[parent].one in KINDS[child].columns


@pytest.mark.parametrize("column", ["number", "types", "claimant"])
def test_defaults_fit_their_columns_and_strange_values_do_not(column: str) -> None:
    value = json.loads(str(default(column))) if column in LISTS else default(column)
    assert fits(column, value)
    strange: dict[str, tuple[object, ...]] = {
        "number": ("1", 1.5, True, None, 2**63),
        "types": ("a", [1], None, {}),
        "claimant": (1, None, ["a"]),
    }
    assert not any(fits(column, value) for value in strange[column])
    assert (column in INTEGERS) == (column == "number")


STRANGE = st.sampled_from(["", "a", "[]", 0, 7, 2**63, 1.5, True, None, [], ["a"], [1], {"a": 1}])


@settings(max_examples=examples(300))
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_an_item_of_one_change_has_the_row_that_folding_gives_it_or_is_left_to_that(
    kind: str, data: st.DataObject
) -> None:
    columns = st.sampled_from([*KINDS[kind].columns, "mood"])
    patch = data.draw(st.dictionaries(columns, STRANGE, max_size=3))
    one = Entry("id001", "act", "ana", 1, kind, "item", (), patch, "")
    row, conflicts = fold(KINDS[kind], [one])
    fit = all(column in KINDS[kind].homes and fits(column, value) for column, value in patch.items())
    assert only(KINDS[kind], one) == (tuple(row.values()) if fit else None)
    assert not (fit and conflicts)


@settings(max_examples=examples(300))
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_items_of_one_change_each_have_the_rows_that_folding_gives_them_or_are_left_to_that(
    kind: str, data: st.DataObject
) -> None:
    columns = data.draw(st.lists(st.sampled_from([*KINDS[kind].columns, "mood"]), unique=True, max_size=3))
    fitting = st.sampled_from([default_value(column) for column in columns] or [""])
    drawn = st.tuples(*[STRANGE | fitting for _ in columns])
    patches = [dict(zip(columns, values, strict=True)) for values in data.draw(st.lists(drawn, min_size=1, max_size=3))]
    some = [
        Entry(f"id{n}", "act", f"person {n}", 10 - n, kind, f"item {n}", (), patch, "")
        for n, patch in enumerate(patches)
    ]
    each = [only(KINDS[kind], one) for one in some]
    assert alone(KINDS[kind], some) == (None if None in each else each)


@settings(max_examples=examples(200))
@given(st.integers(0, 2**47), st.integers(-(2**40), 2**40))
def test_an_id_is_greater_than_the_one_before_whatever_the_clock_says(start: int, drift: int) -> None:
    last = clock.after("", start)
    for _ in range(3):
        new = clock.after(last, max(0, start + drift))
        assert new > last and uuid.UUID(new).version == 7 and uuid.UUID(new).variant == uuid.RFC_4122
        last = new


def test_the_counter_runs_over_into_the_next_millisecond() -> None:
    last = clock.after("", 5000)
    made = [last := clock.after(last, 5000) for _ in range(5000)]
    assert made == sorted(set(made))


def test_a_derived_id_is_the_same_on_every_desk() -> None:
    assert clock.derived("verdict", "c", "r") == clock.derived("verdict", "c", "r")
    assert len({clock.derived("a", "bc"), clock.derived("ab", "c"), clock.derived("a", "b", "c")}) == 3


def test_the_log_and_the_texts_cannot_be_altered(desk: Desk, article: Article, open_desk: Callable[..., Desk]) -> None:
    again = open_desk("Ana")
    for sql in (
        "DELETE FROM changes",
        "UPDATE changes SET patch = '{}'",
        "UPDATE changes SET reviewer = 'x'",
        "DELETE FROM texts",
        "UPDATE texts SET body = ''",
        "INSERT OR REPLACE INTO changes SELECT * FROM changes",
        "INSERT OR REPLACE INTO texts (seq, sha, body) SELECT seq, sha, 'x' FROM texts",
    ):
        with pytest.raises(sqlite3.DatabaseError, match=r"append-only|never (deleted|edited)"):
            again.session.log.conn.execute(sql)


def test_several_edits_of_one_item_in_one_write_build_on_each_other(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    with desk.together():
        me = desk.session.log.row("reviewers", clock.derived("reviewer", "ana"))
        assert me is not None
        desk.session.log.write(
            str(me["id"]), [Edit("claims", claim.id, {"claimant": name}) for name in ("a", "b", "c")]
        )
    assert desk.conflicts.of() == [] and desk.claims.get(claim.id).claimant == "c"


def test_a_stale_edit_fills_its_part_with_what_its_author_saw(
    desk: Desk, bob: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    seen = desk.articles.edit(article, publisher="Old Post", author="Nobody")
    bob.articles.edit(bob.articles.get(article.id), publisher="New Post")
    desk.articles.edit(seen, author="Ri")
    (conflict,) = desk.conflicts.of()
    assert [contender.values for contender in conflict.contenders] == [
        {"publisher": "New Post", "author": "Nobody", "published": ""},
        {"publisher": "Old Post", "author": "Ri", "published": ""},
    ]


def test_a_stale_edit_that_changes_nothing_its_author_saw_leaves_no_change(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, 0, 37)
    bob.claims.edit(bob.claims.get(claim.id), claimant="Bob's")
    mark = desk.history.mark()
    assert desk.claims.edit(claim, claimant="").claimant == "Bob's"
    assert desk.history.mark() == mark and desk.conflicts.of() == []


def test_whoever_edits_twice_from_one_record_does_not_contradict_himself(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, 0, 37)
    desk.claims.edit(claim, claimant="first")
    assert desk.claims.edit(claim, claimant="second").claimant == "second"
    assert desk.conflicts.of() == []
    bob.claims.edit(bob.claims.get(claim.id), claimant="Bob's")
    desk.claims.edit(claim, claimant="third")
    (conflict,) = desk.conflicts.of()
    assert [contender.values["claimant"] for contender in conflict.contenders] == ["Bob's", "third"]
