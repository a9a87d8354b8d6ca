"""Assignments in words: what a role does, what a blind level hides, and what is to be done next."""

from __future__ import annotations

from store.access.permissions import SUBMITTED
from store.person import Person
from store.records import Assignment
from store.vocabulary import Blind, Role
from tui.kit.styled_text import Piece

LOCKED: Piece = ("■ submitted", "bold success")
"""Stands where nothing of your set can be changed until you reopen it."""

ROLES: dict[str, str] = {
    Role.CHECKER: "tags what the article claims and gives the first verdicts",
    Role.REVIEWER: "goes through a checker's claims, and agrees or proposes something else",
    Role.ADJUDICATOR: "settles what checkers and reviewers disagree on",
}
"""What a role does."""

LEVELS: dict[str, str] = {
    Blind.OPEN: "nothing is hidden",
    Blind.VERDICT: "the checker's verdict on a claim, and what others said of it, is hidden until they give their own",
    Blind.ALL: "they tag alone: they see nothing of the others' work, nor the others of theirs, until both submit",
}
"""What a blind level hides from the person who has the assignment."""

_SHORT = {Blind.OPEN.value: "", Blind.VERDICT.value: "blind", Blind.ALL.value: "alone"}
_TO_DO = {Role.CHECKER.value: "check", Role.REVIEWER.value: "review", Role.ADJUDICATOR.value: "settle"}
_DONE = {Role.CHECKER.value: "done", Role.REVIEWER.value: "reviewed", Role.ADJUDICATOR.value: "settled"}


def task(one: Assignment, *, short: bool = False) -> str:
    """What its owner has to do or has done: "to review, blind", "reviewed"; ``short`` leaves the level out."""
    if one.state == SUBMITTED:
        return _DONE[one.role]
    level = "" if short else _SHORT[one.blind]
    return f"to {_TO_DO[one.role]}" + (f", {level}" if level else "")


def task_pieces(one: Assignment, *, short: bool = False) -> list[Piece]:
    """The task with its glyph."""
    done = one.state == SUBMITTED
    return [
        ("✓ " if done else "▹ ", "success" if done else "accent"),
        (task(one, short=short), "muted" if done else ""),
    ]


def state_pieces(one: Assignment, changed: int = 0, *, short: bool = False) -> list[Piece]:
    """Open or submitted, how often it was opened again, and how much has ``changed`` since it was submitted; ``short``
    says these with a sign."""
    again = "" if not one.reopened else f" ↺{one.reopened}" if short else f", reopened {one.reopened}×"
    if one.state == SUBMITTED:
        since = "" if not changed else f" ≠{changed}" if short else f", changed: {changed}"
        return [("✓ submitted", "success"), (again, "muted"), (since, "warning")]
    return [("▹ open", "accent"), (again, "muted")]


def sentence(one: Assignment, me: Person, changed: int = 0) -> str:
    """The whole assignment: "You review Mara's set; nothing is hidden; open." """
    mine = one.reviewer.id == me.id
    who = "You" if mine else one.reviewer
    does = _TO_DO[one.role] if mine else f"{_TO_DO[one.role]}s"
    about = f" {one.whose}'s set" if one.whose else ""
    hidden = LEVELS[one.blind]
    if mine:
        hidden = hidden.replace("they give their own", "you give your own").replace(
            "they tag alone: they see nothing of the others' work, nor the others of theirs",
            "you tag alone: you see nothing of the others' work, nor they of yours",
        )
    level = "" if one.role == Role.ADJUDICATOR else f"; {hidden}"
    again = f", reopened {one.reopened}×" if one.reopened else ""
    since = f", changed since submitted: {changed}" if changed else ""
    return f"{who} {does}{about}{level}; {one.state}{again}{since}."
