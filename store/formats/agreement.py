"""Agreement as a file: JSON, CSV with a row for each figure, or a Markdown page; each says whose sets do not count."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from store.agreeing import Agreement
from store.formats.cells import guarded
from store.formats.whole import whole_file
from store.renderings import COLUMNS, as_json, as_markdown, as_rows

SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown"}
"""What a file is written as when nothing else is said."""

_MOST = 8
"""Articles of a person, and people, that a sentence names."""


def plain(found: Agreement) -> dict[str, object]:
    """The report and whose sets it leaves out, as what JSON has."""
    left_out = [{"article": one.article, "person": one.person} for one in found.left_out]
    return {**as_json(found.report), "left_out": left_out}


def rendered(found: Agreement, form: str) -> str:
    """The text of a file of that form, one of the values of `SUFFIXES`."""
    if form == "json":
        return json.dumps(plain(found), ensure_ascii=False, indent=2) + "\n"
    if form == "csv":
        return _csv(found)
    sentence = left_out(found)
    return as_markdown(found.report) + (f"\n{sentence}\n" if sentence else "")


def write(found: Agreement, to: Path, form: str) -> None:
    """Write a file, in place of one of that name.

    Raises:
        Refused: it cannot be written.
    """
    text = rendered(found, form)
    with whole_file(to) as file:
        file.write(text.encode("utf-8"))


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
    more = f"; and {rest} {'person' if rest == 1 else 'people'} more" if rest > 0 else ""
    return f"Left out, because not submitted: {'; '.join(some)}{more}."


def _csv(found: Agreement) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for row in as_rows(found.report):
        rows.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
