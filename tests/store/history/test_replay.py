"""A replay: what stood in an article's text after each step is what stood there then, however one goes through."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.corrected import NEW, RAIN, correct, tagged
from tests.kit.desks import desk_at
from tests.kit.growth import grows


class Stood(NamedTuple):
    """What stood in the text of an article once."""

    sha: str
    claims: set[tuple[str, int, int, str]]
    sweeps: set[tuple[int, int]]
    read: int
    places: int


def now(desk: Desk, article: Article) -> Stood:
    article = desk.articles.get(article.id)
    coverage = desk.coverage.of(article)
    return Stood(
        article.sha,
        {
            (one.id, one.start, one.end, one.verdict)
            for one in desk.claims.of(article)
            if one.version == article.version
        },
        {(one.start, one.end) for one in desk.sweeps.of(article)},
        coverage.words_read,
        len(coverage.residue),
    )


def test_at_each_step_the_text_stands_as_it_stood_then(tmp_path: Path) -> None:
    with desk_at(tmp_path, "Ana") as desk:
        article = desk.articles.add(RAIN, title="Rain")
        stood = [now(desk, article)]

        def do(step: Callable[[], object]) -> None:
            step()
            stood.append(now(desk, article))

        claim = tagged(desk, article, "41 schools will close")
        stood.append(now(desk, article))
        do(lambda: desk.verdicts.give(claim.id, "supported", "They will."))
        do(lambda: desk.sweeps.add(article, RAIN.index("Nobody"), RAIN.index("Nobody") + 13))
        do(lambda: tagged(desk, article, "It rained on Monday"))
        do(lambda: desk.claims.move(desk.claims.of(article)[0], 0, 20))
        do(lambda: desk.verdicts.give(claim.id, ""))
        do(lambda: desk.history.undo())
        do(lambda: desk.delete(desk.claims.get(claim.id)))
        do(lambda: desk.history.undo())
        do(lambda: desk.history.redo())
        do(lambda: desk.history.undo())
        do(lambda: correct(desk, article, NEW))
        do(lambda: tagged(desk, article, "A new sentence"))
        desk.be("Ben")
        do(lambda: desk.reviews.decide(desk.claims.get(claim.id), "change_verdict", verdict="mixed"))
        desk.be("Eva")
        found = desk.comparison.compare(article)
        group = desk.comparison.group_of(claim.id, found)
        do(lambda: desk.settlements.adjudicate(group, "second_correct", rationale="Ben is right."))
        do(lambda: desk.settlements.unsettle(desk.comparison.group_of(claim.id, desk.comparison.compare(article))))

        replay = desk.history.replay(article)
        many = len(replay.steps)
        assert many == len(stood), [step.says for step in map(replay.told, replay.steps)]
        order = [*range(1, many + 1), *range(many, 0, -1), *random.Random(7).choices(range(1, many + 1), k=60)]
        for number in order:
            then = replay.at(number)
            claims = {(one.id, one.start, one.end, one.verdict) for one in then.claims.values()}
            shown = Stood(
                then.text.sha, claims, set(then.sweeps.values()), then.coverage.words_read, len(then.coverage.residue)
            )
            assert shown == stood[number - 1], (number, replay.told(replay.steps[number - 1]).says)
        assert replay.at(0).claims == {} and replay.at(0).sweeps == {}


@pytest.mark.parametrize("level", ["verdict", "all"])
def test_what_is_hidden_from_you_is_in_no_step(tmp_path: Path, level: str) -> None:
    with desk_at(tmp_path, "Ana") as desk:
        article = desk.articles.add(RAIN, title="Rain")
        claim = tagged(desk, article, "41 schools will close")
        desk.verdicts.give(claim.id, "refuted", "They stay.")
        desk.sweeps.add(article, RAIN.index("Nobody"), RAIN.index("Nobody") + 13)
        desk.assignments.assign([article], ["Zoe"], "reviewer", blind=level, whose="Ana")
        desk.be("Zoe")
        replay = desk.history.replay(article)
        for number in range(len(replay.steps) + 1):
            then = replay.at(number)
            assert all(not one.verdict for one in then.claims.values())
            if level == "all":
                assert not then.claims and not then.sweeps and not then.coverage.words_read
        said = " ".join(words for step in replay.steps for words in replay.told(step).says)
        assert "Refuted" not in said and "They stay" not in said


def test_a_step_costs_what_it_changed_and_not_the_whole_article(tmp_path: Path) -> None:
    said, longest = "Rivers rose by 3 metres. ", 400
    with desk_at(tmp_path, "Ana") as desk:
        articles = {size: desk.articles.add(said * size, title=str(size)) for size in (longest // 4, longest)}
        for size, article in articles.items():
            for k in range(size):
                desk.claims.tag(article, k * len(said), k * len(said) + 23)
        replays = {size: desk.history.replay(article) for size, article in articles.items()}

        def walk(size: int) -> None:
            """Twenty times twenty steps back from the end, one by one."""
            last = len(replays[size].steps)
            for back in [*range(20)] * 20:
                replays[size].at(last - back)

        for size in articles:
            walk(size)
        assert not grows(walk, longest // 4, times=3)
