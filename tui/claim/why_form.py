"""Why one objects: a reason of the scheme, where, and words."""

from __future__ import annotations

from collections.abc import Callable

from store.errors import Refused
from store.scheme import Scheme
from tui.kit.form import Field, Form
from tui.kit.picker import Choice, Picker

_HOTKEYS = "123456789abcdefhimnoprstuvwxyz"
"""Characters that take a reason: none that moves in a list or leaves it."""


def pick_reason(title: str, scheme: Scheme, chosen: str = "") -> Picker:
    """A picker of the scheme's reasons that are not retired."""
    reasons = [reason for reason in scheme.reasons if not reason.retired]
    choices = [
        Choice(reason.key, reason.label, hotkey=_HOTKEYS[at : at + 1], description=" ".join(reason.description.split()))
        for at, reason in enumerate(reasons)
    ]
    return Picker(title, choices, chosen=(chosen,), finding=False)


class WhyForm(Form[bool]):
    """Asks where and why; ``take`` is told both in one text, and may refuse it. Gives whether it was taken.

    What is refused stays in the form, to be mended; refused once more as it is, it is left with the words in the
    clipboard. With ``needed`` nothing is taken, and nothing asked again, when no words are typed.
    """

    def __init__(
        self,
        title: str,
        take: Callable[[str], object],
        *,
        what: str = "",
        where: str | None = None,
        why: str = "",
        needed: bool = False,
    ) -> None:
        """``where`` is what is filled in for the place; None leaves the field out."""
        fields = [] if where is None else [Field("where", "Where", where, "the words it is about")]
        fields.append(Field("why", "Why", why, "in words; Esc is done", lines=4))
        super().__init__(title, fields, intro=what, focus="why")
        self._take = take
        self._refused: str | None = None
        self._needed = needed

    def close_form(self) -> None:
        where = self._editors["where"].typed.strip() if "where" in self._editors else ""
        why = self._editors["why"].typed.strip()
        if self._needed and not why:
            self.dismiss(False)
            return
        words = ": ".join(part for part in (f"“{where}”" if where else "", why) if part)
        try:
            self._take(words)
        except Refused:
            if self._refused == words and words:
                self.app.copy_to_clipboard(words)
                self.say("What you typed was not saved; it is in the clipboard.", "warning")
            if self._refused == words:
                self.dismiss(False)
                return
            self._refused = words
            self.set_focus(self._editors["why"])
            self._editors["why"].resume()
            raise
        self.dismiss(True)
