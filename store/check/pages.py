"""What articles were read from: the pages and files themselves, with where they come from and when."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from store.access.session import Session
from store.log import clock
from store.log.log import Edit
from store.log.tables import PIECE
from store.records import Article
from store.text.article_draft import Original


class KeptPage(NamedTuple):
    """What a version of an article was read from.

    ``address`` and ``redirects`` say where it came from, ``name`` what the file is called; ``fetched`` is in ms UTC, 0
    for a file. ``body`` is the SHA-256 of its bytes, ``settings`` tell with what it was read; ``leaves`` are the places
    in the text at which the pages of a PDF begin, in code points.
    """

    id: str
    version: str
    address: str
    redirects: tuple[str, ...]
    name: str
    fetched: int
    content_type: str
    body: str
    settings: str
    modified: str
    leaves: tuple[int, ...]


class Pages:
    """What articles were read from."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, article: Article | str) -> KeptPage | None:
        """What an article's newest version, or the version of that id, was read from; None if that was not kept."""
        version = article.version if isinstance(article, Article) else article
        rows = self._session.rows(
            "SELECT * FROM pages WHERE version = ? AND deleted = 0 ORDER BY born DESC LIMIT 1", version
        )
        if not rows:
            return None
        row = rows[0]
        passed, leaves = (tuple(json.loads(row[column])) for column in ("redirects", "leaves"))
        return KeptPage(
            row["id"], row["version"], row["address"], passed, row["name"], row["fetched"], row["content_type"],
            row["body"], row["settings"], row["modified"], tuple(map(int, leaves)),
        )  # fmt: skip

    def data(self, page: KeptPage) -> bytes:
        """The bytes of a page, as they were fetched or read."""
        rows = self._session.tuples("SELECT packed FROM page_bytes WHERE body = ? ORDER BY place", page.body)
        return b"".join(zlib.decompress(packed) for (packed,) in rows)

    def add(self, article: Article, original: Original) -> KeptPage:
        """Keep what the newest version of an article was read from.

        Raises:
            Unknown: that version is not on this desk.
        """
        self._session.alive("versions", article.version)
        self.keep([original])
        with self._session.writing():
            self._session.write([self.edit(article.version, original)])
        kept = self.of(article)
        assert kept is not None
        return kept

    def keep(self, originals: Iterable[Original]) -> None:
        """Save the bytes of originals, each once, in transactions of their own that hold nobody up."""
        waiting: list[tuple[str, int, bytes]] = []
        size = 0
        for original in originals:
            for piece in self._new_pieces(original.data):
                waiting.append(piece)
                size += PIECE if len(original.data) > PIECE else len(original.data)
                if size >= PIECE:
                    self._write(waiting)
                    waiting, size = [], 0
        self._write(waiting)

    def _write(self, pieces: list[tuple[str, int, bytes]]) -> None:
        if pieces:
            with self._session.writing():
                self._session.log.keep_bytes(pieces)

    def _new_pieces(self, data: bytes) -> Iterator[tuple[str, int, bytes]]:
        body = _sha(data)
        held = {place for (place,) in self._session.tuples("SELECT place FROM page_bytes WHERE body = ?", body)}
        for place, start in enumerate(range(0, max(len(data), 1), PIECE)):
            if place not in held:
                yield body, place, zlib.compress(data[start : start + PIECE], 6)

    @staticmethod
    def edit(version: str, original: Original) -> Edit:
        """What says that a version was read from an original. The bytes must be kept already."""
        body = _sha(original.data)
        return Edit(
            "pages",
            clock.derived("page", version, body),
            {
                "version": version,
                "address": original.address,
                "redirects": list(original.redirects),
                "name": original.name,
                "fetched": original.fetched,
                "content_type": original.content_type,
                "body": body,
                "settings": original.settings,
                "modified": original.modified,
                "leaves": [str(place) for place in original.leaves],
                "deleted": 0,  # when the same was taken back before
            },
        )


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
