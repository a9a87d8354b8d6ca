"""The signed bundle: a folder with a desk and all that it says in plain files, which anybody can check.

It holds the bundle itself (``desk.db``), its tables and texts as `tables` writes them, and the history, each line of
which holds the hash of the line before it. ``SHA256SUMS`` names every file with its SHA-256, and that list is signed by
``ssh-keygen -Y sign``. Neither SQLite nor factdesk is needed to check it: ``ssh-keygen`` and ``sha256sum`` do.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from store.desk import Desk
from store.errors import Refused
from store.file_locks import open_to_read
from store.formats import tables
from store.formats.csv.claim_columns import Exported
from store.formats.folder import sha256, whole_folder
from store.log.file import reading_desk
from store.records import Article, Progress

DESK, PLAIN, LOG, SUMS, SIGNATURE = "desk.db", "tables", "log.txt", "SHA256SUMS", "SHA256SUMS.sig"
"""What is in the folder."""

NAMESPACE = "factdesk"
"""What a signature is for, so that one made for something else is none."""

_COLUMNS = ("id", "action", "reviewer", "at", "kind", "item", "parents", "patch", "undoes")
_CHANGES = f"SELECT {', '.join(_COLUMNS)} FROM main.changes ORDER BY seq"
_LINE = re.compile(r"([0-9a-f]{64})  ([\w.-]+(?:/[\w.-]+)*)")
_ARMOUR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]+\n)+)-----END SSH SIGNATURE-----\n")
_HEAD = b"SSHSIG\0\0\0\1"


class Signer(NamedTuple):
    """Who signed a bundle: the name that the reader's list of signers has for the key, else empty; and the key."""

    name: str
    key: str


def write(
    desk: Desk, to: Path, key: Path, articles: Iterable[Article | str] = (), *, progress: Progress | None = None
) -> Exported:
    """Write some articles with all that belongs to them, or all, into a new folder, and sign it.

    Args:
        desk: the desk.
        to: the folder; it appears when all is in it, and not at all otherwise.
        key: the file of an SSH key; of a public one, the agent has the other half. Its passphrase is asked for.
        articles: the articles; without any, all.
        progress: told how many records are done, and all there are.

    Raises:
        Refused: something in it is hidden from who signs, the folder is not empty or cannot be written, or the key
            cannot be used.
    """
    if not key.is_file():
        raise Refused(f"There is no key {key}: name the file of an SSH key, such as ~/.ssh/id_ed25519.")
    with whole_folder(to) as part:
        made = desk.shares.write(part / DESK, articles, progress=progress)
        _refuse_hidden(desk, part / DESK)
        own = part / f"own-{DESK}"  # to open it as a desk would write into it
        shutil.copyfile(part / DESK, own)
        with Desk.open(own, desk.reviewer, create=False) as copy:
            tables.write(copy, part / PLAIN)
        own.unlink()
        with reading_desk(part / DESK) as conn, (part / LOG).open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in _chained(conn.execute(_CHANGES)))
        with (part / SUMS).open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{sha256(part / name)}  {name}\n" for name in _files(part) if name != SUMS)
        _sign(part / SUMS, key)
    return Exported(made.claims, "claims")


def check_signed(folder: Path, signers: Path | None = None) -> tuple[Signer, list[str]]:
    """Check a signed bundle: its signature, every file, the history's chain, and that the desk in it says the same.

    Args:
        folder: the bundle.
        signers: a file of keys that are trusted, as ``ssh-keygen`` reads it: a name and a public key a line. Without
            one, any key will do, and it is for the reader to compare it with the one that they know.

    Returns:
        Who signed it, and what is wrong with it as sentences; none when all is as it was signed.

    Raises:
        Refused: it is not a signed bundle, or ``ssh-keygen`` cannot be run.
    """
    if not (folder / SUMS).is_file() or not (folder / SIGNATURE).is_file():
        raise Refused(f"{folder} is not a signed bundle: it has no {SUMS} and {SIGNATURE}.")
    signer, problems = _signer(folder, signers)
    listed: dict[str, str] = {}
    for line in _text(folder / SUMS).splitlines():
        found = _LINE.fullmatch(line)
        if not found or found[2] in listed or found[2] in (SUMS, SIGNATURE):
            problems.append(f"{SUMS}: the line “{line[:80]}” is not one that factdesk writes.")
            continue
        listed[found[2]] = found[1]
    held = set(_files(folder)) - {SUMS, SIGNATURE}
    problems += [f"{name} is missing." for name in sorted(listed.keys() - held)]
    problems += [f"{name} was added." for name in sorted(held - listed.keys())]
    for name in sorted(listed.keys() & held):
        if (folder / name).is_symlink() or sha256(folder / name) != listed[name]:
            problems.append(f"{name} is not as it was signed.")
    if not problems:
        problems += _misfits(folder)
    return signer, problems


# -- the history --------------------------------------------------------------------------------------------------


def _chained(changes: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """The lines of the history: each a SHA-256, and what it is of with the SHA-256 of the line before it."""
    before = ""
    for change in changes:
        said = json.dumps(dict(zip(_COLUMNS, change, strict=True)), ensure_ascii=False)
        before = hashlib.sha256(f"{before}{said}".encode()).hexdigest()
        yield f"{before} {said}"


def _misfits(folder: Path) -> list[str]:
    """What the desk, and the history beside it, do not agree on."""
    try:
        with reading_desk(folder / DESK) as conn, open_to_read(folder / LOG) as file:
            for number, line in enumerate(_chained(conn.execute(_CHANGES)), 1):
                if file.readline() != f"{line}\n".encode():
                    return [f"{LOG}: line {number} is not what {DESK} holds, or breaks the chain."]
            return [f"{LOG} goes on where {DESK} ends."] if file.read(1) else []
    except Refused as error:
        return [str(error)]


def _refuse_hidden(desk: Desk, bundle: Path) -> None:
    """Refuse to sign, in plain text, what blind review hides from who signs."""
    seen = {row["id"] for row in desk.session.rows("SELECT id FROM changes")}
    with reading_desk(bundle) as conn:
        if any(id not in seen for (id,) in conn.execute("SELECT id FROM main.changes")):
            raise Refused(
                "Blind review still hides part of this from you, and a signed bundle shows all of it: submit your set "
                "first, sign articles that you may see, or let somebody sign who sees everything."
            )


# -- files and signatures -----------------------------------------------------------------------------------------


def _files(folder: Path) -> list[str]:
    found = (one for one in folder.rglob("*") if one.is_symlink() or not one.is_dir())
    return sorted(one.relative_to(folder).as_posix() for one in found)


def _text(path: Path) -> str:
    with open_to_read(path) as file:
        return file.read().decode("utf-8", "replace")


def _ssh_keygen(*words: object, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = ["ssh-keygen", *map(str, words)]
    try:
        with open_to_read(data) if data else nullcontext() as file:
            return subprocess.run(
                command, stdin=file, capture_output=True, encoding="utf-8", errors="replace", check=False
            )
    except FileNotFoundError:
        raise Refused("There is no ssh-keygen here, which signs and checks bundles: install OpenSSH.") from None


def _sign(sums: Path, key: Path) -> None:
    done = _ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", key, sums)
    if done.returncode or not sums.with_name(SIGNATURE).is_file():
        said = " ".join(done.stderr.split()) or "it does not say why"
        raise Refused(f"{key} could not sign ({said[:200]}); nothing was written: check the key and its passphrase.")


def _signer(folder: Path, signers: Path | None) -> tuple[Signer, list[str]]:
    """Who signed the list of files, and what is wrong with the signature."""
    signature, sums = folder / SIGNATURE, folder / SUMS
    wrong = [f"{SIGNATURE} is not a signature of {SUMS}."]
    with open_to_read(signature) as file:
        armour = _ARMOUR.fullmatch(file.read(1 << 20))
    try:
        joined = armour[1].replace(b"\n", b"") if armour else b""
        packed = base64.b64decode(joined, validate=True)
    except binascii.Error:
        return Signer("", ""), wrong
    if not packed.startswith(_HEAD) or base64.b64encode(packed) != joined:
        return Signer("", ""), wrong
    done = _ssh_keygen("-Y", "check-novalidate", "-n", NAMESPACE, "-s", signature, data=sums)
    key = re.search(r"with (.+ key \S+)", done.stdout + done.stderr)
    if done.returncode or not key:
        return Signer("", ""), wrong
    if signers is None:
        return Signer("", key[1]), []
    if not signers.is_file():
        raise Refused(f"There is no file {signers} of signers: give a name and a public key on each line.")
    known = _ssh_keygen("-Y", "find-principals", "-s", signature, "-f", signers).stdout.splitlines()
    for name in known:
        asked = ("-Y", "verify", "-f", signers, "-I", name, "-n", NAMESPACE, "-s", signature)
        if not _ssh_keygen(*asked, data=sums).returncode:
            return Signer(name, key[1]), []
    return Signer("", key[1]), [f"{signers} does not name the {key[1]} that signed it."]
