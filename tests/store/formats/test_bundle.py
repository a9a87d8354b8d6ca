"""The bundle: one file for another desk, which is what sharing writes and merging reads."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats import FORMATS
from store.records import Claim

BUNDLE = FORMATS["bundle"]


def test_a_bundle_takes_everything_to_another_desk(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    assert BUNDLE.write(desk, tmp_path / "out.db").rows == 1
    with Desk.open(tmp_path / "other.db", "Zoe") as other:
        (merged,) = BUNDLE.read(other, tmp_path / "out.db")  # type: ignore[misc]
        assert merged.added and other.claims.get(claim.id).quote == claim.quote and other.upkeep.verify() == []
        assert BUNDLE.read(other, tmp_path / "out.db")[0].added == 0  # type: ignore[misc]


def test_a_bundle_is_a_file(desk: Desk) -> None:
    with pytest.raises(Refused, match="name a file"):
        BUNDLE.write(desk, io.BytesIO())
