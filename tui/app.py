"""The app: wires desk, settings, themes and screens, and nothing else."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.text import Text
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, Theme

from store.desk import Desk
from store.drafts import Drafts
from store.errors import Gone, Refused
from store.records import Article, Assignment
from store.text.units import Span
from store.vocabulary import Role
from tui.keys.actions import Scope
from tui.keys.keymap import KeyMap, display
from tui.keys.layouts import KeyPlace, Places
from tui.kit.desk_app import DeskApp
from tui.kit.screen import DeskChanged, DeskScreen
from tui.kit.tones import has_few_colours
from tui.kit.unsaved import Unsaved
from tui.settings import Settings, drafts_folder, keys_path, save
from tui.themes import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from tui.article.screen import ArticleScreen

POLL_SECONDS = 0.25
"""How often it is looked whether the desk was written to, by another process or behind a screen that is shown."""

FLUSH_SECONDS = 0.75
"""How often it is looked whether anybody still saves; once nobody does, what is saved goes into the file itself."""

PARTING_SECONDS = 1
"""How long the app, told to end, may take to save what is being typed."""

SETTLED_SECONDS = 1.0
"""When everything that starting makes has been made."""


class FactdeskApp(DeskApp):
    """factdesk on a terminal.

    Args:
        desk: the open desk; the app does not close it.
        settings: what is remembered; what changes is saved by `tui.settings`.
        start: the article to open at once; without one the library is shown.
        claim: the id of the claim to go to in it.
        reviewing: review that article instead of checking it: whose claims (a name), or with the empty string
            everybody else's.
        comparing: compare what people say of that article, and settle it.

    Raises:
        Refused: the person's key file cannot be used.
    """

    TITLE = "factdesk"
    _themed = False
    CSS = """
    Toast { padding: 0 1; }
    Toast:ansi { background: ansi_default; color: ansi_default; }
    ToastRack { overflow-y: hidden; }
    .-toasts-above ToastRack { dock: top; margin-bottom: 0; }
    ToastHolder { display: none; }
    ToastHolder:last-child { display: block; }
    """

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        start: Article | None = None,
        claim: str = "",
        reviewing: str | None = None,
        comparing: bool = False,
    ) -> None:
        super().__init__(KeyMap.load(keys_path()), Places(settings.layout != "none"))
        for theme in THEMES:
            self.register_theme(theme)
        if self.console.color_system is None:  # a terminal that nobody knows has its sixteen colours
            self.console._color_system = ColorSystem.STANDARD
        self._begin_in(self._theme_for(settings.theme != "light"))
        self.desk = desk
        self.settings = settings
        self.ways = self
        self._start = start
        self._claim = claim
        self._reviewing = reviewing
        self._comparing = comparing
        self._to_say = ""
        self.unsaved = Unsaved(self, desk)
        self.drafts = Drafts(drafts_folder(), desk)
        self._mark = (desk.written_elsewhere(), desk.session.saved_at)
        self._trouble = ""
        self._lost = ""
        self._idle_mark = self._flushed = (-1, -1)

    def _theme_for(self, dark: bool) -> Theme:
        """factdesk's own colours, or where there are few the terminal's, so that none is turned into another."""
        if has_few_colours(self):
            return BUILTIN_THEMES["ansi-dark" if dark else "ansi-light"]
        return DARK if dark else LIGHT

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme; none before it is known which, since nothing is drawn in those of Textual's own."""
        return super().get_css_variables() if self._themed else {}

    def _begin_in(self, theme: Theme) -> None:
        # Setting `theme` would have the styles, read in the colours of Textual's own, read once more in these.
        self._themed = True
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(theme.dark, "-dark-mode", update=False)
        self.set_class(not theme.dark, "-light-mode", update=False)
        self._refresh_truecolor_filter(self.ansi_theme)

    def on_mount(self) -> None:
        self._hear_signals()
        self.app_resume_signal.subscribe(self, self._draw_anew)
        self.set_interval(POLL_SECONDS, self.look_for_others)
        self.set_interval(FLUSH_SECONDS, self._flush_when_idle)
        self.set_timer(SETTLED_SECONDS, self._settle)
        self.call_later(self._greet)

    def on_unmount(self) -> None:
        if self.unsaved is not None:
            self.unsaved.leave()

    def _draw_anew(self, _: object) -> None:
        """Draw the whole screen: the shell has written over it."""
        self.screen.refresh(layout=True)

    def _settle(self) -> None:
        # Where `start_app` has turned the collector off: all there is now stays, and need never be looked through.
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def _greet(self) -> None:
        screen = self.screen
        if isinstance(screen, DeskScreen):
            for clash in self.keymap.clashes:
                screen.say(clash, "warning")
            if self.desk.read_only:
                screen.say(self.desk.read_only, "warning")
        self._say_late()
        if not self.desk.reviewer and not self.desk.read_only:
            self.ask_name()

    def ask_name(self) -> None:
        from tui.library.name_form import NameForm

        if not isinstance(self.screen, NameForm):
            self.push_screen(NameForm(self.desk, lambda name: self.remember(reviewer=name)))

    def _hear_signals(self) -> None:
        """Being told to end, or losing the terminal, is leaving: what is typed is saved, the terminal given back."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Not every system has both, and only a main thread hears them.
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(getattr(signal, name), self._end)

    def _end(self) -> None:
        self.call_later(self.action_quit)
        self.set_timer(PARTING_SECONDS, self.exit)
        signal.alarm(PARTING_SECONDS + 1)  # writing to a terminal that is gone may block for good

    # The ways from screen to screen, see `tui.kit.navigation`

    def get_default_screen(self) -> Screen[None]:
        """What the app begins with; a screen pushed over Textual's blank one would have both laid out and drawn."""
        if self._start is None:
            from tui.library.screen import LibraryScreen

            return LibraryScreen(self.desk)
        screen: DeskScreen[None]
        try:
            if self._comparing:
                from tui.compare.screen import CompareScreen

                screen = CompareScreen(self.desk, self._start, claim=self._claim)
            else:
                screen = self._screen_for(self._start, self._claim, self._reviewing)
        except Refused as refusal:
            self._to_say = str(refusal)
            screen = self._screen_for(self._start, self._claim, None)
        screen._push_result_callback(self, None)  # as a pushed screen has one, it can be left like one
        return screen

    def open_article(self, article: Article, claim: str = "", found: Span | None = None) -> None:
        self.push_screen(self._screen_for(article, claim, None, found))

    def review_article(self, article: Article, whose: str = "", claim: str = "") -> None:
        self.push_screen(self._screen_for(article, claim, whose))
        self._say_late()

    def _say_late(self) -> None:
        if self._to_say and isinstance(self.screen, DeskScreen):
            self.screen.say(self._to_say)
        self._to_say = ""

    def _screen_for(
        self, article: Article, claim: str, reviewing: str | None, found: Span | None = None
    ) -> ArticleScreen:
        """The screen to check or to review an article; under the blind level ``all`` a reviewer works alone."""
        from tui.article.screen import ArticleScreen
        from tui.article.work import CheckingWork

        if reviewing is not None:
            held = self.desk.assignments.mine(article, "reviewer")
            if held is None or held.blind != "all" or held.state != "open":
                from tui.review.screen import ReviewScreen

                return ReviewScreen(self.desk, article, reviewing, claim)
            self._to_say = "This review is blind: work through the article on your own. " + (
                "What others did is shown once all of you have submitted."
            )
        return ArticleScreen(self.desk, article, CheckingWork, claim, found)

    def open_work(self, work: Assignment) -> None:
        article = self.desk.articles.get(work.article)
        if work.role == Role.REVIEWER:
            self.review_article(article, work.whose)
        elif work.role == Role.ADJUDICATOR:
            self.open_comparison(article)
        else:
            self.open_article(article)

    def open_comparison(self, article: Article, claim: str = "") -> None:
        from tui.compare.screen import CompareScreen

        self.push_screen(CompareScreen(self.desk, article, claim=claim))

    def open_agreement(self, articles: Sequence[Article] = ()) -> None:
        from tui.compare.agreement import AgreementScreen

        self.push_screen(AgreementScreen(self.desk, articles))

    def open_inbox(self, article: Article, then: Callable[[tuple[str, str] | None], None]) -> None:
        from tui.review.inbox import InboxScreen

        self.push_screen(InboxScreen(self.desk, article), then)

    def open_summary(
        self,
        article: Article,
        role: Role,
        whose: str,
        then: Callable[[tuple[str, int] | None], None],
        *,
        at_missing: bool = False,
    ) -> None:
        from tui.review.submit import SubmitScreen

        self.push_screen(SubmitScreen(self.desk, article, role, whose, at_missing=at_missing), then)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; the article that the app began with is left for the library."""
        if self._start is None or len(self.screen_stack) > 1:
            return super().pop_screen()
        from tui.library.screen import LibraryScreen

        return self.switch_screen(LibraryScreen(self.desk, self._start.id))

    # Others at the same desk

    def _look_for_file(self) -> None:
        """Say it, once and at the foot of every screen, when the desk's file is not there any more."""
        lost = self.desk.lost
        if lost == self._lost:
            return
        self._lost = lost
        key = self.keymap.key_of(Scope.EVERYWHERE, "save_elsewhere")
        if lost and self.unsaved is not None:
            self.unsaved.give_up()
        if lost:
            self.tell(Gone(f"{lost}: nothing can be saved in it. {key} saves all that is open here as another file."))
        self.stand(f"Nothing is saved: the desk's file is gone · {key} saves elsewhere" if lost else "")

    def look_for_others(self) -> None:
        """Tell the screens, when others or another screen have changed the desk since the last look."""
        self._look_for_file()
        try:
            mark = (self.desk.written_elsewhere(), self.desk.session.saved_at)
        except Refused as refusal:
            # Asked four times a second, the same refusal is said once.
            if str(refusal) != self._trouble and isinstance(self.screen, DeskScreen):
                self._trouble = str(refusal)
                self.screen.refuse(refusal)
            return
        if mark == self._mark:
            return
        writer = self.unsaved.writer() if self.unsaved is not None else None
        if mark[0] != self._mark[0]:
            writer = None  # somebody else has written, too
        self._mark = mark
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen) and screen is not writer:
                screen.post_message(DeskChanged())

    def _flush_when_idle(self) -> None:
        """Have the file hold by itself what was saved, for the person who copies it; in a thread, so that no key
        waits."""
        last, self._idle_mark = self._idle_mark, self._mark
        if last == self._mark != self._flushed:
            self._flushed = self._mark
            self.run_worker(partial(self._write_through, self._mark), group="flush", thread=True, exit_on_error=False)

    def _write_through(self, mark: tuple[int, int]) -> None:
        if not self.desk.flush() and self._flushed == mark:
            self._flushed = (-1, -1)  # somebody reads what the desk held before: try again

    # Everywhere

    def action_toggle_theme(self) -> None:
        dark = not self.current_theme.dark
        self.theme = self._theme_for(dark).name
        self.remember(theme="dark" if dark else "light")

    def tell_place(self, place: KeyPlace, key: str) -> None:
        told = self.settings.told.split()
        if place.script in told or not isinstance(self.screen, DeskScreen):
            return
        shown = display(place.key)
        self.screen.say(f"{place.script} keyboard: keys work by place, {display(key)} is {shown}. Settings: layout.")
        with suppress(Refused):
            self.remember(told=" ".join([*told, place.script]))

    def action_save_elsewhere(self) -> None:
        from tui.kit.save_form import SaveForm, save_desk

        if not isinstance(self.screen, SaveForm):
            self.push_screen(save_desk(self.desk))

    def remember(self, **changes: str | bool) -> None:
        self.settings = save(**changes)

    # When something goes wrong

    def _fatal_error(self) -> None:
        # Textual would print a traceback over pages; people get one line they can report.
        error = self._exception
        if os.environ.get("FACTDESK_DEBUG") or error is None:
            super()._fatal_error()
            return
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno} in {place.name}"
        self._exit_renderables.append(
            Text(
                "factdesk had to stop because of an error of its own. Everything saved is safe in "
                f"{self.desk.path}.\nPlease report this line: {type(error).__name__}: {error} ({where}).\n"
                "FACTDESK_DEBUG=1 shows where it came from."
            )
        )
        self._close_messages_no_wait()


def run(app: FactdeskApp) -> int:
    """Run the app on this terminal; gives the exit code."""
    app.run()
    return app.return_code or 0
