"""Counts: the shelf of the library, and the sums over a desk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from store.access.fields import clean
from store.access.permissions import OPEN
from store.access.session import Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.check.kept_sentences import Coverages
from store.history.conflicts import Conflicts
from store.library.article_state import state_of
from store.library.search import search
from store.log.claim_status import STANDING
from store.log.kinds import KINDS, PARENTS
from store.records import Article, Assignment
from store.reports import Checked, Hit, ShelfRow, Stats
from store.review.inbox import doubted, waits
from store.text.coverage import Coverage
from store.vocabulary import Blind, Role, Status

if TYPE_CHECKING:
    from store.library.picture_figures import HeatRow, Timeline

_AMONG = "IN (SELECT value FROM json_each(?1))"


class Next(NamedTuple):
    """What to work on next: an article, and the assignment of your own to it, if there is one."""

    article: Article
    assignment: Assignment | None


class Library:
    """The articles with their counts, sums over a desk, search, and what to work on next."""

    def __init__(
        self,
        session: Session,
        articles: Articles,
        claims: Claims,
        coverage: Coverages,
        assignments: Assignments,
        conflicts: Conflicts,
    ) -> None:
        self._session = session
        self._articles = articles
        self._claims = claims
        self._coverage = coverage
        self._assignments = assignments
        self._conflicts = conflicts
        self._finished: dict[str, tuple[ShelfRow, bool]] = {}
        """By article: the text and the last change with which it was last looked at, and whether it was finished."""

    def shelf(self, articles: Iterable[str] | None = None) -> list[ShelfRow]:
        """The articles as the library lists them, with their counts; without their ids, all."""
        chosen = self._articles.all(of=articles)
        ids = _listed(chosen)
        counts = {
            row["article"]: row
            for row in self._session.rows(
                "SELECT article, count(*) AS claims, max(updated) AS changed,"
                ' group_concat(DISTINCT "by") AS checkers'
                f" FROM claims c WHERE deleted = 0 AND {STANDING} AND article {_AMONG} GROUP BY article",
                ids,
            )
        }
        sweeps = {
            row["article"]: row
            for row in self._session.rows(
                "SELECT article, count(*) AS sweeps, max(updated) AS changed"
                f" FROM sweeps WHERE deleted = 0 AND {STANDING} AND article {_AMONG} GROUP BY article",
                ids,
            )
        }
        latest, sets, waiting = self._latest(ids), self._sets(ids), self._conflicts.counts()
        checked = self._checked_in(ids)
        standing, threads, inbox = self._standing(ids), self._threads_in(ids), self._waiting(ids)
        suggested = self._suggested(ids)
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
                    conflicts=waiting[article.id],
                    checkers=tuple(sorted({self._session.person(by) for by in claims["checkers"].split(",")}))
                    if claims
                    else (),
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
                    state=state_of(done, bool(swept), here, sets.get(article.id, [])),
                    suggestions=suggested[article.id],
                )
            )
        return shelf

    def _latest(self, ids: str) -> dict[str, int]:
        """By article: when something that hangs on its claims was last changed."""
        latest: dict[str, int] = {}
        for child in ("verdicts", "evidence", "comments"):
            for row in self._session.rows(
                f"SELECT c.article, max(x.updated) AS changed FROM claims c JOIN {child} x ON x.claim = c.id"
                f" WHERE x.deleted = 0 AND c.article {_AMONG} GROUP BY c.article",
                ids,
            ):
                latest[row["article"]] = max(latest.get(row["article"], 0), row["changed"])
        return latest

    def _sets(self, ids: str) -> dict[str, list[tuple[str, str]]]:
        """By article: the role and state of each assignment."""
        sets: dict[str, list[tuple[str, str]]] = {}
        for row in self._session.rows(
            f"SELECT article, role, state FROM assignments WHERE deleted = 0 AND article {_AMONG}", ids
        ):
            sets.setdefault(row["article"], []).append((row["role"], row["state"]))
        return sets

    def is_finished(self, row: ShelfRow) -> bool:
        """Whether nothing is left to do in an article: every claim is checked, and nothing is left to read."""
        if not (row.claims or row.sweeps) or row.claims_checked < row.claims:
            return False
        known = self._finished.get(row.article.id)
        if known is None or known[0] != row:
            self._finished[row.article.id] = known = row, self._coverage.of(row.article).nothing_left
        return known[1]

    def shelf_since(self, mark: int, shelf: Sequence[ShelfRow]) -> list[ShelfRow]:
        """The shelf as it is now, from one that the same person read at a ``mark`` or later.

        Only the articles that something was changed in since are counted again; the rows of all others are the same
        objects as before.
        """
        # Beneath the veil: the change may be hidden, and still show in what may be seen.
        changed: dict[str, set[str]] = {}
        for kind, item in self._session.log.rows("SELECT DISTINCT kind, item FROM main.changes WHERE seq > ?", (mark,)):
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
        rows = [(known[one.id], one) for one in self._articles.all() if one.id in known]
        return [row if row.article == one else row._replace(article=one) for row, one in rows]

    def _articles_of(self, kind: str, items: Iterable[str]) -> set[str]:
        """The ids of the articles that items of a kind are or hang on, hidden ones included."""
        found = set(items)
        while kind != "articles":
            asked = f"SELECT DISTINCT {KINDS[PARENTS[kind]].one} FROM main.{kind} WHERE id {_AMONG}"
            found = {id for (id,) in self._session.log.rows(asked, (json.dumps(list(found)),))}
            kind = PARENTS[kind]
        return found

    def _standing(self, articles: str) -> dict[str, Counter[str]]:
        """By article: how many claims that were reviewed or settled have which status."""
        found: dict[str, Counter[str]] = {}
        for row in self._session.rows(
            "SELECT article, status, count(*) AS n FROM claims_now c"
            f" WHERE deleted = 0 AND {STANDING} AND article {_AMONG}"
            " AND (EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id)"
            " OR EXISTS (SELECT 1 FROM adjudications j WHERE j.claim = c.id)) GROUP BY 1, 2",
            articles,
        ):
            found.setdefault(row["article"], Counter())[row["status"]] = row["n"]
        return found

    def _checked_in(self, articles: str) -> dict[str, Checked]:
        """By article: how many claims are checked, and what the others lack."""
        found: dict[str, Checked] = {}
        for row, lacks in self._claims.required(f"c.article {_AMONG}", articles, each=False):
            counts = Checked.alike(row["n"], (lack.what for lack in lacks))
            found[row["article"]] = Checked.total((found.get(row["article"], Checked()), counts))
        return found

    def _threads_in(self, articles: str) -> Counter[str]:
        """By article: how many threads are open. An answer to a review opens one."""
        rows = self._session.rows(
            "SELECT c.article, count(*) AS n FROM claims c JOIN comments x ON x.claim = c.id"
            f" WHERE c.article {_AMONG} AND x.deleted = 0 AND c.deleted = 0 AND x.resolved = 0"
            " AND NOT EXISTS (SELECT 1 FROM comments y WHERE y.id = x.reply_to AND y.deleted = 0) GROUP BY 1",
            articles,
        )
        return Counter({row["article"]: row["n"] for row in rows})

    def _suggested(self, articles: str) -> Counter[str]:
        """By article: how many suggestions wait for who is looking."""
        rows = self._session.rows(
            f"SELECT article, count(*) AS n FROM suggestions WHERE deleted = 0 AND {STANDING} AND article {_AMONG}"
            " AND NOT EXISTS (SELECT 1 FROM main.choices x LEFT JOIN claims c ON c.id = x.taken AND c.deleted = 0"
            " WHERE x.suggestion = suggestions.id AND x.reviewer = ?2 AND x.deleted = 0 AND x.outcome <> ''"
            " AND (x.taken = '' OR c.id IS NOT NULL)) GROUP BY article",
            articles,
            self._session.me,
        )
        return Counter({row["article"]: row["n"] for row in rows})

    def _waiting(self, articles: str) -> Counter[str]:
        """By article: how many reviews wait for who is looking, as `Reviewing.inbox` lists them."""
        rows = self._session.rows(
            "SELECT c.article, count(*) AS n FROM claims c JOIN reviews_now r ON r.claim = c.id"
            f" WHERE c.article {_AMONG} AND {waits('?2')} GROUP BY 1",
            articles,
            self._session.me,
        )
        found = Counter({row["article"]: row["n"] for row in rows})
        for row in self._session.rows(
            "SELECT c.article, count(*) AS n FROM evidence e JOIN ticks_now t ON t.evidence = e.id"
            f' JOIN claims c ON c.id = e.claim WHERE e."by" = ?2 AND c.deleted = 0 AND c.article {_AMONG}'
            f" AND {doubted('?2')} GROUP BY 1",
            articles,
            self._session.me,
        ):
            found[row["article"]] += row["n"]
        return found

    def stats(self, articles: Sequence[Article | str] = ()) -> Stats:
        """Counts over the given articles, or the whole desk."""
        chosen = [self._articles.get(article) for article in articles] or self._articles.all()
        ids = _listed(chosen)
        claims = self._session.rows(
            f'SELECT verdict, status, "by" FROM claims_now WHERE deleted = 0 AND {STANDING} AND article {_AMONG}', ids
        )
        hanging = {
            table: self._session.rows(
                f"SELECT count(*) AS n FROM {table} x JOIN claims c ON c.id = x.claim"
                f" WHERE x.deleted = 0 AND c.deleted = 0 AND c.article {_AMONG}",
                ids,
            )[0]["n"]
            for table in ("evidence", "comments")
        }
        sources = self._session.rows(
            "SELECT count(DISTINCT nullif(e.source, '')) AS n FROM evidence e JOIN claims c ON c.id = e.claim"
            f" WHERE e.deleted = 0 AND c.deleted = 0 AND c.article {_AMONG}",
            ids,
        )[0]["n"]
        sweeps = self._session.rows(
            f"SELECT count(*) AS n FROM sweeps WHERE deleted = 0 AND {STANDING} AND article {_AMONG}", ids
        )[0]["n"]
        covered = Coverage.total(self._coverage.each(chosen))
        checked = Checked.total(self._checked_in(ids).values())
        threads, inbox = self._threads_in(ids), self._waiting(ids)
        statuses = Counter(row["status"] for row in claims)
        waiting = self._conflicts.counts()
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
            conflicts=sum(waiting[article.id] for article in chosen) if articles else waiting.total(),
            threads=threads.total(),
            inbox=inbox.total(),
            statuses={status.value: statuses[status] for status in Status if statuses[status]},
            verdicts=_counted(row["verdict"] for row in claims if row["verdict"]),
            checkers=_counted(self._session.person(row["by"]) for row in claims),
        )

    def take_next(self, among: Iterable[ShelfRow] | None = None) -> Next | None:
        """What you work on next; None when nothing is left.

        First your open assignments: what can be done now, of that what you have begun, then the order of the desk.
        Else the next article with something to check: a claim without a verdict, or words that nobody has read.

        Args:
            among: the articles to look through when nothing is assigned, as the shelf has them; without them, all.
        """
        mine = (
            [one for one in self._assignments.of(person=self._session.reviewer) if one.state == OPEN]
            if self._session.reviewer
            else []
        )
        if mine:
            begun = {
                row["article"]
                for row in self._session.rows(
                    'SELECT DISTINCT article FROM claims WHERE deleted = 0 AND "by" = ?1 UNION SELECT c.article'
                    ' FROM reviews r JOIN claims c ON c.id = r.claim WHERE r.deleted = 0 AND r."by" = ?1',
                    self._session.me,
                )
            }
            one = min(mine, key=lambda one: (not self._ready(one), one.article not in begun))
            return Next(self._articles.get(one.article), one)
        for row in self.shelf() if among is None else among:
            if not self.is_finished(row):
                return Next(row.article, None)
        return None

    def _ready(self, one: Assignment) -> bool:
        """Whether an assignment of your own can be done now: there is something to review, or to compare."""
        if one.role == Role.CHECKER or one.blind == Blind.ALL:
            return True
        rows = self._session.rows(
            'SELECT DISTINCT "by" FROM claims WHERE article = ?1 AND deleted = 0 UNION SELECT DISTINCT r."by"'
            " FROM reviews r JOIN claims c ON c.id = r.claim WHERE c.article = ?1 AND r.deleted = 0 AND ?2",
            one.article,
            int(one.role == Role.ADJUDICATOR),
        )
        people = {row["by"] for row in rows}
        if one.role == Role.ADJUDICATOR:
            return len(people) > 1
        return one.whose.id in people if one.whose else bool(people - {self._session.me})

    def heat(self, article: Article | str) -> list[HeatRow]:
        """What is known of each word of an article, paragraph by paragraph: what its heat map is drawn from."""
        from store.library.picture_figures import heat_of

        about = self._articles.get(article)
        sweeps = self._session.rows(
            f'SELECT start, "end" FROM sweeps WHERE article = ? AND deleted = 0 AND {STANDING}', about.id
        )
        spans = [(row["start"], row["end"]) for row in sweeps]
        residue = self._coverage.of(about).residue
        return heat_of(self._articles.text(about), self._claims.of(about), spans, residue, self._session.scheme)

    def timeline(self) -> Timeline:
        """When the verdicts that stand on the desk were given, as far as you may see them."""
        from store.library.picture_figures import timeline_of

        rows = self._session.rows(
            "SELECT v.verdict, v.updated FROM verdicts v JOIN claims c ON c.id = v.claim JOIN articles a"
            " ON a.id = c.article WHERE v.verdict <> '' AND v.deleted = 0 AND c.deleted = 0 AND a.deleted = 0"
        )
        order = [kind.key for kind in self._session.scheme.verdicts]
        return timeline_of([(row["verdict"], row["updated"]) for row in rows], order)

    def search(self, words: str, limit: int = 200) -> list[Hit]:
        """Find articles, claims, what is said of claims, and sources that have all the words; at most so many."""
        return search(self._session.rows, clean(words), max(limit, 0))


def _listed(articles: Iterable[Article]) -> str:
    """Their ids, as the queries take them."""
    return json.dumps([article.id for article in articles])


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))
