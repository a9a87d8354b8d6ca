"""Conflicts: values that people gave without seeing each other, and which of them stands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import pairwise

from store.access import fields
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.claims import Claims
from store.check.corrections import Corrections, Version
from store.check.deletion import Deletion
from store.errors import Refused
from store.history.history import History
from store.history.rival_corrections import Rivals
from store.log.kinds import JUDGEMENTS, KINDS, PARENTS, SPANS, Patch
from store.log.log import Edit
from store.person import NOBODY, Person
from store.records import Article
from store.reports import Conflict, Contender

_FIELDS = {
    "articles": fields.ARTICLE, "claims": fields.CLAIM, "sources": fields.SOURCE, "evidence": fields.EVIDENCE,
}  # fmt: skip
"""By kind the fields that can be given a new value where their conflict is settled."""


def _of_item(kind: str, *, stays: bool = False) -> str:
    """SQL that follows an item ``x.item`` of a kind up to its article: gives that, or whether all on the way stays."""
    joined, at, nth = "", kind, 0
    while (above := PARENTS.get(at)) and (stays or above != "articles"):
        joined += f" JOIN {above} t{nth + 1} ON t{nth + 1}.id = t{nth}.{KINDS[above].one}"
        at, nth = above, nth + 1
    told = f"t{nth}.article" if above else f"t{nth}.id" if at == "articles" else "''"
    alive = "".join(f" AND t{place}.deleted = 0" for place in range(nth + 1)) if stays else ""
    return f"(SELECT {1 if stays else told} FROM {kind} t0{joined} WHERE t0.id = x.item{alive})"


ARTICLE_OF_ITEM = (
    "coalesce(CASE x.kind " + " ".join(f"WHEN '{kind}' THEN {_of_item(kind)}" for kind in KINDS) + " END, '')"
)
"""SQL for the id of the article that an item ``x.item`` of the kind ``x.kind`` belongs to; empty when to none."""

_STAYS = "CASE x.kind " + " ".join(f"WHEN '{kind}' THEN {_of_item(kind, stays=True)}" for kind in KINDS) + " END"
"""SQL for whether an item, and all that it hangs on, is not deleted."""


def _down_to(kind: str) -> str:
    """SQL for the ids of the items of a kind that belong to the article ``?1``, found from it downwards by index."""
    way = [kind]
    while (above := PARENTS.get(way[0])) and above != "articles":
        way.insert(0, above)
    joined = "".join(f" CROSS JOIN {at} ON {at}.{KINDS[above].one} = {above}.id" for above, at in pairwise(way))
    return f"SELECT {kind}.id FROM {way[0]}{joined} WHERE {way[0]}.article = ?1"


_HERE = "x.item IN (SELECT ?1 UNION ALL " + " UNION ALL ".join(map(_down_to, PARENTS)) + ")"
"""SQL for whether the item ``x.item`` of a conflict is the article ``?1``, or belongs to it as `ARTICLE_OF_ITEM` says.
All of the article's items are gone through, which is less than following each of very many conflicts to its article."""

_FEW = 500  # conflicts that are followed to their articles one by one

_PLACES = "(x.kind = 'adjudications' AND x.part = 'outcome')"


class Conflicts:
    """The conflicts that wait to be settled."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        history: History,
        deletion: Deletion,
        claims: Claims,
        articles: Articles,
        corrections: Corrections,
    ) -> None:
        self._session = session
        self._may = may
        self._history = history
        self._deletion = deletion
        self._claims = claims
        self._articles = articles
        self._rivals = Rivals(session, articles, corrections)

    def of(self, article: Article | str | None = None) -> list[Conflict]:
        """The conflicts that wait to be settled, on the desk or on one article, in the order the items were made.

        How one place was settled twice is one conflict, whatever the number of its claims; so are two corrections of
        one text that were made apart, whatever the number of those that they moved.
        """
        wanted = self._articles.get(article).id if article is not None else ""
        apart = self._rivals.waiting(wanted)
        newest = {version.id for several in apart for version in several}
        moved = [one for one in self._read("1", wanted) if not _is_moved(one, newest)]
        return [*map(self._two_corrections, apart), *moved]

    def _two_corrections(self, several: list[Version]) -> Conflict:
        article = self._articles.get(several[0].article)
        told = []
        for one in several:
            born = self._session.log.entries(items=[one.id])[0].id
            words = self._rivals.in_words(one)
            told.append(Contender(born, one.by, one.created, {"version": one.id}, words, one.id == article.version))
        return Conflict("versions", several[-1].id, "correction", article.id, article.title, tuple(told))

    def counts(self, article: str = "") -> Counter[str]:
        """How many conflicts wait, by the id of their article; by an empty one those of sources, people and schemes.

        With the id of an article its own alone are looked for, however many wait elsewhere.
        """
        found: Counter[str] = Counter()
        asked = f"SELECT {ARTICLE_OF_ITEM} AS article, {_PLACES} AS settling, count(*) AS n FROM conflicts x"
        asked += f" WHERE {self._within(article)} AND {_STAYS} GROUP BY 1, 2"
        rows = self._session.rows(asked, *([article] if article else []))
        for row in rows:
            found[row["article"]] += 0 if row["settling"] else row["n"]
        for conflict in self._read(_PLACES, article) if any(row["settling"] for row in rows) else ():
            found[conflict.article] += 1
        for several in self._rivals.waiting(article):
            found[several[0].article] = len(self.of(several[0].article))
        return found

    def _within(self, article: str) -> str:
        """SQL for whether a conflict is one of the article ``?1``; with an empty one of all the desk it is."""
        if not article:
            return "1"
        some = self._session.rows("SELECT 1 FROM conflicts LIMIT ?", _FEW)
        return f"{ARTICLE_OF_ITEM} = ?1" if len(some) < _FEW else _HERE

    def _read(self, which: str, article: str) -> list[Conflict]:
        """Conflicts of the article of that id, or with an empty one of all the desk."""
        found = []
        asked = "SELECT item, part, kind, versions FROM conflicts x"
        asked += f" WHERE {self._within(article)} AND {which} ORDER BY item, part"
        for row in self._session.rows(asked, *([article] if article else [])):
            if self._history.is_gone(row["kind"], row["item"]):
                continue  # the person who brings it back finds the conflict again
            belongs, about = self._history.about(row["kind"], row["item"])
            ids = json.loads(row["versions"])
            contenders = self._contenders(row["kind"], row["item"], row["part"], ids)
            found.append(Conflict(row["kind"], row["item"], row["part"], belongs, about, contenders))
        return self._by_place(found)

    def _contenders(self, kind: str, item: str, part: str, ids: Iterable[str]) -> tuple[Contender, ...]:
        """The values of one part that contend, newest last, without what is hidden from who is working."""
        columns = KINDS[kind].parts.get(part, ())
        held = self._session.log.row(kind, item) or {}
        asked = "SELECT patch FROM changes WHERE id = ?"
        found: list[Contender] = []
        for change in self._session.log.entries(items=[item]):
            if change.id not in ids or not (shown := self._session.rows(asked, change.id)):
                continue
            patch = json.loads(shown[0]["patch"])
            values = {column: patch[column] for column in columns if column in patch}
            if part == "deleted":
                values = {"deleted": patch.get("deleted", 0)}
            words = self._history.change(change).sentence if kind in JUDGEMENTS else ""
            stands = all(_as_held(value) == held.get(column) for column, value in values.items())
            if stands:
                found = [one._replace(stands=False) for one in found]
            found.append(Contender(change.id, self._session.person(change.reviewer), change.at, values, words, stands))
        return tuple(found)

    def _by_place(self, conflicts: Iterable[Conflict]) -> list[Conflict]:
        """The conflicts; those about how one place was settled as one, under the claim that stands, else the first."""
        found: list[Conflict] = []
        places: list[tuple[set[str], list[Conflict]]] = []
        for conflict in conflicts:
            if (conflict.kind, conflict.part) != ("adjudications", "outcome"):
                found.append(conflict)
                continue
            claims = {self._claim_of(conflict)}
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
            stood = {one.by.id: one.words for each in several for one in each.contenders if one.values.get("stands")}
            told = tuple(one._replace(words=stood.get(one.by.id, one.words)) for one in first.contenders)
            about = ", ".join(one.about for one in several)
            found.append(first._replace(about=about, contenders=told, beside=tuple(rest)))
        return sorted(found, key=lambda one: (one.item, one.part))

    def settle(self, conflict: Conflict, contender: Contender) -> None:
        """Settle a conflict: the contender's value becomes the newest, made with all the others in sight.

        Between two ways in which a place was settled only who may settle it can choose, and all its claims at once.
        Anyone who settled it themselves can let the other's word stand, and not their own.

        Raises:
            Refused: the conflict is no longer the one shown, or its values cannot be chosen.
        """
        if conflict.kind == "versions" and conflict.part == "correction":
            self._rivals.choose(conflict.article, str(contender.values["version"]))
            return
        if conflict.kind != "adjudications":
            self._choose(conflict, contender)
            return
        several = (conflict, *conflict.beside)
        claims = {self._claim_of(one) for one in several}
        for one in several:
            for other in one.contenders:
                claims.update(map(str, other.values.get("beside") or ()))  # type: ignore[call-overload]
        if self._may.took_part([self._claims.get(id) for id in sorted(claims)]):
            raise Refused(f"You took part in {conflict.about} yourself: someone else has to settle it.")
        if contender.by.id == self._session.me:
            others = ", ".join(one.by for one in conflict.contenders if one.by.id != contender.by.id)
            raise Refused(
                f"You settled {conflict.about} so yourself: let {others}'s word stand, or leave it to others."
            )
        with self._session.together():
            for one in several:
                # Of a claim that the chosen one did not settle, the word of the other is all there is.
                theirs = next((it for it in one.contenders if it.by.id == contender.by.id), one.contenders[-1])
                self._choose(one, theirs)

    def author(self, item: str, field: str) -> Person:
        """Who last gave a field of a record, by its id, the value that it has; nobody where you may not see that."""
        asked = (
            "SELECT reviewer FROM changes WHERE item = ? AND json_type(patch, ?) IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
        rows = self._session.rows(asked, item, f"$.{field}")
        return self._session.person(rows[0]["reviewer"]) if rows else NOBODY

    def mine(self, conflict: Conflict) -> Contender:
        """Your value in a conflict, the newest of several. Raises Refused when you have none."""
        own = [one for one in conflict.contenders if self._is_mine(one)]
        if not own:
            raise Refused(f"No value of {conflict.about} here is yours: choose one.")
        return own[-1]

    def theirs(self, conflict: Conflict) -> Contender:
        """The other person's value in a conflict. Raises Refused when there is not just one."""
        others = [one for one in conflict.contenders if not self._is_mine(one)]
        if len(others) != 1:
            raise Refused(f"{len(others) or 'None'} of the values of {conflict.about} are other people's: choose one.")
        return others[0]

    def _is_mine(self, contender: Contender) -> bool:
        asked = "SELECT 1 FROM main.changes WHERE id = ? AND reviewer = ?"
        return bool(self._session.log.rows(asked, (contender.change, self._session.me)))

    def editable(self, conflict: Conflict) -> tuple[str, ...]:
        """The fields of a conflict that can be given another value here; none where one of those is to be chosen."""
        allowed = _FIELDS.get(conflict.kind, ())
        columns = KINDS[conflict.kind].parts.get(conflict.part, ())
        return columns if columns and set(columns) <= set(allowed) else ()

    def settle_as(self, conflict: Conflict, **details: object) -> None:
        """Settle a conflict with another value than those that contend.

        Raises:
            Refused: the conflict is no longer the one shown, its fields are not given here, or hold no such value.
        """
        if not details or not details.keys() <= set(self.editable(conflict)):
            raise Refused(f"Choose one of the values of {conflict.about}, or change it in its own place.")
        types = [kind.key for kind in self._session.scheme.types]
        self._settle(conflict, fields.checked(details, self.editable(conflict), types))

    def _choose(self, conflict: Conflict, contender: Contender) -> None:
        if KINDS[conflict.kind].parts.get(conflict.part) is None:
            raise Refused(f"The {conflict.part} values of {conflict.about} cannot be chosen: edit the field instead.")
        if contender not in conflict.contenders:
            raise Refused(f"That is not a value of {conflict.about}: look at the conflict again.")
        self._settle(conflict, dict(contender.values))

    def _settle(self, conflict: Conflict, values: Patch) -> None:
        with self._session.writing():
            rows = self._session.rows(
                "SELECT versions FROM conflicts WHERE item = ? AND part = ?", conflict.item, conflict.part
            )
            waiting = json.loads(rows[0]["versions"]) if rows else []
            if waiting != [one.change for one in conflict.contenders]:
                raise Refused(f"The conflict about {conflict.about} has changed since you saw it: look at it again.")
            self._may.must_be_changeable(conflict.kind, conflict.item)
            self._session.write([Edit(conflict.kind, conflict.item, values)])
            if values.get("deleted"):
                self._session.write(self._deletion.fallen(conflict.kind, conflict.item))

    def _claim_of(self, conflict: Conflict) -> str:
        """The id of the claim that a conflict is about."""
        return str((self._session.log.row("adjudications", conflict.item) or {})["claim"])


def _is_moved(conflict: Conflict, newest: Collection[str]) -> bool:
    """Whether a conflict is only that corrections which were made apart each took something along."""
    if conflict.kind not in SPANS or not newest:
        return False
    on = {str(one.values.get("version", "")) for one in conflict.contenders}
    return len(on) > 1 and on <= set(newest)


def _as_held(value: object) -> object:
    """A value of the log as its table holds it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
