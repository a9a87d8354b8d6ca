"""A new article from words that are typed or pasted: title, date, text, done."""

from __future__ import annotations

from store.desk import Desk
from store.errors import Refused
from store.formats.articles.plaintext import mended
from store.text.article_draft import Draft
from tui.kit.form import Field, Question

_LINES = 8
ABOUT = "a new article"
"""What drafts of it are kept for: there is one at a time."""


class NewArticleForm(Question[str]):
    """Adds an article, and gives its id; one with the same text or address that is here already is given instead."""

    def __init__(self, desk: Desk, text: str = "") -> None:
        super().__init__(
            "New article",
            [
                Field("title", placeholder="empty: its first line"),
                Field("published", placeholder="YYYY-MM-DD, YYYY-MM or YYYY"),
                Field("url", placeholder="https://…"),
                Field("text", "Text", text, placeholder="paste the text here", lines=_LINES),
            ],
            focus="title" if text else "text",
            about="" if text else ABOUT,
            verb="Add",
        )
        self._desk = desk

    def close_form(self) -> None:
        said = {name: self.editor(name).typed for name in ("title", "published", "url")}
        text, notes = mended(self.editor("text").typed)
        if not text.strip():
            self._stay("text")
            raise Refused("The text is empty: paste or type the article, or leave with Esc.")
        draft = Draft(text, said["title"].strip(), url=said["url"].strip(), published=said["published"].strip())

        def added(found: tuple[list[str], list[str]]) -> None:
            new, known = found
            self.forget()
            title = self._desk.articles.get((new or known)[0]).title
            mends = f" ({'; '.join(notes)})" if notes and new else ""
            self.say(f"Added “{title}”{mends}." if new else f"“{title}” is already on this desk.")
            self.dismiss((new or known)[0])

        self.write(lambda: self._desk.articles.add_many([draft]), added, kept=lambda: self._stay("text"))

    def _stay(self, name: str) -> None:
        editor = self.editor(name)
        self.set_focus(editor)
        editor.resume()
