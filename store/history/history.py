"""What happened on a desk: its history in words, its conflicts, and what others have changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from store.access.lookup import Reading, id_of
from store.history.words import sentence, shorten
from store.log import clock
from store.log.fold import Entry, entry
from store.log.kinds import CHILDREN, JUDGEMENTS, KINDS, PARENTS, REFERENCES
from store.records import Article, Change, Claim, Conflict, Contender

_SECOND = {"ticks": "evidence", "answers": "reviews"}
"""Kinds that hang on a claim by way of another kind."""

_IN_SETS = ("claims", "verdicts", "evidence", "sweeps")
"""Kinds that a checker's set is made of."""

_NAMED = {"assignments": ("reviewer",), "adjudications": ("chosen",)}
"""Columns that hold the id of a person who is told by name."""


class Past(Reading):
    """Reading, and the log told to people."""

    def history(
        self, article: Article | str | None = None, claim: Claim | str | None = None, limit: int = 500
    ) -> list[Change]:
        """Who changed what and when, newest first: on the desk, on one article, or on one claim."""
        if claim is not None:
            own = [id_of(claim)]
            for table in CHILDREN["claims"]:
                own += [row["id"] for row in self._rows(f"SELECT id FROM {table} WHERE claim = ?", own[0])]
            for kind, parent in _SECOND.items():
                asked = f"SELECT x.id FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one} WHERE y.claim = ?"
                own += [row["id"] for row in self._rows(asked, own[0])]
            where, arguments = "item IN (SELECT value FROM json_each(?))", [json.dumps(own)]
        elif article is not None:
            id = article.id if isinstance(article, Article) else self.article(article).id
            below = " UNION ALL ".join(
                [f"SELECT id FROM {kind} WHERE article = ?1" for kind in ("versions", *CHILDREN["articles"])]
                + [
                    f"SELECT x.id FROM {kind} x JOIN claims c ON c.id = x.claim WHERE c.article = ?1"
                    for kind in CHILDREN["claims"]
                ]
                + [
                    f"SELECT x.id FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one}"
                    " JOIN claims c ON c.id = y.claim WHERE c.article = ?1"
                    for kind, parent in _SECOND.items()
                ]
            )
            where = f"item IN (SELECT ?1 UNION ALL {below})"
            arguments = [id]
        else:
            where, arguments = "1", []
        columns = "id, action, reviewer, at, kind, item, parents, patch, undoes"
        rows = self._rows(
            f"SELECT {columns} FROM changes WHERE {where} ORDER BY id DESC LIMIT {int(limit)}", *arguments
        )
        with self.log.refusing():
            return [self._change(entry(tuple(row.values()))) for row in rows]

    def _change(self, change: Entry) -> Change:
        article, about = self._about(change.kind, change.item)
        past = [entry for entry in self.log.entries(items=[change.item]) if entry.id <= change.id]
        # An undo is told by what it undid; undone in its turn, by what was done again.
        meant, times = change, 0
        while meant.undoes and (undone := [entry for entry in past if entry.action == meant.undoes]):
            meant, times = undone[-1], times + 1
        how = "" if not change.undoes else "redid: " if times and times % 2 == 0 else "undid: "
        said = how + self._sentence(meant, about, [entry for entry in past if entry.id < meant.id])
        opened = self.log.rows("SELECT reviewer FROM main.changes WHERE id = ?", (change.action,))
        if opened and opened[0][0] != change.reviewer:
            said += f" (brought in by {self._name(opened[0][0])})"
        if article and self._was_submitted(change, article):
            said += " (after submission)"
        return Change(
            change.id, change.action, self._name(change.reviewer), change.at, change.kind, change.item, article,
            said, change.patch, change.undoes,
        )  # fmt: skip

    def _sentence(self, change: Entry, about: str, earlier: Sequence[Entry]) -> str:
        told = self._named(change)._replace(reviewer=self._name(change.reviewer))
        return sentence(told, about, [self._named(one) for one in earlier], self.scheme)

    def _named(self, change: Entry) -> Entry:
        """A change with the names of people in place of their ids."""
        columns = [column for column in _NAMED.get(change.kind, ()) if change.patch.get(column)]
        if not columns:
            return change
        return change._replace(
            patch={**change.patch, **{column: self._name(str(change.patch[column])) for column in columns}}
        )

    def _about(self, kind: str, item: str) -> tuple[str, str]:
        """The article an item belongs to, and what to call the claim or article it concerns."""
        row = self.log.row(kind, item) if kind in KINDS else None
        if row is None:
            return "", ""
        if kind == "articles":
            return item, f"“{shorten(str(row['title']))}”" if row["title"] else str(row["url"] or "an untitled article")
        if kind == "claims":
            return str(row["article"]), self._claim_name(item)
        if kind == "sources":
            return "", str(row["url"] or row["title"])
        parent = next((column for column in ("claim", "article", "review", "evidence") if column in row), "")
        return self._about(REFERENCES[parent], str(row[parent])) if parent else ("", "")

    def _is_gone(self, kind: str, item: str) -> bool:
        """Whether an item is deleted, or what it hangs on."""
        row = self.log.row(kind, item) if kind in KINDS else None
        if row is None or row["deleted"]:
            return row is not None
        above = PARENTS.get(kind)
        return above is not None and self._is_gone(above, str(row[KINDS[above].one]))

    def _claim_name(self, id: str) -> str:
        rows = self._rows("SELECT name FROM claims_now WHERE id = ?", id)
        return rows[0]["name"] if rows else "a claim"

    def conflicts(self, article: Article | str | None = None) -> list[Conflict]:
        """The conflicts that wait to be settled, on the desk or on one article, in the order the items were made.

        How one place was settled twice is one conflict, whatever the number of its claims.
        """
        wanted = self.article(article).id if article is not None else None
        found = []
        for row in self._rows("SELECT item, part, kind, versions FROM conflicts ORDER BY item, part"):
            if self._is_gone(row["kind"], row["item"]):
                continue  # whoever brings it back finds the conflict again
            belongs, about = self._about(row["kind"], row["item"])
            if wanted is not None and belongs != wanted:
                continue
            ids = json.loads(row["versions"])
            columns = KINDS[row["kind"]].parts.get(row["part"], ())
            contenders = []
            for change in self.log.entries(items=[row["item"]]):
                if change.id in ids:
                    values = {column: change.patch[column] for column in columns if column in change.patch}
                    if row["part"] == "deleted":
                        values = {"deleted": change.patch.get("deleted", 0)}
                    words = self._change(change).sentence if row["kind"] in JUDGEMENTS else ""
                    contenders.append(Contender(change.id, self._name(change.reviewer), change.at, values, words))
            found.append(Conflict(row["kind"], row["item"], row["part"], belongs, about, tuple(contenders)))
        return self._by_place(found)

    def _by_place(self, conflicts: Iterable[Conflict]) -> list[Conflict]:
        """The conflicts; those about how one place was settled as one, under the claim that stands, else the first."""
        found: list[Conflict] = []
        places: list[tuple[set[str], list[Conflict]]] = []
        for conflict in conflicts:
            if (conflict.kind, conflict.part) != ("adjudications", "outcome"):
                found.append(conflict)
                continue
            claims = {str((self.log.row("adjudications", conflict.item) or {})["claim"])}
            for one in conflict.contenders:
                claims.update(map(str, one.values.get("beside") or ()))  # type: ignore[call-overload]
            here = [place for place in places if place[0] & claims]
            places = [place for place in places if place not in here]
            places.append(
                (claims.union(*(place[0] for place in here)), [*(one for place in here for one in place[1]), conflict])
            )
        for _, several in places:
            several.sort(key=lambda one: not one.contenders[-1].values.get("stands"))
            first, *rest = several
            stood = {one.by: one.words for each in several for one in each.contenders if one.values.get("stands")}
            told = tuple(one._replace(words=stood.get(one.by, one.words)) for one in first.contenders)
            about = ", ".join(one.about for one in several)
            found.append(first._replace(about=about, contenders=told, beside=tuple(rest)))
        return sorted(found, key=lambda one: (one.item, one.part))

    def _was_submitted(self, change: Entry, article: str) -> bool:
        """Whether the checker's set that a change belongs to was submitted when the change was made."""
        if change.kind not in (*_IN_SETS, "answers"):
            return False
        owner = (self.log.row(change.kind, change.item) or {}).get("by", change.reviewer)
        state = self.log.rows(
            "SELECT json_extract(patch, '$.state') FROM main.changes WHERE item = ? AND id < ?"
            " AND json_extract(patch, '$.state') IS NOT NULL ORDER BY id DESC LIMIT 1",
            (clock.derived("assignment", article, str(owner), "checker"), change.id),
        )
        return bool(state) and state[0][0] == "submitted"

    # -- other processes --------------------------------------------------------------------------------------

    def mark(self) -> int:
        """A mark on the log as it stands now, for ``changed_since``."""
        return int(self.log.rows("SELECT coalesce(max(seq), 0) FROM main.changes")[0][0])

    def changed_since(self, mark: int) -> set[tuple[str, str]]:
        """The (kind, item) pairs changed since a mark, by whomever."""
        return {
            (row["kind"], row["item"])
            for row in self._rows("SELECT DISTINCT kind, item FROM changes WHERE seq > ?", mark)
        }

    def claims_of(self, items: Iterable[tuple[str, str]]) -> set[str]:
        """The ids of the claims that (kind, item) pairs are or hang on; a source counts for all that cite it."""
        found: set[str] = set()
        for kind, item in items:
            if kind == "claims":
                found.add(item)
            elif kind in CHILDREN["claims"]:
                found |= {row["claim"] for row in self._rows(f"SELECT claim FROM {kind} WHERE id = ?", item)}
            elif kind in _SECOND:
                parent = _SECOND[kind]
                asked = f"SELECT y.claim FROM {kind} x JOIN {parent} y ON y.id = x.{KINDS[parent].one} WHERE x.id = ?"
                found |= {row["claim"] for row in self._rows(asked, item)}
            elif kind == "sources":
                found |= {row["claim"] for row in self._rows("SELECT claim FROM evidence WHERE source = ?", item)}
        return found
