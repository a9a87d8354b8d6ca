"""Threads: comments on claims, what answers them, and whether they are resolved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store.access import fields
from store.access.session import Session
from store.check.claims import Claims
from store.errors import Refused, Unknown
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Claim, Comment, id_of


class Thread(NamedTuple):
    """The comment that opens a thread, and all that answer below it, oldest first."""

    root: Comment
    replies: list[Comment]


def opened(comments: Iterable[Comment]) -> list[Thread]:
    """The threads that comments on one claim make. One whose answered comment is gone opens a thread of its own."""
    known = {comment.id: comment for comment in comments}
    found = {comment.id: Thread(comment, []) for comment in known.values() if comment.reply_to not in known}
    for comment in known.values():
        root = comment
        while root.reply_to in known:
            root = known[root.reply_to]
        if root is not comment:
            found[root.id].replies.append(comment)
    return list(found.values())


class Threads:
    """The comments on claims."""

    def __init__(self, session: Session, claims: Claims) -> None:
        self._session = session
        self._claims = claims

    def of(self, claim: Claim | str) -> list[Comment]:
        """The comments on a claim, oldest first. To follow what each answers always comes to an end."""
        rows = self._session.rows("SELECT * FROM comments WHERE claim = ? AND deleted = 0 ORDER BY born", id_of(claim))
        return _straight([self._session.record(Comment, row) for row in rows])

    def unresolved(self, claim: Claim | str) -> list[Thread]:
        """The threads on a claim that nobody has resolved, in the order they were opened."""
        return [thread for thread in opened(self.of(claim)) if not thread.root.resolved]

    def comment(self, claim: Claim | str, body: str, reply_to: Comment | str = "") -> Comment:
        """Comment on a claim, or reply to a comment, a review or a doubt, whose id is ``reply_to``."""
        with self._session.writing():
            about = self._claims.seen(claim)
            self._session.alive("claims", about.id)
            answered = reply_to.id if isinstance(reply_to, Comment) else reply_to
            if answered and not self._session.rows(
                "SELECT 1 AS x FROM comments WHERE id = ?1 AND claim = ?2"
                " UNION ALL SELECT 1 FROM reviews WHERE id = ?1 AND claim = ?2"
                " UNION ALL SELECT 1 FROM ticks t JOIN evidence e ON e.id = t.evidence"
                " WHERE t.id = ?1 AND e.claim = ?2",
                answered,
                about.id,
            ):
                raise Unknown(f"The comment you answer is not about {about.name}.")
            values: Patch = {"claim": about.id, "reply_to": answered, "body": self.body(body)}
            written = self._session.write([Edit("comments", None, values)])
        return self._by_id(written.items[0])

    def edit(self, comment: Comment, body: str) -> Comment:
        """Change the text of your own comment. Raises Refused when it is somebody else's."""
        with self._session.writing():
            self._session.alive("comments", comment.id)
            if comment.by.id != self._session.me:
                raise Refused(f"That comment is {comment.by}'s: answer it instead.")
            self._session.write([Edit("comments", comment.id, {"body": self.body(body)}, comment.heads)])
        return self._by_id(comment.id)

    def resolve(self, comment: Comment, resolved: bool = True) -> Comment:
        """Resolve the thread that a comment belongs to, or reopen it."""
        with self._session.writing():
            known = {one.id: one for one in self.of(comment.claim)}
            root = known.get(comment.id, comment)
            while root.reply_to in known:
                root = known[root.reply_to]
            self._session.alive("comments", root.id)
            self._session.write([Edit("comments", root.id, {"resolved": int(resolved)}, root.heads)])
        return self._by_id(root.id)

    def body(self, body: str) -> str:
        if not body.strip():
            raise Refused("The comment is empty: write something, or delete it.")
        return fields.clean(body)

    def _by_id(self, id: str) -> Comment:
        return self._session.record(Comment, self._session.rows("SELECT * FROM comments WHERE id = ?", id)[0])


def _straight(comments: list[Comment]) -> list[Comment]:
    """Comments of which none answers itself, by way of others or at once: what does opens a thread instead."""
    above = {comment.id: comment.reply_to for comment in comments}
    for id in above:
        passed, at = {id}, above[id]
        while at in above and at not in passed:
            passed.add(at)
            at = above[at]
        if at == id:
            above[id] = ""
    return [one if above[one.id] == one.reply_to else one._replace(reply_to=above[one.id]) for one in comments]
