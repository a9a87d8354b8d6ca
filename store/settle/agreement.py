"""Agreement on a desk: the submitted sets, handed to the measures.

A reviewer's set is what they tagged themselves and what they reviewed: with the checker's values where they agreed,
with their own where they proposed others, and without what they said they do not know. What they rejected is no claim
of theirs. A checker's set is what they said before they accepted what others propose: to be convinced is not to agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from store.access.fields import address
from store.measure import figures
from store.measure.alignment import Mark
from store.measure.sheets import Marked
from store.records import Article
from store.settle.comparison import Made, Take

if TYPE_CHECKING:
    from store.desk import Desk


_CHUNK = 500


class LeftOut(NamedTuple):
    """A person whose set on an article does not count, because it is not submitted."""

    article: str  # its id
    person: str


class Agreement(NamedTuple):
    """The figures of agreement on some articles, how the sets behind them came about, and whose they leave out."""

    report: figures.Report
    articles: Mapping[str, Article]  # those that were asked for, by id
    made: tuple[Made, ...]  # of every set that counts
    left_out: tuple[LeftOut, ...]


def report(
    desk: Desk, articles: Iterable[Article | str] = (), people: Iterable[str] = (), pairs: bool | None = None
) -> Agreement:
    """How far people agree on some articles, or on all of the desk.

    Args:
        desk: the desk; what is hidden from whoever works at it is left out.
        articles: the articles; without any, all.
        people: names; without any, all who have submitted a set.
        pairs: whether every two people are compared; None: when they are at most `figures.MOST_PAIRED`.

    Raises:
        Unknown: there is no such article, or nobody of that name.
    """
    chosen = {article.id: article for article in map(desk.article, articles)}
    chosen = chosen or {article.id: article for article in desk.articles()}
    wanted = {desk.person(name).name for name in people}
    made: list[Made] = []
    left_out: list[LeftOut] = []

    def marked() -> Iterator[Marked]:
        """The sets, some articles at a time: what people say in full is let go again."""
        ids = list(chosen)
        for start in range(0, len(ids), _CHUNK):
            sets = desk.sets([chosen[id] for id in ids[start : start + _CHUNK]])
            made.extend(one for one in sets.made if not wanted or one.person in wanted)
            left_out.extend(LeftOut(id, name) for id, name in sets.left_out if not wanted or name in wanted)
            # Who could not see each other has sources of their own; what they cite is the same where the address is.
            cited = {id: address(url) for id, url in sets.urls.items()}
            for id, here in sets.takes.items():
                own = {name: marks(takes, cited) for name, takes in here.items() if name in (wanted or here)}
                yield Marked(id, chosen[id].length, own)

    with figures.collector_at_rest():
        verdicts = desk.scheme.verdicts
        found = figures.report(
            marked(),
            {kind.key: kind.order for kind in verdicts if kind.order is not None},
            [kind.key for kind in verdicts],
            pairs,
        )
    return Agreement(found, chosen, tuple(made), tuple(left_out))


def marks(takes: Iterable[Take], cited: Mapping[str, str]) -> list[Mark]:
    """What one person says of one article, as the measures take it; ``cited`` has the addresses of sources, by id.

    The marks of one claim are known by its id.
    """
    return [
        Mark(
            take.claim, take.start, take.end, take.verdict,
            None if take.types is None else frozenset(take.types),
            take.sources and frozenset([cited.get(id, id) for id in take.sources]),
            take.tagger, take.tagged,
        )
        for take in takes
        if not take.rejects
    ]  # fmt: skip
