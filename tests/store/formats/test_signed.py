"""The signed bundle: whoever changes a byte of it is found out, with factdesk and without."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Refused
from store.formats import signed
from tests.kit import exchange
from tests.kit.depth import examples
from tests.kit.desks import desk_at
from tests.kit.paths import ROOT

Cli = Callable[..., Result]

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not here to sign with")


def made_key(folder: Path, name: str) -> Path:
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)], check=True)
    return key


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key, the list of signers that has it, and a bundle that it signed."""
    folder = tmp_path_factory.mktemp("signed")
    key = made_key(folder, "ana")
    (folder / "signers").write_text(f"ana {key.with_suffix('.pub').read_text()}")
    with desk_at(folder) as desk:
        exchange.a_full_desk(desk)
        assert signed.write(desk, folder / "rain", key).rows == len(desk.claims.of("1"))
    return folder


@pytest.fixture
def bundle(master: Path, tmp_path: Path) -> Path:
    shutil.copytree(master / "rain", tmp_path / "rain")
    return tmp_path / "rain"


def found(bundle: Path, master: Path) -> list[str]:
    return signed.check_signed(bundle, master / "signers")[1]


def test_a_bundle_is_as_it_was_signed_and_another_desk_takes_it(bundle: Path, master: Path, tmp_path: Path) -> None:
    signer, problems = signed.check_signed(bundle, master / "signers")
    assert (signer.name, problems) == ("ana", []) and "ED25519 key SHA256:" in signer.key
    assert signed.check_signed(bundle) == (signed.Signer("", signer.key), [])
    assert {one.name for one in bundle.iterdir()} == {"desk.db", "tables", "log.txt", "SHA256SUMS", "SHA256SUMS.sig"}
    assert (bundle / "tables" / "claims.csv").exists() and (bundle / "tables" / "evidence.csv").exists()
    with Desk.open(tmp_path / "other.db", "Zoe") as other:
        assert other.merges.merge([bundle / "desk.db"])[0].added and other.upkeep.verify() == []
    assert found(bundle, master) == []


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), at=st.integers(0, 10**6))
@settings(
    max_examples=examples(160), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_any_flipped_bit_is_found(bundle: Path, master: Path, place: float, bit: int, at: int) -> None:
    files = sorted(one for one in bundle.rglob("*") if one.is_file())
    file = files[at % len(files)]
    whole = file.read_bytes()
    if not whole:
        return
    changed = bytearray(whole)
    changed[int(place * len(whole))] ^= 1 << bit
    try:
        file.write_bytes(changed)
        assert found(bundle, master), f"{file.name}, byte {int(place * len(whole))}, bit {bit}"
    finally:
        file.write_bytes(whole)


def test_what_is_added_missing_moved_or_signed_by_somebody_else_is_found(bundle: Path, master: Path) -> None:
    (bundle / "more.txt").write_text("more")
    assert found(bundle, master) == ["more.txt was added."]
    (bundle / "more.txt").unlink()
    log = (bundle / "log.txt").read_text(encoding="utf-8")
    (bundle / "log.txt").rename(bundle / "aside")
    assert found(bundle, master) == ["log.txt is missing.", "aside was added."]
    (bundle / "aside").unlink()
    (bundle / "log.txt").symlink_to(master / "rain" / "log.txt")
    assert found(bundle, master) == ["log.txt is not as it was signed."]
    # somebody who signs it anew, without a line of the history
    (bundle / "log.txt").unlink()
    lines = log.splitlines(keepends=True)
    (bundle / "log.txt").write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    names = sorted(one.relative_to(bundle).as_posix() for one in bundle.rglob("*") if one.is_file())
    from store.formats.folder import sha256

    kept = [name for name in names if not name.startswith("SHA256SUMS")]
    (bundle / "SHA256SUMS").write_text("".join(f"{sha256(bundle / name)}  {name}\n" for name in kept))
    (bundle / "SHA256SUMS.sig").unlink()
    other = made_key(bundle.parent, "eve")
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "factdesk", "-f", other, bundle / "SHA256SUMS"], check=True)
    problems = found(bundle, master)
    assert len(problems) == 1 and "does not name the ED25519 key" in problems[0]
    assert signed.check_signed(bundle)[1] == ["log.txt: line 2 is not what desk.db holds, or breaks the chain."]


def test_six_lines_of_the_readme_check_it_without_factdesk(bundle: Path, master: Path, tmp_path: Path) -> None:
    lines = re.search(
        r"these lines in it, without factdesk:\n\n((?:      .*\n)+)", (ROOT / "README.md").read_text("utf-8")
    )
    assert lines and len(lines[1].splitlines()) == 6
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(master / "ana.pub", home)

    def checked() -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        command = ["bash", "-c", re.sub("^ +", "", lines[1], flags=re.MULTILINE)] if lines else []
        return subprocess.run(command, cwd=bundle, env=environment, capture_output=True, text=True)

    good = checked()
    assert good.stdout.startswith('Good "factdesk" signature for ana with ED25519 key') and good.stdout.count("\n") == 1
    assert good.stderr == ""
    log, text = bundle / "log.txt", next((bundle / "tables" / "texts").glob("*.txt"))
    for file in (log, text):
        whole = file.read_bytes()
        file.write_bytes(whole.replace(b"e", b"3", 1))
        assert f"{file.relative_to(bundle)}: FAILED" in checked().stdout
        file.write_bytes(whole)
    log.write_bytes(log.read_bytes().replace(b'"at": 1', b'"at": 2', 1))
    assert "Broken: " in checked().stdout
    (bundle / "more").touch()
    assert "A file was added." in checked().stdout
    (bundle / "SHA256SUMS").write_text("")
    assert "Good" not in checked().stdout


def test_what_is_hidden_from_who_signs_is_not_signed_in_plain_text(tmp_path: Path, master: Path) -> None:
    with desk_at(tmp_path) as ana, Desk.open(tmp_path / "desk.db", "Bo") as bo:
        article, other = ana.articles.add("It rained. It snowed."), ana.articles.add("Another.")
        ana.assignments.assign([article], ["Ana", "Bo"], "checker", blind="all")
        bo.claims.tag(article, 0, 10)
        with pytest.raises(Refused, match="Blind review still hides"):
            signed.write(ana, tmp_path / "rain", master / "ana")
        assert not (tmp_path / "rain").exists() and not list(tmp_path.glob(".factdesk*"))
        signed.write(ana, tmp_path / "rain", master / "ana", [other])
        assert found(tmp_path / "rain", master) == []


def test_the_commands_sign_and_verify_and_refuse_in_a_sentence(
    master: Path, tmp_path: Path, ana: Path, cli: Cli
) -> None:
    shutil.copy(master / "desk.db", ana / "desk.db")
    folder = tmp_path / "sent"
    assert cli("export", "bundle", "-o", folder, "--sign", master / "ana").exit_code == 0
    told = cli("verify", folder, "--signers", master / "signers")
    assert told.exit_code == 0 and "as ana signed it" in told.stderr and told.stdout == ""
    assert "Compare that with the key you know" in cli("verify", folder).stderr
    (folder / "log.txt").write_text("")
    bad = cli("verify", folder)
    assert (bad.exit_code, bad.stdout) == (1, "log.txt is not as it was signed.\n") and "1 problem" in bad.stderr
    (tmp_path / "no-key").write_text("nothing")
    for words, says in (
        (("export", "bundle", "-o", folder, "--sign", master / "ana"), "already holds something"),
        (("export", "bundle", "-o", tmp_path / "x", "--sign", tmp_path / "none"), "no key"),
        (("export", "bundle", "-o", tmp_path / "x", "--sign", tmp_path / "no-key"), "could not sign"),
        (("verify", tmp_path), "not a signed bundle"),
        (("verify", ana / "desk.db"), "--db"),
        (("verify", folder, "--signers", tmp_path / "none"), "no file"),
    ):
        refused = cli(*words)
        assert refused.exit_code == 1 and says in refused.stderr and refused.stderr.count("\n") == 1, words
    assert not (tmp_path / "x").exists() and not list(tmp_path.glob(".factdesk*"))


def test_without_ssh_keygen_that_is_said(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refused, match="install OpenSSH"):
        signed.check_signed(bundle)
