"""A few fields laid over a screen: a form saves each when it is left, a question does one thing when all is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Static

from store.errors import Refused
from store.vocabulary import field_words
from tui.keys.actions_and_keys import Scope
from tui.kit.bar import Bar
from tui.kit.choice_editor import ChoiceEditor
from tui.kit.editors import Left, LineEditor, TextEditor, deciding
from tui.kit.screen import DeskScreen
from tui.text.safe import safe_block


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; ``lines`` above 1 makes it one for several lines.

    Without a ``label`` it is called what the vocabulary calls a field of that name.
    """

    name: str
    label: str = ""
    value: str = ""
    placeholder: str = ""
    lines: int = 1

    @property
    def called(self) -> str:
        """What stands before it."""
        return self.label or field_words(self.name).capitalize()


class Form(DeskScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A subclass takes what a field now holds in `save`, shows that it has it in `saved`, and gives the form's result
    in `result`. One whose `save` writes to the desk says so by ``WRITES``.

    Tab and Shift+Tab go through the fields; Enter in the last one, or Esc or Ctrl+S in any, closes. A refusal of
    `save` is said and the field keeps the focus and what was typed.
    """

    SCOPE = Scope.FORM
    WRITES: ClassVar[bool] = False
    DEFAULT_CSS = """
    Form { align: center middle; background: $background 60%; }
    Form > #form { width: 76; max-width: 100%; height: auto; max-height: 90%; background: $surface;
                   border: round $border; padding: 0 1; overflow-x: hidden; scrollbar-size-vertical: 1; }
    Form #form-title { background: $surface; margin-bottom: 1; }
    Form #form-intro { color: $foreground-muted; height: auto; padding: 0 1; margin-bottom: 1; }
    Form .form-row { height: auto; margin-bottom: 1; }
    Form .form-label { width: 16; color: $foreground-muted; padding-left: 1; }
    Form LineEditor { width: 1fr; background: $background; }
    Form TextEditor { width: 1fr; background: $background; }
    """

    def __init__(
        self, title: str, fields: Sequence[Field], *, intro: str = "", focus: str = "", about: str = ""
    ) -> None:
        """``about`` names, with a record's id, what the form is about: what is typed is then kept as a draft."""
        super().__init__()
        self._title = title
        self._about = about
        self._intro = intro
        self._fields = list(fields)
        self._saved = {field.name: field.value for field in fields}
        self._focus = focus or fields[0].name
        self._editors: dict[str, LineEditor | TextEditor] = {}
        for field in fields:
            if field.lines == 1:
                self._editors[field.name] = LineEditor(field.value, placeholder=field.placeholder)
            else:
                editor = TextEditor(field.value, placeholder=field.placeholder)
                editor.styles.height = field.lines
                self._editors[field.name] = editor

    def body(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield Bar([(f" {self._title}", "bold")], id="form-title")
            if self._intro:
                yield Static(Content(safe_block(self._intro)), markup=False, id="form-intro")
            for field in self._fields:
                with Horizontal(classes="form-row"):
                    yield Static(field.called, markup=False, classes="form-label")
                    yield self._editors[field.name]

    def on_mount(self) -> None:
        if self._about:
            self._keep_for(self._about)
        self.set_focus(self._editors[self._focus])

    def _keep_for(self, about: str) -> None:
        """Keep what is typed as drafts of what the form is about."""
        for name, editor in self._editors.items():
            if not isinstance(editor, ChoiceEditor):
                editor.field = f"{about}/{name}"

    def editor(self, name: str) -> LineEditor | TextEditor:
        """The editor of a field."""
        return self._editors[name]

    def order(self) -> list[str]:
        """The fields in the order in which you go through them."""
        return list(self._editors)

    def save(self, name: str, value: str) -> Any:
        """Save what a field now holds. It may raise `Refused`."""

    def saved(self, name: str, made: Any) -> None:
        """Show that a field is saved, by what `save` gave."""

    def result(self) -> ScreenResultType | None:
        """What the form gives back when it closes."""
        return None

    @on(Left)
    def _field_left(self, event: Left) -> None:
        event.stop()
        editor = event.editor
        name = next(name for name, other in self._editors.items() if other is editor)
        if event.value == self._saved[name]:
            if self.WRITES:
                editor.forget()
            self._go_on(name, event)
        elif not self.holds(name, event):
            self._save_left(name, event)

    def holds(self, name: str, event: Left) -> bool:
        """Whether a changed field that was left is not to be saved yet. What holds it goes on with `_save_left`."""
        return False

    def _save_left(self, name: str, event: Left) -> None:
        """Save a field that was left, and go where it was left for."""
        editor = event.editor

        def saved(made: Any) -> None:
            self._saved[name] = event.value
            if self.WRITES:
                editor.forget()
            self.saved(name, made)
            if editor.typed == event.value or event.way == "away":
                self._go_on(name, event)

        def stay() -> None:
            self.set_focus(editor)
            editor.resume()

        try:
            if not self.WRITES:
                saved(self.save(name, event.value))
            elif not self.write(lambda: self.save(name, event.value), saved, kept=stay):
                editor.resume()
        except Refused:
            stay()
            raise

    def _go_on(self, name: str, event: Left) -> None:
        """Go where the way leads on which a field was left."""
        if event.way == "away":
            return
        names = self.order()
        place = names.index(name) if name in names else len(names) - 1
        last = place == len(names) - 1
        if event.way == "left":
            self.leave()
        elif event.way == "done" or (event.way == "entered" and last):
            self.close_form()
        else:
            step = -1 if event.way == "previous" else 1
            self.set_focus(self._editors[names[(place + step) % len(names)]])

    def close_form(self) -> None:
        """Close the form; every field has been saved."""
        self.dismiss(self.result())

    def leave(self) -> None:
        """Esc was pressed: close the form; every field has been saved."""
        self.close_form()

    def action_close(self) -> None:
        self.leave()


class Question(Form[ScreenResultType]):
    """A form that does one thing: Ctrl+S in any field, or Enter in the last one, does it in `close_form`.

    Esc does nothing and gives None. What was typed and chosen is then kept as drafts, where ``about`` says what for,
    and is back in its fields when the same is asked again.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        intro: str = "",
        focus: str = "",
        about: str = "",
        verb: str = "",
    ) -> None:
        """``verb`` is what is done, in a word; without it the title begins with that."""
        super().__init__(title, fields, intro=intro, focus=focus, about=about)
        self._verb = verb or title.partition(" ")[0]

    def on_mount(self) -> None:
        for editor in self._editors.values():
            editor.HINTS = deciding(self._verb, alone=len(self._editors) == 1)

    def _keep_for(self, about: str) -> None:
        super()._keep_for(about)
        back = []
        for name, editor in self._editors.items():
            if isinstance(editor, ChoiceEditor):  # it is back only among the very choices that it was one of
                editor.field = f"{about}/{name}/{editor.labels}"
            editor.given = editor.typed
            editor.begin()
            if when := editor.take_up():
                back.append(f"Your draft of {when}")
        if back:
            where = "this field" if len(self._editors) == 1 else "its field" if len(back) == 1 else "its fields"
            self.say(f"{max(back)} is back in {where}, not saved yet. Ctrl+Z in a field takes it out again.")

    def leave(self) -> None:
        """Esc was pressed: nothing is done, and what was typed stays for the next time."""
        self.keep()
        self.dismiss(None)

    def keep(self) -> None:
        """Keep what is typed and chosen as drafts, or words in the clipboard where they cannot be kept, and say so."""
        kept = {editor: editor.keep() for editor in self._editors.values() if editor.field}
        changed = [editor for editor in kept if editor.changed]
        words = [editor for editor in changed if not isinstance(editor, ChoiceEditor)]
        if changed and all(kept.values()):
            did = "typed" if len(words) == len(changed) else "typed and chose" if words else "chose"
            self.say(f"Nothing is done. What you {did} is kept, and is back in its field the next time.")
        elif lost := [editor.typed for editor in words if not kept[editor]]:
            self.app.copy_to_clipboard("\n".join(lost))
            self.say("Nothing was done. What you typed is in the clipboard.", "warning")

    def forget(self) -> None:
        """It is done: nothing need be kept of what was typed."""
        for editor in self._editors.values():
            editor.forget()
