"""What is answered at a claim, in checking and in reviewing: evidence, comments, facts, a verdict like the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from store.check.threads import opened
from store.desk import Desk
from store.errors import Refused
from store.records import Claim, Comment, Evidence
from store.vocabulary import Stance, field_words
from tui.linear.claim_words import source_words
from tui.linear.conversation import Conversation, Reply, whole

ON_EVIDENCE = (
    Reply("evidence", "adds evidence, asking for each part", "[ADDRESS]"),
    Reply("change", "changes a piece of evidence by its number, asking for each part", "1"),
    Reply("remove", "deletes a piece of evidence or a comment of yours, as in: remove comment 2", "evidence 1"),
)
ON_COMMENTS = (
    Reply("reply", "answers a comment by its number", "1 [WORDS]"),
    Reply("resolve", "says that the thread of a comment is done with, or opens it again", "1"),
)
ON_FACTS = (
    Reply("split", "makes it several claims on the same words, asking for each fact"),
    Reply("join", "joins your other claims on the same words into it"),
)

_Held = TypeVar("_Held")
_PARTS = ("quote", "locator", "note")


class ClaimAnswers:
    """Answers at a claim. Each takes the claim and what was said behind the word."""

    def __init__(self, desk: Desk, talk: Conversation) -> None:
        self._desk = desk
        self._talk = talk

    # Evidence

    def evidence(self, claim: Claim, said: str) -> None:
        at = self._stance()
        if at is None:
            raise Refused("No evidence was added.")
        parts = {"url": said or self._talk.words("Address of the source, or nothing")}
        known = self._desk.evidence.sources_at(parts["url"]) if parts["url"] else []
        if known:
            self._talk.say(f"{source_words(known[0])}. It is {self._desk.sources.uses(known[0])}.")
        for name in _PARTS if known else (*_PARTS[:2], "title", *_PARTS[2:]):
            parts[name] = self._talk.words(f"{_question(name)}, or nothing")
        self._desk.evidence.add(claim, at, **{name: words for name, words in parts.items() if words})

    def _stance(self, none: str = "none") -> str | None:
        stances = [str(stance) for stance in Stance]
        at = self._talk.one_of("What does it do to the claim?", stances, none)
        return None if at is None else stances[at]

    def change(self, claim: Claim, said: str) -> None:
        piece = self._piece(claim, said)
        parts = {"stance": self._stance("as it is") or ""}
        held = {"quote": piece.quote, "locator": piece.locator, "note": piece.note}
        for name in (*_PARTS, "title") if piece.source else _PARTS:
            now = held.get(name) or (piece.source.title if piece.source and name == "title" else "")
            also = f", or nothing for “{now}”, or - to empty it" if now else ", or nothing"
            parts[name] = self._talk.words(_question(name) + also)
        changed = {name: "" if words == "-" else words for name, words in parts.items() if words}
        if not changed:
            raise Refused("Nothing was changed.")
        self._desk.evidence.revise(piece, only_here=self._only_here(piece, changed), **changed)
        self._talk.say("Changed.")

    def _only_here(self, piece: Evidence, changed: dict[str, str]) -> bool:
        """Whether the source is changed for this evidence alone: asked where other claims cite it."""
        if "title" not in changed or piece.source is None:
            return False
        uses = self._desk.sources.uses(piece.source)
        if uses.claims < 2:
            return False
        at = self._talk.one_of(f"This changes {uses.number}.", ["all of them", "only here"])
        if at is None:
            raise Refused("Nothing was changed.")
        return at == 1

    def _piece(self, claim: Claim, said: str) -> Evidence:
        return _nth(self._desk.evidence.of(claim), said, "evidence", claim)

    def _comment(self, claim: Claim, said: str) -> Comment:
        return _nth(self._desk.threads.of(claim), said, "comment", claim)

    def remove(self, claim: Claim, said: str) -> None:
        what, _, number = said.partition(" ")
        small = what.casefold()
        gone: Evidence | Comment
        if small and "evidence".startswith(small):
            what, gone = "evidence", self._piece(claim, number.strip())
        elif small and "comment".startswith(small):
            what, gone = "comment", self._comment(claim, number.strip())
            if gone.by.id != self._desk.reviewer.id:
                raise Refused(f"That comment is {gone.by}'s: answer it instead.")
        else:
            raise Refused("Say what to delete, as in: remove evidence 1, or: remove comment 2")
        self._desk.delete(gone)
        self._talk.say(f"Deleted the {what}. Undo brings it back.")

    # Comments

    def reply(self, claim: Claim, said: str) -> None:
        number, _, words = said.partition(" ")
        if not number.isdecimal() and len(self._desk.threads.of(claim)) == 1:
            number, words = "", said
        comment = self._comment(claim, number)
        self._desk.threads.comment(claim, self._talk.wanted(words.strip(), f"Your reply to {comment.by}"), comment)
        self._talk.say("Replied.")

    def resolve(self, claim: Claim, said: str) -> None:
        comment = self._comment(claim, said)
        known = self._desk.threads.of(claim)
        of = next(thread for thread in opened(known) if comment in (thread.root, *thread.replies))
        root = self._desk.threads.resolve(comment, not of.root.resolved)
        self._talk.say("The thread is done with." if root.resolved else "The thread is open again.")

    # The verdict once more

    def like(self, claim: Claim) -> Claim:
        """The claim whose verdict, stance and sources are given once more.

        Raises:
            Refused: you have given none in the article.
        """
        like = self._desk.verdicts.last(self._desk.articles.get(claim.article), claim.id)
        if like is None:
            raise Refused("You have not given a verdict on another claim here: there is nothing to repeat.")
        return like

    # Facts

    def split(self, claim: Claim) -> list[Claim]:
        """Make a claim several, as many as facts are told.

        Raises:
            Refused: it is not yours, or fewer than two are told.
        """
        self._desk.claims.may_edit(claim)
        facts: list[str] = []
        while words := self._talk.words(f"Fact {len(facts) + 1}" + ", or nothing when that is all" * (len(facts) > 1)):
            facts.append(words)
        made = self._desk.claims.split(claim, facts)
        self._talk.say(f"{claim.name} is {len(made)} claims now: {', '.join(one.name for one in made)}.")
        return made

    def join(self, claim: Claim) -> Claim:
        """Join the other claims of the same checker on the same words into one.

        Raises:
            Refused: there is none.
        """
        span = (claim.start, claim.end)
        others = [
            one
            for one in self._desk.claims.of(claim.article)
            if (one.start, one.end) == span and one.checker.id == claim.checker.id and one.id != claim.id
        ]
        if not others:
            raise Refused(f"{claim.name} is the only claim of {claim.checker}'s on these words: there is none to join.")
        joined = self._desk.claims.merge([claim, *others])
        self._talk.say(f"Joined {', '.join(one.name for one in others)} into {claim.name}. Undo parts them again.")
        return joined


def _question(name: str) -> str:
    """What is asked for a field of evidence or of its source."""
    return "Title of the source" if name == "title" else field_words(name).capitalize()


def _nth(held: Sequence[_Held], said: str, what: str, claim: Claim) -> _Held:
    """What a number means, as tell tells it; the only one there is needs no number."""
    if not held:
        raise Refused(f"There is no {what} on {claim.name}.")
    if not said and len(held) == 1:
        return held[0]
    number = whole(said)
    if number is None or not 1 <= number <= len(held):
        raise Refused(f"Say which {what} by its number, from 1 to {len(held)}: tell gives the numbers.")
    return held[number - 1]
