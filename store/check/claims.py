"""Checking: adding articles, tagging claims, giving verdicts, sweeping and commenting."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from store.access import fields
from store.access.permissions import Permissions
from store.access.session import Row, Session
from store.check.articles import ANY_ID, Articles
from store.check.assignments import Assignments
from store.check.transfers import RETAGGED, answered
from store.errors import Duplicate, TaggedByAnother, Unknown
from store.log import verdict_requirements
from store.log.claim_status import STANDING, claim_name, read_claim_name
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import MISSED, Article, Claim
from store.reports import Checked
from store.scheme import Lack
from store.text import anchor, trim
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.text.similar_words import lengths, nearest
from store.text.span_pieces import pieces_of
from store.text.units import Span
from store.vocabulary import Role

if TYPE_CHECKING:
    from store.check.facts import Facts


WORDS_CHANGED = Lack("again", "its words were changed: check it again")
"""What a claim lacks that a correction has changed, until somebody has looked at it."""


_STANCES = "(SELECT group_concat(e.stance) FROM evidence e WHERE e.claim = c.id AND e.deleted = 0)"

_JUSTIFIED = f"trim(c.justification, {verdict_requirements.BLANK}) <> ''"

_AT_A_TIME = 100
"""How many claims are read by one query where nothing is to be held up."""

_OnText = Article | Claim | str
_MOOT = "EXISTS (SELECT 1 FROM adjudications j WHERE j.id = c.adjudication_id AND j.stands = 0)"
"""Settled as not in the settled set: a claim that asks for no verdict."""


class Claims:
    """The claims that people have tagged."""

    def __init__(self, session: Session, may: Permissions, articles: Articles, assignments: Assignments) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._assignments = assignments

    # -- claims -----------------------------------------------------------------------------------------------

    def tag(self, article: _OnText, start: int, end: int, *, own: bool = False, **details: object) -> Claim:
        """Tag ``text[start:end]`` (code points) as a claim.

        Args:
            article: the article, what people call it, or a claim that lies on the same text.
            start: its first code point.
            end: one past its last.
            own: tag the span even where somebody else has tagged it: their claim is theirs, this one is yours.
            **details: as in ``edit``. Another ``claim_text`` makes another claim on the same span: another fact.

        Raises:
            TaggedByAnother: somebody else's claim is on the very span, with the same claim text or where either has
                none, and ``own`` was not said.
            Duplicate: you have tagged it already, with that claim text or when none is given; the exception carries
                that claim.
            Refused: the span is empty, outside the text, or inside a grapheme, a field is not valid, your set on the
                article is submitted, or its text was corrected after ``article`` was read.
        """
        return self.add(article, start, end, details, own=own)

    def add(
        self,
        article: _OnText,
        start: int,
        end: int,
        details: Mapping[str, object],
        *,
        own: bool = False,
        missed_by: str = "",
        origin: str = "",
        pieces: str = "",
    ) -> Claim:
        """Tag a span, or report that it is missing from somebody's set (``missed_by``, an id); ``origin`` says of what
        the claim is made, ``pieces`` where the pieces of the span lie, as ``store.text.span_pieces`` spells it."""
        with self._session.writing() as me:
            article = self._articles.as_read(article)
            self._may.must_be_open(article.id, Role.REVIEWER if missed_by else Role.CHECKER)
            if not missed_by:
                self._assignments.join_the_blind(article.id, me)
            place: Patch = {**self.span(article, start, end)}
            said = self._checked(details, fields.CLAIM)
            self._refuse_twins(article, place, str(said.get("claim_text", "")), me, own, missed_by)
            rows = self._session.rows(
                "SELECT coalesce(max(number), 0) + 1 AS number FROM claims WHERE article = ?", article.id
            )
            place |= {"article": article.id, "number": rows[0]["number"], "origin": MISSED if missed_by else origin}
            place |= {"pieces": pieces} if pieces else {}
            written = self._session.write([Edit("claims", None, place | said)])
        return self.get(written.items[0])

    def _refuse_twins(self, article: Article, place: Patch, text: str, me: str, own: bool, missed_by: str) -> None:
        """Refuse what is tagged already: by you, in the set it is missing from, or by others you may see."""
        there = self._on_span(article.version, place["start"], place["end"])
        own = own or any(row["by"] == me for row in there)
        for row in there:
            mine = row["by"] == me
            if text and row["claim_text"] not in ((text,) if mine else (text, "")):
                continue  # another fact
            said = row["by"] == missed_by or row["origin"] == MISSED
            if mine or (said if missed_by else not own):
                twin = self.get(row["id"])
                by = "" if mine else f" by {twin.checker}"
                kind = TaggedByAnother if row["by"] != me and not missed_by else Duplicate
                raise kind(f"{quoted(shorten(twin.quote))} is already tagged as {twin.name}{by}.", twin)

    def chosen(
        self, article: Article | str, start: int, end: int, leftover: bool = False, *, missed: bool = False
    ) -> Span:
        """What is tagged of words that are chosen by hand: no punctuation around them, nor a leftover's conjunction.

        `tag` takes the very span it is given; this is asked before.

        Args:
            article: the article.
            start: the first code point chosen.
            end: one past the last.
            leftover: they are a leftover: what is left of a sentence that is read in part.
            missed: they are to be reported as missing.

        Raises:
            TaggedByAnother: somebody else's claim holds these words already, with other marks around them, such as a
                full stop, and none of yours does.
            Duplicate: a claim of your own does or, with ``missed``, anybody's; the exception carries it.
            Refused: what is chosen is empty, outside the text, or inside a grapheme.
        """
        article = self._articles.as_read(article)
        seen = self._articles.shown(article)
        anchor.make(seen.source, start, end)
        if not seen.words(start, end).strip():  # as it is written, what people do not see can be chosen, too
            from store.text.shown_text import Shown

            seen = Shown(seen.source)
        place = trim.span(seen.text, *seen.places(start, end))
        if leftover:
            from store.text.clauses import conjunctions
            from store.text.language import spoken

            place = trim.without(seen.text, place, conjunctions(spoken(article.language, seen.text)))
        span = seen.fit(*seen.span(*place))
        self._refuse_same_words(article, seen.source, span, missed)
        return span

    def _refuse_same_words(self, article: Article, text: str, span: Span, missed: bool) -> None:
        """Refuse words that a claim holds already where only the marks around them differ."""
        for row in self._session.rows(
            'SELECT id, "by", start, "end" FROM claims WHERE version = ? AND deleted = 0'
            ' AND start BETWEEN ? AND ? AND (start <> ? OR "end" <> ?) ORDER BY "by" <> ?, born',
            article.version, *trim.between_words(text, span[0]), *span, self._session.me,
        ):  # fmt: skip
            if trim.same_words(text, (row["start"], row["end"]), span):
                twin, mine = self.get(row["id"]), row["by"] == self._session.me
                by = "" if mine else f" by {twin.checker}"
                kind = Duplicate if mine or missed else TaggedByAnother
                raise kind(f"{twin.name}{by} holds these words already.", twin)

    def claimants(self) -> list[str]:
        """Who is said on the desk to claim something, who most often first."""
        return [
            row["claimant"]
            for row in self._session.rows(
                "SELECT claimant FROM claims WHERE deleted = 0 AND claimant <> ''"
                " GROUP BY claimant ORDER BY count(*) DESC, claimant"
            )
        ]

    def near_copy(self, claim: Claim | str) -> Claim | None:
        """Another claim of the article whose words are nearly the same, if you may see one; facts of one span are not.

        Its own claim text is what a claim says, or else its quote.
        """
        claim = self.seen(claim)
        words = claim.claim_text or claim.quote
        found = self._session.tuples(
            "SELECT id, said FROM (SELECT id, born, coalesce(nullif(claim_text, ''), quote) AS said FROM claims"
            ' WHERE version = ? AND deleted = 0 AND (start <> ? OR "end" <> ?))'
            " WHERE length(said) BETWEEN ? AND ? ORDER BY born",
            claim.version, claim.start, claim.end, *lengths(words),
        )  # fmt: skip
        at = nearest(words, [said for _, said in found])
        return None if at is None else self.get(found[at][0])

    def _on_span(self, version: str, start: object, end: object) -> list[Row]:
        """The claims on just that span of a version, your own first."""
        return self._session.rows(
            'SELECT id, "by", claim_text, origin FROM claims WHERE version = ? AND start = ? AND "end" = ?'
            ' AND deleted = 0 ORDER BY "by" <> ?, born',
            version,
            start,
            end,
            self._session.me,
        )

    def span(self, article: Article, start: int, end: int) -> Patch:
        """A span as it is kept: of Markdown, without the marks at its edges whose partners are outside."""
        text = self._articles.text(article)
        found = anchor.make(text, start, end)
        if article.markup:
            found = anchor.make(text, *self._articles.shown(article).fit(start, end))
        return {
            "version": article.version,
            "start": found.start,
            "end": found.end,
            "quote": found.quote,
            "prefix": found.prefix,
            "suffix": found.suffix,
        }

    def refuse_edges(self, claim: Claim, article: Article, span: Patch) -> None:
        """Refuse edges that would make a claim the same as another one of its checker's."""
        by = claim.checker.id
        for row in self._on_span(article.version, span["start"], span["end"]):
            if row["id"] != claim.id and (row["by"], row["claim_text"]) == (by, claim.claim_text):
                twin = self.get(row["id"])
                raise Duplicate(f"{twin.name} already has exactly these edges: {quoted(shorten(twin.quote))}.", twin)

    def move(self, claim: Claim | str, start: int, end: int) -> Claim:
        """Give a claim other edges (code points); it keeps its identity, verdict and evidence.

        Raises:
            Duplicate: another claim of its checker's with the same claim text already has exactly these edges.
            Refused: as for ``tag``; of a record the edges are in the text that it lies on, of an id in the newest.
        """
        read, claim = claim, self.seen(claim)
        with self._session.writing():
            self._session.alive("claims", claim.id)
            article = self._articles.as_read(read if isinstance(read, Claim) else claim.article)
            self._may.must_be_mine(claim.id)
            span = self.span(article, start, end)
            self.refuse_edges(claim, article, span)
            span |= {"pieces": ""} if claim.pieces else {}  # they were those of other edges
            edits = [Edit("claims", claim.id, span, claim.heads), *answered(self._session, claim.id, RETAGGED)]
            self._session.write(edits)
        return self.get(claim.id)

    def edit(self, claim: Claim | str, **details: object) -> Claim:
        """Change a claim's claim_text, claimant, attribution, check_target, types, priority or tags.

        Raises:
            Duplicate: another claim of its checker's on the same span has that claim text already.
            Refused: there is no such field, or its value is not one of those allowed.
        """
        claim = self.seen(claim)
        with self._session.writing():
            self._session.alive("claims", claim.id)
            self._may.must_be_mine(claim.id)
            said = self._checked(details, fields.CLAIM)
            if "claim_text" in said:
                self._refuse_the_same(claim, str(said["claim_text"]))
            self._session.write([Edit("claims", claim.id, said, claim.heads)])
        return self.get(claim.id)

    def _refuse_the_same(self, claim: Claim, text: str) -> None:
        """Refuse a claim text that would make a claim the same as another one of its checker's."""
        by = claim.checker.id
        for row in self._on_span(claim.version, claim.start, claim.end):
            if row["id"] != claim.id and (row["by"], row["claim_text"]) == (by, text):
                twin = self.get(row["id"])
                said = quoted(shorten(text)) if text else "no claim text either"
                raise Duplicate(f"{twin.name} stands on the same words with {said}: give them different ones.", twin)

    # -- the facts of one span --------------------------------------------------------------------------------

    def facts(self, claim: Claim | str) -> list[str]:
        """The sentences of a claim's text, or else of its quote: what to begin with when it is split."""
        from store.text.sentences import sentences

        claim = self.get(claim)
        said = claim.claim_text or claim.quote_shown
        language = self._articles.get(claim.article).language
        return [" ".join(said[start:end].split()) for start, end in sentences(said, language)] or [said]

    def split(self, claim: Claim | str, texts: Iterable[str]) -> list[Claim]:
        """Divide your claim into several on the same span, one for each fact, in one step of undo.

        The claim itself takes the first text and keeps evidence, comments and, if that is its text already, its
        verdict; a verdict on the whole does not stay on a part. The others get its claimant, types, priority and tags.
        One that is there already stays as it is.

        Args:
            claim: your own claim.
            texts: the claim text of each, in words that stand alone; blank ones are left out.

        Raises:
            Refused: they are not two different texts, the claim is not yours or is settled, or your set is submitted.
        """
        return self._facts.split(self.get(claim), texts)

    def merge(self, claims: Sequence[Claim | str]) -> Claim:
        """Join claims of one checker on the same span into the first of them, in one step of undo.

        Its text is all of theirs; evidence, comments, types and tags of all are kept. A verdict stays if all have the
        same; justifications stand one below the other. The other claims are deleted.

        Raises:
            Refused: they are not several claims of one person on just the same words, somebody else has judged one that
                would go, or they may not be changed.
        """
        return self._facts.merge([self.get(claim) for claim in claims])

    @property
    def _facts(self) -> Facts:
        from store.check.facts import Facts

        return Facts(self._session, self._may, self)

    def seen(self, claim: Claim | str) -> Claim:
        return self.get(claim) if isinstance(claim, str) else claim

    def _checked(self, details: Mapping[str, object], allowed: tuple[str, ...]) -> Patch:
        types = [kind.key for kind in self._session.scheme.types] if "types" in details else []
        return fields.checked(details, allowed, types) if details else {}

    def of(self, article: Article | str) -> list[Claim]:
        """The claims on an article's newest version in text order: by start, the longer first, then by age."""
        article = self._articles.get(article)
        return [
            self.record(row)
            for row in self._session.rows(
                'SELECT * FROM claims_now WHERE article = ? AND version = ? AND deleted = 0 ORDER BY start, -"end", id',
                article.id,
                article.version,
            )
        ]

    def each(self, article: Article) -> Iterator[list[Claim]]:
        """As `of`, a hundred at a time, so that somebody who gives way in between holds up nothing for long."""
        ids = [
            id
            for (id,) in self._session.tuples(
                'SELECT id FROM claims WHERE article = ? AND version = ? AND deleted = 0 ORDER BY start, -"end", id',
                article.id,
                article.version,
            )
        ]
        yield []  # which they are takes a moment of its own
        for first in range(0, len(ids), _AT_A_TIME):
            rows = self._session.rows(
                "SELECT * FROM claims_now WHERE id IN (SELECT value FROM json_each(?)) AND deleted = 0"
                ' ORDER BY start, -"end", id',
                json.dumps(ids[first : first + _AT_A_TIME]),
            )
            yield [self.record(row) for row in rows]

    def get(self, ref: Claim | str, article: Article | str | None = None) -> Claim:
        """Find a claim by its id, or by a name such as ``C7`` within ``article``.

        Raises:
            Unknown: there is no such claim, or it was deleted.
        """
        if isinstance(ref, Claim):
            ref = ref.id
        said = ref.strip()
        if ANY_ID.fullmatch(said):
            rows = self._session.rows("SELECT * FROM claims_now WHERE id = ? AND deleted = 0", said.lower())
        elif article is None:
            short = shorten(said, 40)
            raise Unknown(
                f"“{short}” names a claim only within its article: say which article, or give the claim's id."
            )
        else:
            article = self._articles.get(article)
            named = read_claim_name(said)
            rows = [
                row
                for row in self._session.rows(
                    "SELECT * FROM claims_now WHERE deleted = 0 AND id IN"
                    " (SELECT id FROM claims WHERE article = ? AND number = ?)",
                    article.id,
                    named[0] if named else -1,
                )
                if named and row["name"] == claim_name(*named)
            ]
            if not rows:
                raise Unknown(
                    f"“{shorten(article.title, 40)}” has no claim {shorten(said, 40)}: `factdesk claims` lists them."
                )
        if not rows:
            raise Unknown("That claim is not on this desk. If it was deleted, the person who deleted it can undo that.")
        return self.record(rows[0])

    def record(self, row: Row) -> Claim:
        start, end = row["start"], row["end"]
        return self._session.record(
            Claim, row, checker=self._session.person(row["by"]),
            pieces=pieces_of(row["pieces"], start, end) if row["pieces"] else (),
            quote_shown=self._articles.quote_shown(row["markup"], row["version"], start, end, row["quote"]),
        )  # fmt: skip

    def lacks(self, claim: Claim | str) -> list[str]:
        """What the claim lacks to be checked, as sentences: a verdict, or what its standing verdict requires."""
        ((_, found),) = self.required("c.id = ?", self.get(claim).id)
        return [lack.sentence for lack in found]

    def lacking(self, article: Article | str, claims: Iterable[str] | None = None) -> dict[str, tuple[Lack, ...]]:
        """What the claims of an article lack to be checked, by their ids; claims that lack nothing are left out.

        ``claims`` are the ids of those to ask for; without them, all.
        """
        if claims is None:
            required = self.required("c.article = ?", self._articles.get(article).id)
        else:
            required = self.required("c.id IN (SELECT value FROM json_each(?))", json.dumps(list(claims)))
        return {row["id"]: found for row, found in required if found}

    def checked(self, claims: Iterable[Claim]) -> Checked:
        """Count how many of some claims are checked, and what the others lack."""
        ids = json.dumps([claim.id for claim in claims])
        found = self.required("c.id IN (SELECT value FROM json_each(?))", ids, each=False)
        return Checked.total(Checked.alike(row["n"], (lack.what for lack in lacks)) for row, lacks in found)

    def required(self, where: str, argument: str, *, each: bool = True) -> Iterator[tuple[Row, tuple[Lack, ...]]]:
        """Claims with what each lacks to be checked; not ``each``, but for as many at a time (``n``) as are alike."""
        asked = (
            f"c.verdict, {_JUSTIFIED} AS justified, {_STANCES} AS stances, {_MOOT} AS moot,"
            f" {verdict_requirements.CHECK_AGAIN} AS again"
        )
        which, order = "c.id", 'ORDER BY c.start, -c."end", c.id'
        if not each:
            which, order = "count(*) AS n", "GROUP BY c.article, c.verdict, justified, stances, moot, again"
        rows = self._session.rows(
            f"SELECT c.article, {which}, {asked} FROM claims_now c"
            f" WHERE c.deleted = 0 AND c.{STANDING} AND {where} {order}",
            argument,
        )
        scheme = self._session.scheme
        known: dict[tuple[object, ...], tuple[Lack, ...]] = {}
        for row in rows:
            alike = (row["verdict"], row["justified"], row["stances"])
            if alike not in known:
                stances = (row["stances"] or "").split(",") if row["stances"] else []
                known[alike] = tuple(scheme.missing(row["verdict"], bool(row["justified"]), stances))
            lacks = () if row["moot"] else known[alike]
            yield row, (*lacks, WORDS_CHANGED) if row["again"] else lacks

    def name_of(self, claim: str) -> str:
        """The name of a claim, such as C7, by its id."""
        return self._session.claim_name(claim)

    def may_judge(self, claim: Claim | str) -> None:
        """Refuse what you would say of a claim - a verdict, evidence, a decision - before you are asked for it.

        Raises:
            Refused: the claim is settled, or your own set on its article is submitted.
            Unknown: there is no such claim.
        """
        self.still_open(claim)

    def may_edit(self, claim: Claim | str) -> None:
        """Refuse a change to a claim's fields before you are asked for it.

        Raises:
            Refused: as for `may_judge`, or you review the claim of somebody else.
            Unknown: there is no such claim, or it was deleted meanwhile.
        """
        claim = self.seen(claim)
        self._session.alive("claims", claim.id)
        self._may.must_be_mine(claim.id)

    def still_open(self, claim: Claim | str) -> Claim:
        """The claim as it stands, when what you say of it may change."""
        held = self.get(claim)
        self._may.claim_must_be_open(held.id)
        return held
