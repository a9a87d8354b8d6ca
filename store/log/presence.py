"""Whether an open desk is still the file of its name: others may delete it, move it or put another in its place."""

from __future__ import annotations

from pathlib import Path

from store.errors import Gone

_Mark = tuple[int, int] | None
"""What the system knows a file by; None for no file."""


class Presence:
    """Remembers which file was opened. Files are only looked at: to open one again lets go of the locks on it."""

    def __init__(self, path: Path, *, journal: bool) -> None:
        """``journal``: what SQLite keeps beside the file belongs to it, and is lost like it."""
        self._named = path
        self._path = path.resolve()
        names = [f"{self._path}{end}" for end in ("-wal", "-shm")] if journal else []
        self._beside = {Path(name): held for name in names if (held := _mark(Path(name)))}
        self._held = _mark(self._path)

    @property
    def lost(self) -> str:
        """What became of the file, as the beginning of a sentence; empty while it is where it was."""
        now = _mark(self._path)
        if now != self._held:
            what = "was replaced by another file" if now else "was deleted or moved"
        elif any(_mark(path) != held for path, held in self._beside.items()):
            what = "lost the -wal or -shm file beside it, which holds the newest changes,"
        else:
            return ""
        return f"{self._named} {what} while it was open here"

    def require(self) -> None:
        """Raise Gone unless the file is where it was."""
        if lost := self.lost:
            raise Gone(f"{lost}; nothing was changed: save what is open here as another file (`factdesk` offers it).")


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
