"""The one command that adds libraries which factdesk can do without, for the way this factdesk was installed."""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import suppress
from pathlib import Path


def command_to_add(requirement: str, prefix: Path | None = None) -> str:
    """What somebody types so that a requirement is installed where factdesk runs.

    Args:
        requirement: what is missing, such as ``factdesk[web]``.
        prefix: the environment that factdesk runs in; else this one.
    """
    where, wanted = Path(sys.prefix) if prefix is None else prefix, shlex.quote(requirement)
    receipt = where / "uv-receipt.toml"
    if receipt.is_file() and (extra := re.fullmatch(r"factdesk\[(.+)\]", requirement)):
        return f"uv tool install {shlex.quote(_with_extra(receipt, extra[1]))}"
    if (where / "pipx_metadata.json").is_file():
        return f"pipx runpip factdesk install {wanted}"
    if prefix is None and sys.prefix == sys.base_prefix:
        return f"pip install {wanted}"
    with suppress(ValueError, OSError):
        where = where.relative_to(Path.cwd())
    programs = where / ("Scripts" if sys.platform == "win32" else "bin")
    return f"{shlex.quote(str(programs / 'pip'))} install {wanted}"  # sqlite-utils brings pip, wherever it is installed


def _with_extra(receipt: Path, extra: str) -> str:
    """What uv installed factdesk from, with the extras it has, which another install would drop, and one more."""
    from store.file_locks import read_text
    from store.toml import Toml

    tool = Toml(read_text(receipt), str(receipt)).values.get("tool")
    rows = tool.get("requirements") if isinstance(tool, dict) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("name") == "factdesk":
            extras = ",".join(dict.fromkeys([*row.get("extras", ()), extra]))
            return f"{row.get('directory') or row.get('editable') or row.get('path') or 'factdesk'}[{extras}]"
    return f"factdesk[{extra}]"
