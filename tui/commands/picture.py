"""Pictures of what is on the desk: picture heat, picture verdicts, picture agreement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands import command as words
from tui.commands.command import command, force
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import say, tell, terminal_width, written

if TYPE_CHECKING:
    from tui.kit.picture import Picture

_WIDTH = 100
to_file = click.option("-o", "--output", metavar="FILE", help="Write it as SVG; without it, lines of text are printed.")


@command("picture", "factdesk picture heat 1", "factdesk picture verdicts -o verdicts.svg")
def picture() -> None:
    """Draw a picture: heat, verdicts or agreement."""
    raise click.UsageError("Say which: `factdesk picture heat ARTICLE`, `picture verdicts` or `picture agreement`.")


@command("picture heat", "factdesk picture heat 1", "factdesk picture heat 1 -o heat.svg")
@words.article
@to_file
@force
def picture_heat(article: str, output: str | None, force: bool) -> None:
    """Draw where an article's claims, leftovers and disputes lie, paragraph by paragraph."""
    from tui.kit.picture import heat_map

    with desk_to_read() as desk:
        about = desk.articles.get(article)
        _give(heat_map(f"“{about.title}”", desk.library.heat(about), _cells(output)), output, force)


@command("picture verdicts", "factdesk picture verdicts", "factdesk picture verdicts -o verdicts.svg")
@to_file
@force
def picture_verdicts(output: str | None, force: bool) -> None:
    """Draw how many of each verdict were given when."""
    from tui.kit.picture import verdicts_over_time

    with desk_to_read() as desk:
        _give(verdicts_over_time(desk.library.timeline(), desk.scheme, _cells(output)), output, force)


@command("picture agreement", "factdesk picture agreement", "factdesk picture agreement 1 2 -o agreement.svg")
@words.articles
@to_file
@force
def picture_agreement(articles: tuple[str, ...], output: str | None, force: bool) -> None:
    """Draw how often every two people gave the same verdict."""
    from tui.kit.picture import agreement_matrix

    with desk_to_read() as desk:
        _give(agreement_matrix(desk.agreement.matrix(articles), _cells(output)), output, force)


def _cells(output: str | None) -> int:
    return _WIDTH if output else terminal_width() or _WIDTH


def _give(drawn: Picture, output: str | None, force: bool) -> None:
    """Write a picture to a file, or print it."""
    from tui.kit.picture import plain_lines, svg

    if output is None:
        for line in plain_lines(drawn):
            tell(line)
        return
    from store.log.atomic_write import filled
    from tui.settings import path_of

    path, data = Path(path_of(output)), svg(drawn).encode()
    written(lambda replace: filled(path, lambda file: file.write(data), replace=replace), force)
    say(f"{drawn.title} is in {path.absolute()}.")
