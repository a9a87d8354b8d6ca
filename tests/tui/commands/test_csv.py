"""Claims out as CSV and back in, by the command line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.desks import once

Cli = Callable[..., Result]


@pytest.fixture
def desk(ana: Path, cli: Cli, sample: Path) -> Path:
    """A desk of Ana's with two claims on the sample article, one of them like a formula."""

    def made() -> None:
        cli("import", sample)
        formula = ("--claimant", "=1+1", "--verdict", "refuted", "--justification", "Why.")
        cli("tag", 1, "--quote", "October 10, 2024", *formula)
        cli("evidence", 1, "C1", "--stance", "refutes", "--url", "https://a.example", "--quote", "on 9 October")
        cli("tag", 1, 17, 49)

    once(ana, made)
    return ana / "desk.db"


def test_a_csv_goes_out_and_comes_back_into_an_empty_desk_with_the_same_bytes(
    desk: Path, cli: Cli, sample: Path
) -> None:
    out, other = desk.parent / "claims.csv", desk.parent / "other.db"
    written = cli("export", "csv", "-o", out)
    assert (written.exit_code, written.stdout) == (0, "")
    assert f"2 claims written to {out}" in written.stderr
    cli("import", sample, "--db", other)
    assert cli("import", "csv", out, "--db", other).stdout == "2 claims imported, 0 here already\n"
    assert cli("export", "csv", "--db", other).stdout_bytes == out.read_bytes()
    again = cli("import", "csv", "-", "--db", other, "--json", input=out.read_bytes())
    assert json.loads(again.stdout)["known"] == 2


def test_standard_output_and_a_file_hold_the_same_and_options_change_it(desk: Path, cli: Cli) -> None:
    out = desk.parent / "claims.csv"
    cli("export", "csv", 1, "-o", out)
    plain = cli("export", "csv").stdout_bytes
    assert plain == out.read_bytes() == cli("export", "csv", "-o", "-").stdout_bytes
    assert cli("export", "csv", "--excel").stdout_bytes == b"\xef\xbb\xbf" + plain
    rows = [list(csv.DictReader(io.StringIO(cli("export", "csv", *args).stdout))) for args in ([], ["--raw"])]
    assert [row[1]["claimant"] for row in rows] == ["'=1+1", "=1+1"]


def test_rows_that_do_not_fit_are_listed_and_nothing_is_imported(desk: Path, cli: Cli) -> None:
    out = desk.parent / "claims.csv"
    text = cli("export", "csv").stdout_bytes
    out.write_bytes(text.replace(b"October 10, 2024", b"October 99, 2024"))
    cli("delete", 1, "C1")
    before = cli("claims", "--json").stdout
    result = cli("import", "csv", out)
    assert (result.exit_code, result.stdout) == (1, "")
    rows = result.stderr.splitlines()
    assert rows[0].startswith(f"{out}: row 3, column quote: ") and "October 99, 2024" in rows[0]
    assert rows[-1].startswith(f"factdesk: {out}: 1 of 2 rows does not fit; nothing was imported.")
    assert rows[-1].endswith("--skip-bad imports the other 1.")
    assert cli("claims", "--json").stdout == before


def test_every_format_of_the_store_has_its_verbs() -> None:
    from store.formats import FORMATS
    from tui.cli import factdesk

    context = click.Context(factdesk)
    wanted = {f"export {name}" for name in FORMATS}
    wanted |= {f"import {name}" for name, known in FORMATS.items() if known.read}
    for name in wanted:
        command = factdesk.get_command(context, name)
        assert command is not None and command.name == name


def test_tables_are_written_into_a_new_folder_and_never_into_a_full_one(desk: Path, cli: Cli) -> None:
    folder = desk.parent / "everything"
    written = cli("export", "tables", folder)
    assert (written.exit_code, written.stdout) == (0, "")
    assert f"written to {folder}" in written.stderr
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        assert [row["claimant"] for row in csv.DictReader(file)] == ["", "'=1+1"]
    assert (folder / "datapackage.json").exists()
    before = sorted(path.read_bytes() for path in folder.glob("*.csv"))
    again = cli("export", "tables", folder)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "nothing was overwritten" in again.stderr
    assert sorted(path.read_bytes() for path in folder.glob("*.csv")) == before


def test_import_csv_reads_claims_and_import_with_a_path_reads_an_article(
    desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.parent)
    Path("csv").write_text("An article in a file named csv.", "utf-8")
    assert cli("import", "./csv").stdout.endswith("An article in a file named csv.\n")
    assert cli("import", "csv").exit_code == 2
    missing = cli("import", "csv", "nosuch.csv")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "nosuch.csv" in missing.stderr


def test_the_settled_set_is_written_by_the_command_line(desk: Path, cli: Cli) -> None:
    out = desk.parent / "settled.csv"
    written = cli("export", "settled", "-o", out)
    assert (written.exit_code, written.stdout) == (0, "")
    assert f"0 claims written to {out}" in written.stderr
    assert cli("export", "settled").stdout_bytes == out.read_bytes()
    with Desk.open(desk, "Bo") as bob, Desk.open(desk, "Cy") as cy:
        claim = bob.claims.of(bob.articles.all()[0])[0]
        bob.reviews.decide(claim, "agree")
        cy.settlements.take_agreed(cy.comparison.compare(claim.article))
    (row,) = csv.DictReader(io.StringIO(cli("export", "settled", 1).stdout))
    assert (row["claim_id"], row["outcome"], row["adjudicator"]) == (claim.id, "both_correct", "Cy")
    assert cli("export", "settled", "-o", out).exit_code == 1
    assert "1 claim written" in cli("export", "settled", "-o", out, "--force").stderr
