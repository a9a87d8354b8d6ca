"""A record as JSON knows it: what ``--json`` prints and what is saved as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import PurePath
from typing import Any

_TIMES = frozenset({"created", "updated", "changed", "at", "answered_at"})
_DOCUMENTS = frozenset({"seen"})
_INTERNAL = frozenset({"heads"})


def json_value(value: Any) -> Any:
    """A record as JSON knows it: times as ISO 8601 in UTC, enumerations as their text, without internal parts.

    What is kept as JSON (what a reviewer had seen) is an object in it.
    """
    if type(value) in (str, int, bool):  # most are, and there are very many
        return value
    if is_dataclass(value):
        named = [(part.name, getattr(value, part.name)) for part in fields(value)]
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        named = list(value._asdict().items())
    else:
        named = []
    if named:
        return {name: _part(name, held) for name, held in named if name not in _INTERNAL}
    if isinstance(value, Mapping):
        return {str(key): json_value(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [json_value(held) for held in value]
    if isinstance(value, frozenset):
        return sorted(json_value(held) for held in value)
    if isinstance(value, PurePath):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def _part(name: str, held: Any) -> Any:
    if name in _TIMES:
        return _time(held)
    if name in _DOCUMENTS:
        return json.loads(held) if held else None
    return json_value(held)


def _time(ms: int) -> str | None:
    if not ms:
        return None  # it has not happened
    moment = datetime.fromtimestamp(ms / 1000, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
