"""Agreement as a file: JSON, CSV with a row for each figure, or a Markdown page; each says whose sets do not count."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from store.formats.csv.cells import guarded
from store.log.atomic_write import whole_file
from store.measure.figures import AFTER, FIRST, Measured
from store.measure.figures_as_data import FIGURE_COLUMNS, as_markdown, as_rows, compared, each_article
from store.review.reviews import REVEALED
from store.settle.agreement import Agreement
from store.text.markdown import escaped
from store.vocabulary import Blind

AGREEMENT_SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown"}
"""What a file is written as when nothing else is said."""

_MOST = 8
"""Articles of a person, and people, that a sentence names."""


def pieces(found: Agreement, form: str) -> Iterator[str]:
    """The text of a file of that form, one of the values of `SUFFIXES`, in pieces: it may be far longer than memory."""
    if form == "json":
        yield from _json_pieces(found)
    elif form == "csv":
        yield _csv_line(FIGURE_COLUMNS)
        for row in as_rows(found.report):
            yield _csv_line([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    else:
        yield from as_markdown(found.report)
        for said in filter(None, (unpaired(found), changed(found), made(found), again(found), left_out(found))):
            yield f"\n{escaped(said)}\n"


def write(found: Agreement, to: Path, form: str, *, replace: bool = False) -> None:
    """Write a file, or ``replace`` one of that name.

    Raises:
        Taken: a file of that name is there already.
        Refused: it cannot be written.
    """
    with whole_file(to, replace=replace) as file:
        file.writelines(piece.encode("utf-8") for piece in pieces(found, form))


def _json_pieces(found: Agreement) -> Iterator[str]:
    """What ``json.dumps`` makes of the report and of whose sets it leaves out, indented by 2."""
    report = found.report
    yield f'{{\n  "people": {_json(list(report.people), 1)},\n  "pairs": {_json(report.paired, 1)},\n  "comparisons": '
    yield from _json_list((_comparison_pieces(comparison) for comparison in report.comparisons), 1)
    yield ',\n  "made": '
    yield from _json_list(([_json(one._asdict(), 2)] for one in found.made), 1)
    yield f',\n  "changed_after_reveal": {_json(dict(found.changed), 1)},\n  "check_again": {found.again}'
    yield ',\n  "left_out": '
    yield from _json_list(([_json(one._asdict(), 2)] for one in found.left_out), 1)
    yield "\n}\n"


def _comparison_pieces(comparison: Measured) -> Iterator[str]:
    yield _json(compared(comparison), 2).removesuffix("\n    }") + ',\n      "by_article": '
    yield from _json_list(([_json(one, 4)] for one in each_article(comparison)), 3)
    yield "\n    }"


def _json_list(items: Iterable[Iterable[str]], depth: int) -> Iterator[str]:
    """A list whose members come in pieces, at some depth of indenting."""
    between = "["
    for item in items:
        yield between + "\n" + "  " * (depth + 1)
        yield from item
        between = ","
    yield "[]" if between == "[" else "\n" + "  " * depth + "]"


def _json(value: object, depth: int) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + "  " * depth)


def unpaired(found: Agreement) -> str:
    """That the figures of every two people are left out, as a sentence; empty when they are there."""
    if found.report.paired or len(found.report.people) < 3:
        return ""
    count = len(found.report.people)
    return f"There are {count} people, so the figures of every two of them are left out; the figures of all are there."


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
        said += [f"{_count(reopened[name], 'set')} reopened after it was submitted"] if reopened[name] else []
        if said:
            told.append(f"{name}: {', '.join(said)}")
    rest = len(told) - _MOST
    more = f"; and {_count(rest, 'person')} more" if rest > 0 else ""
    return f"How the sets were made: {'; '.join(told[:_MOST])}{more}." if told else ""


def changed(found: Agreement) -> str:
    """Who changed verdicts after the reveal, and how that shows, as a sentence; empty where nobody did."""
    if not found.changed:
        return ""
    people = sorted(found.changed.items())
    rest = len(people) - _MOST
    more = f" and {_count(rest, 'person')} more" if rest > 0 else ""
    who = ", ".join(f"{name} {count:,}" for name, count in people[:_MOST])
    return (
        f"Verdicts changed after the reveal: {who}{more}. The figures of verdicts are given both ways: {AFTER}, and "
        f"beside it {FIRST} (“…_blind”)."
    )


def _count(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else _PLURALS[what]}"


_PLURALS = {"set": "sets", "claim": "claims", "decision": "decisions", "person": "people"}

_LEVELS = (
    (Blind.VERDICT, "with the verdict hidden"),
    (REVEALED, "given again after the reveal"),
    (Blind.OPEN, "in the open"),
)


def again(found: Agreement) -> str:
    """That what was said of words that a correction has changed counts, as a sentence; empty where there is none."""
    if not found.again:
        return ""
    claims = f"{_count(found.again, 'claim')} {'has' if found.again == 1 else 'have'}"
    return f"{claims} other words since a correction, to be checked again: what counts was said of the old ones."


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


def _csv_line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
