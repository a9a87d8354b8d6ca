"""A checker, two reviewers and an adjudicator on one file, for the tests of second review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.records import Claim
from store.refusals import Refused
from store.scheme import load

SPANS = ((0, 37), (38, 96), (98, 137))
"""Three sentences of the article of ``conftest``."""


def refused(desk: Desk, act: Callable[[], object], kind: type[Refused] = Refused) -> str:
    """The refusal's text, having made sure that it is one sentence and that nothing was changed."""
    before = list(desk.log.conn.iterdump())
    with pytest.raises(kind) as caught:
        act()
    assert list(desk.log.conn.iterdump()) == before
    assert not desk.log.conn.in_transaction
    said = str(caught.value)
    assert said and "\n" not in said and said.endswith((".", ")", "?")), said
    return said


def scheme(**rules: object) -> str:
    """The desk's usual scheme with other rules of review."""
    said = "\n".join(f"{name} = {str(value).lower()}" for name, value in rules.items())
    return f"{load('desk').toml}\n[review]\n{said}\n"


def status(desk: Desk, claim: Claim | str) -> str:
    return str(desk.claim(claim if isinstance(claim, str) else claim.id).status)
