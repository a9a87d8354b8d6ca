"""Bringing in records that were made elsewhere, with their ids, authors and times."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from store.access import fields
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.errors import Guarded, Refused
from store.history.foreign_record import UUID, refuse_unsound, who
from store.log.kinds import CHILDREN, JUDGEMENTS, KINDS, REFERENCES, Kind, Patch, fits
from store.log.log import Edit
from store.records import MISSED
from store.text.shorten import shorten
from store.vocabulary import Role

_CHUNK = 1000
Fitted = tuple[Kind, str, int, int]
"""A record that fits its kind: the kind, its id, and when it was made and changed."""


class _Coming(NamedTuple):
    """What is written for records: new and revived ones, what contends, and those that were changed since made.

    ``whole`` are the rows that need not be read: each is what its record says. ``sets`` are those that something comes
    into, by article and person (ids).
    """

    made: list[Edit]
    beside: list[list[Edit]]
    touched: list[Edit]
    whole: dict[str, Mapping[str, object]]
    sets: set[tuple[str, str]]


class Imports:
    """Brings in records that were made elsewhere."""

    def __init__(self, session: Session, may: Permissions, articles: Articles, assignments: Assignments) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._assignments = assignments

    def bring(self, records: Iterable[Mapping[str, object]]) -> list[str]:
        """Import records with their ids, authors and times, in one step of undo.

        Each mapping holds ``kind`` (a table's name), ``id``, ``by``, ``created``, ``updated`` (ms), optionally
        ``updated_by``, and the columns of that kind (a column ``kind`` as ``of``); ``contested`` lists values that
        contend for one of its parts, the newest last, each with ``part``, ``values``, ``by`` and ``at``. ``people``
        are, in either, those whose ids are among the values. Everybody stands by name, or by ``name`` and ``id``. The
        ids of records must be new here, or those of deleted records, which come back as brought; nobody's record is
        overwritten. People whose claims or sweeps come in are hidden from those who are blind to all, as people who
        tag are.

        Returns:
            The ids, in the order given.

        Raises:
            Refused: an id is already here, a record does not fit its kind, or it belongs into a set that is
                submitted or to a claim that is settled.
            Guarded: it is a verdict that the scheme forbids until its requirements are met.
        """
        records = list(records)
        refuse_unsound(records)
        with self._session.writing() as me:
            if not records:
                return []
            self._session.open_action()
            fitted = [self._fit(record) for record in records]
            coming = self._sorted_out(records, fitted)
            action = self._session.write(coming.made).action
            for contenders in coming.beside:
                self._session.log.beside(contenders, action)
            self._session.log.write(me, coming.touched, action=action, always=True)
            self._settle_in(records, fitted, coming)
        return [str(record["id"]) for record in records]

    def _sorted_out(self, records: Sequence[Mapping[str, object]], fitted: Sequence[Fitted]) -> _Coming:
        """What is to be written for records that fit their kinds. Refused for one that is here, or may not come in."""
        made, beside, touched, whole, sets = coming = _Coming([], [], [], {}, set())
        here: set[str] = set()
        held = {name: self._session.log.held(name, ids) for name, ids in _by_kind(fitted).items()}
        for record, (kind, id, created, updated) in zip(records, fitted, strict=True):
            row = held[kind.name].get(id)
            if id in here or (row and not self._gone(kind.name, row)):
                raise Refused(f"The {kind.one} {id} is already on this desk.")
            here.add(id)
            author = who(record["by"])
            self._may_bring(record, self._session.called(author).id, here)
            values = _columns(kind, record)
            if "people" in record:
                self._join(record)
            by = self._session.join(author)
            if _is_checked(record):
                sets.add((str(record.get("article", "")), by))
            editor = self._session.join(who(record["updated_by"])) if record.get("updated_by") else by
            if row:
                made.append(Edit(kind.name, id, values | {"deleted": 0}, None, editor, updated))
                continue
            made.append(Edit(kind.name, id, values, (), by, created))
            if contested := self._contenders(kind, id, record["contested"]) if record.get("contested") else []:
                beside += contested
            else:  # or what stands is not said by the record alone
                whole[id] = kind.blank | values
            if contested or (by, created) != (editor, updated):
                place = {column: values[column] for column in next(iter(kind.parts.values())) if column in values}
                touched.append(Edit(kind.name, id, place, None, editor, updated))
        return coming

    def _settle_in(
        self,
        records: Sequence[Mapping[str, object]],
        fitted: Sequence[Fitted],
        coming: _Coming,
    ) -> None:
        """Refuse what does not stand now that all is written, and hide what comes in from who is blind to it."""
        for start in range(0, len(fitted), _CHUNK):
            self._stand(fitted[start : start + _CHUNK], coming.whole)
        if any(kind.guard == "block" for kind in self._session.scheme.verdicts):
            for record in (one for one in records if one.get("kind") == "verdicts"):
                self._may.must_meet(*(str(record.get(part, "")) for part in ("claim", "verdict", "justification")))
        for article, person in sorted(coming.sets):
            self._assignments.join_the_blind(article, person)

    def may_bring(self, record: Mapping[str, object], along: Collection[str] = ()) -> None:
        """Refuse a record, as `bring` takes it, that belongs into a submitted set or to a claim that is settled.

        What comes ``along`` with a new claim (ids) was settled and submitted elsewhere.
        """
        if record.get("kind") not in KINDS:
            raise Refused(f"There is no kind of record “{shorten(str(record.get('kind', '')), 30)}”.")
        self._may_bring(record, self._session.called(who(record.get("by"))).id, along)

    def must_meet(self, records: Sequence[Mapping[str, object]]) -> None:
        """Refuse a new claim with all that hangs on it, as `bring` would, for a verdict that the scheme forbids until
        its requirements are met. The sentence names no claim: it has no name yet."""
        scheme = self._session.scheme
        stances = [str(one.get("stance", "")) for one in records if one.get("kind") == "evidence"]
        for one in records:
            key = str(one.get("verdict", "")) if one.get("kind") == "verdicts" else ""
            if key and scheme.verdict(key).guard == "block":
                missing = scheme.lacks(key, str(one.get("justification", "")), stances)
                if missing:
                    raise Guarded(f"It cannot have that verdict yet: {'; '.join(missing)}.")

    def _may_bring(self, record: Mapping[str, object], by: str, along: Collection[str]) -> None:
        kind = str(record["kind"])
        if kind in ("claims", "sweeps"):
            origin = str(record.get("origin", ""))
            role = Role.REVIEWER if origin == MISSED else Role.CHECKER
            self._may.must_be_open(str(record.get("article", "")), role, by)
        elif "claim" in KINDS[kind].columns and record.get("claim") not in along:
            claim = str(record.get("claim", ""))
            held = self._may.claim_row(claim)
            if held:
                own = held["by"] == by and held["origin"] != MISSED
                self._may.must_be_unsettled(claim)
                if kind != "comments":
                    self._may.must_be_open(str(held["article"]), Role.CHECKER if own else Role.REVIEWER, by)

    def _join(self, record: Mapping[str, object]) -> None:
        people = record.get("people", ())
        for said in people if isinstance(people, (list, tuple)) else ():
            self._session.join(who(said))

    def _contenders(self, kind: Kind, id: str, contested: object) -> list[list[Edit]]:
        """The contending edits, part by part: those of one part did not see each other, but saw the parts before."""
        contenders: dict[str, list[Edit]] = {}
        for one in contested if isinstance(contested, (list, tuple)) else ():
            part = str(one["part"])
            self._join(one)
            values: Patch = {
                column: one["values"][column] for column in kind.parts.get(part, ()) if column in one["values"]
            }
            if not values or not all(fits(column, value) for column, value in values.items()):
                raise Refused(f"The {kind.one} {id} has no part “{part}” for which such values can contend.")
            edit = Edit(kind.name, id, values, None, self._session.join(who(one["by"])), int(one["at"]))
            contenders.setdefault(part, []).append(edit)
        return list(contenders.values())

    def _fit(self, record: Mapping[str, object]) -> Fitted:
        """The kind, id and times of a record made elsewhere; Refused when it does not fit its kind."""
        kind = KINDS.get(str(record.get("kind")))
        if kind is None:
            raise Refused(f"No kind of record is called “{record.get('kind')}”: use one of {', '.join(KINDS)}.")
        id, created, updated = str(record.get("id", "")), int(str(record["created"])), int(str(record["updated"]))
        if not UUID.fullmatch(id):
            raise Refused(f"“{id}” is not an id for a {kind.one}: it must be a UUID in lower case.")
        values = _columns(kind, record)
        texts = [value for column, value in values.items() if column in kind.texts]
        for column in kind.others if _are_clean(texts) else kind.columns:
            if column not in values:
                continue
            value = values[column]
            if not fits(column, value) or (isinstance(value, str) and value != fields.clean(value)):
                raise Refused(f"The {kind.one} {id} cannot have {value!r} as its {column}.")
        return kind, id, created, updated

    def _gone(self, kind: str, row: Mapping[str, object]) -> bool:
        """Whether a row is deleted, or is said of something that is."""
        if row["deleted"] or kind not in JUDGEMENTS:
            return bool(row["deleted"])
        above = next(name for name, children in CHILDREN.items() if kind in children)
        parent = self._session.log.row(above, str(row[KINDS[above].one]))
        return parent is None or self._gone(above, parent)

    def _stand(self, brought: Sequence[Fitted], whole: Mapping[str, Mapping[str, object]]) -> None:
        """Refuse a record that names what is not here, or whose quote is not the text at its place.

        ``whole`` are the rows that need not be read: each is what its record says.
        """
        merged = (fitted for fitted in brought if fitted[1] not in whole)
        held = {name: self._session.log.held(name, ids) for name, ids in _by_kind(merged).items()}
        rows = [(kind, id, whole[id] if id in whole else held[kind.name][id]) for kind, id, _, _ in brought]
        naming = {name: [one for one in KINDS[name].columns if one in REFERENCES] for name in _by_kind(brought)}
        named: dict[str, set[str]] = {}
        for kind, _, row in rows:
            for column in naming[kind.name]:
                if said := row[column]:
                    named.setdefault(REFERENCES[column], set()).add(str(said))
        known = {name: self._session.log.heads(name, ids) for name, ids in named.items()}
        quoting = [(id, row) for kind, id, row in rows if _quotes(kind, row)]
        versions = self._session.log.held("versions", list({str(row["version"]) for _, row in quoting}))
        misquoted = set()
        for id, row in sorted(quoting, key=lambda one: str(one[1]["version"])):  # each text is read once
            start, end = int(str(row["start"])), int(str(row["end"]))
            version = versions.get(str(row["version"]))
            if not version or not (
                0 <= start < end and self._articles.text(str(version["text"]))[start:end] == row["quote"]
            ):
                misquoted.add(id)
        for kind, id, row in rows:
            for column in naming[kind.name]:
                if row[column] and str(row[column]) not in known[REFERENCES[column]]:
                    raise Refused(f"The {kind.one} {id} names a {column} that is not on this desk ({row[column]}).")
            if id in misquoted:
                where = f"{row['start']} to {row['end']}"
                raise Refused(f"The {kind.one} {id} does not quote the text that stands at {where}.")


def _columns(kind: Kind, record: Mapping[str, object]) -> Patch:
    """What a record says of its kind's columns."""
    if kind.name == "transfers":
        record = {**record, "kind": record.get("of", "")}
    return {column: record[column] for column in record if column in kind.homes}


def _is_checked(record: Mapping[str, object]) -> bool:
    """Whether a record is part of a checker's set by itself."""
    return record["kind"] in ("claims", "sweeps") and record.get("origin") != MISSED


def _are_clean(texts: Sequence[object]) -> bool:
    """Whether all are texts as a desk stores them; together that is seen at once."""
    try:
        whole = "".join(texts)  # type: ignore[arg-type]
    except TypeError:
        return False
    return fields.clean(whole) == whole


def _quotes(kind: Kind, row: Mapping[str, object]) -> bool:
    return "span" in kind.parts or bool(
        "quote" in row and "version" in row and (row["end"] or (row["quote"] and row["version"]))
    )


def _by_kind(brought: Iterable[Fitted]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for kind, id, _, _ in brought:
        ids.setdefault(kind.name, []).append(id)
    return ids
