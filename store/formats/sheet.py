"""The sheet that newsrooms keep: a CSV with a row for each claim - its words, how it was checked, source, date, tick.

``tick`` is the verdict by its label, ``✓`` in front where it confirms the claim; ``method`` what the evidence does,
``source`` its addresses or titles, one a line. A sheet that is read names the article of each row by ``article_id`` or
``article_url``, or all of them stand in the one that ``--article`` says; a claim is found by its words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from store.formats.contract import FIELDS, Cited, Loss, Options, Spot, Tally, Text, Unit
from store.formats.csv.cells import guarded, unguarded
from store.formats.files import Files, Out, Problem, Wrong

name = "sheet"
says = "the sheet that newsrooms keep, as CSV: claim, method, source, date, tick, note"
extensions: tuple[str, ...] = (".csv",)
many = False
unit: Unit = "none"
carries = frozenset({"claim", "claimant", "verdict", "note", "person"})
partly = frozenset({"evidence"})
loses = frozenset(FIELDS) - carries
needs = ""
options: Mapping[str, str] = {"article": "the address of the article in which all claims of the sheet stand"}

_COLUMNS = ("article", "article_id", "article_url", "claim", "statement", "claimant", "method", "source", "date",
            "tick", "note", "checker")  # fmt: skip
_TICK = "✓"


def sniff(head: bytes) -> bool:
    line = head.partition(b"\n")[0]
    return b"claim" in line and b"tick" in line


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with out.file() as file:
        file.write(_line(_COLUMNS))
        for text in texts:
            for spot in text.spots:
                for one in spot.evidence:
                    if one != _cited(one.stance, one.url or one.title, one.retrieved):
                        tally.lost("evidence", spot, "a sheet has its stance, address and day")
                        break
                file.write(_line([guarded(cell) for cell in _row(text, spot, options)]))
    return tally.losses()


def _row(text: Text, spot: Spot, options: Options) -> list[str]:
    kind = options.scheme.verdict(spot.verdict)
    best = options.scheme.rating_scale is not None and kind.rating == options.scheme.rating_scale.best
    tick = f"{_TICK} {kind.label}" if spot.verdict and best and not spot.waits else kind.label if spot.verdict else ""
    methods = "\n".join(one.stance for one in spot.evidence)
    sources = "\n".join((one.url or one.title).replace("\n", " ") for one in spot.evidence)
    dates = "\n".join(one.retrieved for one in spot.evidence)
    return [text.title, text.key, text.url, spot.quote, spot.claim_text, spot.claimant, methods, sources, dates, tick,
            spot.note, spot.person]  # fmt: skip


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8", "surrogatepass")


def _cited(stance: str, source: str, day: str) -> Cited:
    web = "://" in source
    return Cited(stance, url=source if web else "", title="" if web else source, retrieved=day)


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in files:
        try:
            rows = csv.DictReader(io.StringIO(file.text(), newline=""))
            heads = [head.strip().casefold() if head else "" for head in rows.fieldnames or ()]
        except (Wrong, csv.Error) as wrong:
            yield Problem(file.name, str(wrong))
            continue
        if "claim" not in heads:
            yield Problem(file.name, "it has no column “claim”")
            continue
        rows.fieldnames = heads
        number = 1
        try:
            for number, row in enumerate(rows, 2):
                where = f"{file.name}, row {number}"
                if None in row.values():
                    yield Problem(where, f"it breaks off: it has fewer cells than the {len(heads)} columns")
                    continue
                cells = {head: unguarded(cell) for head, cell in row.items() if isinstance(head, str) and cell}
                if not cells.get("claim", "").strip():
                    yield Problem(where, "its cell “claim” is empty")
                    continue
                yield _text(cells, where, options)
        except csv.Error as error:
            yield Problem(f"{file.name}, row {number + 1}", f"it is not CSV ({error})")


def _text(cells: Mapping[str, str], where: str, options: Options) -> Text:
    tick = cells.get("tick", "").strip()
    label = tick.removeprefix(_TICK).strip()
    if tick == _TICK or tick.casefold() in ("x", "yes", "ok"):
        label = max(options.scheme.verdicts, key=lambda one: one.rating or 0).key
    methods, sources, dates = (cells.get(column, "").split("\n") for column in ("method", "source", "date"))
    evidence = []
    for nth, source in enumerate(sources):
        method = methods[nth].strip() if nth < len(methods) else ""
        stance = method if method in ("supports", "refutes", "context") else "context"
        if source.strip() or method:
            day = dates[nth].strip() if nth < len(dates) else ""
            evidence.append(_cited(stance, source.strip(), day)._replace(note="" if method == stance else method))
    words = cells["claim"]
    spot = Spot(
        quote=words, claim_text=cells.get("statement", ""), claimant=cells.get("claimant", ""),
        verdict=options.verdict_key(label, name) or label,
        note=cells.get("note", ""), person=cells.get("checker", "") or cells.get("who", ""), evidence=tuple(evidence),
    )  # fmt: skip
    url = cells.get("article_url", "") or options.said.get("article", "")
    return Text(cells.get("article_id", ""), words, cells.get("article", ""), url, spots=(spot,), where=where)
