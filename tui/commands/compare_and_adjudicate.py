"""Side by side, and settled: compare, adjudicate, settled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from store.text.quotations import quoted
from store.vocabulary import Outcome
from tui.commands import command as words
from tui.commands.command import argument, as_json, command, found_proposal, proposed_span
from tui.commands.opened_desk import desk_of_ones_own, desk_to_read, desk_to_write, tell_conflicts
from tui.commands.output import (
    counted,
    labelled,
    listing,
    plain,
    report,
    say,
    show_json,
    show_json_list,
    spelt,
    tell,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Adjudication, Claim
    from store.settle.comparison_groups import Comparison, Group, Take

_OUTCOMES = tuple(map(str, Outcome))


@command("compare", "factdesk compare 3", "factdesk compare 3 Ana Bo --json", "factdesk compare 3 --plain")
@words.article
@argument("people", "Whose sets; without any, everyone's.", nargs=-1, metavar="[NAME]...")
@click.option(
    "--plain", is_flag=True, help="Settle by plain questions, one place at a time: for screen readers, pipes."
)
@as_json
def compare(article: str, people: tuple[str, ...], plain: bool, as_json: bool) -> None:
    """Compare people's sets on an article side by side, or settle by plain questions what they disagree on.

    A row shows what people say about one claim. The claims of different checkers are matched one to one by overlap (the
    characters both cover over those either covers): the greatest first, or the earlier one if they are equal; so claims
    with the same edges share a row. If one person's spans overlap by less than half, the claims stay apart.
    """
    if plain:
        _settle_plainly(article, people)
        return
    with desk_to_read() as desk:
        found = desk.comparison.compare(article, people)
        names = {claim.id: claim.name for claim in desk.claims.of(found.article)}
        if as_json:
            show_json(_plain_comparison(found, names))
        else:
            _list_groups(desk, found, names)
        _warn_unsubmitted(found)
        _tell_whose(desk, found)
        tell_conflicts(desk, [found.article])


def _settle_plainly(article: str, people: tuple[str, ...]) -> None:
    from tui.linear.conversation import Conversation
    from tui.linear.settle import LinearSettling

    with desk_of_ones_own() as desk:
        LinearSettling(desk, desk.articles.get(article), people, Conversation(sys.stdin, sys.stdout)).run()


def _list_groups(desk: Desk, found: Comparison, names: Mapping[str, str]) -> None:
    def said_by(place: int) -> Callable[[Group], str]:
        def cell(group: Group) -> str:
            take = group.takes[place]
            return "; ".join(_said(desk, one, group) for one in (take, *_also(take, group)))

        return cell

    heads = (
        Head("claims", lambda group: " ".join(names.get(id, "?") for id in group.claims)),
        Head("how", _kind_of),
        *(Head(name, said_by(place), flexible=True) for place, name in enumerate(found.people)),
        Head("settled", lambda group: _how(group.settled) if group.settled else ""),
        Head("start", lambda group: group.start, right=True, spare=True),
        Head("end", lambda group: group.end, right=True, spare=True),
    )
    listing(heads, found.groups, False)


def _tell_whose(desk: Desk, found: Comparison) -> None:
    """Say how many places are left to settle, for whom."""
    left = [group for group in found.groups if group.to_settle]
    yours = sum(desk.settlements.yours(left)) if desk.reviewer else 0
    if left:
        say(f"To settle: {yours} for you, {len(left) - yours} for others.")


def _plain_comparison(found: Comparison, names: dict[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = plain(found)
    for group in record["groups"]:
        group["names"] = [names.get(id, "") for id in group["claims"]]
    return record


def _kind_of(group: Group) -> str:
    """How the people of a group stand to each other, in words."""
    if group.kind == "only":
        return "only " + ", ".join(take.person for take in group.present)
    if group.kind == "rejected":
        return "rejected: nothing here"
    return spelt(group.kind)


def _also(take: Take | None, group: Group) -> list[Take]:
    """What a person says of further claims in the same place."""
    return [one for one in group.also if take is not None and one.person.id == take.person.id]


def _said(desk: Desk, take: Take | None, group: Group) -> str:
    """What one person says, in a cell: their decision and verdict, and the words where the extents differ."""
    if take is None:
        return "—"
    parts = [spelt(take.decision), labelled(desk.scheme, take.verdict)]
    if group.kind in ("only", "span_differs"):
        parts.append(quoted(take.quote_shown))
    return " · ".join(part for part in parts if part) or "no verdict"


def _warn_unsubmitted(found: Comparison) -> None:
    if found.unsubmitted:
        say(f"Not submitted yet: {', '.join(found.unsubmitted)}.")


@command(
    "adjudicate",
    'factdesk adjudicate 3 C7 second-correct --take Bo --rationale "The flight log bears him out."',
    'factdesk adjudicate 3 C7 own --verdict mostly_supported --rationale "Both are half right."',
    "factdesk adjudicate 3 --agreed",
    'factdesk adjudicate 3 --all-of Bo --rationale "Bo had the records."',
    "factdesk adjudicate 3 C7 --take-back",
)
@words.article
@argument("claim", "Its name, such as C7, or its id. Leave it out with --agreed or --all-of.", required=False)
@argument("outcome", f"{', '.join(_OUTCOMES)}; hyphens work too.", required=False)
@click.option("--rationale", metavar="TEXT", default="", help="Why; required unless all agree.")
@words.option("--take", "chosen", metavar="NAME", default="", help="Whose version stands, if there are several.")
@words.option("--verdict", metavar="KEY", help="The verdict that stands, for merged or own.")
@proposed_span
@click.option("--claim-text", metavar="TEXT", help="The claim text that stands, for merged or own.")
@click.option("--agreed", is_flag=True, help="Settle everything that everyone agrees on.")
@words.option("--all-of", metavar="NAME", help="Settle everything as this person has it.")
@click.option("--take-back", is_flag=True, help="Undo the settlement.")
@as_json
def adjudicate(
    article: str,
    claim: str | None,
    outcome: str | None,
    rationale: str,
    agreed: bool,
    all_of: str | None,
    take_back: bool,
    as_json: bool,
    **details: Any,
) -> None:
    """Settle what people disagree on.

    Everyone's own values are kept beside the settlement. The first person is the checker, the second is the one who
    differs: see `factdesk compare`. You cannot settle what you tagged or reviewed yourself, unless the scheme allows
    it.
    """
    ways = [bool(outcome), agreed, all_of is not None, take_back]
    if sum(ways) != 1:
        raise click.UsageError("Give one of OUTCOME, --agreed, --all-of NAME or --take-back.")
    if (agreed or all_of is not None) == bool(claim):
        raise click.UsageError("Leave CLAIM out." if claim else "Name the CLAIM.")
    with desk_to_write() as desk:
        found = desk.comparison.compare(article)
        if claim is None:
            before = {one.id: one.heads for one in desk.comparison.adjudications(found.article)}
            number = (
                desk.settlements.take_all(found, all_of, rationale)
                if all_of is not None
                else desk.settlements.take_agreed(found)
            )
            made = [one for one in desk.comparison.adjudications(found.article) if before.get(one.id) != one.heads]
            if as_json:
                show_json_list(plain(one) for one in made)
            else:
                tell(f"settled {counted(number, 'place')} in “{found.article.title}”")
            if any(lacking := desk.settlements.lacking(found.article)):
                say(f"Of what is settled, {lacking}.")
            _warn_unsubmitted(found)
            return
        about = desk.claims.get(claim, found.article)
        group = desk.comparison.group_of(about, found)
        if take_back:
            _unsettle(desk, about, group, as_json)
            return
        key = words.word(str(outcome), _OUTCOMES, "an outcome")
        _settle(desk, found, about, group, key, rationale, as_json, **details)


def _settle(
    desk: Desk,
    found: Comparison,
    about: Claim,
    group: Group,
    outcome: str,
    rationale: str,
    as_json: bool,
    *,
    span: tuple[int, int] | None,
    quote: str | None,
    nth: int | None,
    **details: Any,
) -> None:
    from store.settle.comparison_groups import what_stands

    place = found_proposal(desk.articles.shown(found.article), span, quote, nth)
    made = desk.settlements.adjudicate(group, outcome, rationale=rationale, span=place, **details)
    if outcome == "both_correct" and (stands := what_stands(group, desk.claims.name_of)):
        say(stands)
    for id in (made.claim, *made.beside):
        for sentence in desk.claims.lacks(id):
            say(f"{desk.claims.name_of(id)}: {sentence}.")
    _warn_unsubmitted(found)
    if group.settled is not None:
        say(f"Before, {group.settled.by} had settled it: {spelt(group.settled.outcome)}.")
    if made.conflict:
        say(f"Somebody else has settled {about.name} at the same time: `factdesk conflicts` shows both.")
    report(made, as_json, f"{desk.claims.get(made.claim).name} {made.id} {_outcome(desk, made)}")


def _how(made: Adjudication) -> str:
    """How something was settled, and whether that is to be looked at again."""
    return spelt(made.outcome) + ("; its words changed since: settle it again" if made.again else "")


def _outcome(desk: Desk, made: Adjudication) -> str:
    if not made.stands:
        return f"{spelt(made.outcome)}: not in the settled set"
    whose = f" ({made.chosen})" if made.chosen and made.outcome in ("first_correct", "second_correct") else ""
    return f"{spelt(made.outcome)}{whose}: {labelled(desk.scheme, made.verdict) or 'no verdict'}"


def _unsettle(desk: Desk, about: Claim, group: Group, as_json: bool) -> None:
    held = group.settled
    desk.settlements.unsettle(group)
    report(held, as_json, f"took back how {about.name} was settled", deleted=True)


@command("settled", "factdesk settled 3", "factdesk settled 3 --json | jq '.[].adjudication.verdict'")
@words.article
@as_json
def settled(article: str, as_json: bool) -> None:
    """List the settled set of an article.

    The JSON also has every person's labels.
    """
    with desk_to_read() as desk:
        heads = (
            Head("claim", lambda one: one.claim.name),
            Head("verdict", lambda one: labelled(desk.scheme, one.adjudication.verdict)),
            Head("how", lambda one: _how(one.adjudication)),
            Head("by", lambda one: one.adjudication.by, flexible=True),
            Head("quote", lambda one: one.adjudication.quote_shown, flexible=True),
            Head("rationale", lambda one: one.adjudication.rationale, flexible=True, wrapped=True),
            Head("start", lambda one: one.adjudication.start, right=True, spare=True),
            Head("end", lambda one: one.adjudication.end, right=True, spare=True),
        )
        listing(heads, desk.comparison.settled(desk.articles.get(article)), as_json, nothing="Nothing is settled here.")
