"""In what encoding bytes are that are not UTF-8 and do not say so: told when it is sure, for no text may be garbled."""

from __future__ import annotations

_CODECS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_5",
    "iso8859_7", "koi8_r", "koi8_u", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
"""What texts and tables are written in where they are not in Unicode; the first is taken where others read as well."""
_CENTRAL = dict.fromkeys(("Czech", "Hungarian", "Polish", "Romanian", "Slovak", "Slovene"), "cp1250")
_WRITTEN_IN = {**_CENTRAL, "Turkish": "cp1254"}
"""In what languages are written where the first would read as well, and wrongly."""
LOOKED_AT = 200_000
"""Bytes from which the encoding is told."""
_CHAOS, _COHERENCE = 0.1, 0.1
"""How much of a text may look like a mess, and how much of it must look like some language, from 0 to 1."""
_HIGH = bytes(range(128, 256))
_CONTROLS = bytes({*range(32), 0x7F} - {*b"\t\n\v\f\r\x1b"})


def codec_of(data: bytes) -> str:
    """The codec of a text in bytes that are not UTF-8; empty when it cannot be told, as for UTF-8 that is damaged."""
    data = data[:LOOKED_AT]
    if b"\n" in data[LOOKED_AT - 10_000 :]:
        data = data[: data.rindex(b"\n")]  # no character is cut
    if len(data.translate(None, _CONTROLS)) < len(data) or _is_damaged(data):
        return ""
    from charset_normalizer import from_bytes

    found = from_bytes(data, cp_isolation=list(_CODECS), preemptive_behaviour=False)
    best = found.best()
    if best is None or best.chaos > _CHAOS or best.coherence < _COHERENCE:
        return _CODECS[0] if _is_western(data) else ""
    alike = {one.encoding for one in found if (one.chaos, one.coherence) == (best.chaos, best.coherence)}
    alike |= {*best.could_be_from_charset}
    own = _WRITTEN_IN.get(best.language, "")
    if len(alike) > 1 and any(one.encoding == own and one.chaos <= _CHAOS for one in found):
        return own
    return max((name for name in _CODECS if name in alike), key=lambda name: _letters(data, name))


def codec_words(codec: str) -> str:
    """What an encoding is commonly called."""
    return codec.replace("cp125", "windows-125").replace("_", "-")


def _letters(data: bytes, codec: str) -> int:
    """How many letters a text has when it is read so."""
    return sum(map(str.isalpha, data.decode(codec, "ignore")))


def _is_damaged(data: bytes) -> bool:
    """Whether bytes hold as much good UTF-8 as bad."""
    low = len(data.translate(None, _HIGH))
    good = data.decode("utf-8", "ignore")
    bad = len(data) - low - (len(good.encode()) - low)
    return len(good) - low >= bad


def _is_western(data: bytes) -> bool:
    """Whether a text too short to be told by its language reads well as windows-1252.

    Western text is mostly ASCII: at most three in ten of its characters are not (Cyrillic, Greek or Chinese in an
    encoding of their own would be nearly all).
    """
    try:
        data.decode(_CODECS[0])
    except UnicodeDecodeError:
        return False
    printed = len(data) - len(data.translate(None, bytes(range(33, 256))))
    return (len(data) - len(data.translate(None, _HIGH))) * 10 <= printed * 3
