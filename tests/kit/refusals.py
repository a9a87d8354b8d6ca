"""What holds of every refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused


def refused(desk: Desk, act: Callable[[], object], kind: type[Refused] = Refused) -> str:
    """The refusal's text, having made sure that it is one sentence and that nothing was changed."""
    before = list(desk.session.log.conn.iterdump())
    with pytest.raises(kind) as caught:
        act()
    assert list(desk.session.log.conn.iterdump()) == before
    assert not desk.session.log.conn.in_transaction
    said = str(caught.value)
    assert said and "\n" not in said and said.endswith((".", ")", "?")), said
    return said
