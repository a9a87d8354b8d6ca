"""``python -m tui`` is the ``factdesk`` command."""

from __future__ import annotations

import gc


def start() -> None:
    """Run the command line and end the process."""
    # Imports make objects that stay; by default they are looked through for garbage after every 700 of them.
    gc.set_threshold(20_000)
    from tui.cli import main

    main()


if __name__ == "__main__":
    start()
