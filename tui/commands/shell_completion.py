"""What the shell offers to complete: commands, articles, claims, people, verdicts, reasons, settings, files.

Nothing here writes, asks or refuses: where there is no desk, or none that can be read as it is, nothing is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from store.desk import Desk

Offers = Iterable[tuple[str, str]]
"""Words, each with what it means."""


def offered(ctx: click.Context, name: str, begun: str, file: str | None, who: str | None) -> list[CompletionItem]:
    """What may stand in the place of the argument or option ``name``, of which ``begun`` is typed.

    ``file`` and ``who`` are what ``--db`` and ``--as`` said.
    """
    if name in _FILES:
        return [CompletionItem(begun, type="file")]
    if name in _OF_SETTINGS:
        return list(_items(_OF_SETTINGS[name](ctx), begun))
    if name not in _OF_A_DESK:
        return []
    from store.desk import Desk
    from store.errors import Refused
    from tui import settings

    with (
        suppress(Refused, OSError),
        Desk.open(settings.desk_path(file), settings.reviewer(who), create=False, update=False) as desk,
    ):
        return list(_items(_OF_A_DESK[name](desk, ctx), begun))
    return []


def longer_commands(ctx: click.Context, begun: str) -> list[CompletionItem]:
    """The second words of commands of two words, where the first is all that was typed."""
    commands = ctx.parent.command if ctx.parent else None
    if not isinstance(commands, click.Group) or any(ctx.params.values()):
        return []
    first = f"{ctx.command.name} "
    names = [name for name in commands.list_commands(ctx) if name.startswith(first)]
    if ctx.command.name in ("export", "import"):
        from store.formats import FORMATS

        names += [first + name for name in FORMATS if commands.get_command(ctx, first + name)]
    found = [(name.removeprefix(first), name) for name in dict.fromkeys(names)]
    return list(_items(_with_help(commands, ctx, found), begun))


def first_words(commands: click.Group, ctx: click.Context, begun: str) -> list[CompletionItem]:
    """The first words of all commands, or files to open where no command begins so."""
    words = {name.partition(" ")[0]: name for name in reversed(commands.list_commands(ctx))}
    found = list(_items(_with_help(commands, ctx, reversed(words.items())), begun))
    return found or [CompletionItem(begun, type="file")]


def _with_help(
    commands: click.Group, ctx: click.Context, found: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for word, name in found:
        command = commands.get_command(ctx, name)
        yield word, command.get_short_help_str(200) if command else ""


def _items(offers: Offers, begun: str) -> Iterator[CompletionItem]:
    """Those that begin as is typed, else those whose meaning holds it; on one line and without control characters."""
    from tui.text.tables import one_line

    known = [(word, one_line(meaning)) for word, meaning in offers]
    small = begun.casefold()
    found = [pair for pair in known if pair[0].casefold().startswith(small)]
    for word, meaning in found or [pair for pair in known if len(small) > 1 and small in pair[1].casefold()]:
        yield CompletionItem(word, help=meaning or None)


def _articles(desk: Desk, ctx: click.Context) -> Offers:
    return ((str(article.number), article.title) for article in desk.articles.all())


def _claims(desk: Desk, ctx: click.Context) -> Offers:
    article = ctx.params.get("article")
    return ((claim.name, claim.quote_shown) for claim in desk.claims.of(desk.articles.get(article))) if article else ()


def _people(desk: Desk, ctx: click.Context) -> Offers:
    return ((person, "") for person in desk.people.all())


def _verdicts(desk: Desk, ctx: click.Context) -> Offers:
    return ((kind.key, kind.label) for kind in desk.scheme.verdicts if not kind.retired)


def _reasons(desk: Desk, ctx: click.Context) -> Offers:
    return ((reason.key, reason.label) for reason in desk.scheme.reasons if not reason.retired)


def _settings(ctx: click.Context) -> Offers:
    from tui.settings import SETTINGS

    return ((name, setting.meaning) for name, setting in SETTINGS.items())


def _choices(ctx: click.Context) -> Offers:
    from tui.settings import SETTINGS, choices_of

    name = str(ctx.params.get("setting"))
    return ((choice, "") for choice in choices_of(name)) if name in SETTINGS else ()


_FILES = frozenset(("file", "backup", "paths", "others", "newtext", "db", "dir"))
_OF_A_DESK: dict[str, Callable[[Desk, click.Context], Offers]] = {
    "article": _articles,
    "articles": _articles,
    "claim": _claims,
    "claims": _claims,
    **dict.fromkeys(("all_of", "as_", "by", "chosen", "on_review", "people", "person", "reviewer", "whose"), _people),
    "key": _verdicts,
    "verdict": _verdicts,
    "reason": _reasons,
}
_OF_SETTINGS: dict[str, Callable[[click.Context], Offers]] = {"setting": _settings, "value": _choices}
