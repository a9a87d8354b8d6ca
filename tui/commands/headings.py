"""Which commands there are, under the headings of the help; and what a word in a command's place opens."""

from __future__ import annotations

import re
from pathlib import Path

ROOMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Try", "demo", ("demo",)),
    ("Bring in and open", "imports", ("open", "import", "import csv")),
    ("Look", "look", ("articles", "claims", "show", "residue", "stats", "search", "history", "replay", "here")),
    ("Check", "check", ("check", "tag", "verdict", "evidence", "sweep", "comment")),
    ("Sources", "source", ("sources", "sources show", "sources merge")),
    (
        "Suggestions",
        "suggestion",
        ("suggestions", "suggestions accept", "suggestions amend", "suggestions reject"),
    ),
    ("Review", "review", ("review", "decide", "missing", "tick", "summary")),
    ("Answer", "answer", ("inbox", "answer", "threads", "resolve")),
    ("Settle", "settlement", ("compare", "adjudicate", "settled")),
    ("Measure", "measure", ("agreement",)),
    ("Draw", "picture", ("picture", "picture heat", "picture verdicts", "picture agreement")),
    ("Assign", "assignment", ("assign", "unassign", "assignments", "next", "submit", "reopen", "person rename")),
    ("Change", "change", ("edit", "move", "split", "join", "delete", "undo", "redo", "conflicts", "conflicts settle")),
    ("Correct", "correction", ("update", "changed", "corrections", "keep", "versions", "diff")),
    ("Take out", "export", ("export", "export csv", "export settled", "export tables", "formats")),
    ("Together", "together", ("merge", "share", "import bundle", "export bundle")),
    ("Sync", "sync", ("sync", "hub init", "hub status", "hub roles")),
    ("In a browser", "serve", ("serve",)),
    ("Keep", "upkeep", ("backup", "backups", "restore", "verify", "rebuild")),
    (
        "Set up",
        "setup",
        (
            "scheme",
            "scheme list",
            "scheme show",
            "scheme check",
            "scheme use",
            "keys",
            "keys check",
            "config",
            "completion",
        ),
    ),
)
"""Title, module and commands, in the order of the help."""

MODULES = {name: module for _, module, names in ROOMS for name in names}
"""The module of each command."""


def opens(word: str) -> bool:
    """Whether a word in a command's place is what to open: a file that is there, or a page's address."""
    if word in MODULES or word.startswith("-"):
        return False
    try:
        return re.match("(?i)https?://", word) is not None or Path(word).exists()
    except (OSError, ValueError):
        return False
