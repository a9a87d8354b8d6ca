"""Suggesters: how good what each of them suggests is, against the settled set, and how often it was taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from store.access.session import Session
from store.check.articles import Articles
from store.measure.matching import match
from store.records import ACCEPTED, REJECTED, Article, Suggestion
from store.review.suggestions import AMENDED, Suggestions, meaning
from store.settle.comparison import Comparisons, Settled

_LEAST = 0.5


class Ratio(NamedTuple):
    """So many of so many; ``value`` is None where there are none to count."""

    of: int
    all: int

    @property
    def value(self) -> float | None:
        return self.of / self.all if self.all else None


class Suggester(NamedTuple):
    """The figures of one suggester; `Suggesters.figures` says what each counts."""

    name: str
    articles: int
    suggestions: int
    precision: Ratio
    recall: Ratio
    f1: float | None
    labels: Ratio
    taken: Ratio
    taken_before: Ratio
    taken_after: Ratio


class Suggesters:
    """How good suggestions are."""

    def __init__(self, session: Session, articles: Articles, suggestions: Suggestions, comparison: Comparisons) -> None:
        self._session = session
        self._articles = articles
        self._suggestions = suggestions
        self._comparison = comparison

    def figures(self, articles: Iterable[Article | str] = ()) -> list[Suggester]:
        """The figures of everybody who suggested something on some articles, or on any, by name.

        Precision, recall, F1 and labels are measured on the ``articles`` that have a settled set and suggestions of
        theirs. There, suggestions and settled claims are matched one to one: spans that overlap by half or more (shared
        over covered characters), the greatest overlap first; of equal spans those with the same claim text first.

        - ``precision``: of the suggestions, those that match a settled claim.
        - ``recall``: of the settled claims, those that a suggestion matches.
        - ``f1``: two times precision times recall, divided by their sum.
        - ``labels``: of the matches whose label is a verdict and whose claim was settled with one, those with the same.
        - ``taken``: of all choices that you may see, those that made a claim of the suggestion (accepted or amended);
          ``taken_before`` and ``taken_after`` count those made before and after the chooser's own pass was submitted.

        Suggestions on earlier versions of a text, and those that are hidden from you, do not count.
        """
        chosen = [self._articles.get(article) for article in articles] or self._articles.all()
        tallies: dict[str, Counter[str]] = defaultdict(Counter)
        for article in chosen:
            by: dict[str, list[Suggestion]] = defaultdict(list)
            for suggestion in self._suggestions.of(article):
                by[suggestion.by.id].append(suggestion)
            settled = self._comparison.settled(article) if by and self._comparison.adjudications(article) else None
            choices = self._choices(article) if by else {}
            for id, own in by.items():
                tallies[id]["suggestions"] += len(own)
                tallies[id].update(choices.get(id, Counter()))
                if settled is not None:
                    tallies[id].update(self._against(own, settled))
        people = sorted(map(self._session.person, tallies), key=str.casefold)
        return [_figures(person, tallies[person.id]) for person in people]

    def _against(self, own: Sequence[Suggestion], settled: Sequence[Settled]) -> Counter[str]:
        """What one suggester's suggestions on an article come to against its settled set."""
        scheme = self._session.scheme
        mine = sorted(own, key=lambda one: (one.start, one.end, one.claim_text))
        right = sorted((one.adjudication for one in settled), key=lambda one: (one.start, one.end, one.claim_text))
        common = {(one.start, one.end, one.claim_text) for one in mine}
        common &= {(one.start, one.end, one.claim_text) for one in right}
        # Of equal spans the first in order are matched first.
        mine.sort(key=lambda one: (one.start, one.end, one.claim_text) not in common)
        right.sort(key=lambda one: (one.start, one.end, one.claim_text) not in common)
        pairs = match([(one.start, one.end) for one in mine], [(one.start, one.end) for one in right], _LEAST)
        verdicts = [(meaning(scheme, mine[pair.a].label).verdict, right[pair.b].verdict) for pair in pairs]
        judged = [(said, is_so) for said, is_so in verdicts if said and is_so]
        return Counter(
            articles=1,
            measured=len(mine),
            settled=len(right),
            matched=len(pairs),
            judged=len(judged),
            same=sum(said == is_so for said, is_so in judged),
        )

    def _choices(self, article: Article) -> dict[str, Counter[str]]:
        """How the choices on an article's suggestions are, by suggester."""
        rows = self._session.rows(
            'SELECT s."by", x.outcome, x.own_pass, count(*) AS n FROM choices x'
            " JOIN suggestions s ON s.id = x.suggestion AND s.deleted = 0 AND s.version = ?2"
            " LEFT JOIN claims c ON c.id = x.taken AND c.deleted = 0"
            " WHERE s.article = ?1 AND x.deleted = 0 AND x.outcome IN (?3, ?4, ?5)"
            " AND (x.taken = '' OR c.id IS NOT NULL) GROUP BY 1, 2, 3",
            article.id, article.version, ACCEPTED, AMENDED, REJECTED,
        )  # fmt: skip
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            own = found[row["by"]]
            own[f"chosen {row['own_pass']}"] += row["n"]
            own[f"taken {row['own_pass']}"] += row["n"] * (row["outcome"] != REJECTED)
        return found


def _figures(name: str, n: Counter[str]) -> Suggester:
    precision, recall = Ratio(n["matched"], n["measured"]), Ratio(n["matched"], n["settled"])
    taken = {when: Ratio(n[f"taken {when}"], n[f"chosen {when}"]) for when in ("before", "after")}
    all_taken = Ratio(sum(one.of for one in taken.values()), sum(one.all for one in taken.values()))
    both = n["measured"] + n["settled"]
    f1 = 2 * n["matched"] / both if both else None
    return Suggester(
        name, n["articles"], n["suggestions"], precision, recall, f1, Ratio(n["same"], n["judged"]),
        all_taken, taken["before"], taken["after"],
    )  # fmt: skip
