"""Working together on several files: merge, share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.commands.desks import desk_to_read, desk_to_write
from tui.commands.output import Progress, counted, listing, plain, say, show_json, written
from tui.commands.verb import ARTICLE_WORDS, argument, as_json, force, verb
from tui.text.heads import Head

if TYPE_CHECKING:
    from store.sync.merge import Merged, MergedRow

_HEADS = (
    Head("article", lambda row: row.title or _untitled(row), flexible=True),
    Head("person", lambda row: row.person, flexible=True),
    Head("added", lambda row: row.added, right=True),
    Head("same", lambda row: row.same, right=True),
    Head("conflicts", lambda row: row.conflicts, right=True),
)


def _untitled(row: MergedRow) -> str:
    return "(no title)" if row.article else "(people, scheme, sources)"


@verb("merge", "factdesk merge bo.db", "factdesk merge --dry-run /mnt/stick/*.db")
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
    from tui.settings import path_of

    paths = [path_of(other) for other in others]
    done = 0
    with (
        desk_to_read() if dry_run else desk_to_write(create=True, in_parts=True) as desk,
        Progress("Merged", "%") as bar,
    ):

        def progress(now: int, whole: int) -> None:
            nonlocal done
            done = now
            bar(now * 100 // whole)

        try:
            found = desk.merges.merge(paths, dry_run=dry_run, progress=progress)
        except KeyboardInterrupt:
            stays = "what is in by now stays: merge again for the rest."
            raise KeyboardInterrupt(
                f"interrupted; {stays if done and not dry_run else 'nothing was merged.'}"
            ) from None
    if as_json:
        show_json([plain(one) for one in found])
    elif rows := [row for one in found for row in one.rows if row.added or row.conflicts]:
        listing(_HEADS, rows, False)
    for one in found:
        _tell(one, dry_run)


def _tell(merged: Merged, dry_run: bool) -> None:
    did = "would be added" if dry_run else "added"
    new = f"{counted(merged.added, 'change')} {did}" if merged.added else "nothing new"
    say(f"{merged.file}: {new}, {merged.same:,} already here.")
    for note in merged.notes:
        say(f"{merged.file}: {note}")
    if any(row.conflicts for row in merged.rows):
        say("Some changes contradict each other: `factdesk conflicts` shows them." if not dry_run
            else "Some changes contradict each other: after the merge, `factdesk conflicts` shows them.")  # fmt: skip


@verb("share", "factdesk share for-bo.db", "factdesk share rain.db 3 7 --force")
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
    from tui.settings import path_of

    to = path_of(file)
    with desk_to_read() as desk, Progress("Written") as progress:
        made = written(lambda replace: desk.shares.write(to, articles, replace=replace, progress=progress), force)
    if as_json:
        show_json(plain(made))
    else:
        say(f"{made.path} holds {counted(made.articles, 'article')} and {counted(made.claims, 'claim')}.")
