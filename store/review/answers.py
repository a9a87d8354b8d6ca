"""The checker's answers to what reviewers say, and the inbox in which it waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store.access import fields
from store.access.people import People
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.claims import Claims
from store.check.deletion import Deletion
from store.check.verdicts import Verdicts
from store.errors import Refused, Unknown
from store.log import clock, staleness
from store.log.kinds import Patch
from store.log.log import Edit
from store.person import NOBODY
from store.records import ACCEPTED, REJECTED, Article, Claim, Review, id_of
from store.review.inbox import ANSWERS, doubted, waits
from store.review.reviews import Reviews
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.vocabulary import Decision

DOUBT = "doubt"
"""What a doubt about evidence is called among the decisions in an inbox."""


class Proposal(NamedTuple):
    """What somebody said of your own claim (or that you missed it), waiting for an answer unless ``answered``."""

    claim: Claim
    review: Review


class Answers:
    """The checker's answers to what reviewers say, and the inbox."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        articles: Articles,
        claims: Claims,
        people: People,
        verdicts: Verdicts,
        reviews: Reviews,
        deletion: Deletion,
    ) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._people = people
        self._verdicts = verdicts
        self._reviews = reviews
        self._deletion = deletion

    def inbox(self, article: Article | str | None = None, *, answered: bool = False) -> list[Proposal]:
        """What others say that waits for you, article by article, in text order.

        What others propose about your own claims or remark on them and is not answered, or was accepted and is not
        done yet; what they doubt of your evidence; what you have proposed yourself and the checker rejects, as long as
        it is in dispute; and the verdict on a claim that you have reported. With ``answered`` also what has been
        answered, taken up by the reviewer, or settled.
        """
        me = self._session.me
        where, arguments = "a.deleted = 0", [me]
        if article is not None:
            where += " AND a.id = ?2"
            arguments.append(self._articles.get(article).id)
        if not answered:
            where += f" AND {waits('?1')}"
        rows = self._session.rows(
            "SELECT r.* FROM reviews_now r JOIN claims c ON c.id = r.claim JOIN articles a ON a.id = c.article"
            f" WHERE (?1 = {ANSWERS} OR (?1 = r.\"by\" AND r.answered <> ''))"
            f" AND r.decision <> 'agree' AND {where} ORDER BY a.born, c.start, c.\"end\" DESC, c.id, r.born",
            *arguments,
        )
        found = [Proposal(self._claims.get(row["claim"]), self._reviews.record(row)) for row in rows]
        found += [Proposal(self._claims.get(one.claim), one) for one in self.doubts(article, answered=answered)]
        places = {one.id: place for place, one in enumerate(self._articles.all())} if len(found) > 1 else {}
        found.sort(key=lambda one: (places.get(one.claim.article, 0), one.claim.start, -one.claim.end, one.claim.id))
        return found

    def doubts(self, article: Article | str | None = None, *, answered: bool = False) -> list[Review]:
        """The doubts of others about your own evidence that wait for a word or a change, as reviews whose decision is
        `DOUBT`; with ``answered`` all of them."""
        where, arguments = "a.deleted = 0", [self._session.me]
        if article is not None:
            where += " AND a.id = ?2"
            arguments.append(self._articles.get(article).id)
        if not answered:
            where += f" AND {doubted('?1')}"
        rows = self._session.rows(
            'SELECT t.*, e."by" AS whose FROM ticks_now t JOIN evidence e ON e.id = t.evidence'
            " JOIN claims c ON c.id = t.claim AND c.deleted = 0 JOIN articles a ON a.id = c.article"
            f" WHERE t.mark = 'doubted' AND e.\"by\" = ?1 AND {where} ORDER BY a.born, c.start, c.id, t.born",
            *arguments,
        )
        return [
            self._session.record(
                Review, row,
                decision=DOUBT, comment=row["note"], blind="", start=0, end=0, quote="", claim_text="", verdict="",
                justification="", stale=bool(row["outdated"]), standing="noted", answered="", answer_reason="",
                answered_by=NOBODY, answered_at=0, promised=False, again="", seen="", sources="", quote_shown="",
            )
            for row in rows
        ]  # fmt: skip

    def waiting(self, claim: Claim | str, by: str = "") -> Review:
        """The review of a claim that waits for an answer: that of the person who is named, or the only one.

        Raises:
            Unknown: the person named has not reviewed it.
            Refused: nobody objects, or several people do.
        """
        if by:
            return self._said(claim, by, [])
        name = self._session.claim_name(id_of(claim))
        found = [one for one in self._reviews.of(id_of(claim)) if one.standing == "open"]
        found = [one for one in found if one.by.id != self._session.me]
        found = [one for one in found if not one.answered] or found
        if not found:
            raise Refused(f"Nobody proposes anything about {name}: `factdesk inbox` lists what waits for you.")
        if len(found) > 1:
            people = " or --by ".join(one.by for one in found)
            raise Refused(f"{len(found)} people object to {name}: say --by {people}.")
        return found[0]

    def said_by(self, claim: Claim | str, name: str) -> Review:
        """What a person said of a claim that you can reply to: their review, else their last doubt about your evidence.

        Raises:
            Unknown: there is no such person, or they said nothing.
        """
        doubts = self.doubts(self._claims.get(claim).article, answered=True)
        return self._said(claim, name, [one for one in reversed(doubts) if one.claim == id_of(claim)])

    def _said(self, claim: Claim | str, name: str, doubts: Sequence[Review]) -> Review:
        person = self._people.get(name)
        for one in (*self._reviews.of(id_of(claim)), *doubts):
            if one.by.id == person.id:
                return one
        called = self._session.claim_name(id_of(claim))
        raise Unknown(f"{person} has not reviewed {called}: `factdesk show` lists who has.")

    def answer(self, review: Review, outcome: str, reason: str = "") -> Review:
        """Accept a proposal about your claim, which makes it your own change, or reject it.

        Accepting an objection that proposes no value (disagree, needs_evidence, comment) changes nothing yet: the
        claim comes back to the reviewer once you have changed it.

        Raises:
            Refused: the claim is not your own, the review has changed meanwhile, a rejection has no reason, or what
                is proposed cannot be done.
        """
        if review.decision == DOUBT:
            raise Refused("A doubt is answered in words, or by changing or deleting the evidence: reply to it.")
        if outcome not in (ACCEPTED, REJECTED):
            raise Refused(f"“{shorten(outcome, 30)}” is not an answer: use {ACCEPTED} or {REJECTED}.")
        if outcome == REJECTED and not reason.strip():
            raise Refused("To reject what is proposed, say why.")
        with self._session.writing() as me:
            claim = self._claims.get(review.claim)
            whose = review.whose if review.decision == Decision.MISSING_CLAIM else claim.checker
            if whose.id != self._session.me:
                raise Refused(f"Only {whose} can answer what is proposed about {claim.name}.")
            rows = self._session.rows("SELECT * FROM reviews_now WHERE id = ?", review.id)
            if not rows or tuple(str(rows[0]["heads"]).split()) != review.heads or rows[0]["verdict"] != review.verdict:
                raise Refused(f"{review.by} has changed the review of {claim.name} since you saw it: look at it again.")
            if rows[0]["standing"] in ("agreed", "settled"):
                raise Refused(f"There is nothing to answer on {claim.name}: it is {rows[0]['standing']}.")
            said: Patch = {"outcome": outcome, "reason": fields.clean(reason), "after": ""}
            asked = f"SELECT {staleness.said('r.verdict')} AS said FROM reviews_now r WHERE id = ?"
            said["seen"] = self._session.rows(asked, review.id)[0]["said"]
            if outcome == ACCEPTED:
                self._apply(claim, review)
                bare = Decision.CHANGE_VERDICT in review.proposals and self._claims.lacks(claim.id)
                # What was changed behind the reviewer's back, or is still to come, stays to be looked at.
                if not rows[0]["stale"] and not bare:
                    now = self._session.rows("SELECT whole FROM main.claim_states WHERE id = ?", claim.id)
                    said["after"] = now[0]["whole"]
            place: Patch = {"review": review.id, "reviewer": me, "deleted": 0}
            self._session.write([Edit("answers", clock.derived("answer", review.id, me), place | said)])
            if outcome == ACCEPTED and review.decision == Decision.REJECT_CLAIM:
                self._session.write(
                    [Edit("claims", claim.id, {"deleted": 1}, claim.heads), *self._deletion.fallen("claims", claim.id)]
                )
                return review._replace(standing=ACCEPTED, answered=ACCEPTED, answered_by=self._session.reviewer)
        return self._reviews.record(self._session.rows("SELECT * FROM reviews_now WHERE id = ?", review.id)[0])

    def _apply(self, claim: Claim, review: Review) -> None:
        """Make what is proposed your own change. A submitted set may be changed in this way."""
        if Decision.CHANGE_SPAN in review.proposals:
            if review.again:
                words = quoted(shorten(review.quote, 40))
                gone = f"The words proposed for {claim.name}, {words}, are not there in the corrected text"
                other = f"A correction has changed the words proposed for {claim.name}: they are {words} now"
                raise Refused(
                    f"{gone if review.again == 'vanished' else other}. Reject the proposal, or move the claim yourself."
                )
            article = self._articles.get(claim.article)
            span = self._claims.span(article, review.start, review.end)
            self._claims.refuse_edges(claim, article, span)
            self._session.write([Edit("claims", claim.id, span)])
        if Decision.CHANGE_CLAIM_TEXT in review.proposals:
            self._session.write([Edit("claims", claim.id, {"claim_text": review.claim_text})])
        if Decision.CHANGE_VERDICT in review.proposals:
            self._verdict_stands(claim, review.verdict)
            self._may.must_meet(claim.id, review.verdict, review.justification, accepted=True)
            me = self._session.me
            values: Patch = {"claim": claim.id, "reviewer": me, "deleted": 0}
            values |= {"verdict": review.verdict, "justification": review.justification}
            self._session.write([Edit("verdicts", clock.derived("verdict", claim.id, me), values)])

        if review.decision == Decision.MISSING_CLAIM and review.verdict:
            mine = self._session.log.row("verdicts", clock.derived("verdict", claim.id, self._session.me))
            if mine and not mine["deleted"] and mine["verdict"] not in ("", review.verdict):
                self._verdicts.give(claim.id, review.verdict)  # to accept theirs is to give up another

    def _verdict_stands(self, claim: Claim, key: str) -> None:
        """Refuse a verdict that cannot be given (any more)."""
        kind = self._session.scheme.verdict(key)
        if not kind.known or kind.retired:
            state = "retired in" if kind.known else "not in"
            raise Refused(
                f"The verdict “{key}” proposed for {claim.name} is {state} the scheme: it cannot be accepted."
            )
