"""What somebody else saved of a field while you were typing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.person import Person
from store.records import Claim, Comment, Review, Verdict
from store.text.quotations import quoted
from store.text.shorten import shorten
from tui.keys.actions_and_keys import Scope
from tui.keys.keymap import KeyMap
from tui.kit.screen import Hint

if TYPE_CHECKING:
    from tui.claim.dossier import Dossier

_CHOICE: tuple[Hint, ...] = (("save_field", "Keep yours"), ("take_theirs", "Take theirs"))
STORED_AS = {"why": "justification", "comment": "body", "words": "comment"}
"""The field of a record that stands at a place of the panel, where it is called otherwise."""

_SHOWN = 40  # code points of a value


class Rival(NamedTuple):
    """``base`` is the record as they left it, ``value`` what it holds; ``by`` is nobody where that is not known."""

    base: Claim | Verdict | Comment | Review
    value: str
    by: Person

    @property
    def who(self) -> str:
        """Who it was, in words."""
        return self.by or "Somebody else"

    @property
    def shown(self) -> str:
        """Their value in short, for the panel's heading."""
        return f"≠ {self.who}: {told(self.value)}"

    def sentence(self, typed: str, keys: KeyMap, *, decides: bool) -> str:
        """Both values, and how to choose. Leaving a field that ``decides`` something keeps what is typed as a draft."""
        keep, take, leave = (keys.key_of(Scope.EDITOR, id) for id in ("save_field", "take_theirs", "leave_field"))
        left = "yours as a draft" if decides else "both as a conflict"
        return (
            f"≠ {self.who} has just saved {told(self.value)} here; you are typing {told(typed)}. "
            f"{keep} keeps yours, {take} takes theirs, {leave} keeps {left}."
        )

    def gone_on(self) -> str:
        """That their value has taken the place of the one you had not changed yet."""
        return f"{self.who} has just saved {told(self.value)} here: you go on from that."

    def kept_both(self, typed: str, keys: KeyMap) -> str:
        """That both values are kept, and where one is chosen."""
        key = keys.key_of(Scope.ARTICLE, "conflicts")
        return f"≠ Saved as a conflict: {self.who} says {told(self.value)}, you {told(typed)}. {key} settles it."


def choosing(*, decides: bool) -> tuple[Hint, ...]:
    """The hints of a field in which somebody else has saved something; see `Rival.sentence`."""
    return (*_CHOICE, ("leave_field", "Not now" if decides else "Keep both"))


def verdict_news(before: Dossier, now: Dossier) -> str:
    """How others have changed their verdicts on a claim, with both values, as sentences; empty where none has."""
    if before.hidden:  # they were there before you could see them
        return ""
    was, given = ({one.by: one.verdict for one in held.others} for held in (before, now))

    def label(verdict: str) -> str:
        return quoted(now.scheme.verdict(verdict).label) if verdict else "no verdict"

    people = {by.id: by for by in (*was, *given)}.values()
    return " ".join(
        f"≠ {by} has just changed the verdict on {now.claim.name}: {label(given.get(by, ''))}, before it was "
        f"{label(was.get(by, ''))}."
        for by in people
        if was.get(by, "") != given.get(by, "")
    )


def told(value: str) -> str:
    """A value in short."""
    words = " ".join(value.split())
    return quoted(shorten(words, _SHOWN)) if words else "nothing"
