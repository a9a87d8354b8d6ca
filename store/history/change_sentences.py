"""History in words: one sentence for each change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from store.log.fold import Entry, default_value
from store.log.kinds import KINDS
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.vocabulary import FIELD_WORDS, Decision, field_words, outcome_words

if TYPE_CHECKING:
    from store.scheme import Scheme


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
    if kind in _SECOND and (first or not patch.get("deleted")):
        return _SECOND[kind](patch, {"author": entry.reviewer, **before, **entry.patch}, about, scheme)
    if kind == "reviewers":
        return _of_person(patch, before, first)
    if "deleted" in patch and not first:
        what = _thing(kind, about)
        return f"deleted {what}" if patch["deleted"] else f"brought back {what}"
    words = _CREATED.get(kind) if first else None
    if kind == "comments" and not first and "resolved" in patch:
        return f"{'resolved' if patch['resolved'] else 'opened again'} a thread on {about}"
    if kind in ("evidence", "comments") and not first and "claim" in patch:
        return f"moved {'evidence' if kind == 'evidence' else 'a comment'} to {about}"
    if kind == "verdicts" and "verdict" in patch:
        key = str(patch["verdict"])
        if not key:
            return (
                f"wrote why on {about}" if first and patch.get("justification") else f"took the verdict on {about} back"
            )
        old = str(before.get("verdict") or "")
        instead = f" instead of {scheme.verdict(old).label}" if old and old != key else ""
        return f"gave {about} the verdict {scheme.verdict(key).label}{instead}"
    if kind == "schemes":
        return f"chose the scheme {patch.get('name', '')}"
    if kind == "versions":
        return f"imported version {patch.get('number', '')} of {about}"
    if words:
        return words.format(about=about, quote=quoted(shorten(str(patch.get("quote") or patch.get("body") or ""))))
    if kind == "transfers":
        return _ANSWERED.get(str(entry.patch.get("answer")), "carried {about} over to the corrected text").format(
            about=about or "a sweep"
        )
    if "version" in patch and (kind == "sweeps" or (kind == "claims" and "quote" not in patch)):
        what = about if kind == "claims" else "a sweep"
        return f"carried {what} over to the text as it stands: {quoted(shorten(str(entry.patch.get('quote') or '')))}"
    if kind == "claims" and patch.keys() & {"start", "end"}:
        old, new = (shorten(str(held.get("quote") or "")) for held in (before, entry.patch))
        return f"moved {about} from {quoted(old)} to {quoted(new)}"
    named = {column: FIELD_WORDS[column] for column in patch if column in FIELD_WORDS}
    told = "; ".join(
        f"{_valued(before.get(column))} → {_valued(patch[column])}" for column in named if column != "source"
    )
    what = " and ".join(dict.fromkeys(named.values())) or "details"
    return f"changed the {what} of {_thing(kind, about)}" + (f": {told}" if told else "")


def _of_person(patch: Mapping[str, object], before: Mapping[str, object], first: bool) -> str:
    name = patch.get("name", "")
    if first:
        return f"joined the desk as {name}"
    if name in ("", before.get("name")):  # what an import begins with
        return "brought in records made elsewhere"
    return f"renamed {before.get('name', '')} to {name}"


def taken_along(entry: Entry, about: str, earlier: Sequence[Entry]) -> str:
    """What a correction did to a claim."""
    old = next((one.patch["quote"] for one in reversed(earlier) if "quote" in one.patch), "")
    new = entry.patch.get("quote", "")
    return f"took {about} along to the corrected text" + (f": {quoted(shorten(str(new)))}" if new != old else "")


def _valued(value: object) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return quoted(shorten(words, 40)) if words else "nothing"


def _reviewed(patch: Mapping[str, object], now: Mapping[str, object], about: str, scheme: Scheme) -> str:
    decision = str(now.get("decision", ""))
    named = {
        "about": about,
        "quote": quoted(shorten(str(now.get("quote", "")))),
        "text": quoted(shorten(str(now.get("claim_text", "")))),
    }
    along = {"change_span": now.get("end"), "change_claim_text": now.get("claim_text")}
    told = [decision, *(other for other, proposed in along.items() if proposed and other != decision)]
    known = ((one, _DECISIONS.get(one)) for one in told)
    said = " and ".join(words.format(**named) if words else f"reviewed {about} ({one})" for one, words in known)
    reason = scheme.reason(str(now["reason"])).label if now.get("reason") else ""
    comment = shorten(str(now.get("comment") or ""))
    return said + (f" ({reason})" if reason else "") + (f": {quoted(comment)}" if comment else "")


_DECISIONS = {str(decision): decision.says for decision in Decision}


def _answered(patch: Mapping[str, object], now: Mapping[str, object], about: str, scheme: Scheme) -> str:
    reason = shorten(str(now.get("reason") or ""))
    return f"{now.get('outcome') or 'answered'} what was proposed about {about}" + (
        f": {quoted(reason)}" if reason else ""
    )


def _ticked(patch: Mapping[str, object], now: Mapping[str, object], about: str, scheme: Scheme) -> str:
    if not now.get("mark"):
        return f"took the look at evidence on {about} back"
    reason = scheme.reason(str(now["reason"])).label if now.get("reason") else ""
    return f"{'saw' if now['mark'] == 'seen' else 'doubted'} evidence on {about}" + (f" ({reason})" if reason else "")


def _settled(patch: Mapping[str, object], now: Mapping[str, object], about: str, scheme: Scheme) -> str:
    outcome = str(now.get("outcome", ""))
    said = outcome_words(outcome, str(now.get("chosen") or ""))
    stands = bool(now.get("stands"))
    verdict = f", {scheme.verdict(str(now['verdict'])).label}" if now.get("verdict") and stands else ""
    span = (
        f", on {quoted(shorten(str(now['quote'])))}"
        if stands and now.get("quote") and outcome in ("merged", "own")
        else ""
    )
    absent = "" if stands or outcome == "nothing_here" else ", so it is not in the settled set"
    why = f" ({quoted(shorten(str(now['rationale'])))})" if now.get("rationale") else ""
    return f"settled {about}: {said}{verdict}{span}{absent}{why}"


def _assigned(patch: Mapping[str, object], now: Mapping[str, object], about: str, scheme: Scheme) -> str:
    role = now.get("role")
    if patch.get("reopened"):
        return f"reopened the {role}'s set on {about}"
    if patch.get("state") == "submitted":
        own = now.get("reviewer") in (None, now.get("author"))
        return (
            f"submitted {f'the {role}' if own else now.get('reviewer')}'s set on {about}{'' if own else f' as {role}'}"
        )
    if patch.get("state") == "open" and "article" not in patch:
        return f"opened the {role}'s set on {about} again"
    blind = {"verdict": ", blind to the verdicts", "all": ", blind to all others"}.get(str(now.get("blind")), "")
    if now.get("reviewer") == now.get("author"):
        return f"took {about} as {role}{blind}"
    return f"gave {about} to {now.get('reviewer')} as {role}{blind}"


def _chosen(patch: Mapping[str, object], now: Mapping[str, object], about: str, scheme: Scheme) -> str:
    return f"{now.get('outcome') or 'chose of'} {about}"


_SECOND: Mapping[str, Callable[[Mapping[str, object], Mapping[str, object], str, Scheme], str]] = {
    "reviews": _reviewed,
    "answers": _answered,
    "ticks": _ticked,
    "adjudications": _settled,
    "assignments": _assigned,
    "choices": _chosen,
}
"""How changes of the second review are told: by the new values, all values, what they concern, and the scheme."""


_CREATED = {
    "articles": "added {about}",
    "claims": "tagged {about} {quote}",
    "sweeps": "swept {quote}",
    "evidence": "added evidence to {about}",
    "sources": "added the source {about}",
    "comments": "commented on {about}: {quote}",
    "suggestions": "suggested {about} {quote}",
    "pages": "kept the page that {about} was read from",
}


_ANSWERED = {
    "kept": "kept {about} as it is after its words were changed",
    "judged": "gave {about} its verdict again after its words were changed",
    "retagged": "tagged {about} again after its words were changed",
    "withdrawn": "withdrew {about} after its words were changed",
    "restored": "found the old words of {about} again",
}


def _thing(kind: str, about: str) -> str:
    if kind in ("claims", "articles", "suggestions"):
        return about
    if kind == "sources":
        return f"the source {about}"
    if kind == "sweeps":
        return "a sweep"
    if kind == "verdicts":
        return f"the verdict on {about}"
    return f"{_NAMED.get(kind, 'evidence')} on {about}"


_NAMED = {
    "comments": "a comment",
    "reviews": "the review",
    "answers": "the answer",
    "ticks": "a look at evidence",
    "adjudications": "how it was settled",
    "assignments": "an assignment",
    "choices": "the choice",
}


_UNTOLD = ("version", "prefix", "suffix")


def values_in_words(values: Mapping[str, object], between: str = " · ") -> str:
    """Fields and their values as people read them; a field that was emptied says so."""
    if "deleted" in values:
        return "deleted" if values["deleted"] else "kept"
    said = []
    for name, value in values.items():
        if name not in _UNTOLD:
            text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            said.append(f"{field_words(name)}: {text or '(nothing)'}")
    return between.join(said)
