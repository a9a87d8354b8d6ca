"""The door: who writes, the transaction everything is written in, and taking back what was written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from store.access.people import check_name, reviewer_id
from store.access.permissions import Locks
from store.errors import Nobody, ReadOnly, Refused, Unknown
from store.log import clock
from store.log import reversal as undo
from store.log.fold import Entry
from store.log.kinds import CHILDREN, JUDGEMENTS, KINDS
from store.log.log import Edit, Log, Written
from store.records import (
    Adjudication,
    Article,
    Assignment,
    Claim,
    Comment,
    Conflict,
    Contender,
    Evidence,
    Review,
    Source,
    Sweep,
    Tick,
    Undone,
    Verdict,
)

_KIND_OF: Mapping[type, str] = {
    Article: "articles",
    Claim: "claims",
    Verdict: "verdicts",
    Evidence: "evidence",
    Source: "sources",
    Sweep: "sweeps",
    Comment: "comments",
    Review: "reviews",
    Tick: "ticks",
    Adjudication: "adjudications",
    Assignment: "assignments",
}

_BLOCK_SECONDS = 0.08  # that others may have to wait for one block of a long reversal

Record = Article | Claim | Verdict | Evidence | Source | Sweep | Comment | Review | Tick | Adjudication | Assignment
"""What can be deleted."""


class Door(Locks):
    """What every write passes through. ``desk.Desk`` says what can be written."""

    def __init__(self, log: Log, read_only: str) -> None:
        super().__init__(log, read_only)
        self._action: str | None = None
        self._step: str | None = None
        """The action that several transactions belong to; empty until the first of them has written."""
        self.saved_at = 0
        """When something was last saved through this desk, in ms UTC; 0 as long as nothing was."""
        self._known_people: set[str] = set()

    def be(self, name: str) -> None:
        """Say who is working.

        Raises:
            Refused: the name is empty, too long, or has control characters.
        """
        self.reviewer = check_name(name)

    def unveiled(self) -> AbstractContextManager[None]:
        """Inside, blind review hides nothing on this connection: for looking after the file, not for showing it."""
        return self._veil.lifted()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written inside is one transaction and one step of undo; an exception leaves nothing of it."""
        with self._writing():
            yield

    def check_writable(self) -> None:
        """Refuse to begin what could not be written.

        Raises:
            ReadOnly: the desk cannot be written.
            Nobody: nobody has said who is working.
        """
        if self.read_only:
            raise ReadOnly(self.read_only)
        if not self.reviewer:
            raise Nobody("Nobody has said who is working: give a name with --as NAME or FACTDESK_REVIEWER.")

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Everything written inside is one step of undo, though each write is saved at once and others come between."""
        self._step = ""
        try:
            yield
        finally:
            self._step = None

    @contextmanager
    def _writing(self) -> Iterator[str]:
        """The transaction every write runs in; gives the id of who is working. Nested ones join the outer."""
        self.check_writable()
        if self._action is not None:
            yield self._person(self.reviewer)
            return
        try:
            with self.log.writing():
                self._action = self._step or ""
                self._found_open.clear()
                self._veil.enter()
                yield self._person(self.reviewer)
            if self._action:
                self.saved_at = clock.now()
            if self._step is not None:
                self._step = self._action
        except BaseException:
            self._veil.torn()
            self._names.clear()
            self._scheme_at = None
            self._known_people.clear()
            raise
        finally:
            self._action = None
            self._found_open.clear()

    def _person(self, name: str) -> str:
        """The id of the reviewer of that name, who joins the desk with their first change."""
        name = check_name(name)
        id = reviewer_id(name)
        if id not in self._known_people:
            if self.log.row("reviewers", id) is None:
                self.log.write(id, [Edit("reviewers", id, {"name": name}, None)])
                self._veil.doubt()
            self._known_people.add(id)
        return id

    def _write(self, edits: Iterable[Edit], *, undoes: str = "") -> Written:
        me = self._person(self.reviewer)
        made = list(edits)
        written = self.log.write(me, made, action=self._action or "", undoes=undoes)
        self._action = written.action
        if any(edit.kind in ("assignments", "reviewers") for edit in made):
            self._veil.doubt()
            self._found_open.clear()
        return written

    def _alive(self, kind: str, id: str) -> None:
        row = self.log.row(kind, id)
        if row is None or row["deleted"]:
            raise Unknown(f"That {KINDS[kind].one} has been deleted meanwhile: whoever deleted it can undo that.")

    # -- deleting, undo, conflicts ----------------------------------------------------------------------------

    def delete(self, record: Record) -> None:
        """Delete a record and, in the same step of undo, all that hangs on it. The log keeps everything.

        A record that somebody has changed meanwhile stays, with all that hangs on it, until the conflict is settled.
        What people said of each other's work is taken back only by whoever said it.

        Raises:
            Refused: the set it belongs to is submitted, its claim is settled, or it is not one's own; or it is an
                assignment that is submitted, or one that hides something from whoever asks.
        """
        kind = _KIND_OF[type(record)]
        with self._writing():
            self._alive(kind, record.id)
            self._deletable(kind, record.id)
            gone = self._write([Edit(kind, record.id, {"deleted": 1}, record.heads)])
            if not gone.stale:
                self._write(self._fall(kind, record.id))

    def _fall(self, kind: str, id: str) -> Iterator[Edit]:
        for child in CHILDREN.get(kind, ()):
            if child in JUDGEMENTS:
                continue
            for row in self._rows(f'SELECT id FROM {child} WHERE "{KINDS[kind].one}" = ? AND deleted = 0', id):
                yield from self._fall(child, row["id"])
                yield Edit(child, row["id"], {"deleted": 1})

    def undo(self, progress: Callable[[int, int], None] | None = None) -> Undone:
        """Undo one's newest action that is in force, in this session or an earlier one.

        More than 500 changes are undone in short transactions, so that others can save between them; what they have
        changed meanwhile stays as it is, and that is said. Broken off, it goes on where it was when it is asked for
        again.

        Args:
            progress: told the changes undone and all there are, after each of those transactions.

        Raises:
            Refused: there is nothing to undo, it is in what is submitted or settled, or somebody has built on it
                since (it says who and when).
        """
        return self._reverse(undo.undo_target, "Nothing of yours is left to undo.", "Undid", progress)

    def redo(self, progress: Callable[[int, int], None] | None = None) -> Undone:
        """Do again what one last undid, unless one has done something else since; ``progress`` as in ``undo``.

        Raises:
            Refused: there is nothing to redo, it is in what is submitted or settled, or somebody has changed the
                same part since.
        """
        return self._reverse(undo.redo_target, "There is nothing to redo.", "Redid", progress)

    def takes_long(self, *, redo: bool = False) -> bool:
        """Whether an undo now, or a redo, would reverse more than 500 changes, in several transactions."""
        target = undo.redo_target if redo else undo.undo_target
        started = undo.broken_off(self.log, self._me, target)
        action = started[1] if started else target(self.log, self._me)
        return bool(action) and undo.size_of(self.log, str(action)) > undo.MANY

    def _reverse(
        self,
        target: Callable[[Log, str], str | None],
        nothing: str,
        did: str,
        progress: Callable[[int, int], None] | None,
    ) -> Undone:
        self.check_writable()
        started = undo.broken_off(self.log, self._me, target)
        many = started[1] if started else target(self.log, self._me)
        if many and self._action is None and undo.size_of(self.log, many) > undo.MANY:
            return self._reverse_many(many, started[0] if started else "", did, progress)
        with self._writing() as me:
            action = target(self.log, me)
            if action is None:
                raise Refused(nothing)
            edits = self._reversible(undo.reversal(self.log, action, self._who))
            if not edits:
                raise Refused("Nothing was undone or redone: others use all of it.")
            sentence, article, claim = self._in_words(action)
            self._write(edits, undoes=action)
        return Undone(f"{did}: {sentence}", action, article, claim)

    def _reverse_many(self, action: str, begun: str, did: str, progress: Callable[[int, int], None] | None) -> Undone:
        """Reverse an action in short transactions: checked whole first, and each block again if others have written.

        ``begun`` is the reversal that was broken off, or empty.
        """
        mark = self.mark()
        done = {change.item for change in self.log.entries(action=begun)} if begun else set[str]()
        edits = undo.each_once(self._reversible(undo.reversal(self.log, action, self._who, done)))
        if not edits:
            raise Refused("Nothing was undone or redone: others use all of it.")
        sentence, article, claim = self._in_words(action)
        items = {edit.item for edit in edits}
        at, size, kept = 0, 100, 0
        with self.one_step():
            self._step = begun
            while at < len(edits):
                block = edits[at : at + size]
                began = time.monotonic()
                try:
                    with self._writing():
                        fit = self._untouched(block, items, action, mark)
                        if fit:
                            self._write(fit, undoes=action)
                except Refused as refusal:
                    if not at:
                        raise
                    word = "undone" if did == "Undid" else "redone"
                    by_now = f"{at:,} of {len(edits):,} changes are {word}; ask again for the rest"
                    raise refusal.but(by_now) from refusal
                at += len(block)
                kept += len(block) - len(fit)
                took = max(time.monotonic() - began, 0.001)
                size = max(50, min(500, int(len(block) * _BLOCK_SECONDS / took)))
                if progress:
                    progress(at, len(edits))
        stays = f"; {kept} that others have changed meanwhile stay as they are" if kept else ""
        return Undone(f"{did}: {sentence}{stays}", action, article, claim)

    def _untouched(self, edits: list[Edit], gone: set[str | None], action: str, mark: int) -> list[Edit]:
        """The edits of a reversal that fit when others have written since a mark; ``gone`` are all its items."""
        since = "SELECT 1 FROM main.changes WHERE seq > ? AND action <> ?"
        written = (mark, self._action or "")
        if not self.log.rows(f"{since} LIMIT 1", written):
            return edits
        fit: list[Edit] = []
        for edit in edits:
            if self.log.rows(f"{since} AND item = ? LIMIT 1", (*written, edit.item)):
                continue
            try:
                self._reversible([edit])
                if not undo.needed(self.log, edit, gone, action, self._who):
                    fit.append(edit)
            except Refused:
                continue
        return fit

    def _who(self, change: Entry) -> str:
        """A change's author and time; nothing when it is hidden from whoever is looking."""
        from datetime import datetime

        if not self._rows("SELECT 1 AS x FROM changes WHERE id = ?", change.id):
            return ""
        at = datetime.fromtimestamp(change.at / 1000).strftime("%Y-%m-%d %H:%M")
        return f"{self._name(change.reviewer)} ({at})"

    def _in_words(self, action: str) -> tuple[str, str, str]:
        """An action as a sentence, its article, and its claim; an undone doing is traced to the doing itself."""
        entries = self.log.entries(action=action)
        while entries[0].undoes:
            entries = self.log.entries(action=entries[0].undoes)
        said = [entry for entry in entries if entry.kind in JUDGEMENTS and entries[0].kind != "reviewers"]
        told = said or [entry for entry in entries if entry.kind not in ("sources", "versions")]
        first = told[0] if told else entries[-1]
        more = len({_of_what(entry) for entry in entries if entry.kind == first.kind}) - 1
        main = self._change(first)
        sentence = main.sentence + (f" and {more} more" if more else "")
        claim = main.item if main.kind == "claims" else ""
        if not claim:
            claim = next(iter(self.claims_of([(main.kind, main.item)])), "") if main.kind != "sources" else ""
        return sentence, main.article, claim

    def settle(self, conflict: Conflict, contender: Contender) -> None:
        """Settle a conflict: the contender's value becomes the newest, made with all the others in sight.

        Raises:
            Refused: the conflict is no longer the one shown, or its values cannot be chosen.
        """
        part = KINDS[conflict.kind].parts.get(conflict.part)
        if part is None:
            raise Refused(f"The {conflict.part} values of {conflict.about} cannot be chosen: edit the field anew.")
        with self._writing():
            rows = self._rows(
                "SELECT versions FROM conflicts WHERE item = ? AND part = ?", conflict.item, conflict.part
            )
            waiting = json.loads(rows[0]["versions"]) if rows else []
            if waiting != [one.change for one in conflict.contenders] or contender not in conflict.contenders:
                raise Refused(f"The conflict about {conflict.about} has changed meanwhile: look at it again.")
            self._changeable(conflict.kind, conflict.item)
            self._write([Edit(conflict.kind, conflict.item, dict(contender.values))])
            if contender.values.get("deleted"):
                self._write(self._fall(conflict.kind, conflict.item))


def _of_what(change: Entry) -> object:
    """What a change counts for: how a place was settled, of all its claims together; else its item."""
    if change.kind == "adjudications" and "beside" in change.patch:
        return frozenset([str(change.patch.get("claim")), *map(str, change.patch["beside"])])  # type: ignore[call-overload]
    return change.item
