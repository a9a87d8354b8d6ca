"""Several people on one desk, each by the real command."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Cli = Callable[..., Result]

TEXT = "It rained on 5 May. The river rose by two metres. Nobody was hurt. The bridge fell. The mayor left.\n"
"""An article in which each sentence is a claim."""

RAIN, RIVER, NOBODY, BRIDGE, MAYOR = (sentence.strip(" .\n") for sentence in TEXT.strip(" .\n").split(". "))


class People:
    """Runs `factdesk` as one person or another."""

    def __init__(self, cli: Cli, folder: Path) -> None:
        self._cli = cli
        self._folder = folder

    def bring(self, name: str, text: str = TEXT, *, by: str = "Eva") -> None:
        """Import an article from a file of that name."""
        file = self._folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        self.say(by, "import", file)

    def run(self, who: str, *args: object) -> Result:
        """Run a command as somebody, whatever comes of it."""
        return self._cli(*args, "--as", who)

    def say(self, who: str, *args: object) -> str:
        """Run a command that must be done; gives standard output."""
        result = self.run(who, *args)
        assert (result.exit_code, result.exception) == (0, None), f"{args}: {result.stderr}"
        return result.stdout

    def ask(self, who: str, *args: object) -> Any:
        """Run a command with --json; gives what it says."""
        return json.loads(self.say(who, *args, "--json"))

    def check(self, who: str, *quotes: str, verdict: str = "not_checkable", article: object = 1) -> None:
        """Tag each of these quotes and give the verdict, with all it needs."""
        for quote in quotes:
            self.say(who, "tag", article, "--quote", quote, "--verdict", verdict, "--justification", "So it is.")


def dump(path: Path) -> list[str]:
    if not path.exists():
        return []
    with sqlite3.connect(path) as conn:
        return list(conn.iterdump())


def assert_refused(result: Result, *words: str) -> None:
    """One sentence on standard error with these words, nothing on standard output, exit code 1."""
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("factdesk: ") and result.stderr.count("\n") == 1, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr
