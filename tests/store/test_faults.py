"""Whatever goes wrong, at whatever moment: nothing that was saved is missing, the desk is sound, and it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.faults import FAULTS, WORKS, rounds


@pytest.mark.parametrize("work", WORKS)
def test_nothing_that_was_saved_is_lost_and_what_is_said_is_a_sentence(work: str, shared: Path) -> None:
    found = rounds(work, shared)
    assert {one["fault"] for one in found} == set(FAULTS)
    for one in found:
        assert not one["problems"] and "error" not in one, one
        for said in one.get("refused", ()):
            assert said.endswith(".") and "\n" not in said and len(said) < 600 and ".part" not in said, said
        if one["fault"] == "killed":
            assert "steps" not in one, "it was not killed"
        if "clock" in one["fault"]:
            assert "refused" not in one, one
