"""All that is known of one claim, read at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.desk import Desk
from store.records import Claim, Comment, Evidence, Verdict
from store.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the panel knows of a claim. ``mine`` is the verdict of who is working, ``stack`` the claims around."""

    claim: Claim
    me: str
    scheme: Scheme
    mine: Verdict | None
    others: tuple[Verdict, ...]
    evidence: tuple[Evidence, ...]
    comments: tuple[Comment, ...]
    lacks: tuple[str, ...]
    stack: tuple[Claim, ...]

    @classmethod
    def read(cls, desk: Desk, claim: Claim, stack: Sequence[Claim] = ()) -> Dossier:
        """Read what hangs on a claim; the claim itself is taken as it is."""
        scheme = desk.scheme
        verdicts = desk.verdicts(claim)
        evidence = desk.evidence(claim)
        mine = next((v for v in verdicts if is_by(v.by, desk.reviewer)), None)
        stances = [piece.stance for piece in evidence]
        lacks = scheme.lacks(claim.verdict, claim.justification, stances) if claim.verdict else []
        return cls(
            claim,
            desk.reviewer,
            scheme,
            mine,
            tuple(v for v in verdicts if v is not mine and (v.verdict or v.justification)),
            tuple(evidence),
            tuple(desk.comments(claim)) if claim.comment_count else (),
            tuple(lacks),
            tuple(other for other in stack if other.id != claim.id),
        )


def is_by(name: str, me: str) -> bool:
    """Whether a record's author is the one who is working."""
    return name.casefold() == me.casefold()
