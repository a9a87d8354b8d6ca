"""What hangs on a claim, read back from its row.

It comes from the record column: JSON from a file that anybody may have edited, so nothing in it is trusted. Without
that column it is made of what the others tell.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from store.access import fields
from store.check.transfers import to_look_at
from store.errors import Refused
from store.formats.csv.cells import BadCell, parallel, split
from store.formats.csv.record_shape import ALWAYS, CLOSED_WORDS, COLUMN_OF, UNLESS_UNSET
from store.history.foreign_record import UUID
from store.log import clock
from store.log.kinds import CHILDREN, INTEGERS, JUDGEMENTS, KINDS, LISTS, REFERENCES, SPANS, fits
from store.person import Person
from store.text import urls
from store.vocabulary import Decision, Stance

Brought = dict[str, Any]
_LISTED = ("evidence", "comments", "reviews")
_CHECKED = {"sources": fields.SOURCE, "evidence": fields.EVIDENCE}
"""The columns whose values must be as people may give them."""

_MEMBERS = {
    kind: [
        (name, COLUMN_OF.get(name, name), name not in more)
        for name in (*ALWAYS[kind].split(), *more)
        if name not in ("id", "source")
    ]
    for kind, more in UNLESS_UNSET.items()
}
"""The members that are values of their own: the column of each, and whether it is always there."""


@dataclass(frozen=True, slots=True)
class Json:
    """One JSON object of the record; what is asked of it must be there, and of its kind."""

    values: Mapping[str, object]
    called: Callable[[str], Person]
    """Tells who is called so on the desk."""

    @classmethod
    def read(cls, cell: str, called: Callable[[str], Person]) -> Json:
        try:
            return cls({}, called)._of(json.loads(cell), "record")
        except (ValueError, RecursionError):
            mend = "export the claim again, or empty the column in every row"
            raise BadCell("record", f"Its record is damaged: {mend}.") from None

    def _of(self, value: object, name: str) -> Json:
        if not isinstance(value, dict):
            raise self.refuse(name)
        return Json(value, self.called)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self.refuse(name)
        return fields.clean(value)

    def whole(self, name: str) -> int:
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= clock.LATEST:
            raise self.refuse(name)
        return value

    def id(self, name: str = "id") -> str:
        value = self.text(name)
        if not UUID.fullmatch(value):
            raise self.refuse(name)
        return value

    def person(self, name: str) -> dict[str, str]:
        """Somebody, by the id and name that they have on the desk."""
        return self._who(name, self.values.get(name))

    def named(self, name: str) -> str:
        """What somebody is called in the file."""
        said = self.values.get(name)
        return self._of(said, name).text("name") if isinstance(said, dict) else self.text(name)

    def _who(self, name: str, said: object) -> dict[str, str]:
        """Somebody who stands by name, or by name and id: see `record_shape`."""
        one = Json({"name": said}, self.called) if isinstance(said, str) else self._of(said, name)
        given = one.text("name")
        person = self.called(Person(given, one.id()) if "id" in one.values else given)
        return {"name": str(person), "id": person.id}

    def each(self, name: str) -> list[Json]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise self.refuse(name)
        return [self._of(one, name) for one in value]

    def one(self, name: str) -> Json | None:
        value = self.values.get(name)
        return None if value is None else self._of(value, name)

    def columns(self, kind: str) -> Brought:
        """What the object says in the columns of a kind; those that may be left out are there only if it has them."""
        found: Brought = {}
        standing = kind == "verdicts" and "verdict" not in self.values  # other cells tell it
        for name, column, always in _MEMBERS[kind]:
            if name in self.values or (always and not standing):
                found[column] = value = self._member(kind, name, column)
                if isinstance(value, dict):  # somebody
                    found.setdefault("people", []).append(value)
                    found[column] = value["id"]
        return found

    def _member(self, kind: str, name: str, column: str) -> object:
        if REFERENCES.get(column) == "reviewers":
            return "" if name == "chosen" and self.values.get(name) == "" else self.person(name)
        if column == "resolved":
            return int(bool(self.values[name]))
        if column in INTEGERS:
            return self.whole(name)
        value = self.values.get(name) if column in LISTS else self.text(name)
        if not fits(column, value) if column in LISTS else value not in CLOSED_WORDS.get((kind, name), (value,)):
            raise self.refuse(name)
        return value

    def check_seen(self) -> None:
        """Refuse ``seen`` of a reviewer that is not a claim's state as ``staleness.STATES`` has it."""
        try:
            state = {"verdict": "", **self._of(json.loads(self.text("seen")), "seen").values}
        except (ValueError, RecursionError):
            raise self.refuse("seen") from None
        types = {"start": int, "end": int, "quote": str, "claim_text": str, "verdict": str}
        if not all(isinstance(state.get(name), type) for name, type in types.items()):
            raise self.refuse("seen")

    def when(self, kind: str) -> Brought:
        """Who and when, and what contends, in the form ``Desk.bring`` takes."""
        created, updated = self.whole("created"), self.whole("updated")
        if updated < created:
            raise self.refuse("updated")
        by = self.person("by")
        return {
            "kind": kind,
            "by": by,
            "created": created,
            "updated": updated,
            "updated_by": by if self.values.get("updated_by") == self.values["by"] else self.person("updated_by"),
            "contested": [one._contender(kind) for one in self.each("contested")],
        }

    def _contender(self, kind: str) -> Brought:
        part, values = self.text("part"), self._of(self.values.get("values"), "values").values
        columns = KINDS[kind].parts.get(part, ())
        if not values or not all(
            name in columns and (fits(name, value) or REFERENCES.get(name) == "reviewers")
            for name, value in values.items()
        ):
            raise self.refuse("contested")
        people = {
            name: self._who(name, value)
            for name, value in values.items()
            if value and REFERENCES.get(name) == "reviewers"
        }
        said = {**values, **{name: person["id"] for name, person in people.items()}}
        by, at = self.person("by"), self.whole("at")
        return {"part": part, "values": said, "people": list(people.values()), "by": by, "at": at}

    def refuse(self, name: str) -> BadCell:
        """The refusal of a member that is not there, or not as it must be."""
        return BadCell("record", f"Its record has no usable “{name}”: export the claim again.")


def children(claim: Brought, record: Json, cells: Mapping[str, str], now: int) -> list[Brought]:
    """All that hangs on the claim, out of the record, in the form ``Desk.bring`` takes.

    ``cells`` hold the standing verdict and its justification, which are the adjudicator's once the claim is settled.
    One that was put there although none stood is the checker's, given ``now``.
    """
    key, justification = cells["verdict"].strip(), cells["justification"]
    settled = record.one("adjudication")
    found = [
        *_verdicts(claim, record, None if settled else (key, justification), now),
        *(one for kind in _LISTED for said in record.each(kind) for one in _item(kind, said, claim, claim)),
        *(_item("adjudications", settled, claim, claim, verdict=key, rationale=justification) if settled else ()),
        *_changed(claim, claim, record),
    ]
    for (kind, _), times in Counter((one["kind"], one["id"]) for one in found if one["kind"] in JUDGEMENTS).items():
        if times > 1:
            raise BadCell("record", f"Its record has two {kind} of one thing by one person: export the claim again.")
    return found


def _verdicts(claim: Brought, record: Json, cells: tuple[str, str] | None, now: int) -> list[Brought]:
    """Everybody's verdicts; ``cells`` are those that stand there, unless that is not a checker's."""
    key, justification = cells or ("", "")
    found: dict[str, Brought] = {}
    standing = None
    for one in record.each("verdicts"):
        (verdict,) = _item("verdicts", one, claim, claim)
        if verdict["id"] in found:
            by = one.person("by")["name"]
            raise BadCell("record", f"Its record has two verdicts by {by}: export the claim again.")
        found[verdict["id"]] = verdict
        if "verdict" not in one.values:
            if standing is not None or cells is None:
                raise BadCell("record", "Its record has two standing verdicts: export the claim again.")
            standing = verdict
    if standing is None and (key or justification):
        standing = _judged("verdicts", claim, {"by": claim["by"], "created": now, "updated": now})
        standing = found.setdefault(standing["id"], standing)
        justification = justification or str(standing.get("justification", ""))
    if standing is not None:
        standing |= {"verdict": key, "justification": justification}
    return list(found.values())


def id_in(when: Mapping[str, Any]) -> str:
    """The id of who said something."""
    return str(when["by"]["id"])


def _judged(kind: str, above: Brought, when: Brought) -> Brought:
    """What somebody says of an item; its id is made of both, and of a claim alone where it settles that."""
    one, person = KINDS[kind].one, id_in(when)
    id = clock.derived(one, above["id"], *(() if kind == "adjudications" else (person,)))
    return {"kind": kind, "id": id, KINDS[above["kind"]].one: above["id"], "reviewer": person} | when


def _item(kind: str, said: Json, claim: Brought, above: Brought, **cells: str) -> list[Brought]:
    """An item as `record_shape` has it, with what cells tell of it: after its source, and before what hangs on it."""
    columns = KINDS[kind].columns
    source = said.one("source") if "source" in columns else None
    found = _item("sources", source, claim, claim) if source else []
    made: Brought = {name: KINDS[kind].unset[name] for name in UNLESS_UNSET[kind]}
    if "reviewer" in columns:
        made |= _judged(kind, above, said.when(kind)) | said.columns(kind) | cells
    else:
        made |= said.columns(kind) | said.when(kind) | {"id": said.id()}
        made |= {"claim": claim["id"]} if "claim" in columns else {}
        made |= {"source": found[0]["id"] if found else ""} if "source" in columns else {}
    if "version" in columns:
        made["version"] = claim["version"] if made["end"] else ""
    if kind in _CHECKED:
        made |= fields.checked({name: made[name] for name in _CHECKED[kind]}, _CHECKED[kind])
    _check(made, said)
    found.append(made)
    for child in CHILDREN.get(kind, ()):
        found += [one for below in said.each(child) for one in _item(child, below, claim, made)]
    return found + (_changed(claim, made, said) if kind in SPANS else [])


def _check(made: Brought, said: Json) -> None:
    """Refuse an item whose members are of the right types, and cannot be."""
    if made["kind"] == "comments":
        if not made["body"].strip() or (made["reply_to"] and not UUID.fullmatch(made["reply_to"])):
            raise BadCell("record", "Its record has an unusable comment: export the claim again.")
    elif made["kind"] == "reviews" and made["decision"] != Decision.MISSING_CLAIM:
        said.check_seen()
    elif made["kind"] == "adjudications" and not all(map(UUID.fullmatch, made["beside"])):
        raise said.refuse("beside")


def _changed(claim: Brought, item: Brought, told: Json) -> list[Brought]:
    """That a correction has changed an item's words, and nobody has looked at them yet."""
    one = told.one("changed")
    look = to_look_at(item["kind"], item["id"], claim["version"])
    return [one.when("transfers") | look | one.columns("transfers")] if one else []


_PEOPLE = frozenset({"by", "updated_by", *COLUMN_OF, *(c for c, table in REFERENCES.items() if table == "reviewers")})


def identified(record: object, called: Callable[[str], Person]) -> object:
    """A record with the id of everybody in it in place of their name, so that two can be compared."""
    if isinstance(record, list):
        return [identified(one, called) for one in record]
    if not isinstance(record, dict):
        return record
    who = Json(record, called)
    return {
        name: who.person(name)["id"] if name in _PEOPLE and value else identified(value, called)
        for name, value in record.items()
    }


_PASSING = frozenset({"id", "created", "updated", "updated_by", "at", "reply_to", "beside", "seen", "sources", "after"})
"""What the record of one claim has otherwise than that of another, though both say the same."""


def content(record: object) -> object:
    """What a record says, but for ids and times, and what people had before them."""
    if isinstance(record, list):
        return [content(one) for one in record]
    if not isinstance(record, dict):
        return record
    return {name: content(value) for name, value in record.items() if name not in _PASSING}


def as_recorded(record: Json, cells: Mapping[str, str]) -> None:
    """Refuse cells about the evidence that say something else than the record: they are for reading."""
    pieces = record.each("evidence")
    sources = [piece.one("source") for piece in pieces]
    urls = [source.text("url") if source else "" for source in sources]
    titles = [source.text("title") if source else "" for source in sources]
    told = {
        "evidence_urls": [url for url in urls if url],
        "evidence_stances": [piece.text("stance") for piece in pieces],
        "evidence_sources": [url or title for url, title in zip(urls, titles, strict=True)],
        "evidence_passages": [piece.text("quote") for piece in pieces],
        "evidence_locators": [piece.text("locator") for piece in pieces],
    }
    for name, values in told.items():
        cell = cells.get(name)
        if cell is None or (not cell and not values):
            continue
        if parallel(cell) != ([value.strip() for value in values] or [""]):
            mend = "put it back as it was, or change the evidence in factdesk"
            raise BadCell(name, f"It was changed, but the evidence comes from the record: {mend}.")


_LISTS = ("evidence_sources", "evidence_passages", "evidence_locators")
EVIDENCE_COLUMNS = ("evidence_stances", *_LISTS, "evidence_urls", *(f"evidence_{stance}" for stance in Stance))
"""The columns that tell of evidence."""


def by_hand(claim: Brought, cells: Mapping[str, str]) -> list[Brought]:
    """The verdict and evidence that a row without a record tells of.

    Each of the ``evidence_stances`` is a piece of evidence, with what stands at its place in the lists beside it.
    Without them each of the ``evidence_urls`` is one, of the one stance that is counted; where several are, or none,
    they give context.
    """
    when = {"by": claim["by"], "created": claim["created"], "updated": claim["updated"]}
    found: list[Brought] = []
    if cells.get("check_again", "").strip() not in ("", "0"):
        found.append(when | to_look_at("claims", str(claim["id"]), str(claim["version"])))
    key, justification = cells.get("verdict", "").strip(), cells.get("justification", "")
    if key or justification:
        found.append(_judged("verdicts", claim, when) | {"verdict": key, "justification": justification})
    if cells.keys().isdisjoint(EVIDENCE_COLUMNS) or not any(cells.get(name) for name in EVIDENCE_COLUMNS):
        return found
    last = str(claim["id"])
    for stance, about, quote, locator in _told(cells):
        last = clock.after(last)
        source = ""
        if about:
            known = {"url": about} if _is_address(about) else {"title": about}
            source = clock.derived("source", urls.canonical(about) if "url" in known else f"title {about}")
            found.append({"kind": "sources", "id": source} | known | when)
        said: Brought = {"stance": stance, "quote": quote, "locator": locator}
        found.append({"kind": "evidence", "id": last, "claim": claim["id"], "source": source} | said | when)
    return found


def _told(cells: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Stance, source, passage and locator of each piece of evidence."""
    stances = parallel(cells.get("evidence_stances", ""))
    if not any(stances):
        counted = [str(one) for one in Stance if cells.get(f"evidence_{one}", "").strip() not in ("", "0")]
        stance = counted[0] if len(counted) == 1 else str(Stance.CONTEXT)
        return [(stance, url, "", "") for url in dict.fromkeys(split(cells.get("evidence_urls", "")))]
    lists = [[stance.lower() for stance in stances]]
    for name in _LISTS:
        at = "evidence_urls" if name == "evidence_sources" and name not in cells else name
        values = parallel(cells.get(at, ""))
        if len(values) > len(stances):
            raise BadCell(at, f"It has {len(values)} values where evidence_stances has {len(stances)}.")
        lists.append(values + [""] * (len(stances) - len(values)))
    for stance in lists[0]:
        try:
            fields.checked({"stance": stance}, fields.EVIDENCE)
        except Refused as refusal:
            raise BadCell("evidence_stances", str(refusal)) from None
    return list(zip(*lists, strict=True))


def _is_address(about: str) -> bool:
    return "://" in about or (len(urls.spellings(about)) > 1 and not re.search(r"\s", about))
