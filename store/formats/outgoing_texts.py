"""A desk as texts with their annotations: what every format is given to write.

It is asked under the veil: what is hidden from who looks is not in it. An article comes with its newest version; an
older version comes by itself when claims lie on it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from store.access.session import Row
from store.desk import Desk
from store.formats.contract import Cited, Said, Spot, Text
from store.formats.csv.claim_columns import CONFLICT, LOOK_AGAIN
from store.text.shown_text import as_seen
from store.text.span_pieces import pieces_of

ANSWERED = "EXISTS (SELECT 1 FROM answers a WHERE a.review = {}.id AND a.deleted = 0 AND a.outcome <> '')"
"""The SQL for whether somebody has answered a review."""

JUDGE = (
    "CASE WHEN c.verdict || c.justification <> '' THEN nullif(coalesce("
    "(SELECT g.reviewer FROM adjudications g WHERE g.id = c.adjudication_id),"
    ' (SELECT g."by" FROM verdicts g WHERE g.id = c.verdict_id)), c."by") END'
)
"""The SQL for the id of who gave a claim ``c`` of ``claims_now`` its verdict; NULL where that is its checker."""

_PAGES = (
    "SELECT a.id, a.title, a.url, a.publisher, a.author, a.published, a.language, a.markup, a.lines,"
    " v.id AS version, v.text AS sha, v.number FROM articles a JOIN versions v ON v.article = a.id AND v.deleted = 0"
    " WHERE a.deleted = 0 {some}"
    " AND (v.id = (SELECT version FROM articles_now WHERE id = a.id)"
    " OR EXISTS (SELECT 1 FROM claims c WHERE c.version = v.id AND c.deleted = 0))"
    " ORDER BY a.published, a.title, a.id, v.number, v.id"
)
_ON = "claim IN (SELECT id FROM claims WHERE version = ? AND deleted = 0) AND deleted = 0"
_EVIDENCE = (
    "SELECT e.claim, e.stance, e.quote, e.locator, e.note, s.url, s.title, s.publisher, s.published, s.retrieved,"
    f" s.archive_url, s.tier, s.origin FROM (SELECT * FROM evidence WHERE {_ON}) e"
    " LEFT JOIN sources s ON s.id = e.source ORDER BY e.born"
)
_COMMENTS = f'SELECT claim, body, "by", created FROM comments WHERE {_ON} ORDER BY born'
_REVIEWS = (
    'SELECT claim, decision, comment, verdict, "by", updated, reason, justification, claim_text, version, start, "end",'
    f" quote, stale, {ANSWERED.format('n')} AS answered FROM reviews_now n WHERE {_ON} ORDER BY born"
)
_CLAIMS = (
    'SELECT c.id, c.name, c.start, c."end", c.quote, c.prefix, c.suffix, c.pieces, c.verdict, c.justification,'
    ' c.claim_text, c.claimant, c.attribution, c.check_target, c.types, c.priority, c.tags, c."by", c.created,'
    f" {CONFLICT.sql} AS contested, {LOOK_AGAIN.sql} AS again, {JUDGE} AS judge,"
    " c.adjudication_id IS NOT NULL AS settled FROM claims_now c"
    ' WHERE c.version = ? AND c.deleted = 0 ORDER BY c.start, c."end", c.id'
)
_SWEEPS = (
    'SELECT id, start, "end", "by", created FROM sweeps WHERE version = ? AND deleted = 0 ORDER BY start, "end", id'
)


def texts(
    desk: Desk, articles: Iterable[str] = (), stated: Callable[[Row], Iterable[bytes]] | None = None
) -> Iterator[Text]:
    """The texts of some articles (ids), or of all, in the order of their dates and titles; offsets in code points.

    What stands in them are spots and sweeps, or what is ``stated`` of an article's version.
    """
    chosen = list(articles)
    some = "AND a.id IN (SELECT value FROM json_each(?))" if chosen else ""
    for page in desk.session.rows(_PAGES.format(some=some), *([json.dumps(chosen)] if chosen else [])):
        if stated is None:
            spots, sweeps = _marked(desk, page)
            yield _text(desk, page)._replace(spots=spots, sweeps=sweeps)
        else:
            yield _text(desk, page)._replace(stated=stated(page))


def _text(desk: Desk, page: Row) -> Text:
    return Text(
        page["id"], desk.articles.text(page["sha"]), page["title"], page["url"], page["language"], page["publisher"],
        page["author"], page["published"], markup=page["markup"], lines=page["lines"],
    )  # fmt: skip


def _marked(desk: Desk, page: Row) -> tuple[tuple[Spot, ...], tuple[Spot, ...]]:
    """The claims and the sweeps of a version of an article."""

    def by_claim(asked: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in desk.session.rows(asked, page["version"]):
            found[row["claim"]].append(row)
        return found

    name = desk.session.person
    evidence, reviews, comments = by_claim(_EVIDENCE), by_claim(_REVIEWS), by_claim(_COMMENTS)
    spots = tuple(
        Spot(
            row["id"], row["start"], row["end"], row["quote"], row["prefix"], row["suffix"],
            pieces_of(row["pieces"], row["start"], row["end"]), "",
            row["verdict"], row["justification"], row["claim_text"], row["claimant"], row["attribution"],
            row["check_target"], _listed(row["types"]), row["priority"], _listed(row["tags"]), name(row["by"]), False,
            row["created"],
            tuple(Cited(*("" if value is None else value for value in [*one.values()][1:]))
                  for one in evidence.get(row["id"], ())),
            tuple(_reviewed(one, name(one["by"]), page["version"]) for one in reviews.get(row["id"], ())),
            tuple(Said(one["body"], name(one["by"]), at=one["created"]) for one in comments.get(row["id"], ())),
            name=row["name"],
            waits=tuple(what for what, is_so in _WAITS.items() if row[is_so]),
            judge=name(row["judge"] or ""), settled=bool(row["settled"]),
        )
        for row in desk.session.rows(_CLAIMS, page["version"])
    )  # fmt: skip
    body = desk.articles.text(page["sha"])
    sweeps = tuple(
        Spot(row["id"], row["start"], row["end"], body[row["start"] : row["end"]], person=name(row["by"]),
             at=row["created"])
        for row in desk.session.rows(_SWEEPS, page["version"])
    )  # fmt: skip
    return spots, sweeps


def _reviewed(row: Row, by: str, version: str) -> Said:
    """A review; a span that it proposed on words which a correction took away is told without its place."""
    start, end = (row["start"], row["end"]) if row["version"] == version else (0, 0)
    return Said(
        row["comment"], by, row["decision"], row["verdict"], row["updated"], row["reason"], row["justification"],
        row["claim_text"], start, end, row["quote"], bool(row["stale"]), bool(row["answered"]),
    )  # fmt: skip


def in_words_seen(text: Text) -> Text:
    """The article as people see it: of Markdown the words without its marks, the spots on them."""
    if not text.markup:
        return text
    seen = as_seen(text.text, text.markup)

    def moved(spot: Spot) -> Spot:
        start, end = seen.places(spot.start, spot.end)
        fragments = tuple(seen.places(*one) for one in spot.fragments)
        return spot._replace(start=start, end=end, quote=seen.text[start:end], fragments=fragments)

    spots, sweeps = (tuple(map(moved, some)) for some in (text.spots, text.sweeps))
    return text._replace(text=seen.text, spots=spots, sweeps=sweeps, markup="")


_WAITS = {"conflict": "contested", "check_again": "again"}


def _listed(words: str) -> tuple[str, ...]:
    return tuple(json.loads(words)) if words != "[]" else ()
