"""The scheme of a desk: taking another one into use."""

from __future__ import annotations

from store.access.session import Session
from store.errors import Refused
from store.log import clock
from store.log.log import Edit
from store.scheme import Scheme

_VERDICTS_USED = (
    "SELECT key, count(*) AS n FROM (SELECT v.verdict AS key FROM verdicts v"
    " JOIN claims c ON c.id = v.claim WHERE v.deleted = 0 AND c.deleted = 0"
    " UNION ALL SELECT verdict FROM adjudications WHERE deleted = 0)"
    " WHERE key <> '' GROUP BY 1 ORDER BY 1"
)


_REASONS_USED = (
    "SELECT key, count(*) AS n FROM (SELECT reason AS key FROM reviews WHERE deleted = 0 UNION ALL"
    " SELECT reason FROM ticks WHERE deleted = 0) WHERE key <> '' GROUP BY 1 ORDER BY 1"
)


class Schemes:
    """Which scheme a desk uses."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def use(self, toml: str, where: str = "the scheme") -> None:
        """Give the desk another scheme, as TOML text.

        Raises:
            scheme.SchemeError: the text is not a valid scheme.
            Refused: it lacks a verdict, type or stance that claims here already carry; retire it instead.
        """
        from store.scheme import parse

        chosen = parse(toml, where)
        with self._session.writing():
            self._keeps_what_is_used(chosen, where)
            rules = {
                "required": chosen.review.required,
                "settles": int(chosen.review.checker_settles),
                "anyone": int(chosen.review.anyone_adjudicates),
                "own_first": int(chosen.own_pass_first),
            }
            self._session.write([Edit("schemes", clock.derived("scheme"), {"name": chosen.id, "body": toml, **rules})])

    def _keeps_what_is_used(self, chosen: Scheme, where: str) -> None:
        """Refuse a scheme without what is said on this desk; what you may not see is not named."""
        now = self._session.scheme
        verdicts, reasons = ({one.key for one in kinds} for kinds in (chosen.verdicts, chosen.reasons))
        for noun, carried, keys, present, asked in (
            ("verdicts", "claims on this desk carry", verdicts, {one.key for one in now.verdicts}, _VERDICTS_USED),
            ("reasons", "reviews on this desk give", reasons, {one.key for one in now.reasons}, _REASONS_USED),
        ):
            used = self._session.rows(asked)
            lost = [f"{row['key']} ({row['n']})" for row in used if row["key"] not in keys]
            if lost:
                raise Refused(
                    f"{where} lacks {noun} that {carried}: {', '.join(lost)}; add them to it with `retired = true`."
                )
            if self._session.veil.drawn and not keys >= present:
                raise Refused(
                    f"{where} lacks {noun} of the present scheme. Others' work is hidden from you, so nobody says "
                    f"which are in use: add all {noun} of the present scheme to it with `retired = true`."
                )
