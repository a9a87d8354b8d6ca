"""One table of ratios: ``python -m tests.bench``, all of it or the benches that are named, such as ``app start``.

With ``--quick`` sizes are smaller and rounds are fewer.
"""

from __future__ import annotations

import sys

from tests.bench import (
    bench_agreement,
    bench_app,
    bench_bulk,
    bench_compare,
    bench_corrections,
    bench_export,
    bench_formats,
    bench_hub,
    bench_import,
    bench_merge,
    bench_opening,
    bench_review,
    bench_review_app,
    bench_start,
    bench_view,
)
from tests.bench.ratios import print_ratios

BENCHES = (
    bench_view, bench_app, bench_review_app, bench_compare, bench_start, bench_opening, bench_import, bench_bulk,
    bench_merge, bench_hub, bench_export, bench_formats, bench_review, bench_agreement, bench_corrections,
)  # fmt: skip


def main() -> None:
    known = {bench.__name__.rpartition("bench_")[2]: bench for bench in BENCHES}
    named = [word for word in sys.argv[1:] if word != "--quick"]
    if unknown := [word for word in named if word not in known]:
        sys.exit(f"There is no bench {unknown[0]}: name some of {', '.join(known)}, or none for all.")
    for name in named or known:
        print_ratios(known[name].ratios("--quick" in sys.argv[1:]))


if __name__ == "__main__":
    main()
