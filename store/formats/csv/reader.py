"""CSV back in: the claims of ``export csv``, from this desk, another one, or written by hand.

Each row names its article (``article_id``, else ``text_sha256``, else ``article_title``) and the claim's ``start``,
``end`` and ``quote``, which must stand there to the letter. With ``record`` the claim comes back as it was: ids,
people, times, everybody's verdicts, evidence with its sources, comments, reviews with their answers, and how it was
settled. The cells claim_text, claimant, attribution, check_target, types, priority, tags, verdict and justification
hold the values even then, so what was changed there in a spreadsheet is taken; of a settled claim the last two are
what the adjudicator said. All other cells are for reading, and changing them changes nothing.

Without ``record``, whatever columns there are make a new claim: by ``checker`` (else by who imports), from
``created`` (else now), with the verdict as the checker's, and with the ``evidence_urls`` as evidence of the stance
that the counts tell (else context).

An article that nobody has edited on this desk also takes title, address and date from its rows. A claim that is
here already, exactly as the row has it, is passed over; one that was deleted here comes back. All rows are checked
first: if one does not fit, none is imported.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from store.access import fields
from store.access.people import check_name
from store.desk import Desk
from store.errors import Refused
from store.formats.csv.cells import milliseconds, plain, split, unguarded
from store.formats.csv.claims import COLUMNS, FROM, prepare
from store.formats.csv.file import csv_file
from store.formats.csv.record import Brought, Json, by_hand, children
from store.formats.snapshot import Cancelled, Progress, Stopped, snapshot
from store.history.words import shorten
from store.log import clock
from store.log.kinds import JUDGEMENTS, KINDS
from store.text import anchor

VALUES = (*fields.CLAIM, "verdict", "justification")
"""The columns whose cells hold the value, whatever the record says."""

_LISTS = ("types", "tags")
_COMPARED = ("start", "end", *VALUES, "record")
_SAID = {"record": "record (people, times, evidence, comments or reviews)"}
_ORDER = ("sources", "claims", "verdicts", "evidence", "comments", "reviews", "answers", "ticks", "adjudications")
_CHUNK = 300


class ImportRefused(Refused):
    """Rows do not fit; nothing was imported. ``rows`` has the spreadsheet's number and the reason of each."""

    def __init__(self, where: str, rows: list[tuple[int, str]], checked: int) -> None:
        number, reason = rows[0]
        super().__init__(
            f"{where}: {len(rows)} of {checked} rows do not fit, nothing was imported. Row {number}: {reason}"
        )
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True)
class Imported:
    """``claims`` are new or brought back, ``known`` were here already; ``notes`` tell the rest, a sentence each."""

    claims: int
    known: int
    notes: tuple[str, ...]


def read(
    desk: Desk,
    source: Path | BinaryIO,
    *,
    raw: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Imported:
    """Import claims from a CSV file, as one transaction and one step of undo.

    Args:
        desk: the desk, on which the articles must already be.
        source: the file, or an open binary stream.
        raw: the file was written with ``raw``: leading apostrophes stay.
        progress: told the bytes read and all there are.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised and nothing was imported.

    Raises:
        ImportRefused: some rows do not fit; it lists them.
        Refused: the file cannot be read, or is not such a file.
    """
    known = [column.name for column in COLUMNS]
    with csv_file(source, known) as file, desk.together(), snapshot(desk, text=str) as conn:
        _check_header(file.header, file.where)
        prepare(conn)
        job = _Import(desk, conn, raw)
        for number, cells in file.rows():
            job.take(number, cells)
            if number % _CHUNK == 0:
                if cancelled and cancelled():
                    raise Stopped("The import was stopped; nothing was imported.")
                if progress:
                    progress(file.done, file.size)
        job.check_twins()
        if job.bad:
            raise ImportRefused(file.where, job.bad, job.checked)
        job.finish()
        strange = [name for name in file.header if name not in known]
        if strange:
            job.notes[f"Not read, for no such column is known: {', '.join(strange)}."] += 1
    return Imported(job.claims, job.known, tuple(note.replace("#", f"{n:,}") for note, n in job.notes.items()))


def _check_header(header: list[str], where: str) -> None:
    missing = [name for name in ("start", "end", "quote") if name not in header]
    if not {"article_id", "text_sha256", "article_title"} & set(header):
        missing.insert(0, "article_id")
    if missing:
        raise Refused(f"{where} lacks the column {missing[0]}: no claim can be placed without it.")
    absent = [name for name in VALUES if name not in header] if "record" in header else []
    if absent:
        raise Refused(f"{where} has the column record but lacks {absent[0]}: take record out too, or export anew.")


@dataclass(frozen=True, slots=True)
class _Page:
    """An article's text that rows stand in."""

    article: str
    title: str
    version: str
    sha: str


@dataclass(slots=True)
class _Import:
    desk: Desk
    conn: sqlite3.Connection
    raw: bool
    claims: int = 0
    known: int = 0
    checked: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, int] = field(default_factory=dict)  # id → row, of claims, evidence and comments
    _spans: dict[tuple[str, int, int], int] = field(default_factory=dict)
    _twins: list[tuple[int, str, list[str]]] = field(default_factory=list)  # row, quote, claims here on those words
    _sources: set[str] = field(default_factory=set)
    _pages: dict[tuple[str, str, str], _Page] = field(default_factory=dict)
    _details: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)
    _waiting: list[list[Brought]] = field(default_factory=list)
    _late: list[tuple[str, int, str, list[Brought]]] = field(default_factory=list)
    _id: str = ""
    _now: int = field(default_factory=clock.now)

    def take(self, number: int, cells: Mapping[str, str] | str) -> None:
        """Check a row, and keep or write its claim as long as all rows so far fit."""
        self.checked += 1
        try:
            if isinstance(cells, str):
                raise Refused(cells)
            values = {name: fields.clean(cell if self.raw else unguarded(cell)) for name, cell in cells.items()}
            self._row(number, values)
        except Refused as refusal:
            reason = str(refusal)
            self.bad.append((number, reason[:1].upper() + reason[1:] + ("" if reason.endswith(".") else ".")))
        if len(self._waiting) >= _CHUNK:
            self._write()

    def check_twins(self) -> None:
        """Two claims may have the very same words only if both are in the file: a desk had them so."""
        for number, quote, twins in self._twins:
            others = [twin for twin in twins if twin not in self._seen]
            if others:
                name = self._rows("SELECT name FROM claims_now WHERE id = ?", others[0])[0]["name"]
                self.bad.append((number, f"“{shorten(quote)}” is already tagged as {name}: change that one."))
        self.bad.sort()

    def finish(self) -> None:
        """Write what waits: first the claims whose name has a letter, for C7 must be here before C7b."""
        self._write()
        self._late.sort(key=lambda late: (not late[1], late[0], late[1], len(late[2]), late[2]))
        numbers: dict[str, int] = {}
        for article, number, _, records in self._late:
            if not number:
                if article not in numbers:
                    top = self.desk.db.query("SELECT max(number) AS n FROM claims WHERE article = ?", [article])
                    numbers[article] = next(iter(top))["n"] or 0
                numbers[article] += 1
                records[0]["number"] = numbers[article]
            self._waiting.append(records)
            if number or len(self._waiting) >= _CHUNK:
                self._write()
        self._write()
        for article, details in self._details.items():
            self._describe(article, details)

    def _write(self) -> None:
        if self._waiting and not self.bad:
            records = [record for claim in self._waiting for record in claim]
            self.desk.bring(sorted(records, key=lambda record: _ORDER.index(str(record["kind"]))))
        self._waiting.clear()

    # -- one row ----------------------------------------------------------------------------------------------

    def _row(self, number: int, cells: Mapping[str, str]) -> None:
        page = self._page(cells)
        span = self._span(page, cells)
        record = Json.read(cells["record"]) if cells.get("record") else None
        id = cells.get("claim_id", "").strip().lower()
        if id and not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id):
            raise Refused(f"“{shorten(id)}” is no claim id: leave the cell empty for a new claim.")
        if id:
            self._once(number, "the claim", id)
        if self._is_here(id, page, span, cells, number):
            self.known += 1
            return
        self._id = clock.after(self._id)
        claim: Brought = {"id": id or self._id, "article": page.article, "version": page.version}
        claim |= {name: getattr(span, name) for name in ("start", "end", "quote", "prefix", "suffix")}
        said = {name: split(cells[name]) if name in _LISTS else cells[name] for name in fields.CLAIM if name in cells}
        claim |= fields.checked(said, fields.CLAIM)
        self._note_strange(claim, cells)
        if record is not None:
            claim |= record.when("claims")
            claim["origin"] = record.origin()
            found = children(claim, record, cells, self._now)
            for one in (claim, *found):
                self._check_quotes(page, one)
                self._note_reason(one)
            details = (cells.get("article_title", ""), cells.get("article_url", ""), cells.get("article_date", ""))
            self._details.setdefault(page.article, set()).add(details)
        else:
            made = milliseconds(cells["created"]) if cells.get("created") else self._now
            by = check_name(cells["checker"]) if cells.get("checker", "").strip() else self.desk.reviewer
            claim |= {"kind": "claims", "by": by, "created": made, "updated": made}
            found = by_hand(claim, cells)
        self.desk.may_bring(claim)
        found = [one for one in found if self._is_new(number, one)]
        self.claims += 1
        if not self.bad:
            self._number(page, claim, found, cells.get("claim", "").strip())

    def _once(self, number: int, what: str, id: str) -> None:
        if id in self._seen:
            raise Refused(f"It has {what} {id}, as row {self._seen[id]} has already.")
        self._seen[id] = number

    def _is_new(self, number: int, one: Brought) -> bool:
        """Whether it is to be brought: a source that is known already is not, anything else must be new."""
        kind, id = str(one["kind"]), str(one["id"])
        if kind in JUDGEMENTS:
            return True  # its id is made of what it is about, and that is new
        here = bool(self._rows(f"SELECT 1 FROM {kind} WHERE id = ? AND deleted = 0", id))
        if kind == "sources":
            new = not here and id not in self._sources
            self._sources.add(id)
            return new
        noun = "a verdict" if kind == "verdicts" else "a comment" if kind == "comments" else "evidence"
        self._once(number, noun, id)
        if here:
            raise Refused(f"It has {noun} {id}, which hangs on another claim on this desk.")
        return True

    def _number(self, page: _Page, claim: Brought, found: list[Brought], name: str) -> None:
        """Give the claim the number its name says, and write it in an order that gives it the same letter again."""
        match = re.fullmatch(r"[Cc](\d{1,9})([a-z]*)", name)
        number, letters = (int(match[1]), match[2]) if match else (0, "")
        claim["number"] = number
        if number and self._rows(
            "SELECT 1 FROM claims WHERE article = ? AND number = ? AND id <> ?", page.article, number, claim["id"]
        ):
            self.notes[
                f"{name} of “{shorten(page.title, 40)}” is another claim here: the new one has a further letter."
            ] = 1
        if letters or not number:
            self._late.append((page.article, number, letters, [claim, *found]))
        else:
            self._waiting.append([claim, *found])

    def _page(self, cells: Mapping[str, str]) -> _Page:
        id, sha = cells.get("article_id", "").strip().lower(), cells.get("text_sha256", "").strip().lower()
        title = cells.get("article_title", "").strip()
        key = (id, sha, title)
        if key not in self._pages:
            found = self._rows("SELECT * FROM pages WHERE article = ? ORDER BY number DESC", id)
            found = found or (self._rows("SELECT * FROM pages WHERE sha = ?", sha) if sha else [])
            if not found and title:
                found = self._rows("SELECT * FROM pages WHERE title = ? ORDER BY number DESC", title)
                if len({page["article"] for page in found}) > 1:
                    raise Refused(f"{len({page['article'] for page in found})} articles here are called “{title}”.")
            if not found:
                raise Refused(f"Its article “{shorten(title or id or sha)}” is not on this desk: import that first.")
            same = [page for page in found if page["sha"] == sha] if sha else found
            if not same:
                raise Refused(f"Its article “{shorten(title)}” has another text on this desk: import that text first.")
            self._pages[key] = _Page(*(same[0][name] for name in ("article", "title", "version", "sha")))
        return self._pages[key]

    def _span(self, page: _Page, cells: Mapping[str, str]) -> anchor.Anchor:
        offsets = []
        for name in ("start", "end"):
            if not re.fullmatch(r"\s*-?\d{1,12}\s*", cells[name]):
                raise Refused(f"Its {name} “{shorten(cells[name])}” is no whole number.")
            offsets.append(int(cells[name]))
        text, (start, end), quote = self.desk.text(page.sha), offsets, cells["quote"]
        if quote and (start < 0 or text[start:end] != quote):
            around = cells.get("prefix", "") + quote + cells.get("suffix", "")
            places = [at + len(cells.get("prefix", "")) for at in _places(text, around)] or _places(text, quote)
            hint = f"it stands at {places[0]} to {places[0] + len(quote)}" if len(places) == 1 else "copy it anew"
            if len(places) != 1 and places:
                hint = f"it stands in {len(places)} other places"
            raise Refused(f"“{shorten(quote)}” is not what stands at {start} to {end}: {hint}.")
        span = anchor.make(text, start, end)
        if not quote:
            raise Refused(f"It has no quote; at {start} to {end} stands “{shorten(span.quote)}”.")
        return span

    def _is_here(self, id: str, page: _Page, span: anchor.Anchor, cells: Mapping[str, str], number: int) -> bool:
        """Whether the claim is on the desk, just as the row has it.

        Raises Refused when it is there with other values, and when the span is tagged by another claim.
        """
        place = (page.version, span.start, span.end)
        twins = [
            row["id"]
            for row in self._rows(
                'SELECT id FROM claims WHERE version = ? AND start = ? AND "end" = ? AND deleted = 0', *place
            )
        ]
        here = id if id and self._rows("SELECT 1 FROM claims WHERE id = ? AND deleted = 0", id) else ""
        if not here and not id and twins:
            here = twins[0]
        if not here:
            if twins:
                self._twins.append((number, span.quote, twins))
            if not id and place in self._spans:
                raise Refused(f"“{shorten(span.quote)}” is already tagged in row {self._spans[place]}.")
            self._spans[place] = number
            return False
        asked = [column for column in COLUMNS if column.name in cells and column.name in _COMPARED]
        wanted = ", ".join(f'{plain(column)} AS "{column.name}"' for column in asked)
        row = self._rows(f"SELECT c.name AS name, {wanted} {FROM} WHERE c.id = ?", here)[0]
        other = [
            name.name for name in asked if _meant(name.name, str(row[name.name])) != _meant(name.name, cells[name.name])
        ]
        if other:
            what = ", ".join(_SAID.get(name, name.replace("_", " ")) for name in other)
            raise Refused(f"{row['name']} is already on this desk with another {what}: it is not overwritten.")
        return True

    def _note_strange(self, claim: Brought, cells: Mapping[str, str]) -> None:
        key, types = cells.get("verdict", "").strip(), claim.get("types")
        if key and not self.desk.scheme.verdict(key).known:
            self.notes[f"The scheme has no verdict “{shorten(key)}”; it is kept (#) and shown as ?{shorten(key)}."] += 1
        for kind in types if isinstance(types, list) else ():
            if not self.desk.scheme.type(kind).known:
                self.notes[f"The scheme has no claim type “{shorten(kind)}”; it is kept (#)."] += 1

    def _note_reason(self, one: Brought) -> None:
        key = str(one.get("reason") or "") if one["kind"] in ("reviews", "ticks") else ""
        if key and not self.desk.scheme.reason(key).known:
            self.notes[f"The scheme has no reason “{shorten(key)}”; it is kept (#) and shown as ?{shorten(key)}."] += 1

    def _check_quotes(self, page: _Page, one: Brought) -> None:
        """What is said to stand in the text must stand there, whether it holds or contends."""
        if not {"start", "end", "quote"} <= set(KINDS[str(one["kind"])].columns):
            return
        text = self.desk.text(page.sha)
        contested: Any = one["contested"]
        spans: list[tuple[str, Any, bool]] = [(KINDS[str(one["kind"])].one, one, False)]
        spans += [("contested span", rival["values"], rival["part"] == "span") for rival in contested]
        for what, said, needed in spans:
            start, end, quote = said.get("start", 0), said.get("end", 0), said.get("quote", "")
            if (needed or end or quote) and not (0 <= start < end and text[start:end] == quote):
                what = f"an {what}" if what[0] == "a" else f"a {what}"
                raise Refused(f"Its record has {what} whose quote is not in the text: export the claim anew.")
            if said.get("version"):
                said["version"] = page.version

    # -- the article ------------------------------------------------------------------------------------------

    def _describe(self, article: str, details: set[tuple[str, str, str]]) -> None:
        """Take over what the rows say of an article, when they agree and nobody has edited it here."""
        if len(details) > 1 or len(self._rows("SELECT 1 FROM changes WHERE item = ?", article)) != 1:
            return
        title, url, published = next(iter(details))
        try:
            self.desk.edit_article(article, title=title, url=url, published=published)
        except Refused as refusal:
            self.notes[f"The details of “{shorten(title, 40)}” stay as they are here: {refusal}"] = 1

    def _rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        cursor = self.conn.execute(sql, values)
        names = [description[0] for description in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _places(text: str, words: str) -> list[int]:
    places = []
    at = text.find(words)
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    return places


def _meant(name: str, cell: str) -> object:
    """What a cell says, however it is written."""
    if name == "record":
        return json.loads(cell) if cell else None
    if name in ("start", "end"):
        return int(cell)
    return split(cell) if name in _LISTS else cell
