"""The article that is open: its claims, sweeps and coverage in memory, kept equal to the desk.

Whatever writes to the desk — this screen, an undo, another process — the open article catches up in one way: it asks
the log which items changed since it last looked, reads those again, and says what is new.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Claim, Review, Suggestion, Sweep, Verdict
from store.reports import Checked
from store.scheme import NO_VERDICT, Lack
from store.text.coverage import Coverage, Held, Hold, Ledger
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.text.units import Span
from tui.text.spans import Mark, reading_order
from tui.view.margin import LEFTOVER, RESIDUE, SWEPT_SIGN

_Key = tuple[int, int, str]

_AT_A_TIME = 200
"""How many claims are asked at once what they lack."""

_ON_SUGGESTIONS = {"suggestions", "choices", "schemes", "assignments", "versions"}
"""The kinds of change that may let other suggestions wait, or be seen."""


class News(NamedTuple):
    """What catching up found: claims to draw (again) and to take away, whether sweeps or the article changed.

    ``covered`` says that what is read, checked or left may have changed. ``touched`` are the ids of claims on which
    anything changed, be it a word of their evidence or comments. ``review`` is the one just made, where no other claim
    is touched.
    ``suggested`` says that other suggestions wait than before, ``assigned`` that somebody's set was given out,
    submitted or reopened.
    ``corrected`` says that the text is another version by now, or shown in another way, and that all is to be read
    again.
    """

    put: tuple[Claim, ...] = ()
    gone: tuple[str, ...] = ()
    sweeps: bool = False
    article: bool = False
    covered: bool = False
    touched: frozenset[str] = frozenset()
    corrected: bool = False
    review: Review | None = None
    suggested: bool = False
    assigned: bool = False

    def __bool__(self) -> bool:
        shown = self.put or self.gone or self.sweeps or self.article or self.covered
        return bool(shown or self.suggested or self.assigned)


class OpenArticle:
    """One article of a desk as a reviewer has it before them. Offsets are code points."""

    ledger: Ledger

    def __init__(self, desk: Desk, article: Article) -> None:
        self.desk = desk
        self.article = article
        self.seen = desk.articles.shown(article)
        self.text = self.seen.source
        self.sentences: list[Span] = []
        self.sweeps: list[Sweep] = []
        self._mark = desk.history.mark()
        self._claims: dict[str, Claim] = {}
        self._order: list[_Key] = []
        self._lacking: dict[str, tuple[Lack, ...]] = {}
        self._alike: Counter[frozenset[str]] = Counter()
        self.suggestions: dict[str, Suggestion] = {}
        """Those that wait for you, by id; none before `read_suggestions`."""
        self._suggested = False

    def read(self) -> Iterator[None]:
        """Read what there is to know; it yields often, and before it is done nothing but the text is known."""
        yield from self.desk.coverage.in_slices(self.article)
        self.sentences = self.desk.coverage.sentences(self.article)
        for some in self.desk.claims.each(self.article):
            self._claims.update((claim.id, claim) for claim in some)
            yield
        self._order = sorted(map(reading_order, self._claims.values()))
        self.sweeps = self.desk.sweeps.of(self.article)
        yield
        yield from self._count()

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
        """How much is read now, and what is left."""
        return self.ledger.coverage

    @property
    def checked(self) -> Checked:
        """How many claims are checked now, and what the others lack."""
        done = len(self._claims) - len(self._lacking)
        return Checked.total((Checked(done, done), *(Checked.alike(n, what) for what, n in self._alike.items())))

    def lacks(self, claim: str) -> tuple[Lack, ...]:
        """What a claim, by its id, lacks to be checked."""
        return self._lacking.get(claim, ())

    def said_of(self, sentence: Span, marks: Iterable[Mark]) -> str:
        """What is known of a sentence, with which some marks share text."""
        left = self.ledger.left(*sentence)
        if left == [sentence]:
            return f"{RESIDUE} open: no word of this sentence is read yet"
        if left:
            words = " … ".join(self.seen.words(*one) for one in left)
            return f"{LEFTOVER} read in part; left: {quoted(shorten(words, 90))}"
        names = [claim.name for mark in marks if (claim := self.get(mark.id))]
        if names:
            return f"✓ this sentence is read: {', '.join(names[:6])}"
        return f"{SWEPT_SIGN} swept: nothing to check in this sentence"

    def _count(self) -> Iterator[None]:
        """Count again what is read and checked, by the desk's scheme; it yields often."""
        self._lacking = {}
        least = self.desk.scheme.leftover_words
        yield  # to read a scheme for the first time is a slice
        ids = list(self._claims)
        for first in range(0, len(ids), _AT_A_TIME):
            self._lacking.update(self.desk.claims.lacking(self.article, ids[first : first + _AT_A_TIME]))
            yield
        self._alike = Counter(map(_whats, self._lacking.values()))
        yield
        held: list[Held] = [(claim.start, claim.end, self._hold(claim.id)) for claim in self._claims.values()]
        held += [(start, end, Hold.SWEPT) for start, end in _spans_of(self.sweeps)]
        yield
        self.ledger = yield from Ledger.in_slices(self.seen, self.sentences, held, least)

    def _hold(self, claim: str) -> Hold:
        return Hold.TAGGED if claim in self._lacking else Hold.CHECKED

    # -- finding the next thing -------------------------------------------------------------------------------

    def next_claim(self, after: _Key, *, back: bool = False, lacking: bool = False) -> Claim | None:
        """The next claim in reading order behind a key, or before it; ``lacking``: one that lacks something."""
        order = self._order
        on = range(bisect_right(order, after), len(order))
        for place in range(bisect_left(order, after) - 1, -1, -1) if back else on:
            claim = self._claims[order[place][2]]
            if not lacking or claim.id in self._lacking:
                return claim
        return None

    def first_claim(self, *, back: bool = False, lacking: bool = False) -> Claim | None:
        """The first claim in reading order, or the last; ``lacking``: of those that lack something."""
        end = (len(self.text) + 1, 0, "") if back else (-1, 0, "")
        return self.next_claim(end, back=back, lacking=lacking)

    # -- catching up ------------------------------------------------------------------------------------------

    def catch_up(self, made: Claim | Review | Verdict | None = None) -> News:
        """Read again what changed on the desk since the last look.

        A claim just ``made`` is taken as the desk handed it back when making it is all that has happened; so is a
        review when all that has happened is on its claim.

        Raises:
            Unknown: the article itself was deleted; so it is said each time until it is back.
        """
        mark = self.desk.history.mark()
        if mark == self._mark:
            return News()
        if isinstance(made, Claim) and mark == self._mark + 1 and made.id not in self:
            self._mark = mark
            self._put(made, {made.id: (NO_VERDICT,)})
            return News((made,), covered=True, touched=frozenset((made.id,)))
        items = self.desk.history.changed_since(self._mark)
        # First of all, so that nothing has been taken in when the article is gone and the next look finds the same.
        sentences = self.sentences
        text = self.article.version, self.article.markup
        changed = any(kind in ("articles", "versions") for kind, _ in items) and self._read_article()
        if (self.article.version, self.article.markup) != text:
            return News(article=True, covered=True, corrected=True)
        self._mark = mark
        put, gone = [], []
        anew = self.sentences is not sentences or any(kind == "schemes" for kind, _ in items)
        covered = anew
        said = made if isinstance(made, (Review, Verdict)) else None
        alone = said is not None and items == {("reviews" if isinstance(said, Review) else "verdicts", said.id)}
        touched = frozenset((said.claim,) if said and alone else self.desk.history.claims_of(items))
        review = made if isinstance(made, Review) and touched == {made.claim} else None
        lacking = self.desk.claims.lacking(self.article, touched) if touched else {}
        for id in touched:
            old = self._claims.get(id)
            try:
                new = self.desk.claims.get(id)
            except Unknown:
                new = None
            if new is not None and new.version != self.article.version:
                new = None
            if old == new and self.lacks(id) == lacking.get(id, ()):
                continue
            covered = True
            if new is not None:
                self._put(new, lacking, old)
                put.append(new)
            elif old is not None:
                self._drop(old)
                gone.append(id)
        swept = any(kind == "sweeps" for kind, _ in items) and self._read_sweeps()
        if anew:
            for _ in self._count():
                pass
        kinds = {kind for kind, _ in items}
        suggested = self._suggested and bool(gone or kinds & _ON_SUGGESTIONS) and self.read_suggestions()
        return News(
            tuple(put), tuple(gone), swept, changed, covered or swept, touched, review=review, suggested=suggested,
            assigned="assignments" in kinds,
        )  # fmt: skip

    def _put(self, claim: Claim, lacking: Mapping[str, tuple[Lack, ...]], old: Claim | None = None) -> None:
        """Take in a claim in place of the ``old`` one; laid before that is taken away, so that no word comes loose."""
        held = self._hold(claim.id)
        self._say_lacking(claim.id, lacking.get(claim.id, ()))
        self.ledger.add(claim.start, claim.end, self._hold(claim.id))
        if old is not None:
            self.ledger.remove(old.start, old.end, held)
            self._forget(old)
        self._claims[claim.id] = claim
        insort(self._order, reading_order(claim))

    def _drop(self, claim: Claim) -> None:
        self.ledger.remove(claim.start, claim.end, self._hold(claim.id))
        self._say_lacking(claim.id, ())
        self._forget(claim)

    def _forget(self, claim: Claim) -> None:
        del self._claims[claim.id]
        del self._order[bisect_left(self._order, reading_order(claim))]

    def _say_lacking(self, claim: str, lacks: tuple[Lack, ...]) -> None:
        before = self._lacking.pop(claim, ())
        if before:
            self._alike[_whats(before)] -= 1
        if lacks:
            self._lacking[claim] = lacks
            self._alike[_whats(lacks)] += 1

    def read_suggestions(self) -> bool:
        """Read the suggestions that wait, now and from now on; whether they are others than before."""
        self._suggested = True
        before = self.suggestions
        self.suggestions = {one.id: one for one in self.desk.suggestions.of(self.article, waiting=True)}
        return before != self.suggestions

    def _read_sweeps(self) -> bool:
        before, self.sweeps = self.sweeps, self.desk.sweeps.of(self.article)
        old, new = Counter(_spans_of(before)), Counter(_spans_of(self.sweeps))
        for span in (old - new).elements():
            self.ledger.remove(*span, Hold.SWEPT)
        for span in (new - old).elements():
            self.ledger.add(*span, Hold.SWEPT)
        return before != self.sweeps

    def _read_article(self) -> bool:
        before, self.article = self.article, self.desk.articles.get(self.article)
        if (before.language, before.lines) != (self.article.language, self.article.lines):
            self.sentences = self.desk.coverage.sentences(self.article)
        return before != self.article


def _whats(lacks: tuple[Lack, ...]) -> frozenset[str]:
    return frozenset(lack.what for lack in lacks)


def _spans_of(sweeps: Iterable[Sweep]) -> list[Span]:
    return [(sweep.start, sweep.end) for sweep in sweeps]
