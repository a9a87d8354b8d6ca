"""Desks and texts to be written in every format, and files to be read back from memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from store.desk import Desk
from store.formats.articles.plaintext import mended
from store.formats.contract import Cited, Format, Options, Said, Spot, Text
from store.formats.files import File, Files, Out, Problem
from store.formats.offsets import Ruler, recounted
from store.scheme import load
from store.text import anchor, units
from tests.kit.hostile import hostile_texts

STORY = (
    "😀 The city closes 41 schools, said the mayor on Monday.\n\n"
    "“Nobody was asked”, Bea wrote.\r\n\r\nIt cost 3 m. مرحبا بالعالم. She has\ta plan | [x] <b>.\n"
)
"""An article with an emoji, line ends of two kinds, letters from right to left, and the marks that formats use."""


def a_full_desk(desk: Desk) -> None:
    """Two people's claims: nested, crossing, on the same words, with all that hangs on a claim; Ana is to be at it."""
    text, _ = mended(STORY)
    article = desk.articles.add(
        text, title="Schools | 41", url="https://paper.example/a?b=1&c=2", language="en", publisher="The Paper",
        author="Eva Ink", published="2025-02-20",
    )  # fmt: skip

    def span(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    city = desk.claims.tag(article, *span("The city closes 41 schools"), claim_text="41 schools close.",
                           claimant="the mayor", attribution="paraphrase", types=["quantity"], priority="high",
                           tags=["schools", "a;b"])  # fmt: skip
    desk.evidence.add(city, "supports", url="https://city.example/list", title="The list; all", quote="41 in\nall",
                      locator="p. 2", note="as of May", publisher="City", published="2025-01",
                      tier="primary")  # fmt: skip
    desk.evidence.add(city, "context", title="A letter without an address")
    desk.verdicts.give(city, "supported", "Ana counted them:\n“41” | tab\t.")
    desk.claims.tag(article, *span("41 schools"))
    desk.claims.tag(article, *span("schools, said the mayor on Monday"))
    nobody = desk.claims.tag(article, *span("Nobody was asked"))
    desk.verdicts.give(nobody, "not_checkable", "")
    desk.threads.comment(city, "Ana asks Bo Ek: is it 41?")
    desk.sweeps.add(article, *span("It cost 3 m."))
    desk.be("Bo Ek")
    same = desk.claims.tag(article, *span("41 schools"), own=True)
    desk.verdicts.give(same, "refuted", "Only 40.")
    desk.evidence.add(same, "refutes", url="https://city.example/list")
    desk.claims.tag(article, *span("مرحبا بالعالم"))
    desk.reviews.decide(city.id, "agree", comment="Bo Ek is fine with it.")
    desk.be("Ana")
    desk.articles.add("A *second* article, read by nobody.", title="Empty", markup="markdown", lines="wrapped")


def options(format: Format, **said: str) -> Options:
    return Options(load("desk"), format.unit, said)


def written(format: Format, texts: Iterable[Text], **said: str) -> dict[str, bytes]:
    """The files of some texts, by name."""
    found: dict[str, bytes] = {}

    @contextmanager
    def file(name: str) -> Any:
        held = io.BytesIO()
        yield held
        found[name or f"file{format.extensions[0]}"] = held.getvalue()

    format.write(map(lambda text: in_unit(format, text), texts), Out(file), options(format, **said))
    return found


def unpacked(body: bytes) -> str:
    """The words of a file, or of the parts of a packed one."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "".join(archive.read(one).decode() for one in archive.namelist())


def in_unit(format: Format, text: Text) -> Text:
    if format.unit == "none":
        return text
    ruler = Ruler(text.text, format.unit)
    spots, sweeps = (tuple(recounted(spot, ruler) for spot in some) for some in (text.spots, text.sweeps))
    return text._replace(spots=spots, sweeps=sweeps)


def files(data: Mapping[str, bytes]) -> Files:
    return Files(File(name, lambda held=held: io.BytesIO(held)) for name, held in data.items())  # type: ignore[misc]


def found(format: Format, data: Mapping[str, bytes], **said: str) -> list[Text | Problem]:
    return list(format.read(files(data), options(format, **said)))


def brought_to(desk: Desk, format: Any, data: Mapping[str, bytes], folder: Path, **said: Any) -> Any:
    """Import files of a format, through a folder where it has several."""
    for name, held in data.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(held)
    return format.read(desk, folder if format.folder else folder / next(iter(data)), **said)


@st.composite
def some_texts(draw: st.DrawFn) -> list[Text]:
    """Articles of hostile text, with spots on whole characters: nested, crossing and equal ones."""
    made = []
    for number in range(draw(st.integers(1, 2))):
        raw, _ = mended(draw(hostile_texts(12)))
        body = f"{number} {raw}"
        spots = []
        for key in range(draw(st.integers(0, 4))):
            start, end = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
            start, end = units.snap(body, start, max(start, end))
            if start < end and not body[start:end].isspace():
                place = anchor.make(body, start, end)
                spots.append(draw(_spots(f"{number}k{key}", *place)))
        spots.sort(key=lambda spot: (spot.start, spot.end, spot.key))
        made.append(Text(f"a{number}", body, draw(_LINES), f"https://a.example/{number}", spots=tuple(spots)))
    return made


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)
_LINES = st.sampled_from(["", "A title", "Ti\ttle | «x»", "e\u0301 😀"])


def _spots(key: str, start: int, end: int, quote: str, prefix: str, suffix: str) -> st.SearchStrategy[Spot]:
    cited = st.tuples(st.sampled_from(["supports", "refutes", "context"]), _WORDS).map(
        lambda said: Cited(said[0], said[1], url="https://b.example")
    )
    heard = _WORDS.filter(str.strip).map(lambda words: Said(words, "Bo"))
    where = {"key": key, "start": start, "end": end, "quote": quote, "prefix": prefix, "suffix": suffix}
    return st.fixed_dictionaries(
        {
            "verdict": st.sampled_from(["", "supported", "refuted"]),
            "note": _WORDS,
            "claim_text": _WORDS,
            "person": st.sampled_from(["", "Ana", "Bo Ek"]),
            "evidence": st.lists(cited, max_size=2).map(tuple),
            "comments": st.lists(heard, max_size=1).map(tuple),
        }
    ).map(lambda said: Spot(**where, **said))


def written_as_read(format: Format, texts: Iterable[Text], **said: str) -> dict[str, bytes]:
    """The files of texts whose offsets are in the format's unit already."""
    return written(_Counted(format), texts, **said)


class _Counted:
    """A format that is given offsets as it counts them."""

    unit = "none"

    def __init__(self, format: Format) -> None:
        self._format = format

    def __getattr__(self, name: str) -> Any:
        return getattr(self._format, name)
