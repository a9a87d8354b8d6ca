"""From a desk into a file of any format: what is the same for all of them.

The desk is read as it is at one moment, under the veil. The file is written beside and renamed; the same desk gives the
same bytes. What a format cannot hold is counted, and a manifest says it: in the folder or zip, or in a file of its own
beside a single file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from store.desk import Desk
from store.errors import Refused
from store.file_locks import read_text
from store.formats.anonymity import shown_names
from store.formats.contract import FIELDS, Format, Loss, Options, Statement, Tally, Text
from store.formats.csv.claim_columns import Exported
from store.formats.files import Out
from store.formats.folder import DESCRIPTOR, PROGRAM, sha256, whole_folder
from store.formats.lines_by_sql import StatedLines, is_alike
from store.formats.offsets import Ruler, recounted
from store.formats.outgoing_texts import texts
from store.formats.snapshot import Cancelled, as_desk, check, snapshot
from store.log.atomic_write import filled, whole_file, writable
from store.records import Article, Progress

MANIFEST = ".manifest.json"
"""What is added to a file's name for the manifest beside it."""


class _Account:
    """What is written, counted as it passes."""

    def __init__(self, desk: Desk, format: Format, said: Mapping[str, str], anonymous: bool) -> None:
        self.format = format
        self.options = Options(desk.scheme, said=checked_options(format, said))
        self.anonymous = anonymous
        self.articles = self.claims = 0
        self.lines: StatedLines | None = None
        self.losses: list[Loss] = []

    def write(
        self, desk: Desk, out: Out, chosen: Iterable[str], progress: Progress | None, cancelled: Cancelled | None
    ) -> None:
        tally = Tally()
        found = self._counted(desk, chosen, progress, cancelled)
        passing = tally.passing(found, self.format.loses - self.format.partly)
        own = self.format.write(map(self._in_unit, passing), out, self.options)
        if self.lines:
            self.claims, own = self.lines.claims, [*own, *self.lines.losses()]
        order = list(FIELDS)
        self.losses = sorted([*tally.losses(), *own], key=lambda loss: order.index(loss.what))

    def _counted(
        self, desk: Desk, chosen: Iterable[str], progress: Progress | None, cancelled: Cancelled | None
    ) -> Iterator[Text]:
        total = 0
        if progress:
            total = desk.session.rows("SELECT count(*) AS n FROM claims WHERE deleted = 0")[0]["n"]
        statement: Statement | None = getattr(self.format, "statement", None)
        if statement and is_alike(desk):
            self.lines = StatedLines(desk, statement)
        for text in texts(desk, chosen, self.lines.of if self.lines else None):
            check(cancelled)
            self.articles += 1
            self.claims = self.lines.claims if self.lines else self.claims + len(text.spots)
            if progress:
                progress(self.claims, max(total, self.claims))
            yield text

    def _in_unit(self, text: Text) -> Text:
        if self.format.unit in ("codepoint", "none") or text.text.isascii():
            return text
        ruler = Ruler(text.text, self.format.unit)
        return text._replace(
            spots=tuple(recounted(spot, ruler) for spot in text.spots),
            sweeps=tuple(recounted(spot, ruler) for spot in text.sweeps),
        )

    def manifest(self, files: Mapping[str, tuple[int, str]]) -> bytes:
        """What was written and what was lost; ``files`` have bytes and SHA-256."""
        scheme = self.options.scheme
        losses = [
            {"field": loss.what, "claims": loss.count, "example": loss.example, "says": str(loss)}
            for loss in self.losses
        ]
        told = {
            "profile": "data-package",
            "name": PROGRAM,
            "title": f"{self.format.says[0].upper()}{self.format.says[1:]}",
            PROGRAM: {
                "format": self.format.name,
                "version": version("factdesk"),
                "scheme": {"id": scheme.id, "version": scheme.version, "sha256": scheme.hash},
                "offsets": self.format.unit,
                "articles": self.articles,
                "claims": self.claims,
                "anonymous": self.anonymous,
                "lost": losses,
            },
            "resources": [
                {"name": name.lower(), "path": name, "bytes": size, "hash": f"sha256:{sha}"}
                for name, (size, sha) in files.items()
            ],
        }
        return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def export(
    desk: Desk,
    format: Format,
    to: Path | BinaryIO,
    articles: Iterable[Article | str] = (),
    *,
    said: Mapping[str, str] | None = None,
    anonymous: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write some articles with their claims, or all, in a format.

    Args:
        desk: the desk.
        format: the format.
        to: a file; of a format of several files a folder, a name that ends in ``.zip``, or a file of the format if one
            is enough for what is written; or an open binary stream.
        articles: articles, or what people call them.
        said: the format's own options, by name.
        anonymous: replace everybody's name by a number.
        replace: whether what is there under that name may be replaced.
        progress: told the claims written and all there are.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised and no file remains.

    Returns:
        How many claims were written, and what was lost.

    Raises:
        Taken: something of that name is there already.
        Refused: an article or option is not known, or it cannot be written.
    """
    chosen = [desk.articles.get(article).id for article in articles]
    account = _Account(desk, format, said or {}, anonymous)

    def write(out: Out) -> None:
        with shown_names(desk, not anonymous) as shown, snapshot(shown) as conn, as_desk(conn, shown) as still:
            account.write(still, out, chosen, progress, cancelled)

    if not isinstance(to, Path):
        filled(to, lambda file: _into_stream(account, write, file))
    elif not format.many or to.suffix.lower() in format.extensions:
        _into_file(account, write, to, replace)
    elif to.suffix.lower() == ".zip":
        with whole_file(to, replace=replace) as file:
            _into_stream(account, write, file)
    else:
        with whole_folder(to, replace=replace) as folder:
            out = Out.folder(folder)
            write(out)
            out.write(account.manifest(_measured(folder)).decode(), DESCRIPTOR)
    return Exported(account.claims, "claims", tuple(account.losses))


def _into_stream(account: _Account, write: Callable[[Out], None], stream: BinaryIO) -> int:
    if not account.format.many:
        write(Out.stream(stream))
        return account.claims
    with Out.packed(stream) as out:
        write(out)
        out.write(account.manifest({}).decode(), DESCRIPTOR)
    return account.claims


def _into_file(account: _Account, write: Callable[[Out], None], to: Path, replace: bool) -> None:
    beside = to.with_name(to.name + MANIFEST)
    writable(beside, replace=replace or _is_manifest(beside))
    with whole_file(to, replace=replace) as file:
        write(Out.alone(file))
    if not to.is_file():  # a device or a pipe
        return
    with whole_file(beside, replace=True) as file:
        file.write(account.manifest({to.name: (to.stat().st_size, sha256(to))}))


def _is_manifest(path: Path) -> bool:
    """Whether a file is a manifest that an export wrote."""
    try:
        return bool(json.loads(read_text(path))[PROGRAM]["format"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, Refused):
        return False


def _measured(folder: Path) -> dict[str, tuple[int, str]]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): (file.stat().st_size, sha256(file)) for file in files}


def checked_options(format: Format, said: Mapping[str, str]) -> dict[str, str]:
    """The options that a format knows.

    Raises:
        Refused: it has no such option.
    """
    for name in said:
        if name not in format.options:
            known = f"it has {', '.join(format.options)}" if format.options else "it has none"
            raise Refused(f"The format {format.name} has no option “{name}”: {known}.")
    return dict(said)
