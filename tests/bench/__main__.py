"""All benches, one table of ratios: ``python -m tests.bench``; with ``--quick`` smaller sizes and fewer rounds."""

from __future__ import annotations

import sys

from tests.bench import (
    bench_agreement,
    bench_app,
    bench_compare,
    bench_export,
    bench_import,
    bench_review,
    bench_review_app,
    bench_start,
    bench_view,
)
from tests.bench.ratios import print_ratios

BENCHES = (
    bench_view, bench_app, bench_review_app, bench_compare, bench_start, bench_import, bench_export, bench_review,
    bench_agreement,
)  # fmt: skip


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    for bench in BENCHES:
        print_ratios(bench.ratios(quick))


if __name__ == "__main__":
    main()
