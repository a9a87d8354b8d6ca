"""A run of ``factdesk``: the streams it begins with, and how it ends.

Refusals, faults of our own, Ctrl-C and readers that went away all end here, in one place: one sentence on standard
error and an exit code.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

REFUSED, INTERRUPTED, READER_LEFT = 1, 130, 141
"""Exit codes; 0 is done, and 2 is wrong usage."""


def ready_streams() -> None:
    """Make the standard streams fit to be used, or end the run."""
    _stand_in_for_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with ended():
        _look_where_output_goes()


@contextmanager
def ended() -> Iterator[None]:
    """The one place where whatever stops a run becomes a sentence and an exit code."""
    from store.errors import Refused

    try:
        yield
        sys.stdout.flush()
    except Refused as refusal:
        _end(str(refusal), REFUSED)
    except KeyboardInterrupt as interruption:
        _end(str(interruption) or "interrupted.", INTERRUPTED)
    except BrokenPipeError:
        from tui.commands.output import close_output

        close_output()
        raise SystemExit(READER_LEFT) from None
    except Exception as error:
        if os.environ.get("FACTDESK_DEBUG"):
            raise
        if isinstance(error, OSError) and not error.filename:
            from tui.commands.output import close_output

            close_output()
            _end(f"The output could not be written ({error.strerror}): check where it goes.", REFUSED)
        if isinstance(error, OSError):
            _end(f"{error.filename} cannot be used ({error.strerror}): check the name and its permissions.", REFUSED)
        if isinstance(error, UnicodeEncodeError):
            _end("What you gave is not all UTF-8: write it again as UTF-8 text.", REFUSED)
        _end(
            f"Something went wrong that should not have ({type(error).__name__}: {error}); "
            "run it again with FACTDESK_DEBUG=1 to see where, and please report it.",
            REFUSED,
        )


def _end(sentence: str, code: int) -> NoReturn:
    from tui.commands.output import say

    say(f"factdesk: {sentence}")
    raise SystemExit(code)


def _look_where_output_goes() -> None:
    """Refuse to run with an output that a shell has joined to a desk. What is said goes where there is none."""
    from store.errors import Refused

    for stream, else_to in ((2, 1), (1, 2)):
        with suppress(OSError):
            if stat.S_ISREG(os.fstat(stream).st_mode):
                from store.log.atomic_write import refuse_stream

                try:
                    refuse_stream(stream)
                except Refused:
                    os.dup2(else_to, stream)
                    raise


def _stand_in_for_closed_streams() -> None:
    """Where a shell has closed a standard stream: nothing is read, data cannot be written, words go nowhere.

    Else the next file that is opened, the desk perhaps, would be taken for that stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            nowhere = os.open(os.devnull, mode)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            stream = os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
