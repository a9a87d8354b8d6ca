"""What makes a review stale: what its reviewer saw, and whether that is still so.

The views of a desk and those of the veil are built with the same SQL. What has changed, in words, is told by
``store.review.changes_since_review``.
"""

from __future__ import annotations

from store.log.verdict_requirements import taken

STATES = """
SELECT s.id, s.unjudged, CASE WHEN v.verdict <> '' THEN v."by" END AS judge,
  json_set(s.unjudged, '$.verdict', coalesce(v.verdict, ''), '$.justification', coalesce(v.justification, '')) AS whole,
  (SELECT json_group_array(json_array(y.id, y.url, y.title, y.publisher, y.published))
    FROM (SELECT x.source FROM evidence x WHERE x.claim = s.id AND x.deleted = 0
      AND (x."by" = s."by" OR s.origin = 'review') ORDER BY x.born) e
    JOIN sources y ON y.id = e.source) AS sources
FROM (SELECT c.id, c."by", c.origin,
  json_object('version', c.version, 'start', c.start, 'end', c."end", 'quote', c.quote, 'claim_text', c.claim_text,
    'claimant', c.claimant, 'attribution', c.attribution, 'check_target', c.check_target, 'types', json(c.types),
    'evidence', (SELECT json_group_array(json_array(e.id, e.stance, e.source, e.quote, e.locator, e.note))
      FROM (SELECT * FROM evidence x WHERE x.claim = c.id AND x.deleted = 0
        AND (x."by" = c."by" OR c.origin = 'review') ORDER BY x.born) e)
  ) AS unjudged FROM claims c) s
LEFT JOIN verdicts v ON v.id = CASE WHEN s.origin <> 'review'
  THEN (SELECT o.id FROM verdicts o WHERE o.claim = s.id AND o.deleted = 0 AND o."by" = s."by")
  ELSE coalesce(
    (SELECT o.id FROM verdicts o WHERE o.claim = s.id AND o.deleted = 0 AND o.verdict <> '' AND o."by" = s."by"),
    (SELECT o.id FROM verdicts o WHERE o.claim = s.id AND o.deleted = 0 AND o.verdict <> '' ORDER BY o.born LIMIT 1))
  END"""
"""What a reviewer looks at, as JSON: the claim with its checker's evidence, without and with their verdict, and what is
said of the sources of that evidence; ``judge`` is who gave the verdict. Of a claim that was reported missing all
evidence counts, and the reporter's verdict or else the first that was given."""


_APART = "'$.version', '$.start', '$.end', '$.quote'"


def same(seen: str, state: str, main: str = "") -> str:
    """SQL for whether what was seen of a claim ``c`` is its ``state``, be it on another version of the text.

    On one version all must be the same. A correction takes a claim elsewhere: then its place may be another, and its
    words those that were carried over unasked. What was seen by an earlier factdesk was seen on the first version.

    Args:
        main: where to look what corrections did to the claim: empty, or ``main.`` for beneath the veil, where a claim
            that shows has no other transfers and SQLite has far less to prepare.
    """
    version = (
        f"coalesce(json_extract({seen}, '$.version'), (SELECT f.id FROM versions f WHERE f.article = c.article"
        " AND f.deleted = 0 ORDER BY f.number, f.born LIMIT 1))"
    )
    quote = f"json_extract({seen}, '$.quote')"
    return f"""CASE WHEN {seen} = {state} THEN 1 WHEN coalesce({seen}, '') = '' THEN 0
    WHEN json_remove({seen}, {_APART}) <> json_remove({state}, {_APART}) THEN 0
    WHEN {version} = c.version THEN json_remove({seen}, '$.version') = json_remove({state}, '$.version')
    ELSE {quote} = c.quote OR EXISTS (SELECT 1 FROM {main}transfers t WHERE t.item = c.id AND t.outcome = 'carried'
      AND t.deleted = 0 AND t.before = {quote} AND NOT EXISTS (SELECT 1 FROM {main}transfers u WHERE u.item = c.id
        AND u.outcome = 'changed' AND u.deleted = 0 AND u.born > t.born)) END"""


def stale(due: str = "", main: str = "") -> str:
    """SQL for whether a review ``r`` is stale, beside the state ``s`` of its claim and the answer ``a`` to it.

    A review keeps what it has seen. It is stale when that is not what stands now, neither with the verdict nor
    without, nor what the checker has made of it by accepting it; when the sources are said to be others; or when a
    correction has taken or changed the words that it proposes. A missing claim is stale while somebody else's verdict
    on it has not been looked at.

    Args:
        due: SQL for whether the verdict is hidden from who is looking until they give their own. Then what was seen is
            compared without it, and with all that stands beneath the veil.
        main: what `same` asks.
    """
    changed = f"NOT {same('r.seen', 's.whole', main)} AND NOT {same('r.seen', 's.unjudged', main)}"
    changed += f" AND NOT {same('a.after', 's.whole', main)}"
    if due:
        kept = ("r.seen", "(SELECT m.after FROM main.answers m WHERE m.id = a.id)")
        unjudged = " AND ".join(
            f"NOT {same(unjudging, 's.unjudged', main)}"
            for unjudging in (
                f"json_remove(coalesce(nullif({seen}, ''), '{{}}'), '$.verdict', '$.justification')" for seen in kept
            )
        )
        changed = f"CASE WHEN {due} THEN {unjudged} ELSE {changed} END"
    return f"""CASE WHEN r.decision = 'missing_claim'
    THEN coalesce(a.outcome = 'accepted' AND s.judge <> r."by" AND NOT {same("r.seen", "s.whole", main)}, 0)
    ELSE ({changed})
      OR (r.sources NOT IN ('', '[]') AND r.sources <> s.sources) OR {taken("r")} <> '' END"""


def stale_at_once(review: str) -> str:
    """SQL for whether a review ``r`` is stale, by its ``review`` in the view: most are found fresh at once."""
    seen = "s.whole = r.seen AND (r.sources IN ('', '[]') OR s.sources = r.sources)"
    return (
        f"CASE WHEN r.quote = '' AND EXISTS (SELECT 1 FROM main.claim_states s WHERE s.id = r.claim AND {seen}) THEN 0"
        f" ELSE {review} END"
    )


def said(verdict: str) -> str:
    """SQL for what a review ``r`` says, as an answer to it keeps it; ``verdict`` is SQL for its reviewer's."""
    return f"""json_array(r.decision, r.reason, r.comment, r.start, r."end", r.claim_text,
    {_proposed(verdict)},
    CASE r.decision WHEN 'missing_claim' THEN '' ELSE r.seen END)"""


def answers_it(verdict: str) -> str:
    """SQL for whether an answer ``a`` is to what a review ``r`` says now; factdesk 0.2 kept less of that."""
    before = f"""json_array(r.decision, r.start, r."end", r.claim_text, {_proposed(verdict)})"""
    return f"a.seen IN ({said(verdict)}, {before})"


def _proposed(verdict: str) -> str:
    return f"CASE r.decision WHEN 'change_verdict' THEN {verdict} ELSE '' END"
