"""What a reviewer has still to say on one article, kept up claim by claim; and which claim comes next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

from store.records import Claim, Review
from store.review.queue import is_due
from store.vocabulary import Status
from tui.text.spans import reading_order

_Key = tuple[int, int, str]


class ReviewQueue:
    """The claims under review in text order, each with your own review or None; whatever needs one is `due`."""

    def __init__(self, claims: Iterable[tuple[Claim, Review | None]]) -> None:
        self._keys: dict[str, _Key] = {}
        self._reviews: dict[str, Review] = {}
        self._due: list[_Key] = []
        self._disputed: list[_Key] = []
        for claim, review in claims:
            key = self._keys[claim.id] = reading_order(claim)
            if review is not None:
                self._reviews[claim.id] = review
            if is_due(claim, review):
                self._due.append(key)
            if claim.status is Status.DISPUTED:
                self._disputed.append(key)
        self._due.sort()
        self._disputed.sort()

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, claim: str) -> bool:
        return claim in self._keys

    @property
    def reviewed(self) -> int:
        """How many do not wait for you."""
        return len(self._keys) - len(self._due)

    def get(self, claim: str) -> Review | None:
        """Your own review of a claim."""
        return self._reviews.get(claim)

    def is_due(self, claim: str) -> bool:
        """Whether a claim waits for your review, or for it again."""
        return claim in self._keys and _place(self._due, self._keys[claim]) is not None

    def put(self, claim: Claim, review: Review | None) -> None:
        """A claim, or your own review of it, is new or has changed."""
        self.drop(claim.id)
        key = self._keys[claim.id] = reading_order(claim)
        if review is not None:
            self._reviews[claim.id] = review
        if is_due(claim, review):
            insort(self._due, key)
        if claim.status is Status.DISPUTED:
            insort(self._disputed, key)

    def drop(self, claim: str) -> None:
        """A claim is not under review any more."""
        key = self._keys.pop(claim, None)
        self._reviews.pop(claim, None)
        for keys in (self._due, self._disputed) if key else ():
            if (at := _place(keys, key)) is not None:
                del keys[at]

    def next_due(self, after: _Key, *, back: bool = False) -> str:
        """The id of the next claim that needs a review, in text order and then from the other end; empty for none."""
        return _next(self._due, after, back)

    def next_disputed(self, after: _Key) -> str:
        """The id of the next claim in dispute, in text order and then from the beginning; empty for none."""
        return _next(self._disputed, after, False)


def _place(keys: list[_Key], key: _Key | None) -> int | None:
    if key is None:
        return None
    at = bisect_left(keys, key)
    return at if at < len(keys) and keys[at] == key else None


def _next(keys: list[_Key], after: _Key, back: bool) -> str:
    if not keys:
        return ""
    at = bisect_left(keys, after) - 1 if back else bisect_right(keys, after)
    return keys[at % len(keys)][2]
