"""The folder of ``export tables`` read back: its CSV files, which other programs may have changed, and its texts.

Articles come with their claims, their checkers' verdicts, evidence with its sources, reviews and comments, and sweeps;
columns are known by their names, and those that are not there are empty. What the other files hold - answers, ticks,
what was settled, assignments, suggestions, the history - does not come in: a bundle has it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.errors import Refused
from store.formats.contract import DETAILS, FIELDS, Cited, Options, Said, Spot, Text, Unit
from store.formats.csv.cells import unguarded
from store.formats.csv.file import BadRow, CsvFile
from store.formats.files import Files, Problem, Wrong
from store.formats.timestamps import from_iso
from store.text.span_pieces import pieces_of

name = "tables"
says = "the folder that `export tables` writes"
extensions: tuple[str, ...] = (".csv", ".txt")
many = True
unit: Unit = "codepoint"
loses = frozenset({"reviews", "waits", "judge", "settled"})
carries = frozenset(FIELDS) - loses
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}

_Row = dict[str, str]
_CLAIM = ("quote", "prefix", "suffix", "claim_text", "claimant", "attribution", "check_target", "priority")
_SOURCE = ("url", "title", "publisher", "published", "retrieved", "archive_url", "tier", "origin")
_COLUMNS = {
    "articles": ("id", "text", *DETAILS),
    "versions": ("id", "article", "number", "text"),
    "claims": ("id", "name", "article", "version", "start", "end", "pieces", "types", "tags", "by", "created", *_CLAIM),
    "sweeps": ("id", "article", "version", "start", "end", "quote", "by", "created"),
    "verdicts": ("claim", "verdict", "justification", "by", "created"),
    "evidence": ("claim", "source", "stance", "quote", "locator", "note", "created"),
    "sources": ("id", *_SOURCE),
    "comments": ("claim", "body", "by", "created"),
    "reviews": ("claim", "decision", "comment", "verdict", "by", "updated"),
}


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    tables: dict[str, list[tuple[str, _Row]]] = {}
    for table, columns in _COLUMNS.items():
        tables[table] = []
        try:
            for found in _rows(files, table, columns):
                if isinstance(found, Problem):
                    yield found
                else:
                    tables[table].append(found)
        except Refused as refusal:
            yield Problem(f"{table}.csv", str(refusal).removeprefix(f"{table}.csv ").rstrip("."))
    if not tables["articles"]:
        yield Problem("articles.csv", "it is not there, or has no articles")
        return
    yield from _Folder(files, tables).texts()


def _rows(files: Files, table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, _Row] | Problem]:
    """The rows of a table with their places; of a table that is not there, none."""
    file = next((one for one in files if one.stem == table and one.suffix == ".csv"), None)
    if file is None:
        return
    with file.stream() as stream:
        for row in CsvFile(stream, f"{table}.csv", columns).rows(columns):
            where = f"{file.name}, row {row.number}"
            if isinstance(row, BadRow):
                yield Problem(where, row.reason.rstrip("."))
            else:
                yield where, {column: unguarded(cell) for column, cell in row.cells.items()}


class _Folder:
    """The tables of a folder, put together again."""

    def __init__(self, files: Files, tables: Mapping[str, list[tuple[str, _Row]]]) -> None:
        self._articles = tables["articles"]
        self._texts = {file.stem: file for file in files if file.suffix == ".txt"}
        self._sources = {row.get("id", ""): row for _, row in tables["sources"]}
        self._versions: dict[str, list[_Row]] = defaultdict(list)
        for _, row in tables["versions"]:
            self._versions[row.get("article", "")].append(row)
        self._of: dict[str, dict[str, list[tuple[str, _Row]]]] = {}
        for table, by in (("claims", "article"), ("sweeps", "article"), *((one, "claim") for one in _ON_CLAIMS)):
            self._of[table] = defaultdict(list)
            for where, row in tables[table]:
                self._of[table][row.get(by, "")].append((where, row))

    def texts(self) -> Iterator[Text | Problem]:
        """Each version that has claims, and the newest of each article."""
        for where, row in self._articles:
            id = row.get("id", "")
            versions = sorted(self._versions[id], key=_number)
            claims, sweeps = self._of["claims"][id], self._of["sweeps"][id]
            for version in versions or [{"id": "", "text": ""}]:
                newest = version is versions[-1] if versions else True
                mine = [[one for one in some if one[1].get("version", "") in (version.get("id", ""), "") and (
                    newest or one[1].get("version", ""))] for some in (claims, sweeps)]  # fmt: skip
                if not newest and not mine[0]:
                    continue
                try:
                    about = {name: row.get(name, "") for name in DETAILS}
                    text = Text(id, self._text(row, version), where=where, **about)  # type: ignore[arg-type]
                except Wrong as wrong:
                    yield Problem(where, str(wrong))
                    continue
                spots: list[Spot] = []
                for found in (self._spots(mine[0], spots), self._sweeps(mine[1], swept := list[Spot]())):
                    yield from found
                yield text._replace(spots=tuple(spots), sweeps=tuple(swept))

    def _text(self, row: _Row, version: _Row) -> str:
        file = self._texts.get(version.get("text", ""))
        if file is not None:
            return file.text()
        if row.get("text"):
            return row["text"]
        raise Wrong(f"its text, {version['text'] or 'named in versions.csv'}.txt, is not in the folder")

    def _spots(self, rows: Iterable[tuple[str, _Row]], into: list[Spot]) -> Iterator[Problem]:
        for where, row in rows:
            try:
                into.append(self._spot(row))
            except Wrong as wrong:
                yield Problem(where, str(wrong))

    def _sweeps(self, rows: Iterable[tuple[str, _Row]], into: list[Spot]) -> Iterator[Problem]:
        for where, row in rows:
            try:
                into.append(
                    Spot(
                        row.get("id", ""), _whole(row, "start"), _whole(row, "end"), row.get("quote", ""),
                        person=row.get("by", ""), at=from_iso(row.get("created", "")),
                    )
                )  # fmt: skip
            except Wrong as wrong:
                yield Problem(where, str(wrong))

    def _spot(self, row: _Row) -> Spot:
        id, by = row.get("id", ""), row.get("by", "")
        said: dict[str, Any] = {column: row.get(column, "") for column in _CLAIM}
        own, others = {}, []
        for _, one in self._of["verdicts"][id]:
            if one.get("by", "") == by:
                own = one
            elif one.get("verdict"):
                others.append(Said(one.get("justification", ""), one["by"], "", one["verdict"], _at(one)))
        start, end = _whole(row, "start"), _whole(row, "end")
        return Spot(
            id, start, end, fragments=pieces_of(row.get("pieces", ""), start, end),
            types=_listed(row, "types"), tags=_listed(row, "tags"),
            person=by, at=_at(row), verdict=own.get("verdict", ""), note=own.get("justification", ""),
            evidence=tuple(self._cited(one) for _, one in self._of["evidence"][id]), name=row.get("name", ""),
            comments=tuple(Said(one.get("body", ""), one.get("by", ""), at=_at(one))
                           for _, one in self._of["comments"][id]),
            reviews=tuple(Said(one.get("comment", ""), one.get("by", ""), one.get("decision", ""),
                               one.get("verdict", ""), _at(one)) for _, one in self._of["reviews"][id])
            + tuple(one for one in others if one.person not in {
                review.get("by", "") for _, review in self._of["reviews"][id]}),
            **said,
        )  # fmt: skip

    def _cited(self, row: _Row) -> Cited:
        source = self._sources.get(row.get("source", ""), {})
        words = {name: row.get(name, "") for name in ("quote", "locator", "note")}
        return Cited(row.get("stance") or "context", **words, **{name: source.get(name, "") for name in _SOURCE})


_ON_CLAIMS = ("verdicts", "evidence", "comments", "reviews")


def _number(version: _Row) -> int:
    said = version.get("number", "").strip()
    return int(said) if said.isdecimal() and len(said) < 16 else 0


def _at(row: _Row) -> int:
    return from_iso(row.get("updated") or row.get("created", ""))


def _whole(row: _Row, column: str) -> int:
    cell = row.get(column, "").strip()
    if not cell.isdecimal() or len(cell) > 15:
        raise Wrong(f"its {column} “{cell[:20]}” is not a whole number")
    return int(cell)


def _listed(row: _Row, column: str) -> tuple[str, ...]:
    """The texts of a JSON array, or of a cell that is one text."""
    cell = row.get(column, "").strip()
    if not cell.startswith("["):
        return (cell,) if cell else ()
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        raise Wrong(f"its {column} are not a JSON array") from None
    if not all(isinstance(one, str) for one in found):
        raise Wrong(f"its {column} are not a JSON array of texts")
    return tuple(found)
