"""An article in Markdown on the screen: keys and the mouse move over what people see; the desk keeps the source."""

from __future__ import annotations

from pathlib import Path

from textual import events

from tests.kit.at_the_article import opened
from tests.kit.desks import desk_at
from tests.kit.pilot import screen_text

TEXT = (
    "# The **bridge** fell\n"
    "\n"
    "It fell in [spring 2019](https://x.org/2024/05), *said* the mayor. She **really** left.\n"
    "\n"
    "- Some `2 500` people\n"
    "- > crossed it daily\n"
)


async def test_marks_are_not_shown_and_no_key_lands_in_them(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge", markup="markdown")
        async with opened(desk, article) as r:
            shown = screen_text(r.app)
            assert "The bridge fell" in shown and "It fell in spring 2019, said the mayor." in shown
            assert "• Some 2 500 people" in shown and "x.org" not in shown and "**" not in shown
            seen = r.view.seen
            stops = {seen.caret(offset) for offset in range(len(TEXT) + 1)}
            await r.press("ctrl+home")
            for key in ("right", "w", "right_parenthesis", "down", "end", "ctrl+down", "b", "left", "up", "home"):
                for _ in range(12):
                    await r.press(key)
                    assert r.view.caret in stops, key


async def test_what_is_selected_and_tagged_is_what_people_see_and_keeps_the_source(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge", markup="markdown")
        async with opened(desk, article) as r:
            await r.press("/", *"fell in spring", "enter", "escape")
            assert r.at.startswith("fell in [spring")
            await r.press("w", "w", "i", "w")
            assert r.view.selected_text == "spring"
            await r.press("escape", "i", "s", "t")
            (claim,) = r.claims()
            assert claim.quote == "It fell in [spring 2019](https://x.org/2024/05), *said* the mayor"
            assert claim.quote == TEXT[claim.start : claim.end]
            assert claim.quote_shown == "It fell in spring 2019, said the mayor"
            panel = " ".join((await r.panel()).split())
            assert "“It fell in spring" in panel and "x.org" not in panel
            await r.press("/", *"really", "enter", "escape", "v", "w", "t")
            assert [claim.quote for claim in r.claims()][1:] == ["really"], "a mark at an edge stays outside"
            await r.press("comma")
            assert r.quotes()[1] == "She **really**" or r.quotes()[1] == "really", r.quotes()


async def test_the_mouse_selects_the_words_under_it(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge", markup="markdown")
        async with opened(desk, article) as r:
            begin, end = TEXT.index("spring"), TEXT.index("2019") + 3
            await r.mouse(events.MouseDown, *r.cell(begin))
            await r.mouse(events.MouseMove, *r.cell(end))
            await r.mouse(events.MouseUp, *r.cell(end))
            assert r.view.selected_text == "spring 2019"
            await r.press("t")
            assert r.quotes() == ["spring 2019"]


async def test_the_source_is_one_key_away(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge", markup="markdown")
        async with opened(desk, article) as r:
            read = r.screen.open.coverage
            await r.press("g", "s")
            assert "# The **bridge** fell" in screen_text(r.app) and r.said[-1] == "Shown as it is written."
            await r.press("g", "s")
            assert "The bridge fell" in screen_text(r.app) and "**" not in screen_text(r.app)
            assert r.screen.open.coverage == read and read.words == 20
            desk.articles.edit(desk.articles.get(article.id), markup="plain")
            r.screen.catch_up()
            await r.until(lambda: "# The **bridge** fell" in screen_text(r.app), "the text is shown as it is stored")
            await r.press("g", "s")
            assert r.said[-1].startswith("This article is plain text. If it is Markdown, say so in its details")


async def test_what_is_selected_stays_so_while_the_text_is_shown_otherwise(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge", markup="markdown")
        async with opened(desk, article) as r:
            for quote in ("Some `2 500` people", "[spring 2019](https://x.org/2024/05)", "# The **bridge** fell\n"):
                start = TEXT.index(quote)
                claim = desk.claims.tag(article, start, start + len(quote))
                r.screen.catch_up()
                await r.until(lambda id=claim.id: r.view.mark(id), "the claim is shown")
                for select in (r.view.activate, r.view.hold):
                    select(claim.id)
                    for _ in range(2):
                        await r.press("g", "s")
                        assert r.view.active == claim.id and claim.name in await r.panel(), quote
            await r.press("f")
            place = r.view.place
            await r.press("g", "s")
            assert place is not None and r.view.place == place


async def test_a_plain_text_with_a_stray_asterisk_is_shown_whole(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        async with opened(desk, text="He *left* on [Monday](x).") as r:
            assert "He *left* on [Monday](x)." in screen_text(r.app)
