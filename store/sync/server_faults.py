"""What PostgreSQL's complaints mean for a hub, in words; and a limit to how long it may take to answer."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from store.errors import Offline, Refused
from store.sync.hub_address import driver, password_advice

_LONGEST = 200  # characters of what a server says that are repeated

_UNSAFE = {
    "does not match host name": "the name in the address is not the one on its certificate; write that name, or ask "
    "its owner for a certificate with this one",
    "root certificate file": "the file that sslrootcert names is missing or holds no certificate; ask the server's "
    "owner for that of the authority that signed the server's own",
    "verify failed": "the authority that signed its certificate is not trusted here; ask its owner for that "
    "authority's certificate, and name it in the address with ?sslrootcert=FILE",
    "": "the server must show a certificate for its name that this machine trusts; its owner sets that up, or name the "
    "certificate of its authority with ?sslrootcert=FILE",
}
"""What to do where a server cannot be spoken to safely, by what libpq says of it; the last for all else."""


class WrongPassword(Refused):
    """The server wants a password, or another one."""


class Unanswered(Offline):
    """The server has not answered in time."""


@contextmanager
def answering(address: str, conn: Any, seconds: float) -> Iterator[None]:
    """Inside, a server is asked: what goes wrong is raised as a refusal; it is given up after so many seconds.

    Raises:
        Offline: it cannot be reached, gave up, or did not answer in time.
        Refused: it does not do what it was asked.
    """
    psycopg = driver()
    late = threading.Event()

    def give_up() -> None:
        late.set()
        hang_up(conn)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except psycopg.Error as error:
        if late.is_set():
            raise Unanswered(
                f"{address} has not answered for {seconds:g} seconds; what is here waits to be sent: try again later."
            ) from None
        raise refusal(address, error) from None
    finally:
        timer.cancel()


def hang_up(conn: Any) -> None:
    """End a connection from any thread: a call that waits for it fails."""
    with suppress(Exception), socket.socket(fileno=os.dup(conn.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


def refusal(address: str, error: Any) -> Refused:
    """What an error of psycopg's means for somebody who syncs with the hub at an address."""
    code, said = error.sqlstate or "", _words(error)
    own = getattr(error, "pgconn", None)
    if code in ("28P01", "28000") or "password" in said or (own is not None and own.needs_password):
        if own is not None and own.needs_password:
            return WrongPassword(
                f"{address} wants a password; `factdesk sync` asks you for it. {password_advice(address)}"
            )
        return WrongPassword(
            f"{address} does not let you in ({said}): check the login in the address, and its password in ~/.pgpass "
            "(or the file that PGPASSFILE names)."
        )
    if code == "3D000" or re.search('database ".*" does not exist', said):
        return Refused(f"{address} has no such database ({said}): check the address, or make it with `createdb`.")
    if code in ("42P01", "3F000"):
        return Refused(f"There is no hub at {address} yet: its owner makes it with `factdesk hub init {address}`.")
    if code == "42501":
        return Refused(
            f"{address} does not let your login do that ({said}): ask the hub's owner; `factdesk hub roles` lists what "
            "each login may."
        )
    if code == "25006":
        return Refused(f"{address} is a replica that can only be read: name the server that it follows.")
    if code in ("53100", "53200", "53400"):
        return Offline(
            f"{address} has no room left ({said}); nothing of what was being sent is kept there, and it waits here: "
            "tell the person who looks after it."
        )
    if not code and re.search("SSL|certificate", said):
        advice = next(advice for sign, advice in _UNSAFE.items() if sign in said)
        return Refused(f"{address} cannot be reached safely ({said}): {advice}.")
    if isinstance(error, driver().OperationalError) or code[:2] in ("08", "53", "57"):
        return Offline(f"{address} cannot be reached ({said}); what is here waits to be sent: try again later.")
    return Refused(f"{address} refused what was sent ({said}); nothing of it is kept there.")


def _words(error: Any) -> str:
    """What the server says, on one line; never what was sent to it."""
    told = error.diag.message_primary or str(error)
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())
    line = re.sub(r"^connection failed: ", "", line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
