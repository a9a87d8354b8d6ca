"""Evidence is looked at piece by piece within the review, by a key of its own."""

from __future__ import annotations

from pathlib import Path

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import CHECKED, assigned, at_review


def seen(desk: Desk, name: str, article: Article) -> list[str]:
    """The marks of Ben's ticks on a claim."""
    return [tick.mark for tick in desk.ticks.of(desk.claims.get(name, article).id) if tick.by == "Ben"]


async def test_all_is_looked_at_and_agreed_with_in_two_keys_a_claim(tmp_path: Path) -> None:
    async with at_review(tmp_path, prepare=assigned("open")) as r:
        assert f"evidence 0 of {CHECKED} looked at" in await r.head()
        for _ in range(CHECKED):
            await r.press("space", "a")
        assert f"evidence {CHECKED} of {CHECKED} looked at" in await r.head()
        assert [seen(r.desk, f"C{n}", r.article) for n in range(1, CHECKED + 1)] == [["seen"]] * CHECKED
        await r.press("ctrl+s", "ctrl+s", "ctrl+s")
        held = r.desk.assignments.mine(r.article, "reviewer")
        assert held is not None and held.state == "submitted"


async def test_on_a_small_screen_a_passage_is_brought_into_view_before_it_is_ticked(tmp_path: Path) -> None:
    async with at_review(tmp_path, size=(80, 24)) as r:
        await r.press("space")
        assert seen(r.desk, "C1", r.article) == [] and "The bridge fell in May." in await r.seen()
        await r.press("space")
        assert seen(r.desk, "C1", r.article) == ["seen"] and "☑ 1/4 seen" in await r.head()


async def test_a_look_too_many_does_not_leave_the_claim(tmp_path: Path) -> None:
    def bare(desk: Desk, article: Article) -> None:
        desk.delete(desk.evidence.of(desk.claims.of(article)[1])[0])

    async with at_review(tmp_path, size=(80, 24), prepare=bare) as r:
        await r.press(*["space"] * 4)
        assert (r.at_hand, r.said[-1]) == ("C1", "All evidence on C1 is looked at.")
        await r.press("a", "space", "a")
        assert (r.at_hand, r.said[-1]) == ("C3", "There is no evidence to look at on C2.")
        assert [r.said_of(f"C{n}") for n in range(1, 4)] == ["agree", "agree", ""]


async def test_to_agree_does_not_tick_and_submitting_asks_once(tmp_path: Path) -> None:
    async with at_review(tmp_path, prepare=assigned("open")) as r:
        await r.press(*"aaaa", "ctrl+s", "ctrl+s")
        held = r.desk.assignments.mine(r.article, "reviewer")
        assert seen(r.desk, "C1", r.article) == [] and held is not None and held.state == "open"
        assert "4 pieces of evidence not looked at" in r.said[-1].lower()
        await r.press("ctrl+s")
        held = r.desk.assignments.mine(r.article, "reviewer")
        assert held is not None and held.state == "submitted"


async def test_three_pieces_take_three_keys_and_what_has_changed_is_asked_again(tmp_path: Path) -> None:
    def more(desk: Desk, article: Article) -> None:
        for number in (1, 2):
            desk.evidence.add(desk.claims.of(article)[0], "context", url=f"https://{number}.example", quote="It did.")

    async with at_review(tmp_path, prepare=more) as r:
        for looked in (1, 2, 3):
            await r.press("space")
            assert seen(r.desk, "C1", r.article) == ["seen"] * looked
        changed = r.desk.evidence.of(r.claim("C1"))[0]
        await r.elsewhere(lambda ana: ana.evidence.edit(changed, note="Another copy."))
        assert "evidence 2 of 6 looked at" in await r.head()
        await r.press("space")
        assert "evidence 3 of 6 looked at" in await r.head()
