"""Citing: the evidence on claims, and the sources it is drawn from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from store.access import fields
from store.access.fields import clean
from store.access.permissions import SUBMITTED, Permissions
from store.access.session import Row, Session
from store.check.articles import Articles
from store.check.claims import Claims
from store.errors import Refused, Unknown
from store.log import clock
from store.log.log import Edit
from store.records import Claim, Evidence, Source, id_of
from store.text import urls
from store.vocabulary import Blind, Role, Stance


class Citations:
    """The evidence on claims, and the sources it is drawn from."""

    def __init__(self, session: Session, may: Permissions, articles: Articles, claims: Claims) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims

    def add(
        self,
        claim: Claim | str,
        stance: str,
        *,
        url: str = "",
        quote: str = "",
        locator: str = "",
        note: str = "",
        **source_fields: str,
    ) -> Evidence:
        """Add evidence to a claim. A URL already known reuses its source; its fields are filled in.

        Args:
            claim: the claim.
            stance: supports, refutes or context.
            url: where the source is; may be empty for one that has no address.
            quote: the source's own passage, verbatim.
            locator: where it stands: page, paragraph, time stamp.
            note: anything else.
            **source_fields: archive_url, title, publisher, published, retrieved, tier, origin.
        """
        said = {"stance": stance, "quote": quote, "locator": locator, "note": note}
        values = fields.checked(said, fields.EVIDENCE)
        with self._session.writing():
            about = self._claims.seen(claim)
            self._session.alive("claims", about.id)
            self._may.claim_must_be_open(about.id)
            values |= {"claim": about.id, "source": self._source_for({"url": url, **source_fields}, about.article)}
            written = self._session.write([Edit("evidence", None, values)])
        return self.get(written.items[0])

    def repeat(self, claim: Claim | str, like: Claim | str) -> list[Evidence]:
        """Cite for a claim the sources that you cite for another, with their stances; what is cited already is left.

        The passage, where it stands and the note are of each claim's own and stay empty.
        """
        claim = self._claims.seen(claim)
        cited = {(piece.source.id, piece.stance) for piece in self.of(claim) if piece.source}
        edits = []
        with self._session.writing() as me:
            self._session.alive("claims", claim.id)
            self._may.claim_must_be_open(claim.id)
            for piece in self.of(like):
                if piece.source and piece.by.id == me and (piece.source.id, piece.stance) not in cited:
                    cited.add((piece.source.id, piece.stance))
                    values = {"claim": claim.id, "source": piece.source.id, "stance": piece.stance}
                    edits.append(Edit("evidence", None, {**values, "quote": "", "locator": "", "note": ""}))
            written = self._session.write(edits).items if edits else ()
        return [self.get(id) for id in written]

    def edit(self, evidence: Evidence, **details: str) -> Evidence:
        """Change stance, quote, locator or note; with fields of a source, cite that source instead."""
        with self._session.writing():
            self._session.alive("evidence", evidence.id)
            self._may.must_be_mine(evidence.claim, evidence.by.id)
            source = {name: details.pop(name) for name in fields.SOURCE if name in details}
            values = fields.checked(details, fields.EVIDENCE)
            if "stance" in values:
                self._may.must_not_need(evidence.id, str(values["stance"]))
            if source:
                values["source"] = self._source_for(source, self._claims.get(evidence.claim).article)
            self._session.write([Edit("evidence", evidence.id, values, evidence.heads)])
        return self.get(evidence.id)

    def revise(self, evidence: Evidence, *, only_here: bool = False, **details: str) -> Evidence:
        """Change a piece of evidence, and what is known of its source, for all evidence that cites it.

        With another ``url`` it cites another source, and the fields given are that source's.

        Args:
            evidence: the piece.
            only_here: change the source for this piece alone, as `cite_apart` does.
            **details: stance, quote, locator or note, and fields of its source.

        Raises:
            Refused: it has no source, and no url is given.
        """
        known = {name: details.pop(name) for name in fields.SOURCE if name != "url" and name in details}
        with self._session.writing():
            if details:
                evidence = self.edit(evidence, **details)
            if known and evidence.source is None:
                raise Refused("This evidence names no source yet: give its --url as well.")
            if known and only_here:
                return self.cite_apart(evidence, **known)
            if known and evidence.source is not None:
                self.edit_source(evidence.source, **known)
        return self.get(evidence.id)

    def edit_source(self, source: Source, **details: str) -> Source:
        """Change what is known of a source, for every piece of evidence that cites it.

        Raises:
            Refused: others cite it too, and your own set is blind to theirs until both are submitted; or their
                work that rests on it is finished, and the change is not of a field that was empty.
        """
        with self._session.writing():
            self._session.alive("sources", source.id)
            if self._tells(source.id):
                raise Refused("Others cite this source, and your set is hidden from them: change it when both are in.")
            values = fields.checked(details, fields.SOURCE)
            if any(self._filled(source.id, name, value) for name, value in values.items()):
                self._may.must_be_changeable("sources", source.id)
            self._session.write([Edit("sources", source.id, values, source.heads)])
        found = self._source_by_id(source.id)
        assert found is not None
        return found

    def cite_apart(self, evidence: Evidence, **details: str) -> Evidence:
        """Change what is known of the source of this piece of evidence alone: it cites a new source, which holds what
        the old one does and these details. All other evidence keeps the old one.

        Raises:
            Refused: the evidence names no source, or it cannot be changed.
        """
        held = evidence.source
        if held is None:
            raise Refused("This evidence names no source yet: give its --url as well.")
        values = {name: getattr(held, name) for name in fields.SOURCE} | fields.checked(details, fields.SOURCE)
        with self._session.writing():
            self._session.alive("evidence", evidence.id)
            self._may.must_be_mine(evidence.claim, evidence.by.id)
            (own,) = self._session.write([Edit("sources", None, values)]).items
            self._session.write([Edit("evidence", evidence.id, {"source": own}, evidence.heads)])
        return self.get(evidence.id)

    # -- filled in a field at a time --------------------------------------------------------------------------

    def wanted_stance(self, claim: Claim) -> str:
        """What new evidence most likely does: what the claim's verdict still asks for, else no more than context."""
        stances = [piece.stance for piece in self.of(claim)]
        asked = self._session.scheme.verdict(claim.verdict).requires_stance if claim.verdict else ()
        return next((stance for stance in asked if stance not in stances), Stance.CONTEXT.value)

    def fill_in(
        self, claim: Claim, evidence: Evidence | None, name: str, value: str, *, stance: str, begun: bool
    ) -> tuple[Evidence, bool]:
        """Write one field of a piece of evidence, or of its source.

        A source that other claims cite is changed for them too. One that was begun with this piece, or has no
        address yet, gets the address that is given; else another address is another source. The day on which an
        address is first given is when it was retrieved.

        Args:
            claim: the claim that it is about.
            evidence: the piece as it stands; None makes it.
            name: the field.
            value: what it is to hold.
            stance: the stance of a piece that is made by another field.
            begun: whether its source was made with this piece.

        Returns:
            The piece as it then stands, and whether its source was made with it.

        Raises:
            Refused: the field cannot hold that, or the claim cannot be changed; then nothing is written.
        """
        with self._session.writing():
            if evidence is None:
                said = {} if name == "stance" else {name: value}
                known = {source.id for source in self.sources_at(value)} if name == "url" else set()
                evidence = self.add(claim, value if name == "stance" else stance, **said)
                begun = evidence.source is not None and evidence.source.id not in known
            elif name == "url":
                evidence, begun = self._cite(evidence, value, begun)
            elif name in fields.EVIDENCE:
                evidence = self.edit(evidence, **{name: value})
            elif evidence.source is None:
                evidence, begun = self.edit(evidence, **{name: value}), True
            else:
                self.edit_source(evidence.source, **{name: value})
            source = self.get(evidence.id).source
            if name == "url" and source is not None and source.url and not source.retrieved:
                self.edit_source(source, retrieved=date.today().isoformat())
        return self.get(evidence.id), begun

    def _cite(self, evidence: Evidence, url: str, begun: bool) -> tuple[Evidence, bool]:
        """Cite the source of an address; that of a source begun here, or without one yet, is corrected instead."""
        source = evidence.source
        known = any(source is None or other.id != source.id for other in self.sources_at(url))
        if source is not None and url.strip() and not known and (begun or not source.url):
            self.edit_source(source, url=url)
            return evidence, begun
        return self.edit(evidence, url=url), bool(url.strip()) and not known

    def known(self, name: str) -> list[str]:
        """What is said on the desk in a field of evidence or of a source, such as ``locator``, most often said first.

        Raises:
            Refused: there is no such field.
        """
        if name not in (*fields.EVIDENCE, *fields.SOURCE):
            raise Refused(f"Evidence has no field “{name}”.")
        table = "evidence" if name in fields.EVIDENCE else "sources"
        rows = self._session.rows(
            f"SELECT {name} AS said FROM {table} WHERE deleted = 0 AND {name} <> ''"
            f" GROUP BY {name} ORDER BY count(*) DESC, {name}"
        )
        return [row["said"] for row in rows]

    # -- sources ----------------------------------------------------------------------------------------------

    def _source_for(self, details: Mapping[str, object], article: str) -> str:
        """The id of the source these details describe: the known one of that URL, brought up to date, or a new one.

        Where sets on the article are hidden from each other, only a source that nobody else has to do with.
        """
        values = {name: value for name, value in fields.checked(details, fields.SOURCE).items() if value}
        if not values:
            return ""
        url = str(values.get("url", ""))
        known = sorted(self.sources_at(url), key=lambda source: source.url != url) if url else []
        blind = bool(url) and self._blind(article)
        if blind:
            known = [source for source in known if self._private(source.id)]
        if known and known[0].url != url:  # one address, spelt otherwise: as it was spelt first
            del values["url"]
        id = known[0].id if known else clock.derived("source", urls.canonical(url)) if url and not blind else None
        if id and not known:
            row = self._session.log.row("sources", id)
            if row and urls.canonical(str(row["url"])) != urls.canonical(url):
                id = None  # that source has since been given another address
            elif row:
                values = {**values, "url": row["url"], "deleted": 0}
        if known and self._may.source_kept(known[0].id):
            values = {name: value for name, value in values.items() if not self._filled(known[0].id, name, value)}
        return self._session.write([Edit("sources", id, values)]).items[0]

    def _filled(self, source: str, name: str, value: object) -> bool:
        """Whether a source says something else already."""
        held = (self._session.log.row("sources", source) or {})[name]
        return bool(held) and held != value

    def _blind(self, article: str) -> bool:
        """Whether your set on an article (id) is hidden from somebody, or theirs from you."""
        rows = self._session.rows(
            "SELECT reviewer, role, blind, state FROM main.assignments WHERE article = ? AND deleted = 0", article
        )
        sets = [row for row in rows if row["role"] == Role.CHECKER or row["blind"] == Blind.ALL]
        return any(row["blind"] == Blind.ALL for row in sets) and any(row["state"] != SUBMITTED for row in sets)

    def _private(self, source: str) -> bool:
        """Whether a source is your own and nobody else cites it."""
        row = self._session.log.row("sources", source)
        me = self._session.me
        return (
            row is not None
            and row["by"] == row["updated_by"] == me
            and not self._session.rows(
                'SELECT 1 AS x FROM main.evidence WHERE source = ? AND "by" <> ? LIMIT 1', source, me
            )
        )

    def _tells(self, source: str) -> bool:
        """Whether a change to a source would tell somebody of a set that is hidden from them."""
        cited = self._session.rows(
            "SELECT DISTINCT c.article FROM evidence e JOIN claims c ON c.id = e.claim"
            ' WHERE e.source = ? AND e.deleted = 0 AND e."by" = ?',
            source,
            self._session.me,
        )
        return any(self._blind(row["article"]) for row in cited) and not self._private(source)

    def get(self, id: str) -> Evidence:
        """A piece of evidence by its id."""
        rows = self._session.rows("SELECT * FROM evidence WHERE id = ?", id)
        if not rows:
            raise Unknown(
                "That evidence is not on this desk. If it was deleted, the person who deleted it can undo that."
            )
        return self._record(rows[0])

    def of(self, claim: Claim | str) -> list[Evidence]:
        """The evidence on a claim in the order it was found."""
        return [
            self._record(row)
            for row in self._session.rows(
                "SELECT * FROM evidence WHERE claim = ? AND deleted = 0 ORDER BY born", id_of(claim)
            )
        ]

    def _record(self, row: Row) -> Evidence:
        return self._session.record(Evidence, row, source=self._source_by_id(row["source"]))

    def sources(self, beginning: str = "") -> list[Source]:
        """The sources in use or known, by URL; only those whose URL or title holds ``beginning``, when given."""
        like = f"%{_escaped(clean(beginning))}%"
        return [
            self._session.record(Source, row)
            for row in self._session.rows(
                "SELECT * FROM sources WHERE deleted = 0 AND (url LIKE ? ESCAPE '\\' OR title LIKE ? ESCAPE '\\')"
                " ORDER BY url, title, id",
                like,
                like,
            )
        ]

    def sources_at(self, url: str) -> list[Source]:
        """The sources of an address, however it is spelt, the oldest first; see ``urls.spellings``."""
        rows = self._session.rows(
            "SELECT * FROM sources WHERE deleted = 0 AND url IN (SELECT value FROM json_each(?)) ORDER BY born",
            json.dumps(urls.spellings(clean(url))),
        )
        return [self._session.record(Source, row) for row in rows]

    def _source_by_id(self, id: str) -> Source | None:
        rows = self._session.rows("SELECT * FROM sources WHERE id = ?", id) if id else []
        return self._session.record(Source, rows[0]) if rows else None


def _escaped(words: str) -> str:
    """Words with the marks that LIKE reads as patterns escaped by a backslash."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
