"""Start, opening and memory in a real pseudo-terminal: ``python -m tests.bench.bench_start``."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from fcntl import ioctl
from pathlib import Path
from pty import openpty
from statistics import median
from termios import TIOCSWINSZ

from store.desk import Desk
from tests.bench.bench_app import make_desk
from tests.bench.bench_view import article
from tests.bench.ratios import Ratio, print_ratios

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello, world", markup=False)
Hello().run()
"""
SAMPLE = Path(__file__).parents[2] / "seeds" / "000_b70d1dce7949a247.txt"
FRAME_END = b"\x1b[?2026l"
ROUNDS = 15


def first_paint(command: list[str], sign: bytes, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until the frame that shows ``sign`` has been written, and the process's memory then, in MB."""
    master, slave = openpty()
    ioctl(master, TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, **environment}, start_new_session=True
    )
    os.close(slave)
    seen = b""
    try:
        while time.perf_counter() - began < 60:
            ready, _, _ = select.select([master], [], [], 1)
            if not ready:
                continue
            try:
                seen += os.read(master, 65536)
            except OSError:
                break
            if b"\x1b[?2026$p" in seen:
                os.write(master, b"\x1b[?2026;2$y")
                seen = seen.replace(b"\x1b[?2026$p", b"")
            at = seen.find(sign)
            if at >= 0 and seen.find(FRAME_END, at) >= 0:
                took = time.perf_counter() - began
                return took, settled(process.pid, master)
        raise SystemExit(f"{command} never showed {sign!r}; it wrote {seen[-500:]!r}")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(master)


def settled(pid: int, terminal: int) -> float:
    """A process's memory in MB, once it has nothing to do any more: a long article is taken up behind its text."""
    idle, busy = 0, -1
    for _ in range(200):
        while select.select([terminal], [], [], 0)[0]:
            os.read(terminal, 65536)
        time.sleep(0.2)
        ticks = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
        idle, busy = (idle + 1 if ticks - busy < 2 else 0), ticks
        if idle == 3:
            break
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return int(kilobytes) / 1024


def ratios(quick: bool = False) -> list[Ratio]:
    """Start, opening a long article, and memory: the middle of the rounds, each of which starts every command once.

    Ratios are taken within a round, since the machine's speed changes between them by more than what is measured."""
    factdesk = [sys.executable, "-m", "tui"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Installed packages are compiled; so is everything here, after the first round, which does not count.
        environment = {"FACTDESK_CONFIG": name, "FACTDESK_REVIEWER": "Bench", "TERM": "xterm-256color"}
        environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        with Desk.open(folder / "sample.db", "Bench"):
            pass
        for what, length, claims in (("small", 5_000, 20), ("large", 1_000_000, 10_000)):
            make_desk(folder / f"{what}.db", length, claims)
            (folder / f"{what}.txt").write_text(article(length, claims)[0], encoding="utf-8", newline="")
        runs = {
            "hello": ([sys.executable, "-c", HELLO], b"hello, world"),
            "sample": ([*factdesk, "--db", str(folder / "sample.db"), "open", str(SAMPLE)], b"prisoners"),
            "small": ([*factdesk, "--db", str(folder / "small.db"), "open", str(folder / "small.txt")], b"minister"),
            "large": ([*factdesk, "--db", str(folder / "large.db"), "open", str(folder / "large.txt")], b"minister"),
        }
        times: dict[str, list[float]] = {what: [] for what in runs}
        memory: dict[str, list[float]] = {what: [] for what in runs}
        for number in range((5 if quick else ROUNDS) + 1):
            for what, (command, sign) in runs.items():
                took, megabytes = first_paint(command, sign, environment)
                if number:
                    times[what].append(took)
                    memory[what].append(megabytes)

    def against(what: str, floor: str) -> float:
        return median(ours / theirs for ours, theirs in zip(times[what], times[floor], strict=True))

    size = {what: median(values) for what, values in memory.items()}
    return [
        Ratio("open the sample, first paint, against a hello-world app", against("sample", "hello"), 1.25),
        Ratio("open 1 MB with 10,000 claims against 5 kB with 20", against("large", "small"), 2),
        Ratio("memory with the 1 MB article over the hello-world app", size["large"] - size["hello"], 60, "MB"),
    ]


def main() -> None:
    print_ratios(ratios())


if __name__ == "__main__":
    main()
