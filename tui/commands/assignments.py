"""Who does what: assign, unassign, assignments, next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from store.access.names import split_names
from store.vocabulary import Role
from tui.commands import command as words
from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_of_ones_own, desk_to_read, desk_to_write, has_terminal, start_app
from tui.commands.output import listing, plain, report, say, show_json, show_json_list, tell
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.check.assignments import Given
    from store.desk import Desk
    from store.records import Article, Assignment


@command(
    "assign",
    "factdesk assign 3 --to Bo --of Ana",
    "factdesk assign articles/ --to Bo --to Cyd --to Dan --each 2 --blind all",
    "factdesk assign --all --to Eva --role adjudicator",
)
@argument(
    "articles",
    words.ARTICLE_WORDS + " A file or folder means the articles that came from it.",
    nargs=-1,
    metavar="[ARTICLE]...",
)
@words.option(
    "--to",
    "people",
    multiple=True,
    metavar="NAME",
    required=True,
    help="Who gets them; may be repeated, or several names with commas.",
)
@click.option("--role", metavar="ROLE", default="reviewer", show_default=True, help=f"{Role.listed()}.")
@click.option(
    "--blind",
    metavar="LEVEL",
    default="open",
    help="What is hidden from them: nothing (open, the default), the checker's verdict until they give theirs "
    "(verdict), or everything of the others' until all have submitted (all).",
)
@words.option("--of", "whose", metavar="NAME", default="", help="The checker whose claims the reviewer reviews.")
@click.option(
    "--each",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="How many of them get each article, spread evenly; without it, all of them.",
)
@click.option("--all", "everything", is_flag=True, help="All articles of the desk.")
@as_json
def assign(
    articles: tuple[str, ...],
    people: tuple[str, ...],
    role: str,
    blind: str,
    whose: str,
    each: int | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Assign articles to people to check, review or adjudicate.

    Nobody gets their own work to review, or to adjudicate what they checked or reviewed. People who already have an
    assignment keep it. `factdesk undo` undoes all of it at once.
    """
    if everything == bool(articles):
        raise click.UsageError(
            "Name each ARTICLE or say --all, not both." if articles else "Name an ARTICLE, or say --all."
        )
    with desk_to_write() as desk:
        chosen = desk.articles.all() if everything else _named(desk, articles)
        names = split_names(",".join(people))
        new = desk.people.new(names)
        given = desk.assignments.assign(chosen, names, role, blind=blind, whose=whose, each=each or 0)
        _report(desk, given, as_json)
        for name, close in new.items():
            if close:
                say(f"{name} is new on this desk; did you mean {' or '.join(close)}? `factdesk undo` takes it back.")


def _named(desk: Desk, said: Sequence[str]) -> list[Article]:
    """The articles that these words, files and folders mean, each once. Raises Refused when one is not here."""
    from store.errors import Unknown

    found: dict[str, Article] = {}
    for word in said:
        try:
            found |= {article.id: article for article in [desk.articles.get(word)]}
        except Unknown:
            if not _is_path(word):
                raise
            found |= {article.id: article for article in _of_files(desk, word)}
    return list(found.values())


def _is_path(word: str) -> bool:
    from store.errors import Refused
    from tui.settings import path_of

    try:
        return bool(word) and path_of(word).exists()
    except (Refused, OSError):
        return False


def _of_files(desk: Desk, path: str) -> Iterator[Article]:
    from store.errors import Unknown
    from store.formats.articles import files

    for file in files.find_files([path]):
        draft = files.read(file)
        known = desk.articles.find(draft.text, draft.url)
        if known is None:
            raise Unknown(f"{file} is not on this desk: bring it in with `factdesk import`.")
        yield known


def _report(desk: Desk, given: Given, as_json: bool) -> None:
    known = {article.id: article for article in desk.articles.all()}
    if as_json:
        show_json_list(plain_assignment(one, known) for one in given.all)
        return
    for one in given.all:
        tell(assignment_line(one, known) + ("" if one in given.new else ": has it already"))


def plain_assignment(one: Assignment, known: dict[str, Article]) -> dict[str, Any]:
    article = known[one.article]
    return {**plain(one), "number": article.number, "title": article.title}


def assignment_line(one: Assignment, known: dict[str, Article]) -> str:
    article = known[one.article]
    details = [one.role, f"of {one.whose}" if one.whose else "", "" if one.blind == "open" else f"blind: {one.blind}"]
    return f"{article.number} {one.reviewer} {', '.join(filter(None, details))} “{article.title}”"


@command("unassign", "factdesk unassign 3 --from Bo", "factdesk unassign 3 --from Bo --role adjudicator")
@words.article
@words.option("--from", "person", metavar="NAME", required=True, help="Whose assignment.")
@click.option("--role", metavar="ROLE", default="", help="The role, if they have several.")
@as_json
def unassign(article: str, person: str, role: str, as_json: bool) -> None:
    """Remove an assignment; the work done under it stays."""
    with desk_to_write() as desk:
        about = desk.articles.get(article)
        held = desk.assignments.get(about, person, spelt_role(role))
        desk.delete(held)
        known = {about.id: about}
        report(plain_assignment(held, known), as_json, f"took back {assignment_line(held, known)}", deleted=True)


def spelt_role(role: str) -> str:
    return words.word(role, [*Role], "a role") if role else ""


@command("assignments", "factdesk assignments", "factdesk assignments --mine", "factdesk assignments 3 --json")
@words.articles
@click.option("--mine", is_flag=True, help="Only your own.")
@as_json
def assignments(articles: tuple[str, ...], mine: bool, as_json: bool) -> None:
    """List who checks, reviews or adjudicates which articles."""
    with desk_of_ones_own() if mine else desk_to_read() as desk:
        chosen = {desk.articles.get(word).id for word in articles}
        found = [
            one
            for one in desk.assignments.of(person=desk.reviewer if mine else "")
            if one.article in chosen or not chosen
        ]
        shelf = {row.article.id: row for row in desk.library.shelf()}
        changed = {id: one.changes for id, one in desk.submissions.changed().items()}
        known = {id: row.article for id, row in shelf.items()}

        def as_plain(one: Assignment) -> dict[str, Any]:
            more = {"changed_since_submitted": changed.get(one.id, 0), "article_state": shelf[one.article].state}
            return {**plain_assignment(one, known), **more}

        def state(one: Assignment) -> str:
            return one.state + (f", changed since: {changed[one.id]}" if one.id in changed else "")

        heads = (
            Head("no.", lambda one: known[one.article].number, right=True),
            Head("title", lambda one: known[one.article].title, flexible=True),
            Head("who", lambda one: one.reviewer, flexible=True),
            Head("role", lambda one: one.role),
            Head("of", lambda one: one.whose, flexible=True),
            Head("blind", lambda one: one.blind),
            Head("set", state),
            Head("article is", lambda one: words.article_state(shelf[one.article].state, shelf[one.article].disputed)),
            Head("reopened", lambda one: one.reopened or "", right=True, spare=True),
        )
        everybodys = "Nothing is assigned: `factdesk assign` gives articles to people."
        nothing = "You have no assignment." if mine else everybodys
        listing(heads, found, as_json, nothing=nothing, as_plain=as_plain)


@command("next", "factdesk next", "factdesk next --print", "factdesk next --json | jq -r .article")
@click.option("--print", "printed", is_flag=True, help="Only print it, even on a terminal.")
@as_json
def take_next(printed: bool, as_json: bool) -> None:
    """Open your next assignment, or else the next article with something to check.

    On a terminal it opens in the app, ready for your role. Assignments that you can do now come first, of these the
    ones you have begun, then the order of the desk: as with `n` in the library.
    """
    with desk_of_ones_own() as desk:
        work = desk.library.take_next()
        if work is None:
            say("Nothing is left for you: no assignment, and no article with something to check.")
            if as_json:
                show_json(None)
            return
        article, one = work
        if as_json:
            unassigned = {"article": article.id, "role": "checker", "number": article.number, "title": article.title}
            show_json(plain_assignment(one, {article.id: article}) if one else unassigned)
        elif printed or not has_terminal():
            tell(assignment_line(one, {article.id: article}) if one else f"{article.number} to check “{article.title}”")
        else:
            whose = one.whose if one and one.role == "reviewer" else None
            start_app(desk, article, reviewing=whose, comparing=one is not None and one.role == "adjudicator")
