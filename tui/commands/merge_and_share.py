"""Working together on several files: merge, share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.commands.command import ARTICLE_WORDS, argument, as_json, command, force
from tui.commands.corrections import tell_behind
from tui.commands.opened_desk import desk_of_ones_own, desk_to_read, desk_to_write
from tui.commands.output import Progress, counted, listing, plain, say, show_json, written
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from pathlib import Path

    from store.desk import Desk
    from store.sync.merge import Merged, MergedRow

HEADS = (
    Head("article", lambda row: row.title or _untitled(row), flexible=True),
    Head("person", lambda row: row.person, flexible=True),
    Head("added", lambda row: row.added, right=True),
    Head("same", lambda row: row.same, right=True),
    Head("conflicts", lambda row: row.conflicts, right=True),
)


def _untitled(row: MergedRow) -> str:
    return "(no title)" if row.article else "(people, scheme, sources)"


@command("merge", "factdesk merge bo.db", "factdesk merge --dry-run /mnt/stick/*.db")
@argument("others", "Other desks' files: in use, copies, backups, or from `factdesk share`.", nargs=-1, required=True,
          metavar="OTHER...")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would come of it.")
@as_json
def merge(others: Sequence[str], dry_run: bool, as_json: bool) -> None:
    """Take in what other people's desks hold.

    The other files are only read. Merge in any order and as often as you like: the desk comes out the same. Where two
    people changed one value without seeing each other's change, both are kept and `factdesk conflicts` shows them. What
    blind review hides from you stays hidden.
    """
    _merge(others, dry_run, as_json)


@command("import bundle", "factdesk import bundle from-bo.db", "factdesk import bundle from-bo.db --dry-run")
@argument("file", "A desk, such as `factdesk export bundle` writes.", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would come of it.")
@as_json
def import_bundle(file: str, dry_run: bool, as_json: bool) -> None:
    """Take in a bundle: the same as `factdesk merge`."""
    _merge([file], dry_run, as_json)


def _merge(others: Sequence[str], dry_run: bool, as_json: bool) -> None:
    from tui.settings import path_of

    paths = [path_of(other) for other in others]
    with desk_to_read() if dry_run else desk_to_write(create=True, in_parts=True) as desk:
        found = _taken_in(desk, paths, dry_run)
        if as_json:
            show_json([plain(one) for one in found])
        elif rows := [row for one in found for row in one.rows if row.added or row.conflicts]:
            listing(HEADS, rows, False)
        for one in found:
            _tell(one, dry_run)
        touched = {row.article for one in found for row in one.rows if row.added and row.article}
        if not dry_run:
            tell_behind(desk, [article for article in desk.articles.all() if article.id in touched])


def _taken_in(desk: Desk, paths: Sequence[Path], dry_run: bool) -> Sequence[Merged]:
    done = 0
    with Progress("Merged", "%") as bar:

        def progress(now: int, whole: int) -> None:
            nonlocal done
            done = now
            bar(now * 100 // whole)

        try:
            return desk.merges.merge(paths, dry_run=dry_run, progress=progress)
        except KeyboardInterrupt:
            stays = "what is in by now stays: merge again for the rest."
            raise KeyboardInterrupt(
                f"interrupted; {stays if done and not dry_run else 'nothing was merged.'}"
            ) from None


def _tell(merged: Merged, dry_run: bool) -> None:
    did = "would be added" if dry_run else "added"
    new = f"{counted(merged.added, 'change')} {did}" if merged.added else "nothing new"
    say(f"{merged.file}: {new}, {merged.same:,} already here.")
    for note in merged.notes:
        say(f"{merged.file}: {note}")
    if any(row.conflicts for row in merged.rows):
        after = "after the merge, " if dry_run else ""
        say(f"Some changes contradict each other: {after}`factdesk conflicts` shows them.")


@command("share", "factdesk share for-bo.db", "factdesk share rain.db 3 7 --force")
@argument("file", "The new file.", metavar="FILE")
@argument("articles", ARTICLE_WORDS + " Without any: all articles.", nargs=-1, metavar="[ARTICLE]...")
@force
@as_json
def share(file: str, articles: Sequence[str], force: bool, as_json: bool) -> None:
    """Write one clean file to send to others.

    It holds the history of the desk, or of some of its articles, and nothing else: not what other programs put into the
    file. Others open it, or bring it into their own desk with `factdesk merge`. It hides from each person what this
    desk hides from them.
    """
    _share(file, articles, force, as_json)


@command("export bundle", "factdesk export bundle -o for-bo.db",
         "factdesk export bundle 3 7 --sign ~/.ssh/id_ed25519 -o rain")  # fmt: skip
@argument("articles", ARTICLE_WORDS + " Without any: all articles.", nargs=-1, metavar="[ARTICLE]...")
@click.option("-o", "--output", metavar="FILE", required=True, help="The new file; with --sign the new folder.")
@click.option("--sign", metavar="KEY", help="Sign it with this SSH key, such as ~/.ssh/id_ed25519.")
@force
@as_json
def export_bundle(articles: Sequence[str], output: str, sign: str | None, force: bool, as_json: bool) -> None:
    """Write a bundle, one file with everything to send to another desk: the same as `factdesk share`.

    With `--sign` it is a folder with that file, its tables and texts and the whole history in plain text, and a
    signature of all of it. `factdesk verify FOLDER` checks it, and so can people who do not have factdesk.
    """
    if sign:
        _sign(output, articles, sign, as_json)
    else:
        _share(output, articles, force, as_json)


def _sign(folder: str, articles: Sequence[str], key: str, as_json: bool) -> None:
    from store.formats import signed
    from tui.settings import path_of

    to = path_of(folder)
    with desk_of_ones_own() as desk, Progress("Written") as progress:
        made = signed.write(desk, to, path_of(key), articles, progress=progress)
    if as_json:
        show_json({"path": str(to), "claims": made.rows})
    else:
        say(f"{to} holds {counted(made.rows, 'claim')} and is signed. Pack it with `tar` to send it.")


def _share(file: str, articles: Sequence[str], force: bool, as_json: bool) -> None:
    from tui.settings import path_of

    to = path_of(file)
    with desk_to_read() as desk, Progress("Written") as progress:
        made = written(lambda replace: desk.shares.write(to, articles, replace=replace, progress=progress), force)
    if as_json:
        show_json(plain(made))
    else:
        say(f"{made.path} holds {counted(made.articles, 'article')} and {counted(made.claims, 'claim')}.")
