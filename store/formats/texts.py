"""A desk as texts with their annotations: what every format is given to write.

It is asked under the veil: what is hidden from who looks is not in it. An article comes with its newest version; an
older version comes by itself when claims lie on it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from store.access.session import Row
from store.desk import Desk
from store.formats.contract import Cited, Said, Spot, Text
from store.person import Person

_PAGES = (
    "SELECT a.id, a.title, a.url, a.publisher, a.author, a.published, a.language, v.id AS version, v.text AS sha,"
    " v.number FROM articles a JOIN versions v ON v.article = a.id AND v.deleted = 0 WHERE a.deleted = 0 {some}"
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
_REVIEWS = f'SELECT claim, decision, comment, verdict, "by", updated FROM reviews_now WHERE {_ON} ORDER BY born'
_CLAIMS = 'SELECT * FROM claims_now WHERE version = ? AND deleted = 0 ORDER BY start, "end", id'
_SWEEPS = (
    'SELECT id, start, "end", "by", created FROM sweeps WHERE version = ? AND deleted = 0 ORDER BY start, "end", id'
)


def texts(desk: Desk, articles: Iterable[str] = ()) -> Iterator[Text]:
    """The texts of some articles (ids), or of all, in the order of their dates and titles; offsets in code points."""
    chosen = list(articles)
    some = "AND a.id IN (SELECT value FROM json_each(?))" if chosen else ""
    for page in desk.session.rows(_PAGES.format(some=some), *([json.dumps(chosen)] if chosen else [])):
        yield _text(desk, page)


def _text(desk: Desk, page: Row) -> Text:
    def by_claim(asked: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in desk.session.rows(asked, page["version"]):
            found[row["claim"]].append(row)
        return found

    name = desk.session.person
    evidence, reviews, comments = by_claim(_EVIDENCE), by_claim(_REVIEWS), by_claim(_COMMENTS)
    spots = tuple(
        Spot(
            row["id"], row["start"], row["end"], row["quote"], row["prefix"], row["suffix"], (), "",
            row["verdict"], row["justification"], row["claim_text"], row["claimant"], row["attribution"],
            row["check_target"], _listed(row["types"]), row["priority"], _listed(row["tags"]), name(row["by"]), False,
            row["created"],
            tuple(Cited(*("" if value is None else value for value in [*one.values()][1:]))
                  for one in evidence.get(row["id"], ())),
            tuple(Said(one["comment"], name(one["by"]), one["decision"], one["verdict"], one["updated"])
                  for one in reviews.get(row["id"], ())),
            tuple(Said(one["body"], name(one["by"]), at=one["created"]) for one in comments.get(row["id"], ())),
            name=row["name"],
        )
        for row in desk.session.rows(_CLAIMS, page["version"])
    )  # fmt: skip
    body = desk.articles.text(page["sha"])
    sweeps = tuple(
        Spot(row["id"], row["start"], row["end"], body[row["start"] : row["end"]], person=name(row["by"]),
             at=row["created"])
        for row in desk.session.rows(_SWEEPS, page["version"])
    )  # fmt: skip
    return Text(
        page["id"], body, page["title"], page["url"], page["language"], page["publisher"], page["author"],
        page["published"], spots, sweeps,
    )  # fmt: skip


def _listed(words: str) -> tuple[str, ...]:
    return tuple(json.loads(words)) if words != "[]" else ()


class Anonymous:
    """Gives people numbers in the order in which they come, everywhere: ``Person 1``, ``Person 2``, …

    Names are replaced where somebody is named as a person, and where they stand as whole words in what people write
    about claims. Words of the articles stay as they are.
    """

    def __init__(self, names: Mapping[str, Person]) -> None:
        """``names`` are all that anybody on the desk has or had, each with the person."""
        self._numbers: dict[str, str] = {}
        self._ids = {name.casefold(): person.id for name, person in names.items()}
        known = sorted(filter(None, names), key=len, reverse=True)
        words = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known)
        self._known = re.compile(words or r"(?!)", re.IGNORECASE)

    def person(self, name: str) -> str:
        """What a person is called instead."""
        who = self._ids.get(name.casefold(), name.casefold())
        return self._numbers.setdefault(who, f"Person {len(self._numbers) + 1}") if name else ""

    def words(self, text: str) -> str:
        """What people wrote, without their names."""
        return self._known.sub(lambda found: self.person(found[0]), text)

    def text(self, text: Text) -> Text:
        """An article without the names of those who worked on it."""
        return text._replace(spots=tuple(map(self._spot, text.spots)), sweeps=tuple(map(self._spot, text.sweeps)))

    def _spot(self, spot: Spot) -> Spot:
        heard: Callable[[Said], Said] = lambda one: one._replace(  # noqa: E731
            person=self.person(one.person), words=self.words(one.words)
        )
        return spot._replace(
            person=self.person(spot.person),
            note=self.words(spot.note),
            reviews=tuple(map(heard, spot.reviews)),
            comments=tuple(map(heard, spot.comments)),
            evidence=tuple(one._replace(note=self.words(one.note)) for one in spot.evidence),
            tags=tuple(map(self.words, spot.tags)),
        )
