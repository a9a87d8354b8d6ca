"""Sources: list and search what evidence is drawn from, show where one is cited, merge two that are one."""

from __future__ import annotations

from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import listing, plain, report, say, show_json
from tui.text.table_columns import Head

SOURCE_WORDS = "Its number in `factdesk sources`, its address, its id or the start of its id, or part of its title."


@command("sources", "factdesk sources", 'factdesk sources "ministry of defence"')
@argument(
    "words", "Only sources that say all of these, anywhere, or whose passages do.", nargs=-1, metavar="[WORDS]..."
)
@as_json
def sources(words: tuple[str, ...], as_json: bool) -> None:
    """List the sources of the desk, and where they are used.

    Words also find the passages, places and notes of the evidence, so you see whether you have used this before.
    """
    with desk_to_read() as desk:
        heads = (
            Head("n", lambda use: use.number, right=True),
            Head("source", lambda use: use.source.title or use.source.url, flexible=True),
            Head("publisher", lambda use: use.source.publisher, flexible=True),
            Head("claims", lambda use: use.claims, right=True),
            Head("articles", lambda use: use.articles, right=True),
            Head("evidence", lambda use: use.stances, flexible=True),
            Head("retrieved", lambda use: use.source.retrieved),
            Head("archived", lambda use: "yes" if use.source.archive_url else "no"),
            Head("tier", lambda use: use.source.tier, spare=True),
            Head("origin", lambda use: use.source.origin, flexible=True, spare=True),
            Head("address", lambda use: use.source.url if use.source.title else "", flexible=True, spare=True),
        )
        nothing = "No source says that." if words else "There is no source yet: evidence brings them."
        listing(heads, desk.sources.all(" ".join(words)), as_json, nothing=nothing)


@command("sources show", "factdesk sources show 4", "factdesk sources show https://example.org/report")
@argument("source", SOURCE_WORDS)
@as_json
def show_source(source: str, as_json: bool) -> None:
    """Show where a source is cited: article, claim, what the evidence does, passage and place."""
    with desk_to_read() as desk:
        use = desk.sources.get(source)
        cited = desk.sources.cited(use.source)
        if as_json:
            show_json({**plain(use), "evidence": [plain(piece) for piece in cited]})
            return
        claims = {piece.claim: desk.claims.get(piece.claim) for piece in cited}
        numbers = {article.id: article.number for article in desk.articles.all()}
        name = use.source.title or use.source.url
        say(f"{name}: {use.cited}." + (f" It has this from {use.source.origin}." if use.source.origin else ""))
        heads = (
            Head("article", lambda piece: numbers[claims[piece.claim].article], right=True),
            Head("claim", lambda piece: claims[piece.claim].name),
            Head("stance", lambda piece: piece.stance),
            Head("passage", lambda piece: piece.quote, flexible=True, wrapped=True),
            Head("place", lambda piece: piece.locator, flexible=True),
            Head("by", lambda piece: piece.by, flexible=True, spare=True),
        )
        listing(heads, cited, as_json, nothing="Nothing cites it.")


@command("sources merge", "factdesk sources merge 4 9")
@argument("kept", "The source that stays. " + SOURCE_WORDS, metavar="KEPT")
@argument("other", "The one that is the same and goes.", metavar="OTHER")
@as_json
def merge_sources(kept: str, other: str, as_json: bool) -> None:
    """Make two sources that are one into one.

    All evidence then cites KEPT. Its empty fields take what OTHER has; where both say something, KEPT's stays.
    `factdesk undo` parts them again.
    """
    with desk_to_write() as desk:
        use = desk.sources.merge(desk.sources.get(kept).source, desk.sources.get(other).source)
        report(use, as_json, f"{use.number} {use.source.title or use.source.url}: {use.cited}")
