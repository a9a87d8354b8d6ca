"""Where a hub is, and how it is reached: never with a password in an address, never unprotected across a network."""

from __future__ import annotations

import ipaddress
import os
import re
import shlex
from collections.abc import Mapping
from getpass import getuser
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from store.errors import Refused
from store.optional_libraries import command_to_add

if TYPE_CHECKING:
    import psycopg

_SCHEMES = ("postgresql", "postgres")
_SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret"})
_PROTECTED = "verify-full"
_SYSTEM_ROOTS = 160_000  # the libpq that knows the system's certificates

SECRET = (
    "An address with a password is refused: others see it in the list of processes and in the shell's history. Leave "
    "the password out; you are asked for it, or put it in ~/.pgpass (or the file that PGPASSFILE names)."
)


class Way(NamedTuple):
    """How a hub is reached."""

    address: str
    parameters: Mapping[str, Any]
    """What the connection is made with."""
    note: str
    """What a person should know of it, as a sentence; else empty."""


def is_hub(said: str) -> bool:
    """Whether somebody means a PostgreSQL server, not a file or folder."""
    return said.partition("://")[0].casefold() in _SCHEMES and "://" in said


def driver() -> Any:
    """psycopg, which only syncing with a server needs.

    Raises:
        Refused: it is not installed.
    """
    try:
        return import_module("psycopg")
    except ImportError:
        add = command_to_add("factdesk[hub]")
        raise Refused(f"Syncing with PostgreSQL needs psycopg: install it with `{add}`.") from None


def way_to(address: str, environment: Mapping[str, str] | None = None) -> Way:
    """How the hub at an address is reached: over the network with TLS and the server's certificate checked.

    Args:
        address: ``postgresql://LOGIN@HOST:PORT/DATABASE``, with options behind a question mark.
        environment: the variables that libpq reads.

    Raises:
        Refused: it is not an address, or holds a password; or psycopg is not installed.
    """
    env = os.environ if environment is None else environment
    refuse_secrets(address)
    psycopg = driver()
    try:
        found: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        raise Refused(
            "That is not an address of a PostgreSQL database: write postgresql://LOGIN@HOST/DATABASE."
        ) from None
    if _SECRETS & found.keys():
        raise Refused(SECRET)
    found.setdefault("application_name", "factdesk")
    found.setdefault("connect_timeout", "10")
    found |= {"keepalives_idle": "30", "keepalives_interval": "10", "tcp_user_timeout": "30000"} | found
    if _is_open_to_others(_password_file(found, env)):  # libpq would say so in the middle of the screen
        found["passfile"] = f"{os.devnull}/none"
    if _is_local(found, env):
        return Way(address, found, "")
    note = ""
    if "sslmode" not in found:
        found["sslmode"] = _PROTECTED
    elif found["sslmode"] != _PROTECTED:
        note = (
            f"The address says sslmode={found['sslmode']}: the server's certificate and name are not checked, so "
            "somebody between you and it could read and alter what is synced. Leave sslmode out to have them checked."
        )
    if found["sslmode"] == _PROTECTED and not _has_roots(found, env) and psycopg.pq.version() >= _SYSTEM_ROOTS:
        found["sslrootcert"] = "system"
    return Way(address, found, note)


def password_advice(address: str, environment: Mapping[str, str] | None = None) -> str:
    """What somebody does so that the password for an address is found and not asked for, as a sentence.

    Args:
        address: one that `way_to` understands.
        environment: the variables that libpq reads.
    """
    env = os.environ if environment is None else environment
    found = driver().conninfo.conninfo_to_dict(address)
    file = _password_file(found, env)
    named = "~/.pgpass" if file == _OWN_PASSWORDS.expanduser() else shlex.quote(str(file))
    if _is_open_to_others(file):
        return f"{named} is not used, for others may read it: run `chmod 600 {named}`."
    login = str(found.get("user") or env.get("PGUSER") or getuser())
    parts = [str(found.get(key) or env.get(variable) or usual) for key, variable, usual in (
        ("host", "PGHOST", "localhost"), ("port", "PGPORT", "5432"), ("dbname", "PGDATABASE", login))]  # fmt: skip
    line = ":".join(re.sub(r"[\\:]", r"\\\g<0>", part) for part in (*parts, login))
    return f"To sync without being asked, write `{line}:PASSWORD` into {named}, and run `chmod 600 {named}`."


_OWN_PASSWORDS = Path("~/.pgpass")


def _password_file(found: Mapping[str, Any], env: Mapping[str, str]) -> Path:
    return Path(found.get("passfile") or env.get("PGPASSFILE") or _OWN_PASSWORDS.expanduser())


def _is_open_to_others(file: Path) -> bool:
    """Whether others may read or write a file of passwords; libpq then leaves it alone."""
    try:
        return os.name == "posix" and bool(file.stat().st_mode & 0o077)
    except OSError:
        return False


def refuse_secrets(address: str) -> None:
    """Refuse an address that holds a password, without repeating it.

    Raises:
        Refused: it does.
    """
    try:
        parts = urlsplit(address)
        secret = parts.password is not None or any(key in _SECRETS for key, _ in parse_qsl(parts.query, True))
    except ValueError:
        secret = False
    if secret:
        raise Refused(SECRET)


def _is_local(found: Mapping[str, Any], env: Mapping[str, str]) -> bool:
    """Whether the way leads to this machine alone: by a socket, or over the loopback."""
    hosts = [str(found.get(name) or env.get(variable) or "") for name, variable in _HOSTS]
    if not any(hosts):
        return "service" not in found and not env.get("PGSERVICE")
    return all(_is_here(host) for said in hosts if said for host in said.split(","))


_HOSTS = (("host", "PGHOST"), ("hostaddr", "PGHOSTADDR"))


def _is_here(host: str) -> bool:
    if not host or host[0] in "/@" or host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _has_roots(found: Mapping[str, Any], env: Mapping[str, str]) -> bool:
    own = Path("~/.postgresql/root.crt").expanduser()
    return "sslrootcert" in found or bool(env.get("PGSSLROOTCERT")) or own.exists()


def connect(way: Way, password: str = "") -> psycopg.Connection[Any]:
    """A connection to a server. Every statement is a transaction of its own unless one is begun.

    Raises:
        psycopg.Error: there is none; `faults.refusal` says why.
    """
    secret = {"password": password} if password else {}
    made: psycopg.Connection[Any] = driver().connect(**way.parameters, **secret, autocommit=True)
    return made
