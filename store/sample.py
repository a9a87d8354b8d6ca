"""The sample article, wherever factdesk is installed."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from store.errors import Refused
from store.records import Article

NAME = "000_b70d1dce7949a247.txt"
_SHA = "73067b7b4405eb2865e63372785c4a8bce958aaf96eb6bf5a24b6d6611bcadef"


def path() -> Path:
    """The sample article's file: inside the package when installed, in ``seeds/`` beside it in a checkout.

    Raises:
        Refused: it is in neither place.
    """
    package = Path(str(resources.files("store")))
    for folder in (package / "seeds", package.parent / "seeds"):
        if (folder / NAME).is_file():
            return folder / NAME
    raise Refused(f"The sample article {NAME} is missing from {package.parent / 'seeds'}: install factdesk again.")


def is_it(article: Article) -> bool:
    """Whether an article is the sample, word for word."""
    return article.sha == _SHA
