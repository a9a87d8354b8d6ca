"""Formats of other programs: found by their entry point, and listed as broken when they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from store.desk import Desk
from store.errors import Refused
from store.formats import ENTRY_POINTS, FORMATS
from tests.kit import exchange, tally
from tests.kit.desks import desk_at

Cli = Callable[..., Result]


def installed(monkeypatch: pytest.MonkeyPatch, **modules: Any) -> list[str]:
    """Make other programs' formats known, as if they were installed; gives how often somebody has looked for them."""
    looked: list[str] = []

    def entries(group: str) -> list[SimpleNamespace]:
        looked.append(group)
        return [SimpleNamespace(name=name, load=lambda module=module: module()) for name, module in modules.items()]

    monkeypatch.setattr("importlib.metadata.entry_points", entries)
    return looked


def test_another_programs_format_has_verbs_and_a_place_in_the_list(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = installed(monkeypatch, tally=lambda: tally)
    with desk_at(tmp_path, "Ana") as desk:
        exchange.a_full_desk(desk)
    for words in (("export", "csv"), ("articles",), ("export", "jsonl")):
        assert cli("--db", tmp_path / "desk.db", *words).exit_code == 0
    assert looked == [], "they are looked for only when a format is listed, or named that is not ours"
    assert "tally" in cli("formats").stdout and looked == [ENTRY_POINTS] * len(looked)
    out = tmp_path / "all.tally"
    done = cli("--db", tmp_path / "desk.db", "export", "tally", "-o", out)
    assert done.exit_code == 0 and "Lost: the verdict (3 claims, such as C1" in done.stderr
    assert "18 28 '41 schools'\n" in out.read_text("utf-8")
    there = cli("--db", tmp_path / "new.db", "--as", "Zoe", "import", "tally", out)
    assert there.stdout == "2 articles, 5 claims imported, 0 here already\n"


def test_a_format_that_is_broken_is_listed_with_the_reason_and_the_others_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Any:
        raise ImportError("no module named x")

    half = SimpleNamespace(
        **{name: getattr(tally, name) for name in dir(tally)} | {"loses": frozenset(), "name": "half"}
    )
    installed(monkeypatch, absent=missing, half=lambda: half, other=lambda: tally, csv=missing)
    assert "ImportError: no module named x" in FORMATS["absent"].broken
    assert "carries or loses" in FORMATS["half"].broken and "verdict" in FORMATS["half"].broken
    assert "it calls itself tally" in FORMATS["other"].broken
    assert not FORMATS["csv"].broken, "what is ours stays ours"
    with desk_at(tmp_path) as desk, pytest.raises(Refused, match="The format absent cannot be used"):
        FORMATS["absent"].write(desk, tmp_path / "x")


def test_the_listing_says_what_each_format_loses(cli: Cli) -> None:
    import json

    told = {one["name"]: one for one in json.loads(cli("formats", "--json").stdout)}
    assert told["labelstudio"]["offsets"] == "utf-16" and told["proof"]["in"] is False
    assert told["doccano"]["options"]["labels"] and "verdict" in told["brat"]["carries"]
    refused = cli("export", "nosuch")
    assert refused.exit_code == 1 and "There is no format “nosuch”: use one of csv, settled, tables" in refused.stderr
    assert cli("export", "brat").exit_code == 2


def test_a_format_that_is_only_written_says_so_when_it_is_to_be_read(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("claims.jsonl").write_text("{}\n")
    written = [name for name, format in FORMATS.items() if format.read is None]
    assert {"fever", "scifact", "conll", "proof", "proof-md", "settled"} <= {*written}
    for name in written:
        for more in ([], ["claims.jsonl"], ["claims.jsonl", "--unit", "byte"]):
            refused = cli("--db", tmp_path / "new.db", "--as", "Ana", "import", name, *more)
            assert refused.exit_code == 1
            assert f"The format {name} is only written, never read." in refused.stderr
            assert " csv, tables, bundle, jsonl, w3c," in refused.stderr and "`factdesk formats`" in refused.stderr
            assert not any(f" {other}," in refused.stderr for other in written)
    assert not (tmp_path / "new.db").exists()
    Path("proof").write_text("It rained on Monday.")
    assert cli("--db", tmp_path / "new.db", "--as", "Ana", "import", "proof").exit_code == 0, "a file of that name"


@pytest.mark.filterwarnings("error:The parameter")
def test_a_desk_goes_through_the_command_line_in_every_format(tmp_path: Path, cli: Cli) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        exchange.a_full_desk(desk)
    for name, format in FORMATS.items():
        if format.module is None:
            continue
        to = tmp_path / f"{name}{'' if format.folder else format.module.extensions[0]}"
        said = {"site": "https://d.example/", "flatten": "first"}
        more = [word for key, value in said.items() if key in format.module.options for word in (f"--{key}", value)]
        done = cli("--db", tmp_path / "desk.db", "export", name, "-o", to, *more)
        assert done.exit_code == 0, (name, done.stderr)
        assert (to / "datapackage.json" if format.folder else to.with_name(f"{to.name}.manifest.json")).exists()
        taken = cli("--db", tmp_path / "desk.db", "export", name, "-o", to, *more)
        assert taken.exit_code == 1 and "--force" in taken.stderr, (name, taken.stderr)
        assert cli("--db", tmp_path / "desk.db", "export", name, "-o", to, "--force", *more).exit_code == 0
        if format.read is not None:
            units = ("--unit", format.module.unit) if format.module.unit != "none" else ()
            back = cli("--db", tmp_path / f"{name}.db", "--as", "Zoe", "import", name, to, *units)
            assert back.exit_code == 0 and " imported" in back.stdout, (name, back.stderr)
