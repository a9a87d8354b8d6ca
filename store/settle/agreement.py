"""Agreement on a desk: the submitted sets, handed to the measures.

A reviewer's set is what they tagged themselves and what they reviewed: with the checker's values where they agreed,
with their own where they proposed others, and without what they said they do not know. What they rejected is not a
claim of theirs. A checker's set is what they said before they accepted what others propose: to be convinced is not to
agree. Where somebody changed a verdict once they could see the others', the figures of verdicts are given twice: of
those first given blind, and of those after the reveal.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from store.access.people import People
from store.access.session import Session
from store.check.articles import Articles
from store.garbage_collector import collector_at_rest
from store.log.claim_status import STANDING
from store.log.verdict_requirements import CHECK_AGAIN
from store.measure import figures
from store.measure.alignment import Mark
from store.measure.article_counts import Marked
from store.person import Person
from store.records import Article
from store.settle.comparison import Comparisons, Made
from store.settle.comparison_groups import Take
from store.settle.revealed_verdicts import first_blind
from store.text.urls import canonical

if TYPE_CHECKING:
    pass


_CHUNK = 500


class LeftOut(NamedTuple):
    """A person whose set on an article does not count, because it is not submitted."""

    article: str  # its id
    person: Person


class Agreement(NamedTuple):
    """The figures of agreement on some articles, how the sets behind them came about, and whose they leave out."""

    report: figures.Report
    articles: Mapping[str, Article]  # those that were asked for, by id
    made: tuple[Made, ...]  # of every set that counts
    left_out: tuple[LeftOut, ...]
    changed: Mapping[str, int]
    """How many verdicts people changed after the reveal, by name; they count in two ways, see `figures.Figure.when`."""
    again: int
    """How many claims there are whose words a correction has changed since, and nobody has looked at them again."""


class Matrix(NamedTuple):
    """The people, and of two in that order the share of verdicts that are the same (0 to 1), and of how many."""

    people: tuple[str, ...]
    pairs: Mapping[tuple[str, str], tuple[float, int]]

    def of(self, one: str, other: str) -> tuple[float, int] | None:
        """The share and the number for two people in any order; None where there is nothing to compare."""
        return self.pairs.get((one, other)) or self.pairs.get((other, one))


class Agreements:
    """How far people agree."""

    def __init__(self, session: Session, articles: Articles, people: People, comparison: Comparisons) -> None:
        self._session = session
        self._articles = articles
        self._people = people
        self._comparison = comparison

    def report(
        self, articles: Iterable[Article | str] = (), people: Iterable[str] = (), pairs: bool | None = None
    ) -> Agreement:
        """Measure how far people agree on some articles, or on all, as far as you may see it.

        Args:
            articles: the articles; without any, all.
            people: names; without any, all who have submitted a set.
            pairs: whether every two people are compared; None: when they are at most `figures.MOST_PAIRED`.

        Raises:
            Unknown: there is no such article, or nobody of that name.
        """
        chosen = {article.id: article for article in map(self._articles.get, articles)}
        chosen = chosen or {article.id: article for article in self._articles.all()}
        wanted = set(map(self._people.get, people))
        made: list[Made] = []
        left_out: list[LeftOut] = []
        changed: Counter[str] = Counter()

        def marked() -> Iterator[Marked]:
            """The sets, some articles at a time: what people say in full is let go again."""
            ids = list(chosen)
            for start in range(0, len(ids), _CHUNK):
                sets = self._comparison.sets([chosen[id] for id in ids[start : start + _CHUNK]])
                made.extend(one for one in sets.made if not wanted or one.person in wanted)
                left_out.extend(LeftOut(id, name) for id, name in sets.left_out if not wanted or name in wanted)
                # People who could not see each other have sources of their own: the same where the address is.
                cited = {id: canonical(url) for id, url in sets.urls.items()}
                blind = first_blind(self._session.log, ids[start : start + _CHUNK])
                for id, here in sets.takes.items():
                    own: dict[str, list[Mark]] = {
                        name: marks_of(takes, cited, blind) for name, takes in here.items() if name in (wanted or here)
                    }
                    for name, said in own.items() if blind else ():
                        changed[name] += sum(mark.blind is not None for mark in said)
                    yield Marked(id, chosen[id].length, own)

        with collector_at_rest():
            verdicts = self._session.scheme.verdicts
            found = figures.report(
                marked(),
                {kind.key: kind.order for kind in verdicts if kind.order is not None},
                [kind.key for kind in verdicts],
                pairs,
            )
        return Agreement(found, chosen, tuple(made), tuple(left_out), +changed, self._again(chosen))

    def matrix(self, articles: Iterable[Article | str] = ()) -> Matrix:
        """How often every two people gave matched claims the same verdict, on some articles or on all."""
        found = self.report(articles, pairs=True).report
        pairs: dict[tuple[str, str], tuple[float, int]] = {}
        for one in found.comparisons:
            if len(one.people) != 2:
                continue
            same = next((figure.measure for figure in one.pooled if figure.key == "raw_agreement"), None)
            if same is not None and same.value is not None:
                pairs[one.people[0], one.people[1]] = (float(same.value), int(same.n))
        return Matrix(found.people, pairs)

    def _again(self, articles: Iterable[str]) -> int:
        asked = (
            f"SELECT count(*) FROM claims c WHERE c.article IN (SELECT value FROM json_each(?)) AND c.deleted = 0"
            f" AND c.{STANDING} AND {CHECK_AGAIN}"
        )
        ((count,),) = self._session.tuples(asked, json.dumps(list(articles)))
        return int(count)


def marks_of(
    takes: Iterable[Take], cited: Mapping[str, str], blind: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> list[Mark]:
    """What one person says of one article, as the measures take it.

    Args:
        takes: what they say. The marks of one claim are known by its id.
        cited: the addresses of sources, by id.
        blind: the verdicts that were changed after the reveal, see `first_blind`.
    """
    return [
        Mark(
            take.claim, take.start, take.end, take.verdict,
            None if take.types is None else frozenset(take.types),
            take.sources and frozenset([cited.get(id, id) for id in take.sources]),
            take.tagger, take.tagged, _first(take, blind) if blind else None, take.claim_text,
        )
        for take in takes
        if not take.rejects
    ]  # fmt: skip


def _first(take: Take, blind: Mapping[tuple[str, str], str]) -> str | None:
    """The verdict of a take as it was first given blind, where it is another one now."""
    first = blind.get((take.claim, take.person.id))
    return None if first == take.verdict else first
