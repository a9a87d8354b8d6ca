"""The text of an article under review, with the proposed spans beside those of the claims."""

from __future__ import annotations

from tui.keys.actions import Scope
from tui.view.view import ArticleView

_PROPOSED = "proposed:"


def proposal_id(claim: str) -> str:
    """The id of the mark that shows the span proposed for a claim."""
    return _PROPOSED + claim


class ReviewView(ArticleView):
    """An article's text whose marks may be proposals: whoever takes one of these in hand takes its claim."""

    SCOPE = Scope.PROPOSE

    def activate(self, id: str, *, move: bool = True) -> None:
        super().activate(id.removeprefix(_PROPOSED), move=move)

    def _take(self, id: str) -> None:
        super()._take(id.removeprefix(_PROPOSED))
