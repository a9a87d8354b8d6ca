"""TOML read by people's rules: whatever is wrong in a file is refused with its line and key.

Schemes, settings and key maps are all read here, so that each of them complains in the same words.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Collection, Mapping
from importlib import import_module

from store.errors import Refused

_HEADER = r"""\s*(\[\[?)\s*([\w."'-]+)\s*\]\]?\s*(?:#.*)?$"""
_KEY = r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*[.=]"""


class Toml:
    """The values of a TOML text, and where each of them stands.

    ``where`` names the text in refusals, usually the file. Raises ``refusal`` for text that is not TOML.
    """

    def __init__(self, text: str, where: str, refusal: type[Refused] = Refused) -> None:
        self.text = text
        self.where = where
        self._refusal = refusal
        tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        try:
            self.values: Mapping[str, object] = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            nested = isinstance(error, RecursionError)
            reason, line = "it is nested too deeply" if nested else str(error), 0
            if place := re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)", reason):
                line = int(place[1] or text.rstrip("\n").count("\n") + 1)
                reason = reason[: place.start()]
            at = f", line {line}" if line else ""
            raise refusal(f"{where}{at}: this is not TOML ({reason[:120]}); correct it.") from None

    def refuse(self, sentence: str, table: str = "", key: str = "", nth: int = 0) -> Refused:
        """The refusal to raise for ``key`` of the ``nth`` (from 0) table named ``table``."""
        return self._refusal(f"{self.where}, line {self.line(table, key, nth)}, {sentence}")

    def refuse_strangers(
        self, found: Mapping[str, object], known: Collection[str], table: str = "", nth: int = 0
    ) -> None:
        """Refuse the first key of ``found`` that is not among ``known``, naming the one that was meant."""
        for key in found:
            if key not in known:
                meant = difflib.get_close_matches(key, known, 1)
                mend = f"write {meant[0]}" if meant else f"remove it, or use one of {', '.join(sorted(known))}"
                raise self.refuse(f"{shown(key)}: there is no such key here; {mend}.", table, key, nth)

    def line(self, table: str = "", key: str = "", nth: int = 0) -> int:
        """The line, from 1, of a key, else of its table; 1 when neither is written out.

        A table inside a table is named with a dot: ``scheme.rating_scale``.
        """
        lines = self._lines()
        table, _, below = table.partition(".")
        key = f"{below}.{key}" if below else key
        parents = ((table, nth, key), (table, nth, key.split(".")[0]), (table, nth, ""), ("", 0, table))
        return next((lines[place] for place in parents if place in lines), 1)

    def _lines(self) -> dict[tuple[str, int, str], int]:
        """(table, nth, key) → line. A key of ``[verdict.export]`` counts as ``export.…`` of its verdict."""
        lines: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, nth, prefix, quotes = "", 0, "", ""
        for number, line in enumerate(self.text.split("\n"), 1):
            if quotes:
                quotes = "" if line.count(quotes) % 2 else quotes
                continue
            if header := re.match(_HEADER, line):
                table, _, below = header[2].partition(".")
                if header[1] == "[[" and not below:
                    counts[table] = counts.get(table, -1) + 1
                nth, prefix = counts.get(table, 0), below + "." if below else ""
                lines.setdefault((table, nth, below), number)
                lines.setdefault(("", 0, table), number)
            elif key := re.match(_KEY, line):
                lines.setdefault((table, nth, prefix + key[1].strip("\"'")), number)
                quotes = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        return lines


def shown(value: object) -> str:
    """A value as it may stand in a sentence: short, on one line, control characters escaped."""
    text = value if isinstance(value, str) and value.isidentifier() else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
