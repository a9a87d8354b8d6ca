"""How a check grew: what was done on an article step by step, and what stood in its text after each step."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from store.log.fold import Entry, fold
from store.log.kinds import KINDS
from store.person import Person
from store.text.coverage import Coverage, Held, Hold, Ledger
from store.text.shown_text import Shown
from store.text.units import Span

_COUNTED = ("claims", "verdicts", "evidence", "sweeps")
_DRAWN = frozenset(("claims", "verdicts", "adjudications", "sweeps", "versions"))
"""The kinds that tell how an article's text stands."""

_Row = Mapping[str, object]


class Step(NamedTuple):
    """What somebody did at once, and how much there was after it: claims, verdicts, evidence and sweeps that stood.

    ``claim`` is the id of a claim that it touched, or empty.
    """

    number: int  # from 1
    at: int  # ms UTC
    by: Person
    says: tuple[str, ...]
    claim: str
    claims: int
    verdicts: int
    evidence: int
    sweeps: int

    @property
    def standing(self) -> str:
        """How much there was, in words."""
        parts = ((self.claims, "claim"), (self.verdicts, "verdict"), (self.sweeps, "sweep"))
        said = [f"{count} {noun}{'s' * (count != 1)}" for count, noun in parts]
        return f"{', '.join(said)} and {self.evidence} piece{'s' * (self.evidence != 1)} of evidence"


class ClaimThen(NamedTuple):
    """A claim as it stood after a step: its span in the text of then, and its standing verdict, or an empty key."""

    id: str
    start: int
    end: int
    verdict: str


class TextThen(NamedTuple):
    """A version of a text, by its id and its SHA-256, as people see it, with its sentences."""

    version: str
    sha: str
    seen: Shown
    sentences: Sequence[Span]


class ArticleThen(NamedTuple):
    """What stood in a text after a step. ``touched`` are the ids of claims and sweeps that stood otherwise before."""

    text: TextThen
    claims: Mapping[str, ClaimThen]
    sweeps: Mapping[str, Span]
    coverage: Coverage
    touched: frozenset[str]


class Replay:
    """The steps in which an article was checked. `at` goes to any of them; it folds again what lies between alone."""

    def __init__(
        self,
        entries: Sequence[Entry],
        told: Callable[[Entry], str],
        person: Callable[[str], Person],
        text: Callable[[str, str], TextThen],
        least: int,
    ) -> None:
        """
        Args:
            entries: all changes of the article and what hangs on it that may be seen, oldest first.
            told: says what a change did; empty for one that another one tells of.
            person: gives a person by id.
            text: gives the text of a version, by the id of that and the text's SHA-256.
            least: from how many words on what is left of a sentence counts.
        """
        self._told = told
        self._person = person
        self._text_of = text
        self._least = least
        self._groups = [list(group) for _, group in groupby(entries, key=lambda entry: entry.action)]
        self._says: dict[int, tuple[str, ...]] = {}
        self.steps = self._counted()
        """All steps; what each says is told by `told` alone."""
        self._past: dict[str, list[tuple[int, Entry]]] = {}
        for number, group in enumerate(self._groups, 1):
            for entry in group:
                if entry.kind in _DRAWN:
                    self._past.setdefault(entry.item, []).append((number, entry))
        self._number = 0
        self._rows: dict[str, dict[str, _Row]] = {kind: {} for kind in _DRAWN}
        self._on: dict[str, dict[str, dict[str, _Row]]] = {"verdicts": {}, "adjudications": {}}
        self._text: TextThen | None = None
        self._claims: dict[str, ClaimThen] = {}
        self._sweeps: dict[str, Span] = {}
        self._ledger: Ledger | None = None

    def _counted(self) -> list[Step]:
        standing: dict[str, set[str]] = {kind: set() for kind in _COUNTED}
        empty: set[str] = set()  # verdicts that were taken back
        steps: list[Step] = []
        for number, group in enumerate(self._groups, 1):
            claim = ""
            for one in group:
                if one.kind in standing:
                    gone = bool(one.patch.get("deleted"))
                    (standing[one.kind].discard if gone else standing[one.kind].add)(one.item)
                if one.kind == "verdicts" and "verdict" in one.patch:
                    (empty.discard if one.patch["verdict"] else empty.add)(one.item)
                claim = one.item if one.kind == "claims" else claim or str(one.patch.get("claim") or "")
            counts = [len(standing[kind] - empty) if kind == "verdicts" else len(standing[kind]) for kind in _COUNTED]
            last = group[-1]
            steps.append(Step(number, last.at, self._person(last.reviewer), (), claim, *counts))
        return steps

    def told(self, step: Step) -> Step:
        """A step with what it says."""
        if step.number not in self._says:
            self._says[step.number] = tuple(filter(None, map(self._told, self._groups[step.number - 1])))
        return step._replace(says=self._says[step.number])

    # -- what stood -------------------------------------------------------------------------------------------

    def at(self, number: int) -> ArticleThen:
        """What stood in the text after a step; 0 is before the first."""
        low, high = sorted((self._number, number))
        self._number = number
        items = {one.item: one for group in self._groups[low:high] for one in group if one.kind in _DRAWN}
        claims: set[str] = set()
        sweeps: set[str] = set()
        for item, one in items.items():
            past = self._past[item]
            then = [entry for _, entry in past[: bisect_left(past, number + 1, key=lambda known: known[0])]]
            row = fold(KINDS[one.kind], then).row if then else None
            self._take(one.kind, item, row if row is not None and not row["deleted"] else None, claims)
            if one.kind == "sweeps":
                sweeps.add(item)
        version = max(self._rows["versions"].values(), key=lambda row: (row["number"], row["born"]), default=None)
        id = str(version["id"]) if version is not None else ""
        if version is None:
            self._text = self._ledger = None
            self._claims.clear()
            self._sweeps.clear()
        elif self._text is None or self._text.version != id:
            self._anew(self._text_of(id, str(version["text"])))
        else:
            for claim in claims:
                self._lay_claim(claim)
            for sweep in sweeps:
                self._lay_sweep(sweep)
        text = self._text or self._text_of("", "")
        coverage = self._ledger.coverage if self._ledger is not None else Coverage()
        return ArticleThen(text, self._claims, self._sweeps, coverage, frozenset(claims | sweeps))

    def _take(self, kind: str, item: str, row: _Row | None, claims: set[str]) -> None:
        """Take in how an item stands now, if it does; ``claims`` are told apart that look otherwise by it."""
        old = self._rows[kind].pop(item, None)
        if row is not None:
            self._rows[kind][item] = row
        if kind == "claims":
            claims.add(item)
        elif kind in self._on:
            about = str((row or old or {}).get("claim", ""))
            held = self._on[kind].setdefault(about, {})
            held.pop(item, None)
            if row is not None:
                held[item] = row
            claims.add(about)

    def _anew(self, text: TextThen) -> None:
        """Lay everything on another version of the text."""
        self._text, self._ledger = text, None
        self._claims.clear()
        self._sweeps.clear()
        for claim in self._rows["claims"]:
            self._lay_claim(claim)
        for sweep in self._rows["sweeps"]:
            self._lay_sweep(sweep)
        held: list[Held] = [(one.start, one.end, _hold(one)) for one in self._claims.values()]
        held += [(start, end, Hold.SWEPT) for start, end in self._sweeps.values()]
        self._ledger = Ledger(text.seen, text.sentences, held, self._least)

    def _lay_claim(self, id: str) -> None:
        old, new = self._claims.pop(id, None), self._claim(id)
        if new is not None:
            self._claims[id] = new
        if self._ledger is not None:
            if new is not None:
                self._ledger.add(new.start, new.end, _hold(new))
            if old is not None:
                self._ledger.remove(old.start, old.end, _hold(old))

    def _claim(self, id: str) -> ClaimThen | None:
        row = self._rows["claims"].get(id)
        span = self._span(row)
        if row is None or span is None:
            return None
        how = [one for one in self._on["adjudications"].get(id, {}).values() if one["outcome"]]
        given = [one for one in self._on["verdicts"].get(id, {}).values() if one["verdict"]]
        own = [one for one in given if one["by"] == row["by"]]
        standing = sorted(how or own or given, key=lambda one: str(one["born"]))[:1]
        return ClaimThen(id, *span, str(standing[0]["verdict"]) if standing else "")

    def _lay_sweep(self, id: str) -> None:
        old, new = self._sweeps.pop(id, None), self._span(self._rows["sweeps"].get(id))
        if new is not None:
            self._sweeps[id] = new
        if self._ledger is not None:
            if new is not None:
                self._ledger.add(*new, Hold.SWEPT)
            if old is not None:
                self._ledger.remove(*old, Hold.SWEPT)

    def _span(self, row: _Row | None) -> Span | None:
        """Where something lies, if it lies on the text of now."""
        if row is None or self._text is None or row["version"] != self._text.version:
            return None
        return int(str(row["start"])), int(str(row["end"]))


def _hold(claim: ClaimThen) -> Hold:
    return Hold.CHECKED if claim.verdict else Hold.TAGGED
