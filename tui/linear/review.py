"""Reviewing somebody's claims by plain questions: each claim that waits for you, with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Claim, Review
from store.review.ticks import DOUBTED, SEEN
from store.vocabulary import Decision, Role
from tui.claim.state_glyphs import decided
from tui.linear.article_text import READ, ArticleText
from tui.linear.claim_answers import ON_COMMENTS, ON_EVIDENCE, ClaimAnswers
from tui.linear.claim_words import claim_named, details, evidence_words, undone_words
from tui.linear.conversation import EVER, SUBMITTED, Conversation, Over, Reply, understood
from tui.linear.inbox import INBOX, LinearInbox
from tui.linear.who_is_here import LinearCompany
from tui.review.queue import ReviewQueue
from tui.text.spans import reading_order

_AT_A_CLAIM = (
    Reply("agree", "says that it is right as it is"),
    Reply("disagree", "says that it is not, with a reason or words"),
    Reply("verdict", "proposes another verdict, or gives yours where theirs is hidden"),
    Reply("edges", "proposes other words of the text, by their numbers", "[3-7]"),
    Reply("text", "proposes another claim text", "[WORDS]"),
    Reply("needs", "says that it needs evidence"),
    Reply("reject", "says that there is nothing to check"),
    Reply("look", "tells the evidence piece by piece, to mark each as seen or to doubt it"),
    Reply("comment", "adds a comment", "[WORDS]"),
    Reply("tell", "tells the claim again"),
    Reply("remove", "takes back what you said of it; or only: remove evidence 1, or: remove comment 2", "[evidence 1]"),
    Reply("next", "goes to the next claim that waits for you"),
    Reply("back", "goes to the claim before, whether it waits or not"),
)
_MORE_AT_A_CLAIM = (
    Reply("why", "says why your own verdict", "[WORDS]"),
    Reply("clear", "takes your own verdict back"),
    Reply("repeat", "gives the verdict and sources that you gave on the claim before"),
    *ON_EVIDENCE[:2],
    *ON_COMMENTS,
)
_ALWAYS = (
    Reply("missing", "reports words of the article as a claim that was missed", "WORDS"),
    Reply("list", "lists the claims and what you said of each"),
    Reply("claim", "goes to a claim", "C5"),
    Reply("state", "says how many you have reviewed"),
    INBOX,
    READ,
    Reply("submit", "submits your review of this article"),
    Reply("reopen", "opens your submitted review again"),
    *EVER,
)


class LinearReview:
    """A conversation about the claims of one person on an article, or of everybody else's."""

    def __init__(self, desk: Desk, article: Article, whose: str, talk: Conversation) -> None:
        """
        Raises:
            Unknown: nobody is called so.
            Refused: there is nothing of theirs to review.
        """
        self._desk = desk
        self._whose = whose
        self._talk = talk
        self._said = ArticleText(desk, article, talk)
        self._company = LinearCompany(desk, self._said, talk, self._anew)
        self._answers = ClaimAnswers(desk, talk)
        self._inbox = LinearInbox(desk, article, talk)
        self._at = ""
        self._told: Claim | None = None
        """What was told last: what you say is said of that."""
        self._queue()
        self._does: dict[str, Callable[[str], None]] = {
            "agree": lambda _: self._decide(Decision.AGREE), "needs": lambda _: self._decide(Decision.NEEDS_EVIDENCE),
            "reject": lambda _: self._decide(Decision.REJECT_CLAIM), "disagree": self._disagree,
            "verdict": self._verdict, "edges": self._edges, "text": self._propose_text, "look": self._look,
            "comment": self._comment, "tell": self._tell, "remove": self._remove, "next": self._next,
            "back": self._back, "missing": self._missing, "list": self._list, "claim": self._go,
            "state": self._state, "undo": self._undo, "redo": self._redo, "submit": self._submit, "help": self._help,
            "quit": self._quit, "why": self._why, "clear": self._clear, "repeat": self._repeat, "inbox": self._hear,
            "read": self._read, "reopen": self._reopen,
            **{word: partial(self._at_claim, word) for word in ("evidence", "change", "reply", "resolve")},
        }  # fmt: skip

    def run(self) -> None:
        """Talk until the input ends or somebody quits."""
        self._talk.carry_on(self._begin, self._turn, lambda: self._desk.lost)

    def _begin(self) -> None:
        of = f"{self._whose}'s claims on" if self._whose else "Others' claims on"
        self._talk.say(f"{of} article {self._said.article.number}: {self._said.article.title or '(no title)'}")
        self._state("")
        self._inbox.point_out()
        self._next("")

    def _turn(self) -> None:
        line = self._company.ask(self._question)
        if line:
            here = (*_AT_A_CLAIM, *_MORE_AT_A_CLAIM) if self._at else ()
            word, rest = understood(line, (*here, *_ALWAYS))
            self._does[word](rest)
        else:
            self._tell("")

    def _question(self) -> str:
        if self._at and self._claim() is None:
            self._talk.say("The claim you were at has been deleted.")
            self._next("")
        found = self._claim()
        words = ", ".join(answer.word for answer in (_AT_A_CLAIM if found else _ALWAYS))
        return f"What do you say of {found[0].name}? {words}, help" if found else f"What now? {words}"

    def _anew(self) -> None:
        """Say where you are in a text that was corrected."""
        if self._claim():
            self._tell("")

    # Which claim

    def _queue(self) -> dict[str, tuple[Claim, Review | None]]:
        """The claims under review by their ids, in the order of the text, each with your own review."""
        queue = self._desk.reviews.queue(self._said.article, self._whose)
        return {claim.id: (claim, held) for claim, held in queue.claims}

    def _claim(self) -> tuple[Claim, Review | None] | None:
        return self._queue().get(self._at)

    def _here(self) -> tuple[Claim, Review | None]:
        found = self._claim()
        if found is None:
            raise Refused("Which claim? Go to one first, as in: claim C5")
        return found

    def _as_told(self) -> tuple[Claim, Review | None]:
        """The claim and your review of it, where it is what was told.

        Raises:
            Refused: somebody has changed it since; how it is now has been told.
        """
        claim, held = self._here()
        told = self._told
        if told is not None and told.id == claim.id and (told.heads, told.verdict) != (claim.heads, claim.verdict):
            self._talk.say(f"{claim.name} has changed since it was told: this is how it is now.")
            self._tell("")
            raise Refused("Nothing was changed.")
        return claim, held

    def _take(self, claim: Claim) -> None:
        self._at = claim.id
        self._tell("")

    def _next(self, rest: str) -> None:
        queue = self._queue()
        after = reading_order(queue[self._at][0]) if self._at in queue else (-1, 0, "")
        found = ReviewQueue(queue.values()).next_due(after)
        if found:
            self._take(queue[found][0])
        else:
            self._at = ""
            self._talk.say("Every claim is reviewed. Submit says that you have done.")

    def _back(self, rest: str) -> None:
        queue = self._queue()
        ids = list(queue)
        at = ids.index(self._at) if self._at in queue else len(ids)
        if not at:
            raise Refused("This is the first claim.")
        self._take(queue[ids[at - 1]][0])

    def _go(self, rest: str) -> None:
        if not rest:
            raise Refused("Say which claim, as in: claim C5")
        claim = self._desk.claims.get(rest.upper() if rest[:1] in "cC" else rest, self._said.article)
        self._desk.proposals.require(claim)
        self._take(claim)

    # What you say

    def _decide(self, decision: Decision, reason: str = "", comment: str = "") -> None:
        claim, held = self._as_told()
        self._go_on(self._desk.reviews.decide(claim, decision, reason=reason, comment=comment, seen=held))

    def _go_on(self, review: Review | None) -> None:
        """Say what is written of the claim, and go to the next."""
        if review is not None:
            self._talk.say(f"{self._here()[0].name}: {decided(review).word}.")
        self._next("")

    def _disagree(self, rest: str) -> None:
        self._as_told()
        reasons = [reason for reason in self._desk.scheme.reasons if not reason.retired]
        at = self._talk.one_of("Why?", [reason.label for reason in reasons]) if not rest else None
        words = rest or self._talk.words("In words: what is wrong, and where" + ("" if at is None else ", or nothing"))
        self._decide(Decision.DISAGREE, reasons[at].key if at is not None else "", words)

    def _verdict(self, rest: str) -> None:
        claim, held = self._as_told()
        choices = self._desk.scheme.active
        at = self._talk.one_of("Which verdict?", [kind.label for kind in choices])
        if at is None:
            raise Refused("Nothing was said.")
        hidden = self._desk.assignments.verdict_hidden(claim)
        review = self._desk.proposals.verdict(claim, choices[at].key, held)
        if aside := self._desk.verdicts.put_aside(claim):
            self._talk.say(aside)
        if hidden:
            self._tell("")
        why = self._talk.words("Why, or nothing")
        if why:
            self._desk.verdicts.justify(claim.id, why)
        self._go_on(review)

    def _edges(self, rest: str) -> None:
        claim, held = self._as_told()
        span = self._said.tagged(*self._said.around(claim.start, claim.end), rest)
        if span is not None:
            self._go_on(self._desk.proposals.span(claim, span, held))

    def _propose_text(self, rest: str) -> None:
        claim, held = self._as_told()
        review = self._desk.proposals.text(claim, rest or self._talk.words("Which claim text"), held)
        if review is None:
            raise Refused("Nothing was said: the words are empty, or the claim's own.")
        self._go_on(review)

    def _look(self, rest: str) -> None:
        claim, _ = self._here()
        pieces = self._desk.evidence.of(claim)
        if not pieces:
            raise Refused(f"There is no evidence on {claim.name}.")
        reasons = [reason for reason in self._desk.scheme.reasons if not reason.retired]
        for number, piece in enumerate(pieces, 1):
            self._talk.say(evidence_words(number, piece))
            said = self._talk.one_of("Of this?", ["seen", "doubt it"])
            if said == 0:
                self._desk.ticks.tick(piece, SEEN)
            elif said == 1:
                at = self._talk.one_of("Why?", [reason.label for reason in reasons])
                if at is None:
                    raise Refused("Nothing was said of this evidence.")
                self._desk.ticks.tick(piece, DOUBTED, reasons[at].key, self._talk.words("In words, or nothing"))

    def _comment(self, rest: str) -> None:
        claim, _ = self._here()
        self._desk.reviews.remark(claim, self._talk.wanted(rest, "Your comment"), reviewing=True)
        self._talk.say("Comment added.")

    def _remove(self, rest: str) -> None:
        claim, _ = self._here()
        if rest:
            self._answers.remove(claim, rest)
            return
        self._desk.reviews.take_back(claim)
        self._talk.say(f"Took back what you said of {claim.name}.")

    def _at_claim(self, word: str, rest: str) -> None:
        """What changes something beside the claim, and decides nothing."""
        getattr(self._answers, word)(self._here()[0], rest)

    def _why(self, rest: str) -> None:
        claim, _ = self._here()
        self._desk.verdicts.justify(claim.id, self._talk.wanted(rest, "Why"))
        self._talk.say("Saved.")

    def _clear(self, rest: str) -> None:
        claim, _ = self._here()
        self._desk.reviews.clear_verdict(claim)
        self._talk.say(f"Took back your verdict on {claim.name}.")

    def _repeat(self, rest: str) -> None:
        claim, held = self._as_told()
        like = self._answers.like(claim)
        key = next(one.verdict for one in self._desk.verdicts.of(like) if one.by.id == self._desk.reviewer.id)
        with self._desk.together():
            self._desk.evidence.repeat(claim, like)
            self._desk.proposals.verdict(claim, key, held)
        self._talk.say(f"As on {like.name}.")
        self._next("")

    def _missing(self, rest: str) -> None:
        span = self._desk.claims.chosen(self._said.article, *self._said.place(rest), missed=True)
        whose = self._whose
        checkers = sorted(self._desk.reviews.checkers(self._said.article)) if not whose else []
        if len(checkers) > 1:
            at = self._talk.one_of("Whose set is this claim missing from?", checkers)
            if at is None:
                raise Refused("Nothing was said.")
            whose = checkers[at]
        self._said.must_be_newest()
        review = self._desk.reviews.missing(self._said.article, *span, whose=whose)
        self._talk.say(f"Reported: {claim_named(self._desk.claims.get(review.claim))}")

    # The whole

    def _tell(self, rest: str) -> None:
        claim, _ = self._here()
        self._told = claim
        self._talk.say(f"{claim_named(claim)} Tagged by {claim.checker}.")
        for sentence in details(self._desk, claim):
            self._talk.say(sentence)

    def _list(self, rest: str) -> None:
        for claim, held in self._queue().values():
            said = held.decision.replace("_", " ") if held else "not reviewed"
            self._talk.say(f"{claim_named(claim)} {said[:1].upper()}{said[1:]}.")

    def _state(self, rest: str) -> None:
        queue = self._desk.reviews.queue(self._said.article, self._whose)
        self._talk.say(f"{queue.reviewed} of {len(queue.claims)} reviewed.")
        if self._desk.submissions.is_submitted(self._said.article, Role.REVIEWER.value):
            self._talk.say(SUBMITTED)

    def _undo(self, rest: str) -> None:
        self._talk.say(undone_words(self._desk.history.undo(), self._said.article.id))

    def _redo(self, rest: str) -> None:
        self._talk.say(undone_words(self._desk.history.redo(), self._said.article.id))

    def _submit(self, rest: str) -> None:
        self._desk.submissions.submit(self._said.article, Role.REVIEWER.value)
        self._talk.say("Submitted. Your review is locked until you reopen it.")

    def _reopen(self, rest: str) -> None:
        self._desk.submissions.reopen(self._said.article, Role.REVIEWER.value)
        self._talk.say("Reopened: you can change your review again.")

    def _hear(self, rest: str) -> None:
        claim = self._inbox.run()
        if claim is not None:
            self._desk.proposals.require(claim)
            self._take(claim)
        elif self._claim():
            self._tell("")

    def _read(self, rest: str) -> None:
        found = self._claim()
        self._said.read(rest, found[0].start if found else 0)

    def _help(self, rest: str) -> None:
        self._talk.explain("tells the claim again", (*_AT_A_CLAIM, *_MORE_AT_A_CLAIM, *_ALWAYS))

    def _quit(self, rest: str) -> None:
        raise Over
