"""Where spans of an old text go in a new one: moved with their words, changed, or vanished.

A span is moved when the tokens it holds all stand together in the new text, and it is certain which of several like
places is meant. Nothing ever comes to cover other words in silence: whatever is not certain is *changed*, which asks
a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store.text import units
from store.text.token_correspondence import Correspondence, similarity
from store.text.tokens import MOST_PLACES, Tokens, Vocabulary, places, token_spans
from store.text.units import Span

MOVED, CHANGED, VANISHED = "moved", "changed", "vanished"
"""What becomes of a span. White space alone does not count as a change."""

AGAIN, RIVAL, ELSEWHERE, REPLACED, OTHER_WORDS, EDGES = (
    "said more than once", "a rival", "same words, other surroundings", "replaced whole", "other words", "its edges",
)  # fmt: skip
"""Why a span that is changed has to be looked at."""

_NEAR, _WITHIN, _ENOUGH = 8, 11, 4
_RUN, _CONTEXT, _RIM = 24, 12, 3
_SAME, _BETTER, _HALF = 0.5, 0.3, 0.5
_SURE = 8


class Landing(NamedTuple):
    """What became of one span: its place in the new text (0 and 0 when it has vanished), and why it must be asked."""

    outcome: str
    start: int = 0
    end: int = 0
    why: str = ""


def reanchor(old: str, new: str, spans: Iterable[Span]) -> list[Landing]:
    """Where spans (start and end in code points) of an old text go in a new one, in their order."""
    return Reanchoring(old, new).all(spans)


class Reanchoring:
    """An old and a new text, compared once for all spans."""

    def __init__(self, old: str, new: str) -> None:
        vocabulary = Vocabulary()
        self._old = Tokens(old, vocabulary)
        self._new = Tokens(new, vocabulary)
        self._tied = Correspondence(self._old, self._new)
        self._rivals: dict[int, tuple[list[int], list[int]]] = {}

    def all(self, spans: Iterable[Span]) -> list[Landing]:
        """What becomes of each of some spans of the old text."""
        return [self._sure(span, self._landing(*span)) for span in spans]

    # -- one span ---------------------------------------------------------------------------------------------

    def _landing(self, start: int, end: int) -> Landing:
        first, last = self._old.touched(start, end)
        if first == last:
            return Landing(VANISHED)
        to = self._tied.to
        at = to[first]
        if at >= 0 and to[last - 1] - at == last - 1 - first and to[first:last] == list(range(at, at + last - first)):
            return self._standing(start, end, first, last, at)
        found = self._edited(start, end, first, last)
        return found or self._by_quote(first, last, start, end) or Landing(VANISHED)

    def _standing(self, start: int, end: int, first: int, last: int, at: int) -> Landing:
        """What becomes of a span whose words all stand together at ``at``."""
        why = self._doubt(first, last, at)
        if why == ELSEWHERE and (found := self._by_quote(first, last, start, end)):
            return found
        return self._there(start, end, first, last, at, at + last - first, CHANGED if why else MOVED, why)

    def _there(
        self, start: int, end: int, first: int, last: int, at: int, to: int, outcome: str, why: str = ""
    ) -> Landing:
        """A span put on the new tokens from ``at`` to ``to``; an edge inside a token keeps its offset there."""
        into, out = max(0, start - self._old.starts[first]), max(0, self._old.ends[last - 1] - end)
        begin = min(self._new.starts[at] + into, self._new.ends[at] - 1)
        stop = max(self._new.ends[to - 1] - out, begin + 1, self._new.starts[to - 1] + 1)
        return Landing(outcome, *units.snap(self._new.text, begin, stop), why)

    def _doubt(self, first: int, last: int, at: int) -> str:
        """Why it is not certain that the words from ``first`` on are those that stand at ``at``; empty when it is."""
        rivals = self._rivals_of(first, at) if self._stands_apart(first, last, at) else ([], [])
        rival = bool(rivals[0] or rivals[1])
        if not rival and (self._in_unique_piece(first, last, at) or self._in_unique_run(first, last, at)):
            return ""
        copies = [place for place in places(self._new.numbers, self._old.numbers[first:last]) if place != at]
        if self._context_tells(first, last, at, copies, rivals):
            return ""
        return RIVAL if rival else AGAIN if copies or self._again(first, last) else ELSEWHERE

    def _again(self, first: int, last: int) -> bool:
        return len(places(self._old.numbers, self._old.numbers[first:last], 2)) > 1

    def _in_unique_piece(self, first: int, last: int, at: int) -> bool:
        """Whether a claim lies in one piece that stands once in both texts."""
        k = self._old.piece_of(first)
        piece = self._old.pieces[k]
        return (
            last <= self._old.edges[k + 1]
            and self._old.counts[piece] == 1
            and self._new.counts.get(piece) == 1
            and len(piece) >= _ENOUGH
            and self._new.pieces[self._new.piece_of(at)] == piece
        )

    def _in_unique_run(self, first: int, last: int, at: int) -> bool:
        """Whether enough stands around a claim as before, and nothing else in the texts reads so."""
        to, back = self._tied.to, self._tied.back
        shift = last - first
        around = sum(at - _WITHIN <= to[k] < at for k in range(max(0, first - _NEAR), first)) + sum(
            at + shift <= to[k] < at + shift + _WITHIN for k in range(last, min(len(to), last + _NEAR))
        )
        if shift + around < _ENOUGH:
            return False
        before = after = 0
        while before < _RUN and first > before and at > before and to[first - before - 1] == at - before - 1:
            before += 1
        while after < _RUN and last + after < len(to) and to[last + after] == at + shift + after < len(back):
            after += 1
        run = self._old.numbers[first - before : last + after]
        mine, theirs = places(self._old.numbers, run), places(self._new.numbers, run)
        if len(mine) == len(theirs) == 1:
            return True
        n = len(run)
        return len(mine) == len(theirs) < MOST_PLACES and all(
            to[i] == j and to[i + n - 1] == j + n - 1 for i, j in zip(mine, theirs, strict=True)
        )

    def _context_tells(
        self, first: int, last: int, at: int, copies: Iterable[int], rivals: tuple[list[int], list[int]]
    ) -> bool:
        """Whether what stands around a claim is like before, and at every other copy and rival much less so."""
        n = last - first
        here = self._alike_around(first, last, self._new, at, at + n)
        if here < _SAME:
            return False
        k = self._old.piece_of(first)
        into, rest = first - self._old.edges[k], max(0, self._old.edges[k + 1] - last)
        others = [self._alike_around(first, last, self._new, place, place + n) for place in copies]
        for tokens, pieces in zip((self._old, self._new), rivals, strict=True):
            for piece in pieces:
                begin, end = tokens.edges[piece] + into, tokens.edges[piece + 1] - rest
                others.append(self._alike_around(first, last, tokens, begin, max(begin, end)))
        return all(here - other >= _BETTER for other in others)

    def _alike_around(self, first: int, last: int, tokens: Tokens, at: int, to: int) -> float:
        """How alike the context of a claim and that of a place are, on the better side."""
        mine, theirs = self._old.numbers, tokens.numbers
        sides = (
            (mine[max(0, first - _CONTEXT) : first], theirs[max(0, at - _CONTEXT) : at]),
            (mine[last : last + _CONTEXT], theirs[to : to + _CONTEXT]),
        )
        return max(similarity(one, other) if one or other else 0.0 for one, other in sides)

    # -- rivals -----------------------------------------------------------------------------------------------

    def _stands_apart(self, first: int, last: int, at: int) -> bool:
        """Whether neither neighbouring piece came along, and what stands next to the words is other on both sides."""
        old, new, to = self._old, self._new, last - first + at
        for side in (
            (old.numbers[max(0, first - _RIM) : first], new.numbers[max(0, at - _RIM) : at]),
            (old.numbers[last : last + _RIM], new.numbers[to : to + _RIM]),
        ):
            if side[0] == side[1]:
                return False
        k, j = old.piece_of(first), new.piece_of(at)
        tied, back = self._tied.to, self._tied.back
        if k and j and tied[old.edges[k] - 1] == new.edges[j] - 1 and back[new.edges[j - 1]] == old.edges[k - 1]:
            return False
        k, j = old.piece_of(last - 1), new.piece_of(to - 1)
        if k + 2 < len(old.edges) and j + 2 < len(new.edges):
            return not (
                tied[old.edges[k + 1]] == new.edges[j + 1] and back[new.edges[j + 2] - 1] == old.edges[k + 2] - 1
            )
        return True

    def _rivals_of(self, first: int, at: int) -> tuple[list[int], list[int]]:
        """The other pieces of both texts that may be what became of a claim's own, or what its place was before."""
        k = self._old.piece_of(first)
        if k not in self._rivals:
            piece, tied = self._old.pieces[k], self._tied
            self._rivals[k] = (
                tied.alike(tied.old_by_word, self._old, piece, k),
                tied.alike(tied.new_by_word, self._new, piece, self._new.piece_of(at)),
            )
        return self._rivals[k]

    # -- words that changed -----------------------------------------------------------------------------------

    def _edited(self, start: int, end: int, first: int, last: int) -> Landing | None:
        """Where a claim stands of which not all words are left together."""
        to, n = self._tied.to, last - first
        most = 6 + n // 3
        cluster = self._cluster(first, last, most)
        before = to[first - 1] if first else -1
        after = to[last] if last < len(to) else len(self._new)
        if cluster:
            at, until = to[cluster[0]], to[cluster[-1]] + 1
            why = OTHER_WORDS
            if cluster[0] > first:
                known = (first == 0 or 0 <= before < at) and at - before - 1 <= most
                at, why = (before + 1, why) if known else (at, EDGES)
            if cluster[-1] < last - 1:
                known = until <= after <= until + most
                until, why = (after, why) if known else (until, EDGES)
            run = self._old.numbers[first:last]
            near = places(self._new.numbers[max(0, at - n) : until + n], run, 2)
            if len(near) == 1:  # the words stand there after all: some were tied to the like of them next to it
                return self._standing(start, end, first, last, max(0, at - n) + near[0])
            if similarity(run, self._new.numbers[at:until]) >= _HALF:
                return self._there(start, end, first, last, at, until, CHANGED, why)
        known = (before >= 0 or first == 0) and after >= 0
        if known and before < after and 0 < after - before - 1 <= 2 * n + 3:
            return self._there(start, end, first, last, before + 1, after, CHANGED, REPLACED)
        return None

    def _cluster(self, first: int, last: int, most: int) -> list[int]:
        """The most words of a claim that are left near each other, in their order."""
        to = self._tied.to
        runs: list[list[int]] = []
        for token in range(first, last):
            if to[token] < 0:
                continue
            if runs and 0 < to[token] - to[runs[-1][-1]] <= most + 1:
                runs[-1].append(token)
            else:
                runs.append([token])
        return max(runs, key=len, default=[])

    def _by_quote(self, first: int, last: int, start: int, end: int) -> Landing | None:
        """The one place where all of a claim's words stand, when they stood once before."""
        run = self._old.numbers[first:last]
        if len(run) < _ENOUGH or self._again(first, last):
            return None
        there = places(self._new.numbers, run, 2)
        if len(there) != 1:
            return None
        at, to = there[0], there[0] + len(run)
        sure = len(run) >= _SURE or self._alike_around(first, last, self._new, at, to) >= _SAME
        if sure and (rivals := self._rivals_of(first, at)) != ([], []) and not self._in_unique_piece(first, last, at):
            sure = not any(rivals)
        return self._there(start, end, first, last, at, to, MOVED if sure else CHANGED, "" if sure else ELSEWHERE)

    # -- the last gate ----------------------------------------------------------------------------------------

    def _sure(self, span: Span, landing: Landing) -> Landing:
        """The landing, when what it covers is what the span covered; else one that asks."""
        if landing.outcome != MOVED:
            return landing
        was, now = self._old.text[slice(*span)], self._new.text[landing.start : landing.end]
        return landing if alike(was, now) else landing._replace(outcome=CHANGED, why=OTHER_WORDS)


def alike(one: str, other: str) -> bool:
    """Whether two stretches hold the same tokens, however they are spaced."""
    return one == other or words_of_stretch(one) == words_of_stretch(other)


def words_of_stretch(text: str) -> list[str]:
    """The tokens of a stretch as they are written."""
    return [text[start:end] for start, end in token_spans(text)]
