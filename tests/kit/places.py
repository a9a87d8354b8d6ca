"""The places of the app: how to get to each, and what answers there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import OTHERS, at_review
from tests.kit.at_the_article import SITUATIONS, Room, at_desk
from tests.kit.pilot import at_rest
from tests.kit.second_review import scheme
from tui.app import FactdeskApp
from tui.keys.actions_and_keys import ACTIONS, Action
from tui.keys.keymap import answering
from tui.kit.screen import DeskScreen

PLACES = {**SITUATIONS, **OTHERS}
"""Every place of the app, and the keys that lead there from an article's text."""
SHOWN = {
    "text": "ArticleScreen check", "selecting": "ArticleScreen check", "panel": "ArticleScreen panel",
    "claims": "ArticleScreen list", "filter": "ArticleScreen filter", "find": "ArticleScreen editor",
    "why": "ArticleScreen editor", "comment": "ArticleScreen editor", "verdict": "Picker list",
    "evidence": "EvidenceForm editor", "help": "HelpScreen filter", "palette": "Palette filter",
    "suggestions": "SuggestionsScreen list",
    "history": "HistoryScreen list", "history find": "HistoryScreen filter", "conflicts": "ConflictsScreen list",
    "library": "LibraryScreen list", "library find": "LibraryScreen filter", "import": "ImportForm filter",
    "new article": "NewArticleForm editor",
    "merge": "MergeDeskForm editor",
    "assignments": "AssignmentsScreen list", "assignments find": "AssignmentsScreen filter",
    "assign": "AssignForm editor", "details": "ArticleForm editor", "review": "ReviewScreen propose",
    "review panel": "ReviewScreen panel", "review claims": "ReviewScreen list", "review words": "ReviewScreen editor",
    "reasons": "Picker list", "disagree": "WhyForm editor", "missing": "ReviewScreen propose",
    "summary": "SubmitScreen list", "summary file": "SaveForm editor", "inbox": "InboxScreen list",
    "compare": "CompareScreen text", "compare panel": "CompareScreen list", "compare list": "CompareScreen list",
    "settle": "CompareScreen editor", "settle own": "Picker list", "settled file": "SaveForm editor",
    "agreement": "AgreementScreen list", "agreement file": "SaveForm editor",
    "settings": "SettingsForm editor", "sync": "SyncForm editor", "sources": "SourcesScreen list",
    "backups": "BackupsSheet list", "heat map": "PictureScreen list", "replay": "ReplayScreen list",
    "correct": "CorrectForm editor", "corrections": "CorrectionsScreen list", "versions": "VersionsScreen list",
}  # fmt: skip
"""The screen of each place, and what has the focus there."""


def is_at(app: FactdeskApp, place: str) -> bool:
    """Whether the keys have led where they are said to lead."""
    screen = app.screen
    assert isinstance(screen, DeskScreen)
    scopes = [scope.value for scope in screen.scopes()]
    return f"{type(screen).__name__} {'panel' if scopes[:2] == ['list', 'panel'] else scopes[0]}" == SHOWN[place]


def all_settle(desk: Desk, article: Article) -> None:
    """Let whoever took part settle as well."""
    desk.schemes.use(scheme(anyone_adjudicates=True))


@asynccontextmanager
async def at(folder: Path, name: str) -> AsyncIterator[Room]:
    """Somewhere in the app: on one's own desk, or where somebody else has checked the article."""
    folder.mkdir()
    going = (
        at_desk(folder) if name in SITUATIONS else at_review(folder, reviewing=None, size=(80, 24), prepare=all_settle)
    )
    async with going as room:
        for key in PLACES[name]:
            await room.press(key)
            await at_rest(room.pilot)
        assert is_at(room.app, name), name
        yield room


def here(app: FactdeskApp) -> tuple[DeskScreen[object], list[Action]]:
    """The screen on top, and the actions that answer on it."""
    screen = app.screen
    assert isinstance(screen, DeskScreen)
    scopes = answering(screen.scopes())
    return screen, [action for action in ACTIONS if action.scope in scopes]
