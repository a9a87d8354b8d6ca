"""Two people's sets on one article, and what a comparison calls their places."""

from __future__ import annotations

from typing import Any

from store.desk import Desk
from store.records import Article, Claim


def tagged(desk: Desk, article: Article, span: tuple[int, int], verdict: str = "", **how: Any) -> Claim:
    claim = desk.claims.tag(article, *span, **how)
    if verdict:
        desk.verdicts.give(claim, verdict, f"{desk.reviewer} says so.")
    return desk.claims.get(claim.id)


def twin(desk: Desk, article: Article, span: tuple[int, int], verdict: str, manager: Desk) -> None:
    """Ana's and Bob's claims on one span, tagged without seeing each other."""
    name = desk.reviewer
    manager.assignments.assign([article], ["Ana", "Bob"], "checker", blind="all")
    for who in ("Ana", "Bob"):
        desk.be(who)
        tagged(desk, article, span, verdict)
    desk.be(name)
    while manager.assignments.of():
        manager.history.undo()


def kinds(desk: Desk, article: Article, *people: str) -> list[str]:
    return [group.kind for group in desk.comparison.compare(article, people).groups]
