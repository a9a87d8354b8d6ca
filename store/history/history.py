"""What happened on a desk: its history in words, its conflicts, and what others have changed."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.correction_fates import MoveCounts
from store.errors import Refused
from store.garbage_collector import collector_at_rest
from store.history.change_sentences import sentence, taken_along
from store.log import clock, undo
from store.log.fold import Entry, entries_of, entry
from store.log.kinds import CHILDREN, JUDGEMENTS, KINDS, PARENTS, REFERENCES
from store.log.log import Edit, Log
from store.records import Article, Claim, id_of
from store.reports import Change, Undone
from store.text.shorten import shorten
from store.text.units import Span

if TYPE_CHECKING:
    from store.history.replay import Replay

_SECOND = {"ticks": "evidence", "answers": "reviews"}
"""Kinds that hang on a claim by way of another kind."""

_IN_SETS = ("claims", "verdicts", "evidence", "sweeps")
"""Kinds that a checker's set is made of."""

_NAMED = {"assignments": ("reviewer",), "adjudications": ("chosen",)}
"""Columns that hold the id of a person who is told by name."""

_NAMING = " UNION ".join(
    [
        'SELECT id AS claim FROM claims WHERE "by" = ?1',
        *(f'SELECT claim FROM {kind} WHERE "by" = ?1' for kind in CHILDREN["claims"]),
        "SELECT claim FROM reviews WHERE whose = ?1",
        "SELECT claim FROM adjudications WHERE ?1 IN (reviewer, chosen)",
        *(
            f'SELECT y.claim FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one} WHERE x."by" = ?1'
            for kind, parent in _SECOND.items()
        ),
    ]
)
"""The claims of which a person has said something, or somebody has said something of theirs."""

_AMONG = "IN (SELECT value FROM json_each(?))"
_ALONG = (
    "(kind IN ('claims', 'sweeps', 'suggestions', 'reviews', 'adjudications', 'answers', 'transfers') AND EXISTS ("
    "SELECT 1 FROM main.changes o JOIN main.versions v ON v.id = o.item WHERE o.action = changes.action"
    " AND o.id <> changes.id AND v.parent <> '')"
    " AND (kind IN ('answers', 'transfers') OR json_extract(patch, '$.version') IS NOT NULL"
    " AND json_extract(patch, '$.article') IS NULL)"
    " OR kind = 'transfers' AND EXISTS ("
    "SELECT 1 FROM main.changes o WHERE o.action = changes.action AND o.kind <> 'transfers'))"
)
"""The SQL for a change that a correction, or the answer to it, made along with one that tells of both."""


_COLUMNS = "id, action, reviewer, at, kind, item, parents, patch, undoes"
_UNDER = "item IN (SELECT ?1 UNION ALL {})".format(
    " UNION ALL ".join(
        [f"SELECT id FROM {kind} WHERE article = ?1" for kind in ("versions", *CHILDREN["articles"])]
        + [
            f"SELECT x.id FROM {kind} x JOIN claims c ON c.id = x.claim WHERE c.article = ?1"
            for kind in CHILDREN["claims"]
        ]
        + ["SELECT x.id FROM pages x JOIN versions y ON y.id = x.version WHERE y.article = ?1"]
        + ["SELECT x.id FROM choices x JOIN suggestions y ON y.id = x.suggestion WHERE y.article = ?1"]
        + [
            f"SELECT x.id FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one}"
            " JOIN claims c ON c.id = y.claim WHERE c.article = ?1"
            for kind, parent in _SECOND.items()
        ]
        + ["SELECT x.id FROM transfers x JOIN versions v ON v.id = x.version WHERE v.article = ?1"]
    )
)
"""The SQL for a change of an article (?1), or of what hangs on it."""

_BLOCK_SECONDS = 0.08  # that others may have to wait for one block of a long reversal


class History:
    """What happened on a desk, told to people, and taking it back."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        articles: Articles,
        sentences: Callable[[Article], Sequence[Span]],
    ) -> None:
        """``sentences`` finds those of an article's text."""
        self._session = session
        self._may = may
        self._articles = articles
        self._sentences = sentences

    def of(
        self, article: Article | str | None = None, claim: Claim | str | None = None, limit: int = 500
    ) -> list[Change]:
        """Who changed what and when, newest first: on the desk, on one article, or on one claim."""
        if claim is not None:
            own = [id_of(claim)]
            for table in CHILDREN["claims"]:
                own += [row["id"] for row in self._session.rows(f"SELECT id FROM {table} WHERE claim = ?", own[0])]
            for kind, parent in _SECOND.items():
                asked = f"SELECT x.id FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one} WHERE y.claim = ?"
                own += [row["id"] for row in self._session.rows(asked, own[0])]
            own += [row["id"] for row in self._session.rows(f"SELECT id FROM transfers WHERE item {_AMONG}", _ids(own))]
            where, arguments = f"item {_AMONG}", [_ids(own)]
        elif article is not None:
            id = article.id if isinstance(article, Article) else self._articles.get(article).id  # also of one deleted
            where, arguments = f"{_UNDER} AND NOT {_ALONG}", [id]
        else:
            where, arguments = f"NOT {_ALONG}", []
        rows = self._session.rows(
            f"SELECT {_COLUMNS} FROM changes WHERE {where} ORDER BY id DESC LIMIT {int(limit)}", *arguments
        )
        with self._session.log.refusing():
            return [self.change(entry(tuple(row.values()))) for row in rows]

    def replay(self, article: Article | str) -> Replay:
        """What was done on an article, oldest first, and what stood in its text after each step, as far as you see
        it."""
        from store.history.replay import Replay, TextThen

        article = self._articles.get(article)
        asked = f"SELECT {_COLUMNS}, {_ALONG} AS along FROM changes WHERE {_UNDER} ORDER BY id"
        rows = self._session.tuples(asked, article.id)
        along = {row[0] for row in rows if row[-1]}
        with self._session.log.refusing():
            entries = entries_of([row[:-1] for row in rows])

        def told(change: Entry) -> str:
            return "" if change.id in along else self.change(change).sentence

        def text(version: str, sha: str) -> TextThen:
            then = article._replace(version=version, sha=sha or article.sha)
            return TextThen(version, then.sha, self._articles.shown(then), self._sentences(then))

        return Replay(entries, told, self._session.person, text, self._session.scheme.leftover_words)

    def change(self, change: Entry) -> Change:
        article, about = self.about(change.kind, change.item)
        past = [entry for entry in self._session.log.entries(items=[change.item]) if entry.id <= change.id]
        # An undo is told by what it undid; undone in its turn, by what was done again.
        meant, times = change, 0
        while meant.undoes and (undone := [entry for entry in past if entry.action == meant.undoes]):
            meant, times = undone[-1], times + 1
        how = "" if not change.undoes else "redid: " if times and times % 2 == 0 else "undid: "
        if meant.kind == "versions" and self._corrects(meant.action):
            said = f"{how}corrected the text of {about}: {self._counted(meant)}"
        elif meant.kind == "claims" and "version" in meant.patch and self._corrects(meant.action):
            said = how + taken_along(meant, about, [entry for entry in past if entry.id < meant.id])
        else:
            said = how + self._sentence(meant, about, [entry for entry in past if entry.id < meant.id])
        opened = self._session.log.rows("SELECT reviewer FROM main.changes WHERE id = ?", (change.action,))
        if opened and opened[0][0] != change.reviewer:
            said += f" (brought in by {self._session.person(opened[0][0])})"
        if article and self._was_submitted(change, article) and not self._corrects(meant.action):
            said += " (after submission)"
        return Change(
            change.id, change.action, self._session.person(change.reviewer), change.at, change.kind, change.item,
            article, said, change.patch, change.undoes,
        )  # fmt: skip

    def _sentence(self, change: Entry, about: str, earlier: Sequence[Entry]) -> str:
        told = self._named(change)._replace(reviewer=self._session.person(change.reviewer))
        return sentence(told, about, [self._named(one) for one in earlier], self._session.scheme)

    def _corrects(self, action: str) -> bool:
        """Whether an action is a correction of a text, or takes one back."""
        asked = (
            "SELECT 1 FROM main.changes c JOIN main.versions v ON v.id = c.item WHERE c.action = ? AND v.parent <> ''"
        )
        return bool(self._session.log.rows(f"{asked} LIMIT 1", (action,)))

    def _counted(self, change: Entry) -> MoveCounts:
        """What a correction did to what may be seen."""
        outcomes = "SELECT json_extract(patch, '$.outcome') FROM changes WHERE action = ?1 AND kind = 'transfers'"
        found = {
            kind: Counter(
                outcome
                for (outcome,) in self._session.tuples(
                    f"{outcomes} AND json_extract(patch, '$.kind') = ?2", change.action, kind
                )
            )
            for kind in ("claims", "sweeps")
        }
        moved = "SELECT count(*) FROM changes WHERE action = ?1 AND kind = 'claims'"
        ((count,),) = self._session.tuples(
            f"{moved} AND json_extract(patch, '$.version') = ?2", change.action, change.item
        )
        claims = found["claims"]
        return MoveCounts(
            count - claims["changed"], claims["carried"], claims["changed"], claims["vanished"],
            found["sweeps"]["vanished"],
        )  # fmt: skip

    def _named(self, change: Entry) -> Entry:
        """A change with the names of people in place of their ids."""
        columns = [column for column in _NAMED.get(change.kind, ()) if change.patch.get(column)]
        if not columns:
            return change
        return change._replace(
            patch={**change.patch, **{column: self._session.person(str(change.patch[column])) for column in columns}}
        )

    def about(self, kind: str, item: str) -> tuple[str, str]:
        """The article an item belongs to, and what to call the claim or article it concerns."""
        row = self._session.log.row(kind, item) if kind in KINDS else None
        if row is None:
            return "", ""
        if kind == "articles":
            return item, f"“{shorten(str(row['title']))}”" if row["title"] else str(row["url"] or "an untitled article")
        if kind == "claims":
            return str(row["article"]), self._claim_name(item)
        if kind == "sources":
            return "", str(row["url"] or row["title"])
        if kind == "suggestions":
            return str(row["article"]), self._session.suggestion_name(item)
        if kind == "transfers":
            return self.about(str(row["kind"]), str(row["item"]))
        parents = ("claim", "article", "review", "evidence", "suggestion")
        parent = next((column for column in parents if column in row), "")
        return self.about(REFERENCES[parent], str(row[parent])) if parent else ("", "")

    def is_gone(self, kind: str, item: str) -> bool:
        """Whether an item is deleted, or what it hangs on."""
        row = self._session.log.row(kind, item) if kind in KINDS else None
        if row is None or row["deleted"]:
            return row is not None
        above = PARENTS.get(kind)
        return above is not None and self.is_gone(above, str(row[KINDS[above].one]))

    def _claim_name(self, id: str) -> str:
        rows = self._session.rows("SELECT name FROM claims_now WHERE id = ?", id)
        return rows[0]["name"] if rows else "a claim"

    def _was_submitted(self, change: Entry, article: str) -> bool:
        """Whether the checker's set that a change belongs to was submitted when the change was made."""
        if change.kind not in (*_IN_SETS, "answers"):
            return False
        owner = (self._session.log.row(change.kind, change.item) or {}).get("by", change.reviewer)
        state = self._session.log.rows(
            "SELECT json_extract(patch, '$.state') FROM main.changes WHERE item = ? AND id < ?"
            " AND json_extract(patch, '$.state') IS NOT NULL ORDER BY id DESC LIMIT 1",
            (clock.derived("assignment", article, str(owner), "checker"), change.id),
        )
        return bool(state) and state[0][0] == "submitted"

    # -- other processes --------------------------------------------------------------------------------------

    def mark(self) -> int:
        """A mark on the log as it stands now, for ``changed_since``."""
        return int(self._session.log.rows("SELECT coalesce(max(seq), 0) FROM main.changes")[0][0])

    def changed_since(self, mark: int) -> set[tuple[str, str]]:
        """The (kind, item) pairs changed since a mark, by anyone; of people those who have another name."""
        rows = self._session.rows(
            "SELECT DISTINCT kind, item FROM changes WHERE seq > ? AND (kind <> 'reviewers'"
            " OR parents <> '[]' AND json_type(patch, '$.name') IS NOT NULL)",
            mark,
        )
        return {(row["kind"], row["item"]) for row in rows}

    def claims_of(self, items: Iterable[tuple[str, str]]) -> set[str]:
        """The ids of the claims that (kind, item) pairs are or hang on.

        A source counts for all that cite it, a person for all of which they have said something.
        """
        found: set[str] = set()
        for kind, item in items:
            if kind == "claims":
                found.add(item)
            elif kind in CHILDREN["claims"]:
                found |= {row["claim"] for row in self._session.rows(f"SELECT claim FROM {kind} WHERE id = ?", item)}
            elif kind in _SECOND:
                parent = _SECOND[kind]
                asked = f"SELECT y.claim FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one} WHERE x.id = ?"
                found |= {row["claim"] for row in self._session.rows(asked, item)}
            elif kind == "choices":
                asked = "SELECT taken FROM choices WHERE id = ? AND taken <> ''"
                found |= {row["taken"] for row in self._session.rows(asked, item)}
            elif kind == "transfers":
                rows = self._session.rows("SELECT kind, item FROM transfers WHERE id = ?", item)
                found |= self.claims_of((row["kind"], row["item"]) for row in rows)
            elif kind == "sources":
                found |= {
                    row["claim"] for row in self._session.rows("SELECT claim FROM evidence WHERE source = ?", item)
                }
            elif kind == "reviewers":
                found |= {row["claim"] for row in self._session.rows(_NAMING, item)}
        return found

    # -- undo and redo ----------------------------------------------------------------------------------------

    def undo(self, progress: Callable[[int, int], None] | None = None) -> Undone:
        """Undo your newest action that is in force, in this session or an earlier one.

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
        """Redo what you last undid, unless you have done something else since; ``progress`` as in ``undo``.

        Raises:
            Refused: there is nothing to redo, it is in what is submitted or settled, or somebody has changed the
                same part since.
        """
        return self._reverse(undo.redo_target, "There is nothing to redo.", "Redid", progress)

    def takes_long(self, *, redo: bool = False) -> bool:
        """Whether an undo now, or a redo, would reverse more than 500 changes, in several transactions."""
        target = undo.redo_target if redo else undo.undo_target
        started = undo.broken_off(self._session.log, self._session.me, target)
        action = started[1] if started else target(self._session.log, self._session.me)
        return bool(action) and undo.size_of(self._session.log, str(action)) > undo.MANY

    def _reverse(
        self,
        target: Callable[[Log, str], str | None],
        nothing: str,
        did: str,
        progress: Callable[[int, int], None] | None,
    ) -> Undone:
        self._session.check_writable()
        started = undo.broken_off(self._session.log, self._session.me, target)
        many = started[1] if started else target(self._session.log, self._session.me)
        if many and self._session.action is None and undo.size_of(self._session.log, many) > undo.MANY:
            return self._reverse_many(many, started[0] if started else "", did, progress)
        with self._session.writing() as me:
            action = target(self._session.log, me)
            if action is None:
                raise Refused(nothing)
            reversed_ = undo.reversal(self._session.log, action, self._who)
            edits = self._may.reversible(reversed_, moves=self._corrects(action))
            if not edits:
                raise Refused("Nothing was undone or redone: others use all of it.")
            sentence, article, claim = self._in_words(action)
            self._session.write(edits, undoes=action)
        return Undone(f"{did}: {sentence}", action, article, claim)

    @collector_at_rest()
    def _reverse_many(self, action: str, begun: str, did: str, progress: Callable[[int, int], None] | None) -> Undone:
        """Reverse an action in short transactions: checked whole first, and each block again if others have written.

        ``begun`` is the reversal that was broken off, or empty.
        """
        mark = self.mark()
        done = {change.item for change in self._session.log.entries(action=begun)} if begun else set[str]()
        reversed_ = undo.reversal(self._session.log, action, self._who, done)
        edits = undo.each_once(self._may.reversible(reversed_, moves=self._corrects(action)))
        if not edits:
            raise Refused("Nothing was undone or redone: others use all of it.")
        sentence, article, claim = self._in_words(action)
        items = {edit.item for edit in edits}
        at, size, kept = 0, 100, 0
        with self._session.one_step(begun):
            while at < len(edits):
                block = edits[at : at + size]
                began = time.monotonic()
                try:
                    with self._session.writing():
                        fit = self._untouched(block, items, action, mark)
                        if fit:
                            self._session.write(fit, undoes=action)
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
        stays = f"; {kept} that others have changed since stay as they are" if kept else ""
        return Undone(f"{did}: {sentence}{stays}", action, article, claim)

    def _untouched(self, edits: list[Edit], gone: set[str | None], action: str, mark: int) -> list[Edit]:
        """The edits of a reversal that fit when others have written since a mark; ``gone`` are all its items."""
        since = "SELECT 1 FROM main.changes WHERE seq > ? AND action <> ?"
        written = (mark, self._session.action or "")
        if not self._session.log.rows(f"{since} LIMIT 1", written):
            return edits
        fit: list[Edit] = []
        for edit in edits:
            if self._session.log.rows(f"{since} AND item = ? LIMIT 1", (*written, edit.item)):
                continue
            try:
                self._may.reversible([edit], moves=self._corrects(action))
                if not undo.needed(self._session.log, edit, gone, action, self._who):
                    fit.append(edit)
            except Refused:
                continue
        return fit

    def _who(self, change: Entry) -> str:
        """A change's author and time; nothing when it is hidden from the person who is looking."""
        from datetime import datetime

        if not self._session.rows("SELECT 1 AS x FROM changes WHERE id = ?", change.id):
            return ""
        at = datetime.fromtimestamp(change.at / 1000).strftime("%Y-%m-%d %H:%M")
        return f"{self._session.person(change.reviewer)} ({at})"

    def _in_words(self, action: str) -> tuple[str, str, str]:
        """An action as a sentence, its article, and its claim; an undone doing is traced to the doing itself."""
        entries = self._session.log.entries(action=action)
        while entries[0].undoes:
            entries = self._session.log.entries(action=entries[0].undoes)
        if self._corrects(entries[0].action):
            first = next(entry for entry in entries if entry.kind == "versions")
            main = self.change(first)
            return main.sentence, main.article, ""
        said = [entry for entry in entries if entry.kind in (*JUDGEMENTS, "choices") and entries[0].kind != "reviewers"]
        told = said or [entry for entry in entries if entry.kind == "suggestions"]
        told = told or [entry for entry in entries if entry.kind not in ("sources", "versions", "transfers")]
        first = told[0] if told else entries[-1]
        more = len({_of_what(entry) for entry in entries if entry.kind == first.kind}) - 1
        main = self.change(first)
        sentence = main.sentence + (f" and {more} more" if more else "")
        claim = main.item if main.kind == "claims" else ""
        if not claim:
            claim = next(iter(self.claims_of([(main.kind, main.item)])), "") if main.kind != "sources" else ""
        return sentence, main.article, claim


def _ids(items: Iterable[str]) -> str:
    return json.dumps(list(items))


def _of_what(change: Entry) -> object:
    """What a change counts for: how a place was settled, of all its claims together; else its item."""
    if change.kind == "adjudications" and "beside" in change.patch:
        return frozenset([str(change.patch.get("claim")), *map(str, change.patch["beside"])])  # type: ignore[call-overload]
    return change.item
