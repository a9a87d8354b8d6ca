"""The bundle: one file that another desk takes in whole, with articles, claims, evidence, people and the whole history.

It is a desk of its own, as ``store.sync.share`` writes it and ``store.sync.merge`` reads it: this is where the table of
formats leads to both.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from store.desk import Desk
from store.errors import Refused
from store.formats.csv.claim_columns import Exported
from store.formats.snapshot import Cancelled
from store.records import Article, Progress
from store.sync.merge import Merged


def write(
    desk: Desk,
    to: Path | BinaryIO,
    articles: Iterable[Article | str] = (),
    *,
    replace: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write some articles with all that belongs to them, or all, as `desk.shares.write` does.

    Raises:
        Taken: a file of that name is there already.
        Refused: it is to go into a stream, there is no such article, or the file cannot be written.
    """
    if not isinstance(to, Path):
        raise Refused("A bundle is a desk, which cannot go into a stream: name a file.")
    made = desk.shares.write(to, articles, replace=replace, progress=progress)
    return Exported(made.claims, "claims")


def read(
    desk: Desk, source: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> list[Merged]:
    """Take in what a bundle, or any other desk, holds, as `desk.merges.merge` does."""
    return desk.merges.merge([source], progress=progress, cancelled=cancelled)
