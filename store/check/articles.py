"""Articles: adding them, finding the one a person means, and their exact texts."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store.access import fields
from store.access.session import Row, Session
from store.errors import Busy, Refused, Unknown
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Claim, Suggestion
from store.text.article_draft import Draft, Original, is_whole
from store.text.quotations import quoted
from store.text.shorten import shorten

if TYPE_CHECKING:
    from store.text.shown_text import Shown

ANY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


_TEXTS_HELD = 4


_IMPORT_CHUNK = 200


_IMPORT_TEXT = 1_000_000  # code points: more of them would keep others waiting for longer than 200 ms


LONGEST = 4_000_000
"""The longest text of an article, in code points: one that is longer would keep others waiting while it is saved."""


_IMPORT_SECONDS = 1.0  # what comes in slowly, such as from the web, does not wait longer to be saved


def _is_sound(text: str) -> bool:
    """Whether each character of a text can be stored."""
    return "\0" not in text and "\r" not in text and is_whole(text)


class Articles:
    """The articles of a desk, with their exact texts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._texts: OrderedDict[str, str] = OrderedDict()

    def all(self, *, of: Iterable[str] | None = None, deleted: bool = False) -> list[Article]:
        """All articles, or those of some ids, in the order they came to the desk.

        Their ``number`` counts along, deleted ones included.
        """
        if of is None:
            rows = self._session.rows(
                "SELECT *, row_number() OVER (ORDER BY born) AS place FROM articles_now ORDER BY born"
            )
        else:
            rows = self._session.rows(
                "SELECT *, (SELECT count(*) FROM articles o WHERE o.born <= a.born) AS place FROM articles_now a"
                " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY born",
                json.dumps(list(of)),
            )
        rows = [row for row in rows if deleted or not row["deleted"]]
        lengths = self._lengths() if of is None else self._lengths(row["sha"] for row in rows)
        return [self._record(row, lengths.get(row["sha"], 0)) for row in rows]

    def get(self, ref: Article | str | int) -> Article:
        """Find an article by its id, a unique start of its id, its number, or a unique part of its title.

        Raises:
            Unknown: nothing answers to it, or more than one article does.
        """
        if isinstance(ref, Article):
            return self._by_id(ref.id)
        said = str(ref).strip()
        if ANY_ID.fullmatch(said):
            return self._by_id(said.lower())
        if said.isdecimal() and len(said) < 10:
            rows = self._session.rows("SELECT id, deleted FROM articles ORDER BY born LIMIT 1 OFFSET ?", int(said) - 1)
            if rows and int(said) > 0 and not rows[0]["deleted"]:
                return self._by_id(rows[0]["id"])
        if re.fullmatch("(?i)[0-9a-f][0-9a-f-]{3,}", said):
            rows = self._session.rows(
                "SELECT id FROM articles WHERE id LIKE ? AND deleted = 0 LIMIT 2", said.lower() + "%"
            )
            if len(rows) == 1:
                return self._by_id(rows[0]["id"])
        wanted = said.casefold()
        found = [article for article in self.all() if wanted and wanted in article.title.casefold()]
        exact = [article for article in found if article.title.casefold() == wanted]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        named = shorten(said, 40)
        if found:
            some = ", ".join(f"{a.number} “{shorten(a.title, 40)}”" for a in found[:3])
            raise Unknown(f"{len(found)} articles have “{named}” in their title ({some}): give the number of one.")
        raise Unknown(
            f"No article on this desk is called “{named}”: `factdesk articles` lists them with their numbers."
        )

    def _by_id(self, id: str) -> Article:
        rows = self._session.rows(
            "SELECT *, (SELECT count(*) FROM articles o WHERE o.born <= a.born) AS place"
            " FROM articles_now a WHERE id = ?",
            id,
        )
        if not rows or rows[0]["deleted"]:
            raise Unknown(f"No article on this desk has the id {id}: `factdesk articles --json` lists them.")
        return self._record(rows[0], len(self.text(rows[0]["sha"])))

    def _lengths(self, of: Iterable[str] | None = None) -> dict[str, int]:
        """Code points of the texts, or of those with some SHA-256."""
        asked = "SELECT sha, length(body) FROM texts"
        if of is None:
            return dict(self._session.tuples(asked))
        return dict(
            self._session.tuples(f"{asked} WHERE sha IN (SELECT value FROM json_each(?))", json.dumps(list(of)))
        )

    def _record(self, row: Row, length: int) -> Article:
        return self._session.record(Article, row, number=row["place"], length=length)

    def text(self, of: Article | str) -> str:
        """The exact text of an article's newest version, or of the text with that SHA-256."""
        sha = of.sha if isinstance(of, Article) else of
        if sha in self._texts:
            self._texts.move_to_end(sha)
            return self._texts[sha]
        rows = self._session.rows("SELECT body FROM texts WHERE sha = ?", sha)
        if not rows:
            raise Unknown(f"The text {sha[:12]}… is not on this desk: run `factdesk verify`.")
        self._texts[sha] = rows[0]["body"]
        if len(self._texts) > _TEXTS_HELD:
            self._texts.popitem(last=False)
        return str(rows[0]["body"])

    def as_read(self, of: Article | Claim | Suggestion | str) -> Article:
        """An article as `get` finds it, for somebody who says where in its text.

        Raises:
            Refused: ``of`` is a record of it, or of what lies on it, and its text is another one by now.
        """
        now = self.get(of.article if isinstance(of, Claim | Suggestion) else of)
        if isinstance(of, str) or of.version == now.version:
            return now
        title = quoted(shorten(now.title, 40))
        if isinstance(of, Article):
            raise Refused(f"{title} was corrected after you read it, and nothing was changed: read it as it is now.")
        raise Refused(
            f"{of.name}, as you read it, lies on an earlier version of {title}, and nothing was changed: "
            "look at it as it is now, and tag its words in the newest text."
        )

    def shown(self, of: Article, text: str | None = None) -> Shown:
        """What people see of an article's newest version, or of another ``text`` of it."""
        from store.text.shown_text import as_seen

        return as_seen(self.text(of) if text is None else text, of.markup)

    def quote_shown(self, markup: str, version: str, start: int, end: int, quote: str) -> str:
        """What people see of a quote from a version: of Markdown the words without its marks."""
        if not markup or not quote:
            return quote
        from store.text.shown_text import as_seen

        text = as_seen(self.text_of_version(version), markup)
        return text.words(start, end) if text.source[start:end] == quote else quote

    def markup_of_claim(self, claim: str) -> str:
        """How the text that a claim, by its id, lies on is marked up."""
        rows = self._session.rows(
            "SELECT a.markup FROM claims c JOIN articles a ON a.id = c.article WHERE c.id = ?", claim
        )
        return str(rows[0]["markup"]) if rows else ""

    def text_of_version(self, version: str) -> str:
        """The exact text of a version, by its id."""
        rows = self._session.rows("SELECT text FROM versions WHERE id = ?", version)
        if not rows:
            raise Unknown(f"The version {shorten(version, 12)} is not on this desk: run `factdesk verify`.")
        return self.text(str(rows[0]["text"]))

    def at(self, address: str) -> str:
        """The id of the article of an address, however that is spelt; empty when the desk has none."""
        found = self._spelt([address])
        return next(iter(found.values()), "")

    def add(self, text: str, **details: str) -> Article:
        """Add an article. The text is kept exactly; one already here (same text or URL) is given back as it is.

        Args:
            text: the text, already mended as ``store.formats.articles`` does (no CR, NUL or lone surrogate).
            **details: title, url, publisher, author, published (ISO date), language (its code), lines (``lines`` or
                ``wrapped``), both told from the text when they are empty, and markup (``markdown`` or nothing).

        Raises:
            Refused: the text is empty or holds a character that cannot be stored, or a field is not valid.
        """
        values = fields.checked(details, fields.ARTICLE)
        with self._session.writing():
            id, _ = self._put(text, str(values.get("url", "")), lambda: values)
        return self.get(id)

    def find(self, text: str, url: str = "") -> Article | None:
        """The article that `add` would give back for a text and its address: one with that address, or that text."""
        held = self._held(*self._place(text, url), url)
        return None if held is None or held["deleted"] else self._by_id(held["id"])

    def add_many(
        self,
        drafts: Iterable[Draft],
        progress: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[list[str], list[str]]:
        """Add many articles, in short transactions so that others can work meanwhile, as one step of undo.

        Args:
            drafts: articles as ``store.formats.articles.files.read`` gives them; may be a generator.
            progress: told how many are done, after each transaction.
            cancelled: asked before each transaction, and when the file was held; what is in by then stays.

        Returns:
            The ids that were new and those that were already here.

        Raises:
            Refused: the file cannot take more of them, for one; it says how many are in.
        """
        new: list[str] = []
        known: list[str] = []
        chunk: list[Draft] = []
        begun = 0.0

        def save() -> None:
            try:
                self._keep_originals(chunk)
                with self._session.writing():
                    added = self._add_chunk(chunk)
            except Refused as refusal:
                if isinstance(refusal, Busy) and cancelled and cancelled():
                    chunk.clear()
                    return
                if not (new or known):
                    raise
                raise refusal.but(f"{len(new) + len(known):,} articles are in and stay") from refusal
            for id, was_new in added:
                (new if was_new else known).append(id)
            chunk.clear()
            if progress:
                progress(len(new) + len(known))

        with self._session.one_step():
            for draft in drafts:
                if cancelled and cancelled():
                    break
                chunk.append(draft)
                begun = begun if len(chunk) > 1 else time.monotonic()
                full = len(chunk) == _IMPORT_CHUNK or sum(len(one.text) for one in chunk) > _IMPORT_TEXT
                if full or time.monotonic() - begun > _IMPORT_SECONDS:
                    save()
            if chunk:
                save()
        return new, known

    def _details(self, draft: Draft) -> dict[str, object]:
        return fields.checked({name: getattr(draft, name) for name in fields.ARTICLE}, fields.ARTICLE)

    def _add_chunk(self, drafts: Sequence[Draft]) -> list[tuple[str, bool]]:
        """The articles' ids, and whether each is new: all that are new and sound are written together."""
        from store.text.urls import spellings

        places = [self._place(draft.text, draft.url) for draft in drafts]
        known = {*self._session.log.heads("articles", [id for id, _ in places])}
        held = "SELECT DISTINCT text FROM versions WHERE text IN (SELECT value FROM json_each(?))"
        known |= {row["text"] for row in self._session.rows(held, json.dumps([sha for _, sha in places]))}
        spelt = self._spelt(draft.url for draft in drafts).keys()
        added: list[tuple[str, bool]] = []
        texts: dict[str, str] = {}
        edits: list[Edit] = []

        def write() -> None:
            if edits:
                self._session.log.keep(texts)
                self._session.write(edits)
                texts.clear()
                edits.clear()

        for draft, (id, sha) in zip(drafts, places, strict=True):
            details = partial(self._details, draft)
            here = known & {id, sha} or spelt & {*spellings(draft.url)}
            if here or not draft.text.strip() or len(draft.text) > LONGEST or not _is_sound(draft.text):
                write()
                added.append(self._put(draft.text, draft.url, details))
                continue
            known |= {id, sha}
            texts[sha] = draft.text
            edits += self._new(id, sha, details(), draft.original)
            added.append((id, True))
        write()
        return added

    def _spelt(self, addresses: Iterable[str]) -> dict[str, str]:
        """The articles that have one of these addresses in any of its spellings: their ids, by their own spelling."""
        from store.text.urls import spellings

        spelt = [one for address in addresses if address for one in spellings(address)]
        asked = "SELECT url, id FROM articles WHERE deleted = 0 AND url IN (SELECT value FROM json_each(?))"
        return dict(self._session.tuples(asked, json.dumps(spelt))) if spelt else {}

    def _place(self, text: str, url: str) -> tuple[str, str]:
        """The id that an article gets, and the SHA-256 of its text."""
        from store.text.urls import canonical

        sha = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        address = canonical(url)
        return clock.derived("article", address) if address else clock.derived("text", sha), sha

    def _held(self, id: str, sha: str, url: str) -> Row | None:
        """The id of the article here with that id, address or text, and whether it is deleted."""
        by_id = "SELECT a.id, a.deleted FROM articles a WHERE a.id = ?"
        by_text = "SELECT a.id, a.deleted FROM versions v JOIN articles a ON a.id = v.article WHERE v.text = ? LIMIT 1"
        rows = (
            self._session.rows(by_id, id) or self._session.rows(by_id, self.at(url)) or self._session.rows(by_text, sha)
        )
        return rows[0] if rows else None

    def _keep_originals(self, drafts: Iterable[Draft]) -> None:
        """Keep what new articles were read from, before they are saved themselves."""
        read = [
            draft.original
            for draft in drafts
            if draft.original and not self._held(*self._place(draft.text, draft.url), draft.url)
        ]
        if read:
            from store.check.pages import Pages  # most articles are read from their own text

            Pages(self._session).keep(read)

    def _new(
        self, id: str, sha: str, details: Mapping[str, object], original: Original | None = None
    ) -> Iterator[Edit]:
        version = clock.derived("version", id, sha)
        yield Edit("articles", id, {**details})
        yield Edit("versions", version, {"article": id, "number": 1, "text": sha})
        if original:
            from store.check.pages import Pages

            yield Pages.edit(version, original)

    def _put(self, text: str, url: str, details: Callable[[], Mapping[str, object]]) -> tuple[str, bool]:
        """The article's id, and whether it is new; its details are asked for only then."""
        id, sha = self._place(text, url)
        known = self._held(id, sha, url)
        if not known or text.strip():
            must_be_storable(text)
        if known:
            if known["deleted"]:
                fallen = self._session.rows("SELECT id FROM versions WHERE article = ? AND deleted = 1", known["id"])
                back: Patch = {"deleted": 0}
                self._session.write(
                    [Edit("articles", known["id"], back), *(Edit("versions", row["id"], back) for row in fallen)]
                )
            return known["id"], bool(known["deleted"])
        self._session.log.keep({sha: text})
        self._session.write(self._new(id, sha, details()))
        return id, True

    def edit(self, article: Article | str, **details: str) -> Article:
        """Change an article's title, url, publisher, author, published, language, lines or markup; never its text."""
        article = self.get(article) if isinstance(article, str) else article
        with self._session.writing():
            self._session.alive("articles", article.id)
            self._session.write([Edit("articles", article.id, fields.checked(details, fields.ARTICLE), article.heads)])
        return self.get(article.id)


def must_be_storable(text: str) -> None:
    """Refuse a text that is empty or too long, or holds a character that cannot be stored."""
    if len(text) > LONGEST:
        raise Refused(f"The text has {len(text):,} characters; an article has at most {LONGEST:,}: split it in parts.")
    if not text.strip():
        raise Refused("The article is empty: there is nothing to check in it.")
    if not _is_sound(text):
        bad = next(re.finditer("[\0\r\ud800-\udfff]", text))
        raise Refused(
            f"The text has a character that cannot be stored (U+{ord(bad[0]):04X} at {bad.start()}): "
            "read it through store.formats.articles, which mends it."
        )
