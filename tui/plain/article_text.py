"""The text of an article in plain lines: its sentences by their numbers, and words of them."""

from __future__ import annotations

from collections.abc import Sequence

from store.desk import Desk
from store.errors import Refused
from store.records import Article
from store.text import tagged, units
from store.text.find import find
from store.text.units import Span
from tui.plain.conversation import Conversation, Reply, numbers

READ = Reply("read", "reads the text out, from here or by the numbers of sentences", "[3-7]")

_AT_ONCE = 5
"""Sentences that are read out when no numbers are said."""


class ArticleText:
    """What an article says, sentence by sentence."""

    def __init__(self, desk: Desk, article: Article, talk: Conversation) -> None:
        self._talk = talk
        self.text = desk.articles.text(article)
        self.sentences: Sequence[Span] = desk.coverage.sentences(article)

    def number(self, offset: int) -> int:
        """The number of the sentence in which an offset lies, from 1."""
        return sum(start <= offset for start, _ in self.sentences)

    def sentence(self, offset: int) -> Span:
        """The sentence in which an offset lies."""
        return self.sentences[max(0, self.number(offset) - 1)]

    def around(self, start: int, end: int) -> Span:
        """The sentences that a span lies in, from the start of the first to the end of the last."""
        return self.sentence(start)[0], self.sentence(max(start, end - 1))[1]

    def place(self, words: str, after: int = 0) -> Span:
        """Where the text says some words, behind an offset or else anywhere.

        Raises:
            Refused: it does not.
        """
        if not words:
            raise Refused("Say the words of the article that you mean.")
        places = find(self.text, words)
        if not places:
            raise Refused(f"The article does not say “{words}”.")
        return next((span for span in places if span[0] >= after), places[0])

    def read(self, said: str, here: int) -> None:
        """Read out the sentences whose numbers are said, or those from an offset on."""
        if not self.sentences:
            raise Refused("The article has no sentence to read.")
        first = max(1, self.number(here))
        last = min(first + _AT_ONCE - 1, len(self.sentences))
        if said:
            first, last = numbers(said, len(self.sentences))
        for number, (start, end) in enumerate(self.sentences[first - 1 : last], first):
            self._talk.say(f"{number}. {self.text[start:end]}")
        if not said and last < len(self.sentences):
            self._talk.say(f"The article has {len(self.sentences)} sentences: read {last + 1} goes on.")

    def words(self, span: Span, said: str) -> Span | None:
        """Have one or several words of a span chosen by their numbers: what is to be tagged of them, or None."""
        chosen = self.chosen("word", list(units.words(self.text, *span)), said)
        return tagged.span(self.text, *chosen) if chosen else None

    def chosen(self, what: str, spans: Sequence[Span], said: str) -> Span | None:
        """Have one or several spans of the text chosen by their numbers: from the first to the last, or None."""
        found = self._talk.choose(what, [self.text[start:end] for start, end in spans], said)
        return (spans[found[0]][0], spans[found[1]][1]) if found else None
