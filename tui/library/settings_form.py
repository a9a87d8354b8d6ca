"""Your settings: your name, the colours, how keys are read. Each is saved as it is left and holds at once."""

from __future__ import annotations

from store.desk import Desk
from tui.kit.choice_editor import ChoiceEditor, ManyEditor, Option
from tui.kit.form import Field, Form
from tui.kit.navigation import Navigation
from tui.settings import choices_of

LABELS = {
    "reviewer": "Your name",
    "theme": "Colours",
    "layout": "Keys by place",
    "sync": "Sync by itself",
    "after_verdict": "After a verdict",
    "measure": "Letters a row",
    "keep_backups": "Backups kept",
    "backup_days": "Days kept",
}
"""The settings of the form; what else there is the screens themselves remember."""

_MANY = ("theme", "measure", "keep_backups", "backup_days")
"""Those whose choices have no letters of their own."""


class SettingsForm(Form[None]):
    """Changes what is remembered. Another name is yours on this desk from then on, for what you did before, too."""

    DEFAULT_CSS = """
    SettingsForm .form-row { margin-bottom: 0; }
    SettingsForm .form-label { width: 18; }
    """

    def __init__(self, desk: Desk, ways: Navigation) -> None:
        now = {name: str(getattr(ways.settings, name)) for name in LABELS} | {"reviewer": desk.reviewer}
        super().__init__(
            "Settings",
            [Field(name, label, now[name]) for name, label in LABELS.items()],
            intro="They hold for every desk that you open. A new name is also put on what you did on this desk. "
            "Keys by place: with Cyrillic, Greek or Hebrew letters on the keyboard, keys work where they lie.",
        )
        for name in LABELS:
            if choices := choices_of(name):
                options = [Option(choice, choice, choice[0]) for choice in choices]
                self._editors[name] = (ManyEditor if name in _MANY else ChoiceEditor)(now[name], options)
        self._desk = desk
        self._ways_out = ways

    def save(self, name: str, value: str) -> None:
        if name == "reviewer":
            known = self._desk.people.has(self._desk.reviewer) if self._desk.reviewer else False
            self._desk.be(self._desk.people.rename(self._desk.reviewer, value) if known else value)
            value = self._desk.reviewer
        self._ways_out.remember(**{name: value})

    def saved(self, name: str, made: None) -> None:
        self.say("Saved.")
