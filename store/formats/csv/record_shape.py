"""The record of a claim in CSV: what it has of each kind of item, and the SQL that writes it.

The column ``record`` is one JSON object with what the other columns cannot carry. ``import csv`` restores a claim from
it and from the columns before it. `ALWAYS` lists what each item has, besides:

    by, created, updated, updated_by     who made it, when, and who changed it last (times in ms UTC). People stand by
                name; those who have been given another name since they joined, by name and id
    verdicts    everybody's, in the order given; the one that stands in the columns verdict and justification has
                neither here
    evidence    in the order found, with its source, or null, and ticks
    ticks       what others say of a piece of evidence: mark is seen, doubted, or empty when taken back; seen: as JSON
                in a string, what they had before them
    comments    in the order written; reply_to is a comment or a review; resolved: 1 on the first comment of a thread
                that is done with
    origin      what the claim was made of; review: a reviewer tagged it as missing
    pieces      of a span with gaps, where its pieces lie: code points from its start, such as 0 2;13 18
    reviews     in the order given, with answers: whose (the checker reviewed), start, end and quote (the proposed span,
                0 and 0 where none is), claim_text (the proposed one), seen (as JSON in a string, to the letter: what
                the reviewer had before them), sources (likewise: what was said of the sources); the reviewer's own
                verdict is among the verdicts
    answers     the checker's to a review: seen and after (in a string: what was answered, and the claim as it then
                stood)
    adjudication    what settles the claim: chosen (whose values were taken), stands (0: not in the settled set), beside
                (ids of the claims compared with it); its verdict and rationale stand in the columns verdict and
                justification
    changed     what a correction has made of the words of the claim, of a review or of the adjudication, while nobody
                has looked: reason, before (the words it had)
    contested   for each part of the claim, a verdict, … the values that contend for it, the newest last: part,
                values, by, at

All other columns of a kind, and ticks, reviews, answers, adjudication, changed and contested, are there only where
there is something to tell. So a new column in `KINDS` is written and read without a word here, and a file of an older
factdesk, which does not have it, means that it is unset. What is in `ALWAYS` must be there: without it a file is
damaged. Who is to review what is not said of one claim: assignments are in ``export tables``.
"""

from __future__ import annotations

from collections.abc import Mapping

from store.access import fields
from store.log import verdict_requirements
from store.log.kinds import CHILDREN, INTEGERS, KINDS, LISTS, PARENTS, REFERENCES, SPANS, default
from store.records import ACCEPTED, REJECTED
from store.review.reviews import REVEALED
from store.review.ticks import DOUBTED, SEEN
from store.vocabulary import Blind, Decision, Outcome

ALWAYS: Mapping[str, str] = {
    "claims": "",
    "verdicts": "verdict justification",
    "sources": "id url archive_url retrieved title publisher published tier origin",
    "evidence": "id stance quote locator note source",
    "ticks": "mark reason note",
    "comments": "id reply_to body",
    "reviews": "id decision reason comment whose blind start end quote claim_text seen",
    "answers": "outcome reason seen after",
    "adjudications": "adjudicator outcome chosen stands start end quote claim_text beside",
    "transfers": "reason before",
}
"""The members that an item of a kind always has, in their order."""
_ELSEWHERE = {
    "claims": f"article number start end quote prefix suffix {' '.join(fields.CLAIM)}",
    "adjudications": "verdict rationale",
    "transfers": "item kind outcome answer",
}
"""The columns that are not in the record: other cells have them, or the place of the item tells them."""
COLUMN_OF = {"adjudicator": "reviewer"}
"""The columns of the members that are called otherwise."""
CLOSED_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ticks", "mark"): ("", SEEN, DOUBTED),
    ("reviews", "decision"): tuple(Decision),
    ("reviews", "blind"): (*Blind, REVEALED),
    ("answers", "outcome"): ("", ACCEPTED, REJECTED),
    ("adjudications", "outcome"): tuple(Outcome),
}
"""The words that a member can be, where it is not any text."""


def _unless_unset(kind: str) -> tuple[str, ...]:
    """The other columns. What an item hangs on tells its parent and version, and ``by`` its reviewer."""
    told = f"{ALWAYS[kind]} {_ELSEWHERE.get(kind, '')} version reviewer deleted".split()
    above = KINDS[PARENTS[kind]].one if kind in PARENTS else ""
    return tuple(column for column in KINDS[kind].columns if column not in (*told, above))


UNLESS_UNSET: Mapping[str, tuple[str, ...]] = {kind: _unless_unset(kind) for kind in ALWAYS}
"""The members that an item of a kind has only where they are not unset."""


def _object(members: Mapping[str, str], more: str = "") -> str:
    """SQL for a JSON object; ``members`` are SQL for JSON values, ``more`` is SQL for further members."""
    marks = ",".join(f'"{name}":%s' for name in members) + ("%s" if more else "")
    return f"printf('{{{marks}}}', {', '.join([*members.values(), *([more] if more else [])])})"


def _array(item: str, rows: str) -> str:
    return f"'[' || coalesce((SELECT group_concat({item}) FROM {rows}), '') || ']'"


def _hanging(kind: str, alias: str, on: str) -> str:
    """The items of a kind that hang on another, in the order made."""
    above = KINDS[PARENTS[kind]].one
    return f"(SELECT * FROM {kind} WHERE {above} = {on}.id AND deleted = 0 ORDER BY born) {alias}"


def _some(kind: str, alias: str, on: str) -> str:
    """SQL for the further member of all such items; nothing where there are none."""
    items = f"group_concat({_item(kind, alias)}) || ']' FROM {_hanging(kind, alias, on)}"
    return f"coalesce((SELECT ',\"{kind}\":[' || {items}), '')"


def _value(column: str, alias: str) -> str:
    """SQL for the JSON of a column."""
    at = f'{alias}."{column}"'
    if column == "source":
        return f"coalesce((SELECT {_item('sources', 's')} FROM sources s WHERE s.id = {at}), 'null')"
    if column in ("start", "end"):  # 0 where a correction took the words away: they lie on another version
        return f"CASE WHEN {alias}.version = c.version THEN {at} ELSE 0 END"
    if REFERENCES.get(column) == "reviewers":
        return _who(at)
    return at if column in INTEGERS or column in LISTS else f"json_quote({at})"


def _item(kind: str, alias: str, always: str | None = None) -> str:
    """SQL for an item, with all that hangs on it."""
    names = (ALWAYS[kind] if always is None else always).split()
    members = {name: _value(COLUMN_OF.get(name, name), alias) for name in names}
    return _object(members | _when(alias), _further(kind, alias))


def _further(kind: str, alias: str, *between: str) -> str:
    """SQL for the members that are there only where there is something to tell."""
    told = [
        f"CASE {alias}.\"{name}\" WHEN {default(name)!r} THEN '' ELSE ',\"{name}\":' || {_value(name, alias)} END"
        for name in UNLESS_UNSET[kind]
    ]
    hanging = between or [_some(child, "y", alias) for child in CHILDREN.get(kind, ())]
    changed = [_changed(alias)] if kind in SPANS else []
    contested = [_contested(alias)] if kind != "transfers" else []
    return " || ".join([*told, *hanging, *changed, *contested])


def _who(column: str) -> str:
    return f"coalesce((SELECT said FROM people WHERE id = {column}), json_quote({column}))"


def _when(alias: str) -> dict[str, str]:
    return {
        "by": _who(f'{alias}."by"'),
        "created": f"{alias}.created",
        "updated": f"{alias}.updated",
        "updated_by": _who(f"{alias}.updated_by"),
    }


def contenders() -> str:
    """SELECT of all values that contend, as JSON; a view of its own, for SQLite's parser goes only so deep."""
    patch = (
        "CASE n.part WHEN 'deleted' THEN json_object('deleted', coalesce(json_extract(h.patch, '$.deleted'), 0))"
        " ELSE h.patch END"
    )
    people = ", ".join(f"'{column}'" for column, table in REFERENCES.items() if table == "reviewers")
    values = (
        "SELECT json_group_object(j.key, CASE WHEN j.type = 'array' THEN json(j.value)"
        f" WHEN j.key IN ({people}) AND j.value <> '' THEN json({_who('j.value')}) ELSE j.value END)"
        f" FROM json_each({patch}) j WHERE j.key IN (SELECT name FROM parts WHERE kind = n.kind AND part = n.part)"
    )
    told = _object({"part": "json_quote(n.part)", "values": f"({values})", "by": _who("h.reviewer"), "at": "h.at"})
    return (
        f"SELECT n.item, n.part, v.key AS place, {told} AS told FROM conflicts n, json_each(n.versions) v"
        " JOIN changes h ON h.id = v.value WHERE n.part IN (SELECT part FROM parts)"
    )


def _contested(alias: str) -> str:
    """SQL for the member ``contested`` of a row that has conflicts; nothing for all others."""
    rows = f"(SELECT told FROM contenders WHERE item = {alias}.id ORDER BY part, place)"
    return f"CASE WHEN {alias}.conflict THEN ',\"contested\":' || {_array('told', rows)} ELSE '' END"


def _changed(alias: str) -> str:
    """SQL for the member ``changed`` of a row whose words wait to be looked at; nothing for all others."""
    rows = f"transfers t WHERE {verdict_requirements.UNSEEN.format(alias)} ORDER BY t.born LIMIT 1"
    return f"coalesce((SELECT ',\"changed\":' || {_item('transfers', 't')} FROM {rows}), '')"


def _record() -> str:
    verdict, standing = _item("verdicts", "x"), _item("verdicts", "x", always="")
    items = {
        "verdicts": f"CASE WHEN x.id IS c.verdict_id THEN {standing} ELSE {verdict} END",
        "evidence": _item("evidence", "x"),
        "comments": _item("comments", "x"),
    }
    listed = {kind: _array(item, _hanging(kind, "x", "c")) for kind, item in items.items()}
    settled = f"CASE WHEN j.id IS NULL THEN '' ELSE ',\"adjudication\":' || {_item('adjudications', 'j')} END"
    return _object(_when("o") | listed, _further("claims", "o", _some("reviews", "x", "c"), settled))


RECORD = _record()
"""SQL for the record of a row of ``claims.FROM``."""
