"""The views of a desk file: what its tables come to, for rooms and for people with Datasette or plain sqlite3."""

from collections.abc import Mapping

from store.log import staleness
from store.log.claim_status import CLAIMS_NOW, reviews_now

VIEWS: Mapping[str, str] = {
    "claim_states": staleness.STATES,
    "reviews_now": reviews_now(),
    "ticks_now": """
SELECT t.*, e.claim, t.seen <> '' AND t.seen <> json_array(e.stance, e.quote, e.locator, e.note, coalesce(s.url, ''),
  coalesce(s.title, ''), coalesce(s.publisher, ''), coalesce(s.published, '')) AS outdated
FROM ticks t JOIN evidence e ON e.id = t.evidence AND e.deleted = 0 LEFT JOIN sources s ON s.id = e.source
WHERE t.deleted = 0 AND t.mark <> ''""",
    "claims_now": CLAIMS_NOW,
    "articles_now": """
SELECT a.id, a.title, a.url, a.publisher, a.author, a.published, a.language, a.lines, a.markup,
  coalesce(v.id, '') AS version, coalesce(v.number, 0) AS version_number, coalesce(v.text, '') AS sha,
  a."by", a.born, a.created, a.updated,
  a.heads, a.deleted, a.conflict
FROM articles a LEFT JOIN versions v ON v.id = (
  SELECT n.id FROM versions n WHERE n.article = a.id AND (n.deleted = 0 OR a.deleted = 0)
  ORDER BY n.deleted, n.number DESC, n.born DESC LIMIT 1)""",
    "open_disputes": """
SELECT a.title AS article, c.name AS claim, c.quote, p.name AS checker, c.verdict AS standing_verdict,
  w.name AS reviewer, r.decision, r.reason, r.comment, r.quote AS proposed_quote, r.claim_text AS proposed_claim_text,
  r.verdict AS proposed_verdict, r.answered, r.answer_reason, r.claim AS claim_id, r.id AS review_id
FROM reviews_now r JOIN claims_now c ON c.id = r.claim JOIN articles a ON a.id = c.article
LEFT JOIN reviewers p ON p.id = c."by" LEFT JOIN reviewers w ON w.id = r."by"
WHERE r.standing = 'open' AND a.deleted = 0""",
    "open_conflicts": """
SELECT x.kind, x.item, x.part, c.id AS change, r.name AS reviewer, datetime(c.at / 1000, 'unixepoch') AS at, c.patch
FROM conflicts x JOIN json_each(x.versions) n JOIN changes c ON c.id = n.value
LEFT JOIN reviewers r ON r.id = c.reviewer""",
}
"""The SELECT of each view, in the order in which they are made."""


def created(views: Mapping[str, str], temp: str = "") -> str:
    """The statements that make views; ``temp``: ``TEMP `` for this connection alone."""
    return "".join(f"CREATE {temp}VIEW {name} AS{select};\n" for name, select in views.items())
