"""The app as a browser shows it: what is drawn and typed goes through a pipe to the server, which has the socket."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.driver import Driver
from textual.drivers.web_driver import WebDriver

from store.desk import Desk
from store.errors import Refused
from tui import settings
from tui.app import FactdeskApp
from tui.kit.navigation import Spot

if TYPE_CHECKING:
    from tui.kit.command_palette import Offer

_FILES = "is done where factdesk runs, whose files a browser does not reach"

NOT_FOR_VISITORS = {
    "import_articles": f"Importing {_FILES}: paste the text as a new article instead.",
    "correct_text": f"Correcting from a file or an address {_FILES}.",
    "merge_desk": f"Merging {_FILES}.",
    "share_desk": f"Sharing the desk with its whole history {_FILES}: export a format instead.",
    "save_elsewhere": f"Saving the desk elsewhere {_FILES}.",
    "sync_desk": f"Naming a place to sync with {_FILES}.",
    "backups": f"Looking after backups {_FILES}.",
    "edit_outside": f"Starting an editor {_FILES}.",
    "settings": "Your name is the one you signed in with, and settings are kept where factdesk runs; the palette has "
    "the colours.",
}
"""What those cannot do who come through a proxy: reach files or programs of the server, or be somebody else."""


class BrowserDriver(WebDriver):
    """Reads and writes what the server passes on; ends the app when the server is gone."""

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type == "attached":
            self._app.call_later(self._app.screen.refresh, layout=True)
        else:
            super().on_meta(packet_type, payload)

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set() and isinstance(self._app, FactdeskApp):
            self._app.call_later(self._app.end)


class Whereabouts(NamedTuple):
    """Where somebody was: the article by its id, whose claims they review there or None, and the spot in it."""

    article: str
    reviewing: str | None
    spot: Spot


class BrowserApp(FactdeskApp):
    """The app in a browser of the person who also runs the server."""

    def __init__(self, desk: Desk, remembered: settings.Settings, place: Whereabouts | None = None) -> None:
        """``place`` is where to begin: where the app that this one follows was told to end."""
        article = None
        if place is not None:
            with suppress(Refused):  # it may have been deleted meanwhile
                article = desk.articles.get(place.article)
        super().__init__(desk, remembered, article, reviewing=place.reviewing if article and place else None)
        if article and place:
            self.leave_article(article, place.spot)

    def end(self) -> None:
        from tui.article.screen import ArticleScreen

        shown = next((one for one in reversed(self.screen_stack) if isinstance(one, ArticleScreen)), None)
        if shown is not None and isinstance(self._driver, WebDriver):
            shown.leave()
            article = shown.open.article.id
            place = Whereabouts(article, self._opened.get(article), self._left[article])
            self._driver.write_meta({"type": "place", "place": place})
        super().end()

    def get_driver_class(self) -> type[Driver]:
        return BrowserDriver

    def opens(self, url: str) -> bool:
        if not isinstance(self._driver, WebDriver):
            return False
        self._driver.open_url(url)
        return True


class VisitorApp(BrowserApp):
    """The app of somebody who came through a proxy: what they save goes to their browser, not to the server's disk."""

    refused = NOT_FOR_VISITORS
    _written: TemporaryDirectory[str] | None = None

    def place_for(self, named: str) -> Path:
        if self._written is None:
            self._written = TemporaryDirectory(prefix="factdesk-")
        name = named.replace("\\", "/").rstrip("/").rpartition("/")[2]
        if name in ("", ".", ".."):
            raise Refused("This is not the name of a file: give another.")
        return Path(mkdtemp(dir=self._written.name)) / name

    def hand_over(self, path: Path, said: str) -> str:
        name = path.name
        if path.is_dir():
            folder, path = path, Path(shutil.make_archive(str(path), "zip", path))
            shutil.rmtree(folder)
        if isinstance(self._driver, WebDriver):
            self._driver.write_meta({"type": "download", "path": str(path)})
        return f"{said.replace(str(path.parent / name), name)} Your browser keeps it among its downloads."

    def offers(self) -> Iterator[Offer]:
        return (offer for offer in super().offers() if not offer.choice.key.startswith("setting:"))

    def on_unmount(self) -> None:
        super().on_unmount()
        if self._written is not None:
            self._written.cleanup()


def begin() -> None:
    """Run the app for the server: what it is to know is the argument, in JSON."""
    told: dict[str, Any] = json.loads(sys.argv[1])
    gc.disable()  # as `start_app` has it
    try:
        if told["proxied"]:  # colours and the like are each visitor's own
            person = sha256(told["name"].casefold().encode()).hexdigest()[:20]
            os.environ["FACTDESK_CONFIG"] = str(settings.data_folder() / "visitors" / person)
        with Desk.open(Path(told["desk"]), told["name"]) as desk:
            place = None
            if told["place"]:
                article, reviewing, spot = told["place"]
                place = Whereabouts(article, reviewing, Spot(*spot))
            app = (VisitorApp if told["proxied"] else BrowserApp)(desk, settings.load(), place)
            app.run()
    except Refused as refusal:
        sys.exit(f"factdesk: {refusal}")
    sys.exit(app.return_code or 0)
