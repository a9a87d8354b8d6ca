"""Who has the desk open: here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.commands.command import as_json, command
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import (
    listing,
    local_time,
    plain,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.who_is_here import Present


@command("here", "factdesk here", "factdesk here --json | jq -r '.[].person'")
@as_json
def list_here(as_json: bool) -> None:
    """List who has this desk open now, and on which article.

    Blind review hides who it is; that somebody is here is told.
    """
    with desk_to_read() as desk:
        articles = {one.id: one for one in desk.articles.all()}
        heads = (
            Head("who", lambda one: one.person or "somebody", flexible=True),
            Head("article", lambda one: articles[one.article].number if one.article else "", right=True),
            Head("title", lambda one: articles[one.article].title if one.article else "in the library", flexible=True),
            Head("since", lambda one: local_time(one.since) if one.since else ""),
        )

        def told(one: Present) -> dict[str, Any]:
            about = articles.get(one.article)
            at = {"number": about.number, "title": about.title} if about else {"number": None, "title": ""}
            return {**plain(one), **at}

        nothing = "Nobody has this desk open now."
        listing(heads, desk.here.others(), as_json, nothing=nothing, as_plain=told)
