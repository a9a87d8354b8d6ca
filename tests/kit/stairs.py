"""The stairs of `store/` and `tui/`: a module imports only from its own step and from lower ones.

The floors test walks every import against them, and the contributors' page shows them.
"""

from __future__ import annotations

STORE: tuple[tuple[str, ...], ...] = (
    ("records", "errors", "glossary"),
    ("log", "text", "toml"),
    ("measure", "scheme"),
    ("access",),
    ("check", "library", "settle"),
    ("history", "review"),
    ("desk",),
    ("formats", "upkeep"),
    ("demo",),
)
"""From the ground up."""

TUI: tuple[tuple[str, ...], ...] = (
    ("settings",),
    ("keys", "text"),
    ("kit",),
    ("view", "claim"),
    ("article",),
    ("review",),
    ("library", "compare"),
    ("app",),
    ("commands",),
    ("cli",),
)
"""From the ground up; below it stands `store/`."""
