"""History in words: one sentence for each change."""

from __future__ import annotations

from collections.abc import Sequence

from store.log import Entry, default_value
from store.parts import KINDS
from store.scheme import Scheme

_FIELDS = {
    "claim_text": "claim text",
    "claimant": "claimant",
    "attribution": "attribution",
    "check_target": "check target",
    "types": "types",
    "priority": "priority",
    "tags": "tags",
    "title": "title",
    "url": "URL",
    "publisher": "publisher",
    "author": "author",
    "published": "date",
    "language": "language",
    "archive_url": "archive URL",
    "retrieved": "date of retrieval",
    "tier": "tier",
    "origin": "origin",
    "stance": "stance",
    "quote": "quoted passage",
    "locator": "locator",
    "note": "note",
    "source": "source",
    "body": "words",
    "justification": "justification",
}


def shorten(text: str, length: int = 60) -> str:
    """The beginning of a text on one line, at most ``length`` code points."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def sentence(entry: Entry, about: str, earlier: Sequence[Entry], scheme: Scheme) -> str:
    """What a change did. ``about`` names what it concerns; ``earlier`` are the item's changes before."""
    kind, first = entry.kind, not earlier
    before: dict[str, object] = {}
    for change in earlier:
        before |= change.patch
    patch = {
        column: value
        for column, value in entry.patch.items()
        if first or before.get(column, default_value(column)) != value
    }
    patch = patch or dict(entry.patch)
    if kind not in KINDS:
        return f"changed something only a newer factdesk knows ({kind})"
    if "deleted" in patch and not first:
        what = _thing(kind, about)
        return f"deleted {what}" if patch["deleted"] else f"brought back {what}"
    words = _CREATED.get(kind) if first else None
    if kind == "verdicts" and "verdict" in patch:
        key = str(patch["verdict"])
        if not key:
            return (
                f"wrote why on {about}" if first and patch.get("justification") else f"took the verdict on {about} back"
            )
        return f"gave {about} the verdict {scheme.verdict(key).label}"
    if kind == "schemes":
        return f"chose the scheme {patch.get('name', '')}"
    if kind == "reviewers":
        return f"joined the desk as {patch.get('name', '')}" if first else "brought in records made elsewhere"
    if kind == "versions":
        return f"imported version {patch.get('number', '')} of {about}"
    if words:
        return words.format(about=about, quote=shorten(str(patch.get("quote") or patch.get("body") or "")))
    if kind == "claims" and patch.keys() & {"start", "end"}:
        return f"moved {about} to “{shorten(str(entry.patch.get('quote', '')))}”"
    named = dict.fromkeys(_FIELDS[column] for column in patch if column in _FIELDS)
    return f"changed the {' and '.join(named) or 'details'} of {_thing(kind, about)}"


_CREATED = {
    "articles": "added {about}",
    "claims": "tagged {about} “{quote}”",
    "sweeps": "swept “{quote}”",
    "evidence": "added evidence to {about}",
    "sources": "added the source {about}",
    "comments": "commented on {about}: “{quote}”",
}


def _thing(kind: str, about: str) -> str:
    if kind in ("claims", "articles"):
        return about
    if kind == "sources":
        return f"the source {about}"
    if kind == "sweeps":
        return "a sweep"
    if kind == "verdicts":
        return f"the verdict on {about}"
    return f"{'a comment' if kind == 'comments' else 'evidence'} on {about}"
