"""The one write that waits while another program holds the desk or takes long itself, and what is said meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from store.desk import Desk
from store.errors import Busy, Refused
from store.records import Progress

Came = TypeVar("Came")

PATIENCE = 0.02
"""Seconds for which a key may wait for the desk's file; what takes longer is told, and waits beside the screen."""

RETRY = 0.01
"""Seconds after which what waits is tried again."""

HELD = "Not saved yet: another program holds the desk · Esc discards it"


class Teller(Protocol):
    """Who says what is not saved, and keeps the time for it: the app."""

    notice: str

    def stand(self, notice: str) -> None: ...
    def tell(self, said: str | Refused) -> None: ...
    def set_interval(self, interval: float, callback: Callable[[], None]) -> Timer: ...
    def call_later(self, callback: Callable[..., object], *arguments: object) -> bool: ...
    def run_worker(self, work: Callable[[], None], *, group: str, exit_on_error: bool, thread: bool) -> object: ...


HELD_BESIDE = "Waiting: another program holds the desk · Esc stops it"


@contextmanager
def beside(desk: Desk, stop: Event, say: Callable[[str], object]) -> Iterator[Desk]:
    """Another opening of the desk for another thread, which waits while another program holds the file.

    Args:
        desk: the desk that is open.
        stop: ends the waiting when it is set; ``Busy`` is then raised.
        say: told the words for it when the waiting begins, and no words when it is over.

    Raises:
        Gone, Refused: as for `Desk.beside`.
    """
    told = False

    def waiting(held: bool) -> bool:
        nonlocal told
        if held is not told:
            told = held
            say(HELD_BESIDE if held else "")
        return not stop.is_set()

    with desk.beside() as own:
        own.wait_for(own.session.log.patience, waiting)
        yield own


class Waits(Refused):
    """Something waits to be saved: nothing else is, until it is saved or given up."""


class _Wait(NamedTuple):
    node: Widget
    call: Callable[[], Any]
    then: Callable[[Any], object]
    kept: Callable[[], object]


class Long(Generic[Came]):
    """Something that takes long, and how it is told: ``doing`` such as Undoing, ``what`` such as changes.

    ``call`` writes to the desk that it is given, and tells how far it is; ``stopped`` says what is done when it was
    stopped, ``sentence`` what came of it, where the screen that asked is closed by then.
    """

    def __init__(
        self,
        doing: str,
        what: str,
        call: Callable[[Desk, Progress], Came],
        stopped: Callable[[int, int], str],
        sentence: Callable[[Came], str],
    ) -> None:
        self.doing = doing
        self.what = what
        self.call = call
        self.stopped = stopped
        self.sentence = sentence


class Unsaved:
    """Every write of the app passes here. Nothing is drawn before it is saved: that is what ``then`` is for."""

    def __init__(self, app: Teller, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._wait: _Wait | None = None
        self._timer: Timer | None = None
        self._stop: Event | None = None
        """Ends what goes on beside the screen; None when nothing does."""
        self._writers: set[Screen[Any]] = set()
        self.notice = ""
        """What the foot says of what is not saved yet."""
        desk.wait_for(PATIENCE)

    @property
    def waits(self) -> bool:
        """Whether something waits to be saved, or is being saved beside the screen."""
        return self._wait is not None or self._stop is not None

    def require_none(self) -> None:
        """Refuse to save more while something waits: it would overtake what was done before it."""
        if self.waits:
            raise Waits(self.notice)

    def writer(self) -> Screen[Any] | None:
        """The screen that saved all that was saved since this was last asked, and so shows it already.

        None where several have: each shows what it saved itself, and not what the others did.
        """
        writers, self._writers = self._writers, set()
        return writers.pop() if len(writers) == 1 else None

    def write(
        self, node: Widget, call: Callable[[], Any], then: Callable[[Any], object], kept: Callable[[], object]
    ) -> bool:
        """Save by ``call`` and show it by ``then``; False when another program holds the desk, and it waits.

        Args:
            node: what asks; when it is gone by the time that it is saved, nothing need be shown.
            call: writes to the desk, in one transaction, and may be called again.
            then: told what ``call`` gives.
            kept: called instead of ``then`` when what waited is given up or refused after all.

        Raises:
            Refused: something else waits already, or ``call`` or ``then`` refuse.
        """
        self.require_none()
        try:
            made = call()
            self._writers.add(node.screen)
        except Busy:
            self._wait = _Wait(node, call, then, kept)
            self._timer = self._app.set_interval(RETRY, self._retry)
            self._say(HELD)
            return False
        then(made)
        return True

    def give_up(self) -> None:
        """Forget what waits; what goes on beside the screen stops, and says how far it has come."""
        if self._stop is not None:
            self._stop.set()
        if (wait := self._ended()) is not None:
            if wait.node.is_running:
                wait.kept()
            self._app.tell("Discarded: nothing was saved.")

    def _retry(self) -> None:
        wait = self._wait
        if wait is None:
            return
        try:
            made = wait.call()
        except Busy:
            return
        except Refused as refusal:
            self._ended()
            if wait.node.is_running:
                wait.kept()
            self._app.tell(refusal)
            return
        if wait.node.is_attached:
            self._writers.add(wait.node.screen)
        self._ended()
        if wait.node.is_running:
            try:
                wait.then(made)
            except Refused as refusal:
                self._app.tell(refusal)

    def _ended(self) -> _Wait | None:
        wait, self._wait = self._wait, None
        if self._timer is not None:
            self._timer.stop()
        self._say("")
        return wait

    def _say(self, notice: str) -> None:
        """Have the foot say it, unless the app has something else to say there."""
        if self._app.notice == self.notice:
            self._app.stand(notice)
        self.notice = notice

    # What takes long

    def go_beside(self, node: Widget, work: Long[Any], then: Callable[[Any], object]) -> None:
        """Do something long beside the screen, and show it by ``then``. The foot says how far it is; ``give_up`` stops
        it.

        Raises:
            Refused: something else is not saved yet.
        """
        self.require_none()
        self._stop = Event()
        self._say(f"{work.doing} … · Esc stops it")
        run = partial(self._run_beside, node, work, then, self._stop)
        self._app.run_worker(run, thread=True, group="long", exit_on_error=False)

    def _run_beside(self, node: Widget, work: Long[Any], then: Callable[[Any], object], stop: Event) -> None:
        def say(words: str) -> None:
            self._app.call_later(self._say, words or f"{work.doing} … · Esc stops it")

        def progress(done: int, total: int) -> None:
            if stop.is_set() and done < total:
                raise Refused(work.stopped(done, total))
            self._app.call_later(self._say, f"{work.doing} {done:,} of {total:,} {work.what} · Esc stops it")

        made: Any
        try:
            with beside(self._desk, stop, say) as desk:
                made = work.call(desk, progress)
        except Refused as refusal:
            made = refusal
        self._app.call_later(self._came, node, work, then, made)

    def _came(self, node: Widget, work: Long[Any], then: Callable[[Any], object], made: Any) -> None:
        self._stop = None
        self._say("")
        if isinstance(made, Refused):
            self._app.tell(made)
        elif node.is_running:
            then(made)
        else:
            self._app.tell(work.sentence(made))

    def leave(self) -> None:
        """The app ends: what goes on beside the screen does not hold it up."""
        if self._stop is not None:
            self._stop.set()
