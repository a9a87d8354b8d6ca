"""The kinds of item on a desk, and the parts they merge by.

A part is the smallest thing one edit replaces: columns whose values only mean something together. Two edits of
different parts of one item merge silently; two edits of one part that did not see each other are a conflict.
Tables, merging, history and ``rebuild`` all read this one constant.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

_WHOLE = "number start end deleted resolved reopened stands required settles anyone own_first fetched"
INTEGERS = frozenset(_WHOLE.split())
LISTS = frozenset({"types", "tags", "beside", "redirects", "leaves", "instead"})
TOO_BIG = 2**63
"""The least whole number that SQLite cannot keep."""
DOCUMENTS = frozenset({"seen", "after", "sources"})
"""Columns that keep, as JSON, what somebody had before them."""

REFERENCES: Mapping[str, str] = {
    "article": "articles",
    "version": "versions",
    "claim": "claims",
    "source": "sources",
    "reviewer": "reviewers",
    "whose": "reviewers",
    "chosen": "reviewers",
    "evidence": "evidence",
    "review": "reviews",
    "suggestion": "suggestions",
    "taken": "claims",
    "parent": "versions",
}

Patch = dict[str, object]


class Kind(NamedTuple):
    """One kind of item.

    ``name`` is its table, ``one`` the word for a single one; ``parts`` holds the columns of each part, ``columns`` all
    of them in that order, ``homes`` the part of each column, and ``blank`` what each column holds while it is unset,
    ``unset`` what that reads as in Python.
    ``texts`` are the columns that hold any text, ``lists`` those that hold lists, ``others`` all but ``texts``.
    """

    name: str
    one: str
    parts: Mapping[str, tuple[str, ...]]
    columns: tuple[str, ...]
    homes: Mapping[str, str]
    blank: Patch
    unset: Patch
    texts: frozenset[str]
    lists: tuple[str, ...]
    others: tuple[str, ...]

    def part_of(self, column: str) -> str | None:
        """The part that holds ``column``, or None."""
        return self.homes.get(column)


def _kind(name: str, one: str, **said: str) -> Kind:
    parts = {part: tuple(columns.split()) for part, columns in said.items()} | {"deleted": ("deleted",)}
    homes = {column: part for part, columns in parts.items() for column in columns}
    others = tuple(column for column in homes if column in INTEGERS or column in LISTS or column in DOCUMENTS)
    blank = {column: default(column) for column in homes}
    unset: Patch = {column: [] if column in LISTS else value for column, value in blank.items()}
    lists = tuple(column for column in homes if column in LISTS)
    return Kind(name, one, parts, tuple(homes), homes, blank, unset, frozenset(homes) - {*others}, lists, others)


def default(column: str) -> object:
    """What an unset column holds."""
    return 0 if column in INTEGERS else "[]" if column in LISTS else ""


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("reviewers", "reviewer", who="name"),
        _kind("schemes", "scheme", scheme="name body", review="required settles anyone own_first"),
        _kind(
            "articles",
            "article",
            title="title",
            address="url",
            publication="publisher author published",
            language="language",
            lines="lines",
            markup="markup",
        ),
        _kind("versions", "version", place="article number text parent instead"),
        _kind(
            "pages",
            "page",
            place="version",
            page="address redirects name fetched content_type body settings modified leaves",
        ),
        _kind(
            "claims",
            "claim",
            place="article number",
            span="version start end quote prefix suffix",
            claim_text="claim_text",
            claimant="claimant",
            attribution="attribution",
            check_target="check_target",
            types="types",
            priority="priority",
            tags="tags",
            origin="origin",
            pieces="pieces",
        ),
        _kind("verdicts", "verdict", place="claim reviewer", verdict="verdict justification"),
        _kind(
            "sources",
            "source",
            address="url",
            archive="archive_url retrieved",
            about="title publisher published",
            tier="tier",
            origin="origin",
        ),
        _kind(
            "evidence",
            "evidence",
            place="claim",
            source="source",
            stance="stance",
            passage="quote locator",
            note="note",
        ),
        _kind("sweeps", "sweep", place="article", span="version start end quote"),
        _kind("comments", "comment", place="claim reply_to", body="body", thread="resolved"),
        _kind(
            "reviews",
            "review",
            place="claim reviewer whose",
            decision="decision reason comment blind version start end quote claim_text seen sources",
        ),
        _kind("answers", "answer", place="review reviewer", answer="outcome reason seen after"),
        _kind("ticks", "tick", place="evidence reviewer", tick="mark reason note seen"),
        _kind(
            "adjudications",
            "adjudication",
            place="claim",
            outcome="reviewer outcome chosen stands version start end quote verdict claim_text rationale beside",
        ),
        _kind(
            "assignments",
            "assignment",
            place="article reviewer role",
            terms="blind whose",
            state="state reopened version unread",
        ),
        _kind(
            "suggestions",
            "suggestion",
            place="article",
            span="version start end quote prefix suffix",
            said="label claim_text note confidence",
            origin="origin",
            pieces="pieces",
        ),
        _kind("choices", "choice", place="suggestion reviewer", choice="outcome taken own_pass"),
        _kind("transfers", "transfer", place="item kind version", found="outcome reason before", answer="answer"),
    )
}

CHILDREN: Mapping[str, tuple[str, ...]] = {
    "articles": ("claims", "sweeps", "assignments", "suggestions"),
    "claims": ("verdicts", "evidence", "comments", "reviews", "adjudications"),
    "evidence": ("ticks",),
    "reviews": ("answers",),
    "suggestions": ("choices",),
}
"""What hangs on an item: the kinds whose column named like the parent points at it."""

PARENTS: Mapping[str, str] = {
    "versions": "articles",
    "transfers": "versions",
    "pages": "versions",
    **{child: parent for parent, children in CHILDREN.items() for child in children},
}
"""What a kind hangs on. Every way up leads to the articles; sources, schemes and people hang on nothing."""

SPANS = ("claims", "sweeps", "suggestions", "reviews", "adjudications")
"""The kinds that lie on the text of a version, and go along when the text is corrected."""

CAREFUL: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("assignments", "terms"): ("blind", "", "open", "verdict", "all"),
    ("assignments", "state"): ("state", "submitted", "", "open"),
}
"""Parts of which, while they are contested, not the newest value stands but the one that hides most: by kind and part,
the column that tells, and its values from the one that hides least."""

JUDGEMENTS = ("reviews", "answers", "ticks", "adjudications")
"""What people say of each other's work. It stays when the item it hangs on is deleted, and is hidden with it."""


def type_of(column: str) -> type:
    """The type of all values that may stand in the column."""
    return int if column in INTEGERS else list if column in LISTS else str


def fits(column: str, value: object) -> bool:
    """Whether a value read from somebody's log may stand in the column."""
    if type(value) is str:  # as nearly all are
        return column not in INTEGERS and column not in LISTS and (column not in DOCUMENTS or _document(column, value))
    if column in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool) and -TOO_BIG <= value < TOO_BIG
    return column in LISTS and _texts(value)


def all_fit(column: str, values: Sequence[Any]) -> bool:
    """Whether each of many values may stand in the column; as `fits`, and faster where a column's type says it all."""
    if column in LISTS or column in DOCUMENTS:
        return all(fits(column, value) for value in values)
    if {*map(type, values)} != {type_of(column)}:
        return False
    return column not in INTEGERS or (fits(column, min(values)) and fits(column, max(values)))


def _document(column: str, said: str) -> bool:
    """Whether a text is what such a column keeps: nothing, or the JSON that those who look at it rely on."""
    if not said:
        return True
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        return False
    if column == "sources":
        return isinstance(value, list) and all(_texts(row) for row in value)
    if column == "seen" and isinstance(value, list):
        return _texts(value) or _answered(value)
    return _state(value)


def _state(value: object) -> bool:
    """Whether it is a claim as somebody saw it, as ``staleness.STATES`` makes it."""
    return (
        isinstance(value, dict)
        and all(type(value.get(name)) is int for name in ("start", "end"))
        and all(isinstance(value.get(name), str) for name in ("quote", "claim_text"))
        and all(isinstance(value.get(name, ""), str) for name in ("verdict", "justification"))
        and _texts(value.get("types"))
    )


def _answered(value: list[object]) -> bool:
    """Whether it is a review as it was answered: seven of its values, and what its reviewer had seen.

    Factdesk 0.2 kept five of them.
    """
    if len(value) == 5:
        return type(value[1]) is type(value[2]) is int and _texts([value[0], *value[3:]])
    if len(value) != 8:
        return False
    start, end, seen = value[3], value[4], value[7]
    words = [*value[:3], *value[5:]]
    return type(start) is type(end) is int and _texts(words) and (not seen or _document("after", str(seen)))


def _texts(value: object) -> bool:
    return isinstance(value, list) and {*map(type, value)} <= {str}
