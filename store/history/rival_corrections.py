"""Corrections of one article that were made apart from each other, with different texts: a person chooses one."""

from __future__ import annotations

from store.access.session import Session
from store.check.articles import Articles
from store.check.corrections import Corrections, Version
from store.errors import Refused
from store.text.quotations import quoted
from store.text.shorten import shorten

_NEWEST = """v.deleted = 0 AND v.number > 0
  AND NOT EXISTS (SELECT 1 FROM versions w WHERE w.parent = v.id AND w.number > 0 AND w.deleted = 0)
  AND NOT EXISTS (SELECT 1 FROM versions w, json_each(w.instead) n WHERE w.article = v.article AND w.instead <> '[]'
    AND w.number > 0 AND w.deleted = 0 AND n.value = v.id)"""
"""The SQL for whether no other version ``v`` of its article corrects or replaces it: two such were made apart."""

_MOST = 3  # changes that are told


class Rivals:
    """Finds corrections that were made apart, and lets one of them stand."""

    def __init__(self, session: Session, articles: Articles, corrections: Corrections) -> None:
        self._session = session
        self._articles = articles
        self._corrections = corrections

    def waiting(self, article: str = "") -> list[list[Version]]:
        """The corrections that wait until one is chosen: for each article (of all, or of the one with that id) its
        newest versions."""
        some = "(SELECT ?1)" if article else "(SELECT article FROM versions WHERE parent <> '')"
        asked = f"SELECT v.article, v.id FROM versions v WHERE {_NEWEST} AND v.article IN {some}"
        newest: dict[str, set[str]] = {}
        for about, id in self._session.tuples(asked, *([article] if article else [])):
            newest.setdefault(about, set()).add(id)
        several = {about: ids for about, ids in newest.items() if len(ids) > 1}
        found = [[one for one in self._corrections.versions(about) if one.id in ids] for about, ids in several.items()]
        return [versions for versions in found if len({one.sha for one in versions}) > 1]

    def in_words(self, version: Version) -> str:
        """The first changes of a version in the one that it corrects."""
        before = next((one for one in self._corrections.versions(version.article) if one.id == version.parent), None)
        if before is None:
            return f"version {version.number}"
        parts = [one for one in self._corrections.between(before, version) if one[0] != one[1]]
        said = [" → ".join(quoted(shorten(words, 40)) if words else "–" for words in part) for part in parts[:_MOST]]
        return "; ".join(said) + (f" and {len(parts) - _MOST} more" if len(parts) > _MOST else "")

    def choose(self, article: str, version: str) -> None:
        """Let one of several corrections (ids) stand: its text is the newest version from now on.

        Raises:
            Refused: it does not wait to be chosen any more.
        """
        chosen = next((one for each in self.waiting(article) for one in each if one.id == version), None)
        if chosen is None:
            raise Refused("That correction does not wait to be chosen any more: look at the conflict again.")
        held = self._articles.get(article)
        instead = [one.id for each in self.waiting(article) for one in each if one.id != held.version]
        self._corrections.choose(held, self._articles.text(chosen.sha), instead)
