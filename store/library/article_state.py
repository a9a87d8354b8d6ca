"""Where an article stands: new, in progress, submitted, in review, disputed or final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.reports import Checked

ARTICLE_STATES = ("final", "submitted", "new", "in progress", "in review", "disputed")
"""The states of an article, what asks for somebody last."""


def state_of(done: Checked, swept: bool, here: Mapping[str, int], sets: Sequence[tuple[str, str]]) -> str:
    """The state of an article, one of ``ARTICLE_STATES``.

    ``done`` are its claims, ``swept`` says whether anything is swept, ``here`` counts the claims that are reviewed,
    settled and disputed, and ``sets`` are the role and state of each assignment.

    Nothing that lacks something is final, however it was settled.
    """
    if here["disputed"]:
        return "disputed"
    reviewing = [state for role, state in sets if role == "reviewer"]
    looked_at = here["reviewed"] + here["settled"] == done.claims == done.checked > 0
    if looked_at and all(state == "submitted" for _, state in sets):
        return "final"
    if reviewing and (here or any(state == "submitted" for _, state in sets)):
        return "in review"
    checking = [state for role, state in sets if role == "checker"]
    if checking and all(state == "submitted" for state in checking):
        return "submitted"
    return "in progress" if done.claims or swept else "new"
