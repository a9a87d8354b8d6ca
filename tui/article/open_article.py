"""The article that is open: its claims, sweeps and coverage in memory, kept equal to the desk.

Whatever writes to the desk — this screen, an undo, another process — the open article catches up in one way: it asks
the log which items changed since it last looked, reads those again, and says what is new.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Claim, Review, Sweep
from store.text.coverage import Coverage, Ledger
from store.text.units import Span

_Key = tuple[int, int, str]


def reading_order(claim: Claim) -> _Key:
    """Claims are read by their start, the longer first, then by age."""
    return (claim.start, -claim.end, claim.id)


class News(NamedTuple):
    """What catching up found: claims to draw (anew) and to take away, whether sweeps or the article changed.

    ``covered`` says that what is accounted for may have changed. ``touched`` are the ids of claims on which anything
    changed, be it a word of their evidence or comments. ``review`` is the one that is all that has happened.
    """

    put: tuple[Claim, ...] = ()
    gone: tuple[str, ...] = ()
    sweeps: bool = False
    article: bool = False
    covered: bool = False
    touched: frozenset[str] = frozenset()
    review: Review | None = None

    def __bool__(self) -> bool:
        return bool(self.put or self.gone or self.sweeps or self.article)


class OpenArticle:
    """One article of a desk as a reviewer has it before them. Offsets are code points."""

    def __init__(self, desk: Desk, article: Article) -> None:
        self.desk = desk
        self.article = article
        self.text = desk.text(article)
        self.sentences = desk.sentences(article)
        self._mark = desk.mark()
        self._claims = {claim.id: claim for claim in desk.claims(article)}
        self._order: list[_Key] = sorted(map(reading_order, self._claims.values()))
        self.sweeps: list[Sweep] = desk.sweeps(article)
        self._ledger = self._counted()

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, claim: str) -> bool:
        return claim in self._claims

    def __iter__(self) -> Iterator[Claim]:
        """The claims in reading order."""
        return (self._claims[id] for _, _, id in self._order)

    def get(self, id: str) -> Claim | None:
        return self._claims.get(id)

    def place(self, claim: Claim) -> int:
        """The claim's place in reading order, counted from 1."""
        return bisect_left(self._order, reading_order(claim)) + 1

    @property
    def coverage(self) -> Coverage:
        """How much is accounted for now, and the residue."""
        return self._ledger.coverage

    # -- finding the next thing -------------------------------------------------------------------------------

    def next_claim(self, after: _Key, *, back: bool = False, open_only: bool = False) -> Claim | None:
        """The next claim in reading order behind a key, or before it; with ``open_only`` one without a verdict."""
        order = self._order
        on = range(bisect_right(order, after), len(order))
        for place in range(bisect_left(order, after) - 1, -1, -1) if back else on:
            claim = self._claims[order[place][2]]
            if not (open_only and claim.verdict):
                return claim
        return None

    def next_residue(self, offset: int, *, back: bool = False) -> Span | None:
        """The next sentence nobody accounts for that begins behind an offset, or before it."""
        residue = self.coverage.residue
        if back:
            place = bisect_left(residue, (offset,)) - 1
            return residue[place] if place >= 0 else None
        place = bisect_right(residue, (offset, len(self.text) + 1))
        return residue[place] if place < len(residue) else None

    # -- catching up ------------------------------------------------------------------------------------------

    def catch_up(self, made: Claim | Review | None = None) -> News:
        """Read again what changed on the desk since the last look.

        A claim or review just ``made`` is taken as the desk handed it back when making it is all that has happened.

        Raises:
            Unknown: the article itself was deleted; so it is said each time until it is back.
        """
        mark = self.desk.mark()
        if mark == self._mark:
            return News()
        if isinstance(made, Claim) and mark == self._mark + 1 and made.id not in self:
            self._mark = mark
            self._put(made)
            return News((made,), covered=True, touched=frozenset((made.id,)))
        items = self.desk.changed_since(self._mark)
        review = made if isinstance(made, Review) and items == {("reviews", made.id)} else None
        # First of all, so that nothing has been taken in when the article is gone and the next look finds the same.
        changed = any(kind in ("articles", "versions") for kind, _ in items) and self._read_article()
        self._mark = mark
        put, gone = [], []
        covered = changed
        touched = frozenset((review.claim,) if review else self.desk.claims_of(items))
        for id in touched:
            old = self._claims.get(id)
            try:
                new = self.desk.claim(id)
            except Unknown:
                new = None
            if new is not None and new.version != self.article.version:
                new = None
            if old == new:
                continue
            if old is not None and new is not None and (old.start, old.end) == (new.start, new.end):
                self._claims[id] = new
                put.append(new)
                continue
            covered = True
            if old is not None:
                self._drop(old)
            if new is not None:
                self._put(new)
                put.append(new)
            elif old is not None:
                gone.append(id)
        swept = any(kind == "sweeps" for kind, _ in items) and self._read_sweeps()
        return News(tuple(put), tuple(gone), swept, changed, covered or swept, touched, review)

    def _put(self, claim: Claim) -> None:
        self._claims[claim.id] = claim
        insort(self._order, reading_order(claim))
        self._ledger.add((claim.start, claim.end))

    def _drop(self, claim: Claim) -> None:
        del self._claims[claim.id]
        del self._order[bisect_left(self._order, reading_order(claim))]
        self._ledger.remove((claim.start, claim.end))

    def _read_sweeps(self) -> bool:
        before, self.sweeps = self.sweeps, self.desk.sweeps(self.article)
        old, new = Counter(_spans_of(before)), Counter(_spans_of(self.sweeps))
        for span in (old - new).elements():
            self._ledger.remove(span)
        for span in (new - old).elements():
            self._ledger.add(span)
        return before != self.sweeps

    def _read_article(self) -> bool:
        before, self.article = self.article, self.desk.article(self.article)
        if (before.language, before.lines) != (self.article.language, self.article.lines):
            self.sentences = self.desk.sentences(self.article)
            self._ledger = self._counted()
        return before != self.article

    def _counted(self) -> Ledger:
        return Ledger(self.text, self.sentences, [*self._spans(), *_spans_of(self.sweeps)])

    def _spans(self) -> Iterator[Span]:
        return ((claim.start, claim.end) for claim in self._claims.values())


def _spans_of(sweeps: Iterable[Sweep]) -> list[Span]:
    return [(sweep.start, sweep.end) for sweep in sweeps]
