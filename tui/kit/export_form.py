"""Exporting: which format, what it looks like and where it goes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import App

from store.desk import Desk
from store.errors import Refused
from store.records import Article
from tui.kit.picker import Choice, Picker
from tui.kit.save_form import SaveForm, save_rows, save_shared, whose
from tui.kit.screen import Host
from tui.text.safe import safe

if TYPE_CHECKING:
    from store.formats import Listed

_LINES = 4
"""Lines of a preview."""
_WIDTH = 68


def choose_export(app: App[object], desk: Desk, articles: Sequence[Article] = ()) -> None:
    """Ask for a format, and then for the file: of some articles, or of all that the desk has."""
    from store.formats import FORMATS

    formats = [one for one in FORMATS.values() if not articles or one.name != "tables"]
    choices = [Choice(one.name, one.name, description=_told(one)) for one in formats]

    def chosen(keys: tuple[str, ...] | None) -> None:
        if keys == ("bundle",) and isinstance(app, Host) and "share_desk" in app.refused:
            raise Refused(app.refused["share_desk"])
        if keys == ("bundle",):
            app.push_screen(save_shared(desk, articles))
        elif keys:
            app.push_screen(_form(FORMATS[keys[0]], desk, articles))

    app.push_screen(Picker("Export", choices), chosen)


def _told(form: Listed) -> str:
    """What a format is, and what it loses."""
    from store.formats.contract import FIELDS

    loses = [what.replace("_", " ") for what in FIELDS if form.module is not None and what in form.module.loses]
    return form.says + (f"; loses {', '.join(loses)}" if loses else "")


def _form(form: Listed, desk: Desk, articles: Sequence[Article]) -> SaveForm:
    end = form.module.extensions[0] if form.module else ".csv"
    name = form.name if form.folder else f"claims{end}" if form.name != "settled" else "settled.csv"
    intro = f"{form.name} of {whose(articles)}, {form.says}."
    begins = _preview(form, desk, articles)
    told = f"{intro}\n\n{begins}\n\n" if begins else intro
    return save_rows("Export", form, "claim" if form.name != "tables" else "row", name, desk, articles, told)


def _preview(form: Listed, desk: Desk, articles: Sequence[Article]) -> str:
    """How the file begins, of its first article; nothing for a folder."""
    some = articles[:1] or desk.articles.all()[:1]
    if form.folder or not some:
        return ""
    out = io.BytesIO()
    try:
        form.write(desk, out, [article.id for article in some])
    except Refused as refusal:
        return str(refusal)
    lines = out.getvalue()[: 4 * _LINES * _WIDTH].decode("utf-8", "ignore").split("\n")[:_LINES]
    return "It begins: " + "\n".join(safe(line)[:_WIDTH] for line in lines)
