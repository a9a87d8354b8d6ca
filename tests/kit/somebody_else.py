"""Scripts run by a user whom file permissions bind."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

from tests.kit.paths import ROOT

NOBODY = 65534


def as_somebody_else(script: str, *arguments: str) -> dict[str, object]:
    """What a script prints, run by one whom file permissions bind; it has ``Desk``, ``args`` and ``say``."""
    opening = f"""
        import json, os, sys
        sys.path.insert(0, {str(ROOT)!r})
        import importlib, pkgutil, sqlite_utils, store
        for module in pkgutil.walk_packages(store.__path__, "store."):  # who it becomes may not read them
            importlib.import_module(module.name)
        from store import errors as refusals, scheme, upkeep
        from store.desk import Desk
        from store.text import coverage, sentences
        scheme.load("desk"); sentences.sentences("A. B.")
        if os.geteuid() == 0:
            os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
        args = sys.argv[1:]
        def say(**what): print(json.dumps(what))
    """
    code = textwrap.dedent(opening) + textwrap.dedent(script)
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd="/")
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))
