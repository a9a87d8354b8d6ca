"""The command that adds what is missing fits the way factdesk was installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from store.optional_libraries import command_to_add

RECEIPT = '[tool]\nrequirements = [{ name = "factdesk", %s }, { name = "other" }]\n'


@pytest.mark.parametrize(
    ("held", "said"),
    [('extras = ["hub"], directory = "/a desk"', "'/a desk[hub,web]'"), ('directory = "/desk"', "'/desk[web]'"),
     ('extras = ["hub", "web"]', "'factdesk[hub,web]'")],
)  # fmt: skip
def test_a_tool_of_uv_keeps_the_extras_that_it_has(tmp_path: Path, held: str, said: str) -> None:
    (tmp_path / "uv-receipt.toml").write_text(RECEIPT % held, encoding="utf-8")
    assert command_to_add("factdesk[web]", tmp_path) == f"uv tool install {said}"
    assert command_to_add("theirs[x]", tmp_path) == f"{tmp_path}/bin/pip install 'theirs[x]'"


def test_pipx_and_pip_are_named_with_the_place_that_they_install_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command_to_add("factdesk[web]", tmp_path) == f"{tmp_path}/bin/pip install 'factdesk[web]'"
    monkeypatch.chdir(tmp_path)
    assert command_to_add("factdesk[web]", tmp_path / ".venv") == ".venv/bin/pip install 'factdesk[web]'"
    with monkeypatch.context() as everywhere:
        everywhere.setattr(sys, "prefix", sys.base_prefix)
        assert command_to_add("factdesk[web]") == "pip install 'factdesk[web]'"
    (tmp_path / "pipx_metadata.json").write_text("{}", encoding="utf-8")
    assert command_to_add("factdesk[web]", tmp_path) == "pipx runpip factdesk install 'factdesk[web]'"
