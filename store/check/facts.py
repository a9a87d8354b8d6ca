"""Facts: several claims on the same words, made of one and joined into one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

from store.access import fields
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.deletion import Deletion
from store.errors import Duplicate, Refused
from store.log import clock
from store.log.kinds import LISTS, Patch
from store.log.log import Edit
from store.records import Claim

_ALIKE = tuple(name for name in fields.CLAIM if name != "claim_text")
_ENDS = tuple('.!?…。！？؟।۔”’"')


class Tagger(Protocol):
    """What tags claims and changes their fields: `Claims`."""

    def get(self, ref: str) -> Claim: ...

    def add(self, article: Claim, start: int, end: int, details: Mapping[str, object], *, own: bool) -> Claim: ...

    def edit(self, claim: Claim, **details: object) -> Claim: ...


class Facts:
    """Splits and merges the claims of one span; `Claims` says what each does."""

    def __init__(self, session: Session, may: Permissions, claims: Tagger) -> None:
        self._session = session
        self._may = may
        self._claims = claims

    def split(self, claim: Claim, texts: Iterable[str]) -> list[Claim]:
        said = list(dict.fromkeys(text for text in (fields.clean(text).strip() for text in texts) if text))
        if len(said) < 2:
            raise Refused(f"To split {claim.name}, give two different facts or more, a line each.")
        with self._session.writing() as me:
            self._may.must_be_mine(claim.id)
            if claim.checker.id != me:
                raise Refused(f"{claim.name} is {claim.checker}'s: tag the same words as yours, and split that.")
            first, *others = said
            if first != claim.claim_text:
                self._claims.edit(claim, claim_text=first)
                self._take_back([claim.id], me)
            alike: dict[str, object] = {name: getattr(claim, name) for name in _ALIKE}
            made = [claim.id]
            for text in others:
                try:
                    one = self._claims.add(claim, claim.start, claim.end, {**alike, "claim_text": text}, own=True)
                except Duplicate as twin:
                    one = twin.claim
                made.append(one.id)
        return [self._claims.get(id) for id in made]

    def merge(self, claims: Sequence[Claim]) -> Claim:
        claims = list({claim.id: claim for claim in claims}.values())
        if len(claims) < 2:
            raise Refused("Name two claims or more to join.")
        kept, *gone = claims
        by = kept.checker.id
        with self._session.writing():
            for claim in claims:
                self._may.must_be_mine(claim.id)
                if (claim.version, claim.start, claim.end) != (kept.version, kept.start, kept.end):
                    raise Refused(f"{claim.name} and {kept.name} do not have the same words: move its edges first.")
                if claim.checker.id != by:
                    raise Refused(f"{claim.name} is {claim.checker}'s, {kept.name} {kept.checker}'s: they stay apart.")
            for claim in gone:
                self._refuse_judged(claim, by)
            self._claims_into(kept, gone)
            self._hang_over(kept, gone)
            self._judge(kept, gone, by)
            fallen = Deletion(self._session, self._may).fallen
            for claim in gone:
                self._session.write([Edit("claims", claim.id, {"deleted": 1}, claim.heads)])
                self._session.write(fallen("claims", claim.id))
        return self._claims.get(kept.id)

    def _refuse_judged(self, claim: Claim, by: str) -> None:
        """Refuse to join a claim that would take with it what somebody else has said of it."""
        rows = self._session.rows(
            "SELECT \"by\" FROM reviews WHERE claim = ?1 AND deleted = 0 AND decision <> ''"
            ' UNION SELECT "by" FROM verdicts WHERE claim = ?1 AND deleted = 0 AND verdict <> \'\' AND "by" <> ?2',
            claim.id,
            by,
        )
        if rows:
            who = self._session.person(rows[0]["by"])
            raise Refused(f"{who} has judged {claim.name}, and that would go with it: join the others into it instead.")

    def _claims_into(self, kept: Claim, gone: Sequence[Claim]) -> None:
        """Give the claim that stays the words, types and tags of all."""
        said: Patch = {"claim_text": in_one([claim.claim_text for claim in (kept, *gone)])}
        for name in _ALIKE:
            held = [value for claim in (kept, *gone) if (value := getattr(claim, name))]
            said[name] = list(dict.fromkeys(chain(*held))) if name in LISTS else next(iter(held), "")
        self._session.write([Edit("claims", kept.id, said, kept.heads)])

    def _hang_over(self, kept: Claim, gone: Sequence[Claim]) -> None:
        """Hang evidence and comments on the claim that stays, also what is hidden from who joins, and what was made of
        suggestions."""
        ids = json.dumps([claim.id for claim in gone])
        for kind, column in (("evidence", "claim"), ("comments", "claim"), ("choices", "taken")):
            rows = self._session.rows(
                f"SELECT id FROM main.{kind} WHERE {column} IN (SELECT value FROM json_each(?)) AND deleted = 0"
                " ORDER BY born",
                ids,
            )
            self._session.write([Edit(kind, row["id"], {column: kept.id}) for row in rows])

    def _judge(self, kept: Claim, gone: Sequence[Claim], by: str) -> None:
        """Keep the checker's verdict if all have the same, and all of their words."""
        held = [self._verdict(claim.id, by) for claim in (kept, *gone)]
        words = list(dict.fromkeys(str(row["justification"]).strip() for row in held))
        said: Patch = {"justification": "\n".join(filter(None, words))}
        keys = {row["verdict"] for row in held}
        if said["justification"] or keys != {""}:
            said["verdict"] = str(held[0]["verdict"]) if len(keys) == 1 else ""
            self._may.must_meet(kept.id, str(said["verdict"]), str(said["justification"]))
            place: Patch = {"claim": kept.id, "reviewer": by, "deleted": 0}
            self._session.write([Edit("verdicts", clock.derived("verdict", kept.id, by), place | said)])

    def _take_back(self, claims: Iterable[str], by: str) -> None:
        """Take the checker's verdicts back; what they wrote of why stays."""
        for claim in claims:
            if self._verdict(claim, by)["verdict"]:
                self._session.write([Edit("verdicts", clock.derived("verdict", claim, by), {"verdict": ""})])

    def _verdict(self, claim: str, by: str) -> Mapping[str, object]:
        row = self._session.log.row("verdicts", clock.derived("verdict", claim, by))
        return row if row and not row["deleted"] else {"verdict": "", "justification": ""}


def in_one(texts: Iterable[str]) -> str:
    """Several statements as one text: sentences stand behind each other, what has no end gets a semicolon."""

    def parts() -> Iterator[str]:
        said = list(dict.fromkeys(filter(None, (text.strip() for text in texts))))
        for number, text in enumerate(said, 1):
            yield text if number == len(said) or text.endswith(_ENDS) else f"{text};"

    return " ".join(parts())
