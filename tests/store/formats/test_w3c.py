"""Web annotations of others that cannot be placed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store.formats import FORMATS
from store.formats.intake import FormatRefused
from tests.kit import exchange
from tests.kit.desks import desk_at


@pytest.mark.parametrize(("told", "why"), [
    ([{"type": "Annotation", "target": {"selector": {"type": "TextQuoteSelector", "exact": "It"}}}], "have no source"),
    ([{"type": "Annotation", "target": {"source": "p1", "selector": {"type": "TextQuoteSelector", "exact": "It"}}}],
     "have the source “p1”, which is not an address: import that article, and name its address with --text"),
    ({"total": 1, "rows": [{"uri": "https://a.example"}]}, "it has no “items”"),
])  # fmt: skip
def test_what_no_web_annotation_can_be_placed_by_is_said(told: Any, why: str, tmp_path: Path) -> None:
    data = {"a.json": json.dumps(told).encode()}
    with desk_at(tmp_path) as desk, pytest.raises(FormatRefused, match=why):
        exchange.brought_to(desk, FORMATS["w3c"], data, tmp_path)
