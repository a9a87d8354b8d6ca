"""What factdesk remembers about its user, and where it keeps things.

Everything is one small file, ``settings.toml``, in the folder that ``FACTDESK_CONFIG`` names, else in the
platform's folder for configuration. The keys of the user's own stand beside it in ``keys.toml``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from store.access.names import check_name
from store.errors import Refused
from store.held import read_text
from store.log.whole import give_name, part_beside
from store.toml import Toml, shown

THEME_CHOICES = ("dark", "light")
_NAME_SHOWN = 60
LAYOUT_CHOICES = ("auto", "none")


class Settings(NamedTuple):
    """What is remembered.

    ``reviewer`` is the name edits are made under, empty until it was asked; ``sort`` the library's column; ``layout``
    is "none" where keys are never to be read by their place on the keyboard; ``told`` names what has been said once:
    the scripts for which they are, and "words" for how articles are counted.
    """

    reviewer: str = ""
    theme: str = "dark"
    sort: str = ""
    reverse: bool = False
    layout: str = "auto"
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
        for one, known in (("theme", THEME_CHOICES), ("layout", LAYOUT_CHOICES)):
            if name == one and value not in known:
                raise toml.refuse(f"{name}: {shown(value)} is not a {name}; write {' or '.join(known)}.", key=name)
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
