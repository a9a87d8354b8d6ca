"""A new version of an article's text, written at once, or beside the screen where very much moves along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from store.desk import Desk
from store.records import Article, Progress
from tui.kit.screen import SaysRefusals, host_of
from tui.kit.unsaved import Long

if TYPE_CHECKING:
    from store.check.corrections import Plan


def write_version(
    screen: SaysRefusals,
    desk: Desk,
    article: Article,
    call: Callable[[Desk, Progress | None], Plan],
    then: Callable[[Plan], object],
) -> None:
    """Have a new version written by ``call``, and show it by ``then``."""
    host = host_of(screen)
    if host is not None and host.unsaved is not None and desk.corrections.takes_long(article):
        host.unsaved.go_beside(screen, Long("Correcting", "items", call, _stopped, _said), then)
    else:
        screen.write(lambda: call(desk, None), then)


def _stopped(done: int, total: int) -> str:
    return f"Stopped: {done:,} of {total:,} items are moved. Correct it with the same text to go on, or undo it."


def _said(made: Plan) -> str:
    return f"“{made.article.title}” is version {made.number}: {made.counts}."
