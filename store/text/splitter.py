"""What sentences are found with, by name. Apart from what finds them: where they are kept, nothing is to be found."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

EDITION = 1
"""To be raised with every change of what ``store.text.sentences`` finds: what was kept of them is then found anew."""


def splitter(language: str = "") -> str:
    """What ``store.text.sentences`` finds them with: as long as this is the same, so are the sentences of a text."""
    return f"{spoken(language)}, {_tools()}"


@cache
def _tools() -> str:
    packages = ", ".join(f"{package} {_version(package)}" for package in ("sentencex", "regex"))
    return f"factdesk {EDITION}, {packages}, Unicode {unicodedata.unidata_version}"


def _version(package: str) -> str:
    """The version installed: by the name of the folder beside it, since to ask for it slows the app's start by 5 %."""
    spec = find_spec(package)
    if spec and spec.origin:
        beside = [path.name for path in Path(spec.origin).parents[1].glob(f"{package}-*.dist-info")]
        if len(beside) == 1:
            return beside[0][len(package) + 1 : -len(".dist-info")]
    from importlib.metadata import version

    return version(package)


def spoken(language: str) -> str:
    """The language of a BCP 47 tag, English when it is empty."""
    return language.partition("-")[0].lower() or "en"
