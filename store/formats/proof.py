"""The proof: an article as an editor reads it, every claim numbered in the text and told below it.

One page of HTML that needs nothing else, to be shown or printed: the words of each claim are underlined, and struck
through once they are supported; what nobody has read is shaded; a bar shows how much is read. Below the text stands
each claim with its verdict, the reason and the sources. It is only written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from store.formats.contract import FIELDS, Loss, Options, Spot, Text, Unit
from store.formats.files import Out
from store.formats.outgoing_texts import in_words_seen
from store.text.coverage import Coverage, Hold, coverage
from store.text.sentences import sentences
from store.text.shown_text import as_seen
from store.text.units import Span

name = "proof"
says = "the proof as one web page to be printed: the article with its claims numbered, and what was found of each"
extensions: tuple[str, ...] = (".html",)
many = False
unit: Unit = "codepoint"
loses = frozenset({"comments", "reviews", "tags", "types", "details", "discontinuous", "time", "lines", "markup",
                   "judge", "settled"})  # fmt: skip
carries = frozenset(FIELDS) - loses
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}

_STYLE = """
:root { color-scheme: light; }
body { font: 17px/1.6 Georgia, "Noto Serif", serif; max-width: 46em; margin: 2em auto; padding: 0 1.2em; color: #1c1c1c;
  background: #fff; }
h1 { font-size: 1.5em; line-height: 1.25; } h2 { font-size: 1.1em; margin-top: 2em; break-after: avoid; }
.about, .key { color: #5a5a5a; font-size: .85em; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.claim { text-decoration: underline; text-decoration-thickness: .12em; text-underline-offset: .18em; }
.done { text-decoration: line-through; color: #5a5a5a; }
.open { background: #fdecc8; } .unread { background: #ececec; }
sup { font: 700 .65em/1 system-ui, sans-serif; padding: 0 .1em; color: #0a4c8c; } sup a { text-decoration: none; }
.bar { display: flex; height: .8em; border: 1px solid #999; margin: .4em 0; }
.bar span { display: block; height: 100%; } .bar .checked { background: #0a4c8c; } .bar .tagged { background: #e8a33d; }
.bar .swept { background: #8fb4d9; }
table { border-collapse: collapse; width: 100%; font-size: .88em; } td, th { text-align: left; vertical-align: top;
  padding: .45em .5em; border-top: 1px solid #ccc; overflow-wrap: anywhere; }
th { font-weight: 700; white-space: nowrap; } td.word { white-space: nowrap; font-weight: 700; }
td.who { overflow-wrap: normal; } a { color: #0a4c8c; }
article + article { break-before: page; margin-top: 4em; }
tr { break-inside: avoid; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } .bar, .open, .unread, .bar span {
  print-color-adjust: exact; -webkit-print-color-adjust: exact; } a { color: inherit; } }
"""


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    with out.file() as file:
        head = '<!doctype html>\n<html><head><meta charset="utf-8"><title>Proof</title>'
        size = '<meta name="viewport" content="width=device-width, initial-scale=1">'
        file.write(f"{head}{size}<style>{_STYLE}</style></head><body>\n".encode())
        for text in texts:
            file.write("".join(_article(text, options)).encode("utf-8", "replace"))
        file.write(b"</body></html>\n")
    return []


def _article(text: Text, options: Options) -> Iterator[str]:
    language = f' lang="{escape(text.language)}"' if text.language else ""
    yield f"<article{language}>\n<h1 dir='auto'>{_plain(text.title)}</h1>\n"
    about = [_plain(part) for part in (text.author, text.publisher, text.published) if part]
    about += [_link(text.url)] if text.url else []
    yield f"<p class='about'>{' · '.join(about)}</p>\n"
    read = coverage_of(text, options)
    seen = as_seen(text.text, text.markup)
    unread = [seen.places(place.start, place.end) for place in read.residue]
    text = in_words_seen(text)
    yield _bar(text, read)
    yield f"<p class='text' dir='auto'>{''.join(_marked(text, unread, options))}</p>\n"
    if text.spots:
        heads = "".join(f"<th>{head}</th>" for head in ("", "Claim", "Verdict", "Sources and why", "Who"))
        yield f"<h2>Claims</h2>\n<table><thead><tr>{heads}</tr></thead>\n"
        yield from (_row(number, spot, options) for number, spot in enumerate(text.spots, 1))
        yield "</table>\n"
    yield "</article>\n"


def coverage_of(text: Text, options: Options) -> Coverage:
    """How much of an article is read: a claim counts as checked once it has a verdict."""
    held = [(spot.start, spot.end, Hold.CHECKED if spot.verdict else Hold.TAGGED) for spot in text.spots]
    held += [(sweep.start, sweep.end, Hold.SWEPT) for sweep in text.sweeps]
    seen = as_seen(text.text, text.markup)
    parted = [seen.fit(*span) for span in sentences(seen.masked, text.language)]
    return coverage(seen, parted, held, options.scheme.leftover_words)


def _bar(text: Text, read: Coverage) -> str:
    parts = "".join(
        f"<span class='{kind}' style='width:{100 * words / max(read.words, 1):.1f}%'></span>"
        for kind, words in (("checked", read.words_checked), ("tagged", read.words_tagged), ("swept", read.words_swept))
    )
    told = f"{read.percent} % of its words read · {len(text.spots)} claims · "
    told += f"{sum(bool(spot.verdict) for spot in text.spots)} with a verdict · {read.left}"
    key = "bar: blue in claims, amber without a verdict, light blue read; underlined: a claim; "
    key += "struck through: confirmed; amber: no verdict yet, or to be looked at again; grey: nobody has read it"
    bar = f"<div class='bar' role='img' aria-label='{read.percent} % read'>{parts}</div>"
    return f"{bar}<p class='key'>{told}<br>{key}</p>\n"


def _marked(text: Text, unread: list[Span], options: Options) -> Iterator[str]:
    """The text, cut wherever a claim or an unread stretch begins or ends."""
    unread = sorted(unread)
    edges = {edge for place in unread for edge in place}
    reach = 0
    left = iter([*unread, (len(text.text) + 1, 0)])
    here = next(left)
    for start, end, inside, ending in pieces_with_claims(text, edges):
        while here[0] <= start:
            reach, here = max(reach, here[1]), next(left)
        yield _piece(text.text[start:end], inside, end <= reach, options)
        yield "".join(f"<sup><a href='#c{number}'>{number}</a></sup>" for number in ending)


def pieces_with_claims(
    text: Text, more: Iterable[int] = ()
) -> Iterator[tuple[int, int, Collection[Spot], Sequence[int]]]:
    """The text cut wherever a claim begins or ends, and at ``more``: each piece with its claims, and which end there.

    Those that end are told by their numbers, from 1 in the order in which they stand.
    """
    begin: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for number, spot in enumerate(text.spots, 1):
        begin[spot.start].append(number)
        ends[spot.end].append(number)
    inside: dict[int, Spot] = {}
    for start, end in pairwise(sorted({0, len(text.text), *begin, *ends, *more})):
        for number in ends.get(start, ()):
            inside.pop(number, None)
        for number in begin.get(start, ()):
            inside[number] = text.spots[number - 1]
        yield start, end, inside.values(), ends.get(end, ())


def _piece(words: str, inside: Collection[Spot], unread: bool, options: Options) -> str:
    kinds = []
    if inside:
        kinds.append("claim")
        if not all(spot.verdict and not spot.waits for spot in inside):
            kinds.append("open")
        elif all(confirmed(spot, options) for spot in inside):
            kinds.append("done")
    elif unread:
        kinds.append("unread")
    return f"<span class='{' '.join(kinds)}'>{_plain(words)}</span>" if kinds else _plain(words)


def confirmed(spot: Spot, options: Options) -> bool:
    """Whether the scheme rates the claim's verdict as its best, and nothing waits on it: it is struck off."""
    scale = options.scheme.rating_scale
    rating = options.scheme.verdict(spot.verdict).rating if spot.verdict else None
    return rating is not None and scale is not None and rating == scale.best and not spot.waits


def waits_for(spot: Spot) -> str:
    """What waits on a claim, with its sign; empty when nothing does."""
    return " · ".join(_WAITING[what] for what in spot.waits)


_WAITING = {
    "conflict": "≠ contested: two people's values wait to be settled",
    "check_again": "! its words were changed by a correction: check again",
}


def _row(number: int, spot: Spot, options: Options) -> str:
    kind = options.scheme.verdict(spot.verdict)
    word = f"{escape(kind.glyph)} {escape(kind.label)}" if spot.verdict else "– no verdict"
    word += f"<br><b>{escape(waiting)}</b>" if (waiting := waits_for(spot)) else ""
    words = _plain(spot.claim_text or spot.quote)
    words += f"<br><small>“{_plain(spot.quote)}”</small>" if spot.claim_text else ""
    words += f"<br><small>says {_plain(spot.claimant)}</small>" if spot.claimant else ""
    found = [_plain(spot.note)] if spot.note else []
    for one in spot.evidence:
        source = _link(one.url, one.title) if one.url else _plain(one.title or "a source")
        more = " · ".join(_plain(part) for part in (one.publisher, one.published, one.locator, one.note) if part)
        quoted = f": “{_plain(one.quote)}”" if one.quote else ""
        found.append(f"<b>{escape(one.stance)}</b> {source}{quoted}{f' <small>{more}</small>' if more else ''}")
    told = "<br>".join(found)
    return (
        f"<tr id='c{number}'><th>{number}</th><td dir='auto'>{words}</td><td class='word'>{word}</td>"
        f"<td dir='auto'>{told}</td><td class='who'>{_plain(spot.person)}</td></tr>\n"
    )


def _link(url: str, title: str = "") -> str:
    """A link, if the address is one of the web; anything else is shown and cannot be followed."""
    if not re.match("https?://", url):
        return _plain(title or url)
    return f"<a href='{escape(url)}' rel='noreferrer'>{_plain(title or url)}</a>"


def _plain(words: str) -> str:
    """Words as they may stand in the page: no mark-up, and no controls that would turn what stands around them."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "\ufffd", escape(words))
