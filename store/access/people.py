"""People: everybody who has worked on a desk or was given work, found by name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches

from store.access.names import check_name, reviewer_id
from store.access.session import Session
from store.errors import Refused, Unknown
from store.records import Reviewer
from store.text.shorten import shorten


class People:
    """Everybody who has worked on a desk or was given work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[Reviewer]:
        """Everyone who has changed something on this desk, by name."""
        return [
            Reviewer(row["id"], row["name"])
            for row in self._session.rows("SELECT id, name FROM reviewers ORDER BY name")
        ]

    def get(self, name: str) -> Reviewer:
        """The person of that name who has worked here or been given work.

        Raises:
            Unknown: there is none; names close to it are offered.
        """
        id = reviewer_id(name)
        rows = self._session.rows("SELECT id, name FROM reviewers WHERE id = ?", id)
        if not rows:
            near, names = self.near(name), [person.name for person in self.all()]
            mend = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(names[:8]) or 'none yet'}."
            raise Unknown(f"Nobody called “{shorten(name, 40)}” has worked on this desk: {mend}")
        return Reviewer(rows[0]["id"], rows[0]["name"])

    def new(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Those of some names that nobody on this desk has, each with the names here that are similar to it."""
        known = {person.name.casefold() for person in self.all()}
        found: dict[str, list[str]] = {}
        for name in names:
            if name.casefold() not in known:
                found[name] = []
                with suppress(Refused):  # it cannot be a name: to give them work says so
                    found[name] = self.near(name)
        return found

    def near(self, name: str) -> list[str]:
        """At most three names on this desk that are similar, the most similar first."""
        folded = {person.name.casefold(): person.name for person in self.all()}
        return [folded[close] for close in get_close_matches(check_name(name).casefold(), list(folded), 3)]
