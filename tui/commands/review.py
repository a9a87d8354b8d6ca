"""Second review: review, decide, missing, tick, summary."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from store.vocabulary import Decision
from tui.commands import command as words
from tui.commands.claim_fields import claim_fields
from tui.commands.command import (
    argument,
    as_json,
    command,
    found_proposal,
    found_span,
    nth_of,
    proposed_span,
    said,
    span,
)
from tui.commands.opened_desk import desk_of_ones_own, desk_to_write, require_terminal, start_app, tell_conflicts
from tui.commands.output import (
    counted,
    labelled,
    listing,
    plain,
    report,
    say,
    show_json,
    spelt,
    tell,
    write_exactly,
)
from tui.commands.show import passage_heads
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Claim, Evidence, Review
    from store.review.queue import Queue
    from store.review.summary import Summary

of = words.option("--of", "whose", metavar="NAME", default="", help="Whose claims; without it, everyone else's.")
reason = words.option("--reason", metavar="KEY", default="", help="Why, by its key in `factdesk scheme`.")

_DECISIONS = [str(decision) for decision in Decision if decision.on_a_claim]


@command(
    "review", "factdesk review 3", "factdesk review 3 --of Ana", "factdesk review 3 --list", "factdesk review 3 --plain"
)
@words.article
@of
@click.option("--list", "listed", is_flag=True, help="Print the claims and what you said of them, without the app.")
@click.option("--plain", is_flag=True, help="Ask in plain lines, one thing at a time: for screen readers and pipes.")
@as_json
def review(article: str, whose: str, listed: bool, plain: bool, as_json: bool) -> None:
    """Review someone else's claims one by one, in the app.

    You agree, object or propose; their own values do not change. On the command line, `factdesk decide` does the same.
    """
    from store.errors import Refused

    if not (listed or as_json or plain):
        require_terminal(instead="`factdesk review --plain`, `--list`, `decide`, `missing`, `tick` or `summary`")
    with desk_of_ones_own() as desk:
        about = desk.articles.get(article)
        held = desk.assignments.mine(about, "reviewer")
        whose = whose or (held.whose if held else "")
        if held and held.blind == "all" and held.state == "open":
            if listed or as_json or plain:
                raise Refused("This review is blind: work through the article on your own, with `factdesk check`.")
            start_app(desk, about, reviewing=whose)
            return
        if plain:
            from tui.linear.conversation import Conversation
            from tui.linear.review import LinearReview

            LinearReview(desk, about, whose, Conversation(sys.stdin, sys.stdout)).run()
            return
        queue = desk.reviews.queue(about, whose)
        if not (listed or as_json):
            start_app(desk, about, reviewing=whose)
            return
        _list_queue(desk, queue, as_json)
        if not as_json:
            say(f"{queue.reviewed} of {len(queue.claims)} reviewed.")
            tell_conflicts(desk, [about])


def _list_queue(desk: Desk, queue: Queue, as_json: bool) -> None:
    from store.review.summary import said_of

    scheme = desk.scheme

    def say_of(review: Review | None) -> str:
        return spelt(*review.decisions) + (" · stale" if review.stale else "") if review else ""

    heads = (
        Head("claim", lambda one: one[0].name),
        Head("I say", lambda one: say_of(one[1])),
        Head(
            "verdict", lambda one: "" if desk.assignments.verdict_hidden(one[0]) else labelled(scheme, one[0].verdict)
        ),
        Head("quote", lambda one: one[0].quote_shown, flexible=True),
        Head("how", lambda one: said_of(one[1], scheme) if one[1] else "", flexible=True, spare=True),
        Head("checker", lambda one: one[0].checker, flexible=True, spare=True),
    )

    def as_plain(one: tuple[Claim, Review | None]) -> dict[str, Any]:
        return {**plain(one[0]), "my_review": plain(one[1]) if one[1] else None}

    listing(heads, queue.claims, as_json, as_plain=as_plain)


@command(
    "decide",
    "factdesk decide 3 C7 agree",
    'factdesk decide 3 C7 disagree --reason missing_context --comment "He says the opposite a line below."',
    'factdesk decide 3 C7 change-span --quote "2 500 other soldiers"',
    'factdesk decide 3 C7 change-verdict --verdict refuted --justification "He left on 10 October."',
    "factdesk decide 3 C7 --take-back",
)
@words.article
@words.claim
@argument("decision", f"{', '.join(_DECISIONS)}; hyphens work too.", required=False)
@reason
@click.option("--comment", metavar="TEXT", default="", help="What, where and why, in words.")
@proposed_span
@click.option("--claim-text", metavar="TEXT", default="", help="The claim text you propose.")
@words.option("--verdict", metavar="KEY", default="", help="Your own verdict, by its key in `factdesk scheme`.")
@click.option("--justification", metavar="TEXT", help="Why, for your own verdict.")
@click.option("--take-back", is_flag=True, help="Remove everything you said about the claim.")
@as_json
def decide(
    article: str,
    claim: str,
    decision: str | None,
    span: tuple[int, int] | None,
    quote: str | None,
    nth: int | None,
    take_back: bool,
    as_json: bool,
    **details: Any,
) -> None:
    """Say what you think of someone else's claim.

    A new decision replaces your earlier one until you submit; proposals of another span, verdict and claim text are
    kept together. The checker's values do not change: your proposal waits in their `factdesk inbox`. If their verdict
    is hidden, give yours with --verdict.
    """
    if take_back == bool(decision):
        raise click.UsageError(
            "Give a DECISION or --take-back." if not decision else "Give DECISION or --take-back, not both."
        )
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        if decision is None:
            _take_back(desk, about, as_json)
            return
        key = words.word(decision, _DECISIONS, "a decision on a claim")
        place = found_proposal(desk.articles.shown(desk.articles.get(about.article)), span, quote, nth)
        held = desk.reviews.mine(about)
        made = desk.reviews.decide(about, key, span=place, **details)
        _report_review(desk, about, made, as_json)
        lost = [one for one in held.proposals if one not in made.proposals] if held else []
        if lost:
            say(f"Your {spelt(*lost)} gave way to it: `factdesk undo` brings it back.")


def _take_back(desk: Desk, claim: Claim, as_json: bool) -> None:
    mine = desk.reviews.mine(claim)
    desk.reviews.take_back(mine or claim)
    what = f"“{spelt(*mine.decisions)}”" if mine else "your verdict"
    if as_json and mine is None:
        show_json(None)
    else:
        report(mine, as_json, f"took back {what} on {claim.name}", deleted=True)


def _report_review(desk: Desk, claim: Claim, review: Review, as_json: bool) -> None:
    from store.review.summary import said_of

    words = said_of(review, desk.scheme)
    line = f"{claim.name} {review.id} {spelt(*review.decisions)}" + (f": {words}" if words else "")
    report(review, as_json, line)


@command(
    "missing",
    'factdesk missing 3 --quote "more than 3 000 soldiers" --of Ana --comment "A number, and checkable."',
    "factdesk missing 3 812 836",
    numbers=True,
)
@words.article
@span
@words.option("--of", "whose", metavar="NAME", default="", help="Whose set lacks it; required if there are several.")
@click.option("--comment", metavar="TEXT", default="", help="Why it is worth checking.")
@claim_fields
@as_json
def missing(
    article: str,
    start: int | None,
    end: int | None,
    quote: str | None,
    nth: int | None,
    whose: str,
    comment: str,
    as_json: bool,
    **details: Any,
) -> None:
    """Tag a claim that the checker missed.

    It waits in their inbox until they accept it. `factdesk decide ARTICLE CLAIM --take-back` removes it.
    """
    with desk_to_write() as desk:
        about = desk.articles.get(article)
        place = found_span(desk.articles.shown(about), start, end, quote, nth)
        made = desk.reviews.missing(about, *place, whose=whose, comment=comment, **said(details))
        _report_review(desk, desk.claims.get(made.claim), made, as_json)


@command(
    "tick",
    "factdesk tick 3 C7 1 seen",
    'factdesk tick 3 C7 2 doubted --reason source_contradicts --note "Page 4 says 2,000."',
    "factdesk tick 3 C7 1 --take-back",
)
@words.article
@words.claim
@argument("evidence", "The evidence, by its number in `factdesk show` or its id.", metavar="N")
@argument("mark", "seen, or doubted for a --reason.", required=False)
@reason
@click.option("--note", metavar="TEXT", default="", help="Anything else.")
@click.option("--take-back", is_flag=True, help="Remove your mark.")
@as_json
def tick(
    article: str,
    claim: str,
    evidence: str,
    mark: str | None,
    reason: str,
    note: str,
    take_back: bool,
    as_json: bool,
) -> None:
    """Mark someone else's evidence as seen or doubted."""
    if take_back == bool(mark):
        raise click.UsageError(
            "Give seen, doubted or --take-back." if not mark else "Give MARK or --take-back, not both."
        )
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        made = desk.ticks.tick(_evidence(desk, about, evidence), (mark or "").casefold(), reason, note)
        line = f"{about.name} {made.id} {made.mark or 'no mark'}" + (f" {made.reason}" if made.reason else "")
        report(made, as_json, line)


def _evidence(desk: Desk, claim: Claim, said: str) -> Evidence:
    """The piece of evidence a person means. Raises Refused when there is none."""
    from store.errors import Unknown

    pieces = desk.evidence.of(claim)
    if said.isdecimal() and len(said) < 10:
        return nth_of(pieces, int(said), "evidence", claim.name)
    found = next((piece for piece in pieces if piece.id == said.lower()), None)
    if found is None:
        raise Unknown(f"There is no evidence “{said}” on {claim.name}: `factdesk show` lists it with numbers.")
    return found


@command("summary", "factdesk summary 3", "factdesk summary 3 --of Ana --markdown > review.md")
@words.article
@of
@click.option("--markdown", is_flag=True, help="Print Markdown, to file or send.")
@as_json
def summary(article: str, whose: str, markdown: bool, as_json: bool) -> None:
    """Summarise your review of an article.

    It shows what you decided, what is in dispute, what is left to read, and what the checkers left unread when they
    submitted.
    """
    from store.formats.summary import markdown as written

    if markdown and as_json:
        raise click.UsageError("Give --markdown or --json, not both.")
    with desk_of_ones_own() as desk:
        found = desk.summaries.of(article, whose)
        if as_json:
            show_json(plain(found))
        elif markdown:
            write_exactly(written(found, desk.scheme))
        else:
            _show_summary(found)
            tell_conflicts(desk, [found.article])


def _show_summary(found: Summary) -> None:
    from store.formats.summary import by_whom, value_of

    rows: list[tuple[str, Sequence[Claim]]] = [
        *((spelt(one.decision), [claim for claim, _ in one.claims]) for one in found.decided),
        ("not reviewed", found.unreviewed),
        ("changed after review", [claim for claim, _ in found.stale]),
        ("in dispute", [claim for claim, _ in found.disputes]),
    ]
    heads = (
        Head("decision", lambda row: row[0]),
        Head("claims", lambda row: len(row[1]), right=True),
        Head("which", lambda row: " ".join(claim.name for claim in row[1]), flexible=True, wrapped=True),
    )
    listing(heads, [row for row in rows if row[1]], False)
    listed = [("not read yet", found.residue)]
    listed += [(f"left unread by {one.checker} when they submitted", one.passages) for one in found.left_unread]
    for head, left in listed:
        if left:
            tell("")
            listing(passage_heads(head), left, False)
    for one in found.agreement:
        tell("")
        figures = (
            Head(" and ".join(one["people"]), lambda figure: figure["words"], flexible=True),
            Head("value", value_of, right=True),
            Head("n", lambda figure: figure["n"], right=True),
            Head("what n counts", lambda figure: figure["unit"], flexible=True, spare=True),
        )
        listing(figures, one["figures"], False)
    for left_by in found.left_unread:
        say(f"Left unread by {left_by.checker} when they submitted: {left_by.words}.")
    for changed in found.changed_since_submitted:
        say(changed.words)
    if found.left_out:
        say(f"Not submitted, and so not compared: {', '.join(found.left_out)}.")
    state = "submitted" if found.submitted else "not submitted yet"
    say(f"{found.reviewed} of {counted(found.claims, 'claim')} by {by_whom(found)} reviewed; {state}.")
    say(f"Read {found.read}. Checked {found.checked}.")
