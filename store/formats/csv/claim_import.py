"""CSV back in: the claims of ``export csv``, from this desk, another one, or written by hand.

Each row names its article (``article_id``, else ``text_sha256``, ``article_url`` or the whole ``article_title``) and
its words: ``start`` and ``end`` where ``quote`` must stand to the letter, or ``quote`` alone, which must then stand in
the text once, be the ``nth``, or stand between ``prefix`` and ``suffix``. With ``record`` the claim comes back as it
was: ids, people, times, everybody's verdicts, evidence with its sources, comments, reviews with their answers, and how
it was settled. The cells claim_text, claimant, attribution, check_target, types, priority, tags, verdict and
justification hold the values even then, so what was changed there in a spreadsheet is taken; of a settled claim the
last two are what the adjudicator said. A verdict or type may stand there by its label. All other cells are for
reading; those that tell of the evidence must be as the record has it.

Without ``record``, whatever columns there are make a new claim: by ``checker`` (else by who imports), from
``created`` (else now), with the verdict as the checker's, and with the evidence that its columns tell of.

Everybody's claims are their own: a row is here already only when its checker has a claim of that ``claim_id``, or, if
the row has none of its own, a claim on the same words with the same claim text. A row whose ``claim_id`` is somebody
else's claim becomes one of its checker's, always with the same new id. An article that nobody has edited on this desk
also takes title, address and date from its rows. A claim that was deleted here comes back.

All rows are checked first, and if one does not fit none is imported, unless the rest is asked for. Then they are
written in short transactions, so that others can work meanwhile. Broken off, the same file brings in the rest.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from store.access import fields
from store.desk import Desk
from store.errors import Refused
from store.formats.csv.blocks import Blocks, Pile, Waiting
from store.formats.csv.cells import BadCell, milliseconds, split, unguarded
from store.formats.csv.claim_columns import COLUMNS, prepare
from store.formats.csv.file import BadRow, CsvFile, CsvRow, csv_file
from store.formats.csv.place import NAMED_BY, Page, Places
from store.formats.csv.record import (
    EVIDENCE_COLUMNS,
    Brought,
    Json,
    as_recorded,
    by_hand,
    children,
    id_in,
)
from store.formats.csv.twins import CELL_LISTS, VALUES, RowClaim, Twins
from store.formats.snapshot import Cancelled, Stopped, snapshot
from store.history.foreign_record import UUID, refuse_unsound
from store.log import clock
from store.log.claim_status import read_claim_name
from store.log.kinds import KINDS
from store.person import Person
from store.records import MISSED, Progress
from store.text.anchor import Anchor
from store.text.quotations import quoted
from store.text.shorten import shorten

if TYPE_CHECKING:
    from store.scheme import Scheme

_KNOWN = (*(column.name for column in COLUMNS), "nth")
_MORE = ("article_date", "nth", "claim_id", "claim", "verdict_label", "checker", "created", "check_again", "record")
_READ = frozenset((*NAMED_BY, *VALUES, *Anchor._fields, *EVIDENCE_COLUMNS, *_MORE))
"""The columns whose cells are looked at; all others are for reading."""
_ASK = 300  # rows between two looks at whether to go on

_JUDGED = ("review", "adjudication")
"""What may quote words that are not in the text any more."""


class ImportRefused(Refused):
    """Rows do not fit; nothing was imported. ``rows`` has each with its place and its reason."""

    def __init__(self, where: str, rows: Sequence[BadRow], checked: int) -> None:
        fit = "does not fit" if len(rows) == 1 else "do not fit"
        first = str(rows[0])
        self.said = f"{where}: {len(rows):,} of {checked:,} rows {fit}; nothing was imported."
        super().__init__(f"{self.said} {first[:1].upper()}{first[1:]}")
        self.rows = tuple(rows)
        self.fit = checked - len(rows)


class Imported(NamedTuple):
    """``claims`` are new or brought back, ``known`` were here already; ``notes`` tell the rest, a sentence each.

    ``refused`` are rows left out: those that do not fit, and those that somebody's work on the desk came before.
    """

    claims: int
    known: int
    notes: tuple[str, ...]
    refused: tuple[BadRow, ...] = ()


def read(
    desk: Desk,
    source: Path | BinaryIO,
    *,
    raw: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
    saved: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Imported:
    """Import claims from a CSV file, as one step of undo.

    Args:
        desk: the desk, on which the articles must already be.
        source: the file, or an open binary stream.
        raw: the file was written with ``raw``: leading apostrophes stay.
        skip_bad: import the rest when some rows do not fit.
        progress: told the bytes checked and all there are.
        saved: told the claims that are in and how many there are to come in.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised. What is in by then stays.

    Raises:
        ImportRefused: some rows do not fit; it lists them. Nothing was imported.
        Refused: the file cannot be read, or is not such a file. Nothing was imported.
        Busy, ReadOnly, Damaged: the desk cannot be written; the sentence says what is in by then.
    """
    desk.session.check_writable()
    with csv_file(source, _KNOWN) as file, snapshot(desk, text=str) as conn:
        _check_header(file)
        checks = _Checks(desk, conn, raw)
        for row in file.rows(_READ):
            checks.take(row)
            if checks.checked % _ASK == 0:
                if cancelled and cancelled():
                    raise Stopped("The import was stopped; nothing was imported.")
                if progress:
                    progress(file.done, file.size)
        checks.finish(file)
        if checks.bad and not skip_bad:
            raise ImportRefused(file.where, checks.bad, checks.checked)
        conn.execute("COMMIT")  # what was checked is kept aside: the desk need not be held as it was
        blocks = Blocks(desk, checks.pile, saved, cancelled)
        blocks.write(checks.details)
    notes = tuple(note.replace("#", f"{n:,}") for note, n in (checks.notes + blocks.notes).items())
    return Imported(blocks.done, checks.known + blocks.known, notes, tuple(sorted([*checks.bad, *blocks.bad])))


def _check_header(file: CsvFile) -> None:
    header, where = file.header, file.where
    if not set(NAMED_BY) & set(header):
        raise Refused(f"{where} has no column that names the article: add article_title, article_url or article_id.")
    if "quote" not in header:
        raise Refused(f"{where} has no column quote: add one with the words of each claim as they are in the article.")
    if "record" in header:
        missing = [name for name in ("start", "end") if name not in header]
        if missing:
            raise Refused(f"{where} lacks the column {missing[0]}: factdesk cannot place a claim without it.")
        absent = [name for name in VALUES if name not in header]
        if absent:
            raise Refused(f"{where} has the column record but lacks {absent[0]}: remove record too, or export again.")


@dataclass(slots=True)
class _Checks:
    """The first time through: every row is checked, and what is to be written is put aside in a table on disk."""

    desk: Desk
    conn: sqlite3.Connection
    raw: bool
    known: int = 0
    checked: int = 0
    bad: list[BadRow] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    details: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)
    _same: list[tuple[RowClaim, list[str], Refused | None]] = field(default_factory=list)
    """Claims of an id that is not here, those here that say the same, and why they could not come in beside them."""
    _open: dict[tuple[str, str, str], str] = field(default_factory=dict)  # article, by, missed → why it is not
    _ids: clock.Run = field(default_factory=clock.Run)
    _now: int = field(default_factory=clock.now)
    pile: Pile = field(init=False)
    _called: Callable[[str], Person] = field(init=False)
    _places: Places = field(init=False)
    _twins: Twins = field(init=False)
    _scheme: Scheme = field(init=False)
    _keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        prepare(self.conn)
        self._called = self.desk.session.called
        self.pile = Pile(self.conn)
        self._places = Places(self.desk, self.conn)
        self._twins = Twins(self.conn, self._called)
        self._scheme = self.desk.scheme
        for name, kinds in (("verdict", self._scheme.verdicts), ("types", self._scheme.types)):
            labels = {kind.label.casefold(): kind.key for kind in kinds}
            self._keys[name] = labels | {kind.key: kind.key for kind in kinds}
        as_listed = {f"{kind.glyph} {kind.label}".casefold(): kind.key for kind in self._scheme.verdicts}
        self._keys["verdict"] = as_listed | self._keys["verdict"]

    def take(self, row: CsvRow | BadRow) -> None:
        """Check a row, and put its claim aside."""
        self.checked += 1
        if isinstance(row, BadRow):
            self.bad.append(row)
            return
        try:
            self._take(row)
        except Refused as refusal:
            self.bad.append(BadRow.of(row.number, row.line, refusal))

    def finish(self, file: CsvFile) -> None:
        """Two claims may be the very same only if both are in the file: a desk had them so."""
        here = list[int]()
        for claim, twins, refusal in self._same:
            others = [twin for twin in twins if not self.pile.seen(f"claim {twin}")]
            try:
                if others:
                    here.append(claim.row.number)
                    self._twins.compare(claim, others)
                    self.known += 1
                elif refusal:
                    raise refusal
            except Refused as refused:
                self.bad.append(BadRow.of(claim.row.number, claim.row.line, refused))
        self.pile.drop(here)
        self.bad.sort()
        strange = [name for name in file.header if name not in _KNOWN]
        if strange:
            self.notes[f"Not read, because factdesk does not know these columns: {', '.join(strange)}."] += 1
        if file.note:
            self.notes[file.note] += 1

    # -- one row ----------------------------------------------------------------------------------------------

    def _take(self, row: CsvRow) -> None:
        claim = self._claim(row)
        fresh = [(f"claim {claim.id}", claim.by.id)]
        has = self._twins.has(claim)
        twins = [] if has else self._twins.of(claim)
        if has or (twins and not claim.own_id):
            self._twins.compare(claim, twins or [claim.id])
            self.known += 1
            self.pile.remember(row.number, fresh)
            return
        made, found = self._records(claim)
        refuse_unsound((made, *found))
        refusal = None
        try:
            self._take_new(claim, made, found, fresh)
        except Refused as refused:
            if not twins:
                raise
            refusal = refused
        if twins:
            self._same.append((claim, twins, refusal))

    def _take_new(self, claim: RowClaim, made: Brought, found: list[Brought], fresh: list[tuple[str, str]]) -> None:
        """Put a claim aside that is not here."""
        self._may_bring(made)
        self.desk.imports.must_meet((made, *found))
        for one in found:
            if one["kind"] in ("evidence", "comments"):  # all other ids are made of what they are about
                fresh.append((self._new(one), ""))
        found = [one for one in found if one["kind"] not in ("sources", "transfers") or self._lacks(one)]
        key = _key(claim)
        twin = self.pile.seen(key)
        if twin and not (claim.own_id and twin[1]):
            raise BadCell("quote", f"{quoted(shorten(claim.span.quote))} is already tagged in row {twin[0]}.")
        self.pile.remember(claim.row.number, [*fresh, (key, claim.by.id if claim.own_id else "")])
        self._note(claim, found)
        self._put_aside(claim, [made, *found])

    def _claim(self, row: CsvRow) -> RowClaim:
        """Who the row's claim is by, where it stands and what it says."""
        cells = self._cleaned(row.cells)
        page = self._places.page(cells)
        span = self._places.span(page, cells)
        record = Json.read(cells["record"], self._called) if cells.get("record") else None
        author = Person(**record.person("by")) if record is not None else self.desk.reviewer
        by, owner = self._checker(cells, record) or author, ""
        if record is not None and by.id != author.id:  # somebody made a row of another's their own
            owner, record = author.id, None
        id, own = self._id_of(cells.get("claim_id", "").strip().lower(), owner, by.id)
        said: dict[str, Any] = {name: cells[name] for name in fields.CLAIM if cells.get(name)}
        said |= {name: split(said[name]) for name in CELL_LISTS if name in said}
        if "types" in said:
            said["types"] = [self._keys["types"].get(kind.casefold(), kind) for kind in said["types"]]
        values: dict[str, object] = {name: [] if name in CELL_LISTS else "" for name in fields.CLAIM if name in cells}
        values |= _checked(said) if said else {}
        return RowClaim(row, cells, page, span, by, id, own, record, values)

    def _checker(self, cells: Mapping[str, str], record: Json | None) -> Person | None:
        """Whose claim a row says it is; None when it says nothing else than its record."""
        said = " ".join(cells.get("checker", "").split())
        if not said or (record is not None and record.named("by") == said):
            return None
        try:
            return self._called(said)
        except Refused as refusal:
            raise BadCell("checker", str(refusal)) from None

    def _cleaned(self, row: Mapping[str, str]) -> dict[str, str]:
        """The cells that are read, as a desk stores text; a verdict by its key."""
        cells = dict(row)
        whole = "".join(row.values())
        if not self.raw and "'" in whole:
            cells = {name: unguarded(cell) for name, cell in row.items()}
        if fields.clean(whole) != whole:
            cells = {name: fields.clean(cell) for name, cell in cells.items()}
        said = cells.get("verdict", "").strip()
        if said:
            cells["verdict"] = self._keys["verdict"].get(said, self._keys["verdict"].get(said.casefold(), said))
        elif "verdict" not in cells and "verdict_label" in cells:
            cells["verdict"] = self._keys["verdict"].get(cells["verdict_label"].strip().casefold(), "")
        return cells

    def _id_of(self, id: str, owner: str, person: str) -> tuple[str, bool]:
        """The id of a row's claim, and whether it is the row's own: that of somebody else's claim is not."""
        if not id:
            return self._ids.next(), False
        if not UUID.fullmatch(id):
            raise BadCell("claim_id", f"“{shorten(id)}” is not a claim id: leave the cell empty for a new claim.")
        again = self.pile.seen(f"claim {id}")
        if not owner:
            here = self._twins.one('SELECT "by" FROM main.claims WHERE id = ?', id)
            owner = str(here["by"]) if here else again[1] if again else person
        own = owner == person
        if not own:
            id = clock.derived("claim", id, person)
            again = self.pile.seen(f"claim {id}")
        if again:
            mend = "leave claim_id empty for another claim"
            raise BadCell("claim_id", f"It has the claim {id}, as row {again[0]} has already: {mend}.")
        return id, own

    def _records(self, claim: RowClaim) -> tuple[Brought, list[Brought]]:
        """The claim, and all that hangs on it, in the form ``Desk.bring`` takes."""
        cells, page, record = claim.cells, claim.page, claim.record
        made: Brought = {"id": claim.id, "article": page.article, "version": page.version, **claim.span._asdict()}
        made |= claim.values
        if record is None:
            when = milliseconds(cells["created"]) if cells.get("created") else self._now
            by = {"name": str(claim.by), "id": claim.by.id}
            made |= {"kind": "claims", "by": by, "created": when, "updated": when}
            return made, by_hand(made, cells)
        made |= record.when("claims")
        made |= {"origin": ""} | record.columns("claims")
        found = children(made, record, cells, self._now)
        for one in (made, *found):
            self._check_quotes(page, one)
        as_recorded(record, cells)
        return made, found

    def _check_quotes(self, page: Page, one: Brought) -> None:
        """What is said to stand in the text must stand there, whether it holds or contends."""
        if not {"start", "end", "quote"} <= set(KINDS[str(one["kind"])].columns):
            return
        text = self.desk.articles.text(page.sha)
        contested: Any = one["contested"]
        spans: list[tuple[str, Any, bool]] = [(KINDS[str(one["kind"])].one, one, False)]
        spans += [("contested span", rival["values"], rival["part"] == "span") for rival in contested]
        for what, said, needed in spans:
            start, end, quote = said.get("start", 0), said.get("end", 0), said.get("quote", "")
            gone = what in _JUDGED and not end and not said.get("version")  # a correction took its words away
            if (needed or end or (quote and not gone)) and not (0 <= start < end and text[start:end] == quote):
                what = f"an {what}" if what[0] == "a" else f"a {what}"
                raise BadCell(
                    "record", f"Its record has {what} whose quote is not in the text: export the claim again."
                )
            if said.get("version"):
                said["version"] = page.version

    def _may_bring(self, made: Brought) -> None:
        """Refuse a claim that belongs into a submitted set."""
        key = (str(made["article"]), id_in(made), str(made.get("origin", "") == MISSED))
        if key not in self._open:
            try:
                self.desk.imports.may_bring(made)
                self._open[key] = ""
            except Refused as refusal:
                self._open[key] = str(refusal)
        if self._open[key]:
            raise Refused(self._open[key])

    def _new(self, one: Brought) -> str:
        """The key under which a record of the file is remembered. Refuses one that hangs on another claim."""
        id = str(one["id"])
        noun = "a comment" if one["kind"] == "comments" else "evidence"
        if again := self.pile.seen(f"{noun} {id}"):
            raise BadCell("record", f"It has {noun} {id}, as row {again[0]} has already.")
        if not self._lacks(one):
            raise BadCell("record", f"It has {noun} {id}, which belongs to another claim on this desk.")
        return f"{noun} {id}"

    def _lacks(self, one: Brought) -> bool:
        """Whether the desk has no such record."""
        return not self._twins.one(f"SELECT 1 AS x FROM main.{one['kind']} WHERE id = ? AND deleted = 0", one["id"])

    def _note(self, claim: RowClaim, found: Sequence[Brought]) -> None:
        """Count what is kept although the scheme does not know it."""
        scheme, key = self._scheme, claim.cells.get("verdict", "").strip()
        if key and not scheme.verdict(key).known:
            self.notes[f"The scheme has no verdict “{shorten(key)}”; it is kept (#) and shown as ?{shorten(key)}."] += 1
        types = claim.values.get("types")
        for kind in types if isinstance(types, list) else ():
            if not scheme.type(kind).known:
                self.notes[f"The scheme has no claim type “{shorten(kind)}”; it is kept (#)."] += 1
        for one in found:
            reason = str(one.get("reason") or "") if one["kind"] in ("reviews", "ticks") else ""
            if reason and not scheme.reason(reason).known:
                said = shorten(reason)
                self.notes[f"The scheme has no reason “{said}”; it is kept (#) and shown as ?{said}."] += 1

    def _put_aside(self, claim: RowClaim, records: list[Brought]) -> None:
        named = claim.cells.get("claim", "").strip()
        number, nth = (named[:1].isalpha() and read_claim_name(named)) or (0, 0)
        self.pile.put(Waiting(claim.row.number, claim.row.line, claim.by.id, number, nth, records))
        if claim.record is not None:
            said = self.details.setdefault(claim.page.article, set())
            title, url, published = (claim.cells.get(f"article_{name}", "") for name in ("title", "url", "date"))
            if len(said) < 2:
                said.add((title, url, published))


def _checked(said: Mapping[str, object]) -> dict[str, object]:
    """A claim's fields as a desk stores them. Raises BadCell for the first that is not valid."""
    try:
        return fields.checked(said, fields.CLAIM)
    except Refused:
        for name, value in said.items():
            try:
                fields.checked({name: value}, fields.CLAIM)
            except Refused as refusal:
                raise BadCell(name, str(refusal)) from None
        raise


def _key(claim: RowClaim) -> str:
    """The same for claims of one person on the same words with the same claim text."""
    said = (claim.page.version, claim.span.start, claim.span.end, claim.by.id, claim.values.get("claim_text", ""))
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()
