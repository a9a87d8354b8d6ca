"""The inbox by plain questions: what others say of your claims and reviews."""

from __future__ import annotations

from store.desk import Desk
from store.errors import Refused
from store.records import ACCEPTED, REJECTED, Article, Claim, Review
from store.review.answers import Proposal
from tui.linear.claim_words import claim_named, claim_standing, details, review_words
from tui.linear.conversation import Conversation, Done, Reply
from tui.linear.round import Round, Wording

INBOX = Reply("inbox", "tells what others say of your claims and reviews, to answer it")

_ASKED = Wording(
    "thing waits",
    "things wait",
    "What do you say to this?",
    (
        Reply("accept", "accepts what is proposed: it becomes your own change"),
        Reply("reject", "rejects it, and says why", "[WORDS]"),
        Reply("reply", "replies in words", "[WORDS]"),
        Reply("resolve", "says that the thread about it is done with, or opens it again"),
        Reply("tell", "tells all that is said of the claim"),
        Reply("go", "goes to the claim in the article"),
    ),
)


class LinearInbox:
    """What waits for you on an article, within a conversation about it."""

    def __init__(self, desk: Desk, article: Article, talk: Conversation) -> None:
        self._desk = desk
        self._article = article
        self._talk = talk
        self._gone_to: Claim | None = None
        self._round: Round[Proposal] = Round(desk, talk, _ASKED, self._read, self._hear, {
            "accept": lambda _: self._round.answered(self._accept), "reject": self._reject, "reply": self._reply,
            "resolve": self._resolve, "tell": self._tell, "go": self._go,
        })  # fmt: skip

    def point_out(self) -> None:
        """Say that something waits, where it does."""
        if waits := self._round.counted():
            self._talk.say(f"{waits}. Say inbox to hear it.")

    def run(self) -> Claim | None:
        """Talk until nothing waits any more or it is done; the claim that was gone to, if one was."""
        self._gone_to = None
        if self._round.counted():
            self._round.run()
        else:
            self._talk.say("Nothing waits for you here.")
        return self._gone_to

    def _read(self) -> list[tuple[str, Proposal]]:
        return [(one.review.id, one) for one in self._desk.answers.inbox(self._article)]

    def _is_mine(self, one: Proposal) -> bool:
        """Whether it is a review of your own, which is here for its answer."""
        return one.review.by.id == self._desk.reviewer.id

    def _hear(self, one: Proposal) -> None:
        self._talk.say(f"{claim_named(one.claim)} {review_words(self._desk, one.review)}")
        if one.review.promised:
            self._talk.say("You have accepted this, and not done it yet: go leads to the claim.")
        for comment in self._desk.threads.of(one.claim):
            if comment.reply_to == one.review.id:
                self._talk.say(f"{comment.by} replies: {comment.body}")

    # Answers

    def _accept(self, one: Proposal) -> str:
        claim, review = one
        if self._is_mine(one) and review.looks:
            self._desk.reviews.decide(claim, "agree")
            return f"You agree with the verdict on {claim.name}."
        done = self._desk.answers.answer(self._to_answer(one), ACCEPTED)
        asks = "given it a verdict" if done.decision == "missing_claim" else "changed it"
        waits = f" {claim.name} waits here until you have {asks}." if done.promised else ""
        lacks = self._desk.claims.lacking(claim.article, [claim.id]).get(claim.id, ())
        told = "".join(f" {claim.name}: {lack.sentence}." for lack in lacks)
        return f"Accepted what {review.by} says of {claim.name}.{waits}{told}"

    def _to_answer(self, one: Proposal) -> Review:
        """The review, where it asks for an answer of yours."""
        if self._is_mine(one):
            raise Refused(f"That is what you said of {one.claim.name}: reply to it, or go there to decide again.")
        return one.review

    def _reject(self, rest: str) -> None:
        review = self._to_answer(self._round.here())
        words = self._talk.wanted(rest, "Why")

        def reject(one: Proposal) -> str:
            self._desk.answers.answer(review, REJECTED, words)
            return f"Rejected what {review.by} says of {one.claim.name}."

        self._round.answered(reject)

    def _reply(self, rest: str) -> None:
        one = self._round.here()
        who = one.review.answered_by if self._is_mine(one) else one.review.by
        words = self._talk.wanted(rest, f"Your reply to {who}")

        def reply(one: Proposal) -> str:
            self._desk.threads.comment(one.claim, words, one.review.id)
            return f"Replied to {who}."

        self._round.answered(reply)

    def _resolve(self, rest: str) -> None:
        claim, review = self._round.here()
        thread = [one for one in self._desk.threads.of(claim) if one.reply_to == review.id]
        if not thread:
            raise Refused("Nobody has replied here yet: there is no thread to resolve.")
        root = self._desk.threads.resolve(thread[0], not thread[0].resolved)
        self._talk.say("The thread is done with." if root.resolved else "The thread is open again.")

    def _tell(self, rest: str) -> None:
        claim = self._desk.claims.get(self._round.here().claim.id)
        self._talk.say(f"{claim_named(claim)} {claim_standing(self._desk, claim)}")
        for sentence in details(self._desk, claim):
            self._talk.say(sentence)

    def _go(self, rest: str) -> None:
        self._gone_to = self._desk.claims.get(self._round.here().claim.id)
        raise Done
