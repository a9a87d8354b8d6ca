"""The claims behind a figure of agreement, each a key away from its article."""

from __future__ import annotations

from collections.abc import Sequence

from store.desk import Desk
from store.errors import Unknown
from store.measure.article_counts import Behind
from store.records import Article, Claim
from tui.kit.list_screen import Sheet
from tui.kit.rows import Cell, Column

_QUOTE_SHOWN = 400


class BehindScreen(Sheet[None, Behind]):
    """Lists claims with how people compare on them; choosing one opens its article there."""

    ABOUT = 5

    def __init__(self, desk: Desk, title: str, people: Sequence[str], behind: Sequence[Behind]) -> None:
        columns = (Column(width=20), Column(width=9), Column(share=1), Column(width=5, right=True))
        count = f"{len(behind)} claim{'' if len(behind) == 1 else 's'}"
        super().__init__(f"{title}: {count} behind it", columns, empty="\nNo claim stands behind it.", verb="Open it")
        self._desk = desk
        self._people = people
        self._behind = behind
        self._claims: dict[str, Claim | None] = {}
        self._articles = {article.id: article for article in desk.articles.all()}

    def read(self) -> list[Behind]:
        return list(self._behind)

    def words(self, item: Behind) -> tuple[str, ...]:
        return item.what, self._of(item)

    def _of(self, one: Behind) -> str:
        article: Article | None = self._articles.get(one.article)
        return article.title if article else ""

    def _claim(self, one: Behind, id: str) -> Claim | None:
        if id not in self._claims:
            try:
                self._claims[id] = self._desk.claims.get(id)
            except Unknown:
                withdrawn = self._desk.comparison.withdrawn(one.article)
                self._claims[id] = next((claim for claim in withdrawn if claim.id == id), None)
        return self._claims[id]

    def _named(self, claim: Claim | None) -> str:
        if claim is None:
            return "gone"
        return f"{claim.name}, withdrawn" if claim.deleted else claim.name

    def cells(self, item: Behind) -> Sequence[Cell]:
        one = item
        claims = [self._claim(one, id) for id in dict.fromkeys(one.marks) if id]
        names = " ".join(claim.name if claim else "gone" for claim in claims)
        quote = next((claim.quote_shown for claim in claims if claim), "")
        article = self._articles.get(one.article)
        return (
            [(one.what, "" if one.what == "agreed" else "bold")],
            [(names, "accent")],
            " ".join(quote[:_QUOTE_SHOWN].split()),
            [(str(article.number) if article else "", "muted")],
        )

    def detail(self, item: Behind | None) -> str:
        if item is None:
            return ""
        one, said = item, []
        for person, id in zip(self._people, one.marks, strict=True):
            said.append(f"{person}: {self._named(self._claim(one, id)) if id else '–'}")
        first = next((claim for id in one.marks if id and (claim := self._claim(one, id))), None)
        quote = f"“{' '.join(first.quote_shown[:_QUOTE_SHOWN].split())}”" if first else ""
        return f"{one.what} · {' · '.join(said)}\n{self._of(one)}\n{quote}"

    def take(self, item: Behind) -> None:
        one = item
        claim = next((claim for id in one.marks if id and (claim := self._claim(one, id))), None)
        self.ways.open_article(self._desk.articles.get(one.article), claim.id if claim else "")
