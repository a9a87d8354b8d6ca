"""The ways from one screen to another: the app has them, screens ask for them without knowing the app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from store.records import Article, Assignment
from store.text.units import Span
from store.vocabulary import Role
from tui.settings import Settings


class Spot(NamedTuple):
    """Where an article was left: the caret and the first row's offset in code points, and the selected claim's id."""

    caret: int
    top: int
    claim: str


class Navigation(Protocol):
    """What a screen may ask of the app: another screen, and what is remembered for the next start."""

    settings: Settings

    def open_article(self, article: Article, claim: str = "", found: Span | None = None) -> None:
        """Open an article over what is shown, at a claim when its id is given, or where words were found in it."""

    def switch_article(self, article: Article, step: int) -> None:
        """Show the article that was opened so many after this one, or before it, and round again.

        Raises:
            Refused: there is no other.
        """

    def leave_article(self, article: Article, spot: Spot) -> None:
        """Remember where an article was left; it begins there when it is opened again."""

    def review_article(self, article: Article, whose: str = "", claim: str = "") -> None:
        """Open an article to review what others have tagged in it, all of them or one.

        Raises:
            Unknown: nobody is called so.
            Refused: there is nothing of theirs to review.
        """

    def open_work(self, work: Assignment) -> None:
        """Open the article of an assignment of your own where that is done: to check, to review or to settle."""

    def open_comparison(self, article: Article, claim: str = "") -> None:
        """Compare what people say of an article, over what is shown, beginning at a claim when its id is given.

        Raises:
            Refused: there are not two people who have said something.
        """

    def open_agreement(self, articles: Sequence[Article] = ()) -> None:
        """Show how far people agree on some articles, or on all of the desk."""

    def open_inbox(self, article: Article, then: Callable[[tuple[str, str] | None], None]) -> None:
        """Show what others say of your claims on an article; ``then`` is told the (article, claim) ids to go to."""

    def open_summary(
        self,
        article: Article,
        role: Role,
        whose: str,
        then: Callable[[tuple[str, int] | None], None],
        *,
        at_missing: bool = False,
    ) -> None:
        """Show what is left and what was said before a set is submitted; ``at_missing`` begins at what is missing.

        ``then`` is told the claim, by its id, or the offset of the text to go to.
        """

    def remember(self, **changes: str | bool) -> None:
        """Have settings hold from now on, and keep them for the next start.

        Raises:
            Refused: they cannot be saved.
        """
