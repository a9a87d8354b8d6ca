"""A desk that is asked for what it must refuse, and a scheme that asks for much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.refusals import Refused

FIRST = (0, 37)


BLOCKING = """
[scheme]
id = "strict"
version = 1
label = "Strict"
guard = "block"

[[verdict]]
key = "refuted"
label = "Refuted"
hotkey = "r"
glyph = "x"
requires_stance = ["refutes"]
requires_justification = true

[[verdict]]
key = "open"
label = "Open"
hotkey = "o"
glyph = "o"

[[verdict]]
key = "old"
label = "Old"
hotkey = "d"
glyph = "d"
retired = true
replaced_by = "open"
"""


def refused(desk: Desk, act: Callable[[], object], kind: type[Refused] = Refused) -> str:
    """The refusal's text, having made sure that it is one sentence and that nothing was changed."""
    before = list(desk.log.conn.iterdump())
    with pytest.raises(kind) as caught:
        act()
    assert list(desk.log.conn.iterdump()) == before
    assert not desk.log.conn.in_transaction
    said = str(caught.value)
    assert said and "\n" not in said and "Traceback" not in said
    return said
