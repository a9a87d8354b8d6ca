"""Who does what, and what they are called: assign, unassign, assignments, next, submit, reopen, person rename."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from store.access.names import split_names
from store.vocabulary import Role
from tui.commands import command as words
from tui.commands.command import argument, as_json, command
from tui.commands.desks import desk_of_ones_own, desk_to_read, desk_to_write, has_terminal, start_app
from tui.commands.output import Progress, counted, listing, plain, report, say, show_json, show_json_list, tell
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.check.assignments import Given
    from store.desk import Desk
    from store.records import Article, Assignment
    from store.review.corpus import SubmittedMany

_MOST = 8
"""Articles that a sentence names."""


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
        show_json_list(_plain(one, known) for one in given.all)
        return
    for one in given.all:
        tell(_line(one, known) + ("" if one in given.new else ": has it already"))


def _plain(one: Assignment, known: dict[str, Article]) -> dict[str, Any]:
    article = known[one.article]
    return {**plain(one), "number": article.number, "title": article.title}


def _line(one: Assignment, known: dict[str, Article]) -> str:
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
        held = desk.assignments.get(about, person, _spelt(role))
        desk.delete(held)
        known = {about.id: about}
        report(_plain(held, known), as_json, f"took back {_line(held, known)}", deleted=True)


@command("person rename", 'factdesk person rename Ana "Ana Horvat"')
@argument("person", "What they are called now, or were when they joined the desk.", metavar="NAME")
@argument("new", "What they are called from now on.")
@as_json
def rename_person(person: str, new: str, as_json: bool) -> None:
    """Give somebody another name; everything they did stands under it from now on.

    The name under which they joined the desk still means them. `factdesk undo` takes it back.
    """
    with desk_to_write() as desk:
        was = desk.people.get(person)
        now = desk.people.rename(was, new)
        report({"id": now.id, "name": now, "was": was}, as_json, f"{was} is called {now} from now on")


def _spelt(role: str) -> str:
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
            return {**_plain(one, known), **more}

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
            show_json(_plain(one, {article.id: article}) if one else unassigned)
        elif printed or not has_terminal():
            tell(_line(one, {article.id: article}) if one else f"{article.number} to check “{article.title}”")
        else:
            whose = one.whose if one and one.role == "reviewer" else None
            start_app(desk, article, reviewing=whose, comparing=one is not None and one.role == "adjudicator")


@command(
    "submit",
    "factdesk submit 3",
    "factdesk submit 3 --role reviewer",
    "factdesk submit --all",
    "factdesk submit --all --of Ana Bo Cyd",
)
@argument("said", words.ARTICLE_WORDS, nargs=-1, metavar="[ARTICLE]")
@click.option("--role", metavar="ROLE", default="", help=f"Your role, if you have several: {Role.listed()}.")
@click.option("--all", "everything", is_flag=True, help="All your open sets that are finished.")
@words.option(
    "--of",
    "people",
    multiple=True,
    metavar="NAME...",
    help="With --all: the imported sets of these people instead of your own.",
)
@as_json
@click.pass_context
def submit(
    ctx: click.Context, said: tuple[str, ...], role: str, everything: bool, people: tuple[str, ...], as_json: bool
) -> None:
    """Submit your set on an article, all your sets, or an imported corpus.

    A submitted set is locked until you reopen it. The command refuses while something is open: a claim without a
    verdict or without what its verdict requires, a claim that you have not reviewed or that has changed since, or a
    dispute that is not settled. Open sentences and leftovers do not prevent it: they are counted, kept with the
    submission and shown to the reviewer. With --all, unfinished sets are listed and stay open.

    With --of, you submit other people's sets, so that `factdesk agreement` can measure an imported corpus: only sets in
    which every claim and review was imported. This is logged under your name. These sets need not be finished; what
    their claims lack is counted. Articles on which someone works blind are left out, so nothing hidden is shown.
    `factdesk undo` undoes all of it at once.
    """
    if not everything:
        if people:
            raise click.UsageError("--of goes with --all: it names the people whose imported sets you submit.")
        if len(said) != 1:
            raise click.UsageError("Name one ARTICLE, or say --all.")
        _submit_one(said[0], role, as_json)
        return
    if role or (said and not people):
        raise click.UsageError("With --all name no ARTICLE and no --role: every open set is submitted.")
    names = split_names(",".join((*people, *said)))
    if people and not names:
        raise click.UsageError("Name somebody after --of.")
    if not _submit_many(names, as_json):
        ctx.exit(1)


def _submit_one(article: str, role: str, as_json: bool) -> None:
    with desk_to_write() as desk:
        about = desk.articles.get(article)
        made = desk.submissions.submit(about, _spelt(role))
        left, known = desk.coverage.of(about), {about.id: about}
        counts = {"open_sentences": left.open_sentences, "leftovers": left.leftovers}
        report(_plain(made, known), as_json, f"submitted {_line(made, known)}", **counts)
        if not left.nothing_left:
            say(f"Left unread: {left.left}. That is kept with your submission: `factdesk residue` lists it.")
        if made.role == "adjudicator":
            _tell_settled(desk, about)
        elif made.role == "reviewer" and made.blind != "all":
            seen, pieces = desk.ticks.looked_at(about, made.whose)
            if seen < pieces:
                say(f"{counted(pieces - seen, 'piece')} of evidence not looked at.")


def _submit_many(people: Sequence[str], as_json: bool) -> bool:
    """Submit all of your own sets, or the imported ones of people. Gives whether nothing of your own stays open."""
    with desk_to_write(in_parts=True) as desk:
        done = of = 0
        with Progress("Submitting: article") as progress:

            def saved(number: int, total: int) -> None:
                nonlocal done, of
                done, of = number, total
                progress(number, total)

            try:
                found = desk.corpus.submit_all(people, saved)
            except KeyboardInterrupt:
                kept = f"{done:,} of {of:,} are done; submit again for the rest, or `factdesk undo`."
                raise KeyboardInterrupt(f"interrupted; {kept if done else 'nothing was submitted.'}") from None
        known = {
            article.id: article
            for article in desk.articles.all(of={*found.blind, *(k.article for k in found.unfinished)})
        }
        if as_json:
            show_json(
                {
                    **plain(found),
                    "unfinished": [
                        {**plain(one), "number": known[one.article].number, "title": known[one.article].title}
                        for one in found.unfinished
                    ],
                }
            )
        else:
            each = ", ".join(f"{name} {count:,}" for name, count in found.sets.items())
            tell(f"submitted {counted(sum(found.sets.values()), 'set')}: {each}")
        _tell_left(found, known)
    return not found.unfinished


def _tell_left(found: SubmittedMany, known: Mapping[str, Article]) -> None:
    """Say what the sets that were submitted lack, and which were not."""
    from store.text.coverage import left_in_words

    if found.before:
        say(f"{counted(found.before, 'set')} submitted before.")
    if found.checked.checked < found.checked.claims:
        say(f"Claims checked: {found.checked}.")
    if found.open_sentences or found.leftovers:
        left = left_in_words(found.open_sentences, found.leftovers)
        say(f"Left unread: {left}. That is kept with the submissions: `factdesk residue` lists it.")
    if found.blind:
        numbers = [str(known[id].number) for id in found.blind]
        more = f" and {len(numbers) - _MOST:,} more" if len(numbers) > _MOST else ""
        say(f"Passed over, because somebody works blind there: {', '.join(numbers[:_MOST])}{more}.")
    for one in found.unfinished:
        say(f"{known[one.article].number} as {one.role}: {one.why}")


def _tell_settled(desk: Desk, article: Article) -> None:
    """Say what is in the settled set, and what is not."""
    from store.errors import Refused

    say(f"{counted(len(desk.comparison.settled(article)), 'claim')} in the settled set.")
    try:
        left = desk.settlements.unsettled(desk.comparison.compare(article))
    except Refused:
        return
    if left:
        say(f"Not in it, for others to settle: {'; '.join(one.words for one in left)}.")


@command("reopen", "factdesk reopen 3", "factdesk reopen 3 --role checker")
@words.article
@click.option("--role", metavar="ROLE", default="", help="Your role, if you have submitted several sets.")
@as_json
def reopen(article: str, role: str, as_json: bool) -> None:
    """Reopen your submitted set.

    The desk keeps how often you did.
    """
    with desk_to_write() as desk:
        about = desk.articles.get(article)
        made = desk.submissions.reopen(about, _spelt(role))
        known = {about.id: about}
        report(_plain(made, known), as_json, f"reopened {_line(made, known)}")
