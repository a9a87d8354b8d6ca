"""Second review: decisions on somebody else's claims."""

from __future__ import annotations

from store.access import fields
from store.access.people import People
from store.access.permissions import OPEN, Permissions
from store.access.session import Row, Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.check.deletion import Deletion
from store.check.threads import Threads
from store.check.transfers import RETAGGED, answered
from store.check.verdicts import Verdicts
from store.errors import Refused
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.person import Person
from store.records import Article, Assignment, Claim, Comment, Review, Verdict, id_of
from store.review.queue import Queue, is_reviewed_by
from store.review.ticks import Ticks
from store.text.shorten import shorten
from store.vocabulary import Blind, Decision, Role, Status

_CHANGES = (Decision.CHANGE_SPAN, Decision.CHANGE_VERDICT, Decision.CHANGE_CLAIM_TEXT)
_SPAN = ("version", "start", "end", "quote")

REVEALED = "revealed"
"""The blind level of a decision given again when the checker's verdict was no longer hidden."""


class Reviews:
    """Decisions on other people's claims."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        articles: Articles,
        claims: Claims,
        verdicts: Verdicts,
        threads: Threads,
        assignments: Assignments,
        people: People,
        ticks: Ticks,
        deletion: Deletion,
    ) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._verdicts = verdicts
        self._threads = threads
        self._assignments = assignments
        self._people = people
        self._ticks = ticks
        self._deletion = deletion

    # -- reading ----------------------------------------------------------------------------------------------

    def of(self, of: Claim | Article | str) -> list[Review]:
        """The reviews of a claim (its record or id) in the order given, or of an article (its record) in text order."""
        if isinstance(of, Article):
            where, id = "c.article = ?", of.id
        else:
            where, id = "r.claim = ?", id_of(of)
        rows = self._session.rows(
            f"SELECT r.* FROM reviews_now r JOIN claims c ON c.id = r.claim WHERE {where}"
            ' ORDER BY c.start, c."end" DESC, c.id, r.born',
            id,
        )
        return [self.record(row) for row in rows]

    def record(self, row: Row) -> Review:
        placed = row["again"] != "vanished"
        start, end = (row["start"], row["end"]) if placed else (0, 0)
        return self._session.record(Review, row, start=start, end=end, quote_shown=self._words(row))

    def _words(self, row: Row) -> str:
        """The proposed words as people see them."""
        markup = self._articles.markup_of_claim(row["claim"]) if row["quote"] else ""
        return self._articles.quote_shown(markup, row["version"], row["start"], row["end"], row["quote"])

    def mine(self, claim: Claim | str) -> Review | None:
        """Your own review of a claim, or None."""
        rows = self._session.rows("SELECT * FROM reviews_now WHERE id = ?", self._id(id_of(claim)))
        return self.record(rows[0]) if rows else None

    def _id(self, claim: str) -> str:
        return clock.derived("review", claim, self._session.me)

    def queue(self, article: Article | str, whose: str = "") -> Queue:
        """The claims of somebody (a name; empty: of everybody else) on an article that you may review.

        Among them are those that you have reported missing, once they have given a verdict on them.

        Raises:
            Unknown: nobody is called so.
            Refused: that person has no claims on it, or they are your own.
        """
        article = self._articles.get(article)
        self.checkers(article, whose)
        return self.under_review(article, self._people.get(whose).id if whose else "")

    def under_review(self, article: Article, whose: str = "") -> Queue:
        """As `queue`, of a person by their id; empty when there is nothing to review."""
        me = self._session.me
        mine = {review.claim: review for review in self.of(article) if review.by.id == me}
        claims = ((claim, mine.get(claim.id)) for claim in self._claims.of(article))
        return Queue(tuple(one for one in claims if is_reviewed_by(me, *one, whose)))

    def checkers(self, article: Article | str, whose: str = "") -> frozenset[Person]:
        """Those whose claims on an article you may review: of that person's alone when it is named.

        Raises:
            Unknown: nobody is called so.
            Refused: that person has no claims on it, or they are your own.
        """
        article = self._articles.get(article)
        me = self._session.me
        person = self._people.get(whose) if whose else None
        if person is not None and person.id == me:
            raise Refused("These claims are yours: you cannot review your own.")
        rows = self._session.rows(
            'SELECT DISTINCT "by" FROM claims WHERE article = ? AND version = ? AND deleted = 0'
            " AND origin <> 'review'",
            article.id,
            article.version,
        )
        found = {row["by"] for row in rows if row["by"] != me and (person is None or row["by"] == person.id)}
        if not found:
            who = person or "anybody else"
            raise Refused(f"“{shorten(article.title, 40)}” has no claims by {who} to review.")
        return frozenset(map(self._session.person, found))

    # -- deciding ---------------------------------------------------------------------------------------------

    def decide(
        self,
        claim: Claim | str,
        decision: str,
        *,
        reason: str = "",
        comment: str = "",
        span: tuple[int, int] | None = None,
        claim_text: str = "",
        verdict: str = "",
        justification: str | None = None,
        seen: Review | None = None,
    ) -> Review:
        """Give your decision on someone else's claim. It proposes; nothing of theirs changes.

        Args:
            claim: the claim.
            decision: agree, disagree, change_span, change_verdict, change_claim_text, reject_claim, needs_evidence
                or comment. What you say again takes the place of what you said before; only proposals of another
                span, verdict and claim text stand beside each other.
            reason: a reason of the scheme; needed to disagree without words.
            comment: what, where and why, in words; needed for a comment, and with a reason that needs words.
            span: the proposed start and end in code points, for change_span.
            claim_text: the proposed claim text, for change_claim_text.
            verdict: your own verdict, for change_verdict, or to agree where the checker's is hidden. The very verdict
                the checker gave makes it an agreement.
            justification: why, for your own verdict.
            seen: the review of your own that this one is made on top of.

        Raises:
            Refused: the claim is your own, settled, or no longer what ``claim`` shows; your review is submitted; or
                something needed is missing.
            Unknown: the claim is gone, or the scheme has no such reason or verdict.
        """
        with self._session.writing() as me:
            about = self._claims.get(claim)
            if about.checker.id == self._session.me:
                return self._look(about, decision)
            self._may.must_be_unsettled(about.id)
            self._may.must_be_open(about.article, Role.REVIEWER)
            given = self._given(about)
            held = self._assignments.held(about.article, Role.REVIEWER.value)
            hidden = self._assignments.hides(about, held)
            if isinstance(claim, Claim):
                _as_shown(claim, about, given if held is None or held.blind != Blind.VERDICT else "")
            values = self._said(about, decision, reason, comment, span, claim_text)
            _fitting(about, decision, verdict, hidden)
            values |= self._combined(about, values, verdict, given)
            values |= {"reviewer": me} | self._circumstances(about, held, hidden, judged=bool(verdict))
            edit = Edit("reviews", self._id(about.id), values, seen.heads if seen else None)
            self._session.write([edit, *answered(self._session, self._id(about.id), RETAGGED)])
            if verdict:
                self._verdicts.give(about, verdict, justification)
            elif decision == Decision.AGREE:
                self._fall_in(about, given)
            if held is None:
                self._assignments.give(about.article, me, Role.REVIEWER.value, Blind.OPEN.value, "")
        found = self.mine(about.id)
        assert found is not None
        return found

    def _given(self, about: Claim) -> str:
        """The verdict of a claim's checker, hidden or not."""
        theirs = self._session.log.row("verdicts", clock.derived("verdict", about.id, about.checker.id))
        return str(theirs["verdict"]) if theirs and not theirs["deleted"] else ""

    def _combined(self, about: Claim, values: Patch, verdict: str, given: str) -> Patch:
        """What you have proposed before and propose still beside what is said now, and what that is called."""
        id = self._id(about.id)
        kept = self._carried(id, about, values) if values["decision"] in _CHANGES else {}
        now = values | kept
        if verdict and verdict == given:
            spanned = Decision.CHANGE_SPAN if now["end"] else Decision.AGREE
            kept["decision"] = (Decision.CHANGE_CLAIM_TEXT if now["claim_text"] else spanned).value
        elif verdict or self._still_differs(id, about, now, given):
            kept["decision"] = Decision.CHANGE_VERDICT.value
        return kept

    def _circumstances(self, about: Claim, held: Assignment | None, hidden: bool, *, judged: bool) -> Patch:
        """What is kept with a decision: on whose claim, how blind, and what was seen of it."""
        asked = "SELECT whole, unjudged, sources FROM main.claim_states WHERE id = ?"
        state = self._session.rows(asked, about.id)[0]
        return {
            "claim": about.id,
            "whose": about.checker.id,
            "blind": self._level(about, held, hidden),
            # To give your verdict reveals theirs, and the two have been compared.
            "seen": state["unjudged" if hidden and not judged else "whole"],
            "sources": state["sources"],
            "deleted": 0,
        }

    def remark(self, claim: Claim | str, words: str, *, reviewing: bool = False) -> Review | Comment:
        """Say something of a claim: where you review it and have not decided on it as it is now, as a review that only
        comments, which the checker's inbox shows; else as a comment.

        What you said in review of it before stays above your words.

        Args:
            claim: the claim.
            words: what you say.
            reviewing: whether you are reviewing it, though nobody gave you its article to review.

        Raises:
            Refused: there are no words, or the claim is no longer what ``claim`` shows.
        """
        about = self._claims.seen(claim)
        if not self.remark_decides(about, reviewing=reviewing):
            return self._threads.comment(about, words)
        held = self.mine(about)
        said = f"{held.comment}\n\n{self._threads.body(words)}" if held and held.comment else words
        return self.decide(claim, Decision.COMMENT, comment=said, seen=held)

    def remark_decides(self, claim: Claim | str, *, reviewing: bool = False) -> bool:
        """Whether `remark` makes a review of what is now said of a claim, not a comment."""
        about = self._claims.seen(claim)
        if about.checker.id == self._session.me or about.missed:
            return False
        given = self._assignments.held(about.article, Role.REVIEWER.value)
        if given is not None:
            of = given.whose.id in ("", about.checker.id)
            reviewing = of and given.state == OPEN and given.blind != Blind.ALL
        if not reviewing or about.status in (Status.SETTLED, Status.SETTLE_AGAIN, Status.WITHDRAWN):
            return False
        held = self.mine(about)
        return held is None or held.stale or held.decision == Decision.COMMENT

    def _look(self, about: Claim, decision: str) -> Review:
        """Agree with somebody else's verdict on a claim that you have reported missing, as it stands now."""
        held = self.mine(about)
        if held is None or not held.looks:
            raise Refused(f"{about.name} is yours: you cannot review your own claims.")
        if decision != Decision.AGREE:
            raise Refused(f"You reported {about.name} yourself: agree with its verdict, or give your own.")
        self._may.must_be_unsettled(about.id)
        self._may.must_be_open(about.article, Role.REVIEWER)
        state = self._session.rows("SELECT whole FROM main.claim_states WHERE id = ?", about.id)[0]
        self._session.write([Edit("reviews", held.id, {"seen": state["whole"]}, held.heads)])
        found = self.mine(about)
        assert found is not None
        return found

    def _said(
        self, about: Claim, decision: str, reason: str, comment: str, span: tuple[int, int] | None, claim_text: str
    ) -> Patch:
        choices = [str(word) for word in Decision if word.on_a_claim]
        if decision not in choices:
            raise Refused(f"“{shorten(decision, 30)}” is not a decision on a claim: use one of {', '.join(choices)}.")
        values: Patch = {
            "decision": decision, "reason": self._ticks.reason(reason, comment), "comment": fields.clean(comment),
            "version": "", "start": 0, "end": 0, "quote": "", "claim_text": "",
        }  # fmt: skip
        if decision == Decision.DISAGREE and not reason and not comment.strip():
            raise Refused("To disagree, say why: choose a reason of the scheme, or write what is wrong and where.")
        if decision == Decision.COMMENT and not comment.strip():
            raise Refused("The comment is empty: write something.")
        if decision == Decision.CHANGE_SPAN and span is None:
            raise Refused("Which span do you propose? Give its words, or its start and end.")
        if decision == Decision.CHANGE_CLAIM_TEXT and not claim_text.strip():
            raise Refused("Which claim text do you propose? Write it.")
        if span is not None and decision != Decision.CHANGE_SPAN:
            raise Refused("A proposed span belongs to the decision change_span.")
        if claim_text.strip() and decision != Decision.CHANGE_CLAIM_TEXT:
            raise Refused("A proposed claim text belongs to the decision change_claim_text.")
        if span is not None:
            proposed = self._claims.span(self._articles.get(about.article), *span)
            if tuple(span) == (about.start, about.end):
                raise Refused(f"That is the span {about.name} has already: move an edge, or agree.")
            values |= {name: proposed[name] for name in ("version", "start", "end", "quote")}
        if claim_text.strip():
            values["claim_text"] = fields.clean(claim_text).strip()
            if values["claim_text"] == about.claim_text:
                raise Refused(f"That is the claim text {about.name} has already: change it, or agree.")
        return values

    def _carried(self, review: str, about: Claim, values: Patch) -> Patch:
        """What you have proposed before and still propose, beside the ``values`` proposed now."""
        before = self._proposed(review)
        if before is None:
            return {}
        kept: Patch = {}
        place = (before["version"], before["start"], before["end"])
        if not values["end"] and before["end"] and place[0] == about.version and place[1:] != (about.start, about.end):
            kept |= {name: before[name] for name in _SPAN}
        if not values["claim_text"] and before["claim_text"] != about.claim_text:
            kept["claim_text"] = before["claim_text"]
        return kept

    def _still_differs(self, review: str, about: Claim, values: Patch, given: str) -> bool:
        """Whether another verdict that you have proposed before is proposed still, beside what is proposed now."""
        before = self._proposed(review)
        if values["decision"] not in _CHANGES or before is None or before["decision"] != Decision.CHANGE_VERDICT:
            return False
        mine = self._session.log.row("verdicts", clock.derived("verdict", about.id, self._session.me))
        return bool(mine and not mine["deleted"] and mine["verdict"] not in ("", given))

    def _proposed(self, review: str) -> Row | None:
        """Your own review (id) as it stands, when it proposes a change."""
        row = self._session.log.row("reviews", review)
        return row if row is not None and not row["deleted"] and row["decision"] in _CHANGES else None

    def _fall_in(self, about: Claim, given: str) -> None:
        """To agree is to give up another verdict of your own: it becomes the one ``given`` by the checker."""
        mine = self._session.log.row("verdicts", clock.derived("verdict", about.id, self._session.me))
        if mine and not mine["deleted"] and mine["verdict"] not in ("", given):
            self._verdicts.conclude(about, verdict=given, justification="")

    def _level(self, about: Claim, held: Assignment | None, hidden: bool) -> str:
        """The blind level a decision is given under."""
        if held is None or held.blind != Blind.VERDICT:
            return held.blind if held else Blind.OPEN.value
        mine = clock.derived("verdict", about.id, self._session.me)
        before = any(entry.patch.get("verdict") for entry in self._session.log.entries(items=[mine]))
        return Blind.VERDICT.value if hidden and not before else REVEALED

    def missing(
        self, article: Article | str, start: int, end: int, *, whose: str = "", comment: str = "", **details: object
    ) -> Review:
        """Tag a claim that the checker (``whose``, a name) missed; ``details`` as in ``edit``.

        Raises:
            Duplicate: the very span is tagged in that set, by you, or reported as missing already.
            Refused: it is not said whose set it is missing from, that set is hidden, or as for ``tag``.
        """
        article = self._articles.as_read(article)
        with self._session.writing() as me:
            held = self._assignments.mine(article, Role.REVIEWER.value)
            if held is not None and held.blind == Blind.ALL and held.state == OPEN:
                raise Refused(
                    "You cannot see the others' claims, so this may not be missing. Tag it as your own claim."
                )
            whose = whose or (held.whose if held else "")
            if not whose:
                checkers = {c.checker for c in self._claims.of(article) if not c.missed}
                others = [checker for checker in checkers if checker.id != self._session.me]
                if len(others) != 1:
                    raise Refused("Whose set is the claim missing from? Name the checker.")
                whose = others[0]
            checker = self._people.get(whose)
            if checker.id == me:
                raise Refused("You cannot report a claim as missing from your own set: tag it instead.")
            claim = self._claims.add(article, start, end, details, missed_by=checker.id)
            values: Patch = {
                "claim": claim.id, "reviewer": me, "whose": checker.id, "decision": Decision.MISSING_CLAIM.value,
                "comment": fields.clean(comment), "blind": held.blind if held else Blind.OPEN.value,
            }  # fmt: skip
            self._session.write([Edit("reviews", self._id(claim.id), values)])
            self._assignments.give(article.id, me, Role.REVIEWER.value, Blind.OPEN.value, "")
        found = self.mine(claim.id)
        assert found is not None
        return found

    def take_back(self, of: Review | Claim | Verdict, proposal: str = "") -> None:
        """Remove everything you said about a claim: the review, its verdict, a missing claim.

        Of a verdict, that with its justification, and what it alone proposes or agrees to.

        With a ``proposal`` (change_span, change_verdict or change_claim_text) only that, when something else is
        proposed beside it; a verdict goes with its proposal.

        Raises:
            Refused: you have said nothing of it; it is settled, or your set is submitted.
        """
        if isinstance(of, Verdict):
            held = self.mine(of.claim) if of.by.id == self._session.me else None
            if held is None or not _gives_verdict(held):
                self._deletion.delete(of)
                return
            of, proposal = held, Decision.CHANGE_VERDICT
        review = of if isinstance(of, Review) else self.mine(of)
        if review is None:
            about = self._claims.get(of)  # type: ignore[arg-type]
            if not any(verdict.by.id == self._session.me and verdict.verdict for verdict in self._verdicts.of(about)):
                raise Refused(f"You have said nothing about {about.name} that you could take back.")
            self._take_verdict(about)
            return
        if review.by.id != self._session.me:
            raise Refused(f"That was said by {review.by}: only they can take it back.")
        rest = [decision for decision in review.proposals if decision != proposal]
        with self._session.writing():
            if proposal and rest:
                self._may.must_be_unsettled(review.claim)
                self._may.must_be_open(self._claims.get(review.claim).article, Role.REVIEWER)
                values: Patch = {}
                if proposal == Decision.CHANGE_SPAN:
                    values = {"version": "", "start": 0, "end": 0, "quote": ""}
                elif proposal == Decision.CHANGE_CLAIM_TEXT:
                    values = {"claim_text": ""}
                elif review.verdict:
                    self._verdicts.give(review.claim, "")
                main = Decision.CHANGE_VERDICT if Decision.CHANGE_VERDICT in rest else rest[-1]
                edit = Edit("reviews", review.id, values | {"decision": main.value}, review.heads)
                again = answered(self._session, review.id, RETAGGED) if proposal == Decision.CHANGE_SPAN else []
                self._session.write([edit, *again])
                return
            about = self._claims.get(review.claim)
            if review.decision == Decision.MISSING_CLAIM:
                self._deletion.delete(review)
                self._deletion.delete(about)
                return
            if review.verdict:
                self._take_verdict(about, words=True)
            self._deletion.delete(review)

    def clear_verdict(self, claim: Claim | str) -> Review | None:
        """Remove your verdict on a claim, and what it alone proposes or agrees to; returns what you still say.

        Raises:
            Refused: you have given none; the claim is settled, or your set is submitted.
        """
        about = self._claims.get(claim)
        held = self.mine(about)
        with self._session.writing():
            if held is not None and _gives_verdict(held):
                self.take_back(held, Decision.CHANGE_VERDICT)
            else:
                self._take_verdict(about)
        return self.mine(about)

    def _take_verdict(self, about: Claim, *, words: bool = False) -> None:
        """Take your own verdict back, with ``words`` its justification too; else that stays until it is given again."""
        mine = self._session.log.row("verdicts", clock.derived("verdict", about.id, self._session.me))
        if not mine or mine["deleted"] or not mine["verdict"]:
            rest = ": you can remove everything you said about it at once." if self.mine(about) else "."
            raise Refused(f"You have given no verdict on {about.name}{rest}")
        self._verdicts.conclude(about.id, verdict="", justification="" if words else None)


def _gives_verdict(review: Review) -> bool:
    """Whether a review says what it does by a verdict, alone or beside other proposals."""
    if review.decision == Decision.CHANGE_VERDICT:
        return bool(review.verdict) or len(review.proposals) > 1
    return review.decision == Decision.AGREE and bool(review.verdict)


def _as_shown(shown: Claim, now: Claim, given: str) -> None:
    """Refuse to decide on a claim that is not what was shown any more; ``given`` is its verdict, if it is seen."""
    if shown.heads != now.heads or (given and shown.verdict != given):
        raise Refused(f"{now.name} has changed since you saw it: look at it again.")


def _fitting(about: Claim, decision: str, verdict: str, hidden: bool) -> None:
    """Refuse a decision without the verdict it takes, or with one that it does not."""
    if decision == Decision.CHANGE_VERDICT and not verdict:
        raise Refused("Which verdict do you propose? Give its key.")
    if decision == Decision.AGREE and hidden and not verdict:
        raise Refused(f"The verdict on {about.name} is hidden until you give yours: give it with your decision.")
    if verdict and decision not in (Decision.AGREE, Decision.CHANGE_VERDICT):
        raise Refused("A verdict belongs to the decisions agree and change_verdict.")
