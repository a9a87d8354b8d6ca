"""Styles that were read once: nearly every test begins an app, and all apps have the same ones."""

from __future__ import annotations

from typing import Any

from textual.css.stylesheet import Stylesheet

READ: dict[tuple[tuple[str, str], ...], dict[Any, Any]] = {}
"""What styles come to, by the colours that they are read with."""


def share() -> None:
    """Have every app take what an earlier one has read; to read them is a fifth of what it takes to begin one."""
    begin, colour = Stylesheet.__init__, Stylesheet.set_variables

    def begun(self: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        begin(self, variables=variables)
        self._parse_cache = READ.setdefault(tuple(sorted(self._variables.items())), {})  # type: ignore[assignment]

    def coloured(self: Stylesheet, variables: dict[str, str]) -> None:
        self._parse_cache = {}  # type: ignore[assignment]  # it is emptied, and others go on with the one it had
        colour(self, variables)
        self._parse_cache = READ.setdefault(tuple(sorted(variables.items())), {})  # type: ignore[assignment]

    Stylesheet.__init__, Stylesheet.set_variables = begun, coloured  # type: ignore[method-assign]
