"""Submitting a set: what is left to read, what is missing, what was said, and then the lock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from store.desk import Desk
from store.errors import Refused
from store.formats.summary import markdown, value_of, write
from store.records import Article, Assignment
from store.review.summary import Passage, Summary, passages_of
from store.text.shorten import shorten
from store.vocabulary import Blind, Decision, Role
from tui.claim.panel_content import OPEN_CIRCLE
from tui.claim.state_glyphs import DECISIONS, STALE, STANDINGS, decided
from tui.keys.actions_and_keys import Scope
from tui.kit.assignment_words import LOCKED
from tui.kit.list_screen import ListScreen
from tui.kit.rows import Cell, Column, Rows
from tui.kit.save_form import SaveForm
from tui.kit.styled_text import Piece, width_of
from tui.view.margin import LEFTOVER, RESIDUE

RESIDUE_SHOWN = 5
"""Open sentences and leftovers, as far as they are listed."""

_NAMES = 40
"""Claims named in one row."""


class _Line(NamedTuple):
    """A row: what it says, and the claim (by its id) or the offset it leads to; -1 for none.

    What is ``spare`` follows where there is room for all of it.
    """

    pieces: list[Piece]
    claim: str = ""
    offset: int = -1
    spare: Piece = ("", "")


class SubmitScreen(ListScreen[tuple[str, int] | None, _Line]):
    """The summary of your work on an article. Gives the claim (its id) or offset that was chosen, to go there."""

    SCOPE = Scope.SUBMIT

    def __init__(self, desk: Desk, article: Article, role: Role, whose: str = "", *, at_missing: bool = False) -> None:
        """``whose`` names the checker under review; empty for everybody else. ``at_missing`` begins where the list of
        what keeps the set from being submitted does."""
        super().__init__(Rows((Column(share=1),), verb="Go there"), desk, finding=False)
        self.desk = desk
        self._article = article
        self._role = role
        self._whose = whose
        self._summary: Summary | None = None
        self._at_missing = at_missing
        self._warned = False

    def begin(self) -> int:
        return self._missing_row() if self._at_missing else 0

    @property
    def _submitted(self) -> bool:
        held = self.desk.assignments.mine(self._article, self._role.value)
        return held is not None and held.state == "submitted"

    def read(self) -> list[_Line]:
        """What is left, and what was said."""
        if self.rows.hint_at("reopen" if self._submitted else "submit", "copy", "export", "close"):
            self.show_hints()
        reviewing = self._is_review()
        self._summary = self.desk.summaries.of(self._article, self._whose) if reviewing else None
        lines = self._unread()
        self._missing_at = len(lines)
        lines += self._unfinished()
        if self._role is Role.ADJUDICATOR:
            lines += self._for_others()
        if self._summary is not None:
            since = [one.words for one in self._summary.changed_since_submitted]
            lines += [_Line([("≠ ", "warning"), (words, "")]) for words in since] + [_Line([])] * bool(since)
            lines += self._said(self._summary)
            lines += self._left_unread(self._summary)
        return lines

    def _is_review(self) -> bool:
        held = self.desk.assignments.mine(self._article, self._role.value)
        alone = held is not None and held.blind == Blind.ALL and not self._submitted
        return self._role is Role.REVIEWER and not alone

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        held = self.desk.assignments.mine(self._article, self._role.value)
        state: Piece = LOCKED if self._submitted else ("○ not submitted yet", "bold accent")
        changed = self.desk.submissions.changed(self._article) if held else {}
        if held and held.id in changed:
            state = (f"{state[0]}, changed since: {changed[held.id].changes}", "bold warning")
        right: list[Piece] = [state]
        if self._summary is not None:
            right.insert(0, (f"{self._summary.reviewed} of {self._summary.claims} reviewed   ", "bold"))
        what = "Your work on" if self._summary is None else "Your review of"
        return [(f" {what} “{shorten(self._article.title, 60)}”", "bold")], right

    def cells(self, item: _Line) -> tuple[Cell, ...]:
        whole = [*item.pieces, item.spare]
        return (whole if width_of(whole) <= self.rows.width_of(0) else item.pieces,)

    def _unread(self) -> list[_Line]:
        """What is left to read now."""
        left = self.desk.coverage.of(self._article)
        if left.nothing_left:
            return [_Line([("✓ ", "success"), (f"Read {left.percent} %, nothing is left.", "")]), _Line([])]
        head = _Line([("Not read yet  ", "bold accent"), (left.left, "muted")])
        return [head, *self._passages(passages_of(self.desk.articles.shown(self._article), left.residue)), _Line([])]

    def _left_unread(self, found: Summary) -> list[_Line]:
        """What the checkers under review had left unread when they submitted."""
        lines = []
        for one in found.left_unread:
            head: list[Piece] = [(f"Left unread by {one.checker} when they submitted  ", "bold accent")]
            lines += [_Line([*head, (one.words, "muted")]), *self._passages(one.passages), _Line([])]
        return lines

    def _passages(self, left: Sequence[Passage]) -> list[_Line]:
        rows = [
            _Line(
                [
                    (f"  {LEFTOVER if one.kind == 'leftover' else RESIDUE} ", "accent"),
                    (" ".join(one.quote[:400].split()), ""),
                ],
                offset=one.start,
            )
            for one in left[:RESIDUE_SHOWN]
        ]
        if len(left) > RESIDUE_SHOWN:
            key = self.keymap.key_of(Scope.ARTICLE, "next_residue")
            said = f"    and {len(left) - RESIDUE_SHOWN} more: {key} goes through them in the text"
            rows.append(_Line([(said, "muted")], offset=left[RESIDUE_SHOWN].start))
        return rows

    def _unfinished(self) -> list[_Line]:
        missing = self.desk.submissions.unfinished(self._article, self._role.value)
        if not missing:
            return [_Line([("✓ ", "success"), ("Ready to submit.", "")]), _Line([])]
        head = _Line([("Before it can be submitted  ", "bold accent"), (str(len(missing)), "muted")])
        rows = [_Line([(f"  {OPEN_CIRCLE} ", "accent"), (one.words, "")], claim=one.claim) for one in missing]
        return [head, *rows, _Line([])]

    def _for_others(self) -> list[_Line]:
        """What will not be in the settled set when an adjudicator submits, for others have to settle it."""
        try:
            comparison = self.desk.comparison.compare(self._article)
        except Refused:
            return []
        mine = self.desk.settlements.yours(comparison.groups)
        own = {id for group, yours in zip(comparison.groups, mine, strict=True) if yours for id in group.claims}
        left = [one for one in self.desk.settlements.unsettled(comparison) if one.claim not in own]
        if not left:
            return []
        head = _Line([("For others to settle  ", "bold accent"), (str(len(left)), "muted")])
        return [head, *(_Line([("  · ", "accent"), (one.words, "")], claim=one.claim) for one in left), _Line([])]

    def _said(self, found: Summary) -> list[_Line]:
        lines = [_Line([("What you said", "bold accent")])]
        for decision, claims in found.decided:
            look = DECISIONS.get(decision, DECISIONS[Decision.COMMENT.value])
            names = ", ".join(one.claim.name for one in claims[:_NAMES]) + ("…" if len(claims) > _NAMES else "")
            head: list[Piece] = [
                (f"  {look.glyph} {look.word:<16}", f"bold {look.tone}"),
                (f"{len(claims):>5}  ", "bold"),
            ]
            lines.append(_Line([*head, (names, "muted")], claim=claims[0].claim.id))
        for look, count, first in ((STALE, len(found.stale), found.stale[0].claim.id if found.stale else ""),):
            if count:
                lines.append(
                    _Line([(f"  {look.glyph} {look.word:<16}", f"bold {look.tone}"), (f"{count:>5}", "bold")], first)
                )
        if len(lines) == 1:
            lines.append(_Line([("  nothing yet", "muted")]))
        if found.disputes:
            lines += [_Line([]), _Line([("In dispute  ", "bold accent"), (str(len(found.disputes)), "muted")])]
            look = STANDINGS["open"]
            for claim, review in found.disputes:
                word = decided(review).word
                pieces: list[Piece] = [
                    (f"  {look.glyph} ", look.tone),
                    (f"{claim.name:<6}", "bold"),
                    (f"{word:<16}", ""),
                ]
                lines.append(_Line([*pieces, (" ".join(claim.quote_shown[:200].split()), "muted")], claim.id))
        return [*lines, *self._agreement(found)]

    def _agreement(self, found: Summary) -> list[_Line]:
        """The figures of agreement with each checker, as far as sets are submitted."""
        lines = []
        for one in found.agreement:
            lines += [_Line([]), _Line([("Agreement of ", "bold accent"), (" and ".join(one["people"]), "bold")])]
            for figure in one["figures"]:
                value: list[Piece] = [(f"    {figure['words']:<34}", ""), (f"{value_of(figure):>9}", "bold")]
                counted: Piece = (f"  n = {figure['n']}", "muted")
                lines.append(_Line([*value, counted], spare=(f" {figure['unit']}", "muted")))
        if found.left_out:
            said = f"Not submitted, and so not compared: {', '.join(found.left_out)}."
            lines += [_Line([]), _Line([(said, "muted")])]
        return lines

    def take(self, item: _Line) -> None:
        if item.claim or item.offset >= 0:
            self.dismiss((item.claim, max(0, item.offset)))

    # Actions

    def _missing_row(self) -> int:
        """The first row of what keeps the set from being submitted, or where it says that nothing does."""
        at = self._missing_at
        return at + bool(self.items[at + 1].pieces)

    def action_missing(self) -> None:
        self.rows.move_to(self._missing_row())

    def _left(self) -> str:
        """What is left to read and to look at, as a sentence; empty for nothing."""
        if self._submitted:
            return ""
        left = self.desk.coverage.of(self._article)
        said = [] if left.nothing_left else [f"not read yet: {left.left}"]
        if self._summary is not None:
            seen, pieces = self.desk.ticks.looked_at(self._article, self._whose)
            said += [f"{_many(pieces - seen, 'piece')} of evidence not looked at"] if seen < pieces else []
        words = "; ".join(said)
        return f"{words[:1].upper()}{words[1:]}." if words else ""

    def action_submit(self) -> None:
        if (left := self._left()) and not self._warned:
            self.desk.submissions.may_submit(self._article, self._role.value)
            self._warned = True
            key = self.keymap.key_of(Scope.SUBMIT, "submit")
            raise Refused(f"{left} {key} again submits all the same, and keeps what is left.")

        def submitted(_: object) -> None:
            self.refill()
            settled = ""
            if self._role is Role.ADJUDICATOR:
                settled = f" {_many(len(self.desk.comparison.settled(self._article)), 'claim')} in the settled set."
            key = self.keymap.key_of(Scope.SUBMIT, "reopen")
            self.say(f"Submitted: your set is locked.{settled} {key} opens it again.")

        self.write(lambda: self.desk.submissions.submit(self._article, self._role.value), submitted)

    def action_reopen(self) -> None:
        def reopened(held: Assignment) -> None:
            self.refill()
            self.say(f"Your set is reopened ({held.reopened}×).")

        self.write(lambda: self.desk.submissions.reopen(self._article, self._role.value), reopened)

    def _told(self) -> Summary:
        if self._summary is None:
            raise Refused("There is a summary of reviews only.")
        return self._summary

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(markdown(self._told(), self.desk.scheme))
        self.say("Copied the summary as Markdown.")

    def action_export(self) -> None:
        found, scheme = self._told(), self.desk.scheme

        def written(to: Path, *_: object) -> str:
            write(found, scheme, to)
            return f"Summary written to {to.absolute()}."

        intro = "A name that ends in .json gives JSON, any other Markdown."
        self.app.push_screen(SaveForm("Write the summary to a file", written, name="review.md", intro=intro))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
