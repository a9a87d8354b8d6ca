"""What is done in the panel with the source of a piece of evidence: open it in a browser, copy its address."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from store.errors import Refused
from store.records import Evidence
from tui.claim.panel import ClaimPanel
from tui.kit.screen import Host, host_of
from tui.kit.styled_text import shorten

_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_IN_THE_TERMINAL = ("lynx", "w3m", "links", "elinks", "www-browser")
_PATIENCE = 10.0


async def opened_in_browser(host: Host | None, url: str) -> bool:
    """Open an address in the browser that shows the app, or in this machine's, whose words never reach the screen.

    False when there is none outside of it.
    """
    if host is not None and host.opens(url):
        return True
    if any(Path(command.split()[0]).name in _IN_THE_TERMINAL for command in _browsers()):
        return False  # it would take the terminal away from the app
    nowhere = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _OPEN, url), stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    try:
        return await asyncio.wait_for(process.wait(), _PATIENCE) == 0
    except asyncio.TimeoutError:
        return True  # it runs, and that is all there is to know


def _browsers() -> list[str]:
    """The browsers that ``BROWSER`` names, as the commands they are."""
    return [command for command in os.environ.get("BROWSER", "").split(os.pathsep) if command.split()]


class RowSources:
    """A handler of the claim panel; it is about the evidence in the cursor row, or the only one there is."""

    def __init__(self, panel: ClaimPanel) -> None:
        self._panel = panel

    def _cited(self) -> Evidence:
        dossier, place = self._panel.at_hand(), self._panel.lines.place
        if place is not None and place.kind == "evidence":
            return self._panel.evidence(place.id)
        if len(dossier.evidence) == 1:
            return dossier.evidence[0]
        raise Refused("Which source? Select a piece of evidence.")

    def _address(self) -> str:
        source = self._cited().source
        if source is None or not source.url:
            raise Refused("The source of this evidence has no address.")
        return source.url

    def action_open_source(self) -> None:
        """Open the source in the browser."""
        url = self._address()
        if not url.lower().startswith(("http://", "https://")):
            raise Refused(f"{shorten(url, 60)} is not a web address: {self._panel.key('copy_source')} copies it.")
        self._panel.run_worker(self._browse(url), group="browser")

    async def _browse(self, url: str) -> None:
        if await opened_in_browser(host_of(self._panel), url):
            self._panel.say(f"Opened {shorten(url, 60)} in the browser.")
        else:
            self._panel.say(f"No browser could be opened: {self._panel.key('copy_source')} copies the address.")

    def action_copy_source(self) -> None:
        """Copy the address of the source."""
        url = self._address()
        self._panel.app.copy_to_clipboard(url)
        self._panel.say(f"Copied {shorten(url, 60)}.")
