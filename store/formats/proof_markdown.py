"""The proof in Markdown: the article with its claims numbered, and below it what was found of each; only written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from store.formats.contract import FIELDS, Loss, Options, Spot, Text, Unit
from store.formats.files import Out
from store.formats.outgoing_texts import in_words_seen
from store.formats.proof import confirmed, coverage_of, pieces_with_claims, waits_for
from store.text.markdown import escaped

name = "proof-md"
says = "the proof in Markdown: the article with its claims numbered, and what was found of each"
extensions: tuple[str, ...] = (".md",)
many = False
unit: Unit = "codepoint"
loses = frozenset({"comments", "reviews", "tags", "types", "details", "discontinuous", "time", "language", "lines",
                   "markup", "judge", "settled"})  # fmt: skip
carries = frozenset(FIELDS) - loses
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    with out.file() as file:
        for number, text in enumerate(texts):
            file.write((("\n---\n\n" if number else "") + "".join(_article(text, options))).encode("utf-8", "replace"))
    return []


def _article(text: Text, options: Options) -> Iterator[str]:
    yield f"# {escaped(text.title)}\n\n"
    about = [escaped(part) for part in (text.author, text.publisher, text.published) if part]
    about += [f"<{text.url}>"] if re.fullmatch(r"https?://[^\s<>]+", text.url) else []
    read = coverage_of(text, options)
    yield f"{' · '.join(about)}\n\n" if about else ""
    yield f"*{read.percent} % of its words read · {len(text.spots)} claims · {read.left}*\n\n"
    text = in_words_seen(text)
    yield f"{_marked(text, options)}\n"
    if text.spots:
        yield "\n## Claims\n\n"
        yield from (_claim(number, spot, options) for number, spot in enumerate(text.spots, 1))


def _marked(text: Text, options: Options) -> str:
    """The text with a number behind each claim; the confirmed are struck through, line by line."""
    found = []
    for start, end, inside, ending in pieces_with_claims(text):
        struck = bool(inside) and all(confirmed(spot, options) for spot in inside)
        found.append("\n".join(_line(line, struck) for line in text.text[start:end].split("\n")))
        found += [f"<sup>{number}</sup>" for number in ending]
    return re.sub(r"(?m)^([+\-=]|\d+[.)])", r"\\\1", "".join(found))


def _line(words: str, struck: bool) -> str:
    bare = words.strip()
    if not bare:
        return words
    shown = escaped(bare)
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{before}~~{shown}~~{after}" if struck else f"{before}{shown}{after}"


def _claim(number: int, spot: Spot, options: Options) -> str:
    return f"{number}. " + "\n   ".join(claim_lines(spot, options)) + "\n"


def claim_lines(spot: Spot, options: Options) -> list[str]:
    """A claim in Markdown: what it says with its verdict, why, and a line for each source."""
    kind = options.scheme.verdict(spot.verdict)
    word = f"{kind.glyph} {escaped(kind.label)}" if spot.verdict else "no verdict"
    words = f"{escaped(spot.claim_text)} (“{escaped(spot.quote)}”)" if spot.claim_text else f"“{escaped(spot.quote)}”"
    word += f" · {waiting}" if (waiting := waits_for(spot)) else ""
    who = "".join(f" · {escaped(name)}" for name in (spot.claimant, spot.person) if name)
    found = [f"{words} — **{word}**{who}"]
    found += [f"- {escaped(spot.note)}"] if spot.note else []
    for one in spot.evidence:
        web = re.fullmatch(r"https?://[^\s<>]+", one.url)
        source = f"<{one.url}>" if web else escaped(one.url)
        named = " ".join(filter(None, [escaped(one.title), source])) or "a source"
        more = "".join(f" · {escaped(part)}" for part in (one.publisher, one.published, one.locator, one.note) if part)
        found.append(f"- {one.stance}: {named}{f': “{escaped(one.quote)}”' if one.quote else ''}{more}")
    return found
