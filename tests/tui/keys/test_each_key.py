"""Each key of the text does something: were its action empty, the test of it would fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.at_a_review import at_review
from tests.kit.at_the_article import SENTENCES, TAGGED, TEXT, Room, at_desk
from tui.keys.actions_and_keys import ACTIONS, Scope

MIDDLE = 40 * (len(TEXT) + 2) // 2
LONG = "\n\n".join([TEXT] * 40)
FIRST: dict[str, tuple[str, ...]] = {
    "clear": ("v", "w"), "swap_ends": ("v", "w"), "cycle": ("g", "g", "t", "g", "g", "w", "w", "v", "w", "t", "escape"),
}  # fmt: skip
"""What comes before the key, where the key means something only then."""
KEYS = [
    (action.id, action.keys[0])
    for action in ACTIONS
    if action.scope is Scope.TEXT and action.id not in ("copy", "jump", "source")  # these neither move nor select
]


def state(r: Room) -> tuple[object, ...]:
    return r.view.caret, r.view.selection, r.view.active


@pytest.mark.quick
async def test_each_key_of_the_text_moves_or_selects(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=LONG) as r:
        at = LONG.index("she added", MIDDLE) + 5  # in a word of a sentence of a paragraph, with pages above and below
        for id, key in KEYS:
            await r.press("escape", "escape")
            r.view.move_to(at if id != "this_quotation" else LONG.index("inspected", MIDDLE))
            await r.press(*FIRST.get(id, ()))
            before = state(r)
            await r.press(*key.split())
            if id == "select":  # from here on motions select
                await r.press("w")
                assert r.view.selection is not None
            await r.until(lambda before=before: state(r) != before, f"{key} does something")


@pytest.mark.parametrize("scope", [Scope.CHECK, Scope.PROPOSE])
async def test_each_digit_gives_the_verdict_that_stands_there(tmp_path: Path, scope: Scope) -> None:
    reviewing = scope is Scope.PROPOSE
    async with at_review(tmp_path) if reviewing else at_desk(tmp_path) as r:
        if not reviewing:
            await r.press("t")
        for place, verdict in enumerate(r.desk.scheme.active[:9], 1):
            await r.press(str(place))
            if reviewing:
                given = [
                    review.verdict
                    for review in r.desk.reviews.of(r.desk.claims.get("C1", r.article))
                    if review.by == "Ben"
                ]
                assert given in ([verdict.key], [""]), place  # the checker's very verdict is an agreement
                await r.press("u", "[")
            else:
                assert r.claims()[0].verdict == verdict.key, place


async def test_the_selection_or_the_quote_of_the_claim_is_copied_and_told(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("y")
        assert r.app.clipboard == "" and len(r.said) == 1
        await r.press("v", "w", "y")
        assert r.app.clipboard.strip() and SENTENCES[0].startswith(r.app.clipboard.strip()) and "Copied" in r.said[-1]
        await r.press("escape", "t", "y")
        assert r.app.clipboard == TAGGED[0]
