"""How a check grew: the history of an article step by step, and what there was after each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from store.person import Person
from store.records import Change

_COUNTED = ("claims", "verdicts", "evidence", "sweeps")


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


def replayed(changes: Iterable[Change]) -> list[Step]:
    """The steps that changes, oldest first, were made in."""
    standing: dict[str, set[str]] = {kind: set() for kind in _COUNTED}
    empty: set[str] = set()  # verdicts that were taken back
    steps: list[Step] = []
    for _, group in groupby(changes, key=lambda change: change.action):
        made = list(group)
        claim = ""
        for change in made:
            if change.kind in standing:
                gone = bool(change.values.get("deleted"))
                (standing[change.kind].discard if gone else standing[change.kind].add)(change.item)
            if change.kind == "verdicts" and "verdict" in change.values:
                (empty.discard if change.values["verdict"] else empty.add)(change.item)
            claim = change.item if change.kind == "claims" else claim or str(change.values.get("claim") or "")
        counts = [len(standing[kind] - empty) for kind in _COUNTED]
        last = made[-1]
        steps.append(Step(len(steps) + 1, last.at, last.by, tuple(one.sentence for one in made), claim, *counts))
    return steps
