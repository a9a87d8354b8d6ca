"""The stairs of `store/` and `tui/`, from the ground up: a module imports only from its own room and from lower steps.

Rooms on one step stand side by side and know nothing of each other. The floors test walks every import against these
stairs, and the contributors' page shows them.
"""

from __future__ import annotations

STORE: tuple[tuple[str, ...], ...] = (
    ("vocabulary", "glossary", "person", "garbage_collector"), ("records",), ("reports",),
    ("errors",), ("file_locks", "toml"), ("optional_libraries", "text"), ("scheme", "measure"), ("log",), ("access",),
    ("check",), ("settle",), ("review",), ("history",), ("library",), ("upkeep", "who_is_here"), ("sync",), ("desk",),
    ("drafts",), ("formats",), ("sample",), ("demo",),
)  # fmt: skip

TUI: tuple[tuple[str, ...], ...] = (
    ("settings",), ("keys", "text"), ("themes",), ("kit",), ("view", "claim"), ("article",), ("review",),
    ("library", "compare", "linear"), ("app",), ("serve",), ("commands",), ("cli",),
)  # fmt: skip
"""Below it stands `store/`."""
