"""Changing what is there: edit, move, split, join, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.commands import command as words
from tui.commands.check import report_claim, report_claims
from tui.commands.claim_fields import claim_fields
from tui.commands.command import argument, as_json, command, found_span, nth_of, said, span
from tui.commands.opened_desk import desk_to_write
from tui.commands.output import report

if TYPE_CHECKING:
    from store.records import Article, Claim, Comment, Evidence, Sweep, Verdict

_ARTICLE_FIELDS = ("title", "url", "publisher", "author", "published", "language", "lines", "markup")


@command(
    "edit",
    'factdesk edit 3 C7 --claim-text "Ri reached Russia on 10 October 2024." --type date_time',
    'factdesk edit 3 --title "Prisoners of war" --published 2025-02-19',
)
@words.article
@argument("claim", "Its name, such as C7, or its id. Without one: the article's own details.", required=False)
@claim_fields
@click.option("--title", metavar="TEXT", help="The article's title.")
@click.option("--url", metavar="URL", help="Where the article is.")
@click.option("--publisher", metavar="NAME", help="Who published the article.")
@click.option("--author", metavar="NAME", help="Who wrote the article.")
@click.option("--published", metavar="DATE", help="When the article appeared: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--language", metavar="CODE", help='The article\'s language, such as "en"; "" to have it guessed.')
@words.lines
@click.option("--markup", metavar="plain|markdown", help="markdown: show the text without its marks; plain: as it is.")
@as_json
def edit(article: str, claim: str | None, as_json: bool, **details: Any) -> None:
    """Change a claim's fields or an article's details.

    An empty text ("") clears a field. `--type` and `--tag` replace all earlier ones.
    """
    given = said(details)
    if not given:
        raise click.UsageError("Say what to change.")
    for name in given:
        if (name in _ARTICLE_FIELDS) == bool(claim):
            option = {"types": "type", "tags": "tag"}.get(name, name).replace("_", "-")
            mend = "leave CLAIM out" if claim else "name the CLAIM"
            raise click.UsageError(f"--{option} is said of {'an article' if claim else 'a claim'}: {mend}.")
    with desk_to_write() as desk:
        if claim:
            report_claim(desk.claims.edit(desk.claims.get(claim, article), **given), as_json)
        else:
            edited = desk.articles.edit(desk.articles.get(article), **given)
            report(edited, as_json, f"{edited.number} {edited.id} {edited.title}")


@command("move", "factdesk move 3 C7 120 164", 'factdesk move 3 C7 --quote "2 500 other soldiers"', numbers=True)
@words.article
@words.claim
@span
@as_json
def move(
    article: str, claim: str, start: int | None, end: int | None, quote: str | None, nth: int | None, as_json: bool
) -> None:
    """Move the edges of a claim.

    It keeps its name, verdict and evidence.
    """
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        place = found_span(desk.articles.shown(desk.articles.get(about.article)), start, end, quote, nth)
        report_claim(desk.claims.move(about.id, *place), as_json)


@command("split", 'factdesk split 3 C7 "Ri reached Russia in October." "2,500 soldiers came with him."')
@words.article
@words.claim
@argument("facts", "The claim text of each, in words that stand alone: two or more.", nargs=-1, metavar="FACT…")
@as_json
def split(article: str, claim: str, facts: tuple[str, ...], as_json: bool) -> None:
    """Divide your claim into several on the same words, one for each fact.

    The claim takes the first fact and keeps its evidence and comments. A verdict on the whole does not stay on a part.
    """
    with desk_to_write() as desk:
        report_claims(desk.claims.split(desk.claims.get(claim, article), facts), as_json)


@command("join", "factdesk join 3 C7 C8", "factdesk join 3 C7 C8 C9 --json")
@words.article
@argument("claims", "The claims, by name or id; the first one stays.", nargs=-1, required=True, metavar="CLAIM…")
@as_json
def join(article: str, claims: tuple[str, ...], as_json: bool) -> None:
    """Join claims on the same words into the first of them.

    It gets the claim texts, evidence, comments, types and tags of all. A verdict stays if all have the same.
    """
    with desk_to_write() as desk:
        report_claim(desk.claims.merge([desk.claims.get(one, article) for one in claims]), as_json)


@command("delete", "factdesk delete 3 C7", "factdesk delete 3 C7 --evidence 2", "factdesk delete 3 --sweep 1")
@words.article
@argument("claim", "Its name, such as C7, or its id. Without one: the article itself.", required=False)
@click.option("--evidence", type=int, metavar="N", help="Only the claim's evidence with that number.")
@click.option("--comment", type=int, metavar="N", help="Only the claim's comment with that number.")
@click.option("--verdict", is_flag=True, help="Only your verdict on the claim, with its justification.")
@click.option("--sweep", type=int, metavar="N", help="Only the article's sweep with that number.")
@as_json
def delete(
    article: str,
    claim: str | None,
    evidence: int | None,
    comment: int | None,
    verdict: bool,
    sweep: int | None,
    as_json: bool,
) -> None:
    """Delete an article, a claim, or something that belongs to it.

    `factdesk undo` brings it back. The numbers of evidence, comments and sweeps are those that `factdesk show` lists.
    """
    parts = [part for part in (evidence, comment, sweep) if part is not None] + [True] * verdict
    if len(parts) > 1:
        raise click.UsageError("Delete one thing at a time.")
    if sweep is not None and claim:
        raise click.UsageError("--sweep goes with an article alone.")
    if parts and sweep is None and not claim:
        raise click.UsageError("Name the CLAIM as well.")
    from store.errors import Unknown

    with desk_to_write() as desk:
        record: Article | Claim | Comment | Evidence | Sweep | Verdict
        if claim is None:
            about = desk.articles.get(article)
            record = about
            name = f"the article {about.number} “{about.title}”"
            if sweep is not None:
                record = nth_of(desk.sweeps.of(about), sweep, "sweep", f"“{about.title}”")
                name = f"sweep {sweep} of {name}"
        else:
            on = desk.claims.get(claim, article)
            record, name = on, on.name
            if evidence is not None:
                record, name = (
                    nth_of(desk.evidence.of(on), evidence, "evidence", on.name),
                    f"evidence {evidence} on {name}",
                )
            elif comment is not None:
                record, name = nth_of(desk.threads.of(on), comment, "comment", on.name), f"comment {comment} on {name}"
            elif verdict:
                mine = [found for found in desk.verdicts.of(on) if found.by.id == desk.reviewer.id]
                if not mine:
                    raise Unknown(f"You have given no verdict on {on.name}: there is nothing to delete.")
                record, name = mine[0], f"your verdict on {name}"
        desk.delete(record)
        report(record, as_json, f"deleted {name}", deleted=True)
