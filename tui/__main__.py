"""``python -m tui`` is the ``factdesk`` command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial


def start() -> None:
    """Run the command line and end the process."""
    # Imports make objects that stay; by default they are looked through for garbage after every 700 of them.
    gc.set_threshold(20_000)
    begun = plain_opening(sys.argv[1:])
    if begun is None:
        from tui.cli import main

        main()
        return
    from tui.commands.run import ended, ready_streams

    ready_streams()
    with ended():
        begun()


def plain_opening(words: Sequence[str]) -> Callable[[], None] | None:
    """What opens the library or the one article that these words name; None where they say any more than that.

    People wait for these, and for them alone the library that reads a command line need not be loaded. What is not
    plain, be it only unusual, is left to it.
    """
    from tui.commands.common_options import AS, DB, choose
    from tui.commands.headings import opens

    if "_FACTDESK_COMPLETE" in os.environ or os.name == "nt":  # the shell asks, or click writes out patterns
        return None
    said: dict[str, str] = {}
    named: list[str] = []
    coming = iter(words)
    for word in coming:
        option = word in (DB, AS)
        value = next(coming, "") if option else word
        if not value or value.startswith("-"):
            return None
        if option:
            said[word] = value
        else:
            named.append(value)
    if len(named) > 2 or (len(named) == 2 and named[0] != "open") or (len(named) == 1 and not opens(named[0])):
        return None
    from tui.commands.import_and_open import Asked, open_articles, open_library

    choose(said)
    return partial(open_articles, Asked(named[-1:])) if named else open_library


if __name__ == "__main__":
    start()
