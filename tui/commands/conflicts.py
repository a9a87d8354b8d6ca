"""Two edits of one thing: conflicts, and settling them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import listing, local_time, plain, report
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.reports import Conflict, Contender


class _Choice(NamedTuple):
    """One of the values in a conflict, by the numbers with which people choose it."""

    number: int
    choice: int
    conflict: Conflict
    value: Contender


@command("conflicts", "factdesk conflicts", "factdesk conflicts --json")
@as_json
def conflicts(as_json: bool) -> None:
    """List conflicting changes.

    In a conflict, two people have changed the same value without seeing each other's change. Nothing is lost: one
    value, most often the newest, is shown everywhere and marked until someone chooses.
    """
    heads = (
        Head("no.", lambda one: one.number, right=True),
        Head("choice", lambda one: one.choice, right=True),
        Head("about", lambda one: one.conflict.about, flexible=True),
        Head("who", lambda one: one.value.by, flexible=True),
        Head("when", lambda one: local_time(one.value.at)),
        Head("value", lambda one: _value(one.value), flexible=True),
    )
    with desk_to_read() as desk:
        found = desk.conflicts.of()
        choices = (
            _Choice(number, choice, conflict, one)
            for number, conflict in enumerate(found, 1)
            for choice, one in enumerate(conflict.contenders, 1)
        )
        listing(heads, found if as_json else choices, as_json, nothing="There is no conflict.")


def _value(one: Contender) -> str:
    from store.history.change_sentences import values_in_words

    return one.words or values_in_words(one.values, "; ")


@command(
    "conflicts settle",
    "factdesk conflicts settle 2 1",
    "factdesk conflicts settle 2 mine",
    'factdesk conflicts settle 2 --set claim_text "The dam fell."',
)
@argument("number", "The conflict, by its number in `factdesk conflicts`.", type=int)
@argument("choice", "The value to keep: its number there, mine or theirs.", required=False)
@click.option(
    "--set", "given", nargs=2, multiple=True, metavar="FIELD VALUE", help="Another value instead; may be repeated."
)
@as_json
def settle(number: int, choice: str | None, given: tuple[tuple[str, str], ...], as_json: bool) -> None:
    """Choose which value to keep, or give another one."""
    from store.errors import Unknown

    if (choice is None) is not bool(given):
        raise click.UsageError("Give CHOICE, or --set FIELD VALUE.")
    with desk_to_write() as desk:
        found = desk.conflicts.of()
        if not 1 <= number <= len(found):
            raise Unknown(f"There is no conflict {number}: `factdesk conflicts` lists them.")
        conflict = found[number - 1]
        if choice is None:
            values = _several(given)
            desk.conflicts.settle_as(conflict, **values)
            from store.history.change_sentences import values_in_words

            report(conflict, as_json, f"{conflict.about}: {values_in_words(values, '; ')}", chosen=plain(values))
            return
        chosen = _chosen(desk, conflict, number, choice)
        desk.conflicts.settle(conflict, chosen)
        report(conflict, as_json, f"{conflict.about}: {_value(chosen)} (by {chosen.by})", chosen=plain(chosen))


def _several(given: tuple[tuple[str, str], ...]) -> dict[str, object]:
    """The values of --set by field; a field that is a list takes all that are given to it."""
    from store.log.kinds import LISTS

    values: dict[str, object] = {}
    lists: dict[str, list[str]] = {}
    for name, value in given:
        field = name.replace("-", "_")
        field = {"type": "types", "tag": "tags"}.get(field, field)
        if field in LISTS:
            lists.setdefault(field, []).append(value)
        else:
            values[field] = value
    return values | lists


def _chosen(desk: Desk, conflict: Conflict, number: int, choice: str) -> Contender:
    from store.errors import Unknown

    if choice in ("mine", "theirs"):
        return desk.conflicts.mine(conflict) if choice == "mine" else desk.conflicts.theirs(conflict)
    if not choice.isdecimal() or len(choice) > 9 or not 1 <= int(choice) <= len(conflict.contenders):
        here = f"give one from 1 to {len(conflict.contenders)}, mine or theirs"
        raise Unknown(f"Conflict {number} has no choice {choice}: {here}.")
    return conflict.contenders[int(choice) - 1]
