"""A folder of exported files: it appears whole or not at all, and only what an export has made is ever replaced.

Which files those are stands in the folder's own ``datapackage.json``: each with the SHA-256 it was written with. A file
that was changed since is somebody's work, and stays.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.errors import Refused, Taken
from store.file_locks import open_to_read, read_text
from store.log.atomic_write import as_asked, permit, refuse_desk, sweep, unforeseen, unwritten, whole_file

DESCRIPTOR = "datapackage.json"
SCHEME = "scheme.toml"
TEXTS = "texts"
PROGRAM = "factdesk"
"""The name of a descriptor of ours, and of what it holds for ourselves."""

_REPLACING = "replacing"
_OURS = re.compile(r"[a-zA-Z0-9_-][\w.-]*(/[a-zA-Z0-9_-][\w.-]*)?")
"""A name that an export gives a file: it leads nowhere else."""
_CHUNK = 1 << 20


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal. Raises OSError when it cannot be read."""
    digest = hashlib.sha256()
    with open_to_read(path) as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def whole_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A folder to fill; all that is put into it appears under ``path`` in the end.

    ``replace`` says that the files of an earlier export may be replaced; what else is in the folder stays.

    Raises:
        Taken: the folder holds an earlier export.
        Refused: it holds something else, or what was exported and changed since; or it cannot be made.
    """
    try:
        path = path.resolve()
        refuse_desk(path)
        ours = _made_before(path, replace)
        sweep(path.parent)
        part = path.with_name(unforeseen())
        try:
            part.mkdir(0o700 if path.exists() else 0o777)  # nobody looks into what takes another's place
            with as_asked(path, part):
                yield part
            if ours is not None:
                _take_over(part, path, ours)
                return
            if path.exists():
                permit(part, path)
                path.rmdir()
            part.rename(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except (OSError, RuntimeError) as error:
        raise unwritten(path, error) from None


def _made_before(folder: Path, replace: bool) -> Mapping[str, str] | None:
    """The files of an earlier export that are still as they were written, with their SHA-256; None where none was."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    if not folder.is_dir():
        raise Refused(f"{folder} is a file: name a folder.")
    described = _described(folder)
    if described is None:
        raise Refused(f"{folder} already holds something: name a new or empty folder, nothing was overwritten.")
    if not replace:
        raise Taken(
            f"{folder} already holds something, an earlier export; nothing was overwritten: "
            "name another folder, or replace it with --force.",
            folder,
        )
    ours = {}
    for name, hashes in described.items():
        file = folder / name
        if file.is_symlink() or file.exists():
            if not file.is_file() or sha256(file) not in hashes:
                raise Refused(f"{file} is not as it was exported: move it, or name another folder.")
            ours[name] = sha256(file)
    return ours


def _described(folder: Path) -> dict[str, set[str]] | None:
    """The files that the folder's descriptor tells of, with each SHA-256 they may have; None without one of ours."""
    try:
        package: Any = json.loads(read_text(folder / DESCRIPTOR))
        own = package[PROGRAM]
        found = {
            one["path"]: {one["hash"].removeprefix("sha256:")}
            for one in package["resources"]
            if _OURS.fullmatch(one["path"]) and "hash" in one
        }
        if "path" in own["scheme"]:
            found[SCHEME] = {own["scheme"]["sha256"]}
        for name, held in own.get(_REPLACING, {}).items():
            if _OURS.fullmatch(name):
                found.setdefault(name, set()).add(held)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    texts = folder / TEXTS
    if texts.is_dir() and not texts.is_symlink():
        for text in texts.glob("*.txt"):
            found[f"{TEXTS}/{text.name}"] = {text.stem}
    return found


def _take_over(part: Path, folder: Path, ours: Mapping[str, str]) -> None:
    """Put the new files in place of those that are ours. Interrupted, the folder's descriptor still tells of both."""
    new = [file.relative_to(part).as_posix() for file in sorted(part.rglob("*")) if file.is_file()]
    new.remove(DESCRIPTOR)
    for name in new:
        if name not in ours and (folder / name).exists():
            raise Refused(f"{folder / name} is not from an export: move it, or name another folder.")
    package = json.loads((part / DESCRIPTOR).read_text(encoding="utf-8"))
    package[PROGRAM][_REPLACING] = {name: held for name, held in ours.items() if not name.startswith(TEXTS)}
    with whole_file(folder / DESCRIPTOR, replace=True) as file:
        file.write(json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n")
    for name in new:
        old = folder / name
        old.parent.mkdir(exist_ok=True)
        if name in ours:
            permit(part / name, old)
        (part / name).replace(old)
    for name in ours.keys() - set(new):
        (folder / name).unlink()
    with whole_file(folder / DESCRIPTOR, replace=True) as file:
        file.write((part / DESCRIPTOR).read_bytes())
