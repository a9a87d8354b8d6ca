"""The scheme: a desk's verdicts, claim types and reason codes, as data.

A scheme is one TOML file: a ``[scheme]`` table, a ``[review]`` table where second review goes by other rules than
the usual, and lists of ``[[verdict]]``, ``[[type]]`` and ``[[reason]]``.
Its text is kept in the desk and its hash in every export, so what a verdict meant can always be looked up.

In the app the digits 1 to 9 give the first nine active verdicts in the order of the file, and 0 takes the verdict back;
hotkey letters work in the verdict picker. What was used is retired, never removed; an unknown key is shown as ``?key``.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from store.errors import Refused
from store.file_locks import open_to_read
from store.text.coverage import LEFTOVER_WORDS
from store.text.shorten import shorten
from store.toml import Toml, shown
from store.vocabulary import Stance

DEFAULT = "desk"
_MOST = 2**63 - 1  # what the file can hold
LIMIT_BYTES = 1_000_000
"""The longest scheme file that is read."""

MOST_LEFTOVER_WORDS = 99

_SHIPPED = Path(__file__).with_name("schemes")

_TONES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
COLOURS = (*_TONES, *(f"bright_{tone}" for tone in _TONES))
"""The ANSI names a verdict's colour may have; ``#rrggbb`` is the other way to say it."""

Guard = Literal["warn", "block"]


class SchemeError(Refused):
    """A scheme that cannot be used; the sentence names file, line, key and mend."""


class VerdictKind(NamedTuple):
    """One conclusion that the scheme offers.

    ``colour`` is one of `COLOURS` or ``#rrggbb``; ``glyph`` is one character of one cell. ``rating`` lies
    on the scheme's rating scale, None off it. ``order`` ranks the verdicts for ordinal agreement, None for
    those without a rank. The requirements are read by `Scheme.missing`; ``guard`` says whether a verdict that
    lacks something is given with a warning or not at all. ``ask`` ends the sentence "needs a justification
    that …". ``export`` maps a format's name to the label this verdict has there.
    """

    key: str
    label: str
    hotkey: str = ""
    colour: str = "white"
    glyph: str = "?"
    rating: int | None = None
    order: int | None = None
    description: str = ""
    requires_evidence: int = 0
    requires_stance: tuple[str, ...] = ()
    requires_justification: bool = False
    ask: str = ""
    guard: Guard = "warn"
    retired: bool = False
    replaced_by: str = ""
    export: Mapping[str, str] = MappingProxyType({})
    known: bool = True


class ClaimType(NamedTuple):
    """A kind of assertion; ``export`` maps a format's name to the label this type has there."""

    key: str
    label: str
    description: str = ""
    retired: bool = False
    export: Mapping[str, str] = MappingProxyType({})
    known: bool = True


class Reason(NamedTuple):
    """Why a second reader objects. One that ``needs_words`` says nothing by itself."""

    key: str
    label: str
    description: str = ""
    retired: bool = False
    needs_words: bool = False
    known: bool = True


class Lack(NamedTuple):
    """Something that a claim lacks to be checked: what it is, and that in words."""

    what: Literal["verdict", "evidence", "justification", "again", "known_verdict"]
    sentence: str


NO_VERDICT = Lack("verdict", "it needs a verdict")  # all that a claim lacks which has just been tagged


class ReviewRules(NamedTuple):
    """How second review goes: the agreeing reviews a claim needs, whether the checker's rejection of a proposal
    ends the dispute, and whether somebody who took part in a claim may settle it."""

    required: int = 1
    checker_settles: bool = False
    anyone_adjudicates: bool = False


class RatingScale(NamedTuple):
    """The whole numbers verdicts are rated with: best > worst >= 1."""

    worst: int
    best: int


@dataclass(frozen=True)
class Scheme:
    """A scheme as read. ``toml`` is its text, ``hash`` the SHA-256 of that text in UTF-8, in hexadecimal.

    ``leftover_words`` is how many words the leftover of a half-read sentence has at least to count, 1 to 99.
    ``own_pass_first`` hides suggestions on an article from everyone who has not yet submitted a set of their own on it.
    """

    id: str
    version: int
    label: str
    verdicts: tuple[VerdictKind, ...]
    types: tuple[ClaimType, ...]
    reasons: tuple[Reason, ...]
    rating_scale: RatingScale | None
    review: ReviewRules
    leftover_words: int
    own_pass_first: bool
    hash: str
    toml: str = field(repr=False)

    @cached_property
    def active(self) -> tuple[VerdictKind, ...]:
        """The verdicts that can be given, in the order of the file."""
        return tuple(kind for kind in self.verdicts if not kind.retired)

    def verdict(self, key: str) -> VerdictKind:
        """The verdict of that key; an unknown key gives a stand-in that is not ``known``."""
        return self._verdicts.get(key) or VerdictKind(key, f"?{key}", known=False)

    def type(self, key: str) -> ClaimType:
        """The claim type of that key; an unknown key gives a stand-in that is not ``known``."""
        return self._types.get(key) or ClaimType(key, f"?{key}", known=False)

    def reason(self, key: str) -> Reason:
        """The reason of that key; an unknown key gives a stand-in that is not ``known``."""
        return self._reasons.get(key) or Reason(key, f"?{key}", known=False)

    def lacks(self, key: str, justification: str, stances: Sequence[str]) -> list[str]:
        """What the verdict still needs, a sentence each: see `missing`."""
        return [lack.sentence for lack in self.missing(key, bool(justification.strip()), stances)]

    def missing(self, key: str, justified: bool, stances: Sequence[str]) -> list[Lack]:
        """What a claim lacks to be checked: a verdict that the scheme knows, or what its verdict requires.

        Each stance that the verdict requires must be there at least once, and ``requires_evidence`` pieces in all.

        Args:
            key: the verdict, empty as long as none is given.
            justified: whether it has a justification.
            stances: one for each piece of evidence.
        """
        if not key:
            return [NO_VERDICT]
        kind = self.verdict(key)
        if not kind.known:
            said = f"{shorten(kind.label, 30)} is not a verdict of the scheme: give one that is"
            return [Lack("known_verdict", said)]
        name = kind.label[:1].lower() + kind.label[1:] if kind.label[1:].islower() else kind.label
        missing = [stance for stance in kind.requires_stance if stance not in stances]
        found = [Lack("evidence", f"{name} needs 1 piece of evidence {_THAT[stance]}") for stance in missing]
        if len(stances) + len(missing) < kind.requires_evidence:
            pieces = "piece" if kind.requires_evidence == 1 else "pieces"
            held = f"; it has {len(stances)}" if stances else ""
            found.append(Lack("evidence", f"{name} needs {kind.requires_evidence} {pieces} of evidence{held}"))
        if kind.requires_justification and not justified:
            asked = f" that {kind.ask}" if kind.ask else ""
            found.append(Lack("justification", f"{name} needs a justification{asked}"))
        return found

    @cached_property
    def _verdicts(self) -> dict[str, VerdictKind]:
        return {kind.key: kind for kind in self.verdicts}

    @cached_property
    def _types(self) -> dict[str, ClaimType]:
        return {kind.key: kind for kind in self.types}

    @cached_property
    def _reasons(self) -> dict[str, Reason]:
        return {reason.key: reason for reason in self.reasons}


_THAT = {
    Stance.SUPPORTS.value: "that supports",
    Stance.REFUTES.value: "that refutes",
    Stance.CONTEXT.value: "that gives context",
}


@lru_cache(maxsize=1)
def shipped() -> tuple[str, ...]:
    """The names of the schemes that come with factdesk, the default first."""
    names = sorted(file.stem for file in _SHIPPED.glob("*.toml"))
    return (DEFAULT, *(name for name in names if name != DEFAULT))


def load(name_or_path: str | Path = DEFAULT) -> Scheme:
    """A shipped scheme by its name, else the scheme in that file.

    Raises SchemeError when neither is there, or when the file cannot be read or used.
    """
    name = str(name_or_path)
    if isinstance(name_or_path, str) and name in shipped():
        return _shipped(name)
    path = Path(os.path.expanduser(name_or_path))  # noqa: PTH111 (which leaves an unknown user as it is)
    try:
        if not path.is_file():
            raise SchemeError(f"{name}: there is no such scheme; name one of {', '.join(shipped())}, or a TOML file.")
        if path.stat().st_size > LIMIT_BYTES:
            raise SchemeError(f"{name}: a scheme has at most {LIMIT_BYTES // 1_000_000} MB; name the right file.")
        with open_to_read(path) as file:
            data = file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise SchemeError(f"{name}: the scheme cannot be read ({reason}); make it readable.") from None
    try:
        return parse(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SchemeError(f"{name}, line {line}: this is not UTF-8; save the scheme as UTF-8.") from None


@lru_cache(maxsize=16)
def _shipped(name: str) -> Scheme:
    return parse((_SHIPPED / f"{name}.toml").read_text("utf-8"), f"{name}.toml")


@lru_cache(maxsize=16)
def parse(text: str, where: str = "the scheme") -> Scheme:
    """The scheme that a TOML text describes; ``where`` names the text in refusals. Raises SchemeError."""
    return _read(Toml(text, where, SchemeError))


_OTHER = "other"
"""The reason that needs words where a scheme does not say otherwise."""

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SPELLING = "begin with a letter a to z, then use a to z, 0 to 9 and _"

_COMMON: Mapping[str, type] = {"key": str, "label": str, "description": str}
_TABLES: Mapping[str, Mapping[str, type]] = {
    "": {"scheme": dict, "review": dict, "verdict": list, "type": list, "reason": list},
    "scheme": {
        **{"id": str, "version": int, "label": str, "guard": str, "rating_scale": dict},
        **{"leftover_words": int, "own_pass_first": bool},
    },
    "scheme.rating_scale": {"worst": int, "best": int},
    "review": {"required": int, "checker_settles": bool, "anyone_adjudicates": bool},
    "verdict": {
        **_COMMON,
        **{"hotkey": str, "colour": str, "glyph": str, "rating": int, "order": int},
        **{"requires_evidence": int, "requires_stance": list, "requires_justification": bool, "ask": str},
        **{"guard": str, "retired": bool, "replaced_by": str, "export": dict},
    },
    "type": {**_COMMON, "retired": bool, "export": dict},
    "reason": {**_COMMON, "retired": bool, "needs_words": bool},
}
_WORDS = ('text in "quotes"', "a whole number", "true or false", "a list", "a table")
_SAYS: Mapping[type, str] = dict(zip((str, int, bool, list, dict), _WORDS, strict=True))


def _read(toml: Toml) -> Scheme:
    """Check a file from top to bottom and stop at the first thing that is wrong."""
    whole = _Table(toml, "", toml.values)
    if "scheme" not in whole.values:
        raise toml.refuse("scheme: the table is missing; begin the file with [scheme], an id and a version.")
    head = _Table(toml, "scheme", whole.values["scheme"])
    id, label = head.key("id"), head.words("label")
    version = head.whole("version", 1)
    if version is None:
        raise head.refuse("version", "the scheme has none; write version = 1")
    guard, scale = _read_guard(head, "warn"), _read_scale(head)
    leftover_words = cast("int", head.values.get("leftover_words", LEFTOVER_WORDS))
    if not 1 <= leftover_words <= MOST_LEFTOVER_WORDS:
        raise head.refuse("leftover_words", f"{leftover_words} is not 1 to {MOST_LEFTOVER_WORDS}; write one of those")

    tables = whole.tables("verdict")
    verdicts = tuple(_read_verdict(table, guard, scale) for table in tables)
    _refuse_twins(tables, verdicts, "key", "label", "hotkey", "glyph")
    _refuse_lost_heirs(tables, verdicts)
    if all(kind.retired for kind in verdicts):
        raise toml.refuse("verdict: no verdict can be given; add a [[verdict]] that is not retired.", "verdict")
    tables = whole.tables("type")
    types = tuple(
        ClaimType(*_read_common(table), retired=table.yes("retired"), export=table.export()) for table in tables
    )
    _refuse_twins(tables, types, "key", "label")
    tables = whole.tables("reason")
    reasons = tuple(_read_reason(table) for table in tables)
    _refuse_twins(tables, reasons, "key", "label")
    digest = hashlib.sha256(toml.text.encode("utf-8", "surrogatepass")).hexdigest()
    review = _read_review(_Table(toml, "review", whole.values.get("review", {})))
    rules = (review, leftover_words, head.yes("own_pass_first"))
    return Scheme(id, version, label or id, verdicts, types, reasons, scale, *rules, digest, toml.text)


class _Table:
    """One table of the file, its keys known and of the right type; refusals say where it stands."""

    def __init__(self, toml: Toml, name: str, values: object, nth: int = 0) -> None:
        self.toml, self.name, self.nth = toml, name, nth
        if not isinstance(values, Mapping):
            raise toml.refuse(
                f"{name}: {shown(values)} is not a table; write its keys below [[{name}]].", name, nth=nth
            )
        self.values: Mapping[str, object] = values
        fields = _TABLES[name]
        toml.refuse_strangers(values, fields, name, nth)
        for key, value in values.items():
            if type(value) is not fields[key]:
                kind = _SAYS[fields[key]]
                write = kind if name else "[scheme]" if fields[key] is dict else f"[[{key}]] above each"
                raise self.refuse(key, f"{shown(value)} is not {kind}; write {write}")

    def refuse(self, key: str, wrong: str) -> Refused:
        named = self.values.get("key")
        whose = f" of {self.name} {shown(named)}" if isinstance(named, str) and key != "key" else ""
        return self.toml.refuse(f"{key}{whose}: {wrong}.", self.name, key, self.nth)

    def tables(self, name: str) -> list[_Table]:
        entries = cast("Sequence[object]", self.values.get(name, ()))
        return [_Table(self.toml, name, values, nth) for nth, values in enumerate(entries)]

    def key(self, name: str) -> str:
        """A key that must be there: what is stored, so spelled the same everywhere."""
        value = str(self.values.get(name, ""))
        if not value:
            raise self.refuse(name, f'this {self.name} has none; write {name} = "…"')
        if not _KEY.fullmatch(value):
            raise self.refuse(name, f"{shown(value)} cannot be one; {_SPELLING}")
        return value

    def words(self, name: str) -> str:
        """Text of one line, or nothing."""
        value = str(self.values.get(name, ""))
        if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
            raise self.refuse(name, "it has a line break or control character; write it on one line")
        return value.strip()

    def text(self, name: str) -> str:
        return str(self.values.get(name, "")).strip()

    def yes(self, name: str) -> bool:
        return self.values.get(name) is True

    def whole(self, name: str, least: int | None = None) -> int | None:
        value = cast("int | None", self.values.get(name))
        if value is not None and abs(value) > _MOST:
            raise self.refuse(name, f"{value} is too large; write a number below {_MOST:,}")
        if value is not None and least is not None and value < least:
            raise self.refuse(name, f"{value} is less than {least}; write {least} or more")
        return value

    def export(self) -> Mapping[str, str]:
        entries = cast("Mapping[str, object]", self.values.get("export", {}))
        for name, value in entries.items():
            if not isinstance(value, str):
                raise self.refuse(f"export.{name}", f"{shown(value)} is not {_SAYS[str]}; write {_SAYS[str]}")
        return MappingProxyType(cast("dict[str, str]", dict(entries)))


def _read_guard(table: _Table, default: Guard) -> Guard:
    value = table.values.get("guard", default)
    if value != "warn" and value != "block":
        raise table.refuse("guard", f'{shown(value)} is not a guard; write "warn" or "block"')
    return value


def _read_scale(head: _Table) -> RatingScale | None:
    entries = head.values.get("rating_scale")
    if entries is None:
        return None
    table = _Table(head.toml, "scheme.rating_scale", entries)
    worst, best = table.whole("worst", 1), table.whole("best", 1)
    if worst is None or best is None or best <= worst:
        raise head.refuse(
            "rating_scale", "best must be above worst, and worst 1 or more; write { worst = 1, best = 5 }"
        )
    return RatingScale(worst, best)


def _read_review(table: _Table) -> ReviewRules:
    required = table.whole("required", 1)
    return ReviewRules(
        1 if required is None else required, table.yes("checker_settles"), table.yes("anyone_adjudicates")
    )


def _read_common(table: _Table) -> tuple[str, str, str]:
    """Key, label and description."""
    key, label = table.key("key"), table.words("label")
    if not label:
        raise table.refuse("label", "it has none; write label with the words people see")
    return key, label, table.text("description")


def _read_reason(table: _Table) -> Reason:
    key, label, description = _read_common(table)
    return Reason(key, label, description, table.yes("retired"), table.values.get("needs_words", key == _OTHER) is True)


def _read_verdict(table: _Table, guard: Guard, scale: RatingScale | None) -> VerdictKind:
    key, label, description = _read_common(table)
    hotkey, colour, glyph = (str(table.values.get(name, "")) for name in ("hotkey", "colour", "glyph"))
    retired = table.yes("retired")
    if hotkey and (len(hotkey) != 1 or not hotkey.isprintable() or hotkey.isspace() or hotkey.isdigit()):
        raise table.refuse(
            "hotkey", f"{shown(hotkey)} cannot be one; write one letter (digits give verdicts by their place)"
        )
    if colour and colour not in COLOURS and not _HEX.fullmatch(colour):
        near = difflib.get_close_matches(colour, COLOURS, 1)
        mend = f"write {near[0]}" if near else f"write #rrggbb or one of {', '.join(COLOURS[1:8])}"
        raise table.refuse("colour", f"{shown(colour)} is not a colour; {mend}")
    if not glyph and not retired:
        raise table.refuse("glyph", "it has none; write one character, the cue for those who see no colour")
    if glyph and not _one_cell(glyph):
        raise table.refuse("glyph", f"{shown(glyph)} is not one character of one cell; choose another")
    rating = table.whole("rating")
    if rating is not None and scale is None:
        raise table.refuse("rating", "the scheme has no scale; add rating_scale to [scheme], or remove it")
    if rating is not None and scale is not None and not scale.worst <= rating <= scale.best:
        raise table.refuse("rating", f"{rating} is off the scale; write {scale.worst} to {scale.best}")
    stances = cast("list[object]", table.values.get("requires_stance", []))
    for stance in stances:
        if stance not in _THAT:
            raise table.refuse("requires_stance", f"{shown(stance)} is not a stance; use {', '.join(_THAT)}")
    shows = (hotkey, colour or "white", glyph or "?", rating, table.whole("order"), description)
    return VerdictKind(
        key,
        label,
        *shows,
        requires_evidence=table.whole("requires_evidence", 0) or 0,
        requires_stance=tuple(dict.fromkeys(map(str, stances))),
        requires_justification=table.yes("requires_justification"),
        ask=table.words("ask"),
        guard=_read_guard(table, guard),
        retired=retired,
        replaced_by=str(table.values.get("replaced_by", "")),
        export=table.export(),
    )


def _one_cell(glyph: str) -> bool:
    """Whether it is a single character that is neither wide nor combining nor invisible."""
    return (
        len(glyph) == 1
        and unicodedata.category(glyph)[0] in "LNPS"
        and unicodedata.category(glyph) != "Lm"
        and unicodedata.east_asian_width(glyph) not in "WF"
    )


def _refuse_twins(tables: Sequence[_Table], kinds: Sequence[object], *parts: str) -> None:
    for part in parts:
        holders: dict[str, str] = {}
        for table, kind in zip(tables, kinds, strict=True):
            value = str(getattr(kind, part))
            same = value.casefold() if part == "label" else value
            if part in table.values and value and same in holders:
                raise table.refuse(part, f"{shown(value)} is taken by {holders[same]}; choose another")
            holders.setdefault(same, f"another {table.name}" if part == "key" else str(table.values["key"]))


def _refuse_lost_heirs(tables: Sequence[_Table], kinds: Sequence[VerdictKind]) -> None:
    keys = [kind.key for kind in kinds]
    for table, kind in zip(tables, kinds, strict=True):
        if kind.replaced_by and (kind.replaced_by not in keys or kind.replaced_by == kind.key):
            near = difflib.get_close_matches(kind.replaced_by, [key for key in keys if key != kind.key], 1)
            mend = f"write {near[0]}" if near else "name another verdict of this file"
            raise table.refuse("replaced_by", f"{shown(kind.replaced_by)} is not another verdict; {mend}")
