"""Sets that are finished: submit, reopen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from store.access.names import split_names
from store.vocabulary import Role
from tui.commands import command as words
from tui.commands.assignments import assignment_line, plain_assignment, spelt_role
from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_write
from tui.commands.output import Progress, counted, plain, report, say, show_json, tell

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Article
    from store.review.corpus import SubmittedMany

_MOST = 8
"""Articles that a sentence names."""


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
        made = desk.submissions.submit(about, spelt_role(role))
        left, known = desk.coverage.of(about), {about.id: about}
        counts = {"open_sentences": left.open_sentences, "leftovers": left.leftovers}
        report(plain_assignment(made, known), as_json, f"submitted {assignment_line(made, known)}", **counts)
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
        made = desk.submissions.reopen(about, spelt_role(role))
        known = {about.id: about}
        report(plain_assignment(made, known), as_json, f"reopened {assignment_line(made, known)}")
