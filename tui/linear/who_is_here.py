"""Who else is on the article, what conflicts in it and whether its text is corrected, in plain lines."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from tui.kit.head_line import ConflictCount, conflicts_here
from tui.linear.article_text import ArticleText
from tui.linear.conversation import Conversation


class LinearCompany:
    """Tells others that you are on an article, and you when somebody comes to it or goes, or a conflict does.

    ``anew`` says where you are once the text has been corrected.
    """

    def __init__(self, desk: Desk, text: ArticleText, talk: Conversation, anew: Callable[[], None]) -> None:
        self._desk = desk
        self._text = text
        self._talk = talk
        self._anew = anew
        self._said = ""
        self._conflicts = ConflictCount(desk)
        self._told = 0

    def ask(self, question: Callable[[], str]) -> str:
        """Say what others have changed, then ask.

        Raises:
            Over: the input has ended, or the article was deleted.
            Refused: the text was corrected before the answer came.
        """
        self._look()
        line = self._talk.ask(question())
        self._text.must_be_newest()
        return line

    def _look(self) -> None:
        there = self._text.article.id
        if self._text.renewed():
            self._talk.say("The text has been corrected: this is how it is now.")
            self._anew()
        self._desk.here.enter(there)
        me = self._desk.reviewer.id
        present = [one.person for one in self._desk.here.others() if one.article == there]
        names = ", ".join("you, in another window" if one.id == me else one or "somebody" for one in present)
        if names != self._said:
            self._talk.say(f"Also on this article now: {names}." if names else "You are alone on this article again.")
            self._said = names
        if (waiting := self._conflicts.of(there)) != self._told:
            self._talk.say(conflicts_here(waiting) if waiting else "No conflict here any more.")
            self._told = waiting
