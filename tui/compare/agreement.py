"""The agreement screen: how far people agree, on what, and the claims behind every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from store.desk import Desk
from store.errors import Refused
from store.formats.agreement import AGREEMENT_SUFFIXES, again, changed, left_out, made, unpaired, write
from store.measure.figures import AFTER, FIRST, Figure, Measured
from store.measure.figures_as_data import AC1_Q
from store.records import Article
from store.settle.agreement import Agreement
from tui.keys.actions_and_keys import Scope
from tui.kit.bar import Bar
from tui.kit.list_screen import ListScreen
from tui.kit.rows import Cell, Column, Rows
from tui.kit.save_form import SaveForm
from tui.kit.styled_text import Piece, fit, width_of

if TYPE_CHECKING:
    from textual.worker import Worker

_GROUPS = {
    "found": "found: did they mark the same?",
    "edges": "edges of what both marked",
    "verdict": "verdict on what both marked",
    "types": "claim types",
    "evidence": "evidence",
}
_TOGETHER = (
    "Only what several people marked is compared further; “found” shows the rest. "
    "To accept a proposal changes no figure. Enter lists the claims behind one."
)


_NAME, _VALUE, _SURE, _COUNT = 35, 7, 15, 8  # cells of what stands in a figure's row; what n counts takes the rest
_LEAST_UNIT = 12  # cells


class _Line(NamedTuple):
    """A row: its words, or the figure it shows with its comparison and, of a single article, its id."""

    pieces: Sequence[Piece]
    comparison: Measured | None = None
    figure: Figure | None = None
    article: str = ""


_HINTS = ("by_article", "export_agreement", "close")


class AgreementScreen(ListScreen[None, _Line]):
    """Figures for every two people and for all, pooled or article by article, over some articles or all of the desk.

    They are worked out beside the screen, each shown when it is there; leaving ends that.
    """

    SCOPE = Scope.AGREEMENT
    ABOUT = 4
    DEFAULT_CSS = """
    AgreementScreen #agreement-columns { background: $surface; color: $foreground-muted; text-style: bold; }
    """

    class Counted(Message):
        """Some more is known: the report, or how many of its figures."""

        def __init__(self, found: Agreement, done: int, all: int) -> None:
            super().__init__()
            self.found = found
            self.done = done
            self.all = all

    def __init__(self, desk: Desk, articles: Sequence[Article] = ()) -> None:
        rows = Rows(
            (Column(share=1),),
            empty="\nCounting …",
            verb="List claims",
            hints=_HINTS,
        )
        super().__init__(rows, finding=False)
        self.desk = desk
        self._articles = tuple(article.id for article in articles)
        self._titles = {article.id: article for article in desk.articles.all()}
        self._found: Agreement | None = None
        self._done = self._all = 0
        self._by_article = False
        self._worker: Worker[None] | None = None
        self._stopped = False

    def middle(self) -> ComposeResult:
        yield Bar(id="agreement-columns")
        yield self.rows

    def on_mount(self) -> None:
        self._begin()

    def on_unmount(self) -> None:
        if self._worker is not None:
            self._worker.cancel()

    # Counting, beside the screen

    def _begin(self) -> None:
        self._stopped = False
        self._worker = self._count(self._found, self._by_article)
        self._offer_to_stop(True)

    def _offer_to_stop(self, counting: bool) -> None:
        """Offer to stop at the foot as long as there is something to stop."""
        if self.rows.hint_at(*_HINTS[:2], *(("stop",) if counting else ()), *_HINTS[2:]):
            self.show_hints()

    @work(thread=True, exclusive=True, group="agreement", exit_on_error=False)
    def _count(self, found: Agreement | None, by_article: bool) -> None:
        """Work out every figure with its interval, and then, when asked, those of each article."""
        worker = get_current_worker()
        if found is None:
            with self.desk.beside() as desk:
                found = desk.agreement.report(self._articles)
        comparisons = found.report.comparisons
        figures = [(comparison, k) for comparison in comparisons for k in range(len(comparison.pooled))]
        parts = len(figures) + (len(comparisons) if by_article else 0)
        for done, (comparison, k) in enumerate(figures):
            if worker.is_cancelled:
                return
            self.post_message(self.Counted(found, done, parts))
            _ = comparison.pooled[k].interval
        for done, comparison in enumerate(comparisons if by_article else (), len(figures)):
            if worker.is_cancelled:
                return
            self.post_message(self.Counted(found, done, parts))
            _ = comparison.by_article if comparison.kept else ()
        self.post_message(self.Counted(found, parts, parts))

    @on(Counted)
    def _take_count(self, event: Counted) -> None:
        if self._stopped:
            return
        new = self._found is None
        self._found, self._done, self._all = event.found, event.done, event.all
        self._offer_to_stop(event.done < event.all)
        if new:
            self._lay_out()
        else:
            self._show_more(event.done == event.all)

    @property
    def counted(self) -> bool:
        """Whether every figure is known."""
        return 0 < self._all == self._done

    def _show_more(self, all: bool) -> None:
        """One figure more is known; with everything known, what was waiting for it is laid out."""
        if all and self._by_article:
            self._lay_out()
        for index, line in enumerate(self.shown):
            if line.figure is not None and not line.article:
                self.rows.touch(index)
        self.tell(self.current)
        self.head.show(*self.heading())

    def action_stop(self) -> None:
        if self._worker is None or self._done == self._all:
            raise Refused("Everything is counted already.")
        self._worker.cancel()
        self._stopped = True
        self._offer_to_stop(False)
        self.head.show(*self.heading())
        self.say("Stopped: intervals that were not worked out yet are left out.")

    # What is shown

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        left: list[Piece] = [(" agreement ", "bold accent")]
        if self._found is not None:
            left.append((", ".join(self._found.report.people) or "nobody has submitted a set", "bold"))
        count = len(self._articles) or len(self._titles)
        left.append((f"  {count} article{'' if count == 1 else 's'}", "muted"))
        if self._found is None:
            said = "reading …" if not self._stopped else "stopped"
        elif self._done < self._all:
            said = f"{'stopped at' if self._stopped else 'counting'} {self._done} of {self._all}"
        else:
            said = "article by article" if self._by_article else "pooled"
        return left, [(said, "muted")]

    def read(self) -> list[_Line]:
        return [] if self._found is None else list(self._written(self._found))

    def cells(self, item: _Line) -> tuple[Cell, ...]:
        return (self._pieces(item),)

    def _lay_out(self) -> None:
        self.rows.empty = "\nNothing to compare."
        self.refill()
        if self.rows.cursor == 0:
            self.rows.move_to(next((i for i, line in enumerate(self.items) if line.figure), 0))

    def _header(self) -> list[Piece]:
        return [
            (f"     {'figure':<{_NAME}}{'value':>{_VALUE}}  {'95 %':<{_SURE}}{'n':>{_COUNT}}", ""),
            ("  n counts" if self.size.width >= 100 else "", ""),
        ]

    def on_resize(self) -> None:
        self.query_one("#agreement-columns", Bar).show(self._header())

    def _written(self, found: Agreement) -> Iterator[_Line]:
        about = [_Line([(said, "warning")]) for said in [left_out(found), again(found)] if said]
        about += [_Line([(said, "muted")]) for said in [unpaired(found), changed(found), made(found)] if said]
        if len(found.report.people) < 2:
            about.append(_Line([("Agreement needs two submitted sets: nothing can be compared yet.", "bold")]))
        yield from about
        for k, comparison in enumerate(found.report.comparisons):
            if about or k:
                yield _Line(())
            yield from self._of(comparison)

    def _of(self, comparison: Measured) -> Iterator[_Line]:
        who = " and ".join(comparison.people) if len(comparison.people) == 2 else f"All {len(comparison.people)} people"
        count = len(comparison.articles)
        whose = "both" if len(comparison.people) == 2 else "two of them or more"
        about = f"  {count} article{'' if count == 1 else 's'} that {whose} submitted"
        yield _Line([(who, "bold accent"), (about if count else "  no article that both submitted", "muted")])
        if not self._by_article:
            yield from self._figures(comparison, comparison.pooled)
            yield from self._confusion(comparison)
            return
        if not comparison.kept:
            yield _Line([("  too many articles to list here: save them to a file", "muted")])
            return
        if self._done < self._all and "_by_article" not in comparison.__dict__:
            yield _Line([("  being counted …", "muted")])
            return
        for id, figures in comparison.by_article:
            article = self._titles.get(id)
            title = f"{article.number}  {' '.join(article.title.split())}" if article else "an article that is gone"
            yield _Line([(f"  {title}", "bold")])
            yield from self._figures(comparison, figures, id)

    def _figures(self, comparison: Measured, figures: Sequence[Figure], article: str = "") -> Iterator[_Line]:
        group = ""
        for figure in figures:
            if figure.group != group and not article:
                group = figure.group
                when = f", {figure.when}" if figure.when else ""
                yield _Line([(f"  {_GROUPS.get(group, group)}{when}", "muted")])
            yield _Line((), comparison, figure, article)

    def _confusion(self, comparison: Measured) -> Iterator[_Line]:
        table = comparison.confusion
        if table is None or not any(map(any, table.counts)):
            return
        scheme = self.desk.scheme
        used = [k for k, counts in enumerate(table.counts) if any(counts) or any(row[k] for row in table.counts)]
        kinds = [scheme.verdict(str(table.labels[k])) for k in used]
        one, other = comparison.people
        after = f" {AFTER}" if comparison.changed else ""
        yield _Line([(f"  verdicts{after}: of {one} in rows, of {other} in columns", "muted")])
        yield _Line([(" " * 26, ""), *((f"{kind.glyph:>6}", f"bold {kind.colour}") for kind in kinds)])
        for k, kind in zip(used, kinds, strict=True):
            counts: list[Piece] = [
                (f"{table.counts[k][j] or '·':>6}", "bold" if j == k else "" if table.counts[k][j] else "muted")
                for j in used
            ]
            yield _Line([(f"    {kind.glyph} ", f"bold {kind.colour}"), (fit(kind.label, 20), ""), *counts])

    def _pieces(self, line: _Line) -> Sequence[Piece]:
        figure = line.figure
        if figure is None:
            return line.pieces
        measure = figure.measure
        name = f"  {FIRST}" if figure.when == FIRST else figure.name
        pieces: list[Piece] = [("    ", ""), (fit(name, _NAME), "")]
        if measure.value is None:
            pieces.append((fit(f"  n/a: {measure.why}", _VALUE + 2 + _SURE), "muted"))
        else:
            pieces += [
                (f"{measure.value:>{_VALUE}.3f}", "bold"),
                ("  ", ""),
                (fit(_interval(figure, of_article=bool(line.article)), _SURE), ""),
            ]
        pieces += [(f"{measure.n:>{_COUNT}}", ""), ("  ", "")]
        room = self.rows.size.width - width_of(pieces) - 2
        return [*pieces, (figure.counts, "muted")] if room >= _LEAST_UNIT else pieces

    def detail(self, item: _Line | None) -> str:
        line, told = item, _TOGETHER
        if line is not None and line.figure is not None:
            figure = line.figure
            measure = figure.measure
            said = f"not defined ({measure.why})" if measure.value is None else f"{measure.value:.3f}"
            sure = _interval(figure, of_article=bool(line.article))
            told = f"{figure.words}: {said}; n = {measure.n} {figure.counts}"
            told += f"; 95 % interval {sure}" if sure not in ("", "…") else ""
            told += f"\n{AC1_Q if figure.key.startswith('gwet_ac1') else _TOGETHER}"
        elif line is not None and line.pieces:
            told = "".join(text for text, _ in line.pieces).strip() + f"\n{_TOGETHER}"
        return told

    # What can be done

    def take(self, item: _Line) -> None:
        line = item
        if line.figure is None or line.comparison is None:
            raise Refused("Choose a figure: the claims behind it are listed then.")
        from tui.compare.figure_claims import BehindScreen

        who = " and ".join(line.comparison.people) if len(line.comparison.people) == 2 else "all"
        rows = list(line.figure.behind())
        self.app.push_screen(BehindScreen(self.desk, f"{line.figure.words}, {who}", line.comparison.people, rows))

    def action_by_article(self) -> None:
        self._by_article = not self._by_article
        self.rows.cursor = 0
        if self._found is None:
            return
        if self._by_article:
            self._done, self._all = 0, 1
            self._begin()
        self._lay_out()

    def action_export_agreement(self) -> None:
        found = self._found
        if found is None:
            raise Refused("Nothing is counted yet.")

        def written(to: Path, *_: object) -> str:
            form = AGREEMENT_SUFFIXES.get(to.suffix.lower(), "")
            if not form:
                raise Refused(
                    f"Give a name that ends in {', '.join(AGREEMENT_SUFFIXES)}: it says what the file is to be."
                )
            write(found, to, form)
            return f"Agreement written to {to.absolute()}."

        intro = "A name that ends in .json gives JSON, .csv a row for each figure, .md a Markdown page."
        form = SaveForm("Write the agreement to a file", written, name="agreement.md", intro=intro)
        self.app.push_screen(form)


def _interval(figure: Figure, *, of_article: bool = False) -> str:
    """The 95 % interval; an ellipsis while it is being worked out, nothing where there is none, or for one article."""
    if "interval" not in figure.__dict__:
        return "" if of_article else "…"
    return f"{figure.interval[0]:.3f}–{figure.interval[1]:.3f}" if figure.interval else ""
