"""What factdesk remembers about its user, and where it keeps things.

Everything is one small file, ``settings.toml``, in the folder that ``FACTDESK_CONFIG`` names, else in the
platform's folder for configuration. The keys of the user's own stand beside it in ``keys.toml``.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from store.access.names import check_name
from store.errors import Refused
from store.file_locks import read_text
from store.log.atomic_write import give_name, part_beside
from store.toml import Toml, shown

_NAME_SHOWN = 60
USUAL = "usual place"
"""Where a path comes from that nobody has named."""


class Setting(NamedTuple):
    """What people may set: what it means, and the values it may have, none where any text will do."""

    meaning: str
    choices: tuple[str, ...] = ()


THEME_NAMES = (
    "dark", "light", "ansi-dark", "ansi-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe",
    "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord",
    "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark",
    "textual-light", "tokyo-night",
)  # fmt: skip
"""The themes there are besides those in files: factdesk's own two, the terminal's own colours, and Textual's."""

SETTINGS = {
    "reviewer": Setting("Your name, under which your work is saved."),
    "theme": Setting(
        "The colours of the app: dark, light, a theme by its name, or a file of yours in themes/; ansi-dark and "
        "ansi-light are the terminal's own.",
        THEME_NAMES,
    ),
    "measure": Setting(
        "How many letters a row of text has at most; full takes all the room.", ("60", "70", "80", "90", "100", "full")
    ),
    "layout": Setting("Whether keys of Cyrillic, Greek and Hebrew layouts work by their place.", ("auto", "none")),
    "sync": Setting("Whether the app syncs by itself with the places a desk has synced with.", ("auto", "off")),
    "keep_backups": Setting(
        "How many daily backups of a desk are kept; off: none is made.", ("7", "off", "3", "14", "30")
    ),
    "backup_days": Setting("After how many days an automatic backup goes.", ("30", "7", "90", "365")),
    "after_verdict": Setting("Where a verdict or a sweep leads: nowhere, or to the next place.", ("stay", "next")),
    "sort": Setting(
        "The column that sorts the library.",
        (
            "title",
            "date",
            "publisher",
            "checked",
            "read",
            "state",
            "reviewed",
            "threads",
            "yours",
            "checkers",
            "changed",
        ),
    ),
    "reverse": Setting("Whether the library is sorted the other way round.", ("true", "false")),
}
"""The settings that people set, by the names of `Settings`; what is not here factdesk keeps for itself."""


class Settings(NamedTuple):
    """What is remembered: each of `SETTINGS`, and in ``told`` what has been said once.

    ``reviewer`` is empty until it was asked, ``sort`` until a column was chosen. ``told`` names the scripts whose keys
    work by place, and "words" for how articles are counted.
    """

    reviewer: str = ""
    theme: str = "dark"
    sort: str = ""
    reverse: bool = False
    layout: str = "auto"
    sync: str = "auto"
    keep_backups: str = "7"
    backup_days: str = "30"
    after_verdict: str = "stay"
    measure: str = "90"
    told: str = ""


def path_of(name: str) -> Path:
    """The file or folder that a person names; ``~`` is their home.

    Raises Refused when no file can be called so. It is not opened, and need not be there.
    """
    if not name:
        raise Refused("An empty text names no file: give a name.")
    path = Path(os.path.expanduser(name))  # noqa: PTH111 (which leaves an unknown user as it is)
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds a character that no name may have"
        shown = name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…"
        raise Refused(f"“{shown}” cannot be the name of a file ({why}): give another name.") from None
    return path


def config_folder() -> Path:
    """The folder of settings and keys; it may not exist yet."""
    if folder := os.environ.get("FACTDESK_CONFIG"):
        return path_of(folder)
    from platformdirs import user_config_dir

    return Path(user_config_dir("factdesk", appauthor=False))


def settings_path() -> Path:
    return config_folder() / "settings.toml"


def keys_path() -> Path:
    """The file in which users override keys; it may not exist."""
    return config_folder() / "keys.toml"


def load() -> Settings:
    """The settings as saved, the defaults where nothing was. Raises Refused, with line and key, for a bad file."""
    path = settings_path()
    try:
        text = read_text(path)
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        raise Refused(f"{path}: this is not UTF-8; save the settings as UTF-8, or delete the file.") from None
    except OSError as error:
        raise Refused(f"{path}: the settings cannot be read ({error.strerror}); make them readable.") from None
    toml = Toml(text, str(path))
    toml.refuse_strangers(toml.values, Settings._fields)
    return _checked(toml)


def save(**changes: str | bool) -> Settings:
    """Save these settings and keep the others; the file is replaced as a whole or not at all.

    Raises Refused when a value cannot be, when the file as it stands is bad, or when it cannot be written.
    """
    path = settings_path()
    settings = _checked(Toml(_text(load()._asdict() | changes), str(path)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path = path.resolve()  # a link to a file kept elsewhere stays a link
        with part_beside(path, private=True) as (part, file):
            file.write(_text(settings._asdict()).encode())
            file.flush()
            os.fsync(file.fileno())
            file.close()
            give_name(part, path, replace=True)
    except OSError as error:
        raise Refused(
            f"{path}: the settings cannot be saved ({error.strerror}); make the folder writable, or name "
            "another in FACTDESK_CONFIG."
        ) from None
    return settings


def follow(before: str, now: str) -> None:
    """Remember the new name of who works here if the old one is remembered: under that nobody would know them."""
    if now != before and load().reviewer == before:
        save(reviewer=now)


def choices_of(name: str) -> tuple[str, ...]:
    """The values that a setting may have, none where any text will do; among the themes are those in files."""
    choices = SETTINGS[name].choices
    if name != "theme":
        return choices
    try:
        files = sorted(file.stem for file in themes_folder().glob("*.toml"))
    except OSError:
        files = []
    return (*(file for file in files if file not in choices), *choices)


def themes_folder() -> Path:
    """The folder of a person's own themes; it may not exist."""
    return config_folder() / "themes"


def parsed(name: str, text: str) -> str | bool:
    """The value of a setting that somebody writes as text; an empty text is its default.

    Raises:
        Refused: nothing that people set is called so, or it cannot have this value.
    """
    if name not in SETTINGS:
        raise Refused(f"There is no setting “{name}”: it is one of {', '.join(SETTINGS)}.")
    choices = choices_of(name)
    default: str | bool = getattr(Settings(), name)
    if not text:
        return default
    if choices and text not in choices:
        raise Refused(f"{name} cannot be “{text}”: it is one of {', '.join(choices)}.")
    return text == "true" if isinstance(default, bool) else check_name(text) if name == "reviewer" else text


def desk_path(option: str | None = None) -> Path:
    """The desk's file: the one asked for, else ``FACTDESK_DB``, else ``desk.db`` in the platform's data folder.

    Only that last folder is made. Raises Refused when it cannot be.
    """
    if named := option or os.environ.get("FACTDESK_DB"):
        return path_of(named)
    return data_folder() / "desk.db"


def data_folder() -> Path:
    """The platform's folder for a person's data, made when it is not there. Raises Refused when it cannot be."""
    from platformdirs import user_data_dir

    folder = Path(user_data_dir("factdesk", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            f"{folder}: the folder for the desk cannot be made ({error.strerror}); name a file with --db."
        ) from None
    return folder


def drafts_folder() -> Path:
    """The folder for what is being typed and not saved yet; it may not exist."""
    from platformdirs import user_data_dir

    return Path(user_data_dir("factdesk", appauthor=False)) / "drafts"


def backups_kept(settings: Settings) -> tuple[int, int]:
    """How many daily backups are kept, 0 for none, and for how many days each is."""
    return 0 if settings.keep_backups == "off" else int(settings.keep_backups), int(settings.backup_days)


class Standing(NamedTuple):
    """A path or a setting as it stands: its name, its value, and where that comes from."""

    name: str
    value: str
    origin: str


def standing(file: str | None = None, name: str | None = None) -> list[Standing]:
    """Where factdesk keeps things here, then the settings. ``file`` and ``name`` are what ``--db`` and ``--as`` said.

    Raises Refused for a bad file of settings, a name that cannot be one, and a path that cannot be.
    """
    from store.log.copies import backups_folder

    desk = "--db" if file else "FACTDESK_DB" if os.environ.get("FACTDESK_DB") else USUAL
    who = "--as" if name is not None else "FACTDESK_REVIEWER" if os.environ.get("FACTDESK_REVIEWER") else ""
    folder = "FACTDESK_CONFIG" if os.environ.get("FACTDESK_CONFIG") else USUAL
    rows = [
        Standing("desk", str(desk_path(file)), desk),
        Standing("backups", str(backups_folder(desk_path(file))), desk),
        Standing("settings", str(settings_path()), folder),
        Standing("keys", str(keys_path()), folder),
        Standing("themes", str(themes_folder()), folder),
        Standing("drafts", str(drafts_folder()), USUAL),
    ]
    settings, defaults = load(), Settings()
    for key in SETTINGS:
        value, default = getattr(settings, key), getattr(defaults, key)
        shown = str(value).lower() if isinstance(value, bool) else value
        rows.append(Standing(key, shown, "default" if value == default else "settings"))
    if who:
        rows = [row._replace(value=reviewer(name), origin=who) if row.name == "reviewer" else row for row in rows]
    return rows


def reviewer(option: str | None = None) -> str:
    """Who works here: the name given, else ``FACTDESK_REVIEWER``, else the one remembered, else nobody ("").

    Raises Refused for a name that cannot be one.
    """
    if option is not None:
        return check_name(option)
    if named := os.environ.get("FACTDESK_REVIEWER"):
        try:
            return check_name(named)
        except Refused as refusal:
            raise Refused(f"FACTDESK_REVIEWER: {refusal}") from None
    return load().reviewer


def _checked(toml: Toml) -> Settings:
    values: dict[str, Any] = {}
    for name, default in Settings()._asdict().items():
        value = toml.values.get(name, default)
        if type(value) is not type(default):
            kind = "true or false" if isinstance(default, bool) else 'text in "quotes"'
            raise toml.refuse(f"{name}: {shown(value)} is not {kind}; write {kind}.", key=name)
        choices = SETTINGS[name].choices if name in SETTINGS else ()
        if isinstance(value, str) and choices and value not in (*choices, default) and value not in choices_of(name):
            which = f"{', '.join(choices_of(name)[:-1])} or {choices[-1]}"
            raise toml.refuse(f"{name}: {shown(value)} is not a {name}; write {which}.", key=name)
        if name == "reviewer" and value:
            try:
                value = check_name(str(value))
            except Refused as refusal:
                raise toml.refuse(f"reviewer: {refusal}", key="reviewer") from None
        values[name] = value
    return Settings(**values)


def _text(values: Mapping[str, object]) -> str:
    """The file. JSON's escapes are TOML's, but for DEL, which TOML does not allow as it is."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items() if value != "")
    return "".join(lines).replace("\x7f", "\\u007f")
