"""The key map: how a pressed key becomes an action. Which action has which keys is said in `tui.keys.actions_and_keys`.

Inside, a key has Textual's name (``question_mark``, ``ctrl+p``); a sequence is keys with spaces between ("g g").
People write and see what they press: ``?``, ``Ctrl+P``, ``→``. Both are accepted everywhere.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.errors import Refused
from store.file_locks import read_text
from store.toml import Toml, shown
from tui.keys.actions_and_keys import ACTIONS, Action, Scope

if TYPE_CHECKING:
    from tui.keys.keyboard_layouts import KeyPlace, Places

Keys = tuple[str, ...]
"""One or more keys pressed one after the other."""

TYPING = frozenset({Scope.EDITOR, Scope.FILTER})
"""Scopes in which printable keys are text, and which hide all scopes around them but EVERYWHERE."""

CHAINS: tuple[tuple[Scope, ...], ...] = (
    (Scope.LIST, Scope.LIBRARY, Scope.EVERYWHERE),
    (Scope.LIST, Scope.HISTORY, Scope.EVERYWHERE),
    (Scope.LIST, Scope.ASSIGNMENTS, Scope.EVERYWHERE),
    (Scope.CHECK, Scope.TEXT, Scope.ARTICLE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.PANEL, Scope.ARTICLE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.ARTICLE, Scope.EVERYWHERE),
    (Scope.PROPOSE, Scope.TEXT, Scope.REVIEW, Scope.ARTICLE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.PANEL, Scope.REVIEW, Scope.ARTICLE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.REVIEW, Scope.ARTICLE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.CONFLICTS, Scope.EVERYWHERE),
    (Scope.LIST, Scope.SUGGESTIONS, Scope.EVERYWHERE),
    (Scope.LIST, Scope.INBOX, Scope.EVERYWHERE),
    (Scope.LIST, Scope.SUBMIT, Scope.EVERYWHERE),
    (Scope.LIST, Scope.CORRECTIONS, Scope.EVERYWHERE),
    (Scope.LIST, Scope.VERSIONS, Scope.EVERYWHERE),
    (Scope.LIST, Scope.PICTURE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.REPLAY, Scope.EVERYWHERE),
    (Scope.LIST, Scope.SOURCES, Scope.EVERYWHERE),
    (Scope.TEXT, Scope.COMPARE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.COMPARE, Scope.EVERYWHERE),
    (Scope.LIST, Scope.AGREEMENT, Scope.EVERYWHERE),
    (Scope.LIST, Scope.FORM, Scope.EVERYWHERE),
    (Scope.FILTER, Scope.EVERYWHERE),
    (Scope.EDITOR, Scope.EVERYWHERE),
)
"""Scopes that answer at the same time, the nearest to the focus first."""

_SHORT = {
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
}
_NAMED = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "insert": "Ins",
    "delete": "Del",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    **{f"f{n}": f"F{n}" for n in range(1, 25)},
}
_SPOKEN = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "spacebar": "space",
    **{arrow: name for name, arrow in _NAMED.items() if len(arrow) == 1},
}
_MODIFIERS = ("alt", "ctrl", "shift", "super", "hyper", "meta")
_SAME = {"ctrl+underscore": "ctrl+slash", "ctrl+at": "ctrl+space"}
"""Names a terminal gives to one and the same key press."""
_LOST = {
    "ctrl+h": "Backspace",
    "ctrl+i": "Tab",
    "ctrl+j": "Enter",
    "ctrl+m": "Enter",
    "ctrl+left_square_bracket": "Esc",
}


def _name_of(character: str) -> str:
    """Textual's name of a printable character."""
    if character.isalnum():
        return character
    for name, short in _SHORT.items():
        if short == character:
            return name
    try:
        return unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return character


def _character_of(name: str) -> str:
    """The printable character a key name stands for, or nothing."""
    if len(name) == 1:
        return name
    if name in _SHORT:
        return _SHORT[name]
    for spelling in (name.replace("_", " "), name.replace("_", "-"), name.replace("_", "-", 1).replace("_", " ")):
        try:
            character = unicodedata.lookup(spelling.upper())
        except KeyError:
            continue
        return character if character.isprintable() and ord(character) < 0x250 else ""
    return ""


def canonical(key: str) -> str:
    """The one name of a single key, however a person or a terminal spells it.

    Raises:
        Refused: it names no key.
    """
    modifiers: list[str] = []
    rest = key
    while (found := re.match(r"(\w+)[+-](?=.)", rest)) and found[1].lower() in _MODIFIERS:
        modifiers.append(found[1].lower())
        rest = rest[found.end() :]
    lower = rest.lower()
    if len(rest) == 1 and rest not in _SPOKEN:
        name = _name_of(rest)
    elif lower in _SPOKEN or lower in _NAMED:
        name = _SPOKEN.get(lower, lower)
    elif character := _character_of(lower):
        name = _name_of(character)
    else:
        raise Refused(f"“{key}” is not a key: write a character, or a name such as enter, pagedown or ctrl+p.")
    if name.isalpha() and len(name) == 1:
        if modifiers == ["shift"]:
            return name.upper()
        name = name.lower() if modifiers else name
    full = "+".join([*sorted(set(modifiers)), name])
    return _SAME.get(full, full)


def parse(keys: str) -> Keys:
    """A key or a sequence as people write it.

    Raises:
        Refused: it is empty or names no key.
    """
    parts = keys.split()
    if not parts:
        raise Refused("An empty text is not a key: write “space” for the space bar, or [] to unbind.")
    return tuple(canonical(part) for part in parts)


@cache
def display(keys: str) -> str:
    """A key or sequence as it is printed on the keyboard: ``?``, ``Ctrl+P``, ``g g``, ``→``."""
    return " ".join(_display_one(key) for key in keys.split())


def _display_one(key: str) -> str:
    *modifiers, name = key.split("+")
    shown = _NAMED.get(name) or _character_of(name) or name
    if modifiers and len(shown) == 1:
        shown = shown.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def is_printable(key: str) -> bool:
    """Whether the key puts a character into a text that is being typed."""
    return key == "space" or ("+" not in key and key not in _NAMED and bool(_character_of(key)))


class Reading(Enum):
    """What a key means that is not an action by itself."""

    PENDING = "pending"
    """The beginning of a sequence; the next key decides."""
    DROPPED = "dropped"
    """The end of a sequence that means nothing, or the escape that gives one up."""


class Group(NamedTuple):
    """Actions that belong together, as the help screen and the README list them."""

    scope: Scope
    title: str
    rows: tuple[tuple[str, str, str], ...]
    """Keys as people know them ("→ · l"), title, help."""


class KeyMap:
    """Every action with its keys: the registry's, with a person's own over them.

    ``clashes`` holds a sentence for every key that cannot do all it is bound to; the map works nevertheless.
    """

    def __init__(
        self,
        keys: Mapping[tuple[Scope, str], Sequence[Keys]],
        own: Collection[tuple[Scope, str]] = (),
        clashes: Iterable[str] = (),
    ) -> None:
        self._keys = {(a.scope, a.id): tuple(keys.get((a.scope, a.id), ())) for a in ACTIONS}
        self._scopes: dict[Scope, dict[Keys, Action]] = {scope: {} for scope in Scope}
        self._while_typing: dict[Scope, dict[Keys, Action]] = {}
        # A key of a person's own wins over the same key of the registry's.
        for action in sorted(ACTIONS, key=lambda action: (action.scope, action.id) not in own) if own else ACTIONS:
            for sequence in self._keys[action.scope, action.id]:
                self._scopes[action.scope].setdefault(sequence, action)
        for scope in TYPING | {Scope.EVERYWHERE}:
            self._while_typing[scope] = {k: a for k, a in self._scopes[scope].items() if not is_printable(k[0])}
        self.clashes: tuple[str, ...] = tuple(clashes)

    @classmethod
    def load(cls, path: Path | None = None) -> "KeyMap":
        """The registry's keys and, over them, those of the ``[keys]`` table of a TOML file.

        There an action's id, or ``scope.id`` where only one scope is meant, is set to a key, a list of keys, or
        ``[]`` for none. A file that does not exist changes nothing.

        Raises:
            Refused: the file cannot be read, is not TOML, or names an unknown action or key; the sentence names
                the file, the line and the nearest action.
        """
        # The registry's keys are written as `parse` gives them: reading all of them anew would take part of each start.
        keys: dict[tuple[Scope, str], Sequence[Keys]] = {
            (action.scope, action.id): [*map(tuple, map(str.split, action.keys))] for action in ACTIONS
        }
        if path is None or not path.exists():
            return cls(keys)
        overrides = _Overrides(path)
        own: dict[tuple[Scope, str], int] = {}
        for target, sequences, line in overrides.read():
            keys[target] = sequences
            own[target] = line
        return cls(keys, own, _clashes(keys, own, path))

    def keys(self, action: Action) -> tuple[str, ...]:
        """The action's keys and sequences, by their inside names."""
        return tuple(" ".join(sequence) for sequence in self._keys[action.scope, action.id])

    def key_of(self, scope: Scope, id: str) -> str:
        """An action's first key as people know it, or "(no key)"."""
        keys = self._keys[scope, id]
        return display(" ".join(keys[0])) if keys else "(no key)"

    def key_in(self, scopes: Iterable[Scope], id: str) -> str:
        """The first key of an action in the first of some scopes that has it, or nothing."""
        return next((self.key_of(scope, id) for scope in scopes if (scope, id) in self._keys), "")

    def tables(self, scopes: Sequence[Scope]) -> list[Mapping[Keys, Action]]:
        """What is bound in the scopes that answer, the nearest first."""
        tables = self._while_typing if scopes and scopes[0] in TYPING else self._scopes
        return [tables[scope] for scope in answering(scopes)]

    def groups(self, scopes: Iterable[Scope] = tuple(Scope)) -> list[Group]:
        """The actions of some scopes with their keys, grouped and ordered as in the registry."""
        listed: dict[tuple[Scope, str], list[tuple[str, str, str]]] = {}
        for scope in scopes:
            for action in ACTIONS:
                if action.scope is scope:
                    shown = " · ".join(display(key) for key in self.keys(action))
                    listed.setdefault((scope, action.group), []).append((shown, action.title, action.help))
        return [Group(scope, title, tuple(rows)) for (scope, title), rows in listed.items()]


class KeyReader:
    """Reads pressed keys, one by one, against the scopes that answer at this moment.

    A key that means nothing itself is read by its place on the keyboard, see `layouts`; `placed` then says so.
    """

    def __init__(self, keymap: KeyMap, by_place: bool = True) -> None:
        """``by_place`` is False for a person who wants every key read as what it is."""
        self.keymap = keymap
        self._reads_places = by_place
        self.placed: KeyPlace | None = None
        """Where the last key lies, when it was its place that meant something."""
        self._begun: Keys = ()

    @cached_property
    def _places(self) -> "Places":
        from tui.keys.keyboard_layouts import Places  # most keys mean something themselves

        return Places(self._reads_places)

    @property
    def pending(self) -> str:
        """The sequence begun so far as people know it, or nothing."""
        return display(" ".join(self._begun))

    def feed(self, key: str, scopes: Sequence[Scope]) -> Action | Reading | None:
        """What a key means, with the nearest scope first; None when it means nothing here."""
        key = _SAME.get(key, key)
        self.placed = None
        if self._begun and key == "escape":
            self._begun = ()
            return Reading.DROPPED
        tables = self.keymap.tables(scopes)
        meant = self._meant(key, tables)
        if meant is None and (found := self.by_place(key, scopes)):
            lies, where = found
            meant = self._meant(lies, tables)
            self.placed = where if meant is not None else None
        if meant is None:
            meant, self._begun = Reading.DROPPED if self._begun else None, ()
        return meant

    def meaning(self, key: str, scopes: Sequence[Scope]) -> Action | Reading | None:
        """What a key would mean; it is not read yet."""
        begun, placed = self._begun, self.placed
        meant = self.feed(key, scopes)
        self._begun, self.placed = begun, placed
        return meant

    def _meant(self, key: str, tables: Sequence[Mapping[Keys, Action]]) -> Action | Reading | None:
        sequence = (*self._begun, key)
        for table in tables:
            if action := table.get(sequence):
                self._begun = ()
                return action
        if any(longer[: len(sequence)] == sequence for table in tables for longer in table):
            self._begun = sequence
            return Reading.PENDING
        return None

    def by_place(self, key: str, scopes: Sequence[Scope]) -> "tuple[str, KeyPlace] | None":
        """The key that lies there on a Latin keyboard; none for what puts a character into a text being typed."""
        *modifiers, name = key.split("+")
        if scopes and scopes[0] in TYPING and not {"ctrl", "alt"} & set(modifiers):
            return None
        where = self._places.of("№" if name == "numero_sign" else name)
        return (canonical("+".join([*modifiers, where.key])), where) if where else None

    def apart(self, key: str, scopes: Sequence[Scope]) -> tuple[str, ...]:
        """The keys a press stands for. Terminals send Esc and a quick next key as Alt with that key."""
        found = re.fullmatch(r"alt\+(shift\+)?(\w+)", key)
        if not found or not is_printable(found[2]) or any((key,) in table for table in self.keymap.tables(scopes)):
            return (key,)
        placed = self.by_place(key, scopes)
        if placed and any((placed[0],) in table for table in self.keymap.tables(scopes)):
            return (key,)
        return ("escape", found[2].upper() if found[1] and len(found[2]) == 1 else found[2])


def answering(scopes: Sequence[Scope]) -> Sequence[Scope]:
    """The scopes that answer: while typing, nothing but the field's own and what works everywhere."""
    if scopes and scopes[0] in TYPING:
        return (scopes[0], Scope.EVERYWHERE)
    return scopes


class _Overrides:
    """A person's ``[keys]`` table with the lines its entries stand on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.toml = Toml(read_text(path), str(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise Refused(f"{path}: the key file cannot be read: {reason}.") from None

    def read(self) -> list[tuple[tuple[Scope, str], list[Keys], int]]:
        """Actions with their new keys and the line that says so; what is said of one scope comes last."""
        for name in self.toml.values:
            if any(name in (action.id, action.scope.value) for action in ACTIONS):
                raise self.toml.refuse(f"{name}: write it below a line that says [keys].", key=name)
        self.toml.refuse_strangers(self.toml.values, ("keys",))
        table = self.toml.values.get("keys", {})
        if not isinstance(table, dict):
            raise self.toml.refuse("keys: it must be a table; write [keys] on a line of its own.", key="keys")
        entries: list[tuple[str, object]] = []
        for name, value in table.items():
            if isinstance(value, dict):
                entries += [(f"{name}.{inner}", wanted) for inner, wanted in value.items()]
            else:
                entries.append((name, value))
        entries.sort(key=lambda entry: "." in entry[0])
        read = []
        for name, value in entries:
            line = self._line(name)
            sequences = self._sequences(name, value, line)
            for scope, id in self._targets(name, line):
                if scope in TYPING and any(is_printable(keys[0]) for keys in sequences):
                    if "." not in name:
                        continue
                    raise self._refuse(
                        line,
                        f"{name}: it works while you type and cannot be on a key that types a character; "
                        "take one with Ctrl, or a function key.",
                    )
                read.append(((scope, id), sequences, line))
        return read

    def _targets(self, name: str, line: int) -> list[tuple[Scope, str]]:
        scope, _, id = name.rpartition(".")
        targets = [(a.scope, a.id) for a in ACTIONS if a.id == id and scope in ("", a.scope.value)]
        if not targets:
            known = [a.id for a in ACTIONS] + [f"{a.scope.value}.{a.id}" for a in ACTIONS]
            close = get_close_matches(name, known, 1, 0.4)
            mend = f"did you mean {close[0]}?" if close else "`factdesk keys` lists them all."
            raise self._refuse(line, f"{shown(name)}: there is no such action; {mend}")
        return targets

    def _sequences(self, name: str, value: object, line: int) -> list[Keys]:
        wanted = [value] if isinstance(value, str) else value
        if not isinstance(wanted, list) or not all(isinstance(keys, str) for keys in wanted):
            raise self._refuse(line, f"{name}: it must be a key, a list of keys, or [] for none.")
        try:
            return [parse(keys) for keys in wanted]
        except Refused as refusal:
            raise self._refuse(line, f"{name}: {refusal}") from None

    def _line(self, name: str) -> int:
        """The line, from 1, on which an entry stands, also when it is written as a dotted key."""
        dotted = re.compile(r"\s*" + r"\s*\.\s*".join(map(re.escape, name.split("."))) + r"\s*=")
        for number, line in enumerate(self.toml.text.split("\n"), 1):
            if "." in name and dotted.match(line):
                return number
        return self.toml.line("keys", name)

    def _refuse(self, line: int, sentence: str) -> Refused:
        return Refused(f"{self.path}, line {line}, {sentence}")


def _clashes(
    keys: Mapping[tuple[Scope, str], Sequence[Keys]],
    own: Mapping[tuple[Scope, str], int],
    path: Path,
) -> list[str]:
    """A sentence for each key of a person's own that takes another action's place, or has none."""
    titles = {(action.scope, action.id): action.title for action in ACTIONS}
    said: dict[str, None] = {}
    for target, line in own.items():
        where = f"{path}, line {line}"
        for sequence in keys[target]:
            shown = display(" ".join(sequence))
            for key in sequence:
                if key in _LOST:
                    said[f"{where}: terminals send {display(key)} as {_LOST[key]}; take another key."] = None
            for other, rank in _together(target):
                for theirs in keys[other]:
                    if not _meet(sequence, theirs, target[0], other[0]):
                        continue
                    shorter = min(sequence, theirs, key=len)
                    wins = titles[target] if rank < 0 or (rank == 0 and shorter is sequence) else titles[other]
                    said[
                        f"{where}: {shown} is meant for “{titles[target]}”, but {display(' '.join(theirs))} "
                        f"is “{titles[other]}” in the same place; “{wins}” wins."
                    ] = None
    return list(said)


def _together(target: tuple[Scope, str]) -> list[tuple[tuple[Scope, str], int]]:
    """The actions that answer along with one, and whether it stands nearer (-1), as near (0) or farther (1)."""
    found: dict[tuple[Scope, str], int] = {}
    for chain in CHAINS:
        if target[0] not in chain:
            continue
        for action in ACTIONS:
            other = (action.scope, action.id)
            if action.scope in chain and other != target and action.id != target[1]:
                near, far = chain.index(target[0]), chain.index(action.scope)
                found[other] = (near > far) - (near < far)
    return list(found.items())


def _meet(ours: Keys, theirs: Keys, our_scope: Scope, their_scope: Scope) -> bool:
    """Whether one sequence is the other or its beginning."""
    if {our_scope, their_scope} & TYPING and (is_printable(ours[0]) or is_printable(theirs[0])):
        return False
    length = min(len(ours), len(theirs))
    return ours[:length] == theirs[:length]
