"""Articles are given out evenly, whoever is barred from which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from store.access.even_shares import spread
from store.desk import Desk
from tests.kit.depth import examples


@settings(max_examples=examples(60))
@given(st.data())
def test_no_other_choice_would_be_more_even(data: st.DataObject) -> None:
    people = "abc"
    each = data.draw(st.integers(1, 2))
    jobs = data.draw(st.lists(st.lists(st.sampled_from(people), min_size=each, unique=True), min_size=1, max_size=5))
    held = [set(data.draw(st.lists(st.sampled_from(able), max_size=1))) for able in jobs]
    load = {person: data.draw(st.integers(0, 3)) for person in people}

    def loads(choice: list[list[str]]) -> list[int]:
        found = Counter(load)
        for chosen, having in zip(choice, held, strict=True):
            found.update(set(chosen) - having)
        return sorted(found.values(), reverse=True)

    found = spread(jobs, held, each, load)
    for chosen, able, having in zip(found, jobs, held, strict=True):
        assert len(set(chosen)) == each and set(chosen) <= set(able) and having <= set(chosen)
    ways = [
        [list(c) for c in combinations(able, each) if having <= set(c)] for able, having in zip(jobs, held, strict=True)
    ]
    assert loads(found) == min(loads(list(choice)) for choice in product(*ways))


def test_ten_only_one_can_do_leave_the_rest_to_the_others(desk: Desk, open_desk: Callable[..., Desk]) -> None:
    articles = [desk.articles.add(f"It rained on day {n}.", title=f"Day {n}") for n in range(20)]
    cyd, dan = open_desk("Cyd"), open_desk("Dan")
    for article in articles[10:]:
        cyd.claims.tag(article, 0, 9)
        dan.claims.tag(article, 3, 9)
    made = desk.assignments.assign(articles, ["Bo", "Cyd", "Dan"], "reviewer", each=1).all
    assert Counter(one.reviewer for one in made) == {"Bo": 10, "Cyd": 5, "Dan": 5}


def test_finished_work_is_no_load(desk: Desk, bob: Desk) -> None:
    done = [desk.articles.add(f"It rained on day {n}.", title=f"Day {n}") for n in range(3)]
    desk.assignments.assign(done, ["Bob"], "checker")
    for article in done:
        bob.submissions.submit(article, "checker")
    more = [desk.articles.add(f"It snowed on day {n}.", title=f"Snow {n}") for n in range(4)]
    made = desk.assignments.assign(more, ["Bob", "Cyd"], "checker", each=1).all
    assert Counter(one.reviewer for one in made) == {"Bob": 2, "Cyd": 2}
