"""Which commands there are, under the headings of the help; and what a word in a command's place opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

_MODULES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Try": {"demo": ("demo",)},
    "Bring in and open": {"imports": ("open", "import", "import csv")},
    "Look": {
        "articles_and_claims": ("articles", "claims"),
        "show": ("show",),
        "residue": ("residue",),
        "stats": ("stats",),
        "search": ("search",),
        "history": ("history", "replay"),
        "here": ("here",),
    },
    "Check": {"check": ("check", "tag", "verdict", "evidence", "sweep", "comment")},
    "Sources": {"sources": ("sources", "sources show", "sources merge")},
    "Suggestions": {
        "suggestions": ("suggestions", "suggestions accept", "suggestions amend", "suggestions reject"),
    },
    "Review": {"review": ("review", "decide", "missing", "tick", "summary")},
    "Answer": {"answer": ("inbox", "answer", "threads", "resolve")},
    "Settle": {"compare_and_adjudicate": ("compare", "adjudicate", "settled")},
    "Measure": {"agreement": ("agreement",)},
    "Draw": {"picture": ("picture", "picture heat", "picture verdicts", "picture agreement")},
    "Assign": {
        "assignments": ("assign", "unassign", "assignments", "next"),
        "submission": ("submit", "reopen"),
        "person": ("person rename",),
    },
    "Change": {
        "change": ("edit", "move", "split", "join", "delete"),
        "undo": ("undo", "redo"),
        "conflicts": ("conflicts", "conflicts settle"),
    },
    "Correct": {"corrections": ("update", "changed", "corrections", "keep", "versions", "diff")},
    "Take out": {"export": ("export", "export csv", "export settled", "export tables", "formats")},
    "Together": {"merge_and_share": ("merge", "share", "import bundle", "export bundle")},
    "Sync": {"sync": ("sync", "hub init", "hub status", "hub roles")},
    "In a browser": {"serve": ("serve",)},
    "Keep": {"backup_and_verify": ("backup", "backups", "restore", "verify", "rebuild")},
    "Set up": {
        "scheme": ("scheme", "scheme list", "scheme show", "scheme check", "scheme use"),
        "keys_and_config": ("keys", "keys check", "config", "completion"),
    },
}
"""The commands by heading and module, in the order of the help."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    heading: tuple(chain.from_iterable(modules.values())) for heading, modules in _MODULES.items()
}
"""The commands under each heading."""

MODULES = {name: module for modules in _MODULES.values() for module, names in modules.items() for name in names}
"""The module of each command."""


def opens(word: str) -> bool:
    """Whether a word in a command's place is what to open: a file that is there, or a page's address."""
    if word in MODULES or word.startswith("-"):
        return False
    try:
        return re.match("(?i)https?://", word) is not None or Path(word).exists()
    except (OSError, ValueError):
        return False
