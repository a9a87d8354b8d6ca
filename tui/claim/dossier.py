"""All that is known of one claim, read at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.check.threads import opened
from store.desk import Desk
from store.person import Person
from store.records import Claim, Comment, Evidence, Review, Suggestion, Tick, Verdict
from store.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the panel knows of a claim. ``mine`` is the verdict of who is working, ``stack`` the claims around.

    ``hidden`` says that others' verdicts are hidden until you have given your own, ``suggested`` are the suggestions on
    its words that wait for you, ``made_of`` the one that it was made of.
    """

    claim: Claim
    me: Person
    scheme: Scheme
    mine: Verdict | None
    others: tuple[Verdict, ...]
    evidence: tuple[Evidence, ...]
    comments: tuple[Comment, ...]
    lacks: tuple[str, ...]
    stack: tuple[Claim, ...]
    reviews: tuple[Review, ...] = ()
    ticks: tuple[Tick, ...] = ()
    hidden: bool = False
    suggested: tuple[Suggestion, ...] = ()
    made_of: Suggestion | None = None

    @classmethod
    def read(
        cls, desk: Desk, claim: Claim, stack: Sequence[Claim] = (), suggested: Sequence[Suggestion] = ()
    ) -> Dossier:
        """Read what hangs on a claim; the claim itself is taken as it is."""
        scheme = desk.scheme
        verdicts = desk.verdicts.of(claim)
        evidence = desk.evidence.of(claim) if claim.evidence_count else []
        mine = next((v for v in verdicts if v.by.id == desk.reviewer.id), None)
        lacking = desk.claims.lacking(claim.article, (claim.id,)).get(claim.id, ())
        return cls(
            claim,
            desk.reviewer,
            scheme,
            mine,
            tuple(v for v in verdicts if v is not mine and (v.verdict or v.justification)),
            tuple(evidence),
            tuple(desk.threads.of(claim)) if claim.comment_count else (),
            tuple(lack.sentence for lack in lacking if lack.what != "verdict"),
            tuple(other for other in stack if other.id != claim.id),
            tuple(desk.reviews.of(claim)),
            tuple(desk.ticks.of(claim)) if evidence else (),
            desk.assignments.verdict_hidden(claim),
            tuple(suggested),
            desk.suggestions.made_into(claim) if claim.origin else None,
        )

    @property
    def same_words(self) -> tuple[Claim, ...]:
        """The other claims on just the same words."""
        claim = self.claim
        return tuple(other for other in self.stack if (other.start, other.end) == (claim.start, claim.end))

    @property
    def my_review(self) -> Review | None:
        """The review of who is working."""
        return next((review for review in self.reviews if review.by.id == self.me.id), None)

    @property
    def theirs(self) -> Verdict | None:
        """The checker's verdict, when it is given and may be seen by somebody else."""
        return next((v for v in self.others if v.verdict and v.by.id == self.claim.checker.id), None)

    @property
    def threads(self) -> tuple[Comment, ...]:
        """The comments that open a thread."""
        return tuple(thread.root for thread in opened(self.comments))

    def answers(self, comment: Comment) -> str:
        """The id of the comment or review that a comment answers; empty for none, or for one that is gone."""
        known = {one.id for one in self.comments} | {one.id for one in self.reviews}
        return comment.reply_to if comment.reply_to in known else ""
