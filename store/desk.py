"""The desk: one SQLite file with articles, claims, verdicts, evidence, sweeps and all of their history.

``Desk`` opens the file and hands out its rooms: ``desk.claims.tag(…)``, ``desk.reviews.decide(…)``,
``desk.history.undo()``. Every method that changes something is one transaction, saved when it returns; it checks what
it is given, appends to the change log, and gives back the record as it now stands.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from store.access.people import People
from store.access.session import Session
from store.check.articles import Articles
from store.log import file as opening
from store.log.log import Log
from store.log.sqlite_faults import Presence
from store.records import Review, Verdict

if TYPE_CHECKING:
    from sqlite_utils import Database

    from store.access.permissions import Permissions
    from store.check.assignments import Assignments
    from store.check.claims import Claims
    from store.check.corrections import Corrections
    from store.check.deletion import Deletion, Record
    from store.check.evidence import Citations
    from store.check.kept_sentences import Coverages
    from store.check.pages import Pages
    from store.check.schemes import Schemes
    from store.check.sources import Sources
    from store.check.sweeps import Sweeps
    from store.check.threads import Threads
    from store.check.transfers import Transfers
    from store.check.verdicts import Verdicts
    from store.history.conflicts import Conflicts
    from store.history.history import History
    from store.history.imports import Imports
    from store.library.shelf import Library
    from store.log.rotation import Backups
    from store.log.sqlite_faults import StillHeld
    from store.person import Person
    from store.review.answers import Answers
    from store.review.corpus import Corpus
    from store.review.proposals import Proposals
    from store.review.reviews import Reviews
    from store.review.submission import Submissions
    from store.review.suggesters import Suggesters
    from store.review.suggestions import Suggestions
    from store.review.summary import Summaries
    from store.review.ticks import Ticks
    from store.scheme import Scheme
    from store.settle.adjudication import Settlements
    from store.settle.agreement import Agreements
    from store.settle.comparison import Comparisons
    from store.sync.merge import Merges
    from store.sync.remotes import Remotes
    from store.sync.share import Shares
    from store.upkeep import Upkeep
    from store.who_is_here import Here


class Desk:
    """An open desk file. Use it from one thread; open another for another thread.

    >>> with Desk.open("desk.db", "Ana") as desk:
    ...     article = desk.articles.add("It rained on 5 May.")
    ...     claim = desk.claims.tag(article, 0, 19)
    ...     desk.verdicts.give(claim, "supported")
    """

    def __init__(self, log: Log, path: Path, read_only: str) -> None:
        """Use ``Desk.open``."""
        self.path = path
        self.session = Session(log, read_only)
        """Who is working, the connection, and what is hidden: all rooms read and write through it."""
        self.warning = ""
        """What went wrong when the file was opened, as a sentence; empty when nothing did."""
        self.people = People(self.session)
        self.articles = Articles(self.session)

    @classmethod
    def open(
        cls, path: str | Path, reviewer: str = "", *, create: bool = True, patience: float = 30.0, update: bool = True
    ) -> Desk:
        """Open a desk file, or make it if it does not exist and ``create`` is true.

        Args:
            path: the file.
            reviewer: who is working; may be said later with ``be``.
            patience: seconds to wait while another process holds the file.
            update: bring a desk of an earlier factdesk up to date; else it is refused.

        Raises:
            NotADesk, Damaged, Busy, ReadOnly, Refused: the file cannot be opened; each says why.
        """
        at = Path(path)
        opened = opening.open_file(at, create=create, patience=patience, backed_up=True, update=update)
        desk = cls(Log(opened.conn, str(at), patience), at, opened.read_only)
        desk.warning, desk.session.log.presence = opened.warning, Presence(at, journal=not opened.read_only)
        if reviewer:
            desk.be(reviewer)
        return desk

    def beside(self) -> Desk:
        """Open the same file again for another thread, in the name of the same person.

        Raises:
            Gone: another file, or none, has its name by now.
            Refused: as ``open`` does.
        """
        if self.session.log.presence is not None:
            self.session.log.presence.require()
        other = Desk.open(self.path, create=False)
        other.session.be_like(self.session)
        return other

    def close(self) -> None:
        """Close the file. Everything acknowledged is already on disk."""
        if "here" in vars(self):
            self.here.leave()
        if "coverage" in vars(self):
            self.coverage.keep()
        self.session.log.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- who is working, and what is one step -----------------------------------------------------------------

    def be(self, name: str) -> None:
        """Set who is working. Raises Refused for a name that is empty, too long, or has control characters."""
        self.session.be(name)

    @property
    def reviewer(self) -> Person:
        """Who is working; nobody until somebody has said so with ``be``."""
        return self.session.reviewer

    @property
    def scheme(self) -> Scheme:
        """The verdicts, claim types and reasons in use; ``schemes.use`` takes another."""
        return self.session.scheme

    def together(self) -> AbstractContextManager[None]:
        """Everything written inside is one transaction and one step of undo; an exception leaves nothing of it."""
        return self.session.together()

    def delete(self, record: Record) -> None:
        """Delete a record with all that belongs to it; a review and the verdict that it gives go together."""
        if isinstance(record, (Review, Verdict)):
            self.reviews.take_back(record)
        else:
            self._deletion.delete(record)

    # -- the file ---------------------------------------------------------------------------------------------

    @property
    def read_only(self) -> str:
        """Why nothing can be written here, as a sentence; empty when it can."""
        return self.session.read_only

    @property
    def lost(self) -> str:
        """What became of the file since it was opened, as the beginning of a sentence; empty while it is there.

        What is open can still be read, and copied by ``backup``; nothing can be saved.
        """
        return presence.lost if (presence := self.session.log.presence) is not None else ""

    @property
    def syncs(self) -> bool:
        """Whether there is a place that the desk syncs with."""
        return bool(self.session.log.rows("SELECT 1 FROM main.remotes WHERE id > 0 LIMIT 1"))

    def written_elsewhere(self) -> int:
        """A number that changes when another opening has written to the file. Raises Refused when it cannot be read.

        What is written through this desk leaves it as it is; `Session.saved_at` tells of that.
        """
        return self.session.log.written_elsewhere()

    def wait_for(self, seconds: float, waiting: StillHeld | None = None) -> None:
        """Set how long to wait while another program holds the file, before ``Busy`` is raised.

        With ``waiting`` a write waits instead for as long as that says: it is told again and again that the file is
        held, and once that it no longer is.
        """
        self.session.log.wait_for(seconds, waiting)

    def backup(self, to: Path) -> Path:
        """Copy the whole desk into a new file, while others may go on working.

        Raises:
            Refused: the file is already there, its folder is missing or cannot be written.
        """
        from store.log.backup import backup

        return backup(self.session.log, to)

    def flush(self) -> bool:
        """Move what is saved from the journal into the file itself, so that a plain copy has everything.

        Nobody waits for it, and unlike all else it may be called from another thread.

        Returns:
            Whether all of it is there. It is not while somebody reads what the desk held before: call it again.
        """
        return bool(self.read_only) or (not self.lost and opening.flush(self.path))

    @property
    def db(self) -> Database:
        """The open file as a sqlite-utils ``Database``, for queries of your own. Write only through the desk.

        It hides what blind review hides from the person who looks, as the assignments are when it is asked for.
        """
        from sqlite_utils import Database

        self.session.look()
        return Database(self.session.log.conn)

    # -- the rooms that not every start needs: each is made when it is first asked for ------------------------

    @cached_property
    def _may(self) -> Permissions:
        """What may be changed now, and by whom."""
        from store.access.permissions import Permissions

        return Permissions(self.session)

    @cached_property
    def assignments(self) -> Assignments:
        """Who is to do what on which article."""
        from store.check.assignments import Assignments

        return Assignments(self.session, self._may, self.articles, self.people)

    @cached_property
    def claims(self) -> Claims:
        """The claims that people have tagged."""
        from store.check.claims import Claims

        return Claims(self.session, self._may, self.articles, self.assignments)

    @cached_property
    def coverage(self) -> Coverages:
        """How much of each article is read, and its sentences."""
        from store.check.kept_sentences import Coverages

        return Coverages(self.session, self.articles, self.claims)

    @cached_property
    def corrections(self) -> Corrections:
        """The versions of articles, and what a new one does to all that lies on the text."""
        from store.check.corrections import Corrections

        return Corrections(self.session, self.articles, self.pages)

    @cached_property
    def transfers(self) -> Transfers:
        """What became of claims and sweeps in corrections, and what people did about it."""
        from store.check.transfers import Transfers

        return Transfers(self.session, self._may, self.articles)

    @cached_property
    def pages(self) -> Pages:
        """What articles were read from."""
        from store.check.pages import Pages

        return Pages(self.session)

    @cached_property
    def verdicts(self) -> Verdicts:
        """What people conclude on claims, and why."""
        from store.check.verdicts import Verdicts

        return Verdicts(self.session, self._may, self.claims, self.evidence)

    @cached_property
    def evidence(self) -> Citations:
        """The evidence on claims, and the sources it is drawn from."""
        from store.check.evidence import Citations

        return Citations(self.session, self._may, self.articles, self.claims)

    @cached_property
    def sources(self) -> Sources:
        """The sources of all evidence, and what use is made of them."""
        from store.check.sources import Sources

        return Sources(self.session, self._may, self.evidence)

    @cached_property
    def threads(self) -> Threads:
        """The comments on claims."""
        from store.check.threads import Threads

        return Threads(self.session, self.claims)

    @cached_property
    def sweeps(self) -> Sweeps:
        """The sweeps on articles."""
        from store.check.sweeps import Sweeps

        return Sweeps(self.session, self._may, self.articles, self.claims, self.assignments, self._deletion)

    @cached_property
    def schemes(self) -> Schemes:
        """Which scheme a desk uses."""
        from store.check.schemes import Schemes

        return Schemes(self.session)

    @cached_property
    def _deletion(self) -> Deletion:
        """Deletes records of every kind."""
        from store.check.deletion import Deletion

        return Deletion(self.session, self._may)

    @cached_property
    def comparison(self) -> Comparisons:
        """People's sets on one article side by side, and how their differences were settled."""
        from store.settle.comparison import Comparisons

        return Comparisons(self.session, self.articles, self.claims, self.people, self.assignments)

    @cached_property
    def settlements(self) -> Settlements:
        """Settling what people do not agree on."""
        from store.settle.adjudication import Settlements

        return Settlements(
            self.session, self._may, self.articles, self.claims, self.verdicts, self.assignments, self.comparison,
            self._deletion,
        )  # fmt: skip

    @cached_property
    def agreement(self) -> Agreements:
        """How far people agree."""
        from store.settle.agreement import Agreements

        return Agreements(self.session, self.articles, self.people, self.comparison)

    @cached_property
    def ticks(self) -> Ticks:
        """A reviewer's look at other people's evidence."""
        from store.review.ticks import Ticks

        return Ticks(self.session, self._may, self.articles, self.claims, self.people)

    @cached_property
    def reviews(self) -> Reviews:
        """Decisions on other people's claims."""
        from store.review.reviews import Reviews

        return Reviews(
            self.session, self._may, self.articles, self.claims, self.verdicts, self.threads, self.assignments,
            self.people, self.ticks, self._deletion,
        )  # fmt: skip

    @cached_property
    def proposals(self) -> Proposals:
        """What you propose of a claim, on top of what you have said of it before."""
        from store.review.proposals import Proposals

        return Proposals(self.session, self.reviews)

    @cached_property
    def answers(self) -> Answers:
        """The checker's answers to what reviewers say, and the inbox."""
        from store.review.answers import Answers

        rooms = self.articles, self.claims, self.people, self.verdicts, self.reviews
        return Answers(self.session, self._may, *rooms, self._deletion)

    @cached_property
    def submissions(self) -> Submissions:
        """Sets that are finished: submitting them, and opening them again."""
        from store.review.submission import Submissions

        return Submissions(
            self.session, self._may, self.articles, self.claims, self.evidence, self.coverage,
            self.assignments, self.reviews, self.settlements,
        )  # fmt: skip

    @cached_property
    def suggestions(self) -> Suggestions:
        """What others, or a model, think is a claim."""
        from store.review.suggestions import Suggestions

        return Suggestions(self.session, self._may, self.articles, self.claims, self.verdicts)

    @cached_property
    def suggesters(self) -> Suggesters:
        """How good suggestions are."""
        from store.review.suggesters import Suggesters

        return Suggesters(self.session, self.articles, self.suggestions, self.comparison)

    @cached_property
    def corpus(self) -> Corpus:
        """Many sets, submitted as one step of undo."""
        from store.review.corpus import Corpus

        return Corpus(
            self.session, self.articles, self.claims, self.coverage, self.assignments, self.people, self.submissions
        )

    @cached_property
    def summaries(self) -> Summaries:
        """What a reviewer said of an article, and what is left to say."""
        from store.review.summary import Summaries

        return Summaries(
            self.session, self.articles, self.claims, self.coverage, self.people, self.assignments, self.reviews,
            self.submissions, self.agreement,
        )  # fmt: skip

    @cached_property
    def history(self) -> History:
        """What happened on a desk, told to people, and taking it back."""
        from store.history.history import History

        return History(self.session, self._may, self.articles, lambda article: self.coverage.sentences(article))

    @cached_property
    def conflicts(self) -> Conflicts:
        """The conflicts that wait to be settled."""
        from store.history.conflicts import Conflicts

        rooms = self.claims, self.articles, self.corrections
        return Conflicts(self.session, self._may, self.history, self._deletion, *rooms)

    @cached_property
    def imports(self) -> Imports:
        """Brings in records that were made elsewhere."""
        from store.history.imports import Imports

        return Imports(self.session, self._may, self.articles, self.assignments)

    @cached_property
    def merges(self) -> Merges:
        """Takes other desks' changes into this one."""
        from store.sync.merge import Merges

        return Merges(self.session, self.here)

    @cached_property
    def remotes(self) -> Remotes:
        """What this desk syncs with, and syncing."""
        from store.sync.remotes import Remotes

        return Remotes(self.session, self.merges)

    @cached_property
    def shares(self) -> Shares:
        """Writes desks for others to merge."""
        from store.sync.share import Shares

        return Shares(self.session, self.articles)

    @cached_property
    def library(self) -> Library:
        """The articles with their counts, sums over a desk, search, and what to work on next."""
        from store.library.shelf import Library

        return Library(self.session, self.articles, self.claims, self.coverage, self.assignments, self.conflicts)

    @cached_property
    def here(self) -> Here:
        """Who works at this desk just now, and on which article."""
        from store.who_is_here import Here

        return Here(self.session, self.path)

    @cached_property
    def backups(self) -> Backups:
        """The backups that factdesk makes of this desk by itself."""
        from store.log.rotation import Backups

        return Backups(self.session.log, self.path, self.read_only)

    @cached_property
    def upkeep(self) -> Upkeep:
        """Looks after a desk file."""
        from store.upkeep import Upkeep

        return Upkeep(self.session)
