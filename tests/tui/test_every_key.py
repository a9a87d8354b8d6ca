"""Every key in every place, on an empty desk, the shortest article and the most hostile: nothing breaks or leaks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.kit import depth
from tests.kit.at_the_article import SITUATIONS
from tests.kit.hands import HOSTILE, KEYS, Hands, hands
from tui.article.screen import ArticleScreen
from tui.keys.actions_and_keys import ACTIONS, Scope
from tui.keys.keymap import TYPING, answering, is_printable, parse
from tui.kit.screen import DeskScreen
from tui.library.screen import LibraryScreen


def to_press(hand: Hands, place: str, met: set[Scope]) -> list[tuple[str, ...]]:
    """The keys to try in a place: all that there are with ``--deep``.

    Otherwise those that mean something there and nowhere before (in scopes that were not ``met``), a tenth of the
    others that mean something there, and a few keys that mean nothing.
    """
    screen = hand.app.screen
    assert isinstance(screen, DeskScreen)
    dice = random.Random(place)
    scopes = set(answering(screen.scopes()))
    new = scopes - SHARED - met
    met |= new
    own = {parse(keys) for action in ACTIONS if action.scope in new for keys in action.keys}
    shared = {parse(keys) for action in ACTIONS if action.scope in scopes - new for keys in action.keys} - own
    others = [keys for keys in KEYS if keys not in own | shared]
    wanted = (
        own
        | {keys for keys in sorted(shared) if dice.randrange(10) == 0}
        | set(dice.sample(others, min(2, len(others))))
    )
    if depth.deep:
        wanted = set(KEYS)
    if getattr(hand.app.focused, "SCOPE", None) in TYPING:  # where one types, one letter is as good as another
        wanted = {keys for keys in wanted if not is_printable(keys[0])} | {(key,) for key in LETTERS}
    return [keys for keys in KEYS if keys in wanted]


async def every_key(hand: Hands, situations: Sequence[str]) -> int:
    """Press what there is to press in each place; gives how many keys that were."""
    count, met = 0, set[Scope]()
    for name in situations:
        began = await hand.go(name)
        for keys in to_press(hand, name, met):
            if hand.place() != began and not await hand.back(name):
                break
            await hand.press(*keys)
            count += 1
        hand.app.clear_notifications()
    return count


SHARED = {Scope.EVERYWHERE, Scope.ARTICLE, Scope.TEXT, Scope.LIST}
"""Scopes that answer in many places."""
LETTERS = ("a", "space", "question_mark", "q")
NEAR_THE_TEXT = ("text", "selecting", "panel", "claims", "evidence", "review")
"""Where the shortest article can make a difference."""
WITH_OTHERS = ("disagree", "review", "review panel", "review claims", "summary", "inbox")
SIDE_BY_SIDE = ("compare", "compare panel", "compare list", "settle", "settle own", "settled file", "agreement")
IN_PARTS = [("x", NEAR_THE_TEXT), *((HOSTILE, tuple(SITUATIONS)[k::4]) for k in range(4))]
IN_PARTS += [(HOSTILE, WITH_OTHERS), (HOSTILE, SIDE_BY_SIDE)]
"""Every place once; in parts, so that they can be walked through side by side."""


@pytest.mark.parametrize(("text", "situations"), IN_PARTS, ids=["x", "1", "2", "3", "4", "others", "compare"])
async def test_every_key_in_every_place_of_an_article_is_harmless(
    text: str, situations: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hands(tmp_path, text, monkeypatch) as hand:
        assert await every_key(hand, situations) > len(situations) * 10
        await hand.begin(())
        assert isinstance(hand.app.screen, ArticleScreen) and hand.app.screen.view.text == text


async def test_every_key_of_a_review_of_very_many_claims_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(f"This is sentence {number} of the longest article. " for number in range(4_000))
    async with hands(tmp_path, text, monkeypatch) as hand:
        article = hand.desk.articles.all()[0]
        hand.desk.be("Ben")
        with hand.desk.together():
            for start, end in hand.desk.coverage.sentences(article)[20:1_500:3]:
                hand.desk.claims.tag(article, start, end)
        hand.desk.be("Ana")
        await every_key(hand, ("review",))


async def test_every_key_on_a_desk_without_an_article_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hands(tmp_path, "", monkeypatch) as hand:
        met = set[Scope]()
        for situation in ("", "i", "H", "C", "I", "V", "A", "question_mark", "ctrl+p", "f", "slash"):
            began = await hand.begin([situation] if situation else [])
            for keys in to_press(hand, situation, met):
                if hand.place() != began or hand.desk.articles.all():
                    for article in hand.desk.articles.all():
                        hand.desk.delete(article)
                    began = await hand.begin([situation] if situation else [])
                await hand.press(*keys)
            hand.app.clear_notifications()
        await hand.begin(())
        assert isinstance(hand.app.screen, LibraryScreen)


@pytest.mark.parametrize("seed", [1, 2] if depth.deep else [1])
async def test_a_walk_of_many_keys_through_a_hostile_article_is_harmless(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    async with hands(tmp_path, HOSTILE, monkeypatch) as hand:
        await hand.begin(())
        for step in range(400 if depth.deep else 120):
            await hand.press(*dice.choice(KEYS))
            if step % 40 == 39:
                hand.app.clear_notifications()
                await hand.pilot.resize_terminal(dice.randrange(20, 140), dice.randrange(4, 50))
        assert hand.desk.history.of(limit=1)
