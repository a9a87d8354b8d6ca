"""A remote in memory: what the contract says in the fewest words, and what it says of being broken off anywhere."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

from store.errors import Offline, Refused
from store.sync.contract import LogRow, Piece, Pushed, State

_numbers = itertools.count()


class Memory:
    """Holds changes in a list. ``cut`` is how many calls go well before one is broken off, by turns before and after
    it has done its work."""

    def __init__(self, address: str = "memory", person: str = "") -> None:
        self.address = address
        self.person = person
        self.epoch = f"epoch {next(_numbers)}"
        self.steps: set[str] = set()
        self.log: list[LogRow] = []
        self.kept: dict[str, str] = {}
        self.pages: dict[tuple[str, int], bytes] = {}
        self.cut: int | None = None
        self.late = False
        self.calls: list[str] = []

    def restored(self, length: int) -> None:
        """It is as it was when it held so many changes."""
        del self.log[length:]

    def _begin(self, call: str) -> bool:
        self.calls.append(call)
        if self.cut is None:
            return False
        self.cut -= 1
        if self.cut >= 0:
            return False
        self.cut, self.late = None, not self.late
        if self.late:
            return True
        raise Offline("memory was cut off.")

    def _end(self, cut: bool) -> None:
        if cut:
            raise Offline("memory was cut off.")

    def state(self, at: int) -> State:
        self._end(self._begin("state"))
        id = self.log[at - 1][0] if 0 < at <= len(self.log) else ""
        return State(self.epoch, len(self.log), id, frozenset(self.steps), self.person)

    def keep(self, texts: Mapping[str, str], pieces: Sequence[Piece]) -> None:
        cut = self._begin("keep")
        self.kept |= texts
        self.pages |= {(body, place): packed for body, place, packed in pieces}
        self._end(cut)

    def push(self, changes: Sequence[LogRow], steps: Collection[str]) -> Pushed:
        cut = self._begin("push")
        held = {change[0]: change for change in self.log}
        for change in changes:
            if held.get(change[0], change) != change:
                raise Refused(f"memory holds the change {change[0]} with different content.")
            if self.person and change[2] != self.person and change[4] != "reviewers":
                raise Refused("memory takes only your own changes.")
        new = [change for change in changes if change[0] not in held]
        self.log += new
        self.steps |= {*steps}
        self._end(cut)
        return Pushed(len(new), len(self.log), self.log[-1][0] if self.log else "")

    def pull(self, after: int, limit: int, kinds: Collection[str] = ()) -> list[tuple[int, LogRow]]:
        self._end(self._begin("pull"))
        rows = [(number, change) for number, change in enumerate(self.log, 1) if number > after]
        return [row for row in rows if not kinds or row[1][4] in kinds][:limit]

    def known(self, ids: Sequence[str]) -> set[str]:
        self._end(self._begin("known"))
        return {change[0] for change in self.log} & {*ids}

    def texts(self, shas: Sequence[str]) -> Mapping[str, str]:
        self._end(self._begin("texts"))
        return {sha: self.kept[sha] for sha in shas if sha in self.kept}

    def pieces(self, body: str) -> list[Piece]:
        self._end(self._begin("pieces"))
        return [(page, place, packed) for (page, place), packed in sorted(self.pages.items()) if page == body]

    def close(self) -> None: ...
