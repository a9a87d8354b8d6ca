"""Text as XML 1.0 can hold it."""

from __future__ import annotations

import re

ILLEGAL = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What XML cannot hold, or its readers do not give back."""


def legal(words: str) -> str:
    """Words with other characters in place of those, as many as before."""
    return ILLEGAL.sub(lambda found: "\u2060" if found[0] == "\ufeff" else "\ufffd", words)
