"""Corrections: a new version of an article's text, to which claims, sweeps and what was said of spans move along.

A correction is planned first: pure arithmetic on two texts and the places of all items. It is then written as one
action. What nobody may see moves along too; counts tell only of what may be seen.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from store.access.session import Row, Session
from store.check.articles import Articles, must_be_storable
from store.check.correction_fates import Fate, MoveCounts, fate_of, move_counts
from store.check.pages import Pages
from store.errors import Refused, Unknown
from store.garbage_collector import collector_at_rest
from store.log import clock
from store.log.kinds import KINDS, SPANS, Patch
from store.log.log import Edit
from store.person import Person
from store.records import Article
from store.text.anchor import CONTEXT
from store.text.article_draft import Original
from store.text.quotations import quoted
from store.text.reanchor import MOVED, VANISHED, Reanchoring
from store.text.shorten import shorten
from store.text.triage import knows

RESTORED = "restored"
"""The answer of a transfer whose item has its old words again."""

MANY_ITEMS = 500
"""Items that are written in one transaction; more, in several."""

_BLOCK_SECONDS = 0.08
"""Seconds that others may have to wait for one block of a long correction."""
_TRIES = 3
_MUCH = 200_000  # code points


class Version(NamedTuple):
    """One wording of an article. ``number`` counts from 1; ``parent`` is the id of the one it corrects, or empty."""

    id: str
    article: str
    number: int
    parent: str
    sha: str  # SHA-256 of its text in UTF-8
    by: Person
    created: int


class Elsewhere(NamedTuple):
    """What lies on a text that does not stand any more, as it came in after that was corrected or taken back."""

    claims: int
    sweeps: int

    def __bool__(self) -> bool:
        return any(self)

    def __str__(self) -> str:
        """In words: ``2 claims and 1 sweep``."""
        kinds = zip(self, ("claim", "sweep"), strict=True)
        return " and ".join(f"{count:,} {one}{'s' * (count != 1)}" for count, one in kinds if count)


class Plan(NamedTuple):
    """A correction that is not written yet, as far as you may see it. ``version`` is the id of the new version.

    ``language`` is that of the article; ``knows`` whether small changes can be told in it. ``original`` is what the
    text was read from, and is kept with it.
    """

    article: Article
    text: str
    version: str
    number: int
    fates: tuple[Fate, ...]
    counts: MoveCounts
    language: str
    knows: bool
    original: Original | None = None


class _Draft(NamedTuple):
    """A plan with all that nobody may see: ``basis`` is what it was made from, as it stood."""

    article: Article
    text: str
    version: str
    number: int
    fates: tuple[Fate, ...]
    basis: frozenset[tuple[str, str, str]]
    language: str
    instead: tuple[str, ...]
    original: Original | None = None


class Corrections:
    """The versions of articles, and what a new one does to all that lies on the text."""

    def __init__(self, session: Session, articles: Articles, pages: Pages) -> None:
        self._session = session
        self._articles = articles
        self._pages = pages
        self._drafts: dict[str, _Draft] = {}
        """What was planned last, by the id of the version: it is written without being planned twice."""

    # -- versions ---------------------------------------------------------------------------------------------

    def versions(self, article: Article | str) -> list[Version]:
        """The versions of an article, the oldest first."""
        article = self._articles.get(article)
        rows = self._session.rows(
            'SELECT id, article, number, parent, text, "by", created FROM versions'
            " WHERE article = ? AND deleted = 0 AND number > 0 ORDER BY number, born",
            article.id,
        )
        return [
            Version(
                row["id"], row["article"], row["number"], row["parent"], row["text"], self._session.person(row["by"]),
                row["created"],
            )
            for row in rows
        ]  # fmt: skip

    def version(self, article: Article | str, number: int) -> Version:
        """A version of an article by its number.

        Raises:
            Unknown: it has no such version.
        """
        found = self.versions(article)
        for one in reversed(found):
            if one.number == number:
                return one
        title = quoted(shorten(self._articles.get(article).title))
        has = f"versions 1 to {found[-1].number}" if len(found) > 1 else "one version"
        raise Unknown(f"{title} has no version {number}: it has {has}.")

    def difference(
        self, article: Article | str, old: int | None = None, new: int | None = None
    ) -> list[tuple[str, str]]:
        """What changed between two versions, by their numbers: stretches as pairs of what stood and what stands.

        White space that is spaced otherwise does not count.

        Args:
            article: the article, or what people call it.
            old: the older version; None: the one before the newer.
            new: the newer version; None: the newest.

        Raises:
            Unknown: it has no such version.
            Refused: it has only one.
        """
        found = self.versions(article)
        if len(found) == 1 and old is None:
            raise Refused(f"{quoted(shorten(self._articles.get(article).title))} has only one version so far.")
        later = self.version(article, new) if new is not None else found[-1]
        before = self.version(article, old if old is not None else max(1, later.number - 1))
        return self.between(before, later)

    def between(self, before: Version, later: Version) -> list[tuple[str, str]]:
        """As `difference`, of two versions."""
        from store.text.word_difference import difference

        one, other = (self._articles.text(version.sha) for version in (before, later))
        return [
            (after if part.same else one[part.start : part.end], after)
            for part in difference(one, other)
            for after in [other[part.new_start : part.new_end]]
        ]

    # -- planning ---------------------------------------------------------------------------------------------

    def choose(self, article: Article, text: str, instead: Iterable[str]) -> Plan:
        """Make a text the newest version of an article, instead of other corrections of it (ids of versions); all that
        lies on any version goes along by the same rule, in one step of undo."""
        draft = self._draft(article, text, tuple(sorted(instead)))
        self._drafts = {draft.version: draft}
        return self.correct(self._shown(draft))

    def plan(self, article: Article | str, text: str, original: Original | None = None) -> Plan:
        """What would become of everything on an article if its text were this one. Nothing is written.

        Args:
            article: the article, or what people call it.
            text: the corrected text, mended as ``store.formats.articles`` does.
            original: what it was read from, to be kept with the new version.

        Raises:
            Refused: the text is empty, cannot be stored, or is the one that stands; or another correction of the
                article was broken off.
        """
        draft = self._draft(self._articles.get(article), text)._replace(original=original)
        self._drafts = {draft.version: draft}
        return self._shown(draft)

    def behind(self, article: Article | str) -> Elsewhere:
        """What you may see that lies on another text, because it came in after that was corrected or taken back.

        `plan` with the text as it stands says where it goes, and `carry_over` does it.
        """
        article = self._articles.get(article)
        rows = [row for row in self._items(article, article.version) if not row["deleted"] and not row["left"]]
        seen = self._seen(row["id"] for row in rows)
        return Elsewhere(
            *(sum(row["kind"] == kind and row["id"] in seen for row in rows) for kind in ("claims", "sweeps"))
        )

    def takes_long(self, article: Article | str) -> bool:
        """Whether a correction now would be written in several transactions, or much text be compared."""
        article = self._articles.get(article)
        return len(self._articles.text(article)) > _MUCH or len(self._items(article, "")) > MANY_ITEMS

    def carry_over(self, article: Article | str, progress: Callable[[int, int], None] | None = None) -> Plan:
        """Carry what came in on another text of an article over to the text as it stands, in one step of undo.

        Raises:
            Refused: nothing lies on another text.
        """
        article = self._articles.get(article)
        return self.correct(self.plan(article, self._articles.text(article)), progress)

    def _shown(self, draft: _Draft) -> Plan:
        """What may be seen of a draft."""
        seen = self._seen(one.id for one in draft.fates)
        fates = tuple(one for one in draft.fates if one.id in seen)
        return Plan(
            draft.article, draft.text, draft.version, draft.number, fates, move_counts(fates), draft.language,
            knows(draft.language), draft.original,
        )  # fmt: skip

    def _seen(self, items: Iterable[str]) -> set[str]:
        """Those of some items that are there and that you may see."""
        asked = "SELECT id FROM {} WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))"
        ids = json.dumps(list(items))
        return {row["id"] for kind in SPANS for row in self._session.rows(asked.format(kind), ids)}

    def _draft(self, article: Article, text: str, instead: tuple[str, ...] = ()) -> _Draft:
        must_be_storable(text)
        sha = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        half = self._half(article)
        if half and half["text"] != sha:
            raise Refused(
                f"A correction of {quoted(shorten(article.title))} was interrupted: run it again with the same text, "
                "or undo it, and then correct it."
            )
        stands = sha == article.sha and not instead
        made_of = (article.id, article.version, sha, *instead)
        version = article.version if stands else clock.derived("version", *made_of)
        rows = self._items(article, version)
        if stands and not rows:
            title = quoted(shorten(article.title))
            raise Refused(f"That is the text of {title} as it stands: there is nothing to correct.")
        fates, language = self._fates(article, text, rows)
        number = article.version_number + (not stands)
        return _Draft(article, text, version, number, tuple(fates), _basis(rows), language, instead)

    def _half(self, article: Article) -> Row | None:
        """A correction that was broken off while its items were being written."""
        rows = self._session.rows(
            "SELECT id, text FROM main.versions WHERE article = ? AND number = 0 AND deleted = 0", article.id
        )
        return rows[0] if rows else None

    def _items(self, article: Article, version: str) -> list[Row]:
        """All that lies on an article's versions and has not come to ``version``, beneath the veil.

        ``open`` is the first quote of those that were changed and wait, ``left`` whether it was left behind before.
        """
        found: list[Row] = []
        for kind in SPANS:
            claim = "x.id" if kind == "claims" else "x.claim" if "claim" in KINDS[kind].columns else "''"
            owner = "x" if "article" in KINDS[kind].columns else "c"
            join = "" if owner == "x" else "JOIN main.claims c ON c.id = x.claim"
            found += self._session.rows(
                f"SELECT '{kind}' AS kind, x.id, {claim} AS claim, x.version, x.start, x.\"end\", x.quote, x.heads,"
                f" x.deleted, {_WAITS} AS open, {_LEFT} AS left FROM main.{kind} x {join}"
                f" WHERE {owner}.article = ?1 AND x.version NOT IN ('', ?2) AND x.\"end\" > 0"
                f" AND NOT EXISTS (SELECT 1 FROM main.transfers t WHERE t.item = x.id AND t.version = ?2"
                f" AND t.deleted = 0 AND t.outcome = 'vanished') ORDER BY x.id",
                article.id,
                version,
            )
        return found

    def _fates(self, article: Article, text: str, rows: Sequence[Row]) -> tuple[list[Fate], str]:
        from store.text.interpretation import interpretation

        by_version: dict[str, list[Row]] = {}
        for row in rows:
            by_version.setdefault(row["version"], []).append(row)
        language = interpretation(text, article.language, article.lines).language
        fates: list[Fate] = []
        for version, some in by_version.items():
            old = self._articles.text_of_version(version)
            landings = Reanchoring(old, text).all((row["start"], row["end"]) for row in some)
            for row, landing in zip(some, landings, strict=True):
                if not ((row["deleted"] or row["left"]) and landing.outcome != MOVED):
                    fates.append(fate_of(row, landing, old, text, language))
        return fates, language

    # -- writing ----------------------------------------------------------------------------------------------

    @collector_at_rest()
    def correct(self, plan: Plan, progress: Callable[[int, int], None] | None = None) -> Plan:
        """Write a correction as one step of undo. What has changed since it was planned is planned again.

        More than 500 items are written in short transactions, so that others can save between them; the new version
        is the one that is shown once the last of them is written. Broken off, it goes on when it is run again.

        Args:
            plan: what `plan` gave.
            progress: told the items written and all there are, after each transaction.

        Returns:
            The plan as it was written.

        Raises:
            Refused: the article has been corrected otherwise meanwhile, or the desk cannot be written.
        """
        self._session.check_writable()
        draft = self._drafts.get(plan.version) or self._draft(plan.article, plan.text)
        draft = draft._replace(original=plan.original)
        if draft.original:
            self._pages.keep([draft.original])
        half = self._half(draft.article)
        if half or len(draft.fates) > MANY_ITEMS:
            self._in_blocks(draft, half, progress)
            return self._shown(draft)
        for _ in range(_TRIES):
            with self._session.writing():
                if self._stands(draft):
                    self._write(draft, draft.fates, draft.number)
                    return self._shown(draft)
            draft = self._anew(draft)
        with self._session.writing():
            draft = self._anew(draft)
            self._write(draft, draft.fates, draft.number)
        return self._shown(draft)

    def _anew(self, draft: _Draft) -> _Draft:
        made = self._draft(self._articles.get(draft.article.id), draft.text, draft.instead)
        return made._replace(original=draft.original)

    def _stands(self, draft: _Draft) -> bool:
        """Whether nothing that a plan is about has changed since it was made."""
        self._must_be_newest(draft)
        return _basis(self._items(draft.article, draft.version)) == draft.basis

    def _must_be_newest(self, draft: _Draft) -> None:
        now = self._articles.get(draft.article.id)
        if now.version != draft.article.version:
            raise Refused(
                f"{quoted(shorten(now.title))} has been corrected since you looked (version {now.version_number}): "
                "look at it again."
            )

    def _write(self, draft: _Draft, fates: Iterable[Fate], number: int) -> None:
        """Write some items of a correction, and the version with its number; inside `writing` alone."""
        edits: list[Edit] = []
        if number >= 0 and draft.version != draft.article.version:
            sha = hashlib.sha256(draft.text.encode()).hexdigest()
            self._session.log.keep({sha: draft.text})
            values: Patch = {
                "article": draft.article.id, "number": number, "text": sha, "parent": draft.article.version,
            }  # fmt: skip
            if draft.instead:
                values["instead"] = list(draft.instead)
            if self._session.log.row("versions", draft.version):
                values["deleted"] = 0
            edits.append(Edit("versions", draft.version, values))
            if draft.original and number:
                page = Pages.edit(draft.version, draft.original)
                back = self._session.log.row("pages", str(page.item))  # the version was undone, and comes back
                edits.append(page._replace(values={**page.values, "deleted": 0}) if back else page)
        fates = list(fates)
        told = [one for one in fates if one.outcome != MOVED]
        ids = [clock.derived("transfer", one.id, draft.version) for one in told]
        known = self._session.log.heads("transfers", ids)
        for one in fates:
            if one.outcome != VANISHED:
                edits.append(Edit(one.kind, one.id, self._span(draft, one)))
        for one, id in zip(told, ids, strict=True):
            said: Patch = {
                "item": one.id, "kind": one.kind, "version": draft.version, "outcome": one.outcome,
                "reason": one.reason, "before": one.before,
            }  # fmt: skip
            edits.append(Edit("transfers", id, said | ({"deleted": 0, "answer": ""} if id in known else {})))
        edits += self._restored([one.id for one in fates if one.restored])
        edits += self._answers(draft, [one for one in fates if one.kind == "reviews" and one.outcome != VANISHED])
        self._session.write(edits)

    def _span(self, draft: _Draft, fate: Fate) -> Patch:
        text, start, end = draft.text, fate.start, fate.end
        span: Patch = {"version": draft.version, "start": start, "end": end, "quote": text[start:end]}
        if "prefix" in KINDS[fate.kind].columns:
            span |= {"prefix": text[max(0, start - CONTEXT) : start], "suffix": text[end : end + CONTEXT]}
        return span

    def _restored(self, items: Sequence[str]) -> list[Edit]:
        """The answers to what waits for items whose old words are back."""
        if not items:
            return []
        rows = self._session.rows(
            "SELECT id FROM main.transfers WHERE deleted = 0 AND answer = '' AND outcome <> 'carried'"
            " AND item IN (SELECT value FROM json_each(?))",
            json.dumps(items),
        )
        return [Edit("transfers", row["id"], {"answer": RESTORED}) for row in rows]

    def _answers(self, draft: _Draft, reviews: Sequence[Fate]) -> list[Edit]:
        """Answers hold the span of the review as it was answered: where that moves they say so."""
        if not reviews:
            return []
        spans = {one.id: (one.start, one.end) for one in reviews}
        edits = []
        for row in self._session.rows(
            "SELECT id, review, seen FROM main.answers"
            " WHERE deleted = 0 AND review IN (SELECT value FROM json_each(?))",
            json.dumps(list(spans)),
        ):
            seen = json.loads(row["seen"] or "[]")
            if isinstance(seen, list) and len(seen) == 8:
                seen[3:5] = spans[row["review"]]
                said = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
                edits.append(Edit("answers", row["id"], {"seen": said}))
        return edits

    def _in_blocks(self, draft: _Draft, half: Row | None, progress: Callable[[int, int], None] | None) -> None:
        """Write a long correction block by block under one action, its version's number with the last."""
        begun = self._session.log.entries(items=[half["id"]])[-1].action if half else ""
        at, size = 0, 50
        with self._session.one_step(begun):
            with self._session.writing():
                self._must_be_newest(draft)
                self._write(draft, (), 0)
            while at < len(draft.fates):
                block = draft.fates[at : at + size]
                began = time.monotonic()
                try:
                    with self._session.writing():
                        self._must_be_newest(draft)
                        self._write(draft, self._unchanged(block), -1)
                except Refused as refusal:
                    by_now = f"{at:,} of {len(draft.fates):,} items are moved; run it again for the rest, or undo it"
                    raise refusal.but(by_now) from refusal
                at += len(block)
                took = max(time.monotonic() - began, 0.001)
                size = max(25, min(MANY_ITEMS, int(len(block) * _BLOCK_SECONDS / took)))
                if progress:
                    progress(at, len(draft.fates))
            with self._session.writing():
                self._must_be_newest(draft)
                rest, _ = self._rest(draft)
                self._write(draft, rest, draft.number)

    def _rest(self, draft: _Draft) -> tuple[list[Fate], str]:
        """What was tagged or changed while a long correction was being written."""
        rows = self._items(draft.article, draft.version)
        rows = [row for row in rows if not row["deleted"] and not row["left"]]
        return self._fates(draft.article, draft.text, rows) if rows else ([], "")

    def _unchanged(self, block: Sequence[Fate]) -> list[Fate]:
        """Those that nobody has changed since they were planned; the others are planned again at the end."""
        by_kind: dict[str, list[str]] = {}
        for one in block:
            by_kind.setdefault(one.kind, []).append(one.id)
        held = {id: heads for kind, ids in by_kind.items() for id, heads in self._session.log.heads(kind, ids).items()}
        return [one for one in block if held.get(one.id) == one.heads]


_WAITS = (
    "(SELECT t.before FROM main.transfers t WHERE t.item = x.id AND t.deleted = 0 AND t.answer = ''"
    " AND t.outcome = 'changed' ORDER BY t.born LIMIT 1)"
)
_LEFT = (
    "EXISTS (SELECT 1 FROM main.transfers t WHERE t.item = x.id AND t.deleted = 0 AND t.outcome = 'vanished'"
    " AND t.answer IN ('', 'kept'))"
)


def _basis(rows: Iterable[Row]) -> frozenset[tuple[str, str, str]]:
    return frozenset((row["kind"], row["id"], row["heads"]) for row in rows)
