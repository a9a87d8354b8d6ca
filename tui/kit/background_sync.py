"""Syncing while people work: in a thread, with a connection of its own, so that no key ever waits for the network."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

from store.desk import Desk
from store.errors import Offline, Refused
from tui.kit.styled_text import Piece

if TYPE_CHECKING:
    from store.sync.contract import Remote
    from store.sync.remotes import Synced

EVERY = 5.0
"""Seconds between two looks; after something was saved here it is looked at once."""

_GATHER = 0.3  # seconds after a save, in which others may follow
_LONGEST = 60.0  # seconds between two tries to reach what cannot be reached


class BackgroundSync:
    """Syncs a desk with the places it remembers, for as long as the app runs."""

    def __init__(self, desk: Desk, changed: Callable[[], object], tell: Callable[[str], object]) -> None:
        """
        Args:
            desk: the desk; only what opens it once more is asked of it here.
            changed: called from the thread when `piece` says something else.
            tell: called from the thread with a sentence for the person who works here.
        """
        self._desk = desk
        self._changed = changed
        self._tell = tell
        self._wake = Event()
        self._stopped = Event()
        self._thread: Thread | None = None
        self._remotes: dict[str, Remote] = {}
        self._asked: set[str] = set()
        """Places to sync with that the desk does not remember yet."""
        self._loud = False
        """Whether somebody waits to be told what came of it."""
        self._told = ""
        self._failing = 0
        self.piece: Piece = ("", "")
        """How it stands, in a glyph and a few words: synced when, how many to send, or offline since when."""
        self._since = ""

    def start(self, place: str = "") -> None:
        """Begin, or look at once; with a place, with that one, too. Without any it ends by itself."""
        if place:
            self._asked.add(place)
        self._loud = self._loud or bool(place)
        self._wake.set()
        if self._thread is None or not self._thread.is_alive():
            self._stopped.clear()
            self._thread = Thread(target=self._run, name="sync", daemon=True)
            self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether there is something to sync with."""
        return self._thread is not None and self._thread.is_alive()

    def now(self) -> None:
        """Look at once, and tell what came of it."""
        self._loud = True
        self._wake.set()

    def soon(self) -> None:
        """Something was saved here."""
        self._wake.set()

    def stop(self) -> None:
        """End it; what is being sent or fetched is broken off, and goes on next time."""
        self._stopped.set()
        self._wake.set()
        for remote in list(self._remotes.values()):
            remote.close()
        if self._thread is not None:
            self._thread.join(1.0)

    # -- in the thread ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with self._desk.beside() as desk:
                while not self._stopped.is_set():
                    desk.session.be_like(self._desk.session)
                    places = list(dict.fromkeys([*(link.address for link in desk.remotes.all()), *self._asked]))
                    if not places:
                        return
                    self._wake.clear()
                    if desk.reviewer:
                        self._sync(desk, places)
                    if self._wake.wait(min(_LONGEST, EVERY * (1 + self._failing))):
                        self._stopped.wait(_GATHER)
        except Refused as refusal:
            self._tell(str(refusal))
        finally:
            self._show(("", ""))

    def _sync(self, desk: Desk, places: list[str]) -> None:
        met, waiting, trouble = [], 0, ""
        stopped = self._stopped.is_set
        for place in places:
            try:
                if place not in self._remotes:
                    self._remotes[place] = desk.remotes.at(place)
                met.append(desk.remotes.sync(self._remotes[place], progress=self._count, cancelled=stopped))
                waiting += met[-1].waiting
            except Refused as refusal:
                if self._stopped.is_set():
                    return
                trouble = str(refusal)
                kind = "offline" if isinstance(refusal, Offline) else "not synced"
                with suppress(Refused):
                    waiting += desk.remotes.waiting(place)
                if not isinstance(refusal, Offline):
                    self._asked.discard(place)
        now = f"{datetime.now():%H:%M}"
        if trouble:
            self._failing += 1
            self._since = self._since or now
            more = f", {waiting:,} to send" if waiting else ""
            self._show((f"✗ {kind} since {self._since}{more}", "warning"))
        else:
            self._failing, self._since = 0, ""
            self._show((f"↑ {waiting:,} to send", "muted") if waiting else (f"✓ synced {now}", "muted"))
        self._say(met, trouble)

    def _count(self, done: int, whole: int) -> None:
        """While much is sent or fetched, how much is left."""
        if whole - done > 1_000:
            self._show((f"↑ {whole - done:,} to sync", "muted"))

    def _say(self, met: list[Synced], trouble: str) -> None:
        """Tell what somebody asked for, and a trouble once."""
        if trouble and (self._loud or trouble != self._told) and (self._loud or "✗ not" in self.piece[0]):
            self._tell(trouble)
        elif self._loud:
            sent, received = sum(one.sent for one in met), sum(one.received for one in met)
            self._tell(f"Synced: {sent:,} sent, {received:,} received.")
        for one in met:
            for note in one.notes:
                self._tell(note)
        self._told, self._loud = trouble, False

    def _show(self, piece: Piece) -> None:
        if piece != self.piece:
            self.piece = piece
            self._changed()
