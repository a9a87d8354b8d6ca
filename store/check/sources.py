"""Sources: all that evidence is drawn from, which claims cite each, and which have their news from another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store.access import fields
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.evidence import Citations
from store.errors import Refused, Unknown
from store.log.log import Edit
from store.records import Evidence, Source
from store.text import urls
from store.text.find import indexed
from store.text.shorten import shorten

_USES = """
SELECT s.id, row_number() OVER (ORDER BY s.born, s.id) AS number, count(DISTINCT c.id) AS claims,
       count(DISTINCT c.article) AS articles, total(c.id IS NOT NULL AND e.stance = 'supports') AS supports,
       total(c.id IS NOT NULL AND e.stance = 'refutes') AS refutes,
       total(c.id IS NOT NULL AND e.stance = 'context') AS context,
       folded(s.url || ' ' || s.title || ' ' || s.publisher || ' ' || s.origin || ' ' || s.archive_url || ' '
              || coalesce(group_concat(e.quote || ' ' || e.locator || ' ' || e.note, ' '), '')) AS words
FROM sources s
LEFT JOIN evidence e ON e.source = s.id AND e.deleted = 0
LEFT JOIN claims c ON c.id = e.claim AND c.deleted = 0
WHERE s.deleted = 0
GROUP BY s.id
ORDER BY number
"""


class Uses(NamedTuple):
    """How many claims cite a source, and in how many articles."""

    claims: int
    articles: int

    def __str__(self) -> str:
        """In words: ``cited by 7 claims in 2 articles``."""
        if not self.claims:
            return "not cited"
        return f"cited by {self.number}"

    @property
    def number(self) -> str:
        """Both numbers in words: ``7 claims in 2 articles``."""
        claims = f"{self.claims} claim{'s' * (self.claims != 1)}"
        return f"{claims} in {self.articles} article{'s' * (self.articles != 1)}"


class SourceUse(NamedTuple):
    """A source and the use that is made of it. ``number`` is its place in the desk's list, counted from 1."""

    number: int
    source: Source
    claims: int
    articles: int
    supports: int  # pieces of evidence that do
    refutes: int
    context: int

    @property
    def stances(self) -> str:
        """What the evidence from it does, in words: ``2 support, 1 refutes``."""
        told = ((self.supports, "support"), (self.refutes, "refute"))
        said = [f"{n} {word}{'s' * (n == 1)}" for n, word in told if n]
        return ", ".join([*said, *([f"{self.context} context"] if self.context else [])])

    @property
    def cited(self) -> str:
        """Where it is cited, in words: ``cited by 7 claims in 2 articles``."""
        return str(Uses(self.claims, self.articles))


class Sources:
    """All that evidence is drawn from, as far as you may see it."""

    def __init__(self, session: Session, may: Permissions, evidence: Citations) -> None:
        self._session = session
        self._may = may
        self._evidence = evidence

    def all(self, words: str = "") -> list[SourceUse]:
        """The sources of the desk with the use that is made of them, in the order in which they came.

        Args:
            words: only those that say all of these, in their address, title, publisher or origin, or in a passage,
                place or note of evidence from them. Case, diacritics and the kinds of marks do not matter.
        """
        wanted = indexed(words).split()
        known = {source.id: source for source in self._evidence.sources()}
        return [
            SourceUse(
                row["number"], known[row["id"]], row["claims"], row["articles"], int(row["supports"]),
                int(row["refutes"]), int(row["context"]),
            )
            for row in self._session.rows(_USES)
            if all(word in row["words"] for word in wanted)
        ]  # fmt: skip

    def get(self, ref: str) -> SourceUse:
        """A source by its number in `all`, its address, its id or the start of its id, or part of its title.

        Raises:
            Unknown: there is none.
            Refused: several are meant.
        """
        uses = self.all()
        if ref.isdecimal():
            found = [use for use in uses if use.number == int(ref)]
        else:
            here = {source.id for source in self._evidence.sources_at(ref)} if ref else set()
            found = [use for use in uses if use.source.id in here or (len(ref) > 3 and use.source.id.startswith(ref))]
            small = ref.casefold()
            found = found or [use for use in uses if small and small in use.source.title.casefold()]
        if not found:
            raise Unknown(f"There is no source “{shorten(ref, 60)}”: `factdesk sources` lists them.")
        if len(found) > 1:
            numbers = ", ".join(str(use.number) for use in found[:8])
            raise Refused(f"“{shorten(ref, 60)}” means several sources ({numbers}): give the number of one.")
        return found[0]

    def uses(self, source: Source) -> Uses:
        """How many claims cite a source, and in how many articles, as far as you see them."""
        (row,) = self._session.rows(
            "SELECT count(DISTINCT c.id) AS claims, count(DISTINCT c.article) AS articles FROM evidence e"
            " JOIN claims c ON c.id = e.claim WHERE e.source = ? AND e.deleted = 0 AND c.deleted = 0",
            source.id,
        )
        return Uses(row["claims"], row["articles"])

    def cited(self, source: Source) -> list[Evidence]:
        """The evidence drawn from a source, article by article in the order of the text."""
        rows = self._session.rows(
            "SELECT e.id FROM evidence e JOIN claims c ON c.id = e.claim JOIN articles a ON a.id = c.article"
            ' WHERE e.source = ? AND e.deleted = 0 AND c.deleted = 0 ORDER BY a.born, c.start, -c."end", c.id, e.born',
            source.id,
        )
        return [self._evidence.get(row["id"]) for row in rows]

    def merge(self, kept: Source, other: Source) -> SourceUse:
        """Make two sources that are one into one: all evidence cites ``kept``, whose empty fields take what ``other``
        has, and ``other`` goes. One step of undo.

        Raises:
            Refused: they are the same already, evidence of somebody whose set is hidden from you cites ``other``, or
                finished work rests on it.
        """
        if kept.id == other.id:
            raise Refused("These are one source already: name another.")
        with self._session.writing():
            for one in (kept, other):
                self._session.alive("sources", one.id)
            self._may.must_be_changeable("sources", other.id)
            seen = {piece["id"] for piece in self._session.rows(_CITING.format(""), other.id)}
            everyones = {piece["id"] for piece in self._session.rows(_CITING.format("main."), other.id)}
            if seen != everyones:
                raise Refused("Others cite this source, and their set is hidden from you: merge when both are in.")
            filled = {
                name: value for name in fields.SOURCE if not getattr(kept, name) and (value := getattr(other, name))
            }
            edits = [Edit("evidence", id, {"source": kept.id}) for id in sorted(everyones)]
            edits += [Edit("sources", kept.id, filled, kept.heads)] if filled else []
            self._session.write([*edits, Edit("sources", other.id, {"deleted": 1}, other.heads)])
        return next(use for use in self.all() if use.source.id == kept.id)


_CITING = "SELECT id FROM {}evidence WHERE source = ? AND deleted = 0"


def origins(pieces: Iterable[Evidence]) -> tuple[int, int]:
    """How many sources some evidence has, and how many those have their news from.

    Sources with one origin are one; so are a source and those that name its address or title as their origin.
    """
    sources = {piece.source.id: piece.source for piece in pieces if piece.source is not None}
    names = {
        name: source.id for source in sources.values() for name in map(_folded, (source.url, source.title)) if name
    }

    def first(source: Source) -> str:
        seen = {source.id}
        while source.origin:
            named = names.get(_folded(source.origin), "")
            if not named:
                return _folded(source.origin)
            if named in seen:  # they name each other
                return min(seen)
            seen.add(named)
            source = sources[named]
        return source.id

    return len(sources), len({first(source) for source in sources.values()})


def _folded(text: str) -> str:
    return " ".join(urls.canonical(text).casefold().split())


def origins_said(pieces: Iterable[Evidence]) -> str:
    """How many sources some evidence has and how many origins those have, in words; nothing where none is named."""
    many, first = origins(pieces)
    return f"{many} source{'s' * (many != 1)}, {first} origin{'s' * (first != 1)}" if many else ""
