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
from store.history.foreign_record import UUID
from store.log import clock
from store.log.kinds import JUDGEMENTS, KINDS, REFERENCES, fits
from store.person import Person
from store.records import ACCEPTED, REJECTED
from store.review.reviews import REVEALED
from store.review.ticks import DOUBTED, SEEN
from store.text import urls
from store.vocabulary import Blind, Decision, Outcome, Stance

Brought = dict[str, object]


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
            raise self._refuse(name)
        return Json(value, self.called)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._refuse(name)
        return fields.clean(value)

    def whole(self, name: str) -> int:
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= clock.LATEST:
            raise self._refuse(name)
        return value

    def id(self, name: str = "id") -> str:
        value = self.text(name)
        if not UUID.fullmatch(value):
            raise self._refuse(name)
        return value

    def person(self, name: str) -> dict[str, str]:
        """Somebody, by the id and name that they have on the desk."""
        return self._who(name, self.values.get(name))

    def named(self, name: str) -> str:
        """What somebody is called in the file."""
        said = self.values.get(name)
        return self._of(said, name).text("name") if isinstance(said, dict) else self.text(name)

    def _who(self, name: str, said: object) -> dict[str, str]:
        """Somebody who stands by name, or by name and id: see ``claims``."""
        one = Json({"name": said}, self.called) if isinstance(said, str) else self._of(said, name)
        given = one.text("name")
        person = self.called(Person(given, one.id()) if "id" in one.values else given)
        return {"name": str(person), "id": person.id}

    def each(self, name: str) -> list[Json]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise self._refuse(name)
        return [self._of(one, name) for one in value]

    def one(self, name: str) -> Json | None:
        value = self.values.get(name)
        return None if value is None else self._of(value, name)

    def word(self, name: str, *words: str) -> str:
        """One of the words."""
        value = self.text(name)
        if value not in words:
            raise self._refuse(name)
        return value

    def ids(self, name: str) -> list[str]:
        """Several ids."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(id, str) and UUID.fullmatch(id) for id in value):
            raise self._refuse(name)
        return value

    def origin(self) -> str:
        """Where a claim comes from."""
        return self.text("origin") if "origin" in self.values else ""

    def pieces(self) -> str:
        """Where the pieces of a claim's span lie; empty when it is one."""
        return self.text("pieces") if "pieces" in self.values else ""

    def seen(self) -> str:
        """What a reviewer had before them: a claim's state as ``staleness.STATES`` has it, kept to the letter."""
        value = self.text("seen")
        try:
            state = self._of(json.loads(value), "seen").values
        except (ValueError, RecursionError):
            raise self._refuse("seen") from None
        whole, words = ("start", "end"), ("quote", "claim_text", *(("verdict",) if "verdict" in state else ()))
        if not all(isinstance(state.get(name), int) for name in whole) or not all(
            isinstance(state.get(name), str) for name in words
        ):
            raise self._refuse("seen")
        return value

    def when(self, kind: str) -> Brought:
        """Who and when, and what contends, in the form ``Desk.bring`` takes."""
        created, updated = self.whole("created"), self.whole("updated")
        if updated < created:
            raise self._refuse("updated")
        return {
            "kind": kind,
            "by": self.person("by"),
            "created": created,
            "updated": updated,
            "updated_by": self.person("updated_by"),
            "contested": [one._contender(kind) for one in self.each("contested")],
        }

    def _contender(self, kind: str) -> Brought:
        part, values = self.text("part"), self._of(self.values.get("values"), "values").values
        columns = KINDS[kind].parts.get(part, ())
        if not values or not all(
            name in columns and (fits(name, value) or REFERENCES.get(name) == "reviewers")
            for name, value in values.items()
        ):
            raise self._refuse("contested")
        people = {
            name: self._who(name, value)
            for name, value in values.items()
            if value and REFERENCES.get(name) == "reviewers"
        }
        said = {**values, **{name: person["id"] for name, person in people.items()}}
        by, at = self.person("by"), self.whole("at")
        return {"part": part, "values": said, "people": list(people.values()), "by": by, "at": at}

    def _refuse(self, name: str) -> Refused:
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
        *(one for piece in record.each("evidence") for one in _evidence(claim, piece)),
        *(_comment(claim, comment) for comment in record.each("comments")),
        *(one for review in record.each("reviews") for one in _review(claim, review)),
        *(_adjudication(claim, settled, key, justification) if settled else ()),
        *_changed(claim, "claims", str(claim["id"]), record),
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
        verdict = _verdict(claim, **one.when("verdicts"))
        if verdict["id"] in found:
            by = one.person("by")["name"]
            raise BadCell("record", f"Its record has two verdicts by {by}: export the claim again.")
        found[str(verdict["id"])] = verdict
        if "verdict" in one.values:
            verdict |= {"verdict": one.text("verdict"), "justification": one.text("justification")}
        elif standing is not None or cells is None:
            raise BadCell("record", "Its record has two standing verdicts: export the claim again.")
        else:
            standing = verdict
    if standing is None and (key or justification):
        standing = _verdict(claim, by=claim["by"], created=now, updated=now)
        standing = found.setdefault(str(standing["id"]), standing)
        justification = justification or str(standing.get("justification", ""))
    if standing is not None:
        standing |= {"verdict": key, "justification": justification}
    return list(found.values())


def id_in(when: Mapping[str, Any]) -> str:
    """The id of who said something."""
    return str(when["by"]["id"])


def _verdict(claim: Brought, **when: object) -> Brought:
    person = id_in(when)
    id = clock.derived("verdict", str(claim["id"]), person)
    return {"kind": "verdicts", "id": id, "claim": claim["id"], "reviewer": person} | when


def _evidence(claim: Brought, piece: Json) -> list[Brought]:
    found = []
    about = piece.one("source")
    if about is not None:
        said = {name: about.text(name) for name in fields.SOURCE}
        found.append(about.when("sources") | {"id": about.id()} | fields.checked(said, fields.SOURCE))
    values = fields.checked({name: piece.text(name) for name in fields.EVIDENCE}, fields.EVIDENCE)
    source = found[0]["id"] if found else ""
    found.append(piece.when("evidence") | {"id": piece.id(), "claim": claim["id"], "source": source} | values)
    return [*found, *(_tick(piece.id(), tick) for tick in piece.each("ticks"))]


def _tick(evidence: str, tick: Json) -> Brought:
    when = tick.when("ticks")
    person = id_in(when)
    said = {"mark": tick.word("mark", "", SEEN, DOUBTED), "reason": tick.text("reason"), "note": tick.text("note")}
    said["seen"] = tick.text("seen") if "seen" in tick.values else ""
    id = clock.derived("tick", evidence, person)
    return when | {"id": id, "evidence": evidence, "reviewer": person} | said


def _comment(claim: Brought, comment: Json) -> Brought:
    body, answered = comment.text("body"), comment.text("reply_to")
    if not body.strip() or (answered and not UUID.fullmatch(answered)):
        raise BadCell("record", "Its record has an unusable comment: export the claim again.")
    said = {"reply_to": answered, "body": body, "resolved": int(bool(comment.values.get("resolved", 0)))}
    return comment.when("comments") | {"id": comment.id(), "claim": claim["id"]} | said


def _review(claim: Brought, review: Json) -> list[Brought]:
    """A review and the answers to it."""
    when, whose = review.when("reviews"), review.person("whose")
    person = id_in(when)
    made = when | {"id": clock.derived("review", str(claim["id"]), person), "claim": claim["id"], "reviewer": person}
    made |= {"whose": whose["id"], "people": [whose]}
    made |= _texts(review, "reason", "comment", "quote", "claim_text")
    made |= {"start": review.whole("start"), "end": review.whole("end")}
    made["decision"] = decision = review.word("decision", *(str(word) for word in Decision))
    made["blind"] = review.word("blind", *(str(word) for word in Blind), REVEALED)
    made["seen"] = review.text("seen") if decision == Decision.MISSING_CLAIM else review.seen()
    made["sources"] = review.text("sources") if "sources" in review.values else ""
    made["version"] = claim["version"] if made["end"] else ""
    answers = [_answer(str(made["id"]), answer) for answer in review.each("answers")]
    return [made, *answers, *_changed(claim, "reviews", str(made["id"]), review)]


def _answer(review: str, answer: Json) -> Brought:
    when = answer.when("answers")
    person = id_in(when)
    said: Brought = _texts(answer, "reason", "seen", "after")
    said["outcome"] = answer.word("outcome", "", ACCEPTED, REJECTED)
    return when | {"id": clock.derived("answer", review, person), "review": review, "reviewer": person} | said


def _adjudication(claim: Brought, settled: Json, verdict: str, rationale: str) -> list[Brought]:
    when, judge = settled.when("adjudications"), settled.person("adjudicator")
    chosen = None if settled.values.get("chosen") == "" else settled.person("chosen")
    made = when | {"id": clock.derived("adjudication", str(claim["id"])), "claim": claim["id"]}
    made |= {"reviewer": judge["id"], "chosen": chosen["id"] if chosen else ""}
    made |= {"people": [person for person in (judge, chosen) if person]}
    made["outcome"] = settled.word("outcome", *(str(word) for word in Outcome))
    made |= _texts(settled, "quote", "claim_text")
    made |= {name: settled.whole(name) for name in ("stands", "start", "end")}
    made |= {"version": claim["version"] if made["end"] else "", "beside": settled.ids("beside")}
    made |= {"verdict": verdict, "rationale": rationale}
    return [made, *_changed(claim, "adjudications", str(made["id"]), settled)]


def _changed(claim: Brought, kind: str, item: str, told: Json) -> list[Brought]:
    """That a correction has changed an item's words, and nobody has looked at them yet."""
    one = told.one("changed")
    return (
        [one.when("transfers") | to_look_at(kind, item, str(claim["version"])) | _texts(one, "reason", "before")]
        if one
        else []
    )


def _texts(said: Json, *names: str) -> Brought:
    return {name: said.text(name) for name in names}


_PEOPLE = frozenset(
    {"by", "updated_by", "adjudicator", *(c for c, table in REFERENCES.items() if table == "reviewers")}
)


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
        found.append(_verdict(claim, **when) | {"verdict": key, "justification": justification})
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
