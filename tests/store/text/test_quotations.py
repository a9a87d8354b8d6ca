"""Quotation marks never stand doubled."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.text.quotations import quoted


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("It rained.", "“It rained.”"),
        ("“It rained,” he said", "‘“It rained,” he said’"),
        ('"It rained"', '‘"It rained"’'),
        ("„Es regnet“", "‘„Es regnet“’"),
        ("He said ‘no’", "“He said ‘no’”"),
        ("", "“”"),
    ],
)
def test_words_with_marks_of_their_own_get_single_ones(words: str, shown: str) -> None:
    assert quoted(words) == shown


def test_a_message_that_quotes_a_quotation_does_not_double_the_marks(desk: Desk) -> None:
    article = desk.articles.add("“We could not leave,” Ri said.")
    desk.claims.tag(article, 0, 30)
    assert desk.history.of(limit=1)[0].sentence.endswith("tagged C1 ‘“We could not leave,” Ri said.’")
