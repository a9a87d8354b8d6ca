"""The app: wires desk, settings, themes and screens, and nothing else."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.text import Text
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, Theme

from store.desk import Desk
from store.errors import Gone, Refused
from store.records import Article, Assignment
from store.text.units import Span
from store.vocabulary import Role
from tui.keys.actions_and_keys import Scope
from tui.keys.keymap import KeyMap, KeyReader, display
from tui.kit.desk_app import DeskApp
from tui.kit.screen import DeskChanged, DeskScreen
from tui.kit.terminal_colours import has_no_more
from tui.settings import SETTINGS, Settings, backups_kept, choices_of, drafts_folder, keys_path, save, themes_folder
from tui.themes import THEMES, counterpart, theme_named

if TYPE_CHECKING:
    from store.drafts import Drafts
    from tui.article.screen import ArticleScreen
    from tui.keys.keyboard_layouts import KeyPlace
    from tui.kit.background_sync import BackgroundSync
    from tui.kit.command_palette import Offer
    from tui.kit.navigation import Spot
    from tui.kit.unsaved import Unsaved

POLL_SECONDS = 0.25
"""How often it is looked whether the desk was written to, by another process or behind a screen that is shown."""

FLUSH_SECONDS = 0.75
"""How often it is looked whether anybody still saves; once nobody does, what is saved goes into the file itself."""

PARTING_SECONDS = 5
"""How long the app, told to end, may take to save what is being typed."""

_OPENED = 9
"""So many of the articles opened last are gone through by a key."""

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
        replaying: show step by step how its check grew.

    Raises:
        Refused: the person's key file cannot be used.
    """

    TITLE = "factdesk"
    _themed = False
    CSS = """
    Toast { padding: 0 1; }
    Toast:ansi { background: ansi_default; color: ansi_default; }
    ToastRack { overflow-y: hidden; }
    .-touring ToastRack { margin-bottom: 2; }
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
        replaying: bool = False,
    ) -> None:
        super().__init__(KeyMap.load(keys_path()), settings.layout != "none")
        for theme in THEMES:
            self.register_theme(theme)
        if self.console.color_system is None:  # a terminal that nobody knows has its sixteen colours
            self.console._color_system = ColorSystem.STANDARD
        self._to_say = ""
        try:
            self._begin_in(self._theme_for(settings.theme))
        except Refused as refusal:
            self._to_say = str(refusal)
            self._begin_in(self._theme_for("dark"))
        self.desk = desk
        self.settings = settings
        self.ways = self
        self._start = start
        self._claim = claim
        self._reviewing, self._comparing, self._replaying = reviewing, comparing, replaying
        self._opened: dict[str, str | None] = {}
        """The articles opened last, by id: whose claims are reviewed in each, None where it is checked."""
        self._left: dict[str, Spot] = {}
        self._mark = (desk.written_elsewhere(), desk.session.saved_at)
        self._trouble = self._lost = ""
        self._sync: BackgroundSync | None = None
        self._idle_mark = self._flushed = (-1, -1)

    @cached_property
    def unsaved(self) -> Unsaved:
        from tui.kit.unsaved import Unsaved  # nothing is saved before the first frame

        return Unsaved(self, self.desk)

    @cached_property
    def drafts(self) -> Drafts:
        from store.drafts import Drafts

        return Drafts(drafts_folder(), self.desk)

    def _theme_for(self, name: str) -> Theme:
        """The theme of that name, or where there are few colours the terminal's, so that none is turned into another.

        Raises:
            Refused: there is none, or its file is not one of a theme.
        """
        theme = theme_named(name, themes_folder())
        if has_no_more(self) and not theme.ansi:
            return BUILTIN_THEMES["ansi-dark" if theme.dark else "ansi-light"]
        if theme.name not in self.available_themes or theme not in THEMES:
            self.register_theme(theme)
        return theme

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
        if self._sync is not None:
            self._sync.stop()
        if "unsaved" in vars(self):
            self.unsaved.leave()
        if self.company is not None:
            self.desk.here.leave()

    def _draw_anew(self, _: object) -> None:
        """Draw the whole screen: the shell has written over it."""
        self.screen.refresh(layout=True)

    def _settle(self) -> None:
        # Where `start_app` has turned the collector off: all there is now stays, and need never be looked through.
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        from tui.kit.daily_backup import back_up_daily
        from tui.kit.who_is_here import LOOK_SECONDS, Company

        back_up_daily(self.desk, *backups_kept(self.settings), partial(self.call_later, self.tell))
        self.company = Company(self.desk, self._place, self._show_heads)
        self.company.look()
        self.set_interval(LOOK_SECONDS, self.company.look)
        if self.settings.sync != "off" and not self.desk.read_only and self.desk.syncs:
            self._background_sync().start()

    def _greet(self) -> None:
        from store.log.drives import misplaced

        screen = self.screen
        if isinstance(screen, DeskScreen):
            for clash in self.keymap.clashes:
                screen.say(clash, "warning")
            for said in filter(None, (self.desk.read_only, self.desk.warning, misplaced(self.desk.path))):
                screen.say(said, "warning")
        self._say_late()
        if self._replaying:
            getattr(screen, "action_replay", bool)()
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
                loop.add_signal_handler(getattr(signal, name), self.end)

    def end(self) -> None:
        """End as told from outside: what is typed is kept, and nothing holds it up for long."""
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
                screen = self._comparison_of(self._start, self._claim)
            else:
                screen = self._screen_for(
                    self._start, self._claim, self._reviewing, None, self._left.get(self._start.id)
                )
        except Refused as refusal:
            self._to_say = str(refusal)
            screen = self._screen_for(self._start, self._claim, None)
        screen._push_result_callback(self, None)  # as a pushed screen has one, it can be left like one
        return screen

    def open_article(self, article: Article, claim: str = "", found: Span | None = None) -> None:
        self.push_screen(self._screen_for(article, claim, None, found, self._left.get(article.id)))

    def leave_article(self, article: Article, spot: Spot) -> None:
        self._left[article.id] = spot

    def switch_article(self, article: Article, step: int) -> None:
        opened = [one for one in self._opened if not self._is_gone(one)]
        if len(opened) < 2 or article.id not in opened:
            raise Refused("No other article is open: open one in the library first.")
        id = opened[(opened.index(article.id) + step) % len(opened)]
        screen = self._screen_for(self.desk.articles.get(id), "", self._opened[id], spot=self._left.get(id))
        self.switch_screen(screen)
        self._say_late()

    def _is_gone(self, article: str) -> bool:
        try:
            return not self.desk.articles.get(article)
        except Refused:
            return True

    def offers(self) -> Iterator[Offer]:
        """The articles of the desk and the settings, as the palette finds them."""
        from tui.kit.command_palette import Offer
        from tui.kit.picker import Choice
        from tui.library.settings_form import LABELS, SettingsForm
        from tui.text.dates import published

        for article in self.desk.articles.all():
            about = " · ".join(filter(None, (article.publisher, published(article.published))))
            choice = Choice(article.id, " ".join(article.title.split()), description=f"Open this article. {about}")
            yield Offer(choice, partial(self.open_article, article))
        for name in LABELS:
            choice = Choice(f"setting:{name}", f"Setting: {name}", description=SETTINGS[name].meaning)
            yield Offer(choice, lambda: self.push_screen(SettingsForm(self.desk, self)))
        for name in choices_of("theme"):
            choice = Choice(f"theme:{name}", f"Theme: {name}", description="Show the app in these colours from now on.")
            yield Offer(choice, partial(self.remember, theme=name))

    def review_article(self, article: Article, whose: str = "", claim: str = "") -> None:
        self.push_screen(self._screen_for(article, claim, whose))
        self._say_late()

    def _say_late(self) -> None:
        if self._to_say and isinstance(self.screen, DeskScreen):
            self.screen.say(self._to_say)
        self._to_say = ""

    def _screen_for(
        self, article: Article, claim: str, reviewing: str | None, found: Span | None = None, spot: Spot | None = None
    ) -> ArticleScreen:
        """The screen to check or to review an article; under the blind level ``all`` a reviewer works alone."""
        self._opened[article.id] = reviewing
        while len(self._opened) > _OPENED:
            del self._opened[next(one for one in self._opened if one != article.id)]
        from tui.article.check_work import CheckingWork
        from tui.article.screen import ArticleScreen

        if reviewing is not None:
            held = self.desk.assignments.mine(article, "reviewer")
            if held is None or held.blind != "all" or held.state != "open":
                from tui.review.screen import ReviewScreen

                return ReviewScreen(self.desk, article, reviewing, claim, spot)
            self._to_say = "This review is blind: work through the article on your own. " + (
                "What others did is shown once all of you have submitted."
            )
        return ArticleScreen(self.desk, article, CheckingWork, claim, found, spot)

    def open_work(self, work: Assignment) -> None:
        article = self.desk.articles.get(work.article)
        if work.role == Role.REVIEWER:
            self.review_article(article, work.whose)
        elif work.role == Role.ADJUDICATOR:
            self.open_comparison(article)
        else:
            self.open_article(article)

    def open_comparison(self, article: Article, claim: str = "") -> None:
        self.push_screen(self._comparison_of(article, claim))

    def _comparison_of(self, article: Article, claim: str) -> DeskScreen[None]:
        from tui.compare.screen import CompareScreen
        from tui.compare.settle_work import SettlingWork

        return CompareScreen(self.desk, article, SettlingWork, claim=claim)

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
        if lost:
            self.unsaved.give_up()
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
        writer = self.unsaved.writer()
        if mark[0] != self._mark[0]:
            writer = None  # somebody else has written, too
        if self._sync is not None and mark[1] != self._mark[1]:
            self._sync.soon()
        self._mark = mark
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen) and screen is not writer:
                screen.post_message(DeskChanged())

    # Syncing

    def _background_sync(self) -> BackgroundSync:
        if self._sync is None:
            from tui.kit.background_sync import BackgroundSync

            self._sync = BackgroundSync(
                self.desk, partial(self.call_later, self._show_synced), partial(self.call_later, self.tell)
            )
        return self._sync

    def sync_now(self, place: str = "") -> bool:
        sync = self._background_sync()
        if not place and not sync.runs and not self.desk.syncs:
            return False
        sync.start(place)
        sync.now()
        return True

    def _show_synced(self) -> None:
        self.synced = self._background_sync().piece
        self._show_heads()

    def _show_heads(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.show_head()

    def _place(self) -> str:
        """The id of the article that is open, under whatever lies over it."""
        places = (screen.article_here for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen))
        return next(filter(None, places), "")

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
        self.remember(theme=counterpart(self.settings.theme))

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
        if "theme" in changes:
            self.theme = self._theme_for(str(changes["theme"])).name
        if "layout" in changes:
            self._reader = KeyReader(self.keymap, changes["layout"] != "none")
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
