"""What the desk refuses, each as one sentence that names the place and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from store.records import Claim


class Refused(Exception):
    """The base of every refusal; its text is shown to people as it stands. Nothing was changed."""

    def but(self, kept: str) -> Refused:
        """The same refusal in the midst of something long: it says what is in by then, not that nothing was changed."""
        said = str(self).replace("nothing was changed", kept)
        return type(self)(said if kept in said else f"{said} {kept[0].upper()}{kept[1:]}.")


class NotADesk(Refused):
    """The file is not a factdesk database."""


class Damaged(Refused):
    """The database file is damaged."""


class Busy(Refused):
    """Another process held the database for too long."""


class Gone(Refused):
    """The open file was deleted, moved or replaced: what is saved now would be saved into nothing."""


class Offline(Refused):
    """A remote cannot be reached now; what waits to be sent to it goes another time."""


class Taken(Refused):
    """``path`` is there already, and nobody said that it may be replaced."""

    def __init__(self, sentence: str, path: Path) -> None:
        super().__init__(sentence)
        self.path = path


class ReadOnly(Refused):
    """The desk cannot be written: the file, the disk, or a newer factdesk's schema."""


class Nobody(Refused):
    """A write was asked for, but nobody has said who they are."""


class Unknown(Refused):
    """No article, claim or other record answers to that name."""


class Duplicate(Refused):
    """The claim is here already: ``claim`` has the same checker, the same span and the same claim text."""

    def __init__(self, sentence: str, claim: Claim) -> None:
        super().__init__(sentence)
        self.claim = claim


class TaggedByAnother(Duplicate):
    """``claim`` is somebody else's on the very span; tagging with ``own`` makes your own beside it."""


class Guarded(Refused):
    """The scheme forbids this verdict until its requirements are met."""
