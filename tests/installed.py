"""What an installed wheel must be able to do: ``python tests/installed.py ENVIRONMENT``, run by .ci/run.

ENVIRONMENT is a virtual environment with nothing in it but the wheel and what it needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_PACKAGES = 22
MOST_MEGABYTES = 70
TOOLS = {"pip", "setuptools", "wheel"}


def main() -> None:
    environment = Path(sys.argv[1])
    python, factdesk = environment / "bin" / "python", environment / "bin" / "factdesk"

    listed = run(python, "-m", "pip", "list", "--format=freeze").split()
    packages = [line for line in listed if "==" in line and line.split("==")[0] not in TOOLS]
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])").strip())
    ours = [path for path in site.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    size = sum(
        path.stat().st_size
        for path in ours
        if path.relative_to(site).parts[0].split("-")[0] not in {*TOOLS, "pkg_resources"}
    )
    print(f"{len(packages)} packages, {size / 1e6:.0f} MB without compiled files")
    assert len(packages) <= MOST_PACKAGES, packages
    assert size <= MOST_MEGABYTES * 1e6

    for part in ("store/seeds", "store/schemes", "store/py.typed", "tui/py.typed"):
        assert (site / part).exists(), f"the wheel lacks {part}"

    with tempfile.TemporaryDirectory() as folder:
        sample = run(python, "-c", "from store.sample import path; print(path())").strip()
        assert Path(sample).is_relative_to(site), sample
        said = {"FACTDESK_DB": f"{folder}/desk.db", "FACTDESK_CONFIG": folder, "FACTDESK_REVIEWER": "Installed"}
        run(factdesk, "import", sample, **said)
        assert "C1" in run(factdesk, "tag", "1", "--quote", "more than 3 000 soldiers", "--verdict", "outdated", **said)
        assert "outdated" in run(factdesk, "export", "csv", **said)
        run(factdesk, "verify", **said)
        for scheme in ("desk", "averitec4", "truth6", "proof", "factscore3", "ragtruth4", "accuracy6"):
            run(factdesk, "scheme", "show", scheme, **said)
    print("the wheel works in an empty environment")


def run(*command: object, **variables: str) -> str:
    """Run a command; gives what it printed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FACTDESK_")}
    done = subprocess.run(
        [str(word) for word in command],
        env=inherited | variables,
        capture_output=True,
        text=True,
        cwd=tempfile.gettempdir(),
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


if __name__ == "__main__":
    main()
