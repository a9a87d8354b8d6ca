"""``python -m tui`` is the ``factdesk`` command."""

from tui.cli import main

main()
