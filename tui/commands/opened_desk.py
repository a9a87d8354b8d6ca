"""Opening the desk a command works on, and the app."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.commands.common_options import chosen_file, chosen_name
from tui.commands.output import close_output, is_attended, prompt, say

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Article


@contextmanager
def desk_to_read() -> Iterator[Desk]:
    """The desk, to look at. Raises Refused when there is none: reading makes no file."""
    from store.desk import Desk
    from tui import settings

    who = settings.reviewer(chosen_name())
    with Desk.open(settings.desk_path(chosen_file()), who, create=False) as desk:
        _tell_warning(desk)
        yield desk


@contextmanager
def desk_of_ones_own() -> Iterator[Desk]:
    """The desk, to look at what concerns the person who works here. Raises Refused as ``desk_to_write`` does."""
    from store.desk import Desk
    from tui import settings

    who = who_works()
    with Desk.open(settings.desk_path(chosen_file()), who, create=False) as desk:
        _tell_warning(desk)
        yield desk


@contextmanager
def desk_to_write(*, create: bool = False, in_parts: bool = False, back_up: bool = True) -> Iterator[Desk]:
    """The desk, to work on, in the name of the person who works here.

    What is done and what is told of it are one: when it cannot be told, as the output is full or closed, nothing is
    changed. ``in_parts`` is for what is too long for one transaction; it is saved as it goes. Before anything is done
    the daily backup is made, when it is due and ``back_up`` says so.

    Raises:
        Refused: nobody has said who they are and nobody can be asked, or the desk cannot be opened.
    """
    from store.desk import Desk
    from store.errors import Refused
    from store.log.drives import misplaced
    from tui import settings

    who, path = who_works(), settings.desk_path(chosen_file())
    new = not path.exists()
    with Desk.open(path, who, create=create) as desk:
        if new:
            say(f"Made a new desk: {path}")
            if said := misplaced(path):
                say(said)
        _tell_warning(desk)
        if back_up and not new:
            _back_up(desk)
        before = str(desk.reviewer)
        if not in_parts:
            with desk.together():
                yield desk
                sys.stdout.flush()
            settings.follow(before, desk.reviewer)
            return
        try:
            yield desk
            sys.stdout.flush()
        except OSError as error:
            if error.filename or isinstance(error, BrokenPipeError):
                raise
            close_output()
            raise Refused(
                f"What was done is saved, but what came of it could not be written ({error.strerror}): "
                "`factdesk articles` tells; check where the output goes."
            ) from None


def _tell_warning(desk: Desk) -> None:
    if desk.warning:
        say(desk.warning)


def _back_up(desk: Desk) -> None:
    """Make the daily backup when it is due; where it cannot be made, that is said, and the work goes on."""
    from store.errors import Refused
    from tui import settings

    try:
        desk.backups.keep(*settings.backups_kept(settings.load()))
    except Refused as refusal:
        say(str(refusal))


def who_works() -> str:
    """The name edits are made under. Where nobody has said it, somebody at the terminal is asked, once for all.

    Raises:
        Refused: the name cannot be one, or there is none and nobody to ask.
    """
    from store.access.names import check_name
    from store.errors import Nobody, Refused
    from tui import settings

    if known := settings.reviewer(chosen_name()):
        return known
    if not is_attended():
        raise Nobody("factdesk does not know who you are: give a name with --as NAME, or set FACTDESK_REVIEWER.")
    while True:
        try:
            name = check_name(prompt("Who is working? Your name", default="", show_default=False))
        except Refused as refusal:
            say(str(refusal))
            continue
        settings.save(reviewer=name)
        say(f"Remembered in {settings.settings_path()}; --as NAME says otherwise once.")
        return name


HEADLESS = "`factdesk import`, `articles`, `claims`, `stats`, `tag`, `verdict`, `evidence` or `export csv`"
"""Commands that do without what the app is mostly started for."""


_DRAWN = "─│█▓░✓✗·◦–…“”é中"
"""What the app draws with: it writes to standard error."""


def has_terminal(*, standard_input_spent: bool = False) -> bool:
    """Whether the app could be seen and typed into."""
    return sys.stdout.isatty() and sys.stderr.isatty() and (standard_input_spent or sys.stdin.isatty())


def require_terminal(*, standard_input_spent: bool = False, instead: str = HEADLESS) -> None:
    """Refuse to start the app where it could not be seen or typed into, and name the commands that can be used."""
    from store.errors import Refused

    if not has_terminal(standard_input_spent=standard_input_spent):
        raise Refused(
            f"The app needs a terminal to show itself on; without one use {instead} (`factdesk --help` lists them all)."
        )
    _require_showable()


def _require_showable() -> None:
    """Refuse a terminal, or a locale, that cannot show the app."""
    from store.errors import Refused

    if (term := os.environ.get("TERM", "")).lower() == "dumb":
        raise Refused(
            f"TERM is “{term}”: this terminal cannot show the app. Try TERM=xterm-256color, or use {HEADLESS}."
        )
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    try:
        _DRAWN.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        raise Refused(
            f"The locale ({encoding}) has no characters for lines and signs. Start it as LC_ALL=C.UTF-8 factdesk."
        ) from None


def take_terminal() -> None:
    """Make the terminal the standard input again, after that has been read from a pipe."""
    from store.errors import Refused

    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise Refused("The article is in, but there is no terminal to type on: run `factdesk` in one.") from None
    os.dup2(terminal, 0)
    os.close(terminal)


def start_app(
    desk: Desk,
    article: Article | None = None,
    *,
    reviewing: str | None = None,
    comparing: bool = False,
    replaying: bool = False,
) -> None:
    """Show the app, on an article or in the library, until it is left.

    ``reviewing`` opens the article for review: of that checker's claims, or of everybody else's when it is empty;
    ``comparing`` shows what people say of it side by side, ``replaying`` how its check grew.
    """
    _require_showable()
    # Starting makes a hundred thousand objects, none of them garbage; looking for some would take a tenth of its time.
    gc.disable()
    from tui import settings
    from tui.app import FactdeskApp

    app = FactdeskApp(desk, settings.load(), article, reviewing=reviewing, comparing=comparing, replaying=replaying)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)


@contextmanager
def desk_for_app() -> Iterator[Desk]:
    """The desk as the app opens it: made when there is none; the app asks itself who is working."""
    from store.desk import Desk
    from tui import settings

    who = settings.reviewer(chosen_name())
    with Desk.open(settings.desk_path(chosen_file()), who) as desk:
        yield desk


def tell_conflicts(desk: Desk, articles: Iterable[Article]) -> None:
    """Say how many conflicts wait in articles, beside what is told of them."""
    counts = desk.conflicts.counts()
    if waiting := sum(counts[article.id] for article in articles):
        from tui.kit.head_line import conflicts_here

        say(conflicts_here(waiting))
