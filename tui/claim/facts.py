"""The facts of one span: the claim in the panel is split into several, or joined with the others on its words."""

from __future__ import annotations

from store.desk import Desk
from store.errors import Refused
from store.records import Claim
from tui.claim.disagreement_form import WhyForm
from tui.claim.panel import ClaimPanel


class RowFacts:
    """A handler of the claim panel."""

    def __init__(self, panel: ClaimPanel) -> None:
        self._panel = panel
        self._desk: Desk = panel.desk

    def action_split(self) -> None:
        """Divide the claim into several on the same words: a form with one fact a line."""
        claim = self._panel.at_hand().claim
        self._desk.claims.may_edit(claim)

        def done(made: list[Claim]) -> None:
            self._panel.wrote(claim.id, "claims")
            self._panel.say(f"{claim.name} is {len(made)} claims now: {', '.join(one.name for one in made)}.")

        self._panel.app.push_screen(
            WhyForm(
                f"Split {claim.name} into facts",
                lambda words: self._desk.claims.split(claim, words.splitlines()),
                done,
                about=f"{claim.id}/split",
                what="One fact a line: each becomes a claim on the same words. Evidence stays with the first.",
                why="\n".join(self._desk.claims.facts(claim)),
                needed=True,
                label="Facts",
            )
        )

    def action_join(self) -> None:
        """Join the claim in the cursor row, or all of the same checker on these words, into the claim that is shown."""
        dossier, place = self._panel.at_hand(), self._panel.lines.place
        claim = dossier.claim
        others = [one for one in dossier.same_words if one.checker.id == claim.checker.id]
        if place is not None and place.kind == "stack" and any(one.id == place.id for one in others):
            others = [one for one in others if one.id == place.id]
        if not others:
            raise Refused(f"{claim.name} is the only claim of {claim.checker}'s on these words: there is none to join.")

        def joined(_: object) -> None:
            self._panel.wrote(claim.id, "claims")
            names = ", ".join(one.name for one in others)
            undo = self._panel.key("undo") or "undo"
            self._panel.say(f"Joined {names} into {claim.name}; {undo} parts them again.")

        self._panel.write(lambda: self._desk.claims.merge([claim, *others]), joined)
