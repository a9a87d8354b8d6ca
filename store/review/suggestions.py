"""Suggestions: what others, or a model, think is a claim, until somebody makes it one.

A suggestion is not a claim: nothing counts it as read or checked, reviews it or exports it as one. Everybody chooses
for themselves: to accept it as a claim of their own, to amend it, or to reject it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from store.access import fields
from store.access.blindness import PASS_DONE
from store.access.permissions import Permissions
from store.access.session import Row, Session
from store.check.articles import ANY_ID, Articles
from store.check.claims import Claims
from store.check.verdicts import Verdicts
from store.errors import Duplicate, Guarded, Refused, Unknown
from store.log import clock
from store.log.kinds import KINDS, Patch
from store.log.log import Edit
from store.records import ACCEPTED, REJECTED, Article, Choice, Claim, Suggestion
from store.scheme import Scheme
from store.text.shorten import shorten
from store.text.span_pieces import Pieces, pieces_of, spelt

AMENDED = "amended"
"""The outcome of a suggestion that became a claim with another span or other words."""

_BEFORE, _AFTER = "before", "after"
"""Whether somebody chose before or after their own pass over the article was submitted."""

ORIGIN = "suggestion:"
"""How the origin of a claim begins that was made of a suggestion; its id follows."""

_SAID = KINDS["suggestions"].parts["said"]
_SPAN = KINDS["suggestions"].parts["span"]


class Suggested(NamedTuple):
    """A suggestion as it is brought to a desk; offsets are code points of the article's newest text."""

    start: int
    end: int
    by: str  # the suggester's name: a person's, or a model's
    label: str = ""  # what they call it: a verdict's or type's key or label, or a word of their own
    claim_text: str = ""
    note: str = ""
    confidence: float | None = None  # 0 to 1
    origin: str = ""  # "format:key": by it the same suggestion is known when it comes again
    at: int = 0  # ms UTC when it was made; 0: now
    pieces: Pieces = ()  # of a span with gaps


class SuggestionsBrought(NamedTuple):
    """What bringing suggestions did: how many are new, say something else now, or were here already."""

    new: int
    changed: int
    known: int


class Meaning(NamedTuple):
    """What a label means in a scheme: the key of a verdict, of a type, or a tag; the others are empty."""

    verdict: str = ""
    type: str = ""
    tag: str = ""


def meaning(scheme: Scheme, label: str) -> Meaning:
    """What a suggester's label means in a scheme: a key or a label, however it is cased, else the name that only one
    verdict has in some other format."""
    word = label.strip().casefold()
    if not word:
        return Meaning()
    for verdict in scheme.active:
        if word in (verdict.key, verdict.label.casefold()):
            return Meaning(verdict=verdict.key)
    called = [verdict.key for verdict in scheme.active if word in map(str.casefold, verdict.export.values())]
    if len(called) == 1:
        return Meaning(verdict=called[0])
    for kind in scheme.types:
        if not kind.retired and word in (kind.key, kind.label.casefold()):
            return Meaning(type=kind.key)
    return Meaning(tag=label.strip())


class Suggestions:
    """What others, or a model, think is a claim."""

    def __init__(
        self, session: Session, may: Permissions, articles: Articles, claims: Claims, verdicts: Verdicts
    ) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._verdicts = verdicts

    # -- reading ----------------------------------------------------------------------------------------------

    def of(self, article: Article | str, *, waiting: bool = False) -> list[Suggestion]:
        """The suggestions on an article's newest version in text order, with what you chose.

        ``waiting``: only those that you have not chosen on. What the scheme keeps until your own pass is done is left
        out; so is what you accepted, as long as the claim that you made of it stands.
        """
        article = self._articles.get(article)
        found = self._found(article.id, "s.version = ?3", article.version)
        return [one for one in found if not waiting or not one.outcome]

    def get(self, ref: Suggestion | str, article: Article | str | None = None) -> Suggestion:
        """Find a suggestion by its id, or by a name such as ``S3`` within ``article``.

        Raises:
            Unknown: there is no such suggestion, or it is hidden from you until your own pass is done.
        """
        said = ref.id if isinstance(ref, Suggestion) else ref.strip()
        if ANY_ID.fullmatch(said):
            rows = self._session.rows("SELECT article FROM suggestions WHERE id = ? AND deleted = 0", said.lower())
            held = self._found(rows[0]["article"], "s.id = ?3", said.lower()) if rows else []
        elif article is None:
            raise Unknown(
                f"“{shorten(said, 40)}” names a suggestion only within its article: say which, or give its id."
            )
        else:
            number = re.fullmatch(r"[Ss]?(\d{1,12})", said)
            held = self._found(self._articles.get(article).id, "n.place = ?3", int(number[1])) if number else []
        if not held:
            about = f"“{shorten(self._articles.get(article).title, 40)}” has" if article is not None else "There is"
            raise Unknown(f"{about} no suggestion {shorten(said, 40)}: `factdesk suggestions` lists them.")
        return held[0]

    def choices(self, suggestion: Suggestion | str, article: Article | str | None = None) -> list[Choice]:
        """What people chose of a suggestion, found as by ``get``, the oldest first.

        A choice whose claim is deleted counts no more.
        """
        rows = self._session.rows(
            "SELECT x.* FROM choices x LEFT JOIN claims c ON c.id = x.taken AND c.deleted = 0"
            " WHERE x.suggestion = ? AND x.deleted = 0 AND x.outcome <> '' AND (x.taken = '' OR c.id IS NOT NULL)"
            " ORDER BY x.born",
            self.get(suggestion, article).id,
        )
        return [self._choice(row) for row in rows]

    def made_into(self, claim: Claim) -> Suggestion | None:
        """The suggestion that a claim was made of, if it was and you may see it."""
        if not claim.origin.startswith(ORIGIN):
            return None
        try:
            return self.get(claim.origin.removeprefix(ORIGIN))
        except Unknown:
            return None

    def hidden(self, article: Article | str) -> bool:
        """Whether the scheme keeps others' suggestions on an article from you until your own pass is done."""
        asked = 'SELECT 1 AS x FROM main.suggestions WHERE article = ? AND deleted = 0 AND "by" <> ? LIMIT 1'
        article = self._articles.get(article)
        first = self._session.scheme.own_pass_first and bool(self._session.rows(asked, article.id, self._session.me))
        return first and not self.of(article)

    # -- bringing ---------------------------------------------------------------------------------------------

    def add_many(self, article: Article | str, suggested: Iterable[Suggested]) -> SuggestionsBrought:
        """Bring suggestions on an article's newest version, in one transaction and one step of undo, which is yours.

        One that comes again, by the same suggester with the same origin, or without one with the same span, label and
        words, is known: what it says now is taken over unless somebody has chosen on it.

        Raises:
            Refused: a span is empty, outside the text or inside a grapheme, a name or a confidence is not valid; then
                none is brought.
        """
        article = self._articles.get(article)
        with self._session.writing():
            made = {id: edit for id, edit in (self._edit(article, one) for one in suggested)}
            held = self._session.log.held("suggestions", list(made))
            chosen = self._chosen(held)
            edits, changed = [], 0
            for id, edit in made.items():
                if (row := held.get(id)) is not None:
                    said = {name: value for name, value in edit.values.items() if row[name] != value}
                    if not said or id in chosen:
                        continue
                    edit, changed = edit._replace(values=said, at=None), changed + 1
                edits.append(edit)
            if any(edit.reviewer != self._session.me for edit in edits):
                self._session.open_action()
            if edits:
                self._session.write(edits)
        new = len(made) - len(held)
        return SuggestionsBrought(new, changed, len(held) - changed)

    def _edit(self, article: Article, one: Suggested) -> tuple[str, Edit]:
        """The edit that makes a suggestion, and its id, which is the same whenever it comes again."""
        if one.confidence is not None and not (math.isfinite(one.confidence) and 0 <= one.confidence <= 1):
            raise Refused(f"A confidence is a number from 0 to 1, not {one.confidence}.")
        by = self._session.join(one.by)
        said: Patch = {"label": one.label, "claim_text": one.claim_text, "note": one.note}
        said = {name: fields.clean(str(words)).strip() for name, words in said.items()}
        said["label"] = " ".join(str(said["label"]).split())
        said["confidence"] = "" if one.confidence is None else f"{one.confidence:.6g}"
        origin = fields.clean(one.origin).strip()
        place = (origin,) if origin else ("", str(one.start), str(one.end), said["label"], said["claim_text"])
        id = clock.derived("suggestion", article.id, by, *map(str, place))
        values = {"article": article.id, **self._claims.span(article, one.start, one.end), **said, "origin": origin}
        values["pieces"] = spelt(one.pieces, one.start, one.end)
        return id, Edit("suggestions", id, {**values, "deleted": 0}, None, by, one.at or None)

    def _chosen(self, ids: Iterable[str]) -> set[str]:
        asked = (
            "SELECT DISTINCT suggestion FROM main.choices WHERE deleted = 0 AND outcome <> ''"
            " AND suggestion IN (SELECT value FROM json_each(?))"
        )
        return {row["suggestion"] for row in self._session.rows(asked, json.dumps(list(ids)))}

    # -- choosing ---------------------------------------------------------------------------------------------

    def accept(self, suggestion: Suggestion | str) -> Claim:
        """Make a suggestion a claim of your own, in one step of undo.

        The claim has the suggestion's span and claim text, and its origin points back. The label becomes your verdict
        where the scheme has a verdict of that name and does not forbid it yet; else the claim's type, or a tag. If you
        have tagged just that already, your claim counts as made of it.

        Raises:
            Refused: it has become your claim already, stands on an earlier version, or your set is submitted.
        """
        return self._take(self.get(suggestion), None, {})

    def amend(
        self, suggestion: Suggestion | str, start: int | None = None, end: int | None = None, **details: object
    ) -> Claim:
        """Make a suggestion a claim of your own with another span (code points) or other fields, in one step of undo.

        Args:
            suggestion: the suggestion.
            start: the first code point of the claim; None keeps the suggestion's span.
            end: one past its last.
            **details: as in ``desk.claims.edit``; the others are as for ``accept``.

        Raises:
            Refused: as for ``accept``, or as for ``desk.claims.tag``.
        """
        about = self.get(suggestion)
        if isinstance(suggestion, Suggestion) and (start, end) != (None, None):
            self._articles.as_read(suggestion)
        span = (about.start if start is None else start, about.end if end is None else end)
        return self._take(about, span, details)

    def reject(self, suggestion: Suggestion | str) -> Suggestion:
        """Say that a suggestion is not a claim to you. It is kept, and you can still accept it.

        Raises:
            Refused: it has become a claim of yours: delete that instead.
        """
        about = self.get(suggestion)
        with self._session.writing():
            if about.claim:
                name = self._session.claim_name(about.claim)
                raise Refused(f"{about.name} is {name} by now: delete that claim first.")
            self._choose(about, REJECTED, "")
        return self.get(about.id)

    def _take(self, about: Suggestion, span: tuple[int, int] | None, details: Mapping[str, object]) -> Claim:
        with self._session.writing():
            article = self._articles.get(about.article)
            self._session.alive("suggestions", about.id)
            if about.claim:
                name = self._session.claim_name(about.claim)
                raise Refused(f"{about.name} is already yours, as {name}.")
            if about.version != article.version:
                raise Refused(f"{about.name} stands on an earlier version of the text: tag its words as they are now.")
            meant = meaning(self._session.scheme, about.label)
            said: dict[str, object] = {"claim_text": about.claim_text}
            said |= {"types": [meant.type]} if meant.type else {}
            said |= {"tags": [meant.tag]} if meant.tag else {}
            start, end = span or (about.start, about.end)
            origin = f"{ORIGIN}{about.id}"
            try:
                kept = spelt(about.pieces, start, end) if (start, end) == (about.start, about.end) else ""
                details = said | dict(details)
                claim = self._claims.add(article, start, end, details, own=True, origin=origin, pieces=kept)
            except Duplicate as twin:
                claim = twin.claim
            if meant.verdict and not claim.verdict:
                claim = self._judged(claim, meant.verdict)
            same = (claim.start, claim.end, claim.claim_text) == (about.start, about.end, about.claim_text)
            self._choose(about, ACCEPTED if same else AMENDED, claim.id)
        return claim

    def _judged(self, claim: Claim, key: str) -> Claim:
        """The claim with the verdict of a suggestion; without it, where the scheme asks for more first."""
        try:
            self._verdicts.give(claim, key)
        except Guarded:
            return claim
        return self._claims.get(claim.id)

    def _choose(self, about: Suggestion, outcome: str, claim: str) -> None:
        me = self._session.me
        done = self._session.rows(f"SELECT {PASS_DONE} AS x FROM main.suggestions x WHERE x.id = ?", about.id)
        values: Patch = {"suggestion": about.id, "reviewer": me, "outcome": outcome, "taken": claim, "deleted": 0}
        values["own_pass"] = _AFTER if done[0]["x"] else _BEFORE
        self._session.write([Edit("choices", clock.derived("choice", about.id, me), values)])

    # -- records ----------------------------------------------------------------------------------------------

    def _found(self, article: str, where: str, argument: object) -> list[Suggestion]:
        """The suggestions of an article, by its id, for which ``where`` holds of the argument."""
        rows = self._session.rows(_ASKED.format(where=where), article, self._session.me, argument)
        return [self._record(row) for row in rows]

    def _choice(self, row: Row) -> Choice:
        return self._session.record(Choice, row, by=self._session.person(row["reviewer"]), claim=row["taken"])

    def _record(self, row: Row) -> Suggestion:
        shown = self._articles.quote_shown(row["markup"], row["version"], row["start"], row["end"], row["quote"])
        return self._session.record(
            Suggestion, row, name=f"S{row['place']}", confidence=_confidence(row["confidence"]), quote_shown=shown,
            pieces=pieces_of(row["pieces"], row["start"], row["end"]),
        )  # fmt: skip


def _confidence(said: str) -> float | None:
    """What is stored as a number; another program may have written what is none."""
    return float(said) if re.fullmatch(r"[01]|0\.\d{1,12}|\d(\.\d{1,12})?e-\d{1,3}", said) else None


_STANDS = "(x.taken = '' OR c.id IS NOT NULL)"
_ASKED = (
    "SELECT s.*, (SELECT a.markup FROM articles a WHERE a.id = s.article) AS markup, n.place,"
    f" CASE WHEN {_STANDS} THEN coalesce(x.outcome, '') ELSE '' END AS outcome,"
    f" coalesce(c.id, '') AS claim, CASE WHEN {_STANDS} THEN coalesce(x.own_pass, '') ELSE '' END AS own_pass"
    " FROM suggestions s JOIN (SELECT id, row_number() OVER (ORDER BY born) AS place FROM main.suggestions"
    " WHERE article = ?1) n ON n.id = s.id"
    " LEFT JOIN main.choices x ON x.suggestion = s.id AND x.reviewer = ?2 AND x.deleted = 0"
    " LEFT JOIN claims c ON c.id = x.taken AND x.taken <> '' AND c.deleted = 0"
    ' WHERE s.article = ?1 AND s.deleted = 0 AND {where} ORDER BY s.start, -s."end", s.born'
)
"""Suggestions of an article (?1) with what somebody (?2) chose of them."""
