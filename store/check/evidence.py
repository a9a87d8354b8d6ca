"""Citing: the evidence on claims, and the sources it is drawn from."""

from __future__ import annotations

from collections.abc import Mapping

from store.access import fields
from store.access.people import reviewer_id
from store.access.permissions import SUBMITTED
from store.check.verdicts import Judging
from store.errors import Refused
from store.log import clock
from store.log.log import Edit
from store.records import Blind, Claim, Evidence, Role, Source


class Citing(Judging):
    """Checking, with its evidence."""

    def add_evidence(
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
        """Add a source's bearing on a claim. A URL already known reuses its source; its fields are filled in.

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
        values = self._checked(said, fields.EVIDENCE)
        with self._writing():
            about = self._seen(claim)
            self._alive("claims", about.id)
            self._claim_open(about.id)
            values |= {"claim": about.id, "source": self._source_for({"url": url, **source_fields}, about.article)}
            written = self._write([Edit("evidence", None, values)])
        return self._evidence_by_id(written.items[0])

    def edit_evidence(self, evidence: Evidence, **details: str) -> Evidence:
        """Change stance, quote, locator or note; with fields of a source, cite that source instead."""
        with self._writing():
            self._alive("evidence", evidence.id)
            self._mine_to_change(evidence.claim, reviewer_id(evidence.by))
            source = {name: details.pop(name) for name in fields.SOURCE if name in details}
            values = self._checked(details, fields.EVIDENCE)
            if "stance" in values:
                self._evidence_needed(evidence.id, str(values["stance"]))
            if source:
                values["source"] = self._source_for(source, self.claim(evidence.claim).article)
            self._write([Edit("evidence", evidence.id, values, evidence.heads)])
        return self._evidence_by_id(evidence.id)

    def edit_source(self, source: Source, **details: str) -> Source:
        """Change what is known of a source, for every piece of evidence that cites it.

        Raises:
            Refused: others cite it too, and one's own set is blind to theirs until both are submitted; or their
                work that rests on it is finished, and the change is not of a field that was empty.
        """
        with self._writing():
            self._alive("sources", source.id)
            if self._tells(source.id):
                raise Refused("Others cite this source, and your set is hidden from them: change it when both are in.")
            values = self._checked(details, fields.SOURCE)
            if any(self._filled(source.id, name, value) for name, value in values.items()):
                self._changeable("sources", source.id)
            self._write([Edit("sources", source.id, values, source.heads)])
        found = self._source_by_id(source.id)
        assert found is not None
        return found

    def _source_for(self, details: Mapping[str, object], article: str) -> str:
        """The id of the source these details describe: the known one of that URL, brought up to date, or a new one.

        Where sets on the article are hidden from each other, only a source that nobody else has to do with.
        """
        values = {name: value for name, value in self._checked(details, fields.SOURCE).items() if value}
        if not values:
            return ""
        url = str(values.get("url", ""))
        known = sorted(self.sources_at(url), key=lambda source: source.url != url) if url else []
        blind = bool(url) and self._blind(article)
        if blind:
            known = [source for source in known if self._private(source.id)]
        if known and known[0].url != url:  # one address, spelt otherwise: as it was spelt first
            del values["url"]
        id = known[0].id if known else clock.derived("source", fields.address(url)) if url and not blind else None
        if id and not known:
            row = self.log.row("sources", id)
            if row and fields.address(str(row["url"])) != fields.address(url):
                id = None  # that source has since been given another address
            elif row:
                values = {**values, "url": row["url"], "deleted": 0}
        if known and self._source_kept(known[0].id):
            values = {name: value for name, value in values.items() if not self._filled(known[0].id, name, value)}
        return self._write([Edit("sources", id, values)]).items[0]

    def _filled(self, source: str, name: str, value: object) -> bool:
        """Whether a source says something else already."""
        held = (self.log.row("sources", source) or {})[name]
        return bool(held) and held != value

    def _blind(self, article: str) -> bool:
        """Whether one's set on an article (id) is hidden from somebody, or theirs from oneself."""
        rows = self._rows(
            "SELECT reviewer, role, blind, state FROM main.assignments WHERE article = ? AND deleted = 0", article
        )
        sets = [row for row in rows if row["role"] == Role.CHECKER or row["blind"] == Blind.ALL]
        return any(row["blind"] == Blind.ALL for row in sets) and any(row["state"] != SUBMITTED for row in sets)

    def _private(self, source: str) -> bool:
        """Whether a source is one's own and nobody else cites it."""
        row = self.log.row("sources", source)
        me = reviewer_id(self.reviewer)
        return (
            row is not None
            and row["by"] == row["updated_by"] == me
            and not self._rows('SELECT 1 AS x FROM main.evidence WHERE source = ? AND "by" <> ? LIMIT 1', source, me)
        )

    def _tells(self, source: str) -> bool:
        """Whether a change to a source would tell somebody of a set that is hidden from them."""
        cited = self._rows(
            "SELECT DISTINCT c.article FROM evidence e JOIN claims c ON c.id = e.claim"
            ' WHERE e.source = ? AND e.deleted = 0 AND e."by" = ?',
            source,
            reviewer_id(self.reviewer),
        )
        return any(self._blind(row["article"]) for row in cited) and not self._private(source)

    def _evidence_by_id(self, id: str) -> Evidence:
        return self._evidence(self._rows("SELECT * FROM evidence WHERE id = ?", id)[0])
