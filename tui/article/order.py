"""The order in which the claims of an article are read."""

from __future__ import annotations

from store.records import Claim

_Key = tuple[int, int, str]


def reading_order(claim: Claim) -> _Key:
    """Claims are read by their start, the longer first, then by age."""
    return (claim.start, -claim.end, claim.id)
