"""Articles to be imported, checked as a whole before the first of them comes in."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from store.access import fields
from store.access.names import LONGEST_NAME, check_name
from store.check.articles import LONGEST, must_be_storable
from store.errors import Refused
from store.formats.articles import files
from store.formats.articles.reader import Arrived, ArticleFile, FetchStopped, ReadOptions, Unfetched, articles_of
from store.text.article_draft import Draft
from store.text.units import snap

if TYPE_CHECKING:
    from store.desk import Desk
    from store.formats.articles.fetch import Fetcher
    from store.records import Article

HELD = 16_000_000
"""Code points of text that are kept between checking and importing; beyond that a file is read twice."""

Noted = Callable[[str, tuple[str, ...]], None]
_DETAILS = tuple(name for name in fields.ARTICLE if name != "title")


class BroughtIn(NamedTuple):
    """What came in: the ids of the articles that are new and of those that were here, and how many suggestions."""

    new: list[str]
    known: list[str]
    suggested: int


class Batch:
    """The articles of some files, folders, addresses and lists. ``bad`` has a sentence for each that cannot come in.

    However many there are, only so much text is held at once; what was fetched is held, and never fetched twice.
    """

    def __init__(
        self,
        said: Mapping[str, str] | None = None,
        options: ReadOptions | None = None,
        *,
        fetcher: "Fetcher | None" = None,
        fetch_listed: bool = False,
        known: Callable[[str], object] | None = None,
        unchecked: bool = False,
    ) -> None:
        """A batch without articles.

        Args:
            said: details of all the articles, in place of those that a file gives.
            options: how files are read.
            fetcher: fetches addresses.
            fetch_listed: also fetch those that a list or a feed names without giving a text.
            known: whether the desk has an article of that address already: such a page is not fetched.
            unchecked: read nothing before the articles are asked for; what cannot come in is known only then.
        """
        self.said = dict(said or {})
        self.bad: list[str] = []
        self.unfetched = 0
        """How many of the bad have an address that was not fetched, as nobody asked for it."""
        self._options = options or ReadOptions()
        self._given_fetcher = fetcher
        self.known = known
        if fetch_listed:
            self._options = self._options._replace(follow=self._followed)
        self._unchecked = unchecked
        self._sources: list[_Source] = []
        self._room = HELD
        self._noted: Noted | None = None

    def __len__(self) -> int:
        return sum(source.fit for source in self._sources)

    def add(
        self,
        path: str | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        noted: Noted | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Read a file, an address, or all articles in a folder, to see whether they can come in.

        Args:
            path: the file, folder, pattern or address.
            progress: told how many files are read and how many there are; of a list, how many articles, and 0.
            noted: told a file and what had to be mended in it.
            cancelled: asked before each article; once it says yes, the rest is not read.
        """
        self._noted = noted
        if files.is_web_address(str(path)):
            self._take(_Source(str(path), partial(self._fetched, str(path)), once=True), progress, cancelled)
            return
        try:
            found = files.find_files([path])
        except Refused as refusal:
            self.bad.append(str(refusal))
            return
        for number, file in enumerate(found, 1):
            if cancelled and cancelled():
                return
            self._take(
                _Source(files.named(file), partial(self._read, file), once=not file.is_file()), progress, cancelled
            )
            if progress:
                progress(number, len(found))

    def add_stream(self, stream: BinaryIO, where: str, noted: Noted | None = None) -> None:
        """Take the articles of a stream that can be read once, such as standard input; ``where`` names it."""
        self._noted = noted
        file = ArticleFile(io.BytesIO(stream.read(files.STREAM_LIMIT_BYTES)), where)
        self._take(_Source(where, lambda: articles_of(file, self._options)), None, None)

    def drafts(self) -> Iterator[Draft]:
        """The articles. One that cannot be read any more is left out, and joins the bad."""
        for source in self._sources:
            yield from source.held
            taken, source.held = len(source.held), []
            if source.whole:
                continue
            for nth, draft in enumerate(self._sound(source)):
                if nth >= taken:
                    yield draft

    def bring_in(
        self, desk: "Desk", progress: Callable[[int], None] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> BroughtIn:
        """Bring the articles to a desk as one step of undo; what people remarked in a file comes in as suggestions.

        ``progress`` and ``cancelled`` are as for `Articles.add_many`.
        """
        remarked: list[Draft] = []

        def noting() -> Iterator[Draft]:
            for draft in self.drafts():
                if draft.remarks:
                    remarked.append(draft)
                yield draft

        with desk.session.one_step():
            new, known = desk.articles.add_many(noting(), progress, cancelled)
            suggested = sum(_suggest(desk, draft) for draft in remarked)
        return BroughtIn(new, known, suggested)

    def _take(
        self, source: "_Source", progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        """Look through a source, and hold what there is room for."""
        self._sources.append(source)
        if self._unchecked:
            source.whole = False
            return
        for draft in self._sound(source):
            source.fit += 1
            if source.whole and (source.once or len(draft.text) <= self._room):
                source.held.append(draft)
                self._room -= len(draft.text)
            else:
                source.whole = False
            if progress and draft.where:
                progress(len(self), 0)
            if cancelled and cancelled():
                return

    def _sound(self, source: "_Source") -> Iterator[Draft]:
        """The articles of a source that can come in; why others cannot is told once."""
        try:
            for one in source.articles():
                try:
                    if isinstance(one, Refused):
                        raise one
                    draft = self._checked(one, source.where)
                except Refused as refusal:
                    self._refuse(refusal)
                    continue
                if draft.notes and self._noted and not source.told:
                    self._noted(draft.where or source.where, draft.notes)
                yield draft
        except Refused as refusal:
            self._refuse(refusal)
        except FetchStopped:
            return
        source.told = True

    def _refuse(self, refusal: Refused) -> None:
        if str(refusal) not in self.bad:
            self.bad.append(str(refusal))
            self.unfetched += isinstance(refusal, Unfetched)

    def _checked(self, draft: Draft, where: str) -> Draft:
        """An article with what is said of all. Raises Refused when one of its details cannot be kept."""
        draft = draft.saying(self.said)
        try:
            fields.checked({name: getattr(draft, name) for name in _DETAILS}, fields.ARTICLE)
            if len(draft.text) > LONGEST:
                must_be_storable(draft.text)
        except Refused as refusal:
            raise Refused(f"{draft.where or where}: {refusal}") from None
        return draft

    def _read(self, path: Path) -> Iterator[Arrived]:
        with files.open_articles(path) as file:
            for one in articles_of(file, self._options):
                yield one if isinstance(one, Refused) else one._replace(path=path)

    @cached_property
    def _fetcher(self) -> "Fetcher":
        from store.formats.articles.fetch import Fetcher  # most articles come from files

        return self._given_fetcher or Fetcher()

    def _fetched(self, address: str) -> Iterator[Arrived]:
        from store.formats.articles.address import articles_at

        if self.known and self.known(address):
            yield Draft("", url=address)
        else:
            yield from articles_at(address, self._fetcher, self._options)

    def _followed(self, address: str) -> Draft:
        from store.formats.articles.address import article_at

        if self.known and self.known(address):
            return Draft("", url=address)
        return article_at(address, self._fetcher, self._options)


class _Source:
    """Where articles come from: a file, an address, a stream; and those of them that are held."""

    def __init__(self, where: str, articles: Callable[[], Iterator[Arrived]], *, once: bool = False) -> None:
        self.where = where
        self.articles = articles
        self.once = once
        """Whether it must not be asked again."""
        self.fit = 0
        self.held: list[Draft] = []
        self.whole = True
        """Whether all of its articles are held."""
        self.told = False


def _suggest(desk: "Desk", draft: Draft) -> int:
    """Bring in what people remarked in a file; how much of it is new. Not on an article that has another text."""
    from store.review.suggestions import Suggested

    article = desk.articles.find(draft.text, draft.url)
    if article is None or desk.articles.text(article) != draft.text:
        return 0
    found = [
        Suggested(*snap(draft.text, one.start, one.end), _called(one.author), note=one.words, origin=one.key, at=one.at)
        for one in draft.remarks
    ]
    return desk.suggestions.add_many(article, found).new


def _called(author: str) -> str:
    try:
        return check_name(author[:LONGEST_NAME])
    except Refused:
        return "Unknown"


def restated(desk: "Desk", ids: Iterable[str], said: Mapping[str, str]) -> "list[tuple[Article, dict[str, str]]]":
    """Give articles, by their ids, the details that are now said of them, in one step of undo; those that this changes,
    each with its new details."""
    found = []
    with desk.session.one_step():
        for article in map(desk.articles.get, ids if said else ()):
            changed = {name: value for name, value in said.items() if getattr(article, name) != value}
            if changed:
                found.append((desk.articles.edit(article, **changed), changed))
    return found
