"""A reviewer's summary as a file: Markdown, ready to be filed or sent, or JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from store.formats.json_value import json_value
from store.log.atomic_write import whole_file
from store.review.summary import Passage, Summary, said_of
from store.scheme import Scheme
from store.text.coverage import left_in_words
from store.text.markdown import escaped
from store.text.shorten import shorten


def write(found: Summary, scheme: Scheme, to: Path) -> None:
    """Write a summary: as JSON where the name ends in .json, else as Markdown.

    Raises:
        Refused: the file cannot be written.
    """
    if to.suffix.lower() == ".json":
        text = json.dumps(json_value(found), ensure_ascii=False, indent=2) + "\n"
    else:
        text = markdown(found, scheme)
    with whole_file(to) as file:
        file.write(text.encode("utf-8"))


def markdown(found: Summary, scheme: Scheme) -> str:
    """The summary as Markdown, ready to be filed or sent."""
    return "\n".join(_markdown(found, scheme)) + "\n"


def _markdown(found: Summary, scheme: Scheme) -> Iterator[str]:
    yield f"# Review of {escaped(found.article.title)}"
    yield ""
    yield f"{escaped(found.reviewer)} reviewed {found.reviewed} of {found.claims} claims by {escaped(by_whom(found))}."
    state = "submitted" if found.submitted else "not submitted yet"
    yield f"Blind level: {found.blind}; {state}."
    yield ""
    yield f"Read {found.read}. Checked {found.checked}."
    yield ""
    yield "| decision | claims | which |"
    yield "|---|--:|---|"
    for decision, claims in (*found.decided, ("stale", found.stale)):
        if claims:
            names = ", ".join(one.claim.name for one in claims)
            yield f"| {decision.replace('_', ' ')} | {len(claims)} | {names} |"
    if found.unreviewed:
        names = ", ".join(claim.name for claim in found.unreviewed)
        yield f"| not reviewed | {len(found.unreviewed)} | {names} |"
    for title, proposals in (("In dispute", found.disputes), ("Changed after the review", found.stale)):
        if proposals:
            yield from ("", f"## {title}", "")
            for claim, review in proposals:
                words = said_of(review, scheme)
                decided = review.decision.replace("_", " ")
                yield f"- {claim.name} “{escaped(shorten(claim.quote))}”: {decided}" + (
                    f": {escaped(words)}" * bool(words)
                )
    yield from ("", "## Not read yet", "")
    yield from _unread(left_in_words(found.open_sentences, found.leftovers), found.residue)
    for left in found.left_unread:
        yield from ("", f"## Left unread by {escaped(left.checker)} when they submitted", "")
        yield from _unread(left.words, left.passages)
    if found.changed_since_submitted:
        yield from ("", "## Changed after submission", "")
        yield from (f"- {escaped(one.words)}" for one in found.changed_since_submitted)
    for one in found.agreement:
        yield from ("", f"## Agreement of {escaped(' and '.join(one['people']))}", "")
        yield from ("| measure | value | n | n counts |", "|---|--:|--:|---|")
        for figure in one["figures"]:
            yield f"| {figure['words']} | {value_of(figure)} | {figure['n']} | {figure['unit']} |"
    if found.left_out:
        yield from ("", f"Not submitted, and so not compared: {escaped(', '.join(found.left_out))}.")


def _unread(words: str, passages: Iterable[Passage]) -> Iterator[str]:
    yield f"{words[0].upper()}{words[1:]}."
    rows = [f"- {escaped(shorten(one.quote, 400))}" + " (leftover)" * (one.kind == "leftover") for one in passages]
    yield from ["", *rows] if rows else []


def value_of(figure: Mapping[str, Any]) -> str:
    """A figure's value to three places, or why there is none."""
    return f"n/a ({figure['why']})" if figure["value"] is None else f"{figure['value']:.3f}"


def by_whom(found: Summary) -> str:
    """Whose claims were reviewed, in words."""
    *most, last = found.checkers or (found.whose or "others",)
    return f"{', '.join(most)} and {last}" if most else last
