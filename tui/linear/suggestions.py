"""Suggestions by plain questions: what other people or a model think is a claim."""

from __future__ import annotations

from store.desk import Desk
from store.errors import Refused
from store.records import Article, Claim, Suggestion
from tui.linear.article_text import ArticleText
from tui.linear.claim_words import aloud
from tui.linear.conversation import Conversation, Reply
from tui.linear.round import Round, Wording

SUGGESTIONS = Reply("suggestions", "tells what others or a model suggest as claims, to accept, change or reject it")

_ASKED = Wording(
    "suggestion waits",
    "suggestions wait",
    "Is it a claim?",
    (
        Reply("accept", "makes it a claim of yours"),
        Reply("amend", "makes it a claim of yours with another claim text", "[WORDS]"),
        Reply("edges", "makes other words a claim of yours, by their numbers", "[3-7]"),
        Reply("reject", "says that it is not a claim to you"),
        Reply("sentence", "reads the sentence it stands in"),
    ),
)


class LinearSuggestions:
    """The suggestions that wait for you on an article, within a conversation about it."""

    def __init__(self, desk: Desk, article: Article, text: ArticleText, talk: Conversation) -> None:
        self._desk = desk
        self._article = article
        self._text = text
        self._talk = talk
        self._round: Round[Suggestion] = Round(desk, talk, _ASKED, self._read, self._hear, {
            "accept": lambda _: self._round.answered(lambda one: self._took(one, desk.suggestions.accept(one))),
            "amend": self._amend, "edges": self._edges,
            "reject": lambda _: self._round.answered(lambda one: f"Rejected {desk.suggestions.reject(one).name}."),
            "sentence": self._sentence,
        })  # fmt: skip

    def point_out(self) -> None:
        """Say that suggestions wait, where they do."""
        if waits := self._round.counted():
            self._talk.say(f"{waits}. Say suggestions to hear them.")

    def run(self) -> None:
        """Talk until none waits any more or it is done."""
        if self._round.counted():
            self._round.run()
        elif self._desk.suggestions.hidden(self._article):
            self._talk.say("Suggestions here are hidden from you until you have submitted your own set.")
        else:
            self._talk.say("No suggestion waits for you here.")

    def _read(self) -> list[tuple[str, Suggestion]]:
        return [(one.id, one) for one in self._desk.suggestions.of(self._article, waiting=True)]

    def _hear(self, one: Suggestion) -> None:
        sure = "" if one.confidence is None else f", {one.confidence:.2f} sure"
        self._talk.say(f"Suggestion {one.name} by {one.by}{sure}: “{aloud(one.quote_shown)}”.")
        for label, said in (("Called", one.label), ("Claim text", one.claim_text), ("Note", one.note)):
            if said:
                self._talk.say(f"{label}: {said}")

    def _took(self, one: Suggestion, claim: Claim) -> str:
        return f"{one.name} is yours, as {claim.name}: “{aloud(claim.quote_shown)}”."

    def _amend(self, rest: str) -> None:
        words = self._talk.wanted(rest, "Which claim text")
        self._round.answered(lambda one: self._took(one, self._desk.suggestions.amend(one, claim_text=words)))

    def _edges(self, rest: str) -> None:
        here = self._round.here()
        self._text.renewed()
        span = self._text.tagged(*self._text.around(here.start, here.end), rest)
        if span is None:
            raise Refused("Nothing was changed.")
        self._round.answered(lambda one: self._took(one, self._desk.suggestions.amend(one, *span)))

    def _sentence(self, rest: str) -> None:
        here = self._round.here()
        self._text.renewed()
        self._talk.say(self._text.says(*self._text.around(here.start, here.end)))
