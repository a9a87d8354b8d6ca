"""A practised checker works the sample article, and a reviewer looks at evidence: how many keys that takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import sample
from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import CHECKED, assigned, at_review
from tests.kit.at_the_article import opened
from tests.kit.desks import desk_at
from tests.kit.sample_claims import SAMPLE_CLAIMS
from tui import settings

MOVING = (
    "t1 t1 ict1 t1 t1 ;T1 bict1 t1 ict1 t1 t1 t1 ;bbbv);t1 s ;v))t1 ;v))t1 s s ;T1 s s t1 t1 ;T1 s t,,,1 ;T1 ;T1"
    " s ;T1 s t1 t1 t1 wwv;t1 t1"
)
"""The keys where a verdict and a sweep move on; spaces are for the eye."""
STAYING = MOVING.replace("1", "1f").replace("s", "sf")


@pytest.mark.parametrize(("script", "after", "most"), [(MOVING, "next", 105), (STAYING, "stay", 140)])
async def test_the_sample_is_checked_in_about_a_hundred_keys(
    tmp_path: Path, script: str, after: str, most: int
) -> None:
    settings.save(after_verdict=after)
    keys = [key for key in script if key != " "]
    assert len(keys) <= most
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(sample.path().read_text(encoding="utf-8"), title="Prisoners")
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press(*keys)
            claims = r.claims()
            assert [(claim.start, claim.end) for claim in claims] == SAMPLE_CLAIMS
            assert all(claim.verdict for claim in claims)
            assert r.screen.open.coverage.nothing_left and r.screen.open.coverage.residue == ()


REVIEWED = 31
PASSAGE = "The council counted the traffic on the bridge twice, in spring and in autumn, and wrote it down."


def all_checked(desk: Desk, article: Article) -> None:
    """Tag what is not tagged yet, with a verdict and a piece of evidence each, and have Ben review it."""
    for start, end in desk.coverage.sentences(article)[CHECKED:]:
        claim = desk.claims.tag(article, start, end)
        desk.verdicts.give(claim, "supported", "The council says so.")
        desk.evidence.add(claim, "supports", url=f"https://council.example/{start}", title="Report", quote=PASSAGE)
    assigned("open")(desk, article)


@pytest.mark.parametrize(("size", "most"), [((120, 40), 70), ((80, 24), 100)])
async def test_thirty_one_claims_and_their_evidence_are_looked_at_in_so_many_keys(
    tmp_path: Path, size: tuple[int, int], most: int
) -> None:
    text = " ".join(f"In the year {1900 + n} the bridge was crossed by {n} hundred people." for n in range(REVIEWED))
    async with at_review(tmp_path, size=size, text=text, prepare=all_checked) as r:
        keys = 0

        async def press(key: str) -> None:
            nonlocal keys
            keys += 1
            await r.press(key)

        for _ in range(REVIEWED):
            name = r.at_hand
            while not r.desk.ticks.of(r.claim(name)):
                await press("space")
            await press("a")
            assert r.said_of(name) == "agree"
        assert f"{REVIEWED} of {REVIEWED} reviewed" in await r.head()
        for _ in range(3):
            await press("ctrl+s")
        held = r.desk.assignments.mine(r.article, "reviewer")
        assert held is not None and held.state == "submitted"
        assert keys <= most, keys
