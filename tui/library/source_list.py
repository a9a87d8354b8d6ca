"""The sources of the desk: where each is cited, what was used before, and two that are one."""

from __future__ import annotations

from store.check.sources import SourceUse
from store.desk import Desk
from store.errors import Refused
from store.records import Source
from store.text.shorten import shorten
from tui.claim.source_actions import opened_in_browser
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.picker import Choice, Picker
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece
from tui.text.dates import published

_NAME = 40


def _name(source: Source) -> str:
    return source.title or source.url or source.publisher or "(no title)"


class SourcesScreen(ListScreen[tuple[str, str] | None, SourceUse]):
    """Gives the (article, claim) ids of a claim that cites a source, to go there."""

    SCOPE = Scope.SOURCES
    ABOUT = 3

    def __init__(self, desk: Desk) -> None:
        rows = Rows(
            header=True,
            empty="\nThere is no source yet: evidence on a claim brings them.",
            verb="Claims",
            hints=("find", "keep_source", "merge_source", "open_source", "copy_source", "undo", "close"),
            at_row=("keep_source", "merge_source", "open_source", "copy_source"),
        )
        super().__init__(rows, desk)
        self.desk = desk
        self._kept = ""
        """The id of the source into which another is to be merged."""

    # What is shown

    def read(self) -> list[SourceUse]:
        return sorted(self.desk.sources.all(), key=lambda use: (-use.claims, use.number))

    def found(self, words: str) -> list[SourceUse]:
        if not words.strip():
            return self.items
        said = {use.source.id for use in self.desk.sources.all(words)}
        return [use for use in self.items if use.source.id in said]

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        many = len(self.items)
        return [(" Sources ", "bold accent"), (" by use", "muted")], [(f"{many} source{'s' * (many != 1)}", "bold")]

    def key(self, item: SourceUse) -> object:
        return item.source.id

    def columns(self) -> tuple[Column, ...]:
        wide = self.size.width >= 100
        return (
            Column("", 1),
            Column("Source", share=2),
            *([Column("Publisher", share=1)] if wide else []),
            Column("Claims", 6, right=True),
            Column("+", 3, right=True),
            Column("−", 3, right=True),
            Column("○", 3, right=True),
            *([Column("Articles", 8, right=True)] if wide else []),
            Column("Origin", share=1),
            Column("Copy", 4),
        )

    def cells(self, item: SourceUse) -> tuple[Cell, ...]:
        source, wide = item.source, self.size.width >= 100
        counts = [[(str(n) if n else "·", "" if n else "muted")] for n in (item.supports, item.refutes, item.context)]
        return (
            [("✓", "bold accent")] if source.id == self._kept else [],
            [(_name(source), "bold")],
            *([[(source.publisher, "")]] if wide else []),
            [(str(item.claims), "")],
            *counts,
            *([[(str(item.articles), "")]] if wide else []),
            [(f"→ {source.origin}", "") if source.origin else ("itself", "muted")],
            [("kept", "success") if source.archive_url else ("–", "muted")],
        )

    def detail(self, item: SourceUse | None) -> str:
        if item is None:
            return ""
        source = item.source
        about = [source.url, source.publisher, published(source.published), source.tier]
        about += [f"retrieved {published(source.retrieved)}"] if source.retrieved else []
        about += [f"copy: {source.archive_url}"] if source.archive_url else []
        said = f"{item.cited}" + (f": {item.stances}" if item.stances else "")
        return f"{_name(source)}\n{' · '.join(part for part in about if part)}\n{said[:1].upper()}{said[1:]}."

    # What is done

    def _at_cursor(self) -> SourceUse:
        if self.current is None:
            raise Refused("There is no source here.")
        return self.current

    def take(self, item: SourceUse) -> None:
        cited = self.desk.sources.cited(item.source)
        if not cited:
            raise Refused("No claim that you see cites this source.")
        claims = {piece.claim: self.desk.claims.get(piece.claim) for piece in cited}
        titles = {article.id: article.title for article in self.desk.articles.all()}
        choices = [
            Choice(
                claim.id, f"{claim.name} {piece.stance}", description=f"{titles[claim.article]}: “{claim.quote_shown}”"
            )
            for piece in cited
            for claim in (claims[piece.claim],)
        ]

        def chosen(keys: tuple[str, ...] | None) -> None:
            if keys:
                self.dismiss((claims[keys[0]].article, keys[0]))

        self.app.push_screen(Picker(f"Claims that cite {shorten(_name(item.source), _NAME)}", choices), chosen)

    def action_keep_source(self) -> None:
        id = self._at_cursor().source.id
        self._kept = "" if self._kept == id else id
        self.refill()

    def action_merge_source(self) -> None:
        other = self._at_cursor().source
        kept = next((use.source for use in self.items if use.source.id == self._kept), None)
        if kept is None:
            key = self.keymap.key_of(Scope.SOURCES, "keep_source")
            raise Refused(f"First mark the source that stays with {key}, then go to the one that is the same.")

        def merged(use: SourceUse) -> None:
            self._kept = ""
            self.refill()
            undo = self.keymap.key_of(Scope.SOURCES, "undo")
            self.say(f"Merged into {shorten(_name(use.source), _NAME)}: {use.cited}. {undo} parts them again.")

        self.write(lambda: self.desk.sources.merge(kept, other), merged)

    def _address(self) -> str:
        url = self._at_cursor().source.url
        if not url:
            raise Refused("This source has no address.")
        return url

    def action_open_source(self) -> None:
        url = self._address()
        if not url.lower().startswith(("http://", "https://")):
            raise Refused(f"{shorten(url, 60)} is not a web address.")
        self.run_worker(self._browse(url), group="browser")

    async def _browse(self, url: str) -> None:
        opened = await opened_in_browser(self.host, url)
        copies = self.keymap.key_of(Scope.SOURCES, "copy_source")
        self.say(
            f"Opened {shorten(url, 60)}." if opened else f"No browser could be opened: {copies} copies the address."
        )

    def action_copy_source(self) -> None:
        url = self._address()
        self.app.copy_to_clipboard(url)
        self.say(f"Copied {shorten(url, 60)}.")
