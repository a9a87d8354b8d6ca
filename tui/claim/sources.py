"""What is done in the panel with the source of a piece of evidence: open it in a browser, copy its address."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

from store.errors import Refused
from tui.kit.pieces import shorten
from tui.kit.screen import DeskScreen

if TYPE_CHECKING:
    from store.records import Evidence
    from tui.claim.panel import ClaimPanel


class RowSources:
    """Mixed into the claim panel; it is about the evidence in the cursor row, or the only one there is."""

    def _cited(self: ClaimPanel) -> Evidence:  # type: ignore[misc]
        dossier, place = self._at_hand(), self.lines.place
        if place is not None and place.kind == "evidence":
            return self._evidence(place.id)
        if len(dossier.evidence) == 1:
            return dossier.evidence[0]
        raise Refused("Which source? Put the cursor on a piece of evidence.")

    def _address(self: ClaimPanel) -> str:  # type: ignore[misc]
        source = self._cited().source
        if source is None or not source.url:
            raise Refused("The source of this evidence has no address.")
        return source.url

    def action_open_source(self: ClaimPanel) -> None:  # type: ignore[misc]
        """Open the source in the browser."""
        url = self._address()
        if not url.lower().startswith(("http://", "https://")):
            raise Refused(f"{shorten(url, 60)} is no web address: {self._key('copy_source')} copies it.")
        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            browser = None
        # One that runs in the terminal would take it away from the app.
        if browser is None or type(browser) is webbrowser.GenericBrowser:
            raise Refused(f"There is no browser to open here: {self._key('copy_source')} copies the address.")
        browser.open(url)
        self._say(f"Opened {shorten(url, 60)} in the browser.")

    def action_copy_source(self: ClaimPanel) -> None:  # type: ignore[misc]
        """Copy the address of the source."""
        url = self._address()
        self.app.copy_to_clipboard(url)
        self._say(f"Copied {shorten(url, 60)}.")

    def _say(self: ClaimPanel, words: str) -> None:  # type: ignore[misc]
        if isinstance(self.screen, DeskScreen):
            self.screen.say(words)
