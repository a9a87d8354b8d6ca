"""Who else is on the article and what conflicts in it, in plain lines."""

from __future__ import annotations

from store.desk import Desk
from store.records import Article
from tui.kit.head_line import ConflictCount, conflicts_here
from tui.plain.conversation import Conversation


class PlainCompany:
    """Tells others that you are on an article, and you when somebody comes to it or goes, or a conflict does."""

    def __init__(self, desk: Desk, article: Article, talk: Conversation) -> None:
        self._desk = desk
        self._article = article
        self._talk = talk
        self._said = ""
        self._conflicts = ConflictCount(desk)
        self._told = 0

    def look(self) -> None:
        """Look before each question, and say what has changed."""
        self._desk.here.enter(self._article.id)
        me, there = self._desk.reviewer.id, self._article.id
        present = [one.person for one in self._desk.here.others() if one.article == there]
        names = ", ".join("you, in another window" if one.id == me else one or "somebody" for one in present)
        if names != self._said:
            self._talk.say(f"Also on this article now: {names}." if names else "You are alone on this article again.")
            self._said = names
        if (waiting := self._conflicts.of(there)) != self._told:
            self._talk.say(conflicts_here(waiting) if waiting else "No conflict here any more.")
            self._told = waiting
