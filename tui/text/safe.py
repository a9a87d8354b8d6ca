"""What hostile text looks like on a screen: one visible substitute for each dangerous code point.

Terminals act on control characters, and bidirectional or zero-width controls hide or reorder what a checker reads.
Each of them is replaced by exactly one other code point, so offsets into the text and into what is shown agree.
"""

from __future__ import annotations

import re
from functools import cache

from rich.cells import get_character_cell_size

_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|"  # spelled with tags: harmless as a whole
_HIDDEN = (
    "\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_LINES = "\n\t"


@cache
def _dangerous(keep: str) -> re.Pattern[str]:
    """What is dangerous; where newlines and tabs are kept, besides those, so that a long text is not stopped at in each
    of its lines."""
    controls = "\x00-\x08\x0b-\x1f" if keep == _LINES else "\x00-\x1f"
    return re.compile(f"{_FLAG}[{controls}{_HIDDEN}")


_NON_JOINER, _JOINER = "\u200c", "\u200d"
_LINE_SEPARATORS = {"\u2028": "␤", "\u2029": "¶"}
# From here on live the scripts whose spelling needs joiners; before it, a joiner only hides a difference.
_JOINING_SCRIPTS = "\u0600"


def safe(text: str, keep: str = "") -> str:
    """Return ``text`` fit for one line of a terminal, with the same number of code points.

    C0 controls become their pictures (U+2400…), DEL U+2421, C1 controls and surrogates U+FFFD; bidirectional and
    invisible controls become ``·``. Joiners stay where they join an emoji or spell a word. The characters in
    ``keep`` (a newline, a tab) are left as they are. What is returned may be cut at grapheme boundaries only.
    """
    bare = text
    for kept in keep:
        bare = bare.replace(kept, "")
    if bare.isprintable():  # nothing dangerous is, nor are a few blanks
        return text
    pattern = _dangerous(keep)
    if not pattern.search(text):
        return text

    def substitute(match: re.Match[str]) -> str:
        character = match.group()
        if len(character) > 1 or character in keep:
            return character
        code = ord(character)
        if code < 0x20:
            return chr(0x2400 + code)
        if code == 0x7F:
            return "\u2421"
        if code < 0xA0 or 0xD800 <= code <= 0xDFFF:
            return "\ufffd"
        if character in (_JOINER, _NON_JOINER):
            return _joiner(text, match.start())
        return _LINE_SEPARATORS.get(character, "·")

    return pattern.sub(substitute, text)


def safe_block(text: str) -> str:
    """Return ``text`` fit for several lines: newlines stay, a tab becomes one space, the rest as in `safe`."""
    return safe(text, keep=_LINES).replace("\t", " ")


def _joiner(text: str, i: int) -> str:
    """What the joiner at ``i`` is shown as.

    Rich counts whatever follows a joiner as no cell, so a joiner is passed on only where it and its successor are
    one grapheme. Between letters of a script that needs it, a non-joiner keeps the spelling and the width.
    """
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    if not before or not after or _dangerous("").match(text, i + 1) or not get_character_cell_size(after):
        return "·"
    if text[i] == _JOINER:
        from store.text.units import is_boundary

        if not is_boundary(text, i + 1):
            return _JOINER
    return _NON_JOINER if before >= _JOINING_SCRIPTS and after >= _JOINING_SCRIPTS and after.isalpha() else "·"
