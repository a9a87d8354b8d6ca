"""What a file brings to a desk, checked text by text: which article, which words, whose, and whether it is here."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from store.access import fields
from store.access.session import Row
from store.desk import Desk
from store.errors import Refused
from store.formats.articles.plaintext import mended
from store.formats.contract import Cited, Format, Said, Spot, Text
from store.formats.files import Problem
from store.formats.incoming_reviews import is_review, review
from store.formats.offsets import Finder, Placed
from store.log import clock
from store.person import Person
from store.records import Claim
from store.review.suggestions import Suggested, meaning
from store.text import urls
from store.text.anchor import Anchor
from store.text.article_draft import Draft
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.text.span_pieces import spelt

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_LABELS = frozenset({"", "claim", "span", "factual claim", "none"})
"""What files call a claim when they say no more than that it is one."""

_COMPARED = (*fields.CLAIM, "verdict", "note")
Twin = tuple[str, int, int, str, str]
"""What makes two claims the same: version, start, end, person's id, claim text."""


class ClaimIn(NamedTuple):
    """A claim that comes in: its place in the file, and its records in the form ``desk.imports.bring`` takes."""

    where: str
    id: str
    person: str
    start: int
    end: int
    values: dict[str, Any]
    records: tuple[dict[str, Any], ...]
    said: frozenset[str] = frozenset()
    """The ids of those records that are comments in the file."""
    judge: str = ""
    """The id of who gave the verdict, where the file names them."""

    @property
    def retold(self) -> list[dict[str, Any]]:
        """Those of its records that are comments here and reviews in the file."""
        return [one for one in self.records if one["kind"] == "comments" and one["id"] not in self.said]

    def twin(self, version: str) -> Twin:
        """The claim on that version that would be the same."""
        return version, self.start, self.end, self.person, str(self.values.get("claim_text", ""))


class Arrival(NamedTuple):
    """A text that comes in. ``article`` and ``version`` are ids, empty when it is new."""

    text: Text
    draft: Draft
    article: str
    version: str
    brought: tuple[ClaimIn, ...]
    sweeps: tuple[dict[str, Any], ...] = ()
    suggested: tuple[Suggested, ...] = ()


class Arrivals:
    """Checks the texts of a file. ``problems`` are in the order found; ``claims`` and ``fit`` count."""

    def __init__(self, desk: Desk, format: Format, unit: str, suggest: bool = False) -> None:
        """``suggest`` takes all claims as suggestions; what a model made is one anyway."""
        self._desk = desk
        self._suggest = suggest
        self._format = format
        self._unit = unit
        self._now = clock.now()
        self._scheme = desk.scheme
        self._owners: dict[str, str] = {}
        """By the id of a claim that the spots of a text have: whose it is here."""
        self._open: dict[tuple[str, str], str] = {}
        self._seen: set[object] = set()
        self._moved = 0
        self._here: dict[object, Row] = {}
        self.problems: list[Problem] = []
        self.notes: Counter[str] = Counter()
        self.articles = self.claims = self.suggestions = 0
        self._bare = 0
        """New articles in which nothing is marked that can come in."""

    @property
    def rest(self) -> str:
        """What comes in of the file without that which cannot, in words; empty where nothing does."""
        marked, bare = self.claims + self.suggestions, self._bare
        told = f"the other {marked:,} claim{'s' * (marked != 1)}" if marked else ""
        alone = f"{bare:,} article{'s' * (bare != 1)} without claims" if bare else ""
        return " and ".join(filter(None, [told, alone]))

    def afresh(self) -> Arrivals:
        """Checks for reading the same once more, whose problems are known already."""
        return Arrivals(self._desk, self._format, self._unit, self._suggest)

    def finish(self) -> None:
        """Say what is only known in the end."""
        if self._moved:
            self.notes["Words that do not stand where the file says were found near by (#)."] += self._moved

    # -- a text -----------------------------------------------------------------------------------------------

    def take(self, text: Text) -> Arrival | None:
        """Check a text with its spots. None when it cannot come in."""
        where = text.where or "the file"
        try:
            draft = self._draft(text)
            article, version, body = self._place(text, draft)
            if self._format.unit == "none" and not article:
                draft = draft._replace(url="")  # the address is that of the article in which the claim stands
        except Refused as refusal:
            self._refuse(where, refusal)
            return None
        places = Finder(text.text if text.text.strip() else body, body, text.spots, self._format.unit, self._unit)
        if places.note:
            self.problems.append(Problem(where, places.note, mended=True))
        self.articles += 1
        self._here = self.standing(version, []) if version else {}
        keys = json.dumps([spot.key.strip().lower() for spot in text.spots])
        owned = 'SELECT id, "by" FROM main.claims WHERE id IN (SELECT value FROM json_each(?))'
        self._owners = dict(self._desk.session.log.rows(owned, (keys,))) if text.spots else {}
        brought: list[ClaimIn] = []
        suggested: list[Suggested] = []
        for number, spot in enumerate(text.spots, 1):
            named = f"{where}, {spot.key or f'annotation {number}'}"
            try:
                if spot.machine or self._suggest:
                    suggested.append(self._suggested(spot, places, named))
                    continue
                made = self._spot(text, spot, places, named, article, version)
            except Refused as refusal:
                self._refuse(named, refusal)
                continue
            if made is not None:
                brought.append(made)
                self.claims += 1
        self._bare += not (article or brought or suggested)
        sweeps = [one for one in map(lambda sweep: self._sweep(sweep, places, where, text), text.sweeps) if one]
        return Arrival(
            text._replace(spots=(), sweeps=()), draft, article, version, tuple(brought), tuple(sweeps), tuple(suggested)
        )

    def _refuse(self, where: str, refusal: Refused) -> None:
        said = str(refusal).rstrip(".")
        self.problems.append(Problem(where, said))

    def _draft(self, text: Text) -> Draft:
        body, mends = mended(text.text)
        checked = ("published", "language", "url", "lines", "markup")
        said: dict[str, Any] = {name: getattr(text, name) for name in checked}
        for name, value in list(said.items()):
            try:
                fields.checked({name: value}, fields.ARTICLE)
            except Refused:
                self.notes[f"“{shorten(value, 30)}” cannot be an article's {name}; it was left out (#)."] += 1
                said[name] = ""
        title, author, publisher = (fields.clean(word) for word in (text.title, text.author, text.publisher))
        return Draft(body, title, author=author, publisher=publisher, notes=mends, **said)

    def _place(self, text: Text, draft: Draft) -> tuple[str, str, str]:
        """The article and version that a text is on this desk, and the words there; empty ids for a new one.

        Raises:
            Refused: it has no text, and no article here has its address.
        """
        sha = hashlib.sha256(draft.text.encode("utf-8", "surrogatepass")).hexdigest()
        asked = "SELECT a.id, v.id AS version, v.text FROM articles a JOIN versions v ON v.article = a.id"
        asked += " WHERE a.deleted = 0 AND v.deleted = 0 AND {} ORDER BY v.text <> ?, v.number DESC LIMIT 1"
        told: list[tuple[str, str]] = [("a.id = ?", text.key)] if _UUID.fullmatch(text.key) else []
        if draft.url:
            told.append(("a.url IN (SELECT value FROM json_each(?))", json.dumps(urls.spellings(draft.url))))
        for condition, value in (*told, ("v.text = ?", sha)):
            for row in self._desk.session.rows(asked.format(condition), value, sha):
                words = self._desk.articles.text(row["text"])
                if self._format.unit == "none" and draft.text.strip() and draft.text not in words:
                    continue  # a claim in words of its own is an article of its own
                if draft.text.strip() and words != draft.text:
                    self.notes["The text of # articles differs from the one here; the words were looked for."] += 1
                return row["id"], row["version"], words
        if not draft.text.strip():
            raise Refused(
                f"no article here has the address {text.url}: import it first" if text.url else "it has no text"
            )
        return "", "", draft.text

    def _who(self, said: str) -> Person:
        """The person whom a file names; who names nobody means you."""
        return self._desk.session.called(said) if said.strip() else self._desk.reviewer

    # -- a claim ----------------------------------------------------------------------------------------------

    def _spot(self, text: Text, spot: Spot, places: Finder, where: str, article: str, version: str) -> ClaimIn | None:
        placed = self._placed(spot, places, where)
        anchor = placed.anchor
        by = self._who(spot.person)
        person = by.id
        values = self._values(spot)
        if values["note"] and not values["verdict"]:  # nothing to justify: it is a comment
            spot = spot._replace(comments=(Said(values["note"], spot.judge or spot.person), *spot.comments))
        id = self._id(text, spot, anchor, person)
        made = self._records(
            id, by, spot, anchor, values, spelt(placed.fragments, anchor.start, anchor.end), places.text
        )
        self._desk.imports.must_meet(made)
        judge = self._who(spot.judge).id if spot.judge.strip() else ""
        said = {one["id"] for one in made[len(made) - len(spot.comments) :] if one["kind"] == "comments"}
        brought = ClaimIn(where, id, person, anchor.start, anchor.end, values, made, frozenset(said), judge)
        twin = brought.twin(version or hashlib.sha256(text.text.encode("utf-8", "replace")).hexdigest())
        if (twin, repr(values)) in self._seen:
            self.notes["The file has # annotations twice; each came in once."] += 1
            return None
        self._seen.add((twin, repr(values)))
        if article:
            self._may_come(article, by, made[0], brought, version)
        return brought

    def _suggested(self, spot: Spot, places: Finder, where: str) -> Suggested:
        where_it_is = self._placed(spot, places, where)
        placed = where_it_is.anchor
        by = self._who(spot.person) if spot.person.strip() else self._format.name
        label = spot.label if spot.label.casefold().strip() not in _NO_LABELS else spot.verdict
        score = spot.extra.get("confidence")
        sure = float(score) if isinstance(score, int | float) and 0 <= score <= 1 else None
        origin = f"{self._format.name}:{spot.key}" if spot.key else ""
        at = spot.at if 0 < spot.at <= clock.LATEST else 0
        self.suggestions += 1
        return Suggested(
            placed.start, placed.end, by, label, spot.claim_text, spot.note, sure, origin, at, where_it_is.fragments
        )

    def _placed(self, spot: Spot, places: Finder, where: str) -> Placed:
        """Where a spot stands; that it had to be found is told."""
        placed = places.place(spot)
        if placed.mend:
            self._moved += 1
            self.problems.append(Problem(where, placed.mend, mended=True))
        return placed

    def _values(self, spot: Spot) -> dict[str, Any]:
        """A claim's fields as a desk stores them, with the verdict and its justification (``note``)."""
        verdict, types, tags = self._labelled(spot)
        said = {
            "claim_text": spot.claim_text, "claimant": spot.claimant, "attribution": spot.attribution,
            "check_target": spot.check_target, "types": types, "priority": spot.priority, "tags": tags,
        }  # fmt: skip
        values = fields.checked({name: value for name, value in said.items() if value}, fields.CLAIM)
        found: dict[str, Any] = {**values, "verdict": verdict, "note": fields.clean(spot.note)}
        if verdict and not self._scheme.verdict(verdict).known:
            self.notes[f"The scheme has no verdict “{shorten(verdict)}”; it is kept (#) and shown as ?{verdict}."] += 1
        for kind in found.get("types", ()):
            if not self._scheme.type(kind).known:
                self.notes[f"The scheme has no claim type “{shorten(kind)}”; it is kept (#)."] += 1
        return found

    def _labelled(self, spot: Spot) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """Verdict, types and tags; a label that says more than *claim* is a verdict, a type, or else a tag."""
        verdict = fields.clean(spot.verdict).strip()
        verdict = meaning(self._scheme, verdict).verdict or verdict
        label = fields.clean(spot.label).strip()
        if label.casefold() in _NO_LABELS:
            return verdict, spot.types, spot.tags
        found = meaning(self._scheme, label)
        if found.verdict and verdict:
            return verdict, spot.types, spot.tags
        types, tags = (*spot.types, *filter(None, [found.type])), (*spot.tags, *filter(None, [found.tag]))
        return found.verdict or verdict, tuple(dict.fromkeys(types)), tuple(dict.fromkeys(tags))

    def _id(self, text: Text, spot: Spot, anchor: Anchor, person: str) -> str:
        """The claim's id: its own, when it comes from a desk, else made of its id in the file, and so the same."""
        key = spot.key.strip().lower()
        if _UUID.fullmatch(key):
            id = key if self._owners.get(key, person) == person else clock.derived("claim", key, person)
        else:
            about = key or f"{anchor.start}-{anchor.end}-{spot.claim_text}"
            sha = hashlib.sha256(text.text.encode("utf-8", "replace")).hexdigest()
            id = clock.derived("claim", f"{self._format.name}:{about}", text.url or sha, person)
        while ("id", id) in self._seen:
            id = clock.derived("claim", id, str(anchor.start), str(anchor.end), spot.claim_text)
        self._seen.add(("id", id))
        return id

    def _records(
        self, id: str, by: Person, spot: Spot, anchor: Anchor, values: dict[str, Any], pieces: str, body: str
    ) -> tuple[dict[str, Any], ...]:
        """The records of a claim; ``pieces`` is where those of its span lie in the text ``body``."""
        at = spot.at if 0 < spot.at <= clock.LATEST else self._now
        when = {"by": by, "created": at, "updated": at}
        own = {name: value for name, value in values.items() if name in fields.CLAIM}
        own |= {"pieces": pieces} if pieces else {}
        if spot.key and not _UUID.fullmatch(spot.key.strip().lower()):
            own["origin"] = shorten(f"{self._format.name}:{fields.clean(spot.key)}", 200)
        found: list[dict[str, Any]] = [{"kind": "claims", "id": id, **when, **anchor._asdict(), **own}]
        if values["verdict"]:
            said = {"verdict": values["verdict"], "justification": values["note"]}
            judge = self._who(spot.judge) if spot.judge.strip() else by
            verdict = {"id": clock.derived("verdict", id, judge.id), "claim": id, "reviewer": judge.id}
            found.append({"kind": "verdicts", **verdict, **said, **when, "by": judge})
            if "check_again" in spot.waits:
                found.append({"kind": "transfers", "item": id, **when})
        for number, cited in enumerate(spot.evidence):
            found += _evidence(id, number, cited, when)
        told: list[dict[str, Any]] = []
        here = {one.get("id") for one in found}
        reviewers: set[str] = set()
        for number, heard in enumerate((*spot.reviews, *spot.comments)):
            who = self._who(heard.person)
            if who.id not in reviewers and is_review(heard, who, by, body):
                reviewers.add(who.id)
                made = review(found, heard, who, when | {"by": who} | self._then(heard, at))
                told += [one for one in made if one["id"] not in here]  # their verdict may be the claim's
                continue
            told += self._comment(id, number, heard, who, at)
        found += told
        return tuple(found)

    def _then(self, heard: Said, at: int) -> dict[str, int]:
        """When something was said; as old as the claim where the file does not say."""
        when = heard.at if 0 < heard.at <= clock.LATEST else at
        return {"created": when, "updated": when}

    def _comment(self, claim: str, number: int, heard: Said, by: Person, at: int) -> list[dict[str, Any]]:
        """What somebody said, as a comment: a decision is told in words."""
        told = [heard.decision.replace("_", " "), fields.clean(heard.words).strip()]
        if heard.verdict:
            told.insert(1, self._scheme.verdict(heard.verdict).label)
        body = ": ".join(filter(None, told))
        if not body:
            return []
        id = clock.derived("comment", claim, str(number), body)
        return [{"kind": "comments", "id": id, "claim": claim, "body": body, "by": by, **self._then(heard, at)}]

    def _sweep(self, sweep: Spot, places: Finder, where: str, text: Text) -> dict[str, Any] | None:
        try:
            placed = places.place(sweep)
            by = self._who(sweep.person)
        except Refused as refusal:
            self._refuse(where, refusal)
            return None
        at = sweep.at if 0 < sweep.at <= clock.LATEST else self._now
        edges = {"start": placed.anchor.start, "end": placed.anchor.end, "quote": placed.anchor.quote}
        sha = hashlib.sha256(text.text.encode("utf-8", "replace")).hexdigest()
        made = clock.derived("sweep", sha, by.id, str(edges["start"]), str(edges["end"]))
        id = sweep.key if _UUID.fullmatch(sweep.key) else made
        return {"kind": "sweeps", "id": id, "by": by, "created": at, "updated": at, **edges}

    # -- what is here -----------------------------------------------------------------------------------------

    def _may_come(self, article: str, by: Person, made: dict[str, Any], brought: ClaimIn, version: str) -> None:
        """Refuse what belongs into a submitted set, or what somebody else's claim here says otherwise."""
        row = self._here.get(brought.id) or self._here.get(brought.twin(version))
        row = row or self.standing("", [brought.id]).get(brought.id)
        if row is None:
            if (article, by) not in self._open:
                try:
                    self._desk.imports.may_bring(made | {"article": article})
                    self._open[article, by] = ""
                except Refused as refusal:
                    self._open[article, by] = str(refusal)
            if self._open[article, by]:
                raise Refused(self._open[article, by])
        elif row["by"] != self._desk.session.me:
            other = self.differing(brought, row["id"])
            if other:
                what = ", ".join(name.replace("note", "justification").replace("_", " ") for name in other)
                words = quoted(shorten(str(made["quote"]), 40))
                raise Refused(f"{words} is {by}'s claim here with another {what}: it is not overwritten")

    def standing(self, version: str, ids: Iterable[str]) -> dict[object, Row]:
        """The claims on a version, and those of some ids, by id and by what makes them the same."""
        columns = 'SELECT id, "by", version, start, "end", claim_text FROM main.claims WHERE deleted = 0'
        asked = (
            f"{columns} AND version = ? UNION {columns} AND id IN (SELECT value FROM json_each(?))"  # each by its index
        )
        found: dict[object, Row] = {}
        for id, by, where, start, end, words in self._desk.session.log.rows(asked, (version, json.dumps(list(ids)))):
            found[id] = found[where, start, end, by, words] = {"id": id, "by": by, "start": start, "end": end}
        return found

    def differing(self, brought: ClaimIn, id: str) -> list[str]:
        """The fields in which a claim here is not as the file has it; none when it is hidden from who imports."""
        seen = self._seen_claim(id)
        if seen is None:
            return []
        here = seen._asdict() | {"note": seen.justification}
        wanted = {name: value for name, value in brought.values.items() if name != "note" or brought.values["verdict"]}
        other = [name for name in _COMPARED if name in wanted and _told(wanted[name]) not in ("", _told(here[name]))]
        return [*(["span"] if (brought.start, brought.end) != (seen.start, seen.end) else []), *other]

    def update(self, brought: ClaimIn, here: Row) -> bool:
        """Change your own claim here to what the file has; gives whether anything was to be changed."""
        other = self.differing(brought, here["id"]) if here["by"] == self._desk.session.me else []
        if brought.judge not in ("", here["by"]):  # what somebody else says of your claim is not yours to give
            own = [name for name in other if name not in ("verdict", "note")]
            if own != other:
                self.notes["# verdicts of others on claims that were here already did not come in."] += 1
            other = own
        if not other:
            return False
        if "span" in other:
            self._desk.claims.move(here["id"], brought.start, brought.end)
        details = {name: brought.values[name] for name in other if name in fields.CLAIM}
        if details:
            self._desk.claims.edit(here["id"], **details)
        if {"verdict", "note"} & set(other):
            seen = self._desk.claims.get(here["id"])
            verdict, note = (brought.values[name] for name in ("verdict", "note"))
            self._desk.verdicts.give(seen, verdict or seen.verdict, note or seen.justification)
        return True

    def replies(self, brought: ClaimIn, here: Row) -> list[dict[str, Any]]:
        """The comments of the file on a claim that is here, in the form ``desk.imports.bring`` takes, but for those
        that somebody has made here in these words, or by which they have settled it here."""
        reviews = [one for one in brought.records if one["kind"] == "reviews"]
        by = [one["reviewer"] for one in reviews] + [one["by"].id for one in brought.retold if self.is_new(one)]
        if missing := sum(
            self.is_new({"kind": "reviews", "id": clock.derived("review", here["id"], one)}) for one in by
        ):
            self.notes["# reviews of claims that were here already did not come in."] += missing
        if not brought.said:
            return []
        asked = (
            'SELECT "by", body FROM main.comments WHERE claim = ?1 AND deleted = 0'
            " UNION SELECT reviewer, rationale FROM main.adjudications WHERE claim = ?1 AND deleted = 0"
        )
        there = {(by, body.strip()) for by, body in self._desk.session.log.rows(asked, (here["id"],))}
        told = (one for one in brought.records if one["id"] in brought.said and self.is_new(one))
        found = [one | {"claim": here["id"]} for one in told if (one["by"].id, one["body"]) not in there]
        if found:
            self.notes["Comments on claims that were here already came in (#)."] += len(found)
        return found

    def _seen_claim(self, id: str) -> Claim | None:
        rows = self._desk.session.rows("SELECT * FROM claims_now WHERE id = ? AND deleted = 0", id)
        return self._desk.claims.record(rows[0]) if rows else None

    def sources(self) -> Callable[[dict[str, Any]], bool]:
        """Whether a source must still be written; asked of one block."""
        written: set[str] = set()

        def lacks(source: dict[str, Any]) -> bool:
            id = str(source["id"])
            if id in written:
                return False
            written.add(id)
            return self.is_new(source)

        return lacks

    def is_new(self, record: dict[str, Any]) -> bool:
        """Whether the desk has no such record."""
        asked = f"SELECT 1 FROM main.{record['kind']} WHERE id = ? AND deleted = 0"
        return not self._desk.session.log.rows(asked, (record["id"],))


def _evidence(claim: str, number: int, cited: Cited, when: dict[str, Any]) -> list[dict[str, Any]]:
    """A piece of evidence with its source, if it says one. Raises Refused for what neither can hold."""
    told = cited._asdict()
    about = {name: value for name in fields.SOURCE if (value := told[name])}
    source = fields.checked(about, fields.SOURCE)
    values = fields.checked({name: told[name] for name in fields.EVIDENCE}, fields.EVIDENCE)
    found: list[dict[str, Any]] = []
    id = ""
    if source:
        known = str(source.get("url", ""))
        id = clock.derived("source", urls.canonical(known) if known else f"title {json.dumps(source, sort_keys=True)}")
        found.append({"kind": "sources", "id": id, **source, **when})
    evidence = clock.derived("evidence", claim, str(number), json.dumps(told, sort_keys=True))
    return [*found, {"kind": "evidence", "id": evidence, "claim": claim, "source": id, **values, **when}]


def _told(value: object) -> str:
    """A value as it is compared: lists by their members."""
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value).strip()
