"""Sharing: one new file to send, with all of a desk's history or that of some articles, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from store.access.session import Session
from store.check.articles import Articles
from store.file_locks import ENDINGS
from store.log import file as opening
from store.log.atomic_write import give_name, new_mode, part_beside, unwritten, writable
from store.log.backup import backup
from store.log.kinds import KINDS, PARENTS, REFERENCES
from store.log.log import Log
from store.log.sqlite_faults import refusing_at
from store.records import Article, Progress
from store.upkeep import Upkeep

_COLUMNS = "id, action, reviewer, at, kind, item, parents, patch, undoes"
Rewrite = Callable[[tuple[str, ...]], tuple[str, ...]]
"""Gives a change other words; its values are in the order of `_COLUMNS`."""
_BLOCK = 500  # items whose history is read together


class Shared(NamedTuple):
    """What a shared file holds."""

    path: Path
    articles: int
    claims: int


class Shares:
    """Writes desks for others to merge."""

    def __init__(self, session: Session, articles: Articles) -> None:
        self._session = session
        self._articles = articles

    def write(
        self,
        to: Path,
        articles: Iterable[Article | str] = (),
        *,
        replace: bool = False,
        progress: Progress | None = None,
        rewrite: Rewrite | None = None,
    ) -> Shared:
        """Write a new desk that holds this desk's history, to be merged or opened elsewhere.

        It is made from the history alone: what other programs have put into this file does not go with it. It hides
        from everyone what this desk hides from them. An article goes with everybody's claims, verdicts, evidence and
        reviews of it, the people who made them, and the scheme.

        Args:
            to: the file.
            articles: the articles that go with it; without any, all.
            replace: whether a file of that name may be replaced. A desk never is.
            progress: told how many records are done, and all there are.
            rewrite: gives each change with other words than it has here.

        Raises:
            Refused: the file cannot be written, or there is no such article.
            Taken: a file is there, and may not be replaced.
        """
        to = writable(to, replace=replace)
        wanted = {self._articles.get(one).id for one in articles}
        with self._session.unveiled():
            items = _Closure(self._session.log, wanted).items if wanted else None
        try:
            with part_beside(to, private=True) as (part, file):
                file.close()
                try:
                    made = self._fill(part, items, progress, rewrite)
                    part.chmod(new_mode(to))
                    give_name(part, to, replace=replace)
                finally:
                    for ending in ENDINGS:
                        with suppress(OSError):
                            Path(f"{part}{ending}").unlink(missing_ok=True)
        except OSError as error:
            raise unwritten(to, error) from None
        return Shared(to, *made)

    def _fill(
        self,
        part: Path,
        items: set[str] | None,
        progress: Progress | None,
        rewrite: Rewrite | None,
    ) -> tuple[int, int]:
        conn = opening.open_file(part, create=True, patience=10.0).conn
        with closing(conn), refusing_at(part), self._mine() as mine:
            self._copy(conn, mine, items, rewrite)
            Upkeep(Session(Log(conn, str(part)), "")).rebuild(progress)
            conn.execute("PRAGMA journal_mode = DELETE")
            counted = (f"SELECT count(*) FROM {kind} WHERE deleted = 0" for kind in ("articles", "claims"))
            articles, claims = (int(conn.execute(asked).fetchone()[0]) for asked in counted)
        return articles, claims

    @contextmanager
    def _mine(self) -> Iterator[Path]:
        """The desk's file; of one that cannot be written, and so is read from memory, a copy that goes again."""
        if not self._session.read_only:
            yield Path(self._session.log.where).resolve()
            return
        with TemporaryDirectory(prefix="factdesk-") as folder:  # the owner's alone
            yield backup(self._session.log, Path(folder, "desk.db"))

    def _copy(self, conn: sqlite3.Connection, mine: Path, items: set[str] | None, rewrite: Rewrite | None) -> None:
        conn.execute("ATTACH DATABASE ? AS mine", (str(mine),))
        conn.execute("BEGIN")
        chosen = "WHERE item IN (SELECT value FROM json_each(?))" if items is not None else ""
        arguments = [json.dumps(sorted(items))] if items is not None else []
        asked = f"SELECT {_COLUMNS} FROM mine.changes {chosen} ORDER BY seq"
        if rewrite is None:
            conn.execute(f"INSERT INTO main.changes ({_COLUMNS}) {asked}", arguments)
        else:
            marks = ", ".join("?" * len(_COLUMNS.split(",")))
            told = map(rewrite, conn.execute(asked, arguments))
            conn.executemany(f"INSERT INTO main.changes ({_COLUMNS}) VALUES ({marks})", told)
        named = "SELECT json_extract(patch, '$.text') FROM main.changes WHERE kind = 'versions'"
        conn.execute(
            "INSERT INTO main.texts (sha, body) SELECT sha, body FROM mine.texts"
            f" WHERE ? OR sha IN ({named}) ORDER BY seq",
            (items is None,),
        )
        conn.execute(
            "INSERT INTO main.page_bytes (body, place, packed) SELECT body, place, packed FROM mine.page_bytes"
            " WHERE body IN (SELECT json_extract(patch, '$.body') FROM main.changes WHERE kind = 'pages') ORDER BY seq"
        )
        conn.execute("COMMIT")
        conn.execute("DETACH DATABASE mine")


class _Closure:
    """Some articles with all that hangs on them, and all that their history names: a sound desk without the rest."""

    def __init__(self, log: Log, articles: set[str]) -> None:
        self._log = log
        self.items: set[str] = set()
        """The ids of all that goes with them."""
        schemes = {str(id) for (id,) in log.rows("SELECT id FROM main.schemes")}
        coming = schemes | articles
        self._below("articles", articles, coming)
        while coming:
            self.items |= coming
            coming = self._named(coming) - self.items

    def _below(self, kind: str, ids: set[str], into: set[str]) -> None:
        for child, above in PARENTS.items():
            if above == kind and ids:
                asked = f'SELECT id FROM main.{child} WHERE "{KINDS[kind].one}" IN (SELECT value FROM json_each(?))'
                found = {str(id) for (id,) in self._log.rows(asked, (json.dumps(sorted(ids)),))}
                into |= found
                self._below(child, found, into)

    def _named(self, items: set[str]) -> set[str]:
        """What the history of some items names: people, sources, whatever it ever pointed at."""
        found: set[str] = set()
        told = sorted(items)
        for start in range(0, len(told), _BLOCK):
            for change in self._log.entries(items=told[start : start + _BLOCK]):
                found.add(change.reviewer)
                found |= {str(value) for column, value in change.patch.items() if value and column in REFERENCES}
        return found
