"""A desk that is asked for what it must refuse, a scheme that asks for much, and conflicts that are told alike."""

from __future__ import annotations

from collections import Counter

from store.desk import Desk

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


def conflicts_told_alike(desk: Desk) -> Counter[str]:
    """The conflicts that wait, by article: what is told of each article alone is what the whole desk tells of it."""
    everywhere, counts = desk.conflicts.of(), desk.conflicts.counts()
    assert Counter(one.article for one in everywhere) == +counts
    for article in desk.articles.all(deleted=True):
        assert +desk.conflicts.counts(article.id) == +Counter({article.id: counts[article.id]})
        assert article.deleted or desk.conflicts.of(article) == [one for one in everywhere if one.article == article.id]
    return counts
