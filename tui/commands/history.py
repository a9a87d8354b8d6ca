"""What happened: history, replay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.commands import command as words
from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import (
    listing,
    local_time,
    say,
    tell,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    pass


@command("replay", "factdesk replay 1", "factdesk replay 1 --plain")
@words.article
@click.option("--plain", is_flag=True, help="Print the steps as lines: for screen readers and pipes.")
@as_json
def replay(article: str, plain: bool, as_json: bool) -> None:
    """Show step by step how the check of an article grew: the text as it stood, in the app; or lines."""
    from tui.commands.opened_desk import desk_of_ones_own, require_terminal, start_app

    if not (plain or as_json):
        require_terminal(instead="`factdesk replay --plain`")
        with desk_of_ones_own() as own:
            start_app(own, own.articles.get(article), replaying=True)
        return
    with desk_to_read() as desk:
        replay = desk.history.replay(article)
        steps = [replay.told(step) for step in replay.steps]
        if as_json:
            listing((), steps, True)
            return
        for step in steps:
            tell(f"{step.number}. {local_time(step.at)} {step.by}: {'; '.join(step.says)}. Then: {step.standing}.")
        if not steps:
            say("Nothing was done on this article yet.")


@command("history", "factdesk history", "factdesk history 3 C7", "factdesk history --limit 10 --json")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@argument("claim", "Its name, such as C7, or its id. Without one: the whole article.", required=False)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=100, show_default=True, metavar="N", help="How many."
)
@as_json
def history(article: str | None, claim: str | None, limit: int, as_json: bool) -> None:
    """Show who changed what and when, newest first."""
    with desk_to_read() as desk:
        about = desk.articles.get(article) if article else None
        numbers = {found.id: found.number for found in desk.articles.all(deleted=True)}
        heads = (
            Head("when", lambda change: local_time(change.at)),
            Head("who", lambda change: change.by, flexible=True),
            Head("article", lambda change: numbers.get(change.article, ""), right=True),
            Head("what", lambda change: change.sentence, flexible=True, wrapped=True),
        )
        listing(heads, desk.history.of(about, desk.claims.get(claim, about) if claim else None, limit), as_json)
