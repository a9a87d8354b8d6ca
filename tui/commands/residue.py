"""What is left to read in an article: residue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands import command as words
from tui.commands.command import as_json, command
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import (
    listing,
)
from tui.commands.show import passage_heads

if TYPE_CHECKING:
    pass


@command("residue", "factdesk residue 3", "factdesk residue 3 --json | jq -r '.[0] | \"\\(.start) \\(.end)\"'")
@words.article
@as_json
def list_residue(article: str, as_json: bool) -> None:
    """List what is left to read: open sentences and leftovers.

    No word of an open sentence is in a claim or a sweep. A leftover is the unread rest of a sentence; it counts if it
    has a digit or at least leftover_words words (in the scheme; otherwise four).
    """
    from store.review.summary import passages_of

    with desk_to_read() as desk:
        about = desk.articles.get(article)
        left = passages_of(desk.articles.shown(about), desk.coverage.of(about).residue)
        listing(passage_heads("words"), left, as_json, nothing="Nothing is left to read.")
