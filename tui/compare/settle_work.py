"""Settling: which of the compared people is right, or what stands instead; each with its reason."""

from __future__ import annotations

from collections.abc import Callable

from store.errors import Refused
from store.settle.comparison_groups import AGREED, Group, Take, what_stands
from store.text.units import Span
from store.vocabulary import Outcome, Role, outcome_words
from tui.claim.panel_content import OPEN_CIRCLE
from tui.compare.open_comparison import letter
from tui.compare.screen import CompareScreen
from tui.compare.settle_form import Answer, MergeForm, OwnForm
from tui.keys.actions_and_keys import Scope
from tui.kit.picker import Choice, Picker
from tui.text.safe import safe


class SettlingWork:
    """The adjudicator's work on a comparison: one key for each way to settle a place.

    What is settled is saved at once; nobody's own values change. The next place that needs settling is then selected.
    """

    def __init__(self, screen: CompareScreen) -> None:
        self._screen = screen
        self._desk = screen.desk

    # One place

    def action_settle_first(self) -> None:
        group = self._screen.at_hand()
        first = _first(group)
        self._ask(group, Outcome.FIRST_CORRECT, first.person)

    def action_settle_second(self) -> None:
        group = self._screen.at_hand()
        others = [take for take in group.present if take is not _first(group)]
        if not others:
            raise Refused(f"Only {group.present[0].person} has said something here.")
        if len(others) == 1:
            self._take_theirs(group, others[0].person)
            return
        self._desk.settlements.may_settle(group)
        self._choose_whose(others, lambda person: self._take_theirs(group, person))

    def settle_as(self, person: str) -> None:
        group = self._screen.at_hand()
        if person == _first(group).person:
            self.action_settle_first()
        elif any(take.person == person for take in group.present):
            self._take_theirs(group, person)
        else:
            raise Refused(f"{person} has nothing here that could be taken.")

    def _take_theirs(self, group: Group, person: str) -> None:
        self._ask(group, Outcome.SECOND_CORRECT, person)

    def _choose_whose(self, takes: list[Take], then: Callable[[str], None]) -> None:
        people = self._screen.open.people
        choices = []
        for take in takes:
            kind = self._desk.scheme.verdict(take.verdict) if take.verdict else None
            said = (
                "nothing to check"
                if take.rejects
                else f"{kind.glyph} {kind.label}"
                if kind
                else f"{OPEN_CIRCLE} no verdict"
            )
            at = letter(people.index(take.person))
            choices.append(Choice(take.person, f"{at} {take.person}", hotkey=at.lower(), description=said))

        def chosen(answer: tuple[str, ...] | None) -> None:
            if answer:
                then(answer[0])

        self._screen.app.push_screen(Picker("Who is right?", choices, finding=False), chosen)

    def action_settle_both(self) -> None:
        group = self._screen.at_hand()
        if len(group.present) < 2:
            raise Refused(
                f"Only {group.present[0].person} has said something here: {self._key('settle_first')} takes it."
            )
        if said := what_stands(group, self._desk.claims.name_of):
            self._screen.say(said)
        self._ask(group, Outcome.BOTH_CORRECT)

    def action_settle_neither(self) -> None:
        self._ask(self._screen.at_hand(), Outcome.BOTH_WRONG)

    def action_settle_nothing(self) -> None:
        self._ask(self._screen.at_hand(), Outcome.NOTHING_HERE)

    def action_settle_merged(self) -> None:
        group = self._screen.at_hand()
        if sum(not take.rejects for take in group.present) < 2:
            raise Refused("There are no two claims here to merge.")
        self._desk.settlements.may_settle(group)
        said = "\n".join(self._said(k, take) for k, take in enumerate(group.takes) if take is not None)
        form = MergeForm(
            group, self._screen.open.people, about=_about(group), last=self._screen.why_line.last, said=said
        )
        self._screen.app.push_screen(form, lambda answer: self._answered(group, Outcome.MERGED, answer))

    def _said(self, lane: int, take: Take) -> str:
        kind = self._desk.scheme.verdict(take.verdict) if take.verdict else None
        verdict = f"{kind.glyph} {kind.label}" if kind else "no verdict"
        quote = " ".join(take.quote_shown[:400].split())
        return safe(f"{letter(lane)} {take.person}  {verdict}  “{quote[:60]}{'…' if len(quote) > 60 else ''}”")

    def action_settle_own(self) -> None:
        group = self._screen.at_hand()
        self._desk.settlements.may_settle(group)
        span = self._screen.view.seen.core(*self._screen.view.selection) if self._screen.view.selection else None
        first = _first(group)
        scheme = self._desk.scheme
        held = f"{scheme.verdict(first.verdict).label}, as {first.person} has it" if first.verdict else "none"
        choices = [Choice("=", "leave it", "", "", "0", held)]
        choices += [
            Choice(kind.key, kind.label, kind.glyph, kind.colour, kind.hotkey, " ".join(kind.description.split()))
            for kind in scheme.active
        ]

        def chosen(answer: tuple[str, ...] | None) -> None:
            if answer is None:
                return
            verdict = None if answer[0] == "=" else answer[0]
            marked = f"Span: “{safe(' '.join(self._screen.view.seen.words(*span)[:200].split()))}”" if span else ""
            intro = marked or "The span stays; select text before to set another."
            form = OwnForm("Your own", span, verdict, about=_about(group), last=self._screen.why_line.last, intro=intro)
            self._screen.app.push_screen(form, lambda given: self._answered(group, Outcome.OWN, given))

        self._screen.app.push_screen(Picker("Your verdict", choices, chosen=("=",), finding=False), chosen)

    def _ask(self, group: Group, outcome: Outcome, person: str = "") -> None:
        """Settle a group, after asking why unless all agree. Who may not is told before."""
        if group.kind == AGREED:
            self._settle(group, outcome, Answer(""), person)
        else:
            self._desk.settlements.may_settle(group)
            said, about = outcome_words(outcome, person), f"{_about(group)}/why"
            self._screen.why_line.ask(
                said[:1].upper() + said[1:], lambda why: self._settle(group, outcome, Answer(why), person), about
            )

    def _answered(self, group: Group, outcome: Outcome, answer: Answer | None) -> None:
        if answer is not None:
            self._screen.why_line.last = answer.why
            self._settle(group, outcome, answer)

    def _settle(self, group: Group, outcome: Outcome, answer: Answer, person: str = "") -> None:
        values: dict[str, str | Span | None] = {}
        if outcome in (Outcome.MERGED, Outcome.OWN):
            values = {"verdict": answer.verdict, "span": answer.span, "claim_text": answer.claim_text}

        def settle() -> None:
            self._desk.settlements.adjudicate(group, outcome.value, rationale=answer.why, chosen=person, **values)  # type: ignore[arg-type]

        def settled(_: object) -> None:
            if self._screen.host.drafts is not None:
                self._screen.host.drafts.drop_all(_about(group))
            self._screen.view.clear_selection()
            self._screen.catch_up()
            names, lacks_of = self._desk.claims.name_of, self._desk.claims.lacks
            lacks = [f"{names(id)}: {one}." for id in group.claims for one in lacks_of(id)][:1]
            if said := [*lacks, *self._go_on(group)]:
                self._screen.say(" ".join(said), "warning" if lacks else "information")

        try:
            self._screen.write(settle, settled)
        except Refused:
            self._screen.catch_up()
            raise

    def _go_on(self, group: Group) -> list[str]:
        """The next place that needs settling comes to hand, behind the last one the first; else one not settled yet.

        Gives what there is to say of it.
        """
        here = self._screen.open.place_of(group.claims[0])
        after = (group.start, -1 if here is None else here)
        place = self._screen.open.next(after, to_settle=True)
        if place is None:
            place = self._screen.open.next((-1, -1), to_settle=True)
        if place is not None:
            self._screen.bring(place)
        elif group.kind != AGREED:
            _, others = self._screen.open.shares
            rest = f" for you; {others} {'is' if others == 1 else 'are'} for others" if others else ""
            return [f"Nothing is left to settle{rest}. {self._key('submit')} submits it."]
        else:
            self._screen.bring(self._screen.open.next(after, unsettled=True))
        return []

    # Submitting

    def action_submit(self) -> None:
        from tui.review.submit import SubmitScreen

        self._screen.app.push_screen(
            SubmitScreen(self._desk, self._screen.open.article, Role.ADJUDICATOR), self._left_summary
        )

    def _left_summary(self, place: tuple[str, int] | None) -> None:
        """Go to the place of a claim, by its id, or to an offset of the text."""
        self._screen.catch_up()
        if place is None:
            return
        at = self._screen.open.place_of(place[0]) if place[0] else None
        if at is not None:
            self._screen.bring(at)
        elif not place[0]:
            self._screen.view.move_to(place[1])

    # Many at once

    def action_settle_agreed(self) -> None:
        def taken(count: int) -> None:
            self._screen.catch_up()
            self._say_settled(f"Settled {count} place{'' if count == 1 else 's'} that everybody agrees on.")

        self._screen.write(lambda: self._desk.settlements.take_agreed(self._screen.open.comparison), taken)

    def _say_settled(self, said: str) -> None:
        """Say what was settled, and what it lacks."""
        lacking = self._desk.settlements.lacking(self._screen.open.article)
        if any(lacking):
            self._screen.say(f"{said} Of what is settled, {lacking}.", "warning")
        else:
            self._screen.say(said)

    def action_settle_all(self) -> None:
        comparison = self._screen.open.comparison
        choices = []
        for k, person in enumerate(self._screen.open.people):
            count = sum(group.takes[k] is not None and group.settled is None for group in comparison.groups)
            told = f"{count} place{'' if count == 1 else 's'} that nothing has settled yet"
            choices.append(Choice(person, f"{letter(k)} {person}", hotkey=letter(k).lower()[:1], description=told))

        def take(person: str, why: str) -> None:
            def taken(count: int) -> None:
                self._screen.catch_up()
                self._say_settled(f"Settled {count} place{'' if count == 1 else 's'} as {person} has it.")

            self._screen.write(
                lambda: self._desk.settlements.take_all(self._screen.open.comparison, person, why), taken
            )

        def chosen(answer: tuple[str, ...] | None) -> None:
            if answer:
                self._desk.settlements.may_take(comparison, answer[0])
                about = f"{self._screen.open.article.id}/settle/why"
                self._screen.why_line.ask(f"All as {answer[0]} has it", lambda why: take(answer[0], why), about)

        self._screen.app.push_screen(Picker("All that is left as who has it?", choices, finding=False), chosen)

    # Back

    def action_unsettle(self) -> None:
        group = self._screen.at_hand()

        def unsettled(_: object) -> None:
            self._screen.catch_up()
            self._screen.say("Taken back: this place is open again.")

        self._screen.write(lambda: self._desk.settlements.unsettle(group), unsettled)

    def _key(self, id: str) -> str:
        return self._screen.keymap.key_of(Scope.COMPARE, id)


def _about(group: Group) -> str:
    """What the words are kept under that are typed to settle a group."""
    return f"{group.claims[0]}/settle"


def _first(group: Group) -> Take:
    """Whose values are the first's: the checker's, else those of the person who comes first."""
    return next((take for take in group.present if not take.decision), group.present[0])
