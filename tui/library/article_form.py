"""The details of an article: what is known of it beside its text."""

from __future__ import annotations

from store.desk import Desk
from store.records import Article
from tui.kit.form import Field, Form

_FIELDS = (
    ("title", ""),
    ("published", "YYYY-MM-DD, YYYY-MM or YYYY"),
    ("publisher", ""),
    ("author", ""),
    ("url", "https://…"),
    ("language", "en, uk, ko …"),
    ("lines", "auto, lines or wrapped"),
    ("markup", "plain or markdown"),
)


class ArticleForm(Form[None]):
    """Saves each field of an article as it is left, made on top of what the form showed."""

    WRITES = True

    def __init__(self, desk: Desk, article: Article) -> None:
        read = desk.coverage.interpretation(article)
        hints = {
            "language": f"{read.language_words} (or en, uk, ko …)" if read.language_words else "",
            "lines": f"auto ({read.lines_words or 'not wrapped'}), lines or wrapped",
        }
        fields = [
            Field(name, value=getattr(article, name), placeholder=hints.get(name) or hint) for name, hint in _FIELDS
        ]
        super().__init__("Details of the article", fields, about=article.id)
        self._desk = desk
        self._article = article

    def save(self, name: str, value: str) -> Article:
        return self._desk.articles.edit(self._article, **{name: value})

    def saved(self, name: str, made: Article) -> None:
        self._article = made
