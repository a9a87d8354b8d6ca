"""The desk: one SQLite file with articles, claims, verdicts, evidence, sweeps and all of their history.

``Desk`` is the one door. Every method that changes something is one transaction, saved when it returns; it checks
what it is given, appends to the change log, and gives back the record as it now stands.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from store import anchor, clock, fields, opening, undo
from store import scheme as schemes
from store.history import shorten
from store.log import Edit, Entry, Log, Written, default_value
from store.parts import CHILDREN, KINDS, REFERENCES, Kind, Patch, fits
from store.people import check_name, reviewer_id
from store.reading import Reading
from store.records import (
    Article,
    Claim,
    Comment,
    Conflict,
    Contender,
    Evidence,
    Source,
    Sweep,
    Undone,
    Verdict,
)
from store.refusals import Duplicate, Guarded, Nobody, ReadOnly, Refused, Unknown

if TYPE_CHECKING:
    from sqlite_utils import Database

    from store.articles import Draft

AnyRecord = TypeVar("AnyRecord", Article, Claim, Verdict, Evidence, Source, Sweep, Comment)
_KIND_OF: Mapping[type, str] = {
    Article: "articles",
    Claim: "claims",
    Verdict: "verdicts",
    Evidence: "evidence",
    Source: "sources",
    Sweep: "sweeps",
    Comment: "comments",
}
_IMPORT_CHUNK = 200


class Desk(Reading):
    """An open desk file. Use it from one thread; open another for another thread.

    >>> with Desk.open("desk.db", "Ana") as desk:
    ...     article = desk.add_article("It rained on 5 May.")
    ...     claim = desk.tag(article, 0, 19)
    ...     desk.give_verdict(claim, "supported")
    """

    def __init__(self, log: Log, path: Path, read_only: str) -> None:
        """Use ``Desk.open``."""
        super().__init__(log)
        self.path = path
        self.read_only = read_only
        """Why nothing can be written here, as a sentence; empty when it can."""
        self.reviewer = ""
        """Who is working: the name on every change made through this object."""
        self._action: str | None = None
        self._known_people: set[str] = set()

    @classmethod
    def open(cls, path: str | Path, reviewer: str = "", *, create: bool = True, patience: float = 30.0) -> Desk:
        """Open a desk file, made anew when it does not exist and ``create`` is true.

        Args:
            path: the file.
            reviewer: who is working; may be said later with ``be``.
            patience: seconds to wait while another process holds the file.

        Raises:
            NotADesk, Damaged, Busy, ReadOnly, Refused: the file cannot be opened; each says why.
        """
        where = Path(path)
        conn, read_only = opening.open_file(where, create=create, patience=patience)
        desk = cls(Log(conn, str(where), patience), where, read_only)
        if reviewer:
            desk.be(reviewer)
        return desk

    def close(self) -> None:
        """Close the file. Everything acknowledged is already on disk."""
        self.log.conn.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def db(self) -> Database:
        """The open file as a sqlite-utils ``Database``, for queries of your own. Write only through the desk."""
        from sqlite_utils import Database

        return Database(self.log.conn)

    def be(self, name: str) -> None:
        """Say who is working.

        Raises:
            Refused: the name is empty, too long, or has control characters.
        """
        self.reviewer = check_name(name)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written inside is one transaction and one step of undo; an exception leaves nothing of it."""
        with self._writing():
            yield

    # -- articles ---------------------------------------------------------------------------------------------

    def add_article(self, text: str, **details: str) -> Article:
        """Add an article. The text is kept exactly; one already here (same text or URL) is given back as it is.

        Args:
            text: the text, already mended as ``store.articles`` does (no CR, NUL or lone surrogate).
            **details: title, url, publisher, author, published (ISO date), language.

        Raises:
            Refused: the text is empty or holds a character that cannot be stored, or a field is not valid.
        """
        with self._writing():
            id, _ = self._add(text, details)
        return self.article(id)

    def add_articles(
        self,
        drafts: Iterable[Draft],
        progress: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[list[str], list[str]]:
        """Add many articles, in short transactions so that others can work meanwhile, as one step of undo.

        Args:
            drafts: articles as ``store.articles.read`` gives them; may be a generator.
            progress: told how many are done, after each transaction.
            cancelled: asked before each transaction; what is in by then stays.

        Returns:
            The ids that were new and those that were already here.
        """
        new: list[str] = []
        known: list[str] = []
        action: str | None = None
        chunk: list[Draft] = []

        def save() -> None:
            nonlocal action
            with self._writing():
                self._action = action or self._action
                for draft in chunk:
                    id, was_new = self._add(draft.text, {name: getattr(draft, name) for name in fields.ARTICLE})
                    (new if was_new else known).append(id)
                action = self._action or action
            chunk.clear()
            if progress:
                progress(len(new) + len(known))

        for draft in drafts:
            if cancelled and cancelled():
                break
            chunk.append(draft)
            if len(chunk) == _IMPORT_CHUNK:
                save()
        if chunk:
            save()
        return new, known

    def _add(self, text: str, details: Mapping[str, str]) -> tuple[str, bool]:
        if not text.strip():
            raise Refused("The article is empty: there is nothing to check in it.")
        bad = re.search("[\0\r\ud800-\udfff]", text)
        if bad:
            raise Refused(
                f"The text has a character that cannot be stored (U+{ord(bad[0]):04X} at {bad.start()}): "
                "read it through store.articles, which mends it."
            )
        values = self._checked(details, fields.ARTICLE)
        sha = hashlib.sha256(text.encode()).hexdigest()
        url = str(values.get("url", ""))
        id = clock.derived("article", fields.address(url)) if url else clock.derived("text", sha)
        known = self._rows("SELECT a.id, a.deleted FROM articles a WHERE a.id = ?", id) or self._rows(
            "SELECT a.id, a.deleted FROM versions v JOIN articles a ON a.id = v.article WHERE v.text = ? LIMIT 1",
            sha,
        )
        if known:
            if known[0]["deleted"]:
                fallen = self._rows("SELECT id FROM versions WHERE article = ? AND deleted = 1", known[0]["id"])
                back: Patch = {"deleted": 0}
                self._write(
                    [Edit("articles", known[0]["id"], back), *(Edit("versions", row["id"], back) for row in fallen)]
                )
            return known[0]["id"], bool(known[0]["deleted"])
        self.log.keep(sha, text)
        version = {"article": id, "number": 1, "text": sha}
        self._write([Edit("articles", id, {**values}), Edit("versions", clock.derived("version", id, sha), version)])
        return id, True

    def edit_article(self, article: Article | str, **details: str) -> Article:
        """Change an article's title, url, publisher, author, published or language; never its text."""
        article = self.article(article) if isinstance(article, str) else article
        with self._writing():
            self._alive("articles", article.id)
            self._write([Edit("articles", article.id, self._checked(details, fields.ARTICLE), article.heads)])
        return self.article(article.id)

    # -- claims -----------------------------------------------------------------------------------------------

    def tag(self, article: Article | str, start: int, end: int, **details: object) -> Claim:
        """Tag ``text[start:end]`` (code points) as a claim; ``details`` as in ``edit``.

        Raises:
            Duplicate: the same span is already tagged; the exception carries that claim.
            Refused: the span is empty, outside the text, or inside a grapheme, or a field is not valid.
        """
        article = self.article(article)
        with self._writing():
            span = self._span(article, start, end)
            twin = self._twin(article, start, end)
            if twin:
                raise Duplicate(f"“{shorten(twin.quote)}” is already tagged as {twin.name}.", twin)
            rows = self._rows("SELECT coalesce(max(number), 0) + 1 AS number FROM claims WHERE article = ?", article.id)
            place: Patch = {"article": article.id, "number": rows[0]["number"]}
            written = self._write([Edit("claims", None, place | span | self._checked(details, fields.CLAIM))])
        return self.claim(written.items[0])

    def _span(self, article: Article, start: int, end: int) -> Patch:
        found = anchor.make(self.text(article), start, end)
        return {
            "version": article.version,
            "start": found.start,
            "end": found.end,
            "quote": found.quote,
            "prefix": found.prefix,
            "suffix": found.suffix,
        }

    def _twin(self, article: Article, start: int, end: int, other_than: str = "") -> Claim | None:
        rows = self._rows(
            'SELECT id FROM claims WHERE version = ? AND start = ? AND "end" = ? AND deleted = 0 AND id <> ?',
            article.version,
            start,
            end,
            other_than,
        )
        return self.claim(rows[0]["id"]) if rows else None

    def move(self, claim: Claim | str, start: int, end: int) -> Claim:
        """Give a claim other edges (code points); it keeps its identity, verdict and evidence.

        Raises:
            Duplicate: another claim already has exactly these edges.
            Refused: as for ``tag``.
        """
        claim = self._seen(claim)
        article = self.article(claim.article)
        with self._writing():
            self._alive("claims", claim.id)
            span = self._span(article, start, end)
            twin = self._twin(article, start, end, claim.id)
            if twin:
                raise Duplicate(f"{twin.name} already has exactly these edges: “{shorten(twin.quote)}”.", twin)
            self._write([Edit("claims", claim.id, span, claim.heads)])
        return self.claim(claim.id)

    def edit(self, claim: Claim | str, **details: object) -> Claim:
        """Change a claim's claim_text, claimant, attribution, check_target, types, priority or tags.

        Raises:
            Refused: there is no such field, or its value is not one of those allowed.
        """
        claim = self._seen(claim)
        with self._writing():
            self._alive("claims", claim.id)
            self._write([Edit("claims", claim.id, self._checked(details, fields.CLAIM), claim.heads)])
        return self.claim(claim.id)

    # -- verdicts ---------------------------------------------------------------------------------------------

    def give_verdict(self, claim: Claim | Verdict | str, key: str, justification: str | None = None) -> Verdict:
        """Give one's own verdict on a claim; an empty ``key`` takes it back. Others' verdicts stay as they are.

        Hand in one's own earlier ``Verdict`` to build on exactly that one.

        Raises:
            Unknown: the scheme has no such verdict.
            Guarded: the scheme forbids it until its requirements are met.
        """
        kind = self.scheme.verdict(key) if key else None
        if kind is not None and not kind.known:
            known = ", ".join(verdict.key for verdict in self.scheme.active)
            raise Unknown(f"The scheme {self.scheme.id} has no verdict “{key}”: use one of {known}.")
        if kind is not None and kind.retired:
            instead = f": use {kind.replaced_by}" if kind.replaced_by else ""
            raise Refused(f"The verdict “{key}” is retired in the scheme {self.scheme.id}{instead}.")
        return self._conclude(claim, verdict=key, justification=justification)

    def justify(self, claim: Claim | Verdict | str, justification: str) -> Verdict:
        """Write why the evidence yields one's own verdict on a claim, given or still to be given."""
        return self._conclude(claim, verdict=None, justification=justification)

    def _conclude(self, claim: Claim | Verdict | str, verdict: str | None, justification: str | None) -> Verdict:
        seen = claim if isinstance(claim, Verdict) else None
        with self._writing() as me:
            about = self.claim(claim.claim if isinstance(claim, Verdict) else claim)
            id = clock.derived("verdict", about.id, me)
            if seen is not None and seen.id != id:
                raise Refused(f"That verdict on {about.name} is {seen.by}'s: give your own instead.")
            row = self.log.row("verdicts", id)
            if row is None and not verdict and not justification:
                raise Refused(f"There is no verdict of yours on {about.name}: give one first.")
            values: Patch = {"claim": about.id, "reviewer": me, "deleted": 0}
            if verdict is not None:
                values["verdict"] = verdict
            if justification is not None:
                values["justification"] = fields.clean(justification)
            if verdict:
                held = seen.justification if seen else row["justification"] if row else ""
                stances = [evidence.stance for evidence in self.evidence(about)]
                missing = self.scheme.lacks(verdict, str(values.get("justification", held)), stances)
                if missing and self.scheme.verdict(verdict).guard == "block":
                    raise Guarded(f"{about.name} cannot be given that verdict yet: {'; '.join(missing)}.")
            self._write([Edit("verdicts", id, values, seen.heads if seen else None)])
            row = self.log.row("verdicts", id)
        assert row is not None
        return self._verdict(row)

    # -- evidence and sources ---------------------------------------------------------------------------------

    def add_evidence(
        self,
        claim: Claim | str,
        stance: str,
        *,
        url: str = "",
        quote: str = "",
        locator: str = "",
        note: str = "",
        **source_fields: str,
    ) -> Evidence:
        """Add a source's bearing on a claim. A URL already known reuses its source; its fields are filled in.

        Args:
            claim: the claim.
            stance: supports, refutes or context.
            url: where the source is; may be empty for one that has no address.
            quote: the source's own passage, verbatim.
            locator: where it stands: page, paragraph, time stamp.
            note: anything else.
            **source_fields: archive_url, title, publisher, published, retrieved, tier, origin.
        """
        said = {"stance": stance, "quote": quote, "locator": locator, "note": note}
        values = self._checked(said, fields.EVIDENCE)
        with self._writing():
            about = self._seen(claim)
            self._alive("claims", about.id)
            values |= {"claim": about.id, "source": self._source_for({"url": url, **source_fields})}
            written = self._write([Edit("evidence", None, values)])
        return self._evidence_by_id(written.items[0])

    def edit_evidence(self, evidence: Evidence, **details: str) -> Evidence:
        """Change stance, quote, locator or note; with fields of a source, cite that source instead."""
        with self._writing():
            self._alive("evidence", evidence.id)
            source = {name: details.pop(name) for name in fields.SOURCE if name in details}
            values = self._checked(details, fields.EVIDENCE)
            if source:
                values["source"] = self._source_for(source)
            self._write([Edit("evidence", evidence.id, values, evidence.heads)])
        return self._evidence_by_id(evidence.id)

    def edit_source(self, source: Source, **details: str) -> Source:
        """Change what is known of a source, for every piece of evidence that cites it."""
        with self._writing():
            self._alive("sources", source.id)
            self._write([Edit("sources", source.id, self._checked(details, fields.SOURCE), source.heads)])
        found = self._source_by_id(source.id)
        assert found is not None
        return found

    def _source_for(self, details: Mapping[str, object]) -> str:
        """The id of the source these details describe: the known one of that URL, brought up to date, or a new one."""
        values = {name: value for name, value in self._checked(details, fields.SOURCE).items() if value}
        if not values:
            return ""
        url = str(values.get("url", ""))
        known = (
            self._rows("SELECT id FROM sources WHERE url = ? AND deleted = 0 ORDER BY born LIMIT 1", url) if url else []
        )
        id = known[0]["id"] if known else clock.derived("source", fields.address(url)) if url else None
        if id and not known:
            row = self.log.row("sources", id)
            if row and fields.address(str(row["url"])) != fields.address(url):
                id = None  # that source has since been given another address
            elif row:
                values = {**values, "url": row["url"], "deleted": 0}
        return self._write([Edit("sources", id, values)]).items[0]

    def _evidence_by_id(self, id: str) -> Evidence:
        return self._evidence(self._rows("SELECT * FROM evidence WHERE id = ?", id)[0])

    # -- sweeps and comments ----------------------------------------------------------------------------------

    def sweep(self, article: Article | str, start: int, end: int) -> Sweep:
        """Mark ``text[start:end]`` (code points) as read: nothing to check here. The same stretch is swept once.

        Raises:
            Refused: as for ``tag``.
        """
        article = self.article(article)
        with self._writing():
            span = self._span(article, start, end)
            twin = self._rows(
                'SELECT id FROM sweeps WHERE version = ? AND start = ? AND "end" = ? AND deleted = 0',
                article.version,
                start,
                end,
            )
            if twin:
                id = twin[0]["id"]
            else:
                values: Patch = {name: span[name] for name in ("version", "start", "end", "quote")}
                id = self._write([Edit("sweeps", None, {"article": article.id, **values})]).items[0]
        return self._sweep(self._rows("SELECT * FROM sweeps WHERE id = ?", id)[0])

    def comment(self, claim: Claim | str, body: str, reply_to: Comment | str = "") -> Comment:
        """Comment on a claim, or answer a comment on it."""
        with self._writing():
            about = self._seen(claim)
            self._alive("claims", about.id)
            answered = reply_to.id if isinstance(reply_to, Comment) else reply_to
            if answered and not self._rows(
                "SELECT 1 AS x FROM comments WHERE id = ? AND claim = ?", answered, about.id
            ):
                raise Unknown(f"The comment answered is not one on {about.name}.")
            values: Patch = {"claim": about.id, "reply_to": answered, "body": self._body(body)}
            written = self._write([Edit("comments", None, values)])
        return self._comment_by_id(written.items[0])

    def edit_comment(self, comment: Comment, body: str) -> Comment:
        """Change the words of a comment."""
        with self._writing():
            self._alive("comments", comment.id)
            self._write([Edit("comments", comment.id, {"body": self._body(body)}, comment.heads)])
        return self._comment_by_id(comment.id)

    def _body(self, body: str) -> str:
        if not body.strip():
            raise Refused("The comment is empty: write something, or delete it.")
        return fields.clean(body)

    def _comment_by_id(self, id: str) -> Comment:
        return self._comment(self._rows("SELECT * FROM comments WHERE id = ?", id)[0])

    # -- deleting, undo, conflicts ----------------------------------------------------------------------------

    def delete(self, record: Article | Claim | Verdict | Evidence | Source | Sweep | Comment) -> None:
        """Delete a record and, in the same step of undo, all that hangs on it. The log keeps everything.

        A record that somebody has changed meanwhile stays, with all that hangs on it, until the conflict is settled.
        """
        kind = _KIND_OF[type(record)]
        with self._writing():
            self._alive(kind, record.id)
            gone = self._write([Edit(kind, record.id, {"deleted": 1}, record.heads)])
            if not gone.stale:
                self._write(self._fall(kind, record.id))

    def _fall(self, kind: str, id: str) -> Iterator[Edit]:
        for child in CHILDREN.get(kind, ()):
            for row in self._rows(f'SELECT id FROM {child} WHERE "{KINDS[kind].one}" = ? AND deleted = 0', id):
                yield from self._fall(child, row["id"])
                yield Edit(child, row["id"], {"deleted": 1})

    def undo(self) -> Undone:
        """Undo one's newest action that is in force, in this session or an earlier one.

        Raises:
            Refused: there is nothing to undo, or somebody has built on it since (it says who and when).
        """
        return self._reverse(undo.undo_target, "Nothing of yours is left to undo.", "Undid")

    def redo(self) -> Undone:
        """Do again what one last undid, unless one has done something else since.

        Raises:
            Refused: there is nothing to redo, or somebody has changed the same part since.
        """
        return self._reverse(undo.redo_target, "There is nothing to redo.", "Redid")

    def _reverse(self, target: Callable[[Log, str], str | None], nothing: str, did: str) -> Undone:
        with self._writing() as me:
            action = target(self.log, me)
            if action is None:
                raise Refused(nothing)
            edits = undo.reversal(self.log, action, self._who)
            if not edits:
                raise Refused("Nothing was undone or redone: others use all of it.")
            sentence, article, claim = self._in_words(action)
            self._write(edits, undoes=action)
        return Undone(f"{did}: {sentence}", action, article, claim)

    def _who(self, change: Entry) -> str:
        from datetime import datetime

        at = datetime.fromtimestamp(change.at / 1000).strftime("%Y-%m-%d %H:%M")
        return f"{self._name(change.reviewer)} ({at})"

    def _in_words(self, action: str) -> tuple[str, str, str]:
        """An action as a sentence, its article, and its claim; an undone doing is traced to the doing itself."""
        entries = self.log.entries(action=action)
        while entries[0].undoes:
            entries = self.log.entries(action=entries[0].undoes)
        first = next((entry for entry in entries if entry.kind not in ("sources", "versions")), entries[-1])
        more = len({entry.item for entry in entries if entry.kind == first.kind}) - 1
        main = self._change(first)
        sentence = main.sentence + (f" and {more} more" if more else "")
        claim = main.item if main.kind == "claims" else ""
        if not claim and main.kind in CHILDREN["claims"]:
            row = self.log.row(main.kind, main.item)
            claim = str(row["claim"]) if row else ""
        return sentence, main.article, claim

    def settle(self, conflict: Conflict, contender: Contender) -> None:
        """Settle a conflict: the contender's value becomes the newest, made with all the others in sight.

        Raises:
            Refused: the conflict is no longer the one shown, or its values cannot be chosen.
        """
        part = KINDS[conflict.kind].parts.get(conflict.part)
        if part is None:
            raise Refused(f"The {conflict.part} values of {conflict.about} cannot be chosen: edit the field anew.")
        with self._writing():
            rows = self._rows(
                "SELECT versions FROM conflicts WHERE item = ? AND part = ?", conflict.item, conflict.part
            )
            waiting = json.loads(rows[0]["versions"]) if rows else []
            if waiting != [one.change for one in conflict.contenders] or contender not in conflict.contenders:
                raise Refused(f"The conflict about {conflict.about} has changed meanwhile: look at it again.")
            self._write([Edit(conflict.kind, conflict.item, dict(contender.values))])
            if contender.values.get("deleted"):
                self._write(self._fall(conflict.kind, conflict.item))

    # -- scheme -----------------------------------------------------------------------------------------------

    def use_scheme(self, toml: str, where: str = "the scheme") -> None:
        """Give the desk another scheme, as TOML text.

        Raises:
            scheme.SchemeError: the text is no valid scheme.
            Refused: it lacks a verdict, type or stance that claims here already carry; retire it instead.
        """
        chosen = schemes.parse(toml, where)
        known = {verdict.key for verdict in chosen.verdicts}
        with self._writing():
            used = self._rows(
                "SELECT v.verdict AS key, count(*) AS n FROM verdicts v JOIN claims c ON c.id = v.claim"
                " WHERE v.deleted = 0 AND c.deleted = 0 AND v.verdict <> '' GROUP BY 1 ORDER BY 1"
            )
            lost = [f"{row['key']} ({row['n']})" for row in used if row["key"] not in known]
            if lost:
                raise Refused(
                    f"{where} lacks verdicts that claims on this desk carry: {', '.join(lost)}; "
                    "add them to it with `retired = true`."
                )
            self._write([Edit("schemes", clock.derived("scheme"), {"name": chosen.id, "body": toml})])

    # -- bringing in ------------------------------------------------------------------------------------------

    def bring(self, records: Iterable[Mapping[str, object]]) -> list[str]:
        """Write records that were made elsewhere, with their ids, authors and times, as one step of undo.

        Each mapping holds ``kind`` (a table's name), ``id``, ``by``, ``created``, ``updated`` (ms), optionally
        ``updated_by``, and the columns of that kind; ``contested`` lists values that contend for one of its parts,
        the newest last, each with ``part``, ``values``, ``by`` and ``at``. The ids must be new here, or those of
        deleted records, which come back as brought; nobody's record is overwritten.

        Returns:
            The ids, in the order given.

        Raises:
            Refused: an id is already here, or a record does not fit its kind.
        """
        records = [dict(record) for record in records]
        with self._writing() as me:
            if not records:
                return []
            if not self._action:  # this opens the action, which makes it the bringer's to undo
                mine = self.log.row("reviewers", me)
                assert mine is not None
                opener = [Edit("reviewers", me, {"name": mine["name"]})]
                self._action = self.log.write(me, opener, always=True).action
            made: list[Edit] = []
            beside: list[list[Edit]] = []
            touched: list[Edit] = []
            here: set[str] = set()
            for record in records:
                kind, id, created, updated = self._fit(record)
                row = self.log.row(kind.name, id)
                if id in here or (row and not row["deleted"]):
                    raise Refused(f"The {kind.one} {id} is already on this desk.")
                here.add(id)
                values: Patch = {column: record[column] for column in kind.columns if column in record}
                by = self._person(str(record["by"]))
                editor = self._person(str(record.get("updated_by") or record["by"]))
                if row:
                    made.append(Edit(kind.name, id, values | {"deleted": 0}, None, editor, updated))
                    continue
                made.append(Edit(kind.name, id, values, (), by, created))
                contested = self._contenders(kind, id, record.get("contested", ()))
                beside += contested
                if contested or (by, created) != (editor, updated):
                    place = {column: values[column] for column in next(iter(kind.parts.values())) if column in values}
                    touched.append(Edit(kind.name, id, place, None, editor, updated))
            action = self._write(made).action
            for contenders in beside:
                self.log.beside(contenders, action)
            self.log.write(me, touched, action=action, always=True)
            for record in records:
                self._stands(KINDS[str(record["kind"])], str(record["id"]))
        return [str(record["id"]) for record in records]

    def _contenders(self, kind: Kind, id: str, contested: object) -> list[list[Edit]]:
        """The contending edits, part by part: those of one part did not see each other, but saw the parts before."""
        contenders: dict[str, list[Edit]] = {}
        for one in contested if isinstance(contested, (list, tuple)) else ():
            part = str(one["part"])
            values: Patch = {
                column: one["values"][column] for column in kind.parts.get(part, ()) if column in one["values"]
            }
            if not values or not all(fits(column, value) for column, value in values.items()):
                raise Refused(f"The {kind.one} {id} has no part “{part}” for which such values can contend.")
            edit = Edit(kind.name, id, values, None, self._person(str(one["by"])), int(one["at"]))
            contenders.setdefault(part, []).append(edit)
        return list(contenders.values())

    def _fit(self, record: Mapping[str, object]) -> tuple[Kind, str, int, int]:
        """The kind, id and times of a record made elsewhere; Refused when it does not fit its kind."""
        kind = KINDS.get(str(record.get("kind")))
        if kind is None:
            raise Refused(f"There is no kind of record called “{record.get('kind')}”: use one of {', '.join(KINDS)}.")
        id, created, updated = str(record.get("id", "")), record.get("created"), record.get("updated")
        if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id):
            raise Refused(f"“{id}” is no id for a {kind.one}: it must be a UUID in small letters.")
        if not (isinstance(created, int) and isinstance(updated, int) and 0 <= created <= updated < 2**48):
            raise Refused(f"The times of the {kind.one} {id} must be milliseconds since 1970, made before changed.")
        for column in kind.columns:
            value = record.get(column, default_value(column))
            if not fits(column, value) or (isinstance(value, str) and value != fields.clean(value)):
                raise Refused(f"The {kind.one} {id} cannot have {value!r} as its {column}.")
        return kind, id, created, updated

    def _stands(self, kind: Kind, id: str) -> None:
        """Refuse a record that names what is not here, or whose quote is not the text at its place."""
        row = self.log.row(kind.name, id) or {}
        for column in kind.columns:
            if row[column] and column in REFERENCES and self.log.row(REFERENCES[column], str(row[column])) is None:
                raise Refused(f"The {kind.one} {id} names a {column} that is not on this desk ({row[column]}).")
        if "span" in kind.parts:
            version = self.log.row("versions", str(row["version"])) or {"text": ""}
            start, end = int(str(row["start"])), int(str(row["end"]))
            if not 0 <= start < end or self.text(str(version["text"]))[start:end] != row["quote"]:
                raise Refused(f"The {kind.one} {id} does not quote the text that stands at {start} to {end}.")

    # -- the door itself --------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[str]:
        """The transaction every write runs in; gives the id of who is working. Nested ones join the outer."""
        if self.read_only:
            raise ReadOnly(self.read_only)
        if not self.reviewer:
            raise Nobody("Nobody has said who is working: give a name with --as NAME or FACTDESK_REVIEWER.")
        if self._action is not None:
            yield self._person(self.reviewer)
            return
        try:
            with self.log.writing():
                self._action = ""
                yield self._person(self.reviewer)
        except BaseException:
            self._names.clear()
            self._known_people.clear()
            raise
        finally:
            self._action = None

    def _person(self, name: str) -> str:
        """The id of the reviewer of that name, who joins the desk with their first change."""
        name = check_name(name)
        id = reviewer_id(name)
        if id not in self._known_people:
            if self.log.row("reviewers", id) is None:
                self.log.write(id, [Edit("reviewers", id, {"name": name}, None)])
            self._known_people.add(id)
        return id

    def _write(self, edits: Iterable[Edit], *, undoes: str = "") -> Written:
        me = self._person(self.reviewer)
        written = self.log.write(me, list(edits), action=self._action or "", undoes=undoes)
        self._action = written.action
        return written

    def _seen(self, claim: Claim | str) -> Claim:
        return self.claim(claim) if isinstance(claim, str) else claim

    def _alive(self, kind: str, id: str) -> None:
        row = self.log.row(kind, id)
        if row is None or row["deleted"]:
            raise Unknown(f"That {KINDS[kind].one} has been deleted meanwhile: undo brings it back.")

    def _checked(self, details: Mapping[str, object], allowed: tuple[str, ...]) -> Patch:
        types = [kind.key for kind in self.scheme.types] if "types" in details else []
        return fields.checked(details, allowed, types)
