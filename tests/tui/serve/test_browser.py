"""The app in a real browser: opened, worked in, reloaded; what the browser complains of is a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit import chromium
from tests.kit.commands import TEXT
from tests.kit.served import served

pytestmark = pytest.mark.skipif(chromium.program() is None, reason=chromium.MISSING)


@pytest.fixture
def desk(ana: Path) -> Path:
    """Ana's desk with an article."""
    with Desk.open(ana / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT, title="Rain")
    return ana / "desk.db"


async def test_a_source_opens_in_a_tab_that_knows_nothing_of_the_desk(desk: Path) -> None:
    with Desk.open(desk, "Ana") as own:
        claim = own.claims.tag(own.articles.all()[0], 0, 18)
        own.evidence.add(claim, "supports", url="https://example.org/rain?a=1")
    async with served() as server, chromium.chromium() as page:
        await page.go(await server.address())
        await page.shows("Rain", "1 article")
        # What is clicked is looked at instead: nothing of elsewhere is asked for in a test.
        await page.evaluate("HTMLAnchorElement.prototype.click = function () { window.clicked = this.outerHTML }")
        await page.press("enter")
        await page.shows("It rained on 5 May")
        await page.press("[")
        await page.shows("example.org")
        await page.press("tab", "O")
        clicked = await page.finds("window.clicked")
        assert clicked == '<a href="https://example.org/rain?a=1" target="_blank" rel="noopener noreferrer"></a>'
        await page.evaluate("window.clicked = ''; window.open('javascript:alert(1)')")
        assert not await page.evaluate("window.clicked")
        await page.evaluate("window.open('/download/x')")
        assert await page.finds("window.clicked") == f'<a href="{server.base}/download/x" download=""></a>'
        assert not page.complaints


async def test_a_check_in_a_browser_goes_on_after_a_reload(desk: Path, tmp_path: Path) -> None:
    async with served() as server, chromium.chromium() as page:
        await page.go(await server.address())
        await page.shows("Rain", "1 article", "Ana")
        assert await page.evaluate("location.href") == f"{server.base}/"  # the address that works once is out of sight
        assert not await page.evaluate("document.cookie")

        await page.press("enter")
        await page.shows("It rained on 5 May")
        await page.press(")", "t")
        await page.shows("C1")
        await page.press("3")
        await page.shows("Mixed")
        await page.press("J")
        await page.write("because of the spr")
        await page.shows("because of the spr")
        (app,) = server.apps()

        await page.reload()
        await page.shows("because of the spr", "The river rose", "C1")
        await page.write("ing")
        await page.shows("because of the spring")
        assert server.apps() == [app]
        await page.press("escape")
        await page.shows("t Tag")
        painted = await page.photograph(tmp_path / "page.png")
        assert len(painted) > 20_000  # letters, not a blank page

        await page.press("q", "q")
        assert "Everything is saved" in await page.finds("!over.hidden && over.textContent")
        assert not page.complaints
        assert all(one.startswith((server.base, server.base.replace("http", "ws"))) for one in page.requests), (
            page.requests
        )
    with Desk.open(desk, "Ana") as left:
        (claim,) = left.claims.of(left.articles.all()[0])
        assert claim.quote == "The river rose by two metres"
        (verdict,) = left.verdicts.of(claim)
        assert (verdict.verdict, verdict.justification) == ("mixed", "because of the spring")
