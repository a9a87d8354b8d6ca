"""What is written is read back by another program's own library: the same spans, on their words."""

from __future__ import annotations

from pathlib import Path

from pybrat.parser import BratParser

from store.desk import Desk
from store.formats import FORMATS

BODY = "😀 The e\u0301lan of ten cells 中文字 grows.\nשלום it says [b]now[/b].\nA third line ends here.\n"
QUOTES = ("The e\u0301lan of ten cells", "ten cells 中文字 grows", "שלום", "[b]now[/b]", "A third line ends here")


def test_brat_is_read_by_pybrat(desk: Desk, tmp_path: Path) -> None:
    article = desk.articles.add(BODY)
    text = desk.articles.text(article)
    for quote in QUOTES:
        claim = desk.claims.tag(article, text.index(quote), text.index(quote) + len(quote))
        desk.verdicts.give(claim, "refuted", "Not so, says “they”;\nand a second line.")
    FORMATS["brat"].write(desk, tmp_path / "out")
    (found,) = BratParser().parse(tmp_path / "out")
    spans = {entity.mention: (entity.start, entity.end) for entity in found.entities}
    assert spans == {quote: (text.index(quote), text.index(quote) + len(quote)) for quote in QUOTES}
    assert all(found.text[start:end] == quote for quote, (start, end) in spans.items())
