"""Counts: the shelf of the library, and the sums over a desk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from store.access.people import reviewer_id
from store.library.kept_sentences import Covering
from store.log.kinds import KINDS, PARENTS
from store.log.log import Log
from store.records import Article, Checked, ShelfRow, Stats, Status
from store.text.coverage import Coverage

_AMONG = "IN (SELECT value FROM json_each(?1))"

ANSWERS = "CASE r.decision WHEN 'missing_claim' THEN r.whose ELSE c.\"by\" END"
"""Whose answer a review asks for, in a query over ``claims c`` and ``reviews_now r``."""


def waits(me: str) -> str:
    """Whether a review waits for a person, in such a query: a proposal or remark for the checker's answer, what was
    accepted for what it asks for, a rejection for its reviewer, until they reply or decide anew, and the verdict on a
    missing claim for who reported it.

    Args:
        me: the SQL for the person's id.
    """
    return (
        f"({me} = {ANSWERS} AND (r.standing = 'open' AND r.answered = '' OR r.promised"
        " OR r.standing = 'noted' AND r.answered = '' AND NOT r.stale AND NOT EXISTS ("
        f'SELECT 1 FROM comments m WHERE m.reply_to = r.id AND m.deleted = 0 AND m."by" = {me}'
        " AND m.created >= r.updated))"
        f" OR {me} = r.\"by\" AND r.decision = 'missing_claim' AND r.stale"
        f" OR {me} = r.\"by\" AND r.standing = 'open' AND r.answered = 'rejected' AND NOT EXISTS ("
        'SELECT 1 FROM comments m WHERE m.reply_to = r.id AND m.deleted = 0 AND m."by" = r."by"'
        " AND m.created >= r.answered_at))"
    )


def doubted(me: str) -> str:
    """Whether a doubt waits for a person whose evidence it is about, in a query over ``ticks_now t``: the evidence is
    as it was, and they have not replied."""
    return (
        "(t.mark = 'doubted' AND NOT t.outdated AND NOT EXISTS (SELECT 1 FROM comments m WHERE m.reply_to = t.id"
        f' AND m.deleted = 0 AND m."by" = {me} AND m.created >= t.updated))'
    )


class Counts(Covering):
    """The read side of a desk, whole."""

    def __init__(self, log: Log, read_only: str) -> None:
        super().__init__(log, read_only)
        self._finished: dict[str, tuple[ShelfRow, bool]] = {}
        """By article: the text and the last change with which it was last looked at, and whether it was finished."""

    def shelf(self, articles: Iterable[str] | None = None) -> list[ShelfRow]:
        """The articles as the library lists them, with their counts; without their ids, all."""
        chosen = self.articles(of=articles)
        ids = _listed(chosen)
        counts = {
            row["article"]: row
            for row in self._rows(
                "SELECT article, count(*) AS claims, max(updated) AS changed,"
                ' group_concat(DISTINCT "by") AS checkers, sum(conflict) AS conflicts'
                f" FROM claims c WHERE deleted = 0 AND article {_AMONG} GROUP BY article",
                ids,
            )
        }
        sweeps = {
            row["article"]: row
            for row in self._rows(
                "SELECT article, count(*) AS sweeps, max(updated) AS changed"
                f" FROM sweeps WHERE deleted = 0 AND article {_AMONG} GROUP BY article",
                ids,
            )
        }
        latest: dict[str, int] = {}
        for child in ("verdicts", "evidence", "comments"):
            for row in self._rows(
                f"SELECT c.article, max(x.updated) AS changed FROM claims c JOIN {child} x ON x.claim = c.id"
                f" WHERE x.deleted = 0 AND c.article {_AMONG} GROUP BY c.article",
                ids,
            ):
                latest[row["article"]] = max(latest.get(row["article"], 0), row["changed"])
        checked = self._checked_in(ids)
        standing, threads, inbox = self._standing(ids), self._threads(ids), self._waiting(ids)
        sets: dict[str, list[tuple[str, str]]] = {}
        for row in self._rows(
            f"SELECT article, role, state FROM assignments WHERE deleted = 0 AND article {_AMONG}", ids
        ):
            sets.setdefault(row["article"], []).append((row["role"], row["state"]))
        shelf = []
        for article in chosen:
            claims, swept = counts.get(article.id), sweeps.get(article.id)
            here = standing.get(article.id, Counter())
            done = checked.get(article.id, Checked())
            shelf.append(
                ShelfRow(
                    article,
                    claims=claims["claims"] if claims else 0,
                    claims_checked=done.checked,
                    lacking=done.lacking,
                    sweeps=swept["sweeps"] if swept else 0,
                    conflicts=(claims["conflicts"] if claims else 0) + article.conflict,
                    checkers=tuple(sorted({self._name(by) for by in claims["checkers"].split(",")})) if claims else (),
                    changed=max(
                        article.updated,
                        claims["changed"] if claims else 0,
                        swept["changed"] if swept else 0,
                        latest.get(article.id, 0),
                    ),
                    reviewed=here["reviewed"] + here["settled"],
                    disputed=here["disputed"],
                    threads=threads[article.id],
                    inbox=inbox[article.id],
                    state=_state(claims["claims"] if claims else 0, bool(swept), here, sets.get(article.id, [])),
                )
            )
        return shelf

    def is_finished(self, row: ShelfRow) -> bool:
        """Whether nothing is left to do in an article: every claim is checked, and nothing is left to read."""
        if not (row.claims or row.sweeps) or row.claims_checked < row.claims:
            return False
        known = self._finished.get(row.article.id)
        if known is None or known[0] != row:
            self._finished[row.article.id] = known = row, self.coverage(row.article).nothing_left
        return known[1]

    def shelf_since(self, mark: int, shelf: Sequence[ShelfRow]) -> list[ShelfRow]:
        """The shelf as it is now, from one that the same person read at a ``mark`` or later.

        Only the articles that something was changed in since are counted anew; the rows of all others are the same
        objects as before.
        """
        # Beneath the veil: the change may be hidden, and still show in what may be seen.
        changed: dict[str, set[str]] = {}
        for kind, item in self.log.rows("SELECT DISTINCT kind, item FROM main.changes WHERE seq > ?", (mark,)):
            changed.setdefault(kind, set()).add(item)
        if "schemes" in changed:  # how many reviews a claim needs, and who settles
            return self.shelf()
        touched: set[str] = set()
        for kind, items in changed.items():
            if kind == "articles" or kind in PARENTS:
                touched |= self._articles_of(kind, items)
        anew = {row.article.id: row for row in self.shelf(touched)}
        if "articles" not in changed and "versions" not in changed:
            return [anew.get(row.article.id, row) for row in shelf]
        known = {row.article.id: row for row in shelf} | anew
        # One that comes or goes changes the numbers of others; one that came while this was read is for the next time.
        rows = [(known[one.id], one) for one in self.articles() if one.id in known]
        return [row if row.article == one else row._replace(article=one) for row, one in rows]

    def _articles_of(self, kind: str, items: Iterable[str]) -> set[str]:
        """The ids of the articles that items of a kind are or hang on, hidden ones included."""
        found = set(items)
        while kind != "articles":
            asked = f"SELECT DISTINCT {KINDS[PARENTS[kind]].one} FROM main.{kind} WHERE id {_AMONG}"
            found = {id for (id,) in self.log.rows(asked, (json.dumps(list(found)),))}
            kind = PARENTS[kind]
        return found

    def _standing(self, articles: str) -> dict[str, Counter[str]]:
        """By article: how many claims that were reviewed or settled have which status."""
        found: dict[str, Counter[str]] = {}
        for row in self._rows(
            f"SELECT article, status, count(*) AS n FROM claims_now c WHERE deleted = 0 AND article {_AMONG}"
            " AND (EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id)"
            " OR EXISTS (SELECT 1 FROM adjudications j WHERE j.claim = c.id)) GROUP BY 1, 2",
            articles,
        ):
            found.setdefault(row["article"], Counter())[row["status"]] = row["n"]
        return found

    def _checked_in(self, articles: str) -> dict[str, Checked]:
        """By article: how many claims are checked, and what the others lack."""
        found: dict[str, Checked] = {}
        for row, lacks in self._required(f"c.article {_AMONG}", articles, each=False):
            counts = Checked.alike(row["n"], (lack.what for lack in lacks))
            found[row["article"]] = Checked.total((found.get(row["article"], Checked()), counts))
        return found

    def _threads(self, articles: str) -> Counter[str]:
        """By article: how many threads are open. An answer to a review opens one."""
        rows = self._rows(
            "SELECT c.article, count(*) AS n FROM claims c JOIN comments x ON x.claim = c.id"
            f" WHERE c.article {_AMONG} AND x.deleted = 0 AND c.deleted = 0 AND x.resolved = 0"
            " AND NOT EXISTS (SELECT 1 FROM comments y WHERE y.id = x.reply_to AND y.deleted = 0) GROUP BY 1",
            articles,
        )
        return Counter({row["article"]: row["n"] for row in rows})

    def _waiting(self, articles: str) -> Counter[str]:
        """By article: how many reviews wait for who is looking, as `Reviewing.inbox` lists them."""
        rows = self._rows(
            "SELECT c.article, count(*) AS n FROM claims c JOIN reviews_now r ON r.claim = c.id"
            f" WHERE c.article {_AMONG} AND {waits('?2')} GROUP BY 1",
            articles,
            reviewer_id(self.reviewer) if self.reviewer else "",
        )
        found = Counter({row["article"]: row["n"] for row in rows})
        for row in self._rows(
            "SELECT c.article, count(*) AS n FROM evidence e JOIN ticks_now t ON t.evidence = e.id"
            f' JOIN claims c ON c.id = e.claim WHERE e."by" = ?2 AND c.deleted = 0 AND c.article {_AMONG}'
            f" AND {doubted('?2')} GROUP BY 1",
            articles,
            reviewer_id(self.reviewer) if self.reviewer else "",
        ):
            found[row["article"]] += row["n"]
        return found

    def stats(self, articles: Sequence[Article | str] = ()) -> Stats:
        """Counts over the given articles, or the whole desk."""
        chosen = [self.article(article) for article in articles] or self.articles()
        ids = _listed(chosen)
        claims = self._rows(f'SELECT verdict, status, "by" FROM claims_now WHERE deleted = 0 AND article {_AMONG}', ids)
        hanging = {
            table: self._rows(
                f"SELECT count(*) AS n FROM {table} x JOIN claims c ON c.id = x.claim"
                f" WHERE x.deleted = 0 AND c.deleted = 0 AND c.article {_AMONG}",
                ids,
            )[0]["n"]
            for table in ("evidence", "comments")
        }
        sources = self._rows(
            "SELECT count(DISTINCT nullif(e.source, '')) AS n FROM evidence e JOIN claims c ON c.id = e.claim"
            f" WHERE e.deleted = 0 AND c.deleted = 0 AND c.article {_AMONG}",
            ids,
        )[0]["n"]
        sweeps = self._rows(f"SELECT count(*) AS n FROM sweeps WHERE deleted = 0 AND article {_AMONG}", ids)[0]["n"]
        covered = Coverage.total(self.coverages(chosen))
        checked = Checked.total(self._checked_in(ids).values())
        threads, inbox = self._threads(ids), self._waiting(ids)
        statuses = Counter(row["status"] for row in claims)
        return Stats(
            articles=len(chosen),
            words=covered.words,
            words_read=covered.words_read,
            open_sentences=covered.open_sentences,
            leftovers=covered.leftovers,
            claims=len(claims),
            claims_checked=checked.checked,
            lacking=checked.lacking,
            evidence=hanging["evidence"],
            sources=sources,
            sweeps=sweeps,
            comments=hanging["comments"],
            conflicts=sum(len(self.conflicts(article)) for article in articles) if articles else len(self.conflicts()),
            threads=threads.total(),
            inbox=inbox.total(),
            statuses={status.value: statuses[status] for status in Status if statuses[status]},
            verdicts=_counted(row["verdict"] for row in claims if row["verdict"]),
            checkers=_counted(self._name(row["by"]) for row in claims),
        )


def _state(claims: int, swept: bool, here: Mapping[str, int], sets: Sequence[tuple[str, str]]) -> str:
    """Where an article stands: new, in progress, submitted, in review, disputed or final."""
    if here["disputed"]:
        return "disputed"
    reviewing = [state for role, state in sets if role == "reviewer"]
    if claims and here["reviewed"] + here["settled"] == claims and all(state == "submitted" for _, state in sets):
        return "final"
    if reviewing and (here or any(state == "submitted" for _, state in sets)):
        return "in review"
    checking = [state for role, state in sets if role == "checker"]
    if checking and all(state == "submitted" for state in checking):
        return "submitted"
    return "in progress" if claims or swept else "new"


def _listed(articles: Iterable[Article]) -> str:
    """Their ids, as the queries take them."""
    return json.dumps([article.id for article in articles])


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))
