"""A desk that is asked for what it must refuse, and a scheme that asks for much."""

from __future__ import annotations

FIRST = (0, 37)


BLOCKING = """
[scheme]
id = "strict"
version = 1
label = "Strict"
guard = "block"

[[verdict]]
key = "refuted"
label = "Refuted"
hotkey = "r"
glyph = "x"
requires_stance = ["refutes"]
requires_justification = true

[[verdict]]
key = "open"
label = "Open"
hotkey = "o"
glyph = "o"

[[verdict]]
key = "old"
label = "Old"
hotkey = "d"
glyph = "d"
retired = true
replaced_by = "open"
"""
