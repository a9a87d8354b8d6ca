"""Where a caret goes: pure functions from an offset to an offset, in code points.

A caret stands before a grapheme cluster or after the last one of a line. Whatever offset comes in, what goes out
is between 0 and the length of the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property

from store.text import units
from store.text.shown_text import Shown
from store.text.units import Span
from tui.text.layout import Layout

_NEAR = 50
"""How many sentences are looked through for a clause: some have none, such as a row of stars."""


class Units:
    """The sentences, clauses, quotations and paragraphs of one text, found when first asked for, as people see it."""

    def __init__(
        self, text: str | Shown, language: str = "", lines: str = "", sentences: Sequence[Span] | None = None
    ) -> None:
        """``language`` and ``lines`` as for ``sentences``, which are taken as they are if already known."""
        self._seen = text if isinstance(text, Shown) else Shown(text)
        self.text = self._seen.source
        self._language = language
        self._lines = lines
        self._sentences = sentences
        self._clauses: tuple[Span, Sequence[Span]] = ((0, 0), ())

    def with_sentences(
        self, sentences: Sequence[Span] | None, language: str | None = None, seen: Shown | None = None
    ) -> Units:
        """The same text with sentences that are known, and in another language or shown otherwise if that is given."""
        return Units(
            self._seen if seen is None else seen,
            self._language if language is None else language,
            self._lines,
            sentences,
        )

    @cached_property
    def sentences(self) -> Sequence[Span]:
        if self._sentences is not None:
            return self._sentences
        from store.text.sentences import sentences

        return self._fit(sentences(self._seen.masked, self._language, self._lines))

    @cached_property
    def _spoken(self) -> str:
        from store.text.language import spoken

        return spoken(self._language, self._seen.text)

    def clauses(self, sentence: Span) -> Sequence[Span]:
        """The clauses of a sentence, in order; only those of the one last asked for are kept."""
        if self._clauses[0] != sentence:
            from store.text.clauses import clauses

            found = clauses(self._seen.text, self._seen.places(*sentence), self._spoken)
            self._clauses = sentence, self._fit([self._seen.span(*clause) for clause in found])
        return self._clauses[1]

    @cached_property
    def quotations(self) -> Sequence[Span]:
        return self._fit(units.quotations(self._seen.masked))

    @cached_property
    def paragraphs(self) -> Sequence[Span]:
        return self._fit(units.paragraphs(self._seen.masked))

    def _fit(self, spans: list[Span]) -> Sequence[Span]:
        return [self._seen.fit(*span) for span in spans] if self._seen else spans

    def word_at(self, offset: int) -> Span | None:
        """The word at ``offset``, or the one that ends there."""
        text, place = self._seen.text, self._seen.place(offset)
        word = units.word_at(text, place) or (
            units.word_at(text, units.previous_grapheme(text, place)) if place else None
        )
        return self._seen.span(*word) if word else None

    def sentence_at(self, offset: int) -> Span | None:
        """The sentence at ``offset``; between two of them the next one of the paragraph, else the one before."""
        return self._nearest(self.sentences, offset)

    def clause_at(self, offset: int) -> Span | None:
        """The clause at ``offset``; between two of them the next one of the sentence, else the one before."""
        sentence = self.sentence_at(offset)
        found = self.clauses(sentence) if sentence else ()
        return next((clause for clause in found if offset < clause[1]), found[-1] if found else None)

    def next_clause(self, offset: int) -> int:
        """Where the next clause begins; the end of the text after the last one."""
        return self._beyond(offset, 0)

    def clause_end(self, offset: int) -> int:
        """Where this clause ends, or the next one if it ends here; the end of the text after the last one."""
        return self._beyond(offset, 1)

    def previous_clause(self, offset: int) -> int:
        """Where this clause begins, or the one before if it begins here; the start of the text before the first."""
        i = bisect_left(self.sentences, offset, key=lambda span: span[0])
        for sentence in reversed(self.sentences[max(0, i - _NEAR) : i]):
            before = [start for start, _ in self.clauses(sentence) if start < offset]
            if before:
                return before[-1]
        return self.sentences[i - _NEAR][0] if i > _NEAR else 0

    def _beyond(self, offset: int, edge: int) -> int:
        """The first start (``edge`` 0) or end (1) of a clause behind ``offset``."""
        i = max(bisect_right(self.sentences, offset, key=lambda span: span[0]) - 1, 0)
        for sentence in self.sentences[i : i + _NEAR]:
            for clause in self.clauses(sentence):
                if clause[edge] > offset:
                    return clause[edge]
        return self.sentences[i + _NEAR][0] if i + _NEAR < len(self.sentences) else len(self.text)

    def quotation_at(self, offset: int) -> Span | None:
        """The innermost quotation around ``offset``, its marks counting as inside."""
        around = [span for span in self.quotations if span[0] - 1 <= offset <= span[1]]
        return min(around, key=lambda span: span[1] - span[0], default=None)

    def paragraph_at(self, offset: int) -> Span | None:
        """The paragraph at ``offset``; between two of them the next one, else the one before."""
        return self._nearest(self.paragraphs, offset)

    def wider(self, start: int, end: int) -> Span | None:
        """The smallest word, clause, sentence, quotation or paragraph that holds the span and more than the span.

        A quotation counts once without and once with its marks, since sentences in it may end with them.
        """
        candidates = [
            *filter(
                None,
                (self.word_at(start), self.clause_at(start), self.sentence_at(start), self.paragraph_at(start)),
            )
        ]
        for first, last in self.quotations:
            if first - 1 <= start and end <= last + 1:
                candidates.append((first, last))
                candidates.append(units.snap(self.text, max(0, first - 1), min(last + 1, len(self.text))))
        wider = [span for span in candidates if span[0] <= start and end <= span[1] and span != (start, end)]
        return min(wider, key=lambda span: span[1] - span[0], default=None)

    def _nearest(self, spans: Sequence[Span], offset: int) -> Span | None:
        i = bisect_left(spans, offset, key=lambda span: span[1] - 1)
        if i < len(spans) and spans[i][0] <= offset:
            return spans[i]
        if i > 0 and (i == len(spans) or "\n" in self.text[offset : spans[i][0]]):
            return spans[i - 1]
        return spans[i] if i < len(spans) else None


def in_words_seen(seen: Shown, motion: Callable[[str, int], int], offset: int) -> int:
    """Where a motion leads that is made in what people see of a text."""
    return seen.offset(motion(seen.text, seen.place(offset)))


def left(text: str, offset: int) -> int:
    return units.previous_grapheme(text, offset) if offset > 0 else 0


def right(text: str, offset: int) -> int:
    return units.next_grapheme(text, offset) if offset < len(text) else len(text)


def next_word(text: str, offset: int) -> int:
    """The start of the next word; the end of the text after the last one."""
    place = units.next_word(text, offset) if offset < len(text) else len(text)
    return place if units.is_boundary(text, place) else units.next_grapheme(text, place)


def previous_word(text: str, offset: int) -> int:
    """The start of this word or of the one before; the start of the text before the first one."""
    place = units.previous_word(text, offset) if offset > 0 else 0
    return place if units.is_boundary(text, place) else units.previous_grapheme(text, place)


def next_start(spans: Sequence[Span], offset: int, end: int) -> int:
    """The first start of ``spans`` after ``offset``, else ``end``."""
    i = bisect_right(spans, offset, key=lambda span: span[0])
    return spans[i][0] if i < len(spans) else end


def previous_start(spans: Sequence[Span], offset: int) -> int:
    """The last start of ``spans`` before ``offset``, else 0."""
    i = bisect_left(spans, offset, key=lambda span: span[0])
    return spans[i - 1][0] if i > 0 else 0


def row_start(layout: Layout, offset: int) -> int:
    return layout.row_bounds(layout.row_of(offset))[0]


def row_end(layout: Layout, offset: int) -> int:
    """After the row's text; on its last cluster if the line goes on in the next row."""
    return layout.row_last(layout.row_of(offset))


def by_rows(layout: Layout, offset: int, rows: int, goal: int) -> int:
    """``rows`` rows down, up if negative, to the cluster over cell ``goal``.

    Beyond the first row lies the start of the text, beyond the last its end.
    """
    row = layout.row_of(offset) + rows
    if row < 0:
        return 0
    if row >= layout.rows:
        return len(layout.text)
    return layout.offset_at(row, goal)
