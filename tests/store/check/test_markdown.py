"""Markdown on a desk: what a file says of itself, what is tagged, what is counted, and what an editor gets."""

from __future__ import annotations

import io
from pathlib import Path

from store.desk import Desk
from store.formats import FORMATS
from store.formats.articles.batch import Batch
from store.formats.clipboard import claim_as
from store.text.anchor import find_quote
from tests.kit.desks import desk_at

TEXT = "# The **bridge**\n\nIt fell in [spring 2019](https://x.org/2024/05/07), *said* the mayor. She **left**.\n"


def brought(desk: Desk, folder: Path, name: str, text: str = TEXT) -> str:
    (folder / name).write_text(text)
    batch = Batch()
    batch.add(folder / name)
    return (batch.bring_in(desk).new or batch.bring_in(desk).known)[0]


def test_a_file_named_so_is_markdown_and_no_other_is(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        marked = desk.articles.get(brought(desk, tmp_path, "a.md"))
        plain = desk.articles.get(brought(desk, tmp_path, "b.txt", TEXT + "More."))
        assert (marked.markup, marked.title) == ("markdown", "The bridge")
        assert desk.articles.text(marked) == TEXT, "byte for byte"
        assert plain.markup == ""
        assert desk.coverage.of(marked).words == 12 < desk.coverage.of(plain).words
        assert desk.upkeep.verify() == []


def test_a_claim_keeps_the_source_and_shows_the_words(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.get(brought(desk, tmp_path, "a.md"))
        start, end = find_quote(TEXT, "It fell in [spring 2019](https://x.org/2024/05/07), *said* the mayor.")
        claim = desk.claims.tag(article, start, end)
        assert claim.quote == TEXT[start:end] and claim.quote_shown == "It fell in spring 2019, said the mayor."
        # Marks at an edge stay outside, and so does an edge within a mark.
        bold = TEXT.index("**left**")
        other = desk.claims.tag(article, bold, bold + 8)
        assert (other.quote, other.start) == ("left", bold + 2)
        assert desk.claims.move(other, bold + 1, bold + 7).quote == "left"
        assert desk.coverage.of(article).words_read == 9
        desk.sweeps.add(article, *find_quote(TEXT, "# The **bridge**"))
        (sweep,) = desk.sweeps.of(article)
        assert TEXT[sweep.start : sweep.end] == "The **bridge**"
        assert "“It fell in spring 2019, said the mayor.”" in claim_as(desk, claim, "text")


def test_the_proof_shows_what_people_see(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.get(brought(desk, tmp_path, "a.md"))
        desk.claims.tag(article, *find_quote(TEXT, "spring 2019](https://x.org/2024/05/07), *said"))
        read = desk.coverage.of(article)
        for name in ("proof", "proof-md"):
            out = io.BytesIO()
            FORMATS[name].write(desk, out)
            page = out.getvalue().decode()
            assert "spring 2019, said" in page and "x.org" not in page and "**left" not in page
            assert f"{read.percent} % of its words read" in page
        assert [claim.quote for claim in desk.claims.of(article)] == ["[spring 2019](https://x.org/2024/05/07), *said*"]
