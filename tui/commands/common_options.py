"""What the options that every command takes have said: which desk's file, and who is working."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

DB, AS = "--db", "--as"

_CHOSEN: ContextVar[Mapping[str, str]] = ContextVar("chosen", default=MappingProxyType({}))


def choose(said: Mapping[str, str]) -> None:
    """A command line begins that has said this, by the names of the options."""
    _CHOSEN.set(said)


def choose_also(option: str, value: str) -> None:
    """The command line goes on: of an option that is said again, the last one counts."""
    _CHOSEN.set({**_CHOSEN.get(), option: value})


def chosen_file() -> str | None:
    """What ``--db`` said, before or after the command."""
    return _CHOSEN.get().get(DB)


def chosen_name() -> str | None:
    """What ``--as`` said, before or after the command."""
    return _CHOSEN.get().get(AS)
