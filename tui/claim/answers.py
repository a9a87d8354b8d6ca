"""What is said in the panel of what others say: ticks on evidence, answers to reviews, threads that are done."""

from __future__ import annotations

from store.errors import Refused
from store.records import ACCEPTED, REJECTED, Claim, Comment, Evidence, Review
from store.review.ticks import DOUBTED, SEEN
from tui.claim.disagreement_form import WhyForm, pick_reason
from tui.claim.panel import ClaimPanel
from tui.kit.page import Place


class RowAnswers:
    """A handler of the claim panel; it answers what stands in the panel's cursor row."""

    def __init__(self, panel: ClaimPanel) -> None:
        self._panel = panel
        self._desk = panel.desk

    def _row(self) -> Place:
        self._panel.at_hand()
        return self._panel.lines.place or Place("")

    def _review(self, id: str) -> Review:
        return next(review for review in self._panel.at_hand().reviews if review.id == id)

    def _proposal(self) -> Review:
        place = self._row()
        if place.kind == "review":
            return self._review(place.id)
        waiting = [one for one in self._panel.at_hand().reviews if one.standing == "open" and not one.answered]
        if len(waiting) == 1 and place.kind not in ("comment", "evidence"):
            return waiting[0]
        raise Refused("This row is not a proposal: select the one you want to answer.")

    def action_accept(self) -> None:
        """Accept what is proposed or suggested in the cursor row; of another's claim on these words, make it yours."""
        if self._panel.chose("accept"):
            return
        theirs = self._fact_of_another()
        if theirs is not None:
            self._take_over(theirs)
            return
        review = self._proposal()
        self._panel.save(review.claim, "answers", lambda: self._desk.answers.answer(review, ACCEPTED))

    def _fact_of_another(self) -> Claim | None:
        """The claim of somebody else on the same words that stands in the cursor row."""
        dossier, place = self._panel.at_hand(), self._row()
        others = dossier.same_words if place.kind == "stack" else ()
        return next((one for one in others if one.id == place.id and one.checker.id != dossier.me.id), None)

    def _take_over(self, theirs: Claim) -> None:
        """Tag what another's claim says as yours too."""
        claim, words = self._panel.at_hand().claim, theirs.claim_text

        def taken(made: Claim) -> None:
            self._panel.wrote(claim.id, "claims")
            self._panel.say(f"{made.name} is yours, and says what {theirs.checker}'s {theirs.name} does.")

        span = (theirs.start, theirs.end)
        self._panel.write(lambda: self._desk.claims.tag(theirs, *span, own=True, claim_text=words), taken)

    def action_refuse(self) -> None:
        """Reject what is proposed or suggested in the cursor row, or doubt the evidence there."""
        if self._panel.chose("reject"):
            return
        place = self._row()
        if place.kind == "evidence":
            self._doubt(self._panel.evidence(place.id))
            return
        review = self._proposal()
        name = self._panel.at_hand().claim.name

        def take(words: str) -> object:
            return self._desk.answers.answer(review, REJECTED, words)

        def taken(_: object) -> None:
            self._panel.wrote(review.claim, "answers")

        title = f"Reject what {review.by} proposes on {name}"
        self._panel.app.push_screen(WhyForm(title, take, taken, about=f"{review.id}/reject", needed=True))

    def _doubt(self, evidence: Evidence) -> None:
        scheme = self._panel.at_hand().scheme
        if evidence.by.id == self._desk.reviewer.id:
            raise Refused("This evidence is yours: someone else has to look at it.")

        def reasoned(chosen: tuple[str, ...] | None) -> None:
            if chosen:
                reason = scheme.reason(chosen[0])

                def take(words: str) -> object:
                    return self._desk.ticks.tick(evidence, DOUBTED, reason.key, words)

                def taken(_: object) -> None:
                    self._panel.wrote(evidence.claim, "ticks")

                what = f"{reason.label}. {reason.description}"
                self._panel.app.push_screen(
                    WhyForm("Doubt this evidence", take, taken, about=f"{evidence.id}/doubt", what=what)
                )

        self._panel.app.push_screen(pick_reason("Why do you doubt it?", scheme), reasoned)

    def action_tick(self) -> None:
        """Tick the evidence in the cursor row as seen, or take that back."""
        dossier, place = self._panel.at_hand(), self._row()
        if place.kind != "evidence":
            raise Refused("Only evidence can be ticked as seen: select a piece of evidence.")
        evidence = self._panel.evidence(place.id)
        seen = any(
            tick.evidence == evidence.id and tick.mark == SEEN and tick.by.id == dossier.me.id and not tick.outdated
            for tick in dossier.ticks
        )
        mark = "" if seen else SEEN
        self._panel.save(evidence.claim, "ticks", lambda: self._desk.ticks.tick(evidence, mark))

    def action_remove(self) -> None:
        """Delete the evidence or comment in the cursor row."""
        claim, place = self._panel.at_hand().claim, self._panel.lines.place
        gone: Evidence | Comment | Review
        if place is not None and place.kind == "evidence":
            gone, table = self._panel.evidence(place.id), "evidence"
        elif place is not None and place.kind == "comment":
            gone, table = self._panel.comment(place.id), "comments"
            if gone.by.id != self._desk.reviewer.id:
                raise Refused(f"That comment is {gone.by}'s: answer it instead.")
        elif place is not None and place.kind == "review" and self._review(place.id).by.id == self._desk.reviewer.id:
            gone, table = self._review(place.id), "reviews"
        else:
            raise Refused("Only evidence and comments can be deleted here: Enter edits this row.")

        def deleted(_: object) -> None:
            self._panel.wrote(claim.id, table)
            self._panel.say(f"Deleted the {place.kind}; {self._panel.key('undo') or 'undo'} brings it back.")

        self._panel.write(lambda: self._desk.delete(gone), deleted)

    def action_resolve(self) -> None:
        """Say that the thread in the cursor row is done with, or open it again."""
        dossier, place = self._panel.at_hand(), self._row()
        if place.kind == "comment":
            root = self._root(self._panel.comment(place.id))
        else:
            said = [one for one in dossier.threads if place.kind == "review" and one.reply_to == place.id]
            if not said and len(dossier.threads) == 1:
                said = list(dossier.threads)
            if not said:
                raise Refused("This row is not part of a thread: select a comment.")
            root = said[0]
        self._panel.save(dossier.claim.id, "comments", lambda: self._desk.threads.resolve(root, not root.resolved))

    def _root(self, comment: Comment) -> Comment:
        known = {one.id: one for one in self._panel.at_hand().comments}
        while comment.reply_to in known:
            comment = known[comment.reply_to]
        return comment
