"""Keeping a desk well: backup, backups, restore, verify, rebuild."""

from __future__ import annotations

import re

import click

from tui.commands.command import argument, as_json, command
from tui.commands.common_options import chosen_file
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import Progress, confirm, counted, is_attended, listing, local_time, say, tell
from tui.text.table_columns import Head


@command("backup", "factdesk backup", "factdesk backup /mnt/stick/desk-before-the-move.db")
@argument(
    "file", "The new file. Without one: beside the desk, named with date and time.", required=False, metavar="[FILE]"
)
def backup(file: str | None) -> None:
    """Copy the whole desk into a new file.

    Others can go on working. The copy is checked, and an existing file is never overwritten. `factdesk restore` puts it
    back.
    """
    with desk_to_read() as desk:
        if file is None:
            from store.log.copies import dated

            to = desk.path.with_name(dated(desk.path))
        else:
            from tui.settings import path_of

            to = path_of(file)
        tell(str(desk.backup(to)))


BACKUP_HEADS = (
    Head("", lambda row: row.number, right=True),
    Head("made", lambda row: local_time(row.at)),
    Head("why", lambda row: row.why),
    Head("size", lambda row: _size(row.size), right=True),
    Head("articles", lambda row: row.articles, right=True),
    Head("state", lambda row: "✗ damaged" if row.problem else "✓ sound"),
    Head("file", lambda row: row.file.name, flexible=True),
)


def _size(size: int) -> str:
    from tui.text.tables import size_of

    return size_of(size)


@command("backups", "factdesk backups", "factdesk restore 1")
@as_json
def backups(as_json: bool) -> None:
    """List the desk's backups, the newest first, and check each.

    factdesk makes one by itself when you open a desk that has changed and the last is older than a day, and before a
    newer factdesk brings a desk up to date. `factdesk config` says how many are kept.
    """
    from store.log.copies import backups_folder
    from store.log.rotation import backups_of, check_backup
    from tui import settings

    path = settings.desk_path(chosen_file())
    listed, found = backups_of(path), []
    with Progress("Checked") as progress:
        for one in listed:
            found.append(check_backup(one))
            progress(len(found), len(listed))
    listing(BACKUP_HEADS, found, as_json, nothing=f"{path} has no backup yet: `factdesk backup` makes one.")
    if found and not as_json:
        for row in found:
            if row.problem:
                say(f"{row.number}: {row.problem}")
        say(f"Automatic ones are in {backups_folder(path)}. `factdesk restore {found[0].number}` puts the newest back.")


@command("restore", "factdesk restore 2", "factdesk restore desk-2026-03-01-120000.db --force")
@argument("backup", "A number from `factdesk backups`, a file that `factdesk backup` made, or another copy of a desk.")
@click.option("--force", is_flag=True, help="Do not ask.")
def restore(backup: str, force: bool) -> None:
    """Put a backup in the desk's place.

    You are asked first. The present desk, damaged or not, is kept beside it under a name that is printed. Nobody may
    have it open.
    """
    from store.errors import Refused
    from store.log.backup import contents
    from store.log.backup import restore as put_back
    from store.log.rotation import backup_of
    from tui import settings

    path = settings.desk_path(chosen_file())
    source = backup_of(path, int(backup)) if re.fullmatch("[0-9]{1,4}", backup) else settings.path_of(backup)
    held = contents(source)
    # How many claims there are is not told: blind review may hide that.
    told = f"{counted(held.articles, 'article')}, last saved {local_time(held.saved)}" if held.saved else "nothing yet"
    if path.exists() and not force:
        if not is_attended():
            raise Refused(f"{path} exists: add --force to put {source} in its place and keep it aside.")
        say(f"{source} holds {told}.")
        if not confirm(f"Put it in place of {path}, and keep that aside?"):
            raise Refused("Nothing was changed.")
    kept = put_back(path, source)
    say(f"{path} now holds {told}." + (" The desk that was there is kept aside:" if kept else ""))
    if kept:
        tell(str(kept))


@command(
    "verify", "factdesk verify", "factdesk verify --db copy.db && echo sound", "factdesk verify rain --signers ours"
)
@argument("bundle", "The folder of a signed bundle. Without one: the desk is checked.", required=False,
          metavar="[BUNDLE]")  # fmt: skip
@click.option("--signers", metavar="FILE", help="The keys that you trust: a name and a public SSH key a line.")
@click.pass_context
def verify(ctx: click.Context, bundle: str | None, signers: str | None) -> None:
    """Check that the desk, or a signed bundle, is sound.

    It checks the file, every quote, and that everything matches the history; of a bundle the signature, every byte, and
    the chain of its history. It lists each fault on a line of its own, and the exit code is then 1.
    """
    if bundle is not None:
        _verify_bundle(ctx, bundle, signers)
        return
    with desk_to_read() as desk:
        with Progress("Checked") as progress:
            problems = desk.upkeep.verify(progress)
        for problem in problems:
            tell(problem)
        if problems:
            say(f"factdesk: {desk.path} is not sound: {counted(len(problems), 'problem')}.")
            ctx.exit(1)
        say(f"{desk.path} is sound.")


def _verify_bundle(ctx: click.Context, bundle: str, signers: str | None) -> None:
    from store.errors import Refused
    from store.formats import signed
    from tui.settings import path_of

    folder = path_of(bundle)
    if folder.is_file():
        raise Refused(f"{folder} is a file: name the folder of a signed bundle, or check a desk with --db {folder}.")
    signer, problems = signed.check_signed(folder, path_of(signers) if signers else None)
    for problem in problems:
        tell(problem)
    if problems:
        say(f"factdesk: {folder} is not as it was signed: {counted(len(problems), 'problem')}.")
        ctx.exit(1)
    if signer.name:
        say(f"{folder} is as {signer.name} signed it, with the {signer.key}.")
    else:
        say(
            f"{folder} is as it was signed with the {signer.key}. Compare that with the key you know, or say --signers."
        )


@command("rebuild", "factdesk backup && factdesk rebuild")
def rebuild() -> None:
    """Make all tables again from the history.

    This repairs what another program has changed in them.
    """

    with desk_to_read() as desk:
        with Progress("Made again") as progress:
            desk.upkeep.rebuild(progress)
        say("All tables were made again from the history.")
