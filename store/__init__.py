"""The headless library of factdesk: whatever the app can do with a desk can be done from here.

>>> from store import Desk
>>> with Desk.open("desk.db", "Ana") as desk:
...     article = desk.articles.add("It rained on 5 May.")
...     claim = desk.claims.tag(article, 0, 19)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.desk import Desk
    from store.errors import Busy, Duplicate, Refused, Unknown

__all__ = ["Busy", "Desk", "Duplicate", "Refused", "Unknown"]

_HOME = {"Desk": "store.desk"}
"""The module of what is not an error; nothing is imported before it is asked for."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(_HOME.get(name, "store.errors")), name)
