"""A command: its help, and the options that every one of them takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.commands.common_options import AS, DB, choose_also, chosen_file, chosen_name

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from store.text.shown_text import Shown

Function = TypeVar("Function", bound=Callable[..., Any])
Record = TypeVar("Record")


class Said(click.Argument):
    """An argument that the help explains."""

    def __init__(self, declared: Sequence[str], *, help: str, **details: Any) -> None:
        super().__init__(declared, **details)
        self.words = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        return self.human_readable_name, self.words

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from tui.commands.shell_completion import longer_commands

        return longer_commands(ctx, incomplete) or _offered(ctx, self, incomplete)


def _offered(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    from tui.commands.shell_completion import offered

    return offered(ctx, parameter.name or "", begun, chosen_file(), chosen_name())


class Command(click.Command):
    """One whose help explains its arguments, shows examples and names the longer ones that begin with its name."""

    def __init__(self, *args: Any, examples: Sequence[str], **details: Any) -> None:
        super().__init__(*args, **details)
        self.examples = examples
        self.everywhere = global_options()
        self.params += self.everywhere

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        return ["-h", "--help"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [parameter for parameter in self.params if parameter not in self.everywhere]
        help_option = self.get_help_option(ctx)
        _section(ctx, formatter, "Arguments", [p for p in own if isinstance(p, Said)])
        _section(ctx, formatter, "Options", [p for p in own if not isinstance(p, Said)])
        _section(ctx, formatter, "Everywhere", [*self.everywhere, *([help_option] if help_option else [])])
        group = ctx.parent.command if ctx.parent else None
        if isinstance(group, click.Group):
            longer = [name for name in group.list_commands(ctx) if name.startswith(f"{self.name} ")]
            found = [(name, group.get_command(ctx, name)) for name in longer]
            rows = [(name, other.get_short_help_str(200)) for name, other in found if other]
            if rows:
                with formatter.section("See also"):
                    formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from tui.commands.shell_completion import longer_commands

        return [*longer_commands(ctx, incomplete), *super().shell_complete(ctx, incomplete)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples" if len(self.examples) > 1 else "Example"):
            for line in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def _section(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, parameters: Sequence[click.Parameter]
) -> None:
    rows = [row for parameter in parameters if (row := parameter.get_help_record(ctx))]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def command(name: str, *examples: str, numbers: bool = False) -> Callable[[Callable[..., Any]], Command]:
    """Make a function the command of that name. ``numbers``: its arguments may be negative, as in ``tag 1 -5 3``."""
    settings = {"ignore_unknown_options": True} if numbers else {}

    def make(function: Callable[..., Any]) -> Command:
        own = any("--version" in option.opts for option in getattr(function, "__click_params__", ()))
        return click.command(name, cls=Command, examples=examples, context_settings=settings)(
            function if own else version_option(hidden=True)(function)
        )

    return make


def version_option(*, hidden: bool = False) -> Callable[[Function], Function]:
    """``--version``; every command takes it, and only the help of the whole speaks of it."""
    return click.version_option(package_name="factdesk", message="factdesk %(version)s", hidden=hidden)


def argument(name: str, help: str, **details: Any) -> Callable[[Function], Function]:
    """An argument with the words that explain it."""
    return click.argument(name, cls=Said, help=help, **details)


def option(*declared: str, **details: Any) -> Callable[[Function], Function]:
    """An option whose value the shell completes."""
    return click.option(*declared, shell_complete=_offered, **details)


def global_options() -> list[click.Parameter]:
    """The options that stand before or after the command; the one nearest to the end of the line counts."""

    def remember(key: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
        def keep(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
            if value is not None:
                choose_also(key, value)
            if key == DB and value == "":
                raise click.BadParameter("name a file.", ctx, parameter)

        return keep

    return [
        click.Option(
            [DB],
            shell_complete=_offered,
            metavar="FILE",
            expose_value=False,
            callback=remember(DB),
            help="The desk's file, instead of FACTDESK_DB or the usual one.",
        ),
        click.Option(
            [AS, "as_"],
            shell_complete=_offered,
            metavar="NAME",
            expose_value=False,
            callback=remember(AS),
            help="Who is working, instead of FACTDESK_REVIEWER or the name remembered.",
        ),
    ]


force = click.option("--force", is_flag=True, help="Replace an existing file; without it you are asked.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print whole records as JSON, for scripts.")
lines = click.option(
    "--lines",
    metavar="auto|lines|wrapped",
    help="lines: each line is a sentence; wrapped: the text was wrapped by hand; auto: guess by their lengths.",
)

ARTICLE_WORDS = "Its number in `factdesk articles`, its id or the start of its id, or part of its title."
article = argument("article", ARTICLE_WORDS)
articles = argument("articles", ARTICLE_WORDS + " Without any: all articles.", nargs=-1, metavar="[ARTICLE]...")
claim = argument("claim", "Its name, such as C7, or its id.")


class _Offset(click.ParamType):  # type: ignore[type-arg]
    """A place in the text. A misspelt option, which arrives here where numbers may be negative, is told as such."""

    name = "number"

    def convert(self, value: Any, parameter: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if value.startswith("--"):
            known = [name for option in ctx.command.params for name in option.opts] if ctx else []
            raise click.NoSuchOption(value, possibilities=get_close_matches(value, known), ctx=ctx)
        try:
            return int(value)
        except ValueError:
            self.fail(f"“{value}” is not a whole number.", parameter, ctx)


def together(*decorators: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Options and arguments that go with each other, in the order of the help."""

    def decorate(function: Function) -> Function:
        for one in reversed(decorators):
            function = one(function)
        return function

    return decorate


_nth = click.option("--nth", type=click.IntRange(min=1), metavar="N", help="Which of several places, from 1.")
span = together(
    argument("start", "Its first character, counted from 0 in Unicode code points.", type=_Offset(), required=False),
    argument("end", "The position after its last character.", type=_Offset(), required=False),
    click.option("--quote", metavar="TEXT", help="The words, exactly as in the article."),
    _nth,
)
"""START END, or --quote TEXT with --nth N."""


def found_span(text: Shown, start: int | None, end: int | None, quote: str | None, nth: int | None) -> tuple[int, int]:
    """The span that the arguments of ``span`` mean, in code points.

    Raises:
        click.UsageError: they do not say one.
        Refused: the quote is not in the text, or is there more than once.
    """
    if quote is not None:
        if start is not None or end is not None:
            raise click.UsageError("Give START and END, or --quote, not both.")
        from store.text.anchor import find_quote

        if text and quote not in text.source:  # Markdown, and the words as people see them
            return text.fit(*text.span(*find_quote(text.text, quote, nth)))
        return find_quote(text.source, quote, nth)
    if start is None or end is None:
        raise click.UsageError("Say where: give START and END, or --quote TEXT.")
    if nth is not None:
        raise click.UsageError("--nth chooses among the places of a --quote.")
    return start, end


proposed_span = together(
    click.option(
        "--span",
        nargs=2,
        type=int,
        metavar="START END",
        help="Another span, in Unicode code points from 0; the end is the position after its last character.",
    ),
    click.option("--quote", metavar="TEXT", help="Another span, by its words in the article."),
    _nth,
)
"""--span START END, or --quote TEXT with --nth N: other edges for a claim."""


def found_proposal(
    text: Shown, span: tuple[int, int] | None, quote: str | None, nth: int | None
) -> tuple[int, int] | None:
    """The span that the options of ``proposed_span`` mean, in code points; None when they say none.

    Raises:
        click.UsageError: they say two.
        Refused: the quote is not in the text, or is there more than once.
    """
    if span is None and quote is None and nth is None:
        return None
    if span is not None and quote is not None:
        raise click.UsageError("Give --span or --quote, not both.")
    start, end = span or (None, None)
    return found_span(text, start, end, quote, nth)


def said(details: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given. An empty text among them clears the field."""
    return {name: value for name, value in details.items() if value is not None and value != ()}


def nth_of(records: Sequence[Record], number: int, what: str, where: str) -> Record:
    """The record a person means by its number in ``factdesk show``. Raises Refused when there is none."""
    if not 1 <= number <= len(records):
        from store.errors import Unknown

        have = f"it has {len(records)}" if records else "it has none"
        raise Unknown(f"There is no {what} {number} on {where}: {have}, `factdesk show` lists them.")
    return records[number - 1]


def word(said: str, known: Collection[str], what: str) -> str:
    """A word of the command line, as the desk spells it; hyphens are as good as underscores.

    Raises:
        Refused: it is none of those known; all are named.
    """
    spelt = said.casefold().replace("-", "_")
    if spelt not in known:
        from store.errors import Refused

        raise Refused(f"“{said}” is not {what}: use one of {', '.join(known)}.")
    return spelt


def article_state(state: str, disputed: int) -> str:
    """Where an article stands, in words: how many disputes are open belongs to it."""
    return f"{state} ({disputed})" if state == "disputed" else state
