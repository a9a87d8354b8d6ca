"""A page that is read again: what the page says otherwise is a correction, what only the reading changed is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats.articles import files
from store.formats.articles.reader import ReadOptions
from store.formats.articles.revisions import options_for, plan_revision
from store.records import Article
from store.text.article_draft import Draft

BODY = " ".join(f"In the year {1900 + n} the town counted {n} houses more than the year before." for n in range(12))
PAGE = """<html lang="en"><head><title>Houses</title></head><body><article><h1>Houses</h1><p>{}</p>
<figure><img src="a.png"><figcaption>The town from above.</figcaption></figure></article></body></html>"""


def page(tmp_path: Path, body: str, options: ReadOptions | None = None) -> Draft:
    file = tmp_path / "houses.html"
    file.write_text(PAGE.format(body), "utf-8")
    return files.read(file, options)


def came_in(desk: Desk, draft: Draft, text: str = "") -> Article:
    """An article that came in with that text."""
    (id,), _ = desk.articles.add_many([draft._replace(text=text or draft.text)])
    return desk.articles.get(id)


def test_what_only_the_reading_changed_is_no_correction(desk: Desk, tmp_path: Path) -> None:
    draft = page(tmp_path, BODY)
    article = came_in(desk, draft, draft.text.replace("Houses", "HOUSES", 1))  # so an earlier factdesk read it
    with pytest.raises(Refused, match="only the way factdesk reads it has changed"):
        plan_revision(desk, article, draft)
    other = page(tmp_path, BODY.replace("1905", "1995"))
    plan, note = plan_revision(desk, article, other)
    assert plan.text == other.text and note.startswith("Some of this did not change on the page")
    words = Draft(draft.text)  # a text file is what somebody wrote: there is no page to read again
    assert plan_revision(desk, article, words)[1] == ""


def test_what_the_page_says_otherwise_is_a_correction(desk: Desk, tmp_path: Path) -> None:
    article = came_in(desk, page(tmp_path, BODY))
    plan, note = plan_revision(desk, article, page(tmp_path, BODY.replace("1905", "1995")))
    assert plan.number == 2 and note == ""


def test_a_page_is_kept_with_the_version_that_was_read_from_it(desk: Desk, tmp_path: Path) -> None:
    article = came_in(desk, page(tmp_path, BODY))
    for _ in range(2):
        draft = page(tmp_path, BODY.replace("1905", "1995"))
        desk.corrections.correct(plan_revision(desk, article, draft)[0])
        kept = desk.pages.of(desk.articles.get(article.id))
        assert kept is not None and b"1995" in desk.pages.data(kept)
        desk.history.undo()
        kept = desk.pages.of(desk.articles.get(article.id))
        assert kept is not None and b"1995" not in desk.pages.data(kept)


def test_captions_are_read_again_where_they_were_kept(desk: Desk, tmp_path: Path) -> None:
    plain = came_in(desk, page(tmp_path, BODY))
    assert not options_for(desk, plain).captions
    article = came_in(desk, page(tmp_path, BODY.replace("1905", "1906"), ReadOptions(captions=True)))
    assert "The town from above." in desk.articles.text(article)
    assert options_for(desk, article).captions
