"""Everything that only reads a desk, as queries with names."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from store.access.blindness import Veil
from store.access.fields import clean, spellings
from store.errors import Unknown
from store.history.words import shorten
from store.library.search import search
from store.log import requirements
from store.log.log import Log
from store.records import (
    Article,
    Checked,
    Claim,
    Comment,
    Evidence,
    Hit,
    Outcome,
    Reviewer,
    Source,
    Status,
    Sweep,
    Verdict,
)

if TYPE_CHECKING:
    from store.scheme import Lack, Scheme

Record = TypeVar("Record")
Row = dict[str, Any]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PREFIX = re.compile(r"[0-9a-f][0-9a-f-]{3,}", re.IGNORECASE)
_TEXTS_HELD = 4
_STANCES = "(SELECT group_concat(e.stance) FROM evidence e WHERE e.claim = c.id AND e.deleted = 0)"
_JUSTIFIED = f"trim(c.justification, {requirements.BLANK}) <> ''"
_MOOT = (
    "EXISTS (SELECT 1 FROM adjudications j WHERE j.id = c.adjudication_id"
    f" AND j.outcome = '{Outcome.NOTHING_HERE.value}')"
)
"""Settled as nothing to check: a claim that asks for no verdict."""


class Reading:
    """A desk's records as they stand. `past` adds its history, `covering` and `counts` the sums, `desk` the writing."""

    log: Log

    def __init__(self, log: Log) -> None:
        self.log = log
        self.reviewer = ""
        """Who is looking and working: what is hidden from them is not read, and their name is on every change."""
        self._veil = Veil(log.conn)
        self._names: dict[str, str] = {}
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._scheme: tuple[str, Scheme] | None = None
        self._scheme_at: tuple[int, int] | None = None
        """Others' writes and this connection's own, as they were counted when the scheme was last read."""

    # -- people and words -------------------------------------------------------------------------------------

    def reviewers(self) -> list[Reviewer]:
        """Everybody who has ever changed something here, by name."""
        return [Reviewer(row["id"], row["name"]) for row in self._rows("SELECT id, name FROM reviewers ORDER BY name")]

    def _name(self, reviewer: str) -> str:
        if reviewer not in self._names:
            self._names = {row["id"]: row["name"] for row in self._rows("SELECT id, name FROM reviewers")}
        return self._names.get(reviewer, reviewer)

    @property
    def scheme(self) -> Scheme:
        """The desk's verdicts, claim types and reasons; the shipped ``desk`` scheme until another is chosen."""
        with self.log.refusing():
            others = self.log.conn.execute("PRAGMA data_version").fetchone()[0]
        now = (others, self.log.conn.total_changes)
        if self._scheme is not None and self._scheme_at == now:
            return self._scheme[1]
        rows = self._rows("SELECT body, heads, name FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1")
        heads = rows[0]["heads"] if rows else ""
        if self._scheme is None or self._scheme[0] != heads:
            from store.scheme import load, parse

            chosen = parse(rows[0]["body"], rows[0]["name"]) if rows else load("desk")
            self._scheme = (heads, chosen)
        self._scheme_at = now
        return self._scheme[1]

    # -- articles ---------------------------------------------------------------------------------------------

    def articles(self, *, of: Iterable[str] | None = None, deleted: bool = False) -> list[Article]:
        """All articles, or those of some ids, in the order they came to the desk.

        Their ``number`` counts along, deleted ones included.
        """
        if of is None:
            rows = self._rows("SELECT *, row_number() OVER (ORDER BY born) AS place FROM articles_now ORDER BY born")
        else:
            rows = self._rows(
                "SELECT *, (SELECT count(*) FROM articles o WHERE o.born <= a.born) AS place FROM articles_now a"
                " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY born",
                json.dumps(list(of)),
            )
        rows = [row for row in rows if deleted or not row["deleted"]]
        lengths = self._lengths() if of is None else self._lengths(row["sha"] for row in rows)
        return [self._article(row, lengths.get(row["sha"], 0)) for row in rows]

    def article(self, ref: Article | str | int) -> Article:
        """The article a person means: an id, a unique beginning of one, its number, or a unique part of its title.

        Raises:
            Unknown: nothing answers to it, or more than one article does.
        """
        if isinstance(ref, Article):
            return self._article_by_id(ref.id)
        said = str(ref).strip()
        if _UUID.fullmatch(said):
            return self._article_by_id(said.lower())
        if said.isdecimal() and len(said) < 10:
            rows = self._rows("SELECT id, deleted FROM articles ORDER BY born LIMIT 1 OFFSET ?", int(said) - 1)
            if rows and int(said) > 0 and not rows[0]["deleted"]:
                return self._article_by_id(rows[0]["id"])
        if _PREFIX.fullmatch(said):
            rows = self._rows("SELECT id FROM articles WHERE id LIKE ? AND deleted = 0 LIMIT 2", said.lower() + "%")
            if len(rows) == 1:
                return self._article_by_id(rows[0]["id"])
        wanted = said.casefold()
        found = [article for article in self.articles() if wanted and wanted in article.title.casefold()]
        exact = [article for article in found if article.title.casefold() == wanted]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if found:
            some = ", ".join(f"{a.number} “{shorten(a.title, 40)}”" for a in found[:3])
            raise Unknown(f"{len(found)} articles have “{said}” in their title ({some}): give the number of one.")
        raise Unknown(f"No article on this desk is called “{said}”: `factdesk articles` lists them with their numbers.")

    def _article_by_id(self, id: str) -> Article:
        rows = self._rows(
            "SELECT *, (SELECT count(*) FROM articles o WHERE o.born <= a.born) AS place"
            " FROM articles_now a WHERE id = ?",
            id,
        )
        if not rows or rows[0]["deleted"]:
            raise Unknown(f"No article on this desk has the id {id}: `factdesk articles --json` lists them.")
        return self._article(rows[0], len(self.text(rows[0]["sha"])))

    def _lengths(self, of: Iterable[str] | None = None) -> dict[str, int]:
        """Code points of the texts, or of those with some SHA-256."""
        asked = "SELECT sha, length(body) FROM texts"
        if of is None:
            return dict(self._tuples(asked))
        return dict(self._tuples(f"{asked} WHERE sha IN (SELECT value FROM json_each(?))", json.dumps(list(of))))

    def _article(self, row: Row, length: int) -> Article:
        return Article(
            id=row["id"], number=row["place"], title=row["title"], url=row["url"], publisher=row["publisher"],
            author=row["author"], published=row["published"], language=row["language"],
            lines=row["lines"], version=row["version"],
            version_number=row["version_number"], sha=row["sha"], length=length, by=self._name(row["by"]),
            created=row["created"], updated=row["updated"], heads=_heads(row), deleted=bool(row["deleted"]),
            conflict=bool(row["conflict"]),
        )  # fmt: skip

    def text(self, of: Article | str) -> str:
        """The exact text of an article's newest version, or of the text with that SHA-256."""
        sha = of.sha if isinstance(of, Article) else of
        if sha in self._texts:
            self._texts.move_to_end(sha)
            return self._texts[sha]
        rows = self._rows("SELECT body FROM texts WHERE sha = ?", sha)
        if not rows:
            raise Unknown(f"The text {sha[:12]}… is not on this desk: run `factdesk verify`.")
        self._texts[sha] = rows[0]["body"]
        if len(self._texts) > _TEXTS_HELD:
            self._texts.popitem(last=False)
        return str(rows[0]["body"])

    def text_of_version(self, version: str) -> str:
        """The exact text of a version, by its id."""
        rows = self._rows("SELECT text FROM versions WHERE id = ?", version)
        if not rows:
            raise Unknown(f"The version {version[:12]}… is not on this desk: run `factdesk verify`.")
        return self.text(str(rows[0]["text"]))

    # -- claims and what hangs on them ------------------------------------------------------------------------

    def claims(self, article: Article | str) -> list[Claim]:
        """The claims on an article's newest version in text order: by start, the longer first, then by age."""
        article = self.article(article)
        return [
            self._claim(row)
            for row in self._rows(
                'SELECT * FROM claims_now WHERE article = ? AND version = ? AND deleted = 0 ORDER BY start, -"end", id',
                article.id,
                article.version,
            )
        ]

    def claim(self, ref: Claim | str, article: Article | str | None = None) -> Claim:
        """The claim a person means: an id, or a name such as ``C7`` within ``article``.

        Raises:
            Unknown: there is no such claim, or it was deleted.
        """
        if isinstance(ref, Claim):
            ref = ref.id
        said = ref.strip()
        if _UUID.fullmatch(said):
            rows = self._rows("SELECT * FROM claims_now WHERE id = ? AND deleted = 0", said.lower())
        elif article is None:
            raise Unknown(f"“{said}” names a claim only within its article: say which article, or give the claim's id.")
        else:
            article = self.article(article)
            number = re.fullmatch(r"[Cc]?(\d{1,12})([a-z]*)", said)
            rows = [
                row
                for row in self._rows(
                    "SELECT * FROM claims_now WHERE deleted = 0 AND id IN"
                    " (SELECT id FROM claims WHERE article = ? AND number = ?)",
                    article.id,
                    int(number[1]) if number else -1,
                )
                if number and row["name"] == f"C{number[1]}{number[2]}"
            ]
            if not rows:
                raise Unknown(f"“{shorten(article.title, 40)}” has no claim {said}: `factdesk claims` lists them.")
        if not rows:
            raise Unknown("That claim is not on this desk any more, or never was: whoever deleted it can undo that.")
        return self._claim(rows[0])

    def _claim(self, row: Row) -> Claim:
        return Claim(
            id=row["id"], name=row["name"], article=row["article"], version=row["version"], start=row["start"],
            end=row["end"], quote=row["quote"], prefix=row["prefix"], suffix=row["suffix"],
            claim_text=row["claim_text"], claimant=row["claimant"], attribution=row["attribution"],
            check_target=row["check_target"], types=_listed(row["types"]), priority=row["priority"],
            tags=_listed(row["tags"]), origin=row["origin"], checker=self._name(row["by"]), verdict=row["verdict"],
            justification=row["justification"], evidence_count=row["evidence_count"],
            comment_count=row["comment_count"], status=Status(row["status"]), created=row["created"],
            updated=row["updated"], heads=_heads(row), deleted=bool(row["deleted"]), conflict=bool(row["conflict"]),
        )  # fmt: skip

    def verdicts(self, claim: Claim | str) -> list[Verdict]:
        """Everybody's verdict on a claim, the checker's first."""
        return [
            self._verdict(row)
            for row in self._rows(
                "SELECT v.* FROM verdicts v JOIN claims c ON c.id = v.claim WHERE v.claim = ? AND v.deleted = 0"
                ' ORDER BY v."by" <> c."by", v.born',
                id_of(claim),
            )
        ]

    def _verdict(self, row: Row) -> Verdict:
        return Verdict(
            row["id"],
            row["claim"],
            self._name(row["by"]),
            row["verdict"],
            row["justification"],
            **self._tail(row),
        )

    def evidence(self, claim: Claim | str) -> list[Evidence]:
        """The evidence on a claim in the order it was found."""
        return [
            self._evidence(row)
            for row in self._rows("SELECT * FROM evidence WHERE claim = ? AND deleted = 0 ORDER BY born", id_of(claim))
        ]

    def _evidence(self, row: Row) -> Evidence:
        return Evidence(
            row["id"], row["claim"], self._source_by_id(row["source"]), row["stance"], row["quote"], row["locator"],
            row["note"], self._name(row["by"]), **self._tail(row),
        )  # fmt: skip

    def sources(self, beginning: str = "") -> list[Source]:
        """The sources in use or known, by URL; only those whose URL or title holds ``beginning``, when given."""
        like = f"%{_escaped(clean(beginning))}%"
        return [
            self._source(row)
            for row in self._rows(
                "SELECT * FROM sources WHERE deleted = 0 AND (url LIKE ? ESCAPE '\\' OR title LIKE ? ESCAPE '\\')"
                " ORDER BY url, title, id",
                like,
                like,
            )
        ]

    def sources_at(self, url: str) -> list[Source]:
        """The sources of an address, however it is spelt, the oldest first; see ``fields.spellings``."""
        rows = self._rows(
            "SELECT * FROM sources WHERE deleted = 0 AND url IN (SELECT value FROM json_each(?)) ORDER BY born",
            json.dumps(spellings(clean(url))),
        )
        return [self._source(row) for row in rows]

    def _source_by_id(self, id: str) -> Source | None:
        rows = self._rows("SELECT * FROM sources WHERE id = ?", id) if id else []
        return self._source(rows[0]) if rows else None

    def _source(self, row: Row) -> Source:
        return Source(
            row["id"], row["url"], row["archive_url"], row["title"], row["publisher"], row["published"],
            row["retrieved"], row["tier"], row["origin"], self._name(row["by"]), **self._tail(row),
        )  # fmt: skip

    def comments(self, claim: Claim | str) -> list[Comment]:
        """The comments on a claim, oldest first. To follow what each answers always comes to an end."""
        rows = self._rows("SELECT * FROM comments WHERE claim = ? AND deleted = 0 ORDER BY born", id_of(claim))
        return _straight([self._comment(row) for row in rows])

    def _comment(self, row: Row) -> Comment:
        return Comment(
            row["id"], row["claim"], row["reply_to"], row["body"], bool(row["resolved"]), self._name(row["by"]),
            **self._tail(row),
        )  # fmt: skip

    def sweeps(self, article: Article | str) -> list[Sweep]:
        """The sweeps on an article's newest version in text order."""
        article = self.article(article)
        return [
            self._sweep(row)
            for row in self._rows(
                'SELECT * FROM sweeps WHERE article = ? AND version = ? AND deleted = 0 ORDER BY start, "end", id',
                article.id,
                article.version,
            )
        ]

    def _sweep(self, row: Row) -> Sweep:
        return Sweep(
            row["id"],
            row["article"],
            row["version"],
            row["start"],
            row["end"],
            self._name(row["by"]),
            **self._tail(row),
        )

    def _tail(self, row: Row) -> dict[str, Any]:
        return {
            "created": row["created"], "updated": row["updated"], "heads": _heads(row),
            "deleted": bool(row["deleted"]), "conflict": bool(row["conflict"]),
        }  # fmt: skip

    def lacks(self, claim: Claim | str) -> list[str]:
        """What the claim lacks to be checked, as sentences: a verdict, or what its standing verdict requires."""
        ((_, found),) = self._required("c.id = ?", self.claim(claim).id)
        return [lack.sentence for lack in found]

    def lacking(self, article: Article | str, claims: Iterable[str] | None = None) -> dict[str, tuple[Lack, ...]]:
        """What the claims of an article lack to be checked, by their ids; those that lack nothing are left out.

        ``claims`` are the ids of those to ask for; without them, all.
        """
        if claims is None:
            required = self._required("c.article = ?", self.article(article).id)
        else:
            required = self._required("c.id IN (SELECT value FROM json_each(?))", json.dumps(list(claims)))
        return {row["id"]: found for row, found in required if found}

    def checked(self, claims: Iterable[Claim]) -> Checked:
        """How many of some claims are checked, and what the others lack."""
        ids = json.dumps([claim.id for claim in claims])
        found = self._required("c.id IN (SELECT value FROM json_each(?))", ids, each=False)
        return Checked.total(Checked.alike(row["n"], (lack.what for lack in lacks)) for row, lacks in found)

    def _required(self, where: str, argument: str, *, each: bool = True) -> Iterator[tuple[Row, tuple[Lack, ...]]]:
        """Claims with what each lacks to be checked; not ``each``, but for as many at a time (``n``) as are alike."""
        asked = f"c.verdict, {_JUSTIFIED} AS justified, {_STANCES} AS stances, {_MOOT} AS moot"
        which, order = "c.id", 'ORDER BY c.start, -c."end", c.id'
        if not each:
            which, order = "count(*) AS n", "GROUP BY c.article, c.verdict, justified, stances, moot"
        rows = self._rows(
            f"SELECT c.article, {which}, {asked} FROM claims_now c WHERE c.deleted = 0 AND {where} {order}", argument
        )
        scheme = self.scheme
        known: dict[tuple[object, ...], tuple[Lack, ...]] = {}
        for row in rows:
            alike = (row["verdict"], row["justified"], row["stances"])
            if alike not in known:
                stances = (row["stances"] or "").split(",") if row["stances"] else []
                known[alike] = tuple(scheme.missing(row["verdict"], bool(row["justified"]), stances))
            yield row, () if row["moot"] else known[alike]

    # -- search -----------------------------------------------------------------------------------------------

    def search(self, words: str, limit: int = 200) -> list[Hit]:
        """Where all the words stand together, in an article or in a claim; see ``store.library.search``."""
        return search(self._rows, clean(words), limit)

    def _tuples(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        """As `_rows`, for very many of them."""
        with self.log.refusing():
            self._veil.keep(self.reviewer)
            return self.log.conn.execute(sql, arguments).fetchall()

    def _rows(self, sql: str, *arguments: object) -> list[Row]:
        with self.log.refusing():
            self._veil.keep(self.reviewer)
            cursor = self.log.conn.execute(sql, arguments)
            names = [description[0] for description in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def id_of(claim: Claim | str) -> str:
    """The id of a claim given as its record or as that id."""
    return claim.id if isinstance(claim, Claim) else claim


def _listed(words: str) -> tuple[str, ...]:
    # Nearly all lists are empty, and a desk has very many of them.
    return tuple(json.loads(words)) if words != "[]" else ()


def _heads(row: Row) -> tuple[str, ...]:
    return tuple(row["heads"].split())


def _escaped(words: str) -> str:
    """Words with the marks that LIKE reads as patterns escaped by a backslash."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _straight(comments: list[Comment]) -> list[Comment]:
    """Comments of which none answers itself, by way of others or at once: what does opens a thread instead."""
    above = {comment.id: comment.reply_to for comment in comments}
    for id in above:
        passed, at = {id}, above[id]
        while at in above and at not in passed:
            passed.add(at)
            at = above[at]
        if at == id:
            above[id] = ""
    return [one if above[one.id] == one.reply_to else one._replace(reply_to=above[one.id]) for one in comments]
