"""Reviewing somebody's claims by plain questions: each claim that waits for you, with its evidence."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Claim, Review
from store.review.queue import is_due
from store.review.ticks import DOUBTED, SEEN
from store.text import tagged, units
from store.text.find import find
from store.vocabulary import Decision, Role
from tui.plain.claim_words import claim_named, details, evidence_words
from tui.plain.company import PlainCompany
from tui.plain.conversation import EVER, Conversation, Over, Reply, understood

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
    Reply("remove", "takes back what you said of it"),
    Reply("next", "goes to the next claim that waits for you"),
    Reply("back", "goes to the claim before, whether it waits or not"),
)
_ALWAYS = (
    Reply("missing", "reports words of the article as a claim that was missed", "WORDS"),
    Reply("list", "lists the claims and what you said of each"),
    Reply("claim", "goes to a claim", "C5"),
    Reply("state", "says how many you have reviewed"),
    Reply("submit", "submits your review of this article"),
    *EVER,
)


class PlainReview:
    """A conversation about the claims of one person on an article, or of everybody else's."""

    def __init__(self, desk: Desk, article: Article, whose: str, talk: Conversation) -> None:
        """
        Raises:
            Unknown: nobody is called so.
            Refused: there is nothing of theirs to review.
        """
        self._desk = desk
        self._article = article
        self._whose = whose
        self._talk = talk
        self._company = PlainCompany(desk, article, talk)
        self._text = desk.articles.text(article)
        self._at = ""
        self._queue()
        self._does: dict[str, Callable[[str], None]] = {
            "agree": lambda _: self._decide(Decision.AGREE), "needs": lambda _: self._decide(Decision.NEEDS_EVIDENCE),
            "reject": lambda _: self._decide(Decision.REJECT_CLAIM), "disagree": self._disagree,
            "verdict": self._verdict, "edges": self._edges, "text": self._propose_text, "look": self._look,
            "comment": self._comment, "tell": self._tell, "remove": self._remove, "next": self._next,
            "back": self._back, "missing": self._missing, "list": self._list, "claim": self._go,
            "state": self._state, "undo": self._undo, "redo": self._redo, "submit": self._submit, "help": self._help,
            "quit": self._quit,
        }  # fmt: skip

    def run(self) -> None:
        """Talk until the input ends or somebody quits."""
        self._talk.carry_on(self._begin, self._turn)

    def _begin(self) -> None:
        of = f"{self._whose}'s claims on" if self._whose else "Others' claims on"
        self._talk.say(f"{of} article {self._article.number}: {self._article.title or '(no title)'}")
        self._state("")
        self._next("")

    def _turn(self) -> None:
        self._company.look()
        found = self._claim()
        answers = (*(_AT_A_CLAIM if found else ()), *_ALWAYS)
        words = ", ".join(answer.word for answer in (_AT_A_CLAIM if found else _ALWAYS))
        line = self._talk.ask(f"What do you say of {found[0].name}? {words}, help" if found else f"What now? {words}")
        if line:
            word, rest = understood(line, answers)
            self._does[word](rest)
        else:
            self._tell("")

    # Which claim

    def _queue(self) -> dict[str, tuple[Claim, Review | None]]:
        """The claims under review by their ids, in the order of the text, each with your own review."""
        return {claim.id: (claim, held) for claim, held in self._desk.reviews.queue(self._article, self._whose).claims}

    def _claim(self) -> tuple[Claim, Review | None] | None:
        return self._queue().get(self._at)

    def _here(self) -> tuple[Claim, Review | None]:
        found = self._claim()
        if found is None:
            raise Refused("Which claim? Go to one first, as in: claim C5")
        return found

    def _take(self, claim: Claim) -> None:
        self._at = claim.id
        self._tell("")

    def _next(self, rest: str) -> None:
        queue = self._queue()
        ids = list(queue)
        at = ids.index(self._at) + 1 if self._at in queue else 0
        due = [claim for claim, held in (queue[id] for id in (*ids[at:], *ids[:at])) if is_due(claim, held)]
        if due:
            self._take(due[0])
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
        claim = self._desk.claims.get(rest.upper() if rest[:1] in "cC" else rest, self._article)
        self._desk.proposals.require(claim)
        self._take(claim)

    # What you say

    def _decide(self, decision: Decision, reason: str = "", comment: str = "") -> None:
        claim, held = self._here()
        self._desk.reviews.decide(claim, decision, reason=reason, comment=comment, seen=held)
        self._next("")

    def _disagree(self, rest: str) -> None:
        self._here()
        reasons = [reason for reason in self._desk.scheme.reasons if not reason.retired]
        at = self._talk.one_of("Why?", [reason.label for reason in reasons]) if not rest else None
        words = rest or self._talk.ask("In words: what is wrong, and where" + ("" if at is None else ", or nothing"))
        self._decide(Decision.DISAGREE, reasons[at].key if at is not None else "", words)

    def _verdict(self, rest: str) -> None:
        claim, held = self._here()
        choices = self._desk.scheme.active
        at = self._talk.one_of("Which verdict?", [kind.label for kind in choices])
        if at is None:
            raise Refused("Nothing was said.")
        hidden = self._desk.assignments.verdict_hidden(claim)
        self._desk.proposals.verdict(claim, choices[at].key, held)
        if aside := self._desk.verdicts.put_aside(claim):
            self._talk.say(aside)
        if hidden:
            self._tell("")
        why = self._talk.ask("Why, or nothing")
        if why:
            self._desk.verdicts.justify(claim.id, why)
        self._next("")

    def _edges(self, rest: str) -> None:
        claim, held = self._here()
        around = [s for s in self._desk.coverage.sentences(self._article) if s[0] < claim.end and s[1] > claim.start]
        start, end = (around[0][0], around[-1][1]) if around else (claim.start, claim.end)
        words = list(units.words(self._text, start, end))
        found = self._talk.choose("word", [self._text[a:b] for a, b in words], rest)
        if found:
            span = tagged.span(self._text, words[found[0]][0], words[found[1]][1])
            self._desk.proposals.span(claim, span, held)
            self._next("")

    def _propose_text(self, rest: str) -> None:
        claim, held = self._here()
        if self._desk.proposals.text(claim, rest or self._talk.ask("Which claim text"), held) is None:
            raise Refused("Nothing was said: the words are empty, or the claim's own.")
        self._next("")

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
                self._desk.ticks.tick(piece, DOUBTED, reasons[at].key, self._talk.ask("In words, or nothing"))

    def _comment(self, rest: str) -> None:
        claim, _ = self._here()
        self._desk.reviews.remark(claim, rest or self._talk.ask("Your comment"), reviewing=True)
        self._talk.say("Comment added.")

    def _remove(self, rest: str) -> None:
        claim, _ = self._here()
        self._desk.reviews.take_back(claim)
        self._talk.say(f"Took back what you said of {claim.name}.")

    def _missing(self, rest: str) -> None:
        places = find(self._text, rest)
        if not places:
            raise Refused(f"The article does not say “{rest}”." if rest else "Say the words that were missed.")
        span = tagged.span(self._text, *places[0])
        review = self._desk.reviews.missing(self._article, *span, whose=self._whose)
        self._talk.say(f"Reported: {claim_named(self._desk.claims.get(review.claim))}")

    # The whole

    def _tell(self, rest: str) -> None:
        claim, held = self._here()
        self._talk.say(f"{claim_named(claim)} Tagged by {claim.checker}.")
        for sentence in details(self._desk, claim):
            self._talk.say(sentence)
        if held is not None:
            again = " The claim has changed since." if held.stale else ""
            self._talk.say(f"You said: {held.decision.replace('_', ' ')}. {held.comment}{again}")

    def _list(self, rest: str) -> None:
        for claim, held in self._queue().values():
            said = held.decision.replace("_", " ") if held else "not reviewed"
            self._talk.say(f"{claim_named(claim)} {said[:1].upper()}{said[1:]}.")

    def _state(self, rest: str) -> None:
        queue = self._desk.reviews.queue(self._article, self._whose)
        self._talk.say(f"{queue.reviewed} of {len(queue.claims)} reviewed.")

    def _undo(self, rest: str) -> None:
        self._talk.say(self._desk.history.undo().sentence)

    def _redo(self, rest: str) -> None:
        self._talk.say(self._desk.history.redo().sentence)

    def _submit(self, rest: str) -> None:
        self._desk.submissions.submit(self._article, Role.REVIEWER.value)
        self._talk.say("Submitted. Your review is locked until you reopen it.")

    def _help(self, rest: str) -> None:
        self._talk.explain("tells the claim again", (*_AT_A_CLAIM, *_ALWAYS))

    def _quit(self, rest: str) -> None:
        raise Over
