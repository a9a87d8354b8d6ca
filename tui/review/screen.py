"""The review screen: the article screen with the work of a reviewer."""

from __future__ import annotations

from store.desk import Desk
from store.person import NOBODY
from store.records import Article
from store.vocabulary import Role
from tui.article.screen import ArticleScreen
from tui.claim.panel import ClaimPanel
from tui.kit.navigation import Spot
from tui.review.review_work import ReviewingWork


class ReviewScreen(ArticleScreen):
    """An article whose claims by somebody (``whose``, a name), or by everybody else, are reviewed.

    The claim to begin at is that of the id ``claim``, or the first that needs a review.

    Raises:
        Unknown: nobody is called so.
        Refused: there is nothing of theirs to review, or it is your own.
    """

    work: ReviewingWork
    DEFAULT_CSS = """
    ReviewScreen.-narrow #side { height: 11; }
    ReviewScreen.-narrow.-short #side { height: 4; }
    """

    def __init__(
        self, desk: Desk, article: Article, whose: str = "", claim: str = "", spot: Spot | None = None
    ) -> None:
        held = desk.assignments.mine(article, Role.REVIEWER.value)
        checker = desk.people.get(whose) if whose else held.whose if held else NOBODY
        desk.reviews.checkers(article, checker)
        super().__init__(desk, article, lambda screen: ReviewingWork(screen, checker), claim, spot=spot)

    def on_claim_panel_decided(self, event: ClaimPanel.Decided) -> None:
        self.work.decided(event.claim)
