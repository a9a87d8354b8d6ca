"""Why one objects: a reason of the scheme, where, and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from store.errors import Refused
from store.scheme import Scheme
from store.text.quotations import quoted
from tui.kit.form import Field, Question
from tui.kit.picker import Choice, Picker
from tui.kit.unsaved import Waits

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


class WhyForm(Question[bool]):
    """Asks where and why; ``take`` saves both in one text, and may refuse it; ``then`` is told what it gives.

    What is refused stays in the form, to be mended; refused once more as it is, it is left with the words in the
    clipboard. With ``needed`` nothing is taken without words.
    """

    def __init__(
        self,
        title: str,
        take: Callable[[str], Any],
        then: Callable[[Any], object],
        *,
        about: str,
        what: str = "",
        where: str | None = None,
        why: str = "",
        needed: bool = False,
        label: str = "Why",
    ) -> None:
        """Ask.

        Args:
            title: what for, beginning with what is done.
            take: writes to the desk.
            then: shows what was written.
            about: names, with a record's id, what the words are kept for until they are saved.
            what: a sentence above the fields.
            where: what is filled in for the place; None leaves the field out.
            why: what is filled in for the words.
            needed: whether nothing is taken without words.
            label: what the words are, in a word.
        """
        fields = [] if where is None else [Field("where", "Where", where, "the words it is about")]
        fields.append(Field("why", label, why, "in words", lines=4))
        super().__init__(title, fields, intro=what, focus="why", about=about)
        self._take = take
        self._then = then
        self._refused: str | None = None
        self._needed = needed

    @property
    def _words(self) -> str:
        """Where and why, as one text."""
        where = self._editors["where"].typed.strip() if "where" in self._editors else ""
        why = self._editors["why"].typed.strip()
        return ": ".join(part for part in (quoted(where) if where else "", why) if part)

    def leave(self) -> None:
        if self._refused is None:
            super().leave()
        else:  # what it was about may be gone
            self._give_up(self._words)

    def _give_up(self, words: str) -> None:
        """Nothing is said: it was refused. The words go into the clipboard."""
        for editor in self._editors.values():
            editor.keep()
        if words:
            self.app.copy_to_clipboard(words)
            self.say("What you typed was not saved; it is in the clipboard.", "warning")
        self.dismiss(False)

    def close_form(self) -> None:
        if self._needed and not self._editors["why"].typed.strip():
            self._mend()
            raise Refused("Write it in words first; Esc leaves it unsaid.")
        words = self._words
        try:
            if not self.write(lambda: self._take(words), lambda made: self._taken(made, words), kept=self._mend):
                self._mend()
        except Waits:
            self._mend()
            raise
        except Refused:
            if self._refused == words:
                self._give_up(words)
                return
            self._refused = words
            self._mend()
            raise

    def _taken(self, made: object, words: str) -> None:
        self.forget()
        self._then(made)
        if self._words != words:  # typed while it waited to be saved
            self.app.copy_to_clipboard(self._words)
            self.say("What you typed after that was not saved; it is in the clipboard.", "warning")
        self.dismiss(True)

    def _mend(self) -> None:
        """Nothing is saved: the words stay to be mended, or saved once more."""
        self.set_focus(self._editors["why"])
        self._editors["why"].resume()
