"""Verdicts as they were first given blind, where they were changed once the others' could be seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from store.log.fold import Entry
from store.log.log import Log

_SAID = "json_extract(h.patch, '$.verdict')"

_BY_VERDICT = f"""
SELECT claim, "by", first FROM (
  SELECT v.claim, v."by", v.verdict, (SELECT {_SAID} FROM changes h WHERE h.item = v.id AND h.id > a.born
    AND coalesce({_SAID}, '') <> '' ORDER BY h.id LIMIT 1) AS first
  FROM assignments a JOIN claims c ON c.article = a.article
  JOIN verdicts v ON v.claim = c.id AND v."by" = a.reviewer AND v.deleted = c.deleted
  WHERE a.deleted = 0 AND a.role = 'reviewer' AND a.blind = 'verdict' AND a.state = 'submitted'
    AND a.article IN (SELECT value FROM json_each(?1)) AND v.heads <> v.born
    AND NOT EXISTS (SELECT 1 FROM changes h WHERE h.item = v.id AND h.id < a.born AND coalesce({_SAID}, '') <> '')
) WHERE first <> verdict
"""
"""Who reviewed with the verdict hidden: the first verdict they gave on a claim showed them the others'."""

_REOPENED = """
SELECT a.id, a.article, a.reviewer FROM assignments a
WHERE a.deleted = 0 AND a.state = 'submitted' AND a.reopened > 0 AND (a.role = 'checker' OR a.blind = 'all')
  AND a.article IN (SELECT value FROM json_each(?1))
  AND EXISTS (SELECT 1 FROM assignments b WHERE b.article = a.article AND b.deleted = 0 AND b.blind = 'all')
"""
"""Who was kept apart from others, and opened their set again."""

_SINCE = f"""
SELECT claim, first FROM (
  SELECT v.claim, v.verdict, coalesce((SELECT {_SAID} FROM changes h WHERE h.item = v.id AND h.id <= ?3
    AND json_type(h.patch, '$.verdict') IS NOT NULL ORDER BY h.id DESC LIMIT 1), '') AS first
  FROM claims c JOIN verdicts v ON v.claim = c.id AND v."by" = ?2 AND v.deleted = c.deleted WHERE c.article = ?1
) WHERE first <> verdict
"""


def first_blind(log: Log, articles: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """The verdicts that were changed after the reveal, as they were first given blind: by claim and person (ids).

    Empty stands for a verdict that was only given after it. What is hidden from the person who is looking is not told:
    the log is read through the veil that was drawn for them last.
    """
    asked = [json.dumps(list(articles))]
    found = {(claim, by): first for claim, by, first in log.rows(_BY_VERDICT, asked)}
    for _, article, person in log.rows(_REOPENED, asked):
        revealed = _revealed(log, article, person)
        if revealed:
            found |= {(claim, person): first for claim, first in log.rows(_SINCE, (article, person, revealed))}
    return found


def _revealed(log: Log, article: str, person: str) -> str:
    """The change by which somebody first saw the set of another from whom they were kept apart; empty when none did."""
    rows = log.rows(
        "SELECT id, reviewer FROM assignments WHERE article = ? AND (role = 'checker' OR blind = 'all')", (article,)
    )
    whose = dict(rows)
    submitted: dict[str, bool] = {}
    changes: list[Entry] = log.entries(items=list(whose))
    for change in sorted(changes, key=lambda change: change.id):
        if "state" in change.patch:
            submitted[change.item] = change.patch["state"] == "submitted"
        if change.patch.get("deleted"):
            submitted[change.item] = False
        done = {whose[id] for id, is_in in submitted.items() if is_in}
        if person in done and len(done) > 1:
            return change.id
    return ""
