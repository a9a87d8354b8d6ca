"""Everything that only reads a desk, as queries with names."""

from __future__ import annotations

import json
import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from store import scheme as schemes
from store.fields import clean
from store.history import sentence, shorten
from store.log import Entry, Log, entry
from store.parts import CHILDREN, KINDS, REFERENCES
from store.records import (
    Article,
    Change,
    Claim,
    Comment,
    Conflict,
    Contender,
    Evidence,
    Hit,
    Reviewer,
    ShelfRow,
    Source,
    Stats,
    Status,
    Sweep,
    Verdict,
)
from store.refusals import Unknown
from store.search import escaped, search

if TYPE_CHECKING:
    from store.coverage import Coverage

Record = TypeVar("Record")
Row = dict[str, Any]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PREFIX = re.compile(r"[0-9a-f][0-9a-f-]{3,}", re.IGNORECASE)
_TEXTS_HELD = 4


class Reading:
    """The read side of a desk. ``desk.Desk`` adds the writing."""

    log: Log

    def __init__(self, log: Log) -> None:
        self.log = log
        self._names: dict[str, str] = {}
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._sentences: OrderedDict[str, list[tuple[int, int]]] = OrderedDict()
        self._scheme: tuple[str, schemes.Scheme] | None = None

    # -- people and words -------------------------------------------------------------------------------------

    def reviewers(self) -> list[Reviewer]:
        """Everybody who has ever changed something here, by name."""
        return [Reviewer(row["id"], row["name"]) for row in self._rows("SELECT id, name FROM reviewers ORDER BY name")]

    def _name(self, reviewer: str) -> str:
        if reviewer not in self._names:
            self._names = {row["id"]: row["name"] for row in self._rows("SELECT id, name FROM reviewers")}
        return self._names.get(reviewer, reviewer)

    @property
    def scheme(self) -> schemes.Scheme:
        """The desk's verdicts, claim types and reasons; the shipped ``desk`` scheme until another is chosen."""
        rows = self._rows("SELECT body, heads, name FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1")
        heads = rows[0]["heads"] if rows else ""
        if self._scheme is None or self._scheme[0] != heads:
            chosen = schemes.parse(rows[0]["body"], rows[0]["name"]) if rows else schemes.load("desk")
            self._scheme = (heads, chosen)
        return self._scheme[1]

    # -- articles ---------------------------------------------------------------------------------------------

    def articles(self, *, deleted: bool = False) -> list[Article]:
        """All articles in the order they came to the desk; their ``number`` counts along, deleted ones included."""
        rows = self._rows("SELECT *, row_number() OVER (ORDER BY born) AS place FROM articles_now ORDER BY born")
        lengths = self._lengths()
        return [self._article(row, lengths.get(row["sha"], 0)) for row in rows if deleted or not row["deleted"]]

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

    def _lengths(self) -> dict[str, int]:
        return {row["sha"]: row["length"] for row in self._rows("SELECT sha, length(body) AS length FROM texts")}

    def _article(self, row: Row, length: int) -> Article:
        return Article(
            id=row["id"], number=row["place"], title=row["title"], url=row["url"], publisher=row["publisher"],
            author=row["author"], published=row["published"], language=row["language"], version=row["version"],
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

    def sentences(self, article: Article) -> list[tuple[int, int]]:
        """The sentences of an article's newest version, as spans of code points."""
        from store import units

        key = f"{article.sha} {article.language}"
        if key not in self._sentences:
            self._sentences[key] = units.sentences(self.text(article), article.language)
            if len(self._sentences) > _TEXTS_HELD:
                self._sentences.popitem(last=False)
        return self._sentences[key]

    def shelf(self) -> list[ShelfRow]:
        """The articles as the library lists them, with their counts."""
        counts = {
            row["article"]: row
            for row in self._rows(
                "SELECT article, count(*) AS claims, sum(EXISTS (SELECT 1 FROM verdicts v WHERE v.claim = c.id"
                " AND v.deleted = 0 AND v.verdict <> '')) AS given, max(updated) AS changed,"
                ' group_concat(DISTINCT "by") AS checkers, sum(conflict) AS conflicts'
                " FROM claims c WHERE deleted = 0 GROUP BY article"
            )
        }
        sweeps = {
            row["article"]: row
            for row in self._rows(
                "SELECT article, count(*) AS sweeps, max(updated) AS changed"
                " FROM sweeps WHERE deleted = 0 GROUP BY article"
            )
        }
        latest: dict[str, int] = {}
        for child in ("verdicts", "evidence", "comments"):
            for row in self._rows(
                f"SELECT c.article, max(x.updated) AS changed FROM {child} x JOIN claims c ON c.id = x.claim"
                " WHERE x.deleted = 0 GROUP BY c.article"
            ):
                latest[row["article"]] = max(latest.get(row["article"], 0), row["changed"])
        shelf = []
        for article in self.articles():
            claims, swept = counts.get(article.id), sweeps.get(article.id)
            shelf.append(
                ShelfRow(
                    article,
                    claims=claims["claims"] if claims else 0,
                    with_verdict=claims["given"] if claims else 0,
                    sweeps=swept["sweeps"] if swept else 0,
                    conflicts=(claims["conflicts"] if claims else 0) + article.conflict,
                    checkers=tuple(sorted({self._name(by) for by in claims["checkers"].split(",")})) if claims else (),
                    changed=max(
                        article.updated,
                        claims["changed"] if claims else 0,
                        swept["changed"] if swept else 0,
                        latest.get(article.id, 0),
                    ),
                )
            )
        return shelf

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
            raise Unknown(f"There is no claim {said} here (any more): `factdesk claims` lists them.")
        return self._claim(rows[0])

    def _claim(self, row: Row) -> Claim:
        return Claim(
            id=row["id"], name=row["name"], article=row["article"], version=row["version"], start=row["start"],
            end=row["end"], quote=row["quote"], prefix=row["prefix"], suffix=row["suffix"],
            claim_text=row["claim_text"], claimant=row["claimant"], attribution=row["attribution"],
            check_target=row["check_target"], types=tuple(json.loads(row["types"])), priority=row["priority"],
            tags=tuple(json.loads(row["tags"])), checker=self._name(row["by"]), verdict=row["verdict"],
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
                _id(claim),
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
            for row in self._rows("SELECT * FROM evidence WHERE claim = ? AND deleted = 0 ORDER BY born", _id(claim))
        ]

    def _evidence(self, row: Row) -> Evidence:
        return Evidence(
            row["id"], row["claim"], self._source_by_id(row["source"]), row["stance"], row["quote"], row["locator"],
            row["note"], self._name(row["by"]), **self._tail(row),
        )  # fmt: skip

    def sources(self, beginning: str = "") -> list[Source]:
        """The sources in use or known, by URL; only those whose URL or title holds ``beginning``, when given."""
        like = f"%{escaped(clean(beginning))}%"
        return [
            self._source(row)
            for row in self._rows(
                "SELECT * FROM sources WHERE deleted = 0 AND (url LIKE ? ESCAPE '\\' OR title LIKE ? ESCAPE '\\')"
                " ORDER BY url, title, id",
                like,
                like,
            )
        ]

    def _source_by_id(self, id: str) -> Source | None:
        rows = self._rows("SELECT * FROM sources WHERE id = ?", id) if id else []
        return self._source(rows[0]) if rows else None

    def _source(self, row: Row) -> Source:
        return Source(
            row["id"], row["url"], row["archive_url"], row["title"], row["publisher"], row["published"],
            row["retrieved"], row["tier"], row["origin"], self._name(row["by"]), **self._tail(row),
        )  # fmt: skip

    def comments(self, claim: Claim | str) -> list[Comment]:
        """The comments on a claim, oldest first."""
        return [
            self._comment(row)
            for row in self._rows("SELECT * FROM comments WHERE claim = ? AND deleted = 0 ORDER BY born", _id(claim))
        ]

    def _comment(self, row: Row) -> Comment:
        return Comment(row["id"], row["claim"], row["reply_to"], row["body"], self._name(row["by"]), **self._tail(row))

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
        """What the scheme still asks of the claim's standing verdict, as sentences; empty when it is complete."""
        claim = self.claim(claim)
        stances = [
            row["stance"] for row in self._rows("SELECT stance FROM evidence WHERE claim = ? AND deleted = 0", claim.id)
        ]
        return self.scheme.lacks(claim.verdict, claim.justification, stances) if claim.verdict else []

    # -- coverage, counts, search -----------------------------------------------------------------------------

    def coverage(self, article: Article | str) -> Coverage:
        """How much of an article its claims and sweeps account for, and the sentences they do not."""
        from store.coverage import coverage

        article = self.article(article)
        where = "WHERE article = ? AND version = ? AND deleted = 0"
        spans = [
            [
                (row["start"], row["end"])
                for row in self._rows(f'SELECT start, "end" FROM {table} {where}', article.id, article.version)
            ]
            for table in ("claims", "sweeps")
        ]
        return coverage(self.text(article), self.sentences(article), *spans)

    def stats(self, articles: Sequence[Article | str] = ()) -> Stats:
        """Counts over the given articles, or the whole desk."""
        chosen = [self.article(article) for article in articles] or self.articles()
        ids = json.dumps([article.id for article in chosen])
        within = "IN (SELECT value FROM json_each(?))"
        claims = self._rows(f'SELECT id, verdict, "by" FROM claims_now WHERE deleted = 0 AND article {within}', ids)
        hanging = {
            table: self._rows(
                f"SELECT count(*) AS n FROM {table} x JOIN claims c ON c.id = x.claim"
                f" WHERE x.deleted = 0 AND c.deleted = 0 AND c.article {within}",
                ids,
            )[0]["n"]
            for table in ("evidence", "comments")
        }
        sources = self._rows(
            "SELECT count(DISTINCT nullif(e.source, '')) AS n FROM evidence e JOIN claims c ON c.id = e.claim"
            f" WHERE e.deleted = 0 AND c.deleted = 0 AND c.article {within}",
            ids,
        )[0]["n"]
        sweeps = self._rows(f"SELECT count(*) AS n FROM sweeps WHERE deleted = 0 AND article {within}", ids)[0]["n"]
        covered = [self.coverage(article) for article in chosen]
        return Stats(
            articles=len(chosen),
            claims=len(claims),
            with_verdict=sum(bool(row["verdict"]) for row in claims),
            evidence=hanging["evidence"],
            sources=sources,
            sweeps=sweeps,
            comments=hanging["comments"],
            conflicts=sum(len(self.conflicts(article)) for article in articles) if articles else len(self.conflicts()),
            verdicts=_counted(row["verdict"] for row in claims if row["verdict"]),
            checkers=_counted(self._name(row["by"]) for row in claims),
            sentences=sum(c.sentences for c in covered),
            accounted_sentences=sum(c.accounted_sentences for c in covered),
            characters=sum(c.characters for c in covered),
            accounted_characters=sum(c.accounted_characters for c in covered),
        )

    def search(self, words: str, limit: int = 200) -> list[Hit]:
        """Where all the words stand together, in an article or in a claim; see ``store.search``."""
        return search(self._rows, clean(words), limit)

    # -- history and conflicts --------------------------------------------------------------------------------

    def history(
        self, article: Article | str | None = None, claim: Claim | str | None = None, limit: int = 500
    ) -> list[Change]:
        """Who changed what and when, newest first: on the desk, on one article, or on one claim."""
        if claim is not None:
            own = [_id(claim)]
            for table in ("verdicts", "evidence", "comments"):
                own += [row["id"] for row in self._rows(f"SELECT id FROM {table} WHERE claim = ?", own[0])]
            where, arguments = "item IN (SELECT value FROM json_each(?))", [json.dumps(own)]
        elif article is not None:
            id = article.id if isinstance(article, Article) else self.article(article).id
            where = """item IN (SELECT ?1 UNION ALL SELECT id FROM versions WHERE article = ?1
                UNION ALL SELECT id FROM claims WHERE article = ?1 UNION ALL SELECT id FROM sweeps WHERE article = ?1
                UNION ALL SELECT x.id FROM verdicts x JOIN claims c ON c.id = x.claim WHERE c.article = ?1
                UNION ALL SELECT x.id FROM evidence x JOIN claims c ON c.id = x.claim WHERE c.article = ?1
                UNION ALL SELECT x.id FROM comments x JOIN claims c ON c.id = x.claim WHERE c.article = ?1)"""
            arguments = [id]
        else:
            where, arguments = "1", []
        with self.log.refusing():
            rows = self.log.rows(
                "SELECT id, action, reviewer, at, kind, item, parents, patch, undoes FROM changes"
                f" WHERE {where} ORDER BY id DESC LIMIT {int(limit)}",
                arguments,
            )
            return [self._change(entry(row)) for row in rows]

    def _change(self, change: Entry) -> Change:
        article, about = self._about(change.kind, change.item)
        earlier = [entry for entry in self.log.entries(items=[change.item]) if entry.id < change.id]
        said = sentence(change, about, earlier, self.scheme)
        return Change(
            change.id, change.action, self._name(change.reviewer), change.at, change.kind, change.item, article,
            f"undid: {said}" if change.undoes else said, change.patch, change.undoes,
        )  # fmt: skip

    def _about(self, kind: str, item: str) -> tuple[str, str]:
        """The article an item belongs to, and what to call the claim or article it concerns."""
        row = self.log.row(kind, item) if kind in KINDS else None
        if row is None:
            return "", ""
        if kind == "articles":
            return item, f"“{shorten(str(row['title']))}”" if row["title"] else str(row["url"] or "an untitled article")
        if kind == "claims":
            return str(row["article"]), self._claim_name(item)
        if kind == "sources":
            return "", str(row["url"] or row["title"])
        parent = "claim" if "claim" in row else "article" if "article" in row else ""
        return self._about(REFERENCES[parent], str(row[parent])) if parent else ("", "")

    def _claim_name(self, id: str) -> str:
        rows = self._rows("SELECT name FROM claims_now WHERE id = ?", id)
        return rows[0]["name"] if rows else "a claim"

    def conflicts(self, article: Article | str | None = None) -> list[Conflict]:
        """The conflicts that wait to be settled, on the desk or on one article, in the order the items were made."""
        wanted = self.article(article).id if article is not None else None
        found = []
        for row in self._rows("SELECT item, part, kind, versions FROM conflicts ORDER BY item, part"):
            belongs, about = self._about(row["kind"], row["item"])
            if wanted is not None and belongs != wanted:
                continue
            ids = json.loads(row["versions"])
            columns = KINDS[row["kind"]].parts.get(row["part"], ())
            contenders = []
            for change in self.log.entries(items=[row["item"]]):
                if change.id in ids:
                    values = {column: change.patch[column] for column in columns if column in change.patch}
                    if row["part"] == "deleted":
                        values = {"deleted": change.patch.get("deleted", 0)}
                    contenders.append(Contender(change.id, self._name(change.reviewer), change.at, values))
            found.append(Conflict(row["kind"], row["item"], row["part"], belongs, about, tuple(contenders)))
        return found

    # -- other processes --------------------------------------------------------------------------------------

    def mark(self) -> int:
        """A mark on the log as it stands now, for ``changed_since``."""
        return int(self.log.rows("SELECT coalesce(max(seq), 0) FROM changes")[0][0])

    def changed_since(self, mark: int) -> set[tuple[str, str]]:
        """The (kind, item) pairs changed since a mark, by whomever."""
        return {
            (row["kind"], row["item"])
            for row in self._rows("SELECT DISTINCT kind, item FROM changes WHERE seq > ?", mark)
        }

    def claims_of(self, items: Iterable[tuple[str, str]]) -> set[str]:
        """The ids of the claims that (kind, item) pairs are or hang on; a source counts for all that cite it."""
        found: set[str] = set()
        for kind, item in items:
            if kind == "claims":
                found.add(item)
            elif kind in CHILDREN["claims"]:
                found |= {row["claim"] for row in self._rows(f"SELECT claim FROM {kind} WHERE id = ?", item)}
            elif kind == "sources":
                found |= {row["claim"] for row in self._rows("SELECT claim FROM evidence WHERE source = ?", item)}
        return found

    def _rows(self, sql: str, *arguments: object) -> list[Row]:
        with self.log.refusing():
            cursor = self.log.conn.execute(sql, arguments)
            names = [description[0] for description in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _id(claim: Claim | str) -> str:
    return claim.id if isinstance(claim, Claim) else claim


def _heads(row: Row) -> tuple[str, ...]:
    return tuple(row["heads"].split())


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))
