"""Full-text search over the desk: search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import (
    listing,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    pass


@command("search", "factdesk search prisoners Kursk", "factdesk search --json interview | jq length")
@argument("words", "What to look for: all of them, in one article, claim, passage, comment …", nargs=-1, required=True)
@as_json
def search(words: tuple[str, ...], as_json: bool) -> None:
    """Search all articles, claims, justifications, evidence, comments and sources."""
    from tui.text.table_columns import Marked

    with desk_to_read() as desk:
        known = {article.id: article for article in desk.articles.all()}
        hits = desk.library.search(" ".join(words))
        heads = (
            Head("article", lambda hit: known[hit.article].number if hit.article else "", right=True),
            Head("claim", lambda hit: desk.claims.get(hit.claim).name if hit.claim else ""),
            Head("where", lambda hit: hit.where.replace("_", " ")),
            Head("found", lambda hit: Marked(hit.snippet, hit.marks), flexible=True),
            Head("title", lambda hit: known[hit.article].title if hit.article else "", flexible=True, spare=True),
        )
        shown = hits if as_json else [hit for hit in hits if not hit.article or hit.article in known]
        listing(heads, shown, as_json, nothing="Nothing found.")
