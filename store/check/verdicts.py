"""Verdicts: what people conclude on claims, and why. Which verdicts there are is in `store.scheme` and its files."""

from __future__ import annotations

from store.access import fields
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.claims import Claims
from store.check.evidence import Citations
from store.check.transfers import JUDGED, answered
from store.errors import Refused, Unknown
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Claim, Verdict, id_of
from store.text.shorten import shorten


class Verdicts:
    """What people conclude on claims, and why."""

    def __init__(self, session: Session, may: Permissions, claims: Claims, citations: Citations) -> None:
        self._session = session
        self._may = may
        self._claims = claims
        self._citations = citations
        self._concluded: dict[str, tuple[str, ...]] = {}
        """The heads of the verdicts given through this desk, as they then stood."""

    def give(self, claim: Claim | Verdict | str, key: str, justification: str | None = None) -> Verdict:
        """Give your own verdict on a claim; an empty ``key`` takes it back. Others' verdicts stay as they are.

        A ``justification`` written for one verdict does not stay under another: without one, the words last written
        for the verdict now given come back, if there are any.

        Pass your own earlier ``Verdict`` to build on exactly that one; with your own ``Claim`` as it was read, a
        verdict that was given elsewhere since is not overwritten either, but becomes a conflict.

        Raises:
            Unknown: the scheme has no such verdict.
            Guarded: the scheme forbids it until its requirements are met.
        """
        if key:
            self.must_be_givable(key)
        return self.conclude(claim, verdict=key, justification=justification)

    def must_be_givable(self, key: str) -> None:
        """Refuse a verdict that the scheme does not have, or has no more."""
        scheme = self._session.scheme
        kind = scheme.verdict(key)
        if not kind.known:
            known = ", ".join(verdict.key for verdict in scheme.active)
            raise Unknown(f"The scheme {scheme.id} has no verdict “{shorten(key, 30)}”: use one of {known}.")
        if kind.retired:
            instead = f": use {kind.replaced_by}" if kind.replaced_by else ""
            raise Refused(f"The verdict “{key}” is retired in the scheme {scheme.id}{instead}.")

    def justify(self, claim: Claim | Verdict | str, justification: str) -> Verdict:
        """Write why the evidence leads to your verdict on a claim, before or after you give it."""
        return self.conclude(claim, verdict=None, justification=justification)

    def conclude(self, claim: Claim | Verdict | str, verdict: str | None, justification: str | None) -> Verdict:
        seen = claim if isinstance(claim, Verdict) else None
        with self._session.writing() as me:
            about = self._claims.still_open(claim.claim if isinstance(claim, Verdict) else claim)
            id = clock.derived("verdict", about.id, me)
            if seen is not None and seen.id != id:
                raise Refused(f"That verdict on {about.name} is {seen.by}'s: give your own instead.")
            row = self._session.log.row("verdicts", id)
            if row is None and not verdict and not justification:
                raise Refused(f"You have not given a verdict on {about.name}: give one first.")
            values: Patch = {"claim": about.id, "reviewer": me, "deleted": 0}
            if verdict is not None:
                values["verdict"] = verdict
            if justification is not None:
                values["justification"] = fields.clean(justification)
            elif row and verdict is not None and verdict != row["verdict"]:
                values["justification"] = self._words_for(id, verdict)
            given = verdict if verdict is not None else str(row["verdict"]) if row and not row["deleted"] else ""
            held = seen.justification if seen else str(row["justification"]) if row else ""
            self._may.must_meet(about.id, given, str(values.get("justification", held)))
            base = seen.heads if seen else None
            if row is not None and isinstance(claim, Claim) and claim.checker.id == self._session.me:
                shown = (claim.verdict, claim.justification)
                if shown != (row["verdict"], row["justification"]):
                    base = self._concluded.get(id, ())  # what stands there now was not seen
            edits = [Edit("verdicts", id, values, base)]
            if verdict and (about.missed or me == about.checker.id):
                edits += answered(self._session, about.id, JUDGED)
            self._session.write(edits)
            row = self._session.log.row("verdicts", id)
        assert row is not None
        self._concluded[id] = tuple(str(row["heads"]).split())
        return self._session.record(Verdict, row)

    def last(self, article: Article, but: str = "") -> Claim | None:
        """The claim of an article on which you last gave a verdict that stands; ``but`` leaves one out, by its id."""
        rows = self._session.rows(
            'SELECT v.claim FROM verdicts v JOIN claims c ON c.id = v.claim WHERE c.article = ? AND v."by" = ?'
            " AND v.verdict <> '' AND v.deleted = 0 AND c.deleted = 0 AND c.id <> ? ORDER BY v.updated DESC LIMIT 1",
            article.id,
            self._session.me,
            but,
        )
        return self._claims.get(rows[0]["claim"]) if rows else None

    def repeat(self, claim: Claim | str, like: Claim | str) -> Verdict:
        """Give a claim your verdict on another one, and cite your sources there with their stances.

        Passages, where they stand, notes and the justification are the other claim's own and stay empty. All of it is
        one step of undo.

        Raises:
            Refused: you have given no verdict there, or as for `give`.
        """
        like = self._claims.seen(like)
        mine = next((one for one in self.of(like) if one.by.id == self._session.me and one.verdict), None)
        if mine is None:
            raise Refused(f"You have not given a verdict on {like.name}: give one first.")
        self.must_be_givable(mine.verdict)
        with self._session.writing():
            self._citations.repeat(claim, like)
            return self.give(claim, mine.verdict)

    def put_aside(self, claim: Claim | str) -> str:
        """A sentence on the justification that was put aside when you last changed a verdict; empty if there is
        none."""
        id = clock.derived("verdict", id_of(claim), self._session.me)
        said = [entry.patch for entry in self._session.log.entries(items=[id]) if "verdict" in entry.patch]
        if len(said) < 2 or not said[-2].get("justification"):
            return ""
        (old, words), (new, kept) = ((patch["verdict"], patch.get("justification")) for patch in said[-2:])
        if old == new or words == kept or not old:
            return ""
        was, now = (self._session.scheme.verdict(str(key)).label for key in (old, new))
        return f"Your justification of “{was}” does not stay under “{now}”; giving “{was}” again brings it back."

    def _words_for(self, id: str, key: str) -> str:
        """The justification that goes with a verdict now given, by the id of the record and the key.

        Words belong to the verdict they were written for, and to none as long as none was given. They stay when it is
        taken back, do not go along to another, and come back with their own.
        """
        said = [entry.patch for entry in self._session.log.entries(items=[id]) if "verdict" in entry.patch]
        words = str(said[-1].get("justification", ""))
        owner = ""
        for patch in reversed(said):
            if owner or patch.get("justification") != words:
                break
            owner = str(patch["verdict"])
        if not key or owner in ("", key):
            return words
        return str(next((patch.get("justification") for patch in reversed(said) if patch["verdict"] == key), "") or "")

    def of(self, claim: Claim | str) -> list[Verdict]:
        """Everyone's verdict on a claim, the checker's first."""
        return [
            self._session.record(Verdict, row)
            for row in self._session.rows(
                "SELECT v.* FROM verdicts v JOIN claims c ON c.id = v.claim WHERE v.claim = ? AND v.deleted = 0"
                ' ORDER BY v."by" <> c."by", v.born',
                id_of(claim),
            )
        ]
