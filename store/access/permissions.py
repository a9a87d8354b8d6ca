"""Locks: what is closed to changes, because a set is submitted, a claim is settled, or it is somebody else's.

Every way of changing a desk asks here: the doing itself, deleting, undo and redo, settling a conflict, import. A lock
holds the person who is looking, so it is read beneath the veil; what it says tells nobody what the veil hides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from store.access.session import Row, Session
from store.errors import Guarded, Refused
from store.log.kinds import JUDGEMENTS, KINDS, SPANS
from store.log.log import Edit
from store.person import Person
from store.records import MISSED, Claim
from store.text.shorten import shorten
from store.vocabulary import Blind, Role

OPEN, SUBMITTED = "open", "submitted"
"""The states of an assignment."""

_CHECKED = ("claims", "verdicts", "evidence")


class Permissions:
    """What may be changed, by whom: each question refuses in words, or lets pass."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- sets -------------------------------------------------------------------------------------------------

    def must_be_open(self, article: str, role: Role, person: str = "") -> None:
        """Refuse a change to somebody's set on an article that is submitted.

        Who is blind to all others tags as a reviewer. Who has only reviewed has just that one set, whatever they do.

        Args:
            article: its id.
            role: the set that the change belongs to.
            person: whose set, as an id; empty: your own.
        """
        if self.is_submitted(article, role, person):
            own = not person or person == self._session.me
            whose, who = ("Your", "reopen it") if own else (f"{self._session.person(person)}'s", "they can reopen it")
            raise Refused(f"{whose} set on {self.titled(article)} is submitted: {who} to change it.")

    def is_submitted(self, article: str, role: Role, person: str = "") -> bool:
        """Whether somebody's set on an article is submitted, and so locked; asked as `must_be_open` is."""
        asked = (article, role, person or self._session.me)
        if asked in self._session.found_open:
            return False
        rows = self._session.rows(  # found by the article: by the person there may be very many, hence the +
            "SELECT role, blind, state FROM main.assignments WHERE article = ? AND +reviewer = ? AND deleted = 0",
            article,
            person or self._session.me,
        )
        held = [row for row in rows if row["role"] == role or (role == Role.CHECKER and row["blind"] == Blind.ALL)]
        if role == Role.CHECKER and not held:
            held = [row for row in rows if row["role"] == Role.REVIEWER]
        submitted = bool(held) and all(row["state"] == SUBMITTED for row in held)
        if not submitted and self._session.action is not None:  # nobody else can submit it before that ends
            self._session.found_open.add(asked)
        return submitted

    def titled(self, article: str) -> str:
        """The title of an article (its id), in quotation marks."""
        rows = self._session.rows("SELECT title FROM articles WHERE id = ?", article)
        return f"“{shorten(rows[0]['title'], 40)}”" if rows else "That article"

    def _set_of(self, claim: Row, person: str = "") -> Role:
        """Which set what a person (an id; empty: you) says of a claim belongs to."""
        own = claim["by"] == (person or self._session.me) and claim["origin"] != MISSED
        return Role.CHECKER if own else Role.REVIEWER

    def apart(self, article: str, person: str) -> bool:
        """Whether somebody's work on an article is hidden from the person who is looking, by two ids."""
        self._session.look()
        return (article, person) in self._session.veil.unseen

    def reviews(self, article: str) -> bool:
        """Whether you have been given an article to review."""
        asked = (
            "SELECT 1 AS x FROM assignments WHERE article = ? AND +reviewer = ? AND role = 'reviewer' AND deleted = 0"
        )
        return bool(self._session.rows(asked, article, self._session.me))

    # -- claims -----------------------------------------------------------------------------------------------

    def claim_row(self, claim: str) -> Row:
        return self._session.log.row("claims", claim) or {}

    def must_be_unsettled(self, claim: str) -> None:
        """Refuse a change to a claim, by its id, that is settled."""
        standing = "adjudications WHERE claim = ? AND deleted = 0 AND outcome <> '' ORDER BY born"
        if self._session.rows(f"SELECT 1 AS x FROM main.{standing}", claim):
            seen = self._session.rows(f"SELECT reviewer FROM {standing}", claim)
            by = f" by {self._session.person(seen[0]['reviewer'])}" if seen else ""
            raise Refused(f"{self._session.claim_name(claim)} is settled{by}: to change it, undo the settlement first.")

    def claim_must_be_open(self, claim: str, author: str = "") -> None:
        """Refuse a change to what you say of a claim, by its id, or what its ``author`` (id) says: the claim is
        settled, or your own set or theirs is submitted."""
        self.must_be_unsettled(claim)
        held = self.claim_row(claim)
        for person in {self._session.me: "", author or self._session.me: ""}:
            self.must_be_open(str(held["article"]), self._set_of(held, person), person)

    def must_be_mine(self, claim: str, author: str = "") -> None:
        """As `claim_must_be_open`; a reviewer proposes and does not change what somebody else (the ``author``, an
        id) wrote."""
        held = self.claim_row(claim)
        author = author or str(held["by"])
        self.claim_must_be_open(claim)
        if author != self._session.me and self.reviews(str(held["article"])):
            name = self._session.claim_name(claim)
            what = name if author == held["by"] else f"That on {name}"
            raise Refused(f"{what} is {self._session.person(author)}'s: propose the change in your review instead.")
        self.claim_must_be_open(claim, author)

    def took_part(self, claims: Iterable[Claim], people: Iterable[Person] = ()) -> bool:
        """Whether you would be judge of your own work: you tagged or reviewed one of the claims, or are one of the
        ``people``. Never where the scheme lets anyone settle."""
        if self._session.scheme.review.anyone_adjudicates:
            return False
        checkers = {claim.id: claim.checker.id for claim in claims}
        reviewers = self._session.tuples(
            "SELECT DISTINCT \"by\" FROM reviews WHERE deleted = 0 AND decision <> ''"
            " AND claim IN (SELECT value FROM json_each(?))",
            json.dumps(list(checkers)),
        )
        parties = {*(person.id for person in people), *checkers.values(), *(by for (by,) in reviewers)}
        return self._session.me in parties

    # -- verdicts ---------------------------------------------------------------------------------------------

    def must_meet(self, claim: str, key: str, justification: str, *, accepted: bool = False) -> None:
        """Refuse a verdict on a claim (its id) that the scheme forbids until its requirements are met.

        Anyone who gives, takes over, settles or brings a verdict is asked this. ``accepted`` says that you take it over
        for a claim of your own: nothing may be lacking in a set that is submitted, whatever the scheme forbids.
        """
        if not key:
            return
        held = self.claim_row(claim) if accepted else {}
        submitted = bool(held) and self.is_submitted(str(held["article"]), self._set_of(held))
        scheme = self._session.scheme
        if scheme.verdict(key).guard != "block" and not submitted:
            return
        asked = "SELECT stance FROM evidence WHERE claim = ? AND deleted = 0"
        missing = scheme.lacks(key, justification, [row["stance"] for row in self._session.rows(asked, claim)])
        if missing:
            mend = " Your set is submitted: reopen it, add what is missing, then accept." if submitted else ""
            name = self._session.claim_name(claim)
            raise Guarded(f"{name} cannot be given that verdict yet: {'; '.join(missing)}.{mend}")

    def must_not_need(self, evidence: str, stance: str = "") -> None:
        """Refuse to delete a piece of evidence (its id), or to give it another stance, while a verdict needs it that
        the scheme forbids without, or that is submitted."""
        claim = str((self._session.log.row("evidence", evidence) or {})["claim"])
        held = self._session.rows("SELECT id, stance FROM main.evidence WHERE claim = ? AND deleted = 0", claim)
        now = [row["stance"] for row in held]
        then = [stance if row["id"] == evidence else row["stance"] for row in held if stance or row["id"] != evidence]
        about, scheme = self.claim_row(claim), self._session.scheme
        asked = "SELECT * FROM verdicts WHERE claim = ? AND deleted = 0 AND verdict <> ''"
        for row in self._session.rows(asked, claim):
            lacks = scheme.lacks(row["verdict"], row["justification"], then)
            if not lacks or scheme.lacks(row["verdict"], row["justification"], now):
                continue
            needs = f"on {self._session.claim_name(claim)} needs it ({'; '.join(lacks)})"
            if scheme.verdict(row["verdict"]).guard == "block":
                raise Guarded(f"A verdict {needs}: take that back first.")
            by = str(row["reviewer"])
            if self.is_submitted(str(about["article"]), self._set_of(about, by), by):
                name = self._session.person(by)
                raise Guarded(f"{name}'s verdict {needs}, and is submitted: they can reopen their set.")

    # -- sources ----------------------------------------------------------------------------------------------

    def _citing(self, source: str) -> Iterable[tuple[str, str]]:
        """(article, person) of the work that cites a source and is submitted or settled."""
        for row in self._session.rows(
            'SELECT DISTINCT c.article, e."by" FROM main.evidence e JOIN main.claims c ON c.id = e.claim'
            " WHERE e.source = ? AND e.deleted = 0 AND c.deleted = 0 AND ("
            '  EXISTS (SELECT 1 FROM main.assignments a WHERE a.article = c.article AND a.reviewer = e."by"'
            "    AND a.deleted = 0 AND a.role <> 'adjudicator' AND a.state = 'submitted')"
            "  OR EXISTS (SELECT 1 FROM main.adjudications j WHERE j.claim = c.id AND j.deleted = 0"
            "    AND j.outcome <> ''))",
            source,
        ):
            yield row["article"], row["by"]

    def source_kept(self, source: str) -> str:
        """Whose finished work rests on a source, in words; empty when it may be changed freely."""
        for article, person in self._citing(source):
            whose = "Somebody" if self.apart(article, person) else self._session.person(person)
            cites = "You cite" if person == self._session.me else f"{whose} cites"
            return f"{cites} this source in work that is finished"
        return ""

    # -- anything ---------------------------------------------------------------------------------------------

    def must_be_changeable(self, kind: str, id: str, granted: frozenset[str] = frozenset()) -> None:
        """Refuse a change to an item in what is submitted or settled; of ``granted`` claims only the settled ones.

        What one grants to a reviewer changes a submitted set too.
        """
        row = self._session.log.row(kind, id)
        if row is None:
            return
        if kind in _CHECKED:
            claim = str(row["id"] if kind == "claims" else row["claim"])
            if claim in granted:
                self.must_be_unsettled(claim)
            else:
                self.claim_must_be_open(claim, str(row["by"]))
        elif kind == "sweeps":
            for person in {self._session.me: "", str(row["by"]): ""}:
                self.must_be_open(str(row["article"]), Role.CHECKER, person)
        elif kind == "answers":
            self.must_be_unsettled(self.claim_of(kind, row))
        elif kind == "transfers":
            held = self.claim_row(str(row["item"]))
            if held:
                self.must_be_open(str(held["article"]), self._set_of(held))
        elif kind == "adjudications":
            self.must_be_open(str(self.claim_row(str(row["claim"]))["article"]), Role.ADJUDICATOR)
        elif kind in ("reviews", "ticks"):
            claim = self.claim_of(kind, row)
            self.must_be_unsettled(claim)
            self.must_be_open(str(self.claim_row(claim)["article"]), Role.REVIEWER)
        elif kind == "sources":
            kept = self.source_kept(id)
            if kept:
                raise Refused(f"{kept}: use a source that is not cited there.")

    def claim_of(self, kind: str, row: Row) -> str:
        """The claim that something said is about."""
        if kind == "answers":
            row = self._session.log.row("reviews", str(row["review"])) or {}
        elif kind == "ticks":
            row = self._session.log.row("evidence", str(row["evidence"])) or {}
        return str(row["claim"])

    def must_be_deletable(self, kind: str, id: str) -> None:
        """Refuse to delete what is closed to changes, or what somebody else has said."""
        row = self._session.log.row(kind, id) or {}
        by = str(row.get("by"))
        if kind == "articles":
            self._article_may_go(id)
        elif kind == "assignments":
            self._assignment_may_go(row)
        elif kind == "suggestions" and by != self._session.me:
            raise Refused(f"That was suggested by {self._session.person(by)}: reject it instead.")
        elif kind in ("comments", *JUDGEMENTS) and by != self._session.me:
            raise Refused(f"That was said by {self._session.person(by)}: only they can take it back.")
        elif kind in _CHECKED:
            self.must_be_mine(str(id if kind == "claims" else row["claim"]), by)
            if kind == "evidence":
                self.must_not_need(id)
        elif kind == "sweeps" and by != self._session.me and self.reviews(str(row["article"])):
            raise Refused(
                f"{self._session.person(by)} has swept that: report what is missing there in your review instead."
            )
        else:
            self.must_be_changeable(kind, id)

    def _article_may_go(self, article: str) -> None:
        """Refuse to delete an article on which somebody has submitted a set, or others' work that you review."""
        title = self.titled(article)
        if self._session.rows(
            "SELECT 1 AS x FROM main.assignments WHERE article = ? AND deleted = 0 AND state = 'submitted'", article
        ):
            raise Refused(f"{title} has sets that are submitted: reopen them to delete it.")
        if self.reviews(article):
            raise Refused(
                f"{title} was given to you to review: the person who gave it to you can remove that assignment, or "
                "delete the article."
            )

    def _assignment_may_go(self, row: Row) -> None:
        """Refuse to take back an assignment that is done, or that keeps something from the person who asks."""
        article, person = str(row["article"]), str(row["reviewer"])
        title = self.titled(article)
        if person == self._session.me and row["blind"] != Blind.OPEN:
            raise Refused(f"{title} hides from you what others said: someone else has to remove it.")
        if (row["role"] == Role.CHECKER or row["blind"] == Blind.ALL) and self._would_see(article):
            raise Refused(f"Work on {title} is hidden from you: someone else has to remove assignments to it.")
        if row["state"] == SUBMITTED:
            who = self._session.person(person)
            raise Refused(f"{who}'s set on {title} is submitted: reopen it to remove the assignment.")

    def _would_see(self, article: str) -> bool:
        """Whether you have a set on an article that others' work there is hidden from, and there is such work."""
        mine = "SELECT 1 AS x FROM main.assignments WHERE article = ? AND +reviewer = ? AND deleted = 0"
        if not self._session.rows(f"{mine} AND (role = 'checker' OR blind = 'all')", article, self._session.me):
            return False
        return any(
            self._session.rows(
                f'SELECT 1 AS x FROM main.{kind} WHERE article = ? AND "by" = ? AND deleted = 0', about, person
            )
            for about, person in self._session.veil.unseen
            if about == article
            for kind in ("claims", "sweeps")
        )

    # -- undo and redo ----------------------------------------------------------------------------------------

    def reversible(self, edits: Iterable[Edit], *, moves: bool = False) -> list[Edit]:
        """The edits of an undo or redo, once every lock has let them pass; a set opened so counts as reopened.

        With ``moves`` a correction of a text is reversed: what it moved goes back, from submitted sets as well.
        """
        edits = list(edits)
        granted = frozenset(
            self.claim_of("answers", row)
            for edit in edits
            if edit.kind == "answers" and edit.item and (row := self._session.log.row("answers", edit.item))
        )
        settles = any(
            edit.kind == "assignments"
            and (self._session.log.row("assignments", str(edit.item)) or {})["role"] == "adjudicator"
            for edit in edits
        )
        judged = any(edit.kind in ("claims", "verdicts") for edit in edits)  # the verdict goes too
        passed = []
        for edit in edits:
            assert edit.item is not None
            if moves and _is_move(edit):
                passed.append(edit)
                continue
            if edit.kind == "assignments":
                passed.append(self._reassigned(edit))
                continue
            if edit.kind == "reviewers":
                self._session.names.must_be_free(str(edit.values["name"]), edit.item)
            if edit.kind == "articles" and edit.values.get("deleted"):
                self._article_may_go(edit.item)
            if edit.kind == "adjudications" and settles:
                passed.append(edit)  # they were made by submitting, which is undone along with them
                continue
            self.must_be_changeable(edit.kind, edit.item, granted)
            if edit.kind == "evidence" and edit.values.get("deleted") and not judged:
                self.must_not_need(edit.item)
            passed.append(edit)
        return passed

    def _reassigned(self, edit: Edit) -> Edit:
        row = self._session.log.row("assignments", str(edit.item)) or {}
        if edit.values.get("deleted") and row["state"] == SUBMITTED and row["reviewer"] == self._session.me:
            edit = edit._replace(values={"state": OPEN})  # it was given by submitting it
        if edit.values.get("deleted"):
            given_in = row["state"] == SUBMITTED and row["updated_by"] == self._session.me
            self._assignment_may_go(row | {"state": OPEN} if given_in else row)  # it was submitted in their name
        if "state" not in edit.values or row["state"] == edit.values["state"]:
            return edit
        counted = int(str(row["reopened"]))
        if row["state"] == SUBMITTED:
            self.may_reopen(str(row["article"]), Role(str(row["role"])))
            counted += 1
        return edit._replace(values=edit.values | {"reopened": counted})

    def may_reopen(self, article: str, role: Role) -> None:
        """Refuse to reopen your set on an article when it was kept apart from others and has been settled since."""
        if role == Role.ADJUDICATOR:
            return
        settled = self._session.rows(
            "SELECT c.id FROM main.adjudications j JOIN main.claims c ON c.id = j.claim"
            " WHERE c.article = ?1 AND j.deleted = 0 AND j.outcome <> '' AND EXISTS (SELECT 1 FROM main.assignments a"
            "  WHERE a.article = ?1 AND a.deleted = 0 AND a.blind = 'all') LIMIT 1",
            article,
        )
        if settled:
            claim = self._session.claim_name(settled[0]["id"])
            raise Refused(
                f"{claim} is settled, and your set was kept apart from others': undo the settlement to reopen it."
            )


def _is_move(edit: Edit) -> bool:
    """Whether an edit only puts something to another place on the text, or says that it did."""
    if edit.kind in ("versions", "transfers", "answers"):
        return True
    part = KINDS[edit.kind].parts.get("span", ())
    if edit.kind in SPANS and not part:
        return bool(edit.values) and "version" in edit.values and "deleted" not in edit.values
    return bool(edit.values) and edit.values.keys() <= set(part)
