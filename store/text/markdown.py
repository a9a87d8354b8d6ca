"""Markdown."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~!$&]")


def escaped(text: str) -> str:
    """Words on one line that Markdown shows as they are."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
