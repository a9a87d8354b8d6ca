"""People: everybody who has worked on a desk or was given work, found by name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches

from store.access.names import check_name
from store.access.session import Session
from store.errors import Refused, Unknown
from store.log.log import Edit
from store.person import Person
from store.text.shorten import shorten


class People:
    """Everybody who has worked on a desk or was given work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[Person]:
        """Everyone who has changed something on this desk or was given work, by name."""
        self._session.look()
        return sorted(self._session.names)

    def names(self) -> dict[str, Person]:
        """Everybody on this desk, by each name that they have or had."""
        rows = self._session.rows(
            "SELECT item, json_extract(patch, '$.name') AS name FROM changes WHERE kind = 'reviewers'"
            " AND json_type(patch, '$.name') = 'text' ORDER BY id"
        )
        return {row["name"]: self._session.person(row["item"]) for row in rows} | {one: one for one in self.all()}

    def get(self, name: str) -> Person:
        """The person who is called so, now or when they joined.

        Raises:
            Unknown: there is none; names close to it are offered.
        """
        self._session.look()
        person = self._session.called(name)
        if self._session.names.get(person.id) is None:
            near = self.near(name)
            known = ", ".join(self.all()[:8]) or "none yet"
            mend = f"did you mean {' or '.join(near)}?" if near else f"known are {known}."
            raise Unknown(f"Nobody called “{shorten(name, 40)}” has worked on this desk: {mend}")
        return person

    def new(self, names: Iterable[str]) -> dict[str, list[Person]]:
        """Those of some names that nobody on this desk has, each with the names here that are similar to it."""
        found: dict[str, list[Person]] = {}
        for name in names:
            with suppress(Refused):  # it cannot be a name: to give them work says so
                if self.has(name):
                    continue
                found[name] = self.near(name)
            found.setdefault(name, [])
        return found

    def has(self, name: str) -> bool:
        """Whether somebody is called so, now or when they joined."""
        self._session.look()
        return self._session.names.get(self._session.called(name).id) is not None

    def rename(self, name: str, new: str) -> Person:
        """Give somebody another name: from now on everything they did, and do, stands under it.

        Who they are stays: the name under which they joined still means them.

        Args:
            name: what they are called.
            new: what they are called from now on.

        Raises:
            Unknown: nobody is called so.
            Refused: somebody else has the new name, or it is not a name.
        """
        new = check_name(new)
        with self._session.writing():
            person = self.get(name)
            self._session.names.must_be_free(new, person.id)
            self._session.write([Edit("reviewers", person.id, {"name": new})])
        return self._session.person(person.id)

    def near(self, name: str) -> list[Person]:
        """At most three people on this desk with a similar name, the most similar first."""
        folded = {person.casefold(): person for person in self.all()}
        return [folded[close] for close in get_close_matches(check_name(name).casefold(), list(folded), 3)]
