"""The status of a claim, its standing verdict and its name, and how each review of it stands: as SQL.

A claim is withdrawn, settled (or to be settled again), disputed, tagged, reviewed or checked: the first that holds.
The standing verdict is the adjudicator's once it is settled, else the checker's, else the first given.
"""

import re

from store.log import staleness, verdict_requirements
from store.vocabulary import BARE_OBJECTIONS, NOTES

_BARE = ", ".join(f"'{decision}'" for decision in BARE_OBJECTIONS)
_NOTED = "".join(f"\n    WHEN r.decision = '{decision}' THEN 'noted'" for decision in NOTES)

STANDING = (
    "version NOT IN (SELECT o.id FROM versions w JOIN versions o ON o.article = w.article"
    " AND (o.number, o.born) < (w.number, w.born) WHERE w.parent <> '' AND w.number > 0 AND w.deleted = 0"
    " UNION ALL SELECT o.id FROM versions o WHERE o.parent <> '' AND o.deleted = 1"
    " AND EXISTS (SELECT 1 FROM versions w WHERE w.article = o.article AND w.deleted = 0))"
)
"""The SQL for what lies on the text as it stands: what a correction, or its undo, left behind is in no count."""


def reviews_now(*, main: str = "", due: str = "") -> str:
    """The SELECT of the view of reviews as they stand.

    Args:
        main: where the states of claims are compared: empty, or ``main.`` for those beneath the veil.
        due: what `staleness.stale` asks.
    """
    return f"""
SELECT r.*, coalesce(o.verdict, '') AS verdict, coalesce(o.justification, '') AS justification,
  coalesce(a.outcome, '') AS answered, coalesce(a.reason, '') AS answer_reason, coalesce(a."by", '') AS answered_by,
  coalesce(a.updated, 0) AS answered_at,
  {staleness.stale(due, main)} AS stale, {verdict_requirements.taken("r")} AS again,
  coalesce(a.outcome = 'accepted' AND CASE r.decision
      WHEN 'missing_claim' THEN s.judge IS NULL OR s.judge = r."by" AND NOT {staleness.same("a.after", "s.whole", main)}
      ELSE r.decision IN ({_BARE}) AND {staleness.same("a.after", "s.whole", main)} END, 0) AS promised,
  CASE WHEN EXISTS (SELECT 1 FROM adjudications j WHERE j.claim = r.claim AND j.deleted = 0 AND j.outcome <> '')
      THEN 'settled'
    WHEN r.decision = 'agree' THEN 'agreed'{_NOTED}
    WHEN a.outcome = 'accepted' THEN 'accepted'
    WHEN a.outcome = 'rejected' AND (SELECT settles FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1) = 1
      THEN 'rejected'
    ELSE 'open' END AS standing
FROM reviews r JOIN claims c ON c.id = r.claim AND c.deleted = 0 JOIN {main}claim_states s ON s.id = r.claim
LEFT JOIN verdicts o ON o.claim = r.claim AND o."by" = r."by" AND o.deleted = 0
LEFT JOIN answers a ON a.review = r.id AND a.deleted = 0 AND a.outcome <> ''
  AND a."by" = CASE r.decision WHEN 'missing_claim' THEN r.whose ELSE c."by" END
  AND {staleness.answers_it("coalesce(o.verdict, '')")}
WHERE r.deleted = 0 AND r.decision <> ''"""


_LETTERS = "CDEFGHIJKLMNOPQRTUVWXYZ"
"""What the names of claims begin with: without S, with which those of suggestions do."""
_NTH = "(SELECT count(*) FROM claims e WHERE e.article = c.article AND e.number = c.number AND e.born < c.born)"
_CLAIM_NAME = f"""CASE WHEN NOT EXISTS (
      SELECT 1 FROM claims e WHERE e.article = c.article AND e.number = c.number AND e.born < c.born) THEN 'C'
    ELSE substr('{_LETTERS}', {_NTH} / {len(_LETTERS)}, {_NTH} >= {len(_LETTERS)})
      || substr('{_LETTERS}', {_NTH} % {len(_LETTERS)} + 1, 1) END || c.number"""
"""``C7``; where people who did not see each other's work gave the same number, the second is ``D7``, and so on."""


def claim_name(number: int, nth: int = 0) -> str:
    """The name of a claim by its number, and by how many claims had that number before it."""
    first, last = divmod(nth, len(_LETTERS))
    return (_LETTERS[first - 1] if first else "") + _LETTERS[last] + str(number)


def read_claim_name(said: str) -> tuple[int, int] | None:
    """The number and the place among those of one number that a name means; None when it cannot be a claim's name.

    ``7`` is ``C7``, and ``C7b``, as names were once, is ``D7``.
    """
    found = re.fullmatch(r"([A-Za-z]{0,2})(\d{1,12})([a-z]?)", said)
    letters = (found[1].upper() or "C") if found else ""
    if found is None or not set(letters) <= set(_LETTERS) or (found[3] and letters != "C"):
        return None
    places = [_LETTERS.index(letter) for letter in letters]
    nth = places[-1] + (len(_LETTERS) * (places[0] + 1) if len(places) > 1 else 0)
    return int(found[2]), nth or (ord(found[3]) - ord("a") if found[3] else 0)


CLAIMS_NOW = f"""
SELECT c.id,
  {_CLAIM_NAME} AS name,
  c.article, c.version, c.start, c."end", c.quote, c.prefix, c.suffix, c.claim_text, c.claimant, c.attribution,
  c.check_target, c.types, c.priority, c.tags, c.origin, c.pieces, c."by",
  (SELECT a.markup FROM articles a WHERE a.id = c.article) AS markup,
  CASE WHEN j.id IS NULL THEN coalesce(v.verdict, '') ELSE j.verdict END AS verdict,
  CASE WHEN j.id IS NULL THEN coalesce(v.justification, '') ELSE j.rationale END AS justification,
  (SELECT count(*) FROM evidence e WHERE e.claim = c.id AND e.deleted = 0) AS evidence_count,
  (SELECT count(*) FROM comments m WHERE m.claim = c.id AND m.deleted = 0) AS comment_count,
  CASE WHEN c.deleted THEN 'withdrawn' WHEN j.id IS NOT NULL
    THEN CASE WHEN {verdict_requirements.CHECK_AGAIN} THEN 'settle_again' ELSE 'settled' END
    WHEN EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id AND r.deleted = 0)
      AND EXISTS (SELECT 1 FROM reviews_now r WHERE r.claim = c.id AND r.standing = 'open') THEN 'disputed'
    WHEN {verdict_requirements.LACKS} OR {verdict_requirements.CHECK_AGAIN} THEN 'tagged'
    WHEN NOT EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id AND r.deleted = 0) THEN 'checked'
    WHEN (SELECT count(*) FROM reviews_now r WHERE r.claim = c.id AND r.stale = 0 AND (
        r.standing IN ('agreed', 'rejected')
        OR r.standing = 'accepted' AND r.promised = 0 AND r.decision NOT IN ({_BARE})))
      >= max(1, coalesce((SELECT required FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1), 1)) THEN 'reviewed'
    ELSE 'checked' END AS status,
  c.created, max(c.updated, coalesce(v.updated, 0), coalesce(j.updated, 0)) AS updated, c.heads, c.deleted,
  max(c.conflict, coalesce(v.conflict, 0), coalesce(j.conflict, 0)) AS conflict,
  CASE WHEN j.id IS NULL THEN v.id END AS verdict_id, j.id AS adjudication_id
FROM claims c LEFT JOIN verdicts v ON v.id = coalesce(
  (SELECT s.id FROM verdicts s WHERE s.claim = c.id AND s.deleted = 0 AND s.verdict <> '' AND s."by" = c."by"),
  (SELECT s.id FROM verdicts s WHERE s.claim = c.id AND s.deleted = 0 AND s.verdict <> '' ORDER BY s.born LIMIT 1))
LEFT JOIN adjudications j ON j.id = (
  SELECT x.id FROM adjudications x WHERE x.claim = c.id AND x.deleted = 0 AND x.outcome <> '' ORDER BY x.born LIMIT 1)"""  # noqa: E501
"""The SELECT of the view of claims as they stand."""
