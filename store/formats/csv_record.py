"""What hangs on a claim, read back from its row.

It comes from the record column: JSON from a file that anybody may have edited, so nothing in it is trusted. Without
that column it is made of what the others tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from store import clock, fields
from store.formats.cells import split
from store.parts import KINDS, fits
from store.people import check_name, reviewer_id
from store.records import Stance
from store.refusals import Refused

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LAST = 2**48
Brought = dict[str, object]


@dataclass(frozen=True, slots=True)
class Json:
    """One JSON object of the record; what is asked of it must be there, and of its kind."""

    values: Mapping[str, object]

    @classmethod
    def read(cls, cell: str) -> Json:
        try:
            return cls._of(json.loads(cell), "record")
        except (ValueError, RecursionError):
            raise Refused("Its record is damaged: export the claim anew, or empty the column in every row.") from None

    @classmethod
    def _of(cls, value: object, name: str) -> Json:
        if not isinstance(value, dict):
            raise Refused(f"Its record has no usable “{name}”: export the claim anew.")
        return cls(value)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._refuse(name)
        return fields.clean(value)

    def whole(self, name: str) -> int:
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LAST:
            raise self._refuse(name)
        return value

    def id(self, name: str = "id") -> str:
        value = self.text(name)
        if not _UUID.fullmatch(value):
            raise self._refuse(name)
        return value

    def each(self, name: str) -> list[Json]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise self._refuse(name)
        return [self._of(one, name) for one in value]

    def one(self, name: str) -> Json | None:
        value = self.values.get(name)
        return None if value is None else self._of(value, name)

    def when(self, kind: str) -> Brought:
        """Who and when, and what contends, in the form ``Desk.bring`` takes."""
        created, updated = self.whole("created"), self.whole("updated")
        if updated < created:
            raise self._refuse("updated")
        return {
            "kind": kind,
            "by": check_name(self.text("by")),
            "created": created,
            "updated": updated,
            "updated_by": check_name(self.text("updated_by")),
            "contested": [one._contender(kind) for one in self.each("contested")],
        }

    def _contender(self, kind: str) -> Brought:
        part, values = self.text("part"), self._of(self.values.get("values"), "values").values
        columns = KINDS[kind].parts.get(part, ())
        if not values or not all(name in columns and fits(name, value) for name, value in values.items()):
            raise self._refuse("contested")
        return {"part": part, "values": values, "by": check_name(self.text("by")), "at": self.whole("at")}

    def _refuse(self, name: str) -> Refused:
        return Refused(f"Its record has no usable “{name}”: export the claim anew.")


def children(claim: Brought, record: Json, cells: Mapping[str, str], now: int) -> list[Brought]:
    """The verdicts, evidence, sources and comments of the record, in the form ``Desk.bring`` takes.

    ``cells`` hold the standing verdict and its justification. One that was put there although none stood is the
    checker's, given ``now``.
    """
    return [
        *_verdicts(claim, record, cells["verdict"].strip(), cells["justification"], now),
        *(one for piece in record.each("evidence") for one in _evidence(claim, piece)),
        *(_comment(claim, comment) for comment in record.each("comments")),
    ]


def _verdicts(claim: Brought, record: Json, key: str, justification: str, now: int) -> list[Brought]:
    found: dict[str, Brought] = {}
    standing = None
    for one in record.each("verdicts"):
        verdict = _verdict(claim, **one.when("verdicts"))
        if verdict["id"] in found:
            raise Refused(f"Its record has two verdicts by {verdict['by']}: export the claim anew.")
        found[str(verdict["id"])] = verdict
        if "verdict" in one.values:
            verdict |= {"verdict": one.text("verdict"), "justification": one.text("justification")}
        elif standing is not None:
            raise Refused("Its record has two standing verdicts: export the claim anew.")
        else:
            standing = verdict
    if standing is None and (key or justification):
        standing = _verdict(claim, by=claim["by"], created=now, updated=now)
        standing = found.setdefault(str(standing["id"]), standing)
        justification = justification or str(standing.get("justification", ""))
    if standing is not None:
        standing |= {"verdict": key, "justification": justification}
    return list(found.values())


def _verdict(claim: Brought, **when: object) -> Brought:
    person = reviewer_id(str(when["by"]))
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
    return [*found, piece.when("evidence") | {"id": piece.id(), "claim": claim["id"], "source": source} | values]


def _comment(claim: Brought, comment: Json) -> Brought:
    body, answered = comment.text("body"), comment.text("reply_to")
    if not body.strip() or (answered and not _UUID.fullmatch(answered)):
        raise Refused("Its record has an unusable comment: export the claim anew.")
    return comment.when("comments") | {"id": comment.id(), "claim": claim["id"], "reply_to": answered, "body": body}


def by_hand(claim: Brought, cells: Mapping[str, str]) -> list[Brought]:
    """The verdict and evidence that a row without a record tells of.

    The URLs are evidence of the one stance that is counted; where several are, or none, they give context.
    """
    when = {"by": claim["by"], "created": claim["created"], "updated": claim["updated"]}
    found: list[Brought] = []
    key, justification = cells.get("verdict", "").strip(), cells.get("justification", "")
    if key or justification:
        found.append(_verdict(claim, **when) | {"verdict": key, "justification": justification})
    stances = [str(stance) for stance in Stance if cells.get(f"evidence_{stance}", "").strip() not in ("", "0")]
    stance = stances[0] if len(stances) == 1 else str(Stance.CONTEXT)
    last = str(claim["id"])
    for url in dict.fromkeys(split(cells.get("evidence_urls", ""))):
        last = clock.after(last)
        source = clock.derived("source", fields.address(url))
        found.append({"kind": "sources", "id": source, "url": url} | when)
        found.append({"kind": "evidence", "id": last, "claim": claim["id"], "source": source, "stance": stance} | when)
    return found
