"""Asks where a desk is to be synced that has not been synced yet."""

from __future__ import annotations

from store.errors import Refused
from store.sync.hub_address import is_hub, refuse_secrets
from tui.kit.form import Field, Question
from tui.settings import path_of


class SyncForm(Question[str]):
    """Asks for a hub, a folder or another desk's file, and gives what was named."""

    def __init__(self) -> None:
        intro = (
            "A hub, postgresql://LOGIN@HOST/DATABASE, whose password stands in ~/.pgpass; or a folder that all reach; "
            "or another desk's file. From then on the app syncs there by itself."
        )
        super().__init__("Sync with others", [Field("place", "Where")], intro=intro, about="sync", verb="Sync")
        self._place = ""

    def save(self, name: str, value: str) -> None:
        self._place = value.strip()

    def close_form(self) -> None:
        try:
            if not self._place:
                raise Refused("Name the place first; Esc syncs with nothing.")
            refuse_secrets(self._place)
            place = self._place if is_hub(self._place) else str(path_of(self._place))
        except Refused as refusal:
            self.editor("place").begin()
            self.refuse(refusal)
            return
        self.forget()
        self.dismiss(place)
