"""Comparing: people's sets on one article side by side in the text, as a list, and what each says of one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Article, Claim
from store.reports import Undone
from store.settle.comparison_groups import Group
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.vocabulary import Role
from tui.article.text_screen import Ground, TextScreen
from tui.compare.open_comparison import ComparisonNews, Heading, OpenComparison, letter
from tui.keys.actions_and_keys import Scope
from tui.kit.assignment_words import LOCKED
from tui.kit.bar import Bar
from tui.kit.head_line import ConflictCount
from tui.kit.picker import Choice, Picker
from tui.kit.screen import DeskChanged
from tui.kit.styled_text import Piece, parted
from tui.kit.undo import Undo
from tui.view.view import ArticleView

if TYPE_CHECKING:
    from tui.compare.group_list import GroupList
    from tui.compare.group_panel import GroupPanel
    from tui.compare.settlement_reason_line import WhyLine

MOST_AT_FIRST = 5
"""So many people are compared unless others are chosen."""

PAUSE = 4
"""While others work, comparing again waits so many times as long as it took."""


class Settles(Protocol):
    """The work on a comparison: it carries out the keys that settle a place."""

    def settle_as(self, person: str) -> None:
        """Have stand what a person, by name, says of the selected place.

        Raises:
            Refused: they say nothing there, or you may not settle it.
        """


class CompareScreen(TextScreen):
    """What people say of one article: what is drawn, listed and gone to, and what others do to it meanwhile.

    Its work says how it is settled. ``open`` is there once the screen listens; ``at`` is the place of the selected
    group, or -1.
    """

    open: OpenComparison
    panel: GroupPanel
    group_list: GroupList
    why_line: WhyLine

    SCOPE = Scope.COMPARE
    HINTS = (
        "settle_first",
        "next_to_settle",
        "undo",
        ("submit", "Finish"),
        "settle_second",
        "settle_both",
        "settle_neither",
        "settle_merged",
        "settle_own",
        "settle_nothing",
    )
    DEFAULT_CSS = """
    CompareScreen #lanes { background: $surface; }
    CompareScreen #side { width: 46; }
    CompareScreen #side GroupList { height: 2fr; }
    CompareScreen #side GroupPanel { height: 3fr; }
    CompareScreen.-broad #side { width: 76; }
    CompareScreen.-narrow #side { height: 12; }
    CompareScreen.-narrow #side GroupList { display: none; }
    CompareScreen.-narrow.-listing #side GroupList { display: block; height: 1fr; }
    CompareScreen.-narrow.-listing #side GroupPanel { display: none; }
    """
    NOTHING_TO_COPY: ClassVar[str] = "Select some text or a place to copy."

    def __init__(
        self,
        desk: Desk,
        article: Article,
        work: Callable[[CompareScreen], Settles],
        people: Sequence[str] = (),
        claim: str = "",
    ) -> None:
        """``work`` makes what settles, ``people`` (names) are compared, ``claim`` is the id of the one to begin at.

        Raises:
            Refused: there are not two people who have said something about the article.
        """
        super().__init__(desk, article)
        voices = desk.comparison.voices(self._article)
        if len(voices) < 2:
            desk.comparison.compare(self._article)  # says why that cannot be
        self._work = work(self)
        self.handlers = (self._work, Undo(self, desk, self._undone))
        self._people = tuple(people) or voices[:MOST_AT_FIRST]
        self._too_many = len(voices) if len(voices) > MOST_AT_FIRST and not people else 0
        self._conflicts = ConflictCount(desk)
        self._start_at = claim
        self.at = -1
        self._compare_timer: Timer | None = None
        self._unlisted: list[int] = []
        self._took = 0.0  # seconds that comparing took last

    def body(self) -> ComposeResult:
        yield Bar(id="compare-head")
        with Ground(id="workplace"):
            with Ground(id="text"):
                yield Bar(id="lanes")
                yield self.view
            yield Vertical(id="side")

    def _show_text(self) -> None:
        article = self._article
        self.view.show(
            self.desk.articles.shown(article), language=article.language, lines=article.lines, people=len(self._people)
        )

    def _take_up(self) -> Iterator[None]:
        """Compare what people say, and show it in the text."""
        begun = monotonic()
        self.open = opened = OpenComparison(self.desk, self._article, self._people)
        self._took = monotonic() - begun
        self.view.show(
            self.desk.articles.shown(opened.article),
            opened.marks(),
            language=opened.article.language,
            lines=opened.article.lines,
            people=len(opened.people),
        )
        first = opened.place_of(self._start_at)
        if first is None:
            first = opened.next((-1, -1), to_settle=True)
        self.bring(opened.next((-1, -1)) if first is None else first)
        self._tell_head()
        yield

    async def _furnish(self) -> None:
        from tui.compare.group_list import GroupList
        from tui.compare.group_panel import GroupPanel
        from tui.compare.settlement_reason_line import WhyLine

        self.panel = GroupPanel(self.desk)
        self.group_list = GroupList()
        await self.query_one("#side").mount(self.group_list, self.panel)
        self.why_line = WhyLine()
        await self.mount(self.why_line, before=self.hint_line)

    def _begin(self) -> None:
        self.group_list.show(self.open)

    def _begun(self) -> None:
        self._tell_head()
        if self._too_many:
            self.action_choose_people()

    # What the screen says

    @property
    def group(self) -> Group | None:
        """The selected group."""
        return self.open.groups[self.at] if 0 <= self.at < len(self.open) else None

    def at_hand(self) -> Group:
        """The selected group.

        Raises:
            Refused: there is none.
        """
        if self.group is None:
            key = self.keymap.key_of(Scope.COMPARE, "next_group")
            raise Refused(f"No place is selected: {key} goes to the next.")
        return self.group

    def _tell_head(self) -> None:
        opened = self.open
        title: list[Piece] = [(" compare ", "bold accent"), (" ".join(opened.article.title.split()), "bold")]
        title[1:1] = self._conflicts.pieces(opened.article.id)
        if self.desk.submissions.is_submitted(opened.article, Role.ADJUDICATOR.value):
            title[1:1] = [LOCKED, ("  ", "")]
        yours, others = opened.shares
        right: list[Piece] = [(f"{yours} to settle", "bold"), (f" · {len(opened)} place{'s' * (len(opened) != 1)}", "")]
        if others:
            right[0] = (f"to settle: {yours} for you, {others} for others", "bold")
        if opened.only:
            right.append((f" · only {opened.only.glyph} {opened.only.words}", "bold accent"))
        if self.desk.reviewer:
            right.append((f" · {self.desk.reviewer}", "muted"))
        around = self.host.around(self.size.width, right, self.article_here)
        self.query_one("#compare-head", Bar).show(title, [*around, *([(" ", "")] if around else []), *right])
        lanes = "".join(letter(k)[0] for k in range(len(opened.people)))
        legend: list[Piece] = [(f" {lanes} ", "bold accent")]
        for k, name in enumerate(opened.people):
            legend += [(f"  {letter(k)} ", "bold accent"), (name, "")]
        waiting = [letter(opened.people.index(name)) for name in opened.unsubmitted]
        said: list[Piece] = [(f"not submitted: {' '.join(waiting)}", "warning")] if waiting else []
        self.query_one("#lanes", Bar).show(legend, said)

    def show_head(self) -> None:
        if self.listening:
            self._tell_head()

    @property
    def followed(self) -> bool:
        return super().followed and self._compare_timer is None

    def _show_panel(self) -> None:
        if self._unlisted:
            # Like the panel, list and head follow the text, so that no key waits for them.
            for place in self._unlisted:
                self.group_list.touch(place)
            self._unlisted.clear()
            self._tell_head()
        group = self.group
        heading = self.open.heading(self.at) if group else None
        position = f"{self.at + 1} of {len(self.open)}"
        self.panel.show(group, self.open.people, self.view.text, heading, position)
        self.group_list.activate(self.at)
        self._tell_foot()

    def _tell_foot(self) -> None:
        said: list[Piece] = []
        if self.listening and self.find_line.said:
            said.append((self.find_line.said, "bold"))
        if self.view.selection:
            said.append((f"{quoted(shorten(self.view.selected_text, 24))} selected", ""))
        elif self.view.selecting:
            said.append(("selecting", ""))
        self.hint_line.show(left=[(" ", ""), *parted(said)])

    # Where one is

    def bring(self, place: int | None) -> None:
        """Select a group and bring it into view."""
        if place is None:
            return
        self._take(place)
        self.view.clear_selection()
        self.view.activate(self.open.ids(place)[0])

    def _take(self, place: int) -> None:
        self.at = place
        self.view.look_at_together(self.open.ids(place) if place >= 0 else ())
        self.show_panel_soon()

    @on(ArticleView.CaretMoved)
    def _caret_moved(self) -> None:
        active = self.view.active  # where the caret is by now; what the event says may be behind that
        place = self.open.place_of_mark(active) if active and hasattr(self, "open") else None
        if place is not None and place != self.at and self.view.selection is None:
            self._take(place)
        else:
            self.show_panel_soon()

    def on_group_panel_person_chosen(self, event: GroupPanel.PersonChosen) -> None:
        self._work.settle_as(event.person)

    def on_group_list_chosen(self, event: GroupList.Chosen) -> None:
        self.bring(event.place)
        self.view.focus()

    def on_group_list_heading_chosen(self, event: GroupList.HeadingChosen) -> None:
        self._show_only(None if self.open.only == event.heading else event.heading)

    def _show_only(self, heading: Heading | None) -> None:
        self.open.only = heading
        self.group_list.show(self.open)
        if heading and not self.open.shown(self.at):
            self.bring(self.open.next((-1, -1)))
        self._tell_head()

    # Keeping up with the desk

    def catch_up(self) -> ComparisonNews:
        try:
            begun = monotonic()
            news = self.open.catch_up()
        except (Unknown, Refused) as refusal:
            self.app.notify(str(refusal), severity="warning", markup=False)
            if self.is_active:
                self.dismiss()
            return ComparisonNews()
        if news.anew:
            self._took = monotonic() - begun
            self._show_anew()
        self._unlisted += news.groups
        if news.assigned:
            self._tell_head()
        if news:
            self.show_panel_soon()
        return news

    def _show_anew(self) -> None:
        """All was compared again: keep what is selected, as far as it is still there."""
        self._unlisted.clear()
        people = len(self.open.people)
        place = self.open.place_of(self.view.active.partition(":")[2])
        text = self.desk.articles.text(self.open.article)
        corrected = self.view.text != text
        if people != self.view.people or corrected:
            self.view.show(
                self.desk.articles.shown(self.open.article),
                self.open.marks(),
                language=self.open.article.language,
                lines=self.open.article.lines,
                caret=self.view.caret if place is None or not corrected else self.open.groups[place].start,
                people=people,
            )
        else:
            self.view.set_marks(self.open.marks())
        if place is None:
            place = self.open.next((self.view.caret, -1))
        self._take(-1 if place is None else place)
        self.group_list.show(self.open)
        self._tell_head()

    def on_desk_changed(self, event: DeskChanged) -> None:
        if self.listening and self.is_active and self._compare_timer is None:
            self._compare_timer = self.set_timer(PAUSE * self._took, self._caught_up_later)

    def _caught_up_later(self) -> None:
        self._compare_timer = None
        self.catch_up()

    def on_screen_resume(self) -> None:
        if self.listening:
            self.catch_up()

    def _undone(self, undone: Undone) -> None:
        self.catch_up()
        if undone.claim and (place := self.open.place_of(undone.claim)) is not None:
            self.bring(place)
        elsewhere = undone.article and undone.article != self.open.article.id
        self.say(undone.sentence + (" (in another article)" if elsewhere else ""))

    # Going on

    def _from_here(self) -> tuple[int, int]:
        return (self.view.caret, self.at)

    def _go(self, back: bool, nothing: str) -> None:
        place = self.open.next(self._from_here(), back=back)
        if place is None:
            raise Refused(nothing)
        self.bring(place)

    def action_next_group(self) -> None:
        self._go(False, "There is no later place.")

    def action_previous_group(self) -> None:
        self._go(True, "There is no earlier place.")

    def action_next_to_settle(self) -> None:
        self._go_to_settle(back=False)

    def action_previous_to_settle(self) -> None:
        self._go_to_settle(back=True)

    def _go_to_settle(self, *, back: bool) -> None:
        """To the next place to settle, from the end of the text round again."""
        here, place = self.at, self.open.next(self._from_here(), back=back, to_settle=True)
        round_again = place is None
        if place is None:
            place = self.open.next((-1, len(self.open) if back else -1), back=back, to_settle=True)
        if place is None:
            raise Refused(self._nothing_left())
        self.bring(place)
        if place == here:
            self.say("This is the only place left to settle.")
        elif round_again:
            self.say(f"Wrapped around to the {'last' if back else 'first'} place that needs settling.")

    def _nothing_left(self) -> str:
        yours, others = self.open.shares
        if yours:
            return "No place of this kind is left for you to settle."
        if not others:
            return "Nothing is left to settle here."
        places = "place is" if others == 1 else "places are"
        return f"Nothing is left for you to settle: {others} {places} for others, as you took part or they are at work."

    def action_filter_groups(self) -> None:
        sections = self.open.sections()
        headings = list(sections)
        choices = [Choice("", "all", description=f"{len(self.open)} place{'s' * (len(self.open) != 1)}", hotkey="0")]
        for number, heading in enumerate(headings):
            count, left = len(sections[heading]), self.open.left[heading]
            told = f"{count} place{'' if count == 1 else 's'}" + (f", {left} to settle" if left else "")
            choices.append(Choice(str(number), heading.words, heading.glyph, "", str(number + 1)[:1], told))
        chosen = str(headings.index(self.open.only)) if self.open.only else ""

        def take(answer: tuple[str, ...] | None) -> None:
            if answer:
                self._show_only(headings[int(answer[0])] if answer[0] else None)

        self.app.push_screen(Picker("Which places?", choices, chosen=(chosen,), finding=False), take)

    def action_choose_people(self) -> None:
        voices = self.desk.comparison.voices(self.open.article)
        if len(voices) < 3:
            raise Refused("Only these two have said something here.")
        choices = [Choice(name, name, description=self._has_submitted(name)) for name in voices]
        picker = Picker("Whose sets are compared?", choices, chosen=self.open.people, multiple=True)
        self.app.push_screen(picker, self._people_chosen)

    def _has_submitted(self, name: str) -> str:
        mine = [one for one in self.desk.assignments.of(self.open.article, name) if one.role != "adjudicator"]
        return "submitted" if mine and all(one.state == "submitted" for one in mine) else "not submitted yet"

    def _people_chosen(self, people: tuple[str, ...] | None) -> None:
        if people is None or people == self.open.people:
            return
        if len(people) < 2:
            raise Refused("Comparing takes two people: mark another.")
        self.open.choose(people)
        self._show_anew()
        self.show_panel_soon()

    # Panes, leaving

    def quote_at_hand(self) -> str:
        return self.group.present[0].quote_shown if self.group else ""

    @property
    def panes(self) -> Sequence[Widget]:
        return (self.view, self.group_list, self.panel)

    def action_group_list(self) -> None:
        if self.group_list.rows.has_focus:
            self.remove_class("-listing")
            self.view.focus()
        else:
            self.show_now()
            self.add_class("-listing")
            self.group_list.focus()

    def action_close(self) -> None:
        self.dismiss()

    def claim_at_hand(self) -> Claim | None:
        return self.desk.claims.get(self.group.claims[0]) if self.group else None

    def take_claim(self, claim: str) -> bool:
        place = self.open.place_of(claim)
        self.bring(place)
        return place is not None

    def action_open_article(self) -> None:
        self.ways.open_article(self.open.article, self.group.claims[0] if self.group else "")

    def action_export_settled(self) -> None:
        from tui.kit.save_form import save_settled

        self.app.push_screen(save_settled(self.desk, self.open.article))
