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


TEXT = (
    "Two prisoners were captured in Kursk. They said that 2 500 soldiers arrived on October 10, 2024.\n\n"
    "“We couldnʼt leave. Nobody told us why,” Ri said. The ministry denied it."
)


PLAIN_TEXT = "It fell in May. Nobody was hurt."


PLAIN_SCHEME = "\n".join(
    ["[scheme]", 'id = "plain"', "version = 1"]
    + [f'[[verdict]]\nkey = "{key}"\nlabel = "{key}"\nglyph = "{key[0]}"' for key in ("supported", "mixed", "refuted")]
)
