"""Articles to be imported, checked as a whole before the first of them comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from store.access import fields
from store.errors import Refused
from store.formats import article_files
from store.text.draft import Draft

HELD = 16_000_000
"""Code points of text that are kept between checking and importing; beyond that a file is read twice."""

Noted = Callable[[str, tuple[str, ...]], None]
_DETAILS = tuple(name for name in fields.ARTICLE if name != "title")


class Batch:
    """The articles of some files and folders. ``bad`` has a sentence for each that holds none.

    However many there are, only so much text is held at once.
    """

    def __init__(self, said: Mapping[str, str] | None = None) -> None:
        """``said`` are details of all the articles, in place of those that a file gives."""
        self.said = dict(said or {})
        self.bad: list[str] = []
        self._files: list[Path] = []
        self._held: dict[Path, Draft] = {}
        self._room = HELD

    def __len__(self) -> int:
        return len(self._files)

    def add(
        self,
        path: str | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        noted: Noted | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Read a file, or all articles in a folder, to see whether they can come in.

        Args:
            path: the file or folder.
            progress: told how many files are read and how many there are.
            noted: told a file and what had to be mended in it.
            cancelled: asked before each file; once it says yes, the rest is not read.
        """
        try:
            files = article_files.find_files([path])
        except Refused as refusal:
            self.bad.append(str(refusal))
            return
        for number, file in enumerate(files, 1):
            if cancelled and cancelled():
                return
            try:
                self.add_draft(file, article_files.read(file), str(file), noted)
            except Refused as refusal:
                self.bad.append(str(refusal))
            if progress:
                progress(number, len(files))

    def add_draft(self, path: Path, draft: Draft, where: str, noted: Noted | None = None) -> None:
        """Take an article that was read from ``path``; ``where`` names it. Raises Refused when it cannot come in."""
        draft = self._as_said(draft)
        try:
            fields.checked({name: getattr(draft, name) for name in _DETAILS}, fields.ARTICLE)
        except Refused as refusal:
            raise Refused(f"{where}: {refusal}") from None
        if draft.notes and noted:
            noted(where, draft.notes)
        self._files.append(path)
        if draft.path is None or len(draft.text) <= self._room:
            self._held[path] = draft
            self._room -= len(draft.text)

    def _as_said(self, draft: Draft) -> Draft:
        return draft._replace(**self.said)  # type: ignore[arg-type]

    def drafts(self) -> Iterator[Draft]:
        """The articles. One that cannot be read any more is left out, and joins the bad."""
        for file in self._files:
            draft = self._held.pop(file, None)
            if draft is None:
                try:
                    draft = self._as_said(article_files.read(file))
                except Refused as refusal:
                    self.bad.append(str(refusal))
                    continue
            yield draft
