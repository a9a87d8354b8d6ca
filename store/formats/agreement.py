"""Agreement as a file: JSON, CSV with a row for each figure, or a Markdown page; each says whose sets do not count."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

from store.formats.agreement_words import COLUMNS, as_json, as_markdown, as_rows, escaped
from store.formats.csv.cells import guarded
from store.formats.whole import whole_file
from store.records import Blind
from store.review.reviews import REVEALED
from store.settle.agreement import Agreement

SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown"}
"""What a file is written as when nothing else is said."""

_MOST = 8
"""Articles of a person, and people, that a sentence names."""


def plain(found: Agreement) -> dict[str, object]:
    """The report and whose sets it leaves out, as what JSON has."""
    left_out = [{"article": one.article, "person": one.person} for one in found.left_out]
    made = [one._asdict() for one in found.made]
    return {**as_json(found.report), "made": made, "left_out": left_out}


def rendered(found: Agreement, form: str) -> str:
    """The text of a file of that form, one of the values of `SUFFIXES`."""
    if form == "json":
        return json.dumps(plain(found), ensure_ascii=False, indent=2) + "\n"
    if form == "csv":
        return _csv(found)
    return as_markdown(found.report) + "".join(
        f"\n{escaped(said)}\n" for said in (made(found), left_out(found)) if said
    )


def write(found: Agreement, to: Path, form: str) -> None:
    """Write a file, in place of one of that name.

    Raises:
        Refused: it cannot be written.
    """
    text = rendered(found, form)
    with whole_file(to) as file:
        file.write(text.encode("utf-8"))


def made(found: Agreement) -> str:
    """How blind the people worked, and who opened a set again, as a sentence; empty when there is nothing to tell."""
    apart: Counter[str] = Counter()
    reopened: Counter[str] = Counter()
    decided: dict[str, Counter[str]] = {}
    for one in found.made:
        apart[one.person] += one.apart
        reopened[one.person] += one.reopened > 0
        decided.setdefault(one.person, Counter()).update(one.decisions)
    told = []
    for name in sorted(decided):
        said = [f"{_count(apart[name], 'set')} made blind to all others"] if apart[name] else []
        said += [f"{_count(decided[name][level], 'decision')} {how}" for level, how in _LEVELS if decided[name][level]]
        said += [f"{_count(reopened[name], 'set')} opened again after it was submitted"] if reopened[name] else []
        if said:
            told.append(f"{name}: {', '.join(said)}")
    rest = len(told) - _MOST
    more = f"; and {_count(rest, 'person')} more" if rest > 0 else ""
    return f"How the sets were made: {'; '.join(told[:_MOST])}{more}." if told else ""


def _count(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else _PLURALS[what]}"


_PLURALS = {"set": "sets", "decision": "decisions", "person": "people"}

_LEVELS = (
    (Blind.VERDICT, "with the verdict hidden"),
    (REVEALED, "given anew once it was shown"),
    (Blind.OPEN, "in the open"),
)


def left_out(found: Agreement) -> str:
    """Whose sets do not count, as a sentence; empty when all do."""
    places: dict[str, list[int]] = {}
    for id, name in found.left_out:
        places.setdefault(name, []).append(found.articles[id].number)
    if not places:
        return ""
    some = [
        f"{name} on {', '.join(map(str, numbers[:_MOST]))}"
        + (f" and {len(numbers) - _MOST} more" if len(numbers) > _MOST else "")
        for name, numbers in list(places.items())[:_MOST]
    ]
    rest = len(places) - _MOST
    more = f"; and {_count(rest, 'person')} more" if rest > 0 else ""
    return f"Left out, because not submitted: {'; '.join(some)}{more}."


def _csv(found: Agreement) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for row in as_rows(found.report):
        rows.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
