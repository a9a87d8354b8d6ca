"""What waits for whom after a review, as conditions of queries."""

from __future__ import annotations

ANSWERS = "CASE r.decision WHEN 'missing_claim' THEN r.whose ELSE c.\"by\" END"
"""Whose answer a review asks for, in a query over ``claims c`` and ``reviews_now r``."""


def waits(me: str) -> str:
    """Whether a review waits for a person, in such a query: a proposal or remark for the checker's answer, what was
    accepted for what it asks for, a rejection for its reviewer, until they reply or decide again, and the verdict on a
    missing claim for who reported it.

    Args:
        me: the SQL for the person's id.
    """
    return (
        f"({me} = {ANSWERS} AND (r.standing = 'open' AND r.answered = '' OR r.promised"
        " OR r.standing = 'noted' AND r.answered = '' AND NOT r.stale AND NOT EXISTS ("
        f'SELECT 1 FROM comments m WHERE m.reply_to = r.id AND m.deleted = 0 AND m."by" = {me}'
        " AND m.created >= r.updated))"
        f" OR {me} = r.\"by\" AND r.decision = 'missing_claim' AND r.stale"
        f" OR {me} = r.\"by\" AND r.standing = 'open' AND r.answered = 'rejected' AND NOT EXISTS ("
        'SELECT 1 FROM comments m WHERE m.reply_to = r.id AND m.deleted = 0 AND m."by" = r."by"'
        " AND m.created >= r.answered_at))"
    )


def doubted(me: str) -> str:
    """Whether a doubt waits for a person whose evidence it is about, in a query over ``ticks_now t``: the evidence is
    as it was, and they have not replied."""
    return (
        "(t.mark = 'doubted' AND NOT t.outdated AND NOT EXISTS (SELECT 1 FROM comments m WHERE m.reply_to = t.id"
        f' AND m.deleted = 0 AND m."by" = {me} AND m.created >= t.updated))'
    )
