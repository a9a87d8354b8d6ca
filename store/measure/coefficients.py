"""How far people agree: the coefficients, each with its formula and source.

Pure arithmetic. What people said is given as *patterns with counts*: a mapping from what each of them said of one
unit, None for nothing, to the number of units of which they said just that. For two people and their verdicts this
is the confusion table. Labels are texts, whole numbers or frozen sets of texts.

A measure that is not defined has no value and says why, in the words that are shown; it is never 0, 1 or NaN. Chance
correction asks how much of the agreement chance explains; where all said one same label there is nothing to explain.

An interval is the 95 % percentile interval of a bootstrap (Efron 1979): the units are drawn again, with replacement,
``replicates`` times, with a fixed seed. Units that fall into one pattern are alike, so only the counts are drawn: a
multinomial draw, made of one binomial draw per pattern. A binomial draw is exact where its mean is below 16 and else
the rounded normal one with the same mean and variance, kept within its range. Where drawing would be long because
there are too many patterns, the interval is the limit of the same bootstrap for many units: the value and 1.96
standard errors by the infinitesimal jackknife (Efron & Tibshirani 1993, ch. 21 and 22). Units are taken to be
independent. There is no interval for fewer than `LEAST_UNITS` units; nor where no unit or nearly none disagrees, so
that all draws come out alike or more than one in twenty is not defined: the units then do not tell how sure the value
is.

Sources: Cohen 1960, *A coefficient of agreement for nominal scales*. Krippendorff 2004, *Content analysis*, and 2011,
*Computing Krippendorff's alpha-reliability*. Hripcsak & Rothschild 2005, *Agreement, the F-measure, and reliability
in information retrieval*. Passonneau 2006, *Measuring agreement on set-valued items (MASI)*. Gwet 2008, *Computing
inter-rater reliability and its variance in the presence of high agreement*. Artstein & Poesio 2008, *Inter-coder
agreement for computational linguistics*.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import mul
from random import Random
from typing import Any, NamedTuple

from store.text.coverage import union
from store.text.units import Span

Label = str | int | frozenset[str]
Patterns = Mapping[tuple[Label | None, ...], int]
"""What each person said of a unit, and of how many units they said just that."""

REPLICATES = 1_000
"""How often units are drawn again for an interval that is shown."""

LEAST_UNITS = 10
"""The fewest units from which an interval is drawn."""

_SEED = 1960
_MOST_STEPS = 200
_EXACT_MEAN = 16
_NORMAL_975 = 1.959964

NO_MATCH = "0 matched"
NOT_TWICE = "0 judged by two"
NEEDS_TWO = "needs two"
ONE_LABEL = "one label only"
NOTHING_MARKED = "nothing marked"
ALL_MARKED = "everything marked"


class Measure(NamedTuple):
    """A value, or why there is none; ``n`` is the number of units behind it, ``low`` to ``high`` its interval."""

    value: float | None
    n: int
    why: str = ""
    low: float | None = None
    high: float | None = None


class Confusion(NamedTuple):
    """Who said what: ``counts[i][j]`` units got the first person's ``labels[i]`` and the second's ``labels[j]``."""

    labels: tuple[Label, ...]
    counts: tuple[tuple[int, ...], ...]


# Did they mark the same spans?


def span_f1(patterns: Mapping[tuple[int, int], int], replicates: int = 0) -> Measure:
    """Span F1 = 2 M / (|A| + |B|), M of the spans being matched (Hripcsak & Rothschild 2005).

    Each pattern is a place in the text: (chances, pairs). Of its ``chances``, every span of a person's and every other
    person make one; ``pairs`` of them are matched. For more people F1 is thus that of all pairs of people together:
    the sum of their 2 M over the sum of their |A| + |B|. ``n`` counts the chances, for two people the spans. Places
    are drawn again.
    """
    places = [(chances, pairs, count) for (chances, pairs), count in sorted(patterns.items()) if chances and count]
    counts = [count for _, _, count in places]

    def value(drawn: Sequence[int]) -> float | None:
        chances = sum(count * place[0] for count, place in zip(drawn, places, strict=True))
        return 2 * sum(count * place[1] for count, place in zip(drawn, places, strict=True)) / chances

    n = sum(count * chances for chances, _, count in places)
    return _measure(value, counts, n, replicates) if n else Measure(None, 0, NOTHING_MARKED)


class Characters(NamedTuple):
    """The characters of one text as units, each in or out for every person.

    ``length`` code points; ``values`` = length times people; ``inside`` of the values are "in"; ``unlike`` is the sum
    over characters of the ordered pairs of people who differ, by the people less one.
    """

    length: int
    values: int
    inside: int
    unlike: float


def characters(sets: Sequence[Iterable[Span]], length: int) -> Characters:
    """The characters of a text of ``length`` code points that each person's spans cover, once or more often.

    Counted from the ends of the spans, so a text of 1 MB costs no more than a short one. What lies beyond the text
    is left out.
    """
    people = len(sets)
    steps: Counter[int] = Counter()
    for spans in sets:
        for start, end in union((max(0, start), min(end, length)) for start, end in spans):
            steps[start] += 1
            steps[end] -= 1
    inside = unlike = depth = since = 0
    for at in sorted(steps):
        inside += depth * (at - since)
        unlike += 2 * depth * (people - depth) * (at - since)
        depth, since = depth + steps[at], at
    return Characters(length, length * people, inside, unlike / (people - 1) if people > 1 else 0.0)


def character_alpha(texts: Sequence[Characters], replicates: int = 0) -> Measure:
    """Krippendorff's nominal alpha over the characters of all texts, each in or out for every person.

    1 - (n - 1) sum of `Characters.unlike` / (2 n_in n_out), n values in all (Krippendorff 2011, binary data). The
    characters of a span stand and fall together, so not characters but whole texts are drawn again for the interval.
    """

    def alpha(drawn: Sequence[Characters]) -> float | None:
        _, values, inside, unlike = map(sum, zip(*drawn, strict=True))
        return _one_less(unlike, 2 * inside * (values - inside), values)

    n = sum(text.length for text in texts)
    values, inside = sum(text.values for text in texts), sum(text.inside for text in texts)
    if n and values == n:
        return Measure(None, n, NEEDS_TWO)
    if not inside or inside == values:
        return Measure(None, n, ALL_MARKED if inside else NOTHING_MARKED)
    at = alpha(texts)
    if at is None or not replicates or len(texts) < LEAST_UNITS:
        return Measure(at, n)
    if len(texts) > _MOST_STEPS:
        expected = 2 * inside * (values - inside)
        all_unlike = sum(text.unlike for text in texts)
        slopes = [
            -_slope(
                text.values,
                text.unlike,
                2 * ((values - inside) * text.inside + inside * (text.values - text.inside)),
                values,
                all_unlike,
                expected,
            )
            for text in texts
        ]
        return Measure(at, n, "", *_limit(at, slopes, [1] * len(texts)))
    random = Random(_SEED)
    drawn = (alpha(random.choices(texts, k=len(texts))) for _ in range(replicates))
    return Measure(at, n, "", *_percentiles(drawn, replicates))


def mean(values: Mapping[float, int], why: str = NO_MATCH, replicates: int = 0) -> Measure:
    """The mean of values with counts, such as the overlaps of matched spans; ``why`` is said when there are none."""
    found = sorted((value, count) for value, count in values.items() if count)
    counts = [count for _, count in found]
    n = sum(counts)
    if not n:
        return Measure(None, 0, why)

    def average(drawn: Sequence[int]) -> float:
        return math.fsum(value * count for (value, _), count in zip(found, drawn, strict=True)) / n

    # The middle slope is taken off in the limit, so it does not matter from where the slopes are measured.
    return _measure(average, counts, n, replicates, lambda: [value / n for value, _ in found])


def jaccard(x: Collection[str], y: Collection[str]) -> float | None:
    """What two sets share of all they hold, 0 to 1; None when both are empty."""
    together = len(set(x) | set(y))
    return len(set(x) & set(y)) / together if together else None


# Did they say the same of them?


def confusion(patterns: Patterns, labels: Iterable[Label] = ()) -> Confusion:
    """The table of two people's labels; ``labels`` in their order first, then others that were given."""
    pairs = {(x, y): count for (x, y), count in patterns.items() if x is not None and y is not None}
    order = list(labels)
    order += sorted({label for pair in pairs for label in pair}.difference(order), key=_spelled)
    return Confusion(tuple(order), tuple(tuple(pairs.get((x, y), 0) for y in order) for x in order))


def raw_agreement(patterns: Patterns, replicates: int = 0) -> Measure:
    """The share of units of which both said the same; for more people, of the pairs of people in a unit, on average.

    P_o in Artstein & Poesio 2008; for more than two the mean over units of sum_k r_k (r_k - 1) / (m (m - 1)), r_k of
    the m people who judged the unit having said k.
    """
    units = _judged(patterns)
    shares: Counter[float] = Counter()
    for labels, count in units:
        shares[_agreeing(labels)] += count
    return mean(shares, _why(patterns), replicates)


def cohen_kappa(patterns: Patterns, replicates: int = 0) -> Measure:
    """Cohen's kappa = (p_o - p_e) / (1 - p_e), p_e = sum_k p_A(k) p_B(k), of two people (Cohen 1960)."""
    pairs = [((x, y), count) for (x, y), count in patterns.items() if x is not None and y is not None and count]
    pairs.sort(key=lambda pair: (_spelled(pair[0][0]), _spelled(pair[0][1])))
    place = {label: k for k, label in enumerate(dict.fromkeys(label for pair, _ in pairs for label in pair))}
    cells = [(place[x], place[y]) for (x, y), _ in pairs]
    counts = [count for _, count in pairs]

    def kappa(drawn: Sequence[int]) -> float | None:
        rows, columns, same = [0] * len(place), [0] * len(place), 0
        for (x, y), count in zip(cells, drawn, strict=True):
            rows[x] += count
            columns[y] += count
            if x == y:
                same += count
        n, chance = sum(rows), sum(map(mul, rows, columns))
        return (n * same - chance) / (n * n - chance) if chance < n * n else None

    return _measure(kappa, counts, sum(counts), replicates) if counts else Measure(None, 0, _why(patterns))


def gwet_ac1(patterns: Patterns, labels: Collection[Label] = (), replicates: int = 0) -> Measure:
    """Gwet's AC1 = (p_a - p_e) / (1 - p_e), p_e = sum_k pi_k (1 - pi_k) / (q - 1) (Gwet 2008).

    p_a is `raw_agreement`; pi_k is the mean over units of the share of people who said k; q counts ``labels``, those
    that could be given, and any others that were. Units judged by fewer than two are left out.
    """
    units = _judged(patterns)
    if not units:
        return Measure(None, 0, _why(patterns))
    place = {label: k for k, label in enumerate(dict.fromkeys(label for unit, _ in units for label in unit))}
    q = len(place.keys() | set(labels))
    counts = [count for _, count in units]
    n = sum(counts)
    if len(place) < 2:
        return Measure(None, n, ONE_LABEL)
    shares = [[(place[label], k / len(unit)) for label, k in Counter(unit).items()] for unit, _ in units]
    agreeing = [_agreeing(unit) for unit, _ in units]

    def ac1(drawn: Sequence[int]) -> float | None:
        said = [0.0] * len(place)
        for unit, count in zip(shares, drawn, strict=True):
            for k, share in unit:
                said[k] += count * share
        if max(said) >= n:
            return None
        chance = sum(pi / n * (1 - pi / n) for pi in said) / (q - 1)
        same: float = sum(map(mul, agreeing, drawn)) / n
        return (same - chance) / (1 - chance)

    return _measure(ac1, counts, n, replicates)


def krippendorff_alpha(
    patterns: Patterns, distance: Callable[[Label, Label], float] | None = None, replicates: int = 0
) -> Measure:
    """Krippendorff's alpha = 1 - D_o / D_e for any number of people, any of whom may have said nothing.

    D_o is the mean distance within units, D_e that between any two values, whatever their units (Krippendorff 2004,
    2011). ``distance`` is that of two labels, 0 for a label and itself; by default 1 for any two that differ, which
    makes it nominal alpha. Where the literature squares a difference, it gives the square. Units judged by fewer than
    two are left out.
    """
    units = _judged(patterns)
    counts = [count for _, count in units]
    n = sum(counts)
    if not units:
        return Measure(None, 0, _why(patterns))
    found = sorted({label for unit, _ in units for label in unit}, key=_spelled)
    place = {label: k for k, label in enumerate(found)}
    if distance is None:
        apart = [[float(x != y) for y in place] for x in place]
    else:
        apart = [[0.0] * len(place) for _ in place]
        for k, x in enumerate(found):
            for m in range(k):
                apart[k][m] = apart[m][k] = distance(x, found[m])
    members = [[place[label] for label in unit] for unit, _ in units]
    unlike = [sum(apart[x][y] for x in unit for y in unit) / (len(unit) - 1) for unit in members]

    def totals(drawn: Sequence[int]) -> list[int]:
        said = [0] * len(place)
        for unit, count in zip(members, drawn, strict=True):
            for k in unit:
                said[k] += count
        return said

    def alpha(drawn: Sequence[int]) -> float | None:
        said = totals(drawn)
        expected: float = sum(count * sum(map(mul, said, row)) for count, row in zip(said, apart, strict=True) if count)
        return _one_less(sum(map(mul, unlike, drawn)), expected, sum(said))

    def slopes() -> list[float]:
        said = totals(counts)
        far = [sum(map(mul, said, row)) for row in apart]
        values, expected, observed = sum(said), sum(map(mul, said, far)), sum(map(mul, unlike, counts))
        return [
            -_slope(len(unit), much, 2 * sum(far[k] for k in unit), values, observed, expected)
            for unit, much in zip(members, unlike, strict=True)
        ]

    return _measure(alpha, counts, n, replicates, slopes, steps=len(members) + len(place) ** 2 // 16)


def krippendorff_alpha_ordinal(patterns: Patterns, replicates: int = 0) -> Measure:
    """Krippendorff's alpha for labels that are ranks (Krippendorff 2004, 2011): whole numbers, in their order.

    The squared distance of ranks c and k is (sum of n_g for g from c to k, less (n_c + n_k) / 2) squared. That is the
    distance of their mid-ranks, so alpha is worked out on these, doubled to stay whole.
    """
    units = _judged(patterns)
    counts = [count for _, count in units]
    n = sum(counts)
    if not units:
        return Measure(None, 0, _why(patterns))
    place = {label: k for k, label in enumerate(sorted({label for unit, _ in units for label in unit}, key=_spelled))}
    members = [[place[label] for label in unit] for unit, _ in units]

    def alpha(drawn: Sequence[int]) -> float | None:
        said = [0] * len(place)
        for unit, count in zip(members, drawn, strict=True):
            for k in unit:
                said[k] += count
        ranks, below = [], 0
        for count in said:
            ranks.append(2 * below + count)
            below += count
        observed = 0.0
        for unit, count in zip(members, drawn, strict=True):
            if count:
                m, total, squares = len(unit), sum(ranks[k] for k in unit), sum(ranks[k] ** 2 for k in unit)
                observed += count * 2 * (m * squares - total * total) / (m - 1)
        total, squares = sum(map(mul, said, ranks)), sum(k * rank * rank for k, rank in zip(said, ranks, strict=True))
        return _one_less(observed, 2 * (below * squares - total * total), below)

    return _measure(alpha, counts, n, replicates)


def masi_distance(x: Label, y: Label) -> float:
    """1 - J M of two sets (Passonneau 2006): J is their Jaccard index; M is 1 for equal sets, 2/3 where one holds the
    other, 1/3 where they share something, else 0. Two empty sets are at distance 0; an empty one is at 1 from others.
    """
    assert isinstance(x, frozenset) and isinstance(y, frozenset)
    if x == y:
        return 0.0
    shared = len(x & y)
    together = len(x) + len(y) - shared
    return 1 - shared * (2 if shared in (len(x), len(y)) else 1) / (3 * together)


def _one_less(observed: float, expected: float, values: int) -> float | None:
    """Alpha from the sums that D_o and D_e are made of; None when there is nothing to expect: one label only."""
    return 1 - (values - 1) * observed / expected if expected > 0 else None


def _slope(values: int, unlike: float, far: float, all_values: int, observed: float, expected: float) -> float:
    """How fast 1 - alpha grows with the weight of a unit: of its values, its disagreement, its share in D_e."""
    return (values * observed + (all_values - 1) * unlike) / expected - (all_values - 1) * observed * far / expected**2


def _judged(patterns: Patterns) -> list[tuple[tuple[Label, ...], int]]:
    """What was said of the units that two people or more judged, no matter by whom, in a fixed order."""
    units: Counter[tuple[Label, ...]] = Counter()
    # What can be put in order as it is needs no spelling, which would take most of the time.
    spelled = _spelled if any(isinstance(label, frozenset) for pattern in patterns for label in pattern) else None
    for pattern, count in patterns.items():
        said: list[Any] = [label for label in pattern if label is not None]
        if len(said) > 1 and count:
            said.sort(key=spelled)
            units[tuple(said)] += count
    ordered: list[Any] = list(units.items())
    ordered.sort(key=(lambda unit: list(map(spelled, unit[0]))) if spelled else None)
    return ordered


def _spelled(label: Label) -> tuple[str | int, ...]:
    """What labels are put in order by; those of one measure are of one kind."""
    return tuple(sorted(label)) if isinstance(label, frozenset) else (label,)


def _agreeing(labels: Sequence[Label]) -> float:
    """The share of the ordered pairs of people who said the same of a unit."""
    people = len(labels)
    return sum(k * (k - 1) for k in Counter(labels).values()) / (people * (people - 1))


def _why(patterns: Patterns) -> str:
    """Why nothing can be said though patterns were given, or none were."""
    if not any(patterns.values()):
        return NO_MATCH
    return NOT_TWICE if max(map(len, patterns)) > 1 else NEEDS_TWO


def _measure(
    value: Callable[[Sequence[int]], float | None],
    counts: Sequence[int],
    n: int,
    replicates: int,
    slopes: Callable[[], Sequence[float]] | None = None,
    steps: int = 0,
) -> Measure:
    """The measure that ``value`` makes of counts, with the interval that drawing them again gives.

    ``slopes`` tells how fast the value grows with each count. It is used where a draw would take more than a fixed
    number of ``steps``, by default one for each count.
    """
    at = value(counts)
    if at is None:
        return Measure(None, n, ONE_LABEL)
    units = sum(counts)
    if not replicates or units < LEAST_UNITS:
        return Measure(at, n)
    if slopes and max(steps, len(counts)) > _MOST_STEPS:
        return Measure(at, n, "", *_limit(at, slopes(), counts))
    random = Random(_SEED)
    drawn = (value(_drawn(random, counts, units)) for _ in range(replicates))
    return Measure(at, n, "", *_percentiles(drawn, replicates))


def _drawn(random: Random, counts: Sequence[int], units: int) -> list[int]:
    """The counts of ``units`` units drawn again from units with these counts."""
    left, rest = units, units
    drawn = []
    for count in counts:
        much = left if count == rest else _binomial(random, left, count / rest)
        drawn.append(much)
        left -= much
        rest -= count
    return drawn


def _binomial(random: Random, n: int, p: float) -> int:
    """How many of ``n`` tries come off, each with chance ``p``."""
    if p > 0.5:
        return n - _binomial(random, n, 1 - p)
    average = n * p
    if average >= _EXACT_MEAN:
        return min(n, max(0, round(random.gauss(average, math.sqrt(average * (1 - p))))))
    point, chance, k = random.random(), (1 - p) ** n, 0
    while point > chance and k < n:
        point -= chance
        k += 1
        chance *= (n - k + 1) / k * p / (1 - p)
    return k


def _percentiles(drawn: Iterable[float | None], replicates: int) -> tuple[float | None, float | None]:
    """The values below and above which one in forty lies."""
    values = sorted(value for value in drawn if value is not None)
    if len(values) < 0.95 * replicates or values[0] == values[-1]:
        return None, None
    beyond = len(values) // 40
    return values[beyond], values[-1 - beyond]


def _limit(at: float, slopes: Sequence[float], counts: Sequence[int]) -> tuple[float | None, float | None]:
    """What the percentiles come to with many units, no more than 1."""
    units = sum(counts)
    middle = sum(map(mul, slopes, counts)) / units
    error = math.sqrt(sum(count * (slope - middle) ** 2 for slope, count in zip(slopes, counts, strict=True)))
    return (at - _NORMAL_975 * error, min(1.0, at + _NORMAL_975 * error)) if error else (None, None)
