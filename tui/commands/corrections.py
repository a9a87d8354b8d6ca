"""Correcting: update, changed, versions, diff, keep."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import click

from tui.commands import command as words
from tui.commands.check import report_claim
from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import Progress, listing, local_time, plain, say, show_json, show_table, tell
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.check.correction_fates import Fate
    from store.check.corrections import Plan
    from store.desk import Desk
    from store.formats.articles.reader import ReadOptions
    from store.formats.articles.revisions import Revision
    from store.records import Article
    from store.text.article_draft import Draft

_INPUT = "-"
_private = click.option("--private", is_flag=True, help="Also fetch from private networks, such as an intranet.")


@command(
    "update",
    "factdesk update 3 corrected.txt",
    "factdesk update 3 https://example.org/story --dry-run",
    "factdesk update 3 --version 1",
)
@words.article
@argument("newtext", "The corrected text: a file, an address (https://…), or - for standard input.", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would become of the claims, and change nothing.")
@click.option("--version", "number", type=int, metavar="N", help="Put the text of that version back.")
@_private
@as_json
def update(article: str, newtext: str | None, dry_run: bool, number: int | None, private: bool, as_json: bool) -> None:
    """Correct the text of an article; claims move along with their words.

    Claims, sweeps and reviews are found again in the new text. Those whose words changed are listed to be checked
    again: keep them with `factdesk keep`, tag them again with `factdesk move`, or delete them. Claims whose words are
    gone stay on the old version. One `factdesk undo` takes all of it back.
    """
    if (newtext is None) == (number is None):
        raise click.UsageError("Give the corrected text, or --version N to put an older one back.")
    from store.formats.articles.revisions import options_for, plan_revision

    opened = desk_to_read() if dry_run else desk_to_write(in_parts=True)
    with opened as desk:
        about = desk.articles.get(article)
        if number is not None:
            plan = desk.corrections.plan(about, desk.articles.text(desk.corrections.version(about, number).sha))
        else:
            plan, note = plan_revision(desk, about, _new_text(str(newtext), private, options_for(desk, about)))
            if note:
                say(note)
        if not dry_run:
            with Progress("Moved") as progress:
                plan = desk.corrections.correct(plan, progress)
        _tell(desk, plan, dry_run, as_json)


def _new_text(source: str, private: bool, options: ReadOptions) -> Draft:
    """The article in a file, at an address or in the standard input; what was mended in it is said."""
    from store.formats.articles import files, plaintext
    from store.formats.articles.address import article_at
    from store.formats.articles.fetch import Fetcher
    from tui.settings import path_of

    if source == _INPUT:
        draft = plaintext.decoded(sys.stdin.buffer.read(plaintext.ARTICLE_LIMIT_BYTES + 1), "standard input")
    elif files.is_web_address(source):
        draft = article_at(source, Fetcher(private=private), options)
    else:
        draft = files.read(path_of(source), options)
    if draft.notes:
        say(f"{source}: {'; '.join(draft.notes)}")
    return draft


def _tell(desk: Desk, plan: Plan, dry_run: bool, as_json: bool) -> None:
    """What became of the claims, or would become of them."""
    if as_json:
        told = {name: value for name, value in plain(plan).items() if name != "text"}
        show_json({**told, "dry_run": dry_run, "said": str(plan.counts)})
        return
    would = "would be " if dry_run else ""
    tell(f"{plan.article.number} {plan.article.title}: {would}version {plan.number}; {plan.counts}")
    waiting = [one for one in plan.fates if one.outcome in ("changed", "vanished")]
    carried = [one for one in plan.fates if one.outcome == "carried" and one.kind == "claims"]
    if waiting or carried:
        show_table(_FATES, ([head.cell(_told(desk, plan, one)) for head in _FATES] for one in [*waiting, *carried]))
    if not plan.knows and any(one.outcome == "changed" for one in waiting):
        say("Small changes of words cannot be told in this language, so all of them are asked.")
    if not dry_run and plan.counts.to_check:
        say(f"Check the changed claims again: `factdesk keep {plan.article.number} CLAIM`, move or delete them.")


class _Told(NamedTuple):
    """One item of a correction, for people."""

    name: str
    outcome: str
    reason: str
    before: str
    now: str


_FATES = (
    Head("claim", lambda one: one.name),
    Head("now", lambda one: one.outcome),
    Head("why", lambda one: one.reason, flexible=True),
    Head("old words", lambda one: one.before, flexible=True),
    Head("new words", lambda one: one.now, flexible=True),
)


def _told(desk: Desk, plan: Plan, one: Fate) -> _Told:
    name = desk.claims.name_of(one.claim) if one.claim else one.kind.removesuffix("s")
    return _Told(name, one.outcome, one.reason, one.before, plan.text[one.start : one.end])


def _what_it_does(one: Revision) -> str:
    return " · ".join(filter(None, [str(one.counts) if one.state == "changed" else "", one.why]))


@command("changed", "factdesk changed", "factdesk changed 3 4 --json")
@words.articles
@_private
@as_json
@click.pass_context
def changed(ctx: click.Context, articles: tuple[str, ...], private: bool, as_json: bool) -> None:
    """Look whether the pages of articles have changed since.

    Each address is fetched once, and nothing is changed on the desk. It exits with 1 if an article with claims says
    something else by now, or if one could not be looked at.
    """
    from store.formats.articles.fetch import Fetcher
    from store.formats.articles.revisions import look_again

    heads = (
        Head("no.", lambda one: one.article.number, right=True),
        Head("page", lambda one: one.state),
        Head("what a correction does", _what_it_does,
             flexible=True),
        Head("title", lambda one: one.article.title, flexible=True),
    )  # fmt: skip
    with desk_to_read() as desk:
        chosen = [desk.articles.get(one) for one in articles] or [one for one in desk.articles.all() if one.url]
        with Progress("Looked at") as progress:
            found = []
            for one in look_again(desk, chosen, Fetcher(private=private)):
                found.append(one)
                progress(len(found), len(chosen))
        listing(heads, found, as_json, nothing="No article has an address.")
    if any(one.state == "unread" or (one.state == "changed" and one.claims) for one in found):
        ctx.exit(1)


@command("versions", "factdesk versions 3", "factdesk versions 3 --json")
@words.article
@as_json
def versions(article: str, as_json: bool) -> None:
    """List the versions of an article's text."""
    heads = (
        Head("no.", lambda one: one.number, right=True),
        Head("since", lambda one: local_time(one.created)),
        Head("by", lambda one: one.by, flexible=True),
        Head("text", lambda one: one.sha[:12]),
    )
    with desk_to_read() as desk:
        listing(heads, desk.corrections.versions(article), as_json)


@command("diff", "factdesk diff 3", "factdesk diff 3 1 3")
@words.article
@argument("old", "The number of the older version; without it, the one before the newest.", type=int, required=False)
@argument("new", "The number of the newer version; without it, the newest.", type=int, required=False)
@as_json
def diff(article: str, old: int | None, new: int | None, as_json: bool) -> None:
    """Show what changed between two versions, word by word.

    Words that are gone stand in [- -], new words in {+ +}.
    """
    with desk_to_read() as desk:
        parts = desk.corrections.difference(article, old, new)
        if as_json:
            show_json([{"old": before, "new": after} for before, after in parts])
            return
        click.echo("".join(_marked(parts)), nl=False) if not sys.stdout.isatty() else tell("".join(_marked(parts)))


def _marked(parts: Iterable[tuple[str, str]]) -> Iterable[str]:
    for before, after in parts:
        if before == after:
            yield before
        else:
            yield (f"[-{before}-]" if before else "") + (f"{{+{after}+}}" if after else "")
    yield "\n"


@command("keep", "factdesk keep 3 C7")
@words.article
@words.claim
@as_json
def keep(article: str, claim: str, as_json: bool) -> None:
    """Say that a claim is still right though a correction changed its words.

    Its verdict stands for the new words then.
    """
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        desk.transfers.keep(about)
        report_claim(desk.claims.get(about.id), as_json)


class _Waiting(NamedTuple):
    article: str
    name: str
    outcome: str
    reason: str
    before: str
    now: str


@command("corrections", "factdesk corrections 3", "factdesk corrections --json")
@words.articles
@as_json
def corrections(articles: tuple[str, ...], as_json: bool) -> None:
    """List the claims to check again after corrections, and those whose words are gone."""
    with desk_to_read() as desk:
        chosen = [desk.articles.get(one) for one in articles] or desk.articles.all()
        found = [(article, one) for article in chosen for one in desk.transfers.waiting(article)]
        heads = (Head("no.", lambda one: one.article, right=True), *_FATES)
        if as_json:
            listing(heads, [one for _, one in found], True)
            return
        rows = (
            _Waiting(str(article.number), one.name or one.kind.removesuffix("s"), one.outcome, one.reason, one.before,
                     "" if one.outcome == "vanished" else one.now)
            for article, one in found
        )  # fmt: skip
        listing(heads, rows, False, nothing="Nothing waits after a correction.")
        tell_behind(desk, chosen)


def tell_behind(desk: Desk, articles: Iterable[Article]) -> None:
    """Say which articles have claims or sweeps that came in on another text, and how to carry them over."""
    for article in articles:
        if behind := desk.corrections.behind(article):
            lie, them = ("lies", "it") if sum(behind) == 1 else ("lie", "them")
            say(
                f"{behind} {lie} on another text of {article.number} {article.title}: "
                f"`factdesk update {article.number} --version {article.version_number}` carries {them} over."
            )
