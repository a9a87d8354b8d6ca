"""Plain English: what people read says *you*, and has none of the words that newsrooms would strike."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readme import PAGES, ROOT

STRUCK = (
    r"\bone's\b|\boneself\b|\bwho(m)?ever\b|accounted for|\bhand(s|ed)? in\b|\bat hand\b|\bin hand\b|\banew\b"
    r"|\bverbs?\b|(?<!there )\b(is|are) no (?!longer\b|more\b)\w"
)
IN_MESSAGES = STRUCK + r"|\bmeanwhile\b"
"""A module's text and the pages use none of `STRUCK`, messages none of these."""


def strings(file: Path) -> Iterator[tuple[int, str, bool]]:
    """The texts in a module with their lines, those written with places for values too; whether each explains code."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    explains = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            said = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            yield node.lineno, said, False
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.lineno, re.sub(r"`+[^`]*`+", "`…`", node.value), id(node) in explains


@pytest.mark.parametrize("floor", ["store", "tui"])
def test_messages_help_and_docstrings_are_in_plain_english(floor: str) -> None:
    struck = [
        f"{file.relative_to(ROOT)}:{line}: {found[0]}"
        for file in sorted((ROOT / floor).rglob("*.py"))
        for line, said, explains in strings(file)
        if " " in said and (found := re.search(STRUCK if explains else IN_MESSAGES, said, re.IGNORECASE))
    ]
    assert struck == []


@pytest.mark.parametrize("name", [*PAGES, ".github/SECURITY.md"])
def test_the_pages_are_in_plain_english(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [found[0] for found in re.finditer(STRUCK, text, re.IGNORECASE)] == []
