"""From a file of any format onto a desk: what is the same for all of them.

All is read and checked first. A text is an article that is here already - by its id, its address or its words - or a
new one; a claim is here already when its checker has it under its id in the file, or on the same words with the same
claim text. Everybody's claims are their own: people whom a file names become reviewers, and what names nobody is of
who imports. What is here is never overwritten, but for your own claims: of those, values that differ are changed.

Then what is new is written in short transactions, as one step of undo.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from store.check.transfers import to_look_at
from store.desk import Desk
from store.errors import Refused
from store.formats.contract import Format, Options
from store.formats.export_to_any_format import checked_options
from store.formats.files import Files, Problem
from store.formats.incoming_reviews import on_version
from store.formats.incoming_texts import Arrival, Arrivals
from store.formats.snapshot import Cancelled, Stopped
from store.records import Progress
from store.text.article_draft import Draft

_BLOCK = 200
"""Claims, or articles, that one transaction writes."""

_BLOCK_TEXT = 2_000_000
"""Code points that one transaction writes; many more, and others would wait too long for the file."""

_HELD = 20_000_000
"""Code points, claims counted as a thousand each, that are kept between checking and writing; else it is read twice."""


class FormatRefused(Refused):
    """Records do not fit; nothing was imported. ``problems`` has each with its place and its reason."""

    def __init__(self, where: str, problems: Sequence[Problem], rest: str) -> None:
        """``rest`` is what can come in without them, in words."""
        count = len(problems)
        does = "record does not fit" if count == 1 else "records do not fit"
        self.said = f"{where}: {count:,} {does}; nothing was imported."
        super().__init__(f"{self.said} {problems[0]}.")
        self.problems = tuple(problems)
        self.rest = rest


class Received(NamedTuple):
    """What an import did: articles and claims that are new, claims that were here (``known``) or changed; and the
    suggestions that are new.

    ``problems`` are records that did not come in, and what came in mended; ``notes`` tell the rest, a sentence each.
    """

    articles: int
    claims: int
    known: int
    changed: int
    suggestions: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The records that did not come in."""
        return tuple(problem for problem in self.problems if not problem.mended)


def bring(
    desk: Desk,
    format: Format,
    source: Path | BinaryIO,
    *,
    said: Mapping[str, str] | None = None,
    unit: str = "",
    suggest: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
    saved: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Received:
    """Import the articles and claims of a file, or of those in a folder or zip, as one step of undo.

    Args:
        desk: the desk.
        format: the format.
        source: a file, a folder, a zip, or an open binary stream.
        said: the format's own options, by name.
        unit: what offsets count, when the file does otherwise than its format: codepoint, utf-16 or byte.
        suggest: take the claims as suggestions, to be accepted, amended or rejected; what a model made is one anyway.
        skip_bad: import the rest when some records do not fit.
        progress: told the claims that are checked; their number is not known before.
        saved: told the claims that are in and how many there are to come in.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised. What is in by then stays.

    Raises:
        FormatRefused: some records do not fit; it lists them. Nothing was imported.
        Refused: the source cannot be read. Nothing was imported.
        Busy, ReadOnly, Damaged: the desk cannot be written; the sentence says what is in by then.
    """
    desk.session.check_writable()
    options = Options(desk.scheme, unit, checked_options(format, said or {}))
    where = str(source) if isinstance(source, Path) else "the input"
    with Files.at(source, format.extensions) as files:
        checks = Arrivals(desk, format, unit, suggest)
        pile = _Pile(format, files, options)
        for found in pile.first(checks):
            if cancelled and cancelled():
                raise Stopped("The import was stopped; nothing was imported.")
            if progress:
                progress(checks.claims, 0)
            del found
        bad = [problem for problem in checks.problems if not problem.mended]
        if bad and (not skip_bad or not checks.articles):
            raise FormatRefused(where, bad, checks.rest)
        if not bad and not checks.articles and not len(files):
            raise Refused(f"{where} holds nothing.")
        writer = _Writer(desk, checks, saved, cancelled)
        writer.write(pile.again(checks))
    notes = tuple(note.replace("#", f"{n:,}") for note, n in checks.notes.items())
    return Received(
        writer.new, writer.done, writer.known, writer.changed, writer.suggestions, tuple(checks.problems), notes
    )


class _Pile:
    """The arrivals of some files: kept between the two times they are needed, or read again when they are too many."""

    def __init__(self, format: Format, files: Files, options: Options) -> None:
        self._format = format
        self._files = files
        self._options = options
        self._kept: list[Arrival] | None = []

    def first(self, checks: Arrivals) -> Iterator[Arrival]:
        """Check all. Problems are noted with the checks."""
        room = _HELD
        for arrival in self._read(checks):
            if self._kept is not None:
                room -= len(arrival.text.text) + 1000 * len(arrival.brought)
                self._kept.append(arrival)
                if room < 0:
                    self._kept = None
            yield arrival
        checks.finish()

    def again(self, checks: Arrivals) -> Iterator[Arrival]:
        """The same once more, to be written."""
        if self._kept is not None:
            yield from self._kept
            return
        yield from self._read(checks.afresh())

    def _read(self, checks: Arrivals) -> Iterator[Arrival]:
        for found in self._format.read(self._files, self._options):
            if isinstance(found, Problem):
                checks.problems.append(found)
            elif (arrival := checks.take(found)) is not None:
                yield arrival


class _Writer:
    """Writes arrivals, a block at a time."""

    def __init__(self, desk: Desk, checks: Arrivals, saved: Progress | None, cancelled: Cancelled | None) -> None:
        self._desk = desk
        self._checks = checks
        self._saved = saved
        self._cancelled = cancelled
        self.new = self.done = self.known = self.changed = self.suggestions = 0
        self._tops: dict[str, int] = {}

    def write(self, arrivals: Iterable[Arrival]) -> None:
        """Write all as one step of undo; what no longer fits joins the problems."""
        with self._telling(), self._desk.session.one_step():
            for block in _blocks(arrivals):
                if self._cancelled and self._cancelled():
                    raise Stopped("The import was stopped; nothing was changed.")
                self._save(block)
                if self._saved:
                    self._saved(self.done + self.known, self._checks.claims)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Nobody is told that nothing was changed when something is in."""
        try:
            yield
        except Refused as error:
            if not self.done and not self.new:
                raise
            raise error.but(f"{self.done:,} of {self._checks.claims:,} claims are in and stay") from error

    def _save(self, block: Sequence[Arrival]) -> None:
        """Write a block, or each of its arrivals by itself, and each claim by itself, if one does not fit."""
        self._tops.clear()
        told = self._checks.notes.copy()
        try:
            with self._desk.together():
                records: list[dict[str, Any]] = []
                lacks = self._checks.sources()
                added = self._added([arrival.draft for arrival in block if not arrival.article])
                counts = [self._bring(arrival, added, records, lacks) for arrival in block]
                if records:  # a claim and a source before what names them
                    self._desk.imports.bring(sorted(records, key=lambda one: one["kind"] not in ("claims", "sources")))
        except Refused as refusal:
            if type(refusal).__name__ in ("Busy", "ReadOnly", "Damaged", "Gone", "Nobody"):
                raise
            self._checks.notes = told
            if len(block) > 1:
                for one in block:
                    self._save([one])
            elif len(block[0].brought) > 1:
                self._save([block[0]._replace(brought=())])
                for brought in block[0].brought:
                    self._save([block[0]._replace(brought=(brought,), sweeps=(), suggested=())])
            elif block[0].brought:
                self._checks.problems.append(Problem(block[0].brought[0].where, str(refusal).rstrip(".")))
            else:
                self._checks.problems.append(Problem(block[0].text.where, str(refusal).rstrip(".")))
            return
        for new, done, known, changed, suggestions in counts:
            self.new, self.done = self.new + new, self.done + done
            self.known, self.changed = self.known + known, self.changed + changed
            self.suggestions += suggestions

    def _added(self, drafts: Sequence[Draft]) -> Iterator[tuple[str, str, int]]:
        """Write articles: for each its id and version, and whether it is new.

        Raises:
            Refused: an article here has the address of one, and another text.
        """
        fresh, here = self._desk.articles.add_many(drafts)
        if here:  # which they are is told one by one
            places = [(*found[0], *found[1])[0] for one in drafts if (found := self._desk.articles.add_many([one]))]
        else:
            places = fresh
        asked = "SELECT id, version, sha, url FROM articles_now WHERE id IN (SELECT value FROM json_each(?))"
        made = {row["id"]: row for row in self._desk.session.rows(asked, json.dumps(places))}
        new = set(fresh)
        for draft, id in zip(drafts, places, strict=True):
            row = made[id]
            if id not in new and self._desk.articles.text(row["sha"]) != draft.text:
                raise Refused(
                    f"The address {row['url']} is that of another text on this desk: update that article first."
                )
            yield id, row["version"], int(id in new)
            new.discard(id)

    def _bring(
        self,
        arrival: Arrival,
        added: Iterator[tuple[str, str, int]],
        records: list[dict[str, Any]],
        lacks: Callable[[dict[str, Any]], bool],
    ) -> tuple[int, int, int, int, int]:
        """Put an article's claims with the ``records`` that are to be written, and write what is suggested there.

        ``added`` has the articles that were not here, in the order of the arrivals. Gives how many of what `Received`
        counts, in its order.
        """
        article, version, new = (arrival.article, arrival.version, 0) if arrival.article else next(added)
        known = changed = 0
        standing = self._checks.standing(version, [brought.id for brought in arrival.brought])
        for brought in arrival.brought:
            held = standing.get(brought.id) or standing.get(brought.twin(version))
            if held:
                known += 1
                changed += self._checks.update(brought, held)
                records += self._checks.replies(brought, held)
                continue
            if reviews := len(brought.retold):
                self._checks.notes["# reviews came in as comments that say what was decided."] += reviews
            where = {"article": article, "version": version}
            for record in brought.records:
                if record["kind"] == "claims":
                    records.append(record | where | {"number": self._number(article)})
                elif record["kind"] == "transfers":
                    records += filter(self._checks.is_new, [record | to_look_at("claims", record["item"], version)])
                elif record["kind"] == "reviews":
                    records.append(on_version(record, version))
                elif record["kind"] != "sources" or lacks(record):
                    records.append(record)
        new_sweeps = filter(self._checks.is_new, arrival.sweeps)
        records += [one | {"article": article, "version": version} for one in new_sweeps]
        suggestions = self._desk.suggestions.add_many(article, arrival.suggested).new if arrival.suggested else 0
        return new, len(arrival.brought) - known, known, changed, suggestions

    def _number(self, article: str) -> int:
        """The next number that no claim of an article has, hidden ones and withdrawn ones included."""
        if article not in self._tops:
            asked = "SELECT coalesce(max(number), 0) FROM main.claims WHERE article = ?"
            self._tops[article] = int(self._desk.session.log.rows(asked, (article,))[0][0])
        self._tops[article] += 1
        return self._tops[article]


def _blocks(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Arrivals of at most so many claims together; an article with more comes in pieces."""
    block: list[Arrival] = []
    claims = length = 0
    for arrival in arrivals:
        pieces = [arrival.brought[at : at + _BLOCK] for at in range(0, len(arrival.brought), _BLOCK)] or [()]
        for number, piece in enumerate(pieces):
            part = arrival._replace(brought=piece, sweeps=() if number else arrival.sweeps)
            part = part._replace(suggested=()) if number else part
            if block and (claims + len(piece) > _BLOCK or len(block) >= _BLOCK or length > _BLOCK_TEXT):
                yield block
                block, claims, length = [], 0, 0
            block.append(part)
            claims, length = claims + len(piece), length + len(arrival.text.text)
    if block:
        yield block
