"""Checking: adding articles, tagging claims, giving verdicts, sweeping and commenting."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store.access import fields
from store.access.assignments import Assigning
from store.access.lookup import Row
from store.access.people import reviewer_id
from store.access.permissions import MISSED
from store.errors import Busy, Duplicate, Refused, TaggedByAnother, Unknown
from store.history.words import shorten
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import (
    Article,
    Claim,
    Comment,
    Role,
    Sweep,
)
from store.text import anchor
from store.text.quotations import quoted

if TYPE_CHECKING:
    from store.formats.article_files import Draft
    from store.scheme import Scheme

_IMPORT_CHUNK = 200
_IMPORT_TEXT = 2_000_000  # code points: many more, and others would wait too long for the file
_UNSOUND = re.compile("[\0\r\ud800-\udfff]")

_VERDICTS_USED = (
    "SELECT key, count(*) AS n FROM (SELECT v.verdict AS key FROM verdicts v"
    " JOIN claims c ON c.id = v.claim WHERE v.deleted = 0 AND c.deleted = 0"
    " UNION ALL SELECT verdict FROM adjudications WHERE deleted = 0)"
    " WHERE key <> '' GROUP BY 1 ORDER BY 1"
)
_REASONS_USED = (
    "SELECT key, count(*) AS n FROM (SELECT reason AS key FROM reviews WHERE deleted = 0 UNION ALL"
    " SELECT reason FROM ticks WHERE deleted = 0) WHERE key <> '' GROUP BY 1 ORDER BY 1"
)


class Checking(Assigning):
    """The door, for the first check of an article."""

    # -- articles ---------------------------------------------------------------------------------------------

    def add_article(self, text: str, **details: str) -> Article:
        """Add an article. The text is kept exactly; one already here (same text or URL) is given back as it is.

        Args:
            text: the text, already mended as ``store.formats.article_files`` does (no CR, NUL or lone surrogate).
            **details: title, url, publisher, author, published (ISO date), language (its code), lines (``lines`` or
                ``wrapped``); the last two are told from the text when they are empty.

        Raises:
            Refused: the text is empty or holds a character that cannot be stored, or a field is not valid.
        """
        values = self._checked(details, fields.ARTICLE)
        with self._writing():
            id, _ = self._add(text, str(values.get("url", "")), lambda: values)
        return self.article(id)

    def add_articles(
        self,
        drafts: Iterable[Draft],
        progress: Callable[[int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[list[str], list[str]]:
        """Add many articles, in short transactions so that others can work meanwhile, as one step of undo.

        Args:
            drafts: articles as ``store.formats.article_files.read`` gives them; may be a generator.
            progress: told how many are done, after each transaction.
            cancelled: asked before each transaction, and when the file was held; what is in by then stays.

        Returns:
            The ids that were new and those that were already here.

        Raises:
            Refused: the file cannot take more of them, for one; it says how many are in.
        """
        new: list[str] = []
        known: list[str] = []
        action: str | None = None
        chunk: list[Draft] = []

        def save() -> None:
            nonlocal action
            try:
                with self._writing():
                    self._action = action or self._action
                    added = self._add_many(chunk)
                    action = self._action or action
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

        for draft in drafts:
            if cancelled and cancelled():
                break
            chunk.append(draft)
            if len(chunk) == _IMPORT_CHUNK or sum(len(one.text) for one in chunk) > _IMPORT_TEXT:
                save()
        if chunk:
            save()
        return new, known

    def _details(self, draft: Draft) -> dict[str, object]:
        return self._checked({name: getattr(draft, name) for name in fields.ARTICLE}, fields.ARTICLE)

    def _add_many(self, drafts: Sequence[Draft]) -> list[tuple[str, bool]]:
        """The articles' ids, and whether each is new: all that are new and sound are written together."""
        places = [self._place(draft.text, draft.url) for draft in drafts]
        known = self.log.known("articles", [id for id, _ in places])
        held = "SELECT DISTINCT text FROM versions WHERE text IN (SELECT value FROM json_each(?))"
        known |= {row["text"] for row in self._rows(held, json.dumps([sha for _, sha in places]))}
        added: list[tuple[str, bool]] = []
        texts: dict[str, str] = {}
        edits: list[Edit] = []

        def write() -> None:
            if edits:
                self.log.keep(texts)
                self._write(edits)
                texts.clear()
                edits.clear()

        for draft, (id, sha) in zip(drafts, places, strict=True):
            details = partial(self._details, draft)
            if known & {id, sha} or not draft.text.strip() or _UNSOUND.search(draft.text):
                write()
                added.append(self._add(draft.text, draft.url, details))
                continue
            known |= {id, sha}
            texts[sha] = draft.text
            edits += self._new_article(id, sha, details())
            added.append((id, True))
        write()
        return added

    def _place(self, text: str, url: str) -> tuple[str, str]:
        """The id that an article gets, and the SHA-256 of its text."""
        sha = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        address = fields.address(url)
        return clock.derived("article", address) if address else clock.derived("text", sha), sha

    def _new_article(self, id: str, sha: str, details: Mapping[str, object]) -> list[Edit]:
        version: Patch = {"article": id, "number": 1, "text": sha}
        return [Edit("articles", id, {**details}), Edit("versions", clock.derived("version", id, sha), version)]

    def _add(self, text: str, url: str, details: Callable[[], Mapping[str, object]]) -> tuple[str, bool]:
        """The article's id, and whether it is new; its details are asked for only then."""
        if not text.strip():
            raise Refused("The article is empty: there is nothing to check in it.")
        bad = _UNSOUND.search(text)
        if bad:
            raise Refused(
                f"The text has a character that cannot be stored (U+{ord(bad[0]):04X} at {bad.start()}): "
                "read it through store.formats.article_files, which mends it."
            )
        id, sha = self._place(text, url)
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
        self.log.keep({sha: text})
        self._write(self._new_article(id, sha, details()))
        return id, True

    def edit_article(self, article: Article | str, **details: str) -> Article:
        """Change an article's title, url, publisher, author, published, language or lines; never its text."""
        article = self.article(article) if isinstance(article, str) else article
        with self._writing():
            self._alive("articles", article.id)
            self._write([Edit("articles", article.id, self._checked(details, fields.ARTICLE), article.heads)])
        return self.article(article.id)

    # -- claims -----------------------------------------------------------------------------------------------

    def tag(self, article: Article | str, start: int, end: int, *, own: bool = False, **details: object) -> Claim:
        """Tag ``text[start:end]`` (code points) as a claim.

        Args:
            article: the article, or what people call it.
            start: its first code point.
            end: one past its last.
            own: tag the span even where somebody else has tagged it: their claim is theirs, this one is yours.
            **details: as in ``edit``. Another ``claim_text`` makes a second claim of yours on one span.

        Raises:
            TaggedByAnother: somebody else's claim is on the very span, and ``own`` was not said.
            Duplicate: you have tagged it already; the exception carries that claim.
            Refused: the span is empty, outside the text, or inside a grapheme, a field is not valid, or one's set
                on the article is submitted.
        """
        return self._tag(article, start, end, details, own=own)

    def _tag(
        self,
        article: Article | str,
        start: int,
        end: int,
        details: Mapping[str, object],
        *,
        own: bool = False,
        missed_by: str = "",
    ) -> Claim:
        """Tag a span, or report that it is missing from somebody's set (``missed_by``, an id)."""
        article = self.article(article)
        with self._writing() as me:
            self._must_be_open(article.id, Role.REVIEWER if missed_by else Role.CHECKER)
            if not missed_by:
                self._join_the_blind(article.id, me)
            place: Patch = {**self._span(article, start, end)}
            said = self._checked(details, fields.CLAIM)
            self._refuse_twins(article, place, str(said.get("claim_text", "")), me, own, missed_by)
            rows = self._rows("SELECT coalesce(max(number), 0) + 1 AS number FROM claims WHERE article = ?", article.id)
            place |= {"article": article.id, "number": rows[0]["number"], "origin": MISSED if missed_by else ""}
            written = self._write([Edit("claims", None, place | said)])
        return self.claim(written.items[0])

    def _refuse_twins(self, article: Article, place: Patch, text: str, me: str, own: bool, missed_by: str) -> None:
        """Refuse what is tagged already: by oneself, in the set it is missing from, or by others one may see."""
        there = self._on(article, place["start"], place["end"])
        own = own or any(row["by"] == me for row in there)
        for row in there:
            mine = row["by"] == me and text in ("", row["claim_text"])
            said = row["by"] == missed_by or row["origin"] == MISSED
            if mine or (said if missed_by else not own):
                twin = self.claim(row["id"])
                by = "" if mine else f" by {twin.checker}"
                kind = TaggedByAnother if row["by"] != me and not missed_by else Duplicate
                raise kind(f"{quoted(shorten(twin.quote))} is already tagged as {twin.name}{by}.", twin)

    def _on(self, article: Article, start: object, end: object) -> list[Row]:
        """The claims on just that span, one's own first."""
        return self._rows(
            'SELECT id, "by", claim_text, origin FROM claims WHERE version = ? AND start = ? AND "end" = ?'
            ' AND deleted = 0 ORDER BY "by" <> ?, born',
            article.version,
            start,
            end,
            self._me,
        )

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

    def _refuse_edges(self, claim: Claim, article: Article, start: int, end: int) -> None:
        """Refuse edges that would make a claim the same as another one of its checker's."""
        by = reviewer_id(claim.checker)
        for row in self._on(article, start, end):
            if row["id"] != claim.id and (row["by"], row["claim_text"]) == (by, claim.claim_text):
                twin = self.claim(row["id"])
                raise Duplicate(f"{twin.name} already has exactly these edges: {quoted(shorten(twin.quote))}.", twin)

    def move(self, claim: Claim | str, start: int, end: int) -> Claim:
        """Give a claim other edges (code points); it keeps its identity, verdict and evidence.

        Raises:
            Duplicate: another claim of its checker's with the same claim text already has exactly these edges.
            Refused: as for ``tag``.
        """
        claim = self._seen(claim)
        article = self.article(claim.article)
        with self._writing():
            self._alive("claims", claim.id)
            self._mine_to_change(claim)
            span = self._span(article, start, end)
            self._refuse_edges(claim, article, start, end)
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
            self._mine_to_change(claim)
            self._write([Edit("claims", claim.id, self._checked(details, fields.CLAIM), claim.heads)])
        return self.claim(claim.id)

    # -- sweeps and comments ----------------------------------------------------------------------------------

    def sweep(self, article: Article | str, start: int, end: int) -> Sweep:
        """Mark ``text[start:end]`` (code points) as read: nothing to check here. The same stretch is swept once.

        Raises:
            Refused: as for ``tag``.
        """
        article = self.article(article)
        with self._writing() as me:
            self._must_be_open(article.id, Role.CHECKER)
            self._join_the_blind(article.id, me)
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
        """Comment on a claim, or answer a comment, a review or a doubt (``reply_to`` then is its id) on it."""
        with self._writing():
            about = self._seen(claim)
            self._alive("claims", about.id)
            answered = reply_to.id if isinstance(reply_to, Comment) else reply_to
            if answered and not self._rows(
                "SELECT 1 AS x FROM comments WHERE id = ?1 AND claim = ?2"
                " UNION ALL SELECT 1 FROM reviews WHERE id = ?1 AND claim = ?2"
                " UNION ALL SELECT 1 FROM ticks t JOIN evidence e ON e.id = t.evidence"
                " WHERE t.id = ?1 AND e.claim = ?2",
                answered,
                about.id,
            ):
                raise Unknown(f"What is answered was not said of {about.name}.")
            values: Patch = {"claim": about.id, "reply_to": answered, "body": self._body(body)}
            written = self._write([Edit("comments", None, values)])
        return self._comment_by_id(written.items[0])

    def edit_comment(self, comment: Comment, body: str) -> Comment:
        """Change the words of a comment of one's own. Raises Refused when it is somebody else's."""
        with self._writing():
            self._alive("comments", comment.id)
            if comment.by.casefold() != self.reviewer.casefold():
                raise Refused(f"That comment is {comment.by}'s: answer it instead.")
            self._write([Edit("comments", comment.id, {"body": self._body(body)}, comment.heads)])
        return self._comment_by_id(comment.id)

    def resolve(self, comment: Comment, resolved: bool = True) -> Comment:
        """Say that the thread a comment belongs to is done with, or open it again."""
        with self._writing():
            known = {one.id: one for one in self.comments(comment.claim)}
            root = known.get(comment.id, comment)
            while root.reply_to in known:
                root = known[root.reply_to]
            self._alive("comments", root.id)
            self._write([Edit("comments", root.id, {"resolved": int(resolved)}, root.heads)])
        return self._comment_by_id(root.id)

    def _body(self, body: str) -> str:
        if not body.strip():
            raise Refused("The comment is empty: write something, or delete it.")
        return fields.clean(body)

    def _comment_by_id(self, id: str) -> Comment:
        return self._comment(self._rows("SELECT * FROM comments WHERE id = ?", id)[0])

    # -- scheme -----------------------------------------------------------------------------------------------

    def use_scheme(self, toml: str, where: str = "the scheme") -> None:
        """Give the desk another scheme, as TOML text.

        Raises:
            scheme.SchemeError: the text is no valid scheme.
            Refused: it lacks a verdict, type or stance that claims here already carry; retire it instead.
        """
        from store.scheme import parse

        chosen = parse(toml, where)
        with self._writing():
            self._keeps_what_is_used(chosen, where)
            rules = {
                "required": chosen.review.required,
                "settles": int(chosen.review.checker_settles),
                "anyone": int(chosen.review.anyone_adjudicates),
            }
            self._write([Edit("schemes", clock.derived("scheme"), {"name": chosen.id, "body": toml, **rules})])

    def _keeps_what_is_used(self, chosen: Scheme, where: str) -> None:
        """Refuse a scheme without what is said on this desk; what one may not see is not named."""
        now = self.scheme
        verdicts, reasons = ({one.key for one in kinds} for kinds in (chosen.verdicts, chosen.reasons))
        for noun, carried, keys, present, asked in (
            ("verdicts", "claims on this desk carry", verdicts, {one.key for one in now.verdicts}, _VERDICTS_USED),
            ("reasons", "reviews on this desk give", reasons, {one.key for one in now.reasons}, _REASONS_USED),
        ):
            used = self._rows(asked)
            lost = [f"{row['key']} ({row['n']})" for row in used if row["key"] not in keys]
            if lost:
                raise Refused(
                    f"{where} lacks {noun} that {carried}: {', '.join(lost)}; add them to it with `retired = true`."
                )
            if self._veil.drawn and not keys >= present:
                raise Refused(
                    f"{where} lacks {noun} of the present scheme. Others' work is hidden from you, so nobody says "
                    f"which are in use: add all {noun} of the present scheme to it with `retired = true`."
                )

    # -- what is handed in ------------------------------------------------------------------------------------

    def _seen(self, claim: Claim | str) -> Claim:
        return self.claim(claim) if isinstance(claim, str) else claim

    def _checked(self, details: Mapping[str, object], allowed: tuple[str, ...]) -> Patch:
        types = [kind.key for kind in self.scheme.types] if "types" in details else []
        return fields.checked(details, allowed, types)
