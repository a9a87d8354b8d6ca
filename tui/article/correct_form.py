"""The form that asks where the corrected text of an article is."""

from __future__ import annotations

from textual import work
from textual.message import Message

from store.errors import Refused
from store.formats.articles.reader import ReadOptions
from store.text.article_draft import Draft
from tui.kit.form import Field, Question


class CorrectForm(Question[Draft]):
    """Asks where the corrected text is, and reads it from there; nothing is written yet."""

    class Read(Message):
        """The article at an address, or why there is none."""

        def __init__(self, found: Draft | Refused) -> None:
            super().__init__()
            self.found = found

    def __init__(self, title: str, address: str, options: ReadOptions) -> None:
        super().__init__(
            f"Correct “{title}”",
            [Field("source", "New text", address, placeholder="a file, or an address (https://…)")],
            intro="Claims move along with their words; those whose words changed are listed to be checked again.",
            verb="Correct",
        )
        self._fetching = False
        self._options = options

    def close_form(self) -> None:
        from store.formats.articles.files import is_web_address

        source = self.editor("source").typed.strip()
        if self._fetching:
            return
        if not source:
            self._stay()
            raise Refused("Name the file with the corrected text, or its address; Esc leaves the text as it is.")
        if is_web_address(source):
            self._fetching = True
            self.say("Fetching …")
            self._fetch(source)
            return
        from store.formats.articles import files
        from tui.settings import path_of

        try:
            draft = files.read(path_of(source), self._options)
        except Refused:
            self._stay()
            raise
        self.dismiss(draft)

    def _stay(self) -> None:
        editor = self.editor("source")
        self.set_focus(editor)
        editor.resume()

    @work(thread=True, exclusive=True, group="fetch", exit_on_error=False)
    def _fetch(self, address: str) -> None:
        from store.formats.articles.address import article_at
        from store.formats.articles.fetch import Fetcher

        try:
            self.post_message(self.Read(article_at(address, Fetcher(), self._options)))
        except Refused as refusal:
            self.post_message(self.Read(refusal))

    def on_correct_form_read(self, event: Read) -> None:
        event.stop()
        self._fetching = False
        if isinstance(event.found, Refused):
            self._stay()
            raise event.found
        self.dismiss(event.found)
