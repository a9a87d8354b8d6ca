"""In what encoding bytes are that are not UTF-8 and do not say so: told when it is sure, for no text may be garbled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_WESTERN = "cp1252"
_ALPHABETS = (
    (_WESTERN, "àâæçéèêëîïôœùûüÿ"),  # French
    (_WESTERN, "äöüß"),  # German
    (_WESTERN, "áéíñóúü¿¡ºª"),  # Spanish
    (_WESTERN, "áâãàçéêíóôõúüºª"),  # Portuguese
    (_WESTERN, "àèéìíòóùº"),  # Italian
    (_WESTERN, "àçèéíïòóúü·"),  # Catalan
    (_WESTERN, "éèêëïóöü"),  # Dutch
    (_WESTERN, "åäöé"),  # Swedish, Finnish
    (_WESTERN, "æøåéòôó"),  # Danish, Norwegian
    (_WESTERN, "áéíóúýþæöð"),  # Icelandic
    *((codec, letters) for letters in (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîşţ",  # Romanian
        "čćđšž",  # Croatian, Slovene
    ) for codec in ("cp1250", "iso8859_2")),
    ("cp1254", "çğıöşüâîû"),  # Turkish
    ("cp1257", "ąčęėįšųūž"),  # Lithuanian
    ("cp1257", "āčēģīķļņšūž"),  # Latvian
    ("cp1257", "äõöüšž"),  # Estonian
)  # fmt: skip
"""The letters beyond ASCII that languages in Latin letters have, and what they are written in where not in Unicode.

Of two that have as many of a text's letters, the first is taken.
"""
_LATIN = {codec for codec, _ in _ALPHABETS}
_MULTIBYTE = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
"""Hardly any text is good in one of these that is not written in it."""
_CODECS = (
    *sorted(_LATIN), "cp1251", "cp1253", "cp1255", "cp1256", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u",
    *_MULTIBYTE,
)  # fmt: skip
_LOOKED_AT = 200_000
"""Bytes from which the encoding is told."""
_CHAOS, _COHERENCE = 0.1, 0.1
"""How much of a text may look like a mess, and how much of it must look like some language, from 0 to 1."""
_COHERENCE_ALONE = 0.5
"""The latter where a text is a mess in this encoding and worse in all others."""
_HIGH = bytes(range(128, 256))
_CONTROLS = bytes({*range(1, 32), 0x7F} - {*b"\t\n\v\f\r\x1b"})


def codec_of(data: bytes) -> str:
    """The codec of a text in bytes that are not UTF-8; empty when it cannot be told, as for UTF-8 that is damaged."""
    if len(data.translate(None, _CONTROLS)) < len(data) or _is_damaged(data):
        return ""
    from charset_normalizer import from_bytes

    telling = telling_lines(data.splitlines(keepends=True))
    found = from_bytes(telling, cp_isolation=list(_CODECS), preemptive_behaviour=False)
    clean = [one for one in found if one.chaos <= _CHAOS]
    best = found.best()
    if best is None or not (
        (best.chaos <= _CHAOS and best.coherence >= _COHERENCE)
        or (len(found) == 1 and best.coherence >= _COHERENCE_ALONE)
        or (clean == [best] and best.encoding in _MULTIBYTE)
    ):
        return _latin(telling) if _is_western(data) else ""
    if best.encoding in _LATIN:
        return _latin(telling)
    alike = {one.encoding for one in found if (one.chaos, one.coherence) == (best.chaos, best.coherence)}
    alike |= {*best.could_be_from_charset}
    return _most_letters(telling, [name for name in _CODECS if name in alike])


def telling_lines(lines: Iterable[bytes]) -> bytes:
    """The first lines that are not all ASCII: the others tell nothing, however many they are."""
    telling, size = [], 0
    for line in lines:
        if not line.isascii():
            telling.append(line[: _LOOKED_AT - size])
            size += len(telling[-1])
            if size >= _LOOKED_AT:
                break
    found = b"".join(telling)
    end = max(map(found.rfind, (b"\n", b" ", b","))) if size >= _LOOKED_AT else 0
    return found[:end] if end > 0 else found  # none of these is a part of any other character


def codec_words(codec: str) -> str:
    """What an encoding is commonly called."""
    return codec.replace("cp125", "windows-125").replace("_", "-")


def _latin(data: bytes) -> str:
    """The codec in which most of a text's letters are of one alphabet; empty where all are strange to each."""
    read = {codec: data.decode(codec, "replace").lower() for codec in _LATIN}
    codec, letters = max(_ALPHABETS, key=lambda one: sum(map(read[one[0]].count, one[1])))
    of_any = sum(letter.isalpha() and not letter.isascii() for letter in read[codec])
    return codec if _is_mostly_ascii(data) or sum(map(read[codec].count, letters)) * 4 >= of_any * 3 else ""


def _most_letters(data: bytes, codecs: Sequence[str]) -> str:
    """The codec in which most of a text are letters; empty where that is so of two in which it reads differently."""
    read = {codec: data.decode(codec, "ignore") for codec in codecs}
    letters = {codec: sum(map(str.isalpha, text)) for codec, text in read.items()}
    most = [codec for codec in codecs if letters[codec] == max(letters.values())]
    return most[0] if len({read[codec] for codec in most}) == 1 else ""


def _is_damaged(data: bytes) -> bool:
    """Whether bytes hold as much good UTF-8 as bad."""
    low = len(data.translate(None, _HIGH))
    good = data.decode("utf-8", "ignore")
    bad = len(data) - low - (len(good.encode()) - low)
    return len(good) - low >= bad


def _is_western(data: bytes) -> bool:
    """Whether a text too short to be told by its language reads well as windows-1252."""
    try:
        data.decode(_WESTERN)
    except UnicodeDecodeError:
        return False
    return _is_mostly_ascii(data)


def _is_mostly_ascii(data: bytes) -> bool:
    """Whether at most three in ten characters are not ASCII, as in Latin letters; in others nearly all are not."""
    printed = len(data) - len(data.translate(None, bytes(range(33, 256))))
    return (len(data) - len(data.translate(None, _HIGH))) * 10 <= printed * 3
