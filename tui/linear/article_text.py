"""The text of an article in plain lines, as people see it: its sentences by their numbers, and words of them."""

from __future__ import annotations

from collections.abc import Sequence

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Article
from store.text import trim, units
from store.text.find import find_seen
from store.text.shorten import shorten
from store.text.units import Span
from tui.linear.claim_words import aloud
from tui.linear.conversation import Conversation, Over, Reply, numbers
from tui.text.motions import Units

READ = Reply("read", "reads the text out, from here or by the numbers of sentences", "[3-7]")

_AT_ONCE = 5
"""Sentences that are read out when no numbers are said."""


class ArticleText:
    """What an article says, sentence by sentence. Spans are of the stored text, words what people see of it."""

    def __init__(self, desk: Desk, article: Article, talk: Conversation) -> None:
        self._desk = desk
        self._talk = talk
        self._take(article)

    def _take(self, article: Article) -> None:
        self.article = article
        self._seen = self._desk.articles.shown(article)
        self.sentences: Sequence[Span] = self._desk.coverage.sentences(article)
        self.end = len(self._seen.source)
        self._units = Units(self._seen, article.language, article.lines, self.sentences)

    # Which version it is

    def renewed(self) -> bool:
        """Take the article as it is now; whether its text has been corrected.

        Raises:
            Over: it was deleted.
        """
        newest = self._newest()
        corrected = newest.version != self.article.version
        if newest != self.article:
            self._take(newest)
        return corrected

    def must_be_newest(self) -> None:
        """
        Raises:
            Over: the article was deleted.
            Refused: the text was corrected after it was told.
        """
        if self._newest().version != self.article.version:
            raise Refused("The text has been corrected since you were asked: nothing was changed.")

    def _newest(self) -> Article:
        try:
            return self._desk.articles.get(self.article.id)
        except Unknown:
            self._talk.say("This article was deleted from the desk.")
            raise Over from None

    # What it says

    def says(self, start: int, end: int) -> str:
        """What people see of a span, in words alone."""
        return aloud(self._seen.words(start, end))

    def number(self, offset: int) -> int:
        """The number of the sentence in which an offset lies, from 1."""
        return max(1, sum(start <= offset for start, _ in self.sentences))

    def sentence(self, offset: int) -> Span:
        """The sentence in which an offset lies; all of a text that has none."""
        return self.sentences[self.number(offset) - 1] if self.sentences else (0, self.end)

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
        places = find_seen(self._seen, words)
        if not places:
            raise Refused(f"The article does not say “{shorten(words)}”.")
        return next((span for span in places if span[0] >= after), places[0])

    def within(self, start: int, end: int, words: str) -> Span:
        """Where a sentence says some words.

        Raises:
            Refused: it does not.
        """
        found = next((one for one in find_seen(self._seen, words) if start <= one[0] and one[1] <= end), None)
        if found is None:
            raise Refused(f"This sentence does not say “{shorten(words)}”: write words that are in it.")
        return found

    def read(self, said: str, here: int) -> None:
        """Read out the sentences whose numbers are said, or those from an offset on."""
        if not self.sentences:
            raise Refused("The article has no sentence to read.")
        first = self.number(here)
        last = min(first + _AT_ONCE - 1, len(self.sentences))
        if said:
            first, last = numbers(said, len(self.sentences))
        for number, (start, end) in enumerate(self.sentences[first - 1 : last], first):
            self._talk.say(f"{number}. {self.says(start, end)}")
        if not said and last < len(self.sentences):
            self._talk.say(f"The article has {len(self.sentences)} sentences: read {last + 1} goes on.")

    def tagged(self, start: int, end: int, said: str) -> Span | None:
        """Have one or several words of a span chosen: what a tag holds of them, or None."""
        found = self.words(start, end, said)
        return self._fit(*trim.span(self._seen.text, *self._seen.places(*found))) if found else None

    def words(self, start: int, end: int, said: str) -> Span | None:
        """Have one or several words of a span chosen by their numbers: from the first to the last, or None."""
        words = units.words(self._seen.text, *self._seen.places(start, end))
        return self._chosen("word", [self._fit(*word) for word in words], said)

    def clauses(self, start: int, end: int, said: str) -> Span | None:
        """Have one or several clauses of a sentence, or of what is left of it, chosen by their numbers, or None."""
        found = self._units.clauses((start, end))
        return self._chosen("clause", [one for one in found if one[0] >= start and one[1] <= end], said)

    def _chosen(self, what: str, spans: Sequence[Span], said: str) -> Span | None:
        found = self._talk.choose(what, [self.says(*span) for span in spans], said)
        self.must_be_newest()
        return self._seen.fit(spans[found[0]][0], spans[found[1]][1]) if found else None

    def _fit(self, start: int, end: int) -> Span:
        """The span of the stored text that people see at these places."""
        return self._seen.fit(*self._seen.span(start, end))
